//! 分析报告 (Art. 6(5); R-AN-2): those that are kept, and asking for one between the quarters.

use api::answers::{AttachmentLink, PeriodicList, PeriodicRow};
use api::requests::{PeriodicBody, parse};
use app::AppError;
use app::error::FieldError;
use app::reports::{Kept, find, kept, order, paper_name};
use authz::{Intent, Permit, Principal, authorize};
use chrono::TimeDelta;
use cloud::objects::Bucket;
use cloud::queues::Queue;
use cloud::sdk::Sdk;
use domain::calendar::to_shanghai;
use domain::periodic::PeriodicId;
use lake::nightly::made;
use runtime::Setup;
use runtime::http::{Reply, Request};
use runtime::officers::Officers;

/// How long a link to a paper works.
const LINK_LIFE: TimeDelta = TimeDelta::minutes(5);

/// What answering about reports needs.
#[derive(Debug)]
pub struct Desk {
    officers: Officers,
    sdk: Sdk,
    archive_name: String,
    archive: Bucket,
    lake: Bucket,
    orders: Queue,
}

impl Desk {
    /// From the environment.
    pub fn new(setup: &Setup) -> Result<Self, AppError> {
        let archive_name = setup.setting("ARCHIVE_BUCKET")?;
        Ok(Self {
            officers: Officers::from_setup(setup)?,
            archive: Bucket::new(setup.sdk.s3(), archive_name.clone()),
            lake: Bucket::new(setup.sdk.s3(), setup.setting("LAKE_BUCKET")?),
            orders: Queue::new(setup.sdk.sqs(), setup.setting("REPORT_QUEUE_URL")?),
            sdk: setup.sdk.clone(),
            archive_name,
        })
    }

    async fn list(&self, permit: &Permit) -> Result<Reply, AppError> {
        Reply::json(permit, 200, &PeriodicList::new(&kept(&self.archive).await?))
    }

    /// Has the report of a period made of the lake as it is; one that is there already stays.
    async fn order(&self, permit: &Permit, request: &Request) -> Result<Reply, AppError> {
        let period = parse::<PeriodicBody>(&request.body)?.check()?;
        let wrong = |says: String| AppError::Invalid(vec![FieldError::new("/period", says)]);
        let as_of = made(&self.lake)
            .await?
            .ok_or_else(|| wrong("数据尚未汇入分析库，请在当晚汇总后（次日）再申请".to_owned()))?;
        let id = PeriodicId::new(period, as_of).filter(PeriodicId::is_begun);
        let id = id.ok_or_else(|| {
            let as_of = to_shanghai(as_of).format("%Y-%m-%d %H:%M");
            wrong(format!(
                "数据截至{as_of}，该期间尚无数据，请选择此前开始的期间"
            ))
        })?;
        let all = kept(&self.archive).await?;
        if let Some(Kept { id, has_paper }) = all.iter().find(|kept| kept.id == id) {
            if !has_paper {
                // Whoever makes it finds it, and asks for its paper again.
                self.orders.send(&order(&period)?, 0).await?;
            }
            return Reply::json(permit, 200, &PeriodicRow::new(id, *has_paper));
        }
        self.orders.send(&order(&period)?, 0).await?;
        Reply::json(permit, 202, &PeriodicRow::new(&id, false))
    }

    /// A link to the paper, once it is set.
    async fn paper(
        &self,
        permit: &Permit,
        id: &PeriodicId,
        request: &Request,
    ) -> Result<Reply, AppError> {
        let all = kept(&self.archive).await?;
        let is_set = |kept: &Kept| kept.id == *id && kept.has_paper;
        if !all.iter().any(is_set) {
            return Err(AppError::NotFound);
        }
        let url = format!(
            "{}/{}",
            self.sdk.bucket_url(&self.archive_name),
            paper_name(id)
        );
        let (credentials, at) = (cloud::sdk::credentials()?, request.at);
        let region = self.sdk.region();
        let link = cloud::objects::signed_get(&credentials, region, &url, LINK_LIFE, at)?;
        Reply::json(permit, 200, &AttachmentLink::new(link, at + LINK_LIFE))
    }
}

/// `GET /reports`, `POST /reports`, `GET /reports/{report}`, `GET /reports/{report}/paper`.
pub async fn handle(desk: &Desk, request: Request) -> Result<Reply, AppError> {
    let officer = desk.officers.officer(&request).await?;
    let principal = Principal::Officer(&officer);
    if request.method == "POST" {
        let permit = authorize(principal, Intent::OrderReport)?;
        let reply = desk.order(&permit, &request).await?;
        tracing::info!(officer = officer.id.as_str(), "asked for a report");
        return Ok(reply);
    }
    let permit = authorize(principal, Intent::ReadReports)?;
    let Some(name) = request.path_parameter("report") else {
        return desk.list(&permit).await;
    };
    let id = PeriodicId::parse(name).ok_or(AppError::NotFound)?;
    if request.path.ends_with("/paper") {
        return desk.paper(&permit, &id, &request).await;
    }
    Reply::json(&permit, 200, &find(&desk.archive, &id).await?)
}
