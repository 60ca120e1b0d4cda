//! The sweep (R-CAL-4, R-CAL-5, R-SV-7): `app::sweep` behind a schedule, and what nobody answered in
//! time of the cases of supervision (Art. 17).

use app::AppError;
use app::ports::Store as _;
use app::supervision::{Climbed, climb_due};
use app::sweep::{Swept, sweep};
use chrono::{DateTime, Utc};
use store::DynamoStore;

/// Sweeps tickets, then cases.
pub async fn run(store: &DynamoStore, now: DateTime<Utc>) -> Result<(Swept, Climbed), AppError> {
    let swept = sweep(store, now).await?;
    let reference = store.reference(now).await?;
    Ok((swept, climb_due(store, &reference, now).await?))
}
