//! The lake's objects as files of a folder.

use std::fs;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use app::AppError;
use app::lake::LakeObjects;
use async_trait::async_trait;

/// Objects as files of a folder.
pub(crate) struct Folder(pub(crate) PathBuf);

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Broken(error.to_string())
}

/// Every file in a folder.
pub(crate) fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[async_trait]
impl LakeObjects for Folder {
    async fn names(&self, prefix: &str) -> Result<Vec<String>, AppError> {
        let mut found = Vec::new();
        let (folder, _) = prefix.rsplit_once('/').unwrap_or_default();
        walk(&self.0.join(folder), &mut found);
        let names = found
            .iter()
            .filter_map(|path| path.strip_prefix(&self.0).ok());
        let names = names.map(|name| name.to_string_lossy().into_owned());
        let mut names: Vec<_> = names.filter(|name| name.starts_with(prefix)).collect();
        names.sort();
        Ok(names)
    }

    async fn versions(&self, prefix: &str) -> Result<Vec<(String, Option<String>)>, AppError> {
        let names = self.names(prefix).await?.into_iter();
        Ok(names.map(|name| (name, None)).collect())
    }

    async fn get(&self, name: &str, _: Option<&str>) -> Result<Vec<u8>, AppError> {
        fs::read(self.0.join(name)).map_err(broken)
    }

    async fn range(&self, name: &str, from: u64, count: u64) -> Result<Vec<u8>, AppError> {
        let mut file = fs::File::open(self.0.join(name)).map_err(broken)?;
        file.seek(SeekFrom::Start(from)).map_err(broken)?;
        let mut read = Vec::new();
        file.take(count).read_to_end(&mut read).map_err(broken)?;
        Ok(read)
    }

    async fn current(&self, name: &str) -> Result<Option<(Vec<u8>, String)>, AppError> {
        match fs::read(self.0.join(name)) {
            Ok(body) => Ok(Some((body, String::new()))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(broken(error)),
        }
    }

    /// Only one at a time writes to a folder.
    async fn replace(
        &self,
        name: &str,
        body: Vec<u8>,
        _: Option<&str>,
    ) -> Result<Option<String>, AppError> {
        self.put(name, body).await.map(|()| Some(String::new()))
    }

    async fn put(&self, name: &str, body: Vec<u8>) -> Result<(), AppError> {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.0)).map_err(broken)?;
        fs::write(path, body).map_err(broken)
    }

    async fn remove(&self, names: &[String]) -> Result<(), AppError> {
        names
            .iter()
            .try_for_each(|name| fs::remove_file(self.0.join(name)).map_err(broken))
    }
}
