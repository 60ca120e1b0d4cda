//! The sample events of `events/`: every file is fed, as it is, to the real function, and what
//! comes out is held to the answer written beside it. `events/README.md` tells what they are.
//!
//! `SUQIU_RENEW_EVENTS=1 cargo test -p it events` writes signatures, tokens, images and answers
//! anew after a change of their form; read the difference before you commit it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method};
use serde_json::{Map, Value, json};
use substrate::{Invoke as _, Outcome};
use suqiu::client::Answer;
use suqiu::cloud::Settings;
use suqiu::state::{Ports, State};

use crate::city::{City, free_ports, root, text, tickets_table};
use crate::renewal;
use crate::schema::CONTRACT;
use crate::uploads::{post_form, sample};

/// When the sampled day begins: 2026-03-02 10:00 in Shanghai.
const BEGIN: i64 = 1_772_416_800;

/// The issuer that the sampled tokens name: the laptop cloud's on its usual ports.
pub(crate) const ISSUER: &str = "http://127.0.0.1:3002/issuer";

/// What `events/` holds besides a folder for each function.
const OTHERS: [&str; 3] = ["README.md", "keys", "media"];

fn folder() -> PathBuf {
    root().join("events")
}

/// Every sample in the order of the table in `events/README.md`: a photo, five appeals, their
/// handling, two months.
fn story() -> Vec<String> {
    let readme = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let rows = readme.lines().filter_map(|line| {
        let (case, _) = line.strip_prefix("| `")?.split_once(".json` |")?;
        Some(case.to_owned())
    });
    rows.collect()
}

fn names_in(folder: PathBuf) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect()
}

#[test]
fn every_function_has_samples_and_every_sample_is_used() {
    let functions = names_in(root().join("functions"));
    let mut folders = names_in(folder());
    folders.retain(|name| !OTHERS.contains(&name.as_str()));
    assert_eq!(folders, functions, "one folder for each function");

    let mut written = BTreeSet::new();
    for function in &folders {
        let files = names_in(folder().join(function));
        written.extend(files.iter().map(|file| format!("{function}/{file}")));
    }
    let story = story();
    let told: BTreeSet<_> = story
        .iter()
        .flat_map(|case| [format!("{case}.json"), format!("{case}.answer.json")])
        .collect();
    assert_eq!(written, told, "files, and what events/README.md tells");
    assert_eq!(told.len(), 2 * story.len(), "no sample is told twice");
    for function in functions {
        let samples = story
            .iter()
            .filter(|case| case.starts_with(&format!("{function}/")));
        assert_ne!(samples.count(), 0, "`{function}` has no sample");
    }
}

/// A city in which nothing happens but what the samples bring: the published keys, the sampled
/// day, and no event source of its own.
async fn city() -> City {
    let prepare = |settings: &mut Settings, state: &State| {
        for key in ["keys.json", "issuer.pk8"] {
            std::fs::copy(folder().join("keys").join(key), state.path(key)).unwrap();
        }
        let offset = BEGIN - renewal::real_now().timestamp();
        std::fs::write(state.path("clock"), offset.to_string()).unwrap();
        ISSUER.clone_into(&mut settings.issuer);
        settings.sources = false;
    };
    City::start_on(free_ports(), prepare, |_| {}).await
}

/// The city, and what was seen of it.
struct Stage {
    city: City,
    table: String,
    /// Items whose images the relay's samples hold, by key and version.
    images: BTreeMap<(String, String), Value>,
    queues: Vec<String>,
    /// Bodies of all messages seen on the queues.
    sent: Vec<String>,
    told: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn r_in_1_to_r_cb_5_every_sample_event_is_answered_as_written() {
    let city = city().await;
    let mut stage = Stage {
        queues: Vec::new(),
        table: tickets_table(),
        images: BTreeMap::new(),
        sent: Vec::new(),
        told: 0,
        city,
    };
    stage.queues = stage.queue_urls().await;
    let mut wrong = Vec::new();
    for case in &story() {
        let answer = stage.plays(case).await;
        let file = folder().join(format!("{case}.answer.json"));
        if renewal::wanted() {
            let _ = renewal::write(&file, &answer);
        }
        let expected = std::fs::read(&file).unwrap_or_default();
        if serde_json::from_slice::<Value>(&expected).ok() != Some(answer.clone()) {
            wrong.push(format!("{case}: {answer:#}"));
        }
    }
    stage.city.stop().await;
    assert!(
        wrong.is_empty(),
        "other answers than written:\n{}",
        wrong.join("\n")
    );
}

impl Stage {
    /// Feeds the sample to its function; gives the answer and what went out besides.
    async fn plays(&mut self, case: &str) -> Value {
        let file = folder().join(format!("{case}.json"));
        let mut payload = std::fs::read_to_string(&file).unwrap();
        let mut event: Value = serde_json::from_str(&payload).unwrap();
        let function = case.split('/').next().unwrap();
        match function {
            "relay" => self.holds_images(case, &mut event),
            "suggest" | "notify" => self.holds_bodies(case, &event),
            _ => {}
        }
        if renewal::wanted() {
            renewal::renew(case, &mut event, &self.city);
            payload = renewal::write(&file, &event);
        }
        if case == "notify/gives-up" {
            self.refuses_next_message().await;
        }
        let name = logical_id(function);
        let invoked = self.city.cloud.lambda.invoke(&name, Bytes::from(payload));
        let mut answer = match invoked.await.unwrap() {
            Outcome::Ok(answer) => {
                holds(&event, &answer);
                json!({ "answer": read(&answer) })
            }
            Outcome::FunctionError(error) => json!({ "functionError": read(&error) }),
        };
        if case == "upload/grants" {
            self.uploads(&answer["answer"]["body"]).await;
        }
        self.adds_what_went_out(&mut answer).await;
        self.remembers_images().await;
        redact(&mut answer, self.city.ports);
        answer
    }

    /// The messaging gateway answers the next delivery with 503.
    async fn refuses_next_message(&self) {
        let url = format!("{}/control/outbox", Ports::url(self.city.ports.web));
        let body = json!({ "failures": 1 });
        let client = &self.city.cloud.demo.client;
        let answer = client.post_json(&url, &[], &body).await.unwrap();
        answer.success().unwrap();
    }

    /// The photo goes up by the form just granted; the bucket tells of it.
    async fn uploads(&mut self, grant: &Value) {
        let mut grant = grant.clone();
        renewal::renew_form(&mut grant);
        let status = post_form(&self.city, &grant, &sample("photo-gps.jpg")).await;
        assert!((200..300).contains(&status), "{status}");
        let told = self.new_messages().await;
        let sample = std::fs::read(folder().join("media-inspect/releases.json")).unwrap();
        let sample: Value = serde_json::from_slice(&sample).unwrap();
        let sample: Value =
            serde_json::from_str(sample["Records"][0]["body"].as_str().unwrap()).unwrap();
        let object = "/Records/0/s3/object/key";
        let told = told["MediaQueue"][0].pointer(object);
        assert_eq!(told, sample.pointer(object), "the sample's upload");
    }

    /// Images in the relay's samples are those of the store, as of their version.
    fn holds_images(&self, case: &str, event: &mut Value) {
        for record in event["Records"].as_array_mut().unwrap() {
            let key = record["dynamodb"]["Keys"]["pk"]["S"]
                .as_str()
                .unwrap()
                .to_owned();
            for side in ["OldImage", "NewImage"] {
                let image = &mut record["dynamodb"][side];
                let version = image["ve"]["N"].as_str().unwrap_or_default().to_owned();
                let kept = self.images.get(&(key.clone(), version.clone()));
                match kept {
                    Some(kept) if renewal::wanted() => *image = kept.clone(),
                    Some(kept) => assert_eq!(image, kept, "{case}: version {version}"),
                    None => assert!(key == "T#00000000" || image.is_null(), "{case}: {image}"),
                }
            }
        }
    }

    /// The events in the samples are those that the relay sent, but for the poison.
    fn holds_bodies(&self, case: &str, event: &Value) {
        let bodies = event["Records"].as_array().unwrap().iter();
        let good = bodies.filter(|record| {
            let body = record["body"].as_str().unwrap();
            self.sent.iter().any(|sent| sent == body)
        });
        // The last try bears its count besides the event.
        let expected = usize::from(case != "notify/gives-up");
        assert_eq!(good.count(), expected, "{case}: messages of the relay");
    }

    async fn adds_what_went_out(&mut self, answer: &mut Value) {
        let queued = self.new_messages().await;
        if !queued.is_empty() {
            answer["queued"] = queued.into();
        }
        let outbox: Vec<Value> = serde_json::from_str(&self.city.outbox().await).unwrap();
        let new = outbox.get(self.told..).unwrap().to_vec();
        self.told = outbox.len();
        if !new.is_empty() {
            answer["outbox"] = new.into();
        }
    }

    /// Takes every message off every queue, by the queue's name.
    async fn new_messages(&mut self) -> Map<String, Value> {
        let mut all = Map::new();
        for url in self.queues.clone() {
            let wish = json!({
                "QueueUrl": url, "MaxNumberOfMessages": 10, "AttributeNames": ["All"],
            });
            let got = self.sqs("ReceiveMessage", &wish).await;
            let mut bodies = Vec::new();
            for message in got["Messages"].as_array().into_iter().flatten() {
                let wish = json!({ "QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"] });
                self.sqs("DeleteMessage", &wish).await;
                let body = message["Body"].as_str().unwrap();
                self.sent.push(body.to_owned());
                bodies.push(serde_json::from_str::<Value>(body).unwrap());
            }
            if !bodies.is_empty() {
                let name = url.rsplit('/').next().unwrap();
                all.insert(name.to_owned(), bodies.into());
            }
        }
        all
    }

    async fn queue_urls(&self) -> Vec<String> {
        let queues = self.sqs("ListQueues", &json!({})).await;
        let urls = queues["QueueUrls"].as_array().unwrap().iter();
        urls.map(|url| url.as_str().unwrap().to_owned()).collect()
    }

    async fn remembers_images(&mut self) {
        let keys: BTreeSet<_> = ["submitted", "dispatched", "closed", "case-opened"]
            .iter()
            .map(|name| {
                let file = folder().join(format!("relay/{name}.json"));
                let event: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
                let key = &event["Records"][0]["dynamodb"]["Keys"];
                ["pk", "sk"].map(|part| key[part]["S"].as_str().unwrap().to_owned())
            })
            .collect();
        for [key, sort] in keys {
            let wish = json!({
                "TableName": self.table, "ConsistentRead": true,
                "Key": { "pk": { "S": key }, "sk": { "S": sort } },
            });
            let port = self.city.ports.dynamodb;
            let got = self
                .aws(port, "DynamoDB_20120810.GetItem", "1.0", &wish)
                .await;
            let Some(version) = got["Item"]["ve"]["N"].as_str() else {
                continue;
            };
            self.images
                .insert((key, version.to_owned()), got["Item"].clone());
        }
    }

    async fn sqs(&self, action: &str, wish: &Value) -> Value {
        let action = format!("AmazonSQS.{action}");
        self.aws(self.city.ports.sqs, &action, "1.0", wish).await
    }

    /// A call in AWS's JSON protocol; the laptop's stores look at the form of a signature only.
    async fn aws(&self, port: u16, action: &str, version: &str, wish: &Value) -> Value {
        let kind = format!("application/x-amz-json-{version}");
        let signature = "AWS4-HMAC-SHA256 Credential=laptop/20260302/cn-north-1/x/aws4_request, \
            SignedHeaders=host;x-amz-date, Signature=0";
        let headers = [
            ("authorization", signature),
            ("content-type", kind.as_str()),
            ("x-amz-date", "20260302T020000Z"),
            ("x-amz-target", action),
        ];
        let (client, url) = (&self.city.cloud.demo.client, Ports::url(port));
        let body = Bytes::from(wish.to_string());
        let answer = client.send(Method::POST, &url, &headers, body).await;
        let answer = answer.unwrap().success().unwrap();
        serde_json::from_slice(&answer.body).unwrap_or_default()
    }
}

/// `media-inspect` to `MediaInspectFunction`.
fn logical_id(function: &str) -> String {
    let words = function.split('-').map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    words.collect::<String>() + "Function"
}

/// What a front door would answer with this is as the contract says; other functions answer none.
fn holds(event: &Value, answer: &[u8]) {
    let http = &event["requestContext"]["http"];
    let (method, path) = match event["httpMethod"].as_str() {
        Some(method) => (method, &event["path"]),
        None if http.is_object() => (http["method"].as_str().unwrap(), &event["rawPath"]),
        None => return,
    };
    let answer: Value = serde_json::from_slice(answer).unwrap();
    let status = answer["statusCode"].as_u64().unwrap();
    let mut headers = HeaderMap::new();
    for (kind, several) in [("headers", false), ("multiValueHeaders", true)] {
        for (name, value) in answer[kind].as_object().into_iter().flatten() {
            let value = if several { &value[0] } else { value };
            let name: HeaderName = name.parse().unwrap();
            headers.insert(name, value.as_str().unwrap().parse().unwrap());
        }
    }
    let answer = Answer {
        status: u16::try_from(status).unwrap().try_into().unwrap(),
        headers,
        body: Bytes::from(text(&answer["body"])),
    };
    CONTRACT.holds(method, path.as_str().unwrap(), &answer);
}

/// An answer, its body as JSON where it is some.
fn read(answer: &[u8]) -> Value {
    let mut answer: Value = serde_json::from_slice(answer).unwrap();
    let body = answer.get("body").and_then(Value::as_str);
    if let Some(body) = body.and_then(|body| serde_json::from_str(body).ok()) {
        answer["body"] = body;
    }
    answer
}

/// Takes out what differs from run to run.
fn redact(answer: &mut Value, ports: Ports) {
    match answer {
        Value::Object(members) => {
            for (name, value) in members {
                match name.as_str() {
                    "deliveries" => {
                        for delivery in value.as_array_mut().unwrap() {
                            delivery["at"] = "[now]".into();
                        }
                    }
                    "traceId" => *value = "[request id]".into(),
                    "received_at" => *value = "[now]".into(),
                    // What is past its time goes when the table finds the time.
                    "about" => *value = "[how many items there are]".into(),
                    _ => redact(value, ports),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redact(item, ports)),
        Value::String(text) => {
            *text = text.replace(&format!("127.0.0.1:{}", ports.s3), "127.0.0.1:3011");
            if let Some(at) = text.find("X-Amz-Signature=") {
                text.truncate(at + "X-Amz-Signature=".len());
                text.push_str("[signature]");
            }
        }
        _ => {}
    }
}
