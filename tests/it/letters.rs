//! 督办函 (Art. 17; R-SV-7): messages on a queue become files of the archive.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};
use suqiu::state::Ports;

use crate::city::{City, root};

/// The letter of the samples, with another id and number.
fn message(letter: &str, number: &str) -> Value {
    let sample = std::fs::read(root().join("events/letter-render/sets.json")).unwrap();
    let sample: Value = serde_json::from_slice(&sample).unwrap();
    let body = sample["Records"][0]["body"].as_str().unwrap();
    let mut message: Value = serde_json::from_str(body).unwrap();
    message["letter"] = letter.into();
    message["number"] = number.into();
    message
}

async fn sends(city: &City, message: &Value) {
    let url = Ports::url(city.ports.sqs);
    let queue = format!("{url}/{}/LetterQueue", substrate::ACCOUNT_ID);
    let wish = json!({ "QueueUrl": queue, "MessageBody": message.to_string() });
    let headers = [
        ("content-type", "application/x-amz-json-1.0"),
        ("x-amz-target", "AmazonSQS.SendMessage"),
    ];
    let client = &city.cloud.demo.client;
    let body = Bytes::from(wish.to_string());
    let sent = client.send(Method::POST, &url, &headers, body).await;
    sent.unwrap().success().unwrap();
}

/// Where a letter lies in the laptop's archive, once it does.
async fn file(city: &City, number: &str) -> PathBuf {
    let name = format!("letters/{number}.pdf");
    city.eventually(&name, async |city| {
        let buckets = std::fs::read_dir(city.state().join("s3")).unwrap();
        let paths = buckets.map(|bucket| bucket.unwrap().path().join(&name));
        paths.into_iter().find(|path| path.is_file())
    })
    .await
}

fn read(file: &Path) -> Vec<u8> {
    std::fs::read(file).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn r_sv_7_a_letter_is_set_and_kept_once() {
    let city = City::start().await;
    let first = message("S-1", "泰数督函〔2026〕1号");
    sends(&city, &first).await;
    let kept = file(&city, "泰数督函〔2026〕1号").await;
    let pdf = read(&kept);
    assert!(pdf.starts_with(b"%PDF-1.7"), "{:?}", pdf.get(..8));

    // Neither a repeat nor another letter under its number changes it.
    let mut changed = first.clone();
    changed["facts"] = "另有情况。".into();
    sends(&city, &changed).await;
    changed["letter"] = "S-2".into();
    sends(&city, &changed).await;
    sends(&city, &message("S-3", "泰数督函〔2026〕3号")).await;
    let other = file(&city, "泰数督函〔2026〕3号").await;
    assert_ne!(read(&other), pdf, "another number");
    assert_eq!(read(&kept), pdf);
    city.stop().await;
}
