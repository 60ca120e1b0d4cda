//! The city under test: a laptop cloud of its own per test, and the people who use it.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use domain::ticket::Ticket;
use http::Method;
use serde_json::{Value, json};
use substrate::Template;
use suqiu::client::Answer;
use suqiu::cloud::{Cloud, Settings};
use suqiu::compile;
use suqiu::lambda::Spawner;
use suqiu::state::{Ports, State};
use tempfile::TempDir;

use crate::schema::CONTRACT;

/// A running city.
pub(crate) struct City {
    pub(crate) cloud: Cloud,
    pub(crate) ports: Ports,
    folder: TempDir,
}

/// The workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Ports that nobody listens on now. Tests of one process take different ones.
pub(crate) fn free_ports() -> Ports {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    for _ in 0..500 {
        let process = std::process::id() % 1_000;
        let step = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
        // The stride keeps a process's second choice from its neighbour's first.
        let place = u16::try_from((process + step * 331) % 1_000).unwrap();
        // Below the range from which a system takes the ports of outgoing connections.
        let base = 12_000 + place * 20;
        let free = (0..13).all(|port| TcpListener::bind(("127.0.0.1", base + port)).is_ok());
        if free {
            return Ports::from_base(base).unwrap();
        }
    }
    panic!("no free ports")
}

impl City {
    /// Starts an empty city: units, officers, rulebook, calendars; no appeals.
    pub(crate) async fn start() -> Self {
        Self::start_with(free_ports(), |_| {}).await
    }

    /// Starts with changed settings.
    pub(crate) async fn start_with(ports: Ports, change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_on(ports, |settings, _| change(settings), |_| {}).await
    }

    /// Starts with changed settings, on a state folder that may hold something already, and with
    /// other binaries for some functions.
    pub(crate) async fn start_on(
        ports: Ports,
        prepare: impl FnOnce(&mut Settings, &State),
        exchange: impl FnOnce(&mut BTreeMap<String, PathBuf>),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(&root(), ports);
        let state = State::open(&folder.path().join("state"), false).unwrap();
        prepare(&mut settings, &state);
        let template = settings.load_template(&state).unwrap();
        let spawner = Spawner::start().unwrap();
        let crates: Vec<&str> = template
            .functions()
            .iter()
            .map(|function| function.crate_name.as_str())
            .collect();
        let mut binaries = compile::functions(&root(), &crates, &spawner)
            .await
            .unwrap();
        exchange(&mut binaries);
        let cloud = Cloud::start(&settings, state, &template, &binaries, &spawner)
            .await
            .unwrap();
        Self {
            cloud,
            ports,
            folder,
        }
    }

    /// The state folder.
    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// A signed channel request.
    pub(crate) async fn channel(
        &self,
        channel: &str,
        path: &str,
        key: Option<&str>,
        body: &[u8],
    ) -> Answer {
        let headers: Vec<_> = key
            .map(|key| ("idempotency-key", key))
            .into_iter()
            .collect();
        let demo = &self.cloud.demo;
        let answer = demo.channel(channel, Method::POST, path, &headers, body);
        let answer = answer.await.unwrap();
        CONTRACT.holds("POST", path, &answer);
        answer
    }

    /// Submits an appeal and gives number and query code.
    pub(crate) async fn submits(&self, channel: &str, key: &str, body: &Value) -> (String, String) {
        let body = serde_json::to_vec(body).unwrap();
        let answer = self.channel(channel, "/appeals", Some(key), &body).await;
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
        let receipt = answer.json().unwrap();
        (text(&receipt["number"]), text(&receipt["queryCode"]))
    }

    /// An officer's request; `GET` without a body. Status and JSON.
    pub(crate) async fn officer(
        &self,
        officer: &str,
        path: &str,
        body: Option<&Value>,
    ) -> (u16, Value) {
        let token = self.cloud.demo.sign_in(officer).await.unwrap();
        let answer = self.cloud.demo.console(&token, path, body).await.unwrap();
        CONTRACT.holds(if body.is_some() { "POST" } else { "GET" }, path, &answer);
        (answer.status.as_u16(), answer.json().unwrap())
    }

    /// An officer acts; the action must succeed.
    pub(crate) async fn acts(
        &self,
        officer: &str,
        number: &str,
        step: &str,
        body: &Value,
    ) -> Value {
        let (status, answer) = self
            .officer(officer, &format!("/tickets/{number}/{step}"), Some(body))
            .await;
        assert_eq!(status, 200, "{step}: {answer}");
        answer
    }

    /// The appellant looks the appeal up.
    pub(crate) async fn tracks(&self, number: &str, code: &str) -> (u16, Value) {
        let url = format!("{}/appeals/{number}", Ports::url(self.ports.public));
        let answer = self
            .cloud
            .demo
            .client
            .get(&url, &[("query-code", code)])
            .await
            .unwrap();
        CONTRACT.holds("GET", &format!("/appeals/{number}"), &answer);
        (answer.status.as_u16(), answer.json().unwrap())
    }

    /// The appellant rates.
    pub(crate) async fn rates(&self, number: &str, code: &str, body: &Value) -> (u16, Value) {
        self.asks(number, "rating", code, body).await
    }

    /// The appellant asks for something to be done, by number and query code.
    pub(crate) async fn asks(
        &self,
        number: &str,
        what: &str,
        code: &str,
        body: &Value,
    ) -> (u16, Value) {
        let public = Ports::url(self.ports.public);
        let url = format!("{public}/appeals/{number}/{what}");
        let headers = [("query-code", code)];
        let client = &self.cloud.demo.client;
        let answer = client.post_json(&url, &headers, body).await.unwrap();
        CONTRACT.holds("POST", &format!("/appeals/{number}/{what}"), &answer);
        (answer.status.as_u16(), answer.json().unwrap())
    }

    /// What the outbox page got.
    pub(crate) async fn outbox(&self) -> String {
        let url = format!("{}/outbox.json", Ports::url(self.ports.web));
        self.cloud.demo.client.get(&url, &[]).await.unwrap().text()
    }

    /// Waits until somebody was told this.
    pub(crate) async fn is_told(&self, words: &str) {
        self.eventually(words, async |city| {
            city.outbox().await.contains(words).then_some(())
        })
        .await;
    }

    /// Moves the clock of the whole city.
    pub(crate) async fn moves_clock(&self, seconds: i64) {
        let url = format!("{}/control/clock", Ports::url(self.ports.web));
        let body = json!({ "shift_seconds": seconds });
        self.cloud
            .demo
            .client
            .post_json(&url, &[], &body)
            .await
            .unwrap()
            .success()
            .unwrap();
    }

    /// Waits until `found` gives something; what is eventual must come within half a minute.
    pub(crate) async fn eventually<T>(
        &self,
        what: &str,
        mut found: impl AsyncFnMut(&Self) -> Option<T>,
    ) -> T {
        for _ in 0..300 {
            if let Some(value) = found(self).await {
                return value;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{what} did not come")
    }

    /// The store, straight at the laptop's DynamoDB.
    pub(crate) fn store(&self) -> store::DynamoStore {
        store_at(&Ports::url(self.ports.dynamodb))
    }

    pub(crate) async fn stop(self) {
        self.cloud.stop().await;
    }
}

/// Port base of `ports`, as `--port-base` takes it.
pub(crate) fn base(ports: Ports) -> u16 {
    ports.public
}

/// The template as the laptop reads it.
pub(crate) fn template() -> Template {
    let folder = tempfile::tempdir().unwrap();
    let state = State::open(&folder.path().join("state"), false).unwrap();
    let settings = Settings::new(&root(), Ports::from_base(25_000).unwrap());
    settings.load_template(&state).unwrap()
}

/// Name of the ticket table on the laptop.
pub(crate) fn tickets_table() -> String {
    let template = template();
    let mut tables = template
        .functions()
        .iter()
        .filter_map(|f| f.environment.get("TICKETS_TABLE"));
    tables.next().unwrap().clone()
}

/// Every ticket of the table; one that cannot be read fails the test.
pub(crate) async fn all_tickets(store: &store::DynamoStore) -> Vec<Ticket> {
    let (mut tickets, mut start) = (Vec::new(), None);
    loop {
        let page = store.tickets_page(start).await.unwrap();
        tickets.extend(page.tickets.into_iter().map(Result::unwrap));
        start = page.next;
        if start.is_none() {
            return tickets;
        }
    }
}

/// The store at an endpoint.
pub(crate) fn store_at(endpoint: &str) -> store::DynamoStore {
    store::DynamoStore::new(suqiu::seed::dynamodb(endpoint), tickets_table())
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// An appeal to the mobile channel.
pub(crate) fn appeal() -> Value {
    json!({
        "kind": "help", "subject": "service_item", "title": "医保缴费后查不到记录",
        "text": "我在手机上缴纳了城乡居民医保，已扣款三天，仍查询不到参保记录，请帮忙核实。",
        "appellant": { "kind": "person", "name": "测试甲", "phone": "13800000001" },
        "replyBy": "sms", "area": "370902"
    })
}

pub(crate) fn answer() -> Value {
    json!({
        "verification": "经核实，缴费数据确未同步到参保系统。",
        "basis": "依据社会保险经办条例第十七条办理。",
        "result": "已于当日补记参保缴费记录并同步。",
        "advice": "请于次日重新查询，如有问题可到就近窗口办理。"
    })
}

pub(crate) fn record() -> Value {
    json!({
        "investigation": "电话联系诉求人，调取缴费流水核对。", "facts": "扣款成功，参保系统未记账。",
        "legalBasis": "社会保险经办条例。", "measures": "补记并同步。", "remedies": "可依法申请行政复议。"
    })
}

pub(crate) fn contact() -> Value {
    json!({ "way": "phone", "outcome": "reached" })
}
