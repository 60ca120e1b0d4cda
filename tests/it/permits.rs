//! Every operation of the contract, walked by those who have no permit for it (R-AC-1): an analyst,
//! whom the policies let read the rules and what is counted, and nothing else; and nobody at all.

use http::Method;
use serde_json::{Value, json};
use suqiu::state::Ports;

use crate::city::{City, appeal};
use crate::schema::{CONTRACT, request_examples};

/// An operation as it is called: method, path, what the contract gives as its request.
struct Call {
    id: String,
    method: String,
    path: String,
    body: Vec<u8>,
    /// Who may call it: officers, holders of a code, or channels.
    security: String,
}

fn calls(city: &City, number: &str) -> Vec<Call> {
    let operations = CONTRACT.operations().into_iter();
    // An export is asked for until a day that is to come.
    let today = domain::calendar::shanghai_date(city.cloud.clock.now()).to_string();
    let called = operations.map(|(method, path, operation)| {
        let example = request_examples(operation).into_iter().next();
        let body = example.map(|(_, example)| match example {
            Value::String(file) => file.clone().into_bytes(),
            body if body["until"].is_string() => {
                let mut body = body.clone();
                body["until"] = today.as_str().into();
                serde_json::to_vec(&body).unwrap()
            }
            body => serde_json::to_vec(body).unwrap(),
        });
        let security = operation["security"][0].as_object().unwrap();
        Call {
            id: operation["operationId"].as_str().unwrap().to_owned(),
            path: path
                .replace("{number}", number)
                .replace("{id}", "42fxnzbu7j7xl5icjed6mb5h")
                .replace("{day}", "2026-03-01")
                .replace("{part}", "units")
                .replace("{question}", "volumes")
                .replace("{report}", "2026-Q1.20260401")
                .replace("{export}", "E2603020123ABCD")
                .replace("{record}", "A2603020123ABCD")
                .replace("{case}", "S2603020123ABCD")
                .replace("{group}", "G2603020123ABCD")
                .replace("{entry}", "K2603020123ABCD")
                .replace("{notice}", "1"),
            method,
            body: body.unwrap_or_default(),
            // None: what is shown of the knowledge base is for everybody.
            security: security.keys().next().cloned().unwrap_or_default(),
        }
    });
    called.collect()
}

async fn answers(city: &City, call: &Call, headers: &[(&str, &str)]) -> u16 {
    let port = if call.security == "officerToken" {
        city.ports.console
    } else {
        city.ports.public
    };
    let url = format!("{}{}", Ports::url(port), call.path);
    let method = Method::from_bytes(call.method.as_bytes()).unwrap();
    let client = &city.cloud.demo.client;
    let answer = client.send(method, &url, headers, call.body.clone().into());
    let answer = answer.await.unwrap();
    CONTRACT.holds(&call.method, &call.path, &answer);
    answer.status.as_u16()
}

/// Who holds a code has few tries at a number, so each of their operations is tried, without the
/// code, at a ticket of its own.
async fn as_nobody(city: &City, call: &Call) -> u16 {
    if ["officerToken", ""].contains(&call.security.as_str()) {
        return answers(city, call, &[]).await;
    }
    let key = format!("permits-of-{}", call.id);
    let (number, _) = city.submits("mobile", &key, &appeal()).await;
    let own = calls(city, &number)
        .into_iter()
        .find(|own| own.id == call.id);
    answers(city, &own.unwrap(), &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ac_1_without_a_permit_no_operation_does_anything() {
    let city = City::start().await;
    let (number, code) = city.submits("mobile", "permits-00000001", &appeal()).await;
    let (_, others_code) = city.submits("mobile", "permits-00000002", &appeal()).await;
    let token = city.cloud.demo.sign_in("ta-bigdata-analyst").await.unwrap();
    let calls = calls(&city, &number);
    for call in &calls {
        let status = as_nobody(&city, call).await;
        let expected: &[u16] = if call.security.is_empty() {
            assert_eq!(call.id, "searchKnowledge");
            &[200]
        } else {
            &[401, 404]
        };
        assert!(expected.contains(&status), "{}: {status}", call.id);
    }
    let officers = calls.iter().filter(|call| call.security == "officerToken");
    for call in officers.clone() {
        let expected: &[u16] = match call.id.as_str() {
            "showRules" | "showDirectory" | "listQuestions" | "listReports" | "listExports" => {
                &[200]
            }
            // Theirs to ask for; until the lake is made there is none.
            "orderReport" => &[202, 422],
            // Of no days. The earlier ticket is looked for first; one that they may not read is not there.
            "askFigures" | "lookBehindFigure" | "citeEarlier" => &[422],
            // So is the ticket that an entry would be drafted from.
            "draftKnowledge" => &[403, 422],
            _ => &[403, 404],
        };
        let status = answers(&city, call, &[("authorization", &token)]).await;
        assert!(expected.contains(&status), "{}: {status}", call.id);
    }
    let officers = officers.count();
    assert!(officers > 40 && calls.len() > officers, "{officers}");
    let tracked = calls.iter().find(|call| call.id == "trackAppeal").unwrap();
    assert_eq!(
        answers(&city, tracked, &[("query-code", &others_code)]).await,
        404
    );
    // And nothing happened to it.
    let (status, page) = city.tracks(&number, &code).await;
    assert_eq!(
        (status, &page["state"]),
        (200, &json!("received")),
        "{page}"
    );
    city.stop().await;
}
