//! kill -9 of any function, of the relay and of the laptop cloud itself, at random moments under
//! load: no acknowledged appeal lost or doubled, no ticket whose events and state disagree, no
//! message lost (R-IN-6, Art. 3).
//!
//! `SUQIU_KILLS=200 cargo test -p it crash -- --nocapture` runs the long one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use app::ports::Store as _;
use domain::ticket::TicketNumber;
use http::Method;
use serde_json::{Value, json};
use suqiu::city::City as Registry;
use suqiu::client::Client;
use suqiu::demo::Context;
use suqiu::keys::Keys;
use suqiu::state::Ports;
use tokio::sync::Mutex;

use crate::city::{appeal, base, free_ports, root, store_at};

/// Kills of the short run within `./test`.
const KILLS: u32 = 16;

/// Functions that are killed one by one; the cloud itself takes its turn among them.
const VICTIMS: [&str; 6] = [
    "IntakeFunction",
    "RelayFunction",
    "SuggestFunction",
    "NotifyFunction",
    "TriageFunction",
    "cloud",
];

/// Number and query code by `Idempotency-Key`.
type Acknowledged = Arc<Mutex<BTreeMap<String, (String, String)>>>;

struct Cloud {
    child: Child,
    folder: PathBuf,
    ports: Ports,
}

fn executable() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let built = own.parent().and_then(Path::parent).unwrap().join("suqiu");
    if !built.exists() {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let mut build = Command::new(cargo);
        build
            .args(["build", "-q", "-p", "suqiu"])
            .current_dir(root());
        assert!(build.status().unwrap().success());
    }
    built
}

impl Cloud {
    fn start(folder: &Path, ports: Ports) -> Child {
        Command::new(executable())
            .args([
                "--no-demo",
                "--port-base",
                &base(ports).to_string(),
                "--state",
            ])
            .arg(folder)
            .current_dir(root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    async fn is_up(&self, client: &Client) {
        let url = format!("{}/control/health", Ports::url(self.ports.web));
        let began = Instant::now();
        while client.get(&url, &[]).await.is_err() {
            // The first start may have functions to build.
            assert!(
                began.elapsed() < Duration::from_mins(10),
                "the cloud does not come up"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn kill(&mut self, victim: &str, client: &Client) {
        if victim == "cloud" {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
            self.child = Self::start(&self.folder, self.ports);
            self.is_up(client).await;
        } else {
            let url = format!("{}/control/kill", Ports::url(self.ports.web));
            let _ = client
                .post_json(&url, &[], &json!({ "function": victim }))
                .await;
        }
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Submits until told to stop; a failed try is repeated with the same key, as a channel would.
async fn submits(context: Context, worker: usize, done: Acknowledged, stop: Arc<AtomicBool>) {
    let mut index = 0;
    while !stop.load(Ordering::Relaxed) {
        let key = format!("crash-{worker}-{index:06}");
        let mut body = appeal();
        body["text"] = format!("第{worker}组第{index}件：医保缴费后查询不到记录。").into();
        let body = serde_json::to_vec(&body).unwrap();
        if let Some(receipt) = submit(&context, &key, &body).await {
            let field = |name: &str| receipt[name].as_str().unwrap().to_owned();
            done.lock()
                .await
                .insert(key, (field("number"), field("queryCode")));
            index += 1;
        } else {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn submit(context: &Context, key: &str, body: &[u8]) -> Option<Value> {
    let headers = [("idempotency-key", key)];
    let answer = context
        .channel("mobile", Method::POST, "/appeals", &headers, body)
        .await
        .ok()?;
    // Acknowledged is what was answered with success; anything else is tried again.
    answer.status.is_success().then(|| answer.json().ok())?
}

/// Dispatches whatever was acknowledged, so that transitions are under way when the kills come.
async fn dispatches(context: Context, done: Acknowledged, stop: Arc<AtomicBool>) {
    let mut seen = BTreeSet::new();
    while !stop.load(Ordering::Relaxed) {
        let numbers: Vec<String> = done.lock().await.values().map(|(n, _)| n.clone()).collect();
        let Ok(token) = context.sign_in("ta-bigdata-triage").await else {
            continue;
        };
        let new: Vec<_> = numbers
            .into_iter()
            .filter(|number| !seen.contains(number))
            .collect();
        for number in new {
            let path = format!("/tickets/{number}/dispatch");
            let unit = json!({ "unit": "ta-ylbzj" });
            let answer = context.console(&token, &path, Some(&unit)).await;
            if answer.is_ok_and(|answer| answer.status.as_u16() < 500) {
                seen.insert(number);
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r_in_6_kill_9_at_random_moments_loses_and_doubles_nothing() {
    let kills = std::env::var("SUQIU_KILLS")
        .ok()
        .and_then(|kills| kills.parse().ok());
    let kills: u32 = kills.unwrap_or(KILLS);
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let ports = free_ports();
    let client = Client::default();
    let child = Cloud::start(&state, ports);
    let mut cloud = Cloud {
        child,
        folder: state.clone(),
        ports,
    };
    cloud.is_up(&client).await;
    let context = Context {
        ports,
        keys: Keys::open(&state.join("keys.json")).unwrap(),
        city: Registry::load(&root().join("local/demo")).unwrap(),
        clock: substrate::Clock::open(&state).unwrap(),
        client: client.clone(),
    };
    let (done, stop) = (Acknowledged::default(), Arc::new(AtomicBool::new(false)));
    let mut load = tokio::task::JoinSet::new();
    for worker in 0..3 {
        load.spawn(submits(
            context.clone(),
            worker,
            Arc::clone(&done),
            Arc::clone(&stop),
        ));
    }
    load.spawn(dispatches(
        context.clone(),
        Arc::clone(&done),
        Arc::clone(&stop),
    ));
    let mut seed = u64::from(std::process::id());
    for round in 0..kills {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        tokio::time::sleep(Duration::from_millis(100 + (seed >> 40) % 400)).await;
        let victim = VICTIMS[usize::try_from(round).unwrap() % VICTIMS.len()];
        cloud.kill(victim, &client).await;
    }
    stop.store(true, Ordering::Relaxed);
    load.join_all().await;
    let done = done.lock().await.clone();
    println!("{kills} kills, {} acknowledged appeals", done.len());
    assert!(!done.is_empty(), "nothing was acknowledged");
    nothing_is_lost(&context, &done).await;
}

async fn nothing_is_lost(context: &Context, done: &BTreeMap<String, (String, String)>) {
    let numbers: BTreeSet<&String> = done.values().map(|(number, _)| number).collect();
    assert_eq!(numbers.len(), done.len(), "two keys share a ticket");
    let store = store_at(&Ports::url(context.ports.dynamodb));
    let began = Instant::now();
    for (number, _) in done.values() {
        let key = TicketNumber::parse(number).unwrap().key();
        // Reading holds the events against the state and the hash chain beside them.
        let ticket = store.load(&key).await.unwrap().expect(number);
        assert_eq!(ticket.number.as_str(), number);
        let submits = ticket
            .events
            .iter()
            .filter(|e| e.happening.action().code() == "submit");
        assert_eq!(submits.count(), 1);
        // The message from the stream over the queue arrives, however often its bearers died.
        while store.dossier(&key).await.unwrap().suggestion.is_none() {
            assert!(
                began.elapsed() < Duration::from_secs(90),
                "{number} has no suggestion"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let url = format!("{}/outbox.json", Ports::url(context.ports.web));
    loop {
        let outbox = context.client.get(&url, &[]).await.unwrap().text();
        let missing = done
            .values()
            .filter(|(number, _)| !outbox.contains(number.as_str()))
            .count();
        if missing == 0 {
            break;
        }
        assert!(
            began.elapsed() < Duration::from_mins(3),
            "{missing} notices are missing"
        );
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    // The same key again is the same ticket.
    for (key, (number, _)) in done.iter().take(20) {
        let mut parts = key.rsplit('-');
        let index: u32 = parts.next().unwrap().parse().unwrap();
        let worker = parts.next().unwrap();
        let mut body = appeal();
        body["text"] = format!("第{worker}组第{index}件：医保缴费后查询不到记录。").into();
        let receipt = submit(context, key, &serde_json::to_vec(&body).unwrap())
            .await
            .unwrap();
        assert_eq!(receipt["number"], number.as_str());
    }
}
