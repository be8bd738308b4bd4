//! A ticket is a fold over its entries; nothing about it is known that its events don't say.

pub mod apply;
pub mod assessment;
pub mod command;
pub mod decide;
pub mod event;
mod purpose;
pub mod refusal;
mod said;
pub mod state;

pub use apply::{apply, begin, fold};
pub use assessment::{Assessment, Basis, Dimension, Doubt, Opinion, Triage};
pub use command::{Answer, Command, CommandKind, Request, UsedArticle};
pub use decide::{Demands, Facts, decide, demands, override_wording, permitted, receive};
pub use event::*;
pub use refusal::Refusal;
pub use said::Said;
pub use state::*;
