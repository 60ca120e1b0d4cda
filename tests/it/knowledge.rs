//! The knowledge base (Art. 6(4), 7(3), 8(6), 17(4); R-KB-1 to R-KB-4): drafted by one, shown by
//! another, found by everybody, noticed as wrong and put right in time or marked as late.

use http::Method;
use serde_json::{Value, json};
use suqiu::state::Ports;

use crate::answers::is_answered;
use crate::city::{City, answer, appeal, contact, record, text};
use crate::schema::CONTRACT;

const EDITOR: &str = "ta-ylbzj-editor";
const REVIEWER: &str = "ta-bigdata-reviewer";
const OTHER_REVIEWER: &str = "ta-approval-reviewer";
const COUNTY_REVIEWER: &str = "taishan-bigdata-reviewer";
const DESK: &str = "ta-bigdata-triage";
const LIAISON: &str = "ta-ylbzj-liaison";
const OTHER: &str = "ta-rsj-liaison";

const ENTRIES: &str = "/knowledge";
const UNKNOWN: &str = "/knowledge/K2603020123ABCD";

fn question() -> Value {
    json!({
        "title": "医保缴费后多久能查到参保记录？", "body": "缴费成功后一个工作日内可查。",
        "source": "泰医保发〔2026〕3号", "forReview": true,
    })
}

/// An officer does something that is answered with the entry.
async fn does(city: &City, officer: &str, path: &str, body: &Value, status: u16) -> Value {
    let (got, said) = city.officer(officer, path, Some(body)).await;
    assert_eq!(got, status, "{path}: {said}");
    said
}

async fn drafts(city: &City, officer: &str, body: &Value) -> String {
    let entry = does(city, officer, ENTRIES, body, 201).await;
    format!("{ENTRIES}/{}", text(&entry["id"]))
}

async fn publishes(city: &City, entry: &str, revision: u32) -> Value {
    let path = format!("{entry}/publication");
    does(city, REVIEWER, &path, &json!({ "revision": revision }), 200).await
}

/// What anybody finds, once the index saw every change: it looks every minute.
///
/// A city that began just now has no index yet, and says so.
async fn finds(city: &City, text: &str) -> Option<Vec<Value>> {
    let url = format!("{}/knowledge-searches", Ports::url(city.ports.public));
    let body = json!({ "text": text });
    let answer = city.cloud.demo.client.post_json(&url, &[], &body).await;
    let answer = answer.unwrap();
    CONTRACT.holds("POST", "/knowledge-searches", &answer);
    if answer.status == 503 {
        return None;
    }
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    answer.json().unwrap()["items"].as_array().cloned()
}

/// Waits until what is found is as it should be.
async fn finally_finds(city: &City, text: &str, good: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    city.moves_clock(61).await;
    let what = format!("`{text}`");
    city.eventually(&what, async |city| {
        let found = finds(city, text).await?;
        good(&found).then_some(found)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn r_kb_1_to_3_an_entry_is_reviewed_found_noticed_late_and_put_right() {
    let city = City::start().await;
    let entry = drafts(&city, EDITOR, &question()).await;
    // It waits for the reviewers of both managing units of the city, and for no county's.
    for (reviewer, waits) in [(REVIEWER, 1), (OTHER_REVIEWER, 1), (COUNTY_REVIEWER, 0)] {
        let path = "/knowledge?waiting=true";
        let (_, list) = city.officer(reviewer, path, None).await;
        assert_eq!(list["items"].as_array().unwrap().len(), waits, "{reviewer}");
    }
    // Nobody else sees it, and it is not found.
    assert_eq!(city.officer(DESK, &entry, None).await.0, 404);
    let path = format!("{entry}/publication");
    let read = json!({ "revision": 1 });
    does(&city, EDITOR, &path, &read, 403).await;
    does(&city, COUNTY_REVIEWER, &path, &read, 404).await;
    let sent_back = json!({ "revision": 1, "reason": "请写明缴费渠道" });
    does(
        &city,
        REVIEWER,
        &format!("{entry}/rejection"),
        &sent_back,
        200,
    )
    .await;
    does(&city, REVIEWER, &path, &read, 409).await;
    let revision = format!("{entry}/revision");
    does(&city, EDITOR, &revision, &question(), 200).await;
    publishes(&city, &entry, 2).await;

    let found = finally_finds(&city, "医保缴费查询", |found| found.len() == 1).await;
    // R-TR-6: whoever types of an emergency is told whom to call, before anything is sent.
    let url = format!("{}/knowledge-searches", Ports::url(city.ports.public));
    let typed = json!({ "text": "楼道着火了，请处理" });
    let client = &city.cloud.demo.client;
    let answer = client.post_json(&url, &[], &typed).await.unwrap();
    let notice = &answer.json().unwrap()["notice"];
    assert_eq!(
        (&notice["code"], &notice["route"]),
        (&json!("emergency_119"), &json!("119"))
    );
    assert_eq!(found[0]["ownerName"], "泰安市医疗保障局");
    assert_eq!(
        (&found[0]["version"], &found[0]["stale"]),
        (&json!(1), &Value::Null)
    );
    let matched = found[0]["title"].as_array().unwrap().iter();
    let matched: Vec<_> = matched.filter(|part| part["isMatch"] == true).collect();
    assert_eq!(matched[0]["text"], "医保缴费");

    // The policy changed: the clock runs, and whoever finds the entry is told.
    let notice = json!({ "cause": "policy_changed", "words": "三月起改为实时记账" });
    let noticed = does(&city, DESK, &format!("{entry}/notices"), &notice, 200).await;
    let id = entry.rsplit('/').next().unwrap_or_default();
    city.is_told(&format!("知识库条目{id}收到")).await;
    assert_eq!(noticed["stale"], "noticed");
    finally_finds(&city, "医保缴费查询", |found| {
        found[0]["stale"] == "noticed"
    })
    .await;
    let overdue = async |city: &City| {
        let (_, page) = city.officer(EDITOR, &entry, None).await;
        page["notices"][0]["overdueAt"].as_str().map(str::to_owned)
    };
    city.moves_clock(47 * 3_600).await;
    assert_eq!(overdue(&city).await, None);
    city.moves_clock(3_600).await;
    let marked = city.eventually("the mark", overdue).await;
    // R-SV-4: which is a cause of supervision, once.
    let stale = async |city: &City| {
        let page = city
            .officer("ta-bigdata-manager", "/supervision", None)
            .await
            .1;
        let items = page["items"].as_array().unwrap().clone();
        let found: Vec<_> = items
            .into_iter()
            .filter(|case| case["trigger"] == "stale_knowledge")
            .collect();
        (!found.is_empty()).then_some(found)
    };
    let cases = city.eventually("the case", stale).await;
    assert_eq!(cases.len(), 1, "{cases:?}");
    // Once: another run leaves the instant as it is.
    city.moves_clock(3_600).await;

    // Put right, late: the notice ends, the mark stays, and the new version is found.
    let mut now = question();
    now["body"] = "缴费成功后即时可查。".into();
    does(&city, LIAISON, &revision, &now, 200).await;
    let page = publishes(&city, &entry, 3).await;
    assert_eq!(page["notices"][0]["overdueAt"], marked.as_str());
    assert_eq!(page["notices"][0]["ended"]["version"], 2);
    let found = finally_finds(&city, "医保缴费查询", |found| {
        found[0]["version"] == 2
    })
    .await;
    assert_eq!(
        (text(&found[0]["body"]).as_str(), &found[0]["stale"]),
        ("缴费成功后即时可查。", &Value::Null)
    );
    let (_, page) = city.officer(EDITOR, &entry, None).await;
    assert_eq!(page["versions"].as_array().unwrap().len(), 2);
    let (_, changed) = city
        .officer(EDITOR, &format!("{entry}/difference?from=1&to=2"), None)
        .await;
    let fields = changed["fields"].as_array().unwrap().iter();
    let fields: Vec<_> = fields.map(|field| text(&field["field"])).collect();
    assert_eq!(fields, ["body", "validFrom"]);

    // What is taken down is found no longer.
    let gone = json!({ "reason": "该事项已取消" });
    does(&city, EDITOR, &format!("{entry}/withdrawal"), &gone, 200).await;
    finally_finds(&city, "医保缴费查询", <[Value]>::is_empty).await;
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_kb_4_a_good_answer_becomes_a_draft_in_one_step_with_nobody_in_it() {
    let city = City::start().await;
    let mut asked = appeal();
    asked["text"] = "我叫张例三，电话13877770002，医保缴费三天仍查询不到记录。".into();
    let (number, _) = city.submits("mobile", "knowledge-00001", &asked).await;
    let from = json!({ "fromTicket": number });
    // It is not answered yet.
    does(&city, LIAISON, ENTRIES, &from, 422).await;
    city.acts(DESK, &number, "dispatch", &json!({ "unit": "ta-ylbzj" }))
        .await;
    city.acts(LIAISON, &number, "sign", &json!({})).await;
    let closing = json!({ "record": record(), "answer": answer(), "contact": contact() });
    city.acts(LIAISON, &number, "close", &closing).await;

    // Of another unit's ticket there is nothing to draft from, as of one that is not there.
    for unknown in [number.as_str(), "TA26112428T5CY4TZ"] {
        let from = json!({ "fromTicket": unknown });
        let said = does(&city, OTHER, ENTRIES, &from, 422).await;
        assert!(said.to_string().contains("没有找到这件诉求"), "{said}");
    }
    let draft = does(&city, LIAISON, ENTRIES, &from, 201).await;
    assert_eq!(draft["standing"], "drafting");
    assert_eq!(draft["fromTicket"], number.as_str());
    let said = &draft["draft"]["content"];
    assert_eq!(said["title"], asked["title"]);
    assert!(
        text(&said["body"]).contains("已于当日补记参保缴费记录"),
        "{said}"
    );
    assert!(!draft.to_string().contains("张例三") && !draft.to_string().contains("13877770002"));
    // An answer that rests on an entry says on which version, and whether it was to be relied on.
    let entry = drafts(&city, EDITOR, &question()).await;
    publishes(&city, &entry, 1).await;
    let notice = json!({ "cause": "error_reported", "words": "窗口电话有误" });
    does(&city, DESK, &format!("{entry}/notices"), &notice, 200).await;
    let id = entry.rsplit('/').next().unwrap();
    let (other, code) = city.submits("mobile", "knowledge-00002", &appeal()).await;
    let direct = format!("/tickets/{other}/direct-answer");
    let cites = json!({ "answer": answer(), "knowledge": [id, "K2603020123ABCD"] });
    let said = does(&city, DESK, &direct, &cites, 422).await;
    assert_eq!(said["errors"][0]["pointer"], "/knowledge/1");
    let cites = json!({ "answer": answer(), "knowledge": [id, id] });
    does(&city, DESK, &direct, &cites, 200).await;
    let (_, page) = city.tracks(&other, &code).await;
    let cited = json!([{
        "entry": id, "version": 1, "title": question()["title"], "stale": "noticed",
    }]);
    assert_eq!(page["knowledge"], cited);
    city.eventually("the count", async |city| {
        let (_, page) = city.officer(EDITOR, &entry, None).await;
        (page["settled"] == 1).then_some(())
    })
    .await;

    // What is being written is published by nobody.
    let path = format!("{ENTRIES}/{}/publication", text(&draft["id"]));
    does(&city, REVIEWER, &path, &json!({ "revision": 1 }), 409).await;
    city.stop().await;
}

/// Every other answer that is described.
pub(crate) async fn answers(city: &City) {
    let entry = drafts(city, EDITOR, &question()).await;
    let (publication, rejection) = (format!("{entry}/publication"), format!("{entry}/rejection"));
    let (withdrawal, notices) = (format!("{entry}/withdrawal"), format!("{entry}/notices"));
    let (revision, dismissal) = (
        format!("{entry}/revision"),
        format!("{notices}/1/dismissal"),
    );
    let difference = |entry: &str, to: &str| format!("{entry}/difference?from=1&to={to}");
    let (same, no_such) = (difference(&entry, "1"), difference(&entry, "9"));
    let unknown = difference(UNKNOWN, "1");
    let json = |body: &Value| serde_json::to_vec(body).unwrap();
    let large = json(&json!({ "title": "长".repeat(100_000) }));
    let (broken, empty) = (b"{".to_vec(), vec![]);
    let (good, read) = (json(&question()), json(&json!({ "revision": 1 })));
    let no_title = json(&json!({ "title": " ", "body": "内容" }));
    let sent_back = json(&json!({ "revision": 1, "reason": "请补充" }));
    let reason = json(&json!({ "reason": "该事项已取消" }));
    let no_reason = json(&json!({ "revision": 1, "reason": " " }));
    let only_blank = json(&json!({ "reason": " " }));
    let notice = json(&json!({ "cause": "error_reported", "words": "电话有误" }));
    let no_words = json(&json!({ "cause": "error_reported", "words": " " }));
    let unknown_of = |path: &str| path.replace(&entry, UNKNOWN);
    let (get, post) = (Method::GET, Method::POST);
    let mut all = vec![
        (get.clone(), ENTRIES.to_owned(), Some(EDITOR), &empty, 200),
        (get.clone(), ENTRIES.to_owned(), None, &empty, 401),
        (
            get.clone(),
            format!("{ENTRIES}?unit=ta-rsj"),
            Some(EDITOR),
            &empty,
            403,
        ),
        (
            get.clone(),
            format!("{ENTRIES}?waiting=yes"),
            Some(EDITOR),
            &empty,
            422,
        ),
        (post.clone(), ENTRIES.to_owned(), None, &good, 401),
        (post.clone(), ENTRIES.to_owned(), Some(EDITOR), &broken, 400),
        (post.clone(), ENTRIES.to_owned(), Some(DESK), &good, 403),
        (post.clone(), ENTRIES.to_owned(), Some(EDITOR), &large, 413),
        (
            post.clone(),
            ENTRIES.to_owned(),
            Some(EDITOR),
            &no_title,
            422,
        ),
        (get.clone(), entry.clone(), Some(EDITOR), &empty, 200),
        (get.clone(), entry.clone(), None, &empty, 401),
        (get.clone(), UNKNOWN.to_owned(), Some(EDITOR), &empty, 404),
        (
            post.clone(),
            rejection.clone(),
            Some(REVIEWER),
            &sent_back,
            200,
        ),
        (
            post.clone(),
            rejection.clone(),
            Some(REVIEWER),
            &sent_back,
            409,
        ),
        (
            post.clone(),
            rejection.clone(),
            Some(REVIEWER),
            &no_reason,
            422,
        ),
        (
            post.clone(),
            publication.clone(),
            Some(REVIEWER),
            &read,
            409,
        ),
        (post.clone(), revision.clone(), Some(EDITOR), &good, 200),
        (post.clone(), revision.clone(), Some(EDITOR), &no_title, 422),
        (
            post.clone(),
            dismissal.clone(),
            Some(REVIEWER),
            &only_blank,
            422,
        ),
    ];
    let two = json(&json!({ "revision": 2 }));
    all.extend([
        (post.clone(), publication.clone(), Some(EDITOR), &two, 403),
        (post.clone(), publication.clone(), Some(REVIEWER), &two, 200),
        (get.clone(), same.clone(), Some(EDITOR), &empty, 200),
        (get.clone(), same.clone(), None, &empty, 401),
        (get.clone(), no_such, Some(EDITOR), &empty, 422),
        (get, unknown, Some(EDITOR), &empty, 404),
        (post.clone(), notices.clone(), Some(DESK), &notice, 200),
        (post.clone(), notices.clone(), Some(DESK), &no_words, 422),
        (
            post.clone(),
            notices.clone(),
            Some("ta-bigdata-auditor"),
            &notice,
            403,
        ),
        (post.clone(), dismissal.clone(), Some(DESK), &reason, 403),
        (
            post.clone(),
            dismissal.clone(),
            Some(REVIEWER),
            &reason,
            200,
        ),
        (
            post.clone(),
            dismissal.clone(),
            Some(REVIEWER),
            &reason,
            409,
        ),
        (post.clone(), rejection.clone(), Some(DESK), &sent_back, 403),
        (post.clone(), revision.clone(), Some(DESK), &good, 403),
        (post.clone(), withdrawal.clone(), Some(OTHER), &reason, 403),
        (
            post.clone(),
            withdrawal.clone(),
            Some(EDITOR),
            &only_blank,
            422,
        ),
        (post.clone(), withdrawal.clone(), Some(EDITOR), &reason, 200),
        (post.clone(), withdrawal.clone(), Some(EDITOR), &reason, 409),
    ]);
    // An entry takes ten open notices.
    let is_gone = |path: &str, status| path == withdrawal && status == 200;
    let gone = all.iter().position(|row| is_gone(&row.1, row.4)).unwrap();
    let more = [[200; 10].as_slice(), &[409]].concat().into_iter();
    let more = more.map(|status| (post.clone(), notices.clone(), Some(DESK), &notice, status));
    all.splice(gone..gone, more);
    for path in [
        &publication,
        &rejection,
        &withdrawal,
        &notices,
        &revision,
        &dismissal,
    ] {
        all.extend([
            (post.clone(), path.clone(), None, &reason, 401),
            (post.clone(), path.clone(), Some(REVIEWER), &broken, 400),
            (post.clone(), path.clone(), Some(REVIEWER), &large, 413),
        ]);
        let body = match path {
            _ if path == &publication => &read,
            _ if path == &rejection => &sent_back,
            _ if path == &notices => &notice,
            _ if path == &revision => &good,
            _ => &reason,
        };
        all.push((post.clone(), unknown_of(path), Some(REVIEWER), body, 404));
    }
    for (method, path, officer, body, status) in all {
        let token = match officer {
            Some(officer) => city.cloud.demo.sign_in(officer).await.unwrap(),
            None => "Bearer nonsense".to_owned(),
        };
        let headers = [("authorization", token.as_str())];
        is_answered(city, (method, &path), &headers, body.clone(), status).await;
    }
    let asked = json(&json!({ "text": "医保" }));
    let blank = json(&json!({ "text": " ", "limit": 11 }));
    for (body, status) in [(asked, 200), (broken, 400), (large, 413), (blank, 422)] {
        let path = "/knowledge-searches";
        is_answered(city, (Method::POST, path), &[], body, status).await;
    }
}
