//! The objects: a folder, and a message to a queue for each new object that one asked for.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use http::Method;
use s3s::{
    S3, S3Error, S3ErrorCode, S3Request, S3Response, S3Result,
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
        CompleteMultipartUploadOutput, CopyObjectInput, CopyObjectOutput, CopySource,
        CreateMultipartUploadInput, CreateMultipartUploadOutput, DeleteObjectInput,
        DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, ETag, GetBucketLocationInput,
        GetBucketLocationOutput, GetObjectInput, GetObjectOutput, HeadBucketInput,
        HeadBucketOutput, HeadObjectInput, HeadObjectOutput, ListBucketsInput, ListBucketsOutput,
        ListObjectVersionsInput, ListObjectVersionsOutput, ListObjectsInput, ListObjectsOutput,
        ListObjectsV2Input, ListObjectsV2Output, ListPartsInput, ListPartsOutput, ObjectVersion,
        PutObjectInput, PutObjectOutput, UploadPartCopyInput, UploadPartCopyOutput,
        UploadPartInput, UploadPartOutput,
    },
};
use s3s_fs::FileSystem;
use serde_json::json;

use super::turns::Turns;
use crate::{ACCOUNT_ID, Clock, Notification, PARTITION, REGION, sqs::Sqs};

/// The objects of all buckets.
#[derive(Debug)]
pub(super) struct Store {
    files: FileSystem,
    folder: PathBuf,
    notifications: BTreeMap<String, Vec<Notification>>,
    sqs: Sqs,
    clock: Clock,
    sequence: AtomicU64,
    turns: Turns,
}

impl Store {
    pub(super) fn new(
        files: FileSystem,
        folder: PathBuf,
        notifications: BTreeMap<String, Vec<Notification>>,
        sqs: Sqs,
        clock: Clock,
    ) -> Self {
        Self {
            files,
            folder,
            notifications,
            sqs,
            clock,
            sequence: AtomicU64::new(0),
            turns: Turns::default(),
        }
    }

    /// Tells the queues that asked for it of a new object. The object is acknowledged only
    /// afterwards, so a crash in between can repeat a message's cause but never lose a message.
    async fn tell(
        &self,
        event: &str,
        bucket: &str,
        key: &str,
        e_tag: Option<&ETag>,
    ) -> S3Result<()> {
        for notification in self.notifications.get(bucket).into_iter().flatten() {
            if !asks_for(notification, event, key) {
                continue;
            }
            let body = self.event(event, bucket, key, e_tag).await;
            self.sqs
                .send_text(&notification.queue, body)
                .await
                .map_err(|error| {
                    tracing::error!(
                        queue = notification.queue,
                        "cannot tell of an object: {error:#}"
                    );
                    S3Error::with_message(
                        S3ErrorCode::InternalError,
                        "the notification was not sent",
                    )
                })?;
        }
        Ok(())
    }

    async fn event(&self, event: &str, bucket: &str, key: &str, e_tag: Option<&ETag>) -> String {
        let size = tokio::fs::metadata(self.folder.join(bucket).join(key))
            .await
            .map_or(0, |file| file.len());
        let time = self.clock.now();
        let sequence = self.sequence.fetch_add(1, Ordering::Relaxed);
        let record = json!({
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": REGION,
            "eventTime": time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            "eventName": event,
            "userIdentity": { "principalId": ACCOUNT_ID },
            "requestParameters": { "sourceIPAddress": "127.0.0.1" },
            "responseElements": {},
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "laptop",
                "bucket": {
                    "name": bucket,
                    "ownerIdentity": { "principalId": ACCOUNT_ID },
                    "arn": format!("arn:{PARTITION}:s3:::{bucket}"),
                },
                "object": {
                    "key": form_encoded(key),
                    "size": size,
                    "eTag": e_tag.map(ETag::value),
                    "sequencer": format!("{:016X}{sequence:08X}", self.clock.real_ms()),
                },
            },
        });
        json!({ "Records": [record] }).to_string()
    }

    async fn put(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        if request.input.tagging.is_some() {
            let message = "the laptop's S3 keeps no tags";
            return Err(S3Error::with_message(S3ErrorCode::NotImplemented, message));
        }
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        let form = request.method == Method::POST;
        let turn = self.turns.alone([(bucket.clone(), key.clone())]).await;
        match self.files.put_object(request).await {
            Ok(response) => {
                drop(turn);
                let event = if form {
                    "ObjectCreated:Post"
                } else {
                    "ObjectCreated:Put"
                };
                self.tell(event, &bucket, &key, response.output.e_tag.as_ref())
                    .await?;
                Ok(response)
            }
            Err(error) => {
                // The folder has the bytes before their checksum is known to be wrong.
                if *error.code() == S3ErrorCode::BadDigest
                    && let Err(error) =
                        tokio::fs::remove_file(self.folder.join(&bucket).join(&key)).await
                {
                    tracing::warn!(%error, key, "cannot remove a refused object");
                }
                Err(error)
            }
        }
    }

    async fn copy(
        &self,
        request: S3Request<CopyObjectInput>,
    ) -> S3Result<S3Response<CopyObjectOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        let mut touched = vec![(bucket.clone(), key.clone())];
        if let CopySource::Bucket { bucket, key, .. } = &request.input.copy_source {
            touched.push((bucket.to_string(), key.to_string()));
        }
        let turns = self.turns.alone(touched).await;
        let response = self.files.copy_object(request).await?;
        drop(turns);
        let result = response.output.copy_object_result.as_ref();
        let e_tag = result.and_then(|result| result.e_tag.as_ref());
        self.tell("ObjectCreated:Copy", &bucket, &key, e_tag)
            .await?;
        Ok(response)
    }

    async fn get(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let name = (request.input.bucket.clone(), request.input.key.clone());
        let _turn = self.turns.shared(name).await;
        self.files.get_object(request).await
    }

    async fn head(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let name = (request.input.bucket.clone(), request.input.key.clone());
        let _turn = self.turns.shared(name).await;
        self.files.head_object(request).await
    }

    async fn delete(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        let name = (request.input.bucket.clone(), request.input.key.clone());
        let _turn = self.turns.alone([name]).await;
        self.files.delete_object(request).await
    }

    async fn delete_all(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        let input = &request.input;
        let names =
            (input.delete.objects.iter()).map(|object| (input.bucket.clone(), object.key.clone()));
        let _turns = self.turns.alone(names).await;
        self.files.delete_objects(request).await
    }

    /// As of a bucket without versions: each object is its only one, called `null`.
    async fn versions(
        &self,
        request: S3Request<ListObjectVersionsInput>,
    ) -> S3Result<S3Response<ListObjectVersionsOutput>> {
        let listed = request.map_input(|input| ListObjectsV2Input {
            bucket: input.bucket,
            prefix: input.prefix,
            max_keys: input.max_keys,
            start_after: input.key_marker,
            ..ListObjectsV2Input::default()
        });
        let listed = self.files.list_objects_v2(listed).await?.output;
        let objects = listed.contents.unwrap_or_default().into_iter();
        let only = |object: s3s::dto::Object| ObjectVersion {
            key: object.key,
            size: object.size,
            e_tag: object.e_tag,
            last_modified: object.last_modified,
            is_latest: Some(true),
            version_id: Some("null".to_owned()),
            ..ObjectVersion::default()
        };
        Ok(S3Response::new(ListObjectVersionsOutput {
            next_key_marker: listed.next_continuation_token,
            is_truncated: listed.is_truncated,
            prefix: listed.prefix,
            name: listed.name,
            versions: Some(objects.map(only).collect()),
            ..ListObjectVersionsOutput::default()
        }))
    }

    async fn complete(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        let turn = self.turns.alone([(bucket.clone(), key.clone())]).await;
        let response = self.files.complete_multipart_upload(request).await?;
        drop(turn);
        let e_tag = response.output.e_tag.as_ref();
        self.tell(
            "ObjectCreated:CompleteMultipartUpload",
            &bucket,
            &key,
            e_tag,
        )
        .await?;
        Ok(response)
    }
}

/// Hands the operations of the first list to this crate and those of the second to the folder.
macro_rules! operations {
    (
        own { $($own:ident = $by:ident: $own_in:ty => $own_out:ty;)* }
        files { $($method:ident: $input:ty => $output:ty;)* }
    ) => {
        #[async_trait::async_trait]
        impl S3 for Store {
            $(
                async fn $own(&self, request: S3Request<$own_in>) -> S3Result<S3Response<$own_out>> {
                    self.$by(request).await
                }
            )*
            $(
                async fn $method(&self, request: S3Request<$input>) -> S3Result<S3Response<$output>> {
                    self.files.$method(request).await
                }
            )*
        }
    };
}

operations! {
    own {
        put_object = put: PutObjectInput => PutObjectOutput;
        copy_object = copy: CopyObjectInput => CopyObjectOutput;
        complete_multipart_upload = complete:
            CompleteMultipartUploadInput => CompleteMultipartUploadOutput;
        get_object = get: GetObjectInput => GetObjectOutput;
        head_object = head: HeadObjectInput => HeadObjectOutput;
        delete_object = delete: DeleteObjectInput => DeleteObjectOutput;
        delete_objects = delete_all: DeleteObjectsInput => DeleteObjectsOutput;
        list_object_versions = versions: ListObjectVersionsInput => ListObjectVersionsOutput;
    }
    files {
        abort_multipart_upload: AbortMultipartUploadInput => AbortMultipartUploadOutput;
        create_multipart_upload: CreateMultipartUploadInput => CreateMultipartUploadOutput;
        get_bucket_location: GetBucketLocationInput => GetBucketLocationOutput;
        head_bucket: HeadBucketInput => HeadBucketOutput;
        list_buckets: ListBucketsInput => ListBucketsOutput;
        list_objects: ListObjectsInput => ListObjectsOutput;
        list_objects_v2: ListObjectsV2Input => ListObjectsV2Output;
        list_parts: ListPartsInput => ListPartsOutput;
        upload_part: UploadPartInput => UploadPartOutput;
        upload_part_copy: UploadPartCopyInput => UploadPartCopyOutput;
    }
}

fn asks_for(notification: &Notification, event: &str, key: &str) -> bool {
    let wanted = notification.event.trim_start_matches("s3:");
    let named = wanted
        .strip_suffix('*')
        .map_or(wanted == event, |start| event.starts_with(start));
    named && key.starts_with(&notification.prefix) && key.ends_with(&notification.suffix)
}

/// A key as S3's events have it: percent-encoded, but with `+` for blanks and `/` as it is.
fn form_encoded(key: &str) -> String {
    let mut encoded = String::with_capacity(key.len());
    for byte in key.bytes() {
        match byte {
            b' ' => encoded.push('+'),
            b'/' | b'-' | b'_' | b'.' | b'*' => encoded.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            byte => encoded.extend(format!("%{byte:02X}").chars()),
        }
    }
    encoded
}
