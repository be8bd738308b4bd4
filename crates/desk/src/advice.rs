//! Advice of a language model that the operator may connect: a second opinion on what a request is, a draft of a reply, a
//! summary for whoever takes over. Everything works without it.
//!
//! **What leaves the house** is masked: known values of the customer, and whatever looks like personal data. **What comes
//! back** is material for a person: no advice is ever sent, recorded or carried out by itself, so that a customer who
//! writes instructions to the model reaches a colleague at most, never the ledger.
//!
//! [`prompt`] makes the question and reads the answer, [`gate`] keeps budget and patience.

mod gate;
mod prompt;

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use yinuo_commitment::{Facets, Language};
use yinuo_core::{access::Operation, id::TicketId, roster::Actor};

pub use self::gate::Limits;
use self::gate::{Closed, Gate};
use crate::{desk::Desk, error::DeskError};

/// What a model is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AdviceTask {
    /// What the request is, beside the classification that it has.
    Opinion,
    /// A draft of the next reply, in the language of the customer.
    Draft,
    /// What a colleague has to know who takes over, in the language of the asker.
    Handover,
}

/// A question as it leaves the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What the model is to do.
    pub system: String,
    /// The material, as JSON: no text in it can end it.
    pub material: String,
    /// Longest answer, in tokens.
    pub answer_tokens_max: u32,
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What the model wrote.
    pub text: String,
    /// Tokens that question and answer cost, if the server said so.
    pub tokens: Option<u64>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// No answer in time, or nobody there.
    #[error("not reached: {0}")]
    Unreachable(String),
    /// The server has enough to do, or we asked too often.
    #[error("busy (status {status})")]
    Busy {
        /// Status of HTTP.
        status: u16,
        /// Seconds after which it wants to be asked again.
        again_after_s: Option<u64>,
    },
    /// The server does not take the question: an odd text, or a wrong key or an unknown model, which an operator has to mend.
    #[error("refused with status {status}")]
    Refused {
        /// Status of HTTP.
        status: u16,
    },
    /// What came is no answer of that protocol, or not what was asked for.
    #[error("the answer cannot be read: {0}")]
    Unreadable(&'static str),
}

/// The line to a model.
#[async_trait]
pub trait AdviserLine: Send + Sync {
    /// Asks, and gives up after a few seconds.
    async fn complete(&self, asked: &Asked) -> Result<Completion, LineFault>;

    /// What answers, for people.
    fn model(&self) -> &str;
}

/// A model that may be asked, with its budget.
#[derive(Clone)]
pub struct Adviser {
    line: Arc<dyn AdviserLine>,
    gate: Arc<Mutex<Gate>>,
}

impl Adviser {
    /// A model behind `line`, asked within `limits`.
    pub fn new(line: Arc<dyn AdviserLine>, limits: Limits) -> Self {
        Self { line, gate: Arc::new(Mutex::new(Gate::new(limits))) }
    }

    fn gate(&self) -> std::sync::MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why there is no advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAdvice {
    /// No model is connected.
    NotConnected,
    /// The tokens of the day are spent.
    Spent,
    /// It failed several times in a row and is left alone for so many seconds.
    Resting {
        /// Seconds, at least one.
        wait_s: u64,
    },
    /// It did not answer, or nothing that can be used.
    Failed,
}

impl NoAdvice {
    /// Stable code, kebab-case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotConnected => "advice-not-connected",
            Self::Spent => "advice-spent",
            Self::Resting { .. } => "advice-resting",
            Self::Failed => "advice-failed",
        }
    }

    /// What to tell the person, and what to do instead.
    pub fn text(self, language: Language) -> String {
        match (self, language) {
            (Self::NotConnected, Language::Zh) => "未接入语言模型；请照常自行处理，或请管理员在配置的 [adviser] 一节接入。".into(),
            (Self::NotConnected, Language::En) => {
                "No language model is connected: go on by hand, or ask the administrator to connect one in [adviser].".into()
            }
            (Self::Spent, Language::Zh) => "今天的模型用量已用完，明天恢复；请照常自行处理。".into(),
            (Self::Spent, Language::En) => {
                "Today's budget for the model is spent; it is back tomorrow. Go on by hand.".into()
            }
            (Self::Resting { wait_s }, Language::Zh) => {
                format!("模型连续出错，暂停使用，{wait_s} 秒后可再试；请照常自行处理。")
            }
            (Self::Resting { wait_s }, Language::En) => {
                format!("The model failed several times and is left alone; try again in {wait_s} s, or go on by hand.")
            }
            (Self::Failed, Language::Zh) => "模型没有给出可用的回答；请照常自行处理，或稍后再试。".into(),
            (Self::Failed, Language::En) => {
                "The model gave no answer that can be used; go on by hand, or try again later.".into()
            }
        }
    }
}

/// What a model advises. For a person to use, change or drop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advised {
    /// What it takes the request for; where it says nothing, as the ticket has it.
    Opinion {
        /// The facets.
        facets: Facets,
        /// Why, in a sentence.
        why: String,
    },
    /// A text.
    Text(String),
}

/// Advice, and who gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The advice.
    pub advised: Advised,
    /// The name of the model.
    pub model: String,
}

impl Desk {
    /// Connects a model; the first one stays.
    pub fn connect_adviser(&self, adviser: Adviser) {
        let _ = self.0.adviser.set(adviser);
    }

    /// The name of the model that may be asked, if one is connected.
    pub fn adviser(&self) -> Option<&str> {
        self.0.adviser.get().map(|adviser| adviser.line.model())
    }

    /// Asks the model about a ticket, for somebody who deals with customers; `language` is the asker's.
    pub async fn advise(
        &self,
        ticket: TicketId,
        task: AdviceTask,
        language: Language,
        actor: Actor,
    ) -> Result<Advice, DeskError> {
        Self::allow(actor, Operation::EnterRequest)?;
        let case = self.load_case(ticket).await?;
        let adviser = self.0.adviser.get().ok_or(DeskError::NoAdvice(NoAdvice::NotConnected))?;
        let articles = if task == AdviceTask::Draft { self.pieces_for(&case).await } else { Vec::new() };
        let asked = prompt::ask(task, &case.ticket, &case.entries, &articles, language);
        let estimate = prompt::tokens(&asked);
        if let Err(closed) = adviser.gate().enter(self.now(), estimate) {
            return Err(DeskError::NoAdvice(match closed {
                Closed::Spent => NoAdvice::Spent,
                Closed::Resting { wait_s } => NoAdvice::Resting { wait_s },
            }));
        }
        // Whoever hangs up leaves the estimate on the account, which is what the question may have cost.
        let answer = adviser.line.complete(&asked).await;
        let read = answer.and_then(|completion| {
            let advised = prompt::read(task, &completion.text, &case.ticket)?;
            Ok((advised, completion.tokens))
        });
        match read {
            Ok((advised, tokens)) => {
                adviser.gate().answered(estimate, tokens);
                Ok(Advice { advised, model: adviser.line.model().to_owned() })
            }
            Err(fault) => {
                // The fault names status and kind; nothing of question or answer is in it.
                tracing::warn!(error = %fault, "the language model gave no advice");
                adviser.gate().failed(self.now(), ticket, &fault);
                Err(DeskError::NoAdvice(NoAdvice::Failed))
            }
        }
    }
}
