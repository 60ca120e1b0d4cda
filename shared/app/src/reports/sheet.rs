//! A report's figures as a sheet: a line a figure, which says whose it is and which question it answers.

use super::{Figures, PeriodicReport, Row, Shows};

/// What stands over the columns, and whether words stand in them.
pub const TITLES: [(&str, bool); 10] = [
    ("章节", true),
    ("问题", false),
    ("问题名称", true),
    ("统计起日", false),
    ("统计止日", false),
    ("分组", true),
    ("指标", true),
    ("数值", false),
    ("分子", false),
    ("分母", false),
];

/// A row a figure.
pub fn rows(report: &PeriodicReport) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for chapter in &report.chapters {
        for figures in &chapter.figures {
            for row in &figures.rows {
                rows.extend(of_row(&chapter.heading, figures, row));
            }
        }
    }
    rows
}

/// The figures of one row: its numbers, then its shares.
fn of_row(heading: &str, figures: &Figures, row: &Row) -> Vec<Vec<String>> {
    let cells = || figures.asked.columns.iter().zip(&row.cells);
    let named =
        cells().filter(|(head, _)| matches!(head.shows, Shows::Group | Shows::Key | Shows::Name));
    let named = named.map(|(head, cell)| format!("{}：{}", head.title, Figures::shown(head, cell)));
    let group = named.collect::<Vec<_>>().join("；");
    let line = |title: &str, value: String, of: Option<(i64, i64)>| {
        vec![
            heading.to_owned(),
            figures.asked.question.clone(),
            figures.asked.title.clone(),
            figures.since.to_string(),
            figures.until.to_string(),
            group.clone(),
            title.to_owned(),
            value,
            // A cell of its own each: as 6/7 a spreadsheet takes them for a day.
            of.map(|(part, _)| part.to_string()).unwrap_or_default(),
            of.map(|(_, whole)| whole.to_string()).unwrap_or_default(),
        ]
    };
    let counted =
        cells().filter(|(head, _)| !matches!(head.shows, Shows::Group | Shows::Key | Shows::Name));
    let counted = counted.map(|(head, cell)| line(&head.title, Figures::shown(head, cell), None));
    let shares = figures
        .asked
        .shares
        .iter()
        .zip(&row.shares)
        .map(|(head, share)| {
            let of = share.as_ref();
            let of = of.map(|share| (share.numerator, share.denominator));
            line(&head.title, Figures::shown_share(share.as_ref()), of)
        });
    counted.chain(shares).collect()
}
