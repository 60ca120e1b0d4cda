//! Where an actor sits towards a ticket: the same role may act on its own unit's tickets only
//! (R-AC-1, R-HD-13).

use crate::audit::Actor;
use crate::ids::UnitId;
use crate::ticket::Ticket;

/// The seat that a row of the table asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// No unit: the appellant, a channel, the system.
    Outside,
    /// 市级管理单位: received the appeal and supervises it (Art. 6).
    Managing,
    /// 承办单位: holds the ticket now, and answers for it (Art. 8).
    Holder,
    /// Whoever gave the ticket to its holder, and decides on what the holder asks: the city's
    /// managing unit, or the county's for what the county dispatched (Art. 7).
    Decider,
    /// 协办单位 (Art. 10(3)).
    CoHandler,
    /// 回访单位: calls the appellant back, and handled nothing of it (Art. 14).
    Caller,
    /// Whoever has to do with it now: the managing unit, the county it is with, who takes part, and
    /// who calls back.
    Concerned,
}

impl Seat {
    /// As people read it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Outside => "诉求人、渠道或系统",
            Self::Managing => "市级管理单位",
            Self::Holder => "承办单位",
            Self::Decider => "派单的管理单位",
            Self::CoHandler => "协办单位",
            Self::Caller => "回访单位",
            Self::Concerned => "与工单有关的单位",
        }
    }

    /// Whether `actor` sits here.
    pub fn is_of(self, actor: &Actor, ticket: &Ticket) -> bool {
        match actor {
            // An officer is never the appellant, a channel or the system, whatever a token says.
            Actor::Officer { unit, role, .. } => {
                !role.is_outside() && self.is_of_unit(unit, ticket)
            }
            Actor::Channel(_) | Actor::Appellant | Actor::System => true,
        }
    }

    /// Whether `unit` sits here.
    pub fn is_of_unit(self, unit: &UnitId, ticket: &Ticket) -> bool {
        match self {
            Self::Outside => false,
            Self::Managing => *unit == ticket.submission.managing_unit,
            Self::Holder => *unit == ticket.responsible_unit,
            Self::Decider => unit == ticket.decider(),
            Self::CoHandler => ticket.co_handling_of(unit).is_some(),
            Self::Caller => ticket.caller() == Some(unit),
            Self::Concerned => {
                let is_county = ticket.county.as_ref() == Some(unit);
                is_county
                    || Self::Caller.is_of_unit(unit, ticket)
                    || Self::Managing.is_of_unit(unit, ticket)
                    || ticket.taking_part().any(|it| it == unit)
            }
        }
    }
}
