//! 数据整理 (Art. 15, 16; R-AN-1): the curated zone of the lake, made anew every night as of midnight.

use app::AppError;
use app::lake::LakeObjects;
use app::ports::Store as _;
use app::problem_groups::Groups as _;
use chrono::{DateTime, Utc};
use lake::compact::{CompactRun, Compacting};
use lake::nightly::{made, wanted};
use lake::whole::Whole;
use store::DynamoStore;

/// Makes the lake as of the last midnight, if it is not made yet. `clock` says when it is written.
pub async fn nightly(
    store: &DynamoStore,
    objects: &dyn LakeObjects,
    location: &str,
    now: DateTime<Utc>,
    clock: &(dyn Fn() -> DateTime<Utc> + Sync),
) -> Result<CompactRun, AppError> {
    let as_of = wanted(now);
    if made(objects).await?.is_some_and(|made| made >= as_of) {
        return Ok(CompactRun::default());
    }
    // Boxed: a large future.
    Box::pin(make(store, objects, location, (as_of, clock()))).await
}

/// Makes the lake as of an instant, written now.
pub async fn make(
    store: &DynamoStore,
    objects: &dyn LakeObjects,
    location: &str,
    (as_of, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<CompactRun, AppError> {
    let reference = store.reference(now).await?;
    let compacting = Compacting {
        objects,
        location,
        timetable: &reference.timetable,
        as_of,
        now,
    };
    let whole = Box::pin(whole(store)).await?;
    lake::nightly::make(&compacting, &whole).await
}

/// What is kept elsewhere than in tickets.
async fn whole(store: &DynamoStore) -> Result<Whole, AppError> {
    let (registry, _) = store.full_registry().await?;
    let mut groups = Vec::new();
    for group in store.all_groups().await? {
        let members = store.members(&group.id).await?;
        groups.push((group, members));
    }
    Ok(Whole {
        registry,
        cases: store.all_cases().await?,
        groups,
    })
}
