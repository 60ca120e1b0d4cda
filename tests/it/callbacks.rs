//! Callbacks (Art. 14; R-CB-2 to R-CB-4): drawn by the day, called by who handled nothing of it, and
//! what they find put right, reported and verified.

use app::callbacks::DrawRecord;
use chrono::{NaiveDate, TimeDelta};
use domain::calendar::shanghai_date;
use domain::ticket::{Ticket, TicketNumber};
use serde_json::{Value, json};
use suqiu::account::Account;
use suqiu::draws::Draws;

use crate::answers::example;
use crate::city::{City, appeal};

const DESK: &str = "ta-bigdata-triage";
const LIAISON: &str = "ta-ylbzj-liaison";
/// Calls back about what other units handled for the bureau's desk.
const CALLER: &str = "ta-bigdata-callback";
/// Calls back about what the bureau answered itself.
const OTHER_CALLER: &str = "ta-approval-callback";
const HOUR: i64 = 3600;

type Receipt = (String, String);

async fn read(city: &City, number: &str) -> Ticket {
    let key = TicketNumber::parse(number).unwrap().key();
    let ticket = app::ports::Store::load(&city.store(), &key).await;
    ticket.unwrap().unwrap()
}

/// Handled by the unit; the appellant has been told.
async fn closed(city: &City, key: &str) -> Receipt {
    let receipt = city.submits("mobile", key, &appeal()).await;
    let number = &receipt.0;
    let unit = json!({ "unit": "ta-ylbzj" });
    city.acts(DESK, number, "dispatch", &unit).await;
    city.acts(LIAISON, number, "sign", &json!({})).await;
    let close = example("/tickets/{number}/close");
    city.acts(LIAISON, number, "close", &close).await;
    told(city, number).await;
    receipt
}

/// What is on its way when time leaps would arrive with a signature too old to be taken.
async fn told(city: &City, number: &str) {
    let key = TicketNumber::parse(number).unwrap().key();
    city.eventually("the delivery", async |city| {
        let dossier = app::ports::Store::dossier(&city.store(), &key).await;
        dossier.unwrap().deliveries.first().map(|_| ())
    })
    .await;
}

/// Everything is sealed, and the day of the seals is over and drawn. Gives that day.
async fn drawn(city: &City, numbers: &[&str]) -> NaiveDate {
    let account = Account::laptop(&city.ports, city.cloud.clock.clone());
    let draws = Draws::open(&account).await.unwrap();
    let seals = draws.kept();
    city.moves_clock(HOUR).await;
    for number in numbers {
        let ticket = read(city, number).await;
        city.eventually("the seal", async |_| {
            let checked = app::seals::check(seals, &ticket).await.unwrap();
            (checked.verdict.sealed >= ticket.version()).then_some(())
        })
        .await;
    }
    let day = shanghai_date(city.cloud.clock.now() - TimeDelta::hours(3));
    city.moves_clock(24 * HOUR).await;
    let name = DrawRecord::name(day);
    city.eventually("the draw", async |_| {
        let names = app::seals::SealObjects::names(seals, &name).await;
        (!names.unwrap().is_empty()).then_some(())
    })
    .await;
    day
}

async fn page(city: &City, officer: &str, number: &str) -> (u16, Value) {
    let path = format!("/tickets/{number}");
    city.officer(officer, &path, None).await
}

async fn calls(city: &City, officer: &str, number: &str, call: &Value) -> (u16, Value) {
    let path = format!("/tickets/{number}/callback");
    city.officer(officer, &path, Some(call)).await
}

/// What stands on a unit's list for a task, once something does: lists follow the tickets.
async fn tasks(city: &City, officer: &str, unit: &str, task: &str) -> Vec<String> {
    let path = format!("/worklist?unit={unit}&task={task}");
    city.eventually(task, async |city| {
        let (status, list) = city.officer(officer, &path, None).await;
        assert_eq!(status, 200, "{list}");
        let items = list["items"].as_array().unwrap().iter();
        let numbers = items.map(|item| item["number"].as_str().unwrap().to_owned());
        let numbers: Vec<_> = numbers.collect();
        (!numbers.is_empty()).then_some(numbers)
    })
    .await
}

fn clock<'a>(page: &'a Value, code: &str) -> &'a Value {
    let clocks = page["clocks"].as_array().unwrap();
    let found = clocks.iter().find(|clock| clock["clock"] == code);
    found.unwrap_or_else(|| panic!("no clock {code} in {page}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn r_cb_2_to_4_closed_tickets_are_drawn_called_about_and_put_right() {
    let city = City::start().await;
    // Three that a unit handled, one of them to somebody's dissatisfaction; two answered at the desk.
    let mut handled = Vec::new();
    for index in 0..3 {
        handled.push(closed(&city, &format!("callback-unit-{index:04}")).await);
    }
    let badly = json!({ "level": 1, "solved": false, "aspect": "result", "words": "没有解决" });
    let (unhappy, code) = handled[0].clone();
    assert_eq!(city.rates(&unhappy, &code, &badly).await.0, 200);
    let mut declined = Vec::new();
    for index in 0..2 {
        let key = format!("callback-desk-{index:04}");
        let (number, _) = city.submits("mobile", &key, &appeal()).await;
        let ground = json!({ "ground": "petition" });
        city.acts(DESK, &number, "decline", &ground).await;
        told(&city, &number).await;
        declined.push(number);
    }
    let all = handled.iter().map(|(number, _)| number).chain(&declined);
    let all: Vec<&str> = all.map(String::as_str).collect();
    let day = drawn(&city, &all).await;

    // R-CB-2: one of each unit at least, and whoever is dissatisfied; each has a caller that handled
    // nothing of it. The command finds the same draw again.
    let account = Account::laptop(&city.ports, city.cloud.clock.clone());
    let draws = Draws::open(&account).await.unwrap();
    let said = draws.check(day).await.unwrap();
    assert!(said.contains("equal; 2 of 5 closings"), "{said}");
    let others = tasks(&city, OTHER_CALLER, "ta-approval", "call_back").await;
    let mine = city
        .eventually("the unhappy one", async |city| {
            let mine = tasks(city, CALLER, "ta-bigdata", "call_back").await;
            mine.contains(&unhappy).then_some(mine)
        })
        .await;
    assert!(
        (1..=2).contains(&mine.len()) && others.len() == 1,
        "{mine:?} {others:?}"
    );
    assert!(declined.contains(&others[0]));
    let shown = page(&city, CALLER, &unhappy).await.1;
    assert_eq!(shown["callback"]["state"], "open", "{shown}");
    assert_eq!(shown["callback"]["script"].as_array().unwrap().len(), 4);
    assert_eq!(shown["rating"]["aspect"], "result");

    // Who is not to call sees nothing of it, the unit that handled it least of all.
    let call = json!({ "outcome": "no_answer" });
    assert_eq!(calls(&city, OTHER_CALLER, &unhappy, &call).await.0, 404);
    assert_eq!(calls(&city, CALLER, &others[0], &call).await.0, 404);
    let (status, said) = calls(&city, LIAISON, &unhappy, &call).await;
    assert_eq!(status, 403, "{said}");

    // Only for the call, and only after signing in by several factors, does the caller see whom.
    let path = format!("/tickets/{unhappy}/reveals");
    for (purpose, expected) in [("contact", 403), ("call_back", 200)] {
        let asked = json!({ "purpose": purpose });
        let (status, said) = city.officer(CALLER, &path, Some(&asked)).await;
        assert_eq!(status, expected, "{said}");
    }

    // R-CB-3: a callback that reaches nobody ends only after the rulebook's three calls.
    let ends = json!({ "outcome": "unreached" });
    for attempt in 1..=3 {
        let (status, said) = calls(&city, OTHER_CALLER, &others[0], &ends).await;
        assert_eq!(status, 422, "{said}");
        assert_eq!(said["article"], "第十四条");
        let (status, said) = calls(&city, OTHER_CALLER, &others[0], &call).await;
        assert_eq!(status, 200, "call {attempt}: {said}");
    }
    assert_eq!(calls(&city, OTHER_CALLER, &others[0], &ends).await.0, 200);
    assert_eq!(calls(&city, OTHER_CALLER, &others[0], &ends).await.0, 404);

    // What is not solved is the unit's to put right within its limit, and another's to verify.
    let result = json!({
        "outcome": "reached", "level": 2, "solved": false, "aspect": "both", "note": "仍查不到缴费记录",
    });
    assert_eq!(calls(&city, CALLER, &unhappy, &result).await.0, 200);
    let shown = page(&city, LIAISON, &unhappy).await.1;
    assert_eq!(shown["callback"]["toRectify"], true, "{shown}");
    assert_eq!(clock(&shown, "rectify")["state"], "running");
    assert_eq!(clock(&shown, "callback")["state"], "stopped");
    let list = tasks(&city, LIAISON, "ta-ylbzj", "rectify_callback").await;
    assert_eq!(list.as_slice(), std::slice::from_ref(&unhappy));
    let path = format!("/tickets/{unhappy}/rectification-completion");
    let (status, said) = city.officer(LIAISON, &path, Some(&json!({}))).await;
    assert_eq!(
        (status, &said["article"]),
        (422, &json!("第十四条")),
        "{said}"
    );
    let report = json!({ "reason": "已补记缴费记录并电话告知。" });
    city.acts(LIAISON, &unhappy, "rectification-completion", &report)
        .await;
    let list = tasks(&city, DESK, "ta-bigdata", "verify").await;
    assert_eq!(list.as_slice(), std::slice::from_ref(&unhappy));
    let rejects = json!({ "reason": "电话核实，仍未解决。" });
    city.acts(DESK, &unhappy, "rectification-rejection", &rejects)
        .await;
    let shown = page(&city, LIAISON, &unhappy).await.1;
    assert_eq!(shown["state"], "handling");
    // R-CB-4: it is handled anew, and its history stays.
    assert!(shown["timeline"].to_string().contains("complete_callback"));
    let seen = city.tracks(&unhappy, &code).await.1;
    assert!(seen["timeline"].to_string().contains("已回访"), "{seen}");
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_cb_1_and_4_a_bad_rating_is_contested_once_and_looked_into() {
    let city = City::start().await;
    let (number, code) = closed(&city, "contest-00000001").await;
    let contest = json!({ "reason": "已按时办结并电话告知，有通话记录。" });
    let path = format!("/tickets/{number}/rating-contest");
    // Nobody is dissatisfied yet.
    let (status, said) = city.officer(LIAISON, &path, Some(&contest)).await;
    assert_eq!(
        (status, &said["article"]),
        (422, &json!("第九条")),
        "{said}"
    );
    let badly = json!({ "level": 2, "solved": true, "aspect": "attitude" });
    assert_eq!(city.rates(&number, &code, &badly).await.0, 200);
    city.acts(LIAISON, &number, "rating-contest", &contest)
        .await;
    let (status, _) = city.officer(LIAISON, &path, Some(&contest)).await;
    assert_eq!(status, 422, "contested once");
    let list = tasks(&city, DESK, "ta-bigdata", "verify_rating").await;
    assert_eq!(list.as_slice(), std::slice::from_ref(&number));
    // The unit does not judge what it contests.
    let verify = json!({ "finding": "unfounded", "reason": "调听录音，服务规范。" });
    let verification = format!("/tickets/{number}/rating-verification");
    let (status, _) = city.officer(LIAISON, &verification, Some(&verify)).await;
    assert_eq!(status, 403);
    city.acts(DESK, &number, "rating-verification", &verify)
        .await;
    // What was found stays, and an unfounded rating reopens nothing.
    let (status, _) = city.officer(DESK, &verification, Some(&verify)).await;
    assert_eq!(status, 422);
    let (status, said) = city
        .officer(
            DESK,
            &format!("/tickets/{number}/reopening"),
            Some(&verify_words()),
        )
        .await;
    assert_eq!(
        (status, &said["article"]),
        (422, &json!("第十四条")),
        "{said}"
    );
    let seen = city.tracks(&number, &code).await.1;
    assert!(
        seen["timeline"].to_string().contains("问题不属实"),
        "{seen}"
    );
    city.stop().await;
}

fn verify_words() -> Value {
    json!({ "reason": "诉求人不满意。" })
}
