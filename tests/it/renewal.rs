//! Writes the sample events anew: signatures by the shared function that checks them, tokens by
//! the laptop's issuer, both with the published keys of `events/keys`. Also what a run must renew
//! because the laptop's S3 knows the real time only.

use std::path::Path;

use access::channel::{SignedRequest, sign};
use aws_credential_types::Credentials;
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use cloud::objects::{UploadTerms, post_fields};
use serde_json::{Value, json};
use suqiu::jwt::{Expected, SigningKey};

use crate::city::{City, root};
use crate::events::ISSUER;
use crate::uploads::sample;

/// Whether this run writes.
pub(crate) fn wanted() -> bool {
    std::env::var_os("SUQIU_RENEW_EVENTS").is_some()
}

/// Writes a file; gives what stands in it now.
pub(crate) fn write(file: &Path, content: &Value) -> String {
    let text = format!("{content:#}\n");
    std::fs::write(file, &text).unwrap();
    text
}

/// Makes a sample's signature or token good again; those called forged stay as they are.
pub(crate) fn renew(case: &str, event: &mut Value, city: &City) {
    if case.contains("forged") {
        return;
    }
    if event["headers"]["Suqiu-Channel"].is_string() {
        let signature = signature(event, city);
        event["multiValueHeaders"]["Suqiu-Signature"] = json!([signature]);
        event["headers"]["Suqiu-Signature"] = signature.into();
    }
    if event["requestContext"]["authorizer"].is_object() {
        let claims = claims(event, city);
        let old = event["headers"]["authorization"]
            .as_str()
            .unwrap_or_default();
        let old = old.trim_start_matches("Bearer ");
        // Every signature of ES256 is another: one that is good is left alone.
        if !is_good(old, &claims) {
            let token = issuer().sign(&claims).unwrap();
            event["headers"]["authorization"] = format!("Bearer {token}").into();
        }
    }
}

fn signature(event: &Value, city: &City) -> String {
    let header = |name: &str| event["headers"][name].as_str().unwrap_or_default();
    let secrets = &city.cloud.demo.keys.channel_secrets[header("Suqiu-Channel")];
    let request = SignedRequest {
        method: event["httpMethod"].as_str().unwrap(),
        path: event["path"].as_str().unwrap(),
        query: "",
        timestamp: header("Suqiu-Timestamp"),
        nonce: header("Suqiu-Nonce"),
        idempotency_key: header("Idempotency-Key"),
        signature: "",
        body: event["body"].as_str().unwrap_or_default().as_bytes(),
    };
    sign(&request, &BASE64_STANDARD.decode(&secrets[0]).unwrap())
}

/// The token's claims, of which the event holds API Gateway's form.
fn claims(event: &Value, city: &City) -> Value {
    let shown = &event["requestContext"]["authorizer"]["jwt"]["claims"];
    let text = |name: &str| shown[name].as_str().unwrap();
    let seconds = |name: &str| text(name).parse::<i64>().unwrap();
    let officer = city.cloud.demo.city.officer(text("sub")).unwrap();
    let mut claims = json!({
        "iss": text("iss"), "aud": text("aud"), "sub": officer.id, "name": officer.name,
        "unit": officer.unit, "roles": officer.roles,
        "iat": seconds("iat"), "nbf": seconds("nbf"), "exp": seconds("exp"),
    });
    // API Gateway writes a list as `[pwd mfa]`.
    if let Some(methods) = shown["amr"].as_str() {
        let methods = methods.trim_matches(['[', ']']).split(' ');
        claims["amr"] = methods.collect::<Vec<_>>().into();
    }
    claims
}

fn issuer() -> SigningKey {
    SigningKey::open(&root().join("events/keys/issuer.pk8")).unwrap()
}

fn is_good(token: &str, claims: &Value) -> bool {
    let payload = token.split('.').nth(1).unwrap_or_default();
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
    let expected = Expected {
        issuer: ISSUER.to_owned(),
        audience: "suqiu-console".to_owned(),
    };
    let begin = DateTime::from_timestamp(claims["nbf"].as_i64().unwrap(), 0).unwrap();
    serde_json::from_slice::<Value>(&payload).ok().as_ref() == Some(claims)
        && issuer().verify(token, &expected, begin).is_some()
}

/// Makes the granted form again as of the real time: the laptop's S3 knows no other, and by it the
/// sampled day is long over.
pub(crate) fn renew_form(grant: &mut Value) {
    let now = real_now();
    let field = |name: &str| grant["fields"][name].as_str().unwrap();
    let photo = sample("photo-gps.jpg");
    let terms = UploadTerms {
        name: field("key"),
        content_type: field("Content-Type"),
        size_bytes: u64::try_from(photo.len()).unwrap(),
        sha256: field("x-amz-checksum-sha256"),
        expires_at: now + TimeDelta::minutes(15),
    };
    let (id, secret) = (substrate::ACCESS_KEY_ID, substrate::SECRET_ACCESS_KEY);
    let credentials = Credentials::new(id, secret, None, None, "laptop");
    let bucket = grant["url"].as_str().unwrap().rsplit('/').next().unwrap();
    let fields = post_fields(&credentials, substrate::REGION, bucket, &terms, now);
    grant["fields"] = json!(fields);
}

#[expect(
    clippy::disallowed_methods,
    reason = "how far the sampled day lies off is wanted"
)]
pub(crate) fn real_now() -> DateTime<Utc> {
    Utc::now()
}
