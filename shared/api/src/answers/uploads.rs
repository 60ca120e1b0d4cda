//! Where files are sent to and read from.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// A short-lived link to a clean attachment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentLink {
    url: String,
    expires_at: DateTime<Utc>,
}

impl AttachmentLink {
    /// A link and when it ends.
    pub const fn new(url: String, expires_at: DateTime<Utc>) -> Self {
        Self { url, expires_at }
    }
}

/// A granted upload: where and with which form fields to send the file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadGrant {
    /// Its identifier, to be named when submitting.
    pub upload_id: String,
    /// Where to POST the form.
    pub url: String,
    /// Fields of the form, before the file.
    pub fields: std::collections::BTreeMap<String, String>,
    /// When the grant ends.
    pub expires_at: DateTime<Utc>,
}
