//! Looking back at what was closed: ratings that are looked into, callbacks, and what they find to be
//! put right (Art. 9, 14, 17(5)).

use super::{one, unless};
use crate::ticket::{How, RatingCheck};
use crate::workflow::command::{CallbackResult, Command, Rating};
use crate::workflow::decide::Question;
use crate::workflow::refusal::Missing;
use crate::workflow::words::Need;

/// Only a dissatisfied rating is contested and verified, and what was found of it stays.
pub(super) fn rating_dissatisfied(question: &Question<'_>) -> Vec<Missing> {
    let is_open = question.ticket.is_some_and(|ticket| {
        let is_found = matches!(ticket.rating_check, Some(RatingCheck::Found(_)));
        ticket.rating.is_some_and(Rating::is_dissatisfied) && !is_found
    });
    unless(
        is_open,
        Need::RatingDissatisfied,
        "",
        "没有尚未核实的“不满意”或“未解决”评价",
    )
}

/// A unit contests a rating once.
pub(super) fn first_contest(question: &Question<'_>) -> Vec<Missing> {
    unless(
        question
            .ticket
            .is_some_and(|ticket| ticket.rating_check.is_none()),
        Need::FirstContest,
        "",
        "该评价已申诉，每次评价申诉一次",
    )
}

/// 办结后回访（第十四条）: what was closed with an answer of some kind, once for each closing.
pub(super) fn drawable(question: &Question<'_>) -> Vec<Missing> {
    let is_drawable = question.ticket.is_some_and(|ticket| {
        let has_answer = !matches!(
            ticket.closed,
            None | Some(How::Withdrawn | How::Explained { .. })
        );
        has_answer && ticket.callback.is_none()
    });
    unless(
        is_drawable,
        Need::Drawable,
        "",
        "撤回、锁定或者已抽取回访的工单不再抽取",
    )
}

/// 不得自访: who handled any of it does not call.
pub(super) fn caller_outside(question: &Question<'_>) -> Vec<Missing> {
    let (Some(ticket), Command::DrawCallback { caller, .. }) = (question.ticket, question.command)
    else {
        return Vec::new();
    };
    unless(
        ticket.taking_part().all(|unit| unit != caller),
        Need::CallerOutside,
        "",
        "承办和协办单位不得回访本单位办理的工单",
    )
}

/// A callback was drawn and is not done.
pub(super) fn callback_open(question: &Question<'_>) -> Vec<Missing> {
    unless(
        question.ticket.is_some_and(|it| it.caller().is_some()),
        Need::CallbackOpen,
        "",
        "该工单没有未完成的回访",
    )
}

/// A callback ends without an answer only after the rulebook's calls.
pub(super) fn callback_attempts(question: &Question<'_>) -> Vec<Missing> {
    let (Some(ticket), Command::CompleteCallback { result, .. }) =
        (question.ticket, question.command)
    else {
        return Vec::new();
    };
    let least = question.facts.rulebook.callback_attempts;
    let attempts = ticket.callback.as_ref().map_or(0, |it| it.attempts);
    if *result != CallbackResult::Unreached || attempts >= least {
        return Vec::new();
    }
    let advice = format!("拨打{least}次均未接通方可登记为未访到，现为{attempts}次");
    one(Need::CallbackAttempts, "/outcome", advice)
}

/// The unit has yet to say what it put right.
pub(super) fn rectification_open(question: &Question<'_>) -> Vec<Missing> {
    unless(
        question.ticket.is_some_and(|ticket| ticket.is_to_rectify),
        Need::RectificationOpen,
        "",
        "没有未报告的回访整改",
    )
}
