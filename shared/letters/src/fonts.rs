//! The fonts of the documents: files beside the program, as one of their licences wants it
//! (docs/decisions/0020).

use std::fmt;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontWeight};
use typst::utils::LazyHash;

use crate::LettersError;

/// What the designs name: family as typst spells it, weight, and the name in messages.
const DESIGN: [(&str, FontWeight, &str); 4] = [
    ("fandolfang r", FontWeight::REGULAR, "FandolFang"),
    ("fandolhei", FontWeight::REGULAR, "FandolHei"),
    ("noto serif sc", FontWeight::LIGHT, "Noto Serif SC Light"),
    ("noto serif sc", FontWeight::BOLD, "Noto Serif SC Bold"),
];

/// The fonts of the documents, all of them there.
#[derive(Clone)]
pub struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
}

impl Fonts {
    /// From font files, each with a name for messages.
    pub fn new(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Self, LettersError> {
        let mut fonts = Vec::new();
        for (name, bytes) in files {
            let font = Font::new(Bytes::new(bytes), 0);
            fonts.push(font.ok_or(LettersError::FontUnreadable(name))?);
        }
        let book = FontBook::from_fonts(&fonts);
        for (family, weight, name) in DESIGN {
            let found = book
                .select_family(family)
                .filter_map(|index| book.info(index));
            let mut weights = found.map(|info| info.variant.weight);
            if !weights.any(|found| found == weight) {
                return Err(LettersError::FontMissing(name));
            }
        }
        Ok(Self {
            book: LazyHash::new(book),
            fonts,
        })
    }

    /// Those among the files of a folder whose names end like a font's.
    pub fn read(folder: &std::path::Path) -> Result<Self, LettersError> {
        let unreadable =
            |path: &std::path::Path| LettersError::FontUnreadable(path.display().to_string());
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|_| unreadable(folder))? {
            let path = entry.map_err(|_| unreadable(folder))?.path();
            if path
                .extension()
                .is_some_and(|end| end == "otf" || end == "ttf")
            {
                let bytes = std::fs::read(&path).map_err(|_| unreadable(&path))?;
                files.push((path.display().to_string(), bytes));
            }
        }
        // Folders list their files in any order, which must not show in a document.
        files.sort();
        Self::new(files)
    }
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let families = self.fonts.iter().map(|font| &font.info().family);
        f.debug_list().entries(families).finish()
    }
}
