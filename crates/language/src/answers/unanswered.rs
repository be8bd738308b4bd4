//! What customers ask that nobody has written an answer to: like questions together, the most frequent first.
//!
//! Questions arrive one at a time and join the group that they are most alike, or begin one. The same questions in the same
//! order give the same groups. What is kept is bounded: groups, samples of each, and terms of each. The questions are kept
//! as they are handed in, so personal data have to be masked before.

use std::collections::{BTreeMap, HashMap};

use super::{
    index::{count, float},
    terms::terms,
};

/// Groups that are kept; beyond them the smallest that was not asked for longest is forgotten.
const GROUPS_MAX: usize = 500;

/// Samples of a group that are kept.
const SAMPLES_MAX: usize = 24;

/// Terms of a group that are kept, the weightiest.
const TERMS_MAX: usize = 256;

/// Cosine from which on a question joins a group.
const ALIKE: f32 = 0.34;

/// Terms of which it is counted how many questions have them.
const COUNTED_MAX: usize = 50_000;

/// Characters of a sample.
const SAMPLE_CHARS_MAX: usize = 200;

/// A question that was asked in several ways.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Its number, never given twice.
    pub id: u64,
    /// How often it was asked.
    pub size: u32,
    /// When it was first asked, as handed in.
    pub first_asked: i64,
    /// When it was last asked, as handed in.
    pub last_asked: i64,
    /// Some of its questions, as they were asked; the oldest ones.
    pub samples: Vec<String>,
    /// Sum of the vectors of its questions.
    sum: BTreeMap<u64, f32>,
}

/// Questions without an answer, in groups.
#[derive(Debug, Clone, Default)]
pub struct Unanswered {
    clusters: Vec<Cluster>,
    /// How many questions have a term.
    counts: HashMap<u64, u32>,
    asked: u32,
    next: u64,
    forgotten: u64,
}

impl Unanswered {
    /// Takes a question that was not answered; `asked_at` is any time that grows, such as microseconds. Gives the id of
    /// its group; none for a question without letters.
    pub fn add(&mut self, question: &str, asked_at: i64) -> Option<u64> {
        let terms = self.hear(question);
        if terms.is_empty() {
            return None;
        }
        let vector = self.vector(&terms);
        let mut best: Option<(usize, f32)> = None;
        for (place, cluster) in self.clusters.iter().enumerate() {
            let cosine = self.cosine(&vector, cluster);
            if cosine >= ALIKE && best.is_none_or(|(_, most)| cosine > most) {
                best = Some((place, cosine));
            }
        }
        let sample: String = question.trim().chars().take(SAMPLE_CHARS_MAX).collect();
        if let Some(cluster) = best.and_then(|(place, _)| self.clusters.get_mut(place)) {
            cluster.size = cluster.size.saturating_add(1);
            cluster.last_asked = cluster.last_asked.max(asked_at);
            cluster.first_asked = cluster.first_asked.min(asked_at);
            if cluster.samples.len() < SAMPLES_MAX && !cluster.samples.contains(&sample) {
                cluster.samples.push(sample);
            }
            add(&mut cluster.sum, &terms);
            return Some(cluster.id);
        }
        let id = self.next;
        self.next = self.next.saturating_add(1);
        let mut sum = BTreeMap::new();
        add(&mut sum, &terms);
        let samples = vec![sample];
        self.clusters.push(Cluster {
            id,
            size: 1,
            first_asked: asked_at,
            last_asked: asked_at,
            samples,
            sum,
        });
        if self.clusters.len() > GROUPS_MAX {
            self.forget();
        }
        Some(id)
    }

    /// Takes a question that was answered, or a similar question of the knowledge base: what everybody writes, whatever he
    /// asks, makes no two questions alike.
    pub fn observe(&mut self, question: &str) {
        self.hear(question);
    }

    fn hear(&mut self, question: &str) -> Vec<(u64, f32)> {
        let terms = terms(question);
        self.asked = self.asked.saturating_add(u32::from(!terms.is_empty()));
        for (term, _) in &terms {
            if self.counts.len() < COUNTED_MAX || self.counts.contains_key(term) {
                let count = self.counts.entry(*term).or_default();
                *count = count.saturating_add(1);
            }
        }
        terms
    }

    /// The groups, the most frequent first; of equals the one asked last.
    pub fn clusters(&self) -> Vec<&Cluster> {
        let mut clusters: Vec<&Cluster> = self.clusters.iter().collect();
        clusters.sort_by_key(|cluster| {
            (std::cmp::Reverse(cluster.size), std::cmp::Reverse(cluster.last_asked), cluster.id)
        });
        clusters
    }

    /// The question that stands for a group: the sample most like all of the group.
    pub fn label<'a>(&self, cluster: &'a Cluster) -> &'a str {
        let mut best: (&str, f32) = ("", -1.0);
        for sample in &cluster.samples {
            let cosine = self.cosine(&self.vector(&terms(sample)), cluster);
            if cosine > best.1 {
                best = (sample, cosine);
            }
        }
        best.0
    }

    /// Takes a group out: it has an answer now, or needs none.
    pub fn settle(&mut self, id: u64) -> Option<Cluster> {
        let place = self.clusters.iter().position(|cluster| cluster.id == id)?;
        Some(self.clusters.remove(place))
    }

    /// Questions whose groups were forgotten because there were too many.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    fn forget(&mut self) {
        let newest = self.clusters.last().map(|cluster| cluster.id);
        let smallest = self
            .clusters
            .iter()
            .enumerate()
            .filter(|(_, cluster)| Some(cluster.id) != newest)
            .min_by_key(|(_, cluster)| (cluster.size, cluster.last_asked, cluster.id))
            .map(|(place, _)| place);
        if let Some(place) = smallest {
            let cluster = self.clusters.remove(place);
            self.forgotten = self.forgotten.saturating_add(u64::from(cluster.size));
        }
    }

    /// How much a term tells: what everybody writes tells nothing.
    fn rarity(&self, term: u64) -> f32 {
        let with = float(self.counts.get(&term).copied().unwrap_or_default());
        // As if many more questions without the term had been asked: the first ones are compared by all their terms.
        ((float(self.asked) + 100.0) / (with + 1.0)).ln().max(0.0)
    }

    fn vector(&self, terms: &[(u64, f32)]) -> Vec<(u64, f32)> {
        let mut vector: Vec<(u64, f32)> =
            terms.iter().map(|(term, weight)| (*term, weight.min(1.0) * self.rarity(*term))).collect();
        let norm =
            vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        for (_, weight) in &mut vector {
            *weight /= norm;
        }
        vector
    }

    /// Cosine of a question and a group.
    fn cosine(&self, vector: &[(u64, f32)], cluster: &Cluster) -> f32 {
        let product: f32 = vector
            .iter()
            .filter_map(|(term, weight)| Some(weight * cluster.sum.get(term)? * self.rarity(*term)))
            .sum();
        // Groups that share nothing, which are most, need no length.
        if product <= 0.0 {
            return 0.0;
        }
        let square: f32 = cluster.sum.iter().map(|(term, sum)| (sum * self.rarity(*term)).powi(2)).sum();
        product / square.sqrt().max(f32::MIN_POSITIVE)
    }
}

/// Adds a question to the sum of a group, and drops the lightest terms of a group that has grown too wide.
fn add(sum: &mut BTreeMap<u64, f32>, terms: &[(u64, f32)]) {
    let length = float(count(terms.len())).sqrt().max(1.0);
    for (term, weight) in terms {
        *sum.entry(*term).or_default() += weight.min(1.0) / length;
    }
    if sum.len() > 2 * TERMS_MAX {
        let mut weights: Vec<(f32, u64)> = sum.iter().map(|(term, weight)| (*weight, *term)).collect();
        weights.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        weights.truncate(TERMS_MAX);
        *sum = weights.into_iter().map(|(weight, term)| (term, weight)).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fed() -> Unanswered {
        let mut unanswered = Unanswered::default();
        for article in crate::answers::starter().unwrap() {
            article
                .zh
                .iter()
                .chain(&article.en)
                .flat_map(crate::answers::Piece::asked)
                .for_each(|asked| unanswered.observe(asked));
        }
        for (question, at) in [
            ("你们有以旧换新吗", 10),
            ("可以以旧换新吗，旧冰箱抵多少钱", 20),
            ("停车场在哪里", 30),
            ("请问支持以旧换新吗", 40),
            ("do you sell gift cards?", 50),
            ("where can I buy gift cards for friends", 60),
            ("！？", 70),
            ("以旧换新怎么办理", 80),
        ] {
            unanswered.add(question, at);
        }
        unanswered
    }

    #[test]
    fn like_questions_come_together_the_most_frequent_first() {
        let unanswered = fed();
        let clusters = unanswered.clusters();
        let shown: Vec<(&str, u32, i64)> = clusters
            .iter()
            .map(|cluster| (unanswered.label(cluster), cluster.size, cluster.last_asked))
            .collect();
        assert_eq!(shown.len(), 3, "{shown:?}");
        assert_eq!((shown[0].1, shown[0].2), (4, 80), "{shown:?}");
        assert!(shown[0].0.contains("以旧换新"));
        assert_eq!((shown[1].1, shown[1].2), (2, 60));
        assert_eq!(shown[2], ("停车场在哪里", 1, 30));
        assert_eq!(clusters, fed().clusters());
    }

    #[test]
    fn a_settled_group_is_gone() {
        let mut unanswered = fed();
        let id = unanswered.clusters()[0].id;
        assert_eq!(unanswered.settle(id).unwrap().size, 4);
        assert!(unanswered.settle(id).is_none());
        assert!(unanswered.clusters().iter().all(|cluster| cluster.id != id));
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_is_lost_is_counted() {
        let mut unanswered = Unanswered::default();
        for at in 0..800_u32 {
            let word: String = (0..6).map(|n| char::from_u32(0x4e00 + at * 6 + n).unwrap()).collect();
            unanswered.add(&word, i64::from(at));
        }
        assert_eq!(unanswered.clusters().len(), GROUPS_MAX);
        assert_eq!(unanswered.forgotten(), 300);
        for at in 0..300 {
            unanswered.add(&format!("以旧换新 {at}"), at);
        }
        let largest = unanswered.clusters()[0];
        assert_eq!(largest.size, 300);
        assert_eq!(largest.samples.len(), SAMPLES_MAX);
        unanswered.add(&"空调".repeat(500_000), 900);
        assert!(
            unanswered
                .clusters()
                .iter()
                .flat_map(|cluster| &cluster.samples)
                .all(|sample| sample.len() < 1_000)
        );
    }
}
