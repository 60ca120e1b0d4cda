//! The curated zone: of every month whose tickets changed a new generation, from the last one and the
//! events that came since, each event once. Readers see the old generation or the new one.
//!
//! Run again after it broke off anywhere, it makes the same.

use std::collections::{BTreeMap, BTreeSet};

use app::AppError;
use app::lake::LakeObjects;
use chrono::{DateTime, TimeDelta, Utc};
use domain::clocks::Timetable;
use domain::ticket::TicketNumber;
use domain::workflow::words::Action;

use crate::erase::{Erasing, clear};
use crate::fold::fold;
use crate::merge::Merge;
use crate::month::Month;
use crate::names::{EVENTS, Part, stamp, written};
use crate::parts::{Parts, open};
use crate::rows::{AssignmentRow, ClockRow, EventRow, KnowledgeUseRow, RatingRow, TicketRow};
use crate::schema::{Row, Table};
use crate::state::{Files, State, Tally, states, switch, timetable_digest};

/// New events that are held in memory at once.
const BATCH_ROWS: usize = 50_000;

/// The table of events by month, each once: what the others are folded from.
pub const HISTORY: Table = Table {
    name: "history",
    division: crate::schema::Division::Month,
    zh: "工单的每一个事件一行，按受理月份，不重复",
    en: "One row an event of a ticket, by month of acceptance, each once",
    columns: EventRow::TABLE.columns,
};

/// The tables that are divided by month.
pub const MONTHLY: [Table; 6] = [
    HISTORY,
    TicketRow::TABLE,
    ClockRow::TABLE,
    AssignmentRow::TABLE,
    RatingRow::TABLE,
    KnowledgeUseRow::TABLE,
];

/// What compacting needs.
#[derive(Clone, Copy)]
pub struct Compacting<'a> {
    /// The lake.
    pub objects: &'a dyn LakeObjects,
    /// Where its objects are, for who reads by a catalogue: `s3://<bucket>`.
    pub location: &'a str,
    /// Calendar and rulebooks.
    pub timetable: &'a Timetable,
    /// How the tickets stood in the moment before.
    pub as_of: DateTime<Utc>,
    /// Now.
    pub now: DateTime<Utc>,
}

impl std::fmt::Debug for Compacting<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Compacting as of {}", self.as_of)
    }
}

/// What a run made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompactRun {
    /// Months of which there is a new generation.
    pub months: usize,
    /// Tickets in them.
    pub tickets: usize,
    /// Events in them.
    pub events: usize,
    /// Tickets whose events cannot be folded: they are in `history` only.
    pub unfolded: usize,
    /// Tickets whose appellant is erased in the lake too, proved by a scan.
    pub erased: usize,
}

/// Compacts what changed since everything was made last: by files of events that were written since
/// then, by clocks that ran on, by another timetable.
pub(crate) async fn compact(
    compacting: &Compacting<'_>,
    since: Option<DateTime<Utc>>,
) -> Result<CompactRun, AppError> {
    let states = states(compacting.objects).await?;
    let mut wanted = compacting.new_files(since).await?;
    let timetable = timetable_digest(compacting.timetable);
    for (part, state) in &states {
        let is_other = state.timetable != timetable;
        if let Part::Of(month) = part
            && (is_other
                || (state.open > 0 && state.as_of < compacting.as_of)
                || !state.unproved.is_empty())
        {
            wanted.entry(*month).or_default();
        }
    }
    let mut run = CompactRun::default();
    for (month, files) in wanted {
        let before = states.get(&Part::Of(month));
        let state = compacting.month(month, before, files, &mut run).await?;
        run.months += 1;
        run.tickets += state.tally.tickets;
        run.events += state.tables.get(HISTORY.name).map_or(0, |files| files.rows);
        run.unfolded += state.unfolded.len();
    }
    Ok(run)
}

/// A file may be there a while after the instant in its name.
const MARGIN: TimeDelta = TimeDelta::hours(1);

impl Compacting<'_> {
    /// Files of events that are new since everything was made as of an instant, by the months of their
    /// tickets. A file holds what happened before it was written.
    async fn new_files(
        &self,
        since: Option<DateTime<Utc>>,
    ) -> Result<BTreeMap<Month, Vec<String>>, AppError> {
        let since = since.map(|since| stamp(since - MARGIN)).unwrap_or_default();
        let mut wanted = BTreeMap::<Month, Vec<String>>::new();
        for name in self.objects.names(EVENTS).await? {
            if written(&name).is_none_or(|written| written < since.as_str()) {
                continue;
            }
            for month in open::<EventRow>(self.objects, &name).await?.months() {
                wanted.entry(month).or_default().push(name.clone());
            }
        }
        Ok(wanted)
    }

    /// A new generation of a month.
    async fn month(
        &self,
        month: Month,
        before: Option<&State>,
        files: Vec<String>,
        run: &mut CompactRun,
    ) -> Result<State, AppError> {
        // No generation goes back behind the one before it.
        let as_of = before.map_or(self.as_of, |state| state.as_of.max(self.as_of));
        let part = Part::Of(month);
        let generation = stamp(self.now);
        let mut found = Found::default();
        let history = (month, generation.as_str());
        let (old, batch) = self.taken_in(history, before, files, &mut found).await?;
        let mut tables = Tables::new(self.objects, part, &generation);
        let mut merge = Merge::new(self.objects, old, batch);
        while let Some(mut rows) = merge.ticket().await? {
            found.settle(&mut rows);
            // What came since is taken in next time.
            rows.retain(|row| row.at < as_of);
            tables.push(&rows, self.timetable, as_of).await?;
        }
        let mut state = tables.finish(self, generation, as_of).await?;
        state.tag = before.and_then(|state| state.tag.clone());
        let earlier = before
            .map(|state| state.unproved.clone())
            .unwrap_or_default();
        state.unproved = found.erased(earlier);
        let erased = state.unproved.iter().cloned().collect();
        let erasing = Erasing {
            objects: self.objects,
            numbers: &erased,
        };
        erasing.rewrite_events().await?;
        switch(self.objects, self.location, part, &mut state).await?;
        self.sweep(part, before.filter(|_| state.unproved.is_empty()), &state)
            .await?;
        if !state.unproved.is_empty() {
            erasing.prove(month, self.now).await?;
            run.erased += state.unproved.len();
            state.unproved.clear();
            switch(self.objects, self.location, part, &mut state).await?;
        }
        Ok(state)
    }

    /// The events of the last generation in files, and the newest in memory: what does not fit there goes
    /// into files between the generations.
    async fn taken_in(
        &self,
        (month, generation): (Month, &str),
        before: Option<&State>,
        files: Vec<String>,
        found: &mut Found,
    ) -> Result<(Vec<String>, Vec<EventRow>), AppError> {
        let folder = Part::Of(month).generations(&HISTORY);
        let history = before.and_then(|state| state.tables.get(HISTORY.name));
        let mut old: Vec<String> = history
            .map(|files| files.names().cloned().collect())
            .unwrap_or_default();
        let (mut batch, mut steps) = (Vec::new(), 0_usize);
        for name in files {
            for row in open::<EventRow>(self.objects, &name).await?.of_month(month) {
                let row = row?;
                if Month::of(&row.number) == month {
                    batch.push(row);
                }
            }
            if batch.len() >= BATCH_ROWS {
                steps += 1;
                let between = format!("{folder}gen={generation}-{steps}/");
                let mut parts = Parts::new(self.objects, between);
                let new = std::mem::take(&mut batch);
                let mut merge = Merge::new(self.objects, old, new);
                while let Some(mut rows) = merge.ticket().await? {
                    found.settle(&mut rows);
                    for row in &rows {
                        parts.push(row).await?;
                    }
                }
                old = parts.finish().await?.names().cloned().collect();
            }
        }
        Ok((old, batch))
    }

    /// Removes what no longer counts: all but the new generation, and the one before it for whoever
    /// still reads that.
    async fn sweep(
        &self,
        part: Part,
        before: Option<&State>,
        state: &State,
    ) -> Result<(), AppError> {
        let states = before.into_iter().chain([state]);
        let files = states.flat_map(|state| state.tables.values());
        let kept: BTreeSet<&String> = files.flat_map(Files::names).collect();
        for table in MONTHLY {
            let mut names = self.objects.names(&part.generations(&table)).await?;
            names.retain(|name| !kept.contains(name));
            self.objects.remove(&names).await?;
        }
        Ok(())
    }
}

/// Tickets of which rows still said whose they were, though that was erased.
#[derive(Default)]
struct Found(BTreeSet<TicketNumber>);

impl Found {
    /// Of a ticket's rows each event once. Of an erased appellant none says more than it may.
    fn settle(&mut self, rows: &mut Vec<EventRow>) {
        let is_erased = rows.iter().any(|row| row.action == Action::Erase);
        for row in rows.iter_mut().filter(|_| is_erased) {
            if clear(row) {
                self.0.insert(row.number.clone());
            }
        }
        // Of the same event, the row that says less was written later: the appellant was erased.
        rows.sort_by_key(|row| (row.version, row.subject_key.is_some()));
        rows.dedup_by_key(|row| row.version);
    }

    fn erased(self, earlier: Vec<String>) -> Vec<String> {
        let found = self.0.iter().map(ToString::to_string);
        let all: BTreeSet<String> = earlier.into_iter().chain(found).collect();
        all.into_iter().collect()
    }
}

/// A generation of every table of a month.
struct Tables<'a> {
    history: Parts<'a, EventRow>,
    tickets: Parts<'a, TicketRow>,
    clocks: Parts<'a, ClockRow>,
    assignments: Parts<'a, AssignmentRow>,
    ratings: Parts<'a, RatingRow>,
    uses: Parts<'a, KnowledgeUseRow>,
    tally: Tally,
    open: usize,
    unfolded: Vec<String>,
}

impl<'a> Tables<'a> {
    fn new(objects: &'a dyn LakeObjects, part: Part, generation: &str) -> Self {
        let folder = |table: &Table| format!("{}gen={generation}/", part.generations(table));
        Self {
            history: Parts::new(objects, folder(&HISTORY)),
            tickets: Parts::new(objects, folder(&TicketRow::TABLE)),
            clocks: Parts::new(objects, folder(&ClockRow::TABLE)),
            assignments: Parts::new(objects, folder(&AssignmentRow::TABLE)),
            ratings: Parts::new(objects, folder(&RatingRow::TABLE)),
            uses: Parts::new(objects, folder(&KnowledgeUseRow::TABLE)),
            tally: Tally::default(),
            open: 0,
            unfolded: Vec::new(),
        }
    }

    async fn push(
        &mut self,
        rows: &[EventRow],
        timetable: &Timetable,
        as_of: DateTime<Utc>,
    ) -> Result<(), AppError> {
        for row in rows {
            self.history.push(row).await?;
        }
        let folded = match fold(rows, timetable, as_of) {
            Ok(Some(folded)) => folded,
            Ok(None) => return Ok(()),
            Err(_) => {
                let number = rows.first().map(|row| row.number.to_string());
                self.unfolded.extend(number);
                return Ok(());
            }
        };
        self.tally.add(&folded.ticket);
        self.open += usize::from(folded.ticket.state.is_open());
        self.tickets.push(&folded.ticket).await?;
        for row in &folded.clocks {
            self.clocks.push(row).await?;
        }
        for row in &folded.assignments {
            self.assignments.push(row).await?;
        }
        for row in &folded.ratings {
            self.ratings.push(row).await?;
        }
        for row in &folded.uses {
            self.uses.push(row).await?;
        }
        Ok(())
    }

    async fn finish(
        self,
        compacting: &Compacting<'_>,
        generation: String,
        as_of: DateTime<Utc>,
    ) -> Result<State, AppError> {
        let tables = [
            (HISTORY.name, self.history.finish().await?),
            (TicketRow::TABLE.name, self.tickets.finish().await?),
            (ClockRow::TABLE.name, self.clocks.finish().await?),
            (AssignmentRow::TABLE.name, self.assignments.finish().await?),
            (RatingRow::TABLE.name, self.ratings.finish().await?),
            (KnowledgeUseRow::TABLE.name, self.uses.finish().await?),
        ];
        Ok(State {
            form: 1,
            generation,
            as_of,
            timetable: timetable_digest(compacting.timetable),
            open: self.open,
            unfolded: self.unfolded,
            unproved: Vec::new(),
            tally: self.tally,
            tables: tables.map(|(name, files)| (name.to_owned(), files)).into(),
            tag: None,
        })
    }
}
