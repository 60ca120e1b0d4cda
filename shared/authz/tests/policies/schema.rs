//! The policies are well-typed, and the schema's actions are those of the workflow table.

use std::collections::{BTreeMap, BTreeSet};

use authz::About;
use cedar_policy::{Effect, PolicyId, ResourceConstraint, ValidationMode, Validator};
use domain::workflow::words::Action;

use super::solver::{policies, schema, set};

#[test]
fn the_policies_that_a_function_reads_are_those_of_the_text() {
    let is_fresh = authz::compile().unwrap() == authz::COMPILED;
    assert!(is_fresh, "stale: run `cargo xtask policies`");
    // Not only written alike: read back, each is what the text says.
    let text = set(&format!("{}{}", authz::PERMITS, authz::FORBIDS));
    let compiled = policies();
    assert_eq!(compiled.policies().count(), text.policies().count());
    for policy in text.policies() {
        let id = policy.annotation("id").unwrap();
        let read = compiled.policy(&PolicyId::new(id)).unwrap();
        assert_eq!(
            read.to_pst().unwrap(),
            policy.new_id(PolicyId::new(id)).to_pst().unwrap(),
            "{id}"
        );
    }
}

/// What nobody reads when they decide says nothing about what they decide.
#[test]
fn each_policy_is_read_with_the_one_type_of_resource_that_it_names() {
    let mut read = 0;
    for about in About::ALL {
        for policy in authz::about_one(about).unwrap().policies() {
            let named = match policy.resource_constraint() {
                ResourceConstraint::Is(name) => name.to_string(),
                other => panic!("{}: {other:?}", policy.id()),
            };
            assert_eq!(named, about.name(), "{}", policy.id());
            read += 1;
        }
    }
    let source = set(&format!("{}{}", authz::PERMITS, authz::FORBIDS));
    assert_eq!(read, source.policies().count());
    // And the schema knows no other type that anything is done to.
    let schema = schema();
    let mut types: Vec<_> = schema.resources().map(ToString::to_string).collect();
    types.sort();
    types.dedup();
    let mut names = About::ALL.map(About::name);
    names.sort_unstable();
    assert_eq!(types, names);
}

#[test]
fn the_policies_are_well_typed() {
    let verdict = Validator::new(schema()).validate(&policies(), ValidationMode::Strict);
    let said: Vec<_> = verdict
        .validation_errors()
        .map(ToString::to_string)
        .collect();
    assert!(said.is_empty(), "{said:#?}");
    let said: Vec<_> = verdict
        .validation_warnings()
        .map(ToString::to_string)
        .collect();
    assert!(said.is_empty(), "{said:#?}");
}

#[test]
fn each_policy_has_a_name_of_its_own_and_each_forbid_its_words() {
    let policies = policies();
    let names: BTreeSet<_> = policies
        .policies()
        .map(|it| it.annotation("id").unwrap())
        .collect();
    assert_eq!(names.len(), policies.policies().count());
    for forbid in policies
        .policies()
        .filter(|it| it.effect() == Effect::Forbid)
    {
        let words = forbid.annotation("says").unwrap_or_default();
        assert!(words.contains('条'), "{}: cites no article", forbid.id());
    }
}

/// R-HD-14: what the workflow table says of an action and a role, the policies say.
#[test]
fn the_schema_groups_the_actions_as_the_workflow_table_does() {
    let schema = schema();
    let mut grouped = BTreeMap::<String, BTreeSet<String>>::new();
    let entities = schema.action_entities().unwrap();
    for action in entities.iter() {
        let code = action.uid().id().unescaped().to_owned();
        let parents = entities.ancestors(&action.uid()).unwrap();
        let parents = parents.map(|it| it.id().unescaped().to_owned());
        grouped.insert(code, parents.collect());
    }
    for action in Action::ALL {
        let people = authz::groups(*action).into_iter();
        let people =
            people.filter(|group| !["as_system", "as_channel_system"].contains(&group.as_str()));
        let expected: BTreeSet<_> = people.collect();
        let found = grouped.remove(action.code()).unwrap_or_default();
        assert_eq!(found, expected, "{}", action.code());
    }
    // What is left are the groups and what is no action of the workflow.
    assert!(grouped.values().all(BTreeSet::is_empty), "{grouped:?}");
}
