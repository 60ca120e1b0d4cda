//! Whether a ticket's history is the one that was sealed (R-DP-5), and where it first is not.

use super::{ChainHead, Event};

/// A version of a ticket, and the head that was sealed for it.
pub type Sealed = (u32, ChainHead);

/// Where a history is broken first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// An event among these, from 1, is not the one that was sealed: changed, put in, taken out, or
    /// moved. One event where each was sealed by itself.
    Changed {
        /// The first that may be it.
        from: u32,
        /// The last.
        to: u32,
    },
    /// This event was sealed, and is gone with all after it.
    Missing(u32),
    /// The events are as sealed, but the head beside them is not theirs.
    Head,
}

/// What of a history holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// How many events, from the first, are as they were sealed.
    pub sealed: u32,
    /// Where it is broken first, if it is.
    pub broken: Option<Break>,
}

/// Holds a history against what was sealed of it, whenever and however often it came.
pub fn verify(events: &[Event], head: ChainHead, sealed: &[Sealed]) -> Verdict {
    let mut heads = Vec::with_capacity(events.len());
    let mut last = ChainHead::default();
    for event in events {
        last = last.extended_by(event);
        heads.push(last);
    }
    let mut sealed = sealed.to_vec();
    sealed.sort_unstable_by_key(|(version, head)| (*version, head.0));
    let mut good = 0;
    for (version, expected) in sealed {
        let index = usize::try_from(version).unwrap_or(usize::MAX);
        let found = index.checked_sub(1).and_then(|index| heads.get(index));
        let broken = match found {
            Some(found) if *found == expected => {
                good = version;
                continue;
            }
            Some(_) => Break::Changed {
                from: good.saturating_add(1),
                to: version,
            },
            None => Break::Missing(
                u32::try_from(events.len())
                    .unwrap_or(u32::MAX)
                    .saturating_add(1),
            ),
        };
        return Verdict {
            sealed: good,
            broken: Some(broken),
        };
    }
    Verdict {
        sealed: good,
        broken: (head != last).then_some(Break::Head),
    }
}

#[cfg(test)]
mod tests;
