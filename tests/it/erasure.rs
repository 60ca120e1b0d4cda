//! Personal data is erased for good (Art. 16; R-DP-4): on wish or when its time is over, for one
//! appellant and nobody else, and neither a replay nor a restored table brings it back.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::ticket::{Ticket, TicketNumber};
use domain::workflow::words::State;
use serde_json::{Value, json};
use suqiu::state::Ports;

use crate::city::{City, appeal, template, text};
use crate::uploads::{grant_body, post_form, sample};

const DESK: &str = "ta-bigdata-triage";
const MANAGER: &str = "ta-bigdata-manager";
const AUDITOR: &str = "ta-bigdata-auditor";
const NAME: &str = "庚辰甫";
const PHONE: &str = "13866660001";
const DAY: i64 = 24 * 3600;

type Item = HashMap<String, AttributeValue>;

/// An appeal of somebody who lets slip their telephone.
fn of(name: &str, phone: &str, attachments: &[Value]) -> Value {
    let mut appeal = appeal();
    appeal["appellant"] = json!({ "kind": "person", "name": name, "phone": phone });
    appeal["text"] = format!("我叫{name}，电话{phone}，医保缴费后查不到记录。").into();
    appeal["attachments"] = attachments.into();
    appeal
}

fn dynamodb(city: &City) -> Client {
    suqiu::seed::dynamodb(&Ports::url(city.ports.dynamodb))
}

/// The tables that a restore brings back, by the names that functions know them by.
fn restored() -> Vec<String> {
    let template = template();
    let functions = template.functions();
    let notify = functions.iter().find(|it| it.crate_name == "notify");
    let environment = &notify.unwrap().environment;
    let names = ["TICKETS_TABLE", "VAULT_TABLE", "APPELLANT_KEYS_TABLE"];
    names.map(|name| environment[name].clone()).to_vec()
}

async fn items(client: &Client, table: &str) -> Vec<Item> {
    let pages = client.scan().table_name(table).into_paginator();
    let mut pages = pages.items().send();
    let mut items = Vec::new();
    while let Some(item) = pages.next().await {
        items.push(item.unwrap());
    }
    items
}

/// What a person's photograph is called in the object store.
fn files(city: &City, upload: &str) -> usize {
    fn under(folder: &std::path::Path, name: &str) -> usize {
        let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
        let count = |entry: std::fs::DirEntry| {
            if entry.path().is_dir() {
                under(&entry.path(), name)
            } else {
                usize::from(entry.file_name() == name)
            }
        };
        entries.map(count).sum()
    }
    under(&city.state().join("s3"), upload)
}

async fn uploads(city: &City) -> String {
    let photo = sample("photo-gps.jpg");
    let body = grant_body("image/jpeg", &photo);
    let granted = city.channel("mobile", "/uploads", None, &body).await;
    let granted = granted.json().unwrap();
    assert!(post_form(city, &granted, &photo).await < 300);
    text(&granted["uploadId"])
}

async fn declines(city: &City, desk: &str, number: &str) {
    let decline = json!({ "ground": "petition" });
    city.acts(desk, number, "decline", &decline).await;
}

/// Waits until the appellant has been told: what is on its way when time leaps arrives with a
/// signature too old to be taken, and a ticket whose answer reached nobody is not archived.
async fn delivered(city: &City, number: &str) {
    let key = TicketNumber::parse(number).unwrap().key();
    city.eventually("the delivery", async |city| {
        let dossier = app::ports::Store::dossier(&city.store(), &key).await;
        dossier.unwrap().deliveries.first().map(|_| ())
    })
    .await;
}

/// What `reveal` shows of a ticket.
async fn reveals(city: &City, officer: &str, number: &str) -> (u16, Value) {
    let path = format!("/tickets/{number}/reveals");
    let asked = json!({ "purpose": "triage" });
    city.officer(officer, &path, Some(&asked)).await
}

async fn erases(city: &City, officer: &str, number: &str, factors: &str) -> (u16, String) {
    let demo = &city.cloud.demo;
    let token = demo.sign_in_by(officer, factors).await.unwrap();
    let path = format!("/tickets/{number}/erasure");
    let asked = json!({ "ground": "wish", "reason": "诉求人书面申请删除，已核验身份。" });
    let answer = demo.console(&token, &path, Some(&asked)).await.unwrap();
    (answer.status.as_u16(), answer.text())
}

#[tokio::test(flavor = "multi_thread")]
async fn r_dp_4_what_is_erased_stays_so_whatever_is_replayed_or_restored() {
    let city = City::start().await;
    let upload = uploads(&city).await;
    let first = of(NAME, PHONE, &[json!(upload)]);
    let (one, code) = city.submits("mobile", "erasure-life-0001", &first).await;
    let second = of(NAME, PHONE, &[]);
    let (two, _) = city.submits("mobile", "erasure-life-0002", &second).await;
    // The other bureau's channel; and a stranger who shares the telephone.
    let (three, _) = city.submits("pc", "erasure-life-0003", &second).await;
    let stranger = of("庚辰乙", PHONE, &[]);
    let (other, _) = city.submits("mobile", "erasure-life-0004", &stranger).await;
    city.eventually("the clean photograph", async |city| {
        (files(city, &upload) == 2).then_some(())
    })
    .await;

    // Not before every appeal of theirs is closed, and not by anybody.
    declines(&city, DESK, &one).await;
    let (status, said) = erases(&city, MANAGER, &one, "pwd mfa").await;
    assert_eq!(status, 422, "{said}");
    assert!(said.contains(&two) && said.contains(&three) && !said.contains(&other));
    declines(&city, DESK, &two).await;
    declines(&city, "ta-approval-triage", &three).await;
    declines(&city, DESK, &other).await;
    for (officer, factors, expected) in [
        (MANAGER, "pwd otp", 403),
        (DESK, "pwd mfa", 403),
        (AUDITOR, "pwd mfa", 403),
        ("ta-approval-manager", "pwd mfa", 404),
        ("ta-bigdata-analyst", "pwd mfa", 404),
    ] {
        let (status, said) = erases(&city, officer, &one, factors).await;
        assert_eq!(status, expected, "{officer}: {said}");
    }
    assert_eq!(reveals(&city, DESK, &one).await.0, 200);

    let client = dynamodb(&city);
    let mut before = Vec::new();
    for table in restored() {
        before.push((items(&client, &table).await, table));
    }
    let (status, said) = erases(&city, MANAGER, &one, "pwd mfa").await;
    assert_eq!(status, 200, "{said}");
    let report: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(report["numbers"].as_array().unwrap().len(), 3, "{report}");
    assert_eq!(report["files"], 1);
    assert_eq!(files(&city, &upload), 0, "the photograph is still there");
    for (officer, number) in [(DESK, &one), (DESK, &two), ("ta-approval-triage", &three)] {
        let (status, page) = reveals(&city, officer, number).await;
        assert_eq!(status, 422, "{page}");
        assert!(page.to_string().contains("已依法删除"), "{page}");
    }
    // Of the stranger, nothing is gone; and the appellant sees what became of their data.
    assert_eq!(
        reveals(&city, DESK, &other).await.1["appellant"]["phone"],
        PHONE
    );
    let page = city.tracks(&one, &code).await.1;
    assert!(
        page["timeline"].to_string().contains("本人申请删除"),
        "{page}"
    );
    assert_eq!(erases(&city, MANAGER, &one, "pwd mfa").await.0, 422);

    // The same submission again is the same ticket, and keeps nothing anew.
    let vault = restored()[1].clone();
    let kept = items(&client, &vault).await.len();
    let body = serde_json::to_vec(&first).unwrap();
    let again = city.channel("mobile", "/appeals", Some("erasure-life-0001"), &body);
    let again = again.await;
    assert_eq!(again.status.as_u16(), 200, "{}", again.text());
    assert_eq!(again.json().unwrap()["number"], one.as_str());
    assert_eq!(items(&client, &vault).await.len(), kept);
    // What they add later is masked, and no original of it is kept.
    let rating = json!({ "level": 1, "solved": false, "words": format!("请回电{PHONE}。") });
    assert_eq!(city.rates(&one, &code, &rating).await.0, 200);
    assert_eq!(items(&client, &vault).await.len(), kept);

    // They come again: a new key, which opens nothing of before.
    let (later, _) = city.submits("mobile", "erasure-life-0005", &second).await;
    assert_eq!(
        reveals(&city, DESK, &later).await.1["appellant"]["name"],
        NAME
    );

    // Every table from before is put back, keys and all: the tombstone stands.
    for (old, table) in before {
        for item in old {
            let put = client.put_item().table_name(&table).set_item(Some(item));
            put.send().await.unwrap();
        }
    }
    let (status, page) = reveals(&city, DESK, &one).await;
    assert_eq!(status, 200, "{page}");
    assert!(page.get("appellant").is_none(), "{page}");
    assert_eq!(page["originals"], json!([]));
    assert_eq!(
        reveals(&city, DESK, &other).await.1["appellant"]["phone"],
        PHONE
    );
    city.stop().await;
}

/// Waits until a ticket is so; what runs every hour may have to run again.
async fn waits_for(city: &City, number: &str, what: &str, is: impl Fn(&Ticket) -> bool) {
    let (store, key) = (city.store(), TicketNumber::parse(number).unwrap().key());
    for _ in 0..10 {
        for _ in 0..40 {
            let ticket = app::ports::Store::load(&store, &key).await.unwrap();
            if is(&ticket.unwrap()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        city.moves_clock(3600).await;
    }
    panic!("{what} did not come")
}

#[tokio::test(flavor = "multi_thread")]
async fn r_dp_4_personal_data_goes_when_its_time_is_over() {
    let city = City::start().await;
    let (once, _) = city
        .submits("mobile", "retention-life-01", &of(NAME, PHONE, &[]))
        .await;
    let twice = of("庚辰乙", PHONE, &[]);
    let (early, _) = city.submits("mobile", "retention-life-02", &twice).await;
    declines(&city, DESK, &once).await;
    declines(&city, DESK, &early).await;
    for number in [&once, &early] {
        delivered(&city, number).await;
    }
    city.moves_clock(60 * DAY).await;
    let archived = |ticket: &Ticket| ticket.state == State::Archived;
    waits_for(&city, &once, "the archive", archived).await;
    waits_for(&city, &early, "the archive", archived).await;

    // One comes again two years later.
    city.moves_clock(2 * 365 * DAY).await;
    let (late, _) = city.submits("mobile", "retention-life-03", &twice).await;
    declines(&city, DESK, &late).await;
    delivered(&city, &late).await;
    let kept = |ticket: &Ticket| ticket.erased_at.is_none();
    waits_for(&city, &once, "what is kept", kept).await;

    // Three years and a month after the first month.
    city.moves_clock((365 + 2 * 31) * DAY).await;
    waits_for(&city, &once, "the erasure", |it| it.erased_at.is_some()).await;
    waits_for(&city, &early, "what is kept", kept).await;
    waits_for(&city, &late, "what is kept", kept).await;
    city.stop().await;
}
