//! Ratings and callbacks on the ticket page (Art. 9, 14).

use domain::ticket::{RatingCheck, Ticket};
use domain::workflow::command::{CallbackResult, Rating};
use domain::workflow::words::RatedAspect;
use serde::Serialize;

/// What who calls back asks, in order: the wording of a callback is the same for everybody.
const SCRIPT: [&str; 4] = [
    "您好，这里是“爱山东”诉求回访。您近期反映的事项已办结，想用一分钟了解您的意见，是否方便？",
    "您反映的问题是否已经解决？",
    "您对办理结果和工作人员的服务是否满意？请按非常满意、满意、基本满意、不满意、非常不满意选择。",
    "如不满意，是对办理结果，还是对服务态度？您还有什么要补充？",
];

/// The appellant's rating of the last closing.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RatedView {
    level: u8,
    solved: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_name: Option<&'static str>,
    /// `contested`, `proved`, `unfounded`.
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<&'static str>,
}

fn rated(rating: Rating, check: Option<RatingCheck>) -> RatedView {
    RatedView {
        level: rating.level,
        solved: rating.solved,
        aspect: rating.aspect.map(RatedAspect::code),
        aspect_name: rating.aspect.map(RatedAspect::zh),
        check: check.map(|check| match check {
            RatingCheck::Contested => "contested",
            RatingCheck::Found(finding) => finding.code(),
        }),
    }
}

pub(super) fn rating_view(ticket: &Ticket) -> Option<RatedView> {
    ticket
        .rating
        .map(|rating| rated(rating, ticket.rating_check))
}

/// The callback of the last closing.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallbackView {
    caller: String,
    ground: &'static str,
    ground_name: &'static str,
    attempts: u32,
    /// What to ask, while it is open.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    script: &'static [&'static str],
    /// `open`, `answered`, `unreached`.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<RatedView>,
    /// Whether the unit has yet to put right what was found.
    to_rectify: bool,
}

pub(super) fn callback_view(ticket: &Ticket) -> Option<CallbackView> {
    let callback = ticket.callback.as_ref()?;
    let (state, answer) = match callback.result {
        None => ("open", None),
        Some(CallbackResult::Unreached) => ("unreached", None),
        Some(CallbackResult::Answered(rating)) => ("answered", Some(rated(rating, None))),
    };
    let script: &[_] = if callback.result.is_none() {
        &SCRIPT
    } else {
        &[]
    };
    Some(CallbackView {
        caller: callback.caller.to_string(),
        ground: callback.ground.code(),
        ground_name: callback.ground.zh(),
        attempts: callback.attempts,
        script,
        state,
        answer,
        to_rectify: ticket.is_to_rectify,
    })
}
