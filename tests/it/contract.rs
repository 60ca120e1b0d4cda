//! Routes of the template = routes of `infra/openapi.yaml` (R-UX-2).

use std::collections::BTreeSet;

use serde_json::Value;
use suqiu::cloud::Settings;
use suqiu::state::{Ports, State};

use crate::city::root;

#[test]
fn r_ux_2_the_contract_describes_every_route_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let state = State::open(&folder.path().join("state"), false).unwrap();
    let settings = Settings::new(&root(), Ports::from_base(25_000).unwrap());
    let template = settings.load_template(&state).unwrap();
    let mut routed = BTreeSet::new();
    for event in template
        .functions()
        .iter()
        .flat_map(|function| &function.events)
    {
        if let substrate::EventSpec::Api { method, path, .. } = event {
            routed.insert(format!("{} {path}", method.to_lowercase()));
        }
    }
    let contract = std::fs::read_to_string(root().join("infra/openapi.yaml")).unwrap();
    let contract: Value = serde_yaml_ng::from_str(&contract).unwrap();
    let mut described = BTreeSet::new();
    for (path, methods) in contract["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                described.insert(format!("{method} {path}"));
            }
        }
    }
    assert_eq!(routed, described);
}
