//! Builds the pages (`web/`) when Node.js is there, and says what is missing when it is not. The cloud
//! runs without them: its APIs do not need pages.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};
use tokio::process::Command;

use crate::console::{self, Progress};
use crate::lambda::Spawner;

/// What pages are built with, at least.
const NODE: (u32, u32) = (20, 19);

/// What is in `web/` and makes no page.
const NOT_SOURCES: [&str; 4] = ["node_modules", "dist", "test-results", "e2e"];

/// Builds what is older than its sources. A failure is told and leaves what was built before.
pub async fn build(root: &Path, spawner: &Spawner) {
    if let Err(error) = built(&root.join("web"), spawner).await {
        console::error(&format!("pages      not built: {error:#}"));
    }
}

async fn built(web: &Path, spawner: &Spawner) -> Result<()> {
    if is_fresh(web)? {
        return Ok(());
    }
    check_node(spawner).await?;
    let mut progress = Progress::new("pages");
    let lock = web.join("package-lock.json");
    if modified(&web.join("node_modules/.package-lock.json")) < modified(&lock) {
        progress.step(0, 2, "npm ci");
        npm(web, &["ci", "--no-audit", "--no-fund"], spawner).await?;
    }
    progress.step(1, 2, "npm run build");
    npm(web, &["run", "build"], spawner).await?;
    progress.done("the pages are built");
    Ok(())
}

/// Whether nothing changed since the last build.
fn is_fresh(web: &Path) -> Result<bool> {
    let Some(built_at) = modified(&web.join("dist/index.html")) else {
        return Ok(false);
    };
    let mut folders = vec![web.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                if !is_aside(&path) {
                    folders.push(path);
                }
            } else if modified(&path).is_some_and(|at| at > built_at) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn is_aside(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default();
    NOT_SOURCES.iter().any(|aside| name == *aside)
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|it| it.modified()).ok()
}

async fn check_node(spawner: &Spawner) -> Result<()> {
    let wanted = format!("Node.js {}.{} or newer with npm", NODE.0, NODE.1);
    let version = output("node", PathBuf::from("."), &["--version"], spawner).await;
    let version = version.with_context(|| format!("{wanted} is needed, and is not there"))?;
    let mut numbers = version.trim().trim_start_matches('v').split('.');
    let mut number = || numbers.next().and_then(|it| it.parse().ok()).unwrap_or(0);
    if (number(), number()) < NODE {
        bail!("{wanted} is needed; this is {}", version.trim());
    }
    Ok(())
}

async fn npm(web: &Path, arguments: &[&str], spawner: &Spawner) -> Result<String> {
    output("npm", web.to_owned(), arguments, spawner)
        .await
        .with_context(|| format!("npm {}", arguments.join(" ")))
}

async fn output(
    program: &str,
    folder: PathBuf,
    arguments: &[&str],
    spawner: &Spawner,
) -> Result<String> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder);
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = spawner.spawn(command).await?;
    let done = child.wait_with_output().await?;
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    if !done.status.success() {
        bail!("{text}{}", String::from_utf8_lossy(&done.stderr));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn write(path: &Path, seconds: u64) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let file = std::fs::File::create(path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .unwrap();
    }

    #[test]
    fn pages_are_built_again_when_a_source_is_newer_and_for_nothing_else() {
        let web = tempfile::tempdir().unwrap();
        let web = web.path();
        write(&web.join("src/public/main.ts"), 100);
        assert!(!is_fresh(web).unwrap(), "nothing was built");
        write(&web.join("dist/index.html"), 200);
        assert!(is_fresh(web).unwrap());
        for aside in [
            "node_modules/vue/index.js",
            "dist/assets/a.js",
            "e2e/a.spec.ts",
        ] {
            write(&web.join(aside), 300);
            assert!(is_fresh(web).unwrap(), "{aside} makes no page");
        }
        write(&web.join("src/public/App.vue"), 201);
        assert!(!is_fresh(web).unwrap());
    }

    #[tokio::test]
    async fn what_is_missing_is_said() {
        let spawner = Spawner::start().unwrap();
        let missing = output("no-such-program", PathBuf::from("."), &[], &spawner).await;
        assert!(missing.is_err());
        let failed = output(
            "sh",
            PathBuf::from("."),
            &["-c", "echo why; exit 3"],
            &spawner,
        )
        .await;
        assert_eq!(failed.unwrap_err().to_string(), "why\n");
    }
}
