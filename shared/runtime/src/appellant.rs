//! Appellants: number and query code, limited tries, one answer for "unknown" and "wrong"
//! (R-AC-2, R-IN-7).

use access::secrets::{KeySet, verify_query_code};
use app::AppError;
use app::ports::Store;
use chrono::{DateTime, Utc};
use domain::calendar::shanghai_date;
use domain::ticket::{Ticket, TicketNumber};

use crate::http::Request;

/// A number and what its query code was worth. The code follows from the number alone, so it is
/// checked whether or not there is such a ticket.
#[derive(Debug)]
pub struct Door {
    /// The number asked for.
    pub number: TicketNumber,
    code_is_right: bool,
}

impl Door {
    /// Reads number and code; refuses when too many wrong codes were tried.
    pub async fn knock(
        store: &dyn Store,
        keys: &KeySet,
        request: &Request,
    ) -> Result<Self, AppError> {
        let number = request.path_parameter("number").unwrap_or_default();
        let number = TicketNumber::parse(number).map_err(|_| AppError::WrongQueryCode)?;
        let reference = store.reference(request.at).await?;
        let rulebook = reference
            .timetable
            .rulebooks
            .in_force(shanghai_date(request.at));
        if store.tries(&number, request.at).await? >= rulebook.query_tries {
            return Err(AppError::TooManyTries);
        }
        let given = request.header("query-code").unwrap_or_default();
        let key = keys.query_code_key.expose();
        let code_is_right = verify_query_code(key, number.key().as_str(), given);
        Ok(Self {
            number,
            code_is_right,
        })
    }

    /// Lets in whoever had the right code.
    pub const fn open(&self) -> Result<(), AppError> {
        if self.code_is_right {
            Ok(())
        } else {
            Err(AppError::WrongQueryCode)
        }
    }
}

/// Counts a wrong code, or a number that does not exist, and says the same of both.
pub async fn refuse(store: &dyn Store, number: &TicketNumber, at: DateTime<Utc>) -> AppError {
    match store.count_try(number, at).await {
        Ok(()) => AppError::WrongQueryCode,
        Err(error) => error,
    }
}

/// The ticket whose number is in the path and whose code is in the `Query-Code` header. Unknown
/// numbers go the same way as wrong codes: same reads, same count, same answer.
pub async fn appeal(
    store: &dyn Store,
    keys: &KeySet,
    request: &Request,
) -> Result<Ticket, AppError> {
    let door = Door::knock(store, keys, request).await?;
    let ticket = store.load(&door.number.key()).await?;
    let ticket = ticket.filter(|ticket| ticket.number == door.number);
    match ticket.filter(|_| door.open().is_ok()) {
        Some(ticket) => Ok(ticket),
        None => Err(refuse(store, &door.number, request.at).await),
    }
}
