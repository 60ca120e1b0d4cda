//! The city in which functions are measured: the laptop cloud of the template, without appeals and
//! without event sources, so that nothing happens but what is measured.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use http::Method;
use serde_json::{Value, json};
use suqiu::cloud::{Cloud, Settings};
use suqiu::compile;
use suqiu::lambda::Spawner;
use suqiu::state::{Ports, State};
use tempfile::TempDir;

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

    /// The appellant looks.
    pub(crate) async fn tracks(&self, number: &str, code: &str) -> Result<()> {
        let url = format!("{}/appeals/{number}", Ports::url(self.ports.public));
        let client = &self.cloud.demo.client;
        let answer = client.get(&url, &[("query-code", code)]).await?;
        answer.success().map(|_| ())
    }
}

/// Thirteen ports in a row that nobody listens on.
fn free_ports() -> Result<Ports> {
    let mut bases = (0..400).map(|step| 12_000 + step * 20);
    let free = |base: &u16| (0..13).all(|n| TcpListener::bind(("127.0.0.1", base + n)).is_ok());
    Ports::from_base(bases.find(free).context("no free ports")?)
}
