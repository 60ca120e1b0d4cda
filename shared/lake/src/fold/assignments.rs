//! Who had a ticket, and who helped with it (Art. 6(1), 10(3)).

use domain::audit::{Event, Happening};
use domain::calendar::shanghai_date;
use domain::ids::UnitId;
use domain::ticket::Ticket;
use domain::workflow::words::State;

use super::{Held, steps};
use crate::rows::AssignmentRow;

pub(super) fn assignment_rows(ticket: &Ticket, held: &[Held]) -> Vec<AssignmentRow> {
    let mut rows: Vec<AssignmentRow> = Vec::new();
    let mut reason = None;
    for (_, event, now) in steps(ticket, held) {
        let (at, action) = (event.at, event.happening.action());
        let mut end = |wanted: &dyn Fn(&AssignmentRow) -> bool, why| {
            let open = rows.iter_mut().filter(|row| row.ended_at.is_none());
            for row in open.filter(|row| wanted(row)) {
                (row.ended_at, row.ended_by) = (Some(at), Some(action));
                row.return_reason = why;
            }
        };
        let is_with_somebody = now.state.is_open() && now.state != State::Received;
        match &event.happening {
            Happening::Dispatched { .. }
            | Happening::JointConcluded { .. }
            | Happening::Transferred { .. } => end(&|_| true, None),
            Happening::ReturnRequested { reason: why, .. } => reason = Some(*why),
            Happening::ReturnAccepted { .. } => end(&|_| true, reason.take()),
            Happening::OpinionGiven { unit, .. } | Happening::CoHandlerReleased { unit, .. } => {
                end(&|row| row.part == CO_HANDLER && row.unit == *unit, None);
            }
            _ if !is_with_somebody => end(&|_| true, None),
            _ => {}
        }
        sign(&mut rows, event, now);
        let has_lead = rows
            .iter()
            .any(|row| row.ended_at.is_none() && row.part != CO_HANDLER);
        let part = if now.state == State::WithCounty {
            COUNTY
        } else {
            LEAD
        };
        if is_with_somebody && !has_lead {
            rows.push(assigned(ticket, &now.unit, part, event));
        }
        for unit in helpers(&event.happening) {
            rows.push(assigned(ticket, unit, CO_HANDLER, event));
        }
    }
    for (sequence, row) in (1..).zip(&mut rows) {
        row.sequence = sequence;
    }
    rows
}

const LEAD: &str = "lead";
const COUNTY: &str = "county";
const CO_HANDLER: &str = "co_handler";

fn helpers(happening: &Happening) -> &[UnitId] {
    match happening {
        Happening::Dispatched {
            co_handlers: units, ..
        }
        | Happening::JointConcluded {
            co_handlers: units, ..
        }
        | Happening::CoHandlersAppointed { units, .. } => units,
        _ => &[],
    }
}

fn sign(rows: &mut [AssignmentRow], event: &Event, now: &Held) {
    let (part, unit) = match &event.happening {
        Happening::Signed {} => (LEAD, &now.unit),
        Happening::CoSigned { unit } => (CO_HANDLER, unit),
        _ => return,
    };
    let open = rows.iter_mut().filter(|row| row.ended_at.is_none());
    for row in open.filter(|row| row.part == part && row.unit == *unit) {
        row.signed_at = Some(event.at);
    }
}

fn assigned(ticket: &Ticket, unit: &UnitId, part: &str, event: &Event) -> AssignmentRow {
    AssignmentRow {
        number: ticket.number.clone(),
        sequence: 0,
        unit: unit.clone(),
        part: part.to_owned(),
        assigned_at: event.at,
        assigned_on: shanghai_date(event.at),
        signed_at: None,
        ended_at: None,
        ended_by: None,
        return_reason: None,
    }
}
