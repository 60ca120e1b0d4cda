//! Where an appeal stands, for the appellant (R-IN-7).

use app::documents::AnswerDocument;
use app::ports::{Dossier, Reference};
use chrono::{DateTime, Utc};
use domain::audit::{Event, Happening};
use domain::ticket::Ticket;
use domain::workflow::decide::is_open as is_open_to;
use domain::workflow::words::{Action, Role, State};
use serde::Serialize;

use super::texts::{answer_of, guidance_of};

/// Where an appeal stands, for the appellant.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrackPage {
    number: String,
    state: &'static str,
    state_name: &'static str,
    received_at: DateTime<Utc>,
    managing_unit: String,
    responsible_unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<DateTime<Utc>>,
    provisional: bool,
    timeline: Vec<TrackLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<AnswerDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guidance: Option<String>,
    can_rate: bool,
    can_withdraw: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<RatingView>,
}

#[derive(Debug, Serialize)]
struct TrackLine {
    at: DateTime<Utc>,
    what: &'static str,
    text: String,
}

#[derive(Debug, Serialize)]
struct RatingView {
    level: u8,
    solved: bool,
}

/// What the appellant sees: no officer's name, no internal note.
pub fn track_page(ticket: &Ticket, dossier: &Dossier, reference: &Reference) -> TrackPage {
    let registry = &reference.registry;
    let may = |action| is_open_to(action, Role::Appellant, ticket.state);
    let is_open = !matches!(ticket.state, State::Closed | State::Archived);
    let clocks = ticket.clocks(&reference.timetable);
    let lines = ticket.events.iter().filter_map(|event| {
        let text = track_text(event, reference)?;
        Some(TrackLine {
            at: event.at,
            what: event.happening.action().zh(),
            text,
        })
    });
    TrackPage {
        number: ticket.number.to_string(),
        state: ticket.state.code(),
        state_name: ticket.state.zh(),
        received_at: ticket.received_at,
        managing_unit: registry
            .unit_name(&ticket.submission.managing_unit)
            .to_owned(),
        responsible_unit: registry.unit_name(&ticket.responsible_unit).to_owned(),
        due_at: ticket.due_at(&reference.timetable).filter(|_| is_open),
        provisional: is_open && clocks.iter().any(|clock| clock.provisional),
        timeline: lines.collect(),
        answer: answer_of(ticket, dossier),
        guidance: guidance_of(ticket, dossier),
        can_rate: may(Action::Rate) && ticket.rating.is_none(),
        can_withdraw: may(Action::Withdraw),
        rating: ticket.rating.map(|r| RatingView {
            level: r.level,
            solved: r.solved,
        }),
    }
}

fn track_text(event: &Event, reference: &Reference) -> Option<String> {
    Some(match &event.happening {
        Happening::Submitted(submission) => {
            let unit = reference.registry.unit_name(&submission.managing_unit);
            format!("您的诉求已提交，由{unit}审核。")
        }
        Happening::Dispatched { unit, .. } => {
            format!("已转{}办理。", reference.registry.unit_name(unit))
        }
        Happening::Signed => "承办单位已签收。".to_owned(),
        Happening::Contacted(contact) => {
            format!(
                "承办单位通过{}与您联系：{}。",
                contact.way.zh(),
                contact.outcome.zh()
            )
        }
        Happening::AnsweredDirectly { .. } | Happening::Closed { .. } => {
            "已办结并答复，请查看答复内容。".to_owned()
        }
        Happening::Declined { ground, .. } => format!("不予受理：{}。", ground.zh()),
        Happening::Rated { .. } => "您已评价。".to_owned(),
        Happening::Withdrawn { .. } => "您已撤回诉求，办理终止。".to_owned(),
        Happening::Archived { .. } => "已归档。".to_owned(),
        Happening::Warned { .. } | Happening::BecameOverdue { .. } => return None,
    })
}
