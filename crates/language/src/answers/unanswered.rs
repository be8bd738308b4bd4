//! What customers ask that nobody has written an answer to: like questions together, the most frequent first.
//!
//! The groups follow from the set of questions alone, in whatever order they came: distinct questions are put in the order of
//! their words, and the two groups whose questions are most alike on the average become one, until no two are alike enough.
//! Only what a question is about makes it like another one: see [`meant`]. The questions are kept as they are handed in, so
//! personal data have to be masked before.

use std::collections::{BTreeMap, HashMap};

use super::{
    index::{count, float},
    meant::meant,
    terms::LOOKED_AT_CHARS,
};
use crate::tokens::Folded;

/// Distinct questions that are compared; of more the newest.
const DISTINCT_MAX: usize = 1_500;

/// Samples of a group.
const SAMPLES_MAX: usize = 24;

/// Mean cosine of their questions from which on two groups become one.
const ALIKE: f32 = 0.42;

/// The most and the least that a term counts: beyond the first, chance decides how rare it is.
const RARITY: (f32, f32) = (3.0, 0.3);

/// Characters of a sample.
const SAMPLE_CHARS_MAX: usize = 200;

/// Questions that ask the same in several ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The question that stands for it: the one most like the others.
    pub label: String,
    /// How often it was asked.
    pub size: u32,
    /// When it was first asked, as handed in.
    pub first_asked: i64,
    /// When it was last asked, as handed in.
    pub last_asked: i64,
    /// Some of its questions, as they were asked; the oldest ones.
    pub samples: Vec<String>,
    /// All of its questions, by the numbers that [`Unanswered::add`] gave, in order.
    pub questions: Vec<usize>,
}

/// Questions without an answer.
#[derive(Debug, Clone, Default)]
pub struct Unanswered {
    asked: Vec<Asked>,
    /// How many questions have a term, answered ones and those of the knowledge base too.
    counts: HashMap<u64, u32>,
    heard: u32,
}

/// A question as it was asked.
#[derive(Debug, Clone)]
struct Asked {
    /// Its words alone: what is the same to whoever reads it.
    words: String,
    text: String,
    at: i64,
}

/// A distinct question.
struct Distinct<'a> {
    words: &'a str,
    /// Those who asked it, by number, in order.
    by: Vec<usize>,
    vector: Vec<(u64, f32)>,
}

impl Unanswered {
    /// Takes a question that was not answered; `asked_at` is any time that grows, such as microseconds. Gives its number;
    /// none for a question without letters.
    pub fn add(&mut self, question: &str, asked_at: i64) -> Option<usize> {
        let words = words(question);
        if words.is_empty() {
            return None;
        }
        self.observe(question);
        let text = question.trim().chars().take(SAMPLE_CHARS_MAX).collect();
        self.asked.push(Asked { words, text, at: asked_at });
        self.asked.len().checked_sub(1)
    }

    /// Takes a question that was answered, or a similar question of the knowledge base: what everybody writes, whatever he
    /// asks, makes no two questions alike.
    pub fn observe(&mut self, question: &str) {
        self.heard = self.heard.saturating_add(1);
        for (term, _) in meant(question) {
            let count = self.counts.entry(term).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// The groups, the most frequent first; of equals the one asked last.
    pub fn groups(&self) -> Vec<Group> {
        let distinct = self.distinct();
        let likeness = Likeness::of(&distinct);
        let mut groups: Vec<Group> =
            joined(&likeness).iter().map(|members| self.group(&distinct, &likeness, members)).collect();
        groups.sort_by(|one, other| {
            let key = |group: &Group| (group.size, group.last_asked, group.first_asked);
            key(other).cmp(&key(one)).then_with(|| one.label.cmp(&other.label))
        });
        groups
    }

    /// The distinct questions in the order of their words.
    fn distinct(&self) -> Vec<Distinct<'_>> {
        let mut by_words: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (asked, number) in self.asked.iter().zip(0..) {
            by_words.entry(&asked.words).or_default().push(number);
        }
        let newest = |by: &[usize]| by.iter().filter_map(|number| Some(self.asked.get(*number)?.at)).max();
        let mut distinct: Vec<(&str, Vec<usize>)> = by_words.into_iter().collect();
        if distinct.len() > DISTINCT_MAX {
            distinct.sort_by(|(one, by), (other, by_other)| {
                newest(by_other).cmp(&newest(by)).then(one.cmp(other))
            });
            distinct.truncate(DISTINCT_MAX);
            distinct.sort_unstable();
        }
        distinct.into_iter().map(|(words, by)| Distinct { words, by, vector: self.vector(words) }).collect()
    }

    fn group(&self, distinct: &[Distinct<'_>], likeness: &Likeness, members: &[usize]) -> Group {
        let like_all =
            |member: usize| -> f32 { members.iter().map(|other| likeness.between(member, *other)).sum() };
        let mut best: Option<(f32, usize)> = None;
        for member in members {
            let likeness = like_all(*member);
            if best.is_none_or(|(most, _)| likeness > most) {
                best = Some((likeness, *member));
            }
        }
        let of = |member: &usize| distinct.get(*member);
        let standing = best.and_then(|(_, member)| distinct.get(member)).map(|distinct| distinct.words);
        let mut asked: Vec<(usize, &Asked)> = members
            .iter()
            .filter_map(of)
            .flat_map(|distinct| &distinct.by)
            .filter_map(|number| Some((*number, self.asked.get(*number)?)))
            .collect();
        // The same whoever came first.
        asked.sort_by(|(_, one), (_, other)| (one.at, &one.text).cmp(&(other.at, &other.text)));
        let mut samples: Vec<String> = Vec::new();
        for (_, asked) in &asked {
            if samples.len() < SAMPLES_MAX && !samples.contains(&asked.text) {
                samples.push(asked.text.clone());
            }
        }
        let label = asked.iter().find(|(_, asked)| Some(asked.words.as_str()) == standing);
        let mut questions: Vec<usize> = asked.iter().map(|(number, _)| *number).collect();
        questions.sort_unstable();
        Group {
            label: label.map(|(_, asked)| asked.text.clone()).unwrap_or_default(),
            size: count(asked.len()),
            first_asked: asked.first().map_or(0, |(_, asked)| asked.at),
            last_asked: asked.last().map_or(0, |(_, asked)| asked.at),
            samples,
            questions,
        }
    }

    /// How much a term tells: what everybody writes tells little.
    fn rarity(&self, term: u64) -> f32 {
        let with = float(self.counts.get(&term).copied().unwrap_or_default());
        // As if many more questions without the term had been asked: the first ones are compared by all their terms.
        let rarity = ((float(self.heard) + 100.0) / (with + 1.0)).ln();
        rarity.clamp(RARITY.1, RARITY.0)
    }

    /// What a question is about, as a vector of length 1; of none if it is about nothing.
    fn vector(&self, words: &str) -> Vec<(u64, f32)> {
        let mut vector: Vec<(u64, f32)> =
            meant(words).into_iter().map(|(term, weight)| (term, weight * self.rarity(term))).collect();
        let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        for (_, weight) in &mut vector {
            *weight /= length.max(f32::MIN_POSITIVE);
        }
        vector
    }
}

/// The words of a question without what stands between them; none if it has no letters.
fn words(question: &str) -> String {
    let end = question.char_indices().nth(LOOKED_AT_CHARS).map_or(question.len(), |(at, _)| at);
    let folded = Folded::of(question.get(..end).unwrap_or_default());
    let runs: Vec<&str> = folded.runs.iter().map(|run| folded.str(run)).collect();
    runs.join(" ").trim_matches(|char: char| !char.is_alphanumeric()).to_owned()
}

/// How alike questions are, each two of them.
struct Likeness {
    count: usize,
    rows: Vec<f32>,
}

impl Likeness {
    fn of(distinct: &[Distinct<'_>]) -> Self {
        let count = distinct.len();
        let mut likeness = Self { count, rows: vec![0.0; count.saturating_mul(count)] };
        // Most questions share nothing: only those that share a term are gone through.
        let mut with: BTreeMap<u64, Vec<(usize, f32)>> = BTreeMap::new();
        for (one, place) in distinct.iter().zip(0..) {
            for (term, weight) in &one.vector {
                with.entry(*term).or_default().push((place, *weight));
            }
        }
        for sharing in with.values() {
            for (one, weight) in sharing {
                for (other, weight_other) in sharing {
                    likeness.set(*one, *other, likeness.between(*one, *other) + weight * weight_other);
                }
            }
        }
        likeness
    }

    fn place(&self, one: usize, other: usize) -> usize {
        one.saturating_mul(self.count).saturating_add(other)
    }

    fn between(&self, one: usize, other: usize) -> f32 {
        self.rows.get(self.place(one, other)).copied().unwrap_or_default()
    }

    fn set(&mut self, one: usize, other: usize, likeness: f32) {
        let place = self.place(one, other);
        if let Some(cell) = self.rows.get_mut(place) {
            *cell = likeness;
        }
    }
}

/// Joins the two groups that are most alike until no two are alike enough; of equals the first ones. Gives the members of
/// each group, in order.
fn joined(likeness: &Likeness) -> Vec<Vec<usize>> {
    let mut mean = Likeness { count: likeness.count, rows: likeness.rows.clone() };
    let mut groups: BTreeMap<usize, Vec<usize>> = (0..mean.count).map(|place| (place, vec![place])).collect();
    // The group behind each that is most like it.
    let nearest = |mean: &Likeness, groups: &BTreeMap<usize, Vec<usize>>, one: usize| {
        let mut best: Option<(f32, usize)> = None;
        for other in groups.range(one.saturating_add(1)..).map(|(other, _)| *other) {
            let likeness = mean.between(one, other);
            if likeness >= ALIKE && best.is_none_or(|(most, _)| likeness > most) {
                best = Some((likeness, other));
            }
        }
        best
    };
    let mut nearests: BTreeMap<usize, (f32, usize)> =
        (0..mean.count).filter_map(|one| Some((one, nearest(&mean, &groups, one)?))).collect();
    loop {
        let mut best: Option<(f32, usize, usize)> = None;
        for (one, (likeness, other)) in &nearests {
            if best.is_none_or(|(most, ..)| *likeness > most) {
                best = Some((*likeness, *one, *other));
            }
        }
        let Some((_, kept, gone)) = best else { break };
        let (Some(mut coming), Some(staying)) = (groups.remove(&gone), groups.get_mut(&kept)) else { break };
        let (weight, weight_gone) = (float(count(staying.len())), float(count(coming.len())));
        staying.append(&mut coming);
        nearests.remove(&gone);
        let others: Vec<usize> = groups.keys().copied().filter(|other| *other != kept).collect();
        for other in others {
            let both = mean.between(kept, other) * weight + mean.between(gone, other) * weight_gone;
            let both = both / (weight + weight_gone);
            mean.set(kept, other, both);
            mean.set(other, kept, both);
        }
        let stale: Vec<usize> = groups
            .range(..gone)
            .map(|(one, _)| *one)
            .filter(|one| *one <= kept || nearests.get(one).is_some_and(|(_, other)| *other == gone))
            .collect();
        for one in stale {
            match nearest(&mean, &groups, one) {
                Some(found) => nearests.insert(one, found),
                None => nearests.remove(&one),
            };
        }
    }
    for members in groups.values_mut() {
        members.sort_unstable();
    }
    groups.into_values().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ASKED: [(&str, i64); 8] = [
        ("你们有以旧换新吗", 10),
        ("可以以旧换新吗，旧冰箱抵多少钱", 20),
        ("停车场在哪里", 30),
        ("请问支持以旧换新吗", 40),
        ("do you sell gift cards?", 50),
        ("where can I buy gift cards for friends", 60),
        ("！？", 70),
        ("以旧换新怎么办理", 80),
    ];

    /// What the shipped knowledge base asks.
    fn heard() -> Unanswered {
        let mut unanswered = Unanswered::default();
        for article in crate::answers::starter().unwrap() {
            let pieces = article.zh.iter().chain(&article.en);
            for asked in pieces.flat_map(crate::answers::Piece::asked) {
                unanswered.observe(asked);
            }
        }
        unanswered
    }

    fn groups<'a>(questions: impl IntoIterator<Item = (&'a str, i64)>, heard: &Unanswered) -> Vec<Group> {
        let mut unanswered = heard.clone();
        for (question, at) in questions {
            unanswered.add(question, at);
        }
        let mut groups = unanswered.groups();
        // Numbers are those of the order in which questions came.
        for group in &mut groups {
            group.questions.clear();
        }
        groups
    }

    /// Each of these is about something of its own, however it is asked.
    const UNLIKE: [&str; 24] = [
        "怎么开发票",
        "怎么修改密码",
        "怎么投诉师傅",
        "怎么预约安装",
        "你们周末上班吗",
        "空调包安装吗",
        "有儿童锁吗",
        "可以货到付款吗",
        "可以开收据吗",
        "请问在哪里停车",
        "请问多久能送到",
        "请问保修几年",
        "什么时候发货",
        "为什么扣我的钱",
        "how do I reset my password",
        "how do I cancel an order",
        "how do I reach the warehouse",
        "can I pay in cash",
        "can I bring my dog",
        "do you have a car park",
        "do you sell gift cards",
        "what is your fax number",
        "where is my parcel",
        "when will the plumber come",
    ];

    #[test]
    fn like_questions_come_together_the_most_frequent_first() {
        let groups = groups(ASKED, &heard());
        let shown: Vec<(&str, u32, i64, i64)> = groups
            .iter()
            .map(|group| (group.label.as_str(), group.size, group.first_asked, group.last_asked))
            .collect();
        assert_eq!(shown.len(), 3, "{shown:?}");
        assert!(shown[0].0.contains("以旧换新") && shown[0].1 == 4, "{shown:?}");
        assert_eq!((shown[0].2, shown[0].3), (10, 80));
        assert_eq!((shown[1].1, shown[1].3), (2, 60), "{shown:?}");
        assert_eq!(shown[2], ("停车场在哪里", 1, 30, 30));
        assert_eq!(groups[0].samples[0], "你们有以旧换新吗", "the oldest first");
    }

    #[test]
    fn questions_are_found_by_their_numbers() {
        let mut unanswered = heard();
        let numbers: Vec<Option<usize>> =
            ASKED.iter().map(|(question, at)| unanswered.add(question, *at)).collect();
        assert_eq!(numbers[6], None, "no letters");
        let groups = unanswered.groups();
        assert_eq!(groups[0].questions, [0, 1, 3, 6], "{groups:?}");
        assert_eq!(groups.iter().map(|group| group.questions.len()).sum::<usize>(), 7);
    }

    #[test]
    fn the_way_of_asking_joins_nothing() {
        for known in [heard(), Unanswered::default()] {
            let groups = groups(UNLIKE.into_iter().zip(0..), &known);
            let joined: Vec<&Vec<String>> =
                groups.iter().filter(|group| group.size > 1).map(|group| &group.samples).collect();
            assert!(joined.is_empty(), "{joined:?}");
        }
    }

    #[test]
    fn what_is_about_nothing_is_like_itself_alone() {
        let groups = groups(
            [("怎么办", 1), ("怎么办？", 2), ("可以吗", 3), ("how do I", 4), ("How do I ?", 5)],
            &heard(),
        );
        let sizes: Vec<(&str, u32)> = groups.iter().map(|group| (group.label.as_str(), group.size)).collect();
        assert_eq!(sizes, [("how do I", 2), ("怎么办", 2), ("可以吗", 1)]);
    }

    #[test]
    fn a_question_asked_very_often_stays_one_group() {
        let asked: Vec<String> =
            (0..300).map(|n| format!("以旧换新 {n}")).chain(["门口能停车吗".into()]).collect();
        let groups = groups(asked.iter().map(String::as_str).zip(0..), &heard());
        let sizes: Vec<u32> = groups.iter().map(|group| group.size).collect();
        assert_eq!(sizes, [300, 1]);
        assert_eq!(groups[0].samples.len(), SAMPLES_MAX);
    }

    #[test]
    fn what_is_compared_is_bounded_and_the_newest_stays() {
        let asked: Vec<String> = (0..2_000_u32)
            .map(|at| (0..3).map(|n| char::from_u32(0x4e00 + at * 3 + n).unwrap()).collect())
            .chain(["空调".repeat(500_000)])
            .collect();
        let groups = groups(asked.iter().map(String::as_str).zip(0..), &Unanswered::default());
        assert_eq!(groups.iter().map(|group| group.size).sum::<u32>(), count(DISTINCT_MAX));
        assert!(groups.iter().all(|group| group.last_asked > 500));
        assert!(groups.iter().flat_map(|group| &group.samples).all(|sample| sample.chars().count() <= 200));
    }

    fn questions() -> impl Strategy<Value = Vec<(&'static str, i64)>> {
        let all: Vec<(&str, i64)> = ASKED.into_iter().chain(UNLIKE.into_iter().zip(100..)).collect();
        proptest::sample::subsequence(all, 4..28).prop_shuffle()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_same_questions_in_any_order_make_the_same_groups(asked in questions(), turned in 0_usize..28) {
            let heard = Unanswered::default();
            let mut sorted = asked.clone();
            sorted.sort_unstable();
            let mut rotated = asked.clone();
            rotated.rotate_left(turned % asked.len());
            let expected = groups(sorted, &heard);
            prop_assert_eq!(&groups(asked, &heard), &expected);
            prop_assert_eq!(&groups(rotated, &heard), &expected);
        }
    }
}
