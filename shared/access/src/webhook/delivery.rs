//! When to try again: 10 s, 1 min, 5 min, 30 min, 2 h, each with jitter, over a queue whose longest
//! delay is 15 minutes.

use std::time::Duration;

/// The longest delay of an SQS message.
pub const SQS_DELAY_MAX: Duration = Duration::from_mins(15);

/// Largest value of the `jitter` parameter.
const JITTER_FULL: u32 = 1_000;
/// The jitter adds at most this part of the wait (a fifth).
const JITTER_DIVISOR: u32 = 5;

/// The waits between attempts.
#[derive(Debug, Clone, Copy)]
pub struct Ladder;

impl Ladder {
    /// The wait after the first, second, … failed attempt, without jitter.
    pub const RUNGS: [Duration; 5] = [
        Duration::from_secs(10),
        Duration::from_mins(1),
        Duration::from_mins(5),
        Duration::from_mins(30),
        Duration::from_hours(2),
    ];

    /// How many attempts there are in all.
    pub const ATTEMPTS: usize = Self::RUNGS.len() + 1;

    /// From the first attempt to the last one, without jitter; a fifth longer at most with it.
    pub fn total_wait() -> Duration {
        Self::RUNGS.iter().sum()
    }
}

/// How long to wait after the `attempt`-th attempt (counted from 1) has failed; `None` when it was
/// the last. `jitter` is a random number from 0 to 1000 that adds up to a fifth, so that messages
/// failed together do not come back together.
pub fn delay_after(attempt: u32, jitter: u64) -> Option<Duration> {
    let place = usize::try_from(attempt.checked_sub(1)?).ok()?;
    let rung = Ladder::RUNGS.get(place)?;
    let jitter = u32::try_from(jitter)
        .unwrap_or(JITTER_FULL)
        .min(JITTER_FULL);
    Some(*rung + *rung * jitter / (JITTER_FULL * JITTER_DIVISOR))
}

/// One passage of a waiting message through the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hop {
    /// The delay to send the message with, in whole seconds.
    pub delay: Duration,
    /// What is left to wait when it comes back; zero: attempt the delivery.
    pub remaining: Duration,
}

/// The next passage of a wait that may be longer than the queue's longest delay. The message
/// carries `remaining`; on coming back with some left it is sent on with the next hop.
pub fn hop(wait: Duration) -> Hop {
    // The queue counts whole seconds; rounded up, so that nothing comes early.
    let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let delay = Duration::from_secs(whole).min(SQS_DELAY_MAX);
    Hop {
        delay,
        remaining: Duration::from_secs(whole).saturating_sub(delay),
    }
}

/// What an answer to a delivery means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// The receiver has it.
    Done,
    /// Try again later.
    Retry,
    /// Trying again will not help: the failed delivery becomes somebody's task.
    Permanent,
    /// The receiver wants no more webhooks at this address (410).
    Disabled,
}

/// Reads the status of an answer. A redirect is not followed (it could lead anywhere), so it is
/// permanent; so is a status outside 200 to 599.
pub fn classify(status: u16) -> Delivery {
    match status {
        200..=299 => Delivery::Done,
        410 => Delivery::Disabled,
        408 | 429 | 500..=599 => Delivery::Retry,
        _ => Delivery::Permanent,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ladder_has_five_rungs_and_ends() {
        let rows = [
            (0, 0, None),
            (1, 0, Some(10_000)),
            (1, 1_000, Some(12_000)),
            (1, u64::MAX, Some(12_000)),
            (2, 500, Some(66_000)),
            (3, 0, Some(300_000)),
            (4, 0, Some(1_800_000)),
            (5, 0, Some(7_200_000)),
            (5, 1_000, Some(8_640_000)),
            (6, 0, None),
            (u32::MAX, 0, None),
        ];
        for (attempt, jitter, expected) in rows {
            let delay = delay_after(attempt, jitter);
            assert_eq!(
                delay,
                expected.map(Duration::from_millis),
                "{attempt} {jitter}"
            );
        }
        assert_eq!(Ladder::total_wait(), Duration::from_secs(9_370));
        assert_eq!(Ladder::ATTEMPTS, 6);
    }

    #[test]
    fn every_status_has_one_meaning() {
        use Delivery::{Disabled, Done, Permanent, Retry};
        let rows: [(&[u16], Delivery); 4] = [
            (&[200, 201, 202, 204, 299], Done),
            (&[408, 429, 500, 502, 503, 504, 599], Retry),
            (&[410], Disabled),
            (
                &[
                    0, 100, 199, 300, 301, 302, 307, 400, 401, 403, 404, 409, 422, 600, 999,
                ],
                Permanent,
            ),
        ];
        for (statuses, expected) in rows {
            for status in statuses {
                assert_eq!(classify(*status), expected, "{status}");
            }
        }
    }

    proptest! {
        #[test]
        fn hops_add_up_to_the_wait_and_fit_the_queue(wait_millis in 0..20_000_000_u64) {
            let wait = Duration::from_millis(wait_millis);
            let (mut remaining, mut waited, mut hops) = (wait, Duration::ZERO, 0);
            loop {
                let next = hop(remaining);
                prop_assert!(next.delay <= SQS_DELAY_MAX);
                prop_assert_eq!(next.delay.subsec_nanos(), 0);
                waited += next.delay;
                remaining = next.remaining;
                hops += 1;
                if remaining.is_zero() { break; }
            }
            prop_assert!(waited >= wait && waited < wait + Duration::from_secs(1));
            prop_assert!(hops <= wait.as_secs() / 900 + 1);
        }
    }
}
