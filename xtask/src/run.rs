//! `cargo xtask run`: the product with its worked example, from nothing.

use std::{
    fs,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{process, web};

/// Where it listens unless told otherwise.
pub const LISTEN: &str = "127.0.0.1:8080";

/// Where the example lives, from the root of the project.
const DATA: &str = "data/example";

/// Builds pages and server, then becomes the server, so that Ctrl-C reaches it and nothing stands between.
/// The server prints its addresses and the accounts of the example as soon as it answers.
#[expect(clippy::print_stdout, reason = "says what it does while people wait")]
pub fn run(root: &Path, fresh: bool, listen: &str) -> Result<()> {
    let data = root.join(DATA);
    if fresh && data.exists() {
        println!("removing {DATA}: the example starts anew");
        fs::remove_dir_all(&data)
            .with_context(|| format!("cannot remove {DATA}; is a server still running on it?"))?;
    }
    web::build(root)?;
    let server = build_server(root)?;
    fs::create_dir_all(&data).with_context(|| format!("cannot make {DATA}"))?;
    println!(
        "starting yinuo with the worked example in {DATA}; Ctrl-C stops it, `--fresh` starts the example anew"
    );
    let error = Command::new(&server)
        .current_dir(root)
        .args(["serve", "--example", "--data", DATA, "--listen", listen])
        .exec();
    Err(error).with_context(|| format!("cannot start {}", server.display()))
}

/// Builds the binary for development and gives its path.
pub fn build_server(root: &Path) -> Result<PathBuf> {
    process::show(process::cargo(root).args(["build", "--package", "yinuo-server", "--bin", "yinuo"]))?;
    let binary = process::target_dir(root)?.join("debug/yinuo");
    if !binary.is_file() {
        bail!("cargo built no {}", binary.display());
    }
    Ok(binary)
}
