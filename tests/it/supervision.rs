//! Cases of supervision (Art. 17, 18; R-SV-1 to R-SV-8, R-SV-10): opened once for each cause, climbing
//! while nobody answers, closed when an answer was verified.

use app::act::{Wish, act};
use app::supervision::Cases as _;
use domain::audit::Actor;
use domain::supervision::SupervisionId;
use domain::ticket::TicketNumber;
use domain::workflow::command::{Command, Rating};
use http::Method;
use serde_json::{Value, json};

use crate::answers::{example, is_answered};
use crate::city::{City, appeal, text};

const DESK: &str = "ta-bigdata-triage";
const MANAGER: &str = "ta-bigdata-manager";
const LIAISON: &str = "ta-ylbzj-liaison";
const OTHER: &str = "ta-rsj-liaison";
const COUNTY: &str = "taishan-bigdata-manager";
const AUDITOR: &str = "ta-bigdata-auditor";
const ANALYST: &str = "ta-bigdata-analyst";
const APPROVER: &str = "ta-approval-projects";
const CASES: &str = "/supervision";
const UNKNOWN: &str = "/supervision/S2603020123ABCD";
const DAY: i64 = 24 * 3_600;

/// The cases that an officer sees, once there are so many.
async fn cases(city: &City, officer: &str, count: usize) -> Vec<Value> {
    city.eventually("the cases", async |city| {
        let (status, page) = city.officer(officer, CASES, None).await;
        assert_eq!(status, 200, "{page}");
        let items = page["items"].as_array().unwrap().clone();
        (items.len() >= count).then_some(items)
    })
    .await
}

async fn sent(city: &City, officer: &str, path: &str, body: &Value) -> Value {
    let (status, page) = city.officer(officer, path, Some(body)).await;
    assert!([200, 201].contains(&status), "{path}: {page}");
    page
}

fn words(text: &str) -> Value {
    json!({ "words": text })
}

/// A ticket of the unit, not signed.
async fn dispatched(city: &City, key: &str) -> (String, String) {
    let receipt = city.submits("mobile", key, &appeal()).await;
    let unit = json!({ "unit": "ta-ylbzj" });
    city.acts(DESK, &receipt.0, "dispatch", &unit).await;
    receipt
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
    act(&city.store(), &wish, &|_| Ok(actor.clone()))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn r_sv_2_and_7_who_is_late_is_called_written_to_and_visited_until_an_answer_holds() {
    let city = City::start().await;
    let (number, _) = dispatched(&city, "supervision-late-01").await;
    city.moves_clock(14 * DAY).await;
    // Both clocks are over, each a cause; nobody opened anything.
    let all = cases(&city, MANAGER, 2).await;
    for case in &all {
        assert_eq!(case["trigger"], "overdue", "{case}");
        assert_eq!(
            (&case["unit"], &case["ticket"]),
            (&json!("ta-ylbzj"), &json!(number))
        );
        assert!(case.get("openedBy").is_none());
        assert!(text(&case["evidence"][0]).contains("期限已过"));
    }
    let id = text(&all[0]["id"]);
    let path = format!("{CASES}/{id}");
    city.is_told(&format!("督办{id}（第十七条（二））：电话催办"))
        .await;

    // The unit sees its cases, another unit none, and neither may close one.
    assert_eq!(cases(&city, LIAISON, 2).await.len(), 2);
    assert_eq!(city.officer(OTHER, CASES, None).await.1["items"], json!([]));
    assert_eq!(city.officer(OTHER, &path, None).await.0, 404);
    assert_eq!(city.officer(ANALYST, CASES, None).await.0, 403);
    let accept = format!("{path}/acceptance");
    assert_eq!(
        city.officer(LIAISON, &accept, Some(&words("好"))).await.0,
        403
    );
    let (status, said) = city.officer(MANAGER, &accept, Some(&words("好"))).await;
    assert_eq!(
        (status, &said["code"]),
        (409, &json!("supervision-not-open")),
        "{said}"
    );

    // The ladder: each letter has a number of its own, counted through the year.
    let called = json!({ "method": "phone", "note": "已电话催办" });
    sent(&city, MANAGER, &format!("{path}/steps"), &called).await;
    let climbs = async |method: &str, days: i64| {
        city.moves_clock(days * DAY).await;
        city.eventually(method, async |city| {
            let page = city.officer(MANAGER, CASES, None).await.1;
            let items = page["items"].as_array().unwrap().clone();
            items
                .iter()
                .all(|case| case["method"] == method)
                .then_some(items)
        })
        .await
    };
    let written = climbs("letter", 14).await;
    let mut letters: Vec<_> = written.iter().map(|case| text(&case["letter"])).collect();
    letters.sort();
    let year = domain::supervision::letter_year(city.cloud.clock.now());
    let expected = [1, 2].map(|number| format!("泰诉督〔{year}〕{number}号"));
    assert_eq!(letters, expected);
    // It is typeset, and lies where both units find it.
    let link = city
        .officer(LIAISON, &format!("{path}/letter"), None)
        .await
        .1;
    let pdf = city
        .eventually("the letter", async |city| {
            let answer = city.cloud.demo.client.get(&text(&link["url"]), &[]).await;
            let answer = answer.unwrap();
            (answer.status.as_u16() == 200).then_some(answer)
        })
        .await;
    assert!(pdf.body.starts_with(b"%PDF-"), "no PDF");
    climbs("on_site", 14).await;
    let shown = city.officer(MANAGER, &path, None).await.1;
    assert_eq!(shown["turn"], "unit");

    // An answer; not enough; a better one; verified.
    sent(
        &city,
        LIAISON,
        &format!("{path}/answer"),
        &words("正在办理。"),
    )
    .await;
    let (status, _) = city
        .officer(LIAISON, &format!("{path}/answer"), Some(&words("又及")))
        .await;
    assert_eq!(status, 409);
    sent(
        &city,
        MANAGER,
        &format!("{path}/refusal"),
        &words("须办结。"),
    )
    .await;
    sent(
        &city,
        LIAISON,
        &format!("{path}/answer"),
        &words("已办结。"),
    )
    .await;
    let closed = sent(&city, MANAGER, &accept, &words("已核实。")).await;
    assert_eq!(closed["turn"], "nobody");
    assert_eq!(closed["entries"].as_array().unwrap().len(), 8, "{closed}");
    // Told again of everything, no second case is opened.
    let store = city.store();
    let account = suqiu::account::Account::laptop(&city.ports, city.cloud.clock.clone());
    let emitter = suqiu::emit::Emitter::open(&account, None).await.unwrap();
    emitter.all(chrono::DateTime::UNIX_EPOCH).await.unwrap();
    assert_eq!(
        city.officer(MANAGER, CASES, None).await.1["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let id = SupervisionId::parse(&text(&closed["id"])).unwrap();
    assert_eq!(store.case(&id).await.unwrap().unwrap().version(), 8);
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_sv_1_5_and_6_returns_ratings_and_false_reports_open_cases_by_themselves() {
    let city = City::start().await;
    // 17(1): the return of what is the unit's duty is refused.
    let (given_back, _) = dispatched(&city, "supervision-return-01").await;
    let asks = example("/tickets/{number}/return");
    city.acts(LIAISON, &given_back, "return", &asks).await;
    let refuses = json!({ "reason": "属该单位职责" });
    city.acts(DESK, &given_back, "return-refusal", &refuses)
        .await;
    let found = cases(&city, MANAGER, 1).await;
    assert_eq!(found[0]["trigger"], "duty_clear", "{found:?}");

    // 17(5): a second rating that proved true.
    let badly = Rating {
        level: 1,
        solved: false,
        aspect: None,
    };
    let close = example("/tickets/{number}/close");
    let proves = json!({ "finding": "proved", "reason": "调取记录核实" });
    for (index, expected) in [(1, 1), (2, 2), (3, 2)] {
        let (number, _) = dispatched(&city, &format!("supervision-rated-{index:02}")).await;
        city.acts(LIAISON, &number, "sign", &json!({})).await;
        city.acts(LIAISON, &number, "close", &close).await;
        happens(&city, &number, Actor::Appellant, Command::Rate(badly, None)).await;
        city.acts(DESK, &number, "rating-verification", &proves)
            .await;
        // The relay has read on when a later ticket's entry stands on the list.
        let found = cases(&city, MANAGER, expected).await;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert_eq!(
            cases(&city, MANAGER, expected).await.len(),
            expected,
            "{found:?}"
        );
        if index != 2 {
            continue;
        }
        let rated = found.iter().find(|case| case["trigger"] == "dissatisfied");
        let rated = rated.unwrap_or_else(|| panic!("{found:?}"));
        assert_eq!(rated["evidence"].as_array().unwrap().len(), 2);
        assert_eq!(rated["article"], "第十七条（五）");
    }

    // 17(6): a rectification was reported and not done.
    let (number, _) = dispatched(&city, "supervision-false-01").await;
    city.acts(LIAISON, &number, "sign", &json!({})).await;
    city.acts(LIAISON, &number, "close", &close).await;
    happens(&city, &number, Actor::System, drawn()).await;
    let told = json!({ "outcome": "reached", "level": 1, "solved": false });
    city.acts("ta-bigdata-callback", &number, "callback", &told)
        .await;
    let done = json!({ "reason": "已整改" });
    city.acts(LIAISON, &number, "rectification-completion", &done)
        .await;
    city.acts(DESK, &number, "rectification-rejection", &done)
        .await;
    let found = cases(&city, MANAGER, 3).await;
    assert!(
        found.iter().any(|case| case["trigger"] == "falsified"),
        "{found:?}"
    );
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_sv_10_a_county_follows_up_what_it_dispatched_and_the_city_the_county() {
    let city = City::start().await;
    let (number, _) = city
        .submits("mobile", "supervision-county-01", &appeal())
        .await;
    let county = json!({ "unit": "taishan-bigdata" });
    city.acts(DESK, &number, "transfer", &county).await;
    let unit = json!({ "unit": "taishan-rsj" });
    city.acts(COUNTY, &number, "dispatch", &unit).await;
    city.moves_clock(14 * DAY).await;
    // The county's unit is late: its own county sees it, and leads it to its end; the city does not.
    let all = cases(&city, COUNTY, 2).await;
    assert!(
        all.iter()
            .all(|case| case["supervisor"] == "taishan-bigdata"),
        "{all:?}"
    );
    assert_eq!(
        city.officer(MANAGER, CASES, None).await.1["items"],
        json!([])
    );
    let path = format!("{CASES}/{}", text(&all[0]["id"]));
    sent(
        &city,
        "taishan-rsj-liaison",
        &format!("{path}/answer"),
        &words("已办结。"),
    )
    .await;
    let closed = sent(
        &city,
        COUNTY,
        &format!("{path}/acceptance"),
        &words("已核实。"),
    )
    .await;
    assert_eq!(closed["turn"], "nobody");
    // It supervises no unit of the city's, by hand either.
    let (status, said) = city.officer(COUNTY, CASES, Some(&by_hand())).await;
    assert_eq!(
        (status, &said["errors"][0]["pointer"]),
        (422, &json!("/unit")),
        "{said}"
    );
    // A county that dispatches too late is the city's to follow up.
    let (number, _) = city
        .submits("mobile", "supervision-county-02", &appeal())
        .await;
    city.acts(DESK, &number, "transfer", &county).await;
    city.moves_clock(14 * DAY).await;
    let found = cases(&city, MANAGER, 1).await;
    assert_eq!(found[0]["unit"], "taishan-bigdata", "{found:?}");
    city.stop().await;
}

fn drawn() -> Command {
    Command::DrawCallback {
        caller: domain::ids::UnitId::parse("ta-bigdata").unwrap(),
        ground: domain::workflow::words::DrawGround::Sampled,
    }
}

fn by_hand() -> Value {
    json!({ "trigger": "falsified", "unit": "ta-ylbzj", "facts": "接口多次修复仍不可用", "technical": true })
}

#[tokio::test(flavor = "multi_thread")]
async fn r_sv_8_a_unit_whose_technical_problem_stays_is_on_the_register_until_it_is_corrected() {
    let city = City::start().await;
    let opened = sent(&city, MANAGER, CASES, &by_hand()).await;
    assert_eq!(opened["openedBy"], MANAGER);
    let path = format!("{CASES}/{}", text(&opened["id"]));
    let register = async || {
        let (status, page) = city.officer(APPROVER, "/project-restrictions", None).await;
        assert_eq!(status, 200, "{page}");
        page["items"].as_array().unwrap().clone()
    };
    assert_eq!(register().await, Vec::<Value>::new());
    for _ in 0..2 {
        sent(
            &city,
            LIAISON,
            &format!("{path}/answer"),
            &words("已修复。"),
        )
        .await;
        sent(
            &city,
            MANAGER,
            &format!("{path}/refusal"),
            &words("仍不可用。"),
        )
        .await;
    }
    let listed = register().await;
    assert_eq!(
        (&listed[0]["unit"], &listed[0]["refusals"]),
        (&json!("ta-ylbzj"), &json!(2))
    );
    sent(
        &city,
        LIAISON,
        &format!("{path}/answer"),
        &words("已修复。"),
    )
    .await;
    sent(
        &city,
        MANAGER,
        &format!("{path}/acceptance"),
        &words("已核实可用。"),
    )
    .await;
    assert_eq!(register().await, Vec::<Value>::new());
    // Nobody opens a case of their own unit.
    let mut own = by_hand();
    own["unit"] = "ta-bigdata".into();
    assert_eq!(city.officer(MANAGER, CASES, Some(&own)).await.0, 403);
    assert_eq!(
        city.officer(LIAISON, "/project-restrictions", None).await.0,
        403
    );
    city.stop().await;
}

/// Every answer that is described.
pub(crate) async fn answers(city: &City) {
    let opened = sent(city, MANAGER, CASES, &by_hand()).await;
    let case = format!("{CASES}/{}", text(&opened["id"]));
    let [steps, answer, accept, refuse] =
        ["steps", "answer", "acceptance", "refusal"].map(|act| format!("{case}/{act}"));
    let json = |body: &Value| serde_json::to_vec(body).unwrap();
    let good = json(&by_hand());
    let (said, empty, broken) = (json(&words("已办")), vec![], b"{".to_vec());
    let no_words = json(&words(" "));
    let large = json(&words(&"长".repeat(100_000)));
    let large_facts = json(&json!({ "facts": "长".repeat(100_000) }));
    let called = json(&json!({ "method": "phone", "note": "已催办" }));
    let writes = json(&json!({ "method": "letter", "note": "已寄送" }));
    let letter = format!("{case}/letter");
    let unknown_method = json(&json!({ "method": "telegram" }));
    let no_facts = json(&json!({ "trigger": "overdue", "unit": "ta-ylbzj", "facts": " " }));
    let unknown = |act: &str| format!("{UNKNOWN}/{act}");
    let (u_steps, u_answer) = (unknown("steps"), unknown("answer"));
    let (u_accept, u_refuse) = (unknown("acceptance"), unknown("refusal"));
    let wrong_cursor = format!("{CASES}?cursor=nonsense");
    let register = "/project-restrictions";
    for (method, path, officer, body, status) in [
        (Method::GET, CASES, Some(MANAGER), &empty, 200),
        (Method::GET, CASES, None, &empty, 401),
        (Method::GET, CASES, Some(ANALYST), &empty, 403),
        (Method::GET, &wrong_cursor, Some(MANAGER), &empty, 422),
        (Method::POST, CASES, Some(MANAGER), &good, 201),
        (Method::POST, CASES, None, &good, 401),
        (Method::POST, CASES, Some(LIAISON), &good, 403),
        (Method::POST, CASES, Some(MANAGER), &broken, 400),
        (Method::POST, CASES, Some(MANAGER), &large_facts, 413),
        (Method::POST, CASES, Some(MANAGER), &no_facts, 422),
        (Method::GET, &case, Some(AUDITOR), &empty, 200),
        (Method::GET, &case, None, &empty, 401),
        (Method::GET, UNKNOWN, Some(MANAGER), &empty, 404),
        (Method::GET, &letter, None, &empty, 401),
        (Method::GET, &letter, Some(MANAGER), &empty, 404),
        (Method::POST, &steps, Some(MANAGER), &writes, 200),
        (Method::GET, &letter, Some(MANAGER), &empty, 200),
        (Method::GET, register, Some(APPROVER), &empty, 200),
        (Method::GET, register, None, &empty, 401),
        (Method::GET, register, Some(LIAISON), &empty, 403),
        (Method::POST, &steps, None, &called, 401),
        (Method::POST, &steps, Some(AUDITOR), &called, 403),
        (Method::POST, &u_steps, Some(MANAGER), &called, 404),
        (Method::POST, &steps, Some(MANAGER), &called, 409),
        (Method::POST, &steps, Some(MANAGER), &broken, 400),
        (Method::POST, &steps, Some(MANAGER), &large, 413),
        (Method::POST, &steps, Some(MANAGER), &unknown_method, 422),
        (Method::POST, &accept, Some(MANAGER), &said, 409),
        (Method::POST, &refuse, Some(MANAGER), &said, 409),
        (Method::POST, &answer, Some(LIAISON), &said, 200),
        (Method::POST, &answer, None, &said, 401),
        (Method::POST, &answer, Some(AUDITOR), &said, 403),
        (Method::POST, &u_answer, Some(LIAISON), &said, 404),
        (Method::POST, &answer, Some(LIAISON), &said, 409),
        (Method::POST, &answer, Some(LIAISON), &broken, 400),
        (Method::POST, &answer, Some(LIAISON), &large, 413),
        (Method::POST, &answer, Some(LIAISON), &no_words, 422),
        (Method::POST, &refuse, None, &said, 401),
        (Method::POST, &refuse, Some(AUDITOR), &said, 403),
        (Method::POST, &u_refuse, Some(MANAGER), &said, 404),
        (Method::POST, &refuse, Some(MANAGER), &broken, 400),
        (Method::POST, &refuse, Some(MANAGER), &large, 413),
        (Method::POST, &refuse, Some(MANAGER), &no_words, 422),
        (Method::POST, &refuse, Some(MANAGER), &said, 200),
        (Method::POST, &answer, Some(LIAISON), &said, 200),
        (Method::POST, &accept, None, &said, 401),
        (Method::POST, &accept, Some(AUDITOR), &said, 403),
        (Method::POST, &u_accept, Some(MANAGER), &said, 404),
        (Method::POST, &accept, Some(MANAGER), &broken, 400),
        (Method::POST, &accept, Some(MANAGER), &large, 413),
        (Method::POST, &accept, Some(MANAGER), &no_words, 422),
        (Method::POST, &accept, Some(MANAGER), &said, 200),
    ] {
        let token = match officer {
            Some(officer) => city.cloud.demo.sign_in(officer).await.unwrap(),
            None => "Bearer nonsense".to_owned(),
        };
        let headers = [("authorization", token.as_str())];
        is_answered(city, (method, path), &headers, body.clone(), status).await;
    }
}
