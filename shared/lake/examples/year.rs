//! What the lake costs: a city's year of appeals, written into the event zone and compacted.
//!
//! `cargo run --release -p lake --example year [-- <appeals> <folder>]`
#![allow(clippy::print_stdout, reason = "it prints figures")]

use std::fs;
use std::path::{Path, PathBuf};

use app::AppError;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use futures_util::FutureExt as _;
use lake::Said;
use lake::compact::Compacting;
use lake::gather::write_events;
use lake::nightly::make;
use lake::rows::EventRow;
use lake::whole::Whole;
use year::{Year, timetable};

#[path = "folder/objects.rs"]
mod objects;

use objects::{Folder, walk};

/// Rows that are held until they are written: what an hour of a large city brings.
const HELD: usize = 50_000;

/// CPU time of this thread so far.
fn cpu() -> TimeDelta {
    let read = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = read.split(' ').next().and_then(|first| first.parse().ok());
    TimeDelta::nanoseconds(nanoseconds.unwrap_or_default())
}

/// Peak of this process's memory, in MiB.
fn peak() -> u64 {
    let read = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = read.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}

fn seconds(time: TimeDelta) -> f64 {
    time.as_seconds_f64()
}

fn bytes(folder: &Path) -> u64 {
    let mut found = Vec::new();
    walk(folder, &mut found);
    let sizes = found.iter().filter_map(|path| fs::metadata(path).ok());
    sizes.map(|file| file.len()).sum()
}

/// Nothing waits: all is in files.
fn at_once<T>(
    future: impl Future<Output = Result<T, AppError>>,
) -> Result<T, Box<dyn std::error::Error>> {
    Ok(future.now_or_never().ok_or("a file was waited for")??)
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The event zone as it is written: what it took.
struct Written<'a> {
    lake: &'a Folder,
    held: Vec<EventRow>,
    rows: usize,
    files: usize,
    cpu: TimeDelta,
    now: DateTime<Utc>,
}

impl Written<'_> {
    fn add(&mut self, rows: Vec<EventRow>) -> Outcome<()> {
        self.held.extend(rows);
        if self.held.len() >= HELD {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Outcome<()> {
        self.rows += self.held.len();
        self.now += TimeDelta::seconds(30);
        let before = cpu();
        let held = std::mem::take(&mut self.held);
        self.files += at_once(write_events(self.lake, held, self.now))?;
        self.cpu += cpu() - before;
        Ok(())
    }
}

/// A year of appeals into the event zone.
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn write(lake: &Folder, appeals: usize, first: NaiveDate) -> Outcome<Written<'_>> {
    let mut written = Written {
        lake,
        held: Vec::with_capacity(HELD),
        rows: 0,
        files: 0,
        cpu: TimeDelta::zero(),
        now: "2027-03-01T00:00:00Z".parse()?,
    };
    let began = cpu();
    for month in 0..12 {
        let day = first + chrono::Months::new(month);
        let days = (day + chrono::Months::new(1) - day).num_days();
        let seed = 2026 + u64::from(month);
        let year = Year::new(seed, day, u64::try_from(days)?, appeals.div_ceil(12));
        for made in year.ok_or("the year has no units")? {
            let said = Said {
                title: Some(made.title),
                text: Some(made.text),
                knowledge: made.knowledge,
            };
            written.add(EventRow::all(&made.ticket, 0, u32::MAX, &said))?;
        }
    }
    written.flush()?;
    let (rows, size) = (written.rows, bytes(&lake.0.join("events")));
    let making = seconds(cpu() - began - written.cpu);
    println!("{appeals} appeals, {rows} events, made in {making:.1} CPU s");
    println!(
        "event zone   {:>9.0} rows/CPU s   {:>5.1} bytes/row   {} files   peak {} MiB",
        rows as f64 / seconds(written.cpu),
        size as f64 / rows as f64,
        written.files,
        peak()
    );
    Ok(written)
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let appeals: usize = arguments
        .next()
        .map_or(Ok(1_000_000), |text| text.parse())?;
    let folder = arguments.next().map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| std::env::temp_dir().join("suqiu-year"));
    if folder.exists() {
        return Err(format!("{} exists already", folder.display()).into());
    }
    let lake = Folder(folder.clone());
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).ok_or("a day")?;
    let now = write(&lake, appeals, first)?.now;
    let (before, timetable) = (cpu(), timetable());
    let as_of = domain::calendar::midnight(first + Days::new(500));
    let compacting = Compacting {
        objects: &lake,
        location: &format!("file://{}", folder.display()),
        timetable: &timetable,
        as_of,
        now: now.max(as_of),
    };
    let run = at_once(make(&compacting, &Whole::default()))?;
    let took = seconds(cpu() - before);
    println!(
        "curated zone {:>9.0} events/CPU s {:>5.1} bytes/event  {} months, {} tickets   {took:.1} CPU s   peak {} MiB",
        run.events as f64 / took,
        bytes(&folder.join("curated")) as f64 / run.events as f64,
        run.months,
        run.tickets,
        peak()
    );
    if run.unfolded > 0 || run.tickets == 0 {
        return Err("tickets are missing".into());
    }
    Ok(())
}
