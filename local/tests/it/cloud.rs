//! A whole laptop cloud from a small template: front doors, a real function, a queue, the dead
//! letters, a restart.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use http::Method;
use serde_json::{Value, json};
use suqiu::cloud::{Cloud, Settings};
use suqiu::lambda::Spawner;
use suqiu::state::{Ports, State};

use crate::support::{example, scratch};

/// Ports of this test, away from a cloud in use.
const PORT_BASE: u16 = 23_700;

async fn start(folder: &Path) -> Cloud {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut settings = Settings::new(here.parent().unwrap(), Ports::from_base(PORT_BASE).unwrap());
    settings.template = here.join("tests/fixtures/template.yaml");
    let state = State::open(folder, false).unwrap();
    let template = settings.load_template(&state).unwrap();
    let binaries: BTreeMap<String, PathBuf> = [("echo".to_owned(), example("bootstrap"))].into();
    let spawner = Spawner::start().unwrap();
    Cloud::start(&settings, state, &template, &binaries, &spawner)
        .await
        .unwrap()
}

fn suqiu(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_suqiu"))
        .args(arguments)
        .arg("--state")
        .arg(folder)
        .env_remove("AWS_REGION")
        .env_remove("AWS_ENDPOINT_URL_SQS")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

async fn command(folder: &Path, arguments: &'static [&'static str]) -> String {
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || suqiu(&folder, arguments))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cloud_serves_survives_a_restart_and_gives_dead_letters_back() {
    let folder = scratch("cloud");
    let cloud = start(&folder).await;
    let demo = cloud.demo.clone();

    // The function answers no HTTP answer: the front doors say so, which proves the way there.
    let answer = demo
        .channel("mobile", Method::POST, "/appeals", &[], b"{}")
        .await
        .unwrap();
    assert_eq!(answer.status, 502, "{}", answer.text());
    let liaison = demo.sign_in("ta-rsj-liaison").await.unwrap();
    let answer = demo
        .console(&liaison, "/tickets/TA1/sign", Some(&json!({})))
        .await
        .unwrap();
    assert_eq!(answer.status, 500, "{}", answer.text());
    let answer = demo
        .console("Bearer x", "/tickets/TA1/sign", Some(&json!({})))
        .await
        .unwrap();
    assert_eq!(answer.status, 401);
    let moved = command(&folder, &["clock", "+2h"]).await;
    assert!(moved.contains("moved by 7200 s"), "{moved}");
    cloud.stop().await;

    let cloud = start(&folder).await;
    assert_eq!(cloud.clock.offset_seconds(), 7200, "the clock is kept");

    // A message whose function fails goes to the dead letters; the command lists and returns it.
    send_work(&cloud).await;
    let listed = wait_for_dead_letter(&folder).await;
    assert!(
        listed.contains("WorkDeadLetterQueue  1 waiting  -> WorkQueue"),
        "{listed}"
    );
    assert!(listed.contains("received"), "{listed}");
    let moved = command(
        &folder,
        &[
            "dead-letters",
            "redrive",
            "WorkDeadLetterQueue",
            "--limit",
            "5",
        ],
    )
    .await;
    assert!(moved.ends_with("1 put back\n"), "{moved}");
    let again = wait_for_dead_letter(&folder).await;
    assert!(again.contains("1 waiting"), "it failed again: {again}");
    cloud.stop().await;
}

/// Sends a message that the function does not answer as a batch should be answered.
async fn send_work(cloud: &Cloud) {
    let url = Ports::url(cloud.demo.ports.sqs);
    let queue = format!("{url}/{}/WorkQueue", substrate::ACCOUNT_ID);
    let body: Value = json!({ "QueueUrl": queue, "MessageBody": "work" });
    let headers = [
        ("x-amz-target", "AmazonSQS.SendMessage"),
        ("content-type", "application/x-amz-json-1.0"),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=x/20260101/cn-north-1/sqs/aws4_request, SignedHeaders=host, Signature=0",
        ),
    ];
    let body = bytes::Bytes::from(body.to_string());
    let answer = cloud
        .demo
        .client
        .send(Method::POST, &url, &headers, body)
        .await
        .unwrap();
    assert!(answer.status.is_success(), "{}", answer.text());
}

async fn wait_for_dead_letter(folder: &Path) -> String {
    let began = Instant::now();
    loop {
        let listed = command(folder, &["dead-letters", "list"]).await;
        if listed.contains("WorkDeadLetterQueue  1 waiting")
            || began.elapsed() > Duration::from_secs(20)
        {
            return listed;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}
