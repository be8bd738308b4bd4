//! From the desk's answers to what goes over the wire.

mod article;
mod assessment;
mod clock;
mod commitment;
mod customer;
mod erasure;
mod figures;
mod letter;
mod line;
mod looks;
mod names;
mod phrases;
mod search;
mod sheet;
mod timeline;
mod understanding;
mod wording;

pub(crate) use article::{
    article_detail, article_line, article_proposal, knowledge_detail, suggestion_list, unanswered_detail,
};
pub(crate) use clock::derivation;
pub(crate) use commitment::{
    change_lines, check_report, commitment_line, commitment_version, coverage, finding_place,
};
pub(crate) use customer::customer_ticket;
pub(crate) use erasure::{erasure_answer, erasure_preview};
pub(crate) use figures::{Titles, figures_report, overdue_cases};
pub(crate) use letter::{both, letter, letter_line};
pub(crate) use line::ticket_line;
pub(crate) use looks::{customer_look, look, reveal_answer};
pub(crate) use names::{actor, member_name, person, team};
pub(crate) use phrases::{filled_phrase, phrase};
pub(crate) use search::search_answer;
pub(crate) use sheet::ticket_detail;
pub(crate) use understanding::{learning_detail, understanding_detail};
pub(crate) use wording::{wording_remarks, wording_report};
