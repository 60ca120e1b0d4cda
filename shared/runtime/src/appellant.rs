//! Appellants: number and query code, limited tries, one answer for "unknown" and "wrong"
//! (R-AC-2, R-IN-7).

use access::identity::{AppellantClaims, account_digest};
use access::secrets::{KeySet, verify_query_code};
use access::source::source_digest;
use api::answers::{APPELLANT, action_answer};
use app::AppError;
use app::act::{Wish, act_on};
use app::error::Unknown;
use app::ports::Store;
use authz::{Intent, Principal, authorize};
use domain::calendar::shanghai_date;
use domain::ids::AppellantId;
use domain::ticket::{Ticket, TicketNumber};

use crate::http::{Reply, Request};
use crate::setup::Setup;
use crate::tokens::Tokens;

/// Lets appellants in.
#[derive(Debug)]
pub struct Appellants {
    keys: KeySet,
    /// None where the city has no issuer for them.
    tokens: Option<Tokens>,
}

impl Appellants {
    /// From the environment and the keys.
    pub fn from_setup(setup: &Setup, keys: KeySet) -> Result<Self, AppError> {
        let issuer = setup.setting("APPELLANT_ISSUER")?;
        if issuer.is_empty() {
            return Ok(Self { keys, tokens: None });
        }
        let (audience, jwks_url) = (
            setup.setting("APPELLANT_AUDIENCE")?,
            setup.setting("APPELLANT_JWKS_URL")?,
        );
        let tokens = Some(Tokens::new(&setup.stage, issuer, audience, jwks_url)?);
        Ok(Self { keys, tokens })
    }

    /// The keys.
    pub const fn keys(&self) -> &KeySet {
        &self.keys
    }

    /// The account in which somebody signed in, if a token came; what it is worth is looked at first.
    pub(crate) async fn account(&self, request: &Request) -> Result<Option<String>, AppError> {
        if request.header("authorization").is_none() {
            return Ok(None);
        }
        let tokens = self.tokens.as_ref();
        let tokens = tokens.ok_or(AppError::Unauthenticated(Unknown::Token))?;
        let claims: AppellantClaims = tokens.claims(request).await?;
        Ok(Some(claims.sub))
    }

    /// Who signed in, if a token came instead of a code.
    async fn signed_in(&self, request: &Request) -> Result<Option<AppellantId>, AppError> {
        if request.header("query-code").is_some() {
            return Ok(None);
        }
        let account = self.account(request).await?;
        Ok(account.map(|account| {
            let identity_key = self.keys.identity_key.expose();
            AppellantId::of(&account_digest(identity_key, &account))
        }))
    }
}

/// The ticket whose number is in the path and whose code is in the `Query-Code` header, or
/// whose appellant signed in. Unknown
/// numbers go the same way as wrong codes: same check, same reads, same counts, same answer.
/// Guessing is limited by ticket and by source.
pub async fn appeal(
    store: &dyn Store,
    appellants: &Appellants,
    request: &Request,
) -> Result<Ticket, AppError> {
    let keys = &appellants.keys;
    let signed_in = appellants.signed_in(request).await?;
    let number = request.path_parameter("number").unwrap_or_default();
    let number = TicketNumber::parse(number).map_err(|_| AppError::WrongQueryCode)?;
    let key = number.key();
    let reference = store.reference(request.at).await?;
    let rulebooks = &reference.timetable.rulebooks;
    let rulebook = rulebooks.in_force(shanghai_date(request.at));
    let source = source_digest(keys.identity_key.expose(), request.source.reveal());
    let (of_ticket, of_source) = tokio::try_join!(
        store.ticket_tries(&key, request.at),
        store.source_tries(&source, request.at)
    )?;
    if of_ticket >= rulebook.query_tries || of_source >= rulebook.source_tries {
        return Err(AppError::TooManyTries);
    }
    // The code follows from the key: no ticket is read, and none is missed, before it is right.
    let given = request.header("query-code").unwrap_or_default();
    let is_right = verify_query_code(keys.query_code_key.expose(), key.as_str(), given);
    if is_right || signed_in.is_some() {
        let is_theirs = |ticket: &Ticket| {
            is_right || Some(&ticket.submission.vault.appellant) == signed_in.as_ref()
        };
        let ticket = store.load(&key).await?;
        let ticket = ticket.filter(|ticket| ticket.number == number && is_theirs(ticket));
        if let Some(ticket) = ticket {
            return Ok(ticket);
        }
    }
    store.count_try(&key, &source, request.at).await?;
    Err(AppError::WrongQueryCode)
}

/// Does what the appellant asks of the ticket that [`appeal`] found, and answers with where it stands
/// then.
pub async fn act_for_appellant(
    store: &dyn Store,
    ticket: Ticket,
    wish: &Wish,
) -> Result<Reply, AppError> {
    let own = ticket.number.clone();
    let who = |ticket: &_| {
        let intent = Intent::Act(wish.command.action(), ticket);
        authorize(Principal::Appellant(&own), intent)
    };
    let (ticket, permit) = act_on(store, ticket, wish, &who).await?;
    Reply::json(&permit, 200, &action_answer(&ticket, APPELLANT))
}
