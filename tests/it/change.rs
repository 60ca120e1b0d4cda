//! Another year's notice is loaded while tickets are open (R-CAL-1): the preview, the event on each
//! ticket that moves, and the warnings by the new limit.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use suqiu::change::{Change, apply, preview};

use crate::city::{City, appeal};

const DESK: &str = "ta-bigdata-triage";
const LIAISON: &str = "ta-ylbzj-liaison";

fn handle(page: &Value) -> Value {
    let mut clocks = page["clocks"].as_array().unwrap().iter();
    clocks
        .find(|clock| clock["clock"] == "handle")
        .unwrap()
        .clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn r_cal_1_and_r_rule_1_a_new_notice_moves_open_tickets_with_an_event_on_each() {
    let city = City::start().await;
    // The last working day of 2026: the limit falls into a year whose notice is not out.
    let last: DateTime<Utc> = "2026-12-31T02:00:00Z".parse().unwrap();
    city.moves_clock((last - city.cloud.clock.now()).num_seconds())
        .await;
    let (number, code) = city.submits("mobile", "change-0001", &appeal()).await;
    city.acts(DESK, &number, "dispatch", &json!({ "unit": "ta-ylbzj" }))
        .await;
    let path = format!("/tickets/{number}");
    let before = handle(&city.officer(LIAISON, &path, None).await.1);
    assert_eq!(
        (&before["dueAt"], &before["provisional"]),
        (&json!("2027-01-04T16:00:00Z"), &json!(true))
    );
    let (closed, _) = city.submits("mobile", "change-0002", &appeal()).await;
    let guidance = json!({ "guidance": "请向济南市反映。" });
    city.acts(DESK, &closed, "referral", &guidance).await;

    // The notice makes Saturday, 2 January, a working day.
    let notice = json!({
        "year": 2027, "status": "published", "source_no": "国办发明电〔2026〕9号",
        "days": [{ "date": "2027-01-01", "off": true }, { "date": "2027-01-02", "off": false }],
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notice.json");
    std::fs::write(&file, notice.to_string()).unwrap();
    let change = Change::read(&file).unwrap();
    let store = city.store();
    let now = city.cloud.clock.now();
    let effect = preview(&store, &change, now).await.unwrap();
    assert_eq!(
        (
            effect.tickets,
            effect.become_overdue,
            effect.stop_being_overdue
        ),
        (2, 0, 0)
    );
    // The closed one's archive and reopening move too: they run.
    assert_eq!((effect.moved, effect.become_final), (2, 2));
    let same = handle(&city.officer(LIAISON, &path, None).await.1);
    assert_eq!(same["dueAt"], before["dueAt"], "a preview writes nothing");
    // Four days later it would be late by the new reckoning, and is by the old.
    let later = now + chrono::TimeDelta::days(3);
    assert_eq!(
        preview(&store, &change, later)
            .await
            .unwrap()
            .become_overdue,
        1
    );

    assert_eq!(
        apply(&store, &change, now, Duration::ZERO).await.unwrap(),
        2
    );
    assert_eq!(
        apply(&store, &change, now, Duration::ZERO).await.unwrap(),
        0,
        "once"
    );
    // Functions trust what they read for a minute.
    city.moves_clock(61).await;
    let page = city.officer(LIAISON, &path, None).await.1;
    let after = handle(&page);
    assert_eq!(
        (&after["dueAt"], &after["provisional"]),
        (&json!("2027-01-02T16:00:00Z"), &json!(false))
    );
    let line = page["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&line["action"], &line["note"]),
        (&json!("move_deadline"), &json!("国办发明电〔2026〕9号"))
    );
    let list = city.officer(LIAISON, "/worklist", None).await.1;
    assert_eq!(
        list["items"][0]["dueAt"], after["dueAt"],
        "the work list is in the new order"
    );
    let (_, tracked) = city.tracks(&number, &code).await;
    let days = tracked["receipts"][0]["days"].to_string();
    assert!(
        days.contains("调休上班") && days.contains("国办发明电〔2026〕9号"),
        "{days}"
    );

    // The limit that fires is the new one.
    city.moves_clock(3 * 24 * 3600).await;
    city.eventually("the overdue mark", async |city| {
        let page = city.officer(LIAISON, &path, None).await.1;
        let timeline = page["timeline"].as_array().unwrap().clone();
        timeline
            .iter()
            .any(|line| line["action"] == "mark_overdue")
            .then_some(())
    })
    .await;
    city.stop().await;
}
