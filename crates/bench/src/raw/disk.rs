//! The limit of the disk alone.

use std::{
    fs::File,
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;

/// Times a second that 4 KiB are appended to a file and synced, one after the other.
pub(crate) fn syncs(folder: &Path, length: Duration) -> Result<f64> {
    let path = folder.join("syncs");
    let mut file = File::create(&path)?;
    let page = [b'x'; 4_096];
    let start = Instant::now();
    let mut done = 0_u32;
    while start.elapsed() < length {
        file.write_all(&page)?;
        file.sync_data()?;
        done += 1;
    }
    let seconds = start.elapsed().as_secs_f64();
    drop(file);
    std::fs::remove_file(path)?;
    Ok(f64::from(done) / seconds)
}
