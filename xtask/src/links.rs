//! The pages name articles, requirements, code, tests and one another: all of them must exist.

use std::path::Path;

use crate::{read, root};

/// Pages whose every path and test in backticks is looked up.
const HELD: &[&str] = &[
    "docs/regulation.md",
    "docs/obligations.md",
    "docs/guarantees.md",
];

/// Every page, with its path.
fn pages() -> Vec<(String, String)> {
    let top = ["README.md", "README.zh-CN.md", "ARCHITECTURE.md"].map(str::to_owned);
    let files = |folder: &str| {
        let entries = std::fs::read_dir(root().join(folder)).unwrap();
        let names = entries.map(|each| each.unwrap().file_name().into_string().unwrap());
        let pages = names.filter(|name| Path::new(name).extension() == Some("md".as_ref()));
        pages
            .map(|name| format!("{folder}/{name}"))
            .collect::<Vec<_>>()
    };
    let all = top
        .into_iter()
        .chain(files("docs"))
        .chain(files("docs/decisions"));
    all.map(|path| (path.clone(), read(&path))).collect()
}

/// Whether `text` has a test of this name.
fn has_test(text: &str, name: &str) -> bool {
    if text.contains(&format!("def {name}(self")) {
        return true;
    }
    let Some((before, _)) = text.split_once(&format!("fn {name}(")) else {
        return false;
    };
    let (before, _) = before.rsplit_once('\n').unwrap_or_default();
    let above = before.lines().rev().map(str::trim);
    let mut above = above.take_while(|line| line.starts_with("#[") || line.starts_with("///"));
    above.any(|line| line.starts_with("#[") && line.contains("test"))
}

/// What stands in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_article_and_item_has_a_row() {
    let page = read("docs/regulation.md");
    let mut article = String::new();
    for line in read("shared/domain/data/regulation.md").lines() {
        if let Some(rest) = line.strip_prefix("**第") {
            rest.split("**").next().unwrap().clone_into(&mut article);
            assert!(page.contains(&format!("| 第{article} |")), "第{article}");
        }
        let item = line
            .strip_prefix('（')
            .and_then(|rest| rest.split_once('）'));
        let digits = "一二三四五六七八九十";
        if let Some((item, _)) = item.filter(|(item, _)| item.chars().all(|c| digits.contains(c))) {
            let number = article.trim_end_matches('条');
            assert!(
                page.contains(&format!("| 第{number}（{item}） |")),
                "第{number}（{item}）"
            );
        }
    }
}

#[test]
fn every_path_and_test_named_exists() {
    for page in HELD {
        for link in quoted(&read(page)) {
            let (path, name) = link.split_once("::").unwrap_or((link, ""));
            if !path.contains('/') || path.contains(' ') {
                continue;
            }
            assert!(root().join(path).exists(), "`{page}` names `{path}`");
            let good = name.is_empty() || has_test(&read(path), name);
            assert!(good, "`{page}` names `{link}`");
        }
    }
}

#[test]
fn every_guarantee_names_the_test_that_shows_it() {
    let page = read("docs/guarantees.md");
    let (kept, open) = page.split_once("\n## Not promised").unwrap();
    let promises: Vec<_> = kept.lines().filter(|line| line.starts_with("- ")).collect();
    assert!(promises.len() > 20, "the page was not read");
    for promise in promises {
        let tests = quoted(promise).filter(|link| link.contains('/') && link.contains("::"));
        assert!(tests.count() > 0, "{promise}");
    }
    assert!(open.contains("\n- "), "what is not promised is said");
}

#[test]
fn every_requirement_named_exists() {
    let known = read("docs/requirements.txt");
    let known: Vec<&str> = known.lines().collect();
    for (path, page) in pages() {
        for word in page.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
            let shaped = word.starts_with("R-") && word.ends_with(|c: char| c.is_ascii_digit());
            assert!(!shaped || known.contains(&word), "`{path}`: {word}");
        }
    }
}

#[test]
fn every_page_linked_to_exists() {
    for (path, page) in pages() {
        let folder = root().join(&path).parent().unwrap().to_owned();
        for part in page.split("](").skip(1) {
            let link = part.split(')').next().unwrap();
            let file = link.split('#').next().unwrap();
            let here = !link.contains("://");
            assert!(!here || folder.join(file).exists(), "`{path}`: {link}");
        }
    }
}

#[test]
fn a_test_is_told_from_a_function() {
    let text =
        "#[test]\nfn a() {}\nfn b() {}\n/// Why.\n#[tokio::test(x)]\n/// c\nasync fn c() {}\n";
    let found = ["a", "b", "c", "d"].map(|name| has_test(text, name));
    assert_eq!(found, [true, false, true, false]);
}
