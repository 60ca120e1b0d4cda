//! What is sent about ratings and callbacks (Art. 9, 14).

use app::AppError;
use domain::workflow::command::{CallbackResult, Rating};
use domain::workflow::words::{ContactOutcome, RatedAspect, RatingFinding};
use serde::Deserialize;

use super::Findings;

/// The level from which an appellant is satisfied.
const SATISFIED_FROM: u8 = 3;

/// A rating as it is sent: by the appellant, or by who called them back.
pub fn rating(level: u8, solved: bool, aspect: Option<&str>) -> Result<Rating, AppError> {
    let mut wrong = Findings::default();
    if !(1..=5).contains(&level) {
        wrong.add(
            "/level",
            "评价为1至5：5非常满意、4满意、3基本满意、2不满意、1非常不满意",
        );
    }
    let named = aspect.map(RatedAspect::from_code);
    if named == Some(None) {
        let advice =
            "应为result（对办理结果不满意）、attitude（对服务态度不满意）或both（均不满意）";
        wrong.add("/aspect", advice);
    } else if named.is_some() && level >= SATISFIED_FROM && solved {
        wrong.add("/aspect", "评价为满意且已解决时不填不满意的方面");
    }
    if wrong.0.is_empty() {
        let aspect = named.flatten();
        Ok(Rating {
            level,
            solved,
            aspect,
        })
    } else {
        Err(wrong.into_error())
    }
}

/// `POST /tickets/{number}/callback`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CallbackBody {
    /// `reached`, `no_answer`, `wrong_number`, `declined`; `unreached` ends a callback that nobody
    /// answered.
    pub outcome: String,
    /// What the appellant said, 1 to 5; only when reached.
    #[serde(default)]
    pub level: Option<u8>,
    /// Whether the matter was solved; only when reached.
    #[serde(default)]
    pub solved: Option<bool>,
    /// With what a dissatisfied appellant is dissatisfied.
    #[serde(default)]
    pub aspect: Option<String>,
    /// A note.
    #[serde(default)]
    pub note: Option<String>,
}

/// What a call came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// It reached nobody, and is tried again.
    Tried(ContactOutcome),
    /// It is the last.
    Ended(CallbackResult),
}

impl CallbackBody {
    /// What the call came to.
    pub fn check(&self) -> Result<Call, AppError> {
        let mut wrong = Findings::default();
        let is_said = self.level.is_some() || self.solved.is_some() || self.aspect.is_some();
        let call = match (
            self.outcome.as_str(),
            ContactOutcome::from_code(&self.outcome),
        ) {
            ("unreached", _) => Some(Call::Ended(CallbackResult::Unreached)),
            (_, Some(ContactOutcome::Reached)) => {
                let (Some(level), Some(solved)) = (self.level, self.solved) else {
                    wrong.add(
                        "/level",
                        "接通的回访须登记满意度（level）和是否解决（solved）",
                    );
                    return Err(wrong.into_error());
                };
                let rating = rating(level, solved, self.aspect.as_deref())?;
                return Ok(Call::Ended(CallbackResult::Answered(rating)));
            }
            (_, outcome) => outcome.map(Call::Tried),
        };
        if is_said {
            wrong.add("/outcome", "未接通的回访不登记满意度和是否解决");
        }
        if call.is_none() {
            let advice = "应为reached（已接通）、no_answer（无人接听）、wrong_number（号码有误）、\
                          declined（拒绝沟通）或unreached（多次未接通，结束回访）";
            wrong.add("/outcome", advice);
        }
        match call {
            Some(call) if wrong.0.is_empty() => Ok(call),
            _ => Err(wrong.into_error()),
        }
    }
}

/// `POST /tickets/{number}/rating-verification`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RatingVerificationBody {
    /// `proved` or `unfounded`.
    pub finding: String,
    /// How it was verified.
    #[serde(default)]
    pub reason: Option<String>,
}

impl RatingVerificationBody {
    /// What was found.
    pub fn check(&self) -> Result<RatingFinding, AppError> {
        RatingFinding::from_code(&self.finding).ok_or_else(|| {
            let mut wrong = Findings::default();
            wrong.add(
                "/finding",
                "应为proved（问题属实）或unfounded（问题不属实）",
            );
            wrong.into_error()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(outcome: &str, level: Option<u8>, solved: Option<bool>) -> Result<Call, AppError> {
        let body = CallbackBody {
            outcome: outcome.to_owned(),
            level,
            solved,
            aspect: None,
            note: None,
        };
        body.check()
    }

    #[test]
    fn r_cb_3_a_call_says_what_came_of_it_and_nothing_else() {
        let answered = Rating {
            level: 2,
            solved: true,
            aspect: None,
        };
        let ended = Call::Ended(CallbackResult::Answered(answered));
        assert_eq!(call("reached", Some(2), Some(true)).unwrap(), ended);
        let tried = Call::Tried(ContactOutcome::NoAnswer);
        assert_eq!(call("no_answer", None, None).unwrap(), tried);
        let unreached = Call::Ended(CallbackResult::Unreached);
        assert_eq!(call("unreached", None, None).unwrap(), unreached);
        for (outcome, level, solved) in [
            ("reached", None, Some(true)),
            ("reached", Some(9), Some(true)),
            ("no_answer", Some(5), None),
            ("unreached", None, Some(false)),
            ("busy", None, None),
        ] {
            assert!(call(outcome, level, solved).is_err(), "{outcome}");
        }
    }

    #[test]
    fn r_cb_1_only_the_dissatisfied_say_with_what() {
        let aspect = Some(RatedAspect::Attitude);
        let expected = Rating {
            level: 1,
            solved: true,
            aspect,
        };
        assert_eq!(rating(1, true, Some("attitude")).unwrap(), expected);
        assert!(rating(5, false, Some("result")).is_ok());
        assert!(rating(5, true, Some("result")).is_err());
        assert!(rating(1, true, Some("food")).is_err());
        assert!(rating(0, true, None).is_err());
    }
}
