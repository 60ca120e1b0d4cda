//! The model test (R-HD-13, R-CAL-5, R-HD-14): a small ticket beside the real one, driven by random
//! moves of everybody through random times, with calendars that change and everything sent twice
//! now and then. They must agree after every step.

pub(super) mod moves;
mod reference;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use self::moves::{CITY, Chance, actor, command, registry, submission, text, unit};
use self::reference::{Asked, Model};
use super::explore::moves;
use crate::audit::{Actor, ChainHead, Event, Happening};
use crate::calendar::{Calendar, YearNotice};
use crate::clocks::{ClockId, Moved, Running, Timetable};
use crate::ids::{ChannelCode, Digest};
use crate::registry::Registry;
use crate::rulebook::{Rulebook, Rulebooks};
use crate::ticket::{CoStage, Pending, Ticket, TicketKey, TicketNumber};
use crate::workflow::command::Command;
use crate::workflow::decide::{Facts, decide};
use crate::workflow::refusal::Refusal;
use crate::workflow::rules::article;
use crate::workflow::words::{Action, Clock, End, State};

/// Steps of a story that is not over before.
const STEPS: u32 = 60;

/// Two calendars between which a city changes: one gives a Saturday and takes a Wednesday.
fn calendars() -> [Calendar; 2] {
    let first = crate::calendar::tests::calendar();
    let day = |text: &str| text.parse().unwrap();
    let mut days = first.days_of(2026);
    days.extend([(day("2026-11-25"), true), (day("2026-11-28"), false)]);
    let notice = YearNotice {
        year: 2026,
        published: true,
        document_number: "改".to_owned(),
        days,
    };
    let second = first.clone().with(notice);
    [first, second]
}

struct Story {
    ticket: Ticket,
    model: Model,
    registry: Registry,
    rulebook: Rulebook,
    timetable: Timetable,
    now: DateTime<Utc>,
    /// What was accepted, for the model to live through again under another calendar.
    journal: Vec<(DateTime<Utc>, Actor, Command)>,
}

impl Story {
    fn begin(chance: &mut Chance) -> Self {
        let start: DateTime<Utc> = "2026-11-16T00:00:00Z".parse().unwrap();
        let now = start + TimeDelta::minutes(i64::try_from(chance.below(14 * 24 * 60)).unwrap());
        let timetable = Timetable {
            calendar: calendars()[0].clone(),
            rulebooks: Rulebooks::new(Vec::new()),
        };
        let first = Event {
            at: now,
            by: Actor::Channel(ChannelCode::parse("mobile").unwrap()),
            rulebook: 1,
            happening: Happening::Submitted {
                submission: Box::new(submission()),
            },
        };
        let number = TicketNumber::new(&TicketKey::from_digest(&[7; 5]), now);
        Self {
            ticket: Ticket::open(number, first).unwrap(),
            model: Model::new(unit(CITY), now),
            registry: registry(),
            rulebook: Rulebook::first(),
            timetable,
            now,
            journal: Vec::new(),
        }
    }

    fn decide(&self, actor: &Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        let facts = Facts {
            at: self.now,
            rulebook: &self.rulebook,
            timetable: &self.timetable,
            registry: &self.registry,
            earlier: None,
        };
        decide(Some(&self.ticket), actor, command, &facts)
    }

    /// Half of what is tried is what the table offers; the rest is whatever comes.
    fn next_move(&self, chance: &mut Chance) -> (Actor, Command) {
        let mut lawful = moves(&self.ticket, self.now);
        if self.ticket.pending.is_some() && chance.one_in(3) {
            // A request is decided on before the next thing swallows it.
            lawful.retain(|(actor, command)| self.decide(actor, command.clone()).is_ok());
        }
        // What ends a ticket at once comes seldom, or no story would be long.
        let ends = |command: &Command| {
            matches!(
                command.action(),
                Action::AnswerDirectly
                    | Action::Decline
                    | Action::Explain
                    | Action::Refer
                    | Action::Withdraw
            )
        };
        if chance.one_in(2) && !lawful.is_empty() {
            let (actor, command) = chance.of(&lawful);
            if !ends(&command) || chance.one_in(8) {
                return (actor, command);
            }
        }
        let actor = actor(chance, &self.model.holder, self.model.decider());
        (actor, command(chance, self.now))
    }

    /// Tries a command on both.
    fn tries(&mut self, actor: &Actor, command: &Command) -> bool {
        let allowed = self.model.allows(actor, command, &self.registry);
        let before = self.ticket.clone();
        match self.decide(actor, command.clone()) {
            Ok(events) => {
                assert!(
                    allowed,
                    "the model refuses {actor:?} {command:?}\n{:#?}",
                    self.model
                );
                for event in events {
                    self.ticket.apply(event).unwrap();
                }
                self.model.does(actor, command, &self.timetable.calendar);
                let done = (self.now, actor.clone(), command.clone());
                self.journal.push(done);
                true
            }
            Err(refusal) => {
                assert!(
                    !allowed,
                    "refused {refusal:?}\n{actor:?} {command:?}\n{:#?}",
                    self.model
                );
                assert!(names_its_article(&refusal), "{refusal:?}");
                assert_eq!(self.ticket, before, "a refused action changes nothing");
                false
            }
        }
    }

    /// Fires all that is due, as the sweep does.
    fn sweeps(&mut self) {
        loop {
            let due = self.ticket.thresholds(&self.timetable).into_iter();
            let mut due = due.filter(|threshold| {
                threshold.at <= self.now && threshold.id.clock.end() != End::Archive
            });
            let Some(threshold) = due.next() else {
                return;
            };
            let command = Command::at(&threshold).unwrap();
            if command.action() == Action::LapseSupplement {
                assert!(self.tries(&Actor::System, &command), "{threshold:?}");
                continue;
            }
            for event in self.decide(&Actor::System, command.clone()).unwrap() {
                self.ticket.apply(event).unwrap();
            }
            assert!(
                self.decide(&Actor::System, command).is_err(),
                "{threshold:?} fires twice"
            );
        }
    }

    /// Another notice is loaded: limits move, each with an event, and the model lives it all again.
    fn changes_calendar(&mut self, calendar: Calendar) {
        let before = self.ticket.clocks(&self.timetable);
        self.timetable.calendar = calendar;
        let after = self.ticket.clocks(&self.timetable);
        let pairs = before.iter().zip(&after);
        let moved: Vec<_> = pairs
            .filter(|(old, new)| old.due_before != new.due_before && new.running == Running::Yes)
            .map(|(old, new)| Moved {
                id: new.id.clone(),
                from: old.due_before,
                to: new.due_before,
            })
            .collect();
        if !moved.is_empty() && self.ticket.state != State::Archived {
            let because = "国办发明电".to_owned();
            let command = Command::MoveDeadline { because, moved };
            for event in self.decide(&Actor::System, command).unwrap() {
                self.ticket.apply(event).unwrap();
            }
        }
        self.model = Model::new(unit(CITY), self.ticket.received_at);
        for (at, actor, command) in self.journal.clone() {
            self.model.moves_to(at, &self.timetable.calendar);
            self.model.does(&actor, &command, &self.timetable.calendar);
        }
        self.model.moves_to(self.now, &self.timetable.calendar);
    }

    fn agrees(&self) {
        let (ticket, model) = (&self.ticket, &self.model);
        assert_eq!(ticket.state, model.state);
        // R-HD-13: one responsible unit at every moment, and one that is registered.
        assert_eq!(ticket.responsible_unit, model.holder);
        assert!(self.registry.unit(&ticket.responsible_unit).is_some());
        assert_eq!(ticket.decider(), model.decider());
        assert_eq!(ticket.county, model.county);
        assert_eq!(ticket.review_on, model.review);
        assert_eq!(ticket.is_undelivered, model.undelivered);
        assert_eq!(
            ticket.returned_by.len(),
            usize::try_from(model.returns).unwrap()
        );
        let pending = ticket.pending.as_ref().map(|pending| match pending {
            Pending::Return { .. } => Asked::Return,
            Pending::Extension { days } => Asked::Extension(*days),
            Pending::Deferral { until } => Asked::Deferral(*until),
        });
        assert_eq!(pending, model.asked);
        let helpers = ticket.co_handling.iter().map(|part| {
            let stage = match part.stage {
                CoStage::ToSign => 0,
                CoStage::Signed => 1,
                CoStage::Given(_) => 2,
                CoStage::Released => 3,
            };
            (part.unit.clone(), stage)
        });
        let helpers: std::collections::BTreeMap<_, u8> = helpers.collect();
        assert_eq!(helpers, model.helpers);
        assert_eq!(helpers.len(), ticket.co_handling.len());
        self.clocks_agree();
    }

    /// R-DP-5: the ticket is the fold of its events, and the chain is over all of them.
    fn is_its_events(&self) {
        let ticket = &self.ticket;
        let folded = Ticket::fold(ticket.number.clone(), ticket.events.clone()).unwrap();
        assert_eq!(&folded, ticket);
        assert_eq!(ChainHead::of(&ticket.events), ticket.chain);
    }

    /// Two months later: what is closed and settled is archived.
    fn ends(&mut self) {
        self.now += TimeDelta::days(60);
        self.model.moves_to(self.now, &self.timetable.calendar);
        let digest = Digest(text());
        self.tries(&Actor::System, &Command::Archive { digest });
        self.agrees();
        self.is_its_events();
    }

    /// The deadline is a function of the events: the ticked clocks of the model say the same.
    fn clocks_agree(&self) {
        let today = crate::calendar::shanghai_date(self.now);
        let clocks = [
            ("total", Clock::Total),
            ("handle", Clock::Handle),
            ("return", Clock::Return),
            ("reopen", Clock::Reopen),
        ];
        for (name, clock) in clocks {
            let real = self.ticket.clock(clock, &self.timetable);
            let modelled = self.model.clocks.get(name);
            assert_eq!(real.is_some(), modelled.is_some(), "{name}");
            if let (Some(real), Some(modelled)) = (real, modelled) {
                let told = format!("{name} at {}: {real:#?}\n{modelled:?}", self.now);
                assert_eq!(real.is_overdue(self.now), modelled.is_over(today), "{told}");
            }
        }
    }
}

fn names_its_article(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::NotOpenNow { action, .. } => article(*action).is_some(),
        Refusal::NotYourRole { article, .. } | Refusal::NotYourUnit { article, .. } => {
            article.starts_with('第')
        }
        Refusal::Incomplete {
            article, missing, ..
        } => article.starts_with('第') && missing.iter().all(|one| !one.advice.is_empty()),
    }
}

/// What fired, by clock and the limit it fired for: nothing twice for one limit of one clock.
fn fired_once(ticket: &Ticket, timetable: &Timetable) {
    let mut fired: HashMap<(ClockId, Option<crate::rulebook::Mark>, DateTime<Utc>), u32> =
        HashMap::new();
    for (index, event) in ticket.events.iter().enumerate() {
        let (id, mark) = match &event.happening {
            Happening::Warned { id, mark } => (id, Some(*mark)),
            Happening::BecameOverdue { id } => (id, None),
            _ => continue,
        };
        let then = crate::clocks::readings(&ticket.events[..index], timetable);
        let reading = then.iter().find(|reading| reading.id == *id).unwrap();
        let times = fired
            .entry((id.clone(), mark, reading.due_before))
            .or_default();
        *times += 1;
        assert_eq!(*times, 1, "{id:?} {mark:?} fired twice for one limit");
    }
}

/// One random story: at least [`STEPS`] steps.
fn story(seed: u64) -> (u32, HashSet<Action>) {
    let mut chance = Chance(seed);
    let mut story = Story::begin(&mut chance);
    let calendars = calendars();
    let (mut steps, mut is_first, mut has_changed) = (0, true, false);
    let mut total_started = None;
    while steps < STEPS && story.ticket.state != State::Archived {
        steps += 1;
        let minutes = match chance.below(6) {
            0..=3 => chance.below(90),
            4 => chance.below(24 * 60),
            _ => chance.below(6 * 24 * 60),
        };
        story.now += TimeDelta::minutes(i64::try_from(minutes).unwrap());
        story.model.moves_to(story.now, &story.timetable.calendar);
        if chance.one_in(25) {
            is_first = !is_first;
            has_changed = true;
            story.changes_calendar(calendars[usize::from(is_first)].clone());
        }
        if chance.one_in(3) {
            story.sweeps();
            let left = story.ticket.thresholds(&story.timetable).into_iter();
            let mut due = left.filter(|threshold| threshold.at <= story.now);
            assert!(
                due.all(|threshold| threshold.id.clock == Clock::Archive),
                "nothing is missed"
            );
        }
        let (actor, command) = story.next_move(&mut chance);
        let done = story.tries(&actor, &command);
        if done && chance.one_in(10) {
            // Sent once more.
            steps += 1;
            story.tries(&actor, &command);
        }
        story.agrees();
        // The appellant's clock never starts again.
        let total = story.ticket.clock(Clock::Total, &story.timetable).unwrap();
        assert_eq!(
            *total_started.get_or_insert(total.started_at),
            total.started_at
        );
    }
    story.is_its_events();
    story.ends();
    if !has_changed {
        fired_once(&story.ticket, &story.timetable);
    }
    let done = story.ticket.events.iter();
    (steps, done.map(|event| event.happening.action()).collect())
}

fn stories(from: u64, steps: u32) {
    let (mut done, mut seed, mut actions) = (0, from, HashSet::new());
    while done < steps {
        let story = std::panic::catch_unwind(|| story(seed));
        let (more, its) = story.unwrap_or_else(|_| panic!("story {seed}"));
        done += more;
        actions.extend(its);
        seed += 1;
    }
    // Random, but not idle: everything happens that can. (An earlier ticket there is none.)
    let rare = [Action::CiteEarlier];
    for action in Action::ALL.iter().filter(|action| !rare.contains(action)) {
        assert!(actions.contains(action), "{action:?} never happened");
    }
}

#[test]
fn r_hd_13_the_ticket_agrees_with_its_model_first_part() {
    stories(0, 27_000);
}

#[test]
fn r_hd_13_the_ticket_agrees_with_its_model_second_part() {
    stories(1_000_000, 27_000);
}

#[test]
fn r_hd_13_the_ticket_agrees_with_its_model_third_part() {
    stories(2_000_000, 27_000);
}

#[test]
fn r_hd_13_the_ticket_agrees_with_its_model_fourth_part() {
    stories(3_000_000, 27_000);
}
