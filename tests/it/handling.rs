//! Every rule of handling as people live it, an article at a time (Art. 7, 8, 10 to 13).

mod after;
mod asked;

use serde_json::{Value, json};

use crate::city::{City, answer, appeal, contact, record};

const DESK: &str = "ta-bigdata-triage";
const MANAGER: &str = "ta-bigdata-manager";
const LIAISON: &str = "ta-ylbzj-liaison";
const HELPER: &str = "ta-rsj-liaison";
const COUNTY: &str = "taishan-bigdata-manager";

fn closing() -> Value {
    json!({ "record": record(), "answer": answer(), "contact": contact() })
}

impl City {
    /// The ticket page as an officer sees it.
    async fn page(&self, officer: &str, number: &str) -> Value {
        let (status, page) = self
            .officer(officer, &format!("/tickets/{number}"), None)
            .await;
        assert_eq!(status, 200, "{page}");
        page
    }

    /// An officer tries something that is refused: status, code, article and what is missing.
    async fn refused(&self, officer: &str, number: &str, step: &str, body: &Value) -> Refused {
        let path = format!("/tickets/{number}/{step}");
        let (status, problem) = self.officer(officer, &path, Some(body)).await;
        assert!(status >= 400, "{step}: {problem}");
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        Refused {
            status,
            code: problem["code"].as_str().unwrap().to_owned(),
            article: problem["article"].as_str().unwrap_or_default().to_owned(),
            pointers: errors
                .iter()
                .map(|error| error["pointer"].as_str().unwrap().to_owned())
                .collect(),
            said: problem.to_string(),
        }
    }

    /// Waits until a ticket is on a work list under a task.
    async fn lists(&self, officer: &str, task: &str, number: &str) {
        let path = format!("/worklist?task={task}");
        self.eventually(&format!("{number} as {task}"), async |city| {
            let list = city.officer(officer, &path, None).await.1;
            let items = list["items"].as_array().unwrap().clone();
            let found = items.iter().any(|item| item["number"] == number);
            found.then_some(())
        })
        .await;
    }

    /// Waits until a ticket is not on a work list any more.
    async fn lists_no_more(&self, officer: &str, task: &str, number: &str) {
        let path = format!("/worklist?task={task}");
        self.eventually(&format!("{number} no more as {task}"), async |city| {
            let list = city.officer(officer, &path, None).await.1;
            let items = list["items"].as_array().unwrap().clone();
            let found = items.iter().any(|item| item["number"] == number);
            (!found).then_some(())
        })
        .await;
    }

    /// An appeal, dispatched and signed for.
    async fn handled(&self, key: &str) -> (String, String) {
        let (number, code) = self.submits("mobile", key, &appeal()).await;
        let unit = json!({ "unit": "ta-ylbzj" });
        self.acts(DESK, &number, "dispatch", &unit).await;
        self.acts(LIAISON, &number, "sign", &json!({})).await;
        (number, code)
    }
}

struct Refused {
    status: u16,
    code: String,
    article: String,
    pointers: Vec<String>,
    said: String,
}

fn clock<'a>(page: &'a Value, code: &str) -> &'a Value {
    let clocks = page["clocks"].as_array().unwrap();
    let mut clocks = clocks.iter().filter(|clock| clock["clock"] == code);
    clocks
        .next()
        .unwrap_or_else(|| panic!("no clock {code} in {page}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn article_7_a_county_dispatches_on_or_handles_itself_within_its_own_working_day() {
    let city = City::start().await;
    let (number, code) = city.submits("mobile", "county-0001", &appeal()).await;
    let refused = city
        .refused(DESK, &number, "transfer", &json!({ "unit": "ta-rsj" }))
        .await;
    assert_eq!(
        (refused.status, refused.article.as_str()),
        (422, "第十条（二）")
    );
    let transfer = json!({ "unit": "taishan-bigdata", "note": "请属地办理" });
    city.acts(DESK, &number, "transfer", &transfer).await;
    city.lists(COUNTY, "distribute", &number).await;
    let page = city.page(COUNTY, &number).await;
    assert_eq!(page["county"], "taishan-bigdata");
    let county_clock = clock(&page, "county");
    assert_eq!(
        (&county_clock["article"], &county_clock["state"]),
        (&json!("第七条（一）"), &json!("running"))
    );

    // Only within its own area, and only its own manager.
    let away = json!({ "unit": "daiyue-rsj" });
    let refused = city.refused(COUNTY, &number, "dispatch", &away).await;
    assert!(refused.said.contains("本辖区"), "{}", refused.said);
    let other = city
        .refused("daiyue-bigdata-manager", &number, "take-on", &json!({}))
        .await;
    assert_eq!(other.status, 404);
    city.acts(
        COUNTY,
        &number,
        "dispatch",
        &json!({ "unit": "taishan-rsj" }),
    )
    .await;
    let page = city.page(COUNTY, &number).await;
    assert_eq!(clock(&page, "county")["state"], "stopped");
    assert_eq!(clock(&page, "handle")["state"], "running");
    // What the unit asks is the county's to decide.
    city.acts("taishan-rsj-liaison", &number, "sign", &json!({}))
        .await;
    let extension = json!({ "days": 1, "reason": "须调取档案" });
    city.acts("taishan-rsj-liaison", &number, "extension", &extension)
        .await;
    let refused = city
        .refused(DESK, &number, "extension-approval", &json!({}))
        .await;
    assert_eq!(
        (refused.status, refused.code.as_str()),
        (403, "not-your-unit")
    );
    city.lists(COUNTY, "decide_extension", &number).await;
    city.acts(COUNTY, &number, "extension-approval", &json!({}))
        .await;
    city.lists_no_more(COUNTY, "decide_extension", &number)
        .await;
    city.acts("taishan-rsj-liaison", &number, "close", &closing())
        .await;
    let (_, page) = city.tracks(&number, &code).await;
    assert_eq!(page["responsibleUnit"], "泰山区人力资源和社会保障局");

    let (number, _) = city.submits("mobile", "county-0002", &appeal()).await;
    city.acts(DESK, &number, "transfer", &transfer).await;
    city.acts(COUNTY, &number, "take-on", &json!({})).await;
    city.acts(COUNTY, &number, "close", &closing()).await;
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn article_8_3_and_13_3_supplements_are_asked_for_once_and_answered_item_by_item() {
    let city = City::start().await;
    let (number, code) = city.handled("supplement-1").await;
    let empty = json!({ "items": [{ "what": "银行回单", "how": "拍照上传" }] });
    let refused = city.refused(LIAISON, &number, "supplement", &empty).await;
    assert_eq!(
        (refused.article.as_str(), refused.pointers),
        ("第八条（三）", vec!["/items/0/why".to_owned()])
    );
    let list = json!({ "items": [
        { "what": "银行扣款回单", "why": "核对入账时间", "how": "拍照上传" },
        { "what": "参保身份说明", "why": "确认缴费档次", "how": "文字说明" },
    ] });
    city.acts(LIAISON, &number, "supplement", &list).await;
    let page = city.page(LIAISON, &number).await;
    assert_eq!(
        (&page["state"], &clock(&page, "handle")["state"]),
        (&json!("awaiting_supplement"), &json!("paused"))
    );
    // The gate names what is open, together with everything else.
    let refused = city.refused(LIAISON, &number, "close", &json!({})).await;
    assert!(refused.said.contains("第1项、第2项"), "{}", refused.said);
    assert_eq!(refused.pointers.len(), 11, "{}", refused.said);

    // By number and query code, without signing in; the day of the answer is not told while it moves.
    let (_, page) = city.tracks(&number, &code).await;
    assert_eq!(page.get("dueAt"), None);
    let waits = |receipt: &&serde_json::Value| receipt["clock"] == "supplement";
    let receipts = page["receipts"].as_array().unwrap();
    assert_eq!(receipts.iter().find(waits).unwrap()["state"], "running");
    assert_eq!(
        (
            &page["canSupplement"],
            &page["supplement"]["items"][1]["what"]
        ),
        (&json!(true), &json!("参保身份说明"))
    );
    let grant = json!({ "contentType": "image/jpeg", "sizeBytes": 3084, "sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" });
    let (status, granted) = city.asks(&number, "uploads", &code, &grant).await;
    assert_eq!(status, 201, "{granted}");
    let (_, again) = city.asks(&number, "uploads", &code, &grant).await;
    assert_eq!(
        granted["uploadId"], again["uploadId"],
        "the same file is the same upload"
    );
    let first = json!({ "items": [1], "attachments": [granted["uploadId"]] });
    let (status, said) = city.asks(&number, "supplement", &code, &first).await;
    assert_eq!(
        (status, &said["state"]),
        (200, &json!("awaiting_supplement"))
    );
    let (status, said) = city
        .asks(&number, "supplement", &code, &json!({ "items": [1, 3] }))
        .await;
    assert_eq!(status, 422, "{said}");
    let (status, said) = city
        .asks(
            &number,
            "supplement",
            &code,
            &json!({ "items": [2], "text": "按成年居民档次缴费" }),
        )
        .await;
    assert_eq!((status, &said["state"]), (200, &json!("handling")));
    let page = city.page(LIAISON, &number).await;
    assert_eq!(clock(&page, "handle")["state"], "running");
    assert_eq!(
        page["supplement"]["answers"][1]["text"],
        "按成年居民档次缴费"
    );
    assert_eq!(page["attachments"][0]["id"], granted["uploadId"]);

    // Not asked for again.
    let refused = city.refused(LIAISON, &number, "supplement", &list).await;
    assert!(refused.said.contains("不得再次索要"), "{}", refused.said);

    // What is not answered lapses after the rulebook's days, and handling goes on.
    let (number, code) = city.handled("supplement-2").await;
    city.acts(LIAISON, &number, "supplement", &list).await;
    city.moves_clock(16 * 24 * 3600).await;
    city.eventually("the lapse", async |city| {
        let page = city.page(LIAISON, &number).await;
        (page["state"] == "handling").then_some(())
    })
    .await;
    let (_, page) = city.tracks(&number, &code).await;
    assert!(page["timeline"].to_string().contains("按现有材料继续办理"));
    city.stop().await;
}
