//! 分析报告 (Art. 6(5); R-AN-2): the report of a quarter or a year as PDF/A.

use chrono::NaiveDate;
use typst::foundations::{Array, Dict, IntoValue as _, Value, array, dict};

use crate::{
    Characters, Fonts, LettersError, document_date, in_words, lines, one_line, press, required,
};

/// 分析报告 (Art. 6(5); R-AN-2): words and figures as they are to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// 标题, as 泰安市企业和群众诉求2026年第三季度分析报告.
    pub title: String,
    /// The report's id, at the foot of each page, as 2026-Q3.20261001.
    pub number: String,
    /// 编制单位: who made it.
    pub issuer: String,
    /// Names and values of the small table on the first page: 统计期间, 数据截至.
    pub facts: Vec<(String, String)>,
    /// 摘要: a paragraph each.
    pub summary: Vec<String>,
    /// At least one.
    pub chapters: Vec<Chapter>,
    /// 说明 at the end: a paragraph each.
    pub notes: Vec<String>,
    /// The day under the title.
    pub dated_on: NaiveDate,
}

/// What printers set for a character that they do not have.
const GETA: char = '〓';

impl Paper {
    /// With 〓 in the place of these characters, wherever they stand.
    #[must_use]
    pub fn without(&self, characters: &Characters) -> Self {
        let plain = |text: &String| -> String {
            let chars = text.chars();
            chars
                .map(|c| if characters.0.contains(&c) { GETA } else { c })
                .collect()
        };
        let all = |texts: &[String]| texts.iter().map(plain).collect();
        let table = |table: &PaperTable| PaperTable {
            title: plain(&table.title),
            columns: table
                .columns
                .iter()
                .map(|column| PaperColumn {
                    title: plain(&column.title),
                    kind: column.kind,
                })
                .collect(),
            rows: table.rows.iter().map(|row| all(row)).collect(),
            note: table.note.as_ref().map(plain),
            source: plain(&table.source),
        };
        let chapter = |chapter: &Chapter| Chapter {
            heading: plain(&chapter.heading),
            tables: chapter.tables.iter().map(table).collect(),
        };
        let facts = self.facts.iter();
        Self {
            title: plain(&self.title),
            number: self.number.clone(),
            issuer: plain(&self.issuer),
            facts: facts
                .map(|(name, value)| (plain(name), plain(value)))
                .collect(),
            summary: all(&self.summary),
            chapters: self.chapters.iter().map(chapter).collect(),
            notes: all(&self.notes),
            dated_on: self.dated_on,
        }
    }
}

/// One of the parts of a report; they are numbered 一、二、 in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// Without its number.
    pub heading: String,
    /// A chapter without any says 本期无数据.
    pub tables: Vec<PaperTable>,
}

/// A table; they are numbered 表1, 表2 through the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperTable {
    /// Without its number.
    pub title: String,
    /// At least one.
    pub columns: Vec<PaperColumn>,
    /// Each with as many cells as there are columns. A table without any says 本期无数据.
    pub rows: Vec<Vec<String>>,
    /// What a reader shall know of the table, as 仅列前40行，共212行.
    pub note: Option<String>,
    /// Where its figures come from, as 数据来源：on-time-by-unit.
    pub source: String,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperColumn {
    /// What stands over it.
    pub title: String,
    /// How its cells are set.
    pub kind: ColumnKind,
}

/// How the cells of a column are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// From the left, in as many lines as they need.
    Words,
    /// At the right.
    Number,
    /// As 91.7%, with a bar of that length beside it. What is no percentage, as —, has no bar.
    Share,
}

/// The report as PDF/A: the same bytes for the same report and fonts.
pub fn render_paper(paper: &Paper, fonts: &Fonts) -> Result<Vec<u8>, LettersError> {
    press(
        include_str!("paper.typ"),
        inputs(paper)?,
        &paper.number,
        fonts,
    )
}

/// What `paper.typ` finds in `sys.inputs`.
fn inputs(paper: &Paper) -> Result<Dict, LettersError> {
    if paper.chapters.is_empty() {
        return Err(LettersError::Empty("chapters"));
    }
    let mut chapters = Array::new();
    for each in &paper.chapters {
        chapters.push(chapter(each)?.into_value());
    }
    let facts = paper.facts.iter();
    let facts = facts.map(|(name, value)| array![one_line(name), one_line(value)].into_value());
    Ok(dict! {
        "title" => required("title", &paper.title)?,
        "number" => required("number", &paper.number)?,
        "issuer" => required("issuer", &paper.issuer)?,
        "facts" => facts.collect::<Array>(),
        "summary" => lines(paper.summary.iter().flat_map(|text| text.lines())),
        "chapters" => chapters,
        "notes" => lines(paper.notes.iter().flat_map(|text| text.lines())),
        "date" => in_words(paper.dated_on),
        "document-date" => document_date(paper.dated_on),
    })
}

fn chapter(chapter: &Chapter) -> Result<Dict, LettersError> {
    let mut tables = Array::new();
    for each in &chapter.tables {
        tables.push(table(each)?.into_value());
    }
    Ok(dict! {
        "heading" => required("heading", &chapter.heading)?,
        "tables" => tables,
    })
}

fn table(table: &PaperTable) -> Result<Dict, LettersError> {
    if table.columns.is_empty() {
        return Err(LettersError::Empty("columns"));
    }
    let mut rows = Array::new();
    for (row, cells) in table.rows.iter().enumerate() {
        if cells.len() != table.columns.len() {
            return Err(LettersError::RowUneven {
                table: table.title.clone(),
                row: row + 1,
                cells: cells.len(),
                columns: table.columns.len(),
            });
        }
        let cells = cells.iter().zip(&table.columns);
        let cells = cells.map(|(text, column)| cell(text, column.kind));
        rows.push(cells.collect::<Array>().into_value());
    }
    let columns = table.columns.iter();
    let columns = columns.map(|column| {
        let (title, kind) = (one_line(&column.title), name(column.kind));
        dict! { "title" => title, "kind" => kind }.into_value()
    });
    let below = [table.note.as_deref(), Some(table.source.as_str())];
    Ok(dict! {
        "title" => required("table title", &table.title)?,
        "columns" => columns.collect::<Array>(),
        "rows" => rows,
        "below" => lines(below.into_iter().flatten().flat_map(str::lines)),
    })
}

const fn name(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Words => "words",
        ColumnKind::Number => "number",
        ColumnKind::Share => "share",
    }
}

fn cell(text: &str, kind: ColumnKind) -> Value {
    let text = one_line(text);
    match kind {
        ColumnKind::Words | ColumnKind::Number => text.into_value(),
        ColumnKind::Share => {
            let length = share(&text);
            dict! { "text" => text, "length" => length }.into_value()
        }
    }
}

/// The part of the whole that a percentage is; more than all is all.
fn share(text: &str) -> Option<f64> {
    let number = text.strip_suffix(['%', '％'])?.trim_end();
    let is_digit = |each: char| each.is_ascii_digit() || each == '.';
    if !number.chars().all(is_digit) {
        return None;
    }
    let percent: f64 = number.parse().ok()?;
    Some(percent.min(100.0) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_an_2_only_a_percentage_has_a_bar() {
        for (text, wanted) in [
            ("50%", Some(0.5)),
            ("12.5 %", Some(0.125)),
            ("100.0％", Some(1.0)),
            ("0%", Some(0.0)),
            ("140%", Some(1.0)),
            ("—", None),
            ("", None),
            ("%", None),
            (".%", None),
            ("50", None),
            ("-3%", None),
            ("+3%", None),
            ("NaN%", None),
            ("inf%", None),
            ("1e2%", None),
        ] {
            assert_eq!(share(text), wanted, "{text}");
        }
    }
}
