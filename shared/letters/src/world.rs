//! What a document's design can see: its words, the fonts, and nothing else.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

use crate::Fonts;

pub(crate) struct DocumentWorld<'a> {
    library: LazyHash<Library>,
    source: Source,
    fonts: &'a Fonts,
}

impl<'a> DocumentWorld<'a> {
    pub(crate) fn new(design: &str, inputs: Dict, fonts: &'a Fonts) -> Self {
        let library = Library::builder().with_inputs(inputs).build();
        Self {
            library: LazyHash::new(library),
            source: Source::detached(design),
            fonts,
        }
    }
}

impl World for DocumentWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() {
            Ok(self.source.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    /// No file of the machine, and no package.
    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    /// Dates are a document's own.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use typst_layout::PagedDocument;

    fn told(source: &str) -> String {
        let fonts = Fonts::read(std::path::Path::new("fonts")).unwrap();
        let world = DocumentWorld::new(source, Dict::new(), &fonts);
        match typst::compile::<PagedDocument>(&world).output {
            Ok(_) => "set".to_owned(),
            Err(errors) => errors[0].message.to_string(),
        }
    }

    #[test]
    fn r_sv_7_no_source_reaches_files_packages_or_the_clock() {
        assert_eq!(told("#(1 + 1)"), "set");
        assert_eq!(
            told("#read(\"lib.rs\")"),
            "failed to load file (access denied)"
        );
        assert_eq!(
            told("#read(\"/etc/passwd\")"),
            "failed to load file (access denied)"
        );
        assert_eq!(
            told("#include \"main2.typ\""),
            "failed to load file (access denied)"
        );
        let package = "#import \"@preview/example:0.1.0\": add";
        assert_eq!(told(package), "failed to load file (access denied)");
        assert_eq!(told("#datetime.today()"), "unable to get the current date");
    }
}
