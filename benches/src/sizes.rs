//! What goes over the wire when a function is deployed or started on a new machine.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Result, bail};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use suqiu::lambda::Spawner;
use suqiu::{compile, console, workspace};

/// Bound of a function that talks to DynamoDB, zipped.
pub(crate) const ZIP_BYTES: usize = 4_000_000;

/// What a zip file of one entry, `bootstrap`, has besides its bytes: local header, directory, end.
const ZIP_AROUND: usize = 30 + 46 + 22 + 2 * "bootstrap".len();

/// Size of a binary.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) binary_bytes: usize,
    pub(crate) zip_bytes: usize,
}

impl Size {
    pub(crate) fn of(binary: &Path) -> Result<Self> {
        let bytes = std::fs::read(binary)?;
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
        deflated.write_all(&bytes)?;
        Ok(Self {
            binary_bytes: bytes.len(),
            zip_bytes: deflated.finish()?.len() + ZIP_AROUND,
        })
    }
}

/// Millions of bytes.
#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
pub(crate) fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// Builds the functions as they are deployed and prints their sizes; without names, all of them.
pub(crate) async fn run(check: bool, names: &[String]) -> Result<()> {
    let root = workspace::root()?;
    let spawner = Spawner::start()?;
    let mut all = names.to_vec();
    if all.is_empty() {
        for entry in std::fs::read_dir(root.join("functions"))? {
            all.push(entry?.file_name().to_string_lossy().into_owned());
        }
        all.sort();
    }
    let mut sizes = Vec::new();
    for name in &all {
        let binary = compile::release(&root, name, &spawner).await?;
        sizes.push((name, Size::of(&binary)?));
    }
    console::line("");
    console::line(&format!(
        "{:<15} {:>9} {:>7}",
        "function", "binary MB", "zip MB"
    ));
    for (name, size) in &sizes {
        let (binary, zip) = (megabytes(size.binary_bytes), megabytes(size.zip_bytes));
        console::line(&format!("{name:<15} {binary:>9.2} {zip:>7.2}"));
    }
    let over = sizes.iter().filter(|(_, size)| size.zip_bytes > ZIP_BYTES);
    let over: Vec<&str> = over.map(|(name, _)| name.as_str()).collect();
    if check && !over.is_empty() {
        let bound = megabytes(ZIP_BYTES);
        bail!("over {bound:.1} MB: {}", over.join(", "));
    }
    Ok(())
}
