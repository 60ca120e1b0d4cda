//! Closing, what is not handled here, and what comes after (Art. 8(4), 11, 13, 14).

use serde_json::json;

use super::{DESK, LIAISON, MANAGER, clock, closing};
use crate::city::{City, answer, appeal};

#[tokio::test(flavor = "multi_thread")]
async fn article_8_4_and_13_closing_is_complete_and_what_cannot_be_solved_says_so() {
    let city = City::start().await;
    let (number, code) = city.handled("closing-0001").await;
    let mut cannot = closing();
    cannot["outcome"] = "cannot_solve_now".into();
    let refused = city.refused(LIAISON, &number, "close", &cannot).await;
    assert_eq!(
        (refused.article.as_str(), refused.pointers),
        ("第八条（四）", vec!["/interim".to_owned()])
    );
    let soon = chrono::DateTime::parse_from_rfc3339(
        city.page(LIAISON, &number).await["receivedAt"]
            .as_str()
            .unwrap(),
    );
    let review = (soon.unwrap() + chrono::TimeDelta::days(20))
        .date_naive()
        .to_string();
    cannot["interim"] =
        json!({ "reason": "须上级部门开放接口", "plan": "每周人工核对并告知", "reviewOn": review });
    city.acts(LIAISON, &number, "close", &cannot).await;
    let (_, page) = city.tracks(&number, &code).await;
    assert_eq!(page["interim"]["plan"], "每周人工核对并告知");
    // It stands on the register of the unit and of whoever dispatched, with its review date.
    city.lists(LIAISON, "review", &number).await;
    city.lists(DESK, "review", &number).await;
    let finding = json!({ "finding": "接口已开放，问题解决" });
    city.acts(LIAISON, &number, "review", &finding).await;
    city.lists_no_more(LIAISON, "review", &number).await;
    let refused = city.refused(LIAISON, &number, "review", &finding).await;
    assert_eq!(refused.article, "第十三条（六）");
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn article_11_what_is_not_handled_here_is_explained_quoted_or_guided() {
    let city = City::start().await;
    // (2) Unlawful or secret: explained, locked to the few.
    let (number, code) = city.submits("mobile", "eleven-0002", &appeal()).await;
    let lock = json!({ "ground": "business_secret", "explanation": "所附合同涉及商业秘密，请勿公开传播。" });
    city.acts(DESK, &number, "explanation", &lock).await;
    let (seen, hidden) = (
        city.page(MANAGER, &number).await,
        city.page(DESK, &number).await,
    );
    assert_eq!(
        (&seen["locked"], &hidden["locked"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(hidden["text"], "");
    assert_ne!(seen["text"], "");
    let (_, page) = city.tracks(&number, &code).await;
    assert!(page["guidance"].as_str().unwrap().contains("商业秘密"));

    // (3) A repeat with nothing new: progress while the first is open, its result once it is closed.
    let (first, _) = city.handled("eleven-0003a").await;
    let (repeat, code) = city.submits("mobile", "eleven-0003b", &appeal()).await;
    let refused = city
        .refused(DESK, &repeat, "repeat", &json!({ "earlier": repeat }))
        .await;
    assert_eq!(refused.article, "第十一条（三）");
    city.acts(DESK, &repeat, "repeat", &json!({ "earlier": first }))
        .await;
    let (_, page) = city.tracks(&repeat, &code).await;
    assert_eq!(
        (&page["earlier"]["number"], &page["earlier"]["stateName"]),
        (&json!(first), &json!("办理中"))
    );
    city.acts(LIAISON, &first, "close", &closing()).await;
    let (again, code) = city.submits("mobile", "eleven-0003c", &appeal()).await;
    city.acts(DESK, &again, "repeat", &json!({ "earlier": first }))
        .await;
    let (_, page) = city.tracks(&again, &code).await;
    assert_eq!(page["answer"], answer());

    // (4) Outside the city.
    let (number, code) = city.submits("mobile", "eleven-0004", &appeal()).await;
    let refused = city.refused(DESK, &number, "referral", &json!({})).await;
    assert_eq!(
        (refused.article.as_str(), refused.pointers),
        ("第十一条（四）", vec!["/guidance".to_owned()])
    );
    city.acts(
        DESK,
        &number,
        "referral",
        &json!({ "guidance": "请向济南市医疗保障局反映。" }),
    )
    .await;
    let (_, page) = city.tracks(&number, &code).await;
    assert!(page["guidance"].as_str().unwrap().contains("济南市"));
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn article_14_and_r_cb_4_a_verified_dissatisfaction_reopens_the_ticket() {
    let city = City::start().await;
    let (number, code) = city.handled("reopen-0001").await;
    city.acts(LIAISON, &number, "close", &closing()).await;
    let reason = json!({ "reason": "经回访核实，补录未成功" });
    let refused = city.refused(DESK, &number, "reopening", &reason).await;
    assert_eq!(refused.article, "第十四条");
    city.rates(&number, &code, &json!({ "level": 1, "solved": false }))
        .await;
    city.acts(DESK, &number, "reopening", &reason).await;
    let page = city.page(DESK, &number).await;
    assert_eq!(
        (&page["state"], &clock(&page, "total")["state"]),
        (&json!("received"), &json!("running"))
    );
    city.acts(DESK, &number, "dispatch", &json!({ "unit": "ta-ylbzj" }))
        .await;
    city.acts(LIAISON, &number, "sign", &json!({})).await;
    city.acts(LIAISON, &number, "close", &closing()).await;
    let (status, _) = city
        .rates(&number, &code, &json!({ "level": 5, "solved": true }))
        .await;
    assert_eq!(status, 200, "each closing is rated by itself");
    city.stop().await;
}
