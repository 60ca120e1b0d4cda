//! Decide, then do: a pure function from ticket, command and facts to events or a refusal.

use chrono::{DateTime, Utc};

use super::needs;
use super::refusal::Refusal;
use super::rules::rule;
use super::words::{Action, Clock, ContactOutcome, ContactWay, Ground, Role, State};
use crate::answer::{Answer, HandlingRecord, Outcome};
use crate::appeal::Submission;
use crate::audit::{Actor, Event, Happening};
use crate::clocks::{Step, Threshold, Timetable};
use crate::ids::{TextRef, UnitId};
use crate::registry::Unit;
use crate::rulebook::{Mark, Rulebook};
use crate::ticket::Ticket;

/// A contact with the appellant (Art. 13(1), R-HD-8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// How.
    pub way: ContactWay,
    /// What came of it.
    pub outcome: ContactOutcome,
    /// A note, if any.
    pub note: Option<TextRef>,
}

/// A rating on the five levels of 好差评 (R-CB-1): 5 very satisfied … 1 very dissatisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rating {
    /// 1 to 5.
    pub level: u8,
    /// Whether the appellant says that the matter was solved.
    pub solved: bool,
}

/// What somebody wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// 提交诉求.
    Submit(Box<Submission>),
    /// 即时解答.
    AnswerDirectly {
        /// The answer.
        answer: Answer,
        /// Its text item.
        text: TextRef,
    },
    /// 不予受理.
    Decline {
        /// The lawful ground.
        ground: Ground,
        /// Further explanation to the appellant.
        explanation: Option<TextRef>,
    },
    /// 派单.
    Dispatch {
        /// To whom.
        unit: UnitId,
        /// A note to the unit.
        note: Option<TextRef>,
    },
    /// 签收.
    Sign,
    /// 联系用户.
    RecordContact(Contact),
    /// 办结.
    Close {
        /// Handling record.
        record: HandlingRecord,
        /// Answer.
        answer: Answer,
        /// Text item of both.
        text: TextRef,
        /// How it ended.
        outcome: Outcome,
        /// A contact recorded together with closing.
        contact: Option<Contact>,
    },
    /// 期限预警.
    Warn(Clock, Mark),
    /// 标记超期.
    MarkOverdue(Clock),
    /// 评价.
    Rate(Rating, Option<TextRef>),
    /// 撤回诉求.
    Withdraw {
        /// Why, in the appellant's words.
        reason: Option<TextRef>,
    },
    /// 归档.
    Archive {
        /// SHA-256 of the archived document.
        digest: TextRef,
    },
}

impl Command {
    /// The action of the table that this command asks for.
    pub const fn action(&self) -> Action {
        match self {
            Self::Submit(_) => Action::Submit,
            Self::AnswerDirectly { .. } => Action::AnswerDirectly,
            Self::Decline { .. } => Action::Decline,
            Self::Dispatch { .. } => Action::Dispatch,
            Self::Sign => Action::Sign,
            Self::RecordContact(_) => Action::RecordContact,
            Self::Close { .. } => Action::Close,
            Self::Warn(..) => Action::Warn,
            Self::MarkOverdue(_) => Action::MarkOverdue,
            Self::Rate(..) => Action::Rate,
            Self::Withdraw { .. } => Action::Withdraw,
            Self::Archive { .. } => Action::Archive,
        }
    }

    /// Whether this command is what `threshold` asks for.
    pub fn fires(&self, threshold: &Threshold) -> bool {
        match (self, threshold.step) {
            (Self::Warn(clock, mark), Step::Warn(due)) => *clock == threshold.clock && *mark == due,
            (Self::MarkOverdue(clock), Step::Overdue) => *clock == threshold.clock,
            (Self::Archive { .. }, Step::Overdue) => threshold.clock == Clock::Archive,
            _ => false,
        }
    }

    fn happenings(self) -> Vec<Happening> {
        match self {
            Self::Submit(submission) => vec![Happening::Submitted(submission)],
            Self::AnswerDirectly { text, .. } => vec![Happening::AnsweredDirectly { text }],
            Self::Decline {
                ground,
                explanation,
            } => vec![Happening::Declined {
                ground,
                explanation,
            }],
            Self::Dispatch { unit, note } => vec![Happening::Dispatched { unit, note }],
            Self::Sign => vec![Happening::Signed],
            Self::RecordContact(contact) => vec![Happening::Contacted(contact)],
            Self::Close {
                text,
                outcome,
                contact,
                ..
            } => {
                let contacted = contact.map(Happening::Contacted);
                contacted
                    .into_iter()
                    .chain([Happening::Closed { text, outcome }])
                    .collect()
            }
            Self::Warn(clock, mark) => vec![Happening::Warned { clock, mark }],
            Self::MarkOverdue(clock) => vec![Happening::BecameOverdue { clock }],
            Self::Rate(rating, words) => vec![Happening::Rated { rating, words }],
            Self::Withdraw { reason } => vec![Happening::Withdrawn { reason }],
            Self::Archive { digest } => vec![Happening::Archived { digest }],
        }
    }
}

/// What a decision rests on besides the ticket.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// The rulebook the ticket was opened under; for a submission, the one in force.
    pub rulebook: &'a Rulebook,
    /// Calendar and rulebooks, for the clocks.
    pub timetable: &'a Timetable,
    /// The unit that the command names, as registered.
    pub unit: Option<&'a Unit>,
}

/// Decides `command` by `actor`: looks its row up, checks who may and what it needs, and returns
/// the events that follow.
pub fn decide(
    ticket: Option<&Ticket>,
    actor: &Actor,
    command: Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let action = command.action();
    let state = ticket.map_or(State::New, |ticket| ticket.state);
    let row = rule(action, state).ok_or(Refusal::NotOpenNow { action, state })?;
    let role = actor.role();
    if !row.by.contains(&role) {
        return Err(Refusal::NotYourRole { action, role });
    }
    let missing = row
        .needs
        .iter()
        .flat_map(|need| needs::missing(*need, ticket, &command, facts));
    let missing: Vec<_> = missing.collect();
    if !missing.is_empty() {
        return Err(Refusal::Incomplete {
            action,
            article: row.article,
            missing,
        });
    }
    let event = |happening| Event {
        at: facts.at,
        by: actor.clone(),
        rulebook: facts.rulebook.version,
        happening,
    };
    Ok(command.happenings().into_iter().map(event).collect())
}

/// Whether `actor`'s role may act on the ticket at all, whatever it still needs.
pub fn is_open(action: Action, role: Role, state: State) -> bool {
    rule(action, state).is_some_and(|row| row.by.contains(&role))
}
