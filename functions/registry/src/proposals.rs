//! What decided returns propose for the duty list (R-HD-6, R-AC-3), until the list says so.

use app::AppError;
use authz::Permit;
use chrono::NaiveDate;
use domain::registry::Registry;
use domain::ticket::{DutyProposal, TicketNumber};
use runtime::http::Reply;
use serde::Serialize;
use store::DynamoStore;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Proposal {
    ticket: String,
    unit: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_item: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    effective_on: NaiveDate,
    reason: String,
}

pub(crate) async fn answer(store: &DynamoStore, permit: &Permit) -> Result<Reply, AppError> {
    let (all, _) = store.full_registry().await?;
    let proposals = store.proposals().await?.into_iter();
    let open = proposals.filter(|(_, proposal)| {
        let mut duties = all.registry.duties.iter();
        !duties.any(|duty| proposal.is_said_by(duty))
    });
    let shown: Vec<_> = open
        .map(|(number, proposal)| view(&number, proposal, &all.registry))
        .collect();
    Reply::json(permit, 200, &shown)
}

fn view(number: &TicketNumber, proposal: DutyProposal, registry: &Registry) -> Proposal {
    let name = registry.unit_name(&proposal.unit).to_owned();
    let reason = match &proposal.returned_by {
        Some(by) => format!("{}的退回已同意", registry.unit_name(by)),
        None => format!("{name}的退回未同意"),
    };
    Proposal {
        ticket: number.to_string(),
        unit: proposal.unit.to_string(),
        name,
        service_item: proposal.service_item,
        area: proposal.area,
        effective_on: proposal.effective_on,
        reason,
    }
}
