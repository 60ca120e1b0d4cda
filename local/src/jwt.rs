//! ES256 tokens of the development issuer: signing them there, checking them at the gateway.

use std::path::Path;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use chrono::{DateTime, Utc};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    UnparsedPublicKey,
};
use serde_json::{Map, Value, json};

use crate::keys::{hex, write_private};

/// The issuer's key pair, made once and kept in the state folder.
#[derive(Debug)]
pub struct SigningKey {
    pair: EcdsaKeyPair,
    id: String,
}

/// What the gateway demands of a token.
#[derive(Debug, Clone)]
pub struct Expected {
    /// `iss`.
    pub issuer: String,
    /// `aud`.
    pub audience: String,
}

impl SigningKey {
    /// Reads the key, making it first when absent.
    pub fn open(path: &Path) -> Result<Self> {
        let random = SystemRandom::new();
        if !path.exists() {
            let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
            write_private(
                path,
                made.ok().context("cannot make the issuer's key")?.as_ref(),
            )?;
        }
        let document = std::fs::read(path)?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &document, &random)
            .map_err(|error| anyhow::anyhow!("{} is damaged: {error}", path.display()))?;
        let digest = ring::digest::digest(&ring::digest::SHA256, pair.public_key().as_ref());
        let id = hex(digest.as_ref()).chars().take(16).collect();
        Ok(Self { pair, id })
    }

    /// The key set that anybody may read.
    pub fn jwks(&self) -> Value {
        // An uncompressed point: 04, then 32 bytes each of x and y.
        let point = self.pair.public_key().as_ref();
        let (x, y) = point.get(1..).unwrap_or_default().split_at(32);
        json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": self.id,
            "x": BASE64URL.encode(x), "y": BASE64URL.encode(y),
        }]})
    }

    /// A token with `claims`.
    pub fn sign(&self, claims: &Value) -> Result<String> {
        let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": self.id });
        let part = |value: &Value| BASE64URL.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = signature.ok().context("cannot sign a token")?;
        Ok(format!("{signed}.{}", BASE64URL.encode(signature)))
    }

    /// The claims of a good token: our key and algorithm, the expected issuer and audience, within
    /// its time at `now`. `None` for everything else; a caller learns no more than "no".
    pub fn verify(
        &self,
        token: &str,
        expected: &Expected,
        now: DateTime<Utc>,
    ) -> Option<Map<String, Value>> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header = object(header)?;
        // The algorithm is fixed here; the token only gets to agree.
        if header.get("alg")?.as_str()? != "ES256" {
            return None;
        }
        let signature = BASE64URL.decode(signature).ok()?;
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.pair.public_key())
            .verify(signed.as_bytes(), &signature)
            .ok()?;
        let claims = object(claims)?;
        let now = now.timestamp();
        let good = claims.get("iss")?.as_str()? == expected.issuer
            && has_audience(claims.get("aud")?, &expected.audience)
            && claims.get("exp")?.as_i64()? > now
            && claims
                .get("nbf")
                .is_none_or(|nbf| nbf.as_i64().is_some_and(|nbf| nbf <= now));
        good.then_some(claims)
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&BASE64URL.decode(part).ok()?).ok()
}

fn has_audience(claim: &Value, audience: &str) -> bool {
    match claim {
        Value::Array(all) => all.iter().any(|one| one == audience),
        one => one == audience,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> SigningKey {
        let path = std::env::temp_dir().join(format!("suqiu-jwt-{name}-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        SigningKey::open(&path).unwrap()
    }

    fn claims() -> Value {
        json!({ "iss": "http://i", "aud": "suqiu-console", "sub": "o1", "nbf": 1000, "exp": 2000 })
    }

    fn verifies(key: &SigningKey, token: &str, at: i64) -> bool {
        let expected = Expected {
            issuer: "http://i".into(),
            audience: "suqiu-console".into(),
        };
        key.verify(token, &expected, DateTime::from_timestamp(at, 0).unwrap())
            .is_some()
    }

    #[test]
    fn a_good_token_passes_within_its_time() {
        let key = key("good");
        let token = key.sign(&claims()).unwrap();
        let times = [(999, false), (1000, true), (1999, true), (2000, false)];
        for (at, passes) in times {
            assert_eq!(verifies(&key, &token, at), passes, "at {at}");
        }
    }

    #[test]
    fn forged_and_foreign_tokens_do_not() {
        let (key, other) = (key("ours"), key("theirs"));
        let good = key.sign(&claims()).unwrap();
        let (head, rest) = good.split_once('.').unwrap();
        let none = BASE64URL.encode(r#"{"alg":"none"}"#);
        let altered = BASE64URL.encode(claims().to_string().replace("o1", "o2"));
        let signature = rest.rsplit_once('.').unwrap().1;
        let mut audience = claims();
        audience["aud"] = json!(["elsewhere"]);
        let mut issuer = claims();
        issuer["iss"] = json!("http://j");
        let bad = [
            other.sign(&claims()).unwrap(),
            key.sign(&audience).unwrap(),
            key.sign(&issuer).unwrap(),
            format!("{none}.{rest}"),
            format!("{head}.{altered}.{signature}"),
            good.trim_end_matches(|c: char| c != '.').to_owned(),
            "x".to_owned(),
            String::new(),
        ];
        for token in bad {
            assert!(!verifies(&key, &token, 1500), "{token}");
        }
    }
}
