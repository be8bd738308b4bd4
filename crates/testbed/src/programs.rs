//! The programs of the machine: where they are, and as whom they run.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The oldest PostgreSQL that the product supports.
const OLDEST: u32 = 15;

/// A program on the `PATH`, or where Debian puts servers.
#[track_caller]
pub fn program(name: &str, package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    places.map(|place| place.join(name)).find(|file| file.is_file()).unwrap_or_else(|| missing(name, package))
}

/// A program of the newest PostgreSQL of this machine, 15 or later.
#[track_caller]
pub fn postgres_program(name: &str) -> PathBuf {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version = |place: &Path| place.file_name()?.to_str()?.parse::<u32>().ok();
    let usable =
        installed.filter_map(|entry| Some((version(&entry.path())?, entry.path().join("bin").join(name))));
    let newest = usable.filter(|(version, file)| *version >= OLDEST && file.is_file()).max();
    if let Some((_, file)) = newest {
        return file;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|place| place.join(name)).find(|file| file.is_file());
    on_path.unwrap_or_else(|| missing(name, "postgresql"))
}

#[track_caller]
fn missing(name: &str, package: &str) -> ! {
    panic!(
        "this test needs the program {name}. `cargo xtask test` installs it; by hand on Debian or Ubuntu:\n    \
         sudo apt-get install --no-install-recommends {package}"
    )
}

/// A port that is free now, on the loopback address. Another process may be faster: be ready to ask again.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback address can be listened on");
    listener.local_addr().expect("it listens").port()
}

/// As whom servers run. PostgreSQL refuses to run as root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Runner {
    /// As whoever runs the test.
    Ourselves,
    /// As this user of the machine, because we are root.
    Other { uid: u32, gid: u32 },
}

/// Some sandboxes have a `/dev/null` that only root may write to; no shell script of another user works there. The
/// machine is left as it is: our servers see another one, in a mount namespace of their own.
const OWN_NULL: &str = r#"
mkdir -p "$1" && mount -t tmpfs -o mode=755 tmpfs "$1" && mknod -m 666 "$1/null" c 1 3 &&
mount --bind "$1/null" /dev/null && shift && exec "$@"
"#;

/// A file system of its own at `$1` of `$2` MiB, then what follows: by root itself, or in a user namespace by somebody who
/// is root nowhere else and gets to be themselves again.
const OWN_VOLUME: &str = r#"
mount -t tmpfs -o "mode=777,size=$2m" tmpfs "$1" && mkdir -m 777 "$1/space" && shift 2 && exec "$@"
"#;

/// PostgreSQL wants to own where its tables lie.
const OWN_SPACE: &str = r#"rmdir "$0/space" && mkdir -m 700 "$0/space" && exec "$@""#;

fn others_may_write_null() -> bool {
    fs::metadata("/dev/null").is_ok_and(|null| null.mode() & 0o006 == 0o006)
}

impl Runner {
    pub(crate) fn find() -> Self {
        let us = fs::metadata("/proc/self").map_or(0, |ours| ours.uid());
        if us != 0 {
            return Self::Ourselves;
        }
        let id = |flag: &str, name: &str| {
            let output = Command::new("id").args([flag, name]).stdin(Stdio::null()).output().ok()?;
            String::from_utf8(output.stdout).ok()?.trim().parse::<u32>().ok()
        };
        let known = |name| Some(Self::Other { uid: id("-u", name)?, gid: id("-g", name)? });
        known("postgres").or_else(|| known("nobody")).unwrap_or_else(|| {
            panic!("PostgreSQL refuses to run as root, and this machine has no user postgres or nobody to run it as")
        })
    }

    /// A command that runs `program` as this user. `dev` is a path at which a folder may be made.
    pub(crate) fn command(&self, program: &Path, dev: &Path) -> Command {
        let Self::Other { uid, gid } = self else { return Command::new(program) };
        let setpriv = crate::program("setpriv", "util-linux");
        let mut command = if others_may_write_null() {
            Command::new(setpriv)
        } else {
            let mut private = Command::new(crate::program("unshare", "util-linux"));
            private.args(["--mount", "--", "sh", "-c", OWN_NULL, "sh"]).arg(dev).arg(setpriv);
            private
        };
        command.arg(format!("--reuid={uid}")).arg(format!("--regid={gid}")).args(["--clear-groups", "--"]);
        command.arg(program);
        command
    }

    /// The same, with a file system of its own of so many MiB at `volume`, in a mount namespace.
    pub(crate) fn command_with_volume(&self, program: &Path, dev: &Path, volume: &Path, mib: u32) -> Command {
        let mut command = Command::new(crate::program("unshare", "util-linux"));
        let us = fs::metadata("/proc/self").map_or((0, 0), |ours| (ours.uid(), ours.gid()));
        if *self == Self::Ourselves {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["--mount", "--", "sh", "-c", OWN_VOLUME, "sh"]).arg(volume).arg(mib.to_string());
        if *self == Self::Ourselves {
            command.args(["unshare", "--user"]);
            command.arg(format!("--map-user={}", us.0)).arg(format!("--map-group={}", us.1)).arg("--");
        }
        let inner = self.command(Path::new("sh"), dev);
        command.arg(inner.get_program()).args(inner.get_args());
        command.args(["-c", OWN_SPACE]).arg(volume).arg(program);
        command
    }

    /// Gives a path to this user.
    pub(crate) fn own(&self, path: &Path) {
        if let Self::Other { uid, gid } = self {
            std::os::unix::fs::chown(path, Some(*uid), Some(*gid)).expect("root gives away what is its own");
        }
    }
}
