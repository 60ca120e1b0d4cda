//! What is found, as it is sent.

use api::answers::{Notice, emergency_warning};
use chrono::{DateTime, NaiveDate, Utc};
use domain::knowledge::{EntryKind, Stale};
use search::{Found, Part};
use serde::Serialize;

/// What is found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchAnswer<'a> {
    items: Vec<FoundView<'a>>,
    /// From when what is searched is.
    indexed_at: DateTime<Utc>,
    /// Whom to call at once, where the text has signs of an emergency.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<Notice>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FoundView<'a> {
    id: &'a str,
    version: u32,
    kind: &'a str,
    kind_name: &'static str,
    title: &'a [Part],
    excerpt: &'a [Part],
    body: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    owner_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_item: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_to: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stale: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stale_name: Option<&'static str>,
}

impl<'a> SearchAnswer<'a> {
    pub(crate) fn new(text: &str, found: &'a [Found], indexed_at: DateTime<Utc>) -> Self {
        Self {
            items: found.iter().map(FoundView::from).collect(),
            indexed_at,
            notice: emergency_warning(text),
        }
    }
}

impl<'a> From<&'a Found> for FoundView<'a> {
    fn from(found: &'a Found) -> Self {
        let entry = &found.entry;
        let stale = entry.is_noticed.then_some(Stale::Noticed);
        Self {
            id: &entry.id,
            version: entry.version,
            kind: &entry.kind,
            kind_name: EntryKind::from_code(&entry.kind).map_or("", EntryKind::zh),
            title: &found.title,
            excerpt: &found.excerpt,
            body: &entry.body,
            link: entry.link.as_deref(),
            source: entry.source.as_deref(),
            owner_name: &entry.owner,
            area: entry.area.as_deref(),
            service_item: entry.service_item.as_deref(),
            valid_to: entry.valid_to,
            stale: stale.map(Stale::code),
            stale_name: stale.map(Stale::zh),
        }
    }
}
