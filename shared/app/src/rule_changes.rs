//! 规则变更 (R-RULE-1, R-CAL-1): another year's notice or another version of the rulebook is first
//! measured (what it would do to the open tickets), then loaded, and then every ticket that moves gets
//! an event. Both walks go page by page and take themselves up where they were broken off.

use chrono::{DateTime, Utc};
use domain::ids::OfficerId;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::recompute::Effect;

/// A part of the rules that is changed as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RulesPart {
    /// The notice of a year (放假安排).
    Calendar(i32),
    /// A version of the rulebook (规则参数).
    Rulebook(u16),
}

impl RulesPart {
    /// Reads `calendar-2027` or `rulebook-2`.
    pub fn parse(text: &str) -> Option<Self> {
        let part = match text.split_once('-')? {
            ("calendar", year) => Self::Calendar(year.parse().ok()?),
            ("rulebook", version) => Self::Rulebook(version.parse().ok()?),
            _ => return None,
        };
        (part.to_string() == text).then_some(part)
    }
}

impl std::fmt::Display for RulesPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Calendar(year) => write!(f, "calendar-{year}"),
            Self::Rulebook(version) => write!(f, "rulebook-{version}"),
        }
    }
}

/// How far a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// What it would do is being found out; nothing is written.
    Measuring,
    /// What it would do is known.
    Measured,
    /// It is loaded; the tickets that move get their events.
    Moving,
    /// Every ticket was looked at.
    Done,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Self; 4] = [Self::Measuring, Self::Measured, Self::Moving, Self::Done];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Measuring => "measuring",
            Self::Measured => "measured",
            Self::Moving => "moving",
            Self::Done => "done",
        }
    }

    /// The stage with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }

    /// Whether it is a walk over all tickets.
    pub const fn is_walk(self) -> bool {
        matches!(self, Self::Measuring | Self::Moving)
    }

    /// In the words of the page.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Measuring => "正在测算",
            Self::Measured => "已测算，尚未施行",
            Self::Moving => "已施行，正在重新计算期限",
            Self::Done => "已施行",
        }
    }
}

/// That all tickets are to be walked over for a change, as far as it is in this stage: a message that
/// comes twice begins nothing that it did not ask for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WalkWish {
    change: String,
    stage: String,
}

/// The message that asks for the walk over all tickets that a change waits for.
pub fn walk_order(change: &RuleChange) -> Result<String, AppError> {
    let wish = WalkWish {
        change: change.part.to_string(),
        stage: change.stage.code().to_owned(),
    };
    serde_json::to_string(&wish).map_err(|error| AppError::Broken(error.to_string()))
}

/// Reads it: which change, and in which stage.
pub fn ordered_walk(message: &str) -> Result<(RulesPart, Stage), AppError> {
    let wish: Option<WalkWish> = serde_json::from_str(message).ok();
    let read = |wish: WalkWish| {
        Some((
            RulesPart::parse(&wish.change)?,
            Stage::from_code(&wish.stage)?,
        ))
    };
    wish.and_then(read)
        .ok_or_else(|| AppError::Malformed("the message names no change".to_owned()))
}

/// Why a change is not proposed or loaded now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// What it does is not known yet.
    #[error("the change is being measured")]
    Measuring,
    /// It is loaded, and tickets are still moved by it.
    #[error("the change is being carried out")]
    Moving,
    /// It is loaded and done.
    #[error("the change is carried out")]
    Done,
    /// What it would replace is not what it was measured against.
    #[error("the rules changed since the change was measured")]
    Stale,
}

/// A change of a part of the rules, of which there is one at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleChange {
    /// Which part.
    pub part: RulesPart,
    /// What is to stand, as it is stored.
    pub proposed: String,
    /// What stood when it was proposed, as it was stored.
    pub replaced: Option<String>,
    /// Why, for the timelines of the tickets that move: the document.
    pub because: String,
    /// How far it is.
    pub stage: Stage,
    /// Items of the table passed in this stage.
    pub passed: u64,
    /// About how many there are.
    pub about: u64,
    /// Where the next page of the walk starts.
    pub next: Option<String>,
    /// What it would do, or would have done.
    pub effect: Effect,
    /// Tickets that were moved.
    pub moved: u64,
    /// Tickets that could not be read in this stage.
    pub unreadable: u64,
    /// Who proposed it.
    pub by: OfficerId,
    /// When.
    pub at: DateTime<Utc>,
    /// Raised by every write.
    pub version: usize,
}

/// What is proposed.
#[derive(Debug)]
pub struct Proposal {
    /// Which part.
    pub part: RulesPart,
    /// What is to stand, as it is stored.
    pub proposed: String,
    /// What stands.
    pub standing: Option<String>,
    /// The document.
    pub because: String,
    /// About how many items there are to pass.
    pub about: u64,
}

impl RuleChange {
    /// Proposes a change, in place of an earlier one unless that is being carried out.
    pub fn propose(
        earlier: Option<&Self>,
        proposal: Proposal,
        by: OfficerId,
        at: DateTime<Utc>,
    ) -> Result<Self, NotNow> {
        if earlier.is_some_and(|earlier| earlier.stage == Stage::Moving) {
            return Err(NotNow::Moving);
        }
        Ok(Self {
            part: proposal.part,
            proposed: proposal.proposed,
            replaced: proposal.standing,
            because: proposal.because,
            stage: Stage::Measuring,
            passed: 0,
            about: proposal.about,
            next: None,
            effect: Effect::default(),
            moved: 0,
            unreadable: 0,
            by,
            at,
            version: earlier.map_or(0, |earlier| earlier.version) + 1,
        })
    }

    /// Carries it out, given what stands now. Once it is being carried out, asking again is no error:
    /// who asked may not have heard.
    pub fn carry_out(&mut self, standing: Option<&str>) -> Result<(), NotNow> {
        match self.stage {
            Stage::Measuring => Err(NotNow::Measuring),
            Stage::Done => Err(NotNow::Done),
            Stage::Moving => Ok(()),
            Stage::Measured if standing != self.replaced.as_deref() => Err(NotNow::Stale),
            Stage::Measured => {
                self.stage = Stage::Moving;
                self.passed = 0;
                self.next = None;
                self.unreadable = 0;
                self.version += 1;
                Ok(())
            }
        }
    }

    /// A page of the walk is done, and this is where the next one starts.
    pub fn turn(&mut self, passed: u64, next: Option<String>) {
        self.passed += passed;
        self.version += 1;
        if next.is_none() {
            self.stage = match self.stage {
                Stage::Measuring => Stage::Measured,
                Stage::Moving => Stage::Done,
                stage => stage,
            };
        }
        self.next = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposed(earlier: Option<&RuleChange>) -> Result<RuleChange, NotNow> {
        let proposal = Proposal {
            part: RulesPart::Calendar(2027),
            proposed: "new".to_owned(),
            standing: Some("old".to_owned()),
            because: "国办发明电〔2026〕9号".to_owned(),
            about: 30,
        };
        let by = OfficerId::parse("ta-bigdata-admin").unwrap();
        RuleChange::propose(
            earlier,
            proposal,
            by,
            "2026-11-28T02:00:00Z".parse().unwrap(),
        )
    }

    #[test]
    fn r_rule_1_a_change_is_measured_before_it_is_carried_out_and_carried_out_once() {
        let mut change = proposed(None).unwrap();
        assert_eq!(change.carry_out(Some("old")), Err(NotNow::Measuring));
        change.turn(20, Some("there".to_owned()));
        assert_eq!(change.next.as_deref(), Some("there"));
        let order = walk_order(&change).unwrap();
        assert_eq!(
            ordered_walk(&order).unwrap(),
            (change.part, Stage::Measuring)
        );
        change.turn(10, None);
        assert_eq!((change.stage, change.passed), (Stage::Measured, 30));
        assert_eq!(change.carry_out(Some("another")), Err(NotNow::Stale));
        assert_eq!(change.carry_out(None), Err(NotNow::Stale));
        assert_eq!(change.carry_out(Some("old")), Ok(()));
        assert_eq!((change.stage, change.passed), (Stage::Moving, 0));
        let before = change.clone();
        assert_eq!(change.carry_out(Some("new")), Ok(()), "asked again");
        assert_eq!(change, before);
        assert_eq!(proposed(Some(&change)), Err(NotNow::Moving));
        change.turn(30, None);
        assert_eq!(change.stage, Stage::Done);
        assert_eq!(change.carry_out(Some("new")), Err(NotNow::Done));
        let again = proposed(Some(&change)).unwrap();
        assert!(again.version > change.version && again.stage == Stage::Measuring);
    }

    #[test]
    fn a_part_reads_back_and_nothing_else_is_one() {
        for part in [RulesPart::Calendar(2027), RulesPart::Rulebook(2)] {
            assert_eq!(RulesPart::parse(&part.to_string()), Some(part));
        }
        for wrong in [
            "calendar",
            "calendar-",
            "calendar-02027",
            "rulebook--1",
            "x-1",
            "rulebook-70000",
        ] {
            assert_eq!(RulesPart::parse(wrong), None, "{wrong}");
        }
    }
}
