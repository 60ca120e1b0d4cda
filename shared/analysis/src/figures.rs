//! An answer as it is sent and kept: with its words, and the shares that follow from it.

use std::collections::BTreeMap;

use app::reports::{Asked, Cell, Figures, Head, Row, Share, ShareHead};

use crate::FEWEST;
use crate::answer::Answer;
use crate::questions::{self, Question, Shown};
use crate::words::words;

/// The standard normal distribution's 97.5th percentile.
const Z: f64 = 1.959_963_984_540_054;

impl Question {
    /// As it is asked.
    pub fn asked(&self) -> Asked {
        let head = |column: &Shown| Head {
            name: column.name.to_owned(),
            title: column.zh.to_owned(),
            shows: column.shows,
            words: BTreeMap::new(),
        };
        let share = |share: &questions::Share| ShareHead {
            title: share.zh.to_owned(),
            numerator: share.numerator.to_owned(),
            denominator: share.denominator.to_owned(),
        };
        Asked {
            question: self.name.to_owned(),
            title: self.zh.to_owned(),
            columns: self.columns.iter().map(head).collect(),
            shares: self.shares.iter().map(share).collect(),
        }
    }
}

impl Answer {
    /// As it is sent.
    pub fn figures(&self) -> Figures {
        let mut asked = self.question.asked();
        for (at, head) in asked.columns.iter_mut().enumerate() {
            let codes = self.rows.iter().filter_map(|row| match row.get(at) {
                Some(Cell::Text(code)) => Some(code),
                _ => None,
            });
            let said = codes.filter_map(|code| {
                let says = words(&head.name, code)?;
                Some((code.clone(), says.to_owned()))
            });
            head.words = said.collect();
        }
        let row = |cells: &Vec<Cell>| Row {
            cells: cells.clone(),
            shares: {
                let shares = self.question.shares.iter();
                shares.map(|share| self.share(cells, share)).collect()
            },
        };
        Figures {
            asked,
            since: self.span.since,
            until: self.span.until,
            rows: self.rows.iter().map(row).collect(),
            hidden: self.hidden(),
        }
    }

    fn share(&self, row: &[Cell], share: &questions::Share) -> Option<Share> {
        let (Some(Cell::Number(numerator)), Some(Cell::Number(denominator))) = (
            self.cell(row, share.numerator),
            self.cell(row, share.denominator),
        ) else {
            return None;
        };
        let is_drawn = share.drawn.is_some_and(|(column, code)| {
            self.cell(row, column) == Some(&Cell::Text(code.to_owned()))
        });
        share_of(*numerator, *denominator, is_drawn)
    }
}

/// So many of so many; of nothing there is no share, and of fewer than are shown none is said.
fn share_of(numerator: i64, denominator: i64, is_drawn: bool) -> Option<Share> {
    let (part, whole) = (counted(numerator)?, counted(denominator)?);
    (denominator >= FEWEST).then(|| Share {
        numerator,
        denominator,
        percent: percent(part / whole),
        interval: is_drawn.then(|| wilson(part, whole)),
    })
}

/// Exact below 2^32, which no count of appeals reaches.
fn counted(number: i64) -> Option<f64> {
    u32::try_from(number).ok().map(f64::from)
}

/// To a tenth.
fn percent(share: f64) -> f64 {
    (share * 1_000.0).round() / 10.0
}

/// Between which percents the share of all lies, 95 times of 100.
fn wilson(part: f64, whole: f64) -> (f64, f64) {
    let share = part / whole;
    let square = Z * Z / whole;
    let middle = share + square / 2.0;
    let spread = Z * (share * (1.0 - share) / whole + square / (4.0 * whole)).sqrt();
    let at = |value: f64| percent((value / (1.0 + square)).clamp(0.0, 1.0));
    (at(middle - spread), at(middle + spread))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn art_14_the_interval_is_wilsons() {
        // Figures as Newcombe has them, Statistics in Medicine 17, 1998, 857-872, table I, method 3.
        for (part, whole, low, high) in [
            (81.0, 263.0, 25.5, 36.6),
            (15.0, 148.0, 6.2, 16.0),
            (0.0, 20.0, 0.0, 16.1),
            (1.0, 29.0, 0.6, 17.2),
        ] {
            assert_eq!(wilson(part, whole), (low, high), "{part}/{whole}");
        }
    }

    #[test]
    fn r_an_2_a_share_says_of_how_many_and_of_nothing_there_is_none() {
        assert_eq!(share_of(0, 0, false), None);
        assert_eq!(share_of(1, 4, false), None);
        let share = share_of(11, 12, false).unwrap();
        assert_eq!((share.percent, share.interval), (91.7, None));
        assert_eq!(
            share_of(20, 20, true).unwrap().interval,
            Some((83.9, 100.0))
        );
    }
}
