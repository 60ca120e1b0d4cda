//! What the lake costs: a city's year of appeals, written into the event zone and compacted.
//!
//! `cargo run --release -p lake --example year [-- <appeals> <folder>]`
#![allow(clippy::print_stdout, reason = "it prints figures")]

use std::fs;
use std::path::{Path, PathBuf};

use app::AppError;
use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};
use futures_util::FutureExt as _;
use lake::Said;
use lake::compact::{Compacting, compact};
use lake::gather::write_events;
use lake::rows::EventRow;
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

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let appeals: usize = arguments
        .next()
        .map_or(Ok(1_000_000), |text| text.parse())?;
    let kept = arguments.next().map(PathBuf::from);
    let folder = kept
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join("suqiu-year"));
    if kept.is_none() {
        let _ = fs::remove_dir_all(&folder);
    }
    let lake = Folder(folder.clone());
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).ok_or("a day")?;
    let mut now: DateTime<Utc> = "2027-03-01T00:00:00Z".parse()?;

    let (mut held, mut rows, mut files) = (Vec::with_capacity(HELD), 0_usize, 0_usize);
    let (mut writing, began) = (TimeDelta::zero(), cpu());
    let mut flush = |held: &mut Vec<EventRow>, writing: &mut TimeDelta| {
        rows += held.len();
        now += TimeDelta::seconds(30);
        let before = cpu();
        files += at_once(write_events(&lake, std::mem::take(held), now))?;
        *writing += cpu() - before;
        Ok::<_, Box<dyn std::error::Error>>(())
    };
    for month in 0..12_u32 {
        let day = first.with_month(month + 1).ok_or("a month")?;
        let days = (day + chrono::Months::new(1) - day).num_days();
        let some = appeals / 12 + usize::from(month as usize) % 2;
        let year = Year::new(2026 + u64::from(month), day, u64::try_from(days)?, some);
        for made in year.ok_or("the year has no units")? {
            let said = Said {
                title: Some(made.title),
                text: Some(made.text),
                knowledge: made.knowledge,
            };
            held.extend(EventRow::all(&made.ticket, 0, u32::MAX, &said));
            if held.len() >= HELD {
                flush(&mut held, &mut writing)?;
            }
        }
    }
    flush(&mut held, &mut writing)?;
    let (making, size) = (cpu() - began - writing, bytes(&folder.join("events")));
    println!(
        "{appeals} appeals, {rows} events, made in {:.1} CPU s",
        seconds(making)
    );
    println!(
        "event zone   {:>9.0} rows/CPU s   {:>5.1} bytes/row   {files} files   peak {} MiB",
        rows as f64 / seconds(writing),
        size as f64 / rows as f64,
        peak()
    );
    let before = cpu();
    let as_of = (first + Days::new(500))
        .and_hms_opt(16, 0, 0)
        .ok_or("a time")?
        .and_utc();
    let run = at_once(compact(&Compacting {
        objects: &lake,
        location: &format!("file://{}", folder.display()),
        timetable: &timetable(),
        as_of,
        now,
    }))?;
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
