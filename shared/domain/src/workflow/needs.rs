//! One function per [`Need`]: what the row's word means. No guard stands anywhere else.

use super::decide::{Command, Facts};
use super::refusal::Missing;
use super::words::{ContactOutcome, Need};
use crate::answer::{Answer, Part, is_perfunctory};
use crate::registry::UnitKind;
use crate::ticket::Ticket;

/// What `need` finds missing.
pub(super) fn missing(
    need: Need,
    ticket: Option<&Ticket>,
    command: &Command,
    facts: &Facts<'_>,
) -> Vec<Missing> {
    match need {
        Need::Answer => answer_parts(command),
        Need::SubstantialAnswer => substantial_answer(command, facts),
        Need::HandlingRecord => handling_record(command),
        Need::Contact => contact(ticket, command),
        Need::LawfulRoute => lawful_route(command),
        Need::ResolvingUnit => resolving_unit(facts),
        Need::FirstRating => first_rating(ticket),
        Need::ClockDue => clock_due(ticket, command, facts),
    }
}

fn one(need: Need, pointer: &'static str, advice: impl Into<String>) -> Vec<Missing> {
    vec![Missing {
        need,
        pointer,
        advice: advice.into(),
    }]
}

fn empty_parts<'a>(need: Need, parts: impl IntoIterator<Item = Part<'a>>) -> Vec<Missing> {
    let empty = parts
        .into_iter()
        .filter(|(_, _, text)| text.trim().is_empty());
    empty
        .map(|(pointer, name, _)| Missing {
            need,
            pointer,
            advice: format!("请填写“{name}”"),
        })
        .collect()
}

fn given_answer(command: &Command) -> Option<&Answer> {
    match command {
        Command::AnswerDirectly { answer, .. } | Command::Close { answer, .. } => Some(answer),
        _ => None,
    }
}

/// 答复四要素（第十三条（五））.
fn answer_parts(command: &Command) -> Vec<Missing> {
    match given_answer(command) {
        Some(answer) => empty_parts(Need::Answer, answer.parts()),
        None => one(Need::Answer, "/answer", "请填写答复"),
    }
}

/// 不得敷衍了事（第十三条（二））: pointed out before the answer is sent (R-HD-10).
fn substantial_answer(command: &Command, facts: &Facts<'_>) -> Vec<Missing> {
    let least = facts.rulebook.answer_part_characters;
    let Some(answer) = given_answer(command) else {
        return Vec::new();
    };
    let thin = answer
        .parts()
        .into_iter()
        .filter(|(_, _, text)| !text.trim().is_empty() && is_perfunctory(text, least));
    thin.map(|(pointer, name, _)| Missing {
        need: Need::SubstantialAnswer,
        pointer,
        advice: format!("“{name}”过于简略或仅为套话，请写明具体情况"),
    })
    .collect()
}

/// 处理记录五要素（第八条（四））.
fn handling_record(command: &Command) -> Vec<Missing> {
    match command {
        Command::Close { record, .. } => empty_parts(Need::HandlingRecord, record.parts()),
        _ => one(Need::HandlingRecord, "/record", "请填写处理记录"),
    }
}

/// 及时联系用户（第十三条（一））: an answer counts as investigated only after a contact (R-HD-8).
fn contact(ticket: Option<&Ticket>, command: &Command) -> Vec<Missing> {
    let with_closing = matches!(
        command,
        Command::Close {
            contact: Some(_),
            ..
        }
    );
    if with_closing || ticket.is_some_and(|ticket| ticket.contacts > 0) {
        return Vec::new();
    }
    let outcomes = ContactOutcome::ALL
        .iter()
        .map(|outcome| outcome.zh())
        .collect::<Vec<_>>();
    one(
        Need::Contact,
        "/contact",
        format!(
            "办结前须联系用户并登记时间、方式和结果（{}）",
            outcomes.join("、")
        ),
    )
}

/// 告知相应法定维权及处置路径（第十一条（一））.
fn lawful_route(command: &Command) -> Vec<Missing> {
    match command {
        Command::Decline { .. } => Vec::new(),
        _ => one(Need::LawfulRoute, "/ground", "请选择不予受理的情形"),
    }
}

/// 派单对象须为登记在册的解决单位，且有分管领导和联络员（第八条（一）, R-HD-1）.
fn resolving_unit(facts: &Facts<'_>) -> Vec<Missing> {
    match facts.unit {
        None => one(
            Need::ResolvingUnit,
            "/unit",
            "没有这个单位，请从单位目录中选择",
        ),
        Some(unit) if unit.kind != UnitKind::Resolving => one(
            Need::ResolvingUnit,
            "/unit",
            format!("{}不是问题解决单位", unit.name),
        ),
        Some(unit) if !unit.can_receive() => one(
            Need::ResolvingUnit,
            "/unit",
            format!("{}未登记分管领导或联络员，暂不能接单", unit.name),
        ),
        Some(_) => Vec::new(),
    }
}

fn first_rating(ticket: Option<&Ticket>) -> Vec<Missing> {
    match ticket.and_then(|ticket| ticket.rating) {
        Some(_) => one(Need::FirstRating, "", "该诉求已评价，每件诉求评价一次"),
        None => Vec::new(),
    }
}

/// A threshold of a clock has come, and has not fired yet (R-CAL-5).
fn clock_due(ticket: Option<&Ticket>, command: &Command, facts: &Facts<'_>) -> Vec<Missing> {
    let due = ticket.is_some_and(|ticket| {
        let thresholds = ticket.thresholds(facts.timetable);
        thresholds
            .iter()
            .any(|threshold| threshold.at <= facts.at && command.fires(threshold))
    });
    if due {
        Vec::new()
    } else {
        one(Need::ClockDue, "", "期限节点未到或已处理")
    }
}
