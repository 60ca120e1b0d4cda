//! Where an appeal stands, for the appellant (R-IN-7).

use app::documents::{AnswerDocument, CitedEntry, InterimDocument};
use app::ports::{Dossier, Reference};
use chrono::{DateTime, NaiveDate, Utc};
use domain::audit::{Event, Happening};
use domain::ids::UnitId;
use domain::ticket::Ticket;
use domain::workflow::command::CallbackResult;
use domain::workflow::decide::is_open as is_open_to;
use domain::workflow::words::{Action, Ground, Purpose, RatedAspect, Role, State};
use serde::Serialize;

use super::parts::{SupplementView, supplement};
use super::receipts::{Reader, ReceiptView, receipts};
use super::texts::{answer_of, guidance_of, interim_of, knowledge_of};

/// Where an appeal stands, for the appellant.
#[derive(Debug, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what the page offers, each by itself"
)]
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    knowledge: Vec<CitedEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interim: Option<InterimDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guidance: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplement: Option<SupplementView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<EarlierView>,
    receipts: Vec<ReceiptView>,
    can_supplement: bool,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect: Option<&'static str>,
}

/// How the earlier appeal on the same matter stands (Art. 11(3)).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EarlierView {
    number: String,
    state_name: &'static str,
    responsible_unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<DateTime<Utc>>,
}

/// What the page is made of.
#[derive(Debug)]
pub struct TrackParts<'a> {
    /// The ticket.
    pub ticket: &'a Ticket,
    /// Its texts.
    pub dossier: &'a Dossier,
    /// The earlier ticket on the same matter, where this one was closed as its repeat.
    pub earlier: Option<&'a Ticket>,
    /// Reference data.
    pub reference: &'a Reference,
}

/// What the appellant sees: no officer's name, no internal note.
pub fn track_page(parts: &TrackParts<'_>) -> TrackPage {
    let TrackParts {
        ticket,
        dossier,
        reference,
        ..
    } = parts;
    let registry = &reference.registry;
    let may = |action| is_open_to(action, Role::Appellant, None, ticket);
    let is_open = ticket.state.is_open();
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
        due_at: due_at(ticket, reference),
        provisional: is_open && clocks.iter().any(|clock| clock.provisional),
        timeline: lines.collect(),
        answer: answer_of(ticket, dossier),
        knowledge: knowledge_of(ticket, dossier),
        interim: interim_of(ticket, dossier),
        guidance: guidance_of(ticket, dossier),
        supplement: supplement(ticket, dossier, true),
        earlier: parts
            .earlier
            .map(|earlier| earlier_view(earlier, reference)),
        receipts: receipts(ticket, reference, Reader::Appellant),
        can_supplement: may(Action::AnswerSupplement),
        can_rate: may(Action::Rate) && ticket.rating.is_none(),
        can_withdraw: may(Action::Withdraw),
        rating: ticket.rating.map(|r| RatingView {
            level: r.level,
            solved: r.solved,
            aspect: r.aspect.map(RatedAspect::code),
        }),
    }
}

fn earlier_view(earlier: &Ticket, reference: &Reference) -> EarlierView {
    let unit = reference.registry.unit_name(&earlier.responsible_unit);
    EarlierView {
        number: earlier.number.to_string(),
        state_name: earlier.state.zh(),
        responsible_unit: unit.to_owned(),
        due_at: due_at(earlier, reference),
    }
}

/// By when it is to be closed; none while the appellant is waited for, since it moves every day.
fn due_at(ticket: &Ticket, reference: &Reference) -> Option<DateTime<Utc>> {
    let is_reckoned = ticket.state.is_open() && ticket.state != State::AwaitingSupplement;
    is_reckoned
        .then(|| ticket.due_at(&reference.timetable))
        .flatten()
}

#[expect(clippy::too_many_lines, reason = "one text an event: a table")]
fn track_text(event: &Event, reference: &Reference) -> Option<String> {
    let name = |unit: &UnitId| reference.registry.unit_name(unit).to_owned();
    let day = |date: &NaiveDate| date.format("%Y年%m月%d日").to_string();
    Some(match &event.happening {
        Happening::Submitted { submission } => {
            format!(
                "您的诉求已提交，由{}审核。",
                name(&submission.managing_unit)
            )
        }
        Happening::Dispatched { unit, .. } => format!("已转{}办理。", name(unit)),
        Happening::Transferred { unit, .. } => format!("已转{}分派办理。", name(unit)),
        Happening::TakenOn {} => "县级管理单位自行办理。".to_owned(),
        Happening::ReturnAccepted { to, .. } => {
            format!("经审核需另行确定承办单位，由{}重新分派。", name(to))
        }
        Happening::JointOpened { .. } => "已启动多部门联合处置。".to_owned(),
        Happening::RaisedToGovernment { .. } => "已提请市政府专题研究。".to_owned(),
        Happening::JointConcluded { unit, .. } => {
            format!("联合处置已确定由{}办理。", name(unit))
        }
        Happening::Signed {} => "承办单位已签收。".to_owned(),
        Happening::Contacted { contact } => {
            let (way, outcome) = (contact.way.zh(), contact.outcome.zh());
            format!("承办单位通过{way}与您联系：{outcome}。")
        }
        Happening::ExtensionGranted { days, .. } => {
            format!("因情况复杂，经批准延期{days}个工作日。")
        }
        Happening::DeferralGranted { until, .. } => {
            format!("经批准延期整改，预计于{}前完成。", day(until))
        }
        Happening::SupplementRequested { items, .. } => {
            format!("需要您补充{items}项材料，只要求这一次，请按清单补齐。")
        }
        Happening::SupplementAnswered { items, .. } => {
            format!("您已补充{}项材料。", items.len())
        }
        Happening::SupplementClosed { .. } => "补充材料已结束，继续办理。".to_owned(),
        Happening::SupplementLapsed {} => "等待补充材料的时限已到，按现有材料继续办理。".to_owned(),
        Happening::AnsweredDirectly { .. } | Happening::Closed { .. } => {
            "已办结并答复，请查看答复内容。".to_owned()
        }
        Happening::Declined { ground, .. } => declined(*ground),
        Happening::Explained { .. } => "已作出解释说明并办结。".to_owned(),
        Happening::CitedEarlier { earlier, .. } => {
            format!("与诉求{earlier}为同一事项，引用其办理结果或进度。")
        }
        Happening::Referred { .. } => "不属于本市管辖，已告知反映途径。".to_owned(),
        Happening::SentBack { .. } => "经核实整改不到位，已退回重新办理。".to_owned(),
        Happening::Reopened { .. } => "经审核，您的诉求已重新办理。".to_owned(),
        Happening::DeadlineMoved { because, .. } => {
            format!("办理期限已按{because}重新计算。")
        }
        Happening::Rated { .. } => "您已评价。".to_owned(),
        Happening::RatingVerified { finding, .. } => {
            format!("您的评价已核实：{}。", finding.zh())
        }
        Happening::CallbackTried { outcome, .. } => format!("回访：{}。", outcome.zh()),
        Happening::CalledBack { result, .. } => match result {
            CallbackResult::Unreached => "多次回访未能联系上您。".to_owned(),
            CallbackResult::Answered(_) => "已回访，您的意见已登记。".to_owned(),
        },
        Happening::RectificationCompleted { .. } => "承办单位已根据回访意见整改。".to_owned(),
        Happening::Revealed { purpose } => looked(&name(event.by.unit()?), *purpose),
        Happening::Erased { ground, .. } => {
            format!(
                "您的个人信息已删除（{}），此处仅保留不含个人信息的办理记录。",
                ground.zh()
            )
        }
        Happening::Withdrawn { .. } => "您已撤回诉求，办理终止。".to_owned(),
        Happening::Archived { .. } => "已归档。".to_owned(),
        _ => return None,
    })
}

/// Art. 11(1): in a whole sentence.
fn declined(ground: Ground) -> String {
    let scope = if ground.is_emergency() {
        ""
    } else {
        "的范围"
    };
    format!("不予受理：属于{}{scope}。", ground.zh())
}

/// Art. 16: by unit, not by person.
fn looked(unit: &str, purpose: Purpose) -> String {
    let purpose = purpose.zh();
    format!("{unit}因“{purpose}”查看了您的联系方式等个人信息。")
}
