//! The function's start, as the runtime sees it: an endpoint that must not be called ends it.

use std::process::Command;

/// Starts the function without keys and gives what it says on ending.
fn last_words(stage: &str, endpoint: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_notify"))
        .env_clear()
        .envs([("STAGE", stage), ("NOTIFY_ENDPOINT", endpoint)])
        .envs([
            ("AWS_REGION", "cn-north-1"),
            ("AWS_ACCESS_KEY_ID", "none"),
            ("AWS_SECRET_ACCESS_KEY", "none"),
        ])
        .output()
        .unwrap();
    assert!(!output.status.success(), "{stage} {endpoint}");
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

fn check(stage: &str, endpoint: &str, culprit: &str) {
    let words = last_words(stage, endpoint);
    assert!(words.contains(culprit), "{stage} {endpoint}: {words}");
    let other = if culprit == "KEYS" {
        "NOTIFY_ENDPOINT"
    } else {
        "KEYS"
    };
    assert!(!words.contains(other), "{stage} {endpoint}: {words}");
}

#[test]
fn r_hd_12_an_inside_gateway_ends_the_function_in_production() {
    for endpoint in [
        "http://messages.example.cn/suqiu",
        "https://localhost/outbox",
        "https://127.0.0.1:3000/outbox",
        "https://10.1.2.3/suqiu",
        "https://192.168.0.8/suqiu",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/outbox",
        "https://[fe80::1]/suqiu",
        "https://gateway.internal/suqiu",
        "https://user:word@messages.example.cn/suqiu",
    ] {
        check("production", endpoint, "NOTIFY_ENDPOINT");
    }
}

#[test]
fn r_hd_12_a_public_gateway_and_the_laptops_own_pass() {
    // What comes next, the keys, is then what is missing.
    check("production", "https://messages.example.cn/suqiu", "KEYS");
    check("laptop", "http://127.0.0.1:3000/outbox", "KEYS");
    check(
        "laptop",
        "http://messages.example.cn/suqiu",
        "NOTIFY_ENDPOINT",
    );
}
