//! PostgreSQL of several nodes under Patroni, with an etcd of one node.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{Folder, Process, free_port, postgres_program, process::signal, program, query, until};

/// Nodes of the cluster, as the documented configuration has them.
const NODES: usize = 3;

/// Three PostgreSQL under Patroni. Everything of them lies in a [`Folder`]; they end when this value is dropped, or with
/// the test.
#[derive(Debug)]
pub struct PatroniCluster {
    etcd: Process,
    nodes: Vec<Node>,
    folder: Folder,
}

#[derive(Debug)]
struct Node {
    name: String,
    patroni: Mutex<Option<Process>>,
    rest: u16,
    postgres: u16,
}

impl PatroniCluster {
    /// Starts etcd and three nodes on `config`, which is the configuration file of node `db1` of the documentation: what
    /// is of one place only (addresses, folders) is replaced, all else is as it stands there. Waits until there is a
    /// primary, a synchronous standby and a third node: about half a minute.
    #[track_caller]
    pub fn start(config: &str) -> Self {
        let folder = Folder::new();
        let (client, peer) = (free_port(), free_port());
        let etcd = etcd(&folder, client, peer);
        let nodes = (1..=NODES).map(|number| Node {
            name: format!("db{number}"),
            patroni: Mutex::new(None),
            rest: free_port(),
            postgres: free_port(),
        });
        let cluster = Self { etcd, nodes: nodes.collect(), folder };
        for node in &cluster.nodes {
            cluster.configure(node, config, client);
            cluster.start_node(&node.name);
        }
        cluster.await_redundancy();
        cluster
    }

    fn configure(&self, node: &Node, config: &str, etcd: u16) {
        let home = self.folder.make(&node.name).display().to_string();
        let binaries = postgres_program("postgres");
        let binaries = binaries.parent().expect("a file lies in a folder").display().to_string();
        let mut text = config.to_owned();
        for (documented, here) in [
            ("name: db1 ", format!("name: {} ", node.name)),
            ("10.0.0.11:8008", format!("127.0.0.1:{}", node.rest)),
            ("10.0.0.11:5432", format!("127.0.0.1:{}", node.postgres)),
            ("10.0.0.21:2379,10.0.0.22:2379,10.0.0.23:2379", format!("127.0.0.1:{etcd}")),
            ("/var/lib/postgresql/15/yinuo", format!("{home}/data")),
            ("/usr/lib/postgresql/15/bin", binaries),
            ("/var/lib/postgresql/pgpass", format!("{home}/pgpass")),
            ("10.0.0.0/24", "127.0.0.1/32".to_owned()),
        ] {
            text = replaced(&text, documented, &here);
        }
        // Only this is added: the usual place of the socket belongs to the machine.
        text = format!("{text}  parameters:\n    unix_socket_directories: {home}\n");
        self.folder.write(&format!("{}/patroni.yml", node.name), text);
    }

    /// The documented configuration of haproxy in front of the primary, with the addresses of this cluster, listening on
    /// `port`.
    #[track_caller]
    pub fn proxy(&self, config: &str, port: u16) -> String {
        let mut text = replaced(config, "127.0.0.1:5000", &format!("127.0.0.1:{port}"));
        // A test may open fewer files than a server.
        text = replaced(&text, "maxconn 1000", "maxconn 200");
        for (number, node) in (1..).zip(&self.nodes) {
            let documented = format!("10.0.0.1{number}:5432 check port 8008");
            text = replaced(
                &text,
                &documented,
                &format!("127.0.0.1:{} check port {}", node.postgres, node.rest),
            );
        }
        text
    }

    /// Starts Patroni of a node, which starts its PostgreSQL. Nothing if it runs.
    #[track_caller]
    pub fn start_node(&self, name: &str) {
        let node = self.node(name);
        let mut patroni = node.patroni();
        if patroni.as_mut().is_some_and(|patroni| patroni.ended().is_none()) {
            return;
        }
        let home = self.folder.path().join(name);
        let mut command = self.folder.command(&program("patroni", "patroni"));
        command.arg(home.join("patroni.yml")).current_dir(&home).env("LC_ALL", "C.UTF-8");
        *patroni = Some(Process::start(&mut command, &home.join("log")));
    }

    /// Ends a node as a power cut does: SIGKILL for its Patroni and its postmaster.
    #[track_caller]
    pub fn kill_node(&self, name: &str) {
        let patroni = self.node(name).patroni().take();
        let mut patroni = patroni.unwrap_or_else(|| panic!("{name} does not run"));
        patroni.end("KILL");
        self.kill_postmaster(name);
    }

    /// SIGKILL for the postmaster of a node. Its Patroni stays.
    #[track_caller]
    pub fn kill_postmaster(&self, name: &str) {
        let file = self.folder.path().join(name).join("data/postmaster.pid");
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let number = text.lines().next().and_then(|line| line.parse().ok()).expect("line 1 is the process");
        signal("KILL", number);
    }

    /// Names of the nodes: `db1`, `db2`, `db3`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(|node| node.name.as_str())
    }

    /// Port of PostgreSQL and port of Patroni's REST interface of a node, on the loopback address.
    pub fn ports(&self, name: &str) -> (u16, u16) {
        let node = self.node(name);
        (node.postgres, node.rest)
    }

    /// The primary, if there is one that may be written to: asked as haproxy asks.
    pub fn primary(&self) -> Option<&str> {
        let primary = self
            .nodes
            .iter()
            .find(|node| get(node.rest, "/primary").is_some_and(|(status, _)| status == 200));
        primary.map(|node| node.name.as_str())
    }

    /// How many nodes are in this role: `primary`, `synchronous` or `replica`. A synchronous standby is a replica, too.
    pub fn count(&self, role: &str) -> usize {
        let path = format!("/{role}");
        self.nodes
            .iter()
            .filter(|node| get(node.rest, &path).is_some_and(|(status, _)| status == 200))
            .count()
    }

    /// Waits until there are a primary, a synchronous standby and a third node.
    #[track_caller]
    pub fn await_redundancy(&self) {
        until("Patroni has a primary, a synchronous standby and a third node", || {
            let whole = self.primary().is_some()
                && self.count("synchronous") == 1
                && self.count("replica") == NODES - 1;
            whole.then_some(())
        });
    }

    /// Runs SQL on the primary as superuser.
    #[track_caller]
    pub fn query(&self, database: &str, password: &str, sql: &str) -> String {
        let primary = until("there is a primary", || self.primary());
        let url =
            format!("postgres://postgres:{password}@127.0.0.1:{}/{database}", self.node(primary).postgres);
        query(&url, sql)
    }

    /// What etcd, the Patronis and the PostgreSQLs wrote so far, for a test that fails.
    pub fn log(&self) -> String {
        let read =
            |node: &Node| fs::read(self.folder.path().join(&node.name).join("log")).unwrap_or_default();
        let nodes = self
            .nodes
            .iter()
            .map(|node| format!("== {}\n{}", node.name, String::from_utf8_lossy(&read(node))));
        format!("== etcd\n{}{}", self.etcd.log(), nodes.collect::<String>())
    }

    #[track_caller]
    fn node(&self, name: &str) -> &Node {
        self.nodes.iter().find(|node| node.name == name).unwrap_or_else(|| panic!("there is no node {name}"))
    }
}

impl Node {
    fn patroni(&self) -> MutexGuard<'_, Option<Process>> {
        self.patroni.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[track_caller]
fn replaced(text: &str, documented: &str, here: &str) -> String {
    assert!(text.contains(documented), "the documented configuration has no `{documented}` any more");
    text.replace(documented, here)
}

/// An etcd of one node, which answers.
#[track_caller]
fn etcd(folder: &Folder, client: u16, peer: u16) -> Process {
    let (client, peer) = (format!("http://127.0.0.1:{client}"), format!("http://127.0.0.1:{peer}"));
    let data: PathBuf = folder.make("etcd");
    let mut command = folder.command(&program("etcd", "etcd-server"));
    command.arg("--data-dir").arg(data.join("data")).args(["--name", "etcd1", "--unsafe-no-fsync"]);
    command.args(["--listen-client-urls", &client, "--advertise-client-urls", &client]);
    command.args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer]);
    command.args(["--initial-cluster", &format!("etcd1={peer}")]);
    let mut etcd = Process::start(&mut command, &data.join("log"));
    let port = client.rsplit(':').next().and_then(|port| port.parse().ok()).expect("it ends with the port");
    until("etcd is healthy", || {
        etcd.expect_running();
        get(port, "/health").filter(|(status, body)| *status == 200 && body.contains("true"))
    });
    etcd
}

/// Status and body of an answer; none if there is none within a few seconds.
fn get(port: u16, path: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    stream.write_all(format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer))
}
