//! The usage plan: a token bucket for each source. Generous on purpose; what counts is that the
//! callers meet 429 here and not first in the cloud.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Sources remembered at most; full buckets are forgotten first.
const SOURCES_LIMIT: usize = 10_000;

/// Rate and burst of a usage plan.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Requests a second in the long run.
    pub rate: f64,
    /// Requests at once.
    pub burst: f64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            rate: 500.0,
            burst: 1000.0,
        }
    }
}

/// Buckets of all sources.
#[derive(Debug)]
pub struct Throttle {
    plan: Plan,
    buckets: Mutex<HashMap<String, (f64, Instant)>>,
}

impl Throttle {
    /// Starts with every bucket full.
    pub fn new(plan: Plan) -> Self {
        Self {
            plan,
            buckets: Mutex::default(),
        }
    }

    /// Takes one token of `source`; else says how long to wait for the next.
    pub fn take(&self, source: &str, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= SOURCES_LIMIT {
            buckets.retain(|_, (tokens, at)| self.filled(*tokens, *at, now) < self.plan.burst);
        }
        let bucket = buckets
            .entry(source.to_owned())
            .or_insert((self.plan.burst, now));
        let tokens = self.filled(bucket.0, bucket.1, now);
        let left = if tokens >= 1.0 { tokens - 1.0 } else { tokens };
        *bucket = (left, now);
        if tokens >= 1.0 {
            return Ok(());
        }
        Err(Duration::from_secs_f64((1.0 - tokens) / self.plan.rate))
    }

    fn filled(&self, tokens: f64, at: Instant, now: Instant) -> f64 {
        let gained = now.saturating_duration_since(at).as_secs_f64() * self.plan.rate;
        (tokens + gained).min(self.plan.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_then_the_rate_holds() {
        let throttle = Throttle::new(Plan {
            rate: 2.0,
            burst: 3.0,
        });
        let start = Instant::now();
        let passed = (0..5)
            .filter(|_| throttle.take("mobile", start).is_ok())
            .count();
        assert_eq!(passed, 3);
        assert!(throttle.take("pc", start).is_ok());
        assert!(throttle.take("mobile", start).unwrap_err() <= Duration::from_millis(500));
        assert!(
            throttle
                .take("mobile", start + Duration::from_millis(500))
                .is_ok()
        );
    }
}
