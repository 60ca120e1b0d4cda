//! What the policies cost: reading them at start, each time in a process of its own, and one
//! decision, all as CPU time: `cargo run --release -p authz --example decision`.

#![expect(clippy::print_stdout, reason = "prints its figures")]

use std::error::Error;
use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use app::AppError;
use authz::{About, Intent, Officer, Principal, authorize, load};
use domain::workflow::words::{Action, Role, State};
use rustix::time::{ClockId, clock_gettime};

#[path = "../tests/policies/tickets.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "the tickets that the tests decide about"
)]
mod tickets;

/// A function reads its policies once, so each time is taken in a new process.
const PROCESSES: usize = 21;
/// Times taken of decisions, and how many decisions make one.
const TIMES: usize = 201;
const DECISIONS: u32 = 100;

/// What was asked for, in milliseconds and microseconds.
const START_BOUND_MS: f64 = 1.5;
const DECISION_BOUND_US: f64 = 50.0;

/// CPU time of this thread until now.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::from_secs(seconds) + Duration::from_nanos(time.tv_nsec.unsigned_abs())
}

fn costs(work: impl FnOnce()) -> Duration {
    let began = cpu_time();
    work();
    cpu_time().saturating_sub(began)
}

/// The least, which is what the work itself takes, and the middle.
fn least_and_middle(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |place: usize| times.get(place).copied().unwrap_or_default();
    (at(0), at(times.len() / 2))
}

/// What starting costs in a process of its own.
fn start() -> Result<Duration, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?)
        .arg("start")
        .output()?;
    let nanoseconds = String::from_utf8(output.stdout)?.trim().parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// Acting on a ticket, whose entities are the largest.
fn decisions(officer: &Officer) -> (Duration, Duration) {
    let ticket = tickets::ticket(State::Handling);
    let asks = || -> Result<_, AppError> {
        let intent = Intent::Act(Action::AskReturn, black_box(&ticket));
        authorize(Principal::Officer(black_box(officer)), intent)
    };
    let times = (0..TIMES).map(|_| {
        let all = costs(|| (0..DECISIONS).for_each(|_| drop(black_box(asks()))));
        all / DECISIONS
    });
    least_and_middle(times.collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().nth(1).as_deref() == Some("start") {
        let mut loaded = Ok(());
        let time = costs(|| loaded = load(&[About::Ticket]));
        loaded?;
        println!("{}", time.as_nanos());
        return Ok(());
    }
    let starts = (0..PROCESSES).map(|_| start()).collect::<Result<_, _>>()?;
    let (least, middle) = least_and_middle(starts);
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "at start, CPU ms: least {:.2}, middle {:.2} of {PROCESSES} processes (bound {START_BOUND_MS})",
        ms(least),
        ms(middle),
    );
    let us = |time: Duration| time.as_secs_f64() * 1e6;
    for (what, roles) in [
        ("one decision", vec![Role::Liaison]),
        ("without a role", vec![]),
    ] {
        let (least, middle) = decisions(&tickets::officer("liaison-1", "holder", &roles));
        println!(
            "{what}, CPU µs: least {:.1}, middle {:.1} (bound {DECISION_BOUND_US})",
            us(least),
            us(middle),
        );
    }
    Ok(())
}
