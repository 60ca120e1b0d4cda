//! What asking costs: every question to a lake in a folder, as `lake`'s example makes it.
//!
//! ```sh
//! cargo run --release -p lake --example year 1000000 /tmp/year
//! cargo run --release -p analysis --example questions /tmp/year
//! ```
#![allow(clippy::print_stdout, reason = "it prints figures")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use analysis::Lake;
use analysis::questions::{QUESTIONS, Question, Span};
use chrono::NaiveDate;
use domain::periodic::{Period, PeriodicId};

#[path = "../../lake/examples/folder/objects.rs"]
mod objects;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder")?;
    let began = Instant::now();
    let lake = Lake::open(Arc::new(objects::Folder(PathBuf::from(folder)))).await?;
    println!("opened in {:.3} s", began.elapsed().as_secs_f64());
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).ok_or("a day");
    let year = Span::new(day(1, 1)?, day(12, 31)?)?;
    for question in QUESTIONS {
        let began = Instant::now();
        let answer = lake.ask(question, year).await?;
        let took = began.elapsed().as_secs_f64();
        let (rows, hidden) = (answer.rows.len(), answer.hidden());
        println!(
            "{:<22} {took:>7.3} s  {rows:>4} rows, {hidden} with something hidden",
            question.name
        );
    }
    let began = Instant::now();
    let as_of = lake.as_of().ok_or("the lake was not made")?;
    let id = PeriodicId::new(Period::year(2026).ok_or("a year")?, as_of).ok_or("an id")?;
    let report = lake.report(id, as_of).await?;
    let took = began.elapsed().as_secs_f64();
    let (rows, bytes) = (report.rows(), report.bytes()?.len());
    println!(
        "{:<22} {took:>7.3} s  {rows} rows of figures, {bytes} bytes",
        "the year's report"
    );
    for sentence in &report.summary {
        println!("  {}", sentence.text);
    }
    let began = Instant::now();
    let question = Question::named("on-time-by-unit").ok_or("no question")?;
    let group = [("unit", "ta-rsj"), ("started_month", "2026-03")];
    let (tickets, _) = lake
        .tickets(question, year, &group)
        .await?
        .ok_or("no such column")?;
    let took = began.elapsed().as_secs_f64();
    println!(
        "{:<22} {took:>7.3} s  {} tickets",
        "behind a figure",
        tickets.len()
    );
    Ok(())
}
