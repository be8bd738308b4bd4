//! The server as a process of its own, and what `/proc` says of it.

use std::{
    ffi::OsString,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::place::Place;

/// The product as it is shipped.
pub(crate) fn binary() -> OsString {
    std::env::var_os("YINUO_BIN").unwrap_or_else(|| "target/release/yinuo".into())
}

/// CPU time of this process so far, in milliseconds, user and system.
pub(crate) fn own_cpu_ms() -> Result<f64> {
    cpu_ms("self")
}

fn cpu_ms(process: &str) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // Behind the name in parentheses: state is field 3, utime and stime are fields 14 and 15, in ticks of 10 ms.
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks =
        |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).context("/proc/PID/stat");
    Ok((ticks(11)? + ticks(12)?) * 10.0)
}

/// A running server.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    /// From the start of the process to the first answer of `/readyz`.
    pub(crate) ready_after: Duration,
}

impl Server {
    /// Starts a server on `place`, one of several told apart by `node`, and waits until it answers.
    pub(crate) async fn start(place: &Place, node: usize) -> Result<Self> {
        let binary = binary();
        let data = place.folder();
        let address_file = data.join(format!("address-{node}"));
        let _ = std::fs::remove_file(&address_file);
        let config = data.join("bench.toml");
        std::fs::write(&config, "[server]\nrequests-per-minute = 0\n[log]\nlevel = \"warn\"\n")?;
        let started = Instant::now();
        let mut command = Command::new(&binary);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--config"])
            .arg(&config)
            .arg("--data")
            .arg(data)
            .arg("--address-file")
            .arg(&address_file)
            .stdout(Stdio::null());
        if let Some(url) = place.url() {
            command.args(["--database", url]);
        }
        let child = command.spawn().with_context(|| format!("cannot start {}", binary.display()))?;
        let mut server = Self { child, address: String::new(), ready_after: Duration::ZERO };
        while started.elapsed() < Duration::from_mins(2) {
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended at once: {status}");
            }
            if let Ok(address) = std::fs::read_to_string(&address_file)
                && let Ok(mut connection) = crate::client::Connection::open(&address).await
                && connection.get("/readyz", "").await.is_ok_and(|answer| answer.status == 200)
            {
                server.address = address;
                server.ready_after = started.elapsed();
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bail!("the server did not answer within two minutes")
    }

    /// CPU time so far, in milliseconds, user and system.
    pub(crate) fn cpu_ms(&self) -> Result<f64> {
        cpu_ms(&self.child.id().to_string())
    }

    /// Resident memory in MiB.
    pub(crate) fn rss_mib(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("VmRSS")?;
        let kib = line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).context("VmRSS")?;
        Ok(kib / 1_024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
