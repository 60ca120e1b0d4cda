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

/// Names and versions in a function's tree.
fn tree(function: &str) -> BTreeSet<(String, String)> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = std::process::Command::new(cargo)
        .args([
            "tree", "--locked", "-p", function, "-e", "normal", "--prefix", "none",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let pair = |line: &str| {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    };
    text.lines().filter_map(pair).collect()
}

#[test]
fn a_function_has_one_http_and_one_tls_stack_and_no_aws_lc() {
    let folder = std::fs::read_dir(root().join("functions")).unwrap();
    for function in folder {
        let function = function.unwrap().file_name().into_string().unwrap();
        let tree = tree(&function);
        let versions = |name: &str| tree.iter().filter(|(each, _)| each == name).count();
        for one in ["hyper", "rustls", "ring", "h2"] {
            assert_eq!(versions(one), 1, "{function}: {one}");
        }
        for none in [
            "aws-lc-sys",
            "aws-lc-rs",
            "openssl-sys",
            "native-tls",
            "reqwest",
            "aws-config",
        ] {
            assert_eq!(versions(none), 0, "{function}: {none}");
        }
        let heavy = tree
            .iter()
            .any(|(name, _)| name == "regex" || name == "regex-automata");
        // The policies' parser has one, and so have typst, search and DataFusion; who does without them needs none.
        let needs = ["cedar-policy", "typst", "tantivy", "datafusion"]
            .map(versions)
            .contains(&1);
        assert!(!heavy || needs, "{function}: a regex engine");
    }
}
