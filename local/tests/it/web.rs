//! The web port: issuer, outbox, controls.

use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use serde_json::{Value, json};
use substrate::Clock;
use suqiu::city::City;
use suqiu::client::Client;
use suqiu::jwt::{Expected, SigningKey};
use suqiu::lambda::{Lambda, Spawner};
use suqiu::state::Ports;
use suqiu::web::outbox::Outbox;
use suqiu::web::{Web, router};

use crate::support::{scratch, serve};

struct Page {
    url: String,
    key: Arc<SigningKey>,
    clock: Clock,
    client: Client,
}

async fn page(name: &str) -> Page {
    let folder = scratch(name);
    let key = Arc::new(SigningKey::open(&folder.join("key")).unwrap());
    let clock = Clock::open(&folder).unwrap();
    let web = Web {
        ports: Ports::from_base(3000).unwrap(),
        openapi: folder.join("openapi.yaml"),
        city: City::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("demo")).unwrap(),
        key: Arc::clone(&key),
        expected: expected(),
        outbox: Outbox::open(&folder, &["whsec_c2VjcmV0".to_owned()]).unwrap(),
        clock: clock.clone(),
        lambda: Arc::new(Lambda::new(vec![], &Spawner::start().unwrap())),
    };
    std::fs::write(folder.join("openapi.yaml"), "openapi: 3.0.3\n").unwrap();
    let url = format!("http://127.0.0.1:{}", serve(router(web)).await);
    Page {
        url,
        key,
        clock,
        client: Client::default(),
    }
}

fn expected() -> Expected {
    Expected {
        issuer: "http://127.0.0.1:3002/issuer".into(),
        audience: "suqiu-console".into(),
    }
}

impl Page {
    async fn get(&self, path: &str) -> suqiu::client::Answer {
        self.client
            .get(&format!("{}{path}", self.url), &[])
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_demonstration_officer_signs_in_with_a_token_that_verifies() {
    let page = page("issuer").await;
    let url = format!("{}/issuer/token", page.url);
    let form = "grant_type=password&username=ta-rsj-liaison&password=any";
    let answer = page
        .client
        .post_form(&url, form)
        .await
        .unwrap()
        .success()
        .unwrap()
        .json()
        .unwrap();
    assert_eq!(answer["expires_in"], 28_800);
    let token = answer["access_token"].as_str().unwrap();
    let claims = page
        .key
        .verify(token, &expected(), page.clock.now())
        .unwrap();
    assert_eq!(claims["sub"], "ta-rsj-liaison");
    assert_eq!(claims["unit"], "ta-rsj");
    assert_eq!(claims["roles"], json!(["liaison"]));
    let jwks = page.get("/issuer/jwks").await.json().unwrap();
    assert_eq!(
        (&jwks["keys"][0]["crv"], &jwks["keys"][0]["alg"]),
        (&json!("P-256"), &json!("ES256"))
    );
    let configuration = page
        .get("/issuer/.well-known/openid-configuration")
        .await
        .json()
        .unwrap();
    assert_eq!(
        configuration["jwks_uri"],
        "http://127.0.0.1:3002/issuer/jwks"
    );
    for form in [
        "username=nobody",
        "",
        "grant_type=client_credentials&username=ta-rsj-liaison",
    ] {
        assert_eq!(
            page.client.post_form(&url, form).await.unwrap().status,
            400,
            "{form}"
        );
    }
}

#[tokio::test]
async fn the_outbox_shows_what_was_sent_and_refuses_the_unsigned() {
    let page = page("outbox").await;
    let url = format!("{}/outbox", page.url);
    let to = json!({ "name": "李样例", "phone": "13900001234" });
    let body = json!({ "way": "sms", "number": "TA1", "to": to, "text": "<b>已办结</b>" });
    assert_eq!(
        page.client
            .post_json(&url, &[], &body)
            .await
            .unwrap()
            .status,
        401
    );
    let timestamp = page.clock.now().timestamp().to_string();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"secret");
    let tag = ring::hmac::sign(&key, format!("m1.{timestamp}.{body}").as_bytes());
    let signature = format!(
        "v1,{}",
        base64::Engine::encode(&base64::prelude::BASE64_STANDARD, tag)
    );
    let headers = [
        ("webhook-id", "m1"),
        ("webhook-timestamp", &timestamp),
        ("webhook-signature", &signature),
    ];
    assert_eq!(
        page.client
            .post_json(&url, &headers, &body)
            .await
            .unwrap()
            .status,
        204
    );
    let html = page.get("/outbox").await.text();
    assert!(
        html.contains("139****1234")
            && html.contains("&lt;b&gt;已办结")
            && !html.contains("13900001234")
    );
    let list = page.get("/outbox.json").await.json().unwrap();
    assert_eq!(list.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn the_clock_moves_and_returns() {
    let page = page("clock").await;
    let url = format!("{}/control/clock", page.url);
    let before = page.clock.now();
    page.client
        .post_json(&url, &[], &json!({ "shift_seconds": 86_400 }))
        .await
        .unwrap()
        .success()
        .unwrap();
    assert!(page.clock.now() - before >= chrono::TimeDelta::seconds(86_400));
    let state = page
        .client
        .post_json(&url, &[], &json!({ "reset": true }))
        .await
        .unwrap()
        .json()
        .unwrap();
    assert_eq!(state["offset_seconds"], 0);
    assert!(DateTime::parse_from_rfc3339(state["now"].as_str().unwrap()).is_ok());
    let wrong: Value = json!({ "shift": 1 });
    assert_eq!(
        page.client
            .post_json(&url, &[], &wrong)
            .await
            .unwrap()
            .status,
        422
    );
}

#[tokio::test]
async fn the_controls_are_out_of_reach_of_other_sites() {
    let page = page("sites").await;
    let url = format!("{}/control/clock", page.url);
    for header in [
        ("host", "evil.example"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let answer = page
            .client
            .post_json(&url, &[header], &json!({ "shift_seconds": 1 }))
            .await
            .unwrap();
        assert_eq!(answer.status, 403, "{header:?}");
    }
    assert_eq!(page.clock.offset_seconds(), 0);
}

#[tokio::test]
async fn pages_are_there() {
    let page = page("pages").await;
    for (path, part) in [
        ("/", "发件箱"),
        ("/openapi.yaml", "openapi: 3.0.3"),
        ("/issuer/officers", "ta-bigdata-triage"),
        ("/control/health", "\"ok\""),
    ] {
        let answer = page.get(path).await;
        assert!(
            answer.status == 200 && answer.text().contains(part),
            "{path}: {}",
            answer.text()
        );
    }
}
