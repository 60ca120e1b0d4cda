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
use domain::appeal::ReplyWay;
use domain::workflow::words::Role;
use http::{HeaderMap, StatusCode};
use ring::hmac;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Web, html};
use crate::city::City;

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
    /// The body, its recipient masked.
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
        let Ok(mut payload) = serde_json::from_slice(body) else {
            return StatusCode::BAD_REQUEST;
        };
        mask_recipient(&mut payload);
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
        let text = |name: &str| text(&message.payload, name).unwrap_or_default();
        let way = ReplyWay::from_code(&text("way"))
            .map_or_else(|| text("way"), |way| way.zh().to_owned());
        let cells = [
            html::local_time(message.received_at),
            recipient(&message.payload, &web.city),
            way,
            text("number"),
            text("text"),
        ];
        let cells = cells.map(|cell| format!("<td>{}</td>", html::escape(&cell)));
        let _ = write!(rows, "<tr>{}</tr>", cells.concat());
    }
    let body = format!(
        "<p>共 {} 条，最新的在前。收件人已脱敏；本页代替短信等发送渠道。</p>\
         <table><tr><th>时间</th><th>收件人</th><th>方式</th><th>编号</th><th>内容</th></tr>{rows}</table>",
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

fn text(payload: &Value, name: &str) -> Option<String> {
    Some(payload.get(name)?.as_str()?.to_owned())
}

/// To whom: a unit's roles, or an appellant as far as the page may know.
fn recipient(payload: &Value, city: &City) -> String {
    let Some(to) = payload.get("to") else {
        return String::new();
    };
    if let Some(unit) = text(to, "unit") {
        let roles = to
            .get("roles")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let roles = roles.filter_map(Value::as_str);
        let roles: Vec<&str> = roles
            .map(|role| Role::from_code(role).map_or(role, |known| known.zh()))
            .collect();
        return format!("{} {}", city.unit_name(&unit), roles.join("、"));
    }
    let parts = ["name", "phone", "address"]
        .into_iter()
        .filter_map(|name| text(to, name));
    parts.collect::<Vec<_>>().join(" ")
}

type Mask = fn(&str) -> String;

/// Hides who an appellant is before anything is stored: the page shows that a message went out,
/// not to which person.
fn mask_recipient(payload: &mut Value) {
    let Some(Value::Object(to)) = payload.get_mut("to") else {
        return;
    };
    let masks: [(&str, Mask); 3] = [
        ("name", mask_name),
        ("phone", mask_phone),
        ("address", |_| "***".to_owned()),
    ];
    for (name, mask) in masks {
        if let Some(Value::String(text)) = to.get_mut(name) {
            *text = mask(text);
        }
    }
}

fn mask_name(name: &str) -> String {
    let first: String = name.chars().take(1).collect();
    format!("{first}**")
}

/// 139****1234; a short number is hidden whole.
fn mask_phone(phone: &str) -> String {
    let last: Vec<char> = phone.chars().rev().take(4).collect();
    if phone.chars().count() < 11 {
        return "****".to_owned();
    }
    let first: String = phone.chars().take(3).collect();
    format!("{first}****{}", last.into_iter().rev().collect::<String>())
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
    fn an_appellant_is_masked_before_anything_is_stored() {
        let mut payload = serde_json::json!({ "to": {
            "name": "李样例", "phone": "13900001234", "address": "岱宗大街1号" } });
        mask_recipient(&mut payload);
        assert_eq!(payload["to"]["name"], "李**");
        assert_eq!(payload["to"]["phone"], "139****1234");
        assert_eq!(payload["to"]["address"], "***");
        assert_eq!(mask_phone("0538-1"), "****");
    }
}
