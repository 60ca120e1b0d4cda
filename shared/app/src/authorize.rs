//! Who may do what on which ticket (R-AC-1): the one `authorize` that every handler calls, denied
//! by default. Role and unit for now; the policies will take its place without a change outside.

use domain::audit::Actor;
use domain::ids::{OfficerId, UnitId};
use domain::ticket::Ticket;
use domain::workflow::rules::RULES;
use domain::workflow::words::{Action, Role};

use crate::error::AppError;

/// A signed-in officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// Who.
    pub id: OfficerId,
    /// Of which unit.
    pub unit: UnitId,
    /// In which roles.
    pub roles: Vec<Role>,
}

/// What an officer wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent<'a> {
    /// Read a ticket.
    Read(&'a Ticket),
    /// Act on a ticket.
    Act(Action, &'a Ticket),
    /// Read the work list of a unit.
    List(&'a UnitId),
    /// Read the registry.
    ReadRegistry,
    /// Change the registry.
    ChangeRegistry,
}

/// Lets the officer, in the role that allows it, or denies.
pub fn authorize(officer: &Officer, intent: Intent<'_>) -> Result<Actor, AppError> {
    let allowed = officer
        .roles
        .iter()
        .copied()
        .find(|role| allows(officer, *role, intent));
    let role = allowed.ok_or(match intent {
        // Whether a ticket exists is not for those who may not read it.
        Intent::Read(_) => AppError::NotFound,
        Intent::Act(_, ticket) if !reads(officer, ticket) => AppError::NotFound,
        Intent::Act(..) | Intent::List(_) | Intent::ReadRegistry | Intent::ChangeRegistry => {
            AppError::Forbidden
        }
    })?;
    Ok(Actor::Officer {
        id: officer.id.clone(),
        unit: officer.unit.clone(),
        role,
    })
}

/// Whether any role of the officer lets them read the ticket.
pub fn reads(officer: &Officer, ticket: &Ticket) -> bool {
    officer
        .roles
        .iter()
        .any(|role| allows(officer, *role, Intent::Read(ticket)))
}

fn allows(officer: &Officer, role: Role, intent: Intent<'_>) -> bool {
    let unit = &officer.unit;
    match intent {
        Intent::Read(ticket) => match role {
            Role::Auditor => true,
            Role::TriageOfficer | Role::CityManager | Role::CountyManager => {
                *unit == ticket.submission.managing_unit
            }
            Role::Liaison | Role::ResponsibleLeader => *unit == ticket.responsible_unit,
            _ => false,
        },
        Intent::Act(action, ticket) => {
            let named = RULES
                .iter()
                .any(|row| row.action == action && row.by.contains(&role));
            named && allows(officer, role, Intent::Read(ticket))
        }
        Intent::List(list) => match role {
            Role::Auditor => true,
            Role::TriageOfficer
            | Role::CityManager
            | Role::CountyManager
            | Role::Liaison
            | Role::ResponsibleLeader => unit == list,
            _ => false,
        },
        Intent::ReadRegistry => matches!(role, Role::Administrator | Role::Auditor),
        Intent::ChangeRegistry => role == Role::Administrator,
    }
}
