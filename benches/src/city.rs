//! The city in which functions are measured: the laptop cloud of the template, without appeals and
//! without event sources, so that nothing happens but what is measured.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use http::Method;
use search::IndexedEntry;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use suqiu::account::Account;
use suqiu::cloud::{Cloud, Settings};
use suqiu::compile;
use suqiu::lambda::Spawner;
use suqiu::state::{Ports, State};
use tempfile::TempDir;

/// Entries that a city's knowledge base may have (R-KB-2).
const ENTRIES: usize = 10_000;

#[path = "../../shared/search/examples/generated/mod.rs"]
#[expect(
    dead_code,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "the entries that the search itself is measured with"
)]
mod generated;

/// A running city.
pub(crate) struct City {
    pub(crate) cloud: Cloud,
    ports: Ports,
    desk: String,
    liaison: String,
    appeals: usize,
    _folder: TempDir,
}

impl City {
    /// Starts it, with `binaries` in the place of those built for the laptop.
    pub(crate) async fn start(
        root: &Path,
        binaries: &BTreeMap<String, PathBuf>,
        spawner: &Spawner,
    ) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let ports = free_ports()?;
        let mut settings = Settings::new(root, ports);
        settings.sources = false;
        let state = State::open(&folder.path().join("state"), false)?;
        let template = settings.load_template(&state)?;
        let functions = template.functions().iter();
        let crates: Vec<&str> = functions.map(|spec| spec.crate_name.as_str()).collect();
        let mut all = compile::functions(root, &crates, spawner).await?;
        all.extend(binaries.clone());
        let cloud = Cloud::start(&settings, state, &template, &all, spawner).await?;
        let desk = cloud.demo.sign_in("ta-bigdata-triage").await?;
        let liaison = cloud.demo.sign_in("ta-ylbzj-liaison").await?;
        Ok(Self {
            cloud,
            ports,
            desk,
            liaison,
            appeals: 0,
            _folder: folder,
        })
    }

    /// Submits an appeal; gives number and query code.
    pub(crate) async fn submits(&mut self) -> Result<(String, String)> {
        self.appeals += 1;
        let key = format!("bench-{:08}", self.appeals);
        let body = json!({
            "kind": "help", "subject": "service_item", "title": "参保缴费查询",
            "text": "医保缴费后查询不到记录，请帮忙核实。",
            "appellant": { "kind": "person", "name": "测试甲", "phone": "13800000001" },
            "replyBy": "sms",
        });
        let headers = [("idempotency-key", key.as_str())];
        let demo = &self.cloud.demo;
        let body = serde_json::to_vec(&body)?;
        let answer = demo.channel("mobile", Method::POST, "/appeals", &headers, &body);
        let receipt = answer.await?.success()?.json()?;
        let field = |name: &str| receipt.get(name).and_then(Value::as_str).map(str::to_owned);
        let (number, code) = (field("number"), field("queryCode"));
        number.zip(code).context("the receipt has no number")
    }

    /// Submits an appeal and dispatches it; gives the number.
    pub(crate) async fn dispatches(&mut self) -> Result<String> {
        let (number, _) = self.submits().await?;
        let path = format!("/tickets/{number}/dispatch");
        let unit = json!({ "unit": "ta-ylbzj" });
        let answer = self.cloud.demo.console(&self.desk, &path, Some(&unit));
        answer.await?.success()?;
        Ok(number)
    }

    /// The liaison signs.
    pub(crate) async fn signs(&self, number: &str) -> Result<()> {
        let path = format!("/tickets/{number}/sign");
        let demo = &self.cloud.demo;
        let answer = demo.console(&self.liaison, &path, Some(&json!({}))).await?;
        answer.success().map(|_| ())
    }

    /// The desk opens a page or a list.
    pub(crate) async fn opens(&self, path: &str) -> Result<()> {
        let answer = self.cloud.demo.console(&self.desk, path, None).await?;
        answer.success().map(|_| ())
    }

    /// The liaison opens the unit's entries of the knowledge base.
    pub(crate) async fn lists_knowledge(&self) -> Result<()> {
        let demo = &self.cloud.demo;
        let answer = demo.console(&self.liaison, "/knowledge", None).await?;
        answer.success().map(|_| ())
    }

    /// So many entries of the knowledge base are shown and indexed.
    pub(crate) async fn publishes(&self) -> Result<()> {
        let entries = generated::entries(ENTRIES);
        let block = search::build(&entries)?;
        let name = format!("indexes/{:x}", Sha256::digest(&block));
        let account = Account::laptop(&self.ports, self.cloud.clock.clone());
        let bucket = account
            .objects("KnowledgeBucket", "KNOWLEDGE_BUCKET")
            .await?;
        let pointer = serde_json::to_vec(&pointer(&name, ENTRIES))?;
        bucket
            .store(&name, "application/octet-stream", block)
            .await?;
        Ok(bucket
            .store("current.json", "application/json", pointer)
            .await?)
    }

    /// Somebody asks before they bring an appeal.
    pub(crate) async fn asks(&self) -> Result<()> {
        let url = format!("{}/knowledge-searches", Ports::url(self.ports.public));
        let asked = json!({ "text": "居住证办理需要哪些材料" });
        let client = &self.cloud.demo.client;
        let answer = client.post_json(&url, &[], &asked).await?.success()?;
        let found = answer.json()?;
        let items = found.get("items").and_then(Value::as_array);
        ensure!(
            items.is_some_and(|items| !items.is_empty()),
            "nothing is found: {found}"
        );
        Ok(())
    }

    /// The appellant looks.
    pub(crate) async fn tracks(&self, number: &str, code: &str) -> Result<()> {
        let url = format!("{}/appeals/{number}", Ports::url(self.ports.public));
        let client = &self.cloud.demo.client;
        let answer = client.get(&url, &[("query-code", code)]).await?;
        answer.success().map(|_| ())
    }
}

/// What names an index, as `knowledge-index` writes it.
fn pointer(name: &str, entries: usize) -> Value {
    json!({ "name": name, "entries": entries, "builtAt": "2026-03-02T00:00:00Z" })
}

/// Thirteen ports in a row that nobody listens on.
fn free_ports() -> Result<Ports> {
    let mut bases = (0..400).map(|step| 12_000 + step * 20);
    let free = |base: &u16| (0..13).all(|n| TcpListener::bind(("127.0.0.1", base + n)).is_ok());
    Ports::from_base(bases.find(free).context("no free ports")?)
}
