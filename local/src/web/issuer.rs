//! The development OpenID Connect issuer: anyone who names a demonstration officer is that officer, and
//! anyone who names an account is an appellant with it.
//! It exists on loopback only; a production stage refuses its tokens, as its key is not there.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Form, State};
use axum::response::{Html, IntoResponse as _, Response};
use http::{StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::authorize::{ACCOUNTS, roles};
use super::{Web, html};
use crate::city::Officer;
use crate::cloud::APPELLANTS;
use crate::lambda::request_id;

/// A working day's worth of sign-in.
const VALIDITY_SECONDS: i64 = 8 * 3600;

/// A token request. Whatever password a client sends is ignored.
#[derive(Debug, Deserialize)]
pub struct TokenRequest {
    #[serde(default)]
    grant_type: Option<String>,
    #[serde(default)]
    username: Option<String>,
    /// An appellant's account, instead of an officer.
    #[serde(default)]
    account: Option<String>,
    /// A code of the page where somebody was chosen.
    #[serde(default)]
    code: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    code_verifier: String,
    /// How the officer says to have proved who they are, by words apart; several factors if absent.
    #[serde(default)]
    amr: Option<String>,
}

/// `/.well-known/openid-configuration`.
pub async fn configuration(State(web): State<Arc<Web>>) -> Json<Value> {
    let issuer = &web.expected.issuer;
    Json(json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/jwks"),
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "grant_types_supported": ["authorization_code", "password"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "claims_supported": ["sub", "name", "unit", "roles", "amr"],
    }))
}

/// The key set.
pub async fn jwks(State(web): State<Arc<Web>>) -> Json<Value> {
    Json(web.key.jwks())
}

/// Signs a demonstration officer or appellant in.
pub async fn token(State(web): State<Arc<Web>>, Form(request): Form<TokenRequest>) -> Response {
    let amr = request.amr.as_deref().unwrap_or("pwd otp mfa");
    match request.grant_type.as_deref() {
        Some("authorization_code") => {
            let given = (&request.code, &request.redirect_uri, &request.code_verifier);
            match web.codes.take(given.0, given.1, given.2) {
                Some(granted) if granted.client == APPELLANTS => {
                    signed(web.appellants_token(&granted.who))
                }
                Some(granted) => web.officers_token(&granted.who, amr),
                None => oauth_error("invalid_grant"),
            }
        }
        None | Some("password") => match (&request.account, &request.username) {
            (Some(account), _) => signed(web.appellants_token(account)),
            (None, Some(username)) => web.officers_token(username, amr),
            (None, None) => oauth_error("invalid_grant"),
        },
        Some(_) => oauth_error("unsupported_grant_type"),
    }
}

fn signed(token: anyhow::Result<String>) -> Response {
    match token {
        Ok(token) => {
            let answer = json!({ "access_token": token, "token_type": "Bearer", "expires_in": VALIDITY_SECONDS });
            ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
        }
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "cannot sign a token");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Who can sign in.
pub async fn officers(State(web): State<Arc<Web>>) -> Html<String> {
    let mut rows = String::new();
    for officer in &web.city.officers {
        let cells = [
            officer.id.as_str(),
            &officer.name,
            web.city.unit_name(&officer.unit),
            &roles(officer),
        ];
        let cells = cells.map(|cell| format!("<td>{}</td>", html::escape(cell)));
        let _ = write!(rows, "<tr>{}</tr>", cells.concat());
    }
    let body = format!(
        "<p>以下人员均为虚构。以用户名向 <code>/issuer/token</code> 换取令牌，无需口令。</p>\
         <table><tr><th>用户名</th><th>姓名</th><th>单位</th><th>角色</th></tr>{rows}</table>"
    );
    Html(html::page("演示登录", &body))
}

impl Web {
    fn officers_token(&self, id: &str, amr: &str) -> Response {
        match self.city.officer(id) {
            Some(officer) => signed(self.access_token(officer, amr)),
            None => oauth_error("invalid_grant"),
        }
    }

    fn access_token(&self, officer: &Officer, amr: &str) -> anyhow::Result<String> {
        let now = self.clock.now().timestamp();
        self.key.sign(&json!({
            "iss": self.expected.issuer,
            "aud": self.expected.audience,
            "sub": officer.id,
            "name": officer.name,
            "unit": officer.unit,
            "roles": officer.roles,
            "amr": amr.split_whitespace().collect::<Vec<_>>(),
            "iat": now,
            "nbf": now,
            "exp": now.saturating_add(VALIDITY_SECONDS),
            "jti": request_id()?,
        }))
    }
}

impl Web {
    fn appellants_token(&self, account: &str) -> anyhow::Result<String> {
        let now = self.clock.now().timestamp();
        let known = ACCOUNTS.iter().find(|(known, ..)| *known == account);
        let (_, name, phone) = known.copied().unwrap_or((account, account, ""));
        self.key.sign(&json!({
            "iss": self.expected.issuer,
            "aud": APPELLANTS,
            "sub": account,
            "name": name,
            "phone_number": phone,
            "iat": now,
            "exp": now.saturating_add(VALIDITY_SECONDS),
            "jti": request_id()?,
        }))
    }
}

fn oauth_error(code: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": code }))).into_response()
}
