//! The city's messaging gateway, played by a page: takes the notifications' webhooks, checks their
//! signatures (Standard Webhooks), keeps them and shows what an appellant would have received.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use axum::Json;
use axum::extract::State;
use axum::response::Html;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use ring::hmac;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Web, html};

/// A webhook this far from the clock is refused, as Standard Webhooks advise.
const TOLERANCE_SECONDS: i64 = 300;
/// Newest messages on the page.
const SHOWN: usize = 200;

/// One received webhook.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Message {
    /// `webhook-id`; a repeated delivery is stored once.
    pub id: String,
    /// When it came, on the cloud's clock.
    pub received_at: DateTime<Utc>,
    /// The body.
    pub payload: Value,
}

/// What was received, appended to one file.
#[derive(Debug)]
pub struct Outbox {
    file: PathBuf,
    keys: Vec<hmac::Key>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    messages: Vec<Message>,
    ids: HashSet<String>,
    failures_left: u32,
}

impl Outbox {
    /// Opens the outbox in `folder`; `secrets` are the `whsec_…` strings of the keys file.
    pub fn open(folder: &Path, secrets: &[String]) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let file = folder.join("messages.jsonl");
        let mut inner = Inner::default();
        for line in std::fs::read_to_string(&file).unwrap_or_default().lines() {
            // The last line may have been cut by a crash; its sender was not told 200.
            if let Ok(message) = serde_json::from_str::<Message>(line) {
                inner.ids.insert(message.id.clone());
                inner.messages.push(message);
            }
        }
        let keys = secrets
            .iter()
            .map(|secret| signing_key(secret))
            .collect::<Result<_>>()?;
        Ok(Self {
            file,
            keys,
            inner: Mutex::new(inner),
        })
    }

    /// The next `count` deliveries are answered with 503.
    pub fn fail_next(&self, count: u32) {
        self.inner().failures_left = count;
    }

    /// Everything received, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.inner().messages.clone()
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn store(&self, message: Message) -> Result<()> {
        let mut inner = self.inner();
        if inner.ids.contains(&message.id) {
            return Ok(());
        }
        let mut file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.file)?;
        // A line begins with a line feed: one cut by a crash never swallows the next.
        file.write_all(format!("\n{}", serde_json::to_string(&message)?).as_bytes())?;
        file.sync_data()?;
        inner.ids.insert(message.id.clone());
        inner.messages.push(message);
        Ok(())
    }

    fn accept(&self, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> StatusCode {
        let failing = {
            let mut inner = self.inner();
            let left = inner.failures_left;
            inner.failures_left = left.saturating_sub(1);
            left > 0
        };
        if failing {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        let Some(id) = verified_id(headers, body, &self.keys, now) else {
            return StatusCode::UNAUTHORIZED;
        };
        let Ok(payload) = serde_json::from_slice(body) else {
            return StatusCode::BAD_REQUEST;
        };
        match self.store(Message {
            id,
            received_at: now,
            payload,
        }) {
            Ok(()) => StatusCode::NO_CONTENT,
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "cannot store a message");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }
}

/// `POST /outbox`.
pub async fn receive(State(web): State<Arc<Web>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    web.outbox.accept(&headers, &body, web.clock.now())
}

/// `GET /outbox.json`.
pub async fn list(State(web): State<Arc<Web>>) -> Json<Vec<Message>> {
    Json(web.outbox.messages())
}

/// `GET /outbox`.
pub async fn page(State(web): State<Arc<Web>>) -> Html<String> {
    let messages = web.outbox.messages();
    let mut rows = String::new();
    for message in messages.iter().rev().take(SHOWN) {
        let cells = [
            recipient(&message.payload),
            subject(&message.payload),
            text(&message.payload),
        ];
        let [to, about, text] = cells.map(|cell| html::escape(&cell));
        let time = html::local_time(message.received_at);
        let _ = write!(
            rows,
            "<tr><td>{time}</td><td>{to}</td><td>{about}</td><td class=\"text\">{text}</td></tr>"
        );
    }
    let body = format!(
        "<p>共 {} 条，最新的在前。收件人已脱敏；本页代替短信等发送渠道。</p>\
         <table><tr><th>时间</th><th>收件人</th><th>事由</th><th>内容</th></tr>{rows}</table>",
        messages.len()
    );
    Html(html::page("发件箱", &body))
}

/// The message's id when one of its signatures is ours and its time is near.
fn verified_id(
    headers: &HeaderMap,
    body: &[u8],
    keys: &[hmac::Key],
    now: DateTime<Utc>,
) -> Option<String> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let (id, timestamp) = (text("webhook-id")?, text("webhook-timestamp")?);
    let sent: i64 = timestamp.parse().ok()?;
    if now.timestamp().abs_diff(sent) > TOLERANCE_SECONDS.unsigned_abs() {
        return None;
    }
    let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
    let signatures = text("webhook-signature")?.split(' ');
    let good = signatures
        .filter_map(|entry| BASE64_STANDARD.decode(entry.strip_prefix("v1,")?).ok())
        .any(|tag| {
            keys.iter()
                .any(|key| hmac::verify(key, &signed, &tag).is_ok())
        });
    good.then(|| id.to_owned())
}

fn signing_key(secret: &str) -> Result<hmac::Key> {
    let encoded = secret
        .strip_prefix("whsec_")
        .context("a webhook secret starts with `whsec_`")?;
    let bytes = BASE64_STANDARD
        .decode(encoded)
        .context("a webhook secret is base64")?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

/// The first of `names` that is set in the payload's `data`, or at its top.
fn field(payload: &Value, names: &[&str]) -> Option<String> {
    let data = payload.get("data");
    let value = names.iter().find_map(|name| {
        data.and_then(|data| data.get(name))
            .or_else(|| payload.get(name))
    })?;
    Some(
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned),
    )
}

fn recipient(payload: &Value) -> String {
    mask(&field(payload, &["to", "recipient", "address", "officer"]).unwrap_or_default())
}

fn subject(payload: &Value) -> String {
    field(payload, &["subject", "title", "type"]).unwrap_or_default()
}

fn text(payload: &Value) -> String {
    field(payload, &["text", "body", "message"]).unwrap_or_else(|| payload.to_string())
}

/// Hides the middle digits of a number, whoever forgot to.
fn mask(recipient: &str) -> String {
    let digits = recipient.chars().filter(char::is_ascii_digit).count();
    if digits < 7 {
        return recipient.to_owned();
    }
    let mut seen = 0_usize;
    let hide = |character: char| {
        if !character.is_ascii_digit() {
            return character;
        }
        seen = seen.saturating_add(1);
        if seen > 3 && seen.saturating_add(4) <= digits {
            '*'
        } else {
            character
        }
    };
    recipient.chars().map(hide).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn headers(id: &str, timestamp: i64, body: &[u8], secret: &str) -> HeaderMap {
        let signed = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
        let tag = hmac::sign(&signing_key(secret).unwrap(), &signed);
        let signature = format!("v1,bm9uc2Vuc2U= v1,{}", BASE64_STANDARD.encode(tag));
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", id.parse().unwrap());
        headers.insert("webhook-timestamp", timestamp.into());
        headers.insert("webhook-signature", signature.parse().unwrap());
        headers
    }

    fn outbox(name: &str) -> (PathBuf, Outbox) {
        let folder =
            std::env::temp_dir().join(format!("suqiu-outbox-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let outbox = Outbox::open(&folder, &[SECRET.to_owned()]).unwrap();
        (folder, outbox)
    }

    #[test]
    fn the_vector_of_standard_webhooks_passes() {
        let body = br#"{"test": 2432232314}"#;
        let mut given = HeaderMap::new();
        given.insert(
            "webhook-id",
            "msg_p5jXN8AQM9LWM0D4loKWxJek".parse().unwrap(),
        );
        given.insert("webhook-timestamp", "1614265330".parse().unwrap());
        let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        given.insert("webhook-signature", signature.parse().unwrap());
        let now = DateTime::from_timestamp(1_614_265_330, 0).unwrap();
        let keys = [signing_key(SECRET).unwrap()];
        assert!(verified_id(&given, body, &keys, now).is_some());
        assert!(verified_id(&given, b"{}", &keys, now).is_none());
    }

    #[test]
    fn messages_are_checked_stored_once_and_kept() {
        let (folder, outbox) = outbox("kept");
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let at = now.timestamp();
        let body = br#"{"type":"answered","data":{"to":"13900001234","text":"x"}}"#;
        let other = "whsec_c3RyYW5nZXI=";
        let cases = [
            (headers("m1", at, body, SECRET), 204),
            (headers("m1", at, body, SECRET), 204),
            (headers("m2", at - 301, body, SECRET), 401),
            (headers("m3", at, body, other), 401),
            (HeaderMap::new(), 401),
        ];
        for (given, status) in cases {
            assert_eq!(outbox.accept(&given, body, now), status, "{given:?}");
        }
        outbox.fail_next(1);
        let given = headers("m4", at, body, SECRET);
        assert_eq!(outbox.accept(&given, body, now), 503);
        assert_eq!(outbox.accept(&given, body, now), 204);
        let again = Outbox::open(&folder, &[SECRET.to_owned()])
            .unwrap()
            .messages();
        assert_eq!(
            again.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(),
            ["m1", "m4"]
        );
    }

    #[test]
    fn numbers_are_masked_for_show() {
        for (given, shown) in [
            ("13900001234", "139****1234"),
            ("139****1234", "139****1234"),
            ("张*", "张*"),
        ] {
            assert_eq!(mask(given), shown);
        }
    }
}
