//! The coverage table: for every combination of facets, which clocks run, and what nobody promised.

mod draw;

use std::collections::BTreeMap;

use crate::{
    model::{Budget, Commitment, Promise, PromiseId},
    vocabulary::{Channel, Complexity, Facets, Kind, Language, Mark, Severity, Site, Text, Urgency},
    words::{
        budget_words, channel_words, complexity_words, or_list, pick, severity_words, site_words,
        technical_words, urgency_words,
    },
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

impl Gap {
    /// Every sort of gap.
    pub const ALL: &'static [Self] = &[Self::FirstReply, Self::Final, Self::Remedy];

    /// The label for people.
    pub const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::FirstReply, Language::Zh) => "没有首次回应的承诺",
            (Self::FirstReply, Language::En) => "no promise of a first reply",
            (Self::Final, Language::Zh) => "没有最终解决的承诺",
            (Self::Final, Language::En) => "no promise that settles it",
            (Self::Remedy, Language::Zh) => "违约后没有补救或补偿",
            (Self::Remedy, Language::En) => "no remedy for a broken promise",
        }
    }
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
    pub technical: Option<Vec<bool>>,
    /// Topics; `None` in the list stands for every topic that no letter names.
    pub topic: Option<Vec<Option<String>>>,
    /// Channels.
    pub channel: Option<Vec<Channel>>,
}

impl Case {
    /// The case in words: `投诉 · 复杂 · 电话`.
    pub fn words(&self, language: Language) -> String {
        let mut parts = vec![self.kind.label(language).to_lowercase()];
        let details = self.details(language);
        if !details.is_empty() {
            parts.push(details);
        }
        parts.join(" · ")
    }

    /// The case in words, without its kind; empty if the kind alone decides.
    fn details(&self, language: Language) -> String {
        fn each<T>(values: Option<&Vec<T>>, words: impl Fn(&T) -> String) -> Option<Vec<String>> {
            values.map(|values| values.iter().map(words).collect())
        }
        let other = |topic: &Option<String>| {
            topic.clone().unwrap_or_else(|| pick(language, "其他主题", "other topics"))
        };
        let parts = [
            each(self.urgency.as_ref(), |urgency| urgency_words(*urgency, language)),
            each(self.complexity.as_ref(), |complexity| complexity_words(*complexity, language)),
            each(self.severity.as_ref(), |severity| severity_words(*severity, language)),
            each(self.site.as_ref(), |site| site_words(*site, language)),
            each(self.technical.as_ref(), |technical| technical_words(*technical, language)),
            each(self.topic.as_ref(), other),
            each(self.channel.as_ref(), |channel| channel_words(*channel, language)),
        ];
        let parts = parts.into_iter().flatten().map(|words| or_list(&words, language));
        parts.collect::<Vec<_>>().join(" · ")
    }
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
    /// The budget in words.
    pub words: Text,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The cases.
    pub case: Case,
    /// The clocks that run, in the order of the letters.
    pub cells: Vec<Cell>,
    /// What is missing. Kinds that no letter is about lack nothing.
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
        draw::draw(self, language)
    }
}

/// The facets that a row can distinguish besides the kind, as positions in their lists of values: urgency, complexity,
/// severity, site, technical, topic, channel.
type Point = [usize; 7];
/// The promises that cover a point: index of the letter, index of the promise.
type Cover = Vec<(usize, usize)>;

const TECHNICAL: [bool; 2] = [false, true];

/// The coverage of letters that are in force together.
pub fn table(commitments: &[&Commitment]) -> Coverage {
    let space = Space::of(commitments);
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        let points = space.points(*kind, commitments);
        let expected =
            commitments.iter().any(|letter| letter.covers.is_empty() || letter.covers.contains(kind));
        if !expected && points.values().all(Vec::is_empty) {
            continue;
        }
        let mut found = Vec::new();
        collapse(&points, 0, &mut [const { None }; 7], &mut found);
        for (chosen, cover) in found {
            rows.push(space.row(*kind, &chosen, &cover, commitments, expected));
        }
    }
    Coverage { rows }
}

struct Space {
    /// Topics that the same promises name, taken together because they lead to the same clocks; the last list stands
    /// for every topic that no promise names.
    topics: Vec<Vec<Option<String>>>,
}

impl Space {
    fn of(commitments: &[&Commitment]) -> Self {
        let promises = commitments.iter().flat_map(|letter| &letter.promises);
        let mut naming: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, promise) in promises.enumerate() {
            for topic in &promise.when.topic {
                naming.entry(topic).or_default().push(index);
            }
        }
        let mut alike: BTreeMap<Vec<usize>, Vec<Option<String>>> = BTreeMap::new();
        for (topic, promises) in naming {
            alike.entry(promises).or_default().push(Some(topic.to_owned()));
        }
        Self { topics: alike.into_values().chain([vec![None]]).collect() }
    }

    /// Every combination of facets of one kind with the promises that cover it.
    fn points(&self, kind: Kind, commitments: &[&Commitment]) -> BTreeMap<Point, Cover> {
        let sizes = [2, 2, 2, 2, 2, self.topics.len(), Channel::ALL.len()];
        let total: usize = sizes.iter().product();
        let mut points = BTreeMap::new();
        for number in 0..total {
            let mut rest = number;
            let point = sizes.map(|size| {
                let at = rest % size;
                rest /= size;
                at
            });
            if let Some((facets, channel)) = self.facets(kind, point) {
                points.insert(point, cover(commitments, &facets, channel));
            }
        }
        points
    }

    fn facets(&self, kind: Kind, point: Point) -> Option<(Facets, Channel)> {
        let [urgency, complexity, severity, site, technical, topic, channel] = point;
        let facets = Facets {
            kind,
            urgency: *Urgency::ALL.get(urgency)?,
            complexity: *Complexity::ALL.get(complexity)?,
            severity: *Severity::ALL.get(severity)?,
            site: *Site::ALL.get(site)?,
            technical: *TECHNICAL.get(technical)?,
            topic: self.topics.get(topic)?.first()?.clone(),
        };
        Some((facets, *Channel::ALL.get(channel)?))
    }

    fn row(
        &self,
        kind: Kind,
        chosen: &Chosen,
        cover: &Cover,
        commitments: &[&Commitment],
        expected: bool,
    ) -> Row {
        fn values<T: Clone>(chosen: Option<&Vec<usize>>, all: &[T]) -> Option<Vec<T>> {
            chosen.map(|chosen| chosen.iter().filter_map(|at| all.get(*at).cloned()).collect())
        }
        let [urgency, complexity, severity, site, technical, topic, channel] = chosen;
        let case = Case {
            kind,
            urgency: values(urgency.as_ref(), Urgency::ALL),
            complexity: values(complexity.as_ref(), Complexity::ALL),
            severity: values(severity.as_ref(), Severity::ALL),
            site: values(site.as_ref(), Site::ALL),
            technical: values(technical.as_ref(), &TECHNICAL),
            topic: values(topic.as_ref(), &self.topics).map(|alike| alike.concat()),
            channel: values(channel.as_ref(), Channel::ALL),
        };
        let covering: Vec<(&Commitment, &Promise)> = cover
            .iter()
            .filter_map(|(letter, promise)| {
                let letter = *commitments.get(*letter)?;
                Some((letter, letter.promises.get(*promise)?))
            })
            .collect();
        let gaps = if expected { gaps(kind, &covering) } else { Vec::new() };
        Row {
            case,
            cells: covering.into_iter().map(|(letter, promise)| cell(letter, promise)).collect(),
            gaps,
        }
    }
}

fn cover(commitments: &[&Commitment], facets: &Facets, channel: Channel) -> Cover {
    let mut cover = Vec::new();
    for (index, letter) in commitments.iter().enumerate() {
        let covering = letter.covering(facets, channel);
        for (at, promise) in letter.promises.iter().enumerate() {
            let runs = covering.iter().any(|covers| covers.id == promise.id);
            if runs && promise.from.possible_for(facets.kind, channel) {
                cover.push((index, at));
            }
        }
    }
    cover
}

fn cell(letter: &Commitment, promise: &Promise) -> Cell {
    let calendar = letter.calendar(&promise.on);
    let words = |language| budget_words(promise.within, calendar, language);
    Cell {
        number: letter.number.clone(),
        promise: promise.id.clone(),
        from: promise.from,
        until: promise.until.clone(),
        within: promise.within,
        words: Text::new(words(Language::Zh), words(Language::En)),
    }
}

fn gaps(kind: Kind, covering: &[(&Commitment, &Promise)]) -> Vec<Gap> {
    let first = covering.iter().any(|(_, promise)| {
        promise.from == Mark::Received && promise.until.iter().any(|mark| mark.is_first_reply())
    });
    let last = covering.iter().any(|(_, promise)| promise.until.iter().any(|mark| mark.is_final_for(kind)));
    let remedy = covering.iter().any(|(letter, promise)| {
        let graded = promise.grade.is_some_and(|grade| letter.breaches.contains_key(&grade));
        graded
            || letter
                .compensations
                .iter()
                .any(|line| line.promise.is_empty() || line.promise.contains(&promise.id))
    });
    let has = [(Gap::FirstReply, first), (Gap::Final, last), (Gap::Remedy, remedy)];
    has.into_iter().filter(|(_, has)| !has).map(|(gap, _)| gap).collect()
}

/// Per facet, the values that a row stands for; `None`: all of them.
type Chosen = [Option<Vec<usize>>; 7];

/// Splits the points by one facet after another, and only where its values lead to different promises; values that
/// lead to the same stay together.
fn collapse(
    points: &BTreeMap<Point, Cover>,
    facet: usize,
    chosen: &mut Chosen,
    rows: &mut Vec<(Chosen, Cover)>,
) {
    let mut covers = points.values();
    let Some(first) = covers.next() else { return };
    if facet >= chosen.len() || covers.all(|cover| cover == first) {
        rows.push((chosen.clone(), first.clone()));
        return;
    }
    let mut by_value: BTreeMap<usize, BTreeMap<Point, Cover>> = BTreeMap::new();
    for (point, cover) in points {
        let mut rest = *point;
        let Some(value) = rest.get_mut(facet).map(std::mem::take) else { return };
        by_value.entry(value).or_default().insert(rest, cover.clone());
    }
    let mut groups: Vec<(Vec<usize>, BTreeMap<Point, Cover>)> = Vec::new();
    for (value, points) in by_value {
        match groups.iter_mut().find(|(_, same)| *same == points) {
            Some((values, _)) => values.push(value),
            None => groups.push((vec![value], points)),
        }
    }
    let matters = groups.len() > 1;
    for (values, points) in groups {
        if let Some(slot) = chosen.get_mut(facet) {
            *slot = matters.then_some(values);
        }
        collapse(&points, facet + 1, chosen, rows);
    }
    if let Some(slot) = chosen.get_mut(facet) {
        *slot = None;
    }
}
