//! 数据分析 (Art. 6(5), 15; R-AN-1, R-AN-2): named questions to the lake, answered by DataFusion where the
//! lake lies. Figures about fewer than five are not shown (Art. 16).

mod answer;
mod figures;
mod objects;
pub mod questions;
pub mod report;
mod suppress;
mod words;

use std::sync::Arc;

use app::AppError;
use app::lake::LakeObjects;
use chrono::{DateTime, Utc};
use datafusion::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::ListingOptions;
use datafusion::error::DataFusionError;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use lake::compact::MONTHLY;
use lake::schema::{Kind, Table};
use lake::state::states;
use lake::whole::WHOLE;
use url::Url;

use crate::answer::rows;
use crate::objects::Current;
use crate::questions::{Question, Span};

pub use crate::answer::Answer;
pub use crate::suppress::{FEWEST, suppress};
pub use app::reports::Cell;

/// What a question may hold in memory: a function has somewhat more.
const MEMORY_BYTES: usize = 512 << 20;

/// Tickets behind a figure that are listed at most.
pub const TICKETS_MOST: usize = 200;

/// The lake as it is now, to be asked.
pub struct Lake {
    context: SessionContext,
    as_of: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Lake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the lake as of {:?}", self.as_of)
    }
}

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Broken(format!("lake: {error}"))
}

/// The lake was away, or something else is wrong.
fn failed(error: DataFusionError) -> AppError {
    match error.find_root() {
        DataFusionError::ObjectStore(error) => AppError::Unavailable(format!("lake: {error}")),
        _ => broken(error),
    }
}

fn schema(table: &Table) -> Arc<Schema> {
    let fields = table.columns.iter().map(|column| {
        let kind = match column.kind {
            Kind::Text => DataType::Utf8,
            Kind::Integer => DataType::Int64,
            Kind::Instant => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
            Kind::Date => DataType::Date32,
            Kind::Flag => DataType::Boolean,
        };
        Field::new(column.name, kind, !column.is_required)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

impl Lake {
    /// Opens the lake: everything that is asked sees the same state of it.
    pub async fn open(objects: Arc<dyn LakeObjects>) -> Result<Self, AppError> {
        let states = states(objects.as_ref()).await?;
        let as_of = states.values().map(|state| state.as_of).max();
        let runtime = RuntimeEnvBuilder::new().with_memory_limit(MEMORY_BYTES, 1.0);
        let runtime = runtime.build_arc().map_err(failed)?;
        let url = Url::parse("lake:///").map_err(broken)?;
        runtime.register_object_store(&url, Arc::new(Current::of(objects, &states)));
        let config = SessionConfig::new().with_information_schema(false);
        let context = SessionContext::new_with_config_rt(config, runtime);
        for table in MONTHLY.iter().chain(&WHOLE) {
            let month = table
                .division
                .column()
                .map(|name| (name.to_owned(), DataType::Utf8));
            let options = ListingOptions::new(Arc::new(ParquetFormat::default()))
                .with_file_extension(".parquet")
                .with_table_partition_cols(month.into_iter().collect());
            let location = format!("lake:///{}/", table.name);
            context
                .register_listing_table(table.name, location, options, Some(schema(table)), None)
                .await
                .map_err(failed)?;
        }
        Ok(Self { context, as_of })
    }

    /// As of when it was made.
    pub const fn as_of(&self) -> Option<DateTime<Utc>> {
        self.as_of
    }

    /// Asks. Small figures are hidden.
    pub async fn ask(&self, question: &'static Question, span: Span) -> Result<Answer, AppError> {
        let mut rows = self.query(&question.sql(span)).await?;
        suppress(question, &mut rows);
        let as_of = self.as_of;
        Ok(Answer {
            question,
            span,
            as_of,
            rows,
        })
    }

    /// The tickets behind the figures of a group: number, title as it is masked, kind, state, unit and
    /// day; and whether there are more. None where the question has no such column.
    pub async fn tickets(
        &self,
        question: &Question,
        span: Span,
        group: &[(&str, &str)],
    ) -> Result<Option<(Vec<Vec<Cell>>, bool)>, AppError> {
        let Some(sql) = question.tickets_sql(span, group, TICKETS_MOST + 1) else {
            return Ok(None);
        };
        let mut rows = self.query(&sql).await?;
        let more = rows.len() > TICKETS_MOST;
        rows.truncate(TICKETS_MOST);
        Ok(Some((rows, more)))
    }

    /// Any SQL, for tests and for who looks into the lake by hand.
    pub async fn query(&self, sql: &str) -> Result<Vec<Vec<Cell>>, AppError> {
        let frame = self.context.sql(sql).await.map_err(failed)?;
        let batches = frame.collect().await.map_err(failed)?;
        rows(&batches).map_err(failed)
    }
}
