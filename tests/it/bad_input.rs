//! Bad input gets a problem with a stable code, a Chinese message and the field (R-UX-2).

use domain::ticket::{TicketKey, TicketNumber};
use http::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use suqiu::client::Answer;
use suqiu::state::Ports;

use crate::city::{City, appeal};
use crate::schema::CONTRACT;

fn check(answer: &Answer, status: u16, code: &str, pointer: Option<&str>) {
    let body: Value = answer.json().unwrap();
    assert_eq!(
        (answer.status.as_u16(), &body["code"]),
        (status, &json!(code)),
        "{body}"
    );
    let kind = answer
        .headers
        .get("content-type")
        .unwrap()
        .to_str()
        .unwrap();
    assert!(kind.starts_with("application/problem+json"), "{kind}");
    assert!(
        body["title"]
            .as_str()
            .unwrap()
            .chars()
            .any(|c| c > '\u{2E80}'),
        "{body}"
    );
    assert!(!body["traceId"].as_str().unwrap().is_empty(), "{body}");
    if let Some(pointer) = pointer {
        assert_eq!(body["errors"][0]["pointer"], pointer, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ux_2_every_bad_submission_is_told_what_is_wrong() {
    let city = City::start().await;
    let key = Some("bad-00000001");
    for (change, status, code, pointer) in [
        (json!({ "text": null }), 400, "malformed-request", Some("")),
        (json!({ "text": "" }), 422, "invalid-content", Some("/text")),
        (
            json!({ "text": "长".repeat(5_001) }),
            422,
            "invalid-content",
            Some("/text"),
        ),
        (
            json!({ "kind": "other" }),
            422,
            "invalid-content",
            Some("/kind"),
        ),
        (
            json!({ "attachments": ["nosuchupload"] }),
            422,
            "invalid-content",
            Some("/attachments/0"),
        ),
        (json!({ "surprise": 1 }), 400, "malformed-request", Some("")),
    ] {
        let mut body = appeal();
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        let body = serde_json::to_vec(&body).unwrap();
        check(
            &city.channel("mobile", "/appeals", key, &body).await,
            status,
            code,
            pointer,
        );
    }
    check(
        &city.channel("mobile", "/appeals", key, b"{").await,
        400,
        "malformed-request",
        Some(""),
    );
    let good = serde_json::to_vec(&appeal()).unwrap();
    let without_key = city.channel("mobile", "/appeals", None, &good).await;
    check(
        &without_key,
        422,
        "invalid-content",
        Some("Idempotency-Key"),
    );
    let mut large = appeal();
    large["text"] = "长".repeat(100_000).into();
    let large = serde_json::to_vec(&large).unwrap();
    check(
        &city.channel("mobile", "/appeals", key, &large).await,
        413,
        "body-too-large",
        None,
    );
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_in_6_the_same_key_gives_the_same_ticket_and_refuses_another_body() {
    let city = City::start().await;
    let body = serde_json::to_vec(&appeal()).unwrap();
    let key = Some("same-00000001");
    let first = city.channel("mobile", "/appeals", key, &body).await;
    let again = city.channel("mobile", "/appeals", key, &body).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 200));
    assert_eq!(first.json().unwrap(), again.json().unwrap());
    let mut other = appeal();
    other["text"] = "另一件事情".into();
    let other = serde_json::to_vec(&other).unwrap();
    let refused = city.channel("mobile", "/appeals", key, &other).await;
    check(&refused, 409, "idempotency-key-reused", None);
    // Another channel's key is another key.
    let elsewhere = city.channel("tv", "/appeals", key, &body).await;
    assert_eq!(elsewhere.status.as_u16(), 201);
    city.stop().await;
}

/// A request as the channel `mobile` signs it; `change` names headers that are sent otherwise than
/// they were signed, except the nonce, which is signed as it is sent.
async fn signed(city: &City, path: &str, body: &Value, change: &[(&str, String)]) -> Answer {
    let body = serde_json::to_vec(body).unwrap();
    let secret = city.cloud.demo.keys.channel_secrets["mobile"][0].clone();
    let secret = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, secret).unwrap();
    let header = |name: &str, or: String| {
        change
            .iter()
            .find(|(each, _)| *each == name)
            .map_or(or, |(_, value)| value.clone())
    };
    let now = city.cloud.clock.now().timestamp().to_string();
    let timestamp = header("suqiu-timestamp", now);
    let nonce = header("suqiu-nonce", "abcdefghijklmnop".to_owned());
    let request = access::channel::SignedRequest {
        method: "POST",
        path,
        query: "",
        timestamp: &timestamp,
        nonce: &nonce,
        idempotency_key: "signed-00000001",
        signature: "",
        body: &body,
    };
    let signature = header("suqiu-signature", access::channel::sign(&request, &secret));
    let channel = header("suqiu-channel", "mobile".to_owned());
    let key = header("idempotency-key", "signed-00000001".to_owned());
    let headers = [
        ("suqiu-channel", channel.as_str()),
        ("suqiu-timestamp", timestamp.as_str()),
        ("suqiu-nonce", nonce.as_str()),
        ("suqiu-signature", signature.as_str()),
        ("idempotency-key", key.as_str()),
        ("content-type", "application/json"),
    ];
    let url = format!("{}{path}", Ports::url(city.ports.public));
    let client = &city.cloud.demo.client;
    let answer = client.send(Method::POST, &url, &headers, body.into());
    let answer = answer.await.unwrap();
    CONTRACT.holds("POST", path, &answer);
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ac_2_signatures_timestamps_and_nonces_are_checked() {
    let city = City::start().await;
    let send = async |change: &[(&str, String)]| signed(&city, "/appeals", &appeal(), change).await;
    let wrong = ("suqiu-signature", format!("v1={}", "0".repeat(64)));
    check(&send(&[wrong]).await, 401, "wrong-signature", None);
    let unknown = ("suqiu-channel", "nosuch".to_owned());
    check(&send(&[unknown]).await, 401, "wrong-signature", None);
    let stale = (city.cloud.clock.now().timestamp() - 301).to_string();
    let stale = ("suqiu-timestamp", stale);
    check(&send(&[stale]).await, 401, "stale-timestamp", None);

    assert_eq!(send(&[]).await.status.as_u16(), 201);
    check(&send(&[]).await, 401, "replayed-nonce", None);
    // A replay cannot make another ticket: the key is signed too.
    let other = ("idempotency-key", "signed-00000002".to_owned());
    check(&send(&[other]).await, 401, "wrong-signature", None);
    // An honest repeat is signed anew, and its nonce is used up as well.
    let fresh = [("suqiu-nonce", "ponmlkjihgfedcba".to_owned())];
    assert_eq!(send(&fresh).await.status.as_u16(), 200);
    check(&send(&fresh).await, 401, "replayed-nonce", None);

    let picture = json!({
        "contentType": "image/png", "sizeBytes": 9, "sha256": format!("{}=", "A".repeat(43))
    });
    let upload = signed(&city, "/uploads", &picture, &[]).await;
    assert_eq!(upload.status.as_u16(), 201, "{}", upload.text());
    let again = signed(&city, "/uploads", &picture, &[]).await;
    check(&again, 401, "replayed-nonce", None);
    // Nor can a nonce be used again with another time of signing.
    let later = (city.cloud.clock.now().timestamp() + 1).to_string();
    let later = signed(&city, "/uploads", &picture, &[("suqiu-timestamp", later)]).await;
    check(&later, 401, "replayed-nonce", None);
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_in_7_unknown_numbers_and_wrong_codes_get_one_answer_and_few_tries() {
    let city = City::start().await;
    let (number, code) = city.submits("mobile", "guess-00000001", &appeal()).await;
    let unknown = "TA26112428T5CY4TZ";
    let strip = |(status, mut page): (u16, Value)| {
        page["traceId"] = Value::Null;
        (status, page)
    };
    let wrong = strip(city.tracks(&number, "00000-00000").await);
    assert_eq!(wrong.0, 404);
    assert_eq!(wrong, strip(city.tracks(unknown, "00000-00000").await));
    for _ in 0..4 {
        city.tracks(&number, "00000-00000").await;
        city.tracks(unknown, "00000-00000").await;
    }
    // Five tries are used up, for the right code too, and for a number that does not exist.
    assert_eq!(city.tracks(&number, &code).await.0, 429);
    assert_eq!(city.tracks(unknown, &code).await.0, 429);
    city.moves_clock(3_700).await;
    assert_eq!(city.tracks(&number, &code).await.0, 200);
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ac_2_nested_bodies_and_crooked_paths_reach_nothing() {
    let city = City::start().await;
    // Deep enough to overflow the stack of a parser that follows it.
    for nested in ["[".repeat(200_000), "{\"text\":".repeat(25_000)] {
        let key = Some("nested-00000001");
        let answer = city.channel("mobile", "/appeals", key, nested.as_bytes());
        check(&answer.await, 400, "malformed-request", Some(""));
    }
    let (number, code) = city.submits("mobile", "crooked-00000001", &appeal()).await;
    let public = Ports::url(city.ports.public);
    // Whoever may see it by the straight path: a crooked one that reached anything would show it.
    let desk = city.cloud.demo.sign_in("ta-bigdata-triage").await.unwrap();
    let headers = [
        ("query-code", code.as_str()),
        ("authorization", desk.as_str()),
    ];
    let straight = format!("{public}/appeals/{number}");
    let answer = city
        .cloud
        .demo
        .client
        .get(&straight, &headers)
        .await
        .unwrap();
    assert_eq!(answer.status, 200);
    for path in [
        format!("//appeals/{number}"),
        format!("/appeals/{number}/"),
        format!("/appeals/..%2ftickets%2f{number}"),
        format!("/appeals/%2e%2e/tickets/{number}"),
        format!("/appeals/{number}%00"),
        format!("/tickets/{number}"),
        format!("/APPEALS/{number}"),
    ] {
        let url = format!("{public}{path}");
        let answer = city.cloud.demo.client.get(&url, &headers).await.unwrap();
        let status = answer.status.as_u16();
        assert!([403, 404].contains(&status), "{path}: {status}");
        assert!(!answer.text().contains(&number), "{path}");
    }
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ac_2_who_guesses_at_many_numbers_is_shut_out_too() {
    let city = City::start().await;
    let (number, code) = city.submits("mobile", "guess-00000002", &appeal()).await;
    // Never more than one code for a number: only the source has them in common.
    let now = city.cloud.clock.now();
    let tries = domain::rulebook::Rulebook::first().source_tries;
    for index in 0..tries {
        let key = TicketKey::from_digest(&Sha256::digest(index.to_be_bytes()));
        let guessed = TicketNumber::new(&key, now).to_string();
        assert_eq!(city.tracks(&guessed, &code).await.0, 404, "{index}");
        if index + 2 == tries {
            assert_eq!(city.tracks(&number, &code).await.0, 200);
        }
    }
    let (status, page) = city.tracks(&number, &code).await;
    assert_eq!((status, &page["code"]), (429, &json!("too-many-tries")));
    city.moves_clock(3_700).await;
    assert_eq!(city.tracks(&number, &code).await.0, 200);
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ac_1_officers_see_and_do_only_what_is_theirs() {
    let city = City::start().await;
    let (number, _) = city.submits("mobile", "authz-00000001", &appeal()).await;
    let ticket = format!("/tickets/{number}");
    let dispatch = format!("{ticket}/dispatch");
    let unit = json!({ "unit": "ta-ylbzj" });
    for (officer, path, body, status) in [
        ("ta-bigdata-triage", ticket.as_str(), None, 200),
        ("ta-approval-triage", ticket.as_str(), None, 404),
        ("ta-rsj-liaison", ticket.as_str(), None, 404),
        ("ta-bigdata-auditor", ticket.as_str(), None, 200),
        ("ta-bigdata-auditor", dispatch.as_str(), Some(&unit), 403),
        ("ta-bigdata-analyst", ticket.as_str(), None, 404),
        ("ta-rsj-liaison", "/worklist?unit=ta-ylbzj", None, 403),
        ("ta-bigdata-analyst", "/worklist", None, 403),
    ] {
        let (got, page) = city.officer(officer, path, body).await;
        assert_eq!(got, status, "{officer} {path}: {page}");
    }
    let url = format!("{}{ticket}", Ports::url(city.ports.console));
    for headers in [vec![], vec![("authorization", "Bearer nonsense")]] {
        let answer = city.cloud.demo.client.get(&url, &headers).await.unwrap();
        check(&answer, 401, "sign-in-required", None);
        CONTRACT.holds("GET", &ticket, &answer);
    }
    city.stop().await;
}
