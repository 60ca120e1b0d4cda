//! Builds the bootstrap binaries of all functions with cargo and shows how far it is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::Command;
use tokio::sync::mpsc;

use crate::console::Progress;
use crate::lambda::Spawner;

/// What cargo says that is worth a glance.
const SHOWN: [&str; 3] = ["Compiling", "Downloading", "Downloaded"];

/// The part of cargo's JSON messages that is read here.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    package_id: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    executable: Option<PathBuf>,
    #[serde(default)]
    fresh: bool,
}

enum Line {
    Message(String),
    Status(String),
}

/// Names the folder that the binaries lie in, when someone has just built them: cargo is then not
/// asked at each start whether it has anything to do.
pub const BUILT: &str = "SUQIU_FUNCTIONS";

/// Builds `crates` in the workspace at `root`, unless [`BUILT`] says where they are; gives the
/// binary of each.
pub async fn functions(
    root: &Path,
    crates: &[&str],
    spawner: &Spawner,
) -> Result<BTreeMap<String, PathBuf>> {
    if let Some(folder) = std::env::var_os(BUILT) {
        return found(Path::new(&folder), crates);
    }
    // With the laptop's own program, so that what both use is built once.
    build(root, crates, &["suqiu"], &[], spawner).await
}

fn found(folder: &Path, crates: &[&str]) -> Result<BTreeMap<String, PathBuf>> {
    let each = crates.iter().map(|name| {
        let binary = folder.join(name);
        if !binary.is_file() {
            bail!("{BUILT} names {}, and there is no {name}", folder.display());
        }
        Ok(((*name).to_owned(), binary))
    });
    each.collect()
}

/// Builds one function as it is deployed: optimised, with no features but its own.
pub async fn release(root: &Path, name: &str, spawner: &Spawner) -> Result<PathBuf> {
    let built = build(root, &[name], &[], &["--release", "--locked"], spawner).await?;
    built.into_values().next().context("nothing was built")
}

async fn build(
    root: &Path,
    crates: &[&str],
    beside: &[&str],
    options: &[&str],
    spawner: &Spawner,
) -> Result<BTreeMap<String, PathBuf>> {
    let packages: Vec<&str> = crates.iter().chain(beside).copied().collect();
    let total = package_count(root, &packages, spawner).await?;
    let mut command = cargo(root);
    command.args([
        "build",
        "--bins",
        "--message-format=json-render-diagnostics",
    ]);
    command.args(options);
    for name in packages {
        command.args(["--package", name]);
    }
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .stdin(Stdio::null());
    let mut child = spawner.spawn(command).await.context("cannot start cargo")?;
    let (lines, mut inbox) = mpsc::channel(64);
    tokio::spawn(forward(child.stdout.take(), lines.clone(), Line::Message));
    tokio::spawn(forward(child.stderr.take(), lines, Line::Status));

    let mut watched = Watched::new(total, crates);
    while let Some(line) = inbox.recv().await {
        match line {
            Line::Message(text) => watched.message(&text),
            Line::Status(text) => watched.status(text),
        }
    }
    if !child.wait().await?.success() {
        bail!(
            "the functions do not build:\n{}",
            watched.statuses.join("\n")
        );
    }
    for name in crates {
        if !watched.binaries.contains_key(*name) {
            bail!("the crate `{name}` of the template has no binary");
        }
    }
    Ok(watched.finish())
}

struct Watched<'a> {
    progress: Progress,
    total: usize,
    wanted: &'a [&'a str],
    packages: BTreeSet<String>,
    binaries: BTreeMap<String, PathBuf>,
    statuses: Vec<String>,
}

impl<'a> Watched<'a> {
    fn new(total: usize, wanted: &'a [&'a str]) -> Self {
        Self {
            progress: Progress::new("building"),
            total,
            wanted,
            packages: BTreeSet::new(),
            binaries: BTreeMap::new(),
            statuses: Vec::new(),
        }
    }

    fn message(&mut self, text: &str) {
        let Ok(message) = serde_json::from_str::<Message>(text) else {
            return;
        };
        if message.reason != "compiler-artifact" {
            return;
        }
        self.packages.insert(message.package_id);
        let wanted = |name: &String| self.wanted.contains(&name.as_str());
        let name = folder_name(&message.manifest_path).filter(wanted);
        if let (Some(binary), Some(name)) = (message.executable, name) {
            self.binaries.insert(name.clone(), binary);
            if !message.fresh {
                let (done, all) = (self.binaries.len(), self.wanted.len());
                self.progress
                    .note(&format!("function   {done:>2}/{all} {name}"));
            }
        }
        if !message.fresh {
            self.show("");
        }
    }

    fn status(&mut self, text: String) {
        let word = text.trim_start();
        // Another cargo at work: this one says so once and then waits in silence.
        if word.starts_with("Blocking") {
            self.progress.note(word);
        } else if SHOWN.iter().any(|verb| word.starts_with(verb)) {
            self.show(word);
        }
        self.statuses.push(text);
    }

    fn show(&mut self, what: &str) {
        let done = self.packages.len();
        // The count comes from the dependency tree and may be a little off.
        self.progress.step(done, self.total.max(done), what);
    }

    fn finish(self) -> BTreeMap<String, PathBuf> {
        self.progress
            .done(&format!("{} functions are built", self.binaries.len()));
        self.binaries
    }
}

/// How many packages the build may touch.
async fn package_count(root: &Path, packages: &[&str], spawner: &Spawner) -> Result<usize> {
    let mut command = cargo(root);
    command.args([
        "tree",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    for name in packages {
        command.args(["--package", name]);
    }
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .stdin(Stdio::null());
    let child = spawner.spawn(command).await.context("cannot start cargo")?;
    let output = child.wait_with_output().await?;
    if !output.status.success() {
        bail!(
            "cargo cannot read the workspace:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text
        .lines()
        .filter(|line| !line.is_empty())
        .collect::<BTreeSet<_>>()
        .len())
}

/// The cargo that runs us, without what it tells about *our* package: a build script that watches
/// these variables would otherwise run again at every change between a plain build and this one.
fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
            || text.starts_with("CARGO_BIN_")
        {
            command.env_remove(&name);
        }
    }
    command.current_dir(root);
    command
}

async fn forward<R: AsyncRead + Unpin>(
    stream: Option<R>,
    lines: mpsc::Sender<Line>,
    wrap: fn(String) -> Line,
) {
    let Some(stream) = stream else { return };
    let mut reader = BufReader::new(stream).lines();
    while let Ok(Some(line)) = reader.next_line().await {
        if lines.send(wrap(line)).await.is_err() {
            return;
        }
    }
}

fn folder_name(manifest: &Path) -> Option<String> {
    Some(manifest.parent()?.file_name()?.to_str()?.to_owned())
}
