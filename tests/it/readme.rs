//! The commands of the README do what it says when they are pasted.

use std::process::Stdio;

use serde_json::{Value, json};
use suqiu::state::Ports;
use tokio::process::Command;

use crate::city::{City, root};

/// The shell block of a page that submits an appeal.
fn life(page: &str) -> String {
    let page = std::fs::read_to_string(root().join(page)).unwrap();
    let mut blocks = page.split("```sh\n").skip(1);
    let block = blocks.find(|block| block.contains("/appeals")).unwrap();
    block.split("```").next().unwrap().to_owned()
}

/// The commands of a block, without its comments.
fn commands(block: &str) -> Vec<&str> {
    let lines = block.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

#[test]
fn both_readmes_have_the_same_commands() {
    let (english, chinese) = (life("README.md"), life("README.zh-CN.md"));
    assert_eq!(commands(&english), commands(&chinese));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_life_by_curl_runs_as_pasted() {
    let city = City::start().await;
    let mut script = life("README.md").replace(".state/", &format!("{}/", city.state().display()));
    for (written, port) in [
        (3000, city.ports.public),
        (3001, city.ports.console),
        (3002, city.ports.web),
    ] {
        script = script.replace(&format!("http://127.0.0.1:{written}"), &Ports::url(port));
    }
    let bash = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &script])
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(bash.stdout).unwrap();
    let errors = String::from_utf8_lossy(&bash.stderr);
    assert!(bash.status.success(), "{errors}\n{said}");
    // Receipt, ticket page, four acts, the appellant's page, the rating; then the outbox's tail.
    let answers: Vec<Value> = said
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(Value::is_object)
        .collect();
    let states: Vec<_> = answers.iter().map(|answer| &answer["state"]).collect();
    let expected = [
        "received",
        "received",
        "dispatched",
        "handling",
        "handling",
        "closed",
        "closed",
        "closed",
    ];
    assert_eq!(json!(states), json!(expected), "{errors}\n{said}");
    assert_eq!(
        answers[6]["answer"]["advice"],
        "请留意到账短信，如有问题可到窗口办理。"
    );
    city.stop().await;
}
