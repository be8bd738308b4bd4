//! Use cases of the desk on the in-memory ledger.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may panic")]

mod harness;

#[path = "use_cases/advice.rs"]
mod advice;
#[path = "use_cases/alarms.rs"]
mod alarms;
#[path = "use_cases/conflicts.rs"]
mod conflicts;
#[path = "use_cases/course.rs"]
mod course;
#[path = "use_cases/database_clock.rs"]
mod database_clock;
#[path = "use_cases/erasure.rs"]
mod erasure;
#[path = "use_cases/follow.rs"]
mod follow;
#[path = "use_cases/import.rs"]
mod import;
#[path = "use_cases/intake.rs"]
mod intake;
#[path = "use_cases/knowledge.rs"]
mod knowledge;
#[path = "use_cases/letters.rs"]
mod letters;
#[path = "use_cases/log.rs"]
mod log;
#[path = "use_cases/looks.rs"]
mod looks;
#[path = "use_cases/meaning.rs"]
mod meaning;
#[path = "use_cases/nodes.rs"]
mod nodes;
#[path = "use_cases/outbox.rs"]
mod outbox;
#[path = "use_cases/people.rs"]
mod people;
#[path = "use_cases/persons.rs"]
mod persons;
#[path = "use_cases/phrases.rs"]
mod phrases;
#[path = "use_cases/search.rs"]
mod search;
#[path = "use_cases/understanding.rs"]
mod understanding;
#[path = "use_cases/veil.rs"]
mod veil;
#[path = "use_cases/wording.rs"]
mod wording;
