//! 批量提交诉求 (Art. 2, 3; R-IN-8): each row of a signed file goes in by the one entrance, as if it
//! came alone with its external number as `Idempotency-Key`, and is answered by itself. A file sent
//! again makes nothing twice.

mod rows;

use access::channel::nonce_of_part;
use api::answers::{BatchAnswer, BatchRow, RowOutcome};
use api::problem::Problem;
use api::requests::{AppealBody, parse_at};
use app::AppError;
use app::error::FieldError;
use authz::{Intent, Principal, authorize};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, stream};
use runtime::channels::Signed;
use runtime::entrance::{Arrival, Entrance, Taken};
use runtime::http::{Reply, Request};

use rows::{Numbers, Row};

/// Rows on their way at once.
const AT_ONCE: usize = 8;

/// After this long no row is begun: the front door waits 29 s for the answer.
const BEGIN_WITHIN: TimeDelta = TimeDelta::seconds(18);

/// A request to take rows in.
struct Batch<'a> {
    entrance: &'a Entrance,
    signed: Signed,
    at: DateTime<Utc>,
    trace_id: &'a str,
    begun_at: DateTime<Utc>,
}

/// `POST /appeals/batch`.
pub async fn handle(entrance: &Entrance, request: Request) -> Result<Reply, AppError> {
    let signed = entrance.signed(&request)?;
    let permit = authorize(Principal::Channel(&signed.channel), Intent::Submit)?;
    let batch = Batch {
        signed,
        entrance,
        at: request.at,
        trace_id: &request.trace_id,
        begun_at: runtime::clock::now(),
    };
    let media_type = request.header("content-type").unwrap_or_default();
    let mut numbers = Numbers::default();
    let rows = rows::read(media_type, &request.body)?.into_iter();
    let rows: Vec<_> = rows.map(|row| numbers.of(row)).collect();
    let rows = stream::iter(rows).map(|(row, number)| batch.row(row, number));
    let rows: Vec<_> = rows.buffered(AT_ONCE).collect().await;
    let answer = BatchAnswer::of(rows.into_iter().collect::<Result<_, _>>()?);
    let (created, repeated, refused) = (answer.created, answer.repeated, answer.refused);
    let channel = batch.signed.channel.as_str();
    tracing::info!(channel, created, repeated, refused, "batch");
    Reply::json(&permit, 200, &answer)
}

impl Batch<'_> {
    /// A row that is refused is an answer; a replay concerns the request as a whole.
    async fn row(&self, row: Row, number: rows::Number) -> Result<BatchRow, AppError> {
        let (external_id, taken) = match number {
            Ok(id) => {
                let taken = self.takes(&row, &id).await;
                (Some(id), taken)
            }
            Err(error) => (None, Err(error)),
        };
        let outcome = match taken {
            Ok(Taken { receipt, is_new }) if is_new => RowOutcome::Created { receipt },
            Ok(Taken { receipt, .. }) => RowOutcome::Repeated { receipt },
            Err(error @ AppError::Unauthenticated(_)) => return Err(error),
            Err(error) => {
                // What stands in the answer is not in the log: a fault of ours must be.
                if matches!(error, AppError::Broken(_) | AppError::Unavailable(_)) {
                    tracing::error!(trace_id = self.trace_id, line = row.line, error = %error, "row failed");
                }
                let problem = Box::new(Problem::from_error(error, self.trace_id));
                RowOutcome::Refused { problem }
            }
        };
        Ok(BatchRow {
            line: row.line,
            external_id,
            outcome,
        })
    }

    async fn takes(&self, row: &Row, external_id: &str) -> Result<Taken, AppError> {
        if runtime::clock::now() - self.begun_at > BEGIN_WITHIN {
            return Err(AppError::Unavailable("no time left for the row".to_owned()));
        }
        let line = usize::try_from(row.line).unwrap_or(1);
        let key_digest = self
            .entrance
            .key_digest(&self.signed, external_id, rows::ID)?;
        let signed = Signed {
            channel: self.signed.channel.clone(),
            nonce: nonce_of_part(&self.signed.nonce, &key_digest),
            account: None,
        };
        let arrival = Arrival {
            body: parse_at::<AppealBody>(&row.bytes, line)?,
            bytes: &row.bytes,
            key_digest,
            signed,
            at: self.at,
        };
        self.entrance.takes(arrival).await
    }
}

/// A fault of one field.
fn wrong(pointer: impl Into<String>, detail: impl Into<String>) -> AppError {
    AppError::Invalid(vec![FieldError::new(pointer, detail)])
}
