//! The table is sound (R-HD-14): the graph, the clocks, the articles.

mod explore;
mod model;

use std::collections::{HashMap, HashSet};

use super::rules::{RULES, To, rule};
use super::words::{Action, Clock, Need, State};

#[test]
fn r_hd_14_one_rule_per_action_and_state() {
    let mut seen = HashMap::new();
    for row in RULES {
        for from in row.from {
            let before = seen.insert((row.action, *from), row.article);
            assert!(before.is_none(), "{:?} from {from:?}", row.action);
        }
    }
}

#[test]
fn r_hd_14_every_state_is_reachable_and_every_open_state_has_a_way_out() {
    let mut reached = HashSet::from([State::New]);
    for _ in State::ALL {
        for row in RULES {
            if row.from.iter().any(|from| reached.contains(from)) {
                match row.to {
                    To::Go(to) => reached.extend([to]),
                    To::Back => reached.extend([State::Received, State::WithCounty]),
                    To::Same => {}
                }
            }
        }
    }
    for state in State::ALL {
        assert!(reached.contains(state), "{state:?}");
        let leaves = |to: To| matches!(to, To::Go(other) if other != *state);
        let way_out = RULES
            .iter()
            .any(|row| row.from.contains(state) && leaves(row.to));
        assert!(way_out || *state == State::Archived, "{state:?}");
    }
}

#[test]
fn r_hd_14_every_word_of_the_table_is_used() {
    for action in Action::ALL {
        assert!(RULES.iter().any(|row| row.action == *action), "{action:?}");
    }
    for need in Need::ALL {
        assert!(RULES.iter().any(|row| row.needs.contains(need)), "{need:?}");
    }
}

#[test]
fn r_cal_3_every_clock_started_is_stopped_and_every_pause_resumes() {
    for clock in Clock::ALL {
        let any = |list: fn(&super::rules::Rule) -> &'static [Clock]| {
            RULES.iter().any(|row| list(row).contains(clock))
        };
        assert_eq!(any(|row| row.starts), any(|row| row.stops), "{clock:?}");
        assert!(
            !any(|row| row.pauses) || any(|row| row.resumes),
            "{clock:?}"
        );
        assert!(
            !any(|row| row.resumes) || any(|row| row.starts),
            "{clock:?}"
        );
        assert!(
            !any(|row| row.extends) || any(|row| row.starts),
            "{clock:?}"
        );
    }
}

#[test]
fn cited_articles_and_items_exist() {
    let regulation = include_str!("../../data/regulation.md");
    for row in RULES {
        let (article, item) = row.article.split_once('（').unwrap_or((row.article, ""));
        let (_, text) = regulation
            .split_once(&format!("**{article}**"))
            .expect(row.article);
        let text = text.split("**第").next().unwrap_or(text);
        let item = item.trim_end_matches('）');
        assert!(
            item.is_empty() || text.contains(&format!("（{item}）")),
            "{}",
            row.article
        );
    }
}

#[test]
fn looking_up_a_row_is_by_action_and_state() {
    assert!(rule(Action::Sign, State::Dispatched).is_some());
    assert!(rule(Action::Sign, State::Handling).is_none());
}
