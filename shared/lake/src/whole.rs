//! The tables that are not divided: units, items, channels, cases of supervision and problem groups.
//! They are small, and written anew from where they are kept.

use app::AppError;
use app::lake::LakeObjects;
use chrono::{DateTime, Utc};
use domain::calendar::shanghai_date;
use domain::problem_group::{Member, ProblemGroup};
use domain::registry::{FullRegistry, Registry, Unit, UnitKind};
use domain::supervision::{Deed, SupervisionCase, Turn};

use crate::compact::Compacting;
use crate::names::{Part, stamp};
use crate::parts::Parts;
use crate::rows::{ChannelRow, ItemRow, ProblemGroupRow, SupervisionRow, UnitRow};
use crate::schema::{Row, Table};
use crate::state::{Files, State, Tally, state, switch};

/// The tables that are not divided.
pub const WHOLE: [Table; 5] = [
    SupervisionRow::TABLE,
    ProblemGroupRow::TABLE,
    UnitRow::TABLE,
    ItemRow::TABLE,
    ChannelRow::TABLE,
];

/// What is kept elsewhere than in tickets.
#[derive(Debug, Clone, Default)]
pub struct Whole {
    /// Units, items, channels.
    pub registry: FullRegistry,
    /// Cases of supervision.
    pub cases: Vec<SupervisionCase>,
    /// Problem groups with their members.
    pub groups: Vec<(ProblemGroup, Vec<Member>)>,
}

/// Writes them as they are now.
pub(crate) async fn write_whole(
    compacting: &Compacting<'_>,
    whole: &Whole,
) -> Result<(), AppError> {
    let before = state(compacting.objects, Part::Whole).await?;
    let generation = stamp(compacting.now);
    let registry = &whole.registry.registry;
    let cases = whole.cases.iter().map(supervision_row);
    let groups = whole.groups.iter();
    let groups = groups.map(|(group, members)| group_row(group, members, compacting.as_of));
    let units = registry.units.iter().map(|unit| unit_row(registry, unit));
    let items = whole.registry.items.iter().map(|item| ItemRow {
        service_item: item.code.clone(),
        name: item.name.clone(),
        unit: item.unit.clone(),
    });
    let channels = registry.channels.iter().map(|channel| ChannelRow {
        channel: channel.code.clone(),
        name: channel.name.clone(),
    });
    let objects = compacting.objects;
    let tables = [
        write(objects, &generation, cases).await?,
        write(objects, &generation, groups).await?,
        write(objects, &generation, units).await?,
        write(objects, &generation, items).await?,
        write(objects, &generation, channels).await?,
    ];
    let mut state = State {
        form: 1,
        generation,
        as_of: compacting.as_of,
        timetable: String::new(),
        open: 0,
        unfolded: Vec::new(),
        unproved: Vec::new(),
        tally: Tally::default(),
        tables: tables.into(),
        tag: before.and_then(|before| before.tag),
    };
    switch(objects, compacting.location, Part::Whole, &mut state).await?;
    sweep(objects, &state).await
}

async fn write<R: Row>(
    objects: &dyn LakeObjects,
    generation: &str,
    rows: impl Iterator<Item = R>,
) -> Result<(String, Files), AppError> {
    let folder = Part::Whole.generations(&R::TABLE);
    let mut parts = Parts::new(objects, format!("{folder}gen={generation}/"));
    for row in rows {
        parts.push(&row).await?;
    }
    Ok((R::TABLE.name.to_owned(), parts.finish().await?))
}

/// The generation before stays for whoever still reads it: the two that are newest by name.
async fn sweep(objects: &dyn LakeObjects, state: &State) -> Result<(), AppError> {
    for table in WHOLE {
        let folder = Part::Whole.generations(&table);
        let names = objects.names(&folder).await?;
        let of = |name: &String| {
            name.strip_prefix(&folder)?
                .split('/')
                .next()
                .map(str::to_owned)
        };
        let mut generations: Vec<_> = names.iter().filter_map(of).collect();
        generations.dedup();
        let kept: Vec<_> = generations.iter().rev().take(2).collect();
        let is_kept = |name: &String| of(name).is_none_or(|its| kept.contains(&&its));
        let current = state.tables.get(table.name);
        let is_current =
            |name: &String| current.is_some_and(|files| files.names().any(|it| it == name));
        let gone = names
            .iter()
            .filter(|name| !is_kept(name) && !is_current(name));
        let gone: Vec<_> = gone.cloned().collect();
        objects.remove(&gone).await?;
    }
    Ok(())
}

fn supervision_row(case: &SupervisionCase) -> SupervisionRow {
    let closed = case
        .entries
        .iter()
        .rfind(|entry| matches!(entry.deed, Deed::Accepted { .. }));
    SupervisionRow {
        id: case.id.clone(),
        trigger: case.cause.trigger,
        unit: case.cause.unit.clone(),
        supervisor: case.cause.supervisor.clone(),
        number: case.cause.ticket.clone(),
        opened_at: case.opened_at,
        opened_on: shanghai_date(case.opened_at),
        method: case.method().0,
        is_letter: case.letter().is_some(),
        refusals: count(case.refusals()),
        closed_at: closed
            .filter(|_| case.turn() == Turn::Nobody)
            .map(|entry| entry.at),
    }
}

fn group_row(group: &ProblemGroup, members: &[Member], now: DateTime<Utc>) -> ProblemGroupRow {
    let compared = group.before_and_after(members, now);
    ProblemGroupRow {
        id: group.id.clone(),
        title: group.title.clone(),
        unit: group.unit.clone(),
        managed_by: group.managed_by.clone(),
        area: group.area.clone(),
        service_item: group.service_item.clone(),
        opened_at: group.opened.at,
        opened_on: shanghai_date(group.opened.at),
        stage: group.stage().0,
        size: count(group.size),
        brought_before: compared.map(|it| count(it.before)),
        brought_after: compared.map(|it| count(it.after)),
        days_after: compared.and_then(|it| u32::try_from(it.after_days).ok()),
    }
}

fn unit_row(registry: &Registry, unit: &Unit) -> UnitRow {
    UnitRow {
        unit: unit.id.clone(),
        name: unit.name.clone(),
        kind: unit.kind,
        parent: unit.parent.clone(),
        area: unit.area.clone(),
        county: county(registry, unit).map(|county| county.name.clone()),
    }
}

/// The county's managing unit: itself, or the nearest one above.
fn county<'a>(registry: &'a Registry, unit: &'a Unit) -> Option<&'a Unit> {
    let above = |unit: &&'a Unit| unit.parent.as_ref().and_then(|id| registry.unit(id));
    // No chain of units is longer; one that runs in a circle ends here.
    let chain = std::iter::successors(Some(unit), above).take(8);
    let mut counties = chain.filter(|unit| unit.kind == UnitKind::CountyManaging);
    counties.next()
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
