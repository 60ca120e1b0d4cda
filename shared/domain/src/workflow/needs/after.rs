//! After closing, and what the clocks do (Art. 6(3), 13(6), 14, 17(2)).

use super::{one, unless};
use crate::calendar::shanghai_date;
use crate::clocks::Reading;
use crate::workflow::command::Command;
use crate::workflow::decide::Question;
use crate::workflow::refusal::Missing;
use crate::workflow::words::{Clock, Need};

/// A rectification is verified once it was deferred and closed (R-HD-5).
pub(super) fn verification_open(question: &Question<'_>) -> Vec<Missing> {
    unless(
        question
            .ticket
            .is_some_and(|ticket| ticket.awaits_verification),
        Need::VerificationOpen,
        "",
        "没有待核实的整改",
    )
}

/// Only what cannot be solved now is reviewed (Art. 13(6)).
pub(super) fn on_register(question: &Question<'_>) -> Vec<Missing> {
    unless(
        question
            .ticket
            .is_some_and(|ticket| ticket.review_on.is_some()),
        Need::OnRegister,
        "",
        "该工单不在暂无法解决登记中",
    )
}

/// A review says what was found, and when the matter is looked at again.
pub(super) fn review_finding(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::ReviewFinding;
    let Command::ReviewUnsolved { next_on, text } = question.command else {
        return Vec::new();
    };
    let mut missing = unless(text.is_some(), need, "/finding", "请填写复核情况");
    let today = shanghai_date(question.facts.at);
    let days = question.facts.rulebook.deferral_days;
    let latest = today.checked_add_days(chrono::Days::new(u64::from(days)));
    let is_wrong =
        next_on.is_some_and(|on| on <= today || latest.is_some_and(|latest| on > latest));
    if is_wrong {
        let advice = format!("下次复核日期应在今日之后、{days}日之内");
        missing.extend(one(need, "/nextOn", advice));
    }
    missing
}

/// 根据回访意见做好整改（第十四条, R-CB-4）: reopened for a dissatisfaction, or when what could not be
/// solved can be solved.
pub(super) fn dissatisfaction(question: &Question<'_>) -> Vec<Missing> {
    let has_ground = question
        .ticket
        .is_some_and(|ticket| ticket.review_on.is_some() || ticket.is_dissatisfied());
    unless(
        has_ground,
        Need::Dissatisfaction,
        "",
        "重办须有诉求人“不满意”或“未解决”的评价或者回访意见，或该事项在暂无法解决登记中",
    )
}

/// The window of reopening; what is on the register has none.
pub(super) fn reopen_in_time(question: &Question<'_>) -> Vec<Missing> {
    let Some(ticket) = question.ticket else {
        return Vec::new();
    };
    let window = ticket.clock(Clock::Reopen, question.facts.timetable);
    let is_in_time = window.is_some_and(|window| !window.is_overdue(question.facts.at));
    let days = question.facts.rulebook.reopen_days;
    unless(
        is_in_time || ticket.review_on.is_some(),
        Need::ReopenInTime,
        "",
        &format!("办结已超过{days}个工作日，不能重办；请引导诉求人重新提交"),
    )
}

/// A failed notice is reported once.
pub(super) fn not_noted(question: &Question<'_>) -> Vec<Missing> {
    unless(
        question.ticket.is_some_and(|ticket| !ticket.is_undelivered),
        Need::NotNoted,
        "",
        "未送达已登记",
    )
}

/// Only what did not arrive is delivered otherwise (R-HD-12).
pub(super) fn undelivered(question: &Question<'_>) -> Vec<Missing> {
    unless(
        question.ticket.is_some_and(|ticket| ticket.is_undelivered),
        Need::Undelivered,
        "",
        "没有未送达的答复",
    )
}

/// One rating for each closing.
pub(super) fn first_rating(question: &Question<'_>) -> Vec<Missing> {
    let is_rated = question
        .ticket
        .is_some_and(|ticket| ticket.rating.is_some());
    unless(
        !is_rated,
        Need::FirstRating,
        "",
        "该诉求已评价，每次办结评价一次",
    )
}

/// A threshold of a clock has come, and has not fired yet (R-CAL-5).
pub(super) fn clock_due(question: &Question<'_>) -> Vec<Missing> {
    let is_due = question.ticket.is_some_and(|ticket| {
        let thresholds = ticket.thresholds(question.facts.timetable);
        thresholds
            .iter()
            .any(|threshold| threshold.at <= question.facts.at && question.command.fires(threshold))
    });
    unless(is_due, Need::ClockDue, "", "期限节点未到或已处理")
}

/// A recomputation names clocks of the ticket, where they stood and where they stand (R-CAL-1).
pub(super) fn deadline_moves(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::DeadlineMoves;
    let (Some(ticket), Command::MoveDeadline { moved, .. }) = (question.ticket, question.command)
    else {
        return Vec::new();
    };
    let clocks = ticket.clocks(question.facts.timetable);
    let stands = |moved: &crate::clocks::Moved| {
        let mut clocks = clocks.iter();
        clocks.any(|reading| reading.id == moved.id && reading.due_before == moved.to)
    };
    let all_move = moved.iter().all(|m| m.from != m.to && stands(m));
    unless(
        !moved.is_empty() && all_move,
        need,
        "",
        "期限没有变动，或变动与现行日历和规则不符",
    )
}

/// A ticket is archived when nothing is left to do (R-CB-5).
pub(super) fn nothing_open(question: &Question<'_>) -> Vec<Missing> {
    let Some(ticket) = question.ticket else {
        return Vec::new();
    };
    let clocks = ticket.clocks(question.facts.timetable);
    let open = clocks.iter().filter(|reading| reading.holds_the_archive());
    let name = |reading: &Reading| reading.id.clock.zh();
    let open: Vec<_> = open.map(name).collect();
    if open.is_empty() {
        return Vec::new();
    }
    let advice = format!("尚有未完成的事项：{}", open.join("、"));
    one(Need::NothingOpen, "", advice)
}
