//! The web package: install what it needs, build it, check it.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result, bail};

use crate::process;

/// Copy of the lock file that `node_modules` was installed from.
const INSTALLED: &str = "node_modules/.installed-package-lock.json";

/// What the build reads.
const SOURCES: &[&str] =
    &["src", "public", "index.html", "desk.html", "package.json", "package-lock.json", "vite.config.ts"];

/// Installs the packages of `package-lock.json`, unless exactly these are there.
#[expect(clippy::print_stdout, reason = "nothing is installed silently")]
pub fn dependencies(root: &Path) -> Result<()> {
    for tool in ["node", "npm"] {
        if process::find(tool).is_none() {
            bail!("the web pages need Node 20 or newer with npm, and there is no `{tool}` on the PATH");
        }
    }
    let web = root.join("web");
    let lock = fs::read(web.join("package-lock.json")).context("web/package-lock.json cannot be read")?;
    if fs::read(web.join(INSTALLED)).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("installing the packages of web/package-lock.json into web/node_modules");
    process::show(process::program("npm", &web).args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(web.join(INSTALLED), lock).context("cannot write into web/node_modules")
}

/// Builds `web/dist`, unless it is newer than everything that it is made of.
pub fn build(root: &Path) -> Result<()> {
    dependencies(root)?;
    let web = root.join("web");
    let built = modified(&web.join("dist/index.html"));
    let changed = SOURCES.iter().filter_map(|source| newest(&web.join(source))).max();
    if built.is_some() && built >= changed {
        return Ok(());
    }
    process::show(process::program("npm", &web).args(["run", "build"]))
}

/// Types, unit checks, freshness of the generated schema, then the build.
pub fn check(root: &Path) -> Result<()> {
    dependencies(root)?;
    let web = root.join("web");
    process::show(process::program("npm", &web).args(["run", "check"]))?;
    process::show(process::program("npm", &web).args(["run", "test", "--if-present"]))?;
    process::show(process::program("npm", &web).args(["run", "build"]))
}

/// Journeys in a real browser against the built server.
pub fn journeys(root: &Path, server: &Path, chromium: &Path) -> Result<()> {
    let mut command = process::program("node", &root.join("web"));
    process::show(command.arg("e2e/run.mjs").env("YINUO_BIN", server).env("CHROMIUM", chromium))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

/// The newest change of `path` or anything under it.
fn newest(path: &Path) -> Option<SystemTime> {
    let mut newest = modified(path);
    let mut waiting: Vec<PathBuf> = vec![path.to_owned()];
    while let Some(dir) = waiting.pop() {
        for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
            newest = newest.max(modified(&entry.path()));
            waiting.push(entry.path());
        }
    }
    newest
}
