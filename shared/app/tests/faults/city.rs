//! The city of these cases: one unit, one channel, an upload; and what people wish.

use std::sync::Arc;

use app::act::Wish;
use app::documents::{AnswerDocument, Document, RecordDocument};
use app::ports::{Attachment, AttachmentState, Reference};
use app::submit::SubmitRequest;
use chrono::{DateTime, Utc};
use domain::answer::{Answer, HandlingRecord, Outcome};
use domain::appeal::{Appellant, AppellantKind, Kind, ReplyWay, Subject};
use domain::audit::Actor;
use domain::calendar::Calendar;
use domain::clocks::Timetable;
use domain::ids::{AppellantId, ChannelCode, OfficerId, UnitId, UploadId};
use domain::personal::Personal;
use domain::registry::{Channel, Registry, Unit, UnitKind};
use domain::rulebook::Rulebooks;
use domain::ticket::TicketNumber;
use domain::workflow::command::{Command, Contact, Rating};
use domain::workflow::words::{
    Action, ContactOutcome, ContactWay, Ground, RatedAspect, RatingFinding, Role,
};

use crate::model::Kept;

pub(crate) fn start() -> DateTime<Utc> {
    "2026-03-02T02:00:00Z".parse().unwrap()
}

fn unit(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

fn mobile() -> ChannelCode {
    ChannelCode::parse("mobile").unwrap()
}

pub(crate) fn reference() -> Arc<Reference> {
    let resolving = Unit {
        id: unit("ta-ylbzj"),
        name: "泰安市医疗保障局".to_owned(),
        kind: UnitKind::Resolving,
        parent: None,
        area: "370900".to_owned(),
        leaders: 1,
        liaisons: 1,
    };
    let channel = Channel {
        code: mobile(),
        name: "移动端".to_owned(),
        managing_unit: unit("ta-bigdata"),
        system_function_unit: None,
    };
    Arc::new(Reference {
        registry: Registry {
            units: vec![resolving],
            channels: vec![channel],
            duties: Vec::new(),
        },
        timetable: Timetable {
            calendar: Calendar::default(),
            rulebooks: Rulebooks::new(Vec::new()),
        },
    })
}

fn photo() -> UploadId {
    UploadId::parse("photo").unwrap()
}

/// Nothing yet but an upload.
pub(crate) fn city() -> Kept {
    let attachment = Attachment {
        id: photo(),
        channel: mobile(),
        content_type: "image/jpeg".to_owned(),
        size_bytes: 3_084,
        sha256: "HoSzgzFKslX0P9kQ883jWRqVM3Mo7KQcb8czV8wLGDs=".to_owned(),
        state: AttachmentState::Clean,
        detected_type: None,
        removed: Vec::new(),
    };
    let mut kept = Kept::default();
    kept.attachments.insert(photo(), attachment);
    kept
}

pub(crate) fn appeal(which: u8) -> SubmitRequest {
    SubmitRequest {
        channel: mobile(),
        key_digest: [which; 32],
        body_digest: [which; 32],
        nonce: [1; 12],
        appellant_id: AppellantId::of(&[7; 32]),
        kind: Kind::Help,
        subject: Subject::ServiceItem,
        document: Document::Appeal {
            title: None,
            text: "缴费后查不到记录。".to_owned(),
        },
        appellant: Appellant {
            kind: AppellantKind::Person,
            name: Personal::new("测试甲".to_owned()),
            phone: None,
            identity_number: None,
            address: None,
        },
        reply_way: ReplyWay::InApp,
        area: None,
        service_item: None,
        attachments: vec![photo()],
        at: start(),
    }
}

/// A step of a ticket's life, once its number is known.
pub(crate) type Step = fn(&TicketNumber) -> Wish;

/// What is done to an appeal, in order.
pub(crate) fn life() -> [Step; 5] {
    [dispatch, sign, record_contact, close, rate]
}

pub(crate) fn actor(action: Action) -> Actor {
    let officer = |id: &str, of: &str, role| Actor::Officer {
        id: OfficerId::parse(id).unwrap(),
        unit: unit(of),
        role,
    };
    match action {
        Action::Dispatch
        | Action::Decline
        | Action::CiteEarlier
        | Action::VerifyRating
        | Action::Reopen => officer("desk", "ta-bigdata", Role::TriageOfficer),
        Action::Erase => officer("manager", "ta-bigdata", Role::CityManager),
        Action::Rate | Action::Withdraw => Actor::Appellant,
        _ => officer("liaison", "ta-ylbzj", Role::Liaison),
    }
}

fn wish(number: &TicketNumber, command: Command, documents: Vec<Document>) -> Wish {
    Wish {
        number: number.clone(),
        command,
        documents,
        originals: Vec::new(),
        seen_version: None,
        at: start(),
    }
}

fn dispatch(number: &TicketNumber) -> Wish {
    let note = Document::Note("请核实。".to_owned());
    let command = Command::Dispatch {
        unit: unit("ta-ylbzj"),
        co_handlers: Vec::new(),
        note: Some(note.seal().unwrap().0),
    };
    wish(number, command, vec![note])
}

pub(crate) fn decline(number: &TicketNumber) -> Wish {
    let command = Command::Decline {
        ground: Ground::Reconsideration,
        explanation: None,
    };
    wish(number, command, Vec::new())
}

pub(crate) fn cite(number: &TicketNumber, earlier: &TicketNumber) -> Wish {
    let command = Command::CiteEarlier {
        earlier: earlier.clone(),
        text: None,
    };
    wish(number, command, Vec::new())
}

fn sign(number: &TicketNumber) -> Wish {
    wish(number, Command::Sign, Vec::new())
}

pub(crate) fn record_contact(number: &TicketNumber) -> Wish {
    let note = Document::Note("已核实。".to_owned());
    let contact = Contact {
        way: ContactWay::Phone,
        outcome: ContactOutcome::Reached,
        note: Some(note.seal().unwrap().0),
    };
    wish(number, Command::RecordContact(contact), vec![note])
}

fn close(number: &TicketNumber) -> Wish {
    let record = RecordDocument {
        investigation: "电话联系诉求人，调取缴费流水核对。".to_owned(),
        facts: "扣款成功，参保系统未记账。".to_owned(),
        legal_basis: "社会保险经办条例。".to_owned(),
        measures: "补记并同步。".to_owned(),
        remedies: "可依法申请行政复议。".to_owned(),
    };
    let answer = AnswerDocument {
        verification: "经核实，缴费数据确未同步到参保系统。".to_owned(),
        basis: "依据社会保险经办条例第十七条办理。".to_owned(),
        result: "已于当日补记参保缴费记录并同步。".to_owned(),
        advice: "请于次日重新查询，如有问题可到就近窗口办理。".to_owned(),
    };
    let document = Document::Answer {
        record: Some(Box::new(record.clone())),
        answer: answer.clone(),
        interim: None,
        knowledge: Vec::new(),
    };
    let command = Command::Close {
        record: HandlingRecord::from(record),
        answer: Answer::from(answer),
        text: document.seal().unwrap().0,
        outcome: Outcome::Solved,
        interim: None,
        contact: None,
    };
    wish(number, command, vec![document])
}

fn rate(number: &TicketNumber) -> Wish {
    let words = Document::Note("谢谢。".to_owned());
    let rating = Rating {
        level: 5,
        solved: true,
        aspect: None,
    };
    let command = Command::Rate(rating, Some(words.seal().unwrap().0));
    wish(number, command, vec![words])
}

pub(crate) fn rate_badly(number: &TicketNumber) -> Wish {
    let rating = Rating {
        level: 1,
        solved: false,
        aspect: Some(RatedAspect::Both),
    };
    wish(number, Command::Rate(rating, None), Vec::new())
}

pub(crate) fn prove(number: &TicketNumber) -> Wish {
    let words = Document::Note("调取记录核实。".to_owned());
    let command = Command::VerifyRating {
        finding: RatingFinding::Proved,
        text: Some(words.seal().unwrap().0),
    };
    wish(number, command, vec![words])
}

pub(crate) fn reopen(number: &TicketNumber) -> Wish {
    let words = Document::Note("评价属实，重办。".to_owned());
    let text = Some(words.seal().unwrap().0);
    wish(number, Command::Reopen { text }, vec![words])
}
