//! The ticket (工单, Art. 10(2)): the fold of its events.

mod duties;
mod fold;
mod number;
mod tasks;

pub use duties::DutyProposal;
pub(crate) use fold::{closes, state_after};
pub use number::{InvalidNumber, TicketKey, TicketNumber};
pub use tasks::{Listing, Task};

use chrono::{DateTime, NaiveDate, Utc};

use crate::answer::Outcome;
use crate::appeal::Submission;
use crate::audit::{ChainHead, Event, Happening};
use crate::clocks::{Reading, Threshold, Timetable, readings};
use crate::ids::{TextRef, UnitId, UploadId};
use crate::rulebook::Rulebook;
use crate::workflow::command::{CallbackResult, Rating};
use crate::workflow::words::{
    Clock, DrawGround, End, Ground, LockGround, RatingFinding, ReturnReason, State,
};

/// How a ticket was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// 办结 by the unit.
    Answered {
        /// Record and answer.
        text: TextRef,
        /// How it ended.
        outcome: Outcome,
    },
    /// 即时解答.
    AnsweredDirectly {
        /// The answer.
        text: TextRef,
    },
    /// 不予受理.
    NotAccepted {
        /// Why.
        ground: Ground,
        /// Further explanation.
        explanation: Option<TextRef>,
    },
    /// 解释说明并归档: the content is locked.
    Explained {
        /// Why.
        ground: LockGround,
        /// Explanation.
        text: TextRef,
    },
    /// 同一事项无新情况重复提交.
    Repeated {
        /// The earlier ticket.
        earlier: TicketNumber,
        /// Its answer, where there was one by then.
        text: Option<TextRef>,
    },
    /// 引导至管辖地.
    Referred {
        /// Where to.
        text: TextRef,
    },
    /// 撤回 by the appellant.
    Withdrawn,
}

/// A co-handler's part (协办, Art. 10(3)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoHandling {
    /// Who helps.
    pub unit: UnitId,
    /// How far it is.
    pub stage: CoStage,
}

/// How far a co-handler is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CoStage {
    /// Not signed yet.
    ToSign,
    /// Signed; its opinion is awaited.
    Signed,
    /// Its opinion is there.
    Given(TextRef),
    /// It was released, for a reason on record.
    Released,
}

impl CoHandling {
    /// Whether the lead still waits for it.
    pub const fn is_open(&self) -> bool {
        matches!(self.stage, CoStage::ToSign | CoStage::Signed)
    }
}

/// What waits for the managing unit's decision. One thing at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pending {
    /// 退回.
    Return {
        /// Why.
        reason: ReturnReason,
        /// Whose duty it is instead.
        suggested: UnitId,
    },
    /// 延期.
    Extension {
        /// Working days.
        days: u32,
    },
    /// 延期整改.
    Deferral {
        /// Done by when.
        until: NaiveDate,
    },
}

/// The supplement list that was sent to the appellant last (Art. 8(3)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplement {
    /// The list.
    pub text: TextRef,
    /// How many items it has.
    pub items: u8,
    /// Which were answered, from 1, in the order they came.
    pub answered: Vec<u8>,
    /// Whether more may come.
    pub is_open: bool,
}

/// Joint handling (联合处置, Art. 6(6)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointHandling {
    /// Who takes part.
    pub members: Vec<UnitId>,
    /// Meetings on record.
    pub meetings: u32,
    /// Whether it was raised to the municipal government.
    pub is_raised: bool,
}

/// The callback of the last closing (回访, Art. 14), once it was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// Who calls.
    pub caller: UnitId,
    /// Why this ticket.
    pub ground: DrawGround,
    /// Calls that reached nobody.
    pub attempts: u32,
    /// How it went, once it did.
    pub result: Option<CallbackResult>,
}

/// How far the check of a dissatisfied rating is (Art. 17(5)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RatingCheck {
    /// The unit speaks against it.
    Contested,
    /// The managing unit found this.
    Found(RatingFinding),
}

/// A ticket: what its events amount to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its number.
    pub number: TicketNumber,
    /// What was submitted.
    pub submission: Submission,
    /// When.
    pub received_at: DateTime<Utc>,
    /// Where it stands.
    pub state: State,
    /// The one responsible unit (首接负责, R-HD-13).
    pub responsible_unit: UnitId,
    /// The county it was transferred to, while it is there or where the county dispatched it.
    pub county: Option<UnitId>,
    /// Co-handlers of this dispatch.
    pub co_handling: Vec<CoHandling>,
    /// What waits for a decision.
    pub pending: Option<Pending>,
    /// Units that gave it back, in order.
    pub returned_by: Vec<UnitId>,
    /// Units whose return was refused: it stays their duty.
    pub return_refused: Vec<UnitId>,
    /// Working days by which this handling was extended.
    pub extended_days: Option<u32>,
    /// Done by when, while rectification is deferred.
    pub deferred_until: Option<NaiveDate>,
    /// Whether a deferred rectification is closed but not verified.
    pub awaits_verification: bool,
    /// The last supplement list.
    pub supplement: Option<Supplement>,
    /// Units that have sent their one list.
    pub supplemented_by: Vec<UnitId>,
    /// Joint handling, once opened.
    pub joint: Option<JointHandling>,
    /// Contacts of the present handler with the appellant.
    pub contacts: u32,
    /// How it was closed.
    pub closed: Option<How>,
    /// When what cannot be solved now is looked at again: it is on the register.
    pub review_on: Option<NaiveDate>,
    /// Whether the answer did not arrive and has not been delivered otherwise.
    pub is_undelivered: bool,
    /// The appellant's rating of the last closing.
    pub rating: Option<Rating>,
    /// How far the check of that rating is, where it was contested or looked into.
    pub rating_check: Option<RatingCheck>,
    /// The callback of the last closing.
    pub callback: Option<Callback>,
    /// Whether the unit has yet to put right what the callback found.
    pub is_to_rectify: bool,
    /// When the appellant's personal data was erased, if it was.
    pub erased_at: Option<DateTime<Utc>>,
    /// Its events, in order.
    pub events: Vec<Event>,
    /// Head of the hash chain over them.
    pub chain: ChainHead,
}

/// The events cannot have come from [`decide`](crate::workflow::decide::decide).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CorruptHistory {
    /// The first event is not a submission.
    #[error("the first event is not a submission")]
    NoSubmission,
    /// No row of the table allows the event where it stands.
    #[error("event {0} is allowed by no row of the table")]
    NoRow(usize),
}

impl Ticket {
    /// The version: how many events there are.
    pub fn version(&self) -> u32 {
        u32::try_from(self.events.len()).unwrap_or(u32::MAX)
    }

    /// The unit that decides on what the holder asks, and verifies: the county for what it
    /// dispatched (Art. 7(2)), else the city's managing unit.
    pub fn decider(&self) -> &UnitId {
        match &self.county {
            Some(county) if *county != self.responsible_unit => county,
            _ => &self.submission.managing_unit,
        }
    }

    /// The event that closed it last, and the version it made.
    pub fn last_closing(&self) -> Option<(u32, &Event)> {
        let at = self.events.iter().rposition(|it| closes(&it.happening))?;
        let version = u32::try_from(at).ok()?.checked_add(1)?;
        Some((version, self.events.get(at)?))
    }

    /// The unit that calls back, while it is to call.
    pub fn caller(&self) -> Option<&UnitId> {
        let open = self.callback.as_ref().filter(|it| it.result.is_none());
        open.map(|callback| &callback.caller)
    }

    /// Whether the appellant said, or told who called back, that they are not satisfied, and it was
    /// not found to be unfounded.
    pub fn is_dissatisfied(&self) -> bool {
        let is_unfounded = self.rating_check == Some(RatingCheck::Found(RatingFinding::Unfounded));
        let result = self.callback.as_ref().and_then(|callback| callback.result);
        self.rating.is_some_and(Rating::is_dissatisfied) && !is_unfounded
            || result.is_some_and(CallbackResult::is_negative)
    }

    /// The part of `unit` as a co-handler.
    pub fn co_handling_of(&self, unit: &UnitId) -> Option<&CoHandling> {
        self.co_handling.iter().find(|part| part.unit == *unit)
    }

    /// The units that take part now: the holder, its co-handlers, and the members of joint handling
    /// while it lasts.
    pub fn taking_part(&self) -> impl Iterator<Item = &UnitId> {
        let joint = self.joint.iter().filter(|_| self.state == State::Joint);
        std::iter::once(&self.responsible_unit)
            .chain(self.co_handling.iter().map(|part| &part.unit))
            .chain(joint.flat_map(|joint| &joint.members))
    }

    /// Whether content is shown to the few only (Art. 11(2)).
    pub const fn is_locked(&self) -> bool {
        matches!(self.closed, Some(How::Explained { .. }))
    }

    /// Every attachment: of the appeal, and of the supplements.
    pub fn attachments(&self) -> impl Iterator<Item = &UploadId> {
        let later = self.events.iter().flat_map(|event| match &event.happening {
            Happening::SupplementAnswered { attachments, .. } => attachments.as_slice(),
            _ => &[],
        });
        self.submission.attachments.iter().chain(later)
    }

    /// The version of the rulebook it was opened under (R-RULE-1).
    pub fn rulebook(&self, timetable: &Timetable) -> Rulebook {
        let version = self.events.first().map_or(1, |event| event.rulebook);
        timetable.rulebooks.version(version)
    }

    /// Every clock of the ticket.
    pub fn clocks(&self, timetable: &Timetable) -> Vec<Reading> {
        readings(&self.events, timetable)
    }

    /// The one clock of this kind, if it was ever started.
    pub fn clock(&self, clock: Clock, timetable: &Timetable) -> Option<Reading> {
        let mut clocks = self.clocks(timetable).into_iter();
        clocks.find(|reading| reading.id.clock == clock)
    }

    /// The thresholds still to come, earliest first. The archive waits until nothing else runs.
    pub fn thresholds(&self, timetable: &Timetable) -> Vec<Threshold> {
        let rulebook = self.rulebook(timetable);
        let clocks = self.clocks(timetable);
        let is_busy = clocks.iter().any(Reading::holds_the_archive);
        let mut all: Vec<_> = clocks
            .iter()
            .filter(|reading| !(is_busy && reading.id.clock.end() == End::Archive))
            .flat_map(|reading| reading.thresholds(timetable, &rulebook))
            .collect();
        all.sort_by_key(|threshold| (threshold.at, threshold.step));
        all
    }

    /// The instant by which the work list orders it: the limit that the responsible unit works
    /// against now.
    pub fn due_at(&self, timetable: &Timetable) -> Option<DateTime<Utc>> {
        let clocks = self.clocks(timetable);
        let runs = |clock| {
            let mut all = clocks.iter();
            all.find(|reading| reading.id.clock == clock && !reading.is_stopped())
        };
        [
            Clock::County,
            Clock::Joint,
            Clock::Deferral,
            Clock::Handle,
            Clock::Total,
        ]
        .into_iter()
        .find_map(runs)
        .or_else(|| {
            clocks
                .iter()
                .find(|reading| reading.id.clock == Clock::Total)
        })
        .map(|reading| reading.due_before)
    }
}

#[cfg(test)]
pub(crate) mod tests;
