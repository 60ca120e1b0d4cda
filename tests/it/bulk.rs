//! Files of appeals (R-IN-8) and what the channels counted (R-IN-5), by the front doors.

use http::Method;
use serde_json::{Value, json};
use suqiu::client::Answer;

use crate::answers::is_answered;
use crate::city::{City, appeal, text};
use crate::schema::CONTRACT;

const LINES: &str = "application/x-ndjson";
const TABLE: &str = "text/csv; charset=utf-8";
const DESK: &str = "ta-bigdata-triage";
const LIAISON: &str = "ta-ylbzj-liaison";
const AUDITOR: &str = "ta-bigdata-auditor";

/// An appeal with the channel's own number.
fn numbered(id: &str, change: &Value) -> Value {
    let mut body = appeal();
    body["externalId"] = id.into();
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn lines(rows: &[Value]) -> String {
    let rows: Vec<_> = rows.iter().map(Value::to_string).collect();
    rows.join("\n")
}

/// A channel's request with a body of its own kind.
async fn asks(city: &City, method: Method, path: &str, kind: &str, body: &str) -> Answer {
    asks_as(city, "mobile", (method, path), kind, body).await
}

async fn asks_as(
    city: &City,
    channel: &str,
    (method, path): (Method, &str),
    kind: &str,
    body: &str,
) -> Answer {
    let headers = [("content-type", kind)];
    let demo = &city.cloud.demo;
    let answer = demo.channel(channel, method.clone(), path, &headers, body.as_bytes());
    let answer = answer.await.unwrap();
    CONTRACT.holds(method.as_str(), path, &answer);
    answer
}

async fn submits(city: &City, kind: &str, file: &str) -> Value {
    let answer = asks(city, Method::POST, "/appeals/batch", kind, file).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json().unwrap()
}

/// Line, outcome, and ticket or what is wrong, of each row.
fn outcomes(answer: &Value) -> Vec<(u64, String, String)> {
    let rows = answer["rows"].as_array().unwrap().iter();
    let row = |row: &Value| {
        let said = if row["status"] == "refused" {
            let problem = &row["problem"];
            format!(
                "{}{}",
                text(&problem["code"]),
                problem["errors"][0]["pointer"].as_str().unwrap_or("")
            )
        } else {
            text(&row["receipt"]["number"])
        };
        (row["line"].as_u64().unwrap(), text(&row["status"]), said)
    };
    rows.map(row).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r_in_8_each_row_of_a_file_is_an_appeal_or_says_why_not() {
    let city = City::start().await;
    // One of them came alone before.
    let alone = numbered(
        "M-bulk-0003",
        &json!({ "text": "窗口排队时间过长，请增设窗口。" }),
    );
    let (number, code) = city.submits("mobile", "M-bulk-0003", &alone).await;

    let first = numbered(
        "M-bulk-0001",
        &json!({ "text": "楼道燃气泄漏，请马上来人。" }),
    );
    let empty = numbered("M-bulk-0002", &json!({ "text": " " }));
    let other = numbered("M-bulk-0001", &json!({ "text": "另一件" }));
    let short = numbered("M-1", &json!({}));
    let without = appeal();
    let rows = [first, empty, alone, other, short, without];
    let file = format!("\u{feff}{}\r\n\r\n{{\n", lines(&rows));
    let answer = submits(&city, LINES, &file).await;
    let created = text(&answer["rows"][0]["receipt"]["number"]);
    let refused = |line, said: &str| (line, "refused".to_owned(), said.to_owned());
    let wanted = [
        (1, "created".to_owned(), created.clone()),
        refused(2, "invalid-content/text"),
        (3, "repeated".to_owned(), number.clone()),
        refused(4, "invalid-content/externalId"),
        refused(5, "invalid-content/externalId"),
        refused(6, "invalid-content/externalId"),
        refused(8, "malformed-request"),
    ];
    assert_eq!(outcomes(&answer), wanted);
    let counts = ["created", "repeated", "refused"].map(|name| answer[name].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 5]);
    // As for an appeal that comes alone: the receipt, with the emergency's notice.
    assert_eq!(answer["rows"][2]["receipt"]["queryCode"], code);
    let receipt = &answer["rows"][0]["receipt"];
    assert_eq!(receipt["notice"]["code"], "emergency_119");
    let code = text(&receipt["queryCode"]);
    assert_eq!(city.tracks(&created, &code).await.0, 200);

    // Sent again it makes nothing; another body under the same number is refused.
    let again = submits(&city, LINES, &lines(&rows[..1])).await;
    assert_eq!(outcomes(&again), [(1, "repeated".to_owned(), created)]);
    let again = submits(&city, LINES, &lines(&rows[3..4])).await;
    assert_eq!(outcomes(&again), [refused(1, "idempotency-key-reused")]);
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_in_8_a_table_of_a_clerk_comes_in_with_chinese_headings() {
    let city = City::start().await;
    let file = "\u{feff}外部编号,诉求类型,诉求对象,标题,诉求内容,诉求人类型,姓名或名称,电话,答复方式,区划\r\n\
        W-20260302-01,求助,政务服务事项办理,,\"自助端打印证明，\n缺一页\",个人,李例四,13800000001,短信,370902\r\n\
        W-20260302-02,投诉,系统功能使用,打不开,页面打不开,个人,王例五,,短信,\r\n\
        W-20260302-03,吐槽,系统功能使用,,页面打不开,个人,王例五,13800000002,短信,\r\n";
    let answer = submits(&city, TABLE, file).await;
    let created = text(&answer["rows"][0]["receipt"]["number"]);
    let refused = |line, said: &str| (line, "refused".to_owned(), said.to_owned());
    let wanted = [
        (2, "created".to_owned(), created.clone()),
        refused(4, "invalid-content/appellant/phone"),
        refused(5, "invalid-content/kind"),
    ];
    assert_eq!(outcomes(&answer), wanted);
    let detail = text(&answer["rows"][2]["problem"]["errors"][0]["detail"]);
    assert!(detail.contains("complaint（投诉）"), "{detail}");
    let page = city
        .officer(DESK, &format!("/tickets/{created}"), None)
        .await
        .1;
    assert_eq!(page["text"], "自助端打印证明，\n缺一页", "{page}");

    // With the columns in another order and the codes' names it is the same appeal.
    let same = "externalId,replyBy,kind,subject,text,appellant/kind,appellant/name,appellant/phone,area\n\
        W-20260302-01,sms,help,service_item,\"自助端打印证明，\n缺一页\",person,李例四,13800000001,370902\n";
    let again = submits(&city, TABLE, same).await;
    assert_eq!(outcomes(&again), [(2, "repeated".to_owned(), created)]);
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_in_5_a_channel_is_told_what_is_missing_of_its_day() {
    let city = City::start().await;
    let one = numbered("M-count-0001", &json!({}));
    city.submits("mobile", "M-count-0001", &one).await;
    let today = domain::calendar::shanghai_date(city.cloud.clock.now());
    let compares = async |day: chrono::NaiveDate, count: u32, ids: &[&str]| {
        let path = format!("/reconciliations/{day}");
        let body = json!({ "count": count, "ids": ids }).to_string();
        let answer = asks(&city, Method::PUT, &path, "application/json", &body).await;
        let mut answer = answer.json().unwrap();
        answer.as_object_mut().unwrap().remove("comparedAt");
        answer
    };
    let ids = ["M-count-0001", "M-count-0002", "M-count-0002"];
    let wanted = json!({
        "day": today, "count": 2, "listed": 2, "received": 1, "difference": 1,
        "missing": ["M-count-0002"], "otherDay": [],
    });
    assert_eq!(compares(today, 2, &ids).await, wanted);
    // Another channel's numbers are its own: to it this one is missing.
    let path = format!("/reconciliations/{today}");
    let body = json!({ "count": 1, "ids": &ids[..1] }).to_string();
    let elsewhere = asks_as(
        &city,
        "window",
        (Method::PUT, &path),
        "application/json",
        &body,
    );
    let elsewhere = elsewhere.await.json().unwrap();
    assert_eq!(elsewhere["missing"], json!(["M-count-0001"]));
    // Near midnight a channel may count an appeal for another day than it was received on.
    let yesterday = today.pred_opt().unwrap();
    let wanted = json!({
        "day": yesterday, "count": 1, "listed": 1, "received": 0, "difference": 1,
        "missing": [], "otherDay": [{ "id": "M-count-0001", "day": today }],
    });
    assert_eq!(compares(yesterday, 1, &ids[..1]).await, wanted);

    // The missing one is sent, the day compared again: the newest stands.
    let two = numbered("M-count-0002", &json!({}));
    submits(&city, LINES, &lines(&[two])).await;
    assert_eq!(compares(today, 2, &ids).await["difference"], 0);
    let path = format!("/reconciliations?day={today}");
    let (status, page) = city.officer(DESK, &path, None).await;
    assert_eq!(status, 200);
    let channels = page["channels"].as_array().unwrap();
    let of = |code: &str| {
        channels
            .iter()
            .find(|each| each["channel"] == code)
            .unwrap()
    };
    assert_eq!(of("mobile")["reconciliation"]["difference"], 0);
    assert_eq!(of("tv").get("reconciliation"), None, "it sent no count");
    // Without a day it is yesterday's.
    let page = city.officer(AUDITOR, "/reconciliations", None).await.1;
    assert_eq!(page["day"], json!(yesterday));
    city.stop().await;
}

/// Every answer that the contract describes of these operations.
pub(crate) async fn answers(city: &City) {
    let operations = CONTRACT.operations();
    let (_, _, batch) = operations
        .iter()
        .find(|(_, path, _)| path == "/appeals/batch")
        .unwrap();
    let kinds = batch["requestBody"]["content"].as_object().unwrap();
    assert_eq!(kinds.len(), 2);
    for (kind, content) in kinds {
        let answer = submits(city, kind, content["example"].as_str().unwrap()).await;
        assert_eq!(answer["refused"], 0, "{answer}");
    }
    let long = "长".repeat(100_000);
    let many = "{}\n".repeat(501);
    for (kind, file, status) in [
        (LINES, long.as_str(), 413),
        (LINES, many.as_str(), 422),
        (LINES, "\n", 422),
        (TABLE, "外部编号\n1\n", 422),
        ("application/json", "{}", 422),
    ] {
        let answer = asks(city, Method::POST, "/appeals/batch", kind, file).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }

    let today = domain::calendar::shanghai_date(city.cloud.clock.now());
    let path = format!("/reconciliations/{today}");
    let tomorrow = format!("/reconciliations/{}", today.succ_opt().unwrap());
    let good = r#"{"count":0,"ids":[]}"#;
    let bad = r#"{"count":1,"ids":["short"]}"#;
    let many = json!({ "count": 1, "ids": vec!["M-many-00001"; 5_001] }).to_string();
    for (path, body, status) in [
        (path.as_str(), good, 200),
        (&path, "{", 400),
        (&path, bad, 422),
        (&path, &many, 422),
        (&path, &long, 413),
        (&tomorrow, good, 422),
        ("/reconciliations/monday", good, 422),
    ] {
        let answer = asks(city, Method::PUT, path, "application/json", body).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    for (method, path) in [
        (Method::POST, "/appeals/batch"),
        (Method::PUT, path.as_str()),
    ] {
        is_answered(city, (method, path), &[], b"{}".to_vec(), 401).await;
    }

    for (officer, path, status) in [
        (DESK, "/reconciliations", 200),
        (DESK, "/reconciliations?day=monday", 422),
        (LIAISON, "/reconciliations", 403),
    ] {
        assert_eq!(city.officer(officer, path, None).await.0, status);
    }
    is_answered(city, (Method::GET, "/reconciliations"), &[], vec![], 401).await;
}
