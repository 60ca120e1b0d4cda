//! Documents as PDF: the supervision letter (督办函, Art. 17; R-SV-7) in the letter form of
//! GB/T 9704-2012, and the report of a quarter or a year (分析报告, Art. 6(5); R-AN-2). This crate alone
//! uses typst; it knows nothing of tickets, cases and figures.

mod fonts;
mod glyphs;
mod paper;
mod world;

use std::fmt;

use chrono::{Datelike as _, NaiveDate};
use typst::foundations::{Array, Dict, IntoValue as _, Smart, Value, dict};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

pub use fonts::Fonts;
pub use paper::{Chapter, ColumnKind, Paper, PaperColumn, PaperTable, render_paper};
use world::DocumentWorld;

/// A supervision letter (督办函, Art. 17). Texts are shown as they are; a line break begins a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// 发文机关: full name of the authority that sends it, in its red head.
    pub issuer: String,
    /// 发文字号, as 泰数督函〔2026〕17号.
    pub number: String,
    /// 主送机关: the unit it is sent to, without colon.
    pub addressee: String,
    /// 标题, as 关于限期办理住房公积金提取诉求的督办函.
    pub title: String,
    /// What it rests on: the regulation with article and item.
    pub article: String,
    /// 督办事由: which of the article's cases this is.
    pub trigger: String,
    /// 核查情况: what was found.
    pub facts: String,
    /// What shows the facts, a line each; they are numbered from 1.
    pub evidence: Vec<String>,
    /// 办理要求: what the unit shall do.
    pub demand: String,
    /// The day by whose end it shall be done.
    pub due_on: NaiveDate,
    /// 联系人: name and telephone of the officer who answers questions.
    pub contact: String,
    /// 署名: the authority over the date.
    pub signed_by: String,
    /// 成文日期.
    pub dated_on: NaiveDate,
}

/// Why there is no document.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LettersError {
    /// A file that is read as a font is none.
    #[error("`{0}` cannot be read as a font")]
    FontUnreadable(String),
    /// A font of the documents' design is not there.
    #[error("the font `{0}` is missing")]
    FontMissing(&'static str),
    /// No font has a glyph for these characters.
    #[error("no font has a glyph for {0}")]
    GlyphsMissing(Characters),
    /// A part that every letter or report has is empty.
    #[error("the document has no {0}")]
    Empty(&'static str),
    /// A row of a report's table has more or fewer cells than the table has columns.
    #[error("row {row} of table `{table}` has {cells} cells for {columns} columns")]
    RowUneven {
        /// The table's title.
        table: String,
        /// Which row, from 1.
        row: usize,
        /// How many cells it has.
        cells: usize,
        /// How many columns there are.
        columns: usize,
    },
    /// The document's design or its export has a fault.
    #[error("the document cannot be set: {0}")]
    Broken(String),
}

/// Characters, each once, with their code points: 喆 (U+5586).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Characters(pub Vec<char>);

impl fmt::Display for Characters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, each) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(
                f,
                "{comma}{} (U+{:04X})",
                each.escape_debug(),
                u32::from(*each)
            )?;
        }
        Ok(())
    }
}

/// The letter as PDF/A: the same bytes for the same letter and fonts.
pub fn render(letter: &Letter, fonts: &Fonts) -> Result<Vec<u8>, LettersError> {
    press(
        include_str!("letter.typ"),
        inputs(letter)?,
        &letter.number,
        fonts,
    )
}

/// A design with its words as PDF/A; `number` tells the file from all others.
fn press(design: &str, inputs: Dict, number: &str, fonts: &Fonts) -> Result<Vec<u8>, LettersError> {
    // What typst remembers of the last document is of no use for this one.
    typst::comemo::evict(0);
    let world = DocumentWorld::new(design, inputs, fonts);
    let set = typst::compile::<PagedDocument>(&world);
    let document = set.output.map_err(|errors| broken(&errors))?;
    let missing = glyphs::missing(&document);
    if !missing.is_empty() {
        return Err(LettersError::GlyphsMissing(Characters(missing)));
    }
    let standards = PdfStandards::new(&[PdfStandard::A_2a])
        .map_err(|error| LettersError::Broken(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(number.to_owned()),
        creator: Smart::Custom(Some("Suqiu".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| broken(&errors))
}

/// Typst's messages are about the design, not about what a document says.
fn broken(errors: &[typst::diag::SourceDiagnostic]) -> LettersError {
    let messages = errors.iter().map(|error| error.message.as_str());
    LettersError::Broken(messages.collect::<Vec<_>>().join(": "))
}

/// What `letter.typ` finds in `sys.inputs`.
fn inputs(letter: &Letter) -> Result<Dict, LettersError> {
    let mut inputs = Dict::new();
    for (name, text) in [
        ("issuer", &letter.issuer),
        ("number", &letter.number),
        ("addressee", &letter.addressee),
        ("title", &letter.title),
        ("article", &letter.article),
        ("contact", &letter.contact),
        ("signed-by", &letter.signed_by),
    ] {
        inputs.insert(name.into(), required(name, text)?.into_value());
    }
    for (name, text) in [
        ("trigger", &letter.trigger),
        ("facts", &letter.facts),
        ("demand", &letter.demand),
    ] {
        let lines = lines(text.lines());
        if lines.is_empty() {
            return Err(LettersError::Empty(name));
        }
        inputs.insert(name.into(), lines.into_value());
    }
    let evidence = lines(letter.evidence.iter().map(String::as_str));
    inputs.insert("evidence".into(), evidence.into_value());
    inputs.insert("due".into(), in_words(letter.due_on).into_value());
    inputs.insert("date".into(), in_words(letter.dated_on).into_value());
    inputs.insert(
        "document-date".into(),
        document_date(letter.dated_on).into_value(),
    );
    Ok(inputs)
}

/// What no document may lack, as one line.
fn required(name: &'static str, text: &str) -> Result<String, LettersError> {
    let line = one_line(text);
    if line.is_empty() {
        return Err(LettersError::Empty(name));
    }
    Ok(line)
}

/// In what stands on one line a line break would be one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lines<'a>(lines: impl Iterator<Item = &'a str>) -> Array {
    let lines = lines.map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| Value::Str(line.into())).collect()
}

/// 2026年11月27日: Arabic digits, no zeros before them.
fn in_words(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// The date among what is known of the file.
fn document_date(date: NaiveDate) -> Dict {
    dict! {
        "year" => i64::from(date.year()),
        "month" => i64::from(date.month()),
        "day" => i64::from(date.day()),
    }
}
