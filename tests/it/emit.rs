//! What the relay could not pass on is made again from the tickets (R-OPS-3): a city whose relay is
//! broken for a while, and the commands that repair what came of it.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use app::ports::{Delivery, Dossier, Store as _};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use domain::ticket::TicketNumber;
use serde_json::{Value, json};
use suqiu::account::Account;
use suqiu::dead_letters;
use suqiu::emit::{Emitted, Emitter};
use suqiu::state::Ports;

use crate::city::{City, answer, appeal, contact, free_ports, record, root, tickets_table};

const DESK: &str = "ta-bigdata-triage";
const LIAISON: &str = "ta-ylbzj-liaison";
const FAILURES: &str = "RelayFailureQueue";

/// The relay's binary, by a link that is whole or broken.
struct Relay {
    link: PathBuf,
    whole: PathBuf,
    broken: PathBuf,
}

impl Relay {
    fn in_folder(folder: &Path) -> Self {
        let broken = folder.join("broken");
        std::fs::write(&broken, "#!/bin/sh\nexit 1\n").unwrap();
        std::fs::set_permissions(&broken, PermissionsExt::from_mode(0o755)).unwrap();
        Self {
            link: folder.join("relay"),
            whole: PathBuf::new(),
            broken,
        }
    }

    fn becomes(&self, target: &Path) {
        let _ = std::fs::remove_file(&self.link);
        symlink(target, &self.link).unwrap();
    }

    fn breaks(&self, city: &City) {
        self.becomes(&self.broken);
        city.cloud.lambda.kill("RelayFunction");
    }

    fn is_repaired(&self) {
        self.becomes(&self.whole);
    }
}

/// The template with fewer tries before the relay's records are given up.
fn impatient_template(folder: &Path) -> PathBuf {
    let text = std::fs::read_to_string(root().join("infra/template.yaml")).unwrap();
    let impatient = text.replace("MaximumRetryAttempts: 20", "MaximumRetryAttempts: 1");
    assert_ne!(text, impatient, "the template has other retries");
    let path = folder.join("template.yaml");
    std::fs::write(&path, impatient).unwrap();
    path
}

async fn dossier(city: &City, number: &str) -> Dossier {
    let key = TicketNumber::parse(number).unwrap().key();
    city.store().dossier(&key).await.unwrap()
}

async fn delivery(city: &City, number: &str, id: &str) -> Option<Delivery> {
    let deliveries = dossier(city, number).await.deliveries;
    deliveries.into_iter().find(|delivery| delivery.id == id)
}

/// Ids of the notices that the gateway got.
async fn notices(city: &City) -> Vec<String> {
    let sent: Value = serde_json::from_str(&city.outbox().await).unwrap();
    let sent = sent.as_array().unwrap().iter();
    sent.map(|message| message["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn has_all(city: &City, ids: &[String]) -> Option<()> {
    let sent = notices(city).await;
    ids.iter().all(|id| sent.contains(id)).then_some(())
}

/// Messages in the failure queue, seen or in somebody's hand.
async fn failures(city: &City) -> usize {
    let account = Account::laptop(&city.ports, city.cloud.clock.clone());
    dead_letters::count(&account, FAILURES).await.unwrap()
}

/// Puts a ticket's item that nobody can read, or takes it away again.
async fn spoils(city: &City, spoilt: bool) {
    let client = suqiu::seed::dynamodb(&Ports::url(city.ports.dynamodb));
    let [pk, sk] = ["T#SPOILT00", "A"].map(|key| AttributeValue::S(key.to_owned()));
    if spoilt {
        let put = client.put_item().table_name(tickets_table());
        put.item("pk", pk).item("sk", sk).send().await.unwrap();
    } else {
        let delete = client.delete_item().table_name(tickets_table());
        delete.key("pk", pk).key("sk", sk).send().await.unwrap();
    }
}

async fn closes(city: &City, number: &str) {
    city.acts(DESK, number, "dispatch", &json!({ "unit": "ta-ylbzj" }))
        .await;
    city.acts(LIAISON, number, "sign", &json!({})).await;
    city.acts(LIAISON, number, "contacts", &contact()).await;
    let closing = json!({ "record": record(), "answer": answer() });
    city.acts(LIAISON, number, "close", &closing).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ops_3_what_a_broken_relay_gave_up_is_emitted_again_from_the_tickets() {
    let folder = tempfile::tempdir().unwrap();
    let mut relay = Relay::in_folder(folder.path());
    let template = impatient_template(folder.path());
    let city = City::start_on(
        free_ports(),
        |settings, _| settings.template = template,
        |binaries| {
            relay.whole = binaries
                .insert("relay".to_owned(), relay.link.clone())
                .unwrap();
            relay.is_repaired();
        },
    )
    .await;
    let account = Account::laptop(&city.ports, city.cloud.clock.clone());

    // While all is well a ticket is closed and its appellant told.
    let (told, _) = city.submits("mobile", "emit-00000001", &appeal()).await;
    closes(&city, &told).await;
    let closed = format!("{told}/5");
    let delivered = city
        .eventually("the first notice", async |city| {
            delivery(city, &told, &closed).await
        })
        .await;
    assert_eq!(failures(&city).await, 0);

    // The relay breaks: people go on working, but nobody is told and nothing suggested.
    relay.breaks(&city);
    let (open, _) = city.submits("mobile", "emit-00000002", &appeal()).await;
    let (done, _) = city.submits("mobile", "emit-00000003", &appeal()).await;
    closes(&city, &done).await;
    spoils(&city, true).await;
    city.eventually("the failures", async |city| {
        (failures(city).await == 7).then_some(())
    })
    .await;
    let ids = [
        format!("{open}/1"),
        format!("{done}/1"),
        format!("{done}/2"),
        format!("{done}/5"),
    ];
    let sent = notices(&city).await;
    assert!(ids.iter().all(|id| !sent.contains(id)), "{sent:?}");
    for number in [&open, &done] {
        assert!(dossier(&city, number).await.suggestion.is_none());
    }

    // Repaired, it passes on what is new; what it gave up needs the command.
    relay.is_repaired();
    let (new, _) = city.submits("mobile", "emit-00000004", &appeal()).await;
    let first = [format!("{new}/1")];
    city.eventually("the new notice", async |city| has_all(city, &first).await)
        .await;
    assert!(has_all(&city, &ids).await.is_none());

    // A ticket that cannot be read is named, and the failure records stay until it can.
    let refused = dead_letters::redrive(&account, FAILURES, None).await;
    let refused = format!("{:#}", refused.unwrap_err());
    assert!(refused.contains("1 tickets cannot be read"), "{refused}");
    assert_eq!(failures(&city).await, 7);
    spoils(&city, false).await;
    dead_letters::redrive(&account, FAILURES, None)
        .await
        .unwrap();
    city.eventually("every notice", async |city| has_all(city, &ids).await)
        .await;
    for number in [&open, &done] {
        city.eventually("the suggestion", async |city| {
            dossier(city, number).await.suggestion
        })
        .await;
    }
    assert_eq!(failures(&city).await, 0);

    // What had arrived before was emitted too, and did not go out again.
    settles(&city).await;
    assert_eq!(delivery(&city, &told, &closed).await.unwrap(), delivered);
    city.stop().await;
}

/// Waits until one more ticket, sent after all others, is suggested for and told of: queues keep
/// nearly to order.
async fn settles(city: &City) {
    let (last, _) = city.submits("pc", "emit-00000099", &appeal()).await;
    let ids = [format!("{last}/1")];
    city.eventually("the last notice", async |city| has_all(city, &ids).await)
        .await;
    city.eventually("the last suggestion", async |city| {
        dossier(city, &last).await.suggestion
    })
    .await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ops_3_emitting_again_changes_nothing_that_arrived() {
    let city = City::start().await;
    let (number, _) = city.submits("mobile", "emit-00000001", &appeal()).await;
    closes(&city, &number).await;
    let closed = format!("{number}/5");
    let ids = [1, 2, 5].map(|version| format!("{number}/{version}"));
    city.eventually("the notices", async |city| has_all(city, &ids).await)
        .await;
    let delivered = city
        .eventually("the delivery", async |city| {
            delivery(city, &number, &closed).await
        })
        .await;
    let before = notices(&city).await;
    let suggested = dossier(&city, &number).await.suggestion;
    assert!(
        suggested
            .as_ref()
            .is_some_and(|known| !known.units.is_empty())
    );
    // A suggestion made now would be another one: nobody has any duty any more.
    city.store().put_reference("duties", "[]").await.unwrap();
    city.cloud.lambda.kill("SuggestFunction");

    let account = Account::laptop(&city.ports, city.cloud.clock.clone());
    let emitter = Emitter::open(&account, None).await.unwrap();
    let number = TicketNumber::parse(&number).unwrap();
    let all = Emitted {
        tickets: 1,
        suggest: 1,
        notify: 3,
        seal: 1,
        lake: 1,
        letters: 0,
    };
    let ever = DateTime::<Utc>::UNIX_EPOCH;
    assert_eq!(emitter.all(ever).await.unwrap(), all);
    assert_eq!(emitter.one(&number, ever).await.unwrap(), all);
    let later = city.cloud.clock.now() + chrono::TimeDelta::minutes(1);
    assert_eq!(emitter.all(later).await.unwrap(), Emitted::default());
    settles(&city).await;
    let number = number.as_str();
    assert_eq!(delivery(&city, number, &closed).await.unwrap(), delivered);
    assert_eq!(dossier(&city, number).await.suggestion, suggested);
    let after = notices(&city).await;
    assert_eq!(after.len(), before.len() + 1, "{after:?}");
    assert_eq!(dead_letters::failed_since(&account).await.unwrap(), None);
    city.stop().await;
}
