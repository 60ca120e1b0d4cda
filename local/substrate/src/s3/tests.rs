//! Form uploads and their refusals, over real HTTP requests in memory.

mod at_once;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use http::{Method, Request, StatusCode};
use rustack_sqs_model::input::ReceiveMessageInput;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;
use crate::{ACCESS_KEY_ID, CorsRule, Notification, QueueSpec, REGION, SECRET_ACCESS_KEY};

struct Bench {
    s3: S3,
    sqs: Sqs,
    clock: Clock,
    folder: tempfile::TempDir,
}

async fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::open(folder.path()).unwrap();
    let queue = QueueSpec {
        logical_id: "Media".to_owned(),
        name: "Media".to_owned(),
        attributes: BTreeMap::new(),
    };
    let sqs = Sqs::open(&folder.path().join("sqs"), &[queue], 3, clock.clone())
        .await
        .unwrap();
    let bucket = BucketSpec {
        logical_id: "Attachments".to_owned(),
        name: "attachments".to_owned(),
        notifications: vec![Notification {
            event: "s3:ObjectCreated:*".to_owned(),
            queue: "Media".to_owned(),
            prefix: "quarantine/".to_owned(),
            suffix: String::new(),
        }],
        cors: vec![CorsRule {
            origins: vec!["http://localhost:*".to_owned()],
            methods: vec!["POST".to_owned()],
            headers: vec!["content-*".to_owned()],
            expose: vec!["ETag".to_owned()],
        }],
    };
    let s3 = S3::open(
        &folder.path().join("s3"),
        &[bucket],
        sqs.clone(),
        clock.clone(),
    )
    .unwrap();
    Bench {
        s3,
        sqs,
        clock,
        folder,
    }
}

impl Bench {
    async fn post(&self, form: &Form) -> (StatusCode, String) {
        let (kind, body) = form.body();
        let request = Request::builder()
            .method(Method::POST)
            .uri("http://127.0.0.1/attachments")
            .header("host", "127.0.0.1")
            .header("origin", "http://localhost:3000")
            .header("content-type", kind)
            .header("content-length", body.len())
            .body(s3s::Body::from(body))
            .unwrap();
        let mut response = self.s3.answer(request).await.unwrap();
        assert_eq!(
            response.headers()["access-control-allow-origin"],
            "http://localhost:3000"
        );
        let body = response
            .body_mut()
            .store_all_limited(1 << 20)
            .await
            .unwrap();
        (
            response.status(),
            String::from_utf8_lossy(&body).into_owned(),
        )
    }

    async fn refuses(&self, form: &Form, status: u16, code: &str) {
        let (answer, body) = self.post(form).await;
        assert_eq!(answer.as_u16(), status, "{:?}: {body}", form.fields);
        assert!(
            body.contains(&format!("<Code>{code}</Code>")),
            "{:?}: {body}",
            form.fields
        );
    }

    async fn messages(&self) -> Vec<Value> {
        let input = ReceiveMessageInput {
            queue_url: self.sqs.url("Media"),
            max_number_of_messages: Some(10),
            ..ReceiveMessageInput::default()
        };
        let messages = self.sqs.receive(input).await.unwrap();
        messages
            .iter()
            .map(|m| serde_json::from_str(m.body.as_deref().unwrap()).unwrap())
            .collect()
    }
}

/// A form upload as the upload function signs it.
struct Form {
    fields: Vec<(String, String)>,
    file: Vec<u8>,
}

fn form(clock: &Clock, file: &[u8], lives_seconds: i64) -> Form {
    let now = clock.now();
    let date = now.format("%Y%m%dT%H%M%SZ").to_string();
    let day = now.format("%Y%m%d").to_string();
    let credential = format!("{ACCESS_KEY_ID}/{day}/{REGION}/s3/aws4_request");
    let digest = STANDARD.encode(Sha256::digest(file));
    let fields = [
        ("key", "quarantine/0 1"),
        ("content-type", "image/png"),
        ("x-amz-checksum-sha256", &digest),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", &credential),
        ("x-amz-date", &date),
    ];
    let expires = now + chrono::TimeDelta::seconds(lives_seconds);
    let mut conditions: Vec<Value> = fields
        .iter()
        .map(|(name, value)| json!({ *name: value }))
        .collect();
    conditions.push(json!({ "bucket": "attachments" }));
    conditions.push(json!(["content-length-range", 1, 100]));
    let policy = json!({
        "expiration": expires.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        "conditions": conditions,
    });
    let policy = STANDARD.encode(policy.to_string());
    let sign = |key: &[u8], text: &str| {
        Hmac::<Sha256>::new_from_slice(key)
            .unwrap()
            .chain_update(text)
            .finalize()
            .into_bytes()
    };
    let key = sign(format!("AWS4{SECRET_ACCESS_KEY}").as_bytes(), &day);
    let key = sign(&sign(&sign(&key, REGION), "s3"), "aws4_request");
    let signature = sign(&key, &policy);
    let signature: Vec<String> = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    fields.push(("policy".to_owned(), policy));
    fields.push(("x-amz-signature".to_owned(), signature.concat()));
    Form {
        fields,
        file: file.to_vec(),
    }
}

impl Form {
    fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        if !value.is_empty() {
            self.fields.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    fn body(&self) -> (String, Vec<u8>) {
        let mut body = Vec::new();
        for (name, value) in &self.fields {
            body.extend(
                format!(
                    "--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .bytes(),
            );
        }
        body.extend(
            b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n",
        );
        body.extend(&self.file);
        body.extend(b"\r\n--x--\r\n");
        ("multipart/form-data; boundary=x".to_owned(), body)
    }
}

#[tokio::test]
async fn a_good_form_is_stored_and_told_of() {
    let bench = bench().await;
    let (status, body) = bench.post(&form(&bench.clock, b"picture", 600)).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{body}");
    let messages = bench.messages().await;
    assert_eq!(messages.len(), 1);
    let record = &messages[0]["Records"][0];
    assert_eq!(record["eventName"], "ObjectCreated:Post");
    assert_eq!(record["s3"]["bucket"]["name"], "attachments");
    assert_eq!(record["s3"]["object"]["key"], "quarantine/0+1");
    assert_eq!(record["s3"]["object"]["size"], 7);
}

#[tokio::test]
async fn forms_that_break_their_policy_are_refused() {
    let bench = bench().await;
    let good = || form(&bench.clock, b"picture", 600);
    let changed = [
        ("key", "clean/1"),
        ("content-type", "text/html"),
        ("content-type", ""),
        ("x-amz-meta-a", "b"),
        ("x-amz-checksum-sha256", ""),
    ];
    for (field, value) in changed {
        bench
            .refuses(&good().with(field, value), 403, "AccessDenied")
            .await;
    }
    let forged = good().with("x-amz-signature", &"0".repeat(64));
    bench.refuses(&forged, 403, "SignatureDoesNotMatch").await;
    bench
        .refuses(&form(&bench.clock, b"picture", -1), 403, "AccessDenied")
        .await;
    bench
        .refuses(&form(&bench.clock, &[7; 101], 600), 400, "EntityTooLarge")
        .await;
    bench
        .refuses(&form(&bench.clock, b"", 600), 400, "EntityTooSmall")
        .await;
    let mut other_bytes = good();
    other_bytes.file = b"PICTURE".to_vec();
    bench.refuses(&other_bytes, 400, "BadDigest").await;

    assert!(bench.messages().await.is_empty());
    let stored = bench.folder.path().join("s3/attachments/quarantine/0 1");
    assert!(!stored.exists(), "nothing of a refused form is kept");
}

#[tokio::test]
async fn unsigned_requests_and_foreign_pages_are_refused() {
    let bench = bench().await;
    let request = |method: Method, path: &str| {
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1")
    };
    let get = request(Method::GET, "/attachments/quarantine/1")
        .body(s3s::Body::empty())
        .unwrap();
    assert_eq!(
        bench.s3.answer(get).await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    let cases = [
        ("http://localhost:3000", "POST", "content-type", 200),
        ("http://localhost:3000", "DELETE", "content-type", 403),
        ("http://localhost:3000", "POST", "x-secret", 403),
        ("http://example.com", "POST", "content-type", 403),
    ];
    for (origin, method, headers, status) in cases {
        let preflight = request(Method::OPTIONS, "/attachments")
            .header("origin", origin)
            .header("access-control-request-method", method)
            .header("access-control-request-headers", headers)
            .body(s3s::Body::empty())
            .unwrap();
        let answer = bench.s3.answer(preflight).await.unwrap().status().as_u16();
        assert_eq!(answer, status, "{origin} {method} {headers}");
    }
}

#[tokio::test]
async fn a_form_signed_by_a_moved_clock_is_good() {
    let bench = bench().await;
    bench.clock.shift(86_400 * 30).unwrap();
    let (status, body) = bench.post(&form(&bench.clock, b"picture", 600)).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{body}");
}
