//! Controls for tests and for the command line: health, the clock, killing, failing on purpose.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Web, html};

/// `{"shift_seconds": 3600}` moves on by an hour, `{"reset": true}` returns to real time.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MoveClock {
    /// Seconds to move by, backwards when negative.
    pub shift_seconds: i64,
    /// Returns to real time first.
    pub reset: bool,
}

/// `{"function": "RelayFunction"}`.
#[derive(Debug, Deserialize)]
pub struct Kill {
    function: String,
}

/// `{"failures": 3}`.
#[derive(Debug, Deserialize)]
pub struct FailOutbox {
    failures: u32,
}

/// Answers once everything listens.
pub async fn health(State(web): State<Arc<Web>>) -> Json<Value> {
    Json(json!({ "status": "ok", "ports": web.ports, "now": web.clock.now().to_rfc3339() }))
}

/// Where the clock stands.
pub async fn clock(State(web): State<Arc<Web>>) -> Json<Value> {
    Json(web.clock_state())
}

/// Moves the clock of the whole cloud.
pub async fn move_clock(State(web): State<Arc<Web>>, Json(wish): Json<MoveClock>) -> Response {
    let back = if wish.reset {
        web.clock.offset_seconds().saturating_neg()
    } else {
        0
    };
    match web.clock.shift(back.saturating_add(wish.shift_seconds)) {
        Ok(()) => Json(web.clock_state()).into_response(),
        Err(error) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            Json(json!({ "error": format!("{error:#}") })),
        )
            .into_response(),
    }
}

/// What each process of each function costs.
pub async fn functions(State(web): State<Arc<Web>>) -> Json<Value> {
    Json(json!(web.lambda.footprints()))
}

/// Kills the processes of a function as `kill -9` would.
pub async fn kill(State(web): State<Arc<Web>>, Json(wish): Json<Kill>) -> Response {
    match web.lambda.kill(&wish.function) {
        Some(killed) => Json(json!({ "killed": killed })).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Lets the next deliveries to the outbox fail.
pub async fn fail_outbox(State(web): State<Arc<Web>>, Json(wish): Json<FailOutbox>) -> StatusCode {
    web.outbox.fail_next(wish.failures);
    StatusCode::NO_CONTENT
}

impl Web {
    fn clock_state(&self) -> Value {
        json!({
            "offset_seconds": self.clock.offset_seconds(),
            "now": self.clock.now().to_rfc3339(),
            "local": html::local_time(self.clock.now()),
        })
    }
}
