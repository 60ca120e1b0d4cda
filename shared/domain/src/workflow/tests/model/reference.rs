//! A ticket as simple as can be: no events, no table, no reckoning; flags, and clocks that are
//! ticked at every midnight. The real ticket must agree with it whatever happens.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::audit::Actor;
use crate::calendar::{Calendar, next_day, shanghai_date};
use crate::ids::UnitId;
use crate::registry::{Registry, UnitKind};
use crate::workflow::command::{CallbackResult, Command};
use crate::workflow::words::{ErasureGround, RatingFinding, Role, State};

/// A clock of working days: ticked once a day.
#[derive(Debug, Clone)]
pub(super) struct Ticker {
    limit: u32,
    used: u32,
    runs: bool,
    touched_on: NaiveDate,
    /// The working day up to which it lasts at least.
    until: Option<NaiveDate>,
    stopped_on: Option<NaiveDate>,
}

impl Ticker {
    fn new(limit: u32, today: NaiveDate) -> Self {
        Self {
            limit,
            used: 0,
            runs: true,
            touched_on: today,
            until: None,
            stopped_on: None,
        }
    }

    /// The day `date` is over.
    fn midnight(&mut self, date: NaiveDate, calendar: &Calendar) {
        let whole = self.runs && self.touched_on != date;
        self.used += u32::from(whole && calendar.is_working_day(date));
    }

    fn set(&mut self, runs: bool, today: NaiveDate) {
        if self.runs != runs {
            self.runs = runs;
            self.touched_on = today;
            self.stopped_on = (!runs).then_some(today);
        }
    }

    pub(super) fn is_over(&self, today: NaiveDate) -> bool {
        let seen_from = self.stopped_on.unwrap_or(today);
        self.used >= self.limit && self.until.is_none_or(|until| seen_from > until)
    }
}

/// What waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    Return,
    Extension(u32),
    Deferral(NaiveDate),
}

#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags are what makes it simple"
)]
pub(super) struct Model {
    pub(super) state: State,
    pub(super) holder: UnitId,
    pub(super) county: Option<UnitId>,
    pub(super) asked: Option<Asked>,
    /// Co-handlers: 0 to sign, 1 signed, 2 given, 3 released.
    pub(super) helpers: BTreeMap<UnitId, u8>,
    pub(super) returns: u32,
    pub(super) clocks: BTreeMap<&'static str, Ticker>,
    managing: UnitId,
    refused: BTreeSet<UnitId>,
    extended: bool,
    lists: BTreeSet<UnitId>,
    open_items: BTreeSet<u8>,
    listed: u8,
    waited: u32,
    waiting_since: Option<NaiveDate>,
    contacts: u32,
    meetings: u32,
    raised: bool,
    verifies: bool,
    erased: bool,
    pub(super) review: Option<NaiveDate>,
    pub(super) undelivered: bool,
    rating: Option<bool>,
    /// 0 not looked into, 1 contested, 2 proved, 3 unfounded.
    check: u8,
    /// Who calls back, how often nobody answered, and whether the appellant is satisfied.
    pub(super) call: Option<(UnitId, u32, Option<bool>)>,
    mends: bool,
    called: bool,
    /// Withdrawn or locked: nobody is called.
    quiet: bool,
    /// Who gave it back, whom the last of them named instead, and who meets because of that.
    gave_back: BTreeSet<UnitId>,
    named: Option<UnitId>,
    members: BTreeSet<UnitId>,
    today: NaiveDate,
}

impl Model {
    pub(super) fn new(managing: UnitId, at: DateTime<Utc>) -> Self {
        let today = shanghai_date(at);
        Self {
            state: State::Received,
            holder: managing.clone(),
            county: None,
            asked: None,
            helpers: BTreeMap::new(),
            returns: 0,
            clocks: BTreeMap::from([("total", Ticker::new(1, today))]),
            managing,
            refused: BTreeSet::new(),
            extended: false,
            lists: BTreeSet::new(),
            open_items: BTreeSet::new(),
            listed: 0,
            waited: 0,
            waiting_since: None,
            contacts: 0,
            meetings: 0,
            raised: false,
            verifies: false,
            erased: false,
            review: None,
            undelivered: false,
            rating: None,
            check: 0,
            call: None,
            mends: false,
            called: false,
            quiet: false,
            gave_back: BTreeSet::new(),
            named: None,
            members: BTreeSet::new(),
            today,
        }
    }

    /// Time goes on, midnight by midnight.
    pub(super) fn moves_to(&mut self, at: DateTime<Utc>, calendar: &Calendar) {
        while self.today < shanghai_date(at) {
            for clock in self.clocks.values_mut() {
                clock.midnight(self.today, calendar);
            }
            self.today = next_day(self.today);
        }
    }

    fn over(&self, clock: &str) -> bool {
        self.clocks
            .get(clock)
            .is_none_or(|clock| clock.is_over(self.today))
    }

    fn runs(&self, clock: &str) -> bool {
        self.clocks.get(clock).is_some_and(|clock| clock.runs)
    }

    pub(super) fn decider(&self) -> &UnitId {
        match &self.county {
            Some(county) if *county != self.holder => county,
            _ => &self.managing,
        }
    }

    /// Whether the regulation lets `actor` do it.
    pub(super) fn allows(&self, actor: &Actor, command: &Command, city: &Registry) -> bool {
        self.seated(actor, command) && self.ready(actor, command, city)
    }

    #[expect(clippy::too_many_lines, reason = "one arm a command: a table")]
    fn seated(&self, actor: &Actor, command: &Command) -> bool {
        use State::{
            AwaitingSupplement, Closed, Dispatched, Handling, Joint, Received, Rectifying,
            WithCounty,
        };
        let Actor::Officer { unit, role, .. } = actor else {
            let appellant = *actor == Actor::Appellant;
            return match command {
                Command::Withdraw { .. } => appellant && self.state.is_open(),
                Command::Rate(..) => appellant && self.state == Closed,
                Command::AnswerSupplement { .. } | Command::EndSupplement { .. } => {
                    appellant && self.state == AwaitingSupplement
                }
                Command::LapseSupplement => {
                    *actor == Actor::System && self.state == AwaitingSupplement
                }
                Command::Erase { .. } => {
                    *actor == Actor::System && [Closed, State::Archived].contains(&self.state)
                }
                Command::NoteUndelivered { .. }
                | Command::Archive { .. }
                | Command::DrawCallback { .. } => *actor == Actor::System && self.state == Closed,
                _ => false,
            };
        };
        let is = |roles: &[Role], at: &UnitId, states: &[State]| {
            roles.contains(role) && unit == at && states.contains(&self.state)
        };
        let desk = &[Role::TriageOfficer];
        let city = &[Role::TriageOfficer, Role::CityManager];
        let deciders = &[Role::TriageOfficer, Role::CityManager, Role::CountyManager];
        let holders = &[Role::Liaison, Role::CountyManager];
        let (managing, holder, decider) = (&self.managing, &self.holder, self.decider());
        let with_helpers = &[Dispatched, Handling, AwaitingSupplement, Rectifying];
        match command {
            Command::Dispatch { .. } => {
                is(desk, managing, &[Received]) || is(&[Role::CountyManager], holder, &[WithCounty])
            }
            Command::TakeOn => is(&[Role::CountyManager], holder, &[WithCounty]),
            Command::AnswerDirectly { .. }
            | Command::Transfer { .. }
            | Command::Decline { .. }
            | Command::Explain { .. }
            | Command::CiteEarlier { .. }
            | Command::Refer { .. } => is(desk, managing, &[Received]),
            Command::OpenJoint { .. } => is(city, managing, &[Received, Dispatched, Handling]),
            Command::RecordMeeting { .. } | Command::ConcludeJoint { .. } => {
                is(city, managing, &[Joint])
            }
            Command::RaiseToGovernment { .. } => is(&[Role::CityManager], managing, &[Joint]),
            Command::Sign => is(&[Role::Liaison], holder, &[Dispatched]),
            Command::AskSupplement { .. } | Command::AskExtension { .. } => {
                is(holders, holder, &[Handling])
            }
            Command::EndSupplement { .. } => is(holders, holder, &[AwaitingSupplement]),
            Command::Close { .. } | Command::RecordContact(_) => {
                is(holders, holder, &[Handling, AwaitingSupplement, Rectifying])
            }
            Command::AskDeferral { .. } => is(holders, holder, &[Handling, Rectifying]),
            Command::AskReturn { .. } => is(holders, holder, &[WithCounty, Dispatched, Handling]),
            Command::AcceptReturn { .. } | Command::RefuseReturn { .. } => {
                is(deciders, decider, &[WithCounty, Dispatched, Handling])
            }
            Command::GrantExtension { .. } | Command::RefuseExtension { .. } => {
                is(deciders, decider, &[Handling])
            }
            Command::GrantDeferral { .. } | Command::RefuseDeferral { .. } => {
                is(deciders, decider, &[Handling, Rectifying])
            }
            Command::VerifyRectification { .. } | Command::SendBack { .. } => {
                is(deciders, decider, &[Closed])
            }
            Command::AppointCoHandlers { .. } | Command::ReleaseCoHandler { .. } => {
                is(deciders, decider, with_helpers)
            }
            Command::CoSign | Command::GiveOpinion { .. } => {
                *role == Role::Liaison
                    && with_helpers.contains(&self.state)
                    && self.helpers.contains_key(unit)
            }
            Command::ReviewUnsolved { .. } | Command::ContestRating { .. } => {
                is(holders, holder, &[Closed])
            }
            Command::DeliverOtherwise { .. } => is(
                &[Role::Liaison, Role::TriageOfficer, Role::CountyManager],
                holder,
                &[Closed],
            ),
            Command::Reopen { .. } | Command::VerifyRating { .. } => is(city, managing, &[Closed]),
            Command::CompleteRectification { .. } => {
                is(holders, holder, &[Closed]) || is(desk, holder, &[Closed])
            }
            Command::TryCallback { .. } | Command::CompleteCallback { .. } => {
                let caller = self.call.as_ref().filter(|_| self.is_to_call());
                caller.is_some_and(|call| is(&[Role::CallbackAgent], &call.0, &[Closed]))
            }
            Command::Erase { .. } => is(&[Role::CityManager], managing, &[Closed, State::Archived]),
            Command::Reveal { .. } => {
                let meets = self.state == Joint && self.members.contains(unit);
                let concerned = [managing, holder].contains(&unit)
                    || self.county.as_ref() == Some(unit)
                    || self.helpers.contains_key(unit)
                    || meets
                    || self.is_to_call() && self.call.as_ref().is_some_and(|it| it.0 == *unit);
                let roles = [deciders.as_slice(), holders, &[Role::CallbackAgent]];
                roles.iter().any(|roles| roles.contains(role)) && concerned
            }
            _ => false,
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm a command: a table")]
    fn ready(&self, actor: &Actor, command: &Command, city: &Registry) -> bool {
        let receives = |unit: &UnitId| {
            let unit = city.unit(unit);
            unit.is_some_and(|unit| unit.kind == UnitKind::Resolving && unit.can_receive())
        };
        let helpers_fit = |units: &[UnitId], lead: &UnitId| {
            let distinct: BTreeSet<_> = units.iter().collect();
            distinct.len() == units.len() && units.iter().all(|unit| unit != lead && receives(unit))
        };
        let ahead = |date: NaiveDate| date > self.today;
        match command {
            Command::Dispatch {
                unit, co_handlers, ..
            } => self.asked.is_none() && receives(unit) && helpers_fit(co_handlers, unit),
            Command::ConcludeJoint {
                unit,
                co_handlers,
                text,
            } => {
                self.meetings > 0
                    && text.is_some()
                    && receives(unit)
                    && helpers_fit(co_handlers, unit)
            }
            Command::TakeOn => self.asked.is_none(),
            Command::Transfer { unit, .. } => city
                .unit(unit)
                .is_some_and(|unit| unit.kind == UnitKind::CountyManaging),
            Command::OpenJoint { members, text, .. } => {
                text.is_some() && members.len() >= 2 && self.asked.is_none()
            }
            Command::RecordMeeting { on, text } => text.is_some() && !ahead(*on),
            Command::RaiseToGovernment { text } => text.is_some() && !self.raised,
            Command::CiteEarlier { .. } => false,
            Command::AppointCoHandlers { units, .. } => {
                let new = |unit: &UnitId| self.helpers.get(unit).is_none_or(|stage| *stage == 3);
                !units.is_empty() && helpers_fit(units, &self.holder) && units.iter().all(new)
            }
            Command::ReleaseCoHandler { unit, text } => {
                text.is_some() && self.helpers.get(unit).is_some_and(|stage| *stage < 2)
            }
            Command::CoSign => self.stage_of(actor) == Some(0),
            Command::GiveOpinion { text } => text.is_some() && self.stage_of(actor) == Some(1),
            Command::AskReturn {
                ground, suggested, ..
            } => {
                !ground.is_empty()
                    && *suggested != self.holder
                    && city.unit(suggested).is_some()
                    && self.runs("return")
                    && !self.over("return")
                    && !self.refused.contains(&self.holder)
                    && self.asked.is_none()
            }
            Command::AcceptReturn { .. } => self.asked == Some(Asked::Return),
            Command::RefuseReturn { text, .. } => {
                text.is_some() && self.asked == Some(Asked::Return)
            }
            Command::AskExtension { days, text } => {
                (1..=3).contains(days)
                    && text.is_some()
                    && self.runs("handle")
                    && !self.over("handle")
                    && !self.extended
                    && self.asked.is_none()
            }
            Command::GrantExtension { .. } => matches!(self.asked, Some(Asked::Extension(_))),
            Command::RefuseExtension { text } => {
                text.is_some() && matches!(self.asked, Some(Asked::Extension(_)))
            }
            Command::AskDeferral { plan, .. } => {
                ahead(plan.until) && !plan.measures.is_empty() && self.asked.is_none()
            }
            Command::GrantDeferral { .. } => matches!(self.asked, Some(Asked::Deferral(_))),
            Command::RefuseDeferral { text } => {
                text.is_some() && matches!(self.asked, Some(Asked::Deferral(_)))
            }
            Command::VerifyRectification { text } | Command::SendBack { text } => {
                text.is_some() && self.verifies
            }
            Command::AskSupplement { items, .. } => {
                (1..=20).contains(&items.len())
                    && items.iter().all(|item| !item.why.is_empty())
                    && !self.lists.contains(&self.holder)
                    && self.waited < 5
                    && self.asked.is_none()
            }
            Command::AnswerSupplement { items, .. } => {
                let distinct: BTreeSet<_> = items.iter().collect();
                !items.is_empty()
                    && distinct.len() == items.len()
                    && items.iter().all(|item| self.open_items.contains(item))
            }
            Command::LapseSupplement => self.over("supplement"),
            Command::Close {
                record,
                interim,
                contact,
                outcome,
                ..
            } => {
                let cannot = *outcome == crate::answer::Outcome::CannotSolveNow;
                let plan_fits = match interim {
                    Some(plan) => cannot && ahead(plan.review_on),
                    None => !cannot,
                };
                !record.facts.is_empty()
                    && plan_fits
                    && (contact.is_some() || self.contacts > 0)
                    && self.helpers.values().all(|stage| *stage >= 2)
                    && self.state != State::AwaitingSupplement
                    && self.asked.is_none()
            }
            Command::ReviewUnsolved { next_on, text } => {
                text.is_some() && self.review.is_some() && next_on.is_none_or(ahead)
            }
            Command::Reopen { text } => {
                let told = self.call.as_ref().and_then(|call| call.2);
                let unhappy = self.rating == Some(false) && self.check != 3 || told == Some(false);
                text.is_some()
                    && !self.erased
                    && (unhappy || self.review.is_some())
                    && (!self.over("reopen") || self.review.is_some())
            }
            Command::NoteUndelivered { .. } => !self.undelivered,
            Command::DeliverOtherwise { text, .. } => text.is_some() && self.undelivered,
            Command::Rate(..) => self.rating.is_none(),
            Command::ContestRating { text } => {
                text.is_some() && self.rating == Some(false) && self.check == 0
            }
            Command::VerifyRating { text, .. } => {
                text.is_some() && self.rating == Some(false) && self.check < 2
            }
            Command::DrawCallback { caller, .. } => {
                self.call.is_none()
                    && !self.quiet
                    && !self.erased
                    && *caller != self.holder
                    && !self.helpers.contains_key(caller)
            }
            Command::TryCallback { .. } => self.is_to_call(),
            Command::CompleteCallback { result, .. } => {
                let tries = self.call.as_ref().map_or(0, |call| call.1);
                self.is_to_call() && (*result != CallbackResult::Unreached || tries >= 3)
            }
            Command::CompleteRectification { text } => text.is_some() && self.mends,
            Command::Archive { .. } => self.over("archive") && !self.something_left(),
            Command::Reveal { .. } => !self.erased,
            Command::Erase { ground, text, open } => {
                let ended = *ground == ErasureGround::RetentionEnded;
                let is_asked = *actor == Actor::System || !ended && text.is_some();
                !self.erased && open.is_empty() && is_asked && !self.something_left()
            }
            Command::Explain { text, .. } | Command::Refer { text } => text.is_some(),
            _ => true,
        }
    }

    fn is_to_call(&self) -> bool {
        self.call.as_ref().is_some_and(|call| call.2.is_none()) && !self.called
    }

    fn something_left(&self) -> bool {
        let is_contested = self.check == 1;
        self.verifies
            || self.review.is_some()
            || self.undelivered
            || self.is_to_call()
            || self.mends
            || is_contested
    }

    fn stage_of(&self, actor: &Actor) -> Option<u8> {
        self.helpers.get(actor.unit()?).copied()
    }

    fn start(&mut self, clock: &'static str, limit: u32) {
        self.clocks.insert(clock, Ticker::new(limit, self.today));
    }

    fn set(&mut self, clock: &'static str, runs: bool) {
        let today = self.today;
        if let Some(clock) = self.clocks.get_mut(clock) {
            clock.set(runs, today);
        }
    }

    fn stop(&mut self, clocks: &[&'static str]) {
        for clock in clocks {
            self.set(clock, false);
        }
    }

    fn hand_over(&mut self, unit: &UnitId, helpers: &[UnitId]) {
        self.holder = unit.clone();
        self.helpers = helpers.iter().map(|unit| (unit.clone(), 0)).collect();
        self.asked = None;
        self.extended = false;
        self.contacts = 0;
    }

    fn closes(&mut self) {
        self.quiet = false;
        self.state = State::Closed;
        self.asked = None;
        self.stop(&["total", "handle", "return", "supplement"]);
        self.start("reopen", 15);
        self.start("archive", 30);
    }

    fn goes_on(&mut self) {
        self.rating = None;
        self.check = 0;
        self.call = None;
        self.called = false;
        self.mends = false;
        self.review = None;
        self.undelivered = false;
        self.verifies = false;
        self.extended = false;
        self.set("total", true);
        self.stop(&["reopen", "archive"]);
    }

    /// What follows from a command that was allowed.
    #[expect(clippy::too_many_lines, reason = "one arm a command: a table")]
    pub(super) fn does(&mut self, actor: &Actor, command: &Command, calendar: &Calendar) {
        let managing = self.managing.clone();
        match command {
            Command::Dispatch {
                unit, co_handlers, ..
            } => {
                if self.state == State::Received {
                    self.county = None;
                }
                self.dispatched(unit, co_handlers, true);
            }
            Command::ConcludeJoint {
                unit, co_handlers, ..
            } => {
                self.county = None;
                self.dispatched(unit, co_handlers, false);
            }
            Command::Transfer { unit, .. } => {
                self.hand_over(unit, &[]);
                self.county = Some(unit.clone());
                self.state = State::WithCounty;
                self.start("return", 1);
            }
            Command::TakeOn => {
                self.state = State::Handling;
                self.start("handle", 1);
            }
            Command::OpenJoint { members, .. } => {
                self.members = members.iter().cloned().collect();
                self.meets(&managing);
            }
            Command::RecordMeeting { .. } => self.meetings += 1,
            Command::RaiseToGovernment { .. } => self.raised = true,
            Command::Sign => self.state = State::Handling,
            Command::RecordContact(_) => self.contacts += 1,
            Command::AppointCoHandlers { units, .. } => {
                self.helpers
                    .extend(units.iter().map(|unit| (unit.clone(), 0)));
            }
            Command::CoSign => self.helps(actor.unit(), 1),
            Command::GiveOpinion { .. } => self.helps(actor.unit(), 2),
            Command::ReleaseCoHandler { unit, .. } => self.helps(Some(unit), 3),
            Command::AskReturn { suggested, .. } => {
                self.asked = Some(Asked::Return);
                self.named = Some(suggested.clone());
            }
            Command::AcceptReturn { .. } => {
                self.returns += 1;
                self.stop(&["handle", "return"]);
                let to = self.decider().clone();
                self.gave_back.insert(self.holder.clone());
                if self.returns >= 3 {
                    let all = self.gave_back.iter().chain(&self.named).chain(&self.county);
                    self.members = all.filter(|unit| **unit != managing).cloned().collect();
                    self.meets(&managing);
                } else {
                    let at_city = to == managing;
                    self.hand_over(&to, &[]);
                    if at_city {
                        self.county = None;
                    }
                    self.state = if at_city {
                        State::Received
                    } else {
                        State::WithCounty
                    };
                    if !at_city {
                        self.start("return", 1);
                    }
                }
            }
            Command::RefuseReturn { .. } => {
                self.asked = None;
                self.refused.insert(self.holder.clone());
            }
            Command::AskExtension { days, .. } => self.asked = Some(Asked::Extension(*days)),
            Command::GrantExtension { .. } => {
                if let Some(Asked::Extension(days)) = self.asked.take() {
                    self.extended = true;
                    for clock in ["handle", "total"] {
                        if let Some(clock) = self.clocks.get_mut(clock) {
                            clock.limit += days;
                        }
                    }
                }
            }
            Command::AskDeferral { plan, .. } => self.asked = Some(Asked::Deferral(plan.until)),
            Command::GrantDeferral { .. } => {
                if let Some(Asked::Deferral(until)) = self.asked.take() {
                    self.state = State::Rectifying;
                    self.stop(&["handle", "return"]);
                    let until = calendar.working_day_after(until, 0).date;
                    if let Some(total) = self.clocks.get_mut("total") {
                        total.until = total.until.max(Some(until));
                    }
                }
            }
            Command::RefuseExtension { .. } | Command::RefuseDeferral { .. } => self.asked = None,
            Command::VerifyRectification { .. } => self.verifies = false,
            Command::SendBack { .. } => {
                self.goes_on();
                self.state = State::Handling;
                self.start("handle", 1);
            }
            Command::AskSupplement { items, .. } => {
                self.state = State::AwaitingSupplement;
                self.lists.insert(self.holder.clone());
                self.listed = u8::try_from(items.len()).unwrap();
                self.open_items = (1..=self.listed).collect();
                self.stop(&["handle", "total"]);
                self.start("supplement", 5 - self.waited.min(5));
                self.waiting_since = Some(self.today);
            }
            Command::AnswerSupplement { items, .. } => {
                for item in items {
                    self.open_items.remove(item);
                }
                if self.open_items.is_empty() {
                    self.handles_again(calendar);
                }
            }
            Command::EndSupplement { .. } | Command::LapseSupplement => {
                self.handles_again(calendar);
            }
            Command::Close {
                interim, contact, ..
            } => {
                self.contacts += u32::from(contact.is_some());
                self.verifies = self.state == State::Rectifying;
                self.review = interim.as_ref().map(|plan| plan.review_on);
                self.closes();
            }
            Command::Withdraw { .. } => {
                self.count_waiting(calendar);
                self.closes();
                self.quiet = true;
            }
            Command::Explain { .. } => {
                self.closes();
                self.quiet = true;
            }
            Command::AnswerDirectly { .. } | Command::Decline { .. } | Command::Refer { .. } => {
                self.closes();
            }
            Command::ReviewUnsolved { next_on, .. } => self.review = *next_on,
            Command::Reopen { .. } => {
                self.goes_on();
                self.hand_over(&managing, &[]);
                self.county = None;
                self.state = State::Received;
            }
            Command::NoteUndelivered { .. } => self.undelivered = true,
            Command::DeliverOtherwise { .. } => self.undelivered = false,
            Command::ContestRating { .. } => self.check = 1,
            Command::VerifyRating { finding, .. } => {
                self.check = if *finding == RatingFinding::Proved {
                    2
                } else {
                    3
                };
            }
            Command::DrawCallback { caller, .. } => self.call = Some((caller.clone(), 0, None)),
            Command::TryCallback { .. } => {
                if let Some(call) = &mut self.call {
                    call.1 += 1;
                }
            }
            Command::CompleteCallback { result, .. } => {
                let told = match result {
                    CallbackResult::Unreached => None,
                    CallbackResult::Answered(rating) => Some(rating.level > 2 && rating.solved),
                };
                self.called = true;
                self.mends = told == Some(false);
                if let Some(call) = &mut self.call {
                    call.2 = told;
                }
            }
            Command::CompleteRectification { .. } => {
                self.mends = false;
                self.verifies = self.holder != *self.decider();
            }
            Command::Rate(rating, _) => self.rating = Some(rating.level > 2 && rating.solved),
            Command::Archive { .. } => self.state = State::Archived,
            Command::Erase { .. } => self.erased = true,
            _ => {}
        }
    }

    fn dispatched(&mut self, unit: &UnitId, helpers: &[UnitId], returnable: bool) {
        self.hand_over(unit, helpers);
        self.state = State::Dispatched;
        self.start("handle", 1);
        if returnable {
            self.start("return", 1);
        }
    }

    fn meets(&mut self, managing: &UnitId) {
        self.hand_over(managing, &[]);
        self.county = None;
        self.state = State::Joint;
        self.meetings = 0;
        self.raised = false;
        self.stop(&["handle", "return"]);
    }

    fn helps(&mut self, unit: Option<&UnitId>, stage: u8) {
        if let Some(stands) = unit.and_then(|unit| self.helpers.get_mut(unit)) {
            *stands = stage;
        }
    }

    fn count_waiting(&mut self, calendar: &Calendar) {
        if let Some(mut date) = self.waiting_since.take() {
            while date < self.today {
                date = next_day(date);
                self.waited += u32::from(calendar.is_working_day(date));
            }
        }
    }

    fn handles_again(&mut self, calendar: &Calendar) {
        self.count_waiting(calendar);
        self.state = State::Handling;
        self.open_items.clear();
        self.stop(&["supplement"]);
        self.set("handle", true);
        self.set("total", true);
    }
}
