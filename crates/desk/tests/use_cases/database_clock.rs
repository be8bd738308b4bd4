//! The machine's clock against the database's.

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use jiff::{SignedDuration, Timestamp};
use yinuo_desk::{Clock, ClockError, DatabaseClock};
use yinuo_ledger::{Ledger, MemoryLedger};

use crate::harness::*;

const NOON: &str = "2026-11-23 12:00";

/// A machine whose clock shows noon, and a database whose clock is ahead of it by `ahead` and takes `round_trip` to
/// answer. Both clocks go when the machine's is stepped.
struct Pair {
    machine: Arc<SteppedClock>,
    ledger: Arc<MemoryLedger>,
}

impl Pair {
    fn new(ahead: SignedDuration, round_trip: SignedDuration) -> Self {
        let ledger = Arc::new(MemoryLedger::new(yinuo_ledger::conformance::sample::new_vault()));
        let pair = Self { machine: Arc::new(SteppedClock::at(wall(NOON))), ledger };
        pair.database(ahead, round_trip);
        pair
    }

    fn database(&self, ahead: SignedDuration, round_trip: SignedDuration) {
        let machine = Arc::clone(&self.machine);
        self.ledger.keep_time(move || {
            machine.step(round_trip / 2);
            let told = machine.now() + ahead;
            machine.step(round_trip - round_trip / 2);
            told
        });
    }

    async fn start(&self) -> Result<DatabaseClock, ClockError> {
        let machine = Arc::clone(&self.machine) as Arc<dyn Clock>;
        DatabaseClock::start(machine, Arc::clone(&self.ledger) as Arc<dyn Ledger>).await
    }
}

fn secs(secs: i64) -> SignedDuration {
    SignedDuration::from_secs(secs)
}

#[tokio::test]
async fn a_clock_that_is_minutes_off_shows_the_time_of_the_database() {
    for off in [mins(7), mins(-7), secs(3)] {
        let pair = Pair::new(off, secs(1));
        let clock = pair.start().await.unwrap();
        assert_eq!(clock.correction(), off);
        assert_eq!(clock.now(), pair.machine.now() + off);
    }
}

#[tokio::test]
async fn small_differences_and_what_measuring_may_be_off_are_left_alone() {
    for (off, round_trip) in
        [(secs(0), secs(0)), (secs(2), secs(0)), (secs(-2), secs(1)), (secs(6), secs(10))]
    {
        let pair = Pair::new(off, round_trip);
        let clock = pair.start().await.unwrap();
        assert_eq!(clock.correction(), SignedDuration::ZERO, "{off:?} in {round_trip:?}");
        assert_eq!(clock.now(), pair.machine.now());
    }
}

#[tokio::test]
async fn where_the_database_has_no_clock_of_its_own_the_machine_is_right() {
    let machine = Arc::new(SteppedClock::at(wall(NOON)));
    let ledger: Arc<dyn Ledger> = Arc::new(MemoryLedger::new(yinuo_ledger::conformance::sample::new_vault()));
    let clock = DatabaseClock::start(Arc::clone(&machine) as Arc<dyn Clock>, ledger).await.unwrap();
    clock.adjust().await.unwrap();
    assert_eq!((clock.correction(), clock.now()), (SignedDuration::ZERO, machine.now()));
}

#[tokio::test]
async fn more_than_an_hour_is_refused_at_the_start() {
    for off in [mins(61), mins(-61)] {
        match Pair::new(off, secs(0)).start().await {
            Err(ClockError::Off { by }) => assert_eq!(by, off),
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("not refused"),
        }
    }
    assert!(Pair::new(mins(60), secs(0)).start().await.is_ok());
}

#[tokio::test]
async fn a_clock_that_is_set_while_running_is_followed_and_left_alone_once_it_is_right() {
    let pair = Pair::new(mins(5), secs(0));
    let clock = pair.start().await.unwrap();
    let before = clock.now();
    // Within what is tolerated, nothing changes: time does not jump to and fro.
    pair.database(mins(5) + secs(1), secs(0));
    clock.adjust().await.unwrap();
    assert_eq!(clock.correction(), mins(5));
    // Somebody sets the machine's clock right: for the desk no time passes.
    pair.machine.step(mins(5));
    pair.database(secs(0), secs(0));
    assert_eq!(clock.now(), before + mins(5), "until it is measured again");
    clock.adjust().await.unwrap();
    assert_eq!((clock.correction(), clock.now()), (SignedDuration::ZERO, before));
    // However far off it gets, it is followed: a desk in use does not stop for it.
    pair.database(mins(90), secs(0));
    clock.adjust().await.unwrap();
    assert_eq!(clock.now(), before + mins(90));
}

#[tokio::test]
async fn whoever_sleeps_is_woken_by_the_corrected_time() {
    let pair = Pair::new(secs(0), secs(0));
    let clock = pair.start().await.unwrap();
    let mut sleep = pin!(clock.sleep_until(wall("2026-11-23 12:10")));
    let mut context = Context::from_waker(Waker::noop());
    assert_eq!(sleep.as_mut().poll(&mut context), Poll::Pending);
    pair.machine.step(mins(4));
    assert_eq!(sleep.as_mut().poll(&mut context), Poll::Pending);
    pair.database(mins(6), secs(0));
    clock.adjust().await.unwrap();
    assert_eq!(sleep.as_mut().poll(&mut context), Poll::Ready(()));
    assert_eq!(clock.now(), wall("2026-11-23 12:10"));
    let past: Timestamp = wall(NOON);
    clock.sleep_until(past).await;
}
