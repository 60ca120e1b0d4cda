//! What the policies cost: parsing them at start, and one decision, as a ratio to the floor of
//! making the same decision about nothing: `cargo run --release -p authz --example decision`.

#![expect(clippy::print_stdout, reason = "prints its figures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use app::AppError;
use authz::{Intent, Officer, Principal, authorize, load};
use domain::ids::{OfficerId, UnitId};
use domain::workflow::words::Role;

const DECISIONS: u32 = 20_000;
const RUNS: u32 = 5;

/// The least of several runs: what the work itself takes.
fn least(mut work: impl FnMut()) -> Duration {
    let runs = (0..RUNS).map(|_| {
        let began = Instant::now();
        (0..DECISIONS).for_each(|_| work());
        began.elapsed() / DECISIONS
    });
    runs.min().unwrap_or_default()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let began = Instant::now();
    load()?;
    let start = began.elapsed();
    let unit = UnitId::parse("ta-ylbzj")?;
    let officer = |roles: &[Role]| -> Result<Officer, Box<dyn std::error::Error>> {
        Ok(Officer {
            id: OfficerId::parse("liaison-1")?,
            unit: unit.clone(),
            roles: roles.to_vec(),
            mfa: false,
        })
    };
    let (liaison, nobody) = (officer(&[Role::Liaison])?, officer(&[])?);
    let asks = |officer: &Officer| -> Result<bool, AppError> {
        let verdict = authorize(Principal::Officer(officer), Intent::List(&unit));
        Ok(verdict.is_ok())
    };
    let decision = least(|| {
        let _ = black_box(asks(black_box(&liaison)));
    });
    let floor = least(|| {
        let _ = black_box(asks(black_box(&nobody)));
    });
    println!("parsing at start {:.2} ms", start.as_secs_f64() * 1e3);
    println!(
        "one decision     {:.1} µs; without a role, where nothing is asked, {:.3} µs",
        decision.as_secs_f64() * 1e6,
        floor.as_secs_f64() * 1e6
    );
    Ok(())
}
