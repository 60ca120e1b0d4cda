//! Search at 10,000 entries (R-KB-2): how often who knows what they look for finds it first, how long
//! a question takes once the index is open, and what opening costs.
//!
//! `cargo run --release -p search --example latency`

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement: it prints what the clock says"
)]

mod generated;

use std::time::{Duration, Instant};

use search::{IndexedEntry, Query, SearchIndex, build};

fn asked(text: &str) -> Query<'_> {
    Query {
        text,
        area: None,
        on: chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        limit: 10,
    }
}

/// The time under which 95 of 100 lie.
fn p95(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() * 95 / 100]
}

fn main() {
    let entries = generated::entries(10_000);
    let begun = Instant::now();
    let block = build(&entries).unwrap();
    println!("build: {:?}, {} KB", begun.elapsed(), block.len() / 1024);
    let opened: Vec<_> = (0..20)
        .map(|_| {
            let begun = Instant::now();
            assert_eq!(SearchIndex::open(&block).unwrap().len(), 10_000);
            begun.elapsed()
        })
        .collect();
    println!("open: p95 {:?}", p95(opened));

    let index = SearchIndex::open(&block).unwrap();
    let questions = generated::questions(&entries, 1_000);
    let (mut first, mut times) = (0, Vec::new());
    for (id, text) in &questions {
        let begun = Instant::now();
        let found = index.search(&asked(text)).unwrap();
        times.push(begun.elapsed());
        first += usize::from(found.first().is_some_and(|found| &found.entry.id == id));
    }
    let recall = generated::share(first, questions.len());
    println!("question: p95 {:?}, first at rank 1: {recall}", p95(times));
    // A whole appeal of 2,000 characters.
    let appeals = entries.chunks(20).map(|some| {
        let text: String = some.iter().map(|entry| entry.body.as_str()).collect();
        text.chars().take(2_000).collect::<String>()
    });
    let times = appeals.take(200).map(|text| {
        let begun = Instant::now();
        assert!(!index.search(&asked(&text)).unwrap().is_empty());
        begun.elapsed()
    });
    println!("appeal: p95 {:?}", p95(times.collect()));
    let times = ["证", "保", "区"]
        .into_iter()
        .cycle()
        .take(200)
        .map(|text| {
            let begun = Instant::now();
            assert!(!index.search(&asked(text)).unwrap().is_empty());
            begun.elapsed()
        });
    println!("one character: p95 {:?}", p95(times.collect()));
}
