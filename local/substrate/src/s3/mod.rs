//! S3: s3s over a folder, with what it lacks: messages about new objects, and pages' access.

mod front;
mod store;
#[cfg(test)]
mod tests;
mod turns;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use anyhow::{Context, anyhow};
use s3s::{
    auth::SimpleAuth,
    config::{S3Config, S3ConfigProvider},
    service::{S3Service, S3ServiceBuilder},
};
use s3s_fs::FileSystem;
use tokio::sync::watch;

use self::{front::Pages, store::Store};
use crate::{ACCESS_KEY_ID, BucketSpec, Clock, SECRET_ACCESS_KEY, net, sqs::Sqs};

/// The largest file of a form upload; it is held in memory.
const MAX_FORM_FILE_BYTES: u64 = 256 * 1024 * 1024;

/// How far a signature's time may be off.
const MAX_SKEW_SECONDS: u64 = 900;

/// The buckets of the laptop.
#[derive(Clone)]
pub(crate) struct S3 {
    service: S3Service,
    pages: Arc<Pages>,
}

impl S3 {
    /// Opens the buckets: creates those of the template that do not exist yet.
    pub(crate) fn open(
        folder: &Path,
        buckets: &[BucketSpec],
        sqs: Sqs,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        for bucket in buckets {
            let path = folder.join(&bucket.name);
            std::fs::create_dir_all(&path)
                .with_context(|| format!("cannot create `{}`", path.display()))?;
        }
        std::fs::create_dir_all(folder)?;
        let files = FileSystem::new(folder)
            .map_err(|error| anyhow!("cannot open `{}`: {error:?}", folder.display()))?;
        let notifications: BTreeMap<_, _> = buckets
            .iter()
            .map(|bucket| (bucket.name.clone(), bucket.notifications.clone()))
            .collect();
        let store = Store::new(files, folder.to_owned(), notifications, sqs, clock.clone());
        let mut builder = S3ServiceBuilder::new(store);
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY_ID, SECRET_ACCESS_KEY));
        builder.set_config(Arc::new(Tolerance(clock)));
        let rules = buckets
            .iter()
            .map(|bucket| (bucket.name.clone(), bucket.cors.clone()))
            .collect();
        Ok(Self {
            service: builder.build(),
            pages: Arc::new(Pages::new(rules)),
        })
    }

    /// Serves the buckets over HTTP until everything stops.
    pub(crate) async fn serve(
        self,
        listener: tokio::net::TcpListener,
        stop: watch::Receiver<bool>,
    ) {
        net::serve(listener, stop, move |request| {
            let s3 = self.clone();
            async move { s3.answer(request.map(s3s::Body::from)).await }
        })
        .await;
    }
}

/// Signatures made by the laptop's moved clock are as good as those of the real time.
#[derive(Debug)]
struct Tolerance(Clock);

impl S3ConfigProvider for Tolerance {
    fn snapshot(&self) -> Arc<S3Config> {
        let skew = MAX_SKEW_SECONDS.saturating_add(self.0.offset_seconds().unsigned_abs());
        let mut config = S3Config::default();
        config.post_object_max_file_size = MAX_FORM_FILE_BYTES;
        config.presigned_url_max_skew_time_secs = u32::try_from(skew).unwrap_or(u32::MAX);
        Arc::new(config)
    }
}
