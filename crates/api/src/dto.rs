//! What goes over the wire. Apart from the domain types on purpose: a rename inside cannot change the interface, and
//! nothing internal can slip out that nobody wrote down here. Every request refuses fields that it does not know.

pub mod advice;
pub mod article;
pub mod assessment;
pub mod commitment;
pub mod customer;
pub mod enter;
pub mod feed;
pub mod figures;
pub mod import;
pub mod list;
pub mod notice;
pub mod people;
pub mod personal;
pub mod phrase;
pub mod portal;
pub mod problem;
pub mod receipt;
pub mod record;
pub mod scalar;
pub mod search;
pub mod session;
pub mod sheet;
pub mod timeline;
pub mod understanding;
pub mod wording;
pub mod words;

mod command;
pub(crate) mod derivation;

pub use command::{CommandRequest, CustomerCommandRequest};
pub use derivation::{Derivation, DerivationRow, NoDueWord, RowWord};
pub use scalar::{Instant, Localised, MemberRef, NoticeRef, TeamRef, TicketRef};
