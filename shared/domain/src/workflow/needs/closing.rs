//! The closing gate (Art. 8(4), 13): everything that an answer needs, said all at once.

use super::one;
use crate::answer::{Answer, Outcome, Part, is_perfunctory};
use crate::calendar::shanghai_date;
use crate::workflow::command::Command;
use crate::workflow::decide::Question;
use crate::workflow::refusal::Missing;
use crate::workflow::words::{ContactOutcome, Need, State};

fn empty_parts<'a>(need: Need, parts: impl IntoIterator<Item = Part<'a>>) -> Vec<Missing> {
    let empty = parts
        .into_iter()
        .filter(|(_, _, text)| text.trim().is_empty());
    empty
        .flat_map(|(pointer, name, _)| one(need, pointer, format!("请填写“{name}”")))
        .collect()
}

const fn given_answer(command: &Command) -> Option<&Answer> {
    match command {
        Command::AnswerDirectly { answer, .. } | Command::Close { answer, .. } => Some(answer),
        _ => None,
    }
}

/// 答复四要素（第十三条（五））.
pub(super) fn answer_parts(question: &Question<'_>) -> Vec<Missing> {
    match given_answer(question.command) {
        Some(answer) => empty_parts(Need::Answer, answer.parts()),
        None => one(Need::Answer, "/answer", "请填写答复"),
    }
}

/// 不得敷衍了事（第十三条（二））: pointed out before the answer is sent (R-HD-10).
pub(super) fn substantial_answer(question: &Question<'_>) -> Vec<Missing> {
    let least = question.facts.rulebook.answer_part_characters;
    let Some(answer) = given_answer(question.command) else {
        return Vec::new();
    };
    let thin = answer
        .parts()
        .into_iter()
        .filter(|(_, _, text)| !text.trim().is_empty() && is_perfunctory(text, least));
    let advice = |name| format!("“{name}”过于简略或仅为套话，请写明具体情况");
    thin.flat_map(|(pointer, name, _)| one(Need::SubstantialAnswer, pointer, advice(name)))
        .collect()
}

/// 处理记录五要素（第八条（四））.
pub(super) fn handling_record(question: &Question<'_>) -> Vec<Missing> {
    match question.command {
        Command::Close { record, .. } => empty_parts(Need::HandlingRecord, record.parts()),
        _ => one(Need::HandlingRecord, "/record", "请填写处理记录"),
    }
}

/// 及时联系用户（第十三条（一））: an answer counts as investigated only after a contact (R-HD-8).
pub(super) fn contact(question: &Question<'_>) -> Vec<Missing> {
    let with_closing = matches!(
        question.command,
        Command::Close {
            contact: Some(_),
            ..
        }
    );
    if with_closing || question.ticket.is_some_and(|ticket| ticket.contacts > 0) {
        return Vec::new();
    }
    let outcomes = ContactOutcome::ALL.iter().map(|outcome| outcome.zh());
    let outcomes: Vec<_> = outcomes.collect();
    let advice = format!(
        "办结前须联系用户并登记时间、方式和结果（{}）",
        outcomes.join("、")
    );
    one(Need::Contact, "/contact", advice)
}

/// 暂无法解决的，应说明原因并提供阶段性方案或替代服务（第十三条（六））.
pub(super) fn interim_plan(question: &Question<'_>) -> Vec<Missing> {
    let need = Need::InterimPlan;
    let Command::Close {
        outcome, interim, ..
    } = question.command
    else {
        return Vec::new();
    };
    match (outcome, interim) {
        (Outcome::CannotSolveNow, None) => one(
            need,
            "/interim",
            "暂无法解决的，请填写原因、阶段性方案或替代服务，以及复核日期",
        ),
        (Outcome::CannotSolveNow, Some(plan)) => {
            let mut missing = empty_parts(need, plan.parts());
            let today = shanghai_date(question.facts.at);
            let days = u64::from(question.facts.rulebook.deferral_days);
            let latest = today.checked_add_days(chrono::Days::new(days));
            if plan.review_on <= today || latest.is_some_and(|latest| plan.review_on > latest) {
                let advice = format!("复核日期应在今日之后、{days}日之内");
                missing.extend(one(need, "/interim/reviewOn", advice));
            }
            missing
        }
        (_, Some(_)) => one(need, "/interim", "已解决或已解释说明的，不填写阶段性方案"),
        (_, None) => Vec::new(),
    }
}

/// 牵头单位负总责（第十条（三））: it closes when every co-handler has spoken or was released (R-TR-5).
pub(super) fn opinions_in(question: &Question<'_>) -> Vec<Missing> {
    let parts = question
        .ticket
        .map_or(&[][..], |ticket| &ticket.co_handling);
    let open = parts.iter().filter(|part| part.is_open());
    let registry = question.facts.registry;
    open.flat_map(|part| {
        let name = registry.unit_name(&part.unit);
        let advice = format!("{name}尚未出具协办意见；请其出具，或由派单的管理单位说明理由后免除");
        one(Need::OpinionsIn, "", advice)
    })
    .collect()
}

/// No answer is given while the appellant is still asked for something (R-HD-7).
pub(super) fn supplement_ended(question: &Question<'_>) -> Vec<Missing> {
    let waits = question
        .ticket
        .filter(|ticket| ticket.state == State::AwaitingSupplement);
    let Some(supplement) = waits.and_then(|ticket| ticket.supplement.as_ref()) else {
        return Vec::new();
    };
    let open: Vec<_> = (1..=supplement.items)
        .filter(|item| !supplement.answered.contains(item))
        .map(|item| format!("第{item}项"))
        .collect();
    let advice = format!(
        "补充材料{}尚未收到；确不需要的，请先结束补充再办结",
        open.join("、")
    );
    one(Need::SupplementEnded, "", advice)
}
