//! The city's own pages (R-IN-1, R-IN-7, R-AC-2): whoever signed in there brings in an appeal by
//! their token, as a channel system does by its signature.

use access::channel::nonce_digest;
use access::secrets::KeySet;
use app::AppError;
use app::error::Unknown;
use domain::ids::ChannelCode;
use domain::personal::Personal;

use crate::Setup;
use crate::appellant::Appellants;
use crate::channels::{Signed, channel, check_size};
use crate::http::Request;

/// Who may bring something in: channel systems, and appellants on the pages.
#[derive(Debug)]
pub struct Pages {
    appellants: Appellants,
    channels: Vec<ChannelCode>,
}

impl Pages {
    /// From the environment: the channels that are pages, and the appellants' issuer.
    pub fn from_setup(setup: &Setup, keys: KeySet) -> Result<Self, AppError> {
        let named = setup.setting("PAGE_CHANNELS")?;
        let named = named.split(',').filter(|code| !code.is_empty());
        let channels = named.map(|code| {
            ChannelCode::parse(code)
                .map_err(|_| AppError::Broken(format!("PAGE_CHANNELS names `{code}`")))
        });
        Ok(Self {
            appellants: Appellants::from_setup(setup, keys)?,
            channels: channels.collect::<Result<_, _>>()?,
        })
    }

    /// The appellants, and the keys.
    pub const fn appellants(&self) -> &Appellants {
        &self.appellants
    }

    /// Which channel brings it, and for which account if a page does. What is signed is a channel
    /// system's, whatever token is with it.
    pub async fn caller(&self, request: &Request) -> Result<Signed, AppError> {
        let is_signed = request.header("suqiu-signature").is_some();
        if is_signed || request.header("authorization").is_none() {
            return channel(self.appellants.keys(), request);
        }
        check_size(request)?;
        let code = request.header("suqiu-channel").unwrap_or_default();
        let page = self.channels.iter().find(|page| page.as_str() == code);
        let page = page.ok_or(AppError::Unauthenticated(Unknown::Signature))?;
        let account = self.appellants.account(request).await?;
        let account = account.ok_or(AppError::Unauthenticated(Unknown::Token))?;
        Ok(Signed {
            channel: page.clone(),
            // A token is no signature: nothing is gained by sending it again, and each request is
            // another to the record of nonces.
            nonce: nonce_digest(&request.trace_id),
            account: Some(Personal::new(account)),
        })
    }
}
