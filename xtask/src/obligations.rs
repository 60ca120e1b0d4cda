//! `docs/obligations.md`: what the regulation demands stands there, sentence by sentence, each
//! with the action of the workflow that does it or the reason why none does.

use std::collections::BTreeSet;

use domain::workflow::rules::RULES;
use domain::workflow::words::Action;

use crate::read;

/// Words that demand.
const WORDS: &[&str] = &[
    "应",
    "须",
    "不得",
    "严禁",
    "要向",
    "不超过",
    "工作日内",
    "不再",
    "追责",
];

/// Article or item, and the sentence.
type Sentence = (String, String);

/// Words that only look like one of them.
const OTHER_WORDS: &[&str] = &["相应", "响应"];

fn demands(sentence: &str) -> bool {
    let mut sentence = sentence.to_owned();
    for word in OTHER_WORDS {
        sentence = sentence.replace(word, "");
    }
    sentence.starts_with('（') || WORDS.iter().any(|word| sentence.contains(word))
}

/// The sentences that demand: those with such a word, and every item of a list.
fn demanded(regulation: &str) -> Vec<Sentence> {
    let mut article = "";
    let mut sentences = Vec::new();
    for line in regulation.lines() {
        let mut line = line.trim();
        if let Some((number, rest)) = line.strip_prefix("**第").and_then(|l| l.split_once("**")) {
            (article, line) = (number, rest.trim());
        }
        if article.is_empty() || line.starts_with('#') {
            continue;
        }
        let item = line.split_once('）').filter(|_| line.starts_with('（'));
        let item = item.map_or(String::new(), |(item, _)| format!("{item}）"));
        for sentence in line.split_inclusive('。').filter(|each| demands(each)) {
            sentences.push((format!("第{article}{item}"), sentence.trim().to_owned()));
        }
    }
    sentences
}

/// A row of the page: whose sentence, which actions do it, and what else there is to say.
struct Row {
    sentence: Sentence,
    actions: Vec<String>,
    besides: String,
}

fn rows() -> Vec<Row> {
    let page = read("docs/obligations.md");
    let lines = page.lines().filter(|line| line.starts_with("| 第"));
    let row = |line: &str| {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [article, words, actions, besides] = cells.as_slice() else {
            panic!("four cells: {line}")
        };
        let actions = actions.split('、').filter(|action| *action != "—");
        Row {
            sentence: (String::from(*article), String::from(*words)),
            actions: actions.map(str::to_owned).collect(),
            besides: (*besides).to_owned(),
        }
    };
    lines.map(row).collect()
}

fn regulation() -> String {
    read("shared/domain/data/regulation.md")
}

#[test]
fn r_hd_14_every_demand_of_the_regulation_has_one_row() {
    let demanded = demanded(&regulation());
    assert!(demanded.len() > 40, "the regulation was not read");
    let rows: Vec<_> = rows().into_iter().map(|row| row.sentence).collect();
    for sentence in &demanded {
        let count = rows.iter().filter(|row| *row == sentence).count();
        let (article, words) = sentence;
        assert_eq!(count, 1, "| {article} | {words} | — |  |");
    }
    for row in &rows {
        assert!(demanded.contains(row), "the regulation has no {row:?}");
    }
    assert_eq!(rows, demanded, "in the regulation's order");
}

#[test]
fn r_hd_14_every_row_names_an_action_or_a_reason() {
    let actions: BTreeSet<_> = Action::ALL.iter().map(|action| action.zh()).collect();
    for Row {
        sentence,
        actions: named,
        besides,
    } in rows()
    {
        for action in &named {
            assert!(actions.contains(action.as_str()), "{sentence:?}: {action}");
        }
        assert!(!named.is_empty() || besides != "—", "{sentence:?}");
    }
}

#[test]
fn r_hd_14_every_action_stands_at_the_demand_that_its_row_cites() {
    let rows = rows();
    let demanding: BTreeSet<_> = rows.iter().map(|row| row.sentence.0.as_str()).collect();
    for rule in RULES.iter().filter(|rule| demanding.contains(rule.article)) {
        let action = rule.action.zh().to_owned();
        let named = rows
            .iter()
            .any(|row| row.sentence.0 == rule.article && row.actions.contains(&action));
        assert!(named, "{} of {}", action, rule.article);
    }
}

/// What is built must not stand here as missing: `docs/regulation.md` says what is.
#[test]
fn what_is_missing_here_is_missing_in_the_map() {
    let map = read("docs/regulation.md");
    for row in rows().iter().filter(|row| row.besides.contains("尚未")) {
        let article = row.sentence.0.replace("条（", "（");
        let line = map
            .lines()
            .find(|line| line.starts_with(&format!("| {article} |")));
        let line = line.unwrap_or_default();
        assert!(line.contains("not yet"), "{article}: {}", row.besides);
    }
}

#[test]
fn sentences_are_told_apart() {
    let text = "# x\n\n**第一条** 甲应乙。丙丁：\n\n（一）告知相应路径；\n\n## 第二章\n\n**第二条** 戊。\n";
    let article = |article: &str, words: &str| (article.to_owned(), words.to_owned());
    let expected = [
        article("第一条", "甲应乙。"),
        article("第一条（一）", "（一）告知相应路径；"),
    ];
    assert_eq!(demanded(text), expected);
}
