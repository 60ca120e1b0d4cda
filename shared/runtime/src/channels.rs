//! Channel systems: signed requests, each nonce once (R-AC-2).

use access::channel::{ChannelRefusal, SignedRequest, verify};
use access::secrets::KeySet;
use app::AppError;
use app::error::Unknown;
use app::ports::Store;
use domain::ids::ChannelCode;

use crate::http::Request;

/// The channel that signed `request`. Over-large bodies are refused before they are hashed.
pub async fn channel(
    store: &dyn Store,
    keys: &KeySet,
    request: &Request,
) -> Result<ChannelCode, AppError> {
    if request.body.len() > api::requests::BODY_LIMIT_BYTES {
        return Err(AppError::BodyTooLarge);
    }
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
    if store.use_nonce(&channel, signed.nonce, request.at).await? {
        Ok(channel)
    } else {
        Err(AppError::Unauthenticated(Unknown::ReplayedNonce))
    }
}
