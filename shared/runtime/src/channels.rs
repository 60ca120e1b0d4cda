//! Channel systems: signed requests, each nonce once (R-AC-2).

use access::channel::{ChannelRefusal, SignedRequest, nonce_digest, verify};
use access::secrets::KeySet;
use app::AppError;
use app::error::Unknown;
use domain::ids::ChannelCode;
use domain::personal::Personal;

use crate::http::Request;

/// Who signed a request. What the request makes must remember the nonce, and refuse it when it
/// comes again.
#[derive(Debug)]
pub struct Signed {
    /// The channel.
    pub channel: ChannelCode,
    /// Digest of the nonce.
    pub nonce: [u8; 12],
    /// The account of who is signed in, if the channel is a page of the city.
    pub account: Option<Personal<String>>,
}

/// Over-large bodies are refused before they are looked at.
pub(crate) fn check_size(request: &Request) -> Result<(), AppError> {
    if request.body.len() > api::requests::BODY_LIMIT_BYTES {
        return Err(AppError::BodyTooLarge);
    }
    Ok(())
}

/// The channel that signed `request`.
pub fn channel(keys: &KeySet, request: &Request) -> Result<Signed, AppError> {
    check_size(request)?;
    let header = |name| request.header(name).unwrap_or_default();
    let signature = Err(AppError::Unauthenticated(Unknown::Signature));
    let Ok(channel) = ChannelCode::parse(header("suqiu-channel")) else {
        return signature;
    };
    let signed = SignedRequest {
        method: &request.method,
        path: &request.path,
        query: &request.query,
        timestamp: header("suqiu-timestamp"),
        nonce: header("suqiu-nonce"),
        idempotency_key: header("idempotency-key"),
        signature: header("suqiu-signature"),
        body: &request.body,
    };
    let verdict = verify(&signed, keys.channel_secrets(channel.as_str()), request.at);
    verdict.map_err(|refusal| {
        AppError::Unauthenticated(match refusal {
            ChannelRefusal::BadTimestamp | ChannelRefusal::StaleTimestamp => Unknown::Timestamp,
            ChannelRefusal::BadNonce | ChannelRefusal::WrongSignature => Unknown::Signature,
        })
    })?;
    let nonce = nonce_digest(signed.nonce);
    Ok(Signed {
        channel,
        nonce,
        account: None,
    })
}
