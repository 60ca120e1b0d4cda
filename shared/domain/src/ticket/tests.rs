//! The ticket's life as a story, its number, its chain, and random histories (R-HD-13, R-IN-7).

use proptest::prelude::*;

use super::*;
use crate::answer::{Answer, HandlingRecord};
use crate::appeal::{AppellantKind, Kind, ReplyWay, Subject};
use crate::audit::Actor;
use crate::calendar::to_shanghai;
use crate::clocks::ClockId;
use crate::ids::{AppellantId, ChannelCode, Digest, OfficerId, VaultName};
use crate::registry::{Registry, Unit, UnitKind};
use crate::rulebook::{Mark, Rulebooks};
use crate::workflow::command::{Command, Contact};
use crate::workflow::decide::{Facts, decide};
use crate::workflow::refusal::Refusal;
use crate::workflow::words::{Action, ContactOutcome, ContactWay, RatedAspect, Role};

pub(crate) fn timetable() -> Timetable {
    let calendar = crate::calendar::tests::calendar();
    Timetable {
        calendar,
        rulebooks: Rulebooks::new(Vec::new()),
    }
}

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn unit_id(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

fn text() -> TextRef {
    TextRef::of(b"text")
}

fn unit(leaders: u32) -> Unit {
    Unit {
        id: unit_id("ta-rsj"),
        name: "市人社局".into(),
        kind: UnitKind::Resolving,
        parent: None,
        area: "370900".into(),
        leaders,
        liaisons: 1,
    }
}

fn registry(leaders: u32) -> Registry {
    Registry {
        units: vec![unit(leaders)],
        ..Registry::default()
    }
}

fn officer(role: Role) -> Actor {
    let unit = if role == Role::Liaison {
        "ta-rsj"
    } else {
        "ta-bigdata"
    };
    Actor::Officer {
        id: OfficerId::parse("ta-1").unwrap(),
        unit: unit_id(unit),
        role,
    }
}

fn submission() -> Command {
    Command::Submit(Box::new(Submission {
        channel: ChannelCode::parse("mobile").unwrap(),
        kind: Kind::Help,
        subject: Subject::ServiceItem,
        appellant_kind: AppellantKind::Person,
        reply_way: ReplyWay::Sms,
        area: Some("370902".into()),
        service_item: None,
        managing_unit: unit_id("ta-bigdata"),
        text: text(),
        vault: VaultName::of(AppellantId::of(&[7; 32]), &[b"vault"]),
        attachments: Vec::new(),
    }))
}

fn answer() -> Answer {
    Answer {
        verification: "经核实，缴费记录确未同步。".into(),
        basis: "《社会保险经办条例》第十七条。".into(),
        result: "已补录缴费记录并同步。".into(),
        advice: "请次日重新查询，如有问题可致电窗口。".into(),
    }
}

fn record() -> HandlingRecord {
    HandlingRecord {
        investigation: "调取缴费流水".into(),
        facts: "记录未同步".into(),
        legal_basis: "经办条例".into(),
        measures: "补录".into(),
        remedies: "可申请行政复议".into(),
    }
}

fn contact() -> Contact {
    Contact {
        way: ContactWay::Phone,
        outcome: ContactOutcome::Reached,
        note: None,
    }
}

fn close(contact: Option<Contact>) -> Command {
    let (record, answer) = (record(), answer());
    Command::Close {
        record,
        answer,
        text: text(),
        outcome: Outcome::Solved,
        interim: None,
        contact,
    }
}

/// A ticket under test, with its clock.
struct Story {
    ticket: Option<Ticket>,
    timetable: Timetable,
    registry: Registry,
}

impl Story {
    fn new() -> Self {
        Self {
            ticket: None,
            timetable: timetable(),
            registry: registry(1),
        }
    }

    fn does(&mut self, actor: &Actor, command: Command, at: &str) -> Result<State, Refusal> {
        let rulebook = Rulebook::first();
        let facts = Facts {
            at: instant(at),
            rulebook: &rulebook,
            timetable: &self.timetable,
            registry: &self.registry,
            earlier: None,
        };
        for event in decide(self.ticket.as_ref(), actor, command, &facts)? {
            match &mut self.ticket {
                None => {
                    let number = TicketNumber::new(&TicketKey::from_digest(&[7; 5]), event.at);
                    self.ticket = Some(Ticket::open(number, event).unwrap());
                }
                Some(ticket) => ticket.apply(event).unwrap(),
            }
        }
        Ok(self.ticket.as_ref().unwrap().state)
    }

    fn dispatched() -> Self {
        let mut story = Self::new();
        let channel = Actor::Channel(ChannelCode::parse("mobile").unwrap());
        story
            .does(&channel, submission(), "2026-11-23T09:00:00+08:00")
            .unwrap();
        let dispatch = Command::Dispatch {
            unit: unit_id("ta-rsj"),
            co_handlers: Vec::new(),
            note: None,
        };
        let desk = officer(Role::TriageOfficer);
        story
            .does(&desk, dispatch, "2026-11-23T09:30:00+08:00")
            .unwrap();
        story
    }

    fn thresholds(&self) -> Vec<String> {
        let list = self.ticket.as_ref().unwrap().thresholds(&self.timetable);
        let line = |threshold: &Threshold| {
            let at = to_shanghai(threshold.at).format("%m-%d %H:%M");
            format!("{at} {} {:?}", threshold.id.clock.code(), threshold.step)
        };
        list.iter().map(line).collect()
    }
}

#[test]
fn r_hd_3_and_r_cal_4_the_clocks_of_a_dispatched_ticket() {
    assert_eq!(
        Story::dispatched().thresholds(),
        [
            "11-23 11:30 sign Warn(Half)",
            "11-23 14:30 sign Warn(LastHour)",
            "11-23 15:30 sign End",
            "11-24 08:30 handle Warn(Half)",
            "11-24 16:30 handle Warn(LastHour)",
            "11-25 00:00 handle End",
        ]
    );
}

#[test]
fn r_hd_2_signing_stops_the_sign_clock_and_only_that() {
    let mut story = Story::dispatched();
    let liaison = officer(Role::Liaison);
    story
        .does(&liaison, Command::Sign, "2026-11-23T10:00:00+08:00")
        .unwrap();
    assert!(
        story
            .thresholds()
            .iter()
            .all(|line| line.contains("handle"))
    );
    let again = story.does(&liaison, Command::Sign, "2026-11-23T10:01:00+08:00");
    assert_eq!(
        again,
        Err(Refusal::NotOpenNow {
            action: Action::Sign,
            state: State::Handling
        })
    );
}

#[test]
fn r_hd_8_to_10_closing_says_all_that_is_missing_at_once() {
    let mut story = Story::dispatched();
    let liaison = officer(Role::Liaison);
    story
        .does(&liaison, Command::Sign, "2026-11-23T10:00:00+08:00")
        .unwrap();
    let empty = Command::Close {
        record: HandlingRecord::default(),
        answer: Answer {
            advice: "无".into(),
            ..Answer::default()
        },
        text: text(),
        outcome: Outcome::Solved,
        interim: None,
        contact: None,
    };
    let Err(Refusal::Incomplete {
        article, missing, ..
    }) = story.does(&liaison, empty, "2026-11-23T11:00:00+08:00")
    else {
        panic!("an empty closing was accepted")
    };
    assert_eq!(article, "第八条（四）");
    let pointers: Vec<_> = missing
        .iter()
        .map(|missing| missing.pointer.as_str())
        .collect();
    assert_eq!(
        pointers,
        [
            "/record/investigation",
            "/record/facts",
            "/record/legalBasis",
            "/record/measures",
            "/record/remedies",
            "/answer/verification",
            "/answer/basis",
            "/answer/result",
            "/answer/advice",
            "/contact",
        ]
    );
    let state = story.does(
        &liaison,
        close(Some(contact())),
        "2026-11-23T11:00:00+08:00",
    );
    assert_eq!(state, Ok(State::Closed));
    assert_eq!(story.ticket.unwrap().contacts, 1);
}

#[test]
fn r_hd_1_a_unit_without_leader_or_liaison_gets_no_tickets() {
    let mut story = Story::new();
    story.registry = registry(0);
    let channel = Actor::Channel(ChannelCode::parse("mobile").unwrap());
    story
        .does(&channel, submission(), "2026-11-23T09:00:00+08:00")
        .unwrap();
    let dispatch = Command::Dispatch {
        unit: unit_id("ta-rsj"),
        co_handlers: Vec::new(),
        note: None,
    };
    let refused = story.does(
        &officer(Role::TriageOfficer),
        dispatch,
        "2026-11-23T09:30:00+08:00",
    );
    assert!(
        matches!(refused, Err(Refusal::Incomplete { .. })),
        "{refused:?}"
    );
}

#[test]
fn r_cal_5_each_threshold_fires_once_and_none_before_its_time() {
    let mut story = Story::dispatched();
    let warn = || Command::Warn(ClockId::one(Clock::Sign), Mark::Half);
    assert!(
        story
            .does(&Actor::System, warn(), "2026-11-23T11:29:59+08:00")
            .is_err()
    );
    assert!(
        story
            .does(&Actor::System, warn(), "2026-11-23T11:30:00+08:00")
            .is_ok()
    );
    assert!(
        story
            .does(&Actor::System, warn(), "2026-11-23T11:30:00+08:00")
            .is_err()
    );
    let overdue = || Command::MarkOverdue(ClockId::one(Clock::Sign));
    assert!(
        story
            .does(&Actor::System, overdue(), "2026-11-23T15:30:00+08:00")
            .is_ok()
    );
    assert!(
        story
            .does(&Actor::System, overdue(), "2026-11-24T15:30:00+08:00")
            .is_err()
    );
    assert!(
        story
            .thresholds()
            .iter()
            .all(|line| line.contains("handle"))
    );
}

#[test]
fn r_cb_5_a_closed_ticket_is_archived_after_thirty_working_days() {
    let mut story = Story::dispatched();
    let liaison = officer(Role::Liaison);
    story
        .does(&liaison, Command::Sign, "2026-11-23T10:00:00+08:00")
        .unwrap();
    story
        .does(
            &liaison,
            close(Some(contact())),
            "2026-11-23T11:00:00+08:00",
        )
        .unwrap();
    assert_eq!(story.thresholds(), ["01-06 00:00 archive End"]);
    let archive = || Command::Archive {
        digest: Digest(text()),
    };
    assert!(
        story
            .does(&Actor::System, archive(), "2027-01-05T23:59:59+08:00")
            .is_err()
    );
    let done = story.does(&Actor::System, archive(), "2027-01-06T00:00:00+08:00");
    assert_eq!(done, Ok(State::Archived));
    assert!(story.thresholds().is_empty());
}

#[test]
fn r_in_7_a_number_is_readable_and_checked() {
    let key = TicketKey::from_digest(&[0x12, 0x34, 0x56, 0x78, 0x9a]);
    let number = TicketNumber::new(&key, instant("2026-11-23T16:30:00Z"));
    assert_eq!(number.as_str(), "TA26112428T5CY4TZ");
    assert_eq!(number.key(), key);
    for written in [
        "ta261124-28t5cy4t-z",
        " TA261124 28T5CY4TZ ",
        "TA26112428T5CY4TZ",
    ] {
        assert_eq!(
            TicketNumber::parse(written),
            Ok(number.clone()),
            "{written}"
        );
    }
    for wrong in [
        "",
        "TA2611",
        "XX26112428T5CY4TZ",
        "TA26112428T5CY4T0",
        "工单TA26112428T5",
    ] {
        assert!(TicketNumber::parse(wrong).is_err(), "{wrong}");
    }
}

#[derive(Debug, Clone, Copy)]
enum Move {
    Dispatch,
    Sign,
    Contact,
    Close,
    Decline,
    Direct,
    Rate,
    Withdraw,
    Sweep,
    Archive,
}

fn command(step: Move, story: &Story) -> (Actor, Command) {
    let desk = officer(Role::TriageOfficer);
    let liaison = officer(Role::Liaison);
    match step {
        Move::Dispatch => (
            desk,
            Command::Dispatch {
                unit: unit_id("ta-rsj"),
                co_handlers: Vec::new(),
                note: None,
            },
        ),
        Move::Sign => (liaison, Command::Sign),
        Move::Contact => (liaison, Command::RecordContact(contact())),
        Move::Close => (liaison, close(None)),
        Move::Decline => (
            desk,
            Command::Decline {
                ground: Ground::Petition,
                explanation: None,
            },
        ),
        Move::Direct => (
            desk,
            Command::AnswerDirectly {
                answer: answer(),
                text: text(),
            },
        ),
        Move::Rate => (
            Actor::Appellant,
            Command::Rate(
                Rating {
                    level: 2,
                    solved: false,
                    aspect: None,
                },
                None,
            ),
        ),
        Move::Withdraw => (Actor::Appellant, Command::Withdraw { reason: None }),
        Move::Sweep => {
            let due = story
                .ticket
                .as_ref()
                .map(|ticket| ticket.thresholds(&story.timetable));
            let first = due.and_then(|due| due.first().cloned());
            let command = first.as_ref().and_then(Command::at);
            let nothing = Command::MarkOverdue(ClockId::one(Clock::Sign));
            (Actor::System, command.unwrap_or(nothing))
        }
        Move::Archive => (
            Actor::System,
            Command::Archive {
                digest: Digest(text()),
            },
        ),
    }
}

fn moves() -> impl Strategy<Value = Vec<(Move, i64)>> {
    use Move::{Archive, Close, Contact, Decline, Direct, Dispatch, Rate, Sign, Sweep, Withdraw};
    let step = prop_oneof![
        Just(Dispatch),
        Just(Sign),
        Just(Contact),
        Just(Close),
        Just(Decline),
        Just(Direct),
        Just(Rate),
        Just(Withdraw),
        Just(Sweep),
        Just(Archive),
    ];
    proptest::collection::vec((step, 1i64..200), 1..40)
}

proptest! {
    /// R-HD-13, R-CAL-5, R-DP-5: whatever is tried in whatever order, there is one responsible
    /// unit, no threshold fires twice, an archived ticket is still, and the fold of the events is
    /// the ticket.
    #[test]
    fn random_histories_keep_the_invariants(moves in moves()) {
        let mut story = Story::new();
        let channel = Actor::Channel(ChannelCode::parse("mobile").unwrap());
        let mut at = instant("2026-11-20T09:00:00+08:00");
        story.does(&channel, submission(), &at.to_rfc3339()).unwrap();
        for (step, hours) in moves {
            at += chrono::TimeDelta::hours(hours);
            let (actor, command) = command(step, &story);
            let before = story.ticket.clone();
            if story.does(&actor, command, &at.to_rfc3339()).is_err() {
                prop_assert_eq!(before, story.ticket.clone());
            }
        }
        let ticket = story.ticket.clone().unwrap();
        let expected = if ticket.events.iter().any(|e| e.happening.action() == Action::Dispatch) {
            "ta-rsj"
        } else {
            "ta-bigdata"
        };
        prop_assert_eq!(ticket.responsible_unit.as_str(), expected);
        let folded = Ticket::fold(ticket.number.clone(), ticket.events.clone()).unwrap();
        prop_assert_eq!(&folded, &ticket);
        prop_assert_eq!(ChainHead::of(&ticket.events), ticket.chain);
        let fired: Vec<_> = ticket.events.iter().filter_map(|event| match &event.happening {
            Happening::Warned { id, mark } => Some(format!("{id:?}{mark:?}")),
            Happening::BecameOverdue { id } => Some(format!("{id:?}")),
            _ => None,
        }).collect();
        let once: std::collections::HashSet<_> = fired.iter().collect();
        prop_assert_eq!(once.len(), fired.len());
        if ticket.state == State::Archived {
            prop_assert!(ticket.thresholds(&story.timetable).is_empty());
        }
    }

    /// R-DP-5: facts read back as the same event, and any changed event changes the head.
    #[test]
    fn facts_round_trip(level in 1u8..=5, solved: bool, millis in 0i64..4_000_000_000_000) {
        let happening = Happening::Rated { rating: Rating { level, solved, aspect: None }, words: None };
        let taken_back = |reason| Happening::Withdrawn { reason };
        let rating = |aspect| Rating { level, solved, aspect };
        let called = |result| Happening::CalledBack { result, note: None };
        for happening in [
            happening.clone(),
            Happening::Rated { rating: rating(Some(RatedAspect::Both)), words: Some(text()) },
            called(CallbackResult::Unreached),
            called(CallbackResult::Answered(rating(None))),
            called(CallbackResult::Answered(rating(Some(RatedAspect::Attitude)))),
            taken_back(None),
            taken_back(Some(text())),
        ] {
            let facts = happening.facts();
            let look_up = |name: &str| {
                facts.iter().find(|(fact, _)| *fact == name).map(|(_, value)| value.as_str())
            };
            let read = Happening::from_facts(happening.action(), &look_up);
            prop_assert_eq!(read, Some(happening));
        }
        let at = DateTime::from_timestamp_millis(millis).unwrap();
        let event = Event { at, by: Actor::Appellant, rulebook: 1, happening };
        let changed = Event { rulebook: 2, ..event.clone() };
        prop_assert_ne!(ChainHead::of([&event]), ChainHead::of([&changed]));
    }

    /// R-IN-7: every single wrong character of a number is found.
    #[test]
    fn a_wrong_character_is_found(bytes in any::<[u8; 5]>(), place in 8usize..17, with in 0usize..32) {
        let key = TicketKey::from_digest(&bytes);
        let number = TicketNumber::new(&key, instant("2026-11-23T00:00:00Z"));
        let mut wrong = number.as_str().to_owned();
        let symbol = char::from(super::number::ALPHABET[with]).to_string();
        wrong.replace_range(place..=place, &symbol);
        prop_assert_eq!(TicketNumber::parse(&wrong).is_ok(), wrong == number.as_str());
    }
}
