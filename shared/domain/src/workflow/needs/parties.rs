//! Units: who may be given a ticket, who helps, who meets (Art. 6(6), 7, 8(1), 10).

use super::{one, unless};
use crate::calendar::shanghai_date;
use crate::ids::UnitId;
use crate::registry::UnitKind;
use crate::ticket::CoStage;
use crate::workflow::command::Command;
use crate::workflow::decide::Question;
use crate::workflow::refusal::Missing;
use crate::workflow::words::{Need, State};

const UNKNOWN: &str = "没有这个单位，请从单位目录中选择";

fn named_unit<'a>(question: &Question<'a>) -> Option<&'a UnitId> {
    match question.command {
        Command::Dispatch { unit, .. }
        | Command::ConcludeJoint { unit, .. }
        | Command::Transfer { unit, .. } => Some(unit),
        _ => None,
    }
}

/// 派单对象须为登记在册的解决单位，且有分管领导和联络员（第八条（一）, R-HD-1）.
pub(super) fn resolving_unit(question: &Question<'_>) -> Vec<Missing> {
    match named_unit(question) {
        Some(unit) if !is_within_county(question, unit) => one(
            Need::ResolvingUnit,
            "/unit",
            "县级只能分派给本辖区的单位；不属本辖区的，请申请退回",
        ),
        Some(unit) => receiving(Need::ResolvingUnit, question, unit, "/unit"),
        None => one(Need::ResolvingUnit, "/unit", UNKNOWN),
    }
}

/// 属地分派（第七条（一））: a county dispatches within its own area.
fn is_within_county(question: &Question<'_>, unit: &UnitId) -> bool {
    let registry = question.facts.registry;
    let with_county = question
        .ticket
        .filter(|ticket| ticket.state == State::WithCounty);
    let county = with_county.and_then(|ticket| registry.unit(&ticket.responsible_unit));
    match (county, registry.unit(unit)) {
        (Some(county), Some(unit)) => county.area == unit.area,
        _ => true,
    }
}

fn receiving(need: Need, question: &Question<'_>, unit: &UnitId, pointer: &str) -> Vec<Missing> {
    match question.facts.registry.unit(unit) {
        None => one(need, pointer, UNKNOWN),
        Some(unit) if unit.kind != UnitKind::Resolving => {
            one(need, pointer, format!("{}不是问题解决单位", unit.name))
        }
        Some(unit) if !unit.can_receive() => one(
            need,
            pointer,
            format!("{}未登记分管领导或联络员，暂不能接单", unit.name),
        ),
        Some(_) => Vec::new(),
    }
}

/// 转办 goes to a county's managing unit (第七条).
pub(super) fn county_unit(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::CountyUnit;
    let unit = named_unit(question).and_then(|unit| question.facts.registry.unit(unit));
    match unit {
        None => one(need, "/unit", UNKNOWN),
        Some(unit) if unit.kind != UnitKind::CountyManaging => {
            one(need, "/unit", format!("{}不是县级管理单位", unit.name))
        }
        Some(_) => Vec::new(),
    }
}

/// 其他单位协同配合（第十条（三））: each named once, none of them the lead, each able to receive.
pub(super) fn co_handlers(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::CoHandlers;
    let (units, lead) = match question.command {
        Command::Dispatch {
            unit, co_handlers, ..
        }
        | Command::ConcludeJoint {
            unit, co_handlers, ..
        } => (co_handlers, Some(unit)),
        Command::AppointCoHandlers { units, .. } => {
            if units.is_empty() {
                return one(need, "/coHandlers", "请选择协办单位");
            }
            (
                units,
                question.ticket.map(|ticket| &ticket.responsible_unit),
            )
        }
        _ => return Vec::new(),
    };
    let mut missing = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        let pointer = format!("/coHandlers/{index}");
        let helps_already = matches!(question.command, Command::AppointCoHandlers { .. })
            && question
                .ticket
                .and_then(|ticket| ticket.co_handling_of(unit))
                .is_some_and(|part| part.stage != CoStage::Released);
        if Some(unit) == lead {
            missing.extend(one(need, pointer, "牵头单位不能同时协办"));
        } else if units.iter().take(index).any(|earlier| earlier == unit) || helps_already {
            missing.extend(one(need, pointer, "该单位已在协办单位中"));
        } else {
            missing.extend(receiving(need, question, unit, &pointer));
        }
    }
    missing
}

/// A co-handler signs once, and speaks once, after signing (R-TR-5).
pub(super) fn own_co_handling(question: &Question<'_>) -> Vec<Missing> {
    let unit = question.actor.unit();
    let part = question
        .ticket
        .zip(unit)
        .and_then(|(ticket, unit)| ticket.co_handling_of(unit));
    let need = Need::OwnCoHandling;
    match (question.command, part.map(|part| &part.stage)) {
        (Command::CoSign, Some(CoStage::ToSign))
        | (Command::GiveOpinion { .. }, Some(CoStage::Signed)) => Vec::new(),
        (Command::GiveOpinion { .. }, Some(CoStage::ToSign)) => {
            one(need, "", "请先签收协办任务，再出具意见")
        }
        (_, Some(CoStage::Released)) => one(need, "", "本单位的协办已被免除"),
        (_, Some(_)) => one(need, "", "本单位的这项协办已完成"),
        (_, None) => one(need, "", "本单位没有这件工单的协办任务"),
    }
}

/// A released co-handler was one, and had not spoken.
pub(super) fn open_co_handling(question: &Question<'_>) -> Vec<Missing> {
    let Command::ReleaseCoHandler { unit, .. } = question.command else {
        return Vec::new();
    };
    let part = question
        .ticket
        .and_then(|ticket| ticket.co_handling_of(unit));
    unless(
        part.is_some_and(crate::ticket::CoHandling::is_open),
        Need::OpenCoHandling,
        "/unit",
        "该单位没有尚未完成的协办",
    )
}

/// 联合处置 has members, each registered, each once (第六条（六）, R-TR-10).
pub(super) fn members(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::Members;
    let Command::OpenJoint { members, .. } = question.command else {
        return Vec::new();
    };
    if members.len() < 2 {
        return one(need, "/members", "联合处置至少有两个成员单位");
    }
    let mut missing = Vec::new();
    for (index, unit) in members.iter().enumerate() {
        let pointer = format!("/members/{index}");
        if question.facts.registry.unit(unit).is_none() {
            missing.extend(one(need, pointer, UNKNOWN));
        } else if members.iter().take(index).any(|earlier| earlier == unit) {
            missing.extend(one(need, pointer, "成员单位重复"));
        }
    }
    missing
}

/// A meeting was held on a day that is not to come, and has minutes.
pub(super) fn meeting(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::Meeting;
    let Command::RecordMeeting { on, text } = question.command else {
        return Vec::new();
    };
    let mut missing = unless(text.is_some(), need, "/minutes", "请填写会商内容");
    let is_past = *on <= shanghai_date(question.facts.at);
    missing.extend(unless(is_past, need, "/metOn", "会商日期不能晚于今日"));
    missing
}

/// A conclusion rests on a meeting.
pub(super) fn meeting_held(question: &Question<'_>) -> Vec<Missing> {
    let joint = question.ticket.and_then(|ticket| ticket.joint.as_ref());
    unless(
        joint.is_some_and(|joint| joint.meetings > 0),
        Need::MeetingHeld,
        "",
        "形成结论前须至少登记一次会商",
    )
}

/// 提请市政府专题研究 happens once.
pub(super) fn first_raise(question: &Question<'_>) -> Vec<Missing> {
    let joint = question.ticket.and_then(|ticket| ticket.joint.as_ref());
    unless(
        joint.is_some_and(|joint| !joint.is_raised),
        Need::FirstRaise,
        "",
        "已提请市政府专题研究",
    )
}

/// 同一事项无新情况重复提交（第十一条（三））: the earlier one exists, is another, and came before.
pub(super) fn earlier_ticket(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::EarlierTicket;
    let Some(earlier) = question.facts.earlier else {
        return one(need, "/earlier", "没有找到原工单，请核对编号");
    };
    let comes_before = question.ticket.is_some_and(|ticket| {
        earlier.number != ticket.number && earlier.received_at <= ticket.received_at
    });
    let mut missing = unless(
        comes_before,
        need,
        "/earlier",
        "原工单须为此前收到的另一件工单",
    );
    missing.extend(unless(
        !earlier.is_locked(),
        need,
        "/earlier",
        "原工单内容已锁定，不能引用",
    ));
    missing
}
