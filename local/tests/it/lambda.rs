//! The Runtime API and the pool, with a real bootstrap.

use std::io::BufRead as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::{Value, json};
use substrate::{Invoke as _, Outcome};
use suqiu::lambda::{FunctionConfig, Lambda, Spawner};

use crate::support::{example, scratch};

fn pool(name: &str, timeout_ms: u64, environment: &[(&str, &str)]) -> Arc<Lambda> {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let config = FunctionConfig {
        name: "EchoFunction".to_owned(),
        binary: example("bootstrap"),
        memory_mb: 256,
        timeout: Duration::from_millis(timeout_ms),
        environment: environment.iter().map(own).collect(),
        log: scratch(name).join("echo.log"),
    };
    Arc::new(Lambda::new(vec![config], &Spawner::start().unwrap()))
}

async fn call(lambda: &Lambda, payload: Value) -> Outcome {
    lambda
        .invoke("EchoFunction", Bytes::from(payload.to_string()))
        .await
        .unwrap()
}

async fn answer(lambda: &Lambda, payload: Value) -> Value {
    match call(lambda, payload).await {
        Outcome::Ok(body) => serde_json::from_slice(&body).unwrap(),
        Outcome::FunctionError(body) => panic!("{}", String::from_utf8_lossy(&body)),
    }
}

async fn error(lambda: &Lambda, payload: Value) -> (String, String) {
    let Outcome::FunctionError(body) = call(lambda, payload).await else {
        panic!("no error")
    };
    let body: Value = serde_json::from_slice(&body).unwrap();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (text("errorType"), text("errorMessage"))
}

fn alive(pid: u32) -> bool {
    // A zombie has no command line.
    std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

async fn gone(pids: &[u32]) -> bool {
    let start = Instant::now();
    while pids.iter().any(|pid| alive(*pid)) && start.elapsed() < Duration::from_secs(5) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    pids.iter().all(|pid| !alive(*pid))
}

#[tokio::test]
async fn an_invocation_has_lambdas_context_and_a_clean_environment() {
    let lambda = pool("context", 5000, &[("TICKETS_TABLE", "tickets")]);
    let got = answer(&lambda, json!({ "a": 1 })).await;
    assert_eq!(got["event"], json!({ "a": 1 }));
    assert_eq!(got["request_id"].as_str().unwrap().len(), 36);
    assert!(
        got["arn"]
            .as_str()
            .unwrap()
            .ends_with(":function:EchoFunction")
    );
    let environment = got["environment"].as_object().unwrap();
    assert_eq!(environment["TICKETS_TABLE"], "tickets");
    assert_eq!(environment["AWS_LAMBDA_FUNCTION_NAME"], "EchoFunction");
    assert_eq!(environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], "256");
    assert!(!environment.contains_key("HOME") && !environment.contains_key("CARGO"));
}

#[tokio::test]
async fn an_idle_process_is_used_again_and_a_busy_one_is_not() {
    let lambda = pool("reuse", 5000, &[]);
    let first = answer(&lambda, json!({})).await["pid"].clone();
    assert_eq!(answer(&lambda, json!({})).await["pid"], first);
    let nap = || answer(&lambda, json!({ "do": "nap" }));
    let naps = tokio::join!(nap(), nap(), nap(), nap(), nap(), nap());
    let naps = <[Value; 6]>::from(naps);
    let mut pids: Vec<u64> = naps
        .iter()
        .map(|got| got["pid"].as_u64().unwrap())
        .collect();
    pids.sort_unstable();
    pids.dedup();
    assert_eq!(pids.len(), 4, "four at once, the others wait");
}

#[tokio::test]
async fn errors_crashes_and_timeouts_are_function_errors_and_the_next_call_works() {
    let lambda = pool("faults", 1000, &[]);
    let (_, message) = error(&lambda, json!({ "do": "fail" })).await;
    assert_eq!(message, "told to fail");
    let (kind, message) = error(&lambda, json!({ "do": "exit" })).await;
    assert_eq!(kind, "Runtime.ExitError");
    assert!(message.contains("exit status 3"), "{message}");
    let (kind, message) = error(&lambda, json!({ "do": "sleep" })).await;
    assert_eq!(kind, "Sandbox.Timedout");
    assert!(
        message.contains("timed out after 1.00 seconds"),
        "{message}"
    );
    answer(&lambda, json!({})).await;
}

#[tokio::test]
async fn killed_processes_are_replaced() {
    let lambda = pool("killed", 5000, &[]);
    let first = answer(&lambda, json!({})).await["pid"].clone();
    // Idle and killed: the caller does not notice.
    assert_eq!(lambda.kill("EchoFunction"), Some(1));
    assert_ne!(answer(&lambda, json!({})).await["pid"], first);
    // At work and killed: the caller does, and its source will try again.
    let (at_work, ()) = tokio::join!(error(&lambda, json!({ "do": "sleep" })), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(lambda.kill("EchoFunction"), Some(1));
    });
    assert_eq!(at_work.0, "Runtime.ExitError");
    assert!(at_work.1.contains("signal 9"), "{}", at_work.1);
    assert_eq!(lambda.kill("NoFunction"), None);
}

#[tokio::test]
async fn a_function_that_cannot_start_is_an_error_not_a_hang() {
    let lambda = pool("init", 1000, &[("FAIL_AT_START", "1")]);
    assert_eq!(error(&lambda, json!({})).await.0, "Runtime.InitError");
}

#[tokio::test]
async fn a_caller_who_leaves_does_not_stop_the_work() {
    let lambda = pool("leaves", 5000, &[]);
    let pid = answer(&lambda, json!({})).await["pid"].clone();
    let waited = Duration::from_millis(50);
    let left = tokio::time::timeout(waited, call(&lambda, json!({ "do": "nap" }))).await;
    assert!(left.is_err());
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(
        answer(&lambda, json!({})).await["pid"],
        pid,
        "the process lives and is idle again"
    );
}

#[tokio::test]
async fn shutdown_ends_every_child() {
    let lambda = pool("shutdown", 5000, &[]);
    lambda.prewarm().await;
    let pids = lambda.pids("EchoFunction");
    assert!(pids.len() == 1 && alive(pids[0]));
    lambda.shutdown();
    assert!(gone(&pids).await);
}

#[tokio::test]
async fn kill_minus_nine_of_the_parent_ends_every_child() {
    let mut parent = Command::new(example("parent"))
        .args([example("bootstrap"), scratch("parent").join("log")])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufReader::new(parent.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let pids: Vec<u32> = line
        .split_whitespace()
        .map(|pid| pid.parse().unwrap())
        .collect();
    assert!(
        pids.len() == 2 && pids.iter().all(|pid| alive(*pid)),
        "{line}"
    );
    parent.kill().unwrap();
    parent.wait().unwrap();
    assert!(gone(&pids).await);
}
