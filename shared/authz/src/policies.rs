//! The policies, parsed once.

use std::sync::LazyLock;

use app::AppError;
use cedar_policy::{Authorizer, Decision, PolicySet};

use crate::entities::{Types, broken};
use crate::question::Question;

/// What each role may do.
pub const PERMITS: &str = include_str!("../policies/permit.cedar");

/// What nobody may, whatever else they are.
pub const FORBIDS: &str = include_str!("../policies/forbid.cedar");

struct Policies {
    set: PolicySet,
    types: Types,
}

/// Without its policies a function lets nobody in.
static POLICIES: LazyLock<Result<Policies, String>> = LazyLock::new(|| {
    Ok(Policies {
        set: parse(&format!("{PERMITS}{FORBIDS}"))?,
        types: Types::new()?,
    })
});

fn parse(text: &str) -> Result<PolicySet, String> {
    let set: PolicySet = text.parse().map_err(|error| format!("{error}"))?;
    let mut named = PolicySet::new();
    // Each goes by its own name, not by its place in the file.
    for policy in set.policies() {
        let id = policy.annotation("id").ok_or("a policy has no @id")?;
        let policy = policy.new_id(cedar_policy::PolicyId::new(id));
        named.add(policy).map_err(|error| error.to_string())?;
    }
    Ok(named)
}

fn policies() -> Result<&'static Policies, AppError> {
    POLICIES.as_ref().map_err(broken)
}

/// Parses the policies, which a function does when it starts.
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
