//! The auditor notices whatever a store does wrong.

use yinuo_simulation::{Mischief, Plan, Store, run};

/// Of the courses in which the mischief found its occasion, the auditor objects to every one.
fn is_noticed(mischief: Mischief) {
    let mut done = 0;
    for seed in 0..400 {
        let plan = Plan { seed, steps: 40, store: Store::Memory, mischief: Some(mischief) };
        match run(&plan) {
            Ok(course) => assert!(
                !course.mischief_done,
                "{mischief:?} went unnoticed with seed {seed}:\n{}",
                course.trace
            ),
            Err(_) => done += 1,
        }
        if done == 4 {
            return;
        }
    }
    assert!(done > 0, "{mischief:?} never found its occasion");
}

macro_rules! noticed {
    ($($name:ident: $mischief:ident;)*) => {
        $(#[test]
        fn $name() {
            is_noticed(Mischief::$mischief);
        })*

        #[test]
        fn every_mischief_has_its_test() {
            assert_eq!([$(Mischief::$mischief),*], Mischief::ALL);
        }
    };
}

noticed! {
    an_intake_acknowledged_and_dropped: DropIntake;
    a_command_acknowledged_and_dropped: DropCommand;
    jobs_lost: LoseJobs;
    a_key_forgotten: ForgetKey;
    rows_left_as_they_were: KeepOldRows;
    a_due_instant_of_its_own: WrongDue;
    an_alarm_forgotten: ForgetAlarm;
    an_alarm_fired_twice: FireTwice;
    an_alarm_fired_early: FireEarly;
    the_receipt_of_another: WrongReceipt;
    the_hash_of_another_record: WrongHash;
    another_position: WrongPosition;
    an_entry_that_nobody_asked_for: InventEntry;
    a_notice_lost: LoseNotice;
}
