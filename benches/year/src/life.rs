//! One appeal's life, from its submission to its archive.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::answer::Outcome;
use domain::appeal::{AppellantKind, Kind, ReplyWay, Subject, Submission};
use domain::audit::{Actor, Event, Happening};
use domain::calendar::OfficeHours;
use domain::clocks::ClockId;
use domain::ids::{AppellantId, ChannelCode, Digest, OfficerId, TextRef, UnitId, VaultName};
use domain::rulebook::Mark;
use domain::ticket::{Ticket, TicketKey, TicketNumber};
use domain::workflow::command::{CallbackResult, Contact, Rating};
use domain::workflow::words::{
    Clock, ContactOutcome, ContactWay, DrawGround, Ground, RatingFinding, ReturnReason, Role, State,
};

use crate::words::{CHANNELS, DETAILS, ITEMS, MATTERS};
use crate::{Made, Office, Year};

/// One in so many appellants has brought something before.
const APPELLANTS: u64 = 400_000;

struct Life<'a> {
    year: &'a mut Year,
    ticket: Ticket,
    at: DateTime<Utc>,
    managing: UnitId,
    text: TextRef,
    knowledge: BTreeMap<u32, Vec<(String, u32)>>,
}

/// An appeal received at `at`, and all that became of it.
pub(crate) fn live(year: &mut Year, at: DateTime<Utc>) -> Option<Made> {
    let managing = year.managing.clone();
    let key = TicketKey::from_bits(year.chance.u64(..));
    let item = ITEMS.get(skewed(&mut year.chance, ITEMS.len()))?;
    let matter = year.chance.choice(MATTERS)?;
    let detail = year.chance.choice(DETAILS)?;
    let office = office(year)?;
    let text = TextRef::of(b"a text");
    let channel = *CHANNELS.get(skewed(&mut year.chance, CHANNELS.len()))?;
    let mut digest = [0; 32];
    let appellant = year.chance.u64(0..APPELLANTS).to_be_bytes();
    digest.get_mut(..8)?.copy_from_slice(&appellant);
    let submission = Submission {
        channel: ChannelCode::parse(channel).ok()?,
        kind: kind(year.chance.u8(0..100)),
        subject: subject(year.chance.u8(0..100)),
        appellant_kind: if year.chance.u8(0..100) < 15 {
            AppellantKind::Enterprise
        } else {
            AppellantKind::Person
        },
        reply_way: *year.chance.choice(ReplyWay::ALL)?,
        area: Some(office.area.clone()),
        service_item: (year.chance.u8(0..100) < 85).then(|| item.0.to_owned()),
        managing_unit: managing.clone(),
        text: text.clone(),
        vault: VaultName::of(AppellantId::of(&digest), &[key.as_str().as_bytes()]),
        attachments: Vec::new(),
    };
    let first = Event {
        at,
        by: Actor::Channel(submission.channel.clone()),
        rulebook: 1,
        happening: Happening::Submitted {
            submission: Box::new(submission),
        },
    };
    let ticket = Ticket::open(TicketNumber::new(&key, at), first).ok()?;
    let mut life = Life {
        year,
        ticket,
        at,
        managing,
        text,
        knowledge: BTreeMap::new(),
    };
    life.triage(&office)?;
    Some(Made {
        ticket: life.ticket,
        title: item.1.to_owned() + matter.split('，').next().unwrap_or_default(),
        text: format!("{}：{matter}。{detail}", item.1),
        knowledge: life.knowledge,
    })
}

/// Small numbers come up more often than large ones.
fn skewed(chance: &mut fastrand::Rng, count: usize) -> usize {
    let (one, other) = (chance.usize(0..count), chance.usize(0..count));
    one.min(other)
}

fn office(year: &mut Year) -> Option<Office> {
    let at = skewed(&mut year.chance, year.offices.len());
    year.offices.get(at).cloned()
}

const fn kind(percent: u8) -> Kind {
    match percent {
        0..45 => Kind::Consultation,
        45..70 => Kind::Help,
        70..90 => Kind::Complaint,
        90..93 => Kind::Report,
        _ => Kind::Suggestion,
    }
}

const fn subject(percent: u8) -> Subject {
    match percent {
        0..60 => Subject::ServiceItem,
        60..85 => Subject::GuideQuery,
        _ => Subject::SystemFunction,
    }
}

fn officer(unit: &UnitId, role: Role) -> Option<Actor> {
    Some(Actor::Officer {
        id: OfficerId::parse("officer").ok()?,
        unit: unit.clone(),
        role,
    })
}

impl Life<'_> {
    fn percent(&mut self, of: u8) -> bool {
        self.year.chance.u8(0..100) < of
    }

    /// Office time goes by.
    fn wait(&mut self, minutes: std::ops::Range<i64>) {
        let minutes = self.year.chance.i64(minutes);
        let hours: OfficeHours = self.year.timetable.rulebooks.version(1).office_hours;
        let later = hours
            .add(&self.year.timetable.calendar, self.at, minutes)
            .at;
        self.at = later + TimeDelta::milliseconds(self.year.chance.i64(0..60_000));
    }

    fn event(&mut self, by: Actor, happening: Happening) -> Option<()> {
        let (at, rulebook) = (self.at, 1);
        let event = Event {
            at,
            by,
            rulebook,
            happening,
        };
        self.ticket.apply(event).ok()
    }

    fn triage(&mut self, office: &Office) -> Option<()> {
        self.wait(1..180);
        let by = officer(&self.managing, Role::TriageOfficer)?;
        match self.year.chance.u8(0..100) {
            0..28 => {
                let text = self.text.clone();
                self.event(by, Happening::AnsweredDirectly { text })?;
                self.cite();
                return self.after();
            }
            28..32 => {
                let ground = *self.year.chance.choice(Ground::ALL)?;
                let explanation = Some(self.text.clone());
                self.event(
                    by,
                    Happening::Declined {
                        ground,
                        explanation,
                    },
                )?;
                return self.archive();
            }
            32..34 => {
                self.event(Actor::Appellant, Happening::Withdrawn { reason: None })?;
                return self.archive();
            }
            _ => {}
        }
        let mut dispatcher = by;
        if let Some(county) = &office.county {
            let unit = county.clone();
            self.event(dispatcher, Happening::Transferred { unit, note: None })?;
            self.wait(5..240);
            dispatcher = officer(county, Role::CountyManager)?;
        }
        if office.county.is_none() && self.percent(8) {
            self.given_back(office)?;
        }
        self.dispatch(dispatcher, &office.unit)?;
        self.handle(&office.unit)
    }

    fn dispatch(&mut self, by: Actor, unit: &UnitId) -> Option<()> {
        let (unit, co_handlers) = (unit.clone(), Vec::new());
        let dispatched = Happening::Dispatched {
            unit,
            co_handlers,
            note: None,
        };
        self.event(by, dispatched)
    }

    /// First somebody has it whose duty it is not.
    fn given_back(&mut self, office: &Office) -> Option<()> {
        let other = self.year.offices.iter().find(|it| it.unit != office.unit)?;
        let other = other.unit.clone();
        let manager = officer(&self.managing, Role::CityManager)?;
        self.dispatch(manager.clone(), &other)?;
        self.wait(10..200);
        let asked = Happening::ReturnRequested {
            reason: *self.year.chance.choice(ReturnReason::ALL)?,
            suggested: office.unit.clone(),
            text: self.text.clone(),
        };
        let liaison = officer(&other, Role::Liaison)?;
        self.event(liaison, asked)?;
        self.wait(10..120);
        let accepted = Happening::ReturnAccepted {
            to: self.managing.clone(),
            returned_by: other,
            duty_from: self.at.date_naive(),
            note: None,
        };
        self.event(manager, accepted)?;
        self.wait(5..60);
        Some(())
    }

    fn handle(&mut self, unit: &UnitId) -> Option<()> {
        let liaison = officer(unit, Role::Liaison)?;
        let dispatched_at = self.at;
        self.wait(2..230);
        self.event(liaison.clone(), Happening::Signed {})?;
        self.wait(20..300);
        let contact = Contact {
            way: *self.year.chance.choice(ContactWay::ALL)?,
            outcome: ContactOutcome::Reached,
            note: None,
        };
        self.event(liaison.clone(), Happening::Contacted { contact })?;
        let mut days = 1;
        if self.percent(7) {
            let text = self.text.clone();
            let asked = Happening::ExtensionRequested { days: 2, text };
            self.event(liaison.clone(), asked)?;
            self.wait(5..30);
            let manager = officer(&self.managing, Role::CityManager)?;
            let granted = Happening::ExtensionGranted {
                days: 2,
                note: None,
            };
            self.event(manager, granted)?;
            days = 3;
        }
        let due = self.year.timetable.calendar.due_day(dispatched_at, days);
        let due = due.due_before();
        if self.percent(90) {
            self.wait(10..120);
        } else {
            self.wait(300..1_500);
        }
        if self.at >= due {
            self.pass_limit(due)?;
        }
        let closed = Happening::Closed {
            outcome: *self.year.chance.choice(&[
                Outcome::Solved,
                Outcome::Solved,
                Outcome::Explained,
            ])?,
            review_on: None,
            text: self.text.clone(),
        };
        self.event(liaison, closed)?;
        self.cite();
        self.after()
    }

    fn pass_limit(&mut self, due: DateTime<Utc>) -> Option<()> {
        let closed_at = self.at;
        let id = ClockId::one(Clock::Handle);
        self.at = due - TimeDelta::hours(1);
        let mark = Mark::LastHour;
        self.event(
            Actor::System,
            Happening::Warned {
                id: id.clone(),
                mark,
            },
        )?;
        self.at = due;
        self.event(Actor::System, Happening::BecameOverdue { id })?;
        self.at = closed_at;
        Some(())
    }

    fn cite(&mut self) {
        if self.percent(40) {
            let entry = format!("K260105{:08}", self.year.chance.u32(0..300));
            let version = self.ticket.version();
            self.knowledge.insert(version, vec![(entry, 1)]);
        }
    }

    /// What the appellant thinks of it, then the archive.
    fn after(&mut self) -> Option<()> {
        if self.percent(8) {
            self.call_back()?;
        }
        if self.percent(25) {
            self.wait(10..2_000);
            let rating = self.rating();
            self.event(
                Actor::Appellant,
                Happening::Rated {
                    rating,
                    words: None,
                },
            )?;
            if rating.is_dissatisfied() {
                self.wait(60..600);
                let manager = officer(&self.managing, Role::CityManager)?;
                let finding = *self.year.chance.choice(RatingFinding::ALL)?;
                let text = self.text.clone();
                self.event(manager, Happening::RatingVerified { finding, text })?;
            }
        }
        self.archive()
    }

    fn rating(&mut self) -> Rating {
        let level = match self.year.chance.u8(0..100) {
            0..62 => 5,
            62..84 => 4,
            84..92 => 3,
            92..97 => 2,
            _ => 1,
        };
        Rating {
            level,
            solved: level > 2 || self.percent(20),
            aspect: None,
        }
    }

    fn call_back(&mut self) -> Option<()> {
        self.wait(60..900);
        let drawn = Happening::CallbackDrawn {
            caller: self.managing.clone(),
            ground: DrawGround::Sampled,
        };
        self.event(Actor::System, drawn)?;
        self.wait(60..900);
        let agent = officer(&self.managing, Role::CallbackAgent)?;
        let mut result = CallbackResult::Unreached;
        if self.percent(85) {
            result = CallbackResult::Answered(self.rating());
        }
        let called = Happening::CalledBack { result, note: None };
        self.event(agent, called)
    }

    fn archive(&mut self) -> Option<()> {
        if self.ticket.state != State::Closed {
            return Some(());
        }
        let after = self.year.timetable.calendar.due_day(self.at, 30);
        self.at = after.due_before() + TimeDelta::minutes(self.year.chance.i64(0..60));
        let digest = Digest(self.text.clone());
        self.event(Actor::System, Happening::Archived { digest })
    }
}
