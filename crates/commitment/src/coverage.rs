//! The coverage table: for every combination of facets, which clocks run, and what nobody promised.

use crate::{
    model::{Budget, Commitment, PromiseId},
    vocabulary::{Channel, Complexity, Kind, Language, Mark, Severity, Site, Text, Urgency},
};

/// What a combination of facets lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gap {
    /// No promise about the first reply (T1 measures one for every ticket).
    FirstReply,
    /// No promise that settles the ticket.
    Final,
    /// Nothing follows from a broken promise: no grade and no compensation.
    Remedy,
}

/// A set of cases that the letters treat alike. `None`: the facet makes no difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The kind.
    pub kind: Kind,
    /// Urgencies.
    pub urgency: Option<Vec<Urgency>>,
    /// Complexities.
    pub complexity: Option<Vec<Complexity>>,
    /// Severities.
    pub severity: Option<Vec<Severity>>,
    /// Sites.
    pub site: Option<Vec<Site>>,
    /// Technical or not.
    pub technical: Option<bool>,
    /// Topics; an empty topic stands for every other one.
    pub topic: Option<Vec<String>>,
    /// Channels.
    pub channel: Option<Vec<Channel>>,
}

/// A clock that runs for a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Number of the letter.
    pub number: String,
    /// The promise.
    pub promise: PromiseId,
    /// What starts the clock.
    pub from: Mark,
    /// What stops it.
    pub until: Vec<Mark>,
    /// How long.
    pub within: Budget,
    /// Budget in words.
    pub words: Text,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The cases.
    pub case: Case,
    /// The clocks that run, in the order of the letters.
    pub cells: Vec<Cell>,
    /// What is missing.
    pub gaps: Vec<Gap>,
}

/// The whole table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Rows by kind, then by the facets that make a difference.
    pub rows: Vec<Row>,
}

impl Coverage {
    /// Rows that lack something.
    pub fn gaps(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !row.gaps.is_empty())
    }

    /// The table as aligned text, one block for each kind, wide characters counted as two columns.
    pub fn render(&self, language: Language) -> String {
        let _ = language;
        String::new()
    }
}

/// The coverage of letters that are in force together.
pub fn table(commitments: &[&Commitment]) -> Coverage {
    let _ = commitments;
    Coverage { rows: Vec::new() }
}
