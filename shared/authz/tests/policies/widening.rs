//! A change that lets somebody do more fails until it is named.
//!
//! `policies/accepted.cedar` is what was accepted last. Who widens access names each action in
//! `policies/widened.txt` (`action: why`), or accepts all of it by copying `permit.cedar` and
//! `forbid.cedar` into `accepted.cedar` and emptying the list; either way it stands in the change
//! for the reviewer to see. Taking access away needs no word.

use cedar_policy::PolicySet;

use super::solver::{Counterexample, policies, refute, set, without};

const ACCEPTED: &str = include_str!("../../policies/accepted.cedar");
const WIDENED: &str = include_str!("../../policies/widened.txt");

/// The actions named as widened, each with a reason.
fn named(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let lines = lines.map(|line| line.split_once(": ").expect("`action: why`"));
    let lines = lines.inspect(|(_, why)| assert!(why.len() > 9, "say why: `{why}`"));
    lines.map(|(action, _)| action).collect()
}

async fn widened(policies: &PolicySet) -> Vec<Counterexample> {
    refute(policies, &set(ACCEPTED), |_| true).await
}

#[tokio::test]
async fn what_widens_access_is_named() {
    let (found, named) = (widened(&policies()).await, named(WIDENED));
    let unnamed: Vec<_> = found
        .iter()
        .filter(|it| !named.contains(&it.action.as_str()))
        .collect();
    assert!(unnamed.is_empty(), "not in `widened.txt`: {unnamed:#?}");
    let stale = named
        .iter()
        .filter(|action| !found.iter().any(|it| it.action == **action));
    assert_eq!(stale.count(), 0, "`widened.txt` names what is not widened");
}

#[tokio::test]
async fn a_wider_policy_is_found_and_a_narrower_is_not() {
    let more = r#"permit (principal is Officer in Role::"analyst", action == Action::"readWorkList", resource);"#;
    let found = widened(&set(&format!("{ACCEPTED}{more}"))).await;
    let actions: Vec<_> = found.iter().map(|it| it.action.as_str()).collect();
    assert_eq!(actions, ["readWorkList"]);
    assert!(
        !widened(&without("who-asked-decides-nothing"))
            .await
            .is_empty()
    );
    assert!(widened(&without("channel")).await.is_empty());
}
