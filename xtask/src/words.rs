//! `docs/glossary.md` is kept: names are made of its words, and of none that it refuses.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

use crate::{read, sources};

/// Every name in a file; comments and texts are not names.
pub(crate) fn identifiers(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    walk(text.parse().unwrap(), &mut |token| {
        if let TokenTree::Ident(name) = token {
            names.push(name.to_string());
        }
    });
    names
}

fn walk(stream: TokenStream, visit: &mut dyn FnMut(&TokenTree)) {
    for token in stream {
        visit(&token);
        if let TokenTree::Group(group) = token {
            walk(group.stream(), visit);
        }
    }
}

/// The names of the types that a file declares.
fn types(text: &str) -> Vec<String> {
    let names = identifiers(text);
    let keywords = ["struct", "enum", "trait", "type", "union"];
    let pairs = names.windows(2);
    let types = pairs.filter(|pair| keywords.contains(&pair[0].as_str()));
    types.map(|pair| pair[1].clone()).collect()
}

/// `CoHandler` and `co_handler` are the words `co handler`.
fn split(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() || c == '_' {
            words.push(' ');
        }
        words.extend(c.to_lowercase().filter(|c| *c != '_'));
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn quoted(text: &str) -> BTreeSet<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}

#[derive(Default)]
struct Glossary {
    types: BTreeSet<String>,
    names: BTreeSet<String>,
    refused: BTreeSet<String>,
}

impl Glossary {
    fn read() -> Self {
        let mut glossary = Self::default();
        for line in read("docs/glossary.md").lines() {
            let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
            match cells.as_slice() {
                [_, code, _, not] => {
                    glossary.allow(code);
                    glossary.refused.extend(quoted(not));
                }
                [names, _] => glossary.allow(names),
                _ => {}
            }
        }
        assert!(glossary.refused.len() > 60, "the glossary was not read");
        glossary
    }

    fn allow(&mut self, names: &str) {
        for name in quoted(names) {
            match name.rsplit_once("::") {
                Some((_, variant)) => self.names.insert(variant.to_owned()),
                None => self.types.insert(name.clone()) | self.names.insert(name),
            };
        }
    }

    /// The word within `name` that is refused.
    fn refuses(&self, name: &str) -> Option<&String> {
        let words = format!(" {} ", split(name));
        let found = |word: &&String| words.contains(&format!(" {word} "));
        self.refused.iter().find(found)
    }
}

#[test]
fn no_type_is_called_by_a_word_that_the_glossary_refuses() {
    let glossary = Glossary::read();
    for (path, text) in sources() {
        for name in types(&text) {
            let word = glossary.refuses(&name);
            let good = word.is_none() || glossary.types.contains(&name);
            assert!(good, "`{path}` declares `{name}`: {word:?}");
        }
    }
}

#[test]
fn no_name_of_the_domain_is_a_word_that_the_glossary_refuses() {
    let glossary = Glossary::read();
    for (path, text) in sources() {
        let names = identifiers(&text).into_iter();
        for name in names.filter(|_| path.starts_with("shared/domain/")) {
            let word = glossary.refuses(&name);
            let good = word.is_none() || glossary.names.contains(&name);
            assert!(good, "`{path}` names `{name}`: {word:?}");
        }
    }
}

#[test]
fn every_exception_is_still_needed() {
    let sources = sources();
    let declared: BTreeSet<_> = sources.iter().flat_map(|(_, t)| identifiers(t)).collect();
    let page = read("docs/glossary.md");
    let (_, exceptions) = page.split_once("| Name |").unwrap();
    for line in exceptions.lines().filter(|line| line.starts_with("| `")) {
        for name in quoted(line.split('|').nth(1).unwrap()) {
            assert!(declared.contains(&name), "`{name}`");
        }
    }
}

#[test]
fn no_function_is_called_get_or_return() {
    for (path, text) in sources() {
        let names = identifiers(&text);
        for pair in names.windows(2).filter(|pair| pair[0] == "fn") {
            let name = &pair[1];
            // What a trait of others calls it, it is called.
            let is_theirs = name == "get_opts";
            let bad = (name.starts_with("get_") && !is_theirs) || name == "return_";
            assert!(!bad, "`{path}` declares `{name}`");
        }
    }
}
