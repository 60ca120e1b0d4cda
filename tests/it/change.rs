//! Another year's notice, and another version of the rulebook, are loaded while tickets are open
//! (R-CAL-1, R-RULE-1): what they would do is measured, each ticket that moves gets an event, and the
//! warnings go by the new limit.

use chrono::{DateTime, Utc};
use http::Method;
use serde_json::{Value, json};
use substrate::{Invoke as _, Outcome};
use suqiu::state::Ports;

use crate::answers::is_answered;
use crate::city::{City, appeal};
use crate::schema::CONTRACT;

const DESK: &str = "ta-bigdata-triage";
const LIAISON: &str = "ta-ylbzj-liaison";
const ADMINISTRATOR: &str = "ta-bigdata-admin";
const CALENDAR: &str = "/rules/calendars/2027";
const APPLICATION: &str = "/rules/changes/calendar-2027/application";

/// An officer proposes a change.
async fn puts(city: &City, officer: &str, path: &str, body: &Value) -> (u16, Value) {
    let token = city.cloud.demo.sign_in(officer).await.unwrap();
    let headers = [
        ("authorization", token.as_str()),
        ("content-type", "application/json"),
    ];
    let url = format!("{}{path}", Ports::url(city.ports.console));
    let (client, body) = (&city.cloud.demo.client, body.to_string().into());
    let answer = client
        .send(Method::PUT, &url, &headers, body)
        .await
        .unwrap();
    CONTRACT.holds("PUT", path, &answer);
    (answer.status.as_u16(), answer.json().unwrap())
}

/// A minute later, when every function has forgotten the old rules, the message comes. The laptop's
/// queues keep real time, whatever the city's clock says: it is brought here as the queue would.
async fn forgotten(city: &City, change: &str) {
    city.moves_clock(66).await;
    let body = json!({ "change": change, "stage": "moving" }).to_string();
    let event =
        json!({ "Records": [{ "messageId": "1", "eventSource": "aws:sqs", "body": body }] });
    let function = "RecomputeFunction";
    let invoked = city.cloud.lambda.invoke(function, event.to_string().into());
    let Outcome::Ok(answer) = invoked.await.unwrap() else {
        panic!("recompute failed")
    };
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(answer["batchItemFailures"], json!([]), "{answer}");
}

/// The change of 2027's calendar, once it is so far.
async fn stands(city: &City, stage: &str) -> Value {
    let name = format!("the change is {stage}");
    city.eventually(&name, async |city| {
        let rules = city.officer(ADMINISTRATOR, "/rules", None).await.1;
        let mut changes = rules["changes"].as_array().unwrap().iter();
        let found = changes.find(|change| change["change"] == "calendar-2027")?;
        (found["stage"] == stage).then(|| found.clone())
    })
    .await
}

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
        "published": true, "documentNumber": "国办发明电〔2026〕9号",
        "days": [{ "date": "2027-01-01", "off": true }, { "date": "2027-01-02", "off": false }],
    });
    let (status, proposed) = puts(&city, ADMINISTRATOR, CALENDAR, &notice).await;
    assert_eq!(
        (status, &proposed["stage"]),
        (202, &json!("measuring")),
        "{proposed}"
    );
    let measured = stands(&city, "measured").await;
    // The closed one's archive and reopening move too: they run.
    let effect = json!({
        "tickets": 2, "moved": 2, "becomeOverdue": 0, "stopBeingOverdue": 0, "becomeFinal": 2,
    });
    assert_eq!(measured["effect"], effect);
    assert!(measured["passed"].as_u64() >= Some(2), "{measured}");
    let same = handle(&city.officer(LIAISON, &path, None).await.1);
    assert_eq!(same["dueAt"], before["dueAt"], "measuring writes nothing");
    let (_, rules) = city.officer(DESK, "/rules", None).await;
    let of_2027 = |rules: &Value| {
        let mut years = rules["calendars"].as_array().unwrap().iter();
        years.find(|year| year["year"] == 2027).unwrap().clone()
    };
    assert_eq!(of_2027(&rules)["published"], false);

    let (status, moving) = city
        .officer(ADMINISTRATOR, APPLICATION, Some(&json!({})))
        .await;
    assert_eq!(
        (status, &moving["stage"]),
        (202, &json!("moving")),
        "{moving}"
    );
    let (_, rules) = city.officer(DESK, "/rules", None).await;
    assert_eq!(of_2027(&rules)["documentNumber"], "国办发明电〔2026〕9号");
    // While it is carried out: asking again is no error, proposing something else is one.
    let again = city
        .officer(ADMINISTRATOR, APPLICATION, Some(&json!({})))
        .await;
    assert_eq!((again.0, &again.1["stage"]), (202, &json!("moving")));
    let (status, problem) = puts(&city, ADMINISTRATOR, CALENDAR, &notice).await;
    assert_eq!(
        (status, &problem["code"]),
        (409, &json!("rule-change-not-open")),
        "{problem}"
    );
    forgotten(&city, "calendar-2027").await;
    assert_eq!(stands(&city, "done").await["moved"], 2);
    let moves = |page: &Value| {
        let timeline = page["timeline"].as_array().unwrap().iter();
        timeline
            .filter(|line| line["action"] == "move_deadline")
            .count()
    };
    assert_eq!(moves(&city.officer(LIAISON, &path, None).await.1), 1);
    // Taken back and made once more, each ticket moves each time.
    let back = json!({ "published": false, "days": [{ "date": "2027-01-01", "off": true }] });
    for (times, body, due) in [
        (2, &back, "2027-01-04T16:00:00Z"),
        (3, &notice, "2027-01-02T16:00:00Z"),
    ] {
        assert_eq!(puts(&city, ADMINISTRATOR, CALENDAR, body).await.0, 202);
        stands(&city, "measured").await;
        let empty = json!({});
        let asked = city.officer(ADMINISTRATOR, APPLICATION, Some(&empty)).await;
        assert_eq!(asked.0, 202);
        forgotten(&city, "calendar-2027").await;
        assert_eq!(stands(&city, "done").await["moved"], 2);
        let page = city.officer(LIAISON, &path, None).await.1;
        assert_eq!(
            (moves(&page), &handle(&page)["dueAt"]),
            (times, &json!(due))
        );
    }
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

/// A version of the rulebook that nobody works by yet moves nothing; a correction of the one in force
/// moves what was opened under it, and turns overdue what is late by the shorter limit.
#[tokio::test(flavor = "multi_thread")]
async fn r_rule_1_another_version_is_measured_against_the_tickets_of_its_version() {
    let city = City::start().await;
    let (number, _) = city.submits("mobile", "change-0003", &appeal()).await;
    let parameters = json!({ "handle_days": 3, "sign_minutes": 60 });
    let measured = async |version: u16, body: &Value| {
        let path = format!("/rules/rulebooks/{version}");
        let (status, proposed) = puts(&city, ADMINISTRATOR, &path, body).await;
        assert_eq!(status, 202, "{proposed}");
        let name = format!("rulebook-{version}");
        city.eventually("the measure", async |city| {
            let rules = city.officer(ADMINISTRATOR, "/rules", None).await.1;
            let mut changes = rules["changes"].as_array().unwrap().iter();
            let found = changes.find(|change| change["change"] == name.as_str())?;
            (found["stage"] == "measured").then(|| found["effect"].clone())
        })
        .await
    };
    let later = json!({ "effectiveOn": "2030-01-01", "parameters": parameters });
    assert_eq!(measured(2, &later).await["moved"], 0);
    let correction = json!({ "effectiveOn": "2026-01-01", "parameters": parameters });
    assert_eq!(measured(1, &correction).await["moved"], 1);
    let wrong = json!({ "effectiveOn": "2026-01-01", "parameters": { "handle_days": 0 } });
    let (status, problem) = puts(&city, ADMINISTRATOR, "/rules/rulebooks/1", &wrong).await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"]),
        (422, &json!("/parameters/handle_days")),
        "{problem}"
    );
    // Carried out, the ticket has the longer limit and the version that is corrected.
    let path = "/rules/changes/rulebook-1/application";
    assert_eq!(
        city.officer(ADMINISTRATOR, path, Some(&json!({}))).await.0,
        202
    );
    forgotten(&city, "rulebook-1").await;
    let line = city
        .eventually("the event", async |city| {
            let page = city
                .officer(DESK, &format!("/tickets/{number}"), None)
                .await
                .1;
            let timeline = page["timeline"].as_array().unwrap().clone();
            let mut lines = timeline.into_iter();
            lines.find(|line| line["action"] == "move_deadline")
        })
        .await;
    assert_eq!(line["note"], "规则参数第1版");
    city.stop().await;
}

/// Everything that the contract describes of changing the rules.
pub(crate) async fn answers(city: &City) {
    let mut signed_in = Vec::new();
    for officer in [ADMINISTRATOR, DESK] {
        signed_in.push(city.cloud.demo.sign_in(officer).await.unwrap());
    }
    let [administrator, desk] = signed_in.as_slice() else {
        panic!()
    };
    let by = |token| [("authorization", token)];
    let year = json!({ "published": false, "days": [] }).to_string();
    let book = json!({ "effectiveOn": "2029-01-01" }).to_string();
    let large = " ".repeat(256 * 1024 + 1);
    let rulebook = "/rules/rulebooks/2";
    for (path, unknown, body) in [
        (CALENDAR, "/rules/calendars/x", &year),
        (rulebook, "/rules/rulebooks/x", &book),
    ] {
        for (path, token, body, status) in [
            (path, "nonsense", body.as_str(), 401),
            (path, desk, body, 403),
            (unknown, administrator, body, 404),
            (path, administrator, "{", 400),
            (path, administrator, &large, 413),
        ] {
            let put = (Method::PUT, path);
            is_answered(city, put, &by(token), body.as_bytes().to_vec(), status).await;
        }
    }
    let wrong = json!({ "published": true, "days": [] }).to_string();
    let gap = "/rules/rulebooks/9";
    for (path, body) in [(CALENDAR, &wrong), (gap, &book)] {
        let put = (Method::PUT, path);
        is_answered(city, put, &by(administrator), body.as_bytes().to_vec(), 422).await;
    }
    for (path, token, status) in [
        (APPLICATION, "nonsense", 401),
        (APPLICATION, desk.as_str(), 403),
        (
            "/rules/changes/calendar-1999/application",
            administrator,
            404,
        ),
    ] {
        is_answered(city, (Method::POST, path), &by(token), vec![], status).await;
    }
    // Proposed, measured, carried out; and then not open to another proposal.
    for (path, change, body) in [
        (CALENDAR, "calendar-2027", &year),
        (rulebook, "rulebook-2", &book),
    ] {
        let application = format!("/rules/changes/{change}/application");
        proposes(city, administrator, (path, change), body).await;
        let post = (Method::POST, application.as_str());
        is_answered(city, post, &by(administrator), vec![], 202).await;
        let put = (Method::PUT, path);
        let body = body.as_bytes().to_vec();
        is_answered(city, put, &by(administrator), body, 409).await;
    }
    // Measured against what does not stand any more, it is not carried out.
    let of_2028 = ("/rules/calendars/2028", "calendar-2028");
    proposes(city, administrator, of_2028, &year).await;
    let other = r#"{"year":2028,"status":"provisional","source_no":"","days":[]}"#;
    let store = city.store();
    store.put_reference("calendar#2028", other).await.unwrap();
    let post = (Method::POST, "/rules/changes/calendar-2028/application");
    is_answered(city, post, &by(administrator), vec![], 409).await;
}

/// A proposal, until it is measured.
async fn proposes(city: &City, token: &str, (path, change): (&str, &str), body: &str) {
    let headers = [("authorization", token)];
    let put = (Method::PUT, path);
    is_answered(city, put, &headers, body.as_bytes().to_vec(), 202).await;
    city.eventually("the measure", async |city| {
        let rules = city.officer(ADMINISTRATOR, "/rules", None).await.1;
        let mut changes = rules["changes"].as_array().unwrap().iter();
        let found = changes.find(|each| each["change"] == change)?;
        (found["stage"] == "measured").then_some(())
    })
    .await;
}
