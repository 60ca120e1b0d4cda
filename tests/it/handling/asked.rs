//! What units ask for and what is decided on it (Art. 6(6), 10(3), 12).

use serde_json::{Value, json};

use super::{DESK, HELPER, LIAISON, MANAGER, clock, closing};
use crate::city::{City, appeal};

#[tokio::test(flavor = "multi_thread")]
async fn article_10_3_the_lead_waits_for_its_co_handlers() {
    let city = City::start().await;
    let (number, _) = city.submits("mobile", "lead-00001", &appeal()).await;
    let twice = json!({ "unit": "ta-ylbzj", "coHandlers": ["ta-rsj", "ta-ylbzj", "ta-rsj"] });
    let refused = city.refused(DESK, &number, "dispatch", &twice).await;
    assert_eq!(refused.pointers, ["/coHandlers/1", "/coHandlers/2"]);
    let dispatch = json!({ "unit": "ta-ylbzj", "coHandlers": ["ta-rsj", "ta-swj"] });
    city.acts(DESK, &number, "dispatch", &dispatch).await;
    city.lists(HELPER, "co_sign", &number).await;
    let page = city.page(HELPER, &number).await;
    let opinions = page["clocks"].as_array().unwrap().iter();
    let opinions: Vec<_> = opinions
        .filter(|clock| clock["clock"] == "opinion")
        .collect();
    assert_eq!(opinions.len(), 2, "each co-handler has a clock of its own");
    city.acts(LIAISON, &number, "sign", &json!({})).await;
    let refused = city.refused(LIAISON, &number, "close", &closing()).await;
    assert!(
        refused
            .said
            .contains("泰安市人力资源和社会保障局尚未出具协办意见"),
        "{}",
        refused.said
    );
    assert!(
        refused.said.contains("泰安市税务局尚未出具协办意见"),
        "{}",
        refused.said
    );
    let opinion = json!({ "opinion": "参保数据核对无误，单位已足额缴纳。" });
    let refused = city.refused(HELPER, &number, "opinion", &opinion).await;
    assert!(refused.said.contains("请先签收"), "{}", refused.said);
    city.acts(HELPER, &number, "co-signature", &json!({})).await;
    city.lists(HELPER, "give_opinion", &number).await;
    city.acts(HELPER, &number, "opinion", &opinion).await;
    city.lists_no_more(HELPER, "give_opinion", &number).await;
    // The lead cannot release; who dispatched can, for a reason.
    let release = json!({ "unit": "ta-swj", "reason": "经核实与税务无关" });
    let refused = city
        .refused(LIAISON, &number, "co-handler-release", &release)
        .await;
    assert_eq!(refused.status, 403);
    city.acts(DESK, &number, "co-handler-release", &release)
        .await;
    let page = city.page(LIAISON, &number).await;
    assert_eq!(
        page["coHandlers"][0]["opinion"],
        "参保数据核对无误，单位已足额缴纳。"
    );
    city.acts(LIAISON, &number, "close", &closing()).await;
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn article_12_returns_are_decided_and_the_third_brings_the_units_together() {
    let city = City::start().await;
    let (number, _) = city.submits("mobile", "return-0001", &appeal()).await;
    city.acts(DESK, &number, "dispatch", &json!({ "unit": "ta-ylbzj" }))
        .await;
    let total = clock(&city.page(DESK, &number).await, "total")["startedAt"].clone();
    let ask = json!({ "reason": "other_duty", "ground": "“三定”规定。", "suggested": "ta-rsj", "explanation": "属养老保险" });
    let mut bare = ask.clone();
    bare["ground"] = "".into();
    bare["suggested"] = "ta-ylbzj".into();
    let refused = city.refused(LIAISON, &number, "return", &bare).await;
    assert_eq!(
        (refused.article.as_str(), refused.pointers),
        (
            "第十二条",
            vec!["/ground".to_owned(), "/suggested".to_owned()]
        )
    );
    city.acts(LIAISON, &number, "return", &ask).await;
    city.lists(DESK, "decide_return", &number).await;
    let page = city.page(DESK, &number).await;
    let note = page["timeline"].as_array().unwrap().last().unwrap()["note"].clone();
    let note = note.as_str().unwrap();
    assert!(note.ends_with("“三定”规定；属养老保险"), "{note}");
    let refused = city
        .refused(DESK, &number, "return-refusal", &json!({}))
        .await;
    assert_eq!(refused.pointers, ["/reason"]);
    city.acts(
        DESK,
        &number,
        "return-refusal",
        &json!({ "reason": "职责清单已明确" }),
    )
    .await;
    let refused = city.refused(LIAISON, &number, "return", &ask).await;
    assert!(refused.said.contains("不得再次退回"), "{}", refused.said);

    // Three units give another one back; the third freezes dispatch.
    let (number, _) = city.submits("mobile", "return-0002", &appeal()).await;
    for (unit, suggested) in [
        ("ta-ylbzj", "ta-rsj"),
        ("ta-rsj", "ta-gjj"),
        ("ta-gjj", "ta-ylbzj"),
    ] {
        city.acts(DESK, &number, "dispatch", &json!({ "unit": unit }))
            .await;
        let mut ask = ask.clone();
        ask["suggested"] = suggested.into();
        city.acts(&format!("{unit}-liaison"), &number, "return", &ask)
            .await;
        city.acts(DESK, &number, "return-acceptance", &json!({}))
            .await;
    }
    let page = city.page(DESK, &number).await;
    assert_eq!(
        (&page["state"], &page["responsibleUnit"]),
        (&json!("joint"), &json!("ta-bigdata"))
    );
    assert_eq!(page["joint"]["members"].as_array().unwrap().len(), 3);
    assert_eq!(clock(&page, "total")["state"], "running");
    assert_ne!(total, Value::Null);
    let refused = city
        .refused(DESK, &number, "dispatch", &json!({ "unit": "ta-ylbzj" }))
        .await;
    assert_eq!(
        (refused.status, refused.code.as_str()),
        (409, "not-open-now")
    );
    city.lists("ta-gjj-liaison", "take_part", &number).await;

    // Art. 6(6): they meet, raise it, conclude; what was concluded cannot be given back.
    let conclusion =
        json!({ "unit": "ta-rsj", "coHandlers": ["ta-ylbzj"], "conclusion": "由人社部门牵头" });
    let refused = city
        .refused(DESK, &number, "joint-conclusion", &conclusion)
        .await;
    assert!(refused.said.contains("会商"), "{}", refused.said);
    let met = chrono::DateTime::parse_from_rfc3339(page["receivedAt"].as_str().unwrap()).unwrap();
    let met = met.with_timezone(&chrono::FixedOffset::east_opt(8 * 3600).unwrap());
    let minutes =
        json!({ "metOn": met.date_naive().to_string(), "minutes": "三方到会，明确牵头单位。" });
    city.acts(DESK, &number, "meetings", &minutes).await;
    city.acts(
        MANAGER,
        &number,
        "special-study",
        &json!({ "reason": "涉及政策衔接" }),
    )
    .await;
    city.acts(DESK, &number, "joint-conclusion", &conclusion)
        .await;
    let refused = city
        .refused(HELPER, &number, "return", &ask_of("ta-gjj"))
        .await;
    assert!(refused.said.contains("不得再退回"), "{}", refused.said);
    city.stop().await;
}

fn ask_of(suggested: &str) -> Value {
    json!({ "reason": "other_duty", "ground": "“三定”规定", "suggested": suggested })
}

#[tokio::test(flavor = "multi_thread")]
async fn article_12_extension_and_deferral_are_asked_approved_and_verified() {
    let city = City::start().await;
    let (number, code) = city.handled("extend-0001").await;
    let form = city.page(LIAISON, &number).await["extensionForm"].clone();
    assert_eq!(
        (&form["mostDays"], form["choices"].as_array().unwrap().len()),
        (&json!(3), 3)
    );
    let refused = city
        .refused(LIAISON, &number, "extension", &json!({ "days": 4 }))
        .await;
    assert_eq!(
        (refused.article.as_str(), refused.pointers),
        ("第十二条", vec!["/days".to_owned(), "/reason".to_owned()])
    );
    let ask = json!({ "days": 3, "reason": "须调取三年数据" });
    city.acts(LIAISON, &number, "extension", &ask).await;
    let refused = city.refused(LIAISON, &number, "close", &closing()).await;
    assert!(
        refused.said.contains("延期申请正在审批"),
        "{}",
        refused.said
    );
    let refused = city
        .refused(LIAISON, &number, "extension-approval", &json!({}))
        .await;
    assert_eq!(refused.status, 403, "who asks cannot approve");
    city.acts(DESK, &number, "extension-approval", &json!({}))
        .await;
    let page = city.page(LIAISON, &number).await;
    assert_eq!(
        clock(&page, "handle")["dueAt"],
        form["choices"][2]["dueAt"],
        "as the form showed"
    );
    let (_, tracked) = city.tracks(&number, &code).await;
    // The limit is that of Art. 12, whatever started it.
    assert_eq!(tracked["receipts"][0]["article"], "第十二条");
    let days = tracked["receipts"][0]["days"].as_array().unwrap();
    let counted: Vec<_> = days.iter().filter(|day| day["counts"] == true).collect();
    assert_eq!(counted.len(), 4);
    assert_eq!(counted[3]["text"], "第4个工作日（延期）");
    let refused = city.refused(LIAISON, &number, "extension", &ask).await;
    assert!(refused.said.contains("不得再次延期"), "{}", refused.said);

    // What takes longer is a deferred rectification, with measures, date and person.
    let start = chrono::DateTime::parse_from_rfc3339(page["receivedAt"].as_str().unwrap()).unwrap();
    let until = (start + chrono::TimeDelta::days(40))
        .date_naive()
        .to_string();
    let refused = city
        .refused(LIAISON, &number, "deferral", &json!({ "until": until }))
        .await;
    assert_eq!(refused.pointers, ["/measures", "/responsible", "/reason"]);
    let plan = json!({ "measures": "改造对账接口", "responsible": "信息科科长", "reason": "须走招标程序", "until": until });
    city.acts(LIAISON, &number, "deferral", &plan).await;
    city.lists(DESK, "decide_deferral", &number).await;
    city.acts(DESK, &number, "deferral-approval", &json!({}))
        .await;
    let page = city.page(LIAISON, &number).await;
    assert_eq!(
        (&page["state"], &page["deferredUntil"]),
        (&json!("rectifying"), &json!(until))
    );
    city.acts(LIAISON, &number, "close", &closing()).await;
    city.lists(DESK, "verify", &number).await;
    let reason = json!({ "reason": "接口仍未上线" });
    city.acts(DESK, &number, "rectification-rejection", &reason)
        .await;
    let (_, page) = city.tracks(&number, &code).await;
    assert_eq!(page["state"], "handling");
    city.acts(LIAISON, &number, "deferral", &plan).await;
    city.acts(DESK, &number, "deferral-approval", &json!({}))
        .await;
    city.acts(LIAISON, &number, "close", &closing()).await;
    city.acts(
        DESK,
        &number,
        "rectification-verification",
        &json!({ "reason": "现场核实" }),
    )
    .await;
    city.lists_no_more(DESK, "verify", &number).await;
    city.stop().await;
}
