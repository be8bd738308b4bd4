//! While nobody knows for sure what a request is, its clocks run on the strictest reading: these are the readings to choose
//! from.

use yinuo_commitment::Facets;

use crate::answer::{Answer, Classification, Probability};

/// Readings at most; what is likelier comes first, so that nothing likely is cut off.
const READINGS_MAX: usize = 64;

/// A reading counts from this probability of each of its values on, if nobody says otherwise.
pub const NEGLIGIBLE: Probability = Probability::of_ten_thousandths(500);

/// The facets under which clocks may have to run: first those that were answered, then every combination in which an unsure
/// answer is replaced by another value whose probability is not below `negligible`. Whoever knows the promises chooses the
/// strictest of them, clock by clock. An answer that is sure stands, and so do site and topic: a topic never makes a
/// reading stricter than its kind does.
pub fn strictest(said: &Classification, negligible: Probability) -> Vec<Facets> {
    let mut readings = vec![said.facets.clone()];
    vary(&mut readings, &said.urgency, negligible, |facets, value| facets.urgency = *value);
    vary(&mut readings, &said.severity, negligible, |facets, value| facets.severity = *value);
    vary(&mut readings, &said.kind, negligible, |facets, value| facets.kind = *value);
    vary(&mut readings, &said.complexity, negligible, |facets, value| facets.complexity = *value);
    vary(&mut readings, &said.technical, negligible, |facets, value| facets.technical = *value);
    readings.truncate(READINGS_MAX);
    readings
}

fn vary<T>(
    readings: &mut Vec<Facets>,
    answer: &Answer<T>,
    negligible: Probability,
    set: impl Fn(&mut Facets, &T),
) {
    if answer.sure {
        return;
    }
    let likely = answer.others.iter().filter(|(_, probability)| *probability >= negligible);
    let before = readings.clone();
    for (value, _) in likely {
        for reading in &before {
            let mut other = reading.clone();
            set(&mut other, value);
            if !readings.contains(&other) {
                readings.push(other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use yinuo_commitment::{Kind, Severity, Urgency};

    use super::*;
    use crate::{Given, answer::Source, classify};

    fn said() -> Classification {
        let given = Given {
            body: "你好",
            kind: Some(Kind::Consultation),
            urgency: Some(Urgency::Normal),
            complexity: Some(yinuo_commitment::Complexity::Simple),
            severity: Some(Severity::General),
            technical: Some(false),
            topic: Some("router"),
            ..Given::default()
        };
        classify(&given)
    }

    fn unsure<T>(value: T, others: Vec<(T, f32)>) -> Answer<T> {
        let others = others.into_iter().map(|(value, share)| (value, Probability::of(share))).collect();
        Answer {
            value,
            probability: Probability::of(0.5),
            source: Source::Model,
            words: Vec::new(),
            sure: false,
            others,
        }
    }

    #[test]
    fn what_is_sure_has_one_reading() {
        let said = said();
        assert_eq!(strictest(&said, NEGLIGIBLE), std::slice::from_ref(&said.facets));
    }

    #[test]
    fn what_is_not_negligible_is_read_both_ways() {
        let mut said = said();
        said.kind = unsure(Kind::Consultation, vec![(Kind::Complaint, 0.3), (Kind::Praise, 0.01)]);
        said.urgency = unsure(Urgency::Normal, vec![(Urgency::Urgent, 0.2)]);
        let readings = strictest(&said, NEGLIGIBLE);
        assert_eq!(readings.len(), 4);
        assert_eq!(readings[0], said.facets);
        let strict = Facets { kind: Kind::Complaint, urgency: Urgency::Urgent, ..said.facets.clone() };
        assert!(readings.contains(&strict));
        assert!(readings.iter().all(|facets| facets.kind != Kind::Praise));
    }

    #[test]
    fn a_sure_answer_stands_whatever_else_is_possible() {
        let mut said = said();
        said.severity = unsure(Severity::General, vec![(Severity::Major, 0.4)]);
        said.severity.sure = true;
        assert_eq!(strictest(&said, NEGLIGIBLE).len(), 1);
    }

    #[test]
    fn there_are_never_more_readings_than_clocks_can_be_asked_about() {
        let mut said = said();
        said.kind = unsure(
            Kind::Consultation,
            Kind::ALL.iter().filter(|kind| **kind != Kind::Consultation).map(|kind| (*kind, 0.2)).collect(),
        );
        said.urgency = unsure(Urgency::Normal, vec![(Urgency::Urgent, 0.5)]);
        said.severity = unsure(Severity::General, vec![(Severity::Major, 0.5)]);
        said.technical = unsure(false, vec![(true, 0.5)]);
        said.complexity =
            unsure(yinuo_commitment::Complexity::Simple, vec![(yinuo_commitment::Complexity::Complex, 0.5)]);
        let readings = strictest(&said, NEGLIGIBLE);
        assert_eq!(readings.len(), 64);
        assert!(readings.iter().any(|facets| facets.severity == Severity::Major));
    }
}
