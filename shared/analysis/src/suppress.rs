//! 去标识化 of figures (Art. 16): what is about fewer than five is not shown, and nothing from which it
//! follows.

use app::reports::{Cell, Shows};

use crate::questions::Question;

/// Fewer than so many are not shown.
pub const FEWEST: i64 = 5;

/// Hides small counts, and of each line of figures in which only one is hidden another, the smallest:
/// a line's sum is known from other questions. A line are the groups that differ in one column only;
/// along a key nobody sums, so it makes no line.
/// Where a count is hidden, so is every part of it.
pub fn suppress(question: &Question, rows: &mut [Vec<Cell>]) {
    let places = |wanted: Shows| {
        let columns = question.columns.iter().enumerate();
        let found = columns.filter(move |(_, column)| column.shows == wanted);
        found.map(|(at, _)| at).collect::<Vec<_>>()
    };
    let (groups, keys) = (places(Shows::Group), places(Shows::Key));
    for count in places(Shows::Count) {
        let numbers: Vec<i64> = rows.iter().map(|row| number(row, count)).collect();
        let mut hidden: Vec<bool> = numbers.iter().map(|number| is_small(*number)).collect();
        while let Some(another) = another(rows, (&groups, &keys), &numbers, &hidden) {
            if let Some(its) = hidden.get_mut(another) {
                *its = true;
            }
        }
        for (row, _) in rows.iter_mut().zip(&hidden).filter(|(_, hidden)| **hidden) {
            hide(row, count);
            for (at, column) in question.columns.iter().enumerate().skip(count + 1) {
                match column.shows {
                    Shows::Part => hide(row, at),
                    // The next count's parts are its own.
                    Shows::Count => break,
                    _ => {}
                }
            }
        }
    }
}

const fn is_small(number: i64) -> bool {
    0 < number && number < FEWEST
}

fn number(row: &[Cell], at: usize) -> i64 {
    match row.get(at) {
        Some(Cell::Number(number)) => *number,
        _ => 0,
    }
}

fn hide(row: &mut [Cell], at: usize) {
    if let Some(cell) = row.get_mut(at) {
        *cell = Cell::Hidden;
    }
}

/// A row that has to be hidden too: the smallest of a line in which only one is hidden.
fn another(
    rows: &[Vec<Cell>],
    (groups, keys): (&[usize], &[usize]),
    numbers: &[i64],
    hidden: &[bool],
) -> Option<usize> {
    for along in groups {
        for (at, row) in rows.iter().enumerate() {
            if hidden.get(at) != Some(&true) {
                continue;
            }
            let is_in_line = |other: &[Cell]| {
                let others = groups.iter().chain(keys).filter(|group| *group != along);
                others
                    .into_iter()
                    .all(|group| other.get(*group) == row.get(*group))
            };
            let line = rows
                .iter()
                .enumerate()
                .filter(|(_, other)| is_in_line(other));
            let line: Vec<usize> = line.map(|(place, _)| place).collect();
            let is_shown = |place: &&usize| hidden.get(**place) == Some(&false);
            if line.iter().filter(|place| !is_shown(place)).count() > 1 {
                continue;
            }
            // What is nothing says nothing: hiding it hides nothing.
            let value = |place: &&usize| numbers.get(**place).copied().unwrap_or_default();
            let shown = line
                .iter()
                .filter(is_shown)
                .filter(|place| value(place) > 0);
            if let Some(smallest) = shown.min_by_key(value) {
                return Some(*smallest);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// A table of one count by two groups, with a part.
    fn question() -> &'static Question {
        Question::named("on-time-by-unit").unwrap()
    }

    fn table(counts: &[((u8, u8), i64)]) -> Vec<Vec<Cell>> {
        let unique: BTreeMap<_, _> = counts.iter().copied().collect();
        let row = |((unit, month), count): ((u8, u8), i64)| {
            let text = |number: u8| Cell::Text(number.to_string());
            let (count, part) = (Cell::Number(count), Cell::Number(count / 2));
            vec![text(unit), text(month), text(unit), count, part]
        };
        unique.into_iter().map(row).collect()
    }

    fn hidden(row: &[Cell]) -> bool {
        row[3] == Cell::Hidden
    }

    proptest! {
        #[test]
        fn art_16_nothing_small_is_shown_and_nothing_hidden_follows(
            counts in prop::collection::vec(((0_u8..5, 0_u8..5), 0_i64..20), 0..25),
        ) {
            let before = table(&counts);
            let mut after = before.clone();
            suppress(question(), &mut after);
            for (row, was) in after.iter().zip(&before) {
                prop_assert!(hidden(row) || *row == *was, "what is shown is true");
                let was = number(was, 3);
                prop_assert!(!(1..FEWEST).contains(&was) || hidden(row));
                prop_assert!(!hidden(row) || was > 0, "nothing is hidden that is nothing");
                prop_assert_eq!(hidden(row), row[4] == Cell::Hidden, "a part goes with its count");
            }
            // In each line another is hidden with it, unless all others are nothing: then the line's
            // own sum is as small, and hidden where it is asked for.
            for along in [0, 1] {
                for row in after.iter().filter(|row| hidden(row)) {
                    let line = || after.iter().zip(&before).filter(|(it, _)| it[1 - along] == row[1 - along]);
                    let gone = line().filter(|(it, _)| hidden(it)).count();
                    let shown = line().filter(|(it, was)| !hidden(it) && was[3] != Cell::Number(0));
                    prop_assert!(gone > 1 || shown.count() == 0);
                }
            }
        }
    }

    #[test]
    fn art_16_a_span_is_not_hidden_for_the_few_of_the_span_before() {
        let row = |term: &str, count: i64| {
            let numbers = [count, count, count, count].map(Cell::Number);
            let mut row = vec![Cell::Text(term.to_owned())];
            row.extend(numbers);
            row
        };
        let mut rows = vec![row("本期", 12_846), row("上一期", 3)];
        suppress(Question::named("overview").unwrap(), &mut rows);
        assert_eq!(rows[0], row("本期", 12_846));
        assert_eq!(rows[1][1..], [const { Cell::Hidden }; 4]);
    }

    #[test]
    fn art_16_where_all_are_enough_all_are_shown() {
        let before = table(&[((0, 0), 5), ((0, 1), 9), ((1, 0), 0)]);
        let mut after = before.clone();
        suppress(question(), &mut after);
        assert_eq!(after, before);
    }
}
