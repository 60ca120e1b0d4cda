//! `cargo xtask workflow|console|lake|catalogue|problems|policies|docs [--check]`: makes the pages that follow from the
//! code, and the policies as functions read them.
//! The tests hold pages, crates, words and sizes to what they say.

mod console;
#[cfg(test)]
mod crates;
mod lake;
#[cfg(test)]
mod links;
#[cfg(test)]
mod obligations;
mod problems;
#[cfg(test)]
mod sizes;
mod weave;
#[cfg(test)]
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A page that is made: its name on the command line, its file, its text.
struct Page(&'static str, &'static str, fn() -> Result<String, String>);

const PAGES: &[Page] = &[
    Page("workflow", "docs/workflow.md", || Ok(weave::page())),
    Page("console", "web/src/generated/workflow.json", || {
        Ok(console::workflow())
    }),
    Page("lake", "docs/lake.md", || Ok(lake::dictionary())),
    Page("catalogue", "infra/template.yaml", lake::template),
    Page("problems", "docs/problems.md", || Ok(problems::page())),
    Page(
        "policies",
        "shared/authz/policies/compiled.txt",
        authz::compile,
    ),
];

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
    let (wanted, check) = match arguments.as_slice() {
        [wanted] => (*wanted, false),
        [wanted, "--check"] => (*wanted, true),
        _ => ("", false),
    };
    let pages = PAGES
        .iter()
        .filter(|Page(name, ..)| wanted == "docs" || wanted == *name);
    let said: Vec<_> = pages
        .map(|page| if check { fresh(page) } else { write(page) })
        .collect();
    for line in &said {
        say(line.as_ref().unwrap_or_else(|line| line));
    }
    if said.is_empty() {
        say("usage: cargo xtask workflow|console|lake|catalogue|problems|policies|docs [--check]");
    }
    if said.is_empty() || said.iter().any(Result::is_err) {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn write(Page(_, file, text): &Page) -> Result<String, String> {
    std::fs::write(root().join(file), text()?)
        .map(|()| format!("{file} is written"))
        .map_err(|error| format!("{file}: {error}"))
}

fn fresh(Page(name, file, text): &Page) -> Result<String, String> {
    let made = text()?;
    if std::fs::read_to_string(root().join(file)).is_ok_and(|kept| kept == made) {
        Ok(format!("{file} is fresh"))
    } else {
        Err(format!("{file} is stale: run `cargo xtask {name}`"))
    }
}

#[expect(clippy::print_stdout, reason = "a command's output")]
fn say(line: &str) {
    println!("{line}");
}

/// A file of the workspace.
#[cfg(test)]
fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect(path)
}

/// Every Rust file of the workspace, with its path.
#[cfg(test)]
fn sources() -> Vec<(String, String)> {
    let mut folders = vec![root()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir()
                && !name.starts_with('.')
                && !["target", "node_modules"].contains(&name)
            {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let short = path.strip_prefix(root()).unwrap();
                let text = std::fs::read_to_string(&path).unwrap();
                files.push((short.to_str().unwrap().to_owned(), text));
            }
        }
    }
    files.sort();
    assert!(files.len() > 100, "the sources were not found");
    files
}

#[cfg(test)]
mod tests {
    use super::{PAGES, fresh};

    #[test]
    fn r_hd_14_and_r_ux_2_the_pages_made_from_the_code_are_fresh() {
        for page in PAGES {
            assert_eq!(fresh(page).err(), None);
        }
    }
}
