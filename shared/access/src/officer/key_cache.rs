//! When to fetch the issuer's keys: cached ten minutes, refreshed for an unknown `kid` at most
//! once a minute, kept an hour more while the issuer cannot be reached, and then nobody gets in.

use chrono::{DateTime, TimeDelta, Utc};

/// How long fetched keys are used without asking.
const FRESH_FOR: TimeDelta = TimeDelta::minutes(10);
/// How long after that they still serve while fetching fails.
const STALE_FOR: TimeDelta = TimeDelta::hours(1);
/// Shortest time between fetches caused by tokens with unknown keys: anybody can send those.
const UNKNOWN_KEY_PAUSE: TimeDelta = TimeDelta::minutes(1);
/// Shortest time between fetches while they fail.
const FAILURE_PAUSE: TimeDelta = TimeDelta::seconds(10);

/// What the caller must do before, or instead of, verifying a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyDecision {
    /// Fetch the keys, report with [`KeyCache::fetched`] or [`KeyCache::failed`], decide again.
    Fetch,
    /// Verify with the keys at hand. A token whose key they lack is refused.
    UseCached,
    /// There are no keys to trust: refuse every token (503).
    FailClosed,
}

/// When the keys were last fetched and last tried for; the keys themselves are the caller's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyCache {
    fetched_at: Option<DateTime<Utc>>,
    tried_at: Option<DateTime<Utc>>,
}

impl KeyCache {
    /// What to do now. `unknown_kid`: a token has just named a key that the set lacks.
    pub fn decide(&self, now: DateTime<Utc>, unknown_kid: bool) -> KeyDecision {
        let Some(fetched_at) = self.fetched_at else {
            return self.fetch_or(KeyDecision::FailClosed, now, FAILURE_PAUSE);
        };
        let age = now - fetched_at;
        // A negative age (the clock was set back) says nothing about freshness.
        if age < TimeDelta::zero() || age >= FRESH_FOR + STALE_FOR {
            return self.fetch_or(KeyDecision::FailClosed, now, FAILURE_PAUSE);
        }
        if age >= FRESH_FOR {
            return self.fetch_or(KeyDecision::UseCached, now, FAILURE_PAUSE);
        }
        if unknown_kid {
            return self.fetch_or(KeyDecision::UseCached, now, UNKNOWN_KEY_PAUSE);
        }
        KeyDecision::UseCached
    }

    /// The keys were fetched at `now`.
    pub fn fetched(&mut self, now: DateTime<Utc>) {
        self.fetched_at = Some(now);
        self.tried_at = Some(now);
    }

    /// Fetching failed at `now`.
    pub fn failed(&mut self, now: DateTime<Utc>) {
        self.tried_at = Some(now);
    }

    fn fetch_or(&self, other: KeyDecision, now: DateTime<Utc>, pause: TimeDelta) -> KeyDecision {
        let tried_lately = self
            .tried_at
            .is_some_and(|tried_at| tried_at <= now && now - tried_at < pause);
        if tried_lately {
            other
        } else {
            KeyDecision::Fetch
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_780_000_000;

    /// `fetched` and `tried` are seconds before now.
    fn check(fetched: Option<i64>, tried: Option<i64>, unknown_kid: bool, expected: KeyDecision) {
        let ago = |seconds: i64| DateTime::from_timestamp(NOON - seconds, 0).unwrap();
        let cache = KeyCache {
            fetched_at: fetched.map(ago),
            tried_at: tried.map(ago),
        };
        let decision = cache.decide(ago(0), unknown_kid);
        assert_eq!(decision, expected, "{fetched:?} {tried:?} {unknown_kid}");
    }

    #[test]
    fn keys_are_cached_refreshed_kept_while_stale_and_then_refused() {
        use KeyDecision::{FailClosed, Fetch, UseCached};
        let rows = [
            (None, None, false, Fetch),
            (None, Some(0), false, FailClosed),
            (None, Some(9), true, FailClosed),
            (None, Some(10), false, Fetch),
            (Some(0), Some(0), false, UseCached),
            (Some(599), Some(599), false, UseCached),
            (Some(600), Some(600), false, Fetch),
            (Some(600), Some(5), false, UseCached),
            (Some(600), Some(5), true, UseCached),
            (Some(600), Some(10), false, Fetch),
            (Some(59), Some(59), true, UseCached),
            (Some(60), Some(60), true, Fetch),
            (Some(300), Some(30), true, UseCached),
            (Some(4199), Some(1), false, UseCached),
            (Some(4200), Some(1), false, FailClosed),
            (Some(4200), Some(10), false, Fetch),
            (Some(-5), Some(-5), false, Fetch),
        ];
        for (fetched, tried, unknown_kid, expected) in rows {
            check(fetched, tried, unknown_kid, expected);
        }
    }

    #[test]
    fn an_outage_of_the_issuer_ends_in_refusal_after_seventy_minutes() {
        let mut cache = KeyCache::default();
        let start = DateTime::from_timestamp(NOON, 0).unwrap();
        cache.fetched(start);
        let mut fetches = 0;
        for second in 1..=4_200 {
            let now = start + TimeDelta::seconds(second);
            let mut decision = cache.decide(now, false);
            if decision == KeyDecision::Fetch {
                fetches += 1;
                cache.failed(now);
                decision = cache.decide(now, false);
            }
            let expected = if second < 4_200 {
                KeyDecision::UseCached
            } else {
                KeyDecision::FailClosed
            };
            assert_eq!(decision, expected, "{second}");
        }
        assert_eq!(fetches, 361);
    }
}
