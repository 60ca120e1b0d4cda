//! What a unit may ask for: to give a ticket back, more time, supplements (Art. 8(3), 12).

use super::{one, unless};
use crate::calendar::shanghai_date;
use crate::clocks::{Reading, waited_days};
use crate::ticket::Pending;
use crate::workflow::command::Command;
use crate::workflow::decide::Question;
use crate::workflow::refusal::Missing;
use crate::workflow::words::{Clock, Need};

/// One request at a time: the managing unit decides on it first.
pub(super) fn nothing_pending(question: &Question<'_>) -> Vec<Missing> {
    let pending = question.ticket.and_then(|ticket| ticket.pending.as_ref());
    let what = match pending {
        None => return Vec::new(),
        Some(Pending::Return { .. }) => "退回申请",
        Some(Pending::Extension { .. }) => "延期申请",
        Some(Pending::Deferral { .. }) => "延期整改申请",
    };
    let advice = format!("{what}正在审批，请待审批后再办理");
    one(Need::NothingPending, "", advice)
}

fn clock(question: &Question<'_>, clock: Clock) -> Option<Reading> {
    let ticket = question.ticket?;
    ticket.clock(clock, question.facts.timetable)
}

fn runs_and_is_in_time(question: &Question<'_>, which: Clock) -> bool {
    clock(question, which)
        .is_some_and(|reading| !reading.is_stopped() && !reading.is_overdue(question.facts.at))
}

/// 回退并注明原因及建议（第十二条）.
pub(super) fn return_reason(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::ReturnReason;
    let Command::AskReturn {
        ground, suggested, ..
    } = question.command
    else {
        return Vec::new();
    };
    let has_ground = !ground.trim().is_empty();
    let mut missing = unless(
        has_ground,
        need,
        "/ground",
        "请写明职责依据的法律法规或“三定”规定",
    );
    let holder = question.ticket.map(|ticket| &ticket.responsible_unit);
    if question.facts.registry.unit(suggested).is_none() {
        let advice = "没有这个单位，请从单位目录中选择建议的承办单位";
        missing.extend(one(need, "/suggested", advice));
    } else if holder == Some(suggested) {
        missing.extend(one(need, "/suggested", "建议单位不能是本单位"));
    }
    missing
}

/// 应在1个工作日内回退（第十二条）; what a joint conclusion assigned has no return clock at all.
pub(super) fn return_in_time(question: &Question<'_>) -> Vec<Missing> {
    let window = clock(question, Clock::Return).filter(|reading| !reading.is_stopped());
    match window {
        None => one(
            Need::ReturnInTime,
            "",
            "该工单的承办单位已经确定，不得再退回",
        ),
        Some(window) if window.is_overdue(question.facts.at) => one(
            Need::ReturnInTime,
            "",
            "已超过1个工作日的退回时限，请继续办理",
        ),
        Some(_) => Vec::new(),
    }
}

/// A refused return cannot be repeated by the same unit (Art. 17(1)).
pub(super) fn return_not_refused(question: &Question<'_>) -> Vec<Missing> {
    let is_refused = question
        .ticket
        .is_some_and(|ticket| ticket.return_refused.contains(&ticket.responsible_unit));
    unless(
        !is_refused,
        Need::ReturnNotRefused,
        "",
        "本单位的退回申请已被驳回，不得再次退回",
    )
}

/// A decision needs a request.
pub(super) fn return_pending(question: &Question<'_>) -> Vec<Missing> {
    let pending = question.ticket.and_then(|ticket| ticket.pending.as_ref());
    unless(
        matches!(pending, Some(Pending::Return { .. })),
        Need::ReturnPending,
        "",
        "没有待审的退回申请",
    )
}

/// 特别复杂的可申请延长，一般不超过3个工作日（第十二条）.
pub(super) fn extension_reason(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::ExtensionReason;
    let Command::AskExtension { days, text } = question.command else {
        return Vec::new();
    };
    let most = question.facts.rulebook.extension_days;
    let mut missing = if (1..=most).contains(days) {
        Vec::new()
    } else {
        one(need, "/days", format!("延期为1至{most}个工作日"))
    };
    missing.extend(unless(text.is_some(), need, "/reason", "请写明延期的理由"));
    missing
}

/// An extension is asked for before the limit (R-HD-4).
pub(super) fn in_time(question: &Question<'_>) -> Vec<Missing> {
    unless(
        runs_and_is_in_time(question, Clock::Handle),
        Need::InTime,
        "",
        "办理期限已到，不能再申请延期；确需更长时间的，请申请延期整改",
    )
}

/// An extension is not repeated (requirements, last table).
pub(super) fn first_extension(question: &Question<'_>) -> Vec<Missing> {
    let is_first = question
        .ticket
        .is_some_and(|ticket| ticket.extended_days.is_none());
    unless(
        is_first,
        Need::FirstExtension,
        "",
        "本次办理已延期一次，不得再次延期；确需更长时间的，请申请延期整改",
    )
}

/// A decision needs a request.
pub(super) fn extension_pending(question: &Question<'_>) -> Vec<Missing> {
    let pending = question.ticket.and_then(|ticket| ticket.pending.as_ref());
    unless(
        matches!(pending, Some(Pending::Extension { .. })),
        Need::ExtensionPending,
        "",
        "没有待审的延期申请",
    )
}

/// 明确整改措施及完成时限、责任人（第十二条）.
pub(super) fn rectification_plan(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::RectificationPlan;
    let Command::AskDeferral { plan, .. } = question.command else {
        return Vec::new();
    };
    let parts = [
        ("/measures", "整改措施", &plan.measures),
        ("/responsible", "责任人", &plan.responsible),
        ("/reason", "客观原因", &plan.reason),
    ];
    let empty = parts.iter().filter(|(_, _, text)| text.trim().is_empty());
    let mut missing: Vec<_> = empty
        .flat_map(|(pointer, name, _)| one(need, *pointer, format!("请填写“{name}”")))
        .collect();
    let today = shanghai_date(question.facts.at);
    let days = question.facts.rulebook.deferral_days;
    let latest = today.checked_add_days(chrono::Days::new(u64::from(days)));
    if plan.until <= today || latest.is_some_and(|latest| plan.until > latest) {
        let advice = format!("完成时限应在今日之后、{days}日之内");
        missing.extend(one(need, "/until", advice));
    }
    missing
}

/// A decision needs a request.
pub(super) fn deferral_pending(question: &Question<'_>) -> Vec<Missing> {
    let pending = question.ticket.and_then(|ticket| ticket.pending.as_ref());
    unless(
        matches!(pending, Some(Pending::Deferral { .. })),
        Need::DeferralPending,
        "",
        "没有待审的延期整改申请",
    )
}

/// 一次性列明清单及提交方式（第十三条（三））.
pub(super) fn supplement_list(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::SupplementList;
    let Command::AskSupplement { items, .. } = question.command else {
        return Vec::new();
    };
    let most = question.facts.rulebook.supplement_items;
    if items.is_empty() || items.len() > most {
        return one(need, "/items", format!("请一次性列明1至{most}项材料"));
    }
    let mut missing = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let parts = [
            ("what", "材料名称", &item.what),
            ("why", "需要的原因", &item.why),
            ("how", "提交方式", &item.how),
        ];
        for (field, name, text) in parts {
            if text.trim().is_empty() {
                let pointer = format!("/items/{index}/{field}");
                missing.extend(one(need, pointer, format!("请填写“{name}”")));
            }
        }
    }
    missing
}

/// 不得反复索要（第八条（三））: one list for each unit, and no waiting beyond the rulebook's days.
pub(super) fn first_supplement(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::FirstSupplement;
    let Some(ticket) = question.ticket else {
        return Vec::new();
    };
    if ticket.supplemented_by.contains(&ticket.responsible_unit) {
        return one(need, "", "已一次性告知补充材料，不得再次索要");
    }
    let most = question.facts.rulebook.supplement_days;
    let waited = waited_days(&ticket.events, &question.facts.timetable.calendar);
    if waited >= most {
        let advice = format!("等待补充材料已满{most}个工作日，请按现有材料办理");
        return one(need, "", advice);
    }
    Vec::new()
}

/// The appellant answers items that are on the list and still open, each once.
pub(super) fn open_items(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::OpenItems;
    let Command::AnswerSupplement { items, .. } = question.command else {
        return Vec::new();
    };
    let supplement = question
        .ticket
        .and_then(|ticket| ticket.supplement.as_ref());
    let Some(supplement) = supplement else {
        return one(need, "", "没有需要补充的材料");
    };
    if items.is_empty() {
        return one(need, "/items", "请选择要补充的材料");
    }
    let mut missing = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let is_listed = (1..=supplement.items).contains(item);
        let is_new = !supplement.answered.contains(item)
            && !items.iter().take(index).any(|earlier| earlier == item);
        let advice = match (is_listed, is_new) {
            (true, true) => continue,
            (true, false) => format!("第{item}项已补充"),
            (false, _) => format!("清单中没有第{item}项"),
        };
        missing.extend(one(need, format!("/items/{index}"), advice));
    }
    missing
}
