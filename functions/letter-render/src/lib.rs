//! 督办函 (Art. 17; R-SV-7) and 分析报告 (Art. 6(5); R-AN-2): a message with what a letter says, or with a
//! report's id, becomes its PDF in the archive.

mod paper;

use app::AppError;
use app::letters::{SupervisionLetter, keep};
use app::reports::{PeriodicFiles as _, find, ordered_paper, paper_name};
use cloud::objects::Bucket;
use domain::periodic::PeriodicId;
use letters::{Fonts, Letter, LettersError, render, render_paper};
use runtime::events::Message;

/// What setting a letter needs.
#[derive(Debug)]
pub struct Press {
    fonts: Fonts,
    archive: Bucket,
}

impl Press {
    /// With fonts, and the bucket for the letters.
    pub const fn new(fonts: Fonts, archive: Bucket) -> Self {
        Self { fonts, archive }
    }
}

/// One letter, or the paper of one report. Again, it changes nothing.
pub async fn handle(press: &Press, message: Message) -> Result<(), AppError> {
    let body = message.body.unwrap_or_default();
    if let Some(id) = ordered_paper(&body) {
        return of_report(press, &id).await;
    }
    let asked = SupervisionLetter::parse(&body)?;
    let pdf = render(&to_letter(&asked), &press.fonts).map_err(|error| wrong(&error))?;
    keep(&press.archive, &asked, pdf).await
}

async fn of_report(press: &Press, id: &PeriodicId) -> Result<(), AppError> {
    let report = find(&press.archive, id).await?;
    let paper = paper::paper(&report);
    let pdf = match render_paper(&paper, &press.fonts) {
        // A letter's sender can write another word; a report has none.
        Err(LettersError::GlyphsMissing(characters)) => {
            tracing::warn!(report = %id, %characters, "set without glyphs");
            render_paper(&paper.without(&characters), &press.fonts)
        }
        set => set,
    };
    let pdf = pdf.map_err(|error| wrong(&error))?;
    let (archive, name) = (&press.archive, paper_name(id));
    archive.keep(&name, "application/pdf", pdf).await
}

fn to_letter(asked: &SupervisionLetter) -> Letter {
    let asked = asked.clone();
    Letter {
        issuer: asked.issuer,
        number: asked.number,
        addressee: asked.addressee,
        title: asked.title,
        article: asked.article,
        trigger: asked.trigger,
        facts: asked.facts,
        evidence: asked.evidence,
        demand: asked.demand,
        due_on: asked.due_on,
        contact: asked.contact,
        signed_by: asked.signed_by,
        dated_on: asked.dated_on,
    }
}

/// Whose fault it is: the sender's, if the letter's words cannot be set.
fn wrong(error: &LettersError) -> AppError {
    match error {
        LettersError::Empty(_)
        | LettersError::RowUneven { .. }
        | LettersError::GlyphsMissing(_) => AppError::Malformed(error.to_string()),
        LettersError::FontUnreadable(_)
        | LettersError::FontMissing(_)
        | LettersError::Broken(_) => AppError::Broken(error.to_string()),
    }
}
