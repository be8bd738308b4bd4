//! A PostgreSQL cluster of one's own.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    Folder, Process, free_port, postgres_program,
    process::{output, signal, tell},
    until,
};

/// The role that owns everything.
const ROLE: &str = "yinuo";

/// What a cluster is like.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Listens on a free port of the loopback address, too. Otherwise only on a socket in its folder.
    pub tcp: bool,
    /// Syncs to disk, as a cluster in use does. Without, tests run faster, and a killed *process* still loses nothing.
    pub fsync: bool,
    /// Pages carry checksums.
    pub checksums: bool,
    /// Lines for `postgresql.conf`, such as `("max_connections", "20")`. Values are quoted.
    pub settings: Vec<(&'static str, String)>,
    /// Room for databases on a volume of its own of so many MiB, which really gets full: `CREATE DATABASE … TABLESPACE
    /// volume`. Gone when the postmaster ends. Ask [`PostgresCluster::can_have_volume`] first.
    pub volume_mib: Option<u32>,
    /// Lines for `pg_hba.conf`, before those that trust everybody who reaches the socket or the loopback port.
    pub access: Vec<String>,
}

/// A private PostgreSQL. Everything of it lies in a [`Folder`]; it ends when this value is dropped, or with the test.
///
/// Every method fails the test, with what PostgreSQL said, if it does not succeed.
#[derive(Debug)]
pub struct PostgresCluster {
    // Before the folder, so that it is stopped before the keeper looks.
    postmaster: Mutex<Option<Process>>,
    folder: Folder,
    /// Names the socket as well. The port of TCP if that was asked for.
    port: u16,
    tcp: bool,
    volume_mib: Option<u32>,
}

impl PostgresCluster {
    /// Makes a cluster and waits until it takes connections: about two seconds.
    #[track_caller]
    pub fn start(options: &Options) -> Self {
        let folder = Folder::new();
        let data = folder.path().join("data");
        let mut initdb = folder.command(&postgres_program("initdb"));
        initdb.arg("-D").arg(&data).args(["-U", ROLE, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
        initdb.args(["--no-sync", "--no-instructions"]);
        if options.checksums {
            initdb.arg("--data-checksums");
        }
        output(&mut initdb);
        let port = if options.tcp { free_port() } else { 5432 };
        configure(&folder, &data, options, port);
        let (tcp, volume_mib) = (options.tcp, options.volume_mib);
        let mut cluster = Self { postmaster: Mutex::new(None), folder, port, tcp, volume_mib };
        // Somebody else may have taken the port meanwhile.
        for _ in 0..5 {
            let Err(log) = cluster.launch() else { return cluster.with_tablespace() };
            let taken = options.tcp && log.contains("Address already in use");
            assert!(taken, "PostgreSQL does not start:\n{log}");
            cluster.port = free_port();
            configure(&cluster.folder, &data, options, cluster.port);
        }
        panic!("no free port was to be had in five tries");
    }

    /// Whether this machine lets whoever runs the test have a volume of its own, in a mount namespace.
    pub fn can_have_volume() -> bool {
        let folder = Folder::new();
        let volume = folder.make("volume");
        folder
            .command_with_volume(Path::new("true"), &volume, 1)
            .status()
            .is_ok_and(|status| status.success())
    }

    fn with_tablespace(self) -> Self {
        if self.volume_mib.is_some() {
            let place = self.volume().join("space").display().to_string();
            self.query("postgres", &format!("CREATE TABLESPACE volume LOCATION '{place}'"));
        }
        self
    }

    fn volume(&self) -> PathBuf {
        self.folder.path().join("volume")
    }

    /// How to reach `database`: `postgres://yinuo@…/database`, by the port if [`Options::tcp`], else by the socket.
    pub fn url(&self, database: &str) -> String {
        if self.tcp {
            return format!("postgres://{ROLE}@127.0.0.1:{}/{database}", self.port);
        }
        let socket = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://{ROLE}@{socket}:{}/{database}", self.port)
    }

    /// The port; it is part of the socket's name if the cluster does not listen on TCP.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder that holds the socket, the folder `data` and the file `log`.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Makes an empty database and says how to reach it.
    #[track_caller]
    pub fn create_database(&self, name: &str) -> String {
        self.query("postgres", &format!("CREATE DATABASE {}", quoted(name)));
        self.url(name)
    }

    /// Makes a copy of the database `template`, to which nobody may be connected, and says how to reach it.
    #[track_caller]
    pub fn create_database_like(&self, name: &str, template: &str) -> String {
        self.query("postgres", &format!("CREATE DATABASE {} TEMPLATE {}", quoted(name), quoted(template)));
        self.url(name)
    }

    /// Runs SQL by `psql` and gives what it answers: a line a row, `|` between columns.
    #[track_caller]
    pub fn query(&self, database: &str, sql: &str) -> String {
        query(&self.url(database), sql)
    }

    /// What PostgreSQL logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Ends it as a power cut does: SIGKILL for the postmaster. Waits until all of its processes are gone.
    #[track_caller]
    pub fn kill(&self) {
        self.end("KILL");
    }

    /// Stops it in good order, cutting connections (a "fast" shutdown).
    #[track_caller]
    pub fn stop(&self) {
        self.end("INT");
    }

    #[track_caller]
    fn end(&self, name: &str) {
        self.resume();
        let Some(mut postmaster) = self.postmaster().take() else { return };
        postmaster.end(name);
        // Backends notice that their postmaster is gone, and go; a new one is refused until the last has.
        until("the processes of PostgreSQL end", || self.processes().is_empty().then_some(()));
    }

    /// Starts it again after [`Self::kill`] or [`Self::stop`], on the same port, and waits until it takes connections.
    #[track_caller]
    pub fn restart(&self) {
        if self.postmaster().is_some() {
            self.stop();
        }
        if let Err(log) = self.launch() {
            panic!("PostgreSQL does not start again:\n{log}");
        }
    }

    /// Stops time for all of its processes, as an overloaded or cut-off machine does.
    #[track_caller]
    pub fn pause(&self) {
        // The postmaster first, so that no new process escapes.
        if let Some(postmaster) = self.postmaster().as_ref() {
            postmaster.signal("STOP");
        }
        for process in self.processes() {
            signal("STOP", process);
        }
    }

    /// Ends [`Self::pause`].
    #[track_caller]
    pub fn resume(&self) {
        for process in self.processes() {
            signal("CONT", process);
        }
    }

    /// All processes of the cluster, by their working directory. Those that ended and are not yet buried have none.
    fn processes(&self) -> Vec<u32> {
        let data = self.folder.path().join("data");
        let all = fs::read_dir("/proc").expect("this is Linux").flatten();
        let numbers = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let ours = |number: &u32| fs::read_link(format!("/proc/{number}/cwd")).is_ok_and(|at| at == data);
        numbers.filter(ours).collect()
    }

    fn postmaster(&self) -> MutexGuard<'_, Option<Process>> {
        self.postmaster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the postmaster and waits until it is ready; its log if it ended instead.
    fn launch(&self) -> Result<(), String> {
        let data = self.folder.path().join("data");
        let program = postgres_program("postgres");
        let mut command = match self.volume_mib {
            Some(mib) => {
                self.folder.make("volume");
                self.folder.command_with_volume(&program, &self.volume(), mib)
            }
            None => self.folder.command(&program),
        };
        command.arg("-D").arg(&data).env("LC_ALL", "C.UTF-8");
        let mut postmaster = Process::start(&mut command, &self.folder.path().join("log"));
        let number = postmaster.id().to_string();
        let ready = until("PostgreSQL takes connections", || {
            if postmaster.ended().is_some() {
                return Some(false);
            }
            // Line 1 is its process, line 8 its state; the file may still be that of one that was killed.
            let file = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
            let mut lines = file.lines();
            let own = lines.next() == Some(number.as_str());
            (own && lines.nth(6).is_some_and(|state| state.trim() == "ready")).then_some(true)
        });
        if !ready {
            return Err(postmaster.log());
        }
        *self.postmaster() = Some(postmaster);
        Ok(())
    }
}

impl Drop for PostgresCluster {
    fn drop(&mut self) {
        // Immediately, but in order: it gives back its shared memory. What hangs is left to the keeper.
        if let Some(mut postmaster) = self.postmaster().take() {
            for process in self.processes() {
                tell("CONT", process);
            }
            postmaster.end_quietly("QUIT");
        }
    }
}

/// A session that did something and stays as it is until this is dropped, with its locks and its open transaction.
#[derive(Debug)]
pub struct Held(Child);

impl Held {
    /// Runs SQL in a session of its own on the database at `url`, and waits until it is done.
    #[track_caller]
    pub fn by(url: &str, sql: &str) -> Self {
        let mut psql = Command::new(postgres_program("psql"));
        psql.env_clear().env("LC_ALL", "C.UTF-8").args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
        ]);
        psql.arg(url).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = psql.spawn().expect("psql starts");
        let held = child.stdin.as_mut().expect("it was asked for");
        writeln!(held, "{sql};\n\\echo held").expect("psql reads");
        let said = BufReader::new(child.stdout.take().expect("it was asked for"));
        let done = said.lines().map_while(Result::ok).any(|line| line == "held");
        assert!(done, "{sql}: psql ended");
        Self(child)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // It ends where its input ends, and its session with it.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Runs SQL by `psql` on the database at `url` and gives what it answers: a line a row, `|` between columns.
#[track_caller]
pub fn query(url: &str, sql: &str) -> String {
    try_query(url, sql).unwrap_or_else(|complaint| panic!("{sql} on {url}: {complaint}"))
}

/// The same, for a database that may not answer now: else what `psql` complained of.
pub fn try_query(url: &str, sql: &str) -> Result<String, String> {
    let mut psql = Command::new(postgres_program("psql"));
    psql.env_clear().env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d"]).arg(url).args(["-c", sql]);
    let output = psql.output().expect("psql starts");
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())
}

/// Writes `postgresql.conf` and `pg_hba.conf` anew.
fn configure(folder: &Folder, data: &Path, options: &Options, port: u16) {
    let onoff = |on: bool| if on { "on" } else { "off" }.to_owned();
    let socket = folder.path().display().to_string();
    let mut settings: Vec<(&str, String)> = vec![
        ("listen_addresses", if options.tcp { "127.0.0.1" } else { "" }.to_owned()),
        ("port", port.to_string()),
        ("unix_socket_directories", socket),
        ("max_connections", "200".to_owned()),
        ("shared_buffers", "32MB".to_owned()),
        ("fsync", onoff(options.fsync)),
        ("full_page_writes", onoff(options.fsync)),
        ("jit", "off".to_owned()),
        ("lc_messages", "C".to_owned()),
        ("timezone", "UTC".to_owned()),
        ("log_timezone", "UTC".to_owned()),
        ("log_line_prefix", "%m [%p] %a ".to_owned()),
    ];
    settings.extend(options.settings.iter().cloned());
    let line = |(name, value): &(&str, String)| format!("{name} = '{}'\n", value.replace('\'', "''"));
    let conf: String = settings.iter().map(line).collect();
    let mut access = options.access.clone();
    access.extend(["local all all trust", "host all all 127.0.0.1/32 trust"].map(str::to_owned));
    access.extend(
        ["local replication all trust", "host replication all 127.0.0.1/32 trust"].map(str::to_owned),
    );
    for (name, text) in [("postgresql.conf", conf), ("pg_hba.conf", access.join("\n") + "\n")] {
        let _: PathBuf = folder.write(&format!("{}/{name}", inside(folder, data)), text);
    }
}

/// The path of `data` seen from the folder.
fn inside(folder: &Folder, data: &Path) -> String {
    data.strip_prefix(folder.path()).expect("it lies in the folder").display().to_string()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
