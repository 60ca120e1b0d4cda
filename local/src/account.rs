//! Where the commands find queues and tables: in the cloud that the environment's region and keys
//! belong to, else in the cloud on this machine.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use aws_credential_types::Credentials;
use aws_sdk_sqs::config::{BehaviorVersion, Region};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use chrono::{DateTime, Utc};
use cloud::objects::Bucket;
use substrate::Clock;

use crate::console;
use crate::state::{Ports, noted_ports};

/// The clients of one cloud.
#[derive(Debug)]
pub struct Account {
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
    pub(crate) s3: aws_sdk_s3::Client,
    /// The laptop's clock; none in the cloud.
    clock: Option<Clock>,
}

/// What a client is made of.
struct Access {
    region: String,
    credentials: Credentials,
    sqs: Option<String>,
    dynamodb: Option<String>,
    s3: Option<String>,
}

impl Account {
    /// The environment's endpoints, region and keys, else the cloud running on `state`.
    pub fn open(state: &Path) -> Result<Self> {
        let general = variable("AWS_ENDPOINT_URL");
        let endpoint = |name| variable(name).or_else(|| general.clone());
        let sqs = endpoint("AWS_ENDPOINT_URL_SQS");
        let region = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION"));
        if sqs.is_none() && region.is_none() {
            let ports = noted_ports(state)?;
            console::error(&format!("the cloud at {}", Ports::url(ports.sqs)));
            return Ok(Self::laptop(&ports, Clock::open(state)?));
        }
        let keys = (
            variable("AWS_ACCESS_KEY_ID"),
            variable("AWS_SECRET_ACCESS_KEY"),
        );
        let credentials = match keys {
            (Some(id), Some(secret)) => {
                let token = variable("AWS_SESSION_TOKEN");
                Credentials::new(id, secret, token, None, "environment")
            }
            _ if sqs.is_some() => laptop_credentials(),
            _ => bail!("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"),
        };
        let access = Access {
            region: region.unwrap_or_else(|| substrate::REGION.to_owned()),
            credentials,
            sqs,
            dynamodb: endpoint("AWS_ENDPOINT_URL_DYNAMODB"),
            s3: endpoint("AWS_ENDPOINT_URL_S3"),
        };
        // Whoever has AWS_REGION set for other work is to see that this is not the laptop.
        let place = access.sqs.as_deref().unwrap_or(&access.region);
        console::error(&format!("the cloud at {place}"));
        Ok(Self::reached_by(access, None))
    }

    /// The cloud on this machine, with its clock.
    pub fn laptop(ports: &Ports, clock: Clock) -> Self {
        let access = Access {
            region: substrate::REGION.to_owned(),
            credentials: laptop_credentials(),
            sqs: Some(Ports::url(ports.sqs)),
            dynamodb: Some(Ports::url(ports.dynamodb)),
            s3: Some(Ports::url(ports.s3)),
        };
        Self::reached_by(access, Some(clock))
    }

    fn reached_by(access: Access, clock: Option<Clock>) -> Self {
        let http = Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let region = Region::new(access.region);
        let mut sqs = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(http.clone())
            .region(region.clone())
            .credentials_provider(access.credentials.clone());
        sqs.set_endpoint_url(access.sqs);
        let mut dynamodb = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(http.clone())
            .region(region.clone())
            .credentials_provider(access.credentials.clone());
        dynamodb.set_endpoint_url(access.dynamodb);
        let mut s3 = aws_sdk_s3::Config::builder()
            .behavior_version(aws_sdk_s3::config::BehaviorVersion::latest())
            .http_client(http)
            .region(region)
            .credentials_provider(access.credentials)
            .force_path_style(access.s3.is_some());
        s3.set_endpoint_url(access.s3);
        Self {
            sqs: aws_sdk_sqs::Client::from_conf(sqs.build()),
            dynamodb: aws_sdk_dynamodb::Client::from_conf(dynamodb.build()),
            s3: aws_sdk_s3::Client::from_conf(s3.build()),
            clock,
        }
    }

    /// The time there.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.as_ref().map_or_else(Clock::real, Clock::now)
    }

    /// The URL of the queue with this name in the template; in the cloud `setting` may name it.
    pub(crate) async fn queue(&self, name: &str, setting: &str) -> Result<String> {
        if let Some(url) = self.setting(setting) {
            return Ok(url);
        }
        let urls = self.queue_urls().await?;
        only(urls, name, setting, fits)
    }

    /// The name of the table with this name in the template; in the cloud `setting` may say it.
    pub(crate) async fn table(&self, name: &str, setting: &str) -> Result<String> {
        if let Some(table) = self.setting(setting) {
            return Ok(table);
        }
        let mut names = Vec::new();
        let mut pages = self.dynamodb.list_tables().into_paginator().send();
        while let Some(page) = pages.next().await {
            names.extend(
                page.context("cannot list the tables")?
                    .table_names
                    .unwrap_or_default(),
            );
        }
        only(names, name, setting, fits)
    }

    /// What is in the bucket with this name in the template; in the cloud `setting` may say which it is.
    pub async fn objects(&self, name: &str, setting: &str) -> Result<Bucket> {
        let bucket = self.bucket(name, setting).await?;
        Ok(Bucket::new(self.s3.clone(), bucket))
    }

    /// Name of the bucket with this name in the template; in the cloud `setting` may say it.
    pub(crate) async fn bucket(&self, name: &str, setting: &str) -> Result<String> {
        if let Some(bucket) = self.setting(setting) {
            return Ok(bucket);
        }
        let mut names = Vec::new();
        let mut pages = self.s3.list_buckets().into_paginator().send();
        while let Some(page) = pages.next().await {
            let buckets = page.context("cannot list the buckets")?.buckets;
            let buckets = buckets.unwrap_or_default().into_iter();
            names.extend(buckets.filter_map(|bucket| bucket.name));
        }
        only(names, name, setting, fits_bucket)
    }

    /// Whether it is the cloud on this machine.
    pub(crate) const fn is_laptop(&self) -> bool {
        self.clock.is_some()
    }

    /// What the environment says. The laptop has one table and one queue of each name.
    pub(crate) fn setting(&self, name: &str) -> Option<String> {
        (!self.is_laptop()).then(|| variable(name)).flatten()
    }

    /// All queues.
    pub(crate) async fn queue_urls(&self) -> Result<Vec<String>> {
        let mut urls = Vec::new();
        let pages = self.sqs.list_queues().max_results(1000);
        let mut pages = pages.into_paginator().send();
        while let Some(page) = pages.next().await {
            urls.extend(
                page.context("cannot list the queues")?
                    .queue_urls
                    .unwrap_or_default(),
            );
        }
        Ok(urls)
    }
}

fn laptop_credentials() -> Credentials {
    let (id, secret) = (substrate::ACCESS_KEY_ID, substrate::SECRET_ACCESS_KEY);
    Credentials::new(id, secret, None, None, "laptop")
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The one of `all` that fits: with two stacks in an account a guess could take the wrong one.
fn only(
    all: Vec<String>,
    name: &str,
    setting: &str,
    fits: impl Fn(&str, &str) -> bool,
) -> Result<String> {
    let fit = |found: &String| fits(last(found, '/'), name);
    let fitting: Vec<String> = all.into_iter().filter(fit).collect();
    match fitting.as_slice() {
        [one] => Ok(one.clone()),
        [] => bail!("there is no `{name}`; set {setting} to the one that is meant"),
        several => bail!(
            "several fit `{name}`; set {setting} to one of {}",
            several.join(", ")
        ),
    }
}

/// A resource's own name, its template name, or its name in a stack (`stack-Name-SUFFIX`).
pub(crate) fn fits(name: &str, wanted: &str) -> bool {
    name == wanted || name.split('-').any(|part| part == wanted)
}

/// As [`fits`], of a bucket, whose name has no capitals: `stack-name-suffix`, `na-me` on a laptop.
fn fits_bucket(name: &str, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    name.replace('-', "") == wanted || fits(name, &wanted)
}

/// What follows the last `separator`.
pub(crate) fn last(text: &str, separator: char) -> &str {
    text.rsplit(separator).next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queues_are_found_by_their_names() {
        let cases = [
            ("NotifyDeadLetterQueue", "NotifyDeadLetterQueue", true),
            (
                "suqiu-NotifyDeadLetterQueue-1A2B",
                "NotifyDeadLetterQueue",
                true,
            ),
            ("suqiu-NotifyDeadLetterQueue-1A2B", "Notify", false),
        ];
        for (name, wanted, expected) in cases {
            assert_eq!(fits(name, wanted), expected, "{name} {wanted}");
        }
    }

    #[test]
    fn buckets_are_found_by_their_names_without_capitals() {
        for (name, expected) in [
            ("archive-bucket", true),
            ("suqiu-archivebucket-1a2b", true),
            ("suqiu-attachmentsbucket-1a2b", false),
            ("archivebucketlogs", false),
        ] {
            assert_eq!(fits_bucket(name, "ArchiveBucket"), expected, "{name}");
        }
    }

    #[test]
    fn of_two_stacks_none_is_guessed() {
        let url = |name: &str| format!("https://sqs.cn-north-1.amazonaws.com.cn/1/{name}");
        let one = vec![url("a-NotifyQueue-1"), url("a-NotifyDeadLetterQueue-2")];
        let found = only(one.clone(), "NotifyQueue", "NOTIFY_QUEUE_URL", fits);
        assert_eq!(found.unwrap(), url("a-NotifyQueue-1"));
        let two = [one, vec![url("b-NotifyQueue-3")]].concat();
        for all in [two, vec![]] {
            let error = only(all, "NotifyQueue", "NOTIFY_QUEUE_URL", fits).unwrap_err();
            assert!(
                error.to_string().contains("set NOTIFY_QUEUE_URL"),
                "{error}"
            );
        }
    }
}
