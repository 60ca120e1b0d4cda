//! Appellants who signed in (R-AC-2, R-IN-7): their identity token opens the appeals that came in under
//! their account, without a query code, and nobody else's.

use serde_json::{Value, json};
use suqiu::state::Ports;

use crate::city::{City, appeal};

/// What a bearer gets of an appeal.
async fn asks(city: &City, token: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
    let url = format!("{}/appeals/{path}", Ports::url(city.ports.public));
    let (headers, client) = ([("authorization", token)], &city.cloud.demo.client);
    let answer = match body {
        Some(body) => client.post_json(&url, &headers, body).await.unwrap(),
        None => client.get(&url, &headers).await.unwrap(),
    };
    (answer.status.as_u16(), answer.json().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ac_2_who_signed_in_reaches_the_appeals_of_their_account_and_no_other() {
    let city = City::start().await;
    let mut of_account = appeal();
    of_account["appellant"]["account"] = "citizen-7".into();
    let (mine, _) = city
        .submits("mobile", "account-life-0001", &of_account)
        .await;
    // The same name and telephone, by another channel and without an account.
    let (other, _) = city.submits("pc", "account-life-0002", &appeal()).await;

    let demo = &city.cloud.demo;
    let me = demo.sign_in_appellant("citizen-7").await.unwrap();
    let stranger = demo.sign_in_appellant("citizen-8").await.unwrap();
    let officer = demo.sign_in("ta-bigdata-triage").await.unwrap();
    let (status, page) = asks(&city, &me, &mine, None).await;
    assert_eq!((status, &page["number"]), (200, &json!(mine)), "{page}");
    assert_eq!(
        asks(&city, &me, &format!("{mine}/record"), None).await.0,
        200
    );

    // Another's, an unknown number and a number without an account have one answer; a token for
    // officers is none.
    let unknown = "TA260302K7QM3XPAH";
    let answers = [(&stranger, mine.as_str()), (&me, &other), (&me, unknown)];
    let mut said = Vec::new();
    for (token, number) in answers {
        let (status, mut page) = asks(&city, token, number, None).await;
        assert_eq!(status, 404, "{page}");
        page["traceId"] = Value::Null;
        said.push(page);
    }
    assert!(said.windows(2).all(|pair| pair[0] == pair[1]), "{said:?}");
    for token in [officer.as_str(), "Bearer none"] {
        assert_eq!(asks(&city, token, &mine, None).await.0, 401);
    }
    // And theirs is none for officers.
    let page = demo
        .console(&me, &format!("/tickets/{mine}"), None)
        .await
        .unwrap();
    assert_eq!(page.status.as_u16(), 401);

    let taken_back = format!("{mine}/withdrawal");
    let (status, page) = asks(&city, &me, &taken_back, Some(&json!({}))).await;
    assert_eq!(status, 200, "{page}");
    // Guessing at numbers with a good token is limited too.
    for _ in 0..5 {
        asks(&city, &stranger, &other, None).await;
    }
    assert_eq!(asks(&city, &stranger, &other, None).await.0, 429);
    city.stop().await;
}
