//! 立项限制 (Art. 18; R-SV-8): whose projects are not supported, until the correction is verified. It
//! follows from the open cases, so it can neither be forgotten nor kept too long.

use chrono::{DateTime, Utc};

use super::{SupervisionCase, SupervisionId, Turn};
use crate::calendar::Calendar;
use crate::ids::UnitId;
use crate::rulebook::Rulebook;

/// Why a unit is on the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// The unit.
    pub unit: UnitId,
    /// The case that puts it there.
    pub case: SupervisionId,
    /// 多次整改不到位: how often its correction was not enough.
    pub refusals: usize,
    /// 长期不整改: from when the rulebook's time is over, if it is.
    pub overdue_since: Option<DateTime<Utc>>,
}

/// The register at `now`, from all open cases: technical ones that were corrected badly as often as
/// the rulebook says, or not within its time.
pub fn restrictions(
    open: &[SupervisionCase],
    now: DateTime<Utc>,
    calendar: &Calendar,
    rulebook: &Rulebook,
) -> Vec<Restriction> {
    let restriction = |case: &SupervisionCase| {
        if !case.is_technical || case.turn() == Turn::Nobody {
            return None;
        }
        let limit = calendar.due_day(case.opened_at, rulebook.technical_days);
        let overdue_since = Some(limit.due_before()).filter(|due| *due <= now);
        let refusals = case.refusals();
        let is_often = refusals >= rulebook.technical_refusals;
        (is_often || overdue_since.is_some()).then(|| Restriction {
            unit: case.cause.unit.clone(),
            case: case.id.clone(),
            refusals,
            overdue_since,
        })
    };
    let mut all: Vec<_> = open.iter().filter_map(restriction).collect();
    all.sort_by(|a, b| (&a.unit, &a.case).cmp(&(&b.unit, &b.case)));
    all
}
