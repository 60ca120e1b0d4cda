//! What is sent: approved texts with typed placeholders; no content of the appeal (R-HD-12).

use app::AppError;
use app::notices::{Notice, Told};
use app::ports::Reference;
use chrono::{DateTime, Utc};
use domain::appeal::Appellant;
use domain::audit::{Event, Happening};
use domain::calendar::to_shanghai;
use domain::clocks::ClockId;
use domain::ids::UnitId;
use domain::ticket::Ticket;
use domain::workflow::words::Clock;
use serde::Serialize;

/// What a message is made of.
pub(crate) struct Parts<'a> {
    pub(crate) ticket: &'a Ticket,
    pub(crate) event: &'a Event,
    pub(crate) notice: &'a Notice,
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
        audience: if *parts.notice == Notice::Appellant {
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

/// The body of a message about something that is no ticket.
pub(crate) fn to_unit(
    id: &str,
    number: &str,
    told: &Told,
    words: &str,
) -> Result<Vec<u8>, AppError> {
    let (unit, roles): (_, &[_]) = match told {
        Told::Unit(unit) => (
            unit,
            &[
                "liaison",
                "responsible_leader",
                "county_manager",
                "city_manager",
            ],
        ),
        Told::Desk(unit) => (unit, &["triage_officer", "county_manager"]),
        Told::Editors(unit) => (unit, &["knowledge_editor", "liaison"]),
    };
    let outgoing = Outgoing {
        id,
        audience: "officer",
        way: "in_app",
        to: Recipient::Unit {
            unit: unit.to_string(),
            roles,
        },
        number,
        text: format!("【诉求办理】{words}"),
    };
    serde_json::to_vec(&outgoing).map_err(|error| AppError::Broken(error.to_string()))
}

fn way(parts: &Parts<'_>) -> &'static str {
    match parts.notice {
        Notice::Appellant => parts.ticket.submission.reply_way.code(),
        _ => "in_app",
    }
}

fn recipient(parts: &Parts<'_>) -> Result<Recipient, AppError> {
    let (unit, roles): (_, &[_]) = match parts.notice {
        Notice::Appellant => {
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
        Notice::Liaison(unit) => (unit, &["liaison"]),
        Notice::LiaisonAndLeader(unit) => (unit, &["liaison", "responsible_leader"]),
        Notice::Desk(unit) if *unit == parts.ticket.submission.managing_unit => {
            (unit, &["triage_officer"])
        }
        Notice::Desk(unit) => (unit, &["county_manager"]),
        Notice::Callers(unit) => (unit, &["callback_agent"]),
        Notice::Holder(unit) => (unit, &["triage_officer", "county_manager", "liaison"]),
    };
    Ok(Recipient::Unit {
        unit: unit.to_string(),
        roles,
    })
}

fn text(parts: &Parts<'_>) -> String {
    let words = match parts.notice {
        Notice::Appellant => to_appellant(parts),
        _ => to_officers(parts),
    };
    format!("【诉求办理】{words}")
}

fn to_appellant(parts: &Parts<'_>) -> String {
    let number = &parts.ticket.number;
    let unit = unit_name(parts, &parts.ticket.responsible_unit);
    let page = "请凭编号和查询码查看";
    match &parts.event.happening {
        Happening::Declined { ground, .. } => {
            let (guidance, _) = api::answers::guidance(*ground);
            format!("您的诉求{number}不予受理（{}）。{guidance}", ground.zh())
        }
        Happening::Explained { .. } => format!("您的诉求{number}已作出解释说明，{page}。"),
        Happening::CitedEarlier { earlier, .. } => {
            format!("您的诉求{number}与{earlier}为同一事项，{page}办理结果或进度。")
        }
        Happening::Referred { .. } => {
            format!("您的诉求{number}不属于本市管辖，{page}反映途径。")
        }
        Happening::SupplementRequested { items, .. } => {
            format!("您的诉求{number}需补充{items}项材料，{page}清单并一次提交。")
        }
        Happening::Warned { .. } => format!("您的诉求{number}仍待补充材料，{page}清单。"),
        Happening::ExtensionGranted { .. } | Happening::DeferralGranted { .. } => {
            format!("您的诉求{number}情况复杂，经批准延长办理{}。", due(parts))
        }
        Happening::Reopened { .. } => format!("您的诉求{number}经审核已重新办理。"),
        _ => format!("您的诉求{number}已由{unit}办结，{page}答复并评价。"),
    }
}

#[expect(clippy::too_many_lines, reason = "one text an event: a table")]
fn to_officers(parts: &Parts<'_>) -> String {
    let number = &parts.ticket.number;
    let name = |unit| unit_name(parts, unit);
    match &parts.event.happening {
        Happening::Submitted { .. } => format!("新诉求{number}待分拣，请及时审核派单。"),
        Happening::Transferred { unit, .. } => {
            format!(
                "工单{number}已转{}，请在1个工作日内分派或自行办理。",
                name(unit)
            )
        }
        Happening::Dispatched {
            unit, co_handlers, ..
        }
        | Happening::JointConcluded {
            unit, co_handlers, ..
        } => match parts.notice {
            Notice::Liaison(told) if co_handlers.contains(told) => {
                format!(
                    "工单{number}由{}牵头，请及时签收并出具协办意见。",
                    name(unit)
                )
            }
            _ => format!(
                "工单{number}已派至{}，请及时签收办理{}。",
                name(unit),
                due(parts)
            ),
        },
        Happening::CoHandlersAppointed { .. } => {
            format!("请协办工单{number}，及时签收并出具协办意见。")
        }
        Happening::OpinionGiven { unit, .. } => {
            format!("{}已就工单{number}出具协办意见。", name(unit))
        }
        Happening::CoHandlerReleased { unit, .. } => {
            format!("{}已免除工单{number}的协办。", name(unit))
        }
        Happening::JointOpened { .. } => format!("工单{number}启动联合处置，请参加会商。"),
        Happening::ReturnRequested { .. } => format!("工单{number}申请退回，请及时审核。"),
        Happening::ReturnAccepted { .. } => {
            format!("工单{number}的退回已同意，由派单单位重新分派。")
        }
        Happening::ReturnRefused { .. } => {
            format!("工单{number}的退回不予同意，请继续办理{}。", due(parts))
        }
        Happening::ExtensionRequested { days, .. } => {
            format!("工单{number}申请延期{days}个工作日，请及时审核。")
        }
        Happening::DeferralRequested { .. } => format!("工单{number}申请延期整改，请及时审核。"),
        Happening::ExtensionGranted { .. } | Happening::DeferralGranted { .. } => {
            format!("工单{number}的延期已批准{}。", due(parts))
        }
        Happening::ExtensionRefused { .. } | Happening::DeferralRefused { .. } => {
            format!("工单{number}的延期未获批准，请抓紧办理{}。", due(parts))
        }
        Happening::SupplementClosed { .. } => {
            format!("工单{number}的补充材料已收到，请继续办理{}。", due(parts))
        }
        Happening::SupplementLapsed {} => {
            format!(
                "工单{number}等待补充的时限已到，请按现有材料办理{}。",
                due(parts)
            )
        }
        Happening::SentBack { .. } => {
            format!("工单{number}整改不到位，已退回重新办理{}。", due(parts))
        }
        Happening::Undelivered { .. } => format!("工单{number}的答复未能送达，请另行送达并登记。"),
        Happening::DeadlineMoved { because, .. } => {
            format!("工单{number}的期限已按{because}重新计算{}。", due(parts))
        }
        Happening::Warned { id, .. } => {
            let clock = id.clock.zh();
            format!(
                "工单{number}的{clock}期限临近{}，请抓紧办理。",
                due_of(parts, id)
            )
        }
        Happening::BecameOverdue { id } if id.clock == Clock::Review => {
            format!("工单{number}到了暂无法解决事项的复核日期，请复核。")
        }
        Happening::BecameOverdue { id } => {
            let clock = id.clock.zh();
            format!("工单{number}的{clock}已超期，请立即办理并说明原因。")
        }
        _ => format!("工单{number}已由诉求人撤回，无需继续办理。"),
    }
}

fn unit_name(parts: &Parts<'_>, unit: &UnitId) -> String {
    parts.reference.registry.unit_name(unit).to_owned()
}

/// The limit of the clock that an event is about.
fn due_of(parts: &Parts<'_>, id: &ClockId) -> String {
    let clocks = parts.ticket.clocks(&parts.reference.timetable);
    let clock = clocks.iter().find(|reading| reading.id == *id);
    clock
        .map(|clock| until(clock.due_before))
        .unwrap_or_default()
}

fn due(parts: &Parts<'_>) -> String {
    let due = parts.ticket.due_at(&parts.reference.timetable);
    due.map(until).unwrap_or_default()
}

/// A limit of days ends at 24:00: people read the last day, not the next midnight. One of hours ends
/// within the day.
pub(crate) fn until(due: DateTime<Utc>) -> String {
    let shown = to_shanghai(due);
    if shown.time() == chrono::NaiveTime::MIN {
        let last = to_shanghai(due - chrono::TimeDelta::seconds(1));
        format!("（办理期限至{}24时）", last.format("%m月%d日"))
    } else {
        format!("（办理期限至{}）", shown.format("%m月%d日%H时%M分"))
    }
}
