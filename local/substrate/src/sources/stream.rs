//! Streams: the changes of a table to a function, in order, each until it is dealt with or given
//! up.

use std::{
    collections::VecDeque,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;
use chrono::{DateTime, SecondsFormat, TimeDelta};
use dynoxide::actions::get_records::Record;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Context, filter::Pattern, reported_failures};
use crate::{
    EventSpec, Outcome, REGION,
    dynamodb::Position,
    template::names::{function_arn, stream_arn},
};

/// How long an idle stream is left alone.
const IDLE: Duration = Duration::from_millis(100);

/// The longest wait between two tries of a batch.
const MAX_BACKOFF: Duration = Duration::from_secs(5);

/// Hands the table's changes to the function until everything stops.
pub(super) async fn run(context: Context, function: String, table: String, event: EventSpec) {
    while !context.is_stopped() {
        match Poller::open(&context, &function, &table, &event).await {
            Ok(mut poller) => {
                if let Err(error) = poller.run().await {
                    tracing::warn!(table, "cannot read the stream: {error:#}");
                }
            }
            Err(error) => tracing::warn!(table, "cannot open the stream: {error:#}"),
        }
        context.wait(Duration::from_secs(1)).await;
    }
}

/// Reads one table's stream for one function.
pub(super) struct Poller {
    context: Context,
    function: String,
    table: String,
    batch_size: usize,
    patterns: Vec<Pattern>,
    on_failure: Option<String>,
    bisect: bool,
    max_retries: Option<u32>,
    partial: bool,
    window: Duration,
    checkpoint: PathBuf,
    position: Position,
}

/// Records that are tried together.
#[derive(Debug, Clone)]
struct Batch {
    records: Vec<Value>,
    /// How often they failed already.
    failures: u32,
}

/// What became of a try.
enum Tried {
    Done,
    /// From this record on they are to be tried again.
    Failed {
        /// The place of the first one.
        from: usize,
        /// Whether the function said that this is the one that failed.
        named: bool,
    },
    /// The function could not be called; that is nobody's fault and counts as no try.
    NotCalled,
}

impl Poller {
    pub(super) async fn open(
        context: &Context,
        function: &str,
        table: &str,
        event: &EventSpec,
    ) -> anyhow::Result<Self> {
        let EventSpec::Stream {
            batch_size,
            filters,
            on_failure,
            bisect,
            max_retries,
            partial,
            batching_window,
            ..
        } = event
        else {
            anyhow::bail!("not a stream");
        };
        let checkpoint = context.checkpoints.join(format!("{function}.{table}.json"));
        let beginning = context.dynamodb.beginning(table).await?;
        let position = load(&checkpoint)?
            .filter(|position: &Position| position.shard == beginning.shard)
            .unwrap_or(beginning);
        Ok(Self {
            context: context.clone(),
            function: function.to_owned(),
            table: table.to_owned(),
            batch_size: usize::from(*batch_size).max(1),
            patterns: filters
                .iter()
                .map(Pattern::parse)
                .collect::<anyhow::Result<_>>()?,
            on_failure: on_failure.clone(),
            bisect: *bisect,
            max_retries: *max_retries,
            partial: *partial,
            window: *batching_window,
            checkpoint,
            position,
        })
    }

    async fn run(&mut self) -> anyhow::Result<()> {
        while !self.context.is_stopped() {
            if !self.step().await? && !self.context.wait(IDLE).await {
                break;
            }
        }
        Ok(())
    }

    /// Deals with what the stream holds now; `false` when that is nothing.
    pub(super) async fn step(&mut self) -> anyhow::Result<bool> {
        let mut records = self.read().await?;
        if records.is_empty() {
            return Ok(false);
        }
        let end = Instant::now() + self.window;
        while records.len() < self.batch_size && Instant::now() < end && !self.context.is_stopped()
        {
            self.context.wait(IDLE).await;
            records = self.read().await?;
        }
        let last = records
            .last()
            .map(|record| record.dynamodb.sequence_number.clone());
        let mut wanted = Vec::new();
        for record in &records {
            let event = event_of(&self.table, record)?;
            if self.patterns.is_empty() || self.patterns.iter().any(|p| p.matches(&event)) {
                wanted.push(event);
            }
        }
        if !wanted.is_empty() && !self.deliver(wanted).await? {
            return Ok(false);
        }
        self.position.after = last;
        save(&self.checkpoint, &self.position)?;
        Ok(true)
    }

    async fn read(&self) -> anyhow::Result<Vec<Record>> {
        self.context
            .dynamodb
            .records_after(&self.table, &self.position, self.batch_size)
            .await
    }

    /// Tries records until each is dealt with or given up; `false` when everything stops first.
    async fn deliver(&mut self, records: Vec<Value>) -> anyhow::Result<bool> {
        let mut queue = VecDeque::from([Batch {
            records,
            failures: 0,
        }]);
        let mut idle_tries = 0;
        while let Some(batch) = queue.pop_front() {
            match self.attempt(&batch).await {
                Tried::Done => self.pass(batch.records.last())?,
                Tried::NotCalled => {
                    idle_tries += 1;
                    queue.push_front(batch);
                    if !self.context.wait(backoff(idle_tries)).await {
                        return Ok(false);
                    }
                }
                Tried::Failed { from, named } => {
                    let mut done = batch.records;
                    let rest = done.split_off(from.min(done.len()));
                    self.pass(done.last())?;
                    let failures = if from == 0 {
                        batch.failures.saturating_add(1)
                    } else {
                        1
                    };
                    self.requeue(&mut queue, rest, failures, named).await?;
                    if !queue.is_empty() && !self.context.wait(backoff(failures)).await {
                        return Ok(false);
                    }
                }
            }
            if self.context.is_stopped() && !queue.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn attempt(&self, batch: &Batch) -> Tried {
        let all = Tried::Failed {
            from: 0,
            named: false,
        };
        let event = json!({ "Records": batch.records });
        let payload = match self.context.call(&self.function, &event).await {
            Err(_) => return Tried::NotCalled,
            Ok(Outcome::FunctionError(_)) => return all,
            Ok(Outcome::Ok(_)) if !self.partial => return Tried::Done,
            Ok(Outcome::Ok(payload)) => payload,
        };
        let Some(failed) = reported_failures(&payload) else {
            return all;
        };
        // An item that is not of this batch makes the whole of it failed.
        let places: Option<Vec<usize>> = failed
            .iter()
            .map(|id| {
                batch
                    .records
                    .iter()
                    .position(|record| sequence(record) == Some(id))
            })
            .collect();
        match places.as_deref() {
            Some([]) => Tried::Done,
            Some(places) => Tried::Failed {
                from: places.iter().copied().min().unwrap_or(0),
                named: true,
            },
            None => all,
        }
    }

    /// Puts failed records back in front: whole, halved, or not at all when they had their tries.
    async fn requeue(
        &mut self,
        queue: &mut VecDeque<Batch>,
        mut records: Vec<Value>,
        failures: u32,
        first_is_named: bool,
    ) -> anyhow::Result<()> {
        if self.bisect && records.len() > 1 {
            // When the function has named the record, that one is tried alone.
            let middle = if first_is_named {
                1
            } else {
                records.len().div_ceil(2)
            };
            let rest = records.split_off(middle);
            queue.push_front(Batch {
                records: rest,
                failures: 0,
            });
            queue.push_front(Batch {
                records,
                failures: failures.saturating_sub(1),
            });
        } else if self.max_retries.is_some_and(|most| failures > most) {
            self.give_up(&records, failures).await?;
            self.pass(records.last())?;
        } else {
            queue.push_front(Batch { records, failures });
        }
        Ok(())
    }

    /// Remembers that all up to this record is dealt with.
    fn pass(&mut self, record: Option<&Value>) -> anyhow::Result<()> {
        let Some(sequence) = record.and_then(sequence) else {
            return Ok(());
        };
        self.position.after = Some(sequence.to_owned());
        save(&self.checkpoint, &self.position)
    }

    /// Tells the failure queue of records that are not tried again.
    async fn give_up(&self, records: &[Value], tries: u32) -> anyhow::Result<()> {
        let (Some(first), Some(last)) = (records.first(), records.last()) else {
            return Ok(());
        };
        tracing::error!(
            function = self.function,
            first = sequence(first),
            last = sequence(last),
            "records of a stream are given up"
        );
        let Some(queue) = &self.on_failure else {
            return Ok(());
        };
        let behind = self.context.clock.offset_seconds().min(0);
        let message = json!({
            "requestContext": {
                "requestId": uuid::Uuid::new_v4().to_string(),
                "functionArn": function_arn(&self.function),
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": tries,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled",
            },
            "version": "1.0",
            "timestamp": self.context.clock.now().to_rfc3339_opts(SecondsFormat::Millis, true),
            "DDBStreamBatchInfo": {
                "shardId": self.position.shard,
                "startSequenceNumber": sequence(first),
                "endSequenceNumber": sequence(last),
                "approximateArrivalOfFirstRecord": arrival(first, behind),
                "approximateArrivalOfLastRecord": arrival(last, behind),
                "batchSize": records.len(),
                "streamArn": stream_arn(&self.table),
            },
        });
        self.context.sqs.send_text(queue, message.to_string()).await
    }
}

fn backoff(failures: u32) -> Duration {
    let factor = 1u32
        .checked_shl(failures.saturating_sub(1))
        .unwrap_or(u32::MAX);
    Duration::from_millis(100)
        .saturating_mul(factor)
        .min(MAX_BACKOFF)
}

/// A record as Lambda hands it to a function.
fn event_of(table: &str, record: &Record) -> anyhow::Result<Value> {
    let mut event = serde_json::to_value(record)?;
    let object = event.as_object_mut().context("a record is not an object")?;
    object.insert("awsRegion".to_owned(), REGION.into());
    object.insert("eventSourceARN".to_owned(), stream_arn(table).into());
    Ok(event)
}

fn sequence(record: &Value) -> Option<&str> {
    record
        .pointer("/dynamodb/SequenceNumber")
        .and_then(Value::as_str)
}

/// When a record came, to the second, as Lambda tells it. Records carry the real time, the events
/// in them the cloud's: for a clock that was set back the arrival is set back too, so that no event
/// is younger than its record says.
fn arrival(record: &Value, behind_seconds: i64) -> Option<String> {
    let seconds = record
        .pointer("/dynamodb/ApproximateCreationDateTime")?
        .as_f64()?;
    let since = TimeDelta::from_std(Duration::try_from_secs_f64(seconds).ok()?).ok()?;
    let since = since.checked_add(&TimeDelta::try_seconds(behind_seconds)?)?;
    let time = DateTime::UNIX_EPOCH.checked_add_signed(since)?;
    Some(time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn load(file: &Path) -> anyhow::Result<Option<Position>> {
    match std::fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .with_context(|| format!("`{}` is damaged", file.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", file.display())),
    }
}

/// Writes a position. It is not synced: losing it repeats records, and consumers stand that.
fn save(file: &Path, position: &Position) -> anyhow::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let fresh = file.with_extension("new");
    let mut out = std::fs::File::create(&fresh)?;
    out.write_all(&serde_json::to_vec(position)?)?;
    std::fs::rename(&fresh, file).with_context(|| format!("cannot write `{}`", file.display()))
}
