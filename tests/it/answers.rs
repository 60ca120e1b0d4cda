//! Every operation of the contract, with every answer that the contract describes of it (R-UX-2).

mod acts;

use http::Method;
use serde_json::{Value, json};
use suqiu::client::Answer;
use suqiu::state::Ports;

use crate::city::{City, free_ports, text};
use crate::schema::{AnswerKey, CONTRACT, request_examples};
use crate::uploads::{grant_body, post_form, sample};

const DESK: &str = "ta-bigdata-triage";
const LIAISON: &str = "ta-ylbzj-liaison";
const HELPER: &str = "ta-rsj-liaison";
const MANAGER: &str = "ta-bigdata-manager";
const COUNTY: &str = "taishan-bigdata-manager";
/// Sees everything and may do nothing.
const CALLER: &str = "ta-bigdata-callback";
const AUDITOR: &str = "ta-bigdata-auditor";
/// As good as none.
const WRONG_TOKEN: [(&str, &str); 1] = [("authorization", "Bearer nonsense")];
const WRONG_CODE: [(&str, &str); 1] = [("query-code", "00000-00000")];
const UNKNOWN: &str = "TA26112428T5CY4TZ";

/// What a city that is well does not answer, by status, and where it is shown instead.
const OUT_OF_REACH: [(u16, &str); 4] = [
    (500, "our fault: shared/api/src/problem.rs"),
    (
        502,
        "a function that cannot start: local/tests/it/gateway.rs",
    ),
    (503, "a store that does not answer: shared/app/tests/faults"),
    (504, "a function that hangs: local/src/gateway/problem.rs"),
];

fn is_out_of_reach((_, path, status): &AnswerKey) -> bool {
    // An appellant names no version: only three lost races in a row end so.
    let no_version = *status == 412 && path.starts_with("/appeals/");
    no_version || OUT_OF_REACH.iter().any(|(each, _)| each == status)
}

/// Every example of an operation's request.
fn examples(path: &str) -> Vec<Value> {
    let operations = CONTRACT.operations().into_iter();
    let mut posts = operations.filter(|(method, each, _)| method == "POST" && each == path);
    let (_, _, operation) = posts.next().unwrap();
    let examples = request_examples(operation).into_iter();
    examples.map(|(_, example)| example.clone()).collect()
}

/// The one example of an operation's request: a second one would not be tried.
pub(crate) fn example(path: &str) -> Value {
    let [example] = examples(path).try_into().unwrap();
    example
}

fn bytes(body: &Value) -> Vec<u8> {
    serde_json::to_vec(body).unwrap()
}

/// A request as it stands; its answer has this status and is held to the contract.
pub(crate) async fn is_answered(
    city: &City,
    (method, path): (Method, &str),
    headers: &[(&str, &str)],
    body: Vec<u8>,
    status: u16,
) -> Answer {
    let public = [
        "/appeals",
        "/uploads",
        "/reconciliations/",
        "/knowledge-searches",
    ];
    let public = public.iter().any(|start| path.starts_with(start));
    let port = if public {
        city.ports.public
    } else {
        city.ports.console
    };
    let url = format!("{}{path}", Ports::url(port));
    let client = &city.cloud.demo.client;
    let answer = client.send(method.clone(), &url, headers, body.into());
    let answer = answer.await.unwrap();
    let text = answer.text();
    assert_eq!(answer.status.as_u16(), status, "{method} {path}: {text}");
    CONTRACT.holds(method.as_str(), path, &answer);
    answer
}

fn too_large() -> Vec<u8> {
    bytes(&json!({ "text": "长".repeat(100_000) }))
}

/// What channels get.
async fn channels(city: &City) -> (String, String) {
    let photo = sample("photo-gps.jpg");
    let body = grant_body("image/jpeg", &photo);
    let grant = city.channel("mobile", "/uploads", None, &body).await;
    let grant = grant.json().unwrap();
    assert_eq!(post_form(city, &grant, &photo).await / 100, 2);

    let granted = bytes(&example("/uploads"));
    let granted = city.channel("mobile", "/uploads", None, &granted).await;
    assert_eq!(granted.status, 201, "{}", granted.text());

    let (with_file, without): (Vec<_>, Vec<_>) = examples("/appeals")
        .into_iter()
        .partition(|appeal| appeal["attachments"].is_array());
    for (index, appeal) in without.iter().enumerate() {
        let key = format!("answers-example-{index}");
        city.submits("mobile", &key, appeal).await;
    }
    // Its upload is not this city's.
    let [mut appeal] = <[Value; 1]>::try_from(with_file).unwrap();
    appeal["attachments"] = json!([grant["uploadId"]]);
    let receipt = city.submits("mobile", "answers-00000001", &appeal).await;
    let again = bytes(&appeal);
    let key = Some("answers-00000001");
    assert_eq!(
        city.channel("mobile", "/appeals", key, &again).await.status,
        200
    );
    appeal["title"] = "另一件".into();
    assert_eq!(
        city.channel("mobile", "/appeals", key, &bytes(&appeal))
            .await
            .status,
        409
    );

    let mut empty = without[0].clone();
    empty["text"] = "".into();
    let mut program = example("/uploads");
    program["contentType"] = "application/x-sh".into();
    for (path, key, wrong) in [
        ("/appeals", Some("answers-00000002"), empty),
        ("/uploads", None, program),
    ] {
        for (body, status) in [
            (b"{".to_vec(), 400),
            (bytes(&wrong), 422),
            (too_large(), 413),
        ] {
            let answer = city.channel("mobile", path, key, &body).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.text());
        }
        let now = city.cloud.clock.now().timestamp().to_string();
        let forged = format!("v1={}", "0".repeat(64));
        let forged = [
            ("suqiu-channel", "mobile"),
            ("suqiu-timestamp", &now),
            ("suqiu-nonce", "abcdefghijklmnop"),
            ("suqiu-signature", &forged),
        ];
        for headers in [&[][..], &forged] {
            is_answered(city, (Method::POST, path), headers, b"{}".to_vec(), 401).await;
        }
    }
    receipt
}

/// What an appellant gets who looks, rates or withdraws.
async fn appellants(city: &City, closed: &(String, String)) {
    let (number, code) = city
        .submits("mobile", "answers-00000003", &crate::city::appeal())
        .await;
    for (receipt, what, body) in [
        (closed, "rating", example("/appeals/{number}/rating")),
        (
            &(number, code),
            "withdrawal",
            example("/appeals/{number}/withdrawal"),
        ),
    ] {
        let (number, code) = receipt;
        let path = format!("/appeals/{number}/{what}");
        let code = [("query-code", code.as_str())];
        let wrong = if what == "rating" {
            json!({ "level": 6, "solved": true })
        } else {
            json!({ "reason": "" })
        };
        for (headers, body, status) in [
            (&code[..], b"{".to_vec(), 400),
            (&code[..], bytes(&wrong), 422),
            (&code[..], too_large(), 413),
            (&[][..], bytes(&body), 404),
            (&WRONG_CODE[..], bytes(&body), 404),
            (&WRONG_TOKEN[..], bytes(&body), 401),
            (&code[..], bytes(&body), 200),
        ] {
            is_answered(city, (Method::POST, &path), headers, body, status).await;
        }
        for page in ["", "/record"].map(|part| format!("/appeals/{number}{part}")) {
            for (headers, status) in [(&WRONG_CODE, 404), (&WRONG_TOKEN, 401), (&code, 200)] {
                is_answered(city, (Method::GET, &page), headers, vec![], status).await;
            }
        }
    }
    // The other one has been withdrawn, the first cannot be any more.
    let path = format!("/appeals/{}/withdrawal", closed.0);
    let code = [("query-code", closed.1.as_str())];
    is_answered(city, (Method::POST, &path), &code, b"{}".to_vec(), 409).await;
    let (open, code) = city
        .submits("mobile", "answers-00000004", &crate::city::appeal())
        .await;
    let code = [("query-code", code.as_str())];
    let rating = bytes(&example("/appeals/{number}/rating"));
    let path = format!("/appeals/{open}/rating");
    is_answered(city, (Method::POST, &path), &code, rating, 409).await;

    supplements(city, &open, (&code, &path)).await;

    // Every path counts the same tries.
    let path = format!("/appeals/{UNKNOWN}");
    for _ in 0..5 {
        is_answered(city, (Method::GET, &path), &[], vec![], 404).await;
    }
    for page in ["", "/record"].map(|part| format!("{path}{part}")) {
        is_answered(city, (Method::GET, &page), &[], vec![], 429).await;
    }
    for what in ["rating", "withdrawal", "supplement", "uploads"] {
        let path = format!("{path}/{what}");
        is_answered(city, (Method::POST, &path), &[], b"{}".to_vec(), 429).await;
    }
}

/// What an appellant gets who is asked for supplements. `rating` is refused while it is open.
async fn supplements(city: &City, number: &str, (code, rating): (&[(&str, &str); 1], &str)) {
    let upload = example("/appeals/{number}/uploads");
    let mut body = example("/appeals/{number}/supplement");
    body["attachments"] = json!([]);
    for (what, body) in [("supplement", &body), ("uploads", &upload)] {
        let path = format!("/appeals/{number}/{what}");
        is_answered(city, (Method::POST, &path), code, bytes(body), 409).await;
    }
    city.acts(DESK, number, "dispatch", &json!({ "unit": "ta-ylbzj" }))
        .await;
    city.acts(LIAISON, number, "sign", &json!({})).await;
    let list = example("/tickets/{number}/supplement");
    city.acts(LIAISON, number, "supplement", &list).await;
    let path = format!("/appeals/{number}/uploads");
    let granted = is_answered(city, (Method::POST, &path), code, bytes(&upload), 201).await;
    body["attachments"] = json!([granted.json().unwrap()["uploadId"]]);
    let mut program = upload.clone();
    program["contentType"] = "application/x-sh".into();
    for (what, good, wrong, status) in [
        ("uploads", upload, program, 201),
        ("supplement", body, json!({ "items": [9] }), 200),
    ] {
        let path = format!("/appeals/{number}/{what}");
        for (headers, body, status) in [
            (&code[..], b"{".to_vec(), 400),
            (&code[..], bytes(&wrong), 422),
            (&code[..], too_large(), 413),
            (&[][..], bytes(&good), 404),
            (&WRONG_TOKEN[..], bytes(&good), 401),
            (&code[..], bytes(&good), status),
        ] {
            is_answered(city, (Method::POST, &path), headers, body, status).await;
        }
    }
    is_answered(
        city,
        (Method::POST, rating),
        code,
        bytes(&json!({ "level": 5, "solved": true })),
        409,
    )
    .await;
}

/// What officers get who look.
async fn readers(city: &City, number: &str) {
    let desk = city.cloud.demo.sign_in(DESK).await.unwrap();
    let desk = [("authorization", desk.as_str())];
    let ticket = format!("/tickets/{number}");
    let page = city.officer(DESK, &ticket, None).await.1;
    let attachment = format!(
        "{ticket}/attachments/{}",
        text(&page["attachments"][0]["id"])
    );
    city.eventually("the inspection", async |city| {
        let page = city.officer(DESK, &ticket, None).await.1;
        (page["attachments"][0]["state"] == "clean").then_some(())
    })
    .await;
    let unknown = format!("/tickets/{UNKNOWN}");
    for (path, headers, status) in [
        ("/worklist", &desk[..], 200),
        ("/worklist?state=lost", &desk[..], 422),
        ("/worklist?unit=ta-ylbzj", &desk[..], 403),
        ("/worklist", &[][..], 401),
        ("/worklist", &WRONG_TOKEN[..], 401),
        ("/worklist?overdue=maybe", &desk[..], 422),
        ("/worklist/counts", &desk[..], 200),
        ("/worklist/counts?unit=ta-ylbzj", &desk[..], 403),
        ("/worklist/counts?unit=%20", &desk[..], 422),
        ("/worklist/counts", &[][..], 401),
        ("/directory", &desk[..], 200),
        ("/directory", &[][..], 401),
        ("/rules", &desk[..], 200),
        ("/rules", &[][..], 401),
        ("/rules", &WRONG_TOKEN[..], 401),
        (&ticket, &desk[..], 200),
        (&ticket, &[][..], 401),
        (&ticket, &WRONG_TOKEN[..], 401),
        (&unknown, &desk[..], 404),
        (&attachment, &desk[..], 200),
        (&attachment, &[][..], 401),
        (&attachment, &WRONG_TOKEN[..], 401),
        (
            &format!("{unknown}/attachments/nosuchupload"),
            &desk[..],
            404,
        ),
    ] {
        is_answered(city, (Method::GET, path), headers, vec![], status).await;
    }
}

/// The front doors' limit, for every operation.
async fn throttled() {
    let city = City::start_with(free_ports(), |settings| {
        // Less than one request at once: none passes.
        let limits = ["PublicRequestsPerSecond", "ConsoleRequestsPerSecond"];
        let limits = limits.map(|name| (name.to_owned(), "0.001".to_owned()));
        settings.parameters.extend(limits);
    })
    .await;
    for (method, path, _) in CONTRACT.operations() {
        let path = path
            .replace("{number}", UNKNOWN)
            .replace("{id}", "nosuchupload")
            .replace("{part}", "units")
            .replace("{day}", "2026-03-02")
            .replace("{question}", "channels")
            .replace("{report}", "2026-Q1.20260401")
            .replace("{export}", "E2603020123ABCD")
            .replace("{record}", "A2603020123ABCD")
            .replace("{group}", "G2603020123ABCD")
            .replace("{entry}", "K2603020123ABCD")
            .replace("{notice}", "1")
            .replace("{year}", "2027")
            .replace("{version}", "2")
            .replace("{change}", "calendar-2027");
        let method: Method = method.parse().unwrap();
        is_answered(&city, (method, &path), &[], b"{}".to_vec(), 429).await;
    }
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ux_2_every_operation_answers_everything_that_is_described() {
    let city = City::start().await;
    let receipt = channels(&city).await;
    readers(&city, &receipt.0).await;
    acts::tour(&city, &receipt).await;
    appellants(&city, &receipt).await;
    crate::registry::answers(&city).await;
    crate::change::answers(&city).await;
    crate::bulk::answers(&city).await;
    crate::exports::answers(&city).await;
    crate::reports::answers(&city).await;
    crate::accountability::answers(&city).await;
    crate::supervision::answers(&city).await;
    crate::problem_groups::answers(&city).await;
    crate::knowledge::answers(&city).await;
    city.stop().await;
    throttled().await;

    let missing: Vec<_> = CONTRACT
        .described()
        .into_iter()
        .filter(|case| !is_out_of_reach(case) && !CONTRACT.seen().contains(case))
        .collect();
    assert!(
        missing.is_empty(),
        "described, and never answered: {missing:#?}"
    );
    println!(
        "{} answers of {} operations are as described",
        CONTRACT.seen().len(),
        CONTRACT.operations().len()
    );
}
