//! Officers' OpenID Connect access tokens (R-AC-2), checked in the function too, behind the
//! gateway's own authorizer.
//!
//! Only ES256 and RS256, only keys of the issuer's published set, and every instant is compared
//! with the time passed in: `jsonwebtoken` would read the system's clock, so its own `exp` and
//! `nbf` checks are off. [`KeyCache`] says when the caller must fetch the key set again.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use jsonwebtoken::jwk::JwkSet;
pub use key_cache::{KeyCache, KeyDecision};

mod crypto;
mod key_cache;

/// How far the issuer's clock and ours may differ.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// Longest token read; a longer one is refused before it is parsed.
pub const TOKEN_MAX_BYTES: usize = 8 * 1024;

/// 2048 bits. Shorter RSA keys are refused even if the issuer publishes them.
const RSA_MODULUS_MIN_BYTES: usize = 256;

/// What a verified token says of an officer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OfficerClaims {
    /// Officer id.
    pub sub: String,
    /// The officer's name, when the issuer tells it.
    #[serde(default)]
    pub name: Option<String>,
    /// Unit id.
    pub unit: String,
    /// Role names; none if absent, which allows nothing.
    #[serde(default)]
    pub roles: Vec<String>,
    /// How they proved who they are (RFC 8176); none if absent.
    #[serde(default)]
    pub amr: Vec<String>,
    /// Unix second from which the token is no longer good.
    pub exp: i64,
}

/// What a token says of its bearer.
pub trait TokenClaims: DeserializeOwned {
    /// Unix second from which the token is no longer good.
    fn expires_at(&self) -> i64;
    /// Whether it says who its bearer is.
    fn is_complete(&self) -> bool;
}

impl TokenClaims for OfficerClaims {
    fn expires_at(&self) -> i64 {
        self.exp
    }

    fn is_complete(&self) -> bool {
        !self.sub.is_empty() && !self.unit.is_empty()
    }
}

/// Why a token is refused. Callers answer all of them with the same 401; [`Self::UnknownKey`]
/// first asks the [`KeyCache`] whether to fetch the keys again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// Not a JWT of at most [`TOKEN_MAX_BYTES`], or one with a header we do not understand.
    #[error("token is malformed")]
    Malformed,
    /// Neither ES256 nor RS256, or not the algorithm of the key named.
    #[error("token algorithm is not allowed")]
    WrongAlgorithm,
    /// No key of the set has the token's `kid`.
    #[error("token key is not known")]
    UnknownKey,
    /// The key is not for signatures, or is too short.
    #[error("token key is not usable")]
    UnusableKey,
    /// The signature is not the key's, or the key is a point off the curve, which has none.
    #[error("token signature does not match")]
    WrongSignature,
    /// Issued by somebody else.
    #[error("token issuer is not ours")]
    WrongIssuer,
    /// Issued for somebody else.
    #[error("token audience is not ours")]
    WrongAudience,
    /// Past its `exp`.
    #[error("token has expired")]
    Expired,
    /// Before its `nbf`.
    #[error("token is not yet valid")]
    NotYetValid,
    /// A claim we need is missing or of the wrong kind.
    #[error("token claims are incomplete")]
    BadClaims,
}

/// Whose tokens are accepted, and meant for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    /// The `iss` a token must have.
    pub issuer: String,
    /// The `aud` a token must have among its audiences.
    pub audience: String,
}

impl Verifier {
    /// Checks a token against the issuer's keys at `now`.
    pub fn verify<C: TokenClaims>(
        &self,
        token: &str,
        keys: &JwkSet,
        now: DateTime<Utc>,
    ) -> Result<C, TokenRefusal> {
        crypto::install();
        let (algorithm, jwk) = key_of(token, keys)?;
        let key = decoding_key(algorithm, jwk)?;
        let validation = self.validation(algorithm);
        let claims = jsonwebtoken::decode::<Timed<C>>(token, &key, &validation)
            .map_err(|error| refusal(error.kind()))?
            .claims;
        claims.check_time(now)?;
        let who = claims.who;
        who.is_complete()
            .then_some(who)
            .ok_or(TokenRefusal::BadClaims)
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // The system's clock must not be read; `check_time` does both.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation
    }
}

#[derive(Deserialize)]
struct Timed<C> {
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(flatten)]
    who: C,
}

impl<C: TokenClaims> Timed<C> {
    fn check_time(&self, now: DateTime<Utc>) -> Result<(), TokenRefusal> {
        let (now, leeway) = (now.timestamp(), LEEWAY.num_seconds());
        if now.saturating_sub(leeway) >= self.who.expires_at() {
            return Err(TokenRefusal::Expired);
        }
        match self.nbf {
            Some(nbf) if now.saturating_add(leeway) < nbf => Err(TokenRefusal::NotYetValid),
            _ => Ok(()),
        }
    }
}

impl OfficerClaims {
    /// Whether more than one factor was asked for (`mfa`, RFC 8176 §2).
    pub fn has_several_factors(&self) -> bool {
        self.amr.iter().any(|method| method == "mfa")
    }
}

/// The token's algorithm, if allowed, and the key its header names. A key or key address carried
/// by the token itself (`jwk`, `jku`, `x5c`, `x5u`) is never used.
fn key_of<'k>(token: &str, keys: &'k JwkSet) -> Result<(Algorithm, &'k Jwk), TokenRefusal> {
    if token.len() > TOKEN_MAX_BYTES {
        return Err(TokenRefusal::Malformed);
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_| TokenRefusal::Malformed)?;
    if !matches!(header.alg, Algorithm::ES256 | Algorithm::RS256) {
        return Err(TokenRefusal::WrongAlgorithm);
    }
    // RFC 7515 §4.1.11: an extension marked critical that we do not know voids the token.
    if header.crit.is_some() {
        return Err(TokenRefusal::Malformed);
    }
    let kid = header.kid.ok_or(TokenRefusal::UnknownKey)?;
    let jwk = keys.find(&kid).ok_or(TokenRefusal::UnknownKey)?;
    Ok((header.alg, jwk))
}

/// The key, if it is one for the algorithm: the key decides, never the token alone.
fn decoding_key(algorithm: Algorithm, jwk: &Jwk) -> Result<DecodingKey, TokenRefusal> {
    let for_signatures = matches!(
        jwk.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    );
    if !for_signatures {
        return Err(TokenRefusal::UnusableKey);
    }
    let (of_key, declared_as, strong) = match &jwk.algorithm {
        AlgorithmParameters::EllipticCurve(key) => {
            let strong = key.curve == EllipticCurve::P256;
            (Algorithm::ES256, KeyAlgorithm::ES256, strong)
        }
        AlgorithmParameters::RSA(key) => {
            let strong = modulus_is_long(&key.n);
            (Algorithm::RS256, KeyAlgorithm::RS256, strong)
        }
        _ => return Err(TokenRefusal::UnusableKey),
    };
    let declared = jwk.common.key_algorithm.unwrap_or(declared_as);
    if declared != declared_as || of_key != algorithm {
        return Err(TokenRefusal::WrongAlgorithm);
    }
    if !strong {
        return Err(TokenRefusal::UnusableKey);
    }
    DecodingKey::from_jwk(jwk).map_err(|_| TokenRefusal::UnusableKey)
}

fn modulus_is_long(encoded: &str) -> bool {
    BASE64URL_NOPAD
        .decode(encoded.as_bytes())
        .is_ok_and(|bytes| {
            bytes.iter().skip_while(|byte| **byte == 0).count() >= RSA_MODULUS_MIN_BYTES
        })
}

fn refusal(kind: &ErrorKind) -> TokenRefusal {
    match kind {
        ErrorKind::InvalidSignature => TokenRefusal::WrongSignature,
        ErrorKind::InvalidIssuer => TokenRefusal::WrongIssuer,
        ErrorKind::InvalidAudience => TokenRefusal::WrongAudience,
        ErrorKind::InvalidAlgorithm => TokenRefusal::WrongAlgorithm,
        ErrorKind::InvalidEcdsaKey | ErrorKind::InvalidRsaKey(_) | ErrorKind::InvalidKeyFormat => {
            TokenRefusal::UnusableKey
        }
        ErrorKind::MissingRequiredClaim(_)
        | ErrorKind::InvalidClaimFormat(_)
        | ErrorKind::Json(_) => TokenRefusal::BadClaims,
        _ => TokenRefusal::Malformed,
    }
}

#[cfg(test)]
mod tests;
