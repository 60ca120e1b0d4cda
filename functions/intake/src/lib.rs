//! 提交诉求 (Art. 2, 3; R-IN-1, 2, 4, 6, 7): a signed channel request becomes a ticket; the same
//! key and body again is the same ticket.

use access::secrets::{KeySet, query_code};
use api::answers::{AppealReceipt, emergency_notice};
use api::requests::{AppealBody, ParsedAppeal, parse};
use app::AppError;
use app::documents::Document;
use app::error::FieldError;
use app::ports::Store as _;
use app::submit::{SubmitRequest, Submitted, submit};
use domain::calendar::shanghai_date;
use domain::ids::ChannelCode;
use runtime::Setup;
use runtime::channels::{Signed, channel};
use runtime::http::{Reply, Request};
use sha2::{Digest as _, Sha256};
use store::{DynamoStore, DynamoVault, VaultKey};

/// What submitting needs.
#[derive(Debug)]
pub struct Intake {
    /// The ticket store, with the vault.
    pub store: DynamoStore,
    keys: KeySet,
}

impl Intake {
    /// From the environment.
    pub async fn new(setup: &Setup) -> Result<Self, AppError> {
        let keys = cloud::secrets::keys(&setup.sdk, &setup.setting("KEYS")?).await?;
        let vault_key = VaultKey::new(keys.vault_key.expose())
            .ok_or_else(|| AppError::Broken("the vault key is not 32 bytes".to_owned()))?;
        let vault = DynamoVault::new(
            setup.sdk.dynamodb(),
            setup.setting("VAULT_TABLE")?,
            vault_key,
        );
        Ok(Self {
            store: setup.store()?.with_vault(vault),
            keys,
        })
    }
}

/// `POST /appeals`.
pub async fn handle(intake: &Intake, request: Request) -> Result<Reply, AppError> {
    let signed = channel(&intake.keys, &request)?;
    let key_digest = key_digest(&intake.keys, &signed.channel, &request)?;
    let reference = intake.store.reference(request.at).await?;
    let rulebook = reference
        .timetable
        .rulebooks
        .in_force(shanghai_date(request.at));
    let appeal = parse::<AppealBody>(&request.body)?.check(&rulebook)?;
    let wanted = wanted(appeal, signed, key_digest, &request);
    let submitted = submit(&intake.store, &wanted).await?;
    Reply::json(
        if submitted.is_new { 201 } else { 200 },
        &receipt(intake, &submitted, &wanted),
    )
}

fn key_digest(
    keys: &KeySet,
    channel: &ChannelCode,
    request: &Request,
) -> Result<[u8; 32], AppError> {
    let key = request.header("idempotency-key").unwrap_or_default();
    let good = (8..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !good {
        let detail = "必须提供：8至128个可见ASCII字符，每件新诉求各不相同，重试时保持不变";
        return Err(AppError::Invalid(vec![FieldError::new(
            "Idempotency-Key",
            detail,
        )]));
    }
    let mut hash = Sha256::new();
    hash.update(keys.identity_key.expose());
    hash.update(channel.as_str());
    hash.update([0]);
    hash.update(key);
    Ok(hash.finalize().into())
}

fn wanted(
    appeal: ParsedAppeal,
    signed: Signed,
    key_digest: [u8; 32],
    request: &Request,
) -> SubmitRequest {
    SubmitRequest {
        channel: signed.channel,
        nonce: signed.nonce,
        key_digest,
        body_digest: Sha256::digest(&request.body).into(),
        kind: appeal.kind,
        subject: appeal.subject,
        document: Document::Appeal {
            title: appeal.title,
            text: appeal.text,
        },
        appellant: appeal.appellant,
        reply_way: appeal.reply_way,
        area: appeal.area,
        service_item: appeal.service_item,
        attachments: appeal.attachments,
        at: request.at,
    }
}

fn receipt(intake: &Intake, submitted: &Submitted, wanted: &SubmitRequest) -> AppealReceipt {
    let ticket = &submitted.ticket;
    let key = ticket.number.key();
    let code = query_code(intake.keys.query_code_key.expose(), key.as_str());
    let words = match &wanted.document {
        Document::Appeal { title, text } => format!("{}\n{text}", title.as_deref().unwrap_or("")),
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
