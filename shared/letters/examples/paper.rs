//! Renders a sample report, with a table of so many rows if a number is given; says what it costs.
//!
//! ```sh
//! cargo run --package letters --example paper -- paper.pdf 120
//! ```

#![expect(clippy::unwrap_used, reason = "an example may fail")]

use std::path::Path;
use std::time::Instant;

use letters::{Fonts, render_paper};

#[path = "../tests/sample/paper.rs"]
mod sample;

#[expect(clippy::print_stdout, reason = "a program for the terminal")]
fn main() {
    let file = std::env::args().nth(1).unwrap();
    let rows = std::env::args().nth(2);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
    let fonts = Fonts::read(&folder).unwrap();
    let paper = rows.map_or_else(sample::paper, |rows| sample::long(rows.parse().unwrap()));
    let begun = Instant::now();
    let pdf = render_paper(&paper, &fonts).unwrap();
    let taken = begun.elapsed();
    std::fs::write(&file, &pdf).unwrap();
    println!("{file}: {} bytes in {taken:.0?}", pdf.len());
}
