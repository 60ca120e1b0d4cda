//! 提交诉求 (Art. 2, 3; R-IN-1, 2, 4, 6, 7): a request that a channel signed, or somebody signed in
//! on a page, becomes a ticket; the same key and body again is the same ticket.

use api::requests::{AppealBody, parse};
use app::AppError;
use authz::{Intent, Principal, authorize};
use runtime::entrance::{Arrival, Entrance};
use runtime::http::{Reply, Request};
use runtime::pages::Pages;

/// `POST /appeals`.
pub async fn handle(
    entrance: &Entrance,
    pages: &Pages,
    request: Request,
) -> Result<Reply, AppError> {
    let signed = pages.caller(&request).await?;
    let permit = authorize(Principal::Channel(&signed.channel), Intent::Submit)?;
    let key = request.header("idempotency-key").unwrap_or_default();
    let arrival = Arrival {
        key_digest: entrance.key_digest(&signed, key, "Idempotency-Key")?,
        body: parse::<AppealBody>(&request.body)?,
        bytes: &request.body,
        signed,
        at: request.at,
    };
    let taken = entrance.takes(arrival).await?;
    let status = if taken.is_new { 201 } else { 200 };
    Reply::json(&permit, status, &taken.receipt)
}
