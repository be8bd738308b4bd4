//! Names: each one once, every reference resolves, nothing stands there unused.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use crate::{
    diagnostic::Findings,
    model::Budget,
    nearest::nearest,
    read::{Draft, Noted, say},
    vocabulary::Text,
};

pub(super) fn check(draft: &Draft, findings: &mut Findings) {
    duplicates(draft, findings);
    calendars(draft, findings);
    ladders(draft, findings);
    promises(draft, findings);
    grades(draft, findings);
    dates(draft, findings);
}

fn duplicates(draft: &Draft, findings: &mut Findings) {
    let mut each = |names: Vec<(&str, Range<usize>)>| {
        let mut seen: BTreeMap<&str, Range<usize>> = BTreeMap::new();
        for (name, span) in names {
            let Some(first) = seen.get(name) else {
                seen.insert(name, span);
                continue;
            };
            findings
                .add(
                    "duplicate-id",
                    span,
                    say!("“{name}”出现了两次", "there are two called `{name}`"),
                    say!("第二次出现", "the second one"),
                )
                .help(say!("改用另一个名称", "give it another name"))
                .relate(first.clone(), say!("第一次出现", "the first one"));
        }
    };
    each(
        draft
            .promises
            .iter()
            .filter_map(|promise| promise.id.as_ref())
            .map(|id| (id.value.as_str(), id.span.clone()))
            .collect(),
    );
    each(draft.duties.iter().map(|duty| (duty.value.id.as_str(), duty.span.clone())).collect());
    each(draft.scope.iter().map(|term| (term.value.id.as_str(), term.span.clone())).collect());
    each(draft.rules.iter().map(|clause| (clause.value.rule.word(), clause.span.clone())).collect());
}

/// Records that a reference leads nowhere, with the nearest name that would.
fn unresolved<'a>(
    findings: &mut Findings,
    code: &'static str,
    what: &Text,
    name: &Noted<String>,
    known: impl Iterator<Item = &'a str> + Clone,
) {
    let found = &name.value;
    let Text { zh, en } = what;
    let near = nearest(found, known.clone());
    let list = known.collect::<Vec<_>>().join(", ");
    let label = near.map_or_else(
        || say!("没有这个名称", "nothing has this name"),
        |near| say!("是否想写“{near}”？", "did you mean `{near}`?"),
    );
    let help = match (near, list.is_empty()) {
        (Some(near), _) => say!("改为“{near}”", "write `{near}`"),
        (None, false) => say!("已有的{zh}：{list}", "known ones: {list}"),
        (None, true) => say!("本文件没有写任何{zh}", "this file has no {en} at all"),
    };
    findings
        .add(
            code,
            name.span.clone(),
            say!("没有名为“{found}”的{zh}", "there is no {en} called `{found}`"),
            label,
        )
        .help(help);
}

/// A place that counts on a calendar: the name if it gives one, the budget that decides the default if it is a
/// promise, and where to say that the name is missing.
type Counting<'a> = (Option<&'a Noted<String>>, Option<Budget>, &'a Range<usize>);

fn calendars(draft: &Draft, findings: &mut Findings) {
    let promises = draft.promises.iter().map(|promise| -> Counting<'_> {
        (promise.on.as_ref(), promise.within.as_ref().map(|within| within.value), &promise.header)
    });
    let remedies = draft.breaches.values().filter_map(|breach| breach.remedy.as_ref());
    let low = draft.survey.iter().filter_map(|survey| survey.low.as_ref()).map(|(_, on)| on);
    let later = remedies.chain(low).map(|on| -> Counting<'_> { (on.on.as_ref(), None, &on.within.span) });
    let mut used = BTreeSet::new();
    let mut all_resolve = true;
    for (name, within, span) in promises.chain(later) {
        match name {
            Some(name) if draft.calendars.contains_key(&name.value) => {
                used.insert(name.value.as_str());
            }
            Some(name) => {
                all_resolve = false;
                let what = Text::new("日历", "calendar");
                unresolved(
                    findings,
                    "unknown-calendar",
                    &what,
                    name,
                    draft.calendars.keys().map(String::as_str),
                );
            }
            None => match super::build::default_calendar(draft, within) {
                Some(default) => {
                    used.insert(default);
                }
                None => missing_calendar(findings, span.clone()),
            },
        }
    }
    if !all_resolve {
        // The unused one is probably the one that was meant.
        return;
    }
    for (name, calendar) in draft.calendars.iter().filter(|(name, _)| !used.contains(name.as_str())) {
        findings
            .add(
                "unused-calendar",
                calendar.header.clone(),
                say!("没有条款使用日历“{name}”", "no promise counts on the calendar `{name}`"),
                say!("未被使用", "never used"),
            )
            .help(say!(
                "删去它，或在条款中写 on = \"{name}\"",
                "remove it, or write on = \"{name}\" in a promise"
            ));
    }
}

fn missing_calendar(findings: &mut Findings, span: Range<usize>) {
    findings
        .add(
            "missing-key",
            span,
            say!("没有说明时限按哪个日历计算", "it does not say which calendar the time counts on"),
            say!("此处缺少“on”", "`on` is missing here"),
        )
        .help(say!(
            "补上 on = \"…\"；补救和回访的期限在全文只有一个非 7×24 日历时可以省略",
            "add on = \"…\"; remedies and call-backs may leave it out where the file has one single calendar that is not 24×7"
        ));
}

fn ladders(draft: &Draft, findings: &mut Findings) {
    let what = Text::new("升级阶梯", "ladder");
    let mut used = BTreeSet::new();
    for name in draft.promises.iter().filter_map(|promise| promise.ladder.as_ref()) {
        used.insert(name.value.as_str());
        if !draft.ladders.contains_key(&name.value) {
            unresolved(findings, "unknown-ladder", &what, name, draft.ladders.keys().map(String::as_str));
        }
    }
    if used.iter().any(|name| !draft.ladders.contains_key(*name)) {
        // The unused one is probably the one that was meant.
        return;
    }
    for (name, ladder) in &draft.ladders {
        if !used.contains(name.as_str()) {
            findings
                .add(
                    "unused-ladder",
                    ladder.header.clone(),
                    say!("没有条款使用升级阶梯“{name}”", "no promise climbs the ladder `{name}`"),
                    say!("未被使用", "never used"),
                )
                .help(say!(
                    "删去它，或在条款中写 ladder = \"{name}\"",
                    "remove it, or write ladder = \"{name}\" in a promise"
                ));
        }
    }
}

fn promises(draft: &Draft, findings: &mut Findings) {
    let what = Text::new("条款", "promise");
    let known: Vec<&str> =
        draft.promises.iter().filter_map(|promise| promise.id.as_ref()).map(|id| id.value.as_str()).collect();
    let compensated = draft.compensations.iter().flat_map(|line| &line.promise);
    for name in draft.promises.iter().flat_map(|promise| &promise.over).chain(compensated) {
        if !known.contains(&name.value.as_str()) {
            let name = Noted { value: name.value.as_str().to_owned(), span: name.span.clone() };
            unresolved(findings, "unknown-promise", &what, &name, known.iter().copied());
        }
    }
}

fn grades(draft: &Draft, findings: &mut Findings) {
    let mut missing = BTreeSet::new();
    for grade in draft.promises.iter().filter_map(|promise| promise.grade.as_ref()) {
        if draft.breaches.contains_key(&grade.value) || !missing.insert(grade.value) {
            continue;
        }
        let word = grade.value.word();
        findings
            .add(
                "breach-terms-missing",
                grade.span.clone(),
                say!(
                    "用到了违约等级“{word}”，但没有写明违约后如何补救",
                    "the grade `{word}` is used, but nothing says what follows from it"
                ),
                say!("没有 [breach.{word}]", "there is no [breach.{word}]"),
            )
            .help(say!(
                "加上 [breach.{word}]，写明 remedy-within 和 notice",
                "add [breach.{word}] with `remedy-within` and `notice`"
            ));
    }
}

/// A letter that takes effect before it is signed binds nobody for that time.
fn dates(draft: &Draft, findings: &mut Findings) {
    let (Some(effective), Some(signed)) = (&draft.head.effective, &draft.head.signed) else { return };
    let zone = draft.calendars.values().find_map(|calendar| calendar.calendar.as_ref());
    let zone = zone.map_or(jiff::tz::TimeZone::UTC, |calendar| calendar.time_zone().clone());
    let starts = effective.value.to_zoned(zone).date();
    let on = signed.value.on;
    if on <= starts {
        return;
    }
    findings
        .add(
            "signed-late",
            signed.span.clone(),
            say!(
                "签署日期 {on} 晚于生效日期 {starts}",
                "it is signed on {on}, after it takes effect on {starts}"
            ),
            say!("签署晚于生效", "signed after it takes effect"),
        )
        .help(say!("核对两个日期", "check both dates"))
        .relate(effective.span.clone(), say!("生效时刻", "takes effect here"));
}
