//! The desk: runs each use case once, whatever channel it came through.
//!
//! ```text
//! channel ──▶ desk: load ──▶ core: decide ──▶ ledger: append ──▶ feed, ticker, outbox worker
//! ```
//!
//! One function per use case, one file per use case. A use case reads the clock port once, loads what it needs, lets
//! `yinuo-core` decide, and appends the entry together with view rows, alarm and outbox jobs in one transaction.
//!
//! **Not here:** any rule of the domain (that is `yinuo-core`), any database or protocol (`yinuo-store`, `yinuo-api`),
//! the real clock or randomness (ports, given by `yinuo-server`).
//!
//! **Invariants**
//! - Nothing is acknowledged that the ledger has not kept.
//! - Conflicts are resolved by loading again and deciding again; correctness needs no lock and no leader.
//! - What is held in memory (commitments, people, open tickets per person) is a cache of the ledger.
//!
//! **Start reading** at [`Desk`], then [`submit`](Desk::submit) and [`command`](Desk::command).

mod advice;
mod audit;
mod case;
mod command;
mod commitments;
mod database_clock;
mod desk;
mod effects;
mod erasure;
mod error;
mod feed;
mod figures;
mod follow;
mod import;
mod indexer;
mod knowledge;
mod learning;
mod lists;
mod load;
mod looks;
mod meaning;
mod meters;
mod notices;
mod organisation;
mod outbox_worker;
mod people;
mod persons;
mod phrases;
mod ports;
mod public_log;
mod rebuild;
mod receipt;
pub mod rehearsal;
mod search;
mod searchable;
mod sequencer;
mod sessions;
mod sheet;
mod submit;
mod tail;
mod ticker;
mod understanding;
mod veil;
mod witness;
mod wording;

pub use advice::{
    Advice, AdviceTask, Advised, Adviser, AdviserLine, Asked, Completion, Limits, LineFault, NoAdvice,
};
pub use audit::{AuditError, Audited, Evidence};
pub use commitments::{CheckOutcome, PublishedView};
pub use database_clock::{ClockError, DatabaseClock};
pub use desk::{Desk, Settings};
pub use erasure::{Erased, ErasureOrder, ErasurePreview};
pub use error::DeskError;
pub use feed::Change;
pub use figures::FiguresQuery;
pub use import::{Format, ImportLine, ImportReport, ImportRow, LineOutcome, read_rows};
pub use indexer::{Indexer, IndexerStep};
pub use knowledge::{
    ArticleDraft, ArticleView, KnowledgeStanding, Proposal, Suggested, Suggestions, Tally, UnansweredGroup,
};
pub use learning::{
    DimensionFigures, LearningOutcome, LearningProgress, PersonFigures, Reckoning, UnderstandingReport,
};
pub use lists::RecordLine;
pub use looks::{Look, Revealed};
pub use meaning::{Embedder, MeaningStanding};
pub use meters::{LATENESS_BOUNDS_MS, Meters};
pub use outbox_worker::InboxCourier;
pub use people::{NewMember, NewTeam};
pub use persons::ContactQuery;
pub use phrases::{FilledPhrase, LibraryPhrase, NewPhrase};
pub use ports::{Clock, Courier, DeliveryError, Entropy, Ports};
pub use public_log::{ConsistencyProof, LogOptions};
pub use rebuild::{Rebuilt, refold};
pub use search::{
    ArticleHit, COUNTED_MOST, FacetCounts, SearchHit, SearchPage, SearchRequest, ShownPart, ShownSnippet,
};
pub use searchable::PartKind;
pub use sequencer::{Sequenced, Sequencer, SequencerError};
pub use sheet::{ClockSheet, TicketSheet};
pub use submit::{Receipt, Submission};
pub use ticker::TickReport;
pub use understanding::ModelState;
pub use witness::{WITNESS_ANSWER_MAX_BYTES, WitnessAnswer, WitnessLine, Witnesses};
pub use wording::{Saying, step_of};
pub use yinuo_language::answers::Band;
pub use yinuo_language::wording::{Part, Remark, Severity as Blocks, Step, phrases::Variable};
pub use yinuo_ledger::{Job, Notice, Session};
