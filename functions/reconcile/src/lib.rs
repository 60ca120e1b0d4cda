//! 对账 (Art. 3; R-IN-5): each channel system sends its count and numbers of a day, is told which of
//! them are no tickets, and sends those again; officers see which channels agree.

use access::channel::idempotency_digest;
use access::secrets::KeySet;
use api::answers::{DayPage, ReconciliationView};
use api::requests::{CountBody, ParsedCount, day, parse};
use app::AppError;
use app::error::{FieldError, Unknown};
use app::ports::Store as _;
use app::reconcile::Reconciliation;
use app::submit::find;
use authz::{Intent, Principal, authorize};
use chrono::{DateTime, Days, Utc};
use domain::calendar::shanghai_date;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use runtime::channels::channel;
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use store::DynamoStore;

/// Tickets looked for at once.
const AT_ONCE: usize = 16;

/// `PUT /reconciliations/{day}`, `GET /reconciliations?day=`.
pub async fn handle(
    store: &DynamoStore,
    keys: &KeySet,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    if request.method == "PUT" {
        compares(store, keys, &request).await
    } else {
        shows(store, officers, &request).await
    }
}

async fn compares(
    store: &DynamoStore,
    keys: &KeySet,
    request: &Request,
) -> Result<Reply, AppError> {
    let signed = channel(keys, request)?;
    let permit = authorize(Principal::Channel(&signed.channel), Intent::CompareDay)?;
    let today = shanghai_date(request.at);
    let its_day = day(
        "day",
        request.path_parameter("day").unwrap_or_default(),
        today,
    )?;
    let ParsedCount { count, ids } = parse::<CountBody>(&request.body)?.check()?;
    let identity_key = keys.identity_key.expose();
    let mut wanted = Vec::new();
    let mut wrong = Vec::new();
    for (index, id) in ids {
        match idempotency_digest(identity_key, signed.channel.as_str(), &id) {
            Some(digest) => wanted.push((id, digest)),
            None => wrong.push(FieldError::new(
                format!("/ids/{index}"),
                "应为提交时使用的编号：8至128个可见ASCII字符",
            )),
        }
    }
    if !wrong.is_empty() {
        return Err(AppError::Invalid(wrong));
    }
    if !store
        .use_nonce(&signed.channel, &signed.nonce, request.at)
        .await?
    {
        return Err(AppError::Unauthenticated(Unknown::ReplayedNonce));
    }
    let found = stream::iter(wanted).map(|(id, digest)| received(store, id, digest));
    let found: Vec<_> = found.buffered(AT_ONCE).try_collect().await?;
    let claim = (signed.channel.as_str(), its_day, count);
    let all = Reconciliation::of(claim, found, request.at);
    store.put_reconciliation(&all).await?;
    let (channel, missing) = (all.channel.as_str(), all.missing.len());
    let difference = all.difference();
    if missing > 0 || difference != 0 {
        tracing::warn!(channel, day = %its_day, missing, difference, "does not agree");
    }
    Reply::json(&permit, 200, &ReconciliationView::of(&all))
}

/// The instant when the ticket with this number was received, if there is one.
async fn received(
    store: &DynamoStore,
    id: String,
    digest: [u8; 32],
) -> Result<(String, Option<DateTime<Utc>>), AppError> {
    let ticket = find(store, &digest).await?;
    Ok((id, ticket.map(|ticket| ticket.received_at)))
}

async fn shows(
    store: &DynamoStore,
    officers: &Officers,
    request: &Request,
) -> Result<Reply, AppError> {
    let officer = officers.officer(request).await?;
    let permit = authorize(Principal::Officer(&officer), Intent::ReadReconciliation)?;
    let today = shanghai_date(request.at);
    let its_day = match request.query_parameter("day") {
        Some(text) => day("day", text, today)?,
        // The last one that is over.
        None => today.checked_sub_days(Days::new(1)).unwrap_or(today),
    };
    let reference = store.reference(request.at).await?;
    let all = store.reconciliations(its_day).await?;
    Reply::json(
        &permit,
        200,
        &DayPage::of(its_day, &reference.registry, &all),
    )
}
