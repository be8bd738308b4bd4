//! A folder for servers, with somebody who clears up.

use std::{
    fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::programs::Runner;

/// A folder of one's own in which servers run.
///
/// Beside it waits a small shell, the keeper, which reads from a pipe that only this process holds open. When this value
/// is dropped, or the process ends in whatever way, the pipe closes; then the keeper ends every process whose working
/// directory lies in the folder (PostgreSQL so that it gives back its shared memory), and removes the folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    runner: Runner,
    keeper: Child,
}

/// Socket paths have at most 107 bytes, `/.s.PGSQL.65535` included.
const LONGEST: usize = 80;

/// What the keeper does. `$1` is the folder; its name is unique, so whatever begins with it is ours.
const KEEPER: &str = r#"
dir=$1
read -r _
ours() { find /proc/[0-9]*/cwd -maxdepth 0 -lname "$dir*" 2>/dev/null | cut -d/ -f3; }
tell() { kill "$@" 2>/dev/null; }
for pid in $(ours); do
    case $(cat "/proc/$pid/comm" 2>/dev/null) in postgres*) ;; *) tell -KILL "$pid" ;; esac
done
pidfiles() { find "$dir" -maxdepth 4 -name postmaster.pid 2>/dev/null; }
for file in $(pidfiles); do
    read -r pid <"$file"
    [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "${file%/postmaster.pid}" ] && tell -QUIT "$pid"
done
for pid in $(ours); do tell -CONT "$pid"; done
tries=0
while [ $tries -lt 100 ] && [ -n "$(ours)" ]; do sleep 0.1; tries=$((tries + 1)); done
for pid in $(ours); do tell -KILL "$pid"; done
# A postmaster that was killed has left its shared memory, whose key and number stand in line 7.
for file in $(pidfiles); do
    segment=$(sed -n '7s/.* //p' "$file")
    [ -n "$segment" ] && ipcrm -m "$segment" 2>/dev/null
done
rm -rf "$dir"
"#;

impl Folder {
    /// Makes a folder with a short path and sets its keeper beside it.
    pub fn new() -> Self {
        let runner = Runner::find();
        let place = std::env::temp_dir();
        let place = if place.as_os_str().len() > LONGEST { PathBuf::from("/tmp") } else { place };
        let made = tempfile::Builder::new().prefix("yinuo-").rand_bytes(10).tempdir_in(place);
        let path = made.expect("a temporary folder can be made").keep();
        let path = fs::canonicalize(path).expect("it is there");
        runner.own(&path);
        let keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(&path)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("there is a shell");
        Self { path, runner, keeper }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes a folder in it that belongs to whom the servers run as.
    pub fn make(&self, name: &str) -> PathBuf {
        let path = self.path.join(name);
        fs::create_dir_all(&path).expect("the folder can be written to");
        self.runner.own(&path);
        path
    }

    /// Writes a file that the servers may read, and nobody else.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path.join(name);
        fs::write(&path, text).expect("the folder can be written to");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("it is ours");
        self.runner.own(&path);
        path
    }

    /// A command that runs in the folder as whom the servers run as.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = self.runner.command(program, &self.path.join("dev"));
        command.current_dir(&self.path).env("HOME", &self.path).stdin(Stdio::null());
        command
    }

    /// The same; on `volume` lies a file system of its own of so many MiB, with a folder `space` in it, which nobody else
    /// on the machine sees and which is gone when the program has ended.
    pub(crate) fn command_with_volume(&self, program: &Path, volume: &Path, mib: u32) -> Command {
        let mut command = self.runner.command_with_volume(program, &self.path.join("dev"), volume, mib);
        command.current_dir(&self.path).env("HOME", &self.path).stdin(Stdio::null());
        command
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}
