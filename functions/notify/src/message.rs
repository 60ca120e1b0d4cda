//! What is sent: approved texts with typed placeholders; no content of the appeal (R-HD-12).

use app::AppError;
use app::messages::Audience;
use app::ports::Reference;
use domain::appeal::Appellant;
use domain::audit::{Event, Happening};
use domain::calendar::to_shanghai;
use domain::ticket::Ticket;
use serde::Serialize;

/// What a message is made of.
pub(crate) struct Parts<'a> {
    pub(crate) ticket: &'a Ticket,
    pub(crate) event: &'a Event,
    pub(crate) audience: Audience,
    pub(crate) appellant: Option<Appellant>,
    pub(crate) reference: &'a Reference,
    pub(crate) id: &'a str,
}

#[derive(Serialize)]
struct Outgoing<'a> {
    id: &'a str,
    audience: &'static str,
    way: &'static str,
    to: Recipient,
    number: &'a str,
    text: String,
}

/// Personal data goes to the messaging gateway only, at the last moment.
#[derive(Serialize)]
#[serde(untagged)]
enum Recipient {
    Appellant {
        name: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        phone: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    Unit {
        unit: String,
        roles: &'static [&'static str],
    },
}

/// The message's body.
pub(crate) fn compose(parts: &Parts<'_>) -> Result<Vec<u8>, AppError> {
    let outgoing = Outgoing {
        id: parts.id,
        audience: if parts.audience == Audience::Appellant {
            "appellant"
        } else {
            "officer"
        },
        way: way(parts),
        to: recipient(parts)?,
        number: parts.ticket.number.as_str(),
        text: text(parts),
    };
    serde_json::to_vec(&outgoing).map_err(|error| AppError::Broken(error.to_string()))
}

fn way(parts: &Parts<'_>) -> &'static str {
    match parts.audience {
        Audience::Appellant => parts.ticket.submission.reply_way.code(),
        _ => "in_app",
    }
}

fn recipient(parts: &Parts<'_>) -> Result<Recipient, AppError> {
    let (unit, roles): (_, &[_]) = match parts.audience {
        Audience::Appellant => {
            let appellant = parts.appellant.as_ref();
            let appellant = appellant.ok_or_else(|| AppError::Broken("no vault record".into()))?;
            return Ok(Recipient::Appellant {
                name: appellant.name.reveal().clone(),
                phone: appellant.phone.as_ref().map(|phone| phone.reveal().clone()),
                address: appellant
                    .address
                    .as_ref()
                    .map(|address| address.reveal().clone()),
            });
        }
        Audience::Liaison => (&parts.ticket.responsible_unit, &["liaison"]),
        Audience::LiaisonAndLeader => (
            &parts.ticket.responsible_unit,
            &["liaison", "responsible_leader"],
        ),
        Audience::TriageDesk => (&parts.ticket.submission.managing_unit, &["triage_officer"]),
        Audience::Holder => (
            &parts.ticket.responsible_unit,
            &["triage_officer", "liaison"],
        ),
    };
    Ok(Recipient::Unit {
        unit: unit.to_string(),
        roles,
    })
}

fn text(parts: &Parts<'_>) -> String {
    let number = &parts.ticket.number;
    let unit = parts
        .reference
        .registry
        .unit_name(&parts.ticket.responsible_unit);
    match &parts.event.happening {
        Happening::Submitted(_) => format!("【诉求办理】新诉求{number}待分拣，请及时审核派单。"),
        Happening::Dispatched { .. } => {
            format!(
                "【诉求办理】工单{number}已派至{unit}，请及时签收办理{}。",
                due(parts)
            )
        }
        Happening::Warned { clock, .. } => {
            format!(
                "【诉求办理】工单{number}的{}期限临近{}，请抓紧办理。",
                clock.zh(),
                due(parts)
            )
        }
        Happening::BecameOverdue { clock } => {
            format!(
                "【诉求办理】工单{number}的{}已超期，请立即办理并说明原因。",
                clock.zh()
            )
        }
        Happening::Withdrawn { .. } => {
            format!("【诉求办理】工单{number}已由诉求人撤回，无需继续办理。")
        }
        Happening::Declined { ground, .. } => {
            let (guidance, _) = api::answers::guidance(*ground);
            format!(
                "【诉求办理】您的诉求{number}不予受理（{}）。{guidance}",
                ground.zh()
            )
        }
        _ => {
            format!("【诉求办理】您的诉求{number}已由{unit}办结，请凭编号和查询码查看答复并评价。")
        }
    }
}

fn due(parts: &Parts<'_>) -> String {
    let due = parts.ticket.due_at(&parts.reference.timetable);
    // The limit ends at 24:00; people read the last day, not the next midnight.
    let last = due.map(|due| to_shanghai(due - chrono::TimeDelta::seconds(1)));
    last.map(|last| format!("（办理期限至{}24时）", last.format("%m月%d日")))
        .unwrap_or_default()
}
