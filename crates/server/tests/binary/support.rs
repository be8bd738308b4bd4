//! A folder of one's own, commands in it, and a server on it.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http::{self, Answer};

/// How long anything may take that is waited for. Far more than it takes: the worked example alone is hundreds of tickets,
/// played by a build without optimisations while other tests keep the machine busy.
pub(crate) const PATIENCE: Duration = Duration::from_mins(5);

/// A letter of one page: questions are answered within an hour, and told that they came in within two seconds.
pub(crate) const LETTER: &str = r#"
[commitment]
number    = "T-1"
title     = { zh = "测试承诺书", en = "A letter for tests" }
company   = { zh = "示例科技有限公司", en = "Example Technology Ltd." }
effective = 2020-01-01T00:00:00+08:00
signed    = { by = "陈立言", post = { zh = "总经理", en = "General manager" }, on = 2020-01-01 }
covers    = ["consultation"]

[calendar.always]
always = true

[[promise]]
id     = "first-reply"
title  = { zh = "首次回应", en = "First reply" }
when   = { kind = "consultation" }
from   = "received"
until  = "first-reply"
within = "2 s"
on     = "always"
grade  = "minor"

[[promise]]
id     = "full-answer"
title  = { zh = "完整解答", en = "Full answer" }
when   = { kind = "consultation" }
from   = "received"
until  = "full-answer"
within = "1 h"
on     = "always"
grade  = "minor"

[breach.minor]
remedy-within = "1 h"
on            = "always"
notice        = "written"
"#;

/// The time.
#[expect(clippy::disallowed_methods, reason = "the binary under test lives in real time")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Tries until something is there. Fails the test after [`PATIENCE`].
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "a deadline, so that a test that waits in vain ends")]
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited in vain: {what}");
        thread::park_timeout(Duration::from_millis(2));
    }
}

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Outcome {
    /// The same, if it succeeded.
    #[track_caller]
    pub(crate) fn good(self) -> Self {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self
    }

    /// What it said on standard error, if it failed.
    #[track_caller]
    pub(crate) fn refused(self) -> String {
        assert_eq!(self.code, Some(1), "{}{}", self.out, self.err);
        self.err
    }
}

/// A folder of one's own. It vanishes with this value.
pub(crate) struct House {
    folder: TempDir,
}

impl House {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().expect("a temporary folder") }
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The data folder that commands work on.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The database.
    pub(crate) fn database(&self) -> PathBuf {
        self.data().join("yinuo.db")
    }

    /// Writes a file and says where it is.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, text).expect("the folder can be written to");
        path.display().to_string()
    }

    /// The binary, on this folder's data, free of the surroundings' settings.
    fn command(&self) -> Command {
        clean(Command::new(env!("CARGO_BIN_EXE_yinuo")), &self.data())
    }

    /// Runs a command to its end.
    pub(crate) fn yinuo(&self, args: &[&str]) -> Outcome {
        self.yinuo_reading("", args)
    }

    /// Runs a command that reads `input`.
    pub(crate) fn yinuo_reading(&self, input: &str, args: &[&str]) -> Outcome {
        finish(self.command().args(args), input)
    }

    /// Runs a command with an environment variable set.
    pub(crate) fn yinuo_with(&self, variable: (&str, &str), args: &[&str]) -> Outcome {
        finish(self.command().env(variable.0, variable.1).args(args), "")
    }

    /// Runs a command while no file may grow beyond `bytes`.
    pub(crate) fn yinuo_within(&self, bytes: u64, args: &[&str]) -> Outcome {
        let mut shell = clean(within(bytes), &self.data());
        finish(shell.args(args), "")
    }

    /// Runs a command that is killed in the very moment in which a file would grow beyond `bytes`.
    #[track_caller]
    pub(crate) fn yinuo_killed_within(&self, bytes: u64, args: &[&str]) {
        let script = format!("ulimit -c 0; ulimit -f {}; exec \"$0\" \"$@\"", bytes / 512);
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_yinuo")]);
        let ended = finish(clean(shell, &self.data()).args(args), "");
        assert_eq!(ended.code, None, "it was not killed: {}{}", ended.out, ended.err);
    }

    /// Begins a command whose output nobody reads.
    pub(crate) fn yinuo_begun(&self, args: &[&str]) -> Begun {
        let mut command = self.command();
        command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Begun(command.spawn().expect("the binary starts"))
    }

    /// Runs a command and kills it, as `kill -9` does, when it has said `moment` on standard error. It may get a little
    /// further before the signal arrives, up to its end; and if an earlier run got further, it may not say it any more.
    #[track_caller]
    pub(crate) fn yinuo_killed_at(&self, moment: &str, args: &[&str]) {
        let mut command = self.command();
        command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let said = BufReader::new(child.stderr.take().expect("it was asked for"));
        let mut all = String::new();
        for line in said.lines() {
            let line = line.expect("the binary writes UTF-8");
            all.push_str(&line);
            all.push('\n');
            if line.contains(moment) {
                child.kill().expect("it is ours");
                child.wait().expect("it is ours");
                return;
            }
        }
        assert!(child.wait().expect("it is ours").success(), "it failed before `{moment}`:\n{all}");
    }

    /// A fresh token of a person: those of before stay where they were when everything else was restored or moved.
    pub(crate) fn token_of(&self, account: &str, more: &[&str]) -> String {
        let token = self.yinuo(&[&["user", "token", account], more].concat()).good();
        format!("Bearer {}", token.out.trim())
    }

    /// Replaces what belongs to this folder alone, so that outputs can be compared.
    pub(crate) fn without_folder(&self, text: &str) -> String {
        text.replace(&self.folder.path().display().to_string(), "FOLDER")
    }

    /// Serves the data.
    pub(crate) fn serve(&self) -> Server {
        self.serve_as(&[])
    }

    /// Serves the data with more arguments.
    pub(crate) fn serve_as(&self, args: &[&str]) -> Server {
        Server::start(self, self.command(), args)
    }

    /// Serves the data while no file may grow beyond `bytes`: writing fails then as it does on a full disk.
    pub(crate) fn serve_within(&self, bytes: u64) -> Server {
        Server::start(self, clean(within(bytes), &self.data()), &[])
    }

    /// A token with which a program acts as a new person in `role`, called as the role is.
    pub(crate) fn join(&self, role: &str) -> String {
        let added = self.yinuo(&["user", "add", role, "--name", role, "--role", role, "--token"]).good();
        format!("Bearer {}", added.out.trim())
    }

    /// A manager with a token, and the letter published.
    pub(crate) fn found(&self) -> String {
        let manager = self.join("manager");
        let server = self.serve();
        server.publish(LETTER, &manager);
        server.stop();
        manager
    }
}

/// A command that was begun. Killed, as `kill -9` does, where this is dropped.
pub(crate) struct Begun(Child);

impl Begun {
    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().expect("its state can be asked")
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The binary, while no file may grow beyond `bytes`.
fn within(bytes: u64) -> Command {
    // Blocks of 512 bytes, as POSIX says; the signal would end the process, the error is what a full disk gives.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", bytes / 512);
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_yinuo")]);
    shell
}

fn clean(mut command: Command, data: &Path) -> Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("YINUO_") {
            command.env_remove(name);
        }
    }
    command.env("NO_COLOR", "1").arg("--data").arg(data);
    command
}

fn finish(command: &mut Command, input: &str) -> Outcome {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    // A command that does not read leaves the pipe; what it says tells more than this error.
    let _ = child.stdin.take().expect("it was asked for").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("the binary ends");
    let text = |bytes| String::from_utf8(bytes).expect("the binary writes UTF-8");
    Outcome { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A running server. It is killed if the test ends before it does.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    log: PathBuf,
    pub(crate) greeting: String,
}

impl Server {
    fn start(house: &House, mut command: Command, args: &[&str]) -> Self {
        let address_file = house.path("address");
        let _ = fs::remove_file(&address_file);
        let (said, log) = (house.path("said"), house.path("log"));
        let said_file = fs::File::create(&said).expect("the folder can be written to");
        let log_file = fs::File::create(&log).expect("the folder can be written to");
        command.args(["serve", "--listen", "127.0.0.1:0", "--address-file"]).arg(&address_file).args(args);
        if !args.contains(&"--config") {
            let config = house.write("config.toml", "[server]\nrequests-per-minute = 0\n");
            command.args(["--config", &config]);
        }
        command.stdin(Stdio::null()).stdout(said_file).stderr(log_file);
        let child = command.spawn().expect("the binary starts");
        let mut server = Self { child, address: String::new(), log, greeting: String::new() };
        server.address = until("the server listens", || {
            if let Some(status) = server.child.try_wait().expect("its state can be asked") {
                panic!("the server ended: {status}\n{}", server.log());
            }
            fs::read_to_string(&address_file).ok().filter(|address| !address.is_empty())
        });
        server.get("/readyz").expect(200);
        // It greets before it says where it listens.
        server.greeting = fs::read_to_string(said).expect("its greeting can be read");
        server
    }

    /// What it logged so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).expect("the log can be read")
    }

    /// Bytes of memory that it holds.
    pub(crate) fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let row = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("this is Linux");
        let kib: u64 = row.trim().trim_end_matches(" kB").parse().expect("a number");
        kib * 1024
    }

    /// Asks it to stop and waits until it has.
    pub(crate) fn stop(mut self) -> ExitStatus {
        self.signal("TERM");
        self.ended()
    }

    /// Waits until it has ended.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        until("the server ends", || self.child.try_wait().expect("its state can be asked"))
    }

    /// Ends it at once, as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it is ours");
        self.child.wait().expect("it is ours");
    }

    /// Sends a signal to the server.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.child.id())]).status();
        assert!(sent.expect("a shell").success());
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.get_as(path, &[])
    }

    pub(crate) fn get_as(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        http::send(&self.address, "GET", path, headers, "").expect("the server answers")
    }

    pub(crate) fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        post(&self.address, path, headers, body).expect("the server answers")
    }

    pub(crate) fn publish(&self, letter: &str, manager: &str) {
        let letter = json!({ "text": letter });
        self.post("/api/v1/commitments", &[("Authorization", manager)], &letter).expect(201);
    }

    /// A customer asks something.
    pub(crate) fn ask(&self, subject: &str) -> Value {
        self.post("/api/v1/requests", &[], &question(subject)).expect(201).json()
    }

    /// The receipt that proves what was filed, once a checkpoint covers it.
    pub(crate) fn proof(&self, receipt: &Value) -> String {
        let (number, code) = (text(&receipt["number"]), text(&receipt["query_code"]));
        let path = format!("/api/v1/requests/{number}/receipt");
        until("the record is covered by a checkpoint", || {
            let answer = self.get_as(&path, &[("Query-Code", code)]);
            (answer.status == 200).then_some(answer.body)
        })
    }

    /// What the customer sees of a ticket.
    pub(crate) fn follow(&self, number: &str, query_code: &str) -> Answer {
        self.get_as(&format!("/api/v1/requests/{number}"), &[("Query-Code", query_code)])
    }

    /// Every ticket, as lists show it.
    pub(crate) fn tickets(&self, token: &str) -> Vec<Value> {
        let mut all = Vec::new();
        let mut after = String::new();
        loop {
            let path = format!("/api/v1/tickets?state=any&limit=200{after}");
            let mut part = self.get_as(&path, &[("Authorization", token)]).expect(200).json();
            all.append(part["tickets"].as_array_mut().expect("a list"));
            match part["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return all,
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends JSON. An error means that the server did not answer to the end.
pub(crate) fn post(
    address: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> std::io::Result<Answer> {
    let headers = [headers, &[("Content-Type", "application/json")]].concat();
    http::send(address, "POST", path, &headers, &body.to_string())
}

/// A question of a customer.
pub(crate) fn question(subject: &str) -> Value {
    json!({
        "customer": { "name": "Li Na" },
        "kind": "consultation",
        "subject": subject,
        "body": format!("How often do I change the filter? ({subject})"),
    })
}

/// The text of a JSON value.
#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}
