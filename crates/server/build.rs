//! Embeds the built web UI. Without `web/dist` the binary builds all the same and serves a page that says how to build it,
//! so that work on the Rust side needs no Node.
//!
//! The files are copied first and embedded from the copy: the pages may be built anew while the compiler runs.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() {
    let folder = |name: &str| env::var_os(name).map(PathBuf::from).unwrap_or_default();
    let dist = folder("CARGO_MANIFEST_DIR").join("../../web/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    if let Err(error) = embed(&dist, &folder("OUT_DIR")) {
        println!("cargo::error=cannot embed the web UI: {error}");
    }
}

/// Copies the files to `out` and writes the table of them, by name.
fn embed(dist: &Path, out: &Path) -> io::Result<()> {
    let copies = out.join("assets");
    if copies.exists() {
        fs::remove_dir_all(&copies)?;
    }
    fs::create_dir_all(&copies)?;
    let mut names = Vec::new();
    collect(dist, dist, &mut names);
    names.sort();
    let mut rows = Vec::new();
    for (number, name) in names.iter().enumerate() {
        let copy = copies.join(number.to_string());
        fs::copy(dist.join(name), &copy)?;
        rows.push(format!("    ({name:?}, include_bytes!({:?})),\n", copy.display().to_string()));
    }
    fs::write(out.join("assets.in"), format!("&[\n{}]\n", rows.concat()))
}

/// Names of all files below `root`, with slashes.
fn collect(root: &Path, folder: &Path, names: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, names);
        } else if let Ok(name) = path.strip_prefix(root) {
            names.push(name.to_string_lossy().replace('\\', "/"));
        }
    }
}
