//! Uploads (R-IN-3): real files through the signed form, told from their bytes, stripped of
//! location data, released or kept in quarantine.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use suqiu::client::Client;

use crate::city::{City, appeal, root, text};

async fn grant(city: &City, content_type: &str, file: &[u8]) -> Value {
    let body = grant_body(content_type, file);
    let answer = city.channel("mobile", "/uploads", None, &body).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    answer.json().unwrap()
}

/// What a channel asks for before it uploads `file`.
pub(crate) fn grant_body(content_type: &str, file: &[u8]) -> Vec<u8> {
    let body = json!({
        "contentType": content_type, "sizeBytes": file.len(),
        "sha256": BASE64_STANDARD.encode(Sha256::digest(file)),
    });
    serde_json::to_vec(&body).unwrap()
}

pub(crate) async fn post_form(city: &City, grant: &Value, file: &[u8]) -> u16 {
    try_form(&city.cloud.demo.client, grant, file)
        .await
        .unwrap()
}

/// Sends the signed form; the status of the answer, if there was one.
pub(crate) async fn try_form(client: &Client, grant: &Value, file: &[u8]) -> anyhow::Result<u16> {
    let boundary = "suqiu-test-boundary";
    let mut body = Vec::new();
    for (name, value) in grant["fields"].as_object().unwrap() {
        let value = value.as_str().unwrap();
        let part = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"贾镇甫的照片.jpg\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={boundary}");
    let headers = [("content-type", kind.as_str())];
    let url = text(&grant["url"]);
    let answer = client.send(Method::POST, &url, &headers, body.into()).await;
    answer.map(|answer| answer.status.as_u16())
}

pub(crate) fn sample(name: &str) -> Vec<u8> {
    std::fs::read(root().join("events/media").join(name)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn r_in_3_files_are_told_from_their_bytes_and_served_clean_or_not_at_all() {
    let city = City::start().await;
    let mut ids = Vec::new();
    for (name, content_type) in samples() {
        let file = sample(name);
        let granted = grant(&city, content_type, &file).await;
        let status = post_form(&city, &granted, &file).await;
        assert!((200..300).contains(&status), "{name}: {status}");
        ids.push(text(&granted["uploadId"]));
    }
    let mut body = appeal();
    body["attachments"] = json!(ids);
    let (number, _) = city.submits("mobile", "upload-00000001", &body).await;
    let desk = "ta-bigdata-triage";
    let page = city
        .eventually("the inspection", async |city| {
            let page = city
                .officer(desk, &format!("/tickets/{number}"), None)
                .await
                .1;
            let done = page["attachments"]
                .as_array()
                .unwrap()
                .iter()
                .all(|a| a["state"] != "granted");
            done.then_some(page)
        })
        .await;
    for (attachment, (name, _)) in page["attachments"]
        .as_array()
        .unwrap()
        .iter()
        .zip(samples())
    {
        let liar = name.starts_with("liar");
        let expected = if liar { "quarantined" } else { "clean" };
        assert_eq!(attachment["state"], expected, "{name}: {attachment}");
        let link = format!("/tickets/{number}/attachments/{}", text(&attachment["id"]));
        let (status, link) = city.officer(desk, &link, None).await;
        if liar {
            assert!(attachment["reason"].as_str().is_some());
            assert_eq!(status, 404, "a quarantined file is never served");
            continue;
        }
        let served = city
            .cloud
            .demo
            .client
            .get(&text(&link["url"]), &[])
            .await
            .unwrap();
        assert_eq!(served.status.as_u16(), 200, "{name}: {}", served.text());
        if name.contains("gps") || name.contains("location") {
            assert_ne!(
                served.body.to_vec(),
                sample(name),
                "{name} keeps its location"
            );
            assert_ne!(
                attachment["removed"],
                json!([]),
                "{name}: what was removed is on record"
            );
        }
    }
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_in_3_the_form_fixes_type_size_and_checksum() {
    let city = City::start().await;
    let (name, content_type) = samples()[0];
    let file = sample(name);
    let granted = grant(&city, content_type, &file).await;
    let mut longer = file.clone();
    longer.push(0);
    let mut other = file.clone();
    *other.last_mut().unwrap() ^= 1;
    for wrong in [longer, other] {
        let status = post_form(&city, &granted, &wrong).await;
        assert!((400..500).contains(&status), "{status}");
    }
    let mut changed = granted.clone();
    changed["fields"]["Content-Type"] = "text/html".into();
    assert_eq!(post_form(&city, &changed, &file).await, 403);
    let status = post_form(&city, &granted, &file).await;
    assert!(
        (200..300).contains(&status),
        "the same grant still takes the right file: {status}"
    );
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_in_3_a_page_of_this_machine_may_send_the_form_and_nothing_else() {
    let city = City::start().await;
    let file = sample("document.pdf");
    let bucket = text(&grant(&city, "application/pdf", &file).await["url"]);
    let client = &city.cloud.demo.client;
    let page = "http://localhost:5173";
    for (origin, method, header, allowed) in [
        (page, "POST", "content-type", true),
        ("http://127.0.0.1:8080", "POST", "content-type", true),
        (page, "PUT", "content-type", false),
        (page, "POST", "authorization", false),
        ("https://evil.example", "POST", "content-type", false),
        (
            "http://localhost.evil.example",
            "POST",
            "content-type",
            false,
        ),
    ] {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", method),
            ("access-control-request-headers", header),
        ];
        let asked = client.send(Method::OPTIONS, &bucket, &headers, bytes::Bytes::new());
        let answer = asked.await.unwrap();
        let case = format!("{origin} {method} {header}");
        assert_eq!(
            answer.status.as_u16(),
            if allowed { 200 } else { 403 },
            "{case}"
        );
        let named = answer.headers.get("access-control-allow-origin");
        assert_eq!(named.is_some(), allowed, "{case}");
    }
    // The page can read the answer to the form itself, also a refusal.
    let kind = "multipart/form-data; boundary=none";
    let headers = [("origin", page), ("content-type", kind)];
    let sent = client.send(Method::POST, &bucket, &headers, "--none--\r\n".into());
    let answer = sent.await.unwrap();
    assert!(answer.status.is_client_error(), "{}", answer.status);
    assert_eq!(answer.headers["access-control-allow-origin"], page);
    city.stop().await;
}

/// Nine real files: image, voice, video, document, and those that are not what they say.
fn samples() -> [(&'static str, &'static str); 9] {
    [
        ("photo-gps.jpg", "image/jpeg"),
        ("picture-gps.png", "image/png"),
        ("voice-gps.m4a", "audio/mp4"),
        ("voice.mp3", "audio/mpeg"),
        ("video-gps.mp4", "video/mp4"),
        ("document.pdf", "application/pdf"),
        (
            "document.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("liar-program.jpg", "image/jpeg"),
        ("liar-page.png", "image/png"),
    ]
}
