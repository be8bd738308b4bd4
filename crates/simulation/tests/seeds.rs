//! Many courses on every store: the auditor has nothing to say against any of them.

use yinuo_simulation::{Plan, Store, run};

/// Plays every fourth seed from `first` on, so that the parts run side by side.
fn every_fourth(first: u64, seeds: u64, steps: u64, store: Store) {
    for seed in (first..seeds).step_by(4) {
        if let Err(failure) = run(&Plan { seed, steps, store, mischief: None }) {
            panic!("{failure}");
        }
    }
}

/// One test for each part.
macro_rules! parts {
    ($($name:ident: $part:literal of $seeds:literal seeds of $steps:literal steps on $store:ident;)*) => {
        $(#[test]
        fn $name() {
            every_fourth($part, $seeds, $steps, Store::$store);
        })*
    };
}

parts! {
    a_thousand_short_courses_in_memory_0: 0 of 1000 seeds of 14 steps on Memory;
    a_thousand_short_courses_in_memory_1: 1 of 1000 seeds of 14 steps on Memory;
    a_thousand_short_courses_in_memory_2: 2 of 1000 seeds of 14 steps on Memory;
    a_thousand_short_courses_in_memory_3: 3 of 1000 seeds of 14 steps on Memory;
    longer_courses_in_memory_0: 0 of 16 seeds of 160 steps on Memory;
    longer_courses_in_memory_1: 1 of 16 seeds of 160 steps on Memory;
    sixty_courses_in_sqlite_files_0: 0 of 60 seeds of 40 steps on Sqlite;
    sixty_courses_in_sqlite_files_1: 1 of 60 seeds of 40 steps on Sqlite;
    sixty_courses_in_sqlite_files_2: 2 of 60 seeds of 40 steps on Sqlite;
    sixty_courses_in_sqlite_files_3: 3 of 60 seeds of 40 steps on Sqlite;
    twenty_courses_on_postgresql_0: 0 of 20 seeds of 40 steps on Postgres;
    twenty_courses_on_postgresql_1: 1 of 20 seeds of 40 steps on Postgres;
    twenty_courses_on_postgresql_2: 2 of 20 seeds of 40 steps on Postgres;
    twenty_courses_on_postgresql_3: 3 of 20 seeds of 40 steps on Postgres;
}
