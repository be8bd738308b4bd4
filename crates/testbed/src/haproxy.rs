//! haproxy, in front of what a test starts.

use std::net::TcpStream;

use crate::{Folder, Process, process::output, program, until};

/// A haproxy with a configuration of its own. It ends when this value is dropped, or with the test.
#[derive(Debug)]
pub struct Haproxy {
    process: Process,
    #[expect(dead_code, reason = "kept until the process is gone")]
    folder: Folder,
}

impl Haproxy {
    /// Starts it on `config`, which listens on `127.0.0.1:port`, and waits until it does.
    #[track_caller]
    pub fn start(config: &str, port: u16) -> Self {
        let folder = Folder::new();
        let file = folder.write("haproxy.cfg", config);
        let haproxy = program("haproxy", "haproxy");
        output(folder.command(&haproxy).args(["-c", "-q", "-f"]).arg(&file));
        let mut command = folder.command(&haproxy);
        // In the foreground, one process.
        command.arg("-db").arg("-f").arg(&file);
        let mut process = Process::start(&mut command, &folder.path().join("log"));
        until("haproxy listens", || {
            process.expect_running();
            TcpStream::connect(("127.0.0.1", port)).ok()
        });
        Self { process, folder }
    }

    /// What it wrote so far.
    pub fn log(&self) -> String {
        self.process.log()
    }
}
