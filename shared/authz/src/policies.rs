//! The policies, read once, those about one type of resource at a time.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use app::AppError;
use cedar_policy::{Authorizer, Decision, Policy, PolicySet, ResourceConstraint};
use serde_json::json;

use crate::entities::{Types, broken};
use crate::question::{About, Question};

/// What each role may do.
pub const PERMITS: &str = include_str!("../policies/permit.cedar");

/// What nobody may, whatever else they are.
pub const FORBIDS: &str = include_str!("../policies/forbid.cedar");

/// Both as a function reads them, a JSON text for each type of resource, made by
/// `cargo xtask policies`: reading the source would build a lexer first (decision 0018).
pub const COMPILED: &str = include_str!("../policies/compiled.txt");

/// Between the texts.
const GAP: &str = "\n\n";

/// The types' names, which every question needs.
static TYPES: OnceLock<Result<Types, String>> = OnceLock::new();

/// Those about one type. Without its policies a function lets nobody in.
type Read = OnceLock<Result<PolicySet, String>>;

static READ: [Read; About::ALL.len()] = [const { Read::new() }; About::ALL.len()];

/// The text as [`COMPILED`] has to be, each policy by its own name and on a line of its own.
///
/// A policy stands with the one type of resource that it names: it says nothing about any other, so
/// that nothing else has to be asked about one.
pub fn compile() -> Result<String, String> {
    let source = format!("{PERMITS}{FORBIDS}");
    let set: PolicySet = source.parse().map_err(|error| format!("{error}"))?;
    let mut texts = BTreeMap::<&str, Vec<String>>::new();
    for policy in set.policies() {
        let id = policy.annotation("id").ok_or("a policy has no @id")?;
        let about = about(policy).ok_or_else(|| format!("{id}: names no type of resource"))?;
        let json = policy.to_json().map_err(|error| error.to_string())?;
        let lines = texts.entry(about.name()).or_default();
        lines.push(format!("{}:{json}", json!(id)));
    }
    let texts = texts.into_iter().map(|(name, mut lines)| {
        lines.sort();
        let lines = lines.join(",\n");
        format!(
            "{name}\n{{\"staticPolicies\":{{\n{lines}\n}},\"templates\":{{}},\"templateLinks\":[]}}"
        )
    });
    Ok(texts.collect::<Vec<_>>().join(GAP) + "\n")
}

/// The type that a policy names as its resource.
fn about(policy: &Policy) -> Option<About> {
    let ResourceConstraint::Is(name) = policy.resource_constraint() else {
        return None;
    };
    let name = name.basename();
    About::ALL.into_iter().find(|about| about.name() == name)
}

/// The policies about one type, as the text has them.
pub fn about_one(about: About) -> Result<PolicySet, String> {
    let mut texts = COMPILED.split(GAP);
    let text = texts.find_map(|text| {
        let (name, json) = text.split_once('\n')?;
        (name == about.name()).then_some(json)
    });
    let text = text.ok_or_else(|| format!("none about {}", about.name()))?;
    PolicySet::from_json_str(text).map_err(|error| error.to_string())
}

fn types() -> Result<&'static Types, AppError> {
    TYPES.get_or_init(Types::new).as_ref().map_err(broken)
}

fn policies(about: About) -> Result<&'static PolicySet, AppError> {
    let read = READ.get(about as usize).ok_or_else(|| broken("no place"))?;
    let read = read.get_or_init(|| about_one(about));
    read.as_ref().map_err(broken)
}

/// Reads the policies about what a function is asked for, which it does when it starts.
pub fn load(abouts: &[About]) -> Result<(), AppError> {
    types()?;
    abouts
        .iter()
        .try_for_each(|about| policies(*about).map(|_| ()))
}

/// Allowed, or denied with the words of the policy that forbids it, if one does.
pub(crate) type Verdict = Result<(), Option<String>>;

/// Asks the policies.
pub(crate) fn decide(question: &Question<'_>) -> Result<Verdict, AppError> {
    let policies = policies(question.intent.about())?;
    let (request, entities) = types()?.request(question)?;
    let response = Authorizer::new().is_authorized(&request, policies, &entities);
    // Cedar skips a policy that errs; a `forbid` must never be skipped. Proved not to happen.
    if let Some(error) = response.diagnostics().errors().next() {
        return Err(broken(error));
    }
    if response.decision() == Decision::Allow {
        return Ok(Ok(()));
    }
    let reasons = response.diagnostics().reason();
    let mut words = reasons.filter_map(|id| policies.annotation(id, "says"));
    Ok(Err(words.next().map(str::to_owned)))
}
