//! A whole request, subject and text: when it may be answered without a person.

use super::{Asking, Band, Candidate, Index, Reply, Thresholds, asks_for_a_person};

/// Longest request that is answered automatically, in characters: a longer one asks more than one thing.
const CHARS_MAX: usize = 300;

/// What a customer wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// In a few words.
    pub subject: &'a str,
    /// At length.
    pub body: &'a str,
}

/// The vectors of a request: of its subject, of its text, and of both together.
#[derive(Debug, Clone, Copy)]
pub struct RequestVectors<'a> {
    /// Of the subject.
    pub subject: &'a [f32],
    /// Of the text.
    pub body: &'a [f32],
    /// Of [`Request::whole`].
    pub whole: &'a [f32],
}

impl Request<'_> {
    /// Subject and text together, unless one says the other.
    pub fn whole(&self) -> String {
        let (subject, body) = (self.subject.trim(), self.body.trim());
        if body.contains(subject) {
            body.to_owned()
        } else if subject.contains(body) {
            subject.to_owned()
        } else {
            format!("{subject}\n{body}")
        }
    }

    /// Whether it may be answered without a person as far as its form goes: short, and nobody is asked for.
    pub fn is_plain(&self) -> bool {
        self.whole().chars().count() <= CHARS_MAX
            && ![self.subject, self.body].into_iter().any(asks_for_a_person)
    }
}

impl Index {
    /// The article that answers a request without a person, if subject, text, and both together leave no doubt.
    pub fn sure(
        &self,
        request: &Request<'_>,
        asking: &Asking<'_>,
        vectors: Option<RequestVectors<'_>>,
    ) -> Option<Candidate> {
        let (subject, body) = (request.subject.trim(), request.body.trim());
        if !request.is_plain() {
            return None;
        }
        let whole = request.whole();
        let ask = |question: &str, vector: Option<&[f32]>| self.ask(question, &Asking { vector, ..*asking });
        let by_subject = ask(subject, vectors.map(|vectors| vectors.subject));
        let by_body = ask(body, vectors.map(|vectors| vectors.body));
        let by_whole = ask(&whole, vectors.map(|vectors| vectors.whole));
        // Where subject and text ask for different things, a person reads both.
        let sure = [&by_subject, &by_body, &by_whole].into_iter().find(|reply| reply.band == Band::Answer)?;
        let wanted = best(&by_whole);
        if [&by_subject, &by_body].iter().any(|reply| contradicts(reply, wanted)) || best(sure) != wanted {
            return None;
        }
        // Three ways to be sure are three ways to be wrong. By words, a text at length is never as sure as a few words, so that
        // half-way from a suggestion has to do; by meaning, text and whole have to be sure themselves.
        let Thresholds { answer, suggest } = asking.thresholds;
        let least = if vectors.is_some() { answer } else { f32::midpoint(answer, suggest) };
        let fits = |reply: &Reply| {
            let first = reply.candidates.first();
            reply.band != Band::HandOver
                && first
                    .is_some_and(|first| Some(first.article.as_str()) == wanted && first.probability >= least)
        };
        // A subject is often vague; but a text that the article does not know is not answered by what its subject says.
        if !fits(&by_whole) || (says_something(body) && !fits(&by_body)) {
            return None;
        }
        sure.candidates.first().cloned()
    }
}

fn best(reply: &Reply) -> Option<&str> {
    reply.candidates.first().map(|best| best.article.as_str())
}

/// Whether a reply is about something else than `wanted`.
fn contradicts(reply: &Reply, wanted: Option<&str>) -> bool {
    reply.band != Band::HandOver
        && reply.candidates.first().is_some_and(|best| Some(best.article.as_str()) != wanted)
}

/// Whether there is more than a sign or a letter in a text.
fn says_something(text: &str) -> bool {
    text.chars().filter(|char| char.is_alphanumeric()).nth(1).is_some()
}
