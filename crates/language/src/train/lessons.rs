//! From labelled texts to rows of features: what is left out, what counts how much.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    Settings,
    softmax::{Lesson, Rows},
};
use crate::{
    corpus::{Example, Origin, Side, fingerprint, side_of},
    cues,
    dimension::Dimension,
    features::{BUCKETS, Fnv, Seen, see},
    model::{Buckets, Words, kept_rarity},
    normal::Normal,
};

/// A label that fewer texts carry is not learned.
pub(crate) const TEXTS_MIN: usize = 5;

/// From so many texts on, an n-gram has to stand in two of them to be kept.
const RARE_COUNTS_BELOW: usize = 500;

/// Everything that may be learned from.
pub(crate) struct Lessons {
    pub(crate) rows: Rows,
    pub(crate) base_texts: u32,
    pub(crate) corrections: u32,
    pub(crate) fingerprint: u64,
    words: Words,
    parts: Vec<u8>,
    weights: Vec<f32>,
    /// By dimension, the label of each row, if it has one.
    labels: BTreeMap<Dimension, Vec<Option<String>>>,
    origins: Vec<Origin>,
}

/// A dimension to learn.
pub(crate) struct Task {
    pub(crate) dimension: Dimension,
    pub(crate) labels: Vec<String>,
    pub(crate) lessons: Vec<Lesson>,
}

impl Lessons {
    pub(crate) fn of(examples: &[Example], settings: &Settings) -> Self {
        let kept = kept(examples, settings);
        let weights = weights(&kept, settings);
        let all_seen: Vec<Seen> = kept
            .iter()
            .map(|(example, _)| {
                let text = Normal::of(&example.subject, &example.body);
                see(&text, &cues::find(&text))
            })
            .collect();
        let words = words(&all_seen);
        let mut rows = Rows::default();
        let mut row = Vec::new();
        for seen in &all_seen {
            words.vector(seen, &mut row);
            rows.push(&row);
        }
        let part = |fingerprint: u64| match side_of(fingerprint) {
            Side::Learn(part) => part,
            Side::HeldBack => 0,
        };
        let labels_in = |dimension: Dimension| {
            kept.iter().map(|(example, _)| example.labels.word(dimension).map(str::to_owned)).collect()
        };
        let base = kept.iter().filter(|(example, _)| example.origin == Origin::Base).count();
        Self {
            rows,
            words,
            base_texts: u32::try_from(base).unwrap_or(u32::MAX),
            corrections: u32::try_from(kept.len() - base).unwrap_or(u32::MAX),
            fingerprint: set_fingerprint(&kept),
            parts: kept.iter().map(|(_, fingerprint)| part(*fingerprint)).collect(),
            weights,
            labels: Dimension::ALL.iter().map(|one| (*one, labels_in(*one))).collect(),
            origins: kept.iter().map(|(example, _)| example.origin.clone()).collect(),
        }
    }

    pub(crate) const fn features(&self) -> usize {
        self.words.rarity.len()
    }

    /// The fifth in which a row lies.
    pub(crate) fn part(&self, row: usize) -> u8 {
        self.parts.get(row).copied().unwrap_or_default()
    }

    /// How much a row counts where heads are judged: a text once at most, the corrections of one person no more than their
    /// share.
    pub(crate) fn judges(&self, row: usize) -> f32 {
        self.weights.get(row).copied().unwrap_or_default().min(1.0)
    }

    /// Who said what a row is.
    pub(crate) fn origin(&self, row: usize) -> Option<&Origin> {
        self.origins.get(row)
    }

    /// What there is to learn about a dimension; none if there are no two labels with enough texts.
    pub(crate) fn task(&self, dimension: Dimension) -> Option<Task> {
        let labels = self.labels.get(&dimension)?;
        let mut counts: BTreeMap<&str, (usize, f32)> = BTreeMap::new();
        for (row, label) in labels.iter().enumerate() {
            if let Some(label) = label {
                let weight = self.weights.get(row).copied().unwrap_or_default();
                let (texts, sum) = counts.entry(label).or_default();
                *texts += 1;
                *sum += weight;
            }
        }
        counts.retain(|_, (texts, _)| *texts >= TEXTS_MIN);
        if counts.len() < 2 {
            return None;
        }
        let all: f32 = counts.values().map(|(_, sum)| sum).sum();
        let classes: HashMap<&str, (usize, f32)> = counts
            .iter()
            .enumerate()
            .map(|(class, (label, (_, sum)))| (*label, (class, class_weight(*sum, all, counts.len()))))
            .collect();
        let lesson = |(row, label): (usize, &Option<String>)| {
            let (class, of_class) = classes.get(label.as_deref()?)?;
            let weight = self.weights.get(row).copied().unwrap_or_default() * of_class;
            Some(Lesson { row, class: *class, weight })
        };
        Some(Task {
            dimension,
            lessons: labels.iter().enumerate().filter_map(lesson).collect(),
            labels: counts.keys().map(|label| (*label).to_owned()).collect(),
        })
    }

    /// The features that some weight is not zero of, and their weights.
    pub(crate) fn used(&self, weights: &[i8], width: usize) -> (Words, Vec<i8>) {
        let used: Vec<bool> =
            weights.chunks_exact(width.max(1)).map(|row| row.iter().any(|weight| *weight != 0)).collect();
        let is_used = |row: u32| used.get(row as usize).copied().unwrap_or_default();
        let all = 0..u32::try_from(BUCKETS).unwrap_or_default();
        let kept = all.filter(|bucket| self.words.buckets.row(*bucket).is_some_and(is_used));
        let buckets = Buckets::of(kept);
        let rarity = self.words.rarity.iter().zip(&used).filter(|(_, used)| **used).map(|(one, _)| *one);
        let rows = weights.chunks_exact(width.max(1)).zip(&used).filter(|(_, used)| **used);
        let weights = rows.flat_map(|(row, _)| row.iter().copied()).collect();
        (Words { buckets, rarity: rarity.collect() }, weights)
    }
}

/// How much a text of a class counts: rare classes more, by the root of how much rarer than the others.
#[expect(clippy::cast_precision_loss, reason = "a few hundred classes")]
fn class_weight(own: f32, all: f32, classes: usize) -> f32 {
    (all / (classes as f32 * own.max(1.0))).sqrt().clamp(0.1, 10.0)
}

/// The texts that may be learned from, each once for everybody who labelled it: the later label counts.
fn kept<'a>(examples: &'a [Example], settings: &Settings) -> Vec<(&'a Example, u64)> {
    let mut seen: HashSet<(u64, &Origin)> = HashSet::new();
    let mut kept = Vec::new();
    for example in examples.iter().rev() {
        let fingerprint = fingerprint(&example.subject, &example.body);
        let left_out = matches!(&example.origin, Origin::Person(id) if settings.left_out.contains(id));
        let held_back = side_of(fingerprint) == Side::HeldBack;
        if !left_out && !held_back && seen.insert((fingerprint, &example.origin)) {
            kept.push((example, fingerprint));
        }
    }
    kept.reverse();
    kept
}

/// How much each text counts: a correction more than a shipped text, and nobody's corrections together more than a share
/// of everything else.
#[expect(clippy::cast_precision_loss, reason = "counts of texts")]
fn weights(kept: &[(&Example, u64)], settings: &Settings) -> Vec<f32> {
    let mut by_person: HashMap<&str, usize> = HashMap::new();
    for (example, _) in kept {
        if let Origin::Person(id) = &example.origin {
            *by_person.entry(id).or_default() += 1;
        }
    }
    let corrections: usize = by_person.values().sum();
    let base = (kept.len() - corrections) as f32;
    let weight = |id: &str| {
        let own = by_person.get(id).copied().unwrap_or_default() as f32 * settings.correction_weight;
        let others = base + corrections as f32 * settings.correction_weight - own;
        // Where nobody else has said anything there is nobody to be drowned out.
        let most = if others > 0.0 { others * settings.person_share_max } else { own };
        settings.correction_weight * (most / own.max(1.0)).min(1.0)
    };
    kept.iter()
        .map(|(example, _)| match &example.origin {
            Origin::Base => 1.0,
            Origin::Person(id) => weight(id),
        })
        .collect()
}

/// Which n-grams and facts are kept, and how much each counts by how rare it is.
#[expect(clippy::cast_precision_loss, reason = "counts of texts")]
fn words(all: &[Seen]) -> Words {
    let mut texts_with = vec![0_u32; BUCKETS];
    let mut last_in = vec![u32::MAX; BUCKETS];
    let mut facts: HashSet<u32> = HashSet::new();
    for (text, seen) in (0_u32..).zip(all) {
        facts.extend(seen.facts.iter().map(|fact| fact.bucket));
        for gram in &seen.grams {
            let bucket = gram.bucket as usize;
            if let (Some(count), Some(last)) = (texts_with.get_mut(bucket), last_in.get_mut(bucket))
                && *last != text
            {
                *count += 1;
                *last = text;
            }
        }
    }
    let least = if all.len() < RARE_COUNTS_BELOW { 1 } else { 2 };
    let count = |bucket: u32| texts_with.get(bucket as usize).copied().unwrap_or_default();
    let buckets: Vec<u32> = (0..u32::try_from(BUCKETS).unwrap_or_default())
        .filter(|bucket| count(*bucket) >= least || facts.contains(bucket))
        .collect();
    let texts = all.len() as f32;
    let rarity = |bucket: &u32| {
        let rare = ((1.0 + texts) / (1.0 + count(*bucket) as f32)).ln() + 1.0;
        if facts.contains(bucket) { 1.0 } else { kept_rarity(rare) }
    };
    Words { rarity: buckets.iter().map(rarity).collect(), buckets: Buckets::of(buckets) }
}

/// A number for the set of texts and labels, whatever their order.
fn set_fingerprint(kept: &[(&Example, u64)]) -> u64 {
    kept.iter().fold(0_u64, |sum, (example, fingerprint)| {
        let hash = Dimension::ALL.iter().fold(Fnv::new().bytes(&fingerprint.to_le_bytes()), |hash, one| {
            hash.bytes(example.labels.word(*one).unwrap_or("?").as_bytes()).byte(0)
        });
        sum.wrapping_add(hash.finish())
    })
}
