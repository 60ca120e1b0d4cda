//! Who is told of what (Art. 6(3), 8(4), 13(4); R-HD-12, R-CAL-4): the appellant, or a unit's
//! people. One row an event; the words stand with the function that sends them.

use domain::audit::{Event, Happening};
use domain::clocks::ClockId;
use domain::ids::UnitId;
use domain::knowledge::KnowledgeEntry;
use domain::problem_group::{Deed as GroupDeed, ProblemGroup};
use domain::rulebook::Mark;
use domain::supervision::{Deed as CaseDeed, SupervisionCase};
use domain::ticket::Ticket;
use domain::workflow::words::Clock;

/// Who is to be told of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The appellant, the way they named (Art. 8(4)).
    Appellant,
    /// The liaison of a unit.
    Liaison(UnitId),
    /// Liaison and leader of a unit (Art. 6(3), 17(2)).
    LiaisonAndLeader(UnitId),
    /// The desk of a managing unit, of the city or a county (Art. 6(3), 7).
    Desk(UnitId),
    /// Those who call back in a unit (Art. 14).
    Callers(UnitId),
    /// Whoever has the ticket in hand in a unit: its desk before it is dispatched, then the liaison.
    Holder(UnitId),
}

/// Who is told of `event`, in a fixed order: the place in it is part of a message's id.
#[expect(clippy::too_many_lines, reason = "one row an event: a table")]
pub fn notices(ticket: &Ticket, event: &Event) -> Vec<Notice> {
    let holder = || ticket.responsible_unit.clone();
    let decider = || ticket.decider().clone();
    match &event.happening {
        Happening::AnsweredDirectly { .. }
        | Happening::Declined { .. }
        | Happening::Explained { .. }
        | Happening::CitedEarlier { .. }
        | Happening::Referred { .. }
        | Happening::SupplementRequested { .. }
        | Happening::Reopened { .. }
        | Happening::Closed { .. } => vec![Notice::Appellant],
        Happening::Submitted { submission } => {
            vec![Notice::Desk(submission.managing_unit.clone())]
        }
        Happening::Transferred { unit, .. } => vec![Notice::Desk(unit.clone())],
        Happening::Dispatched {
            unit, co_handlers, ..
        }
        | Happening::JointConcluded {
            unit, co_handlers, ..
        } => liaisons([unit].into_iter().chain(co_handlers)),
        Happening::CoHandlersAppointed { units, .. } => liaisons(units),
        Happening::JointOpened { members, .. } => liaisons(members),
        Happening::ReturnRequested { .. }
        | Happening::ExtensionRequested { .. }
        | Happening::DeferralRequested { .. } => vec![Notice::Desk(decider())],
        Happening::ReturnAccepted {
            to, returned_by, ..
        } => vec![
            Notice::Liaison(returned_by.clone()),
            Notice::Desk(to.clone()),
        ],
        Happening::ReturnRefused { unit, .. } => vec![Notice::LiaisonAndLeader(unit.clone())],
        Happening::ExtensionGranted { .. } | Happening::DeferralGranted { .. } => {
            vec![Notice::Liaison(holder()), Notice::Appellant]
        }
        Happening::ExtensionRefused { .. }
        | Happening::DeferralRefused { .. }
        | Happening::OpinionGiven { .. }
        | Happening::SupplementClosed { .. }
        | Happening::SupplementLapsed {}
        | Happening::RatingVerified { .. }
        | Happening::DeadlineMoved { .. }
        | Happening::Undelivered { .. } => vec![Notice::Liaison(holder())],
        Happening::CoHandlerReleased { unit, .. } => {
            vec![Notice::Liaison(unit.clone()), Notice::Liaison(holder())]
        }
        Happening::SentBack { .. } => vec![Notice::LiaisonAndLeader(holder())],
        Happening::CallbackDrawn { caller, .. } => vec![Notice::Callers(caller.clone())],
        Happening::CalledBack { result, .. } if result.is_negative() => {
            vec![Notice::LiaisonAndLeader(holder()), Notice::Desk(decider())]
        }
        Happening::RectificationCompleted { verifier, .. } => {
            verifier.iter().cloned().map(Notice::Desk).collect()
        }
        Happening::RatingContested { .. } => {
            vec![Notice::Desk(ticket.submission.managing_unit.clone())]
        }
        Happening::Warned { id, mark } => vec![warned(ticket, id, *mark)],
        Happening::BecameOverdue { id } => vec![warned(ticket, id, Mark::LastHour)],
        Happening::Withdrawn { .. } => {
            let helpers = ticket.co_handling.iter().map(|part| &part.unit);
            let mut told = vec![Notice::Holder(holder())];
            told.extend(liaisons(helpers));
            told
        }
        Happening::TakenOn {}
        | Happening::MeetingRecorded { .. }
        | Happening::RaisedToGovernment { .. }
        | Happening::Signed {}
        | Happening::Contacted { .. }
        | Happening::CoSigned { .. }
        | Happening::SupplementAnswered { .. }
        | Happening::RectificationVerified { .. }
        | Happening::UnsolvedReviewed { .. }
        | Happening::DeliveredOtherwise { .. }
        | Happening::Rated { .. }
        | Happening::CallbackTried { .. }
        | Happening::CalledBack { .. }
        | Happening::Revealed { .. }
        | Happening::Erased { .. }
        | Happening::Archived { .. } => Vec::new(),
    }
}

/// Who is told of something that is no ticket: a case of supervision, an entry of the knowledge base, a
/// problem group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Those who answer for a unit: liaison and leader, or the manager of a managing unit.
    Unit(UnitId),
    /// The desk of a managing unit.
    Desk(UnitId),
    /// Those who write a unit's entries of the knowledge base.
    Editors(UnitId),
}

/// Who is told of what happened in a case of supervision (Art. 17; R-SV-7).
pub fn of_case(case: &SupervisionCase, deed: &CaseDeed) -> Option<Told> {
    let unit = || Told::Unit(case.cause.unit.clone());
    match deed {
        CaseDeed::Step { .. } | CaseDeed::Refused { .. } | CaseDeed::Accepted { .. } => {
            Some(unit())
        }
        CaseDeed::Answered { .. } | CaseDeed::Unanswered => {
            Some(Told::Desk(case.cause.supervisor.clone()))
        }
        CaseDeed::Noted { .. } => None,
    }
}

/// Who is told that something is wrong with an entry of the knowledge base (Art. 17(4); R-KB-3).
pub fn of_knowledge(entry: &KnowledgeEntry) -> Told {
    Told::Editors(entry.unit.clone())
}

/// Who is told that a problem group was confirmed, or of what happened in it (Art. 8(5); R-AN-3). A
/// case tells of complaints that came together.
pub fn of_group(group: &ProblemGroup, deed: Option<&GroupDeed>) -> Option<Told> {
    match deed {
        None
        | Some(GroupDeed::Verified {
            is_effective: false,
            ..
        }) => Some(Told::Unit(group.unit.clone())),
        Some(GroupDeed::Completed { .. }) => Some(Told::Desk(group.managed_by.clone())),
        Some(
            GroupDeed::Planned(_)
            | GroupDeed::Verified { .. }
            | GroupDeed::Repeated { .. }
            | GroupDeed::Released { .. },
        ) => None,
    }
}

fn liaisons<'a>(units: impl IntoIterator<Item = &'a UnitId>) -> Vec<Notice> {
    let units = units.into_iter();
    units.map(|unit| Notice::Liaison(unit.clone())).collect()
}

/// R-CAL-4: warnings go to the liaison, then to the leader; those of a desk's own clocks to the desk,
/// and the appellant is reminded of what is awaited from them.
fn warned(ticket: &Ticket, id: &ClockId, mark: Mark) -> Notice {
    let unit = || {
        let unit = id.unit.as_ref();
        unit.unwrap_or(&ticket.responsible_unit).clone()
    };
    match (id.clock, mark) {
        (Clock::Supplement, _) => Notice::Appellant,
        (Clock::Callback, _) => {
            let caller = ticket.caller();
            Notice::Callers(caller.unwrap_or(&ticket.responsible_unit).clone())
        }
        (Clock::Decision | Clock::Verify, _) => Notice::Desk(ticket.decider().clone()),
        (Clock::County | Clock::Joint, _) => Notice::Desk(ticket.responsible_unit.clone()),
        (_, Mark::Half) => Notice::Liaison(unit()),
        (_, Mark::LastHour) => Notice::LiaisonAndLeader(unit()),
    }
}
