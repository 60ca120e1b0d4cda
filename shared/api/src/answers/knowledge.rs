//! Entries of the knowledge base as officers see them (R-KB-1, R-KB-3).

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::UnitId;
use domain::knowledge::{
    Content, Draft, DraftStage, KnowledgeEntry, Notice, NoticeEnd, Piece, Stale, Step, Version,
    difference,
};
use domain::ticket::TicketNumber;
use serde::Serialize;

/// A row of a list, as it comes from the store.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KnowledgeRowView {
    /// Which entry.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Code of its kind.
    pub kind: &'static str,
    /// Its kind in Chinese.
    pub kind_name: &'static str,
    /// Code of where it stands.
    pub standing: &'static str,
    /// Where it stands, in Chinese.
    pub standing_name: &'static str,
    /// Whose it is.
    pub owner: String,
    /// When the owner has to be done with the first open notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct KnowledgeList {
    /// Those with a notice first, the earliest due before others.
    pub items: Vec<KnowledgeRowView>,
    /// Where the next page starts, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An entry.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KnowledgeView<'a> {
    id: &'a str,
    owner: &'a str,
    reviewed_by: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_ticket: Option<&'a str>,
    standing: &'static str,
    standing_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stale: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stale_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<VersionView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    draft: Option<DraftView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<ReasonView<'a>>,
    notices: Vec<NoticeView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    versions: Vec<VersionRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<usize>,
}

#[derive(Debug, Serialize)]
struct StepView<'a> {
    by: &'a str,
    at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
struct ReasonView<'a> {
    by: &'a str,
    at: DateTime<Utc>,
    reason: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ContentView<'a> {
    kind: &'static str,
    kind_name: &'static str,
    title: &'a str,
    body: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_item: Option<&'a str>,
    valid_from: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_to: Option<NaiveDate>,
}

#[derive(Debug, Serialize)]
struct VersionView<'a> {
    number: u32,
    content: ContentView<'a>,
    drafted: StepView<'a>,
    published: StepView<'a>,
}

#[derive(Debug, Serialize)]
struct VersionRow<'a> {
    number: u32,
    title: &'a str,
    drafted: StepView<'a>,
    published: StepView<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DraftView<'a> {
    revision: u32,
    content: ContentView<'a>,
    drafted: StepView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_back: Option<ReasonView<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NoticeView<'a> {
    number: u32,
    cause: &'static str,
    cause_name: &'static str,
    words: &'a str,
    version: u32,
    raised: StepView<'a>,
    due_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    overdue_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<EndView<'a>>,
}

#[derive(Debug, Serialize)]
struct EndView<'a> {
    how: &'static str,
    by: &'a str,
    at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl<'a> From<&'a Step> for StepView<'a> {
    fn from(step: &'a Step) -> Self {
        Self {
            by: step.by.as_str(),
            at: step.at,
        }
    }
}

impl<'a> ReasonView<'a> {
    fn of(step: &'a Step, reason: &'a str) -> Self {
        Self {
            by: step.by.as_str(),
            at: step.at,
            reason,
        }
    }
}

impl<'a> From<&'a Content> for ContentView<'a> {
    fn from(content: &'a Content) -> Self {
        Self {
            kind: content.kind.code(),
            kind_name: content.kind.zh(),
            title: &content.title,
            body: &content.body,
            link: content.link.as_deref(),
            source: content.source.as_deref(),
            area: content.area.as_deref(),
            service_item: content.service_item.as_deref(),
            valid_from: content.valid_from,
            valid_to: content.valid_to,
        }
    }
}

impl<'a> From<&'a Version> for VersionView<'a> {
    fn from(version: &'a Version) -> Self {
        Self {
            number: version.number,
            content: (&version.content).into(),
            drafted: (&version.drafted).into(),
            published: (&version.published).into(),
        }
    }
}

impl<'a> From<&'a Version> for VersionRow<'a> {
    fn from(version: &'a Version) -> Self {
        Self {
            number: version.number,
            title: &version.content.title,
            drafted: (&version.drafted).into(),
            published: (&version.published).into(),
        }
    }
}

impl<'a> From<&'a Draft> for DraftView<'a> {
    fn from(draft: &'a Draft) -> Self {
        Self {
            revision: draft.revision,
            content: (&draft.content).into(),
            drafted: (&draft.drafted).into(),
            sent_back: match &draft.stage {
                DraftStage::SentBack { step, reason } => Some(ReasonView::of(step, reason)),
                DraftStage::Drafting | DraftStage::InReview => None,
            },
        }
    }
}

impl<'a> From<&'a Notice> for NoticeView<'a> {
    fn from(notice: &'a Notice) -> Self {
        let ended = notice.ended.as_ref().map(|(end, step)| {
            let (how, version, reason) = match end {
                NoticeEnd::Updated { version } => ("updated", Some(*version), None),
                NoticeEnd::Withdrawn => ("withdrawn", None, None),
                NoticeEnd::Dismissed { reason } => ("dismissed", None, Some(reason.as_str())),
            };
            EndView {
                how,
                by: step.by.as_str(),
                at: step.at,
                version,
                reason,
            }
        });
        Self {
            number: notice.number,
            cause: notice.warned.cause.code(),
            cause_name: notice.warned.cause.zh(),
            words: &notice.warned.words,
            version: notice.version,
            raised: (&notice.raised).into(),
            due_at: notice.due_at,
            overdue_at: notice.overdue_at,
            ended,
        }
    }
}

impl<'a> KnowledgeView<'a> {
    /// The entry on `day`; what is being written, and what was taken down, for those who may read
    /// drafts.
    pub fn new(entry: &'a KnowledgeEntry, day: NaiveDate, reads_drafts: bool) -> Self {
        let (standing, stale) = (entry.standing(), entry.stale_on(day));
        let published = if reads_drafts {
            entry.published.as_ref()
        } else {
            entry.shown()
        };
        let draft = entry.draft.as_ref().filter(|_| reads_drafts);
        let withdrawn = entry.withdrawn.as_ref();
        Self {
            id: entry.id.as_str(),
            owner: entry.unit.as_str(),
            reviewed_by: entry.reviewed_by.iter().map(UnitId::as_str).collect(),
            from_ticket: entry.from_ticket.as_ref().map(TicketNumber::as_str),
            standing: standing.code(),
            standing_name: standing.zh(),
            stale: stale.map(Stale::code),
            stale_name: stale.map(Stale::zh),
            published: published.map(VersionView::from),
            draft: draft.map(DraftView::from),
            withdrawn: withdrawn.map(|it| ReasonView::of(&it.step, &it.reason)),
            notices: entry.notices.iter().map(NoticeView::from).collect(),
            versions: Vec::new(),
            settled: None,
        }
    }

    /// With every version that is or was shown, and how many appeals were settled by them.
    #[must_use]
    pub fn with_past(mut self, versions: &'a [Version], settled: usize) -> Self {
        self.versions = versions.iter().map(VersionRow::from).collect();
        self.settled = Some(settled);
        self
    }
}

/// What changed between two versions, field by field.
#[derive(Debug, Serialize)]
pub struct DifferenceView {
    from: u32,
    to: u32,
    fields: Vec<FieldDifference>,
}

#[derive(Debug, Serialize)]
struct FieldDifference {
    field: &'static str,
    pieces: Vec<PieceView>,
}

#[derive(Debug, Serialize)]
struct PieceView {
    change: &'static str,
    text: String,
}

/// The fields of a content, as text.
fn fields(content: &Content) -> [(&'static str, String); 9] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        ("kind", content.kind.zh().to_owned()),
        ("title", content.title.clone()),
        ("body", content.body.clone()),
        ("link", text(&content.link)),
        ("source", text(&content.source)),
        ("area", text(&content.area)),
        ("serviceItem", text(&content.service_item)),
        ("validFrom", content.valid_from.to_string()),
        (
            "validTo",
            content
                .valid_to
                .map_or_else(String::new, |day| day.to_string()),
        ),
    ]
}

impl DifferenceView {
    /// What changed from one version to the other; fields that did not are left out.
    pub fn new(older: &Version, newer: &Version) -> Self {
        let both = fields(&older.content).into_iter();
        let both = both.zip(fields(&newer.content));
        let changed = both.filter(|((_, older), (_, newer))| older != newer);
        let fields = changed.map(|((field, older), (_, newer))| FieldDifference {
            field,
            pieces: difference(&older, &newer).iter().map(piece).collect(),
        });
        Self {
            from: older.number,
            to: newer.number,
            fields: fields.collect(),
        }
    }
}

fn piece(piece: &Piece<'_>) -> PieceView {
    let (change, text) = match piece {
        Piece::Kept(text) => ("kept", text),
        Piece::Removed(text) => ("removed", text),
        Piece::Added(text) => ("added", text),
    };
    PieceView {
        change,
        text: (*text).to_owned(),
    }
}
