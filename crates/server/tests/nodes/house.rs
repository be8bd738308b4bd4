//! A company on one PostgreSQL: nodes, the proxy in front of them, and what SQL says.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};
use yinuo_testbed::{Folder, Haproxy, Options, PostgresCluster, Process, free_port, query, until};

use crate::http::{self, Answer};

/// The documented configuration of the proxy.
const PROXY: &str = include_str!("../../../../docs/operations/nodes/haproxy.cfg");

/// A company on one database.
pub(crate) struct House {
    /// How the database is reached by whoever may do everything in it.
    url: String,
    /// Nodes that reach it in another way.
    detours: BTreeMap<&'static str, String>,
    folder: Folder,
    /// The database, if it is ours alone.
    postgres: Option<PostgresCluster>,
}

impl House {
    /// On an empty database of a PostgreSQL of its own.
    pub(crate) fn new() -> Self {
        let postgres = PostgresCluster::start(&Options { tcp: true, ..Options::default() });
        let url = postgres.create_database("yinuo");
        Self { postgres: Some(postgres), ..Self::at(&url, BTreeMap::new()) }
    }

    /// On the database at `url`, which some nodes reach in another way.
    pub(crate) fn at(url: &str, detours: BTreeMap<&'static str, String>) -> Self {
        Self { url: url.to_owned(), detours, folder: Folder::new(), postgres: None }
    }

    /// How the node `name` reaches the database. Where it is ours, each has a role of its own, so that SQL can tell them
    /// apart.
    fn url(&self, name: &str) -> String {
        if self.postgres.is_none() {
            return self.detours.get(name).unwrap_or(&self.url).clone();
        }
        let role = format!("CREATE ROLE {name} SUPERUSER LOGIN");
        self.ask(&format!("DO $$ BEGIN {role}; EXCEPTION WHEN duplicate_object THEN END $$"));
        self.url.replacen("yinuo@", &format!("{name}@"), 1)
    }

    /// A command line for the product as it is set up on the node `name`.
    fn product(&self, name: &str, url: &str) -> Product {
        let home = self.folder.path().join(name);
        fs::create_dir_all(&home).expect("the folder can be written to");
        let config = home.join("yinuo.toml");
        let text = format!("[server]\nrequests-per-minute = 0\ndatabase = \"{url}\"\n");
        fs::write(&config, text).expect("the folder can be written to");
        Product { home, config, disguise: None }
    }

    /// A node, started.
    pub(crate) fn node(&self, name: &str) -> Node {
        let node = Node::new(name, self.product(name, &self.url(name)));
        node.start();
        node
    }

    /// A node that is set up and not started, and believes in a time that is off by `by`, such as `+7m`.
    pub(crate) fn node_off(&self, name: &str, by: &str) -> Node {
        let mut product = self.product(name, &self.url(name));
        product.disguise = Some(by.to_owned());
        Node::new(name, product)
    }

    /// Runs a command of the product to its end.
    pub(crate) fn yinuo(&self, args: &[&str], input: &str) -> String {
        let mut command = self.product("operator", &self.url).command();
        let mut child = command
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        // A command that does not read leaves the pipe; what it says tells more than this error.
        let _ = child.stdin.take().expect("it was asked for").write_all(input.as_bytes());
        let output = child.wait_with_output().expect("the binary ends");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "yinuo {args:?}: {}\n{complaint}", output.status);
        String::from_utf8(output.stdout).expect("the binary writes UTF-8")
    }

    /// A token with which a program acts as a new person in `role`, called as the role is.
    pub(crate) fn join(&self, role: &str) -> String {
        let token = self.yinuo(&["user", "add", role, "--name", role, "--role", role, "--token"], "");
        format!("Bearer {}", token.trim())
    }

    /// What SQL says.
    pub(crate) fn ask(&self, sql: &str) -> String {
        query(&self.url, sql)
    }

    /// The node that holds the role of the sequencer.
    pub(crate) fn leader(&self) -> Option<String> {
        let holder = "SELECT DISTINCT a.usename FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND a.datname = 'yinuo' AND a.usename LIKE 'node%'";
        Some(self.ask(holder)).filter(|names| !names.is_empty() && !names.contains('\n'))
    }
}

/// The proxy as documented, in front of up to three nodes. Its address.
pub(crate) fn proxy(nodes: &[Node]) -> (Haproxy, String) {
    let address = format!("127.0.0.1:{}", free_port());
    let mut config = replaced(PROXY, "10.0.0.1:80\n", &format!("{address}\n"));
    // A test may open fewer files than a server.
    config = replaced(&config, "maxconn 10000", "maxconn 200");
    for number in 1..=3 {
        let documented = format!("    server node{number} 10.0.0.{number}:8080 check\n");
        let here =
            nodes.get(number - 1).map(|node| format!("    server {} {} check\n", node.name, node.address));
        config = replaced(&config, &documented, &here.unwrap_or_default());
    }
    let port = address.rsplit(':').next().and_then(|port| port.parse().ok()).expect("it ends with the port");
    let proxy = Haproxy::start(&config, port);
    until("the proxy knows that the nodes are ready", || {
        let answer = http::send(&address, "GET", "/readyz", &[], "").ok()?;
        (answer.status == 200).then_some(())
    });
    (proxy, address)
}

fn replaced(text: &str, documented: &str, here: &str) -> String {
    assert!(text.contains(documented), "the documented configuration has no `{documented}` any more");
    text.replacen(documented, here, 1)
}

/// The product as it is set up on one machine.
struct Product {
    home: PathBuf,
    config: PathBuf,
    disguise: Option<String>,
}

impl Product {
    fn command(&self) -> Command {
        let binary = Path::new(env!("CARGO_BIN_EXE_yinuo"));
        let mut command = Command::new(binary);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("YINUO_") {
                command.env_remove(name);
            }
        }
        command.env("NO_COLOR", "1").env("YINUO_MASTER_KEY", MASTER_KEY).current_dir(&self.home);
        if let Some(by) = &self.disguise {
            // Its timers go as ever; only what time of day it is is off.
            command
                .env("LD_PRELOAD", faketime())
                .env("FAKETIME", by)
                .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        command.arg("--data").arg(self.home.join("data")).arg("--config").arg(&self.config);
        command
    }
}

/// The library that tells a process another time.
fn faketime() -> PathBuf {
    let places = fs::read_dir("/usr/lib").expect("there is one").flatten().map(|place| place.path());
    let library = places.map(|place| place.join("faketime/libfaketimeMT.so.1")).find(|file| file.is_file());
    library.expect("libfaketime: `cargo xtask test` installs it; by hand: sudo apt-get install libfaketime")
}

/// The master key of every node: whoever runs several gives the same to each.
const MASTER_KEY: &str = "vm4fz16+pDMoLeWZKV2k1DM9N4s4hmIjSZHvvojHQfI=";

/// A node: a process that is started, killed and started again on its own port.
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) address: String,
    product: Product,
    process: Mutex<Option<Process>>,
}

impl Node {
    fn new(name: &str, product: Product) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        Self { name: name.to_owned(), address, product, process: Mutex::new(None) }
    }

    fn process(&self) -> MutexGuard<'_, Option<Process>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts it without waiting.
    pub(crate) fn launch(&self) {
        let mut command = self.product.command();
        command.args(["serve", "--listen", &self.address]);
        *self.process() = Some(Process::start(&mut command, &self.product.home.join("log")));
    }

    /// Starts it and waits until it is ready.
    pub(crate) fn start(&self) {
        self.launch();
        self.await_ready();
    }

    /// Waits until it answers that it is ready.
    pub(crate) fn await_ready(&self) {
        until("a node is ready", || {
            self.process().as_mut().expect("it was started").expect_running();
            http::send(&self.address, "GET", "/readyz", &[], "").ok().filter(|answer| answer.status == 200)
        });
    }

    /// Waits until it has ended by itself, and gives what it wrote.
    pub(crate) fn await_end(&self) -> String {
        until("the node ends", || self.process().as_mut().expect("it was started").ended());
        self.log()
    }

    /// Ends it as `kill -9` does.
    pub(crate) fn kill(&self) {
        self.process().take().expect("it runs").end("KILL");
    }

    /// Stops or continues it: `STOP`, `CONT`.
    pub(crate) fn signal(&self, name: &str) {
        self.process().as_ref().expect("it runs").signal(name);
    }

    /// What it wrote so far, since it was first started.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.product.home.join("log")).expect("the log can be read")
    }

    pub(crate) fn get(&self, path: &str, token: &str) -> Answer {
        http::send(&self.address, "GET", path, &[("Authorization", token)], "").expect("the node answers")
    }

    pub(crate) fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        post(&self.address, path, &[("Authorization", token)], body).expect("the node answers")
    }

    pub(crate) fn publish(&self, letter: &str, manager: &str) {
        self.post("/api/v1/commitments", manager, &json!({ "text": letter })).expect(201);
    }
}

/// Sends JSON. An error means that nobody answered to the end.
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

/// Questions are answered within two seconds, and fully within an hour: every ticket has an alarm at once.
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
