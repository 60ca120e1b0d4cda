//! The main path, from intake to archive, as people live it.

use app::ports::Store as _;
use domain::ticket::TicketNumber;
use serde_json::json;

use crate::city::{City, answer, appeal, contact, record};

const DESK: &str = "ta-bigdata-triage";
const LIAISON: &str = "ta-ylbzj-liaison";

#[tokio::test(flavor = "multi_thread")]
async fn r_in_to_r_cb_an_appeal_lives_from_intake_to_archive() {
    let city = City::start().await;
    let (number, code) = city.submits("mobile", "life-00000001", &appeal()).await;
    let (status, page) = city.tracks(&number, &code).await;
    assert_eq!((status, &page["stateName"]), (200, &json!("待分拣")));

    // R-TR-2: the system suggests and says why; a person decides.
    let path = format!("/tickets/{number}");
    let suggestion = city
        .eventually("the suggestion", async |city| {
            let (_, page) = city.officer(DESK, &path, None).await;
            page.get("suggestion").cloned()
        })
        .await;
    assert_eq!(suggestion["units"][0]["unit"], "ta-ylbzj");
    assert_eq!(suggestion["managingUnit"], "ta-bigdata");

    let list = city.officer(DESK, "/worklist?state=received", None).await.1;
    assert_eq!(list["items"][0]["number"], number);
    city.acts(
        DESK,
        &number,
        "dispatch",
        &json!({ "unit": "ta-ylbzj", "note": "请核实" }),
    )
    .await;
    let list = city.officer(LIAISON, "/worklist", None).await.1;
    assert_eq!(list["items"][0]["state"], "dispatched");
    city.acts(LIAISON, &number, "sign", &json!({})).await;
    city.acts(LIAISON, &number, "contacts", &contact()).await;
    let closing = json!({ "record": record(), "answer": answer() });
    city.acts(LIAISON, &number, "close", &closing).await;

    let (_, page) = city.tracks(&number, &code).await;
    assert_eq!(page["answer"], answer());
    assert_eq!(page["canRate"], true);
    let (status, _) = city
        .rates(&number, &code, &json!({ "level": 5, "solved": true }))
        .await;
    assert_eq!(status, 200);
    let (status, again) = city
        .rates(&number, &code, &json!({ "level": 1, "solved": false }))
        .await;
    assert_eq!((status, &again["code"]), (422, &json!("incomplete")));

    // R-HD-12: the answer went out the way the appellant named; the outbox holds it masked.
    let sent = city
        .eventually("the notice", async |city| {
            let sent = city.outbox().await;
            sent.contains("办结").then_some(sent)
        })
        .await;
    assert!(
        !sent.contains("13800000001") && !sent.contains("测试甲"),
        "{sent}"
    );

    // R-CB-5: thirty working days later the ticket is archived, and stays.
    city.moves_clock(60 * 24 * 3600).await;
    let state = city
        .eventually("the archive", async |city| {
            let page = city.officer(DESK, &path, None).await.1;
            (page["state"] == "archived").then_some(page)
        })
        .await;
    // Personal data may still be looked at, for a purpose.
    let open = state["actions"].as_array().unwrap().iter();
    let open: Vec<_> = open.map(|it| &it["action"]).collect();
    assert_eq!(open, ["reveal"]);
    let key = TicketNumber::parse(&number).unwrap().key();
    let ticket = city.store().load(&key).await.unwrap().unwrap();
    let actions: Vec<_> = ticket
        .events
        .iter()
        .map(|e| e.happening.action().code())
        .collect();
    assert_eq!(
        actions,
        [
            "submit",
            "dispatch",
            "sign",
            "record_contact",
            "close",
            "rate",
            "archive"
        ]
    );
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_tr_3_and_6_the_desk_answers_directly_or_does_not_accept() {
    let city = City::start().await;
    let (number, code) = city.submits("pc", "desk-00000001", &appeal()).await;
    let (status, refused) = city
        .officer(
            DESK,
            &format!("/tickets/{number}/direct-answer"),
            Some(&json!({ "answer": answer() })),
        )
        .await;
    // R-TR-1: what came by the PC channel is the approval bureau's; the other desk may not know.
    assert_eq!((status, &refused["code"]), (404, &json!("not-found")));
    city.acts(
        "ta-approval-triage",
        &number,
        "direct-answer",
        &json!({ "answer": answer() }),
    )
    .await;
    assert_eq!(city.tracks(&number, &code).await.1["answer"], answer());

    let mut emergency = appeal();
    emergency["text"] = "楼道里燃气泄漏，味道很大".into();
    let body = serde_json::to_vec(&emergency).unwrap();
    let receipt = city
        .channel("mobile", "/appeals", Some("desk-00000002"), &body)
        .await;
    let receipt = receipt.json().unwrap();
    // R-TR-6: an emergency sign is shown to the appellant already on submission.
    assert_eq!(receipt["notice"]["route"], "119");
    let (number, code) = (
        receipt["number"].as_str().unwrap(),
        receipt["queryCode"].as_str().unwrap(),
    );
    let ground = json!({ "ground": "emergency_119", "explanation": "已为您转告燃气集团。" });
    city.acts(DESK, number, "decline", &ground).await;
    let page = city.tracks(number, code).await.1;
    assert!(page["guidance"].as_str().unwrap().contains("119"), "{page}");
    city.stop().await;
}

/// In triage, at the unit and in hand alike; it stays on record, whoever has it in hand is told, its
/// clocks stop, and what is closed cannot be taken back.
#[tokio::test(flavor = "multi_thread")]
async fn r_in_7_an_appellant_takes_an_appeal_back() {
    let city = City::start().await;
    let reason = json!({ "reason": "已在窗口办好。" });
    let unit = json!({ "unit": "ta-ylbzj" });
    for (index, steps) in ["", "dispatch", "dispatch sign"].into_iter().enumerate() {
        let key = format!("withdraw-0000000{index}");
        let (number, code) = city.submits("mobile", &key, &appeal()).await;
        for step in steps.split_whitespace() {
            match step {
                "sign" => city.acts(LIAISON, &number, step, &json!({})).await,
                _ => city.acts(DESK, &number, step, &unit).await,
            };
        }
        assert_eq!(city.tracks(&number, &code).await.1["canWithdraw"], true);
        let (status, wrong) = city
            .asks(&number, "withdrawal", "00000-00000", &reason)
            .await;
        assert_eq!(
            (status, &wrong["code"]),
            (404, &json!("number-or-code-wrong"))
        );
        let (status, done) = city.asks(&number, "withdrawal", &code, &reason).await;
        assert_eq!((status, &done["state"]), (200, &json!("closed")), "{done}");
        let (status, again) = city.asks(&number, "withdrawal", &code, &json!({})).await;
        assert_eq!((status, &again["ticket"]["state"]), (409, &json!("closed")));

        let page = city.tracks(&number, &code).await.1;
        assert_eq!(page["canWithdraw"], false);
        let page = city
            .officer(DESK, &format!("/tickets/{number}"), None)
            .await
            .1;
        let last = page["timeline"].as_array().unwrap().last().unwrap();
        assert_eq!(last["action"], "withdraw");
        assert_eq!(last["note"], "已在窗口办好。");
        let running = |clock: &&serde_json::Value| clock["state"] == "running";
        let running: Vec<_> = page["clocks"]
            .as_array()
            .unwrap()
            .iter()
            .filter(running)
            .collect();
        assert!(
            running
                .iter()
                .all(|clock| clock["clock"] == "archive" || clock["clock"] == "reopen"),
            "{running:?}"
        );

        let holder = if steps.is_empty() {
            "ta-bigdata"
        } else {
            "ta-ylbzj"
        };
        city.eventually("the notice to the holder", async |city| {
            let outbox: serde_json::Value = serde_json::from_str(&city.outbox().await).unwrap();
            let told = outbox.as_array().unwrap().iter().any(|notice| {
                let text = notice.to_string();
                text.contains(&number) && text.contains("撤回") && text.contains(holder)
            });
            told.then_some(())
        })
        .await;
    }
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_cal_4_and_5_warnings_and_overdue_come_once_each() {
    let city = City::start().await;
    let (number, _) = city.submits("mobile", "late-00000001", &appeal()).await;
    city.acts(DESK, &number, "dispatch", &json!({ "unit": "ta-ylbzj" }))
        .await;
    let key = TicketNumber::parse(&number).unwrap().key();
    // Nobody signs for a fortnight: every threshold of both clocks has passed.
    city.moves_clock(14 * 24 * 3600).await;
    let count = async |city: &City| {
        let ticket = city.store().load(&key).await.unwrap().unwrap();
        let fired = ticket.events.iter().map(|e| e.happening.action().code());
        (
            fired.clone().filter(|a| *a == "warn").count(),
            fired.filter(|a| *a == "mark_overdue").count(),
        )
    };
    city.eventually("the overdue marks", async |city| {
        (count(city).await.1 == 2).then_some(())
    })
    .await;
    for _ in 0..3 {
        city.moves_clock(3600).await;
    }
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(count(&city).await, (4, 2));
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_hd_13_of_two_officers_at_once_one_wins() {
    let city = City::start().await;
    let (number, _) = city.submits("mobile", "race-00000001", &appeal()).await;
    let path = format!("/tickets/{number}/dispatch");
    let one = json!({ "unit": "ta-ylbzj" });
    let other = json!({ "unit": "ta-rsj" });
    let (first, second) = tokio::join!(
        city.officer(DESK, &path, Some(&one)),
        city.officer(DESK, &path, Some(&other))
    );
    let mut statuses = [first.0, second.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{first:?} {second:?}");
    let lost = if first.0 == 409 { first.1 } else { second.1 };
    assert_eq!(lost["ticket"]["state"], "dispatched", "{lost}");
    city.stop().await;
}
