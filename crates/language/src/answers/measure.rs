//! How well a knowledge base answers questions whose answer is known.

use super::{Asking, Band, Index, Request, RequestVectors, Vectors, confidence::wilson, index::count};

/// A question and the article that answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe<'a> {
    /// As a customer would put it.
    pub question: &'a str,
    /// Id of the article; none if no article answers it.
    pub article: Option<&'a str>,
}

/// Groups of the reliability table: tenths of the probability.
const GROUPS: usize = 10;

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// Questions that an article answers.
    pub known: u32,
    /// Of these, the right article came first.
    pub first: u32,
    /// Of these, it was among the first three.
    pub among_three: u32,
    /// Questions that no article answers.
    pub unknown: u32,
    /// Questions that were answered automatically.
    pub answered: u32,
    /// Of these, with the right article.
    pub answered_right: u32,
    /// Questions without an answer that were answered all the same.
    pub unknown_answered: u32,
    /// Questions for which an article was suggested.
    pub suggested: u32,
    /// Of these, the right article was the first suggestion.
    pub suggested_right: u32,
    /// Expected calibration error: how far probabilities and shares differ on average.
    pub calibration_error: f64,
}

/// Asks every question and counts.
pub fn measure(index: &Index, asking: &Asking<'_>, probes: &[Probe<'_>]) -> Figures {
    measure_with(index, asking, probes, None)
}

/// The same, by meaning too: `vectors` holds the questions.
pub fn measure_with(
    index: &Index,
    asking: &Asking<'_>,
    probes: &[Probe<'_>],
    vectors: Option<&Vectors>,
) -> Figures {
    let mut figures = Figures::default();
    let mut groups = [(0_u32, 0_u32, 0.0_f64); GROUPS];
    for probe in probes {
        let vector = vectors.and_then(|vectors| vectors.get(probe.question)).map(AsRef::as_ref);
        let reply = index.ask(probe.question, &Asking { vector, ..*asking });
        let is_right = |candidate: &super::Candidate| Some(candidate.article.as_str()) == probe.article;
        let right = reply.candidates.first().is_some_and(is_right);
        let one = |yes: bool| u32::from(yes);
        figures.known += one(probe.article.is_some());
        figures.unknown += one(probe.article.is_none());
        figures.first += one(right);
        figures.among_three += one(reply.candidates.iter().take(3).any(is_right));
        match reply.band {
            Band::Answer => {
                figures.answered += 1;
                figures.answered_right += one(right);
                figures.unknown_answered += one(probe.article.is_none());
            }
            Band::Suggest => {
                figures.suggested += 1;
                figures.suggested_right += one(right);
            }
            Band::HandOver => {}
        }
        let probability = reply.candidates.first().map_or(0.0, |best| f64::from(best.probability));
        let group = (0..GROUPS)
            .rev()
            .zip((0_u8..10).rev())
            .find(|(_, tenth)| probability * 10.0 >= f64::from(*tenth));
        if let Some(group) = group.and_then(|(group, _)| groups.get_mut(group)) {
            group.0 += 1;
            group.1 += one(right);
            group.2 += probability;
        }
    }
    let all = f64::from(count(probes.len()).max(1));
    figures.calibration_error =
        groups.iter().map(|(_, right, sum)| (f64::from(*right) - sum).abs()).sum::<f64>() / all;
    figures
}

/// A request and the article that answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestProbe<'a> {
    /// As a customer would write it.
    pub request: Request<'a>,
    /// Id of the article; none if no article answers it.
    pub article: Option<&'a str>,
}

/// What came of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestFigures {
    /// Requests that an article answers.
    pub known: u32,
    /// Requests that no article answers.
    pub unknown: u32,
    /// Requests that were answered without a person.
    pub answered: u32,
    /// Of these, with the right article.
    pub answered_right: u32,
    /// Of these, no article answers the request.
    pub unknown_answered: u32,
}

/// Decides about every request as the desk does; `vectors` holds subjects, texts, and both together.
pub fn measure_requests(
    index: &Index,
    asking: &Asking<'_>,
    probes: &[RequestProbe<'_>],
    vectors: Option<&Vectors>,
) -> RequestFigures {
    let mut figures = RequestFigures::default();
    let vector = |text: &str| vectors.and_then(|vectors| vectors.get(text.trim())).map(AsRef::as_ref);
    for RequestProbe { request, article } in probes {
        let whole = request.whole();
        let vectors = vector(request.subject).zip(vector(request.body)).zip(vector(&whole));
        let vectors = vectors.map(|((subject, body), whole)| RequestVectors { subject, body, whole });
        let one = |yes: bool| u32::from(yes);
        figures.known += one(article.is_some());
        figures.unknown += one(article.is_none());
        if let Some(given) = index.sure(request, asking, vectors) {
            figures.answered += 1;
            figures.answered_right += one(Some(given.article.as_str()) == *article);
            figures.unknown_answered += one(article.is_none());
        }
    }
    figures
}

impl Figures {
    /// Share of the questions with an answer for which it came first.
    pub fn recall_at_1(&self) -> f64 {
        share(self.first, self.known)
    }

    /// Share of the questions with an answer for which it was among the first three.
    pub fn recall_at_3(&self) -> f64 {
        share(self.among_three, self.known)
    }

    /// Share of the automatic answers that were right.
    pub fn precision(&self) -> f64 {
        share(self.answered_right, self.answered)
    }

    /// What that share is at least, by the lower bound of Wilson.
    pub fn precision_at_least(&self) -> f64 {
        wilson(self.answered_right, self.answered)
    }

    /// Share of the questions with an answer that were answered automatically and rightly.
    pub fn coverage(&self) -> f64 {
        share(self.answered_right, self.known)
    }

    /// Share of the questions without an answer that were answered all the same.
    pub fn unknown_answered_share(&self) -> f64 {
        share(self.unknown_answered, self.unknown)
    }

    /// Share of the first suggestions that were right.
    pub fn suggestion_precision(&self) -> f64 {
        share(self.suggested_right, self.suggested)
    }
}

fn share(part: u32, all: u32) -> f64 {
    f64::from(part) / f64::from(all.max(1))
}
