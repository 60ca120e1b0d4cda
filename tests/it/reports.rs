//! Figures and reports (Art. 6(5), 15, 16; R-AN-2, R-DP-3): when a quarter is over its report is made by
//! itself, of what the tickets say; few are not shown; and its figures leave as a file only through an
//! export.

use bytes::Bytes;
use chrono::{Datelike as _, TimeDelta};
use domain::calendar::shanghai_date;
use domain::periodic::Period;
use http::Method;
use serde_json::{Value, json};
use suqiu::state::Ports;

use crate::answers::is_answered;
use crate::city::{City, answer, appeal, contact, record, text};
use crate::lake::{keeper, night};
use crate::schema::CONTRACT;

const DESK: &str = "ta-bigdata-triage";
const MANAGER: &str = "ta-bigdata-manager";
const LIAISON: &str = "ta-ylbzj-liaison";
const ANALYST: &str = "ta-bigdata-analyst";
const DAY: i64 = 24 * 3600;

async fn gets(city: &City, officer: &str, path: &str) -> Value {
    let (status, page) = city.officer(officer, path, None).await;
    assert_eq!(status, 200, "{path}: {page}");
    page
}

async fn posts(city: &City, officer: &str, path: &str, body: &Value, status: u16) -> Value {
    let (answered, page) = city.officer(officer, path, Some(body)).await;
    assert_eq!(answered, status, "{path}: {page}");
    page
}

/// Brought, handled in time, and rated.
async fn lives(city: &City, index: usize) {
    let key = format!("reports-{index:08}");
    let (number, code) = city.submits("mobile", &key, &appeal()).await;
    let to = json!({ "unit": "ta-ylbzj" });
    city.acts(DESK, &number, "dispatch", &to).await;
    city.acts(LIAISON, &number, "sign", &json!({})).await;
    city.acts(LIAISON, &number, "contacts", &contact()).await;
    let closing = json!({ "record": record(), "answer": answer() });
    city.acts(LIAISON, &number, "close", &closing).await;
    let rating = json!({ "level": 5, "solved": true });
    assert_eq!(city.rates(&number, &code, &rating).await.0, 200);
}

/// The reports that are kept, once one of this period has its paper.
async fn kept(city: &City, period: &str) -> Value {
    city.eventually("the report", async |city| {
        let page = gets(city, DESK, "/reports").await;
        let items = page["items"].as_array().unwrap();
        let found = items
            .iter()
            .find(|row| row["period"] == period && row["paper"] == true);
        found.cloned()
    })
    .await
}

/// The figures of a question in a report.
fn figures<'a>(report: &'a Value, question: &str) -> &'a Value {
    let chapters = report["chapters"].as_array().unwrap().iter();
    let mut figures = chapters.flat_map(|chapter| chapter["figures"].as_array().unwrap());
    figures.find(|it| it["question"] == question).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn art_6_5_when_a_quarter_is_over_its_report_is_made_and_says_what_the_tickets_say() {
    let city = City::start().await;
    for index in 0..5 {
        lives(&city, index).await;
    }
    city.submits("pc", "reports-by-pc-1", &appeal()).await;
    // The first days after the quarter.
    let today = shanghai_date(city.cloud.clock.now());
    let [over, ..] = Period::due_on(today + TimeDelta::days(92))[..] else {
        panic!("no quarter is over")
    };
    assert!(over.since() <= today && today <= over.until());
    let days = (over.until() - today).num_days();
    city.moves_clock(days * DAY).await;
    night(&city).await;
    let row = kept(&city, &over.to_string()).await;
    assert_eq!(row["whole"], true, "{row}");
    let id = text(&row["id"]);

    let report = gets(&city, ANALYST, &format!("/reports/{id}")).await;
    assert_eq!(report["issuer"], "泰安市行政审批服务局、泰安市大数据局");
    let first = text(&report["summary"][0]["text"]);
    assert!(first.starts_with("统计期间共收到诉求6件"), "{first}");
    assert_eq!(report["summary"][0]["questions"], json!(["overview"]));
    // Five came by phone and one by computer: who sums up learns neither (Art. 16).
    let channels = figures(&report, "channels");
    let hidden = json!({ "hidden": true });
    let rows = channels["rows"].as_array().unwrap();
    assert_eq!(channels["hidden"], 2);
    assert!(
        rows.iter().all(|row| row["cells"][2] == hidden),
        "{channels}"
    );
    let handled = &figures(&report, "handling-by-unit")["rows"][0];
    assert_eq!(handled["cells"][0], "ta-ylbzj", "{handled}");
    assert_eq!(handled["cells"][2], 5);
    assert_eq!(handled["shares"][0]["denominator"], 5);
    let satisfied = &figures(&report, "satisfaction")["rows"][0]["shares"][0];
    assert_eq!(
        *satisfied,
        json!({ "numerator": 5, "denominator": 5, "percent": 100.0 })
    );
    asked_again(&city, &over, &figures(&report, "channels").clone()).await;
    on_paper(&city, &id).await;
    taken_out(&city, &id).await;

    // The next night makes none again: what is kept is whole.
    let before = gets(&city, DESK, "/reports").await;
    city.moves_clock(DAY).await;
    night(&city).await;
    assert_eq!(gets(&city, DESK, "/reports").await, before);
    city.stop().await;
}

/// What a report says the question says too; behind its figures are the tickets, masked.
async fn asked_again(city: &City, period: &Period, said: &Value) {
    let span = format!("since={}&until={}", period.since(), period.until());
    let now = gets(city, MANAGER, &format!("/figures/channels?{span}")).await;
    assert_eq!(
        (&now["rows"], &now["columns"]),
        (&said["rows"], &said["columns"])
    );
    assert!(text(&now["note"]).contains("第十六条"));
    let path = format!("/figures/channels/tickets?{span}&group=channel:mobile");
    let behind = gets(city, ANALYST, &path).await;
    let items = behind["items"].as_array().unwrap();
    assert_eq!(
        (items.len(), &behind["more"]),
        (5, &json!(false)),
        "{behind}"
    );
    assert!(
        items.iter().all(|it| it["stateName"] == "已办结"),
        "{behind}"
    );
}

/// The paper says the same.
async fn on_paper(city: &City, id: &str) {
    let link = gets(city, DESK, &format!("/reports/{id}/paper")).await;
    let client = &city.cloud.demo.client;
    let url = text(&link["url"]);
    let pdf = client.send(Method::GET, &url, &[], Bytes::new()).await;
    let pdf = pdf.unwrap();
    assert_eq!(pdf.status, 200);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.pdf");
    std::fs::write(&file, &pdf.body).unwrap();
    let mut command = std::process::Command::new("pdftotext");
    let output = command.arg(&file).arg("-").output();
    let said = String::from_utf8(output.expect("poppler-utils is installed").stdout).unwrap();
    let said: String = said.split_whitespace().collect();
    for words in [
        "统计期间共收到诉求6件",
        "泰安市医疗保障局",
        "（overview）",
        "所答问题：handling-by-unit",
        "依法不予显示（第十六条）",
        id,
    ] {
        assert!(said.contains(words), "`{words}` is not in {said}");
    }
}

/// Its figures as a file: asked for, approved by another, marked.
async fn taken_out(city: &City, id: &str) {
    let today = shanghai_date(city.cloud.clock.now());
    let wish = json!({ "report": id, "purpose": "季度分析", "until": today + TimeDelta::days(1) });
    let asked = posts(city, ANALYST, "/exports", &wish, 201).await;
    let export = text(&asked["id"]);
    let downloads = format!("/exports/{export}/downloads");
    posts(city, ANALYST, &downloads, &json!({}), 409).await;
    let approval = format!("/exports/{export}/approval");
    posts(city, MANAGER, &approval, &json!({}), 200).await;

    let token = city.cloud.demo.sign_in(ANALYST).await.unwrap();
    let url = format!("{}{downloads}", Ports::url(city.ports.console));
    let headers = [("authorization", token.as_str())];
    let client = &city.cloud.demo.client;
    let file = client
        .send(Method::POST, &url, &headers, Bytes::new())
        .await;
    let file = file.unwrap();
    CONTRACT.holds("POST", &downloads, &file);
    let sheet = file.text();
    let mut lines = sheet.lines();
    let titles = "\u{feff}章节,问题,问题名称,统计起日,统计止日,分组,指标,数值,分子,分母,水印";
    assert_eq!(lines.next(), Some(titles));
    let lines: Vec<_> = lines.collect();
    let of = |question: &str, title: &str| {
        let is_it = |line: &&&str| line.contains(question) && line.contains(title);
        let line = lines.iter().find(is_it);
        line.unwrap_or_else(|| panic!("no {title} of {question}"))
    };
    assert!(of("handling-by-unit", "按时办结率").contains(",100.0%,5,5,"));
    assert!(of("channels", "移动端").contains(",*,,,"));
    for line in &lines {
        let marks = domain::export::hidden_marks(line);
        let marks: Vec<_> = marks.iter().map(|mark| mark.export.as_str()).collect();
        assert_eq!(marks, [export.as_str()], "{line}");
    }
    let (no, wrong) = (json!("2020-Q1.20200401"), json!("nonsense"));
    for report in [no, wrong] {
        let mut other = wish.clone();
        other["report"] = report;
        let said = posts(city, ANALYST, "/exports", &other, 422).await;
        assert_eq!(said["errors"][0]["pointer"], "/report", "{said}");
    }
}

/// Every answer that is described.
pub(crate) async fn answers(city: &City) {
    let demo = &city.cloud.demo;
    let analyst = demo.sign_in(ANALYST).await.unwrap();
    let desk = demo.sign_in(DESK).await.unwrap();
    let liaison = demo.sign_in(LIAISON).await.unwrap();
    let nothing = "Bearer nonsense".to_owned();
    keeper(city).await.make().await.unwrap();
    let today = shanghai_date(city.cloud.clock.now());
    let period = Period::year(today.year()).unwrap().to_string();
    let order = serde_json::to_vec(&json!({ "period": period })).unwrap();
    let later = serde_json::to_vec(&json!({ "period": "2999" })).unwrap();
    let large = serde_json::to_vec(&json!({ "period": "长".repeat(100_000) })).unwrap();
    let span = "since=2026-01-01&until=2026-12-31";
    let asked = |question: &str| format!("/figures/{question}?{span}");
    let behind = |question: &str| format!("/figures/{question}/tickets?{span}&group=channel:pc");
    let no_group = format!("/figures/channels/tickets?{span}&group=number:1");
    let post = |token: &String, body: &[u8], status| {
        let path = "/reports".to_owned();
        (Method::POST, path, token.clone(), body.to_vec(), status)
    };
    let get = |path: &str, token: &String, status| {
        (Method::GET, path.to_owned(), token.clone(), vec![], status)
    };
    let unknown = "/reports/2020-Q1.20200401";
    let unknown_paper = format!("{unknown}/paper");
    for (method, path, token, body, status) in [
        get("/figures", &nothing, 401),
        get("/figures", &liaison, 403),
        get("/figures", &desk, 200),
        get(&asked("channels"), &nothing, 401),
        get(&asked("channels"), &liaison, 403),
        get(&asked("nonsense"), &desk, 404),
        get("/figures/channels?since=yesterday", &desk, 422),
        get(&asked("channels"), &desk, 200),
        get(&behind("channels"), &nothing, 401),
        get(&behind("channels"), &desk, 403),
        get(&behind("nonsense"), &analyst, 404),
        get(&no_group, &analyst, 422),
        get(&behind("channels"), &analyst, 200),
        post(&nothing, &order, 401),
        post(&desk, &order, 403),
        post(&analyst, b"{", 400),
        post(&analyst, b"{\"period\":\"2026-Q5\"}", 422),
        post(&analyst, &later, 422),
        post(&analyst, &large, 413),
        post(&analyst, &order, 202),
        get("/reports", &nothing, 401),
        get("/reports", &liaison, 403),
        get(unknown, &nothing, 401),
        get(unknown, &liaison, 403),
        get(unknown, &desk, 404),
        get(&unknown_paper, &nothing, 401),
        get(&unknown_paper, &liaison, 403),
        get(&unknown_paper, &desk, 404),
    ] {
        let headers = [("authorization", token.as_str())];
        is_answered(city, (method, &path), &headers, body, status).await;
    }
    let row = kept(city, &period).await;
    let report = format!("/reports/{}", text(&row["id"]));
    gets(city, DESK, &report).await;
    gets(city, DESK, &format!("{report}/paper")).await;
    let again = posts(city, ANALYST, "/reports", &json!({ "period": period }), 200).await;
    assert_eq!(again["id"], row["id"]);
}
