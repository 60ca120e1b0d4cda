//! What the front doors do before any function: the template's limits hold on the laptop too.

use http::StatusCode;
use serde_json::{Value, json};
use suqiu::client::Answer;
use suqiu::state::Ports;

use crate::city::{City, free_ports};

/// Answers to `count` requests at once to a path that no function serves.
async fn knocks(city: &City, port: u16, count: usize) -> Vec<Answer> {
    let url = format!("{}/nothing-here", Ports::url(port));
    let client = &city.cloud.demo.client;
    let mut knocks = tokio::task::JoinSet::new();
    for _ in 0..count {
        let (client, url) = (client.clone(), url.clone());
        knocks.spawn(async move { client.get(&url, &[]).await.unwrap() });
    }
    knocks.join_all().await
}

fn refused(answers: &[Answer]) -> Vec<&Answer> {
    let is_refused = |answer: &&Answer| answer.status == StatusCode::TOO_MANY_REQUESTS;
    answers.iter().filter(is_refused).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r_ops_1_the_doors_let_through_what_the_template_says() {
    let city = City::start_with(free_ports(), |settings| {
        let limit = ("PublicRequestsPerSecond".to_owned(), "3".to_owned());
        settings.parameters.extend([limit]);
    })
    .await;
    let answers = knocks(&city, city.ports.public, 12).await;
    let over = refused(&answers);
    // A slow machine earns a token or two while the burst runs.
    assert!((6..=9).contains(&over.len()), "{} refused", over.len());
    for answer in over {
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert_eq!(answer.headers["retry-after"], "1");
        let problem: Value = answer.json().unwrap();
        assert_eq!(problem["code"], json!("too-many-requests"), "{problem}");
        assert_eq!(problem["status"], json!(429));
    }
    let others = answers.iter().filter(|answer| answer.status == 404).count();
    assert_eq!(others + refused(&answers).len(), 12, "nothing else happens");
    // The other door has a limit of its own, which nobody changed.
    let answers = knocks(&city, city.ports.console, 12).await;
    assert_eq!(refused(&answers).len(), 0);
    city.stop().await;
}
