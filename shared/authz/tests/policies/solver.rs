//! The solver, and the kinds of requests there are.

use authz::About;
use cedar_policy::{PolicySet, RequestEnv, Schema};
use cedar_policy_symcc::solver::LocalSolver;
use cedar_policy_symcc::{CedarSymCompiler, CompiledPolicy, CompiledPolicySet};

/// A kind of request, and a request of it that shows that a claim does not hold.
#[derive(Debug)]
pub(crate) struct Counterexample {
    /// Principal type, action, resource type.
    pub(crate) kind: String,
    /// The action alone.
    pub(crate) action: String,
    /// The request and its entities.
    pub(crate) shown: String,
}

pub(crate) fn schema() -> Schema {
    include_str!("../../policies/suqiu.cedarschema")
        .parse()
        .unwrap()
}

/// As the functions read them, so that what is proved is what decides: together, as no policy says
/// anything about another type of resource than its own.
pub(crate) fn policies() -> PolicySet {
    let sets = About::ALL.map(|about| authz::about_one(about).unwrap());
    let all = sets.iter().flat_map(PolicySet::policies).cloned();
    PolicySet::from_policies(all).unwrap()
}

pub(crate) fn set(text: &str) -> PolicySet {
    text.parse().unwrap()
}

/// The policies without the one that goes by `id`.
pub(crate) fn without(id: &str) -> PolicySet {
    let kept = policies()
        .policies()
        .filter(|p| p.annotation("id") != Some(id))
        .cloned()
        .collect::<Vec<_>>();
    assert_eq!(kept.len() + 1, policies().policies().count(), "`{id}`");
    PolicySet::from_policies(kept).unwrap()
}

fn kind(environment: &RequestEnv) -> String {
    let (who, what) = (environment.principal(), environment.resource());
    format!("{who} {} {what}", action(environment))
}

fn action(environment: &RequestEnv) -> String {
    environment.action().id().unescaped().to_owned()
}

pub(crate) fn solver() -> CedarSymCompiler<LocalSolver> {
    let solver = LocalSolver::cvc5().expect("cvc5 is needed: `./test` installs it");
    CedarSymCompiler::new(solver).unwrap()
}

/// Every request of `applies` that `policies` allow is one that `claim` allows; else what shows
/// that it is not, one for each kind of request.
pub(crate) async fn refute(
    policies: &PolicySet,
    claim: &PolicySet,
    applies: impl Fn(&RequestEnv) -> bool,
) -> Vec<Counterexample> {
    let (schema, mut solver) = (schema(), solver());
    let mut found = Vec::new();
    let mut asked = 0;
    for environment in schema.request_envs().filter(|it| applies(it)) {
        asked += 1;
        let compile = |set| CompiledPolicySet::compile(set, &environment, &schema).unwrap();
        let (is, claimed) = (compile(policies), compile(claim));
        let against = solver.check_implies_with_counterexample_opt(&is, &claimed);
        if let Some(example) = against.await.unwrap() {
            let entities = example.entities.to_json_value().unwrap();
            found.push(Counterexample {
                kind: kind(&environment),
                action: action(&environment),
                shown: format!("{} with {entities}", example.request),
            });
        }
    }
    assert!(asked > 0, "the claim is about no request");
    found
}

/// The policies that can err, by kind of request.
pub(crate) async fn erring(policies: &PolicySet) -> Vec<String> {
    let (schema, mut solver) = (schema(), solver());
    let mut found = Vec::new();
    for environment in schema.request_envs() {
        for policy in policies.policies() {
            let compiled = CompiledPolicy::compile(policy, &environment, &schema).unwrap();
            if !solver.check_never_errors_opt(&compiled).await.unwrap() {
                let id = policy.annotation("id").unwrap_or_default();
                found.push(format!("{id}: {}", kind(&environment)));
            }
        }
    }
    found
}
