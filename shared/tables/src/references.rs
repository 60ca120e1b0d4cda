//! What rows of a file mean for each other and for the other parts.

use std::collections::BTreeMap;

use domain::ids::UnitId;
use domain::registry::{FullRegistry, OfficerRecord, Unit, UnitKind};
use domain::workflow::words::Role;

use crate::RowError;

/// References told of one missing row; the others are only counted.
const SHOWN: usize = 5;

/// Parents are there, and nobody is above themselves.
pub(crate) fn parents(rows: &[(u64, Unit)], errors: &mut Vec<RowError>) {
    let parents: BTreeMap<_, _> = rows
        .iter()
        .map(|(_, unit)| (&unit.id, unit.parent.as_ref()))
        .collect();
    let parent_of = |id: &UnitId| parents.get(id).copied();
    for (line, unit) in rows {
        let Some(parent) = &unit.parent else { continue };
        if parent_of(parent).is_none() {
            let detail = format!("没有编号为“{parent}”的上级单位，请补上该单位或改正编号");
            errors.push(RowError::new(*line, "parent", detail));
            continue;
        }
        let (mut above, mut steps) = (Some(parent), 0);
        while let Some(each) = above.filter(|each| *each != &unit.id && steps < rows.len()) {
            (above, steps) = (parent_of(each).flatten(), steps + 1);
        }
        if above == Some(&unit.id) {
            let detail = "上级单位绕回了本单位，请改正上下级关系";
            errors.push(RowError::new(*line, "parent", detail));
        }
    }
}

/// A unit has one responsible leader (Art. 8(1)).
pub(crate) fn leaders(rows: &[(u64, OfficerRecord)], errors: &mut Vec<RowError>) {
    let leads = |row: &&(u64, OfficerRecord)| row.1.roles.contains(&Role::ResponsibleLeader);
    let leading: Vec<_> = rows.iter().filter(leads).cloned().collect();
    crate::read::repeats(
        &leading,
        "roles",
        |officer| officer.unit.clone(),
        errors,
        |officer, before| {
            let unit = &officer.unit;
            format!("单位“{unit}”在第{before}行已有分管领导，每个单位只能有1名，请改正其中一行")
        },
    );
}

/// Units that are named elsewhere stay, and those that manage channels stay managing units.
pub(crate) fn units(rows: &[(u64, Unit)], all: &FullRegistry, errors: &mut Vec<RowError>) {
    for unit in &all.registry.units {
        let row = rows.iter().find(|(_, row)| row.id == unit.id);
        let managed = managed_channels(&unit.id, all);
        match row {
            None => {
                let named = named_in(&unit.id, all);
                still_named(("id", "单位", unit.id.as_str()), &named, errors);
            }
            Some((line, row)) if row.kind == UnitKind::Resolving && !managed.is_empty() => {
                let managed = managed.join("、");
                let detail = format!("该单位仍是{managed}的管理单位，请先改正渠道表再改类型");
                errors.push(RowError::new(*line, "kind", detail));
            }
            Some(_) => {}
        }
    }
}

/// Service items that the duty list names stay.
pub(crate) fn service_items(codes: &[&str], all: &FullRegistry, errors: &mut Vec<RowError>) {
    for item in &all.items {
        if codes.contains(&item.code.as_str()) {
            continue;
        }
        let duties = all.registry.duties.iter().zip(2..);
        let named = duties.filter(|(duty, _)| duty.service_item.as_ref() == Some(&item.code));
        let named: Vec<_> = named.map(|(_, line)| duty_row(line)).collect();
        still_named(("code", "事项", &item.code), &named, errors);
    }
}

fn duty_row(line: usize) -> String {
    format!("职责表第{line}行")
}

fn managed_channels(id: &UnitId, all: &FullRegistry) -> Vec<String> {
    let manages = |channel: &&domain::registry::Channel| {
        &channel.managing_unit == id || channel.system_function_unit.as_ref() == Some(id)
    };
    let channels = all.registry.channels.iter().filter(manages);
    let channels = channels.map(|channel| format!("渠道“{}”", channel.code));
    channels.collect()
}

/// The rows of the other parts that name a unit.
fn named_in(id: &UnitId, all: &FullRegistry) -> Vec<String> {
    let mut named = managed_channels(id, all);
    let duties = all.registry.duties.iter().zip(2..);
    let duties = duties.filter(|(duty, _)| &duty.unit == id);
    named.extend(duties.map(|(_, line)| duty_row(line)));
    let officers = all.officers.iter().filter(|officer| &officer.unit == id);
    named.extend(officers.map(|officer| format!("人员“{}”", officer.id)));
    let items = all.items.iter().filter(|item| &item.unit == id);
    named.extend(items.map(|item| format!("事项“{}”", item.code)));
    named
}

fn still_named(
    (field, what, id): (&str, &str, &str),
    named: &[String],
    errors: &mut Vec<RowError>,
) {
    if named.is_empty() {
        return;
    }
    let shown: Vec<_> = named.iter().take(SHOWN).map(String::as_str).collect();
    let (shown, count) = (shown.join("、"), named.len());
    let detail =
        format!("少了{what}“{id}”，仍有{count}处引用它：{shown}；请保留该行，或先改正引用处");
    errors.push(RowError::new(1, field, detail));
}
