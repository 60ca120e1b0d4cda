//! What an officer may do now, and what came of it.

use domain::ids::UnitId;
use domain::ticket::Ticket;
use domain::workflow::decide::is_open_row;
use domain::workflow::rules::{RULES, Rule, open_to};
use domain::workflow::words::{Action, Role, State};
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

/// An action of the caller's roles that is not open to them now.
#[derive(Debug, Serialize)]
pub struct ClosedAction {
    action: &'static str,
    name: &'static str,
    article: &'static str,
    reason: String,
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

/// What `viewer` may do at other times or on other tickets, and why not now: the seat or the state
/// that the table's row asks for.
pub fn closed_actions(viewer: Viewer<'_>, ticket: &Ticket) -> Vec<ClosedAction> {
    let open = open_actions(viewer, ticket);
    let is_theirs = |row: &&Rule| row.by.iter().any(|role| viewer.roles.contains(role));
    let mut closed: Vec<ClosedAction> = Vec::new();
    for row in RULES.iter().filter(is_theirs) {
        let (code, name) = (row.action.code(), row.action.zh());
        let is_listed = open.iter().any(|it| it.action == code);
        if is_listed || closed.iter().any(|it| it.action == code) {
            continue;
        }
        // Where a row is for this state, only the seat can be wrong.
        let mut rows = RULES.iter().filter(is_theirs);
        let here = rows.find(|it| it.action == row.action && it.from.contains(&ticket.state));
        let reason = match here {
            Some(here) => format!("由{}办理", here.at.zh()),
            None => not_now(row.action, viewer.roles, ticket.state),
        };
        closed.push(ClosedAction {
            action: code,
            name,
            article: here.unwrap_or(row).article,
            reason,
        });
    }
    closed
}

/// From where these roles may do `action`, which is not from here.
fn not_now(action: Action, roles: &[Role], now: State) -> String {
    let rows = RULES
        .iter()
        .filter(|row| row.action == action && row.by.iter().any(|role| roles.contains(role)));
    let mut states: Vec<_> = rows.flat_map(|row| row.from.iter().copied()).collect();
    states.sort_unstable();
    states.dedup();
    let names: Vec<_> = states.iter().map(|state| state.zh()).collect();
    format!("工单处于“{}”；须处于“{}”", now.zh(), names.join("”“"))
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
