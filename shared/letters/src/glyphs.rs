//! Characters that no font has: they would be printed as boxes.

use std::collections::BTreeSet;

use typst::layout::{Frame, FrameItem};
use typst::text::TextItem;
use typst_layout::PagedDocument;

/// Index of the glyph that stands for those that a font lacks.
const NOT_DEFINED: u16 = 0;

/// The characters of the document without a glyph, each once, in the order of their code points.
pub(crate) fn missing(document: &PagedDocument) -> Vec<char> {
    let mut missing = BTreeSet::new();
    for page in document.pages() {
        look(&page.frame, &mut missing);
    }
    missing.into_iter().collect()
}

fn look(frame: &Frame, missing: &mut BTreeSet<char>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => look(&group.frame, missing),
            FrameItem::Text(text) => missing.extend(without_glyph(text)),
            _ => {}
        }
    }
}

fn without_glyph(text: &TextItem) -> impl Iterator<Item = char> {
    let glyphs = text.glyphs.iter().filter(|glyph| glyph.id == NOT_DEFINED);
    glyphs.flat_map(|glyph| text.text.get(glyph.range()).unwrap_or_default().chars())
}
