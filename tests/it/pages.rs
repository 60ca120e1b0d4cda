//! What the pages ask for (R-UX-1): appeals brought in by who is signed in there, work lists with
//! their counts, names, and why an action is not open.

use serde_json::{Value, json};
use suqiu::client::Answer;
use suqiu::state::Ports;

use crate::city::{City, appeal};

const DESK: &str = "ta-bigdata-triage";
const LIAISON: &str = "ta-gs-liaison";

/// A request of the page `channel` for who bears `token`.
async fn page(city: &City, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let url = format!("{}{path}", Ports::url(city.ports.public));
    let client = &city.cloud.demo.client;
    client.post_json(&url, headers, body).await.unwrap()
}

async fn submits(city: &City, token: &str, channel: &str, key: &str, body: &Value) -> (u16, Value) {
    let headers = [
        ("authorization", token),
        ("suqiu-channel", channel),
        ("idempotency-key", key),
    ];
    let answer = page(city, "/appeals", &headers, body).await;
    (answer.status.as_u16(), answer.json().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn r_in_7_who_is_signed_in_on_a_page_brings_in_an_appeal_of_their_account() {
    let city = City::start().await;
    let demo = &city.cloud.demo;
    let me = demo.sign_in_appellant("citizen-7").await.unwrap();
    let other = demo.sign_in_appellant("citizen-8").await.unwrap();
    let officer = demo.sign_in(DESK).await.unwrap();
    let key = "page-life-0001";

    let (status, mine) = submits(&city, &me, "mobile", key, &appeal()).await;
    assert_eq!(status, 201, "{mine}");
    // R-IN-6: again is the same; another text under the key is refused; another's key is their own.
    let (status, again) = submits(&city, &me, "mobile", key, &appeal()).await;
    assert_eq!((status, &again["number"]), (200, &mine["number"]));
    let mut changed = appeal();
    changed["text"] = "另一件事：社保转移没有办好。".into();
    let (status, reused) = submits(&city, &me, "mobile", key, &changed).await;
    assert_eq!(
        (status, &reused["code"]),
        (409, &json!("idempotency-key-reused"))
    );
    let (status, theirs) = submits(&city, &other, "mobile", key, &appeal()).await;
    assert_eq!(status, 201);
    assert_ne!(theirs["number"], mine["number"]);

    // Whatever account the text claims, it is the token's.
    let mut claims = appeal();
    claims["appellant"]["account"] = "citizen-8".into();
    let (_, claimed) = submits(&city, &me, "pc", "page-life-0002", &claims).await;
    let track = async |token: &str, number: &Value| {
        let number = number.as_str().unwrap();
        let url = format!("{}/appeals/{number}", Ports::url(city.ports.public));
        let headers = [("authorization", token)];
        let answer = city.cloud.demo.client.get(&url, &headers).await.unwrap();
        answer.status.as_u16()
    };
    assert_eq!(track(&me, &claimed["number"]).await, 200);
    assert_eq!(track(&other, &claimed["number"]).await, 404);

    // Pages are those of the template; officers and strangers have no part in it.
    for (token, channel) in [
        (me.as_str(), "window"),
        (&me, "leader_mailbox"),
        (&me, ""),
        (&officer, "mobile"),
        ("Bearer none", "mobile"),
    ] {
        let (status, body) = submits(&city, token, channel, "page-life-0003", &appeal()).await;
        assert_eq!(status, 401, "{channel}: {body}");
    }
    // A forged signature is not saved by a good token.
    let headers = [
        ("authorization", me.as_str()),
        ("suqiu-channel", "mobile"),
        ("suqiu-signature", "v1=00"),
        ("idempotency-key", "page-life-0004"),
    ];
    assert_eq!(
        page(&city, "/appeals", &headers, &appeal()).await.status,
        401
    );

    // R-IN-3: the same file of the same person is the same upload, another's is another.
    let file = json!({ "contentType": "image/png", "sizeBytes": 10,
        "sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" });
    let mut granted = Vec::new();
    for token in [&me, &me, &other] {
        let headers = [
            ("authorization", token.as_str()),
            ("suqiu-channel", "mobile"),
        ];
        let answer = page(&city, "/uploads", &headers, &file).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        granted.push(answer.json().unwrap()["uploadId"].clone());
    }
    assert_eq!(granted[0], granted[1]);
    assert_ne!(granted[1], granted[2]);
    city.stop().await;
}

/// Numbers on a list, over all its pages.
async fn listed(city: &City, query: &str) -> Vec<Value> {
    let (mut numbers, mut next) = (Vec::new(), String::new());
    loop {
        let path = format!("/worklist?limit=2{query}{next}");
        let (status, list) = city.officer(LIAISON, &path, None).await;
        assert_eq!(status, 200, "{list}");
        let items = list["items"].as_array().unwrap();
        numbers.extend(items.iter().map(|item| item["number"].clone()));
        match list["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return numbers,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ux_1_counts_equal_the_lists_and_what_is_overdue_is_a_list() {
    let city = City::start().await;
    let mut numbers = Vec::new();
    for key in ["counted-1", "counted-2", "counted-3"] {
        let (number, _) = city.submits("mobile", key, &appeal()).await;
        city.acts(DESK, &number, "dispatch", &json!({ "unit": "ta-gs" }))
            .await;
        numbers.push(number);
    }
    city.acts(LIAISON, &numbers[0], "sign", &json!({})).await;

    let counts = async || city.officer(LIAISON, "/worklist/counts", None).await.1;
    let before = counts().await;
    assert_eq!(
        before["tasks"],
        json!([
            { "task": "sign", "taskName": "待签收", "count": 2, "overdue": 0 },
            { "task": "handle", "taskName": "办理中", "count": 1, "overdue": 0 },
        ])
    );
    assert_eq!(
        (&before["total"], &before["overdue"]),
        (&json!(3), &json!(0))
    );
    assert_eq!(listed(&city, "&overdue=true").await, Vec::<Value>::new());

    // Signing is due within hours, the answer at the end of the next working day.
    city.moves_clock(10 * 86_400).await;
    let after = counts().await;
    for task in after["tasks"].as_array().unwrap() {
        let of_task = format!("&task={}", task["task"].as_str().unwrap());
        assert_eq!(json!(listed(&city, &of_task).await.len()), task["count"]);
        assert_eq!(task["overdue"], task["count"], "{after}");
    }
    let mut overdue = listed(&city, "&overdue=true").await;
    overdue.sort_by_key(ToString::to_string);
    numbers.sort();
    assert_eq!(json!(overdue), json!(numbers));
    assert_eq!(after["overdue"], json!(3));

    // Another unit's are for auditors.
    let path = "/worklist/counts?unit=ta-gs";
    assert_eq!(city.officer("ta-gjj-liaison", path, None).await.0, 403);
    let (status, seen) = city.officer("ta-bigdata-auditor", path, None).await;
    assert_eq!((status, &seen["total"]), (200, &json!(3)));

    let (status, directory) = city.officer(LIAISON, "/directory", None).await;
    assert_eq!(status, 200);
    let units = directory["units"].as_array().unwrap();
    let own = units.iter().find(|unit| unit["id"] == "ta-gs").unwrap();
    assert_eq!(
        (&own["name"], &own["canReceive"]),
        (&json!("泰安市供水公司"), &json!(true))
    );
    assert_eq!(directory["channels"][0]["name"], "PC端");
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ux_1_a_ticket_says_why_an_action_is_not_open() {
    let city = City::start().await;
    let (number, _) = city.submits("mobile", "closed-0001", &appeal()).await;
    let closed = async |officer: &str, action: &str| {
        let page = city
            .officer(officer, &format!("/tickets/{number}"), None)
            .await
            .1;
        let all = page["closed"].as_array().unwrap().clone();
        let found = all.iter().find(|it| it["action"] == action);
        found.map(|it| it["reason"].as_str().unwrap().to_owned())
    };
    // Open, so not among them; of another state; of another seat.
    assert_eq!(closed(DESK, "dispatch").await, None);
    let reason = closed(DESK, "record_meeting").await.unwrap();
    assert_eq!(reason, "工单处于“待分拣”；须处于“联合处置中”");
    city.acts(DESK, &number, "dispatch", &json!({ "unit": "ta-gs" }))
        .await;
    assert_eq!(closed(LIAISON, "sign").await, None);
    assert_eq!(
        closed(LIAISON, "close").await.as_deref(),
        Some("工单处于“待签收”；须处于“办理中”“待补充材料”“整改中”")
    );
    // Nothing of what is other roles' is listed.
    assert_eq!(closed(LIAISON, "dispatch").await, None);
    city.stop().await;
}
