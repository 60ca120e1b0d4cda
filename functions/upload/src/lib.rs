//! Grants an upload (R-IN-3): a short-lived signed form that fixes type, size and checksum. The
//! file goes straight to object storage; the same grant can be used again until it ends, so an
//! upload that broke off is taken up again with it.

use access::secrets::KeySet;
use api::answers::UploadGrant;
use api::requests::{UploadBody, parse};
use app::AppError;
use app::act::present;
use app::error::{FieldError, Unknown};
use app::ports::{Attachment, AttachmentState, Store as _};
use authz::{Intent, Permit, Principal, authorize};
use chrono::TimeDelta;
use data_encoding::{BASE32_NOPAD, BASE64};
use domain::ids::{ChannelCode, UploadId};
use domain::workflow::decide::is_open;
use domain::workflow::refusal::Refusal;
use domain::workflow::words::{Action, Role};
use media::{Limits, MediaKind, MediaType, declared_matches};
use runtime::Setup;
use runtime::appellant::appeal;
use runtime::http::{Reply, Request};
use runtime::pages::Pages;
use sha2::{Digest as _, Sha256};
use store::DynamoStore;

/// How long a grant lasts.
const GRANT_LIFE: TimeDelta = TimeDelta::minutes(15);

/// What granting needs.
#[derive(Debug)]
pub struct Desk {
    /// The ticket store.
    pub store: DynamoStore,
    pages: Pages,
    sdk: cloud::sdk::Sdk,
    bucket: String,
}

impl Desk {
    /// From the environment.
    pub async fn new(setup: &Setup) -> Result<Self, AppError> {
        let keys = cloud::secrets::keys(&setup.sdk, &setup.setting("KEYS")?).await?;
        let (store, bucket) = (setup.store()?, setup.setting("ATTACHMENTS_BUCKET")?);
        Ok(Self {
            store,
            pages: Pages::from_setup(setup, keys)?,
            sdk: setup.sdk.clone(),
            bucket,
        })
    }
}

impl Desk {
    const fn keys(&self) -> &KeySet {
        self.pages.appellants().keys()
    }
}

/// `POST /uploads` for channels and pages, `POST /appeals/{number}/uploads` for who is asked for supplements.
pub async fn handle(desk: &Desk, request: Request) -> Result<Reply, AppError> {
    if request.path_parameter("number").is_some() {
        return for_appellant(desk, &request).await;
    }
    let signed = desk.pages.caller(&request).await?;
    let permit = authorize(Principal::Channel(&signed.channel), Intent::Upload)?;
    let body = parse::<UploadBody>(&request.body)?;
    check(&body)?;
    let nonce = request.header("suqiu-nonce").unwrap_or_default();
    // The same file of the same person is the same upload: one that broke off is taken up again.
    let account = signed.account.as_ref();
    let account = account.map(|it| format!("{} account {}", signed.channel, it.reveal()));
    let parts = match &account {
        Some(account) => [account.as_str(), &body.sha256],
        None => [signed.channel.as_str(), nonce],
    };
    let id = upload_id(desk.keys(), parts)?;
    let granted = granted(id, signed.channel, &body);
    if !put_grant(desk, &granted, &request).await? && signed.account.is_none() {
        return Err(AppError::Unauthenticated(Unknown::ReplayedNonce));
    }
    grant(desk, &granted, (&request, &permit))
}

/// The same file for the same appeal is the same upload: one that broke off is taken up again.
async fn for_appellant(desk: &Desk, request: &Request) -> Result<Reply, AppError> {
    let ticket = appeal(&desk.store, desk.pages.appellants(), request).await?;
    let (action, state) = (Action::AnswerSupplement, ticket.state);
    let whose = Principal::Appellant(&ticket.number);
    let permit = authorize(whose, Intent::Act(action, &ticket))?;
    if !is_open(action, Role::Appellant, None, &ticket) {
        return Err(AppError::Refused {
            refusal: Refusal::NotOpenNow { action, state },
            present: Some(present(&ticket)),
        });
    }
    let body = parse::<UploadBody>(&request.body)?;
    check(&body)?;
    let id = upload_id(desk.keys(), [ticket.number.as_str(), &body.sha256])?;
    let granted = granted(id, ticket.submission.channel, &body);
    put_grant(desk, &granted, request).await?;
    grant(desk, &granted, (request, &permit))
}

fn granted(id: UploadId, channel: ChannelCode, body: &UploadBody) -> Attachment {
    Attachment {
        id,
        channel,
        content_type: body.content_type.clone(),
        size_bytes: body.size_bytes,
        sha256: body.sha256.clone(),
        state: AttachmentState::Granted,
        detected_type: None,
        removed: Vec::new(),
    }
}

/// The grant is swept a day after it ended if nothing came.
async fn put_grant(desk: &Desk, granted: &Attachment, request: &Request) -> Result<bool, AppError> {
    let swept_at = request.at + GRANT_LIFE + TimeDelta::days(1);
    desk.store.put_grant(granted, swept_at).await
}

fn grant(
    desk: &Desk,
    granted: &Attachment,
    (request, permit): (&Request, &Permit),
) -> Result<Reply, AppError> {
    let expires_at = request.at + GRANT_LIFE;
    let name = format!("quarantine/{}", granted.id);
    let terms = cloud::objects::UploadTerms {
        name: &name,
        content_type: &granted.content_type,
        size_bytes: granted.size_bytes,
        sha256: &granted.sha256,
        expires_at,
    };
    let credentials = cloud::sdk::credentials()?;
    let region = desk.sdk.region();
    let fields =
        cloud::objects::post_fields(&credentials, region, &desk.bucket, &terms, request.at);
    let url = desk.sdk.bucket_url(&desk.bucket);
    Reply::json(
        permit,
        201,
        &UploadGrant {
            upload_id: granted.id.to_string(),
            url,
            fields,
            expires_at,
        },
    )
}

fn check(body: &UploadBody) -> Result<(), AppError> {
    let mut wrong = Vec::new();
    match declared(&body.content_type) {
        None => wrong.push(FieldError::new(
            "/contentType",
            "不支持的类型；可上传照片、录音、录像和文档（PDF、DOCX、XLSX、PPTX）",
        )),
        Some(kind) => {
            let most = Limits::default().max_bytes(kind);
            if body.size_bytes == 0 || body.size_bytes > most {
                let most = most / (1 << 20);
                wrong.push(FieldError::new(
                    "/sizeBytes",
                    format!("大小应为1字节至{most} MB"),
                ));
            }
        }
    }
    let digest = BASE64.decode(body.sha256.as_bytes());
    if digest.map_or(0, |digest| digest.len()) != 32 {
        wrong.push(FieldError::new(
            "/sha256",
            "应为文件内容 SHA-256 摘要的 Base64 编码",
        ));
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(AppError::Invalid(wrong))
    }
}

/// Follows from what makes the request what it is (channel and nonce of a signed one, appeal and
/// file of an appellant's), so the same again comes to the grant that it made; unguessable without
/// the key.
fn upload_id(keys: &KeySet, parts: [&str; 2]) -> Result<UploadId, AppError> {
    let mut hash = Sha256::new();
    hash.update(keys.identity_key.expose());
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    let digest = hash.finalize();
    let id = BASE32_NOPAD
        .encode(digest.get(..15).unwrap_or_default())
        .to_lowercase();
    UploadId::parse(&id).map_err(|error| AppError::Broken(error.to_string()))
}

fn declared(content_type: &str) -> Option<MediaKind> {
    let declared = MediaType::ALL
        .iter()
        .find(|media| declared_matches(content_type, **media));
    declared.map(|media| media.kind())
}
