//! Tokens of an OpenID Connect issuer (R-AC-2): its keys cached, failing closed.

use std::time::Duration;

use access::officer::{JwkSet, KeyCache, KeyDecision, TokenClaims, TokenRefusal, Verifier};
use access::webhook::allowed_endpoint;
use app::AppError;
use app::error::Unknown;
use chrono::{DateTime, Utc};
use cloud::http::Http;
use tokio::sync::Mutex;

use crate::http::Request;

/// How long the issuer may take to answer.
const ISSUER_TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Debug, Default)]
struct Keys {
    cache: KeyCache,
    set: Option<JwkSet>,
}

/// Whose tokens are taken.
#[derive(Debug)]
pub(crate) struct Tokens {
    verifier: Verifier,
    http: Http,
    jwks_url: String,
    keys: Mutex<Keys>,
}

impl Tokens {
    /// Those of an issuer, for an audience.
    pub(crate) fn new(
        stage: &str,
        issuer: String,
        audience: String,
        jwks_url: String,
    ) -> Result<Self, AppError> {
        for (name, url) in [("issuer", &issuer), ("address of the keys", &jwks_url)] {
            is_allowed(stage, name, url)?;
        }
        Ok(Self {
            verifier: Verifier { issuer, audience },
            http: Http::new(ISSUER_TIMEOUT),
            jwks_url,
            keys: Mutex::new(Keys::default()),
        })
    }

    /// What the bearer token of a request says.
    pub(crate) async fn claims<C: TokenClaims>(&self, request: &Request) -> Result<C, AppError> {
        let unknown = || AppError::Unauthenticated(Unknown::Token);
        let header = request.header("authorization").unwrap_or_default();
        let token = header.strip_prefix("Bearer ").ok_or_else(unknown)?;
        let claims = match self.verify(token, request.at, false).await? {
            Err(TokenRefusal::UnknownKey) => self.verify(token, request.at, true).await?,
            verdict => verdict,
        };
        claims.map_err(|_| unknown())
    }

    async fn verify<C: TokenClaims>(
        &self,
        token: &str,
        now: DateTime<Utc>,
        unknown_kid: bool,
    ) -> Result<Result<C, TokenRefusal>, AppError> {
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
            let verdict = is_allowed(stage, "issuer", url);
            assert_eq!(verdict.is_ok(), is_good, "{stage} {url}: {verdict:?}");
        }
    }
}
