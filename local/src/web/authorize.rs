//! The development issuer's own page: authorization code with PKCE (RFC 6749, RFC 7636), so that the
//! pages sign in on the laptop as they do at a city's issuer. Whoever is chosen is signed in; there is
//! no password.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Form, Query, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use domain::workflow::words::Role;
use http::{StatusCode, Uri};
use serde::Deserialize;

use super::{Web, html};
use crate::city::Officer;
use crate::cloud::{APPELLANTS, AUDIENCE};
use crate::keys::{hex, random};

/// Invented people who can sign in as appellants: account, name, telephone.
pub const ACCOUNTS: [(&str, &str, &str); 3] = [
    ("demo-zhang", "张例三", "13800000001"),
    ("demo-li", "李范四", "13800000002"),
    ("demo-company", "泰安示例商贸有限公司", "0538-0000000"),
];

/// Codes that were given and not yet used.
#[derive(Debug, Default)]
pub struct Codes(Mutex<BTreeMap<String, Granted>>);

/// Whom a code signs in, and what its user must show.
#[derive(Debug, Clone)]
pub struct Granted {
    /// An officer, or an appellant's account.
    pub who: String,
    /// Which of the two: the audience of the token.
    pub client: String,
    redirect: String,
    challenge: String,
}

impl Codes {
    fn keep(&self, granted: Granted) -> anyhow::Result<String> {
        let code = hex(&random::<16>()?);
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.insert(code.clone(), granted);
        Ok(code)
    }

    /// What a code stands for, once, for who can show the verifier of its challenge.
    pub fn take(&self, code: &str, redirect: &str, verifier: &str) -> Option<Granted> {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let granted = codes.remove(code)?;
        let digest = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
        let fits = BASE64URL.encode(digest) == granted.challenge && granted.redirect == redirect;
        fits.then_some(granted)
    }
}

/// What a page asks for; the same again, with `who`, when somebody was chosen.
#[derive(Debug, Deserialize)]
pub struct Asked {
    client_id: String,
    redirect_uri: String,
    state: String,
    response_type: String,
    code_challenge: String,
    code_challenge_method: String,
    #[serde(default)]
    who: String,
}

impl Asked {
    /// Codes go to this machine only.
    fn is_good(&self) -> bool {
        let here = self.redirect_uri.parse::<Uri>().ok();
        let host = here.as_ref().and_then(Uri::host);
        matches!(host, Some("127.0.0.1" | "localhost"))
            && [AUDIENCE, APPELLANTS].contains(&self.client_id.as_str())
            && self.response_type == "code"
            && self.code_challenge_method == "S256"
    }
}

/// `GET /issuer/authorize`: who is it?
pub async fn page(State(web): State<Arc<Web>>, Query(asked): Query<Asked>) -> Response {
    if !asked.is_good() {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let mut choices = String::new();
    if asked.client_id == AUDIENCE {
        for officer in &web.city.officers {
            let text = (officer.name.as_str(), web.city.unit_name(&officer.unit));
            let text = format!("{}　{}　{}", text.0, text.1, roles(officer));
            choice(&mut choices, &officer.id, &text);
        }
    } else {
        for (account, name, _) in ACCOUNTS {
            choice(&mut choices, account, name);
        }
    }
    let mut kept = String::new();
    let fields = [
        ("client_id", &asked.client_id),
        ("redirect_uri", &asked.redirect_uri),
        ("state", &asked.state),
        ("response_type", &asked.response_type),
        ("code_challenge", &asked.code_challenge),
        ("code_challenge_method", &asked.code_challenge_method),
    ];
    for (name, value) in fields {
        let value = html::escape(value);
        let _ = write!(
            kept,
            "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"
        );
    }
    let body = format!(
        "<p>以下人员均为虚构，选择后即登录，无需口令。城市部署时，这里是统一身份认证的登录页。</p>\
         <form method=\"post\" action=\"/issuer/authorize\">{kept}{choices}</form>"
    );
    Html(html::page("演示登录", &body)).into_response()
}

fn choice(choices: &mut String, who: &str, text: &str) {
    let (who, text) = (html::escape(who), html::escape(text));
    let _ = write!(
        choices,
        "<p><button name=\"who\" value=\"{who}\">{text}</button></p>"
    );
}

/// `POST /issuer/authorize`: somebody was chosen; back to the page, with a code.
pub async fn choose(State(web): State<Arc<Web>>, Form(asked): Form<Asked>) -> Response {
    let is_known = if asked.client_id == AUDIENCE {
        web.city.officer(&asked.who).is_some()
    } else {
        !asked.who.is_empty()
    };
    if !asked.is_good() || !is_known {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let granted = Granted {
        who: asked.who,
        client: asked.client_id,
        redirect: asked.redirect_uri.clone(),
        challenge: asked.code_challenge,
    };
    match web.codes.keep(granted) {
        Ok(code) => {
            let (to, state) = (asked.redirect_uri, asked.state);
            Redirect::to(&format!("{to}?code={code}&state={state}")).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// An officer's roles, as people read them.
pub fn roles(officer: &Officer) -> String {
    let names = officer
        .roles
        .iter()
        .map(|role| Role::from_code(role).map_or(role.as_str(), |known| known.zh()));
    names.collect::<Vec<_>>().join("、")
}
