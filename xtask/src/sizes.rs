//! Files stay small; clippy holds the functions (`too_many_lines`).

use crate::{read, sources};

/// Lines of a file, its tests left out.
const LINES: usize = 400;

/// Lines of a function's `main.rs`: start, and nothing else.
const MAIN_LINES: usize = 30;

/// Lines outside the file's own test module.
fn lines(text: &str) -> usize {
    let (mut count, mut in_tests, mut after_cfg) = (0, false, false);
    for line in text.lines() {
        in_tests |= after_cfg && line.starts_with("mod ") && line.ends_with('{');
        count += usize::from(!in_tests);
        in_tests &= line != "}";
        after_cfg = line == "#[cfg(test)]";
    }
    count
}

#[test]
fn no_file_is_longer_than_can_be_read_at_once() {
    for (path, text) in sources() {
        let tests = path.starts_with("tests/") || path.contains("/tests");
        let main = path.starts_with("functions/") && path.ends_with("main.rs");
        let most = if main { MAIN_LINES } else { LINES };
        let lines = lines(&text);
        assert!(tests || lines <= most, "`{path}` has {lines} lines");
    }
}

#[test]
fn functions_have_no_tests_of_their_own() {
    let functions = sources().into_iter();
    for (path, text) in
        functions.filter(|(path, _)| path.contains("functions/") && path.contains("/src/"))
    {
        assert!(
            !text.contains("#[test]"),
            "`{path}`: `./test unit` leaves functions out"
        );
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for (path, text) in sources() {
        assert!(text.starts_with("//!"), "`{path}`");
    }
}

#[test]
fn clippy_holds_the_functions() {
    assert!(read(".clippy.toml").contains("too-many-lines-threshold = 60"));
    assert!(read("Cargo.toml").contains("too_many_lines = \"deny\""));
    for (path, text) in manifests() {
        assert!(text.contains("[lints]\nworkspace = true"), "`{path}`");
    }
}

fn manifests() -> Vec<(String, String)> {
    let folders = ["shared", "functions"].into_iter().flat_map(|folder| {
        let folders = std::fs::read_dir(crate::root().join(folder)).unwrap();
        folders.map(move |each| format!("{folder}/{}", each.unwrap().file_name().display()))
    });
    let others = [
        "benches",
        "benches/floor",
        "local",
        "local/substrate",
        "tests",
        "xtask",
    ];
    let others = others.map(str::to_owned);
    let paths = folders.chain(others).map(|path| path + "/Cargo.toml");
    paths.map(|path| (path.clone(), read(&path))).collect()
}

#[test]
fn test_modules_are_not_counted() {
    let text = "//! A file.\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
    assert_eq!(lines(text), 4);
    assert_eq!(lines("#[cfg(test)]\nmod tests;\nfn a() {\n}\n"), 4);
}
