//! 数据核对 (R-AN-1, R-OPS-3): every night the tickets are counted by month, and held against the lake.

use app::AppError;
use app::lake::LakeObjects;
use app::ports::Store as _;
use app::reports::{due, order};
use chrono::{DateTime, Utc};
use cloud::objects::Bucket;
use cloud::queues::Queue;
use domain::calendar::shanghai_date;
use lake::month::Month;
use lake::names::Part;
use lake::nightly::{Census, checked, made, note_checked};
use lake::state::states;
use store::DynamoStore;

/// What a check looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Tickets that were counted.
    pub tickets: usize,
    /// Months in the lake.
    pub months: usize,
}

/// Checks the lake as it was made last, if it is not checked yet; an error names the months of which
/// lake and tickets say different things.
pub async fn nightly(
    store: &DynamoStore,
    objects: &dyn LakeObjects,
    orders: &Orders,
    now: DateTime<Utc>,
) -> Result<Checked, AppError> {
    let Some(as_of) = made(objects).await? else {
        return Ok(Checked::default());
    };
    if checked(objects)
        .await?
        .is_some_and(|checked| checked >= as_of)
    {
        return Ok(Checked::default());
    }
    let found = check(store, objects, as_of, now).await?;
    // Reports are made of what was found right. An order that fails is made good by the next night.
    note_checked(objects, as_of).await?;
    order_due(objects, orders, as_of).await?;
    Ok(found)
}

/// Where reports are asked for.
#[derive(Debug)]
pub struct Orders {
    /// Where they are kept.
    pub archive: Bucket,
    /// Who makes them.
    pub queue: Queue,
}

/// Has the reports made that are due and that nobody made yet (Art. 6(5)): of the quarter and the year
/// that were over last, where the lake knows anything of them. Asked for every night until they are
/// there.
async fn order_due(
    objects: &dyn LakeObjects,
    orders: &Orders,
    as_of: DateTime<Utc>,
) -> Result<(), AppError> {
    let states = states(objects).await?;
    let months = states.keys().filter_map(|part| match part {
        Part::Of(month) => Some(*month),
        Part::Whole => None,
    });
    let Some(first) = months.min() else {
        return Ok(());
    };
    for period in due(&orders.archive, shanghai_date(as_of)).await? {
        if Month::on(period.until()) >= first {
            orders.queue.send(&order(&period)?, 0).await?;
            tracing::info!(%period, "asked for a report");
        }
    }
    Ok(())
}

/// Counts the tickets as of an instant, and holds them against the lake.
pub async fn check(
    store: &DynamoStore,
    objects: &dyn LakeObjects,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Checked, AppError> {
    let reference = store.reference(now).await?;
    let mut census = Census::new(&reference.timetable, as_of);
    let (mut found, mut start) = (Checked::default(), None);
    loop {
        let page = store.tickets_page(start).await?;
        for ticket in page.tickets {
            match ticket {
                Ok(ticket) => {
                    census.add(&ticket);
                    found.tickets += 1;
                }
                Err(_) => census.unreadable += 1,
            }
        }
        start = page.next;
        if start.is_none() {
            break;
        }
    }
    let states = states(objects).await?;
    found.months = states.len();
    let differences = census.differences(&states);
    let mut said: Vec<String> = differences.iter().map(ToString::to_string).collect();
    if census.unreadable > 0 {
        said.push(format!("{} tickets cannot be read", census.unreadable));
    }
    if said.is_empty() {
        Ok(found)
    } else {
        let said = said.join("; ");
        Err(AppError::Broken(format!("lake as of {as_of}: {said}")))
    }
}
