//! Times as they are typed: how far a clock is moved, since when.

use anyhow::{Result, bail};
use chrono::{DateTime, TimeDelta, Utc};

use crate::web::control::MoveClock;

/// `+2h`, `+1d`, `-30m`, `+90s`, `reset`.
pub(crate) fn parse_shift(text: &str) -> Result<MoveClock> {
    if text == "reset" {
        return Ok(MoveClock {
            shift_seconds: 0,
            reset: true,
        });
    }
    match seconds(text) {
        Some(shift_seconds) if text.starts_with(['+', '-']) => Ok(MoveClock {
            shift_seconds,
            reset: false,
        }),
        _ => bail!("`{text}` is no shift; examples: +2h, +1d, -30m, reset"),
    }
}

/// `2h`, `1d`, `30m`, `90s`, with or without a sign.
fn seconds(text: &str) -> Option<i64> {
    let units = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400_i64)];
    let unit = units
        .into_iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)));
    unit.and_then(|(number, seconds)| number.parse::<i64>().ok()?.checked_mul(seconds))
}

/// An instant, or how long before `now`.
pub(crate) fn parse_since(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(instant.to_utc());
    }
    let ago = seconds(text).filter(|seconds| *seconds >= 0);
    let ago = ago.and_then(TimeDelta::try_seconds);
    match ago.and_then(|ago| now.checked_sub_signed(ago)) {
        Some(instant) => Ok(instant),
        None => bail!(
            "`{text}` is neither an instant nor a time span; examples: 2026-11-23T09:00:00+08:00, 6h"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_are_read() {
        for (text, seconds) in [
            ("+2h", 7200),
            ("+1d", 86_400),
            ("-30m", -1800),
            ("+90s", 90),
        ] {
            assert_eq!(parse_shift(text).unwrap().shift_seconds, seconds, "{text}");
        }
        assert!(parse_shift("reset").unwrap().reset);
        for text in ["", "2h", "+h", "+2w", "+9999999999999999d", "天"] {
            assert!(parse_shift(text).is_err(), "{text}");
        }
    }

    #[test]
    fn since_is_an_instant_or_a_time_span() {
        let now: DateTime<Utc> = "2026-11-23T09:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("2026-11-23T09:00:00+08:00", "2026-11-23T01:00:00Z"),
            ("2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z"),
            ("30m", "2026-11-23T08:30:00Z"),
            ("2d", "2026-11-21T09:00:00Z"),
        ] {
            let expected: DateTime<Utc> = expected.parse().unwrap();
            assert_eq!(parse_since(text, now).unwrap(), expected, "{text}");
        }
        for text in ["", "yesterday", "-2h", "2026-11-23", "9999999999999d"] {
            assert!(parse_since(text, now).is_err(), "{text}");
        }
    }
}
