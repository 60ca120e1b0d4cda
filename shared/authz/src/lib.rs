//! Who may do what (Art. 4, 16; R-AC-1): the one [`authorize`] that every function with a caller
//! goes through. The policies are Cedar (<https://www.cedarpolicy.com>) in `policies/`, are denied
//! by default, and are part of the program.
//!
//! Those about what a function is asked for are read once, at start ([`load`]), and validated and proved in the tests: against the
//! schema, against the workflow table, and for every request there can be.

mod entities;
mod policies;
mod question;

use app::AppError;
use domain::audit::Actor;
use domain::ids::{ChannelCode, OfficerId, UnitId};
use domain::ticket::{Ticket, TicketNumber};
use domain::workflow::decide::is_open;
use domain::workflow::words::{Action, Role};

pub use entities::groups;
pub use policies::{COMPILED, FORBIDS, PERMITS, about_one, compile, load};
pub use question::{
    About, AccountabilityDeed, CaseDeed, ExportDeed, GroupDeed, Intent, KnowledgeDeed,
};

use question::{Question, Resource};

/// A signed-in officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// Who.
    pub id: OfficerId,
    /// Of which unit.
    pub unit: UnitId,
    /// In which roles.
    pub roles: Vec<Role>,
    /// Whether they signed in with several factors.
    pub mfa: bool,
}

/// Who asks. Each was verified before: a token, a query code, a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal<'a> {
    /// An officer.
    Officer(&'a Officer),
    /// Whoever knows the query code of this ticket.
    Appellant(&'a TicketNumber),
    /// A channel system.
    Channel(&'a ChannelCode),
    /// Whoever comes without a name: who may become an appellant.
    Anybody,
}

/// That it was asked, and allowed. Only [`authorize`] makes one, and an answer needs one: a function
/// that forgets to ask cannot answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit(Actor);

impl std::borrow::Borrow<Actor> for Permit {
    fn borrow(&self) -> &Actor {
        &self.0
    }
}

/// Lets the caller do what they intend, or denies. An officer is let in the role that allows it.
pub fn authorize(principal: Principal<'_>, intent: Intent<'_>) -> Result<Permit, AppError> {
    match principal {
        Principal::Officer(officer) => of_officer(officer, intent),
        Principal::Appellant(_) => {
            let verdict = policies::decide(&Question::outside(principal, intent))?;
            // Whether a ticket exists is not for those whose code opens another.
            verdict.map_err(|_| AppError::NotFound)?;
            Ok(Permit(Actor::Appellant))
        }
        Principal::Channel(code) => {
            let verdict = policies::decide(&Question::outside(principal, intent))?;
            verdict.map_err(AppError::Forbidden)?;
            Ok(Permit(Actor::Channel(code.clone())))
        }
        Principal::Anybody => {
            let verdict = policies::decide(&Question::outside(principal, intent))?;
            verdict.map_err(|_| AppError::NotFound)?;
            Ok(Permit(Actor::Appellant))
        }
    }
}

fn of_officer(officer: &Officer, intent: Intent<'_>) -> Result<Permit, AppError> {
    let (mut allowed, mut words) = (Vec::new(), None);
    for role in officer.roles.iter().filter(|role| !role.is_outside()) {
        match policies::decide(&Question::of(officer, *role, intent))? {
            Ok(()) => allowed.push(*role),
            Err(says) => words = words.or(says),
        }
    }
    // Of several roles, the one in which the action is open now.
    let open = match (intent.acts(), intent.resource()) {
        (Some(action), Resource::Ticket(ticket)) => first_open(officer, action, ticket, &allowed),
        _ => None,
    };
    let Some(role) = open.or(allowed.first().copied()) else {
        return Err(if is_seen(officer, intent)? {
            AppError::Forbidden(words)
        } else {
            AppError::NotFound
        });
    };
    Ok(Permit(Actor::Officer {
        id: officer.id.clone(),
        unit: officer.unit.clone(),
        role,
    }))
}

/// Whether what the intent is about may be seen, so that who may not do it is told so: whether a ticket,
/// an export or a record exists is not for those who may not read it.
fn is_seen(officer: &Officer, intent: Intent<'_>) -> Result<bool, AppError> {
    let may = |intent| allows(Principal::Officer(officer), intent);
    match intent {
        Intent::Act(_, ticket) | Intent::Reveal(_, ticket) | Intent::DraftFrom(ticket) => {
            reads(officer, ticket)
        }
        Intent::Export(ExportDeed::Decide | ExportDeed::Download, export) => {
            may(Intent::Export(ExportDeed::Read, export))
        }
        Intent::Accountability(AccountabilityDeed::Decide, record) => {
            may(Intent::Accountability(AccountabilityDeed::Read, record))
        }
        Intent::Supervision(CaseDeed::Supervise | CaseDeed::Answer, case) => {
            may(Intent::Supervision(CaseDeed::Read, case))
        }
        Intent::Knowledge(
            KnowledgeDeed::Review | KnowledgeDeed::Withdraw | KnowledgeDeed::Notice,
            entry,
        ) => may(Intent::Knowledge(KnowledgeDeed::Read, entry)),
        Intent::Group(GroupDeed::Manage | GroupDeed::Rectify, group) => {
            may(Intent::Group(GroupDeed::Read, group))
        }
        Intent::Supervision(CaseDeed::Read, _)
        | Intent::Group(GroupDeed::Read, _)
        | Intent::Gather(_)
        | Intent::Knowledge(KnowledgeDeed::Read | KnowledgeDeed::ReadDraft, _)
        | Intent::Read(_)
        | Intent::ReadContent(_)
        | Intent::Track(_)
        | Intent::Export(ExportDeed::Read, _)
        | Intent::Accountability(AccountabilityDeed::Read, _) => Ok(false),
        _ => Ok(true),
    }
}

fn first_open(officer: &Officer, action: Action, ticket: &Ticket, roles: &[Role]) -> Option<Role> {
    let mut roles = roles.iter().copied();
    roles.find(|role| is_open(action, *role, Some(&officer.unit), ticket))
}

/// Whether the officer may read the ticket.
pub fn reads(officer: &Officer, ticket: &Ticket) -> Result<bool, AppError> {
    allows(Principal::Officer(officer), Intent::Read(ticket))
}

/// Whether the caller may do what they intend, for pages that show less to those who may not.
pub fn allows(principal: Principal<'_>, intent: Intent<'_>) -> Result<bool, AppError> {
    match authorize(principal, intent) {
        Ok(_) => Ok(true),
        Err(AppError::NotFound | AppError::Forbidden(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
