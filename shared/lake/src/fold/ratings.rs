//! What appellants thought of it, by themselves or when they were called back (Art. 9, 14).

use chrono::{DateTime, Utc};
use domain::audit::Happening;
use domain::calendar::shanghai_date;
use domain::ids::UnitId;
use domain::ticket::Ticket;
use domain::workflow::command::{CallbackResult, Rating};
use domain::workflow::words::DrawGround;

use super::{Held, steps};
use crate::rows::RatingRow;

pub(super) fn rating_rows(ticket: &Ticket, held: &[Held]) -> Vec<RatingRow> {
    let mut rows: Vec<RatingRow> = Vec::new();
    let (mut drawn, mut tries): (Option<DrawGround>, u32) = (None, 0);
    for (version, event, now) in steps(ticket, held) {
        match &event.happening {
            Happening::Rated { rating, .. } => {
                let of = (ticket, version, event.at, &now.unit);
                rows.push(rated("rating", of, Some(*rating), (None, 0)));
            }
            Happening::RatingVerified { finding, .. } => {
                if let Some(row) = rows.iter_mut().rfind(|row| row.source == "rating") {
                    row.finding = Some(*finding);
                }
            }
            Happening::CallbackDrawn { ground, .. } => (drawn, tries) = (Some(*ground), 0),
            Happening::CallbackTried { .. } => tries += 1,
            Happening::CalledBack { result, .. } => {
                let rating = match result {
                    CallbackResult::Answered(rating) => Some(*rating),
                    CallbackResult::Unreached => None,
                };
                let of = (ticket, version, event.at, &now.unit);
                rows.push(rated("callback", of, rating, (drawn, tries)));
            }
            _ => {}
        }
    }
    rows
}

fn rated(
    source: &str,
    (ticket, version, at, unit): (&Ticket, u32, DateTime<Utc>, &UnitId),
    rating: Option<Rating>,
    (drawn, tries): (Option<DrawGround>, u32),
) -> RatingRow {
    RatingRow {
        number: ticket.number.clone(),
        version,
        source: source.to_owned(),
        unit: unit.clone(),
        at,
        made_on: shanghai_date(at),
        level: rating.map(|rating| u32::from(rating.level)),
        is_solved: rating.map(|rating| rating.solved),
        is_dissatisfied: rating.is_some_and(Rating::is_dissatisfied),
        aspect: rating.and_then(|rating| rating.aspect),
        finding: None,
        drawn,
        tries,
    }
}
