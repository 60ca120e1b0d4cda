//! The load: whole lives of appeals, several at once, over every function. Whatever fails is tried
//! again, as a channel or an officer would; whatever was answered with success is remembered.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use serde_json::{Value, json};
use suqiu::client::Answer;
use suqiu::demo::Context;
use suqiu::state::Ports;
use tokio::sync::Mutex;

use crate::city::{answer, appeal, contact, record, text};
use crate::laptop::Laptop;
use crate::uploads::{grant_body, sample, try_form};

mod fates;

const DESK: &str = "ta-bigdata-triage";
const UNIT: &str = "ta-ylbzj";
const LIAISON: &str = "ta-ylbzj-liaison";

/// A file and what becomes of it.
const FILES: [(&str, &str, &str); 3] = [
    ("photo-gps.jpg", "image/jpeg", "clean"),
    ("document.pdf", "application/pdf", "clean"),
    ("liar-program.jpg", "image/jpeg", "quarantined"),
];

/// Fates of appeals. The workers begin at different ones and live two at least, so all are lived.
pub(super) const FATES: usize = 12;
const WORKERS: usize = 4;

/// What an appellant does: action, path, and the field of the page that offers it.
#[derive(Clone, Copy)]
struct Wish(&'static str, &'static str, &'static str);

const RATE: Wish = Wish("rate", "rating", "canRate");
/// The one item of the list: with it the waiting ends, which is the last event of the answer.
const SUPPLEMENT: Wish = Wish("end_supplement", "supplement", "canSupplement");
const WITHDRAW: Wish = Wish("withdraw", "withdrawal", "canWithdraw");

/// Longer than any restart takes; then it is an outage.
const PATIENCE: Duration = Duration::from_mins(1);

/// What was answered with success.
#[derive(Debug, Default)]
pub(super) struct Acknowledged {
    /// By `Idempotency-Key`.
    pub(super) appeals: BTreeMap<String, Appeal>,
    pub(super) acts: Vec<Act>,
    /// Uploads and the state in which they end.
    pub(super) uploads: BTreeMap<String, &'static str>,
    reads: usize,
    /// Requests that failed, or whose answer was lost.
    again: usize,
}

/// An acknowledged appeal.
#[derive(Debug, Clone)]
pub(super) struct Appeal {
    pub(super) number: String,
    pub(super) body: Vec<u8>,
    pub(super) half: usize,
    code: String,
}

/// An acknowledged act, and the version of the ticket after it.
#[derive(Debug)]
pub(super) struct Act {
    pub(super) number: String,
    pub(super) action: &'static str,
    pub(super) version: u64,
}

/// Runs until `stop` and all fates were lived; every life that began goes on to its end.
pub(super) struct Load {
    pub(super) done: Arc<Mutex<Acknowledged>>,
    pub(super) stop: AtomicBool,
    base: Context,
    state: PathBuf,
}

impl Acknowledged {
    pub(super) fn reports(&self) {
        let mut acts = BTreeMap::<_, usize>::new();
        for act in &self.acts {
            *acts.entry(act.action).or_default() += 1;
        }
        println!(
            "acknowledged: {} appeals, {} uploads, {acts:?}, {} pages; {} requests sent again",
            self.appeals.len(),
            self.uploads.len(),
            self.reads,
            self.again
        );
    }
}

impl Load {
    pub(super) fn new(laptop: &Laptop) -> Self {
        Self {
            done: Arc::default(),
            stop: AtomicBool::new(false),
            base: laptop.context(),
            state: laptop.state("."),
        }
    }

    pub(super) async fn runs(&self, half: usize) {
        tokio::join!(
            self.lives(half, 0),
            self.lives(half, 1),
            self.lives(half, 2),
            self.lives(half, 3)
        );
    }

    async fn lives(&self, half: usize, worker: usize) {
        let least = FATES / WORKERS;
        for index in 0.. {
            if index >= least && self.stop.load(Ordering::Relaxed) {
                return;
            }
            let key = format!("crash-{half}-{worker}-{index:06}");
            self.life(half, key, worker * least + index).await;
        }
    }

    /// One appeal: some wait, some are with a unit, some are taken back, the others are lived to their end.
    async fn life(&self, half: usize, key: String, fate: usize) {
        let appeal = self.submits(half, key, fate).await;
        let number = appeal.number.as_str();
        self.tracks(&appeal).await;
        self.checks(&appeal).await;
        self.reads(DESK, "/worklist?state=received").await;
        self.reads(DESK, "/rules").await;
        self.reads("ta-bigdata-admin", "/registry/readiness").await;
        self.reads(DESK, "/reconciliations").await;
        self.reads(DESK, "/exports").await;
        self.reads(DESK, "/figures").await;
        self.reads(DESK, "/reports").await;
        self.reads("ta-bigdata-auditor", "/accountability").await;
        self.reads("ta-bigdata-auditor", "/supervision").await;
        self.reads("ta-bigdata-auditor", "/problem-groups").await;
        self.reads("ta-bigdata-reviewer", "/knowledge").await;
        self.searches().await;
        // What a life seldom comes to is asked for and refused: its function is called all the time.
        let whim = json!({ "ground": "wish", "reason": "试" });
        self.is_refused(DESK, number, "erasure", &whim).await;
        let call = json!({ "outcome": "no_answer" });
        self.is_refused("ta-bigdata-callback", number, "callback", &call)
            .await;
        let finding = json!({ "finding": "proved", "reason": "核实" });
        self.is_refused(DESK, number, "rating-verification", &finding)
            .await;
        match fate % FATES {
            0 => {
                self.is_written_to().await;
                self.orders(fate).await;
                self.proposes(fate).await;
            }
            1 => {
                let body = json!({ "answer": answer() });
                self.acts(DESK, number, ("answer_directly", "direct-answer"), &body)
                    .await;
            }
            2 => {
                let body = json!({ "ground": "reconsideration" });
                self.acts(DESK, number, ("decline", "decline"), &body).await;
            }
            depth @ 3..8 => self.is_handled(&appeal, depth).await,
            other => self.goes_another_way(&appeal, other).await,
        }
    }

    async fn is_handled(&self, appeal: &Appeal, depth: usize) {
        let number = appeal.number.as_str();
        let body = json!({ "unit": UNIT });
        self.acts(DESK, number, ("dispatch", "dispatch"), &body)
            .await;
        if depth == 3 {
            return;
        }
        self.reads(LIAISON, "/worklist").await;
        self.acts(LIAISON, number, ("sign", "sign"), &json!({}))
            .await;
        if depth == 4 {
            return self.asks_for(appeal, WITHDRAW, &json!({})).await;
        }
        let body = json!({ "purpose": "contact" });
        self.acts(LIAISON, number, ("reveal", "reveals"), &body)
            .await;
        self.acts(LIAISON, number, ("record_contact", "contacts"), &contact())
            .await;
        let body = json!({ "record": record(), "answer": answer() });
        self.acts(LIAISON, number, ("close", "close"), &body).await;
        let body = json!({ "level": 5, "solved": true });
        self.asks_for(appeal, RATE, &body).await;
    }

    /// The city as people reach it now: their clocks go with the cloud's.
    fn city(&self) -> Context {
        Context {
            clock: substrate::Clock::open(&self.state).unwrap(),
            ..self.base.clone()
        }
    }

    /// Waits a moment before something that failed is tried again.
    async fn fails(&self, began: Instant, what: &str) {
        assert!(began.elapsed() < PATIENCE, "{what} is out of order");
        self.done.lock().await.again += 1;
        tokio::time::sleep(Duration::from_millis(25)).await;
    }

    async fn submits(&self, half: usize, key: String, fate: usize) -> Appeal {
        let mut body = appeal();
        body["externalId"] = key.as_str().into();
        body["text"] = format!("{key}：医保缴费后查询不到记录。").into();
        if fate.is_multiple_of(2) {
            body["attachments"] = json!([self.uploads(fate / 2).await]);
        }
        let body = serde_json::to_vec(&body).unwrap();
        let began = Instant::now();
        loop {
            let receipt = if fate.is_multiple_of(3) {
                submit_in_file(&self.city(), &body).await
            } else {
                submit(&self.city(), &key, &body).await
            };
            if let Some(receipt) = receipt {
                let appeal = Appeal {
                    number: text(&receipt["number"]),
                    code: text(&receipt["queryCode"]),
                    body,
                    half,
                };
                let mut done = self.done.lock().await;
                done.appeals.insert(key, appeal.clone());
                return appeal;
            }
            self.fails(began, "intake").await;
        }
    }

    /// Uploads a file; its id.
    async fn uploads(&self, index: usize) -> String {
        let (name, content_type, ends) = FILES[index % FILES.len()];
        let file = sample(name);
        let body = grant_body(content_type, &file);
        let began = Instant::now();
        let grant = loop {
            let city = self.city();
            let answer = city.channel("mobile", Method::POST, "/uploads", &[], &body);
            if let Some(grant) = succeeded(answer.await) {
                break grant;
            }
            self.fails(began, "upload").await;
        };
        while !try_form(&self.base.client, &grant, &file)
            .await
            .is_ok_and(|status| acknowledged(status, "the form"))
        {
            self.fails(began, "the bucket").await;
        }
        let id = text(&grant["uploadId"]);
        self.done.lock().await.uploads.insert(id.clone(), ends);
        id
    }

    async fn reads(&self, officer: &str, path: &str) -> Value {
        let began = Instant::now();
        loop {
            if let Some(page) = succeeded(self.asks(officer, path, None).await) {
                self.done.lock().await.reads += 1;
                return page;
            }
            self.fails(began, path).await;
        }
    }

    /// A case of supervision is opened by hand, and a letter sent at once.
    async fn is_written_to(&self) {
        let began = Instant::now();
        let case = json!({ "trigger": "overdue", "unit": UNIT, "facts": "未按期办结" });
        let letter = json!({ "method": "letter" });
        loop {
            let city = self.city();
            if let Ok(token) = city.sign_in("ta-bigdata-manager").await
                && let Ok(opened) = city.console(&token, "/supervision", Some(&case)).await
                && let Ok(opened) = opened.json()
                && let Some(id) = opened["id"].as_str()
                && let path = format!("/supervision/{id}/steps")
                && let Ok(sent) = city.console(&token, &path, Some(&letter)).await
                && sent.status.is_success()
            {
                return;
            }
            self.fails(began, "supervision").await;
        }
    }

    /// An officer asks for what is not open to them, or not now, until that is said.
    /// A report is asked for, each of other days; until the lake is made there is nothing to make it of.
    async fn orders(&self, fate: usize) {
        let began = Instant::now();
        let until = chrono::NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        let since = until - chrono::Days::new(u64::try_from(fate % 290).unwrap() + 1);
        let body = json!({ "period": format!("{since}_{until}") });
        loop {
            let city = self.city();
            if let Ok(token) = city.sign_in("ta-bigdata-analyst").await
                && let Ok(answer) = city.console(&token, "/reports", Some(&body)).await
                && (answer.status.is_success() || answer.status.as_u16() == 422)
            {
                return;
            }
            self.fails(began, "/reports").await;
        }
    }

    /// A far version of the rulebook is proposed anew, so that all tickets are walked over; nobody has
    /// it carried out.
    async fn proposes(&self, fate: usize) {
        let (began, path) = (Instant::now(), "/rules/rulebooks/2");
        let days = fate % 60 + 1;
        let body = json!({ "effectiveOn": "2035-01-01", "parameters": { "handle_days": days } });
        loop {
            let city = self.city();
            if let Ok(token) = city.sign_in("ta-bigdata-admin").await {
                let url = format!("{}{path}", Ports::url(city.ports.console));
                let headers = [("authorization", token.as_str())];
                let sent = body.to_string().into();
                let answer = city.client.send(Method::PUT, &url, &headers, sent).await;
                // Whoever was faster has proposed another.
                if answer.is_ok_and(|it| [202, 409].contains(&it.status.as_u16())) {
                    return;
                }
            }
            self.fails(began, path).await;
        }
    }

    async fn is_refused(&self, officer: &str, number: &str, act: &str, body: &Value) {
        let (began, path) = (Instant::now(), format!("/tickets/{number}/{act}"));
        loop {
            let city = self.city();
            if let Ok(token) = city.sign_in(officer).await
                && let Ok(answer) = city.console(&token, &path, Some(body)).await
                && [403, 404, 409, 422].contains(&answer.status.as_u16())
            {
                return;
            }
            self.fails(began, &path).await;
        }
    }

    /// Somebody asks the knowledge base before they bring an appeal.
    async fn searches(&self) {
        let (began, asked) = (Instant::now(), json!({ "text": "医保缴费" }));
        loop {
            let city = self.city();
            let url = format!("{}/knowledge-searches", Ports::url(city.ports.public));
            let answer = city.client.post_json(&url, &[], &asked).await;
            if succeeded(answer).is_some() {
                self.done.lock().await.reads += 1;
                return;
            }
            self.fails(began, "search").await;
        }
    }

    async fn asks(
        &self,
        officer: &str,
        path: &str,
        act: Option<(u64, &Value)>,
    ) -> anyhow::Result<Answer> {
        let city = self.city();
        let token = city.sign_in(officer).await?;
        let Some((seen, body)) = act else {
            return city.console(&token, path, None).await;
        };
        let url = format!("{}{path}", Ports::url(city.ports.console));
        let seen = format!("\"{seen}\"");
        let headers = [("authorization", token.as_str()), ("if-match", &seen)];
        city.client.post_json(&url, &headers, body).await
    }

    /// An officer acts on what is on the page, and looks again when that fails: it may be done.
    async fn acts(&self, officer: &str, number: &str, act: (&'static str, &str), body: &Value) {
        let (action, step) = act;
        let page_path = format!("/tickets/{number}");
        let path = format!("{page_path}/{step}");
        let began = Instant::now();
        loop {
            let page = self.reads(officer, &page_path).await;
            let timeline = page["timeline"].as_array().unwrap();
            if timeline.iter().any(|line| line["action"] == action) {
                return;
            }
            let seen = page["version"].as_u64().unwrap();
            let answer = self.asks(officer, &path, Some((seen, body))).await;
            let changed = answer.as_ref().map(|answer| answer.status);
            if changed.is_ok_and(|status| status == StatusCode::PRECONDITION_FAILED) {
                continue;
            }
            if let Some(after) = succeeded(answer) {
                return self.remembers(number, action, &after).await;
            }
            self.fails(began, step).await;
        }
    }

    /// As [`Load::acts`], for what time may have closed meanwhile: a refusal ends it.
    async fn attempts(
        &self,
        officer: &str,
        number: &str,
        (action, step): (&'static str, &str),
        body: &Value,
    ) {
        let page_path = format!("/tickets/{number}");
        let path = format!("{page_path}/{step}");
        let began = Instant::now();
        loop {
            let page = self.reads(officer, &page_path).await;
            let timeline = page["timeline"].as_array().unwrap();
            if timeline.iter().any(|line| line["action"] == action) {
                return;
            }
            let seen = page["version"].as_u64().unwrap();
            let answer = self.asks(officer, &path, Some((seen, body))).await;
            match answer.as_ref().map(|answer| answer.status) {
                Ok(StatusCode::PRECONDITION_FAILED) => continue,
                Ok(status) if status.is_client_error() => return,
                _ => {}
            }
            if let Some(after) = succeeded(answer) {
                return self.remembers(number, action, &after).await;
            }
            self.fails(began, step).await;
        }
    }

    async fn remembers(&self, number: &str, action: &'static str, after: &Value) {
        let act = Act {
            number: number.to_owned(),
            action,
            version: after["version"].as_u64().unwrap(),
        };
        self.done.lock().await.acts.push(act);
    }

    async fn tracks(&self, appeal: &Appeal) -> Value {
        self.looks(appeal, "").await
    }

    /// Whatever dies, no record is found changed.
    async fn checks(&self, appeal: &Appeal) {
        let page = self.looks(appeal, "/record").await;
        assert_eq!(page["intact"], true, "{page}");
    }

    async fn looks(&self, appeal: &Appeal, part: &str) -> Value {
        let (number, began) = (&appeal.number, Instant::now());
        let public = Ports::url(self.base.ports.public);
        let url = format!("{public}/appeals/{number}{part}");
        loop {
            let headers = [("query-code", appeal.code.as_str())];
            let answer = self.base.client.get(&url, &headers);
            if let Some(page) = succeeded(answer.await) {
                assert_eq!(page["number"], number.as_str());
                self.done.lock().await.reads += 1;
                return page;
            }
            self.fails(began, "track").await;
        }
    }

    /// The appellant acts, as long as the page offers it: an attempt that failed may be done.
    async fn asks_for(&self, appeal: &Appeal, wish: Wish, body: &Value) {
        let Wish(action, step, offer) = wish;
        let url = Ports::url(self.base.ports.public);
        let url = format!("{url}/appeals/{}/{step}", appeal.number);
        let began = Instant::now();
        while self.tracks(appeal).await[offer] == true {
            let headers = [("query-code", appeal.code.as_str())];
            let answer = self.base.client.post_json(&url, &headers, body).await;
            if let Some(after) = succeeded(answer) {
                return self.remembers(&appeal.number, action, &after).await;
            }
            self.fails(began, step).await;
        }
    }
}

/// One try; what was answered with success is acknowledged.
pub(super) async fn submit(city: &Context, key: &str, body: &[u8]) -> Option<Value> {
    let headers = [("idempotency-key", key)];
    let answer = city.channel("mobile", Method::POST, "/appeals", &headers, body);
    succeeded(answer.await)
}

/// One try as the one row of a file: what the row is answered counts.
async fn submit_in_file(city: &Context, body: &[u8]) -> Option<Value> {
    let headers = [("content-type", "application/x-ndjson")];
    let answer = city.channel("mobile", Method::POST, "/appeals/batch", &headers, body);
    let mut answer = succeeded(answer.await)?;
    let row = answer["rows"][0].take();
    let status = row["problem"]["status"].as_u64().unwrap_or(200);
    let status = u16::try_from(status).unwrap();
    acknowledged(status, &row.to_string()).then(|| row["receipt"].clone())
}

/// The body of an answer with success; nothing when it is to be tried again. A killed process is no
/// reason to call a request wrong.
fn succeeded(answer: anyhow::Result<Answer>) -> Option<Value> {
    let answer = answer.ok()?;
    acknowledged(answer.status.as_u16(), &answer.text()).then(|| answer.json().unwrap())
}

fn acknowledged(status: u16, said: &str) -> bool {
    assert!(!(400..500).contains(&status), "{status}: {said}");
    (200..300).contains(&status)
}
