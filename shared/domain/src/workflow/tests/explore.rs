//! The workflow explored exhaustively up to a bounded depth, with the real code: every lawful move
//! of everybody from every situation reached. Nothing is a dead end, every situation has an owner,
//! and from each of them the ticket reaches the archive (R-HD-13, R-HD-14, R-CB-5).

use std::collections::{HashSet, VecDeque};

use chrono::{DateTime, Utc};

use super::model::moves::{CITY, officer, registry, submission, text, unit};
use crate::answer::{Answer, HandlingRecord, InterimPlan, Outcome};
use crate::audit::{Actor, Event, Happening};
use crate::calendar::{next_day, shanghai_date};
use crate::clocks::Timetable;
use crate::ids::{ChannelCode, Digest};
use crate::registry::Registry;
use crate::rulebook::{Rulebook, Rulebooks};
use crate::ticket::{Task, Ticket, TicketKey, TicketNumber};
use crate::workflow::command::{
    CallbackResult, Command, Contact, Rating, RectificationPlan, SupplementItem,
};
use crate::workflow::decide::{Facts, decide, is_open_row};
use crate::workflow::rules::RULES;
use crate::workflow::words::{
    Action, Clock, ContactOutcome, ContactWay, DrawGround, End, ErasureGround, Ground, JointCause,
    LockGround, RatingFinding, ReturnReason, Role, State,
};

/// How many moves deep: all of the situations that so many moves can make.
const DEPTH: u32 = 6;

struct World {
    registry: Registry,
    rulebook: Rulebook,
    timetable: Timetable,
}

#[derive(Clone)]
struct Situation {
    ticket: Ticket,
    now: DateTime<Utc>,
    depth: u32,
}

impl World {
    fn new() -> Self {
        Self {
            registry: registry(),
            rulebook: Rulebook::first(),
            timetable: Timetable {
                calendar: crate::calendar::tests::calendar(),
                rulebooks: Rulebooks::new(Vec::new()),
            },
        }
    }

    fn first() -> Situation {
        let now: DateTime<Utc> = "2026-11-16T01:00:00Z".parse().unwrap();
        let first = Event {
            at: now,
            by: Actor::Channel(ChannelCode::parse("mobile").unwrap()),
            rulebook: 1,
            happening: Happening::Submitted {
                submission: Box::new(submission()),
            },
        };
        let number = TicketNumber::new(&TicketKey::from_digest(&[7; 5]), now);
        let ticket = Ticket::open(number, first).unwrap();
        let depth = 0;
        Situation { ticket, now, depth }
    }

    fn after(&self, from: &Situation, actor: &Actor, command: Command) -> Option<Situation> {
        let facts = Facts {
            at: from.now,
            rulebook: &self.rulebook,
            timetable: &self.timetable,
            registry: &self.registry,
            earlier: None,
        };
        let events = decide(Some(&from.ticket), actor, command, &facts).ok()?;
        let mut next = from.clone();
        next.depth += 1;
        for event in events {
            next.ticket.apply(event).unwrap();
        }
        Some(next)
    }

    /// Time goes to the next thing that is due, which happens.
    fn later(&self, from: &Situation) -> Option<Situation> {
        let next = self.next_threshold(from, false)?;
        let mut later = from.clone();
        later.now = next.at.max(from.now);
        let command = Command::at(&next).unwrap();
        self.after(&later, &Actor::System, command)
    }

    fn next_threshold(&self, from: &Situation, archive: bool) -> Option<crate::clocks::Threshold> {
        let all = from.ticket.thresholds(&self.timetable).into_iter();
        let mut wanted = all.filter(|each| (each.id.clock.end() == End::Archive) == archive);
        wanted.next()
    }

    /// What makes two situations the same for what can follow.
    fn key(&self, of: &Situation) -> String {
        let ticket = &of.ticket;
        let clocks = ticket.clocks(&self.timetable);
        let clocks: Vec<_> = clocks
            .iter()
            .filter(|reading| reading.id.clock != Clock::Total)
            .map(|reading| {
                (
                    reading.id.clone(),
                    reading.is_stopped(),
                    reading.is_overdue(of.now),
                    reading.fired.len(),
                )
            })
            .collect();
        format!(
            "{:?} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {} {:?} {} {:?} {:?} {:?}",
            ticket.state,
            ticket.responsible_unit,
            ticket.county,
            ticket.co_handling,
            ticket.pending.as_ref().map(std::mem::discriminant),
            ticket.returned_by,
            ticket.return_refused,
            ticket.extended_days,
            ticket
                .supplement
                .as_ref()
                .map(|list| (&list.answered, list.is_open)),
            ticket.supplemented_by,
            ticket.contacts > 0,
            ticket
                .joint
                .as_ref()
                .map(|joint| (joint.meetings > 0, joint.is_raised)),
            ticket.awaits_verification,
            (
                ticket.review_on.is_some(),
                ticket.is_undelivered,
                ticket.rating.is_some()
            ),
            (&ticket.callback, ticket.is_to_rectify, ticket.rating_check),
            clocks,
        )
    }
}

/// One lawful command for each action that the state allows, sent by who may send it.
pub(super) fn moves(ticket: &Ticket, now: DateTime<Utc>) -> Vec<(Actor, Command)> {
    let today = shanghai_date(now);
    let mut moves = Vec::new();
    for action in Action::ALL {
        for command in commands(*action, today) {
            for row in RULES
                .iter()
                .filter(|row| row.action == *action && row.from.contains(&ticket.state))
            {
                moves.extend(actors(row, ticket).map(|actor| (actor, command.clone())));
            }
        }
    }
    moves
}

fn actors<'a>(
    row: &'a crate::workflow::rules::Rule,
    ticket: &'a Ticket,
) -> impl Iterator<Item = Actor> + 'a {
    let units = [CITY, "other", "county-1", "unit-1", "unit-2", "unit-3"];
    row.by.iter().filter_map(move |role| match role {
        Role::Appellant => Some(Actor::Appellant),
        Role::System => Some(Actor::System),
        role => units
            .into_iter()
            .find(|id| is_open_row(row, *role, Some(&unit(id)), ticket))
            .map(|id| officer(id, *role)),
    })
}

fn whole_record() -> (HandlingRecord, Answer) {
    let text = || "经核实，缴费记录确未同步。".to_owned();
    let record = HandlingRecord {
        investigation: text(),
        facts: text(),
        legal_basis: text(),
        measures: text(),
        remedies: text(),
    };
    let answer = Answer {
        verification: text(),
        basis: text(),
        result: text(),
        advice: text(),
    };
    (record, answer)
}

fn close(outcome: Outcome, today: chrono::NaiveDate) -> Command {
    let (record, answer) = whole_record();
    let interim = (outcome == Outcome::CannotSolveNow).then(|| InterimPlan {
        reason: "须上级部门开放接口".to_owned(),
        plan: "每周人工核对".to_owned(),
        review_on: next_day(next_day(today)),
    });
    Command::Close {
        record,
        answer,
        text: text(),
        outcome,
        interim,
        contact: Some(Contact {
            way: ContactWay::Phone,
            outcome: ContactOutcome::Reached,
            note: None,
        }),
    }
}

#[expect(clippy::too_many_lines, reason = "one arm an action: a table")]
fn commands(action: Action, today: chrono::NaiveDate) -> Vec<Command> {
    let some = || Some(text());
    let dispatch = |to: &str, with: &[&str]| Command::Dispatch {
        unit: unit(to),
        co_handlers: with.iter().map(|id| unit(id)).collect(),
        note: None,
    };
    vec![match action {
        Action::Dispatch => return vec![dispatch("unit-1", &[]), dispatch("unit-2", &["unit-3"])],
        Action::Close => {
            return vec![
                close(Outcome::Solved, today),
                close(Outcome::CannotSolveNow, today),
            ];
        }
        Action::Transfer => Command::Transfer {
            unit: unit("county-1"),
            note: None,
        },
        Action::TakeOn => Command::TakeOn,
        Action::AnswerDirectly => {
            let answer = whole_record().1;
            Command::AnswerDirectly {
                answer,
                text: text(),
            }
        }
        Action::Decline => Command::Decline {
            ground: Ground::Petition,
            explanation: None,
        },
        Action::Explain => Command::Explain {
            ground: LockGround::Unlawful,
            text: some(),
        },
        Action::Refer => Command::Refer { text: some() },
        Action::OpenJoint => Command::OpenJoint {
            cause: JointCause::CrossLevel,
            members: vec![unit("unit-1"), unit("county-1")],
            text: some(),
        },
        Action::RecordMeeting => Command::RecordMeeting {
            on: today,
            text: some(),
        },
        Action::RaiseToGovernment => Command::RaiseToGovernment { text: some() },
        Action::ConcludeJoint => Command::ConcludeJoint {
            unit: unit("unit-3"),
            co_handlers: Vec::new(),
            text: some(),
        },
        Action::Sign => Command::Sign,
        Action::AppointCoHandlers => Command::AppointCoHandlers {
            units: vec![unit("unit-3")],
            note: None,
        },
        Action::CoSign => Command::CoSign,
        Action::GiveOpinion => Command::GiveOpinion { text: some() },
        Action::ReleaseCoHandler => Command::ReleaseCoHandler {
            unit: unit("unit-3"),
            text: some(),
        },
        Action::AskReturn => Command::AskReturn {
            reason: ReturnReason::OtherDuty,
            ground: "三定规定".to_owned(),
            suggested: unit("unit-4"),
            text: text(),
        },
        Action::AcceptReturn => Command::AcceptReturn {
            duty_from: today,
            note: None,
        },
        Action::RefuseReturn => Command::RefuseReturn {
            duty_from: today,
            text: some(),
        },
        Action::AskExtension => Command::AskExtension {
            days: 3,
            text: some(),
        },
        Action::GrantExtension => Command::GrantExtension { note: None },
        Action::RefuseExtension => Command::RefuseExtension { text: some() },
        Action::AskDeferral => Command::AskDeferral {
            plan: RectificationPlan {
                measures: "改造系统".to_owned(),
                responsible: "科长".to_owned(),
                reason: "须招标".to_owned(),
                until: next_day(next_day(today)),
            },
            text: text(),
        },
        Action::GrantDeferral => Command::GrantDeferral { note: None },
        Action::RefuseDeferral => Command::RefuseDeferral { text: some() },
        Action::VerifyRectification => Command::VerifyRectification { text: some() },
        Action::SendBack => Command::SendBack { text: some() },
        Action::AskSupplement => Command::AskSupplement {
            items: vec![SupplementItem {
                what: "银行回单".to_owned(),
                why: "核对".to_owned(),
                how: "拍照上传".to_owned(),
            }],
            text: text(),
        },
        Action::AnswerSupplement => Command::AnswerSupplement {
            items: vec![1],
            attachments: Vec::new(),
            text: None,
        },
        Action::EndSupplement => Command::EndSupplement { note: None },
        Action::ReviewUnsolved => Command::ReviewUnsolved {
            next_on: None,
            text: some(),
        },
        Action::Reopen => Command::Reopen { text: some() },
        Action::NoteUndelivered => Command::NoteUndelivered { version: 1 },
        Action::DeliverOtherwise => Command::DeliverOtherwise {
            way: ContactWay::Post,
            text: some(),
        },
        Action::Rate => Command::Rate(
            Rating {
                level: 1,
                solved: false,
                aspect: None,
            },
            None,
        ),
        Action::ContestRating => Command::ContestRating { text: some() },
        Action::VerifyRating => Command::VerifyRating {
            finding: RatingFinding::Proved,
            text: some(),
        },
        Action::DrawCallback => Command::DrawCallback {
            caller: unit("other"),
            ground: DrawGround::Sampled,
        },
        Action::TryCallback => Command::TryCallback {
            outcome: ContactOutcome::NoAnswer,
            note: None,
        },
        Action::CompleteCallback => {
            let told = |level| Command::CompleteCallback {
                result: CallbackResult::Answered(Rating {
                    level,
                    solved: level > 2,
                    aspect: None,
                }),
                note: None,
            };
            return vec![told(5), told(1)];
        }
        Action::CompleteRectification => Command::CompleteRectification { text: some() },
        Action::Withdraw => Command::Withdraw { reason: None },
        Action::Erase => Command::Erase {
            ground: ErasureGround::Wish,
            text: some(),
            open: Vec::new(),
        },
        // The contact is logged with closing; the others come with time, or need another ticket.
        Action::Submit
        | Action::RecordContact
        | Action::Reveal
        | Action::CiteEarlier
        | Action::Warn
        | Action::MarkOverdue
        | Action::MoveDeadline
        | Action::LapseSupplement
        | Action::Archive => return Vec::new(),
    }]
}

/// What people would do to bring a ticket to its end, one move at a time.
fn way_home(world: &World, of: &Situation) -> Option<Situation> {
    let wanted = [
        Action::RefuseReturn,
        Action::RefuseExtension,
        Action::RefuseDeferral,
        Action::ReleaseCoHandler,
        Action::TakeOn,
        Action::EndSupplement,
        Action::Sign,
        Action::Close,
        Action::Dispatch,
        Action::RecordMeeting,
        Action::ConcludeJoint,
        Action::CompleteCallback,
        Action::CompleteRectification,
        Action::VerifyRectification,
        Action::VerifyRating,
        Action::ReviewUnsolved,
        Action::DeliverOtherwise,
    ];
    let all = moves(&of.ticket, of.now);
    // A second meeting brings nobody further.
    let has_met = of
        .ticket
        .joint
        .as_ref()
        .is_some_and(|joint| joint.meetings > 0);
    for action in wanted {
        if action == Action::RecordMeeting && has_met {
            continue;
        }
        let moves = all.iter().filter(|(_, command)| command.action() == action);
        for (actor, command) in moves {
            if let Some(next) = world.after(of, actor, command.clone()) {
                return Some(next);
            }
        }
    }
    // Everything is done: the archive's time comes.
    let due = world.next_threshold(of, true)?;
    let mut later = of.clone();
    later.now = due.at.max(of.now);
    let digest = Digest(text());
    world.after(&later, &Actor::System, Command::Archive { digest })
}

fn has_a_holder(world: &World, of: &Situation) {
    let ticket = &of.ticket;
    let unit = &ticket.responsible_unit;
    assert!(world.registry.unit(unit).is_some(), "{unit} is registered");
    if ticket.state.is_open() {
        assert!(
            Task::of(ticket.state).is_some(),
            "{:?} is on its work list",
            ticket.state
        );
        let open = |role: &Role| {
            let mut rows = RULES.iter().filter(|row| row.from.contains(&ticket.state));
            rows.any(|row| is_open_row(row, *role, Some(unit), ticket))
        };
        assert!(
            Role::ALL.iter().any(open),
            "{:?}: the owner can act",
            ticket.state
        );
    }
}

#[test]
fn r_hd_14_every_situation_has_a_holder_and_a_way_to_the_archive() {
    let world = World::new();
    let mut seen = HashSet::new();
    let mut states = HashSet::new();
    let mut done = HashSet::new();
    let mut queue = VecDeque::from([World::first()]);
    while let Some(situation) = queue.pop_front() {
        if !seen.insert(world.key(&situation)) {
            continue;
        }
        states.insert(situation.ticket.state);
        has_a_holder(&world, &situation);
        reaches_the_archive(&world, &situation);
        if situation.depth >= DEPTH || situation.ticket.state == State::Archived {
            continue;
        }
        for (actor, command) in moves(&situation.ticket, situation.now) {
            let action = command.action();
            if let Some(next) = world.after(&situation, &actor, command) {
                done.insert(action);
                queue.push_back(next);
            }
        }
        queue.extend(world.later(&situation));
    }
    assert!(
        seen.len() > 5_000,
        "{} situations, {DEPTH} moves deep",
        seen.len()
    );
    for state in State::ALL
        .iter()
        .filter(|state| !matches!(state, State::New | State::Archived))
    {
        assert!(states.contains(state), "{state:?} was reached");
    }
    let today = shanghai_date(World::first().now);
    let tried = Action::ALL
        .iter()
        .filter(|action| !commands(**action, today).is_empty());
    for action in tried {
        assert!(done.contains(action), "{action:?} was done");
    }
}

fn reaches_the_archive(world: &World, from: &Situation) {
    let mut at = from.clone();
    for _ in 0..20 {
        if at.ticket.state == State::Archived {
            return;
        }
        let next = way_home(world, &at);
        at = next.unwrap_or_else(|| panic!("a dead end: {:#?}", from.ticket));
    }
    panic!("no way to the archive: {:#?}", from.ticket);
}
