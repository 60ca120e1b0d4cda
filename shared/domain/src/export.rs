//! 导出 (Art. 16: 严禁未经授权的导出; R-DP-3): who wants which columns of a work list, or the figures of
//! which report, what for and until when; somebody else decides; every download is on record, and none comes after the end.

mod mark;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::calendar::{shanghai_date, to_shanghai};
use crate::dated::dated_id;
use crate::ids::{OfficerId, UnitId};
use crate::periodic::PeriodicId;
use crate::rulebook::Rulebook;
use crate::vocabulary::vocabulary;

pub use mark::{HiddenMark, hidden_marks};

vocabulary! {
    /// Class of what stands in a column (分级分类, Art. 16), the least guarded first.
    DataClass {
        /// For everybody.
        Public = "public" "公开",
        /// For those who work on it.
        Internal = "internal" "内部",
        /// About one person (Personal Information Protection Law 4).
        Personal = "personal" "个人信息",
        /// About one person, and harmful in wrong hands (the same law, 28).
        Sensitive = "sensitive" "敏感个人信息",
    }
}

vocabulary! {
    /// A column that can be exported. There is none of personal data: nobody can as much as ask for it.
    Column {
        Number = "number" "诉求编号",
        State = "state" "状态",
        Task = "task" "待办",
        Kind = "kind" "诉求类型",
        Subject = "subject" "诉求事由",
        DueAt = "due_at" "到期时间",
    }
}

impl Column {
    /// The class of what stands in it.
    pub const fn class(self) -> DataClass {
        match self {
            Self::Number | Self::State | Self::Task | Self::Kind | Self::Subject | Self::DueAt => {
                DataClass::Internal
            }
        }
    }
}

dated_id!(
    /// An export's id: the day it was asked for and 40 bits, `E260302K7QM3XPA`.
    ExportId = 'E'
);

/// What is taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// Rows of a unit's work list.
    List {
        /// Whose.
        unit: UnitId,
        /// Which columns, each once.
        columns: Vec<Column>,
    },
    /// The figures of a report (Art. 6(5)), which are about nobody.
    Periodic(PeriodicId),
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    /// Of what.
    pub taken: Taken,
    /// What for.
    pub purpose: String,
    /// The last day on which it can be downloaded.
    pub until: NaiveDate,
}

impl Extent {
    /// Whether nothing in it is about a person.
    pub fn is_masked(&self) -> bool {
        match &self.taken {
            Taken::List { columns, .. } => columns
                .iter()
                .all(|column| column.class() < DataClass::Personal),
            Taken::Periodic(_) => true,
        }
    }
}

/// Who did something to an export, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who.
    pub by: OfficerId,
    /// Of which unit, then.
    pub unit: UnitId,
    /// When.
    pub at: DateTime<Utc>,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// By whom.
    pub step: Step,
    /// Why it was refused; granted when there is no reason.
    pub refused: Option<String>,
}

/// One download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// By whom.
    pub step: Step,
    /// Rows in the file.
    pub rows: u32,
    /// Whether there were more than the rulebook lets out at once.
    pub is_cut: bool,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
}

/// An export, from asking to its last download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its id.
    pub id: ExportId,
    /// Of what.
    pub extent: Extent,
    /// Who asked.
    pub asked: Step,
    /// What was decided, once it was.
    pub decision: Option<Decision>,
    /// Every download, in order.
    pub downloads: Vec<Download>,
}

vocabulary! {
    /// Where an export stands.
    Standing {
        Undecided = "undecided" "待审批",
        Granted = "granted" "可下载",
        Refused = "refused" "未批准",
        Expired = "expired" "已过期",
        UsedUp = "used_up" "已达下载次数上限",
    }
}

/// Not as the export stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the export is {}", .0.code())]
pub struct NotAsItStands(pub Standing);

impl Export {
    /// How many times it was written: asked, decided, downloaded.
    pub fn version(&self) -> usize {
        1 + usize::from(self.decision.is_some()) + self.downloads.len()
    }

    /// Where it stands at `now`.
    pub fn standing(&self, now: DateTime<Utc>, rulebook: &Rulebook) -> Standing {
        match &self.decision {
            Some(decision) if decision.refused.is_some() => Standing::Refused,
            _ if shanghai_date(now) > self.extent.until => Standing::Expired,
            None => Standing::Undecided,
            Some(_) if self.downloads.len() >= rulebook.export_downloads => Standing::UsedUp,
            Some(_) => Standing::Granted,
        }
    }

    /// Decides, once and before the last day is over. Who decides did not ask: the policies say so.
    pub fn decide(&mut self, decision: Decision, rulebook: &Rulebook) -> Result<(), NotAsItStands> {
        match self.standing(decision.step.at, rulebook) {
            Standing::Undecided => {
                self.decision = Some(decision);
                Ok(())
            }
            other => Err(NotAsItStands(other)),
        }
    }

    /// The mark that the next download carries, if there may be one.
    pub fn next_mark(
        &self,
        now: DateTime<Utc>,
        rulebook: &Rulebook,
    ) -> Result<HiddenMark, NotAsItStands> {
        let download = u8::try_from(self.downloads.len() + 1);
        match (self.standing(now, rulebook), download) {
            (Standing::Granted, Ok(download)) => Ok(HiddenMark {
                export: self.id.clone(),
                download,
            }),
            (Standing::Granted, Err(_)) => Err(NotAsItStands(Standing::UsedUp)),
            (other, _) => Err(NotAsItStands(other)),
        }
    }

    /// What stands in every row of a download, for everybody to read.
    pub fn visible_mark(&self, mark: &HiddenMark, by: &OfficerId, now: DateTime<Utc>) -> String {
        let at = to_shanghai(now).format("%Y-%m-%d %H:%M");
        let (id, download, until) = (&self.id, mark.download, self.extent.until);
        let purpose = &self.extent.purpose;
        format!(
            "导出{id} 第{download}次下载 {by} {at} 有效期至{until} 仅限用于：{purpose} 严禁外传"
        )
    }
}

/// The last day that may be asked for at `now`.
pub fn latest_day(now: DateTime<Utc>, rulebook: &Rulebook) -> NaiveDate {
    let today = shanghai_date(now);
    let days = Days::new(u64::from(rulebook.export_days));
    today.checked_add_days(days).unwrap_or(today)
}
