//! Which crate may use which: the graph of `ARCHITECTURE.md`, held to the manifests.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{root, sources, words};

/// What each crate may use of ours. `functions` stands for every one of them. The laptop cloud
/// and the end-to-end tests may use everything.
const OURS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("access", &[]),
    ("media", &[]),
    ("app", &["domain", "text"]),
    ("api", &["app", "domain", "text"]),
    ("authz", &["app", "domain"]),
    ("store", &["app", "domain"]),
    ("cloud", &["access", "app"]),
    (
        "runtime",
        &["access", "api", "app", "authz", "cloud", "domain", "store"],
    ),
    ("tables", &["domain"]),
    ("search", &[]),
    ("text", &[]),
    ("lake", &["app", "domain"]),
    ("analysis", &["app", "domain", "lake"]),
    ("year", &["domain"]),
    ("letters", &[]),
    (
        "functions",
        &[
            "access", "analysis", "api", "app", "authz", "cloud", "domain", "lake", "letters",
            "media", "runtime", "search", "store", "tables",
        ],
    ),
    ("substrate", &[]),
    ("xtask", &["api", "authz", "domain", "lake"]),
    ("bench", &["search", "substrate", "suqiu"]),
    ("floor", &[]),
    (
        "fuzz",
        &["access", "api", "app", "domain", "media", "tables", "text"],
    ),
];

/// Everything of others that the innermost crates may use: neither I/O nor AWS nor HTTP.
const ALL_OF_OTHERS: &[(&str, &[&str])] = &[
    ("domain", &["chrono", "sha2", "thiserror"]),
    (
        "app",
        &[
            "async-trait",
            "chrono",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
        ],
    ),
    ("text", &["unicode-normalization"]),
];

/// Crates of others, by the beginning of their name, and who alone may use them. Heavy ones stand
/// here before anybody uses them: a function that does is named, and `shared/` never is.
const OTHERS: &[(&str, &[&str])] = &[
    ("aws-", &["cloud", "store", "suqiu", "it"]),
    ("aws_lambda", &["runtime"]),
    ("lambda_", &["runtime", "suqiu", "floor"]),
    ("anyhow", &["suqiu", "substrate", "xtask", "it", "bench"]),
    ("dynoxide", &["substrate", "it"]),
    ("rustack", &["substrate"]),
    ("s3s", &["substrate"]),
    ("axum", &["suqiu", "it"]),
    ("arrow", &[]),
    ("cedar", &["authz"]),
    ("csv", &["tables"]),
    ("datafusion", &["analysis"]),
    ("object_store", &["analysis"]),
    ("parquet", &["lake"]),
    ("regex", &[]),
    ("tantivy", &["search"]),
    ("typst", &["letters"]),
];

/// Names that only these places may write, in what is deployed.
const NAMES: &[(&str, &[&str])] = &[
    ("AttributeValue", &["shared/store/"]),
    // As whom something is done is for the policies to say; a queue is nobody.
    ("Actor", &["shared/", "functions/notify/"]),
    (
        "DynamoVault",
        &["shared/store/", "shared/runtime/src/vault.rs"],
    ),
    (
        "OpenVault",
        &[
            "shared/store/",
            "shared/runtime/src/opening.rs",
            "functions/notify/",
            "functions/reveal/",
        ],
    ),
    (
        "VaultErasures",
        &[
            "shared/store/",
            "shared/runtime/src/opening.rs",
            "functions/erasure/",
            "functions/retention/",
        ],
    ),
];

struct Package {
    name: String,
    is_function: bool,
    /// Name and kind of each dependency.
    uses: Vec<(String, String)>,
}

impl Package {
    fn of(value: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or("normal").to_owned();
        let uses = value["dependencies"].as_array().unwrap().iter();
        Self {
            name: text(&value["name"]),
            is_function: text(&value["manifest_path"]).contains("/functions/"),
            uses: uses.map(|d| (text(&d["name"]), text(&d["kind"]))).collect(),
        }
    }

    fn row<'a>(&self, table: &[(&str, &'a [&'a str])]) -> Option<&'a [&'a str]> {
        let name = if self.is_function {
            "functions"
        } else {
            self.name.as_str()
        };
        let row = table.iter().find(|(each, _)| *each == name);
        row.map(|(_, allowed)| *allowed)
    }
}

fn packages() -> BTreeMap<String, Package> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = std::process::Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let packages = packages.iter().map(Package::of);
    packages.map(|each| (each.name.clone(), each)).collect()
}

#[test]
fn each_crate_uses_those_it_may() {
    let packages = packages();
    for package in packages.values() {
        let Some(allowed) = package.row(OURS) else {
            let name = &package.name;
            assert!(["suqiu", "it"].contains(&name.as_str()), "`{name}` is new");
            continue;
        };
        for (used, kind) in &package.uses {
            // Tests may use more, but no function uses another.
            let between = package.is_function && packages.get(used).is_some_and(|p| p.is_function);
            let ours = packages.contains_key(used) && (kind == "normal" || between);
            let (name, used) = (&package.name, used.as_str());
            assert!(!ours || allowed.contains(&used), "`{name}` uses `{used}`");
        }
    }
}

#[test]
fn domain_and_app_use_nothing_that_reaches_out() {
    let packages = packages();
    for (name, allowed) in ALL_OF_OTHERS {
        let package = &packages[*name];
        for (used, kind) in &package.uses {
            let others = kind == "normal" && !packages.contains_key(used);
            let good = !others || allowed.contains(&used.as_str());
            assert!(good, "`{name}` uses `{used}`");
        }
    }
}

#[test]
fn cloud_and_heavy_crates_stay_where_they_belong() {
    for package in packages().values() {
        for (used, kind) in &package.uses {
            let row = OTHERS.iter().find(|(start, _)| used.starts_with(start));
            let good = row.is_none_or(|(_, allowed)| allowed.contains(&package.name.as_str()));
            // A function may test with what it does not ship.
            let name = &package.name;
            assert!(good || kind == "dev", "`{name}` uses `{used}`");
        }
    }
}

#[test]
fn attribute_values_and_the_vault_stay_where_they_belong() {
    for (path, text) in sources() {
        if !path.starts_with("shared/") && !path.starts_with("functions/") {
            continue;
        }
        for word in words::identifiers(&text) {
            let row = NAMES.iter().find(|(name, _)| *name == word);
            let good = row.is_none_or(|(_, places)| places.iter().any(|p| path.starts_with(p)));
            assert!(good, "`{path}` names `{word}`");
        }
    }
}
