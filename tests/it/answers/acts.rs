//! Every act of an officer, with every answer: several appeals live until each act was open once.

use app::act::{Wish, act};
use domain::audit::Actor;
use domain::ids::UnitId;
use domain::ticket::TicketNumber;
use domain::workflow::command::{Command, Rating};
use domain::workflow::words::DrawGround;
use http::Method;
use serde_json::{Value, json};

use super::{
    AUDITOR, CALLER, COUNTY, DESK, HELPER, LIAISON, MANAGER, UNKNOWN, WRONG_TOKEN, bytes, example,
    is_answered, too_large,
};
use crate::city::{City, appeal};

/// An act of somebody: what is sent where the contract's example does not fit, and what is wrong.
/// `null` stands for the example, and for "nothing can be wrong".
struct Turn(&'static str, &'static str, Value, Value);

/// Bodies without a word that could be wrong.
const EMPTY: [&str; 3] = ["sign", "take-on", "co-signature"];

fn quiet(act: &'static str, officer: &'static str) -> Turn {
    Turn(act, officer, Value::Null, json!("quiet"))
}

/// The lives of appeals, each an order in which its acts are open. What was shown once is done
/// quietly the next time.
#[expect(clippy::too_many_lines, reason = "one line an act: a table")]
fn lives(receipt: &str, ahead: &str) -> Vec<Vec<Turn>> {
    let nothing = Value::Null;
    let no_words = json!({ "reason": "" });
    let no_note = json!({ "note": "" });
    let mut close = example("/tickets/{number}/close");
    close["answer"]["basis"] = "".into();
    let mut direct = example("/tickets/{number}/direct-answer");
    direct["answer"]["basis"] = "".into();
    let mut cannot = example("/tickets/{number}/close");
    cannot["outcome"] = "cannot_solve_now".into();
    cannot["interim"] = json!({ "reason": "接口未开放", "plan": "人工核对", "reviewOn": ahead });
    let plan = json!({ "measures": "改造接口", "responsible": "科长", "reason": "须招标", "until": ahead });
    let deferral = || Turn("deferral", LIAISON, plan.clone(), json!("quiet"));
    vec![
        vec![Turn("direct-answer", DESK, nothing.clone(), direct)],
        vec![Turn(
            "decline",
            DESK,
            nothing.clone(),
            json!({ "ground": "no-reason" }),
        )],
        vec![Turn(
            "explanation",
            DESK,
            nothing.clone(),
            json!({ "ground": "unlawful" }),
        )],
        vec![Turn(
            "repeat",
            DESK,
            json!({ "earlier": receipt }),
            json!({ "earlier": "x" }),
        )],
        vec![Turn("referral", DESK, nothing.clone(), json!({}))],
        vec![
            Turn(
                "transfer",
                DESK,
                nothing.clone(),
                json!({ "unit": "ta-rsj" }),
            ),
            Turn("take-on", COUNTY, nothing.clone(), nothing.clone()),
            quiet("close", COUNTY),
        ],
        vec![
            quiet("dispatch", DESK),
            Turn(
                "return",
                LIAISON,
                nothing.clone(),
                json!({ "reason": "other_duty", "suggested": "ta-ylbzj" }),
            ),
            Turn("return-acceptance", DESK, nothing.clone(), no_words.clone()),
            quiet("dispatch", DESK),
            quiet("return", LIAISON),
            Turn("return-refusal", DESK, nothing.clone(), json!({})),
            quiet("sign", LIAISON),
            quiet("close", LIAISON),
        ],
        vec![
            Turn(
                "joint-handling",
                DESK,
                nothing.clone(),
                json!({ "cause": "cross_level", "members": [] }),
            ),
            Turn(
                "meetings",
                DESK,
                nothing.clone(),
                json!({ "metOn": "2999-01-01" }),
            ),
            Turn("special-study", MANAGER, nothing.clone(), json!({})),
            Turn(
                "joint-conclusion",
                DESK,
                nothing.clone(),
                json!({ "unit": "no-such-unit" }),
            ),
            quiet("sign", LIAISON),
            Turn("co-signature", HELPER, nothing.clone(), nothing.clone()),
            Turn("opinion", HELPER, nothing.clone(), json!({})),
            Turn(
                "co-handlers",
                DESK,
                json!({ "coHandlers": ["ta-swj"] }),
                json!({ "coHandlers": [] }),
            ),
            Turn(
                "co-handler-release",
                DESK,
                json!({ "unit": "ta-swj", "reason": "无关" }),
                json!({ "unit": "ta-swj" }),
            ),
            quiet("close", LIAISON),
        ],
        vec![
            quiet("dispatch", DESK),
            quiet("sign", LIAISON),
            Turn("extension", LIAISON, nothing.clone(), json!({ "days": 9 })),
            Turn("extension-refusal", DESK, nothing.clone(), json!({})),
            quiet("extension", LIAISON),
            Turn("extension-approval", DESK, nothing.clone(), no_note.clone()),
            Turn(
                "supplement",
                LIAISON,
                nothing.clone(),
                json!({ "items": [] }),
            ),
            Turn("supplement-end", LIAISON, nothing.clone(), no_note.clone()),
            Turn(
                "deferral",
                LIAISON,
                plan.clone(),
                json!({ "until": "2020-01-01" }),
            ),
            Turn("deferral-refusal", DESK, nothing.clone(), json!({})),
            deferral(),
            Turn("deferral-approval", DESK, nothing.clone(), no_note),
            quiet("close", LIAISON),
            Turn("rectification-rejection", DESK, nothing.clone(), json!({})),
            deferral(),
            quiet("deferral-approval", DESK),
            quiet("close", LIAISON),
            Turn(
                "rectification-verification",
                DESK,
                nothing.clone(),
                json!({}),
            ),
        ],
        vec![
            quiet("dispatch", DESK),
            quiet("sign", LIAISON),
            Turn("close", LIAISON, cannot, json!("quiet")),
            Turn("undelivered", LIAISON, nothing.clone(), json!("quiet")),
            Turn(
                "delivery",
                LIAISON,
                nothing.clone(),
                json!({ "way": "telepathy" }),
            ),
            Turn(
                "review",
                LIAISON,
                json!({ "finding": "仍未开放", "nextOn": ahead }),
                json!({}),
            ),
            Turn("reopening", DESK, nothing.clone(), json!({})),
            quiet("dispatch", DESK),
            quiet("sign", LIAISON),
            quiet("close", LIAISON),
        ],
        vec![
            quiet("dispatch", DESK),
            quiet("sign", LIAISON),
            quiet("close", LIAISON),
            quiet("rated badly", LIAISON),
            Turn("rating-contest", LIAISON, nothing.clone(), json!({})),
            Turn(
                "rating-verification",
                DESK,
                nothing.clone(),
                json!({ "finding": "perhaps", "reason": "核实" }),
            ),
            quiet("drawn", CALLER),
            Turn(
                "callback",
                CALLER,
                json!({ "outcome": "reached", "level": 1, "solved": false, "aspect": "both" }),
                json!({ "outcome": "busy" }),
            ),
            Turn(
                "rectification-completion",
                LIAISON,
                nothing.clone(),
                json!({}),
            ),
        ],
        vec![quiet("dispatch", DESK), quiet("sign", LIAISON)],
    ]
}

/// What officers get who act. The receipt's appeal ends closed.
pub(super) async fn tour(city: &City, receipt: &(String, String)) {
    let nothing = Value::Null;
    let mut close = example("/tickets/{number}/close");
    close["answer"]["basis"] = "".into();
    let first = vec![
        Turn(
            "dispatch",
            DESK,
            nothing.clone(),
            json!({ "unit": "no-such-unit" }),
        ),
        Turn("sign", LIAISON, nothing.clone(), nothing.clone()),
        Turn(
            "reveals",
            LIAISON,
            nothing.clone(),
            json!({ "purpose": "curiosity" }),
        ),
        Turn(
            "contacts",
            LIAISON,
            nothing.clone(),
            json!({ "way": "telepathy", "outcome": "reached" }),
        ),
        Turn("close", LIAISON, nothing, close),
    ];
    let mut done = live(city, &receipt.0, first).await;
    let ahead = city.cloud.clock.now() + chrono::TimeDelta::days(60);
    let ahead = ahead.date_naive().to_string();
    let mut open = String::new();
    for (index, life) in lives(&receipt.0, &ahead).into_iter().enumerate() {
        let key = format!("answers-life-{index:08}");
        open = city.submits("mobile", &key, &appeal()).await.0;
        done.extend(live(city, &open, life).await);
    }
    // Of somebody else, whose every appeal is closed.
    let mut stranger = appeal();
    stranger["appellant"]["name"] = "测试乙".into();
    let erased = city.submits("mobile", "answers-life-erased", &stranger);
    let erased = erased.await.0;
    let whim = json!({ "ground": "whim" });
    let life = vec![
        quiet("decline", DESK),
        Turn("erasure", MANAGER, Value::Null, whim),
    ];
    done.extend(live(city, &erased, life).await);
    // Each once more where it is not open: what is for closed appeals on the open one.
    for (act, officer, number) in done {
        let for_closed = [
            "rectification-rejection",
            "rectification-verification",
            "delivery",
            "review",
            "reopening",
            "erasure",
            "rating-contest",
            "rating-verification",
            "rectification-completion",
        ];
        // Who called back sees no more of the ticket.
        if act == "callback" {
            continue;
        }
        let number = if for_closed.contains(&act) {
            &open
        } else {
            &number
        };
        let token = city.cloud.demo.sign_in(officer).await.unwrap();
        let officer = ("authorization", token.as_str());
        let path = format!("/tickets/{number}/{act}");
        let mut body = example(&format!("/tickets/{{number}}/{act}"));
        if act == "repeat" {
            body["earlier"] = receipt.0.clone().into();
        }
        // Personal data may be looked at whatever became of the appeal.
        let status = if act == "reveals" { 200 } else { 409 };
        is_answered(
            city,
            (Method::POST, &path),
            &[officer],
            bytes(&body),
            status,
        )
        .await;
    }
}

/// Lives a life; gives what was shown, by whom, on which appeal.
async fn live(
    city: &City,
    number: &str,
    life: Vec<Turn>,
) -> Vec<(&'static str, &'static str, String)> {
    let mut shown = Vec::new();
    for Turn(act, officer, body, wrong) in life {
        if let Some((actor, command)) = done_by_others(act) {
            happens(city, number, actor, command).await;
            continue;
        }
        let body = if body.is_null() {
            example(&format!("/tickets/{{number}}/{act}"))
        } else {
            body
        };
        if wrong == "quiet" {
            city.acts(officer, number, act, &body).await;
        } else {
            shows(city, (number, act), officer, (&body, &wrong)).await;
            shown.push((act, officer, number.to_owned()));
        }
    }
    shown
}

/// What no officer does: the messaging gateway gives up, as notify reports it; the appellant rates;
/// the day's draw takes the ticket.
fn done_by_others(act: &str) -> Option<(Actor, Command)> {
    let badly = Rating {
        level: 1,
        solved: false,
        aspect: None,
    };
    Some(match act {
        "undelivered" => (Actor::System, Command::NoteUndelivered { version: 4 }),
        "rated badly" => (Actor::Appellant, Command::Rate(badly, None)),
        "drawn" => {
            let caller = UnitId::parse("ta-bigdata").unwrap();
            let ground = DrawGround::Sampled;
            (Actor::System, Command::DrawCallback { caller, ground })
        }
        _ => return None,
    })
}

async fn happens(city: &City, number: &str, actor: Actor, command: Command) {
    let wish = Wish {
        number: TicketNumber::parse(number).unwrap(),
        command,
        documents: Vec::new(),
        originals: Vec::new(),
        seen_version: None,
        at: city.cloud.clock.now(),
    };
    let store = city.store();
    act(&store, &wish, &|_| Ok(actor.clone())).await.unwrap();
}

async fn shows(
    city: &City,
    (number, act): (&str, &'static str),
    officer: &str,
    (body, wrong): (&Value, &Value),
) {
    let demo = &city.cloud.demo;
    let (token, auditor) = (demo.sign_in(officer).await, demo.sign_in(AUDITOR).await);
    let (token, auditor) = (token.unwrap(), auditor.unwrap());
    let officer = ("authorization", token.as_str());
    let path = format!("/tickets/{number}/{act}");
    let body = bytes(body);
    let unknown = format!("/tickets/{UNKNOWN}/{act}");
    let unknown = (Method::POST, unknown.as_str());
    is_answered(city, unknown, &[officer], body.clone(), 404).await;
    for headers in [&[][..], &WRONG_TOKEN] {
        is_answered(city, (Method::POST, &path), headers, body.clone(), 401).await;
    }
    let auditor = ("authorization", auditor.as_str());
    is_answered(city, (Method::POST, &path), &[auditor], body.clone(), 403).await;
    let seen = is_told_where_it_stands(city, (number, act), officer, &body).await;
    is_answered(city, (Method::POST, &path), &[officer], too_large(), 413).await;
    if !EMPTY.contains(&act) {
        is_answered(city, (Method::POST, &path), &[officer], b"{".to_vec(), 400).await;
        is_answered(city, (Method::POST, &path), &[officer], bytes(wrong), 422).await;
    }
    let seen = ("if-match", seen.as_str());
    let done = (Method::POST, path.as_str());
    is_answered(city, done, &[officer, seen], body.clone(), 200).await;
    if act == "co-signature" {
        // Once is enough.
        is_answered(city, (Method::POST, &path), &[officer], body, 422).await;
    }
}

/// R-HD-13: who acts on a version before or after the ticket's is told where it stands, and nothing
/// is done. Gives the present version, as `If-Match` takes it.
async fn is_told_where_it_stands(
    city: &City,
    (number, act): (&str, &str),
    officer: (&str, &str),
    body: &[u8],
) -> String {
    let page = format!("/tickets/{number}");
    let looks = async || is_answered(city, (Method::GET, &page), &[officer], vec![], 200).await;
    let before = looks().await;
    let etag = before.headers["etag"].to_str().unwrap().to_owned();
    let now = before.json().unwrap();
    let version = now["version"].as_u64().unwrap();
    assert_eq!(etag, format!("\"{version}\""));
    let stands = json!({
        "version": version, "state": now["state"], "stateName": now["stateName"],
    });
    for other in [version - 1, version + 1] {
        let other = format!("\"{other}\"");
        let headers = [officer, ("if-match", other.as_str())];
        let path = (Method::POST, &*format!("{page}/{act}"));
        let refused = is_answered(city, path, &headers, body.to_vec(), 412).await;
        assert_eq!(refused.json().unwrap()["ticket"], stands, "{act}");
    }
    assert_eq!(looks().await.json().unwrap()["version"], version, "{act}");
    etag
}
