//! A server as a child process.

use std::{
    fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

use crate::until;

/// A child process whose output goes into a file. It is killed when this value is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command` in a process group of its own, so that Ctrl-C at the terminal leaves it to its keeper.
    /// What it writes is added to the file `log`.
    #[track_caller]
    pub fn start(command: &mut Command, log: &Path) -> Self {
        let file = fs::OpenOptions::new().create(true).append(true).open(log).expect("a log can be written");
        let other = file.try_clone().expect("a handle can be doubled");
        command.stdin(Stdio::null()).stdout(file).stderr(other).process_group(0);
        let child = command.spawn().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        Self { child, log: log.to_owned() }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// How it ended; none while it runs.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("its state can be asked")
    }

    /// Fails the test with what it wrote if it has ended.
    #[track_caller]
    pub fn expect_running(&mut self) {
        if let Some(status) = self.ended() {
            panic!("it ended: {status}\n{}", self.log());
        }
    }

    /// Sends a signal, such as `TERM`, `STOP` or `CONT`.
    #[track_caller]
    pub fn signal(&self, name: &str) {
        signal(name, self.id());
    }

    /// Sends `signal` and waits until it has ended.
    #[track_caller]
    pub fn end(&mut self, signal: &str) -> ExitStatus {
        if let Some(status) = self.ended() {
            return status;
        }
        self.signal(signal);
        until("a process ends", || self.ended())
    }

    /// The same for `Drop`, which must not panic: gives up after about twenty seconds.
    pub(crate) fn end_quietly(&mut self, signal: &str) {
        tell(signal, self.id());
        for _ in 0..2_000 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::park_timeout(std::time::Duration::from_millis(10));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process, if it is still there.
#[track_caller]
pub(crate) fn signal(name: &str, id: u32) {
    assert!(tell(name, id), "kill -{name} {id} is not allowed");
}

/// The same; whether it was sent, or there was nobody to send it to.
pub(crate) fn tell(name: &str, id: u32) -> bool {
    let told = Command::new("sh").args(["-c", &format!("kill -{name} {id}")]).output();
    told.is_ok_and(|told| {
        told.status.success() || String::from_utf8_lossy(&told.stderr).contains("No such process")
    })
}

/// Runs a command to its end and gives what it printed.
#[track_caller]
pub(crate) fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {}\n{complaint}", output.status);
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}
