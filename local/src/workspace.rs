//! Finds the workspace: the folder above us that holds the template.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The first folder with `infra/template.yaml`, from the working folder upwards, then from the
/// program's own.
pub fn root() -> Result<PathBuf> {
    let here = std::env::current_dir()?;
    let program = std::env::current_exe()?;
    let mut folders = here.ancestors().chain(program.ancestors());
    let found = folders.find(|folder| is_root(folder));
    found
        .map(Path::to_owned)
        .context("infra/template.yaml is not here; run this within the project")
}

fn is_root(folder: &Path) -> bool {
    folder.join("infra/template.yaml").is_file() && folder.join("local").is_dir()
}
