//! Random moves: everything that anybody might send, sensible or not.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::answer::{Answer, HandlingRecord, InterimPlan, Outcome};
use crate::appeal::{AppellantKind, Kind, ReplyWay, Subject, Submission};
use crate::audit::Actor;
use crate::calendar::shanghai_date;
use crate::ids::{AppellantId, ChannelCode, Digest, OfficerId, TextRef, UnitId, VaultName};
use crate::registry::{Registry, Unit, UnitKind};
use crate::ticket::TicketNumber;
use crate::workflow::command::{
    CallbackResult, Command, Contact, Rating, RectificationPlan, SupplementItem,
};
use crate::workflow::words::{
    ContactOutcome, ContactWay, DrawGround, ErasureGround, Ground, JointCause, LockGround, Purpose,
    RatedAspect, RatingFinding, ReturnReason, Role,
};

/// A small generator of numbers (SplitMix64): the same seed, the same story.
#[derive(Debug)]
pub(in crate::workflow) struct Chance(pub(in crate::workflow) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(in crate::workflow) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(in crate::workflow) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub(in crate::workflow) fn of<T: Clone>(&mut self, all: &[T]) -> T {
        let index = usize::try_from(self.below(all.len() as u64)).unwrap();
        all[index].clone()
    }
}

pub(in crate::workflow) fn unit(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

pub(in crate::workflow) const CITY: &str = "city";

/// Two bureaus, two counties, four resolving units, one of which has no leader.
pub(in crate::workflow) fn registry() -> Registry {
    let unit = |(id, kind, leaders): (&str, UnitKind, u32)| Unit {
        id: unit(id),
        name: id.to_owned(),
        kind,
        parent: None,
        area: "370900".to_owned(),
        leaders,
        liaisons: 1,
    };
    let units = [
        (CITY, UnitKind::CityManaging, 1),
        ("other", UnitKind::CityManaging, 1),
        ("county-1", UnitKind::CountyManaging, 1),
        ("county-2", UnitKind::CountyManaging, 1),
        ("unit-1", UnitKind::Resolving, 1),
        ("unit-2", UnitKind::Resolving, 1),
        ("unit-3", UnitKind::Resolving, 1),
        ("unit-4", UnitKind::Resolving, 0),
    ];
    Registry {
        units: units.into_iter().map(unit).collect(),
        ..Registry::default()
    }
}

pub(in crate::workflow) fn officer(id: &str, role: Role) -> Actor {
    Actor::Officer {
        id: OfficerId::parse("officer").unwrap(),
        unit: unit(id),
        role,
    }
}

pub(in crate::workflow) fn text() -> TextRef {
    TextRef::of(b"text")
}

pub(in crate::workflow) fn submission() -> Submission {
    Submission {
        channel: ChannelCode::parse("mobile").unwrap(),
        kind: Kind::Help,
        subject: Subject::ServiceItem,
        appellant_kind: AppellantKind::Person,
        reply_way: ReplyWay::Sms,
        area: None,
        service_item: None,
        managing_unit: unit(CITY),
        text: text(),
        vault: VaultName::of(AppellantId::of(&[7; 32]), &[b"vault"]),
        attachments: Vec::new(),
    }
}

/// Somebody. `holder` and `decider` come up often: they are who can do most.
pub(super) fn actor(chance: &mut Chance, holder: &UnitId, decider: &UnitId) -> Actor {
    let id = match chance.below(8) {
        0..=2 => holder.clone(),
        3..=4 => decider.clone(),
        5 => unit(CITY),
        _ => unit(chance.of(&[
            CITY, "other", "county-1", "county-2", "unit-1", "unit-2", "unit-3",
        ])),
    };
    let role = match id.as_str() {
        CITY | "other" => chance.of(&[
            Role::TriageOfficer,
            Role::TriageOfficer,
            Role::CityManager,
            Role::CallbackAgent,
        ]),
        "county-1" | "county-2" => {
            chance.of(&[Role::CountyManager, Role::CountyManager, Role::Liaison])
        }
        _ => chance.of(&[
            Role::Liaison,
            Role::Liaison,
            Role::Liaison,
            Role::ResponsibleLeader,
        ]),
    };
    match chance.below(20) {
        0..=1 => Actor::Appellant,
        2 => Actor::System,
        3 => officer(id.as_str(), chance.of(Role::ALL)),
        _ => officer(id.as_str(), role),
    }
}

fn answer() -> Answer {
    let text = || "经核实，缴费记录确未同步。".to_owned();
    Answer {
        verification: text(),
        basis: text(),
        result: text(),
        advice: text(),
    }
}

fn record(is_whole: bool) -> HandlingRecord {
    let text = || "调取缴费流水".to_owned();
    HandlingRecord {
        investigation: text(),
        facts: if is_whole { text() } else { String::new() },
        legal_basis: text(),
        measures: text(),
        remedies: text(),
    }
}

/// Some command, with what it needs most of the time.
#[expect(clippy::too_many_lines, reason = "one arm a command: a table")]
pub(super) fn command(chance: &mut Chance, at: DateTime<Utc>) -> Command {
    let units = ["unit-1", "unit-2", "unit-3"];
    let words = |chance: &mut Chance| (!chance.one_in(8)).then(text);
    let some_unit = |chance: &mut Chance| match chance.below(10) {
        0 => unit(chance.of(&["unit-4", CITY, "county-1", "nowhere"])),
        _ => unit(chance.of(&units)),
    };
    let helpers = |chance: &mut Chance| match chance.below(4) {
        0 => vec![unit(chance.of(&units)), unit(chance.of(&units))],
        1 => vec![unit(chance.of(&units))],
        _ => Vec::new(),
    };
    let today = shanghai_date(at);
    let day = |chance: &mut Chance| -> NaiveDate {
        let ahead = today.checked_add_days(Days::new(chance.below(12)));
        ahead.unwrap().pred_opt().unwrap()
    };
    let some_day = day(chance);
    match chance.below(47) {
        0..=4 => Command::Dispatch {
            unit: some_unit(chance),
            co_handlers: helpers(chance),
            note: None,
        },
        5 | 6 => Command::Transfer {
            unit: unit(chance.of(&["county-1", "county-2", "unit-1"])),
            note: None,
        },
        7 => Command::TakeOn,
        8..=10 => Command::Sign,
        11 | 12 => Command::RecordContact(contact()),
        13 | 14 => Command::AskReturn {
            reason: ReturnReason::OtherDuty,
            ground: if chance.one_in(8) {
                String::new()
            } else {
                "三定规定".to_owned()
            },
            suggested: some_unit(chance),
            text: text(),
        },
        15 | 16 => Command::AcceptReturn {
            duty_from: today,
            note: None,
        },
        17 => Command::RefuseReturn {
            duty_from: today,
            text: words(chance),
        },
        18 => Command::AskExtension {
            days: u32::try_from(chance.below(5)).unwrap(),
            text: words(chance),
        },
        19 => Command::GrantExtension { note: None },
        20 => Command::RefuseExtension {
            text: words(chance),
        },
        21 | 22 => Command::AskDeferral {
            plan: RectificationPlan {
                measures: if chance.one_in(8) {
                    String::new()
                } else {
                    "改造系统".to_owned()
                },
                responsible: "科长".to_owned(),
                reason: "须招标".to_owned(),
                until: some_day,
            },
            text: text(),
        },
        23 | 24 => Command::GrantDeferral { note: None },
        25 => chance.of(&[
            Command::RefuseDeferral { text: Some(text()) },
            Command::VerifyRectification { text: Some(text()) },
            Command::SendBack { text: Some(text()) },
            Command::SendBack { text: None },
        ]),
        26 | 27 => Command::AskSupplement {
            items: (0..chance.below(4))
                .map(|_| SupplementItem {
                    what: "银行回单".to_owned(),
                    why: if chance.one_in(10) {
                        String::new()
                    } else {
                        "核对".to_owned()
                    },
                    how: "拍照上传".to_owned(),
                })
                .collect(),
            text: text(),
        },
        28 | 29 => Command::AnswerSupplement {
            items: (0..chance.below(3))
                .map(|_| u8::try_from(chance.below(4)).unwrap())
                .collect(),
            attachments: Vec::new(),
            text: None,
        },
        30 => chance.of(&[
            Command::EndSupplement { note: None },
            Command::LapseSupplement,
        ]),
        31..=34 => {
            let cannot = chance.one_in(4);
            let plan = InterimPlan {
                reason: "须上级部门开放接口".to_owned(),
                plan: "每周人工核对".to_owned(),
                review_on: some_day,
            };
            let gives_plan = cannot != chance.one_in(8);
            Command::Close {
                record: record(!chance.one_in(10)),
                answer: answer(),
                text: text(),
                outcome: if cannot {
                    Outcome::CannotSolveNow
                } else {
                    Outcome::Solved
                },
                interim: gives_plan.then_some(plan),
                contact: chance.one_in(2).then(contact),
            }
        }
        35 => Command::AppointCoHandlers {
            units: helpers(chance),
            note: None,
        },
        36 => Command::CoSign,
        37 => Command::GiveOpinion {
            text: words(chance),
        },
        38 => Command::ReleaseCoHandler {
            unit: some_unit(chance),
            text: words(chance),
        },
        39 => chance.of(&[
            Command::OpenJoint {
                cause: JointCause::CrossUnit,
                members: vec![unit("unit-1"), unit("unit-2")],
                text: Some(text()),
            },
            Command::RecordMeeting {
                on: some_day,
                text: Some(text()),
            },
            Command::RecordMeeting {
                on: today,
                text: Some(text()),
            },
            Command::RaiseToGovernment { text: Some(text()) },
        ]),
        40 => Command::ConcludeJoint {
            unit: some_unit(chance),
            co_handlers: helpers(chance),
            text: words(chance),
        },
        41 => {
            let rating = Rating {
                level: u8::try_from(1 + chance.below(5)).unwrap(),
                solved: chance.one_in(2),
                aspect: None,
            };
            Command::Rate(rating, None)
        }
        42 => chance.of(&[
            Command::Reveal {
                purpose: Purpose::Verify,
            },
            Command::ReviewUnsolved {
                next_on: None,
                text: Some(text()),
            },
            Command::ReviewUnsolved {
                next_on: Some(some_day),
                text: Some(text()),
            },
            Command::Reopen { text: Some(text()) },
            Command::Reopen { text: Some(text()) },
            Command::Reopen { text: None },
            Command::Erase {
                ground: ErasureGround::Wish,
                text: None,
                open: Vec::new(),
            },
            Command::Erase {
                ground: ErasureGround::Wish,
                text: Some(text()),
                open: Vec::new(),
            },
            Command::Erase {
                ground: ErasureGround::RetentionEnded,
                text: None,
                open: Vec::new(),
            },
            Command::Erase {
                ground: ErasureGround::Unlawful,
                text: Some(text()),
                open: vec![TicketNumber::parse("TA26112428T5CY4TZ").unwrap()],
            },
            Command::NoteUndelivered { version: 1 },
            Command::DeliverOtherwise {
                way: ContactWay::Post,
                text: Some(text()),
            },
            Command::Archive {
                digest: Digest(text()),
            },
        ]),
        43..=45 => looking_back(chance),
        _ => ending(chance),
    }
}

/// Ratings that are looked into, and callbacks.
fn looking_back(chance: &mut Chance) -> Command {
    let rating = Rating {
        level: u8::try_from(1 + chance.below(5)).unwrap(),
        solved: chance.one_in(2),
        aspect: Some(RatedAspect::Result),
    };
    let words = (!chance.one_in(8)).then(text);
    let note = None;
    let caller = unit(chance.of(&[CITY, "other", "unit-1", "unit-2"]));
    chance.of(&[
        Command::ContestRating {
            text: words.clone(),
        },
        Command::VerifyRating {
            finding: RatingFinding::Proved,
            text: words.clone(),
        },
        Command::VerifyRating {
            finding: RatingFinding::Unfounded,
            text: words.clone(),
        },
        Command::DrawCallback {
            caller,
            ground: DrawGround::Sampled,
        },
        Command::TryCallback {
            outcome: ContactOutcome::NoAnswer,
            note: note.clone(),
        },
        Command::CompleteCallback {
            result: CallbackResult::Unreached,
            note: note.clone(),
        },
        Command::CompleteCallback {
            result: CallbackResult::Answered(rating),
            note,
        },
        Command::CompleteRectification { text: words },
    ])
}

/// What ends a ticket at the desk, rare enough to let others live.
fn ending(chance: &mut Chance) -> Command {
    if !chance.one_in(4) {
        return Command::RecordContact(contact());
    }
    chance.of(&[
        Command::AnswerDirectly {
            answer: answer(),
            text: text(),
        },
        Command::Decline {
            ground: Ground::Petition,
            explanation: None,
        },
        Command::Explain {
            ground: LockGround::StateSecret,
            text: Some(text()),
        },
        Command::Explain {
            ground: LockGround::StateSecret,
            text: None,
        },
        Command::Refer { text: Some(text()) },
        Command::CiteEarlier {
            earlier: TicketNumber::parse("TA26112428T5CY4TZ").unwrap(),
            text: None,
        },
        Command::Withdraw { reason: None },
    ])
}

fn contact() -> Contact {
    Contact {
        way: ContactWay::Phone,
        outcome: ContactOutcome::Reached,
        note: None,
    }
}
