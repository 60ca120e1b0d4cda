//! Objects: signed uploads and downloads, and (feature `s3`) the objects themselves (R-IN-3).

use std::collections::BTreeMap;

use app::AppError;
use aws_credential_types::Credentials;
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// What an upload must be: fixed by the signature (R-IN-3).
#[derive(Debug, Clone, Copy)]
pub struct UploadTerms<'a> {
    /// Name of the object.
    pub name: &'a str,
    /// Content type.
    pub content_type: &'a str,
    /// Size, to the byte.
    pub size_bytes: u64,
    /// SHA-256, base64.
    pub sha256: &'a str,
    /// When the grant ends.
    pub expires_at: DateTime<Utc>,
}

/// Form fields of a presigned POST (AWS Signature Version 4, "Browser-Based Uploads Using POST").
pub fn post_fields(
    credentials: &Credentials,
    region: &str,
    bucket: &str,
    terms: &UploadTerms<'_>,
    now: DateTime<Utc>,
) -> BTreeMap<String, String> {
    let day = now.format("%Y%m%d").to_string();
    let scope = format!(
        "{}/{day}/{region}/s3/aws4_request",
        credentials.access_key_id()
    );
    let mut fields = BTreeMap::from([
        ("key".to_owned(), terms.name.to_owned()),
        ("Content-Type".to_owned(), terms.content_type.to_owned()),
        ("x-amz-checksum-algorithm".to_owned(), "SHA256".to_owned()),
        ("x-amz-checksum-sha256".to_owned(), terms.sha256.to_owned()),
        ("x-amz-algorithm".to_owned(), "AWS4-HMAC-SHA256".to_owned()),
        ("x-amz-credential".to_owned(), scope),
        (
            "x-amz-date".to_owned(),
            now.format("%Y%m%dT%H%M%SZ").to_string(),
        ),
    ]);
    if let Some(token) = credentials.session_token() {
        fields.insert("x-amz-security-token".to_owned(), token.to_owned());
    }
    let mut conditions: Vec<serde_json::Value> = fields
        .iter()
        .map(|(name, value)| serde_json::json!(["eq", format!("${name}"), value]))
        .collect();
    conditions.push(serde_json::json!({ "bucket": bucket }));
    let size = terms.size_bytes;
    conditions.push(serde_json::json!(["content-length-range", size, size]));
    let policy = serde_json::json!({
        "expiration": terms.expires_at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "conditions": conditions,
    });
    let policy = BASE64.encode(policy.to_string().as_bytes());
    let key = signing_key(credentials.secret_access_key(), &day, region);
    fields.insert(
        "x-amz-signature".to_owned(),
        HEXLOWER.encode(&mac(&key, policy.as_bytes())),
    );
    fields.insert("policy".to_owned(), policy);
    fields
}

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length.
    Hmac::<Sha256>::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mut mac| {
            mac.update(message);
            mac.finalize().into_bytes().to_vec()
        },
    )
}

fn signing_key(secret: &str, day: &str, region: &str) -> Vec<u8> {
    let first = mac(format!("AWS4{secret}").as_bytes(), day.as_bytes());
    let second = mac(&first, region.as_bytes());
    let third = mac(&second, b"s3");
    mac(&third, b"aws4_request")
}

/// A short-lived signed GET of an object.
pub fn signed_get(
    credentials: &Credentials,
    region: &str,
    url: &str,
    life: TimeDelta,
    now: DateTime<Utc>,
) -> Result<String, AppError> {
    use aws_sigv4::http_request::{
        SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
    };
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = life.to_std().ok();
    settings.uri_path_normalization_mode =
        aws_sigv4::http_request::UriPathNormalizationMode::Disabled;
    settings.percent_encoding_mode = aws_sigv4::http_request::PercentEncodingMode::Single;
    let identity = credentials.clone().into();
    let params = aws_sigv4::sign::v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("s3")
        .time(now.into())
        .settings(settings)
        .build()
        .map_err(broken)?
        .into();
    let request = SignableRequest::new(
        "GET",
        url,
        std::iter::empty(),
        SignableBody::UnsignedPayload,
    )
    .map_err(broken)?;
    let (instructions, _) = sign(request, &params).map_err(broken)?.into_parts();
    let mut request = ::http::Request::builder()
        .uri(url)
        .body(())
        .map_err(broken)?;
    instructions.apply_to_request_http1x(&mut request);
    Ok(request.uri().to_string())
}

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Broken(format!("objects: {error}"))
}

#[cfg(feature = "s3")]
pub use bucket::Bucket;

#[cfg(feature = "s3")]
mod bucket {
    mod lake;
    mod reports;

    use app::AppError;
    use app::archive::ArchiveObjects;
    use app::letters::LetterFiles;
    use app::ports::Files;
    use app::seals::SealObjects;
    use async_trait::async_trait;
    use aws_sdk_s3::Client;
    use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata as _};
    use aws_sdk_s3::primitives::ByteStream;
    use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};

    /// One bucket.
    #[derive(Debug, Clone)]
    pub struct Bucket {
        client: Client,
        name: String,
    }

    fn unavailable<E: std::error::Error>(error: E) -> AppError {
        AppError::Unavailable(DisplayErrorContext(error).to_string())
    }

    impl Bucket {
        /// The bucket called `name`.
        pub const fn new(client: Client, name: String) -> Self {
            Self { client, name }
        }

        /// A range of an object: `length` bytes from `offset`, fewer at its end.
        pub async fn range(
            &self,
            key: &str,
            offset: u64,
            length: u64,
        ) -> Result<Vec<u8>, AppError> {
            if length == 0 {
                return Ok(Vec::new());
            }
            let range = format!("bytes={offset}-{}", offset + length - 1);
            let request = self
                .client
                .get_object()
                .bucket(&self.name)
                .key(key)
                .range(range);
            let found = request.send().await.map_err(unavailable)?;
            let body = found.body.collect().await.map_err(unavailable)?;
            Ok(body.into_bytes().to_vec())
        }

        /// Size of an object, if it is there.
        pub async fn size(&self, key: &str) -> Result<Option<u64>, AppError> {
            match self
                .client
                .head_object()
                .bucket(&self.name)
                .key(key)
                .send()
                .await
            {
                Ok(head) => Ok(head
                    .content_length()
                    .and_then(|size| u64::try_from(size).ok())),
                Err(error)
                    if error.as_service_error().is_some_and(
                        aws_sdk_s3::operation::head_object::HeadObjectError::is_not_found,
                    ) =>
                {
                    Ok(None)
                }
                Err(error) => Err(unavailable(error)),
            }
        }

        /// Stores an object.
        pub async fn store(
            &self,
            key: &str,
            content_type: &str,
            body: Vec<u8>,
        ) -> Result<(), AppError> {
            let request = self.client.put_object().bucket(&self.name).key(key);
            let request = request
                .content_type(content_type)
                .body(ByteStream::from(body));
            request.send().await.map(|_| ()).map_err(unavailable)
        }
    }

    /// Uploading in parts: one that is not completed is swept by the bucket's lifecycle.
    impl Bucket {
        /// Begins; returns the upload's id.
        pub async fn begin(&self, key: &str, content_type: &str) -> Result<String, AppError> {
            let request = self
                .client
                .create_multipart_upload()
                .bucket(&self.name)
                .key(key);
            let begun = request
                .content_type(content_type)
                .send()
                .await
                .map_err(unavailable)?;
            begun
                .upload_id
                .ok_or_else(|| AppError::Broken("an upload without id".to_owned()))
        }

        /// Sends the part with this index, from 0.
        pub async fn part(
            &self,
            key: &str,
            upload: &str,
            index: usize,
            body: Vec<u8>,
        ) -> Result<CompletedPart, AppError> {
            let number = i32::try_from(index + 1).unwrap_or(i32::MAX);
            let request = self
                .client
                .upload_part()
                .bucket(&self.name)
                .key(key)
                .upload_id(upload);
            let sent = request
                .part_number(number)
                .body(ByteStream::from(body))
                .send()
                .await;
            let tag = sent.map_err(unavailable)?.e_tag;
            Ok(CompletedPart::builder()
                .part_number(number)
                .set_e_tag(tag)
                .build())
        }

        /// Completes.
        pub async fn complete(
            &self,
            key: &str,
            upload: &str,
            parts: Vec<CompletedPart>,
        ) -> Result<(), AppError> {
            let parts = CompletedMultipartUpload::builder()
                .set_parts(Some(parts))
                .build();
            let request = self
                .client
                .complete_multipart_upload()
                .bucket(&self.name)
                .key(key);
            let request = request.upload_id(upload).multipart_upload(parts);
            request.send().await.map(|_| ()).map_err(unavailable)
        }
    }

    #[async_trait]
    impl Files for Bucket {
        /// In a bucket with versions, the one that was there is swept by the lifecycle.
        async fn delete(&self, name: &str) -> Result<(), AppError> {
            let request = self.client.delete_object().bucket(&self.name).key(name);
            request.send().await.map(|_| ()).map_err(unavailable)
        }
    }

    #[async_trait]
    impl SealObjects for Bucket {
        async fn names(&self, prefix: &str) -> Result<Vec<String>, AppError> {
            let request = self.client.list_objects_v2().bucket(&self.name);
            let mut pages = request.prefix(prefix).into_paginator().send();
            let mut names = Vec::new();
            while let Some(page) = pages.next().await {
                let objects = page.map_err(unavailable)?.contents.unwrap_or_default();
                names.extend(objects.into_iter().filter_map(|object| object.key));
            }
            Ok(names)
        }

        async fn get(&self, name: &str) -> Result<Vec<u8>, AppError> {
            let request = self.client.get_object().bucket(&self.name).key(name);
            let found = request.send().await.map_err(unavailable)?;
            let body = found.body.collect().await.map_err(unavailable)?;
            Ok(body.into_bytes().to_vec())
        }
    }

    #[async_trait]
    impl ArchiveObjects for Bucket {
        async fn put(&self, name: &str, document: Vec<u8>) -> Result<(), AppError> {
            self.store(name, "application/json", document).await
        }
    }
    /// Name of the metadata that holds the id of a file's letter.
    const LETTER: &str = "letter";

    #[async_trait]
    impl LetterFiles for Bucket {
        async fn put_new(
            &self,
            name: &str,
            letter: &str,
            pdf: Vec<u8>,
        ) -> Result<Option<String>, AppError> {
            let request = self.client.put_object().bucket(&self.name).key(name);
            let request = request
                .if_none_match("*")
                .metadata(LETTER, letter)
                .content_type("application/pdf")
                .body(ByteStream::from(pdf));
            match request.send().await {
                Ok(_) => return Ok(None),
                Err(error) if error.code() == Some("PreconditionFailed") => {}
                Err(error) => return Err(unavailable(error)),
            }
            let request = self.client.head_object().bucket(&self.name).key(name);
            let metadata = request.send().await.map_err(unavailable)?.metadata;
            let letter = metadata.and_then(|mut metadata| metadata.remove(LETTER));
            Ok(Some(letter.unwrap_or_default()))
        }
    }
}
