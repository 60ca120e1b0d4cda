//! What an officer may do now, and what came of it.

use domain::ids::UnitId;
use domain::ticket::Ticket;
use domain::workflow::decide::is_open_row;
use domain::workflow::rules::open_to;
use domain::workflow::words::Role;
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

/// Who looks: roles, and the unit of an officer.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    /// In which roles.
    pub roles: &'a [Role],
    /// Of which unit; none for the appellant.
    pub unit: Option<&'a UnitId>,
}

/// The appellant, to whom other pages say what is open.
pub const APPELLANT: Viewer<'static> = Viewer {
    roles: &[],
    unit: None,
};

/// The actions open to `viewer` now: the console offers these and knows no rule by itself.
pub fn open_actions(viewer: Viewer<'_>, ticket: &Ticket) -> Vec<OpenAction> {
    let mut actions: Vec<OpenAction> = Vec::new();
    for role in viewer.roles {
        for row in open_to(*role, ticket.state) {
            let code = row.action.code();
            let is_open = is_open_row(row, *role, viewer.unit, ticket);
            if is_open && actions.iter().all(|open| open.action != code) {
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
    }
    actions
}

/// The answer after an action.
pub fn action_answer(ticket: &Ticket, viewer: Viewer<'_>) -> ActionAnswer {
    ActionAnswer {
        number: ticket.number.to_string(),
        version: ticket.version(),
        state: ticket.state.code(),
        state_name: ticket.state.zh(),
        actions: open_actions(viewer, ticket),
    }
}
