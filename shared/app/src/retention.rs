//! 保存期限 (Art. 16; R-DP-4): personal data is kept for the rulebook's years after the month of its
//! appellant's last appeal, and is then erased.
//!
//! What is due is found in the archive, which files tickets by the month of their appeals: a run looks
//! at the months that are due and not yet done. It says what it did in the archive too.

use chrono::{DateTime, Months, NaiveDate, Utc};
use domain::audit::Actor;
use domain::calendar::shanghai_date;
use domain::ticket::{Ticket, TicketNumber};
use domain::workflow::words::ErasureGround;
use serde::Serialize;

use crate::erasure::{Erasing, ErasureWish, erase, tickets_of};
use crate::error::AppError;
use crate::seals::SealObjects;

/// Erasures of one run at most: the next run goes on, and no run outlives its function.
const ERASED_MOST: u32 = 500;
/// Months that are looked back to: a year in which nothing ran is made up.
const MONTHS_BACK: u32 = 12;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RetentionRun {
    /// Appellants erased.
    pub erased: u32,
    /// Tickets whose appellant came again since, and is looked at in the month of that appeal.
    pub came_again: u32,
    /// Tickets that could not be erased yet: their month is looked at again.
    pub left: u32,
}

/// Erases those whose time is over.
pub async fn retain(
    erasing: Erasing<'_>,
    archive: &dyn SealObjects,
    now: DateTime<Utc>,
) -> Result<RetentionRun, AppError> {
    let mut run = RetentionRun::default();
    let reference = erasing.store.reference(now).await?;
    let today = shanghai_date(now);
    let years = reference
        .timetable
        .rulebooks
        .in_force(today)
        .personal_data_years;
    let done = archive.names("retention/").await?;
    for month in due_months(today, years) {
        let mark = format!("retention/{}.json", month.format("%Y-%m"));
        if done.contains(&mark) {
            continue;
        }
        let is_whole = erase_month(erasing, archive, (month, now), &mut run).await?;
        if !is_whole {
            continue;
        }
        let report = serde_json::to_vec(&run);
        let report = report.map_err(|error| AppError::Broken(error.to_string()))?;
        erasing.reports.put(&mark, report).await?;
    }
    Ok(run)
}

/// The first days of the months whose personal data is due on `today`, the oldest first.
fn due_months(today: NaiveDate, years: u32) -> impl Iterator<Item = NaiveDate> {
    use chrono::Datelike as _;
    let this = today.with_day(1).unwrap_or(today);
    // A month is over before it is due: the one of this day so many years ago is not.
    let before = move |back: u32| this.checked_sub_months(Months::new(years * 12 + back));
    (1..=MONTHS_BACK).rev().filter_map(before)
}

/// Whether nothing of the month is left.
async fn erase_month(
    erasing: Erasing<'_>,
    archive: &dyn SealObjects,
    (month, now): (NaiveDate, DateTime<Utc>),
    run: &mut RetentionRun,
) -> Result<bool, AppError> {
    let left = run.left;
    for name in archive
        .names(&format!("tickets/{}/", month.format("%Y/%m")))
        .await?
    {
        if run.erased >= ERASED_MOST {
            return Ok(false);
        }
        let number = name
            .rsplit('/')
            .next()
            .and_then(|it| it.strip_suffix(".json"));
        let Some(Ok(number)) = number.map(TicketNumber::parse) else {
            return Err(AppError::Broken(format!("`{name}` is no ticket's archive")));
        };
        let Some(ticket) = erasing.store.load(&number.key()).await? else {
            return Err(AppError::Broken(format!(
                "ticket {number} is archived and gone"
            )));
        };
        if ticket.erased_at.is_none() {
            erase_due(erasing, ticket, (month, now), run).await?;
        }
    }
    Ok(run.left == left)
}

async fn erase_due(
    erasing: Erasing<'_>,
    ticket: Ticket,
    (month, now): (NaiveDate, DateTime<Utc>),
    run: &mut RetentionRun,
) -> Result<(), AppError> {
    let all = tickets_of(erasing, &ticket.submission.vault.appellant).await?;
    let next = month.checked_add_months(Months::new(1)).unwrap_or(month);
    if all
        .iter()
        .any(|other| shanghai_date(other.received_at) >= next)
    {
        run.came_again += 1;
        return Ok(());
    }
    let asked = ErasureWish {
        ground: ErasureGround::RetentionEnded,
        documents: Vec::new(),
        seen_version: None,
        at: now,
    };
    match erase(erasing, ticket, &asked, &|_| Ok(Actor::System)).await {
        Ok(_) => run.erased += 1,
        Err(AppError::Refused { .. } | AppError::ChangedMeanwhile(_)) => run.left += 1,
        Err(error) => return Err(error),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_dp_4_a_month_is_due_when_all_of_it_is_old_enough() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let due: Vec<_> = due_months(day("2029-11-27"), 3).collect();
        assert_eq!(due.first(), Some(&day("2025-11-01")));
        assert_eq!(due.last(), Some(&day("2026-10-01")));
        assert_eq!(
            due_months(day("2029-12-01"), 3).last(),
            Some(day("2026-11-01"))
        );
    }
}
