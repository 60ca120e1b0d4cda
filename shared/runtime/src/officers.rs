//! Officers: tokens really checked in the function too, keys cached, failing closed (R-AC-2); and
//! the one way in which an officer acts on a ticket.

use std::time::Duration;

use access::officer::{JwkSet, KeyCache, KeyDecision, OfficerClaims, TokenRefusal, Verifier};
use access::webhook::allowed_endpoint;
use app::AppError;
use app::act::{Wish, act};
use app::documents::Document;
use app::error::Unknown;
use authz::{Intent, Officer, Principal, authorize};
use chrono::{DateTime, Utc};
use cloud::http::Http;
use domain::ids::{OfficerId, UnitId};
use domain::workflow::command::Command;
use domain::workflow::words::Role;
use store::DynamoStore;
use tokio::sync::Mutex;

use crate::http::{Reply, Request};
use crate::setup::Setup;

/// How long the issuer may take to answer.
const ISSUER_TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Debug, Default)]
struct Keys {
    cache: KeyCache,
    set: Option<JwkSet>,
}

/// Signs officers in.
#[derive(Debug)]
pub struct Officers {
    verifier: Verifier,
    http: Http,
    jwks_url: String,
    keys: Mutex<Keys>,
}

impl Officers {
    /// From the environment.
    pub fn from_setup(setup: &Setup) -> Result<Self, AppError> {
        let (issuer, audience) = (
            setup.setting("OIDC_ISSUER")?,
            setup.setting("OIDC_AUDIENCE")?,
        );
        let jwks_url = setup.setting("OIDC_JWKS_URL")?;
        for (name, url) in [("OIDC_ISSUER", &issuer), ("OIDC_JWKS_URL", &jwks_url)] {
            is_allowed(&setup.stage, name, url)?;
        }
        Ok(Self {
            verifier: Verifier { issuer, audience },
            http: Http::new(ISSUER_TIMEOUT),
            jwks_url,
            keys: Mutex::new(Keys::default()),
        })
    }

    /// The officer who sent `request`.
    pub async fn officer(&self, request: &Request) -> Result<Officer, AppError> {
        let unknown = || AppError::Unauthenticated(Unknown::Token);
        let header = request.header("authorization").unwrap_or_default();
        let token = header.strip_prefix("Bearer ").ok_or_else(unknown)?;
        let claims = match self.verify(token, request.at, false).await? {
            Err(TokenRefusal::UnknownKey) => self.verify(token, request.at, true).await?,
            verdict => verdict,
        };
        officer(&claims.map_err(|_| unknown())?).ok_or_else(unknown)
    }

    async fn verify(
        &self,
        token: &str,
        now: DateTime<Utc>,
        unknown_kid: bool,
    ) -> Result<Result<OfficerClaims, TokenRefusal>, AppError> {
        let mut keys = self.keys.lock().await;
        if keys.cache.decide(now, unknown_kid) == KeyDecision::Fetch {
            match self.fetch().await {
                Ok(set) => {
                    keys.set = Some(set);
                    keys.cache.fetched(now);
                }
                Err(error) => {
                    tracing::error!(error = %error, "the issuer's keys could not be fetched");
                    keys.cache.failed(now);
                }
            }
        }
        let usable = keys.cache.decide(now, false) != KeyDecision::FailClosed;
        match keys.set.as_ref().filter(|_| usable) {
            Some(set) => Ok(self.verifier.verify(token, set, now)),
            None => Err(AppError::Unavailable("no keys of the issuer".to_owned())),
        }
    }

    async fn fetch(&self) -> Result<JwkSet, AppError> {
        let (status, body) = self.http.get(&self.jwks_url).await?;
        if status != 200 {
            return Err(AppError::Unavailable(format!(
                "the issuer answered {status}"
            )));
        }
        serde_json::from_slice(&body).map_err(|error| AppError::Unavailable(error.to_string()))
    }
}

/// Anybody can run a development issuer on this machine: in production it must be https, elsewhere.
fn is_allowed(stage: &str, name: &str, url: &str) -> Result<(), AppError> {
    if stage != "production" {
        return Ok(());
    }
    allowed_endpoint(url, true)
        .map_err(|refusal| AppError::Broken(format!("{name} in production: {refusal}")))
}

fn officer(claims: &OfficerClaims) -> Option<Officer> {
    Some(Officer {
        id: OfficerId::parse(&claims.sub).ok()?,
        unit: UnitId::parse(&claims.unit).ok()?,
        roles: claims
            .roles
            .iter()
            .filter_map(|role| Role::from_code(role))
            .collect(),
        mfa: claims.has_several_factors(),
    })
}

/// What a request asks for: a command, and the texts that go with it.
pub type Asked = (Command, Vec<Document>);

/// Does what an officer asks of the ticket in the path, and answers with where it stands then.
pub async fn act_for_officer(
    store: &DynamoStore,
    officers: &Officers,
    request: &Request,
    asked: impl FnOnce(&Request) -> Result<Asked, AppError>,
) -> Result<Reply, AppError> {
    let officer = officers.officer(request).await?;
    act_as(store, &officer, request, asked(request)?).await
}

/// As [`act_for_officer`], for an officer who is known already.
pub async fn act_as(
    store: &DynamoStore,
    officer: &Officer,
    request: &Request,
    (command, documents): Asked,
) -> Result<Reply, AppError> {
    let number = request.number()?;
    let action = command.action();
    let seen_version = request.seen_version();
    let wish = Wish {
        number,
        command,
        documents,
        originals: Vec::new(),
        seen_version,
        at: request.at,
    };
    let principal = Principal::Officer(officer);
    let who = |ticket: &_| authorize(principal, Intent::Act(action, ticket));
    let (ticket, permit) = act(store, &wish, &who).await?;
    let viewer = api::answers::Viewer {
        roles: &officer.roles,
        unit: Some(&officer.unit),
    };
    let answer = api::answers::action_answer(&ticket, viewer);
    Ok(
        Reply::json(&permit, 200, &answer)?
            .with_header("etag", format!("\"{}\"", ticket.version())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ac_2_the_development_issuer_is_refused_in_production() {
        let local = "http://127.0.0.1:3002/issuer";
        for (stage, url, is_good) in [
            ("laptop", local, true),
            ("production", local, false),
            ("production", "https://127.0.0.1:3002/issuer", false),
            ("production", "https://localhost/issuer", false),
            (
                "production",
                "http://sign-in.example.cn/realms/tai-an",
                false,
            ),
            (
                "production",
                "https://sign-in.example.cn/realms/tai-an",
                true,
            ),
        ] {
            let verdict = is_allowed(stage, "OIDC_ISSUER", url);
            assert_eq!(verdict.is_ok(), is_good, "{stage} {url}: {verdict:?}");
        }
    }
}
