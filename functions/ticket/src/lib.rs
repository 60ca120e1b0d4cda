//! The ticket page (R-UX-1): content, clocks, timeline, attachments, suggestion, and the actions
//! open to this person now. Clean attachments by short signed links; others are never served.

use api::answers::{TicketParts, Viewer, ticket_page};
use app::AppError;
use app::act::find;
use app::ports::{Attachment, AttachmentState, Store as _};
use authz::{Intent, Officer, Permit, Principal, allows, authorize};
use chrono::TimeDelta;
use domain::ids::UploadId;
use domain::ticket::Ticket;
use runtime::Setup;
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use store::DynamoStore;

/// How long a link to an attachment works.
const LINK_LIFE: TimeDelta = TimeDelta::minutes(5);

/// What the ticket page needs.
#[derive(Debug)]
pub struct Desk {
    store: DynamoStore,
    officers: Officers,
    sdk: cloud::sdk::Sdk,
    bucket: String,
}

impl Desk {
    /// From the environment.
    pub fn new(setup: &Setup, store: DynamoStore, officers: Officers) -> Result<Self, AppError> {
        let bucket = setup.setting("ATTACHMENTS_BUCKET")?;
        Ok(Self {
            store,
            officers,
            sdk: setup.sdk.clone(),
            bucket,
        })
    }
}

/// `GET /tickets/{number}` and `GET /tickets/{number}/attachments/{id}`.
pub async fn handle(desk: &Desk, request: Request) -> Result<Reply, AppError> {
    let officer = desk.officers.officer(&request).await?;
    let ticket = find(&desk.store, &request.number()?).await?;
    let principal = Principal::Officer(&officer);
    let permit = authorize(principal, Intent::Read(&ticket))?;
    match request.path_parameter("id") {
        Some(id) => {
            let permit = authorize(principal, Intent::ReadContent(&ticket))?;
            attachment(desk, &request, &ticket, (id, &permit)).await
        }
        None => page(desk, &request, &ticket, (&officer, &permit)).await,
    }
}

async fn page(
    desk: &Desk,
    request: &Request,
    ticket: &Ticket,
    (officer, permit): (&Officer, &Permit),
) -> Result<Reply, AppError> {
    let reference = desk.store.reference(request.at).await?;
    let dossier = desk.store.dossier(&ticket.number.key()).await?;
    let mut attachments = Vec::new();
    for id in ticket.attachments() {
        attachments.extend(desk.store.attachment(id).await?);
    }
    let parts = TicketParts {
        ticket,
        dossier: &dossier,
        attachments: &attachments,
        reference: &reference,
        viewer: Viewer {
            roles: &officer.roles,
            unit: Some(&officer.unit),
        },
        sees_content: allows(Principal::Officer(officer), Intent::ReadContent(ticket))?,
        now: request.at,
    };
    let version = format!("\"{}\"", ticket.version());
    Ok(Reply::json(permit, 200, &ticket_page(&parts))?.with_header("etag", version))
}

async fn attachment(
    desk: &Desk,
    request: &Request,
    ticket: &Ticket,
    (id, permit): (&str, &Permit),
) -> Result<Reply, AppError> {
    let kept = find_attachment(desk, ticket, id).await?;
    let url = format!("{}/clean/{}", desk.sdk.bucket_url(&desk.bucket), kept.id);
    let (credentials, region) = (cloud::sdk::credentials()?, desk.sdk.region());
    let link = cloud::objects::signed_get(&credentials, region, &url, LINK_LIFE, request.at)?;
    Reply::json(
        permit,
        200,
        &api::answers::AttachmentLink::new(link, request.at + LINK_LIFE),
    )
}

async fn find_attachment(desk: &Desk, ticket: &Ticket, id: &str) -> Result<Attachment, AppError> {
    let id = UploadId::parse(id).map_err(|_| AppError::NotFound)?;
    if !ticket.attachments().any(|known| *known == id) {
        return Err(AppError::NotFound);
    }
    let kept = desk.store.attachment(&id).await?;
    kept.filter(|kept| kept.state == AttachmentState::Clean)
        .ok_or(AppError::NotFound)
}
