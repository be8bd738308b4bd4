//! Customers who ask and agents who note, all at once, through the proxy: each tries again until it has its answer.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use yinuo_ledger::checkpoint::VerifierKey;
use yinuo_testbed::until;

use crate::{
    checkpoints::Seen,
    house::{post, question},
    http::{self, Answer},
};

/// A rest between two requests of one client: the machine is shared with all that is under test.
const REST: Duration = Duration::from_millis(40);

/// Customers and agents at work at the same time.
const CUSTOMERS: usize = 3;
const AGENTS: usize = 2;

/// Work for the nodes, and how far it got.
pub(crate) struct Load {
    address: String,
    over: AtomicBool,
    acknowledged: AtomicUsize,
    repeated: AtomicUsize,
}

/// A request with its receipt.
pub(crate) struct Asked {
    pub(crate) key: String,
    pub(crate) receipt: Value,
}

/// A note that was acknowledged.
pub(crate) struct Noted {
    pub(crate) token: String,
    pub(crate) ticket: String,
    pub(crate) words: String,
}

/// Ends the load when it is dropped, so that a test that fails does not wait for it for ever.
struct Over<'a>(&'a Load);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::SeqCst);
    }
}

impl Load {
    pub(crate) fn on(address: &str) -> Self {
        let none = || AtomicUsize::new(0);
        Self {
            address: address.to_owned(),
            over: AtomicBool::new(false),
            acknowledged: none(),
            repeated: none(),
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// Requests and notes acknowledged so far.
    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::SeqCst)
    }

    /// Requests that had to be sent once more, so far.
    pub(crate) fn repeated(&self) -> usize {
        self.repeated.load(Ordering::SeqCst)
    }

    /// Waits until so many more requests are acknowledged.
    #[track_caller]
    pub(crate) fn more(&self, count: usize, meanwhile: &str) {
        let enough = self.acknowledged() + count;
        until(&format!("{count} more answers while {meanwhile}"), || {
            (self.acknowledged() >= enough).then_some(())
        });
    }

    /// Sends a request until somebody answers. Being cut off, and a proxy or a node that says that it cannot now, are the
    /// failures that may be; any other answer is for the caller to judge.
    fn send(&self, send: impl Fn() -> std::io::Result<Answer>) -> (Answer, bool) {
        let mut again = false;
        let answer = until("somebody answers", || {
            let answer = send().ok().filter(|answer| !matches!(answer.status, 502..=504));
            if answer.is_none() {
                again = true;
                thread::park_timeout(REST);
                self.repeated.fetch_add(1, Ordering::SeqCst);
            }
            answer
        });
        (answer, again)
    }

    /// Lets customers and agents work, and somebody watch the log, while `hurt` goes on.
    pub(crate) fn during(
        &self,
        agent: &str,
        key: &VerifierKey,
        hurt: impl FnOnce(),
    ) -> (Vec<Asked>, Vec<Noted>, Seen) {
        thread::scope(|scope| {
            let over = Over(self);
            let asking: Vec<_> =
                (0..CUSTOMERS).map(|number| scope.spawn(move || self.ask(&format!("c{number}")))).collect();
            let noting: Vec<_> = (0..AGENTS)
                .map(|number| scope.spawn(move || self.note(&format!("a{number}"), agent)))
                .collect();
            let watching = scope.spawn(move || Seen::watch(self, &self.address, key));
            hurt();
            drop(over);
            let asked = asking.into_iter().flat_map(|client| client.join().expect("it works")).collect();
            let noted = noting.into_iter().flat_map(|client| client.join().expect("it works")).collect();
            (asked, noted, watching.join().expect("it works"))
        })
    }

    /// A customer who asks one thing after the other.
    pub(crate) fn ask(&self, customer: &str) -> Vec<Asked> {
        let mut all = Vec::new();
        for number in 0.. {
            if self.is_over() {
                break;
            }
            let key = format!("{customer}-{number}");
            let (answer, again) = self.send(|| {
                post(&self.address, "/api/v1/requests", &[("Idempotency-Key", &key)], &question(&key))
            });
            // What was answered with 200 was kept at an earlier try.
            assert!(answer.status == 201 || (again && answer.status == 200), "{answer:?}");
            all.push(Asked { key, receipt: answer.json() });
            self.acknowledged.fetch_add(1, Ordering::SeqCst);
            thread::park_timeout(REST);
        }
        all
    }

    /// An agent who notes something on one ticket after the other, each note once.
    pub(crate) fn note(&self, agent: &str, token: &str) -> Vec<Noted> {
        let mut all = Vec::new();
        for number in 0_usize.. {
            if self.is_over() {
                break;
            }
            let list = self.get("/api/v1/tickets?state=any&limit=200", token);
            let list = list["tickets"].as_array().expect("a list");
            let Some(row) = list.get(number * 7 % list.len().max(1)) else {
                thread::park_timeout(REST);
                continue;
            };
            let ticket = row["id"].as_str().expect("an id").to_owned();
            let words = format!("[{agent} {number}]");
            self.note_once(&ticket, &words, token);
            all.push(Noted { token: token.to_owned(), ticket, words });
            self.acknowledged.fetch_add(1, Ordering::SeqCst);
            thread::park_timeout(REST);
        }
        all
    }

    /// Commands have no idempotency key: they name the version that they are about, and whoever gets no answer looks.
    fn note_once(&self, ticket: &str, words: &str, token: &str) {
        let (path, command) =
            (format!("/api/v1/tickets/{ticket}"), format!("/api/v1/tickets/{ticket}/commands"));
        loop {
            let seen = self.get(&path, token);
            if seen.to_string().contains(words) {
                return;
            }
            let body = json!({ "command": "note", "body": words, "expected_version": seen["version"] });
            let (answer, _) = self.send(|| post(&self.address, &command, &[("Authorization", token)], &body));
            match answer.status {
                200 => return,
                // Somebody else was faster: the ticker, another agent, or this one before it was cut off.
                409 => {}
                _ => panic!("{answer:?}"),
            }
        }
    }

    pub(crate) fn get(&self, path: &str, token: &str) -> Value {
        let (answer, _) =
            self.send(|| http::send(&self.address, "GET", path, &[("Authorization", token)], ""));
        answer.expect(200).json()
    }
}
