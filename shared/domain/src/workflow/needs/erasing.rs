//! Erasing personal data, and what is not done without it (Art. 16; R-DP-4).

use super::{one, unless};
use crate::audit::Actor;
use crate::ticket::TicketNumber;
use crate::workflow::command::Command;
use crate::workflow::decide::Question;
use crate::workflow::refusal::Missing;
use crate::workflow::words::{ErasureGround, Need};

/// Whose personal data is erased, to them nobody can turn any more.
pub(super) fn personal_data_kept(question: &Question<'_>) -> Vec<Missing> {
    unless(
        question
            .ticket
            .is_some_and(|ticket| ticket.erased_at.is_none()),
        Need::PersonalDataKept,
        "",
        "该诉求人的个人信息已依法删除",
    )
}

/// Time ends retention, which nobody decides; what somebody decides has words to it. The system ends
/// retention, and follows on the other tickets of an appellant.
pub(super) fn erasure_ground(question: &Question<'_>) -> Vec<Missing> {
    let Command::Erase { ground, text, .. } = question.command else {
        return Vec::new();
    };
    let need = Need::ErasureGround;
    if *question.actor == Actor::System {
        return Vec::new();
    }
    if *ground == ErasureGround::RetentionEnded {
        return one(need, "/ground", "请选择本人申请删除，或者收集、处理不合法");
    }
    unless(text.is_some(), need, "/reason", "请写明删除的理由和依据")
}

/// An appeal that is handled needs whom to answer.
pub(super) fn nothing_else_open(question: &Question<'_>) -> Vec<Missing> {
    let Command::Erase { open, .. } = question.command else {
        return Vec::new();
    };
    let numbers: Vec<_> = open.iter().map(TicketNumber::as_str).collect();
    let advice = format!(
        "该诉求人还有未办结的诉求，办结后再删除：{}",
        numbers.join("、")
    );
    unless(open.is_empty(), Need::NothingElseOpen, "", &advice)
}
