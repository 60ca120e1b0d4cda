//! The entries of the knowledge base that an answer rests on (R-KB-4): each with the version that is
//! shown when it is cited, and whether that was to be relied on (Art. 17(4)).

use app::AppError;
use app::documents::CitedEntry;
use app::error::FieldError;
use chrono::{DateTime, Utc};
use domain::calendar::shanghai_date;
use domain::knowledge::{KnowledgeId, Stale};
use store::DynamoStore;

/// Entries that one answer can rest on.
const MOST: usize = 5;

/// The entries with these ids as they are shown at `at`; every wrong one is said.
pub async fn cited(
    store: &DynamoStore,
    ids: &[String],
    at: DateTime<Utc>,
) -> Result<Vec<CitedEntry>, AppError> {
    if ids.len() > MOST {
        let many = FieldError::new("/knowledge", format!("最多引用{MOST}条知识库条目"));
        return Err(AppError::Invalid(vec![many]));
    }
    let (mut cited, mut wrong): (Vec<CitedEntry>, _) = (Vec::new(), Vec::new());
    for (index, id) in ids.iter().enumerate() {
        if cited.iter().any(|other| &other.entry == id) {
            continue;
        }
        if let Some(entry) = entry(store, id, at).await? {
            cited.push(entry);
        } else {
            let detail = "没有这个已发布的知识库条目，请从查找结果中选择";
            wrong.push(FieldError::new(format!("/knowledge/{index}"), detail));
        }
    }
    if wrong.is_empty() {
        Ok(cited)
    } else {
        Err(AppError::Invalid(wrong))
    }
}

async fn entry(
    store: &DynamoStore,
    id: &str,
    at: DateTime<Utc>,
) -> Result<Option<CitedEntry>, AppError> {
    let Some(id) = KnowledgeId::parse(id) else {
        return Ok(None);
    };
    let found = store.knowledge(&id).await?;
    Ok(found.and_then(|entry| {
        let shown = entry.shown()?;
        let stale = entry.stale_on(shanghai_date(at)).map(Stale::code);
        Some(CitedEntry {
            entry: id.to_string(),
            version: shown.number,
            title: shown.content.title.clone(),
            stale: stale.map(str::to_owned),
        })
    }))
}
