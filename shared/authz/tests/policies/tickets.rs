//! Tickets, officers, and where they sit towards each other.

use authz::Officer;
use domain::accountability::{AccountabilityId, AccountabilityRecord, Conduct, Matter};
use domain::appeal::{AppellantKind, Kind, ReplyWay, Subject, Submission};
use domain::audit::{Actor, ChainHead, Event, Happening};
use domain::export::{Column, Export, ExportId, Extent, Step, Taken};
use domain::ids::{AppellantId, ChannelCode, OfficerId, TextRef, UnitId, VaultName};
use domain::knowledge::{
    Content, DraftStage, EntryKind, KnowledgeEntry, KnowledgeId, Step as Written,
};
use domain::problem_group::{ProblemGroup, ProblemGroupId};
use domain::supervision::{Cause, SupervisionCase, Trigger};
use domain::ticket::{
    Callback, CoHandling, CoStage, How, JointHandling, Pending, Ticket, TicketKey, TicketNumber,
};
use domain::workflow::words::{DrawGround, LockGround, ReturnReason, Role, State};

/// Where an officer's unit sits towards the ticket; each is also the unit's id.
pub(crate) const SEATS: &[&str] = &[
    "managing",
    "holder",
    "county",
    "co-handler",
    "joint-member",
    "caller",
    "other",
];

pub(crate) fn unit(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

pub(crate) fn officer(id: &str, seat: &str, roles: &[Role]) -> Officer {
    Officer {
        id: OfficerId::parse(id).unwrap(),
        unit: unit(seat),
        roles: roles.to_vec(),
        mfa: true,
    }
}

/// Numbers that differ.
pub(crate) fn number(which: u8) -> TicketNumber {
    let key = TicketKey::from_digest(&[which; 32]);
    TicketNumber::new(&key, "2026-03-02T02:00:00Z".parse().unwrap())
}

/// A ticket in `state` with a unit in every seat.
pub(crate) fn ticket(state: State) -> Ticket {
    let submission = Submission {
        channel: ChannelCode::parse("mobile").unwrap(),
        kind: Kind::Complaint,
        subject: Subject::ServiceItem,
        appellant_kind: AppellantKind::Person,
        reply_way: ReplyWay::Phone,
        area: None,
        service_item: None,
        managing_unit: unit("managing"),
        text: TextRef::of(b"text"),
        vault: VaultName::of(AppellantId::of(&[7; 32]), &[b"vault"]),
        attachments: Vec::new(),
    };
    Ticket {
        number: number(7),
        submission,
        received_at: "2026-03-02T02:00:00Z".parse().unwrap(),
        state,
        responsible_unit: unit("holder"),
        county: Some(unit("county")),
        co_handling: vec![CoHandling {
            unit: unit("co-handler"),
            stage: CoStage::ToSign,
        }],
        pending: None,
        returned_by: Vec::new(),
        return_refused: Vec::new(),
        extended_days: None,
        deferred_until: None,
        awaits_verification: false,
        supplement: None,
        supplemented_by: Vec::new(),
        joint: Some(JointHandling {
            members: vec![unit("joint-member")],
            meetings: 0,
            is_raised: false,
        }),
        contacts: 0,
        closed: None,
        review_on: None,
        is_undelivered: false,
        rating: None,
        rating_check: None,
        callback: Some(Callback {
            caller: unit("caller"),
            ground: DrawGround::Sampled,
            attempts: 0,
            result: None,
        }),
        is_to_rectify: false,
        erased_at: None,
        events: Vec::new(),
        chain: ChainHead::default(),
    }
}

/// Explained as private, and so locked (Art. 11(2)).
pub(crate) fn locked() -> Ticket {
    Ticket {
        closed: Some(How::Explained {
            ground: LockGround::Privacy,
            text: TextRef::of(b"why"),
        }),
        ..ticket(State::Closed)
    }
}

/// `asker` asked to give it back.
pub(crate) fn asked_by(asker: &Officer) -> Ticket {
    let by = Actor::Officer {
        id: asker.id.clone(),
        unit: asker.unit.clone(),
        role: Role::Liaison,
    };
    let (reason, suggested) = (ReturnReason::OtherDuty, unit("other"));
    let text = TextRef::of(b"ground");
    Ticket {
        pending: Some(Pending::Return {
            reason,
            suggested: suggested.clone(),
        }),
        events: vec![Event {
            at: "2026-03-02T03:00:00Z".parse().unwrap(),
            by,
            rulebook: 1,
            happening: Happening::ReturnRequested {
                reason,
                suggested,
                text,
            },
        }],
        ..ticket(State::Handling)
    }
}

/// An export of the list of `list`, asked for by an officer of that unit.
pub(crate) fn export(by: &str, list: &UnitId) -> Export {
    let at = "2026-03-02T02:00:00Z".parse().unwrap();
    Export {
        id: ExportId::new(at, by.as_bytes()),
        extent: Extent {
            taken: Taken::List {
                unit: list.clone(),
                columns: Column::ALL.to_vec(),
            },
            purpose: "通报".to_owned(),
            until: "2026-03-04".parse().unwrap(),
        },
        asked: Step {
            by: OfficerId::parse(by).unwrap(),
            unit: list.clone(),
            at,
        },
        decision: None,
        downloads: Vec::new(),
    }
}

/// A record about an officer, opened by another.
pub(crate) fn accountability(about: &str, of: &UnitId, by: &str) -> AccountabilityRecord {
    let who = |id| OfficerId::parse(id).unwrap();
    let at = "2026-03-02T02:00:00Z".parse().unwrap();
    let matter = Matter {
        unit: of.clone(),
        officer: Some(who(about)),
        conduct: Conduct::Shifting,
        ticket: None,
        facts: "拒绝签收".to_owned(),
    };
    let id = AccountabilityId::new(at, by.as_bytes());
    AccountabilityRecord::open(id, matter, who(by), at).unwrap()
}

/// A case of `unit`, supervised by `supervisor`.
pub(crate) fn case(unit: &UnitId, supervisor: &UnitId) -> SupervisionCase {
    let at = "2026-03-02T02:00:00Z".parse().unwrap();
    let cause = Cause {
        trigger: Trigger::Overdue,
        unit: unit.clone(),
        supervisor: supervisor.clone(),
        ticket: None,
        key: "key".to_owned(),
        evidence: Vec::new(),
        at,
    };
    SupervisionCase::open(cause, false, None, at)
}

/// A problem of `unit`, confirmed by `managed_by`.
pub(crate) fn group(unit: &UnitId, managed_by: &UnitId) -> ProblemGroup {
    let opened = Written {
        by: OfficerId::parse("else").unwrap(),
        unit: managed_by.clone(),
        at: "2026-03-02T02:00:00Z".parse().unwrap(),
    };
    let id = ProblemGroupId::new(opened.at, b"group");
    let units = (unit.clone(), managed_by.clone());
    let title = "缴费后查不到记录".to_owned();
    ProblemGroup::open(id, title, units, (None, None), opened)
}

/// A published entry of the holder that somebody writes anew; the managing unit decides on it.
pub(crate) fn knowledge(by: &str) -> KnowledgeEntry {
    let step = |by: &str| Written {
        by: OfficerId::parse(by).unwrap(),
        unit: unit("holder"),
        at: "2026-03-02T02:00:00Z".parse().unwrap(),
    };
    let content = Content {
        kind: EntryKind::Guide,
        title: "社保卡补办".to_owned(),
        body: "到窗口办理。".to_owned(),
        link: None,
        source: None,
        area: None,
        service_item: None,
        valid_from: "2026-03-02".parse().unwrap(),
        valid_to: None,
    };
    let written = || (content.clone(), DraftStage::InReview, step(by));
    let id = KnowledgeId::new(step(by).at, by.as_bytes());
    let units = (unit("holder"), vec![unit("managing")]);
    let mut entry = KnowledgeEntry::begin(id, units, None, written());
    entry.publish(1, step("reviewer")).unwrap();
    entry.revise(vec![unit("managing")], written());
    entry
}
