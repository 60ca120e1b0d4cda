//! DynamoDB with Streams: dynoxide over one SQLite file.

use std::{path::Path, time::Duration};

use anyhow::{Context, bail, ensure};
use dynoxide::{
    Database,
    actions::{
        describe_stream::DescribeStreamRequest,
        describe_table::DescribeTableRequest,
        get_records::{GetRecordsRequest, Record},
        get_shard_iterator::GetShardIteratorRequest,
        list_streams::ListStreamsRequest,
        list_tables::ListTablesRequest,
    },
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{TableSpec, net};

/// How often expired items are removed; DynamoDB itself promises no moment.
const SWEEP: Duration = Duration::from_secs(5);

/// The tables of the laptop.
#[derive(Clone)]
pub(crate) struct DynamoDb(Database);

/// A place in a shard of a stream.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Position {
    /// The shard.
    pub(crate) shard: String,
    /// The last record that is done with; `None` before the first one.
    pub(crate) after: Option<String>,
}

impl DynamoDb {
    /// Opens the tables: creates those of the template that do not exist yet.
    pub(crate) async fn open(folder: &Path, tables: &[TableSpec]) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create `{}`", folder.display()))?;
        let file = folder.join("tables.sqlite");
        let tables = tables.to_vec();
        blocking(move || {
            let path = file
                .to_str()
                .context("the state folder's path is not UTF-8")?;
            let database = Database::new(path).context("cannot open the tables")?;
            let existing = database.list_tables(ListTablesRequest::default())?;
            for table in &tables {
                let exists = existing.table_names.contains(&table.name);
                provision(&database, table, exists)
                    .with_context(|| format!("table `{}`", table.name))?;
            }
            Ok(Self(database))
        })
        .await
    }

    /// Serves the tables over HTTP until everything stops.
    pub(crate) async fn serve(
        self,
        listener: tokio::net::TcpListener,
        stop: watch::Receiver<bool>,
    ) {
        let served =
            dynoxide::server::serve_with_shutdown(listener, self.0, net::stopped(stop)).await;
        if let Err(error) = served {
            tracing::error!(error, "DynamoDB failed");
        }
    }

    /// Removes expired items now and then until everything stops.
    pub(crate) async fn sweep(self, stop: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                () = net::stopped(stop.clone()) => return,
                () = tokio::time::sleep(SWEEP) => {}
            }
            let database = self.0.clone();
            if let Err(error) = blocking(move || Ok(database.sweep_ttl()?)).await {
                tracing::warn!("cannot remove expired items: {error:#}");
            }
        }
    }

    /// The beginning of the table's stream.
    pub(crate) async fn beginning(&self, table: &str) -> anyhow::Result<Position> {
        let database = self.0.clone();
        let table = table.to_owned();
        blocking(move || {
            let arn = stream_of(&database, &table)?;
            let stream = database.describe_stream(DescribeStreamRequest {
                stream_arn: arn,
                ..DescribeStreamRequest::default()
            })?;
            let shard = stream.stream_description.shards.into_iter().next();
            let shard = shard.with_context(|| format!("the stream of `{table}` has no shard"))?;
            Ok(Position {
                shard: shard.shard_id,
                after: None,
            })
        })
        .await
    }

    /// The records of the table's stream after a position.
    pub(crate) async fn records_after(
        &self,
        table: &str,
        position: &Position,
        limit: usize,
    ) -> anyhow::Result<Vec<Record>> {
        let database = self.0.clone();
        let (table, position) = (table.to_owned(), position.clone());
        blocking(move || {
            let start = if position.after.is_some() {
                "AFTER_SEQUENCE_NUMBER"
            } else {
                "TRIM_HORIZON"
            };
            let iterator = database.get_shard_iterator(GetShardIteratorRequest {
                stream_arn: stream_of(&database, &table)?,
                shard_id: position.shard,
                shard_iterator_type: start.to_owned(),
                sequence_number: position.after,
            })?;
            let request = GetRecordsRequest {
                shard_iterator: iterator.shard_iterator.context("no shard iterator")?,
                limit: Some(limit),
            };
            Ok(database.get_records(request)?.records)
        })
        .await
    }
}

#[cfg(test)]
impl DynamoDb {
    /// Puts an item, as a function would over HTTP.
    pub(crate) async fn put_for_test(&self, table: &str, item: Value) {
        let put = request(json!({ "TableName": table, "Item": item })).unwrap();
        let database = self.0.clone();
        blocking(move || Ok(database.put_item(put).map(drop)?))
            .await
            .unwrap();
    }
}

fn provision(database: &Database, table: &TableSpec, exists: bool) -> anyhow::Result<()> {
    if exists {
        bring_up_to_date(database, table)?;
    } else {
        database.create_table(request(table.create.clone())?)?;
    }
    let Some(attribute) = &table.ttl_attribute else {
        return Ok(());
    };
    let current = database.describe_time_to_live(request(json!({ "TableName": table.name }))?)?;
    let current = serde_json::to_value(current)?;
    let enabled = current
        .pointer("/TimeToLiveDescription/AttributeName")
        .and_then(Value::as_str);
    if enabled == Some(attribute) {
        return Ok(());
    }
    let update = json!({
        "TableName": table.name,
        "TimeToLiveSpecification": { "AttributeName": attribute, "Enabled": true },
    });
    database.update_time_to_live(request(update)?)?;
    Ok(())
}

/// Adds indexes that the template has and the kept table lacks. What cannot be changed in place
/// is an error: a table is never thrown away.
fn bring_up_to_date(database: &Database, table: &TableSpec) -> anyhow::Result<()> {
    let described = database.describe_table(DescribeTableRequest {
        table_name: table.name.clone(),
    })?;
    let kept = serde_json::to_value(described)?;
    let kept = kept.get("Table").context("no description")?;
    ensure!(
        kept.get("KeySchema") == table.create.get("KeySchema"),
        "the kept table has another key; start from an empty state folder"
    );
    let indexes = |of: &Value| -> Vec<Value> {
        of.get("GlobalSecondaryIndexes")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    for wanted in indexes(&table.create) {
        let name = wanted.get("IndexName").cloned().unwrap_or_default();
        let same_name = indexes(kept)
            .into_iter()
            .find(|index| index.get("IndexName") == Some(&name));
        match same_name {
            Some(index) if index.get("KeySchema") == wanted.get("KeySchema") => {}
            Some(_) => {
                bail!("the kept index {name} has another key; start from an empty state folder")
            }
            None => {
                let update = json!({
                    "TableName": table.name,
                    "AttributeDefinitions": table.create.get("AttributeDefinitions"),
                    "GlobalSecondaryIndexUpdates": [{ "Create": wanted }],
                });
                database.update_table(request(update)?)?;
            }
        }
    }
    Ok(())
}

fn stream_of(database: &Database, table: &str) -> anyhow::Result<String> {
    let request = ListStreamsRequest {
        table_name: Some(table.to_owned()),
        ..ListStreamsRequest::default()
    };
    let streams = database.list_streams(request)?.streams;
    let stream = streams
        .into_iter()
        .next()
        .with_context(|| format!("`{table}` has no stream"))?;
    Ok(stream.stream_arn)
}

/// The engine's own requests are read from JSON, as those of its HTTP server are.
fn request<T: DeserializeOwned>(body: Value) -> anyhow::Result<T> {
    serde_json::from_value(body).context("the template's table is not a valid request")
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work).await?
}
