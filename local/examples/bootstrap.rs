//! A function for the tests of the laptop cloud: does what its payload says.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    if std::env::var_os("FAIL_AT_START").is_some() {
        return Err("told to fail".into());
    }
    run(service_fn(handle)).await
}

async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    if event.payload.get("Records").is_some() {
        return Err("told to fail batches".into());
    }
    let wish = event
        .payload
        .get("do")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match wish {
        "fail" => return Err("told to fail".into()),
        "exit" => std::process::exit(3),
        "sleep" => tokio::time::sleep(std::time::Duration::from_mins(1)).await,
        "nap" => tokio::time::sleep(std::time::Duration::from_millis(300)).await,
        _ => {}
    }
    let environment: std::collections::BTreeMap<_, _> = std::env::vars().collect();
    Ok(json!({
        "pid": std::process::id(),
        "request_id": event.context.request_id,
        "arn": event.context.invoked_function_arn,
        "deadline_ms": event.context.deadline,
        "environment": environment,
        "event": event.payload,
    }))
}
