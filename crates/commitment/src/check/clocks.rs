//! Clocks: each can start and stop, no two claim the same thing, told times are told, ladders can be climbed.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use crate::{
    diagnostic::Findings,
    model::{Budget, StepAt, When},
    read::{Draft, Noted, PromiseDraft, say},
    together::{overlap, shared},
    vocabulary::{Channel, Kind, Language, Mark, Rule},
    words::when_words,
};

pub(super) fn check(draft: &Draft, findings: &mut Findings) {
    for promise in &draft.promises {
        if budget_fits(promise, findings) {
            marks(promise, findings);
        }
        told(draft, promise, findings);
    }
    same_clock(draft, findings);
    circles(draft, findings);
    ladders(draft, findings);
}

/// The pairs of kind and channel that a condition lets in.
fn cases(when: &When) -> impl Iterator<Item = (Kind, Channel)> {
    let kinds = Kind::ALL.iter().filter(|kind| when.kind.is_empty() || when.kind.contains(kind));
    kinds.flat_map(|kind| {
        let channels =
            Channel::ALL.iter().filter(|one| when.channel.is_empty() || when.channel.contains(one));
        channels.map(|channel| (*kind, *channel))
    })
}

/// The cases in words: the kinds, and the channels unless it is all of them.
fn listed(cases: &[(Kind, Channel)]) -> (String, String) {
    let kinds: BTreeSet<Kind> = cases.iter().map(|(kind, _)| *kind).collect();
    let channels: BTreeSet<Channel> = cases.iter().map(|(_, channel)| *channel).collect();
    let all_channels = channels.len() == Channel::ALL.len();
    let when = When {
        kind: kinds.into_iter().collect(),
        channel: if all_channels { Vec::new() } else { channels.into_iter().collect() },
        ..When::default()
    };
    (when_words(&when, Language::Zh), when_words(&when, Language::En))
}

/// Where the clock can start, it has to be able to stop; and it has to be able to start somewhere.
fn marks(promise: &PromiseDraft, findings: &mut Findings) {
    let (Some(when), Some(from), Some(until)) = (&promise.when, &promise.from, &promise.until) else {
        return;
    };
    let starts: Vec<_> =
        cases(&when.value).filter(|(kind, channel)| from.value.possible_for(*kind, *channel)).collect();
    if starts.is_empty() {
        let word = from.value.word();
        findings
            .add(
                "impossible-mark",
                from.span.clone(),
                say!(
                    "“{word}”不会发生在这些请求上，时钟永远不会开始",
                    "`{word}` cannot happen to these requests: the clock never starts"
                ),
                say!("不会发生", "cannot happen"),
            )
            .help(say!("换一个起点，或改动“when”", "choose another start, or change `when`"))
            .relate(when.span.clone(), say!("适用于这些请求", "these requests"));
        return;
    }
    if until.value.contains(&from.value) {
        let word = from.value.word();
        findings
            .add(
                "impossible-mark",
                until.span.clone(),
                say!(
                    "时钟在“{word}”开始，不能又在“{word}”停止",
                    "the clock starts at `{word}` and cannot stop there too"
                ),
                say!("与起点相同", "the same as the start"),
            )
            .help(say!("换一个终点", "choose another end"))
            .relate(from.span.clone(), say!("起点", "the start"));
        return;
    }
    let stuck: Vec<_> = starts
        .into_iter()
        .filter(|(kind, channel)| !until.value.iter().any(|mark| mark.possible_for(*kind, *channel)))
        .collect();
    if !stuck.is_empty() {
        let words = until.value.iter().map(|mark| mark.word()).collect::<Vec<_>>().join(", ");
        let (zh, en) = listed(&stuck);
        let possible = Mark::ALL
            .iter()
            .filter(|mark| stuck.iter().all(|(kind, channel)| mark.possible_for(*kind, *channel)));
        let possible = possible
            .filter(|mark| **mark != Mark::Received)
            .map(|mark| mark.word())
            .collect::<Vec<_>>()
            .join(", ");
        findings
            .add(
                "impossible-mark",
                until.span.clone(),
                say!("“{words}”不会发生在这类请求上：{zh}", "`{words}` cannot happen here: {en}"),
                say!("时钟永远不会停止", "the clock would never stop"),
            )
            .help(say!(
                "这类请求可用的时点：{possible}；或缩小“when”",
                "marks that can happen here: {possible}; or narrow `when`"
            ))
            .relate(when.span.clone(), say!("适用于这些请求", "these requests"));
    }
}

/// Rings and calls exist on the phone only.
fn budget_fits(promise: &PromiseDraft, findings: &mut Findings) -> bool {
    let (Some(when), Some(within), Some(until)) = (&promise.when, &promise.within, &promise.until) else {
        return true;
    };
    let by_phone = when.value.channel == [Channel::Phone];
    let (fits, help) = match within.value {
        Budget::Rings(_) => (
            by_phone && until.value == [Mark::PickedUp],
            say!(
                "铃声时限须写 channel = \"phone\"，until = \"picked-up\"",
                "rings need channel = \"phone\" and until = \"picked-up\""
            ),
        ),
        Budget::TheCall => {
            (by_phone, say!("“the call”须写 channel = \"phone\"", "`the call` needs channel = \"phone\""))
        }
        Budget::Working(_) | Budget::Workdays(_) | Budget::AsTold => return true,
    };
    if !fits {
        findings
            .add(
                "unfit-budget",
                within.span.clone(),
                say!("这个时限不适合这个条款", "this budget does not fit this promise"),
                say!("只适用于电话", "exists on the phone only"),
            )
            .help(help)
            .relate(when.span.clone(), say!("适用于这些请求", "these requests"));
    }
    fits
}

/// A told time has to be told by somebody, and to somebody's use.
fn told(draft: &Draft, promise: &PromiseDraft, findings: &mut Findings) {
    let (Some(when), Some(from), Some(until)) = (&promise.when, &promise.from, &promise.until) else {
        return;
    };
    let meets =
        |other: &PromiseDraft| other.when.as_ref().is_some_and(|other| overlap(&when.value, &other.value));
    if let Some(within) = promise.within.as_ref().filter(|within| within.value == Budget::AsTold) {
        let by_rule = from.value == Mark::SolutionProposed
            && until.value.contains(&Mark::CarriedOut)
            && draft.rules.iter().any(|clause| clause.value.rule == Rule::SolutionDeadline);
        let by_promise = draft.promises.iter().any(|other| {
            other.tells.as_ref().is_some_and(|tells| until.value.contains(&tells.value))
                && other.until.as_ref().is_some_and(|until| until.value.contains(&from.value))
                && meets(other)
        });
        if !by_rule && !by_promise {
            let start = from.value.word();
            let end = until.value.first().map_or("", |mark| mark.word());
            let help = if from.value == Mark::SolutionProposed {
                say!(
                    "加上 [[rule]] rule = \"solution-deadline\"",
                    "add [[rule]] rule = \"solution-deadline\""
                )
            } else {
                say!(
                    "在 until = \"{start}\" 的条款中加上 tells = \"{end}\"，或写明时限",
                    "add tells = \"{end}\" to the promise with until = \"{start}\", or give an amount of time"
                )
            };
            findings
                .add(
                    "untold",
                    within.span.clone(),
                    say!(
                        "时限是“as told”，但没有条款要求告知时间",
                        "the time is `as told`, but no promise says that it is told"
                    ),
                    say!("没有人告知", "told by nobody"),
                )
                .help(help);
        }
    }
    if let Some(tells) = &promise.tells {
        let heard = draft.promises.iter().any(|other| {
            other.within.as_ref().is_some_and(|within| within.value == Budget::AsTold)
                && other.until.as_ref().is_some_and(|until| until.value.contains(&tells.value))
                && other.from.as_ref().is_some_and(|from| until.value.contains(&from.value))
                && meets(other)
        });
        if !heard {
            let (mark, start) = (tells.value.word(), until.value.first().map_or("", |mark| mark.word()));
            findings
                .add(
                    "told-in-vain",
                    tells.span.clone(),
                    say!(
                        "告知了“{mark}”的时间，却没有条款按它计时",
                        "the time of `{mark}` is told, but no promise holds to it"
                    ),
                    say!("没有“as told”的条款", "no promise is `as told`"),
                )
                .help(say!(
                    "加一个条款：from = \"{start}\"，until = \"{mark}\"，within = \"as told\"",
                    "add a promise with from = \"{start}\", until = \"{mark}\", within = \"as told\""
                ));
        }
    }
}

/// Two promises of one letter that measure the same thing must not differ, unless one takes precedence.
fn same_clock(draft: &Draft, findings: &mut Findings) {
    for (index, later) in draft.promises.iter().enumerate() {
        for earlier in draft.promises.iter().take(index) {
            if let Some((one, other)) = differing(earlier, later) {
                let both = shared(one.when, other.when).unwrap_or_default();
                let (zh, en) = (when_words(&both, Language::Zh), when_words(&both, Language::En));
                let (first, second) = (&one.id, &other.id);
                findings
                    .add(
                        "same-clock",
                        other.within.clone(),
                        say!(
                            "“{first}”和“{second}”对同一请求的同一时钟给出了不同的时限（{zh}）",
                            "`{first}` and `{second}` give the same clock of the same request different times ({en})"
                        ),
                        say!("这里是另一个时限", "another time here"),
                    )
                    .help(say!(
                        "缩小其中一个“when”，或用 over = [\"{first}\"] 说明哪个优先",
                        "narrow one `when`, or say which goes first with over = [\"{first}\"]"
                    ))
                    .relate(one.within, say!("“{first}”的时限", "the time of `{first}`"));
            }
        }
    }
}

struct Claim<'a> {
    id: &'a str,
    when: &'a When,
    within: Range<usize>,
}

fn differing<'a>(one: &'a PromiseDraft, other: &'a PromiseDraft) -> Option<(Claim<'a>, Claim<'a>)> {
    fn claim(promise: &PromiseDraft) -> Option<Claim<'_>> {
        Some(Claim {
            id: promise.id.as_ref()?.value.as_str(),
            when: &promise.when.as_ref()?.value,
            within: promise.within.as_ref()?.span.clone(),
        })
    }
    fn value<T>(noted: Option<&Noted<T>>) -> Option<&T> {
        noted.map(|noted| &noted.value)
    }
    let (first, second) = (claim(one)?, claim(other)?);
    let shared_end = value(one.until.as_ref())?
        .iter()
        .any(|mark| value(other.until.as_ref()).is_some_and(|until| until.contains(mark)));
    let same_start = value(one.from.as_ref())? == value(other.from.as_ref())?;
    let precedes =
        |promise: &PromiseDraft, id: &str| promise.over.iter().any(|over| over.value.as_str() == id);
    // Rings, calls and told times do not count on a calendar.
    let counts = matches!(value(one.within.as_ref())?, Budget::Working(_) | Budget::Workdays(_));
    let same_calendar = !counts || value(one.on.as_ref()) == value(other.on.as_ref());
    let same_time = value(one.within.as_ref()) == value(other.within.as_ref()) && same_calendar;
    let settled = same_time || precedes(one, second.id) || precedes(other, first.id) || first.id == second.id;
    (shared_end && same_start && !settled && overlap(first.when, second.when)).then_some((first, second))
}

/// `over` must not lead back to where it came from: no promise of the circle would ever apply.
fn circles(draft: &Draft, findings: &mut Findings) {
    let over: BTreeMap<&str, Vec<&str>> = draft
        .promises
        .iter()
        .filter_map(|promise| {
            let id = promise.id.as_ref()?.value.as_str();
            Some((id, promise.over.iter().map(|noted| noted.value.as_str()).collect()))
        })
        .collect();
    for promise in &draft.promises {
        let Some(id) = &promise.id else { continue };
        for next in &promise.over {
            let mut seen = BTreeSet::new();
            let mut open = vec![next.value.as_str()];
            while let Some(name) = open.pop() {
                if seen.insert(name) {
                    open.extend(over.get(name).into_iter().flatten());
                }
            }
            let id = id.value.as_str();
            if seen.contains(id) {
                findings
                    .add(
                        "precedence-circle",
                        next.span.clone(),
                        say!("“{id}”绕了一圈优先于它自己", "`{id}` takes precedence over itself in a circle"),
                        say!("优先关系在此成环", "the circle closes here"),
                    )
                    .help(say!("删去其中一个“over”", "remove one `over` of the circle"));
            }
        }
    }
}

fn ladders(draft: &Draft, findings: &mut Findings) {
    for ladder in draft.ladders.values() {
        let steps: Vec<_> = ladder.ladder.steps.iter().map(|step| step.at).zip(&ladder.at).collect();
        for ((before, first), (after, second)) in steps.iter().zip(steps.iter().skip(1)) {
            if before >= after {
                findings
                    .add(
                        "ladder-order",
                        (*second).clone(),
                        say!("这一步不在上一步之后", "this step does not come after the one before it"),
                        say!("次序有误", "out of order"),
                    )
                    .help(say!(
                        "按时间先后排列各步，每个时点一步",
                        "put the steps in order of time, one for each moment"
                    ))
                    .relate((*first).clone(), say!("上一步", "the step before"));
            }
        }
    }
    for promise in &draft.promises {
        let (Some(within), Some(name)) = (&promise.within, &promise.ladder) else { continue };
        if within.value != Budget::TheCall {
            continue;
        }
        let Some(ladder) = draft.ladders.get(&name.value) else { continue };
        let beyond = ladder.ladder.steps.iter().zip(&ladder.at).find(|(step, _)| step.at != StepAt::Due);
        if let Some((_, at)) = beyond {
            let ladder = &name.value;
            findings
                .add(
                    "ladder-after-end",
                    name.span.clone(),
                    say!(
                        "时限以通话结束为准，升级阶梯“{ladder}”中有到不了的一步",
                        "the end of the call is the deadline: a step of the ladder `{ladder}` can never be reached"
                    ),
                    say!("只有“due”这一步能到达", "only the step `due` can be reached"),
                )
                .help(say!("删去 ladder，或换用只有“due”一步的阶梯", "remove `ladder`, or use one whose only step is `due`"))
                .relate(at.clone(), say!("到不了的一步", "cannot be reached"));
        }
    }
}
