//! The same seed gives the same course, line by line.

use yinuo_simulation::{Course, Plan, Store, run};

fn played(seed: u64, store: Store) -> Course {
    let plan = Plan { seed, steps: 60, store, mischief: None };
    run(&plan).unwrap_or_else(|failure| panic!("{failure}"))
}

fn twice(seeds: impl IntoIterator<Item = u64>, store: Store) {
    for seed in seeds {
        let (one, other) = (played(seed, store), played(seed, store));
        let differs = one.trace.lines().zip(other.trace.lines()).find(|(one, other)| one != other);
        assert_eq!(differs, None, "seed {seed} on {store}");
        assert_eq!(one.digest, other.digest, "seed {seed} on {store}");
    }
}

#[test]
fn in_memory() {
    twice(0..12, Store::Memory);
}

#[test]
fn in_sqlite_files() {
    twice(0..5, Store::Sqlite);
}

#[test]
fn another_seed_gives_another_course() {
    assert_ne!(played(1, Store::Memory).digest, played(2, Store::Memory).digest);
}

/// Courses that do nothing are no proof: people do most of what there is to do, and most of what can go wrong does.
#[test]
fn courses_are_rich() {
    let mut all = String::new();
    for seed in 0..30 {
        let plan = Plan { seed, steps: 160, store: Store::Memory, mischief: None };
        all.push_str(&run(&plan).unwrap().trace);
    }
    let seen = |what: &str| all.contains(what);
    let commands = yinuo_core::ticket::CommandKind::ALL.iter().map(|kind| kind.word());
    let unseen: Vec<&str> = commands.filter(|word| *word != "tick" && !seen(&format!(" {word} "))).collect();
    assert_eq!(unseen, [""; 0], "commands that nobody ever carried out");
    for happening in [
        "dies",
        "starts again",
        "the power is about to fail",
        "room for",
        "room again",
        "publishes SIM-1 2: true",
        "publishes SIM-2 1: true",
        "somebody leaves",
        "is on record as version",
        ": conflict",
        ": unavailable",
        ": storage-full",
        "HangUp",
        "NodeDies",
        "found ",
        "not found",
        "asked again",
        "is off by",
    ] {
        assert!(seen(happening), "never seen: {happening}");
    }
}
