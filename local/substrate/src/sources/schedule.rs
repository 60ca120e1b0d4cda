//! Schedules: a call at every period, at the start, and whenever the clock is moved.

use std::time::Duration;

use chrono::SecondsFormat;
use serde_json::json;

use super::Context;
use crate::{ACCOUNT_ID, Outcome, PARTITION, REGION, net};

/// A failed call is tried so often again, as Lambda does with asynchronous calls.
const RETRIES: u32 = 2;

/// Calls a function on its schedule until everything stops.
pub(super) async fn run(context: Context, function: String, name: String, every: Duration) {
    let mut shifts = context.clock.shifts();
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = net::stopped(context.stop.clone()) => return,
            _ = ticks.tick() => {}
            Ok(()) = shifts.changed() => {}
        }
        fire(&context, &function, &name).await;
    }
}

async fn fire(context: &Context, function: &str, name: &str) {
    let event = json!({
        "version": "0",
        "id": uuid::Uuid::new_v4().to_string(),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": ACCOUNT_ID,
        "time": context.clock.now().to_rfc3339_opts(SecondsFormat::Secs, true),
        "region": REGION,
        "resources": [
            format!("arn:{PARTITION}:scheduler:{REGION}:{ACCOUNT_ID}:schedule/default/{name}"),
        ],
        "detail": {},
    });
    for attempt in 0..=RETRIES {
        if matches!(context.call(function, &event).await, Ok(Outcome::Ok(_))) {
            return;
        }
        if attempt == RETRIES || !context.wait(Duration::from_secs(1)).await {
            return;
        }
    }
}
