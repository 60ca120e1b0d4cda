//! Whose move it is: what stands on which unit's work list (R-UX-1). The responsible unit's entry
//! rides on the ticket itself; the others are listings of their own.

use chrono::{DateTime, Utc};

use super::{CoStage, Pending, RatingCheck, Ticket};
use crate::clocks::{Reading, Timetable};
use crate::ids::UnitId;
use crate::vocabulary::vocabulary;
use crate::workflow::words::{Clock, State};

vocabulary! {
    /// What a unit has to do about a ticket.
    Task {
        Triage = "triage" "待分拣",
        Distribute = "distribute" "待县级分派",
        Sign = "sign" "待签收",
        Handle = "handle" "办理中",
        AwaitSupplement = "await_supplement" "待补充材料",
        Rectify = "rectify" "整改中",
        Coordinate = "coordinate" "联合处置中",
        CoSign = "co_sign" "协办待签收",
        GiveOpinion = "give_opinion" "待出具协办意见",
        TakePart = "take_part" "参加联合处置",
        DecideReturn = "decide_return" "退回待审",
        DecideExtension = "decide_extension" "延期待审",
        DecideDeferral = "decide_deferral" "延期整改待审",
        Verify = "verify" "整改待核实",
        Review = "review" "暂无法解决待复核",
        Deliver = "deliver" "答复待另行送达",
        CallBack = "call_back" "待回访",
        RectifyCallback = "rectify_callback" "回访整改待报告",
        VerifyRating = "verify_rating" "评价待核实",
    }
}

impl Task {
    /// The responsible unit's own task in a state, while the appeal is to be answered.
    pub const fn of(state: State) -> Option<Self> {
        match state {
            State::Received => Some(Self::Triage),
            State::WithCounty => Some(Self::Distribute),
            State::Dispatched => Some(Self::Sign),
            State::Handling => Some(Self::Handle),
            State::AwaitingSupplement => Some(Self::AwaitSupplement),
            State::Rectifying => Some(Self::Rectify),
            State::Joint => Some(Self::Coordinate),
            State::New | State::Closed | State::Archived => None,
        }
    }
}

/// An entry of a work list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Whose list.
    pub unit: UnitId,
    /// What there is to do.
    pub task: Task,
    /// By when.
    pub due_at: Option<DateTime<Utc>>,
}

impl Ticket {
    /// What others have to do, and the responsible unit once the ticket is closed.
    pub fn listings(&self, timetable: &Timetable) -> Vec<Listing> {
        let clocks = self.clocks(timetable);
        let due = |clock: Clock, unit: Option<&UnitId>| {
            let mut all = clocks.iter();
            let found = all.find(|reading: &&Reading| {
                reading.id.clock == clock && reading.id.unit.as_ref() == unit
            });
            found.map(|reading| reading.due_before)
        };
        let listing = |unit: &UnitId, task, due_at| Listing {
            unit: unit.clone(),
            task,
            due_at,
        };
        let mut listings = Vec::new();
        if self.state.is_open() {
            for part in self.co_handling.iter().filter(|part| part.is_open()) {
                let (task, clock) = match part.stage {
                    CoStage::ToSign => (Task::CoSign, Clock::CoSign),
                    _ => (Task::GiveOpinion, Clock::Opinion),
                };
                listings.push(listing(&part.unit, task, due(clock, Some(&part.unit))));
            }
        }
        if let (State::Joint, Some(joint)) = (self.state, &self.joint) {
            let limit = due(Clock::Joint, None);
            let members = joint.members.iter();
            listings.extend(members.map(|unit| listing(unit, Task::TakePart, limit)));
        }
        if let Some(pending) = &self.pending {
            let task = match pending {
                Pending::Return { .. } => Task::DecideReturn,
                Pending::Extension { .. } => Task::DecideExtension,
                Pending::Deferral { .. } => Task::DecideDeferral,
            };
            listings.push(listing(self.decider(), task, due(Clock::Decision, None)));
        }
        if self.state == State::Closed {
            self.after_closing(&mut |unit, task, clock| {
                listings.push(listing(unit, task, due(clock, None)));
            });
        }
        listings
    }

    /// What is left to do about a closed ticket: whose it is, what, and by which clock.
    fn after_closing(&self, list: &mut dyn FnMut(&UnitId, Task, Clock)) {
        let (holder, decider) = (&self.responsible_unit, self.decider());
        if self.awaits_verification {
            list(decider, Task::Verify, Clock::Verify);
        }
        if self.review_on.is_some() {
            list(holder, Task::Review, Clock::Review);
            if decider != holder {
                list(decider, Task::Review, Clock::Review);
            }
        }
        if self.is_undelivered {
            list(holder, Task::Deliver, Clock::Delivery);
        }
        if let Some(caller) = self.caller() {
            list(caller, Task::CallBack, Clock::Callback);
        }
        if self.is_to_rectify {
            list(holder, Task::RectifyCallback, Clock::Rectify);
        }
        if self.rating_check == Some(RatingCheck::Contested) {
            let managing = &self.submission.managing_unit;
            list(managing, Task::VerifyRating, Clock::Decision);
        }
    }
}
