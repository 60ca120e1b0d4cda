//! 回访 (Art. 14; R-CB-2): which closed tickets are called back. Drawn by the day and by the unit that
//! closed them, reproducible from what is published, and steered by nobody: where a ticket stands in
//! the draw follows from its number and a seed that nobody knows before the day is over.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::ids::UnitId;
use crate::registry::{Registry, UnitKind};
use crate::ticket::{Ticket, TicketNumber};

/// A seed: 32 bytes that follow from the seals of the day (R-DP-5).
pub type Seed = [u8; 32];

/// A closing that can be drawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Closing {
    /// Its ticket.
    pub number: TicketNumber,
    /// The version of the ticket that it made.
    pub version: u32,
    /// The unit that answers for it: its stratum.
    pub unit: UnitId,
}

/// How many of each unit's closings are drawn (rulebook).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Of a hundred, rounded up.
    pub percent: u32,
    /// At least.
    pub least: u32,
}

impl Rate {
    /// Of so many.
    fn of(self, closings: usize) -> usize {
        let hundredths = closings.saturating_mul(count(self.percent));
        let least = count(self.least);
        hundredths.div_ceil(100).max(least).min(closings)
    }
}

fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The seed of a day: SHA-256 over the roots sealed in it, in order.
pub fn seed<'a>(roots: impl IntoIterator<Item = &'a str>) -> Seed {
    let mut hash = Sha256::new().chain_update(b"suqiu callback draw 1");
    for root in roots {
        hash.update([0]);
        hash.update(root.as_bytes());
    }
    hash.finalize().into()
}

/// Draws from each unit's closings: those whose number and the seed hash lowest. The order in which
/// the closings are given, when and how they were closed, and who else is there, changes nothing.
pub fn draw(seed: &Seed, closings: &[Closing], rate: Rate) -> Vec<Closing> {
    let mut strata: BTreeMap<&UnitId, Vec<([u8; 32], &Closing)>> = BTreeMap::new();
    for closing in closings {
        let place = Sha256::new()
            .chain_update(seed)
            .chain_update(closing.number.as_str());
        let stratum = strata.entry(&closing.unit).or_default();
        stratum.push((place.finalize().into(), closing));
    }
    let mut drawn = Vec::new();
    for mut stratum in strata.into_values() {
        stratum.sort();
        stratum.dedup();
        let wanted = rate.of(stratum.len());
        let chosen = stratum.into_iter().take(wanted);
        drawn.extend(chosen.map(|(_, closing)| closing.clone()));
    }
    drawn.sort();
    drawn
}

/// Who calls back: the managing unit; where it took part itself, another of the city's managing
/// units, the first by its identifier. None where every one of them took part.
pub fn caller<'a>(ticket: &'a Ticket, registry: &'a Registry) -> Option<&'a UnitId> {
    let took_part = |unit: &UnitId| ticket.taking_part().any(|it| it == unit);
    let others = registry.units.iter();
    let mut others: Vec<_> = others
        .filter(|unit| unit.kind == UnitKind::CityManaging)
        .map(|unit| &unit.id)
        .collect();
    others.sort();
    let mut all = std::iter::once(&ticket.submission.managing_unit).chain(others);
    all.find(|unit| !took_part(unit))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;

    use super::*;
    use crate::ticket::TicketKey;

    fn closing(index: u32, unit: &str) -> Closing {
        let at: DateTime<Utc> = "2026-11-26T02:00:00Z".parse().unwrap();
        let mut key = [7; 5];
        key[1..].copy_from_slice(&index.to_be_bytes());
        Closing {
            number: TicketNumber::new(&TicketKey::from_digest(&key), at),
            version: 4,
            unit: UnitId::parse(unit).unwrap(),
        }
    }

    fn seed_of(index: u32) -> Seed {
        seed([format!("{index:064x}").as_str()])
    }

    const RATE: Rate = Rate {
        percent: 10,
        least: 1,
    };

    #[test]
    fn r_cb_2_each_unit_has_its_tenth_and_at_least_one() {
        let mut closings: Vec<_> = (0..41).map(|at| closing(at, "ta-rsj")).collect();
        closings.extend((100..103).map(|at| closing(at, "ta-ylbzj")));
        closings.push(closing(200, "ta-gjj"));
        let drawn = draw(&seed_of(1), &closings, RATE);
        let of = |unit: &str| {
            let mut all = drawn.iter();
            all.by_ref().filter(|it| it.unit.as_str() == unit).count()
        };
        assert_eq!((of("ta-rsj"), of("ta-ylbzj"), of("ta-gjj")), (5, 1, 1));
        assert!(draw(&seed_of(1), &[], RATE).is_empty());
    }

    /// Chi-square over 3,000 seeds that stand here: 30 tickets of one unit, three drawn each time.
    /// Draws without replacement vary less than independent ones, by (n-1)/n·(1-k/n) of the
    /// multinomial's variance, so the statistic is scaled to a chi-square of 29 degrees (Joe 1978).
    #[test]
    fn r_cb_2_every_ticket_of_a_unit_is_as_likely_as_every_other() {
        let closings: Vec<_> = (0..30).map(|at| closing(at, "ta-rsj")).collect();
        let (mut times, seeds) = (BTreeMap::<TicketNumber, u32>::new(), 3_000);
        for index in 0..seeds {
            for drawn in draw(&seed_of(index), &closings, RATE) {
                *times.entry(drawn.number).or_default() += 1;
            }
        }
        let expected = f64::from(seeds) * 3.0 / 30.0;
        let square = |seen: &u32| (f64::from(*seen) - expected).powi(2) / expected;
        let statistic: f64 = times.values().map(square).sum();
        let scaled = statistic * 29.0 / 30.0 / (1.0 - 3.0 / 30.0);
        assert_eq!(times.len(), 30);
        // 0.1 % on either side of a chi-square with 29 degrees of freedom.
        assert!((11.2..58.3).contains(&scaled), "chi-square {scaled}");
    }

    proptest! {
        /// R-CB-2: neither the order of the closings, nor the time of one, nor what other units
        /// close, moves anything.
        #[test]
        fn r_cb_2_a_draw_cannot_be_steered(
            count in 1u32..60, others in 0u32..20, index: u32, turn in 0usize..60, version in 2u32..9,
        ) {
            let closings: Vec<_> = (0..count).map(|at| closing(at, "ta-rsj")).collect();
            let drawn = draw(&seed_of(index), &closings, RATE);
            let mut turned = closings.clone();
            turned.rotate_left(turn % closings.len());
            turned.reverse();
            prop_assert_eq!(&draw(&seed_of(index), &turned, RATE), &drawn);
            // Closed earlier or later, in more steps or fewer: the same ticket is drawn.
            let mut otherwise = closings.clone();
            otherwise[turn % closings.len()].version = version;
            let numbers = |drawn: &[Closing]| {
                drawn.iter().map(|it| it.number.clone()).collect::<Vec<_>>()
            };
            let then = draw(&seed_of(index), &otherwise, RATE);
            prop_assert_eq!(numbers(&then), numbers(&drawn));
            turned.extend((0..others).map(|at| closing(1_000 + at, "ta-gjj")));
            let with_others = draw(&seed_of(index), &turned, RATE);
            let own = with_others.into_iter().filter(|it| it.unit.as_str() == "ta-rsj");
            prop_assert_eq!(&own.collect::<Vec<_>>(), &drawn);
        }
    }
}
