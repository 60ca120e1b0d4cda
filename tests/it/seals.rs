//! Records that are sealed by the hour (Art. 9; R-DP-5): a city whose tickets are tampered with by
//! somebody who may write to the table and knows how chains are reckoned.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::audit::merkle::{Hash, Leaf, root_by_path};
use domain::ids::hex;
use domain::ticket::{Ticket, TicketNumber};
use serde_json::{Value, json};
use suqiu::account::Account;
use suqiu::state::Ports;
use suqiu::verify::{Verified, Verifier};

use crate::city::{City, appeal, tickets_table};

const DESK: &str = "ta-bigdata-triage";
const LIAISON: &str = "ta-ylbzj-liaison";
const HOUR: i64 = 3600;

async fn checks(city: &City, (number, code): &(String, String)) -> Value {
    let url = format!("{}/appeals/{number}/record", Ports::url(city.ports.public));
    let client = &city.cloud.demo.client;
    let answer = client.get(&url, &[("query-code", code.as_str())]).await;
    let answer = answer.unwrap();
    crate::schema::CONTRACT.holds("GET", &format!("/appeals/{number}/record"), &answer);
    answer.json().unwrap()
}

/// Time passes until so many entries of the record are sealed.
async fn is_sealed(city: &City, appeal: &(String, String), version: u32) -> Value {
    city.moves_clock(HOUR).await;
    city.eventually("the seal", async |city| {
        let page = checks(city, appeal).await;
        (page["sealedVersion"] == version).then_some(page)
    })
    .await
}

async fn read(city: &City, number: &str) -> Ticket {
    let key = TicketNumber::parse(number).unwrap().key();
    app::ports::Store::load(&city.store(), &key)
        .await
        .unwrap()
        .unwrap()
}

type Item = std::collections::HashMap<String, AttributeValue>;

/// What somebody does to a record.
#[derive(Debug, Clone, Copy)]
enum Tampering {
    /// An event happened a minute earlier.
    Changes(usize),
    /// It did not happen.
    Removes(usize),
    /// It happened after the next.
    Swaps(usize),
}

impl Tampering {
    fn on<T>(self, events: &mut Vec<T>, earlier: impl FnOnce(&mut T)) {
        match self {
            Self::Changes(at) => earlier(&mut events[at]),
            Self::Removes(at) => drop(events.remove(at)),
            Self::Swaps(at) => events.swap(at, at + 1),
        }
    }
}

fn client(city: &City) -> aws_sdk_dynamodb::Client {
    suqiu::seed::dynamodb(&Ports::url(city.ports.dynamodb))
}

async fn item(city: &City, ticket: &Ticket) -> Item {
    let pages = client(city).scan().table_name(tickets_table()).send().await;
    let items = pages.unwrap().items.unwrap();
    let is_it = |item: &Item| {
        let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
        let (number, sk) = (text("n"), text("sk"));
        number.is_some_and(|it| it == ticket.number.as_str()) && sk.is_some_and(|it| it == "A")
    };
    items.into_iter().find(is_it).unwrap()
}

async fn puts(city: &City, item: Item) {
    let put = client(city).put_item().table_name(tickets_table());
    put.set_item(Some(item)).send().await.unwrap();
}

/// Tampers with the list of events where it lies, and reckons version and head anew: what is read is
/// whole in itself.
async fn tampers(city: &City, ticket: &Ticket, how: Tampering) {
    let minute = chrono::TimeDelta::minutes(1);
    let mut events = ticket.events.clone();
    how.on(&mut events, |event| event.at -= minute);
    let forged = Ticket::fold(ticket.number.clone(), events).unwrap();
    let mut item = item(city, ticket).await;
    let mut list = item["ev"].as_l().unwrap().clone();
    how.on(&mut list, |event| {
        let AttributeValue::M(event) = event else {
            panic!("{event:?}")
        };
        let at: i64 = event["t"].as_n().unwrap().parse().unwrap();
        let at = at - minute.num_milliseconds();
        event.insert("t".to_owned(), AttributeValue::N(at.to_string()));
    });
    item.insert("ev".to_owned(), AttributeValue::L(list));
    let version = forged.version().to_string();
    item.insert("ve".to_owned(), AttributeValue::N(version));
    let head = AttributeValue::B(forged.chain.0.to_vec().into());
    item.insert("h".to_owned(), head);
    puts(city, item).await;
    // The store itself finds nothing wrong.
    assert_eq!(read(city, ticket.number.as_str()).await, forged);
}

fn hash(text: &Value) -> Hash {
    let text = text.as_str().unwrap();
    let byte = |at: usize| u8::from_str_radix(text.get(at * 2..at * 2 + 2).unwrap(), 16);
    std::array::from_fn(|at| byte(at).unwrap())
}

/// Anybody can reckon the root from the head, the number and the path.
fn proves(page: &Value, ticket: &Ticket) {
    assert_eq!(page["head"], hex(&ticket.chain.0));
    let proof = &page["proof"];
    let leaf = Leaf {
        number: ticket.number.clone(),
        version: ticket.version(),
        head: ticket.chain,
    };
    let number = |name: &str| usize::try_from(proof[name].as_u64().unwrap()).unwrap();
    let path: Vec<_> = proof["path"].as_array().unwrap().iter().map(hash).collect();
    let root = root_by_path(leaf.hash(), number("index"), number("count"), &path);
    assert_eq!(root, Some(hash(&proof["root"])), "{proof}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r_dp_5_who_reckons_a_forged_record_anew_does_not_make_it_fit_its_seals() {
    let city = City::start().await;
    let first = city.submits("mobile", "seals-record-0001", &appeal()).await;
    let other = city.submits("mobile", "seals-record-0002", &appeal()).await;
    let page = checks(&city, &first).await;
    assert_eq!(
        (&page["intact"], &page["sealedVersion"]),
        (&json!(true), &json!(0))
    );
    let number = first.0.as_str();
    let unit = json!({ "unit": "ta-ylbzj" });
    city.acts(DESK, number, "dispatch", &unit).await;
    is_sealed(&city, &first, 2).await;
    city.acts(LIAISON, number, "sign", &json!({})).await;
    for purpose in ["contact", "verify"] {
        let body = json!({ "purpose": purpose });
        city.acts(LIAISON, number, "reveals", &body).await;
    }
    let page = is_sealed(&city, &first, 5).await;
    assert_eq!(page["intact"], true);
    let ticket = read(&city, number).await;
    proves(&page, &ticket);
    is_kept(&city, &page);

    let original = item(&city, &ticket).await;
    for (how, said) in [
        (Tampering::Changes(0), "第1条记录与封存时不一致"),
        (Tampering::Changes(3), "第4条记录与封存时不一致"),
        (Tampering::Removes(3), "第4条记录与封存时不一致"),
        (Tampering::Removes(4), "第5条记录已封存，现已缺失"),
        (Tampering::Swaps(3), "第4条记录与封存时不一致"),
    ] {
        tampers(&city, &ticket, how).await;
        let page = checks(&city, &first).await;
        assert_eq!(page["intact"], false, "{how:?}");
        let told = page["said"].as_str().unwrap();
        assert!(told.contains(said), "{how:?}: {told}");
        puts(&city, original.clone()).await;
    }
    assert_eq!(checks(&city, &first).await["intact"], true);
    // Nobody else's record is touched.
    let page = is_sealed(&city, &other, 1).await;
    assert_eq!(page["intact"], true);
    city.stop().await;
}

async fn verifies(city: &City, only: Option<&str>) -> Verified {
    verifies_in(city, only, 0).await
}

async fn verifies_in(city: &City, only: Option<&str>, hours: i64) -> Verified {
    let account = Account::laptop(&city.ports, city.cloud.clock.clone());
    let only = only.map(|number| TicketNumber::parse(number).unwrap());
    let verifier = Verifier::open(&account).await.unwrap();
    let now = account.now() + chrono::TimeDelta::hours(hours);
    verifier.run(only.as_ref(), now).await.unwrap()
}

async fn removes(city: &City, item: &Item) {
    let delete = client(city).delete_item().table_name(tickets_table());
    let delete = delete
        .key("pk", item["pk"].clone())
        .key("sk", item["sk"].clone());
    delete.send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn r_dp_5_verify_names_the_first_broken_link_of_every_record() {
    let city = City::start().await;
    let first = city.submits("mobile", "verify-record-01", &appeal()).await;
    let other = city.submits("mobile", "verify-record-02", &appeal()).await;
    let number = first.0.as_str();
    let unit = json!({ "unit": "ta-ylbzj" });
    is_sealed(&city, &first, 1).await;
    is_sealed(&city, &other, 1).await;
    city.acts(DESK, number, "dispatch", &unit).await;
    is_sealed(&city, &first, 2).await;
    city.acts(LIAISON, number, "sign", &json!({})).await;
    is_sealed(&city, &first, 3).await;
    for (purpose, version) in [("contact", 4), ("verify", 5)] {
        let body = json!({ "purpose": purpose });
        city.acts(LIAISON, number, "reveals", &body).await;
        is_sealed(&city, &first, version).await;
    }
    let all = verifies(&city, None).await;
    assert_eq!((all.records, all.events), (2, 6));
    assert!(all.seals >= 5 && all.faults.is_empty(), "{all:?}");
    let one = verifies(&city, Some(number)).await;
    assert_eq!((one.records, one.events, one.faults.len()), (1, 5, 0));

    let ticket = read(&city, number).await;
    let original = item(&city, &ticket).await;
    let shown = format!("ticket {number}: ");
    for (how, said) in [
        (Tampering::Changes(1), "event 2 is not the one"),
        (Tampering::Removes(4), "event 5 was sealed and is missing"),
        (Tampering::Swaps(3), "event 4 is not the one"),
    ] {
        tampers(&city, &ticket, how).await;
        is_named(&city, number, &[&shown, said]).await;
        puts(&city, original.clone()).await;
    }
    // Who does not know how chains are reckoned is found by the chain itself.
    let mut clumsy = original.clone();
    clumsy.insert("h".to_owned(), AttributeValue::B(vec![7; 32].into()));
    puts(&city, clumsy).await;
    is_named(&city, number, &[&shown, "head is not that of its events"]).await;
    let mut unread = original.clone();
    unread.remove("ev");
    puts(&city, unread).await;
    let all = verifies(&city, None).await;
    assert_eq!(all.records, 1);
    assert!(all.faults.iter().any(|it| it.contains("attribute `ev`")));
    removes(&city, &original).await;
    is_named(
        &city,
        number,
        &[&shown, "sealed at event 5 and is not there"],
    )
    .await;
    puts(&city, original).await;

    // An event that is still not sealed hours later shows too.
    let third = city.submits("mobile", "verify-record-03", &appeal()).await;
    assert_eq!(verifies(&city, None).await.faults.len(), 0);
    let late = verifies_in(&city, None, 4).await.faults;
    assert_eq!(late.len(), 1, "{late:?}");
    let said = format!("ticket {}: event 1 of ", third.0);
    assert!(late[0].starts_with(&said) && late[0].contains("not sealed"));
    city.stop().await;
}

/// Of one ticket as of all, the only fault.
async fn is_named(city: &City, number: &str, parts: &[&str]) {
    for only in [None, Some(number)] {
        let found = verifies(city, only).await;
        let [fault] = found.faults.as_slice() else {
            panic!("{found:?}")
        };
        assert!(parts.iter().all(|part| fault.contains(part)), "{fault}");
    }
}

/// The seal is an object of the archive's bucket, named by its hour.
fn is_kept(city: &City, page: &Value) {
    let root = page["proof"]["root"].as_str().unwrap();
    let begin = root.get(..16).unwrap();
    let hour = page["proof"]["sealedAt"].as_str().unwrap();
    let hour = hour.get(..13).unwrap().replace(['-', 'T'], "/");
    let files = walk(&city.state().join("s3"));
    let is_it = |file: &String| file.contains(&format!("seals/{hour}/")) && file.contains(begin);
    assert!(files.iter().any(is_it), "{hour} {begin}: {files:#?}");
}

fn walk(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let each = |path: std::path::PathBuf| {
        if path.is_dir() {
            walk(&path)
        } else {
            vec![path.display().to_string()]
        }
    };
    paths.flat_map(each).collect()
}
