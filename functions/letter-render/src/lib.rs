//! 督办函 (Art. 17; R-SV-7): a message with what a letter says becomes its PDF in the archive.

use app::AppError;
use app::letters::{SupervisionLetter, keep};
use cloud::objects::Bucket;
use letters::{Fonts, Letter, LettersError, render};
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

/// One letter. Again, it changes nothing.
pub async fn handle(press: &Press, message: Message) -> Result<(), AppError> {
    let body = message.body.unwrap_or_default();
    let asked = SupervisionLetter::parse(&body)?;
    let pdf = render(&to_letter(&asked), &press.fonts).map_err(|error| wrong(&error))?;
    keep(&press.archive, &asked, pdf).await
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
        LettersError::Empty(_) | LettersError::GlyphsMissing(_) => {
            AppError::Malformed(error.to_string())
        }
        LettersError::FontUnreadable(_)
        | LettersError::FontMissing(_)
        | LettersError::Broken(_) => AppError::Broken(error.to_string()),
    }
}
