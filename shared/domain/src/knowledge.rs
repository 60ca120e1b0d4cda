//! 知识库 (Art. 6(4), 7(3), 8(6), 17(4); R-KB-1, R-KB-3): what an entry says, who wrote it, who else
//! let it be shown, and who was told when that it is wrong. A version that was shown never changes.

mod difference;
mod notice;
#[cfg(test)]
pub(crate) mod tests;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::dated::dated_id;
use crate::ids::{OfficerId, UnitId};
use crate::registry::{Registry, UnitKind};
use crate::ticket::TicketNumber;
use crate::vocabulary::vocabulary;

pub use difference::{Piece, difference};
pub use notice::{MOST_OPEN, Notice, NoticeCause, NoticeEnd, Warned};

vocabulary! {
    /// What an entry is (Art. 6(4)).
    EntryKind {
        QuestionAnswer = "question_answer" "有效问答",
        Guide = "guide" "办事指引",
        PolicyLink = "policy_link" "政策链接",
    }
}

vocabulary! {
    /// Where an entry stands.
    Standing {
        Drafting = "drafting" "编写中",
        InReview = "in_review" "待审核",
        SentBack = "sent_back" "已退回修改",
        Published = "published" "已发布",
        Withdrawn = "withdrawn" "已下架",
    }
}

vocabulary! {
    /// Why what an entry says is not to be relied on (Art. 17(4)).
    Stale {
        /// Somebody gave notice that it is wrong, and nothing was done about it yet.
        Noticed = "noticed" "正在核实更新",
        Expired = "expired" "已过有效期",
    }
}

dated_id!(
    /// An entry's id: the day on which it was first drafted and 40 bits, `K260302K7QM3XPA`.
    KnowledgeId = 'K'
);

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// What it is.
    pub kind: EntryKind,
    /// The question, or the title.
    pub title: String,
    /// The answer, or the guide; of a policy link, what the policy is about.
    pub body: String,
    /// Where the policy or the guide stands.
    pub link: Option<String>,
    /// Name or number of the document that it rests on.
    pub source: Option<String>,
    /// Area code, where it is about one area.
    pub area: Option<String>,
    /// Service item, where it is about one.
    pub service_item: Option<String>,
    /// The first day on which it holds.
    pub valid_from: NaiveDate,
    /// The last day on which it holds; without one it holds until it is changed.
    pub valid_to: Option<NaiveDate>,
}

impl Content {
    /// Whether it holds on `day`.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && !self.is_past(day)
    }

    /// Whether its last day is over on `day`.
    pub fn is_past(&self, day: NaiveDate) -> bool {
        self.valid_to.is_some_and(|last| last < day)
    }
}

/// Who did something to an entry, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who.
    pub by: OfficerId,
    /// Of which unit, then.
    pub unit: UnitId,
    /// When.
    pub at: DateTime<Utc>,
}

/// A version that was let be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number, from 1.
    pub number: u32,
    /// What it says.
    pub content: Content,
    /// Who wrote it.
    pub drafted: Step,
    /// Who let it be shown.
    pub published: Step,
}

/// What becomes of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftStage {
    /// It is being written.
    Drafting,
    /// It waits for the reviewer.
    InReview,
    /// The reviewer sent it back.
    SentBack {
        /// By whom.
        step: Step,
        /// Why.
        reason: String,
    },
}

/// What is to become the next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Which writing of the entry it is, from 1: who reviews says which one they read.
    pub revision: u32,
    /// What it says.
    pub content: Content,
    /// Who wrote it.
    pub drafted: Step,
    /// What becomes of it.
    pub stage: DraftStage,
}

/// That an entry is shown no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// By whom.
    pub step: Step,
    /// Why.
    pub reason: String,
}

/// An entry of the knowledge base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeEntry {
    /// Its id.
    pub id: KnowledgeId,
    /// The unit whose business it is (Art. 8(6)).
    pub unit: UnitId,
    /// The managing units whose reviewers decide on it (Art. 6(4), 7(3)).
    pub reviewed_by: Vec<UnitId>,
    /// The ticket whose answer it was drafted from.
    pub from_ticket: Option<TicketNumber>,
    /// The version that is shown, or was last.
    pub published: Option<Version>,
    /// What is to become the next one.
    pub draft: Option<Draft>,
    /// Writings so far.
    pub revisions: u32,
    /// That it is shown no longer.
    pub withdrawn: Option<Withdrawal>,
    /// Every notice, in order.
    pub notices: Vec<Notice>,
    /// How many times it was written to the store.
    pub writes: usize,
}

/// Why something is not done to an entry as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSo {
    /// No draft waits for review.
    #[error("no draft waits for review")]
    NothingToReview,
    /// The draft was written again since the reviewer read it.
    #[error("the draft changed since it was read")]
    DraftChanged,
    /// Who wrote a draft does not let it be shown.
    #[error("who drafted does not publish")]
    DraftedBySame,
    /// The entry is not shown.
    #[error("the entry is not published")]
    NotShown,
    /// As many notices wait as an entry takes.
    #[error("too many open notices")]
    TooManyNotices,
    /// There is no such notice.
    #[error("no such notice")]
    NoSuchNotice,
    /// The notice is dealt with.
    #[error("the notice has ended")]
    NoticeEnded,
}

impl NotSo {
    /// The article that says so.
    pub const fn article(self) -> &'static str {
        match self {
            Self::NothingToReview | Self::DraftChanged | Self::DraftedBySame => "第七条（三）",
            Self::NotShown => "第六条（四）",
            Self::TooManyNotices | Self::NoSuchNotice | Self::NoticeEnded => "第十七条（四）",
        }
    }
}

/// The managing units whose reviewers decide on the entries of `unit`: the county's for a county's
/// units, the city's for all others (Art. 6(4), 7(3)). Nobody for a unit that is not on record.
pub fn reviewed_by(registry: &Registry, unit: &UnitId) -> Vec<UnitId> {
    let Some(own) = registry.unit(unit) else {
        return Vec::new();
    };
    let above = own.parent.as_ref().and_then(|above| registry.unit(above));
    let county = [Some(own), above].into_iter().flatten();
    let mut county = county.filter(|unit| unit.kind == UnitKind::CountyManaging);
    let area = county.next().map(|unit| &unit.area);
    let reviews = registry.units.iter().filter(|unit| match area {
        Some(area) => unit.kind == UnitKind::CountyManaging && &unit.area == area,
        None => unit.kind == UnitKind::CityManaging,
    });
    reviews.map(|unit| unit.id.clone()).collect()
}

/// The one of several managing units by which the list is called that their reviewers share.
pub fn review_desk(reviewed_by: &[UnitId]) -> Option<&UnitId> {
    reviewed_by.iter().min()
}

/// Longer than a change takes from its word to its write: the front door waits half as long.
const SETTLED: TimeDelta = TimeDelta::seconds(60);

/// How old the index that is searched may become.
const INDEX_LIFE: TimeDelta = TimeDelta::days(1);

/// Whether the search index is to be made anew at `now`: until it was begun a while after the last
/// change said that it comes, and once a day.
pub fn wants_index(
    changed_at: Option<DateTime<Utc>>,
    built_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> bool {
    built_at.is_none_or(|built_at| {
        let is_settled = |changed_at| built_at >= changed_at + SETTLED;
        now - built_at >= INDEX_LIFE || !changed_at.is_none_or(is_settled)
    })
}

impl KnowledgeEntry {
    /// A new entry, of which there is only a draft.
    pub fn begin(
        id: KnowledgeId,
        (unit, reviewed_by): (UnitId, Vec<UnitId>),
        from_ticket: Option<TicketNumber>,
        (content, stage, drafted): (Content, DraftStage, Step),
    ) -> Self {
        let mut entry = Self {
            id,
            unit,
            reviewed_by: Vec::new(),
            from_ticket,
            published: None,
            draft: None,
            revisions: 0,
            withdrawn: None,
            notices: Vec::new(),
            writes: 0,
        };
        entry.revise(reviewed_by, (content, stage, drafted));
        entry
    }

    /// Writes the next version, or writes it anew.
    pub fn revise(
        &mut self,
        reviewed_by: Vec<UnitId>,
        (content, stage, drafted): (Content, DraftStage, Step),
    ) {
        self.reviewed_by = reviewed_by;
        self.revisions += 1;
        self.draft = Some(Draft {
            revision: self.revisions,
            content,
            drafted,
            stage,
        });
        self.writes += 1;
    }

    /// The draft that waits for review, as it was read.
    fn in_review(&mut self, revision: u32) -> Result<&mut Draft, NotSo> {
        let draft = self.draft.as_mut();
        let draft = draft.filter(|draft| draft.stage == DraftStage::InReview);
        let draft = draft.ok_or(NotSo::NothingToReview)?;
        if draft.revision == revision {
            Ok(draft)
        } else {
            Err(NotSo::DraftChanged)
        }
    }

    /// Shows the draft as the next version. Every notice that was there when the draft was written
    /// ends with it; one that came later still waits.
    pub fn publish(&mut self, revision: u32, step: Step) -> Result<&Version, NotSo> {
        let draft = self.in_review(revision)?.clone();
        if draft.drafted.by == step.by {
            return Err(NotSo::DraftedBySame);
        }
        let number = self.published.as_ref().map_or(0, |last| last.number) + 1;
        for notice in &mut self.notices {
            if notice.raised.at <= draft.drafted.at {
                notice.end(NoticeEnd::Updated { version: number }, step.clone());
            }
        }
        self.draft = None;
        self.withdrawn = None;
        self.writes += 1;
        Ok(self.published.insert(Version {
            number,
            content: draft.content,
            drafted: draft.drafted,
            published: step,
        }))
    }

    /// Gives the draft back to who wrote it.
    pub fn send_back(&mut self, revision: u32, step: Step, reason: String) -> Result<(), NotSo> {
        let draft = self.in_review(revision)?;
        draft.stage = DraftStage::SentBack { step, reason };
        self.writes += 1;
        Ok(())
    }

    /// Shows it no longer; what was noticed is done with.
    pub fn withdraw(&mut self, step: Step, reason: String) -> Result<(), NotSo> {
        self.shown().ok_or(NotSo::NotShown)?;
        for notice in &mut self.notices {
            notice.end(NoticeEnd::Withdrawn, step.clone());
        }
        self.withdrawn = Some(Withdrawal { step, reason });
        self.writes += 1;
        Ok(())
    }

    /// The version that is shown, unless the entry was withdrawn.
    pub fn shown(&self) -> Option<&Version> {
        let published = self.published.as_ref();
        published.filter(|_| self.withdrawn.is_none())
    }

    /// Why what is shown is not to be relied on, if it is not.
    pub fn stale_on(&self, day: NaiveDate) -> Option<Stale> {
        let shown = self.shown()?;
        if self.notices.iter().any(Notice::is_open) {
            return Some(Stale::Noticed);
        }
        shown.content.is_past(day).then_some(Stale::Expired)
    }

    /// Where it stands: what is to be done about it comes first.
    pub fn standing(&self) -> Standing {
        match self.draft.as_ref().map(|draft| &draft.stage) {
            Some(DraftStage::Drafting) => Standing::Drafting,
            Some(DraftStage::InReview) => Standing::InReview,
            Some(DraftStage::SentBack { .. }) => Standing::SentBack,
            None if self.withdrawn.is_some() => Standing::Withdrawn,
            None => Standing::Published,
        }
    }

    /// What is read first of it: of the draft where there is one, else of the version.
    pub fn latest(&self) -> Option<&Content> {
        let draft = self.draft.as_ref().map(|draft| &draft.content);
        draft.or(self.published.as_ref().map(|version| &version.content))
    }
}
