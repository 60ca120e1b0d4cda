//! One table of DynamoDB: the calls that every item needs.

use std::collections::HashMap;
use std::time::Duration;

use app::AppError;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::AsyncSleep as _;
use aws_sdk_dynamodb::error::{DisplayErrorContext, SdkError};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    CancellationReason, Put, PutRequest, TransactWriteItem, WriteRequest,
};

use crate::attributes::{Item, number, text};
use crate::keys;

/// Rounds of writing what a batch left unprocessed.
const BATCH_ROUNDS: u32 = 5;

/// The pause before the second round; each later one is twice as long.
const BATCH_PAUSE: Duration = Duration::from_millis(50);

/// A table by its name.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    client: Client,
    pub(crate) name: String,
}

/// A call that failed: trying again may help.
pub(crate) fn unavailable<E: std::error::Error>(error: E) -> AppError {
    AppError::Unavailable(DisplayErrorContext(error).to_string())
}

/// Whether a conditional put was written.
fn written<T>(sent: Result<T, SdkError<PutItemError>>) -> Result<bool, AppError> {
    match sent {
        Ok(_) => Ok(true),
        Err(error) => match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(_)) => Ok(false),
            _ => Err(unavailable(error)),
        },
    }
}

/// What is stored or computed makes no sense: trying again does not help.
pub(crate) fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Broken(error.to_string())
}

impl Table {
    pub(crate) const fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    /// A query of the table or of one of its indexes.
    pub(crate) fn query(&self) -> QueryFluentBuilder {
        self.client.query().table_name(&self.name)
    }

    /// A walk over the whole table.
    pub(crate) fn scan(&self) -> ScanFluentBuilder {
        self.client.scan().table_name(&self.name)
    }

    /// About how many items the table holds.
    pub(crate) async fn about_items(&self) -> Result<usize, AppError> {
        let request = self.client.describe_table().table_name(&self.name);
        let answer = request.send().await.map_err(unavailable)?;
        let count = answer.table.and_then(|table| table.item_count);
        Ok(count
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or_default())
    }

    /// A write that is refused when the key is taken.
    pub(crate) fn create(&self, item: Item) -> PutItemFluentBuilder {
        let request = self.client.put_item().table_name(&self.name);
        request
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
    }

    /// An update of the item at a key.
    pub(crate) fn update(&self, pk: String, sk: &str) -> UpdateItemFluentBuilder {
        let request = self.client.update_item().table_name(&self.name);
        request.key(keys::PK, text(pk)).key(keys::SK, text(sk))
    }

    pub(crate) async fn put(&self, item: Item) -> Result<(), AppError> {
        let request = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item));
        request.send().await.map(|_| ()).map_err(unavailable)
    }

    /// Writes an item unless its key is taken; false when it is.
    pub(crate) async fn put_new(&self, item: Item) -> Result<bool, AppError> {
        written(self.create(item).send().await)
    }

    /// Writes an item over that of version `read`; false when another version stands there.
    pub(crate) async fn put_at(&self, item: Item, read: usize) -> Result<bool, AppError> {
        let request = self.client.put_item().table_name(&self.name);
        let request = request
            .set_item(Some(item))
            .condition_expression("ve = :ve")
            .expression_attribute_values(":ve", number(read));
        written(request.send().await)
    }

    /// Writes an item unless one of a newer version of its ticket stands there.
    pub(crate) async fn put_newer(&self, item: Item, version: u32) -> Result<(), AppError> {
        let request = self.client.put_item().table_name(&self.name);
        let request = request
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(ve) OR ve <= :ve")
            .expression_attribute_values(":ve", number(version));
        written(request.send().await).map(|_| ())
    }

    pub(crate) async fn get(&self, pk: String, sk: &str) -> Result<Option<Item>, AppError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.name)
            .consistent_read(true);
        let request = request.key(keys::PK, text(pk)).key(keys::SK, text(sk));
        request
            .send()
            .await
            .map(|found| found.item)
            .map_err(unavailable)
    }

    /// A page of a partition as it is now, its greatest sort keys below `before` first, and whether
    /// there is more.
    pub(crate) async fn page_before(
        &self,
        pk: &str,
        before: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Item>, bool), AppError> {
        let start = before.map(|sk| {
            Item::from([
                (keys::PK.to_owned(), text(pk)),
                (keys::SK.to_owned(), text(sk)),
            ])
        });
        let request = self.query().key_condition_expression("pk = :pk");
        let page = request
            .expression_attribute_values(":pk", text(pk))
            .consistent_read(true)
            .scan_index_forward(false)
            .limit(limit)
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(unavailable)?;
        let is_more = page.last_evaluated_key.is_some();
        Ok((page.items.unwrap_or_default(), is_more))
    }

    pub(crate) async fn partition(&self, pk: &str) -> Result<Vec<Item>, AppError> {
        self.partition_read(pk, false).await
    }

    /// A partition as it is now, every write that was acknowledged in it.
    pub(crate) async fn partition_now(&self, pk: &str) -> Result<Vec<Item>, AppError> {
        self.partition_read(pk, true).await
    }

    async fn partition_read(&self, pk: &str, now: bool) -> Result<Vec<Item>, AppError> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let request = self.query().key_condition_expression("pk = :pk");
            let request = request.consistent_read(now);
            let request = request.expression_attribute_values(":pk", text(pk));
            let page = request
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(unavailable)?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// Writes all of a batch. What the table leaves unprocessed it was too busy for: asking again
    /// at once would only keep it busy.
    pub(crate) async fn write_batch(
        &self,
        mut left: HashMap<String, Vec<WriteRequest>>,
    ) -> Result<(), AppError> {
        for round in 0..BATCH_ROUNDS {
            if let Some(last) = round.checked_sub(1) {
                self.pause(BATCH_PAUSE * 2_u32.pow(last)).await;
            }
            let request = self.client.batch_write_item().set_request_items(Some(left));
            let answer = request.send().await.map_err(unavailable)?;
            left = answer.unprocessed_items.unwrap_or_default();
            if left.is_empty() {
                return Ok(());
            }
        }
        Err(AppError::Unavailable(
            "a batch stayed unprocessed".to_owned(),
        ))
    }

    /// Puts all of `items`, or none; false when a condition did not hold or somebody else was at it.
    pub(crate) async fn put_all(&self, items: Vec<(Item, Condition)>) -> Result<bool, AppError> {
        let mut request = self.client.transact_write_items();
        for (item, condition) in items {
            let put = Put::builder()
                .table_name(&self.name)
                .set_item(Some(item))
                .set_condition_expression(condition.expression)
                .set_expression_attribute_values(condition.values)
                .build()
                .map_err(broken)?;
            request = request.transact_items(TransactWriteItem::builder().put(put).build());
        }
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled))
                    if cancelled.cancellation_reasons().iter().any(is_race) =>
                {
                    Ok(false)
                }
                _ => Err(unavailable(error)),
            },
        }
    }

    /// Waits by the client's own clock, as between its retries.
    async fn pause(&self, time: Duration) {
        if let Some(sleep) = self.client.config().sleep_impl() {
            sleep.sleep(time).await;
        }
    }
}

/// What must hold for a put; nothing by default.
#[derive(Debug, Default)]
pub(crate) struct Condition {
    pub(crate) expression: Option<String>,
    pub(crate) values: Option<Item>,
}

fn is_race(reason: &CancellationReason) -> bool {
    matches!(
        reason.code(),
        Some("ConditionalCheckFailed" | "TransactionConflict")
    )
}

/// A batch's part that writes an item.
pub(crate) fn put_request(item: Item) -> Result<WriteRequest, AppError> {
    let put = PutRequest::builder()
        .set_item(Some(item))
        .build()
        .map_err(broken)?;
    Ok(WriteRequest::builder().put_request(put).build())
}

/// Sends an update; false when its condition did not hold.
pub(crate) async fn holds(request: UpdateItemFluentBuilder) -> Result<bool, AppError> {
    match request.send().await {
        Ok(_) => Ok(true),
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
            _ => Err(unavailable(error)),
        },
    }
}
