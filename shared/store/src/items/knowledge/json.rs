//! Entries and versions as JSON.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{OfficerId, UnitId};
use domain::knowledge::{
    Content, Draft, DraftStage, EntryKind, KnowledgeEntry, KnowledgeId, Notice, NoticeCause,
    NoticeEnd, Step, Version, Warned, Withdrawal,
};
use domain::ticket::TicketNumber;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct ContentJson {
    kind: String,
    title: String,
    body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service_item: Option<String>,
    from: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<NaiveDate>,
}

/// Who, of which unit, when.
#[derive(Serialize, Deserialize)]
struct StepJson(String, String, DateTime<Utc>);

#[derive(Serialize, Deserialize)]
pub(super) struct VersionJson {
    number: u32,
    content: ContentJson,
    drafted: StepJson,
    published: StepJson,
}

#[derive(Serialize, Deserialize)]
struct DraftJson {
    revision: u32,
    content: ContentJson,
    drafted: StepJson,
    stage: StageJson,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StageJson {
    Drafting,
    InReview,
    SentBack(StepJson, String),
}

#[derive(Serialize, Deserialize)]
struct NoticeJson {
    cause: String,
    words: String,
    version: u32,
    raised: StepJson,
    rulebook: u16,
    due_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    overdue_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<(EndJson, StepJson)>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EndJson {
    Updated(u32),
    Withdrawn,
    Dismissed(String),
}

#[derive(Serialize, Deserialize)]
pub(super) struct EntryJson {
    owner: String,
    reviewed_by: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published: Option<VersionJson>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    draft: Option<DraftJson>,
    revisions: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    withdrawn: Option<(StepJson, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notices: Vec<NoticeJson>,
}

impl From<&Content> for ContentJson {
    fn from(content: &Content) -> Self {
        Self {
            kind: content.kind.code().to_owned(),
            title: content.title.clone(),
            body: content.body.clone(),
            link: content.link.clone(),
            source: content.source.clone(),
            area: content.area.clone(),
            service_item: content.service_item.clone(),
            from: content.valid_from,
            to: content.valid_to,
        }
    }
}

impl ContentJson {
    fn into_content(self) -> Option<Content> {
        Some(Content {
            kind: EntryKind::from_code(&self.kind)?,
            title: self.title,
            body: self.body,
            link: self.link,
            source: self.source,
            area: self.area,
            service_item: self.service_item,
            valid_from: self.from,
            valid_to: self.to,
        })
    }
}

impl From<&Step> for StepJson {
    fn from(step: &Step) -> Self {
        Self(step.by.to_string(), step.unit.to_string(), step.at)
    }
}

impl StepJson {
    fn into_step(self) -> Option<Step> {
        Some(Step {
            by: OfficerId::parse(&self.0).ok()?,
            unit: UnitId::parse(&self.1).ok()?,
            at: self.2,
        })
    }
}

impl From<&Version> for VersionJson {
    fn from(version: &Version) -> Self {
        Self {
            number: version.number,
            content: (&version.content).into(),
            drafted: (&version.drafted).into(),
            published: (&version.published).into(),
        }
    }
}

impl VersionJson {
    pub(super) fn into_version(self) -> Option<Version> {
        Some(Version {
            number: self.number,
            content: self.content.into_content()?,
            drafted: self.drafted.into_step()?,
            published: self.published.into_step()?,
        })
    }
}

impl From<&Draft> for DraftJson {
    fn from(draft: &Draft) -> Self {
        Self {
            revision: draft.revision,
            content: (&draft.content).into(),
            drafted: (&draft.drafted).into(),
            stage: match &draft.stage {
                DraftStage::Drafting => StageJson::Drafting,
                DraftStage::InReview => StageJson::InReview,
                DraftStage::SentBack { step, reason } => {
                    StageJson::SentBack(step.into(), reason.clone())
                }
            },
        }
    }
}

impl DraftJson {
    fn into_draft(self) -> Option<Draft> {
        Some(Draft {
            revision: self.revision,
            content: self.content.into_content()?,
            drafted: self.drafted.into_step()?,
            stage: match self.stage {
                StageJson::Drafting => DraftStage::Drafting,
                StageJson::InReview => DraftStage::InReview,
                StageJson::SentBack(step, reason) => DraftStage::SentBack {
                    step: step.into_step()?,
                    reason,
                },
            },
        })
    }
}

impl From<&Notice> for NoticeJson {
    fn from(notice: &Notice) -> Self {
        let ended = notice.ended.as_ref().map(|(end, step)| {
            let end = match end {
                NoticeEnd::Updated { version } => EndJson::Updated(*version),
                NoticeEnd::Withdrawn => EndJson::Withdrawn,
                NoticeEnd::Dismissed { reason } => EndJson::Dismissed(reason.clone()),
            };
            (end, step.into())
        });
        Self {
            cause: notice.warned.cause.code().to_owned(),
            words: notice.warned.words.clone(),
            version: notice.version,
            raised: (&notice.raised).into(),
            rulebook: notice.rulebook,
            due_at: notice.due_at,
            overdue_at: notice.overdue_at,
            ended,
        }
    }
}

impl NoticeJson {
    fn into_notice(self, number: u32) -> Option<Notice> {
        let ended = |(end, step): (EndJson, StepJson)| {
            let end = match end {
                EndJson::Updated(version) => NoticeEnd::Updated { version },
                EndJson::Withdrawn => NoticeEnd::Withdrawn,
                EndJson::Dismissed(reason) => NoticeEnd::Dismissed { reason },
            };
            Some((end, step.into_step()?))
        };
        Some(Notice {
            number,
            warned: Warned {
                cause: NoticeCause::from_code(&self.cause)?,
                words: self.words,
            },
            version: self.version,
            raised: self.raised.into_step()?,
            rulebook: self.rulebook,
            due_at: self.due_at,
            overdue_at: self.overdue_at,
            ended: all(self.ended, ended).ok()?,
        })
    }
}

/// Reads what is there; an error when it cannot be read.
fn all<J, T>(json: Option<J>, read: impl FnOnce(J) -> Option<T>) -> Result<Option<T>, ()> {
    json.map(|json| read(json).ok_or(())).transpose()
}

impl From<&KnowledgeEntry> for EntryJson {
    fn from(entry: &KnowledgeEntry) -> Self {
        let withdrawn = entry.withdrawn.as_ref();
        Self {
            owner: entry.unit.to_string(),
            reviewed_by: entry.reviewed_by.iter().map(ToString::to_string).collect(),
            ticket: entry.from_ticket.as_ref().map(ToString::to_string),
            published: entry.published.as_ref().map(VersionJson::from),
            draft: entry.draft.as_ref().map(DraftJson::from),
            revisions: entry.revisions,
            withdrawn: withdrawn.map(|it| ((&it.step).into(), it.reason.clone())),
            notices: entry.notices.iter().map(NoticeJson::from).collect(),
        }
    }
}

impl EntryJson {
    pub(super) fn into_entry(self, id: KnowledgeId, writes: usize) -> Option<KnowledgeEntry> {
        let units = self.reviewed_by.iter().map(|unit| UnitId::parse(unit).ok());
        let ticket = |number: String| TicketNumber::parse(&number).ok();
        let withdrawal = |(step, reason): (StepJson, String)| {
            Some(Withdrawal {
                step: step.into_step()?,
                reason,
            })
        };
        let notices = (1_u32..).zip(self.notices);
        let notices = notices.map(|(number, notice)| notice.into_notice(number));
        Some(KnowledgeEntry {
            id,
            unit: UnitId::parse(&self.owner).ok()?,
            reviewed_by: units.collect::<Option<_>>()?,
            from_ticket: all(self.ticket, ticket).ok()?,
            published: all(self.published, VersionJson::into_version).ok()?,
            draft: all(self.draft, DraftJson::into_draft).ok()?,
            revisions: self.revisions,
            withdrawn: all(self.withdrawn, withdrawal).ok()?,
            notices: notices.collect::<Option<_>>()?,
            writes,
        })
    }
}
