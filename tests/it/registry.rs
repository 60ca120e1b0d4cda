//! The registry by its front door (R-AC-3, R-HD-1): a table goes out, comes in changed, and what
//! follows from it holds.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};
use suqiu::account::Account;
use suqiu::client::Answer;
use suqiu::state::Ports;
use tables::LARGEST_FILE;

use crate::answers::is_answered;
use crate::city::{City, appeal};
use crate::schema::CONTRACT;

const ADMINISTRATOR: &str = "ta-bigdata-admin";
const AUDITOR: &str = "ta-bigdata-auditor";
const DESK: &str = "ta-bigdata-triage";

/// An officer hands in a table.
async fn puts(city: &City, officer: &str, path: &str, csv: &str) -> (u16, Value) {
    let token = city.cloud.demo.sign_in(officer).await.unwrap();
    let headers = [
        ("authorization", token.as_str()),
        ("content-type", "text/csv; charset=utf-8"),
    ];
    let url = format!("{}{path}", Ports::url(city.ports.console));
    let body = Bytes::from(csv.to_owned());
    let client = &city.cloud.demo.client;
    let answer = client.send(Method::PUT, &url, &headers, body).await;
    let answer = answer.unwrap();
    CONTRACT.holds("PUT", path, &answer);
    (answer.status.as_u16(), answer.json().unwrap())
}

/// An officer fetches a table.
async fn gets(city: &City, officer: &str, part: &str) -> Answer {
    let token = city.cloud.demo.sign_in(officer).await.unwrap();
    let headers = [("authorization", token.as_str())];
    let path = format!("/registry/{part}");
    is_answered(city, (Method::GET, &path), &headers, vec![], 200).await
}

/// Codes of what a unit lacks, as the administrator sees it; none when it is not listed.
async fn lacks(city: &City, unit: &str) -> Vec<String> {
    let (status, listed) = city
        .officer(ADMINISTRATOR, "/registry/readiness", None)
        .await;
    assert_eq!(status, 200);
    let listed = listed.as_array().unwrap().iter();
    let reasons = listed
        .filter(|each| each["unit"] == unit)
        .flat_map(|each| each["reasons"].as_array().unwrap().clone());
    reasons
        .map(|reason| reason["code"].as_str().unwrap().to_owned())
        .collect()
}

fn without(csv: &str, start: &str) -> String {
    let rows = csv.lines().filter(|row| !row.starts_with(start));
    rows.collect::<Vec<_>>().join("\r\n")
}

async fn dispatches(city: &City, number: &str) -> (u16, Value) {
    let path = format!("/tickets/{number}/dispatch");
    let body = json!({ "unit": "ta-ylbzj" });
    city.officer(DESK, &path, Some(&body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ac_3_a_table_goes_out_and_comes_in_changed() {
    let city = City::start().await;
    let file = gets(&city, ADMINISTRATOR, "units").await;
    let header = |name: &str| file.headers[name].to_str().unwrap();
    assert_eq!(header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"units.csv\""
    );
    let units = file.text();
    let headings = "\u{feff}编号(id),名称(name),类型(kind),上级单位(parent),区划(area)\r\n";
    assert!(units.starts_with(headings), "{units:?}");

    // Only checked: nothing is done.
    let more = format!("{units}ta-new,泰安市新单位,问题解决单位,,370900\r\n");
    let renamed = more.replace("泰安市医疗保障局", "泰安市医保局");
    let change = json!({
        "rows": units.lines().count(), "added": 1, "changed": 1, "removed": 0, "errors": [],
    });
    let path = "/registry/units";
    let checked = puts(&city, ADMINISTRATOR, "/registry/units?check=true", &renamed).await;
    assert_eq!(checked, (200, change.clone()));
    assert_eq!(gets(&city, AUDITOR, "units").await.text(), units);
    assert_eq!(
        puts(&city, ADMINISTRATOR, path, &renamed).await,
        (200, change)
    );
    assert_eq!(gets(&city, AUDITOR, "units").await.text(), renamed);
    // A new unit has nobody yet, and the administrator sees it.
    assert_eq!(lacks(&city, "ta-new").await, ["no_leader", "no_liaison"]);
    assert!(lacks(&city, "ta-ylbzj").await.is_empty());

    // All or nothing, and every error is told.
    let wrong = format!("{renamed}ta-more,甲,bureau,ta-nobody,37\r\n");
    let (status, problem) = puts(&city, ADMINISTRATOR, path, &wrong).await;
    let line = wrong.lines().count();
    let pointers = problem["errors"].as_array().unwrap().iter();
    let pointers: Vec<_> = pointers.map(|error| error["pointer"].clone()).collect();
    assert_eq!(
        (status, pointers),
        (
            422,
            vec![
                json!(format!("/{line}/kind")),
                json!(format!("/{line}/area"))
            ]
        )
    );
    let (status, told) = puts(&city, ADMINISTRATOR, "/registry/units?check=true", &wrong).await;
    assert_eq!((status, &told["rows"]), (200, &json!(0)));
    assert_eq!(told["errors"][0]["line"], line);
    assert_eq!(told["errors"][0]["column"], "kind");
    assert_eq!(gets(&city, AUDITOR, "units").await.text(), renamed);

    // Every part comes back as it went out; nobody else may change one.
    for part in ["units", "officers", "duties", "service-items", "channels"] {
        let path = format!("/registry/{part}");
        let file = gets(&city, ADMINISTRATOR, part).await.text();
        let (status, change) = puts(&city, ADMINISTRATOR, &path, &file).await;
        assert_eq!(status, 200, "{change}");
        assert_eq!(change["rows"], file.lines().count() - 1);
        assert_eq!(change["changed"], 0);
        for officer in [AUDITOR, DESK, "ta-ylbzj-liaison", "ta-rsj-leader"] {
            let (status, problem) = puts(&city, officer, &path, &file).await;
            assert_eq!((status, &problem["code"]), (403, &json!("forbidden")));
        }
    }
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_hd_1_a_unit_whose_last_liaison_goes_gets_no_tickets_and_is_listed() {
    let city = City::start().await;
    let (number, _) = city.submits("mobile", "registry-0001", &appeal()).await;
    assert!(lacks(&city, "ta-ylbzj").await.is_empty());
    let officers = gets(&city, ADMINISTRATOR, "officers").await.text();
    let fewer = without(&officers, "ta-ylbzj-liaison,");
    let (status, change) = puts(&city, ADMINISTRATOR, "/registry/officers", &fewer).await;
    assert_eq!((status, &change["removed"]), (200, &json!(1)), "{change}");
    assert_eq!(lacks(&city, "ta-ylbzj").await, ["no_liaison"]);

    // Functions see it within a minute.
    city.moves_clock(61).await;
    let (status, refused) = dispatches(&city, &number).await;
    assert_eq!((status, &refused["code"]), (422, &json!("incomplete")));
    assert_eq!(refused["errors"][0]["pointer"], "/unit");
    let detail = refused["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("未登记分管领导或联络员"), "{refused}");

    let (status, _) = puts(&city, ADMINISTRATOR, "/registry/officers", &officers).await;
    assert_eq!(status, 200);
    assert!(lacks(&city, "ta-ylbzj").await.is_empty());
    city.moves_clock(61).await;
    let (status, answer) = dispatches(&city, &number).await;
    assert_eq!(status, 200, "{answer}");

    // The unit now has a ticket: it stays, even once nobody names it any more.
    for (part, names) in [
        ("duties", "ta-ylbzj,"),
        ("officers", "ta-ylbzj-"),
        ("service-items", "370900-ylbz-001,"),
    ] {
        let path = format!("/registry/{part}");
        let fewer = without(&gets(&city, ADMINISTRATOR, part).await.text(), names);
        let (status, change) = puts(&city, ADMINISTRATOR, &path, &fewer).await;
        assert_eq!(status, 200, "{change}");
    }
    let units = gets(&city, ADMINISTRATOR, "units").await.text();
    let fewer = without(&units, "ta-ylbzj,");
    let (status, problem) = puts(&city, ADMINISTRATOR, "/registry/units", &fewer).await;
    assert_eq!(status, 422, "{problem}");
    assert_eq!(problem["errors"][0]["pointer"], "/1/id");
    let detail = problem["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("还有未办结的工单"), "{detail}");
    let fewer = without(&units, "ta-rsj,");
    let (status, problem) = puts(&city, ADMINISTRATOR, "/registry/units", &fewer).await;
    let detail = problem["errors"][0]["detail"].as_str().unwrap();
    assert!(
        status == 422 && detail.contains("人员“ta-rsj-leader”"),
        "{problem}"
    );
    city.stop().await;
}

/// A chunked list is longer than one item, and gets through the door.
#[tokio::test(flavor = "multi_thread")]
async fn r_ac_3_a_long_table_gets_in_and_out() {
    let city = City::start().await;
    let mut file = gets(&city, ADMINISTRATOR, "service-items").await.text();
    for index in 0..12_000 {
        let row = format!("370900-{index:06},城乡居民基本医疗保险参保登记{index},ta-ylbzj\r\n");
        file.push_str(&row);
    }
    assert!(
        (800_000..LARGEST_FILE).contains(&file.len()),
        "{}",
        file.len()
    );
    let path = "/registry/service-items";
    let (status, change) = puts(&city, ADMINISTRATOR, path, &file).await;
    assert_eq!(
        (status, &change["added"]),
        (200, &json!(12_000)),
        "{change}"
    );
    let out = gets(&city, ADMINISTRATOR, "service-items").await.text();
    assert_eq!(out.len(), file.len());
    assert!(out == file);
    city.stop().await;
}

/// What the administrator does by the door, a deployment that is being set up does by command.
#[tokio::test(flavor = "multi_thread")]
async fn r_ac_3_the_command_line_takes_a_table_too() {
    let city = City::start().await;
    let account = Account::laptop(&city.ports, city.cloud.clock.clone());
    let before = gets(&city, ADMINISTRATOR, "officers").await.text();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("officers.csv");
    std::fs::write(&file, without(&before, "ta-ylbzj-liaison,")).unwrap();
    let import = async |check| suqiu::registry::import(&account, "officers", &file, check).await;
    import(true).await.unwrap();
    assert_eq!(gets(&city, ADMINISTRATOR, "officers").await.text(), before);
    import(false).await.unwrap();
    assert_eq!(lacks(&city, "ta-ylbzj").await, ["no_liaison"]);

    std::fs::write(&file, "id,name,unit,roles\nx,甲,ta-nobody,liaison\n").unwrap();
    import(false).await.unwrap_err();
    assert_eq!(lacks(&city, "ta-ylbzj").await, ["no_liaison"]);
    assert!(lacks(&city, "ta-rsj").await.is_empty());
    let unknown = suqiu::registry::export(&account, "people").await;
    assert!(unknown.unwrap_err().to_string().contains("service-items"));
    city.stop().await;
}

/// Everything that the contract describes of the registry.
pub(crate) async fn answers(city: &City) {
    let mut signed_in = Vec::new();
    for officer in [ADMINISTRATOR, AUDITOR, DESK] {
        signed_in.push(city.cloud.demo.sign_in(officer).await.unwrap());
    }
    let [administrator, auditor, desk] = signed_in.as_slice() else {
        panic!()
    };
    let by = |token| [("authorization", token)];
    let (units, unknown) = ("/registry/units", "/registry/people");
    let readiness = "/registry/readiness";
    let nothing = "nonsense".to_owned();
    for (method, path, token, status) in [
        (Method::GET, readiness, auditor, 200),
        (Method::GET, readiness, desk, 403),
        (Method::GET, readiness, &nothing, 401),
        (Method::GET, "/registry/duty-proposals", auditor, 200),
        (Method::GET, "/registry/duty-proposals", desk, 403),
        (Method::GET, "/registry/duty-proposals", &nothing, 401),
        (Method::GET, units, auditor, 200),
        (Method::GET, units, desk, 403),
        (Method::GET, units, &nothing, 401),
        (Method::GET, unknown, auditor, 404),
        (Method::PUT, units, auditor, 403),
        (Method::PUT, units, &nothing, 401),
        (Method::PUT, unknown, administrator, 404),
        (Method::PUT, units, administrator, 422),
        (Method::PUT, "/registry/units?check=yes", administrator, 422),
        (
            Method::PUT,
            "/registry/units?check=true",
            administrator,
            200,
        ),
    ] {
        is_answered(city, (method, path), &by(token.as_str()), vec![], status).await;
    }
    let large = vec![b' '; LARGEST_FILE + 1];
    let put = (Method::PUT, units);
    is_answered(city, put, &by(administrator.as_str()), large, 413).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_hd_6_a_decided_return_proposes_a_line_of_the_duty_list() {
    let city = City::start().await;
    let mut appeal = appeal();
    appeal["serviceItem"] = "370900-ylbz-001".into();
    let (number, _) = city.submits("mobile", "proposal-001", &appeal).await;
    let unit = json!({ "unit": "ta-ylbzj" });
    city.acts(DESK, &number, "dispatch", &unit).await;
    let ask = json!({ "reason": "other_duty", "ground": "三定规定", "suggested": "ta-rsj" });
    city.acts("ta-ylbzj-liaison", &number, "return", &ask).await;
    let decision = json!({ "dutyFrom": "2026-12-01" });
    city.acts(DESK, &number, "return-acceptance", &decision)
        .await;
    let proposals = async |city: &City| {
        let path = "/registry/duty-proposals";
        let (status, proposals) = city.officer(ADMINISTRATOR, path, None).await;
        assert_eq!(status, 200);
        proposals
    };
    let proposed = city
        .eventually("the proposal", async |city| {
            let proposed = proposals(city).await;
            proposed.get(0).cloned()
        })
        .await;
    let expected = json!({
        "ticket": number, "unit": "ta-rsj", "name": "泰安市人力资源和社会保障局",
        "serviceItem": "370900-ylbz-001", "area": "370902", "effectiveOn": "2026-12-01",
        "reason": "泰安市医疗保障局的退回已同意",
    });
    assert_eq!(proposed, expected);
    // Taken over into the list, it is proposed no more.
    let duties = gets(&city, ADMINISTRATOR, "duties").await.text();
    let line = "ta-rsj,,370900-ylbz-001,370902,2026-12-01\r\n";
    let (status, change) = puts(
        &city,
        ADMINISTRATOR,
        "/registry/duties",
        &format!("{duties}{line}"),
    )
    .await;
    assert_eq!((status, &change["added"]), (200, &json!(1)), "{change}");
    assert_eq!(proposals(&city).await, json!([]));
    city.stop().await;
}
