//! Wrong query codes, counted by ticket and by source, each for an hour (R-AC-2).

use app::AppError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use chrono::{DateTime, Utc};

use super::{DynamoStore, SHORT_LIFE};
use crate::attributes::{Reader, number, text};
use crate::keys;
use crate::table::{holds, unavailable};

/// The count of an item. That of an hour that is over is none: time to live deletes late.
pub(super) fn counted(reader: Reader<'_>, now: DateTime<Utc>) -> Result<u32, AppError> {
    if reader.number::<i64>("ttl")? > now.timestamp() {
        reader.number("c")
    } else {
        Ok(0)
    }
}

impl DynamoStore {
    /// The count in a partition of its own. Of many tries the last few may not be seen yet: so it
    /// costs half.
    pub(super) async fn counted(&self, pk: String, now: DateTime<Utc>) -> Result<u32, AppError> {
        let request = self.table().query();
        let request = request
            .key_condition_expression("pk = :pk AND sk = :sk")
            .expression_attribute_values(":pk", text(pk.as_str()))
            .expression_attribute_values(":sk", text(keys::TRIES));
        let page = request.send().await.map_err(unavailable)?;
        let items = page.items.unwrap_or_default();
        let item = items.first();
        item.map_or(Ok(0), |item| counted(Reader::new(item, &pk), now))
    }

    /// Counts one more, beginning anew after the hour.
    pub(super) async fn count(&self, pk: String, now: DateTime<Utc>) -> Result<(), AppError> {
        let request = self
            .update_of(pk.clone(), now, "SET #ttl = :ends ADD c :one")
            .condition_expression("attribute_not_exists(pk) OR #ttl > :now")
            .expression_attribute_values(":now", number(now.timestamp()));
        if holds(request).await? {
            return Ok(());
        }
        let request = self.update_of(pk, now, "SET #ttl = :ends, c = :one");
        request.send().await.map(|_| ()).map_err(unavailable)
    }

    fn update_of(
        &self,
        pk: String,
        now: DateTime<Utc>,
        expression: &str,
    ) -> UpdateItemFluentBuilder {
        let request = self.table().update(pk, keys::TRIES);
        request
            .update_expression(expression)
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":ends", number((now + SHORT_LIFE).timestamp()))
    }
}
