//! Several letters in force at once: where they promise different things for the same case.

use yinuo_calendar::Calendar;

use crate::{
    model::{Budget, Commitment, Promise, PromiseId, When},
    read::say,
    vocabulary::{Language, Mark, Text},
    words::{budget_words, when_words},
};

/// Two letters promise different things for the same case: a note, not an error, since a ticket runs both clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Number of the letter and promise on one side.
    pub one: (String, PromiseId),
    /// Number of the letter and promise on the other side.
    pub other: (String, PromiseId),
    /// The cases, the two budgets, and what that means.
    pub text: Text,
}

/// Where `commitments` promise different things for the same case, in the order of the letters.
pub fn check_together(commitments: &[&Commitment]) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (index, other) in commitments.iter().enumerate() {
        for one in commitments.iter().take(index) {
            for left in &one.promises {
                differences
                    .extend(other.promises.iter().filter_map(|right| differs((one, left), (other, right))));
            }
        }
    }
    differences
}

fn differs(
    (one, left): (&Commitment, &Promise),
    (other, right): (&Commitment, &Promise),
) -> Option<Difference> {
    let both = shared(&left.when, &right.when)?;
    let alike = left.until.iter().any(|end| right.until.iter().any(|mark| comparable(*end, *mark)));
    if left.from != right.from || !alike {
        return None;
    }
    let calendars = (one.calendar(&left.on), other.calendar(&right.on));
    let same_calendar = calendars.0.map(Calendar::plan) == calendars.1.map(Calendar::plan);
    if left.within == right.within
        && (same_calendar || !matches!(left.within, Budget::Working(_) | Budget::Workdays(_)))
    {
        return None;
    }
    let (number, second) = (&one.number, &other.number);
    let (id, other_id) = (&left.id, &right.id);
    let words = |language| {
        (
            when_words(&both, language),
            budget_words(left.within, calendars.0, language),
            budget_words(right.within, calendars.1, language),
        )
    };
    let (case_zh, left_zh, right_zh) = words(Language::Zh);
    let (case_en, left_en, right_en) = words(Language::En);
    Some(Difference {
        one: (number.clone(), id.clone()),
        other: (second.clone(), other_id.clone()),
        text: crate::words::spaced_zh(say!(
            "{case_zh}：{number} 的“{id}”为{left_zh}，{second} 的“{other_id}”为{right_zh}；两个时钟都会运行，先到期者排在前面",
            "{case_en}: `{id}` of {number} gives {left_en}, `{other_id}` of {second} gives {right_en}; both clocks run, and the one that is due first orders the work"
        )),
    })
}

/// Whether two ends are the same thing to a customer: the same mark, or two first replies in writing or by word.
fn comparable(one: Mark, other: Mark) -> bool {
    let reply = |mark: Mark| mark.is_first_reply() && mark != Mark::PickedUp;
    one == other || (reply(one) && reply(other))
}

/// Whether a ticket exists that both conditions let in.
pub(crate) fn overlap(one: &When, other: &When) -> bool {
    shared(one, other).is_some()
}

/// What both conditions let in; `None`: nothing.
pub(crate) fn shared(one: &When, other: &When) -> Option<When> {
    fn both<T: Clone + PartialEq>(one: &[T], other: &[T]) -> Option<Vec<T>> {
        match (one, other) {
            ([], list) | (list, []) => Some(list.to_vec()),
            _ => {
                let list: Vec<T> = one.iter().filter(|item| other.contains(item)).cloned().collect();
                (!list.is_empty()).then_some(list)
            }
        }
    }
    let technical = match (one.technical, other.technical) {
        (Some(one), Some(other)) if one != other => return None,
        (one, other) => one.or(other),
    };
    Some(When {
        kind: both(&one.kind, &other.kind)?,
        channel: both(&one.channel, &other.channel)?,
        urgency: both(&one.urgency, &other.urgency)?,
        complexity: both(&one.complexity, &other.complexity)?,
        severity: both(&one.severity, &other.severity)?,
        site: both(&one.site, &other.site)?,
        technical,
        topic: both(&one.topic, &other.topic)?,
    })
}
