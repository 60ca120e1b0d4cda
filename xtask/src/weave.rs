//! The page: a diagram, then each article's own words with the rows that implement it.

use std::fmt::Write as _;

use domain::workflow::rules::{RULES, Rule, To};
use domain::workflow::words::{Clock, Need, Role, State};

const REGULATION: &str = include_str!("../../shared/domain/data/regulation.md");

/// The whole page.
pub(crate) fn page() -> String {
    let mut page = String::from(
        "# 诉求办理工作流\n\n\
         本页由 `cargo xtask workflow` 从 `shared/domain/src/workflow/rules.rs` 与办法原文织成，请勿手改。\n\n",
    );
    page.push_str(&diagram());
    let mut last = "";
    for row in RULES {
        if row.article != last {
            section(&mut page, row.article);
            last = row.article;
        }
        line(&mut page, row);
    }
    page
}

fn diagram() -> String {
    let mut text = String::from("```mermaid\nstateDiagram-v2\n");
    for state in State::ALL {
        if *state != State::New {
            let _ = writeln!(text, "  {}: {}", state.code(), state.zh());
        }
    }
    let name = |state: State| {
        if state == State::New {
            "[*]"
        } else {
            state.code()
        }
    };
    // What changes no state would hide what does: it stands in the tables below.
    for row in RULES {
        for from in row.from {
            let ends = match row.to {
                To::Same => Vec::new(),
                To::Go(to) => vec![to],
                To::Back => vec![State::Received, State::WithCounty],
            };
            for to in ends {
                let (from, to) = (name(*from), name(to));
                let what = (row.action.zh(), row.article);
                let _ = writeln!(text, "  {from} --> {to}: {}（{}）", what.0, what.1);
            }
        }
    }
    text.push_str("```\n");
    text
}

fn section(page: &mut String, article: &str) {
    let _ = write!(page, "\n## {article}\n\n");
    for line in words(article) {
        let _ = writeln!(page, "> {line}");
    }
    page.push_str(
        "\n| 动作 | 谁 | 属于 | 自 | 至 | 须具备 | 启动 | 停止 | 暂停 | 恢复 | 延长 |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n",
    );
}

/// The regulation's own words: of the item where one is named, of the article otherwise.
pub(crate) fn words(article: &str) -> Vec<&'static str> {
    let (number, item) = article.split_once('（').unwrap_or((article, ""));
    let start = format!("**{number}**");
    let text = REGULATION.split_once(&start).map_or("", |(_, text)| text);
    let text = text.split("**第").next().unwrap_or(text);
    let text = text.split("\n## ").next().unwrap_or(text);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    if item.is_empty() {
        return lines.collect();
    }
    let item = format!("（{item}");
    lines.filter(|line| line.starts_with(&item)).collect()
}

fn line(page: &mut String, row: &Rule) {
    let to = match row.to {
        To::Same => "不变",
        To::Go(state) => state.zh(),
        To::Back => "退回派单的单位",
    };
    let stops = if row.stops == Clock::ALL {
        "全部".to_owned()
    } else {
        join(row.stops, Clock::zh)
    };
    let _ = writeln!(
        page,
        "| {} | {} | {} | {} | {to} | {} | {} | {stops} | {} | {} | {} |",
        row.action.zh(),
        join(row.by, Role::zh),
        row.at.zh(),
        join(row.from, State::zh),
        join(row.needs, Need::zh),
        join(row.starts, Clock::zh),
        join(row.pauses, Clock::zh),
        join(row.resumes, Clock::zh),
        join(row.extends, Clock::zh),
    );
}

fn join<T: Copy>(list: &[T], zh: fn(T) -> &'static str) -> String {
    let words: Vec<_> = list.iter().map(|each| zh(*each)).collect();
    if words.is_empty() {
        "—".to_owned()
    } else {
        words.join("、")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_stands_under_words_of_the_regulation() {
        for row in RULES {
            assert!(!words(row.article).is_empty(), "{}", row.article);
        }
    }
}
