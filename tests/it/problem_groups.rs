//! Problem groups (Art. 8(5), 15, 17(3); R-AN-3, R-AN-4, R-SV-3): proposed by what is alike, confirmed by
//! a person, analysed, rectified and verified; three complaints open a case by themselves.

use app::ports::Store as _;
use app::seals::check;
use chrono::Days;
use domain::calendar::{midnight, shanghai_date};
use domain::ticket::TicketNumber;
use http::Method;
use serde_json::{Value, json};
use suqiu::account::Account;
use suqiu::draws::Draws;

use crate::answers::{example, is_answered};
use crate::city::{City, appeal, text};

const DESK: &str = "ta-bigdata-triage";
const MANAGER: &str = "ta-bigdata-manager";
const LIAISON: &str = "ta-ylbzj-liaison";
const OTHER: &str = "ta-rsj-liaison";
const COUNTY: &str = "taishan-bigdata-manager";
const AUDITOR: &str = "ta-bigdata-auditor";
const ANALYST: &str = "ta-bigdata-analyst";
const GROUPS: &str = "/problem-groups";
const CANDIDATES: &str = "/problem-candidates";
const UNKNOWN: &str = "/problem-groups/G2603020123ABCD";
const HOUR: i64 = 3_600;

/// A complaint about the one problem.
async fn complains(city: &City, key: &str) -> String {
    complains_by(city, "mobile", key).await
}

async fn complains_by(city: &City, channel: &str, key: &str) -> String {
    let mut body = appeal();
    body["kind"] = "complaint".into();
    city.submits(channel, key, &body).await.0
}

async fn sent(city: &City, officer: &str, path: &str, body: &Value) -> Value {
    let (status, page) = city.officer(officer, path, Some(body)).await;
    assert!([200, 201].contains(&status), "{path}: {page}");
    page
}

fn confirms(tickets: &[&String]) -> Value {
    json!({ "title": "缴费后查询不到参保记录", "unit": "ta-ylbzj", "area": "370902", "tickets": tickets })
}

/// A plan that is done ten days from now.
fn plan(city: &City) -> Value {
    let until = shanghai_date(city.cloud.clock.now()) + Days::new(10);
    json!({ "rootCause": "两个系统之间每日只同步一次", "measures": "改为实时同步", "until": until })
}

fn words(text: &str) -> Value {
    json!({ "words": text })
}

/// Everything of these tickets is sealed.
async fn sealed(city: &City, numbers: &[String]) {
    let account = Account::laptop(&city.ports, city.cloud.clock.clone());
    let draws = Draws::open(&account).await.unwrap();
    let seals = draws.kept();
    // The relay is through with each: what it sends to suggest and to seal goes together.
    for number in numbers {
        let key = TicketNumber::parse(number).unwrap().key();
        city.eventually("the suggestion", async |city| {
            city.store().dossier(&key).await.unwrap().suggestion
        })
        .await;
    }
    city.moves_clock(HOUR).await;
    let mut polls = 0;
    for number in numbers {
        let key = TicketNumber::parse(number).unwrap().key();
        let ticket = city.store().load(&key).await.unwrap().unwrap();
        city.eventually("the seal", async |city| {
            let checked = check(seals, &ticket).await.unwrap();
            polls += 1;
            // A head that came after the hour's run is sealed by the next.
            if polls == 100 {
                city.moves_clock(HOUR).await;
            }
            (checked.verdict.sealed >= ticket.version()).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r_sv_3_and_r_an_3_three_complaints_open_a_case_and_measures_are_verified() {
    let city = City::start().await;
    // By the channels of both managing units of the city: it is one problem.
    let mut numbers = Vec::new();
    for (at, channel) in ["mobile", "window", "mobile"].into_iter().enumerate() {
        let key = format!("group-complaint-{at}");
        numbers.push(complains_by(&city, channel, &key).await);
    }
    // A question about the same counts as no complaint.
    let question = city
        .submits("mobile", "group-question-1", &appeal())
        .await
        .0;
    let first = confirms(&[&numbers[0], &numbers[1], &question]);
    let opened = sent(&city, DESK, GROUPS, &first).await;
    assert_eq!(
        (&opened["stage"], &opened["size"], &opened["managedBy"]),
        (&json!("analysing"), &json!(3), &json!("ta-bigdata")),
        "{opened}"
    );
    let again = sent(&city, DESK, GROUPS, &first).await;
    assert_eq!((&again["id"], &again["size"]), (&opened["id"], &json!(3)));
    let group = format!("{GROUPS}/{}", text(&opened["id"]));
    let at = |act: &str| format!("{group}/{act}");
    let told = |what: &str| format!("问题组{}{what}", text(&opened["id"]));
    city.is_told(&told("已确认，请分析根源并提出整改措施"))
        .await;
    let cases = async |count: usize| {
        city.eventually("the case", async |city| {
            let (_, page) = city.officer(MANAGER, "/supervision", None).await;
            let items = page["items"].as_array().unwrap().clone();
            (items.len() >= count).then_some(items)
        })
        .await
    };
    assert!(cases(0).await.is_empty());
    let third = json!({ "tickets": [numbers[2]] });
    let joined = sent(&city, DESK, &at("tickets"), &third).await;
    assert_eq!(
        joined["entries"][0]["complaints"].as_array().unwrap().len(),
        3
    );
    let case = &cases(1).await[0];
    assert_eq!(
        (&case["trigger"], &case["unit"], &case["supervisor"]),
        (&json!("repeated"), &json!("ta-ylbzj"), &json!("ta-bigdata")),
        "{case}"
    );
    assert!(
        case["evidence"][0].as_str().unwrap().contains(&numbers[2]),
        "{case}"
    );

    // 第十一条（三）: what the desk answers with an earlier appeal of the group joins it by itself.
    let repeat = complains(&city, "group-complaint-repeat").await;
    let earlier = json!({ "earlier": numbers[0] });
    city.acts(DESK, &repeat, "repeat", &earlier).await;
    city.eventually("the repeat in the group", async |city| {
        let (_, page) = city.officer(DESK, &group, None).await;
        (page["size"] == 5).then_some(())
    })
    .await;
    // One group for a ticket, and none of what was not accepted.
    let declined = complains(&city, "group-complaint-declined").await;
    let ground = json!({ "ground": "reconsideration" });
    city.acts(DESK, &declined, "decline", &ground).await;
    for (ticket, says) in [(&numbers[0], "已归入问题组"), (&declined, "未予受理")] {
        let mut another = confirms(&[ticket]);
        another["title"] = "另一问题".into();
        let (status, said) = city.officer(DESK, GROUPS, Some(&another)).await;
        assert_eq!(
            (status, &said["errors"][0]["pointer"]),
            (422, &json!("/tickets/0"))
        );
        assert!(
            said["errors"][0]["detail"].as_str().unwrap().contains(says),
            "{said}"
        );
    }

    // 根源分析, 整改, 核验: the unit's own, then the managing unit's.
    assert_eq!(city.officer(OTHER, &group, None).await.0, 404);
    assert_eq!(
        city.officer(
            LIAISON,
            &at("verification"),
            Some(&json!({ "effective": true, "words": "见效" }))
        )
        .await
        .0,
        403
    );
    let planned = sent(&city, LIAISON, &at("plan"), &plan(&city)).await;
    assert_eq!(planned["stage"], "rectifying", "{planned}");
    // To the end of the day that the unit named.
    let last = shanghai_date(city.cloud.clock.now()) + Days::new(11);
    assert_eq!(planned["dueAt"], json!(midnight(last)), "{planned}");
    let mut past = plan(&city);
    past["until"] = "2026-03-01".into();
    let (status, said) = city.officer(LIAISON, &at("plan"), Some(&past)).await;
    assert_eq!(status, 409, "{said}");
    sent(
        &city,
        LIAISON,
        &at("completion"),
        &words("已改为实时同步。"),
    )
    .await;
    city.is_told(&told("报告整改完成，请核验成效")).await;
    let effect = json!({ "effective": true, "words": "抽查十件，缴费当日均可查到。" });
    let verified = sent(&city, DESK, &at("verification"), &effect).await;
    assert_eq!(
        (
            &verified["stage"],
            &verified["comparison"]["before"],
            &verified["comparison"]["after"]
        ),
        (&json!("effective"), &json!(5), &json!(0)),
        "{verified}"
    );
    assert_eq!(verified["dueAt"], Value::Null);
    // One case, however often it was told.
    assert_eq!(cases(1).await.len(), 1);

    // 发现: the next day three more are alike, and like the group.
    city.moves_clock(24 * HOUR).await;
    let mut more = Vec::new();
    for at in 0..3 {
        more.push(complains(&city, &format!("group-recurs-{at}")).await);
    }
    sealed(&city, &more).await;
    city.moves_clock(30 * HOUR).await;
    let found = city
        .eventually("what is alike", async |city| {
            let (status, page) = city.officer(DESK, CANDIDATES, None).await;
            assert_eq!(status, 200, "{page}");
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .find(|it| it["size"] == 3)
                .cloned()
        })
        .await;
    assert_eq!(found["group"], opened["id"], "{found}");
    assert_eq!(found["tickets"][0]["likeness"], 100);
    // A county sees what was transferred to it: nothing of these.
    let (_, page) = city.officer(COUNTY, CANDIDATES, None).await;
    assert_eq!(page["items"], json!([]), "{page}");
    // With them it was no cure: a second case, and the unit looks for the root again.
    let recurs = sent(&city, DESK, &at("tickets"), &json!({ "tickets": more })).await;
    assert_eq!(
        (&recurs["stage"], &recurs["comparison"]["after"]),
        (&json!("analysing"), &json!(3)),
        "{recurs}"
    );
    let all = cases(2).await;
    assert!(
        all.iter().all(|case| case["trigger"] == "repeated"),
        "{all:?}"
    );
    // What is in the group is proposed no longer, before the next day looks again.
    let (_, page) = city.officer(DESK, CANDIDATES, None).await;
    assert_eq!(page["items"], json!([]), "{page}");
    let released = json!({ "ticket": more[0], "reason": "属另一事项" });
    let page = sent(&city, DESK, &at("release"), &released).await;
    assert_eq!(page["size"], 7, "{page}");
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_an_3_a_county_gathers_the_problems_of_its_own_units() {
    let city = City::start().await;
    let number = complains(&city, "group-county-01").await;
    let county = json!({ "unit": "taishan-bigdata" });
    let mut wanted = confirms(&[&number]);
    wanted["unit"] = "taishan-rsj".into();
    // What it cannot read it does not confirm, and is not told of.
    let (status, said) = city.officer(COUNTY, GROUPS, Some(&wanted)).await;
    assert_eq!(
        (status, &said["errors"][0]["pointer"]),
        (422, &json!("/tickets/0")),
        "{said}"
    );
    city.acts(DESK, &number, "transfer", &county).await;
    let mut of_the_city = wanted.clone();
    of_the_city["unit"] = "ta-ylbzj".into();
    let (status, said) = city.officer(COUNTY, GROUPS, Some(&of_the_city)).await;
    assert_eq!(
        (status, &said["errors"][0]["pointer"]),
        (422, &json!("/unit")),
        "{said}"
    );
    let opened = sent(&city, COUNTY, GROUPS, &wanted).await;
    assert_eq!(opened["managedBy"], "taishan-bigdata");
    let path = format!("{GROUPS}/{}", text(&opened["id"]));
    for (officer, status) in [
        ("taishan-rsj-liaison", 200),
        (AUDITOR, 200),
        (DESK, 404),
        (LIAISON, 404),
    ] {
        assert_eq!(
            city.officer(officer, &path, None).await.0,
            status,
            "{officer}"
        );
    }
    city.stop().await;
}

/// Every answer that is described.
pub(crate) async fn answers(city: &City) {
    let number = complains(city, "answers-group-001").await;
    let (other, third) = (
        complains(city, "answers-group-002").await,
        complains(city, "answers-group-003").await,
    );
    let opened = sent(city, DESK, GROUPS, &confirms(&[&number])).await;
    let group = format!("{GROUPS}/{}", text(&opened["id"]));
    let paths = |group: &str| {
        ["tickets", "release", "plan", "completion", "verification"]
            .map(|act| format!("{group}/{act}"))
    };
    let [tickets, release, plan_path, completion, verification] = paths(&group);
    let [u_tickets, u_release, u_plan, u_completion, u_verification] = paths(UNKNOWN);
    let bytes = |body: &Value| serde_json::to_vec(body).unwrap();
    let (empty, broken) = (Vec::new(), b"{".to_vec());
    let large = bytes(&words(&"长".repeat(100_000)));
    let nothing = bytes(&json!({ "title": " ", "unit": "ta-ylbzj", "tickets": [] }));
    let good = bytes(&confirms(&[&other]));
    let more = bytes(&json!({ "tickets": [third] }));
    let none = bytes(&json!({ "tickets": [] }));
    let gone = bytes(&json!({ "ticket": third, "reason": "属另一事项" }));
    let no_reason = bytes(&json!({ "ticket": third, "reason": " " }));
    let planned = bytes(&plan(city));
    let mut no_cause = plan(city);
    no_cause["rootCause"] = " ".into();
    let no_cause = bytes(&no_cause);
    let said = bytes(&words("已完成。"));
    let unsaid = bytes(&words(" "));
    let worked = bytes(&example("/problem-groups/{group}/verification"));
    let unseen = bytes(&json!({ "effective": true, "words": " " }));
    let wrong_cursor = format!("{GROUPS}?cursor=nonsense");
    let (get, post) = (Method::GET, Method::POST);
    for (method, path, officer, body, status) in [
        (&get, GROUPS, Some(DESK), &empty, 200),
        (&get, GROUPS, None, &empty, 401),
        (&get, GROUPS, Some(ANALYST), &empty, 403),
        (&get, &wrong_cursor, Some(DESK), &empty, 422),
        (&get, CANDIDATES, Some(DESK), &empty, 200),
        (&get, CANDIDATES, None, &empty, 401),
        (&get, CANDIDATES, Some(LIAISON), &empty, 403),
        (&post, GROUPS, Some(DESK), &good, 201),
        (&post, GROUPS, None, &good, 401),
        (&post, GROUPS, Some(LIAISON), &good, 403),
        (&post, GROUPS, Some(DESK), &broken, 400),
        (&post, GROUPS, Some(DESK), &large, 413),
        (&post, GROUPS, Some(DESK), &nothing, 422),
        (&get, &group, Some(AUDITOR), &empty, 200),
        (&get, &group, None, &empty, 401),
        (&get, UNKNOWN, Some(DESK), &empty, 404),
        (&post, &release, Some(DESK), &gone, 409),
        (&post, &tickets, Some(DESK), &more, 200),
        (&post, &tickets, None, &more, 401),
        (&post, &tickets, Some(AUDITOR), &more, 403),
        (&post, &u_tickets, Some(DESK), &more, 404),
        (&post, &tickets, Some(DESK), &broken, 400),
        (&post, &tickets, Some(DESK), &large, 413),
        (&post, &tickets, Some(DESK), &none, 422),
        (&post, &release, Some(DESK), &gone, 200),
        (&post, &release, None, &gone, 401),
        (&post, &release, Some(AUDITOR), &gone, 403),
        (&post, &u_release, Some(DESK), &gone, 404),
        (&post, &release, Some(DESK), &broken, 400),
        (&post, &release, Some(DESK), &large, 413),
        (&post, &release, Some(DESK), &no_reason, 422),
        (&post, &completion, Some(LIAISON), &said, 409),
        (&post, &plan_path, Some(LIAISON), &planned, 200),
        (&post, &plan_path, None, &planned, 401),
        (&post, &plan_path, Some(AUDITOR), &planned, 403),
        (&post, &u_plan, Some(LIAISON), &planned, 404),
        (&post, &plan_path, Some(LIAISON), &planned, 409),
        (&post, &plan_path, Some(LIAISON), &broken, 400),
        (&post, &plan_path, Some(LIAISON), &large, 413),
        (&post, &plan_path, Some(LIAISON), &no_cause, 422),
        (&post, &verification, Some(DESK), &worked, 409),
        (&post, &completion, Some(LIAISON), &said, 200),
        (&post, &completion, None, &said, 401),
        (&post, &completion, Some(AUDITOR), &said, 403),
        (&post, &u_completion, Some(LIAISON), &said, 404),
        (&post, &completion, Some(LIAISON), &broken, 400),
        (&post, &completion, Some(LIAISON), &large, 413),
        (&post, &completion, Some(LIAISON), &unsaid, 422),
        (&post, &verification, None, &worked, 401),
        (&post, &verification, Some(LIAISON), &worked, 403),
        (&post, &u_verification, Some(DESK), &worked, 404),
        (&post, &verification, Some(DESK), &broken, 400),
        (&post, &verification, Some(DESK), &large, 413),
        (&post, &verification, Some(DESK), &unseen, 422),
        (&post, &verification, Some(DESK), &worked, 200),
    ] {
        let token = match officer {
            Some(officer) => city.cloud.demo.sign_in(officer).await.unwrap(),
            None => "Bearer nonsense".to_owned(),
        };
        let headers = [("authorization", token.as_str())];
        is_answered(city, (method.clone(), path), &headers, body.clone(), status).await;
    }
}
