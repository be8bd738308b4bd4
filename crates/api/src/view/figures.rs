//! Figures.

use std::collections::BTreeMap;

use yinuo_commitment::{PromiseId, Text};
use yinuo_core::{
    figures::{self, Counts, Report, TIME_BUCKETS_US, USE_BUCKETS_PERCENT, Value, Verdict},
    id::TicketId,
    roster::Roster,
    view::TicketRow,
};
use yinuo_desk::{Desk, PublishedView};

use super::{clock::key, member_name};
use crate::dto::{
    Instant, Localised,
    figures::{
        FiguresReport, GroupFigures, OverdueCase, PromiseFigures, QuestionFigures, Share, TicketFigures,
        TimeBar, Times, UseBar, VerdictCounts,
    },
};

/// Titles of promises by letter, those of the newest version that has them.
pub(crate) struct Titles(BTreeMap<(String, String), Text>);

impl Titles {
    /// The titles of everything that is published.
    pub(crate) fn of_all(desk: &Desk) -> Self {
        Self::from_views(&desk.commitments())
    }

    fn from_views(views: &[PublishedView]) -> Self {
        let mut titles = BTreeMap::new();
        for view in views {
            for promise in &view.commitment.promises {
                let place = (view.published.number.clone(), promise.id.to_string());
                titles.insert(place, promise.title.clone());
            }
        }
        Self(titles)
    }

    /// The title of a promise, or of what a breach or low rating demands.
    pub(crate) fn of(&self, commitment: &str, promise: &PromiseId) -> Localised {
        let (zh, en) = match promise.as_str() {
            "breach.minor" => ("轻微违约补救", "Remedy for a minor breach"),
            "breach.major" => ("重大违约补救", "Remedy for a major breach"),
            "survey.low" => ("低分回访", "Call-back after a low rating"),
            other => {
                let known = self.0.get(&(commitment.to_owned(), other.to_owned()));
                return known.map_or_else(
                    || Localised { zh: other.to_owned(), en: other.to_owned() },
                    Localised::from,
                );
            }
        };
        Localised { zh: zh.to_owned(), en: en.to_owned() }
    }
}

/// The whole report. `from` and `to` are the stretch asked for; `lines` are the tickets of the cases.
pub(crate) fn figures_report(
    report: &Report,
    stretch: (Option<Instant>, Option<Instant>),
    group: Option<figures::Dimension>,
    roster: &Roster,
    titles: &Titles,
    lines: &BTreeMap<TicketId, TicketRow>,
) -> FiguresReport {
    FiguresReport {
        as_of: report.as_of.into(),
        from: stretch.0,
        to: stretch.1,
        group: group.map(Into::into),
        counts: counts(&report.counts),
        service_level: report.service_level.map(share),
        promises: report.promises.iter().map(|figures| promise(figures, titles)).collect(),
        groups: report.groups.iter().map(|figures| group_figures(figures, roster, titles)).collect(),
        tickets: tickets(&report.tickets),
        cases: overdue_cases(report, roster, titles, lines),
        cases_total: report.cases_total,
    }
}

/// The overdue cases of a report.
pub(crate) fn overdue_cases(
    report: &Report,
    roster: &Roster,
    titles: &Titles,
    lines: &BTreeMap<TicketId, TicketRow>,
) -> Vec<OverdueCase> {
    let case = |case: &figures::OverdueCase| {
        let line = lines.get(&case.ticket);
        let verdict = if case.stopped_at.is_some() { Verdict::Late } else { Verdict::Overdue };
        OverdueCase {
            ticket: case.ticket.into(),
            number: line.map(|line| line.number.clone()),
            subject: line.and_then(|line| line.subject.text().map(str::to_owned)),
            clock: key(&case.clock),
            title: titles.of(&case.clock.commitment, &case.clock.promise),
            verdict: verdict.into(),
            team: case.team.as_ref().map(Into::into),
            member: case.member.map(|member| member_name(member, roster)),
            due_at: case.due_at.into(),
            stopped_at: case.stopped_at.map(Instant),
            overrun_wall_ms: case.overrun_us / 1_000,
            overrun_ms: case.overrun_worked_us.map(|time| time / 1_000),
            cause: line.map_or(case.cause, |line| case.cause_with(line)).into(),
        }
    };
    report.cases.iter().map(case).collect()
}

const fn counts(counts: &Counts) -> VerdictCounts {
    VerdictCounts {
        met: counts.met,
        late: counts.late,
        overdue: counts.overdue,
        running: counts.running,
        undated: counts.undated,
        excepted: counts.excepted,
        void: counts.void,
    }
}

const fn share(share: figures::Share) -> Share {
    Share { part: share.part, whole: share.whole, value: share.value, low: share.low, high: share.high }
}

fn promise(figures: &figures::PromiseFigures, titles: &Titles) -> PromiseFigures {
    let times = figures.times.map(|times| Times {
        count: times.count,
        mean_ms: times.mean_us / 1_000,
        p50_ms: times.p50_us / 1_000,
        p90_ms: times.p90_us / 1_000,
        p95_ms: times.p95_us / 1_000,
        p99_ms: times.p99_us / 1_000,
        max_ms: times.max_us / 1_000,
        wall_mean_ms: times.wall_mean_us / 1_000,
    });
    let time_bounds = TIME_BUCKETS_US.iter().map(|bound| Some(bound / 1_000)).chain([None]);
    let use_bounds = USE_BUCKETS_PERCENT.iter().copied().map(Some).chain([None]);
    PromiseFigures {
        commitment: figures.commitment.clone(),
        promise: figures.promise.to_string(),
        title: titles.of(&figures.commitment, &figures.promise),
        counts: counts(&figures.counts),
        service_level: figures.service_level.map(share),
        times,
        by_time: time_bounds
            .zip(figures.spread.by_time)
            .map(|(up_to_ms, clocks)| TimeBar { up_to_ms, clocks })
            .collect(),
        by_use: use_bounds
            .zip(figures.spread.by_use)
            .map(|(up_to_percent, clocks)| UseBar { up_to_percent, clocks })
            .collect(),
    }
}

fn group_figures(figures: &figures::GroupFigures, roster: &Roster, titles: &Titles) -> GroupFigures {
    let (value, name) = named(&figures.value, roster);
    GroupFigures {
        value,
        name,
        counts: counts(&figures.counts),
        service_level: figures.service_level.map(share),
        promises: figures.promises.iter().map(|figures| promise(figures, titles)).collect(),
        tickets: tickets(&figures.tickets),
    }
}

/// The value of a group as a word, and its name for people.
fn named(value: &Value, roster: &Roster) -> (Option<String>, Option<Localised>) {
    let both = |zh: &str, en: &str| Some(Localised { zh: zh.to_owned(), en: en.to_owned() });
    match value {
        Value::Kind(kind) => {
            (Some(kind.word().to_owned()), Some(super::both(|language| kind.label(language).to_owned())))
        }
        Value::Channel(channel) => (
            Some(channel.word().to_owned()),
            Some(super::both(|language| channel.label(language).to_owned())),
        ),
        Value::Team(Some(team)) => {
            (Some(team.to_string()), roster.teams.get(team).map(|team| Localised::from(&team.name)))
        }
        Value::Member(Some(member)) => {
            let name = member_name(*member, roster).name;
            (Some(member.to_string()), both(&name, &name))
        }
        Value::Topic(Some(topic)) => (Some(topic.clone()), None),
        Value::Month(month) => (Some(month.to_string()), None),
        Value::Team(None) | Value::Member(None) => (None, both("未分配", "nobody")),
        Value::Topic(None) => (None, both("无主题", "no topic")),
    }
}

fn tickets(figures: &figures::TicketFigures) -> TicketFigures {
    let question = |question: &figures::QuestionFigures| QuestionFigures {
        question: question.question.clone(),
        mean: question.mean,
        satisfied: share(question.satisfied),
        meets_standard: question.meets_standard,
        ratings: question.ratings.to_vec(),
    };
    TicketFigures {
        tickets: figures.tickets,
        open: figures.open,
        closed: figures.closed,
        reopened: figures.reopened.map(share),
        second_complaints: figures.second_complaints.map(share),
        first_contact: figures.first_contact.map(share),
        minor_breaches: figures.minor_breaches,
        major_breaches: figures.major_breaches,
        rated: figures.rated.map(share),
        satisfied: figures.satisfied.map(share),
        meets_standard: figures.meets_standard,
        questions: figures.questions.iter().map(question).collect(),
    }
}
