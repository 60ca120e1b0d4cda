//! What the person at the terminal reads: lines on the standard output, and one line of progress
//! that is rewritten in place on a terminal and thinned out in a log.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// How often a log (not a terminal) gets a line of progress.
const LOG_INTERVAL: Duration = Duration::from_secs(5);

/// Writes one line. A closed pipe is nobody's concern here.
pub fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// Writes one line to the standard error.
pub fn error(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// One line of progress, such as `building   112/210  intake`.
#[derive(Debug)]
pub struct Progress {
    label: String,
    started: Instant,
    printed: Option<Instant>,
    terminal: bool,
}

impl Progress {
    /// Begins; nothing is printed before the first step.
    pub fn new(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            started: Instant::now(),
            printed: None,
            terminal: std::io::stdout().is_terminal(),
        }
    }

    /// Shows how far the work is.
    pub fn step(&mut self, done: usize, total: usize, what: &str) {
        let due = self.printed.is_none_or(|at| at.elapsed() >= LOG_INTERVAL);
        if self.terminal {
            self.rewrite(&format!("{:<10} {done}/{total}  {what}", self.label));
        } else if due {
            line(&format!("{:<10} {done}/{total}  {what}", self.label));
        }
        if self.terminal || due {
            self.printed = Some(Instant::now());
        }
    }

    /// Writes a line that stays, above the progress.
    pub fn note(&self, text: &str) {
        if self.terminal && self.printed.is_some() {
            self.rewrite("");
        }
        line(text);
    }

    /// Ends with a line that stays.
    pub fn done(self, what: &str) {
        let text = format!(
            "{:<10} {what} ({:.1} s)",
            self.label,
            self.started.elapsed().as_secs_f64()
        );
        if self.terminal && self.printed.is_some() {
            self.rewrite(&text);
            line("");
        } else {
            line(&text);
        }
    }

    #[expect(
        clippy::unused_self,
        reason = "only a progress that owns the line may rewrite it"
    )]
    fn rewrite(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        let _ = write!(out, "\r\x1b[2K{text}");
        let _ = out.flush();
    }
}
