//! The lake as DataFusion's object store: of each table only the files that count, under
//! `<table>/month=2026-11/<file>`, so that a question sees one state of every month from its beginning
//! to its end.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use app::lake::LakeObjects;
use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream::{self, BoxStream, StreamExt as _};
use lake::names::Part;
use lake::state::State;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload,
    ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// What is read of the lake.
pub(crate) struct Current {
    objects: Arc<dyn LakeObjects>,
    /// By path: the object's name, and what is known of it.
    files: BTreeMap<Path, (String, ObjectMeta)>,
}

impl Current {
    /// The files that count by these states.
    pub(crate) fn of(objects: Arc<dyn LakeObjects>, states: &BTreeMap<Part, State>) -> Self {
        let mut files = BTreeMap::new();
        for (part, state) in states {
            for (table, its) in &state.tables {
                for file in &its.files {
                    let (_, last) = file.name.rsplit_once('/').unwrap_or_default();
                    let path = match part {
                        Part::Of(month) => format!("{table}/month={month}/{last}"),
                        Part::Whole => format!("{table}/{last}"),
                    };
                    let location = Path::from(path);
                    let meta = ObjectMeta {
                        location: location.clone(),
                        last_modified: DateTime::<Utc>::UNIX_EPOCH,
                        size: u64::try_from(file.bytes).unwrap_or(u64::MAX),
                        // A generation is never written over.
                        e_tag: Some(state.generation.clone()),
                        version: None,
                    };
                    files.insert(location, (file.name.clone(), meta));
                }
            }
        }
        Self { objects, files }
    }

    fn found(&self, location: &Path) -> Result<&(String, ObjectMeta)> {
        self.files.get(location).ok_or_else(|| Error::NotFound {
            path: location.to_string(),
            source: "no file of the lake that counts".into(),
        })
    }
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} files of the lake", self.files.len())
    }
}

impl fmt::Display for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

fn only_read(operation: &str) -> Error {
    Error::NotImplemented {
        operation: operation.to_owned(),
        implementer: "the lake, which is only read".to_owned(),
    }
}

#[async_trait]
impl ObjectStore for Current {
    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let (name, meta) = self.found(location)?;
        options.check_preconditions(meta)?;
        let whole = Range {
            start: 0,
            end: meta.size,
        };
        let range = match &options.range {
            None => whole,
            Some(range) => range.as_range(meta.size).map_err(|source| Error::Generic {
                store: "lake",
                source: Box::new(source),
            })?,
        };
        let bytes = if options.head {
            Bytes::new()
        } else {
            let count = range.end.saturating_sub(range.start);
            let read = self.objects.range(name, range.start, count).await;
            Bytes::from(read.map_err(|error| Error::Generic {
                store: "lake",
                source: error.to_string().into(),
            })?)
        };
        Ok(GetResult {
            payload: GetResultPayload::Stream(stream::once(async { Ok(bytes) }).boxed()),
            meta: meta.clone(),
            range,
            attributes: object_store::Attributes::default(),
        })
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let wanted = |path: &Path| prefix.is_none_or(|prefix| path.prefix_matches(prefix));
        let found = self.files.iter().filter(|(path, _)| wanted(path));
        let found: Vec<_> = found.map(|(_, (_, meta))| Ok(meta.clone())).collect();
        stream::iter(found).boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let root = Path::default();
        let prefix = prefix.unwrap_or(&root);
        let mut listed = ListResult {
            common_prefixes: Vec::new(),
            objects: Vec::new(),
        };
        for (path, (_, meta)) in &self.files {
            let Some(mut rest) = path.prefix_match(prefix) else {
                continue;
            };
            match (rest.next(), rest.next()) {
                (Some(folder), Some(_)) => {
                    let folder = prefix.clone().join(folder);
                    if listed.common_prefixes.last() != Some(&folder) {
                        listed.common_prefixes.push(folder);
                    }
                }
                _ => listed.objects.push(meta.clone()),
            }
        }
        Ok(listed)
    }

    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        Err(only_read("put"))
    }

    async fn put_multipart_opts(
        &self,
        _: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        Err(only_read("put_multipart"))
    }

    fn delete_stream(
        &self,
        _: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        stream::once(async { Err(only_read("delete")) }).boxed()
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(only_read("copy"))
    }
}
