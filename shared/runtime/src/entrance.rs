//! The one entrance (Art. 3; R-IN-1, 2, 4, 6): an appeal of a signed request becomes a ticket,
//! whether it comes alone or as a line of a file.

use access::channel::idempotency_digest;
use access::identity::{Identity, appellant_digest};
use access::secrets::{KeySet, query_code};
use api::answers::{AppealReceipt, emergency_notice};
use api::requests::{AppealBody, ParsedAppeal};
use app::AppError;
use app::documents::Document;
use app::error::FieldError;
use app::ports::Store as _;
use app::submit::{SubmitRequest, Submitted, submit};
use chrono::{DateTime, Utc};
use domain::calendar::shanghai_date;
use domain::ids::AppellantId;
use sha2::{Digest as _, Sha256};
use store::DynamoStore;

use crate::Setup;
use crate::channels::{Signed, channel};
use crate::http::Request;
use crate::vault::vault;

/// What submitting needs.
#[derive(Debug)]
pub struct Entrance {
    /// The ticket store, with the vault.
    pub store: DynamoStore,
    keys: KeySet,
}

/// An appeal as it came.
#[derive(Debug)]
pub struct Arrival<'a> {
    /// Its fields.
    pub body: AppealBody,
    /// Its bytes: the same key with others is refused.
    pub bytes: &'a [u8],
    /// Keyed digest of channel and key.
    pub key_digest: [u8; 32],
    /// Who signed, and the nonce that the ticket remembers.
    pub signed: Signed,
    /// When.
    pub at: DateTime<Utc>,
}

/// What became of an appeal.
#[derive(Debug)]
pub struct Taken {
    /// For the channel and the appellant.
    pub receipt: AppealReceipt,
    /// Whether this request made the ticket, or an earlier one with the same key.
    pub is_new: bool,
}

impl Entrance {
    /// From the environment.
    pub async fn new(setup: &Setup) -> Result<Self, AppError> {
        let keys = cloud::secrets::keys(&setup.sdk, &setup.setting("KEYS")?).await?;
        let store = setup.store()?.with_vault(vault(setup, &keys)?);
        Ok(Self { store, keys })
    }

    /// The keys.
    pub const fn keys(&self) -> &KeySet {
        &self.keys
    }

    /// The channel that signed a request.
    pub fn signed(&self, request: &Request) -> Result<Signed, AppError> {
        channel(&self.keys, request)
    }

    /// The keyed digest of what tells one appeal of the channel from another; `pointer` is where it
    /// stands in the request.
    pub fn key_digest(
        &self,
        signed: &Signed,
        key: &str,
        pointer: &str,
    ) -> Result<[u8; 32], AppError> {
        let identity_key = self.keys.identity_key.expose();
        // Of a page, each account has keys of its own.
        let account = signed.account.as_ref();
        let whose = match account {
            Some(account) => format!("{}\0{}", signed.channel, account.reveal()),
            None => signed.channel.to_string(),
        };
        idempotency_digest(identity_key, &whose, key).ok_or_else(|| {
            let detail = "必须提供：8至128个可见ASCII字符，每件新诉求各不相同，重试时保持不变";
            AppError::Invalid(vec![FieldError::new(pointer, detail)])
        })
    }

    /// Takes an appeal in: checked against the rulebook in force, and made a ticket unless it is one.
    pub async fn takes(&self, arrival: Arrival<'_>) -> Result<Taken, AppError> {
        let reference = self.store.reference(arrival.at).await?;
        let rulebooks = &reference.timetable.rulebooks;
        let rulebook = rulebooks.in_force(shanghai_date(arrival.at));
        let mut appeal = arrival.body.check(&rulebook)?;
        if let Some(account) = arrival.signed.account {
            appeal.account = Some(account);
        }
        let appellant_id = self.appellant_id(&appeal, &arrival.key_digest);
        let wanted = SubmitRequest {
            channel: arrival.signed.channel,
            nonce: arrival.signed.nonce,
            key_digest: arrival.key_digest,
            body_digest: Sha256::digest(arrival.bytes).into(),
            kind: appeal.kind,
            subject: appeal.subject,
            document: Document::Appeal {
                title: appeal.title,
                text: appeal.text,
            },
            appellant_id,
            appellant: appeal.appellant,
            reply_way: appeal.reply_way,
            area: appeal.area,
            service_item: appeal.service_item,
            attachments: appeal.attachments,
            at: arrival.at,
        };
        let submitted = submit(&self.store, &wanted).await?;
        Ok(Taken {
            receipt: self.receipt(&submitted, &wanted.document),
            is_new: submitted.is_new,
        })
    }

    fn appellant_id(&self, appeal: &ParsedAppeal, key_digest: &[u8; 32]) -> AppellantId {
        let appellant = &appeal.appellant;
        let identity = Identity {
            account: appeal.account.as_ref().map(|it| it.reveal().as_str()),
            kind: appellant.kind.code(),
            name: appellant.name.reveal(),
            identity_number: appellant
                .identity_number
                .as_ref()
                .map(|it| it.reveal().as_str()),
            phone: appellant.phone.as_ref().map(|it| it.reveal().as_str()),
        };
        let identity_key = self.keys.identity_key.expose();
        AppellantId::of(&appellant_digest(identity_key, &identity, key_digest))
    }

    fn receipt(&self, submitted: &Submitted, document: &Document) -> AppealReceipt {
        let ticket = &submitted.ticket;
        let key = ticket.number.key();
        let code = query_code(self.keys.query_code_key.expose(), key.as_str());
        let words = match document {
            Document::Appeal { title, text } => {
                format!("{}\n{text}", title.as_deref().unwrap_or(""))
            }
            _ => String::new(),
        };
        AppealReceipt {
            number: ticket.number.to_string(),
            query_code: code.expose().to_owned(),
            received_at: ticket.received_at,
            state: ticket.state.code(),
            notice: emergency_notice(&words),
        }
    }
}
