//! The policies, read once.

use std::sync::LazyLock;

use app::AppError;
use cedar_policy::{Authorizer, Decision, PolicySet};
use serde_json::json;

use crate::entities::{Types, broken};
use crate::question::Question;

/// What each role may do.
pub const PERMITS: &str = include_str!("../policies/permit.cedar");

/// What nobody may, whatever else they are.
pub const FORBIDS: &str = include_str!("../policies/forbid.cedar");

/// Both as a function reads them, made by `cargo xtask policies`: reading the text would build a
/// lexer first.
pub const COMPILED: &str = include_str!("../policies/compiled.json");

struct Policies {
    set: PolicySet,
    types: Types,
}

/// Without its policies a function lets nobody in.
static POLICIES: LazyLock<Result<Policies, String>> = LazyLock::new(|| {
    Ok(Policies {
        set: PolicySet::from_json_str(COMPILED).map_err(|error| error.to_string())?,
        types: Types::new()?,
    })
});

/// The text as [`COMPILED`] has to be, each policy by its own name and on a line of its own.
pub fn compile() -> Result<String, String> {
    let text = format!("{PERMITS}{FORBIDS}");
    let set: PolicySet = text.parse().map_err(|error| format!("{error}"))?;
    let mut lines = Vec::new();
    for policy in set.policies() {
        let id = policy.annotation("id").ok_or("a policy has no @id")?;
        let json = policy.to_json().map_err(|error| error.to_string())?;
        lines.push(format!("{}:{json}", json!(id)));
    }
    lines.sort();
    Ok(format!(
        "{{\"staticPolicies\":{{\n{}\n}},\"templates\":{{}},\"templateLinks\":[]}}\n",
        lines.join(",\n")
    ))
}

fn policies() -> Result<&'static Policies, AppError> {
    POLICIES.as_ref().map_err(broken)
}

/// Reads the policies, which a function does when it starts.
pub fn load() -> Result<(), AppError> {
    policies().map(|_| ())
}

/// Allowed, or denied with the words of the policy that forbids it, if one does.
pub(crate) type Verdict = Result<(), Option<String>>;

/// Asks the policies.
pub(crate) fn decide(question: &Question<'_>) -> Result<Verdict, AppError> {
    let policies = policies()?;
    let (request, entities) = policies.types.request(question)?;
    let response = Authorizer::new().is_authorized(&request, &policies.set, &entities);
    // Cedar skips a policy that errs; a `forbid` must never be skipped. Proved not to happen.
    if let Some(error) = response.diagnostics().errors().next() {
        return Err(broken(error));
    }
    if response.decision() == Decision::Allow {
        return Ok(Ok(()));
    }
    let reasons = response.diagnostics().reason();
    let mut words = reasons.filter_map(|id| policies.set.annotation(id, "says"));
    Ok(Err(words.next().map(str::to_owned)))
}
