//! Figures of tickets: reopening, second complaints, first contact, breaches, satisfaction.

use std::collections::BTreeMap;

use yinuo_commitment::Grade;

use super::{Filter, Share, TicketTrait, Value, share::float};
use crate::view::TicketRow;

/// Figures of tickets.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketFigures {
    /// The tickets behind them; narrow it with a [`TicketTrait`] to list those behind one count.
    pub filter: Filter,
    /// All tickets.
    pub tickets: u64,
    /// Those of them with which somebody still has to do something.
    pub open: u64,
    /// Those of them whose last round is closed.
    pub closed: u64,
    /// Share opened again, of those that were ever closed.
    pub reopened: Option<Share>,
    /// Share that brought a second complaint, of those that were ever closed.
    pub second_complaints: Option<Share>,
    /// Share settled at the first contact and not reopened, of those that were ever closed.
    pub first_contact: Option<Share>,
    /// Tickets whose gravest breach is minor.
    pub minor_breaches: u64,
    /// Tickets whose gravest breach is major.
    pub major_breaches: u64,
    /// Share of the closed tickets that the customer rated.
    pub rated: Option<Share>,
    /// Satisfaction, question by question.
    pub questions: Vec<QuestionFigures>,
    /// Share of rated tickets whose mean rating is at least 4.
    pub satisfied: Option<Share>,
    /// Whether that share reaches the standard of the letter (S3); none without a standard or ratings.
    pub meets_standard: Option<bool>,
}

/// Answers to one question of the survey, rated 1 to 5.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionFigures {
    /// The question.
    pub question: String,
    /// The tickets behind it.
    pub filter: Filter,
    /// Mean rating.
    pub mean: f64,
    /// Share rated 4 or 5.
    pub satisfied: Share,
    /// Whether that share reaches the standard of the letter (S3); none without a standard.
    pub meets_standard: Option<bool>,
    /// Ratings counted, from 1 to 5.
    pub ratings: [u64; 5],
}

/// Rating from which on a customer counts as satisfied.
const SATISFIED: u8 = 4;

#[derive(Debug, Clone, Default)]
pub(super) struct TicketTally {
    tickets: u64,
    open: u64,
    closed: u64,
    ever_closed: u64,
    reopened: u64,
    second_complaints: u64,
    first_contact: u64,
    minor_breaches: u64,
    major_breaches: u64,
    rated: u64,
    rated_closed: u64,
    satisfied: u64,
    questions: BTreeMap<String, [u64; 5]>,
}

impl TicketTally {
    pub(super) fn add(&mut self, row: &TicketRow) {
        let one = |holds: bool| u64::from(holds);
        let closed = row.closed_at.is_some();
        let reopened = row.round > 1;
        self.tickets += 1;
        self.open += one(row.open);
        self.closed += one(closed);
        self.ever_closed += one(closed || reopened);
        self.reopened += one(reopened);
        self.second_complaints += one(row.second_complaint);
        self.first_contact += one(row.first_contact);
        self.minor_breaches += one(row.breach == Some(Grade::Minor));
        self.major_breaches += one(row.breach == Some(Grade::Major));
        let rated = !row.ratings.is_empty();
        self.rated += one(rated);
        self.rated_closed += one(rated && closed);
        let sum: usize = row.ratings.iter().map(|(_, rating)| usize::from(*rating)).sum();
        self.satisfied += one(rated && sum >= usize::from(SATISFIED) * row.ratings.len());
        for (question, rating) in &row.ratings {
            if !self.questions.contains_key(question) {
                self.questions.insert(question.clone(), [0; 5]);
            }
            let counts = self.questions.get_mut(question);
            let place = usize::from(*rating).checked_sub(1);
            if let Some(count) = counts.zip(place).and_then(|(counts, place)| counts.get_mut(place)) {
                *count += 1;
            }
        }
    }

    pub(super) fn absorb(&mut self, other: &Self) {
        self.tickets += other.tickets;
        self.open += other.open;
        self.closed += other.closed;
        self.ever_closed += other.ever_closed;
        self.reopened += other.reopened;
        self.second_complaints += other.second_complaints;
        self.first_contact += other.first_contact;
        self.minor_breaches += other.minor_breaches;
        self.major_breaches += other.major_breaches;
        self.rated += other.rated;
        self.rated_closed += other.rated_closed;
        self.satisfied += other.satisfied;
        for (question, ratings) in &other.questions {
            let own = self.questions.entry(question.clone()).or_insert([0; 5]);
            own.iter_mut().zip(ratings).for_each(|(own, count)| *own += count);
        }
    }

    pub(super) fn figures(&self, value: Option<&Value>, standard: Option<u8>) -> TicketFigures {
        let filter = Filter { value: value.cloned(), ..Filter::default() };
        let question = |(question, ratings): (&String, &[u64; 5])| {
            let [_, _, _, four, five] = *ratings;
            let satisfied = Share::of(four + five, ratings.iter().sum())?;
            let sum = ratings.iter().zip(1..).map(|(count, rating): (&u64, u64)| count * rating).sum::<u64>();
            Some(QuestionFigures {
                question: question.clone(),
                filter: Filter { ticket: Some(TicketTrait::Rated(question.clone())), ..filter.clone() },
                mean: float(sum) / float(satisfied.whole),
                satisfied,
                meets_standard: standard.map(|percent| reaches(satisfied, percent)),
                ratings: *ratings,
            })
        };
        let satisfied = Share::of(self.satisfied, self.rated);
        TicketFigures {
            tickets: self.tickets,
            open: self.open,
            closed: self.closed,
            reopened: Share::of(self.reopened, self.ever_closed),
            second_complaints: Share::of(self.second_complaints, self.ever_closed),
            first_contact: Share::of(self.first_contact, self.ever_closed),
            minor_breaches: self.minor_breaches,
            major_breaches: self.major_breaches,
            rated: Share::of(self.rated_closed, self.closed),
            questions: self.questions.iter().filter_map(question).collect(),
            satisfied,
            meets_standard: satisfied.zip(standard).map(|(share, percent)| reaches(share, percent)),
            filter,
        }
    }
}

/// Whether a share reaches `percent`, in whole numbers.
fn reaches(share: Share, percent: u8) -> bool {
    u128::from(share.part) * 100 >= u128::from(share.whole) * u128::from(percent)
}
