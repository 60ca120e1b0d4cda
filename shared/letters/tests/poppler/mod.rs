//! What poppler's programs read back from a PDF.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// What one of poppler's programs says of a PDF; `arguments` stand before the file.
pub(crate) fn poppler(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut command = Command::new(program);
    command.args(arguments).arg("-");
    // What is no mere list goes to a second file, named after the first.
    if ["pdftotext", "pdftocairo", "pdftohtml"].contains(&program) {
        command.arg("-");
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("poppler-utils is installed");
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program}");
    // The names of tags are written as they are in the file.
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The lines of each page, as they are printed.
pub(crate) fn pages(pdf: &[u8]) -> Vec<Vec<String>> {
    let text = poppler("pdftotext", &["-layout"], pdf);
    let pages = text.strip_suffix('\u{c}').unwrap().split('\u{c}');
    let lines = |page: &str| {
        let lines = page.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    };
    pages.map(lines).collect()
}

/// A line of text with its place on the sheet, in millimetres from the upper left corner.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
    pub(crate) text: String,
}

pub(crate) fn lines_on(page: usize, pdf: &[u8]) -> Vec<Line> {
    let number = page.to_string();
    let xml = poppler(
        "pdftotext",
        &["-bbox-layout", "-f", &number, "-l", &number],
        pdf,
    );
    let mut lines: Vec<Line> = Vec::new();
    for element in xml.lines().map(str::trim) {
        let value = |name: &str| -> f64 {
            let after = element.split_once(&format!("{name}=\"")).unwrap().1;
            let points: f64 = after.split_once('"').unwrap().0.parse().unwrap();
            points * 25.4 / 72.0
        };
        if element.starts_with("<line ") {
            lines.push(Line {
                left: value("xMin"),
                top: value("yMin"),
                right: value("xMax"),
                bottom: value("yMax"),
                text: String::new(),
            });
        } else if element.starts_with("<word ") {
            let word = element
                .split_once('>')
                .unwrap()
                .1
                .strip_suffix("</word>")
                .unwrap();
            lines.last_mut().unwrap().text.push_str(word);
        }
    }
    lines
}
