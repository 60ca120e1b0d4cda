//! A generation's files: rows in, files of some megabytes out; and rows back from them.

use app::AppError;
use app::lake::LakeObjects;
use bytes::Bytes;

use crate::file::{Rows, Writer};
use crate::schema::Row;
use crate::state::{DataFile, Files};

/// A file is ended after so many bytes: few enough to be held in memory, many enough to be read fast.
const FILE_BYTES: usize = 4_000_000;

/// Files that are written one after the other.
pub(crate) struct Parts<'a, R: Row> {
    objects: &'a dyn LakeObjects,
    folder: String,
    writer: Option<Writer<R>>,
    files: Files,
}

impl<'a, R: Row> Parts<'a, R> {
    /// Files in a folder.
    pub(crate) const fn new(objects: &'a dyn LakeObjects, folder: String) -> Self {
        let files = Files {
            files: Vec::new(),
            rows: 0,
        };
        Self {
            objects,
            folder,
            writer: None,
            files,
        }
    }

    /// Adds a row.
    pub(crate) async fn push(&mut self, row: &R) -> Result<(), AppError> {
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => Writer::new()?,
        };
        writer.write(row)?;
        if writer.bytes() >= FILE_BYTES {
            self.end(writer).await
        } else {
            self.writer = Some(writer);
            Ok(())
        }
    }

    async fn end(&mut self, writer: Writer<R>) -> Result<(), AppError> {
        let name = format!("{}part-{:04}.parquet", self.folder, self.files.files.len());
        self.files.rows += writer.rows();
        let file = writer.finish()?;
        let bytes = file.len();
        self.objects.put(&name, file).await?;
        self.files.files.push(DataFile { name, bytes });
        Ok(())
    }

    /// The files. There is one at least, so that a reader finds the columns.
    pub(crate) async fn finish(mut self) -> Result<Files, AppError> {
        match self.writer.take() {
            Some(writer) => self.end(writer).await?,
            None if self.files.files.is_empty() => self.end(Writer::new()?).await?,
            None => {}
        }
        Ok(self.files)
    }
}

/// Rows of files that stand one after the other.
pub(crate) struct Stream<'a, R: Row> {
    objects: &'a dyn LakeObjects,
    files: std::vec::IntoIter<String>,
    open: Option<Rows<R>>,
}

impl<'a, R: Row> Stream<'a, R> {
    /// Of files in the order of their rows.
    pub(crate) fn new(objects: &'a dyn LakeObjects, files: Vec<String>) -> Self {
        let files = files.into_iter();
        Self {
            objects,
            files,
            open: None,
        }
    }

    /// The next row.
    pub(crate) async fn next(&mut self) -> Result<Option<R>, AppError> {
        loop {
            if let Some(row) = self.open.as_mut().and_then(Iterator::next) {
                return row.map(Some).map_err(AppError::from);
            }
            let Some(name) = self.files.next() else {
                return Ok(None);
            };
            self.open = Some(open(self.objects, &name).await?);
        }
    }
}

/// Opens a file.
pub(crate) async fn open<R: Row>(
    objects: &dyn LakeObjects,
    name: &str,
) -> Result<Rows<R>, AppError> {
    let file = Bytes::from(objects.get(name, None).await?);
    let rows = Rows::open(file);
    rows.map_err(|error| AppError::Broken(format!("lake: {name}: {error}")))
}
