//! What the machine lacks: install it and say so, or say what to type.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process;

/// Makes sure that these Debian packages are there. `why` says what needs them.
#[expect(clippy::print_stdout, reason = "nothing is installed silently")]
pub fn debian(packages: &[&str], why: &str) -> Result<()> {
    let here = Path::new(".");
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if process::find("apt-get").is_none() {
        bail!(
            "{why} needs {list}, and this machine has no apt-get: install them by its own means and start again"
        );
    }
    let by_hand = format!("sudo apt-get update && sudo apt-get install --yes --no-install-recommends {list}");
    let root = process::output(process::program("id", here).arg("-u")).is_ok_and(|id| id.trim() == "0");
    let sudo = !root && process::succeeds(process::program("sudo", here).args(["-n", "true"]));
    if !root && !sudo {
        bail!("{why} needs {list}, and installing them is not allowed here. Type:\n    {by_hand}");
    }
    println!("installing {list} with apt-get: {why} needs it");
    let apt = |args: &[&str]| {
        let mut command = process::program(if sudo { "sudo" } else { "apt-get" }, here);
        if sudo {
            command.args(["-n", "apt-get"]);
        }
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        process::show(&mut command)
    };
    apt(&["update", "--quiet"])?;
    let mut install = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
    install.extend(&missing);
    apt(&install).with_context(|| format!("could not install {list}; by hand:\n    {by_hand}"))
}

fn is_installed(package: &str) -> bool {
    let mut query = process::program("dpkg-query", Path::new("."));
    let state = process::output(query.args(["--show", "--showformat=${db:Status-Status}", package]));
    state.is_ok_and(|state| state == "installed")
}

/// Makes sure that a component of the Rust toolchain is there.
#[expect(clippy::print_stdout, reason = "nothing is installed silently")]
pub fn component(root: &Path, subcommand: &str, component: &str) -> Result<()> {
    if process::succeeds(process::cargo(root).args([subcommand, "--version"])) {
        return Ok(());
    }
    if process::find("rustup").is_none() {
        bail!("`cargo {subcommand}` is missing: install the component {component} of your Rust toolchain");
    }
    println!("installing the Rust component {component}: `cargo {subcommand}` needs it");
    process::show(process::program("rustup", root).args(["component", "add", component]))
}

/// A Chromium for the browser journeys, and fonts for Chinese.
pub fn chromium() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROMIUM") {
        let chosen = PathBuf::from(chosen);
        if !chosen.is_file() {
            bail!("CHROMIUM names {}, which is no file", chosen.display());
        }
        return Ok(chosen);
    }
    let known = || ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(process::find);
    let mut packages = vec!["fonts-noto-cjk"];
    if known().is_none() {
        packages.push("chromium");
    }
    if known().is_none() || process::find("apt-get").is_some() {
        debian(&packages, "the browser journeys")?;
    }
    known().context("there is no Chromium on the PATH; set CHROMIUM to its file")
}
