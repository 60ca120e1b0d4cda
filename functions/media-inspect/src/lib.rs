//! Inspects what was uploaded (R-IN-3): the type is told from the bytes, location data is stripped
//! from the copy that officers see, the original stays untouched in quarantine. What is not what
//! was declared stays there: shown, never served.

mod copy;

use app::AppError;
use app::ports::{Attachment, AttachmentState, Store as _};
use cloud::objects::Bucket;
use data_encoding::BASE64;
use domain::ids::UploadId;
use media::{Limits, MediaRefusal, MediaType, Scan, inspect, strip_location};
use runtime::events::Message;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use store::DynamoStore;

/// Files up to this size are held whole; larger films are copied piece by piece.
const WHOLE_BYTES: u64 = 64 << 20;

/// The beginning of a large film, enough to tell its type.
const HEAD_BYTES: u64 = 64 << 10;

/// What inspecting needs.
#[derive(Debug)]
pub struct Desk {
    store: DynamoStore,
    bucket: Bucket,
}

impl Desk {
    /// With store and bucket.
    pub const fn new(store: DynamoStore, bucket: Bucket) -> Self {
        Self { store, bucket }
    }
}

#[derive(Deserialize)]
struct Notification {
    #[serde(default, rename = "Records")]
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    s3: Place,
}

#[derive(Deserialize)]
struct Place {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    key: String,
}

/// One notification of the bucket. Test notifications have no records.
pub async fn handle(desk: &Desk, message: Message) -> Result<(), AppError> {
    let body = message.body.unwrap_or_default();
    let notification: Notification =
        serde_json::from_str(&body).map_err(|error| AppError::Malformed(error.to_string()))?;
    for record in notification.records {
        inspect_upload(desk, &record.s3.object.key).await?;
    }
    Ok(())
}

async fn inspect_upload(desk: &Desk, key: &str) -> Result<(), AppError> {
    let id = key
        .strip_prefix("quarantine/")
        .and_then(|id| UploadId::parse(id).ok());
    let id = id.ok_or_else(|| AppError::Malformed("not an upload's key".to_owned()))?;
    let granted = desk.store.attachment(&id).await?;
    let mut attachment = granted.ok_or_else(|| AppError::Broken("upload without grant".into()))?;
    let size = desk.bucket.size(key).await?;
    let size = size.ok_or_else(|| AppError::Unavailable("the upload is not there yet".into()))?;
    let verdict = release(desk, key, &attachment, size).await?;
    match verdict {
        Ok((media, removed)) => {
            attachment.state = AttachmentState::Clean;
            attachment.detected_type = Some(media.content_type().to_owned());
            attachment.removed = removed;
        }
        Err(refusal) => {
            let reason = refusal.reason().to_owned();
            attachment.state = AttachmentState::Quarantined { reason };
            if let MediaRefusal::Mismatch { detected } = refusal {
                attachment.detected_type = Some(detected.content_type().to_owned());
            }
        }
    }
    desk.store.put_verdict(&attachment).await
}

/// Type and what was removed, or why the file stays in quarantine.
type Verdict = Result<(MediaType, Vec<String>), MediaRefusal>;

async fn release(
    desk: &Desk,
    key: &str,
    attachment: &Attachment,
    size: u64,
) -> Result<Verdict, AppError> {
    let clean = format!("clean/{}", attachment.id);
    let limits = Limits::default();
    let declared = &attachment.content_type;
    if size > WHOLE_BYTES {
        let head = desk.bucket.range(key, 0, HEAD_BYTES).await?;
        return match inspect(declared, &head, size, &limits) {
            Ok(media) if Scan::covers(media) => {
                copy::copy_film(&desk.bucket, key, &clean, media, size).await
            }
            Ok(_) => Ok(Err(MediaRefusal::TooLarge {
                max_bytes: WHOLE_BYTES,
            })),
            Err(refusal) => Ok(Err(refusal)),
        };
    }
    let bytes = desk.bucket.range(key, 0, size).await?;
    if BASE64.encode(&Sha256::digest(&bytes)) != attachment.sha256 {
        return Ok(Err(MediaRefusal::Malformed));
    }
    let stripped = inspect(declared, &bytes, size, &limits)
        .and_then(|media| strip_location(&bytes, media).map(|stripped| (media, stripped)));
    let (media, stripped) = match stripped {
        Ok(good) => good,
        Err(refusal) => return Ok(Err(refusal)),
    };
    desk.bucket
        .store(&clean, media.content_type(), stripped.bytes)
        .await?;
    Ok(Ok((
        media,
        stripped.removed.into_iter().map(str::to_owned).collect(),
    )))
}
