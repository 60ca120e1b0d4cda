//! What the codes in an answer mean, in the workflow's own words.

use domain::answer::Outcome;
use domain::appeal::{AppellantKind, Kind};
use domain::problem_group::Stage;
use domain::supervision::Trigger;
use domain::workflow::words::{Clock, DrawGround};

/// What a code in a column means; none where it is no code, or means nothing to us.
pub(crate) fn words(column: &str, code: &str) -> Option<&'static str> {
    match column {
        "kind" => Kind::from_code(code).map(Kind::zh),
        "appellant_kind" => AppellantKind::from_code(code).map(AppellantKind::zh),
        "clock" => Clock::from_code(code).map(Clock::zh),
        "outcome" => Outcome::from_code(code).map(Outcome::zh),
        "drawn" => DrawGround::from_code(code).map(DrawGround::zh),
        "trigger" => Trigger::from_code(code).map(Trigger::zh),
        "stage" => Stage::from_code(code).map(Stage::zh),
        "ended" => ended(code),
        _ => None,
    }
}

/// How an appeal was closed, as the lake's table of tickets says it.
fn ended(code: &str) -> Option<&'static str> {
    Some(match code {
        "answered" => "办结答复",
        "answered_directly" => "即时解答",
        "not_accepted" => "不予受理",
        "explained" => "解释归档",
        "repeated" => "引用原答复",
        "referred" => "告知应急渠道",
        "withdrawn" => "诉求人撤回",
        _ => return None,
    })
}
