//! The rules in force (Art. 20; R-RULE-1, R-CAL-1): rulebook, calendars, and what is to be known in
//! time, for every officer; the names of units and channels; and the change of a part of the rules,
//! which is proposed, measured and only then carried out.

mod changes;

use api::answers::{directory, rules};
use app::AppError;
use app::ports::Store as _;
use authz::{Intent, Principal, authorize};
use cloud::queues::Queue;
use domain::calendar::shanghai_date;
use runtime::Setup;
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use store::DynamoStore;

/// What answering about the rules needs.
#[derive(Debug)]
pub struct Desk {
    officers: Officers,
    store: DynamoStore,
    walks: Queue,
}

impl Desk {
    /// From the environment.
    pub async fn new(setup: &Setup) -> Result<Self, AppError> {
        Ok(Self {
            officers: Officers::from_setup(setup)?,
            walks: Queue::new(setup.sdk.sqs(), setup.setting("RECOMPUTE_QUEUE_URL")?),
            store: setup.warm_store().await?,
        })
    }
}

/// `GET /rules`, `GET /directory`, `PUT /rules/calendars/{year}`, `PUT /rules/rulebooks/{version}`,
/// `POST /rules/changes/{change}/application`.
pub async fn handle(desk: &Desk, request: Request) -> Result<Reply, AppError> {
    let officer = desk.officers.officer(&request).await?;
    let principal = Principal::Officer(&officer);
    if request.method != "GET" {
        let permit = authorize(principal, Intent::ChangeRules)?;
        return changes::answer(desk, &officer.id, &permit, &request).await;
    }
    let permit = authorize(principal, Intent::Rules)?;
    if request.path.ends_with("/directory") {
        let reference = desk.store.reference(request.at).await?;
        return Reply::json(&permit, 200, &directory(&reference.registry));
    }
    // As they stand now: who has just changed something looks here.
    let timetable = desk.store.timetable_now().await?;
    let changes = desk.store.rule_changes().await?;
    let changes = changes
        .iter()
        .map(changes::view)
        .collect::<Result<_, _>>()?;
    let today = shanghai_date(request.at);
    Reply::json(&permit, 200, &rules(&timetable, changes, today))
}
