//! One function per [`Need`]: what the row's word means. No guard stands anywhere else.

mod after;
mod asking;
mod back;
mod closing;
mod erasing;
mod parties;

use super::decide::Question;
use super::refusal::Missing;
use super::words::Need;

/// What `need` finds missing.
pub(super) fn missing(need: Need, question: &Question<'_>) -> Vec<Missing> {
    match need {
        Need::Answer => closing::answer_parts(question),
        Need::SubstantialAnswer => closing::substantial_answer(question),
        Need::HandlingRecord => closing::handling_record(question),
        Need::Contact => closing::contact(question),
        Need::InterimPlan => closing::interim_plan(question),
        Need::OpinionsIn => closing::opinions_in(question),
        Need::SupplementEnded => closing::supplement_ended(question),
        Need::NothingPending => asking::nothing_pending(question),
        Need::LawfulRoute => words(question, need, "/ground", "请选择不予受理的情形"),
        Need::Explanation => words(question, need, "/explanation", "请向诉求人作出解释说明"),
        Need::Guidance => words(question, need, "/guidance", "请写明管辖地和反映途径"),
        Need::EarlierTicket => parties::earlier_ticket(question),
        Need::ResolvingUnit => parties::resolving_unit(question),
        Need::CountyUnit => parties::county_unit(question),
        Need::CoHandlers => parties::co_handlers(question),
        Need::OwnCoHandling => parties::own_co_handling(question),
        Need::Opinion => words(question, need, "/opinion", "请填写协办意见"),
        Need::OpenCoHandling => parties::open_co_handling(question),
        Need::Reason => words(question, need, "/reason", "请写明理由或情况"),
        Need::Members => parties::members(question),
        Need::Meeting => parties::meeting(question),
        Need::MeetingHeld => parties::meeting_held(question),
        Need::Conclusion => words(question, need, "/conclusion", "请填写联合处置结论"),
        Need::FirstRaise => parties::first_raise(question),
        Need::ReturnReason => asking::return_reason(question),
        Need::ReturnInTime => asking::return_in_time(question),
        Need::ReturnNotRefused => asking::return_not_refused(question),
        Need::ReturnPending => asking::return_pending(question),
        Need::ExtensionReason => asking::extension_reason(question),
        Need::InTime => asking::in_time(question),
        Need::FirstExtension => asking::first_extension(question),
        Need::ExtensionPending => asking::extension_pending(question),
        Need::RectificationPlan => asking::rectification_plan(question),
        Need::DeferralPending => asking::deferral_pending(question),
        Need::SupplementList => asking::supplement_list(question),
        Need::FirstSupplement => asking::first_supplement(question),
        Need::OpenItems => asking::open_items(question),
        Need::VerificationOpen => after::verification_open(question),
        Need::OnRegister => after::on_register(question),
        Need::ReviewFinding => after::review_finding(question),
        Need::Dissatisfaction => after::dissatisfaction(question),
        Need::ReopenInTime => after::reopen_in_time(question),
        Need::NotNoted => after::not_noted(question),
        Need::Undelivered => after::undelivered(question),
        Need::FirstRating => after::first_rating(question),
        Need::RatingDissatisfied => back::rating_dissatisfied(question),
        Need::FirstContest => back::first_contest(question),
        Need::Drawable => back::drawable(question),
        Need::CallerOutside => back::caller_outside(question),
        Need::CallbackOpen => back::callback_open(question),
        Need::CallbackAttempts => back::callback_attempts(question),
        Need::RectificationOpen => back::rectification_open(question),
        Need::ClockDue => after::clock_due(question),
        Need::DeadlineMoves => after::deadline_moves(question),
        Need::NothingOpen => after::nothing_open(question),
        Need::PersonalDataKept => erasing::personal_data_kept(question),
        Need::ErasureGround => erasing::erasure_ground(question),
        Need::NothingElseOpen => erasing::nothing_else_open(question),
    }
}

/// One thing missing.
fn one(need: Need, pointer: impl Into<String>, advice: impl Into<String>) -> Vec<Missing> {
    vec![Missing {
        need,
        pointer: pointer.into(),
        advice: advice.into(),
    }]
}

/// Missing unless `holds`.
fn unless(holds: bool, need: Need, pointer: &str, advice: &str) -> Vec<Missing> {
    if holds {
        Vec::new()
    } else {
        one(need, pointer, advice)
    }
}

/// Words that somebody must give.
fn words(question: &Question<'_>, need: Need, pointer: &str, advice: &str) -> Vec<Missing> {
    let is_declined = matches!(question.command, super::command::Command::Decline { .. });
    unless(
        is_declined || question.command.words().is_some(),
        need,
        pointer,
        advice,
    )
}
