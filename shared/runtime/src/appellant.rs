//! Appellants: number and query code, limited tries, one answer for "unknown" and "wrong"
//! (R-AC-2, R-IN-7).

use access::secrets::{KeySet, verify_query_code};
use access::source::source_digest;
use api::answers::{APPELLANT, action_answer};
use app::AppError;
use app::act::{Wish, act_on};
use app::ports::Store;
use authz::{Intent, Principal, authorize};
use domain::calendar::shanghai_date;
use domain::ticket::{Ticket, TicketNumber};

use crate::http::{Reply, Request};

/// The ticket whose number is in the path and whose code is in the `Query-Code` header. Unknown
/// numbers go the same way as wrong codes: same check, same reads, same counts, same answer.
/// Guessing is limited by ticket and by source.
pub async fn appeal(
    store: &dyn Store,
    keys: &KeySet,
    request: &Request,
) -> Result<Ticket, AppError> {
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
    if verify_query_code(keys.query_code_key.expose(), key.as_str(), given) {
        let ticket = store.load(&key).await?;
        if let Some(ticket) = ticket.filter(|ticket| ticket.number == number) {
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
