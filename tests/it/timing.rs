//! Enumeration by timing (R-AC-2): what an unknown number costs and what a wrong code costs is counted,
//! call by call, and is the same on every route of appellants; so is what is answered.

use domain::ticket::{TicketKey, TicketNumber};
use serde_json::{Value, json};
use suqiu::state::Ports;

use crate::budget::metered;
use crate::city::{City, appeal};
use crate::meter::{Call, Meter};

/// Every route that takes a query code, with a body that it takes.
fn routes() -> Vec<(&'static str, Option<Value>)> {
    let digest = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    let upload = json!({ "contentType": "image/png", "sizeBytes": 9, "sha256": digest });
    vec![
        ("", None),
        ("/record", None),
        ("/rating", Some(json!({ "level": 5, "solved": true }))),
        ("/withdrawal", Some(json!({}))),
        ("/supplement", Some(json!({ "items": [1] }))),
        ("/uploads", Some(upload)),
    ]
}

/// A number of the right form, check character included, that is nobody's.
fn unknown(index: usize) -> String {
    let key = TicketKey::from_digest(&[u8::try_from(index).unwrap(); 5]);
    TicketNumber::new(&key, "2026-03-02T00:00:00Z".parse().unwrap()).to_string()
}

/// What was asked of the store and what it cost, and what was answered.
#[derive(Debug, PartialEq)]
struct Seen {
    calls: Vec<(String, bool, String)>,
    answer: String,
}

async fn asks(city: &City, meter: &Meter, number: &str, route: &(&str, Option<Value>)) -> Seen {
    meter.take();
    let url = format!(
        "{}/appeals/{number}{}",
        Ports::url(city.ports.public),
        route.0
    );
    let (headers, client) = ([("query-code", "AAAAA-AAAAA")], &city.cloud.demo.client);
    let answer = match &route.1 {
        Some(body) => client.post_json(&url, &headers, body).await.unwrap(),
        None => client.get(&url, &headers).await.unwrap(),
    };
    let mut said: Value = answer.json().unwrap();
    said["traceId"] = Value::Null;
    let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
    names.sort();
    let cost = |call: &Call| {
        let units = format!("{:?}", call.units);
        (call.operation.clone(), call.consistent, units)
    };
    // What runs at the same time comes in any order.
    let mut calls: Vec<_> = meter.take().iter().map(cost).collect();
    calls.sort();
    let answer = format!("{} {names:?} {said}", answer.status);
    Seen { calls, answer }
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ac_2_a_wrong_code_costs_and_says_what_an_unknown_number_does() {
    let (city, meter) = metered().await;
    for (index, route) in routes().iter().enumerate() {
        // Each on a ticket of its own, as wrong codes are counted.
        let key = format!("timing-attack-{index:04}");
        let (number, _) = city.submits("mobile", &key, &appeal()).await;
        // Its suggestion and notice are nobody's request.
        tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
        // The function's first answer reads the reference data.
        asks(&city, &meter, &unknown(100 + index), route).await;
        let wrong = asks(&city, &meter, &number, route).await;
        let none = asks(&city, &meter, &unknown(index), route).await;
        // Tickets are read consistently: none is, before the code is right.
        let reads_ticket = |(operation, consistent, _): &(String, bool, String)| {
            *consistent || operation == "GetItem"
        };
        assert!(!wrong.calls.is_empty(), "{route:?}: the store is asked");
        assert!(!wrong.calls.iter().any(reads_ticket), "{wrong:?}");
        assert_eq!(wrong, none, "{route:?}");
        assert!(wrong.answer.starts_with("404"), "{}", wrong.answer);
    }
    city.stop().await;
}
