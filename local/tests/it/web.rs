//! The web port: issuer, outbox, controls.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use chrono::DateTime;
use http::Uri;
use serde_json::{Value, json};
use substrate::Clock;
use suqiu::city::City;
use suqiu::client::Client;
use suqiu::jwt::{Expected, SigningKey};
use suqiu::lambda::{Lambda, Spawner};
use suqiu::state::Ports;
use suqiu::web::authorize::Codes;
use suqiu::web::outbox::Outbox;
use suqiu::web::site::{Site, policy};
use suqiu::web::{Web, router};

use crate::support::{scratch, serve};

struct Page {
    url: String,
    key: Arc<SigningKey>,
    clock: Clock,
    client: Client,
}

async fn page(name: &str) -> Page {
    page_in(&scratch(name)).await
}

async fn page_in(folder: &Path) -> Page {
    let key = Arc::new(SigningKey::open(&folder.join("key")).unwrap());
    let clock = Clock::open(folder).unwrap();
    let web = Web {
        ports: Ports::from_base(3000).unwrap(),
        openapi: folder.join("openapi.yaml"),
        city: City::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("demo")).unwrap(),
        key: Arc::clone(&key),
        expected: expected(),
        outbox: Outbox::open(folder, &["whsec_c2VjcmV0".to_owned()]).unwrap(),
        clock: clock.clone(),
        lambda: Arc::new(Lambda::new(vec![], &Spawner::start().unwrap())),
        codes: Codes::default(),
    };
    std::fs::write(folder.join("openapi.yaml"), "openapi: 3.0.3\n").unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let site = Site {
        folder: folder.join("dist"),
        policy: policy(root, "http://127.0.0.1:3011").unwrap(),
    };
    let door =
        |name: &'static str| Router::new().fallback(async move |uri: Uri| format!("{name} {uri}"));
    let router = router(web, site, (door("public"), door("console")));
    let url = format!("http://127.0.0.1:{}", serve(router).await);
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
        ("/laptop", "发件箱"),
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

/// What a page asks the issuer for, with the challenge of RFC 7636, appendix B.
fn asked(client: &str, redirect: &str) -> String {
    format!(
        "client_id={client}&redirect_uri={redirect}&state=s1&response_type=code\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
    )
}

/// As the pages do it: the issuer's page, a choice, a code, and the token for it (RFC 7636).
#[tokio::test]
async fn r_ac_2_pages_sign_in_by_a_code_that_is_good_once_and_for_who_asked_for_it() {
    let page = page("code").await;
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let home = "http%3A%2F%2F127.0.0.1%3A3002%2Fofficers%2F";
    let shown = asked("suqiu-console", home);
    let shown = page.get(&format!("/issuer/authorize?{shown}")).await;
    assert!(shown.text().contains("value=\"ta-rsj-liaison\""));
    let elsewhere = asked("suqiu-console", "https%3A%2F%2Fevil.example%2F");
    let shown = page.get(&format!("/issuer/authorize?{elsewhere}")).await;
    assert_eq!(shown.status, 400);

    let choose = async |client: &str, who: &str| {
        let form = format!("{}&who={who}", asked(client, home));
        let url = format!("{}/issuer/authorize", page.url);
        page.client.post_form(&url, &form).await.unwrap()
    };
    assert_eq!(choose("suqiu-console", "nobody").await.status, 400);
    let redeem = async |code: &str, verifier: &str| {
        let form = format!(
            "grant_type=authorization_code&code={code}&redirect_uri={home}&code_verifier={verifier}"
        );
        let url = format!("{}/issuer/token", page.url);
        page.client.post_form(&url, &form).await.unwrap()
    };
    for (client, who) in [
        ("suqiu-console", "ta-rsj-liaison"),
        ("suqiu-appeals", "demo-zhang"),
    ] {
        let code = async || {
            let answer = choose(client, who).await;
            let to = answer.headers["location"].to_str().unwrap().to_owned();
            let rest = to
                .strip_prefix("http://127.0.0.1:3002/officers/?code=")
                .unwrap();
            rest.strip_suffix("&state=s1").unwrap().to_owned()
        };
        // A code that was shown with another verifier is gone.
        let stolen = code().await;
        assert_eq!(redeem(&stolen, "another-verifier").await.status, 400);
        assert_eq!(redeem(&stolen, verifier).await.status, 400);
        let good = code().await;
        let token = redeem(&good, verifier)
            .await
            .success()
            .unwrap()
            .json()
            .unwrap();
        let audience = Expected {
            audience: client.to_owned(),
            ..expected()
        };
        let token = token["access_token"].as_str().unwrap();
        let claims = page.key.verify(token, &audience, page.clock.now()).unwrap();
        assert_eq!(claims["sub"], who);
        assert_eq!(redeem(&good, verifier).await.status, 400);
    }
}

/// R-UX-1: the pages with the headers that keep them to their own host, and both front doors beside
/// them.
#[tokio::test]
async fn r_ux_1_pages_are_served_with_a_strict_policy_and_say_when_they_are_not_built() {
    let unbuilt = page("unbuilt").await.get("/").await;
    assert_eq!(unbuilt.status, 503);
    assert!(unbuilt.text().contains("npm ci"));

    let folder = scratch("built");
    let dist = folder.join("dist");
    std::fs::create_dir_all(dist.join("officers")).unwrap();
    std::fs::create_dir_all(dist.join("assets")).unwrap();
    std::fs::write(dist.join("index.html"), "<h1>appellants</h1>").unwrap();
    std::fs::write(dist.join("officers/index.html"), "<h1>officers</h1>").unwrap();
    std::fs::write(dist.join("assets/a-1.js"), "let a;".repeat(1000)).unwrap();
    let page = page_in(&folder).await;
    for (path, text) in [("/", "appellants"), ("/officers/", "officers")] {
        let answer = page.get(path).await;
        assert!(answer.text().contains(text), "{path}: {}", answer.text());
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{policy}"
        );
        assert!(
            !policy.contains("unsafe") && !policy.contains('*'),
            "{policy}"
        );
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["cache-control"], "no-cache");
    }
    let url = format!("{}/assets/a-1.js", page.url);
    let script = page
        .client
        .get(&url, &[("accept-encoding", "gzip")])
        .await
        .unwrap();
    assert_eq!(script.headers["content-encoding"], "gzip");
    assert_eq!(
        script.headers["cache-control"],
        "public, max-age=31536000, immutable"
    );
    assert!(script.body.len() < 200);
    let config = page.get("/config.json").await.json().unwrap();
    assert_eq!(config["officers"]["clientId"], "suqiu-console");
    assert_eq!(page.get("/nothing.js").await.status, 404);
    for (path, text) in [
        ("/api-public/appeals/x?a=1", "public /appeals/x?a=1"),
        ("/api-console/worklist", "console /worklist"),
    ] {
        assert_eq!(page.get(path).await.text(), text);
    }
}
