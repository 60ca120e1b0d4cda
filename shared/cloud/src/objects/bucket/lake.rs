//! The lake's objects (R-AN-1).

use app::AppError;
use app::lake::LakeObjects;
use app::seals::SealObjects;
use async_trait::async_trait;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use super::{Bucket, unavailable};

/// Objects of one call that removes some.
const REMOVED_AT_ONCE: usize = 1_000;

#[async_trait]
impl LakeObjects for Bucket {
    async fn names(&self, prefix: &str) -> Result<Vec<String>, AppError> {
        SealObjects::names(self, prefix).await
    }

    async fn versions(&self, prefix: &str) -> Result<Vec<(String, Option<String>)>, AppError> {
        let (mut found, mut key, mut version) = (Vec::new(), None, None);
        loop {
            let request = self.client.list_object_versions().bucket(&self.name);
            let request = request.prefix(prefix).set_key_marker(key);
            let page = request.set_version_id_marker(version).send().await;
            let page = page.map_err(unavailable)?;
            let versions = page.versions.unwrap_or_default().into_iter();
            found.extend(versions.filter_map(|it| Some((it.key?, it.version_id))));
            (key, version) = (page.next_key_marker, page.next_version_id_marker);
            if key.is_none() {
                return Ok(found);
            }
        }
    }

    async fn get(&self, name: &str, version: Option<&str>) -> Result<Vec<u8>, AppError> {
        // The only version of an object in a bucket without versions is called so.
        let version = version.filter(|version| *version != "null");
        let request = self.client.get_object().bucket(&self.name).key(name);
        let request = request.set_version_id(version.map(str::to_owned));
        let found = request.send().await.map_err(unavailable)?;
        let body = found.body.collect().await.map_err(unavailable)?;
        Ok(body.into_bytes().to_vec())
    }

    async fn range(&self, name: &str, from: u64, count: u64) -> Result<Vec<u8>, AppError> {
        Self::range(self, name, from, count).await
    }

    async fn current(&self, name: &str) -> Result<Option<(Vec<u8>, String)>, AppError> {
        let request = self.client.get_object().bucket(&self.name).key(name);
        let found = match request.send().await {
            Ok(found) => found,
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetObjectError::is_no_such_key) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(unavailable(error)),
        };
        let tag = found.e_tag.unwrap_or_default();
        let body = found.body.collect().await.map_err(unavailable)?;
        Ok(Some((body.into_bytes().to_vec(), tag)))
    }

    async fn replace(
        &self,
        name: &str,
        body: Vec<u8>,
        tag: Option<&str>,
    ) -> Result<Option<String>, AppError> {
        let request = self.client.put_object().bucket(&self.name).key(name);
        let request = match tag {
            Some(tag) => request.if_match(tag),
            None => request.if_none_match("*"),
        };
        match request.body(ByteStream::from(body)).send().await {
            Ok(stored) => Ok(Some(stored.e_tag.unwrap_or_default())),
            // The latter is said while two write at the same time.
            Err(error)
                if matches!(
                    error.code(),
                    Some("PreconditionFailed" | "ConditionalRequestConflict")
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(unavailable(error)),
        }
    }

    async fn put(&self, name: &str, body: Vec<u8>) -> Result<(), AppError> {
        self.store(name, "application/octet-stream", body).await
    }

    async fn remove(&self, names: &[String]) -> Result<(), AppError> {
        for some in names.chunks(REMOVED_AT_ONCE) {
            let ids = some
                .iter()
                .map(|name| ObjectIdentifier::builder().key(name).build());
            let ids = ids.collect::<Result<_, _>>();
            let ids = ids.map_err(|error| AppError::Broken(error.to_string()))?;
            let delete = Delete::builder().set_objects(Some(ids)).quiet(true).build();
            let delete = delete.map_err(|error| AppError::Broken(error.to_string()))?;
            let request = self.client.delete_objects().bucket(&self.name);
            let answer = request.delete(delete).send().await.map_err(unavailable)?;
            if let Some(failed) = answer.errors().first() {
                let code = failed.code().unwrap_or_default();
                return Err(AppError::Unavailable(format!(
                    "an object was not removed: {code}"
                )));
            }
        }
        Ok(())
    }
}
