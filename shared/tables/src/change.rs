//! From a file to the registry as it would be.

use std::collections::BTreeMap;

use domain::ids::UnitId;
use domain::registry::{Duty, FullRegistry};

use crate::columns::Part;
use crate::read::{Cells, Known, read_unit, repeats};
use crate::sheet::{Row, rows};
use crate::{MOST_ERRORS, RowError, references};

/// What a file changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The registry after it.
    pub after: FullRegistry,
    /// Rows of the file.
    pub rows: usize,
    /// Rows that were not there before.
    pub added: usize,
    /// Rows that say something else than before.
    pub changed: usize,
    /// Rows that are no longer there.
    pub removed: usize,
    /// Units that are no longer there.
    pub removed_units: Vec<UnitId>,
}

impl Change {
    /// The change, unless it takes away one of the `busy` units, which still have open tickets:
    /// every ticket has a responsible unit (R-HD-13).
    pub fn unless_busy(self, busy: &[UnitId]) -> Result<Self, Vec<RowError>> {
        let gone = self.removed_units.iter().filter(|id| busy.contains(id));
        let error = |id: &UnitId| {
            let detail = format!("少了单位“{id}”，它还有未办结的工单；请保留该行，待办结后再删");
            RowError::new(1, "id", detail)
        };
        let errors: Vec<_> = gone.map(error).collect();
        if errors.is_empty() {
            Ok(self)
        } else {
            Err(errors)
        }
    }
}

/// Takes the whole of `part` from a CSV file: what is not in the file is removed. Leaders and
/// liaisons of the units are counted from the officers again (R-HD-1).
pub fn import(part: Part, before: &FullRegistry, file: &[u8]) -> Result<Change, Vec<RowError>> {
    let rows = rows(part.columns(), file).map_err(told)?;
    let mut errors = Vec::new();
    let mut after = before.clone();
    let counts = match part {
        Part::Units => units(&rows, &mut after, &mut errors),
        Part::Officers => officers(&rows, &mut after, &mut errors),
        Part::Duties => duties(&rows, &mut after, &mut errors),
        Part::ServiceItems => service_items(&rows, &mut after, &mut errors),
        Part::Channels => channels(&rows, &mut after, &mut errors),
    };
    if !errors.is_empty() {
        return Err(told(errors));
    }
    // A registry that has never had officers keeps the numbers that it was loaded with.
    if !after.officers.is_empty() {
        for unit in &mut after.registry.units {
            unit.count(&after.officers);
        }
    }
    let gone = before.registry.units.iter().map(|unit| &unit.id);
    let gone = gone.filter(|id| after.registry.unit(id).is_none()).cloned();
    Ok(Change {
        removed_units: gone.collect(),
        after,
        rows: rows.len(),
        added: counts.added,
        changed: counts.changed,
        removed: counts.removed,
    })
}

/// By line, and not without end.
fn told(mut errors: Vec<RowError>) -> Vec<RowError> {
    errors.sort_by_key(|error| error.line);
    if let Some(more) = errors
        .len()
        .checked_sub(MOST_ERRORS)
        .filter(|more| *more > 0)
    {
        errors.truncate(MOST_ERRORS);
        let detail = format!("另有{more}处错误未列出，请改正以上各处后再次检查");
        errors.push(RowError::new(1, "", detail));
    }
    errors
}

#[derive(Debug, Default)]
struct Counts {
    added: usize,
    changed: usize,
    removed: usize,
}

fn differences<T: PartialEq, K: Ord>(before: &[T], after: &[T], key: impl Fn(&T) -> K) -> Counts {
    let mut old: BTreeMap<K, &T> = before.iter().map(|each| (key(each), each)).collect();
    let mut counts = Counts::default();
    for each in after {
        match old.remove(&key(each)) {
            None => counts.added += 1,
            Some(was) => counts.changed += usize::from(was != each),
        }
    }
    counts.removed = old.len();
    counts
}

/// Each row read; those that cannot be are noted and left out.
fn read<T>(
    part: Part,
    rows: &[Row],
    errors: &mut Vec<RowError>,
    read: impl Fn(&mut Cells<'_>) -> Option<T>,
) -> Vec<(u64, T)> {
    let mut all = Vec::new();
    for row in rows {
        all.extend(read(&mut Cells::new(part, row, errors)).map(|read| (row.line, read)));
    }
    all
}

fn without_lines<T>(rows: Vec<(u64, T)>) -> Vec<T> {
    rows.into_iter().map(|(_, row)| row).collect()
}

fn second(what: &str, id: impl std::fmt::Display, line: u64) -> String {
    format!("{what}“{id}”与第{line}行重复，请删去或改正其中一行")
}

fn units(rows: &[Row], all: &mut FullRegistry, errors: &mut Vec<RowError>) -> Counts {
    let mut read = read(Part::Units, rows, errors, read_unit);
    repeats(
        &read,
        "id",
        |unit| unit.id.clone(),
        errors,
        |unit, line| second("编号", &unit.id, line),
    );
    references::parents(&read, errors);
    // A row that could not be read is not a row that is gone.
    if errors.is_empty() {
        references::units(&read, all, errors);
    }
    for (_, unit) in &mut read {
        if let Some(was) = all.registry.unit(&unit.id) {
            (unit.leaders, unit.liaisons) = (was.leaders, was.liaisons);
        }
    }
    let read = without_lines(read);
    let counts = differences(&all.registry.units, &read, |unit| unit.id.clone());
    all.registry.units = read;
    counts
}

fn officers(rows: &[Row], all: &mut FullRegistry, errors: &mut Vec<RowError>) -> Counts {
    let known = Known::of(all);
    let read = read(Part::Officers, rows, errors, |cells| {
        cells.read_officer(&known)
    });
    repeats(
        &read,
        "id",
        |row| row.id.clone(),
        errors,
        |row, line| second("编号", &row.id, line),
    );
    references::leaders(&read, errors);
    let read = without_lines(read);
    let counts = differences(&all.officers, &read, |officer| officer.id.clone());
    all.officers = read;
    counts
}

fn duties(rows: &[Row], all: &mut FullRegistry, errors: &mut Vec<RowError>) -> Counts {
    let known = Known::of(all);
    let key = |duty: &Duty| {
        (
            duty.unit.clone(),
            duty.service_item.clone(),
            duty.area.clone(),
            duty.effective_on,
        )
    };
    let read = read(Part::Duties, rows, errors, |cells| cells.read_duty(&known));
    repeats(&read, "unit", key, errors, |_, line| {
        format!("单位、事项、区划和生效日期与第{line}行都相同，请把关键词并入一行")
    });
    let read = without_lines(read);
    let counts = differences(&all.registry.duties, &read, key);
    all.registry.duties = read;
    counts
}

fn service_items(rows: &[Row], all: &mut FullRegistry, errors: &mut Vec<RowError>) -> Counts {
    let known = Known::of(all);
    let read = read(Part::ServiceItems, rows, errors, |cells| {
        cells.read_service_item(&known)
    });
    repeats(
        &read,
        "code",
        |row| row.code.clone(),
        errors,
        |row, line| second("事项编码", &row.code, line),
    );
    let read = without_lines(read);
    if errors.is_empty() {
        let codes: Vec<_> = read.iter().map(|item| item.code.as_str()).collect();
        references::service_items(&codes, all, errors);
    }
    let counts = differences(&all.items, &read, |item| item.code.clone());
    all.items = read;
    counts
}

fn channels(rows: &[Row], all: &mut FullRegistry, errors: &mut Vec<RowError>) -> Counts {
    let known = Known::of(all);
    let read = read(Part::Channels, rows, errors, |cells| {
        cells.read_channel(&known)
    });
    repeats(
        &read,
        "code",
        |row| row.code.clone(),
        errors,
        |row, line| second("编码", &row.code, line),
    );
    let read = without_lines(read);
    let counts = differences(&all.registry.channels, &read, |each| each.code.clone());
    all.registry.channels = read;
    counts
}
