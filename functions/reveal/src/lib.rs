//! 查看个人信息 (Art. 16; R-DP-1): the one way to see personal data in clear. It takes the right, a
//! purpose and several factors, and it is on the ticket's record before anything is shown.

use api::answers::revealed_page;
use api::requests::{RevealBody, parse};
use app::AppError;
use app::act::{Wish, act};
use app::originals::originals;
use app::ports::Vault as _;
use authz::{Intent, Principal, authorize};
use domain::workflow::command::Command;
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use store::{DynamoStore, OpenVault};

/// `POST /tickets/{number}/reveals`.
pub async fn handle(
    store: &DynamoStore,
    vault: &OpenVault,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    let officer = officers.officer(&request).await?;
    let purpose = parse::<RevealBody>(&request.body)?.check()?;
    let wish = Wish {
        number: request.number()?,
        command: Command::Reveal { purpose },
        documents: Vec::new(),
        originals: Vec::new(),
        seen_version: request.seen_version(),
        at: request.at,
    };
    let principal = Principal::Officer(&officer);
    let who = |ticket: &_| authorize(principal, Intent::Reveal(purpose, ticket));
    let (ticket, permit) = act(store, &wish, &who).await?;
    let appellant = vault.appellant(&ticket).await?;
    let originals = originals(vault, &ticket).await?;
    let page = revealed_page(&ticket, appellant.as_ref(), &originals);
    let version = format!("\"{}\"", ticket.version());
    Ok(Reply::json(&permit, 200, &page)?.with_header("etag", version))
}
