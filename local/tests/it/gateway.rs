//! Both front doors against committed sample events, and what they refuse by themselves.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Method, StatusCode};
use lambda_http::RequestExt as _;
use serde_json::{Value, json};
use substrate::{Clock, Invoke, Outcome};
use suqiu::client::{Answer, Client};
use suqiu::gateway::routes::Route;
use suqiu::gateway::throttle::{Plan, Throttle};
use suqiu::gateway::{Gateway, Kind, router};
use suqiu::jwt::{Expected, SigningKey};

use crate::support::{scratch, serve};

/// A limit that no test meets by chance.
const GENEROUS: Plan = Plan {
    rate: 1000.0,
    burst: 1000.0,
};

/// Notes what it was called with; answers as told.
struct Recorder {
    calls: Mutex<Vec<(String, Value)>>,
}

#[async_trait::async_trait]
impl Invoke for Recorder {
    async fn invoke(&self, function: &str, payload: Bytes) -> anyhow::Result<Outcome> {
        let event: Value = serde_json::from_slice(&payload)?;
        self.calls
            .lock()
            .unwrap()
            .push((function.to_owned(), event));
        let created = json!({ "statusCode": 201, "headers": { "content-type": "application/json" }, "body": "{}" });
        Ok(match function {
            "CrashFunction" => {
                Outcome::FunctionError(Bytes::from_static(b"{\"errorMessage\":\"secret\"}"))
            }
            "OddFunction" => Outcome::Ok(Bytes::from_static(b"\"no status\"")),
            _ => Outcome::Ok(Bytes::from(created.to_string())),
        })
    }
}

struct Door {
    url: String,
    recorder: Arc<Recorder>,
    key: Arc<SigningKey>,
    clock: Clock,
}

async fn door(name: &str, console: bool, plan: Plan) -> Door {
    let folder = scratch(name);
    let key = Arc::new(SigningKey::open(&folder.join("key")).unwrap());
    let clock = Clock::open(&folder).unwrap();
    let recorder = Arc::new(Recorder {
        calls: Mutex::default(),
    });
    let expected = Expected {
        issuer: "http://issuer".into(),
        audience: "suqiu-console".into(),
    };
    let kind = if console {
        Kind::Http {
            key: Arc::clone(&key),
            expected,
        }
    } else {
        Kind::Rest
    };
    let route = |method: Method, resource: &str, function: &str| Route {
        method,
        resource: resource.to_owned(),
        function: function.to_owned(),
    };
    let routes = vec![
        route(Method::POST, "/appeals/{number}/rating", "RateFunction"),
        route(Method::POST, "/tickets/{number}/sign", "SignFunction"),
        route(Method::GET, "/crash", "CrashFunction"),
        route(Method::GET, "/odd", "OddFunction"),
    ];
    let invoker: Arc<dyn Invoke> = Arc::clone(&recorder) as Arc<dyn Invoke>;
    let gateway = Gateway {
        kind,
        stage: if console { "$default" } else { "laptop" }.into(),
        routes,
        throttle: Throttle::new(plan),
        invoker,
        clock: clock.clone(),
    };
    let port = serve(router(gateway)).await;
    Door {
        url: format!("http://127.0.0.1:{port}"),
        recorder,
        key,
        clock,
    }
}

impl Door {
    fn token(&self, exp_in_seconds: i64) -> String {
        let now = self.clock.now().timestamp();
        let claims = json!({
            "iss": "http://issuer", "aud": "suqiu-console", "sub": "ta-rsj-liaison", "unit": "ta-rsj",
            "roles": ["liaison", "analyst"], "nbf": now, "exp": now + exp_in_seconds,
        });
        format!("Bearer {}", self.key.sign(&claims).unwrap())
    }

    fn last_event(&self) -> Value {
        self.recorder
            .calls
            .lock()
            .unwrap()
            .last()
            .unwrap()
            .1
            .clone()
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let url = format!("{}{path}", self.url);
        Client::default()
            .send(method, &url, headers, Bytes::from(body.to_owned()))
            .await
            .unwrap()
    }
}

/// Replaces what differs from run to run by its name.
fn redact(mut event: Value) -> Value {
    let changing = [
        "/headers/host",
        "/headers/x-amzn-trace-id",
        "/headers/authorization",
        "/multiValueHeaders/host/0",
        "/multiValueHeaders/x-amzn-trace-id/0",
        "/requestContext/domainName",
        "/requestContext/extendedRequestId",
        "/requestContext/requestId",
        "/requestContext/requestTime",
        "/requestContext/requestTimeEpoch",
        "/requestContext/time",
        "/requestContext/timeEpoch",
        "/requestContext/authorizer/jwt/claims/exp",
        "/requestContext/authorizer/jwt/claims/nbf",
    ];
    for pointer in changing {
        if let Some(value) = event.pointer_mut(pointer) {
            let kind = if value.is_number() { "number" } else { "text" };
            *value = json!(format!("[{kind}]"));
        }
    }
    event
}

fn check_problem(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    let body = answer.json().unwrap();
    assert_eq!(body["code"], code);
    assert_eq!(body["type"], format!("/problems/{code}"));
    assert_eq!(body["status"], status.as_u16());
    assert!(!body["title"].as_str().unwrap().is_ascii());
    assert!(body["traceId"].as_str().unwrap().starts_with("1-"));
}

#[tokio::test]
async fn the_rest_door_sends_payload_1_0() {
    let door = door("rest", false, GENEROUS).await;
    let path = "/appeals/TA-1%2F2/rating?a=1&a=2&q=%E5%8C%BB";
    let headers = [
        ("content-type", "application/json"),
        ("x-forwarded-for", "8.8.8.8"),
        ("query-code", "K"),
    ];
    let answer = door.send(Method::POST, path, &headers, "{\"好\":1}").await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.headers["content-type"], "application/json");
    let event = door.last_event();
    let sample: Value = serde_json::from_str(include_str!("../fixtures/rest-event.json")).unwrap();
    assert_eq!(redact(event.clone()), sample);
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    assert_eq!(request.path_parameters().first("number"), Some("TA-1/2"));
    assert_eq!(
        request.query_string_parameters().all("a"),
        Some(vec!["1", "2"])
    );
    assert_eq!(request.headers()["query-code"], "K");
    assert!(matches!(request.body(), lambda_http::Body::Text(text) if text == "{\"好\":1}"));
}

#[tokio::test]
async fn the_console_door_sends_payload_2_0_with_the_claims() {
    let door = door("http", true, GENEROUS).await;
    let token = door.token(60);
    let headers = [
        ("content-type", "application/json"),
        ("authorization", token.as_str()),
    ];
    let answer = door
        .send(Method::POST, "/tickets/TA1/sign?x=1&x=2", &headers, "{}")
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let event = door.last_event();
    let sample: Value = serde_json::from_str(include_str!("../fixtures/http-event.json")).unwrap();
    assert_eq!(redact(event.clone()), sample);
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    assert_eq!(request.path_parameters().first("number"), Some("TA1"));
    assert_eq!(request.raw_http_path(), "/tickets/TA1/sign");
}

#[tokio::test]
async fn nobody_passes_the_console_door_without_a_good_token() {
    let door = door("jwt", true, GENEROUS).await;
    let good = door.token(60);
    let forged = format!("{}x", good.trim_end_matches(|c: char| c != '.'));
    let bad = [
        "",
        "Bearer",
        "Bearer x.y.z",
        &door.token(-1),
        &forged,
        good.trim_start_matches("Bearer "),
    ];
    for token in bad {
        let answer = door
            .send(
                Method::POST,
                "/tickets/TA1/sign",
                &[("authorization", token)],
                "{}",
            )
            .await;
        check_problem(&answer, StatusCode::UNAUTHORIZED, "sign-in-required");
    }
    assert!(door.recorder.calls.lock().unwrap().is_empty());
    // The cloud's clock moves on: the token is too old.
    door.clock.shift(3600).unwrap();
    let answer = door
        .send(
            Method::POST,
            "/tickets/TA1/sign",
            &[("authorization", &good)],
            "{}",
        )
        .await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn unknown_routes_and_long_bodies_are_refused() {
    let door = door("refused", false, GENEROUS).await;
    for (method, path) in [
        (Method::GET, "/nothing"),
        (Method::GET, "/appeals/1/rating"),
        (Method::DELETE, "/crash"),
    ] {
        let answer = door.send(method, path, &[], "").await;
        check_problem(&answer, StatusCode::NOT_FOUND, "not-found");
    }
    let limit = 256 * 1024;
    for (size, status) in [(limit, 201), (limit + 1, 413), (5_000_000, 413)] {
        let answer = door
            .send(Method::POST, "/appeals/1/rating", &[], &"x".repeat(size))
            .await;
        assert_eq!(answer.status, status, "{size}");
    }
    let answer = door
        .send(
            Method::POST,
            "/appeals/1/rating",
            &[],
            &"x".repeat(limit + 1),
        )
        .await;
    check_problem(&answer, StatusCode::PAYLOAD_TOO_LARGE, "body-too-large");
}

#[tokio::test]
async fn a_failing_function_shows_only_title_and_trace() {
    for (console, status) in [
        (false, StatusCode::BAD_GATEWAY),
        (true, StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        let door = door(&format!("broken-{console}"), console, GENEROUS).await;
        let token = door.token(60);
        for path in ["/crash", "/odd"] {
            let answer = door
                .send(Method::GET, path, &[("authorization", &token)], "")
                .await;
            check_problem(&answer, status, "internal-error");
            assert!(answer.json().unwrap().get("detail").is_none());
            assert!(!answer.text().contains("secret"));
        }
    }
}

#[tokio::test]
async fn a_spent_plan_is_429_with_the_time_to_wait() {
    let door = door(
        "plan",
        false,
        Plan {
            rate: 0.5,
            burst: 2.0,
        },
    )
    .await;
    let mut last = door.send(Method::GET, "/nothing", &[], "").await;
    assert_eq!(last.status, 404);
    for channel in ["mobile", "pc"] {
        let headers = [("suqiu-channel", channel)];
        last = door.send(Method::GET, "/nothing", &headers, "").await;
    }
    check_problem(&last, StatusCode::TOO_MANY_REQUESTS, "too-many-requests");
    assert_eq!(last.headers["retry-after"], "2");
}
