//! Writing: what comes out is what goes in.

use csv::{Terminator, WriterBuilder};
use domain::registry::FullRegistry;

use crate::columns::{Column, Part};

/// Between the entries of one cell.
const SEPARATOR: &str = "；";

/// By what a spreadsheet knows a formula: the signs as it writes them, and as Chinese keyboards do.
const FORMULAS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A part as CSV, with the mark by which spreadsheets know UTF-8. It comes in again as it is, so
/// what would be a formula is refused on the way in, and not changed on the way out.
pub fn export(part: Part, all: &FullRegistry) -> String {
    let titles: Vec<_> = part.columns().iter().map(Column::title).collect();
    csv(std::iter::once(titles).chain(rows(part, all)))
}

/// A table for people as CSV, with the mark by which spreadsheets know UTF-8. No cell of it is a
/// formula, whatever stands there.
pub fn sheet(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let inert = |cell: String| {
        if cell.starts_with(FORMULAS) {
            format!("'{cell}")
        } else {
            cell
        }
    };
    let rows = rows.into_iter();
    csv(rows.map(|row| row.into_iter().map(inert).collect()))
}

fn csv(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        // A write into memory does not fail, and every row has as many cells as the first.
        let _ = writer.write_record(row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
}

fn optional(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn rows(part: Part, all: &FullRegistry) -> Vec<Vec<String>> {
    match part {
        Part::Units => units(all),
        Part::Officers => officers(all),
        Part::Duties => duties(all),
        Part::ServiceItems => service_items(all),
        Part::Channels => channels(all),
    }
}

fn units(all: &FullRegistry) -> Vec<Vec<String>> {
    let row = |unit: &domain::registry::Unit| {
        vec![
            unit.id.to_string(),
            unit.name.clone(),
            unit.kind.zh().to_owned(),
            optional(unit.parent.as_ref()),
            unit.area.clone(),
        ]
    };
    all.registry.units.iter().map(row).collect()
}

fn officers(all: &FullRegistry) -> Vec<Vec<String>> {
    let row = |officer: &domain::registry::OfficerRecord| {
        let roles: Vec<_> = officer.roles.iter().map(|role| role.zh()).collect();
        vec![
            officer.id.to_string(),
            officer.name.clone(),
            officer.unit.to_string(),
            roles.join(SEPARATOR),
            optional(officer.contact.as_ref()),
        ]
    };
    all.officers.iter().map(row).collect()
}

fn duties(all: &FullRegistry) -> Vec<Vec<String>> {
    let row = |duty: &domain::registry::Duty| {
        vec![
            duty.unit.to_string(),
            duty.words.join(SEPARATOR),
            optional(duty.service_item.as_ref()),
            optional(duty.area.as_ref()),
            optional(duty.effective_on.as_ref()),
        ]
    };
    all.registry.duties.iter().map(row).collect()
}

fn service_items(all: &FullRegistry) -> Vec<Vec<String>> {
    let row = |item: &domain::registry::ServiceItem| {
        vec![item.code.clone(), item.name.clone(), item.unit.to_string()]
    };
    all.items.iter().map(row).collect()
}

fn channels(all: &FullRegistry) -> Vec<Vec<String>> {
    let row = |channel: &domain::registry::Channel| {
        vec![
            channel.code.to_string(),
            channel.name.clone(),
            channel.managing_unit.to_string(),
            optional(channel.system_function_unit.as_ref()),
        ]
    };
    all.registry.channels.iter().map(row).collect()
}
