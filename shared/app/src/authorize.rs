//! Who may do what on which ticket (R-AC-1): the one `authorize` that every handler calls, denied
//! by default. Role and unit for now; the policies will take its place without a change outside.

use domain::audit::Actor;
use domain::ids::{OfficerId, UnitId};
use domain::ticket::Ticket;
use domain::workflow::decide::is_open;
use domain::workflow::rules::RULES;
use domain::workflow::words::{Action, Role, State};

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
    /// Read what the appellant brought, which is locked where it is unlawful or secret (Art. 11(2)).
    ReadContent(&'a Ticket),
    /// Act on a ticket.
    Act(Action, &'a Ticket),
    /// Read the rules in force, which every officer works by.
    Rules,
    /// Read the work list of a unit.
    List(&'a UnitId),
    /// Read the registry.
    ReadRegistry,
    /// Change the registry.
    ChangeRegistry,
    /// Read what the channels counted, and what is missing (R-IN-5).
    ReadReconciliation,
}

/// Lets the officer, in the role that allows it, or denies.
pub fn authorize(officer: &Officer, intent: Intent<'_>) -> Result<Actor, AppError> {
    let mut allowed = officer
        .roles
        .iter()
        .copied()
        .filter(|role| allows(officer, *role, intent));
    // Of several roles, the one in which the action is open now.
    let role = match intent {
        Intent::Act(action, ticket) => {
            let roles: Vec<_> = allowed.collect();
            let mut open = roles.iter().copied();
            open.find(|role| is_open(action, *role, Some(&officer.unit), ticket))
                .or(roles.first().copied())
        }
        _ => allowed.next(),
    };
    let role = role.ok_or(match intent {
        // Whether a ticket exists is not for those who may not read it.
        Intent::Read(_) | Intent::ReadContent(_) => AppError::NotFound,
        Intent::Act(_, ticket) if !reads(officer, ticket) => AppError::NotFound,
        Intent::Act(..)
        | Intent::List(_)
        | Intent::Rules
        | Intent::ReadRegistry
        | Intent::ChangeRegistry
        | Intent::ReadReconciliation => AppError::Forbidden,
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

/// The responsible unit, its co-handlers, and while it lasts the members of joint handling.
fn takes_part(unit: &UnitId, ticket: &Ticket) -> bool {
    let meets = || {
        let joint = ticket.joint.as_ref();
        ticket.state == State::Joint && joint.is_some_and(|joint| joint.members.contains(unit))
    };
    *unit == ticket.responsible_unit || ticket.co_handling_of(unit).is_some() || meets()
}

fn allows(officer: &Officer, role: Role, intent: Intent<'_>) -> bool {
    let unit = &officer.unit;
    match intent {
        Intent::Read(ticket) => match role {
            Role::Auditor => true,
            Role::TriageOfficer | Role::CityManager => *unit == ticket.submission.managing_unit,
            Role::CountyManager => takes_part(unit, ticket) || ticket.county.as_ref() == Some(unit),
            Role::Liaison | Role::ResponsibleLeader => takes_part(unit, ticket),
            _ => false,
        },
        Intent::ReadContent(ticket) => {
            let sees_locked = matches!(role, Role::Auditor | Role::CityManager);
            (sees_locked || !ticket.is_locked()) && allows(officer, role, Intent::Read(ticket))
        }
        Intent::Act(action, ticket) => {
            let named = RULES
                .iter()
                .any(|row| row.action == action && row.by.contains(&role));
            named && allows(officer, role, Intent::Read(ticket))
        }
        Intent::Rules => !role.is_outside(),
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
        Intent::ReadReconciliation => matches!(
            role,
            Role::TriageOfficer | Role::CityManager | Role::Administrator | Role::Auditor
        ),
        Intent::ChangeRegistry => role == Role::Administrator,
    }
}
