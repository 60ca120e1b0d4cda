//! What a clock's start or limit takes from the events before it.

use chrono::{DateTime, Utc};

use crate::audit::{Event, Happening};
use crate::calendar::{Calendar, shanghai_date};
use crate::workflow::words::DrawGround;

/// Working days for which the appellant was waited, over all supplement lists of the ticket.
pub fn waited_days(events: &[Event], calendar: &Calendar) -> u32 {
    let (mut days, mut since) = (0, None);
    for event in events {
        match &event.happening {
            Happening::SupplementRequested { .. } => since = Some(event.at),
            Happening::SupplementClosed { .. }
            | Happening::SupplementLapsed {}
            | Happening::Withdrawn { .. } => {
                let (until, since) = (shanghai_date(event.at), since.take());
                days += since.map_or(0, |since| {
                    calendar.working_days_between(shanghai_date(since), until)
                });
            }
            _ => {}
        }
    }
    days
}

/// 办结后3个工作日内 (Art. 14): a callback's time runs from closing, or from the rating that asks for
/// it, and not from the draw.
pub(super) fn called_for_at(
    before: &[Event],
    ground: DrawGround,
    drawn_at: DateTime<Utc>,
) -> DateTime<Utc> {
    let calls_for = |event: &&Event| match (ground, &event.happening) {
        (DrawGround::Dissatisfied, happening) => matches!(happening, Happening::Rated { .. }),
        (DrawGround::Sampled, happening) => crate::ticket::closes(happening),
    };
    let last = before.iter().rev().find(calls_for);
    last.map_or(drawn_at, |event| event.at)
}
