//! What language a request is written in, and what it is: kind, urgency, complexity, severity, technical matter, topic.
//!
//! Rules only: lists of words in Chinese and English (`data/cues.txt` of this crate) are
//! searched in one pass, each word speaks for one value with a weight, and guards keep a negated word silent
//! (不急, "not urgent"). The same text always gets the same answer, and the answer names the words that decided it.
//!
//! **Not here:** tickets, storage, learning from feedback, anything that waits or draws lots.
//!
//! **Invariants:** what the customer or an agent stated is never overruled; what nobody stated follows from words alone;
//! site stays as given, because no text says reliably where a customer lives.
//!
//! **Start reading** at [`classify`], then `cues` for the lists and `normal` for how a text is made comparable.
//! Then each on its own: [`search`] and [`tokens`] (words in texts), [`answers`] (common questions), [`personal`] (personal
//! data), [`wording`] (drafts).

pub mod answers;
mod cues;
mod decide;
mod normal;
pub mod personal;
pub mod search;
pub mod tokens;
mod why;
pub mod wording;

use yinuo_commitment::{Complexity, Facets, Kind, Language, Severity, Site, Urgency};

pub use self::normal::language_of;

/// A request as it came in, with whatever somebody already stated about it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'a> {
    /// One line.
    pub subject: &'a str,
    /// The whole text.
    pub body: &'a str,
    /// The kind that the customer or an agent chose.
    pub kind: Option<Kind>,
    /// Stated urgency.
    pub urgency: Option<Urgency>,
    /// Stated complexity.
    pub complexity: Option<Complexity>,
    /// Stated severity.
    pub severity: Option<Severity>,
    /// Stated site; local if nobody says.
    pub site: Option<Site>,
    /// Whether somebody stated that it is, or is not, a technical matter.
    pub technical: Option<bool>,
    /// Stated topic.
    pub topic: Option<&'a str>,
}

/// What a request is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classification {
    /// What it is.
    pub facets: Facets,
    /// The words that decided, for people, in the language of the request.
    pub why: String,
    /// Language of the request.
    pub language: Language,
}

/// Classifies a request by rules: requirement P1, every request is classified the moment it comes in. What is stated in
/// `given` holds; the rest follows from the words of subject and body.
pub fn classify(given: &Given<'_>) -> Classification {
    let language = normal::language_of_both(given.subject, given.body);
    let text = normal::Normal::of(given.subject, given.body);
    let found = cues::find(&text);
    let decided = decide::decide(given, &found, text.chars);
    let why = why::why(given, &decided, language);
    Classification { facets: decided.facets, why, language }
}
