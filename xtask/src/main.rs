//! `cargo xtask workflow [--check]`: weaves the workflow table with the regulation's own words
//! into `docs/workflow.md`.

mod links;
mod weave;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default()
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let page = root().join("docs/workflow.md");
    let said = match arguments.as_slice() {
        ["workflow"] => std::fs::write(&page, weave::page())
            .map(|()| "docs/workflow.md is written".to_owned())
            .map_err(|error| error.to_string()),
        ["workflow", "--check"] if is_fresh(&page) => Ok("docs/workflow.md is fresh".to_owned()),
        ["workflow", "--check"] => {
            Err("docs/workflow.md is stale: run `cargo xtask workflow`".to_owned())
        }
        _ => Err("usage: cargo xtask workflow [--check]".to_owned()),
    };
    match said {
        Ok(line) => {
            say(&line);
            ExitCode::SUCCESS
        }
        Err(line) => {
            say(&line);
            ExitCode::FAILURE
        }
    }
}

fn is_fresh(page: &Path) -> bool {
    std::fs::read_to_string(page).is_ok_and(|text| text == weave::page())
}

#[expect(clippy::print_stdout, reason = "a command's output")]
fn say(line: &str) {
    println!("{line}");
}

#[cfg(test)]
mod tests {
    #[test]
    fn r_hd_14_the_woven_page_is_fresh() {
        assert!(
            super::is_fresh(&super::root().join("docs/workflow.md")),
            "run `cargo xtask workflow`"
        );
    }
}
