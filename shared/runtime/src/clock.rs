//! The clock, for functions whose event brings no time stamp of its own. On the laptop and in
//! tests it can be moved for all functions at once; a stage named production refuses that.

use chrono::{DateTime, TimeDelta, Utc};

/// Now, plus the seconds in the file that `CLOCK_FILE` names.
pub fn now() -> DateTime<Utc> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the system's clock is read"
    )]
    let system = Utc::now();
    match std::env::var("CLOCK_FILE") {
        Ok(path) if !is_production() => system + offset(&path),
        _ => system,
    }
}

fn is_production() -> bool {
    std::env::var("STAGE").is_ok_and(|stage| stage == "production")
}

fn offset(path: &str) -> TimeDelta {
    let seconds = std::fs::read_to_string(path)
        .ok()
        .and_then(|text| text.trim().parse().ok());
    TimeDelta::seconds(seconds.unwrap_or_default())
}
