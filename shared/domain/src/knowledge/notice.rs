//! Notices that an entry is wrong, and the owner's clock (Art. 17(4); R-KB-3): natural hours from the
//! notice, through nights and days off.

use chrono::{DateTime, Utc};

use super::{KnowledgeEntry, NotSo, Step};
use crate::rulebook::Rulebook;
use crate::vocabulary::vocabulary;

/// Open notices that an entry takes; more say nothing new.
pub const MOST_OPEN: usize = 10;

vocabulary! {
    /// What somebody gave notice of.
    NoticeCause {
        PolicyChanged = "policy_changed" "政策已调整",
        ErrorReported = "error_reported" "内容有误",
    }
}

/// How a notice ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeEnd {
    /// A version that was written after it is shown.
    Updated {
        /// Which.
        version: u32,
    },
    /// The entry is shown no longer.
    Withdrawn,
    /// The reviewer found that there is nothing to change.
    Dismissed {
        /// Why.
        reason: String,
    },
}

/// What somebody warns of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warned {
    /// What of.
    pub cause: NoticeCause,
    /// What is wrong, and what shows it.
    pub words: String,
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its number on the entry, from 1.
    pub number: u32,
    /// What of.
    pub warned: Warned,
    /// The version that it is about.
    pub version: u32,
    /// Who gave it.
    pub raised: Step,
    /// Version of the rulebook in force then.
    pub rulebook: u16,
    /// The first instant at which the owner is late.
    pub due_at: DateTime<Utc>,
    /// When it was marked as overdue, which happens once. It is the ground of supervision by
    /// Art. 17(4), and stays when the notice ends.
    pub overdue_at: Option<DateTime<Utc>>,
    /// How it ended, and by whom.
    pub ended: Option<(NoticeEnd, Step)>,
}

impl Notice {
    /// Whether the owner still has to do something about it.
    pub const fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.is_open() && self.overdue_at.is_none() && now >= self.due_at
    }

    /// Ends it, unless it ended; who is late is late also when nobody looked before.
    pub(super) fn end(&mut self, end: NoticeEnd, step: Step) {
        if !self.is_open() {
            return;
        }
        if self.is_due(step.at) {
            self.overdue_at = Some(step.at);
        }
        self.ended = Some((end, step));
    }
}

impl KnowledgeEntry {
    /// Gives notice that what is shown is wrong, which starts the owner's clock.
    pub fn raise(
        &mut self,
        warned: Warned,
        step: Step,
        rulebook: &Rulebook,
    ) -> Result<&Notice, NotSo> {
        let version = self.shown().ok_or(NotSo::NotShown)?.number;
        if self.notices.iter().filter(|it| it.is_open()).count() >= MOST_OPEN {
            return Err(NotSo::TooManyNotices);
        }
        self.notices.push(Notice {
            number: u32::try_from(self.notices.len() + 1).unwrap_or(u32::MAX),
            warned,
            version,
            due_at: step.at + rulebook.knowledge_limit(),
            raised: step,
            rulebook: rulebook.version,
            overdue_at: None,
            ended: None,
        });
        self.writes += 1;
        self.notices.last().ok_or(NotSo::NoSuchNotice)
    }

    /// The reviewer finds that there is nothing to change.
    pub fn dismiss(&mut self, number: u32, step: Step, reason: String) -> Result<(), NotSo> {
        let mut notices = self.notices.iter_mut();
        let notice = notices.find(|notice| notice.number == number);
        let notice = notice.ok_or(NotSo::NoSuchNotice)?;
        if !notice.is_open() {
            return Err(NotSo::NoticeEnded);
        }
        notice.end(NoticeEnd::Dismissed { reason }, step);
        self.writes += 1;
        Ok(())
    }

    /// Marks every notice that is past its limit and was not marked; how many.
    pub fn mark_overdue(&mut self, now: DateTime<Utc>) -> u32 {
        let mut marked = 0;
        for notice in self.notices.iter_mut().filter(|notice| notice.is_due(now)) {
            notice.overdue_at = Some(now);
            marked += 1;
        }
        self.writes += usize::from(marked > 0);
        marked
    }

    /// When the next notice is overdue that is not marked yet.
    pub fn next_due(&self) -> Option<DateTime<Utc>> {
        let open = self.notices.iter().filter(|notice| notice.is_open());
        let unmarked = open.filter(|notice| notice.overdue_at.is_none());
        unmarked.map(|notice| notice.due_at).min()
    }

    /// When the owner has, or had, to be done with the first open notice.
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        let open = self.notices.iter().filter(|notice| notice.is_open());
        open.map(|notice| notice.due_at).min()
    }
}
