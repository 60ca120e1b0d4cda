//! Officers: tokens really checked in the function too, keys cached, failing closed (R-AC-2); and
//! the one way in which an officer acts on a ticket.

use access::officer::OfficerClaims;
use app::AppError;
use app::act::{Wish, act};
use app::documents::Document;
use app::error::Unknown;
use authz::{Intent, Officer, Principal, authorize};
use domain::ids::{OfficerId, UnitId};
use domain::workflow::command::Command;
use domain::workflow::words::Role;
use store::DynamoStore;

use crate::http::{Reply, Request};
use crate::setup::Setup;
use crate::tokens::Tokens;

/// Signs officers in.
#[derive(Debug)]
pub struct Officers {
    tokens: Tokens,
}

impl Officers {
    /// From the environment.
    pub fn from_setup(setup: &Setup) -> Result<Self, AppError> {
        let tokens = Tokens::new(
            &setup.stage,
            setup.setting("OIDC_ISSUER")?,
            setup.setting("OIDC_AUDIENCE")?,
            setup.setting("OIDC_JWKS_URL")?,
        )?;
        Ok(Self { tokens })
    }

    /// The officer who sent `request`.
    pub async fn officer(&self, request: &Request) -> Result<Officer, AppError> {
        let claims = self.tokens.claims(request).await?;
        officer(&claims).ok_or(AppError::Unauthenticated(Unknown::Token))
    }
}

fn officer(claims: &OfficerClaims) -> Option<Officer> {
    Some(Officer {
        id: OfficerId::parse(&claims.sub).ok()?,
        unit: UnitId::parse(&claims.unit).ok()?,
        roles: claims
            .roles
            .iter()
            .filter_map(|role| Role::from_code(role))
            .collect(),
        mfa: claims.has_several_factors(),
    })
}

/// What a request asks for: a command, and the texts that go with it.
pub type Asked = (Command, Vec<Document>);

/// Does what an officer asks of the ticket in the path, and answers with where it stands then.
pub async fn act_for_officer(
    store: &DynamoStore,
    officers: &Officers,
    request: &Request,
    asked: impl FnOnce(&Request) -> Result<Asked, AppError>,
) -> Result<Reply, AppError> {
    let officer = officers.officer(request).await?;
    act_as(store, &officer, request, asked(request)?).await
}

/// As [`act_for_officer`], for an officer who is known already.
pub async fn act_as(
    store: &DynamoStore,
    officer: &Officer,
    request: &Request,
    (command, documents): Asked,
) -> Result<Reply, AppError> {
    let number = request.number()?;
    let action = command.action();
    let seen_version = request.seen_version();
    let wish = Wish {
        number,
        command,
        documents,
        originals: Vec::new(),
        seen_version,
        at: request.at,
    };
    let principal = Principal::Officer(officer);
    let who = |ticket: &_| authorize(principal, Intent::Act(action, ticket));
    let (ticket, permit) = act(store, &wish, &who).await?;
    let viewer = api::answers::Viewer {
        roles: &officer.roles,
        unit: Some(&officer.unit),
    };
    let answer = api::answers::action_answer(&ticket, viewer);
    Ok(
        Reply::json(&permit, 200, &answer)?
            .with_header("etag", format!("\"{}\"", ticket.version())),
    )
}
