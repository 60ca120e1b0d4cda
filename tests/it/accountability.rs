//! What units and officers answer for (Art. 19; R-SV-9): opened by one, decided by another, once, and
//! seen by the few.

use http::Method;
use serde_json::{Value, json};

use crate::answers::is_answered;
use crate::city::{City, text};

const MANAGER: &str = "ta-bigdata-manager";
const OTHER: &str = "ta-approval-manager";
const AUDITOR: &str = "ta-bigdata-auditor";
const LIAISON: &str = "ta-ylbzj-liaison";
const ANALYST: &str = "ta-bigdata-analyst";

const RECORDS: &str = "/accountability";
const UNKNOWN: &str = "/accountability/A2603020123ABCD/decision";

fn matter(unit: &str) -> Value {
    json!({
        "unit": unit, "conduct": "shifting", "ticket": "ta261124-28t5-cy4t-z",
        "facts": "两次以不属本单位职责为由拒绝签收，均与职责清单不符",
    })
}

fn decision() -> Value {
    json!({ "outcome": "ordered_to_correct", "reason": "情况属实，限期改正" })
}

async fn opens(city: &City, officer: &str, matter: &Value) -> String {
    let (status, record) = city.officer(officer, RECORDS, Some(matter)).await;
    assert_eq!(status, 201, "{record}");
    text(&record["id"])
}

async fn decides(city: &City, officer: &str, id: &str) -> (u16, Value) {
    let path = format!("{RECORDS}/{id}/decision");
    city.officer(officer, &path, Some(&decision())).await
}

/// The records that an officer sees.
async fn listed(city: &City, officer: &str) -> Vec<Value> {
    let (status, page) = city.officer(officer, RECORDS, None).await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn r_sv_9_a_record_is_opened_by_one_and_decided_once_by_another() {
    let city = City::start().await;
    let mut about = matter("ta-ylbzj");
    about["officer"] = LIAISON.into();
    let id = opens(&city, MANAGER, &about).await;

    // Who opened it is told who decides.
    let (status, refused) = decides(&city, MANAGER, &id).await;
    assert_eq!(status, 403, "{refused}");
    assert!(text(&refused["detail"]).contains("登记人"), "{refused}");

    let (status, decided) = decides(&city, OTHER, &id).await;
    assert_eq!(status, 200, "{decided}");
    assert_eq!(decided["conductName"], "推诿扯皮");
    assert_eq!(decided["ticket"], "TA26112428T5CY4TZ");
    assert_eq!(decided["opened"]["by"], MANAGER);
    assert_eq!(decided["decided"]["by"], OTHER);
    assert_eq!(decided["decided"]["outcomeName"], "责令整改");

    // Once: nothing is changed afterwards, by nobody.
    let (status, refused) = decides(&city, OTHER, &id).await;
    assert_eq!(status, 409, "{refused}");
    assert_eq!(refused["article"], "第十九条");
    for few in [MANAGER, OTHER, AUDITOR] {
        assert_eq!(listed(&city, few).await, vec![decided.clone()], "{few}");
    }
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_19_whom_it_is_about_and_who_is_not_named_see_and_decide_nothing() {
    let city = City::start().await;
    let id = opens(&city, MANAGER, &matter("ta-ylbzj")).await;
    for nobody in [
        LIAISON,
        ANALYST,
        "ta-bigdata-triage",
        "taishan-bigdata-manager",
    ] {
        assert_eq!(city.officer(nobody, RECORDS, None).await.0, 403, "{nobody}");
        let about = matter("ta-rsj");
        let opened = city.officer(nobody, RECORDS, Some(&about)).await;
        assert_eq!(opened.0, 403, "{nobody}");
        assert_eq!(decides(&city, nobody, &id).await.0, 404, "{nobody}");
    }
    // The auditor reads, and does nothing.
    assert_eq!(listed(&city, AUDITOR).await.len(), 1);
    assert_eq!(decides(&city, AUDITOR, &id).await.0, 403);

    // A city manager's own unit is for another unit's.
    let (status, refused) = city
        .officer(MANAGER, RECORDS, Some(&matter("ta-bigdata")))
        .await;
    assert_eq!(status, 403, "{refused}");
    assert!(text(&refused["detail"]).contains("本单位"), "{refused}");
    let own = opens(&city, OTHER, &matter("ta-bigdata")).await;
    assert_eq!(decides(&city, MANAGER, &own).await.0, 404);
    for concerned in [MANAGER, AUDITOR] {
        let seen = listed(&city, concerned).await;
        let ids: Vec<_> = seen.iter().map(|record| text(&record["id"])).collect();
        assert_eq!(ids, [id.as_str()], "{concerned}");
    }
    assert_eq!(listed(&city, OTHER).await.len(), 2);

    // Every wrong field at once, and no number is repeated.
    let wrong = json!({
        "unit": "nosuchunit", "officer": "李范远", "conduct": "lateness",
        "ticket": "TA26112428T5CY4TA", "facts": "本人电话13877770002",
    });
    let (status, said) = city.officer(MANAGER, RECORDS, Some(&wrong)).await;
    assert_eq!(status, 422, "{said}");
    let fields = said["errors"].as_array().unwrap().iter();
    let fields: Vec<_> = fields.map(|each| text(&each["pointer"])).collect();
    assert_eq!(
        fields,
        ["/unit", "/officer", "/conduct", "/ticket", "/facts"]
    );
    assert!(!said.to_string().contains("13877770002"));
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_sv_9_records_are_listed_by_pages_the_newest_day_first() {
    let city = City::start().await;
    let mut ids = Vec::new();
    let mut token = city.cloud.demo.sign_in(MANAGER).await.unwrap();
    for index in 0..60 {
        if index == 10 {
            city.moves_clock(24 * 3_600).await;
            token = city.cloud.demo.sign_in(MANAGER).await.unwrap();
        }
        let mut about = matter("ta-ylbzj");
        about["facts"] = format!("第{index}次").into();
        let opened = city.cloud.demo.console(&token, RECORDS, Some(&about)).await;
        ids.push(text(&opened.unwrap().json().unwrap()["id"]));
    }
    let (_, first) = city.officer(AUDITOR, RECORDS, None).await;
    let next = text(&first["next"]);
    let rest = format!("{RECORDS}?cursor={next}");
    let (_, rest) = city.officer(AUDITOR, &rest, None).await;
    let page = |page: &Value| -> Vec<_> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|record| text(&record["id"])).collect()
    };
    let (first, rest) = (page(&first), page(&rest));
    assert_eq!((first.len(), rest.len()), (50, 10));
    assert!(ids[10..].iter().all(|id| first.contains(id)));
    assert!(ids[..10].iter().all(|id| rest.contains(id)));
    city.stop().await;
}

/// Every other answer that is described.
pub(crate) async fn answers(city: &City) {
    let id = opens(city, MANAGER, &matter("ta-ylbzj")).await;
    let decided = format!("{RECORDS}/{id}/decision");
    let json = |body: &Value| serde_json::to_vec(body).unwrap();
    let (good, decision) = (json(&matter("ta-ylbzj")), json(&decision()));
    let large = json(&json!({ "facts": "长".repeat(100_000) }));
    let (broken, empty) = (b"{".to_vec(), vec![]);
    let no_facts = json(&json!({ "unit": "ta-ylbzj", "conduct": "leak", "facts": " " }));
    let no_reason = json(&json!({ "outcome": "unfounded", "reason": " " }));
    let wrong_cursor = format!("{RECORDS}?cursor=nonsense");
    for (method, path, officer, body, status) in [
        (Method::GET, RECORDS, Some(MANAGER), &empty, 200),
        (Method::GET, RECORDS, None, &empty, 401),
        (Method::GET, RECORDS, Some(LIAISON), &empty, 403),
        (Method::GET, &wrong_cursor, Some(MANAGER), &empty, 422),
        (Method::POST, RECORDS, None, &good, 401),
        (Method::POST, RECORDS, Some(MANAGER), &broken, 400),
        (Method::POST, RECORDS, Some(LIAISON), &good, 403),
        (Method::POST, RECORDS, Some(MANAGER), &large, 413),
        (Method::POST, RECORDS, Some(MANAGER), &no_facts, 422),
        (Method::POST, &decided, None, &decision, 401),
        (Method::POST, &decided, Some(OTHER), &broken, 400),
        (Method::POST, &decided, Some(MANAGER), &decision, 403),
        (Method::POST, &decided, Some(LIAISON), &decision, 404),
        (Method::POST, UNKNOWN, Some(OTHER), &decision, 404),
        (Method::POST, &decided, Some(OTHER), &large, 413),
        (Method::POST, &decided, Some(OTHER), &no_reason, 422),
        (Method::POST, &decided, Some(OTHER), &decision, 200),
        (Method::POST, &decided, Some(OTHER), &decision, 409),
    ] {
        let token = match officer {
            Some(officer) => city.cloud.demo.sign_in(officer).await.unwrap(),
            None => "Bearer nonsense".to_owned(),
        };
        let headers = [("authorization", token.as_str())];
        is_answered(city, (method, path), &headers, body.clone(), status).await;
    }
}
