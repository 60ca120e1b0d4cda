//! The rules in force (Art. 20; R-RULE-1, R-CAL-1): rulebook, calendars, and what is to be known in
//! time, for every officer; and the names of units and channels.

use api::answers::{directory, rules};
use app::AppError;
use app::ports::Store as _;
use authz::{Intent, Principal, authorize};
use domain::calendar::shanghai_date;
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use store::DynamoStore;

/// `GET /rules`, `GET /directory`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    let officer = officers.officer(&request).await?;
    let permit = authorize(Principal::Officer(&officer), Intent::Rules)?;
    let reference = store.reference(request.at).await?;
    if request.path.ends_with("/directory") {
        return Reply::json(&permit, 200, &directory(&reference.registry));
    }
    let today = shanghai_date(request.at);
    Reply::json(&permit, 200, &rules(&reference.timetable, today))
}
