//! Renders a sample letter; says what it costs.
//!
//! ```sh
//! cargo run --package letters --example render -- letter.pdf
//! ```

#![expect(clippy::unwrap_used, reason = "an example may fail")]

use std::path::Path;
use std::time::Instant;

use letters::{Fonts, render};

#[path = "../tests/sample/mod.rs"]
mod sample;

#[expect(clippy::print_stdout, reason = "a program for the terminal")]
fn main() {
    let file = std::env::args().nth(1).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
    let begun = Instant::now();
    let fonts = Fonts::read(&folder).unwrap();
    let read = begun.elapsed();
    let letter = sample::letter();
    let begun = Instant::now();
    let pdf = render(&letter, &fonts).unwrap();
    let first = begun.elapsed();
    let begun = Instant::now();
    render(&letter, &fonts).unwrap();
    let second = begun.elapsed();
    std::fs::write(&file, &pdf).unwrap();
    println!("{file}: {} bytes", pdf.len());
    println!("fonts read {read:.0?}, first letter {first:.0?}, second {second:.0?}");
    println!("{}", cost());
}

/// CPU time and peak memory of this process, as Linux tells them.
fn cost() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM"));
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: u64 = stat
        .split(' ')
        .skip(13)
        .take(2)
        .filter_map(|n| n.parse::<u64>().ok())
        .sum();
    format!(
        "CPU {} ms, peak memory {}",
        ticks * 10,
        peak.unwrap_or("VmHWM: unknown")
    )
}
