//! Reports (R-AN-2).

use app::AppError;
use app::lake::LakeObjects;
use app::reports::PeriodicFiles;
use app::seals::SealObjects;
use async_trait::async_trait;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::primitives::ByteStream;

use super::{Bucket, unavailable};

#[async_trait]
impl PeriodicFiles for Bucket {
    async fn names(&self, prefix: &str) -> Result<Vec<String>, AppError> {
        SealObjects::names(self, prefix).await
    }

    async fn find(&self, name: &str) -> Result<Option<Vec<u8>>, AppError> {
        let found = LakeObjects::current(self, name).await?;
        Ok(found.map(|(body, _)| body))
    }

    async fn keep(&self, name: &str, content_type: &str, body: Vec<u8>) -> Result<(), AppError> {
        let request = self.client.put_object().bucket(&self.name).key(name);
        let request = request
            .if_none_match("*")
            .content_type(content_type)
            .body(ByteStream::from(body));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("PreconditionFailed") => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }
}
