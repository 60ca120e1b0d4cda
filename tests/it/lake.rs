//! The lake of a city (Art. 15; R-AN-1, R-OPS-3): what people do is in it the night after, as the tickets
//! say, read by an engine that knows nothing of us; it is made again from the tickets; and an erasure
//! reaches it.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use app::lake::LakeObjects as _;
use domain::ticket::TicketNumber;
use lake::month::Month;
use lake::names::Part;
use lake::nightly::{checked, wanted};
use lake::state::states;
use serde_json::{Value, json};
use suqiu::account::Account;
use suqiu::lake::Keeper;

use crate::city::{City, all_tickets, answer, appeal, contact, record, root};

const DESK: &str = "ta-bigdata-triage";
const MANAGER: &str = "ta-bigdata-manager";
const LIAISON: &str = "ta-ylbzj-liaison";
const HOUR: i64 = 3600;

pub(crate) async fn keeper(city: &City) -> Keeper {
    let account = Account::laptop(&city.ports, city.cloud.clock.clone());
    Keeper::open(&account).await.unwrap()
}

/// The night goes by: the lake is made as of midnight, and found to be what the tickets say.
pub(crate) async fn night(city: &City) {
    // The relay is through, and then the events of the hour are taken.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    city.moves_clock(HOUR).await;
    city.eventually("the events", async |city| {
        let names = keeper(city).await.objects().names("events/").await;
        (!names.unwrap().is_empty()).then_some(())
    })
    .await;
    city.moves_clock(26 * HOUR).await;
    let mut polls = 0;
    city.eventually("the check", async |city| {
        let found = checked(keeper(city).await.objects()).await.unwrap();
        polls += 1;
        // Whoever came first in the hour's round sees what the other did in the next.
        if polls % 60 == 0 {
            city.moves_clock(HOUR).await;
        }
        (found == Some(wanted(city.cloud.clock.now()))).then_some(())
    })
    .await;
}

/// What DuckDB reads in the files that count.
async fn reads(city: &City, sql: &str) -> Vec<Vec<Value>> {
    let bucket = city.state().join("s3/lake-bucket");
    let (keeper, bucket) = (keeper(city).await, bucket.to_string_lossy());
    let views = keeper.views(Some(&bucket)).await.unwrap();
    let asked = json!({ "views": views, "questions": { "it": sql } });
    let python = root().join(".tools/python/bin/python");
    assert!(python.exists(), "`./test end-to-end` installs DuckDB");
    let script = root().join("shared/analysis/tests/engines/duckdb_rows.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(asked.to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let answers: BTreeMap<String, Vec<Vec<Value>>> =
        serde_json::from_slice(&output.stdout).unwrap();
    answers.into_values().next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn r_an_1_the_night_after_the_lake_is_what_the_tickets_say() {
    let city = City::start().await;
    let (closed, code) = city.submits("mobile", "lake-closed-1", &appeal()).await;
    let to = json!({ "unit": "ta-ylbzj" });
    city.acts(DESK, &closed, "dispatch", &to).await;
    city.acts(LIAISON, &closed, "sign", &json!({})).await;
    city.acts(LIAISON, &closed, "contacts", &contact()).await;
    let closing = json!({ "record": record(), "answer": answer() });
    city.acts(LIAISON, &closed, "close", &closing).await;
    let rating = json!({ "level": 5, "solved": true });
    assert_eq!(city.rates(&closed, &code, &rating).await.0, 200);
    let (open, _) = city.submits("pc", "lake-open-01", &appeal()).await;
    night(&city).await;

    let sql = "SELECT number, version, state, responsible_unit, title FROM tickets ORDER BY number";
    let mut told = Vec::new();
    for ticket in all_tickets(&city.store()).await {
        // As of midnight: what the clock did since is not in it yet.
        assert!([&closed, &open].contains(&&ticket.number.to_string()));
        told.push((
            ticket.number.to_string(),
            ticket.responsible_unit.to_string(),
        ));
    }
    told.sort();
    let rows = reads(&city, sql).await;
    let read = rows
        .iter()
        .map(|row| (row[0].as_str().unwrap(), row[3].as_str().unwrap()));
    let told = told
        .iter()
        .map(|(number, unit)| (number.as_str(), unit.as_str()));
    assert!(read.eq(told), "{rows:?}");
    let of = |number: &str| rows.iter().find(|row| row[0] == number).unwrap();
    assert_eq!(
        (&of(&closed)[1], &of(&closed)[2]),
        (&json!(6), &json!("closed"))
    );
    assert_eq!(of(&open)[2], json!("received"));
    let sql = "SELECT clock, CAST(is_kept AS VARCHAR) FROM clocks WHERE clock IN ('sign', 'handle') \
               ORDER BY clock";
    let kept = [["handle", "true"], ["sign", "true"]];
    assert_eq!(json!(reads(&city, sql).await), json!(kept));
    let sql = "SELECT level, unit FROM ratings";
    assert_eq!(json!(reads(&city, sql).await), json!([[5, "ta-ylbzj"]]));
    let sql = "SELECT count(*) FROM units WHERE name IS NOT NULL";
    assert_ne!(json!(reads(&city, sql).await), json!([[0]]));

    the_check_finds_what_is_not_so(&city, &closed).await;
    it_is_made_again(&city).await;
    // By hand it is made as of now, with what waits for the next hour.
    city.submits("pc", "lake-waits-01", &appeal()).await;
    city.eventually("the third ticket", async |city| {
        let keeper = keeper(city).await;
        (keeper.make().await.unwrap().tickets == 3).then_some(())
    })
    .await;
    assert_eq!(keeper(&city).await.check().await.unwrap().tickets, 3);
    city.stop().await;
}

/// Somebody writes to the lake what no ticket says.
async fn the_check_finds_what_is_not_so(city: &City, number: &str) {
    let keeper = keeper(city).await;
    keeper.check().await.unwrap();
    let number = TicketNumber::parse(number).unwrap();
    let month = Month::of(&number).to_string();
    let states = states(keeper.objects()).await.unwrap();
    let part = Part::Of(Month::of(&number));
    let mut state = states[&part].clone();
    state.tally.tickets -= 1;
    let as_it_was = serde_json::to_vec(&states[&part]).unwrap();
    let body = serde_json::to_vec(&state).unwrap();
    keeper.objects().put(&part.state(), body).await.unwrap();
    let error = keeper.check().await.unwrap_err().to_string();
    assert!(
        error.contains(&format!("{month}: 2 tickets, 1 in the lake")),
        "{error}"
    );
    keeper
        .objects()
        .put(&part.state(), as_it_was)
        .await
        .unwrap();
    keeper.check().await.unwrap();
}

/// R-OPS-3: from the tickets, byte for byte.
async fn it_is_made_again(city: &City) {
    let again = keeper(city).await.rebuild(false).await.unwrap();
    assert_eq!((again.tickets, again.differences.len()), (2, 0), "{again}");
    // An event that is not in it is found, and put there.
    let keeper = keeper(city).await;
    let objects = keeper.objects();
    let events = objects.names("events/").await.unwrap();
    let curated = objects.names("curated/history/").await.unwrap();
    let states = objects.names("state/").await.unwrap();
    for names in [&events[..1], &curated, &states] {
        objects.remove(names).await.unwrap();
    }
    keeper.rebuild(false).await.unwrap_err();
    let again = keeper.rebuild(true).await.unwrap();
    assert_ne!(again.differences.len(), 0, "{again}");
    let again = keeper.rebuild(false).await.unwrap();
    assert_eq!((again.tickets, again.differences.len()), (2, 0), "{again}");
    keeper.check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_who_is_erased_is_erased_in_the_lake() {
    let city = City::start().await;
    let mut gone = appeal();
    gone["appellant"] = json!({ "kind": "person", "name": "庚辰甫", "phone": "13866660002" });
    let (number, code) = city.submits("mobile", "lake-erased-1", &gone).await;
    let (other, _) = city.submits("mobile", "lake-stays-01", &appeal()).await;
    let withdrawn = city.asks(&number, "withdrawal", &code, &json!({})).await;
    assert_eq!(withdrawn.0, 200, "{}", withdrawn.1);
    night(&city).await;
    let whose = "SELECT number, count(subject_key) FROM history GROUP BY number ORDER BY number";
    let mut both = [[json!(number), json!(1)], [json!(other), json!(1)]];
    both.sort_by_key(|row| row[0].to_string());
    assert_eq!(json!(reads(&city, whose).await), json!(both));

    let demo = &city.cloud.demo;
    let token = demo.sign_in_by(MANAGER, "pwd mfa").await.unwrap();
    let path = format!("/tickets/{number}/erasure");
    let asked = json!({ "ground": "wish", "reason": "诉求人书面申请删除，已核验身份。" });
    let answer = demo.console(&token, &path, Some(&asked)).await.unwrap();
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    // The lake of last night is still held to be what the tickets said then.
    let again = keeper(&city).await.rebuild(false).await.unwrap();
    assert_eq!(again.differences, Vec::<String>::new());
    night(&city).await;
    let left = format!(
        "SELECT count(*) FROM (SELECT number, subject_key, title, text FROM events UNION ALL \
         SELECT number, subject_key, title, text FROM tickets) \
         WHERE number = '{number}' AND COALESCE(subject_key, title, text) IS NOT NULL"
    );
    assert_eq!(json!(reads(&city, &left).await), json!([[0]]));
    let stays = left.replace(&number, &other);
    assert_ne!(json!(reads(&city, &stays).await), json!([[0]]));
    let proof = keeper(&city)
        .await
        .objects()
        .names("erased/")
        .await
        .unwrap();
    assert_eq!(proof, [format!("erased/{number}.json")]);
    city.stop().await;
}
