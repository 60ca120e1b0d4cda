//! What an officer may do now, and what came of it.

use domain::ticket::Ticket;
use domain::workflow::rules::open_to;
use domain::workflow::words::{Role, State};
use serde::Serialize;

/// Answer to an action.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionAnswer {
    number: String,
    version: u32,
    state: &'static str,
    state_name: &'static str,
    actions: Vec<OpenAction>,
}

/// An action open to the caller now.
#[derive(Debug, Serialize)]
pub struct OpenAction {
    action: &'static str,
    name: &'static str,
    article: &'static str,
    needs: Vec<&'static str>,
}

/// The actions open to `roles` now: the console offers these and knows no rule by itself.
pub fn open_actions(roles: &[Role], state: State) -> Vec<OpenAction> {
    let mut actions: Vec<OpenAction> = Vec::new();
    for row in roles.iter().flat_map(|role| open_to(*role, state)) {
        let code = row.action.code();
        if actions.iter().all(|open| open.action != code) {
            let needs = row.needs.iter().map(|need| need.zh()).collect();
            let (name, article) = (row.action.zh(), row.article);
            actions.push(OpenAction {
                action: code,
                name,
                article,
                needs,
            });
        }
    }
    actions
}

/// The answer after an action.
pub fn action_answer(ticket: &Ticket, roles: &[Role]) -> ActionAnswer {
    ActionAnswer {
        number: ticket.number.to_string(),
        version: ticket.version(),
        state: ticket.state.code(),
        state_name: ticket.state.zh(),
        actions: open_actions(roles, ticket.state),
    }
}
