//! What leaves in bulk (Art. 16; R-DP-3): asked for, approved by another, marked, on record, over.

use bytes::Bytes;
use domain::export::hidden_marks;
use http::Method;
use serde_json::{Value, json};
use suqiu::client::Answer;
use suqiu::state::Ports;

use crate::answers::is_answered;
use crate::city::{City, appeal, text};
use crate::schema::CONTRACT;

const DESK: &str = "ta-bigdata-triage";
const MANAGER: &str = "ta-bigdata-manager";
const AUDITOR: &str = "ta-bigdata-auditor";
const LIAISON: &str = "ta-ylbzj-liaison";

/// The last day on which it can be downloaded, `days` from today in Beijing.
fn wish(city: &City, days: i64) -> Value {
    let today = domain::calendar::shanghai_date(city.cloud.clock.now());
    json!({
        "unit": "ta-bigdata", "columns": ["number", "state", "subject", "due_at"],
        "purpose": "周例会通报待办情况", "until": today + chrono::TimeDelta::days(days),
    })
}

async fn posts(city: &City, officer: &str, path: &str, body: &Value) -> (u16, Value) {
    city.officer(officer, path, Some(body)).await
}

async fn downloads(city: &City, officer: &str, id: &str) -> Answer {
    let token = city.cloud.demo.sign_in(officer).await.unwrap();
    let path = format!("/exports/{id}/downloads");
    let url = format!("{}{path}", Ports::url(city.ports.console));
    let headers = [("authorization", token.as_str())];
    let client = &city.cloud.demo.client;
    let answer = client.send(Method::POST, &url, &headers, Bytes::new());
    let answer = answer.await.unwrap();
    CONTRACT.holds("POST", &path, &answer);
    answer
}

async fn asks(city: &City, officer: &str, days: i64) -> String {
    let (status, asked) = posts(city, officer, "/exports", &wish(city, days)).await;
    assert_eq!(status, 201, "{asked}");
    text(&asked["id"])
}

async fn approves(city: &City, officer: &str, id: &str) -> (u16, Value) {
    posts(
        city,
        officer,
        &format!("/exports/{id}/approval"),
        &json!({}),
    )
    .await
}

/// The exports that an officer sees.
async fn listed(city: &City, officer: &str) -> Vec<Value> {
    let (status, page) = city.officer(officer, "/exports", None).await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn r_dp_3_a_list_leaves_approved_marked_and_on_record_and_not_after_its_day() {
    let city = City::start().await;
    let mut numbers = Vec::new();
    for index in 0..3 {
        let key = format!("exports-{index:08}");
        numbers.push(city.submits("mobile", &key, &appeal()).await.0);
    }
    let id = asks(&city, DESK, 1).await;
    assert_eq!(downloads(&city, DESK, &id).await.status, 409, "undecided");

    let (status, granted) = approves(&city, MANAGER, &id).await;
    assert_eq!((status, &granted["standing"]), (200, &json!("granted")));
    let file = downloads(&city, DESK, &id).await;
    assert_eq!(file.status, 200, "{}", file.text());
    let name = format!("attachment; filename=\"{id}-1.csv\"");
    assert_eq!(file.headers["content-disposition"].to_str().unwrap(), name);

    // What is in it: the list, and in every row who took it out.
    let sheet = file.text();
    let mut rows = sheet.lines();
    assert_eq!(
        rows.next(),
        Some("\u{feff}诉求编号,状态,诉求事由,到期时间,水印")
    );
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), numbers.len());
    for number in &numbers {
        let row = rows.iter().find(|row| row.starts_with(number.as_str()));
        let row = row.unwrap_or_else(|| panic!("{number} is not in {sheet}"));
        assert!(row.contains("第1次下载 ta-bigdata-triage"), "{row}");
        assert!(row.contains("仅限用于：周例会通报待办情况"), "{row}");
        let marks: Vec<_> = hidden_marks(row).into_iter().collect();
        let [mark] = marks.as_slice() else {
            panic!("{marks:?}")
        };
        assert_eq!((mark.export.as_str(), mark.download), (id.as_str(), 1));
    }

    // A second file is another download; both are on record, and a row leads back to its own.
    let second = downloads(&city, DESK, &id).await.text();
    let leaked = format!("转发：{}", second.lines().last().unwrap());
    let said = suqiu::watermark::trace(&city.store(), &leaked).await;
    let said = said.unwrap().join("\n");
    let taken = format!("{id}, download 2: {DESK} of ta-bigdata, ");
    assert!(said.starts_with(&taken), "{said}");
    let seen = listed(&city, AUDITOR).await;
    let record = seen.iter().find(|each| each["id"] == json!(id)).unwrap();
    let taken = record["downloads"].as_array().unwrap();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0]["rows"], 3);
    assert_eq!(taken[0]["by"], DESK);
    let digest = <sha2::Sha256 as sha2::Digest>::digest(sheet.as_bytes());
    assert_eq!(text(&taken[0]["sha256"]), domain::ids::hex(&digest));

    // Two days later it is over, for a file and for a decision.
    city.moves_clock(2 * 24 * 3_600).await;
    let late = downloads(&city, DESK, &id).await;
    assert_eq!(
        (late.status.as_u16(), text(&late.json().unwrap()["article"])),
        (409, "第十六条".to_owned())
    );
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_dp_3_nobody_takes_out_what_is_not_theirs_or_approves_what_they_asked_for() {
    let city = City::start().await;
    // Who approves does not approve what they asked for themselves.
    let own = asks(&city, MANAGER, 1).await;
    let (status, refused) = approves(&city, MANAGER, &own).await;
    assert_eq!(status, 403);
    assert!(
        text(&refused["detail"]).contains("自己提出的导出申请"),
        "{refused}"
    );
    // Nor does anybody take out what another asked for, not even who approved it.
    let id = asks(&city, DESK, 1).await;
    assert_eq!(approves(&city, MANAGER, &id).await.0, 200);
    assert_eq!(downloads(&city, MANAGER, &id).await.status, 403);
    assert_eq!(downloads(&city, LIAISON, &id).await.status, 404);
    // Each sees their own, the manager and the auditor all.
    assert_eq!(listed(&city, DESK).await.len(), 1);
    assert_eq!(listed(&city, MANAGER).await.len(), 2);
    assert_eq!(listed(&city, AUDITOR).await.len(), 2);
    // Another unit's list, and a unit that only handles.
    let mut other = wish(&city, 1);
    other["unit"] = json!("ta-ylbzj");
    assert_eq!(posts(&city, DESK, "/exports", &other).await.0, 403);
    assert_eq!(posts(&city, LIAISON, "/exports", &other).await.0, 403);
    // Who signed in with a password alone.
    let once = city.cloud.demo.sign_in_by(DESK, "pwd").await.unwrap();
    let body = serde_json::to_vec(&wish(&city, 1)).unwrap();
    let headers = [("authorization", once.as_str())];
    let post = (Method::POST, "/exports");
    let answer = is_answered(&city, post, &headers, body, 403).await;
    assert!(answer.text().contains("多因素"), "{}", answer.text());
    // Every wrong field at once; a column of personal data is none.
    let wrong = json!({
        "unit": "", "columns": ["number", "number", "phone"],
        "purpose": "核对13877770002", "until": "2020-01-01",
    });
    let (status, said) = posts(&city, DESK, "/exports", &wrong).await;
    assert_eq!(status, 422);
    let fields = said["errors"].as_array().unwrap().iter();
    let fields: Vec<_> = fields.map(|each| text(&each["pointer"])).collect();
    let expected = ["/unit", "/columns/1", "/columns/2", "/purpose", "/until"];
    assert_eq!(fields, expected, "{said}");
    assert!(!said.to_string().contains("13877770002"));
    city.stop().await;
}

/// Every other answer that is described.
pub(crate) async fn answers(city: &City) {
    let demo = &city.cloud.demo;
    let (desk, manager) = (demo.sign_in(DESK).await, demo.sign_in(MANAGER).await);
    let liaison = demo.sign_in(LIAISON).await.unwrap();
    let (desk, manager) = (desk.unwrap(), manager.unwrap());
    let id = asks(city, DESK, 1).await;
    let nothing = "Bearer nonsense".to_owned();
    let (approval, refusal, file) = (
        format!("/exports/{id}/approval"),
        format!("/exports/{id}/refusal"),
        format!("/exports/{id}/downloads"),
    );
    let unknown = |step| format!("/exports/E2603020123ABCD/{step}");
    let reason = serde_json::to_vec(&json!({ "reason": "列数超出用途所需" })).unwrap();
    let large = serde_json::to_vec(&json!({ "reason": "长".repeat(100_000) })).unwrap();
    let good = || serde_json::to_vec(&wish(city, 1)).unwrap();
    let mut no_columns = wish(city, 1);
    no_columns["columns"] = json!([]);
    let no_columns = serde_json::to_vec(&no_columns).unwrap();
    let post = |path: &str, token: &String, body: &[u8], status| {
        (
            Method::POST,
            path.to_owned(),
            token.clone(),
            body.to_vec(),
            status,
        )
    };
    let get = |path: &str, token: &String, status| {
        (Method::GET, path.to_owned(), token.clone(), vec![], status)
    };
    for (method, path, token, body, status) in [
        get("/exports", &desk, 200),
        get("/exports", &nothing, 401),
        get("/exports", &liaison, 403),
        get("/exports?cursor=nonsense", &desk, 422),
        post("/exports", &nothing, &good(), 401),
        post("/exports", &desk, b"{", 400),
        post("/exports", &liaison, &good(), 403),
        post("/exports", &desk, &no_columns, 422),
        post("/exports", &desk, &large, 413),
        post(&approval, &nothing, b"", 401),
        post(&approval, &liaison, b"", 404),
        post(&approval, &desk, b"", 403),
        post(&unknown("approval"), &manager, b"", 404),
        post(&refusal, &nothing, &reason, 401),
        post(&refusal, &desk, &reason, 403),
        post(&refusal, &manager, b"{", 400),
        post(&refusal, &manager, b"{\"reason\":\" \"}", 422),
        post(&refusal, &manager, &large, 413),
        post(&unknown("refusal"), &manager, &reason, 404),
        post(&refusal, &manager, &reason, 200),
        post(&refusal, &manager, &reason, 409),
        post(&approval, &manager, b"", 409),
        post(&file, &nothing, b"", 401),
        post(&file, &manager, b"", 403),
        post(&file, &liaison, b"", 404),
        post(&file, &desk, b"", 409),
    ] {
        let headers = [("authorization", token.as_str())];
        is_answered(city, (method, &path), &headers, body, status).await;
    }
    let id = asks(city, DESK, 1).await;
    assert_eq!(approves(city, MANAGER, &id).await.0, 200);
    assert_eq!(downloads(city, DESK, &id).await.status, 200);
}
