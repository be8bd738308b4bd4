//! What changed in the promises.

use super::{Changes, ForCustomer, both, budget_verdict};
use crate::{
    letter::exact_sentence,
    model::{Commitment, Promise, When},
    read::say,
    vocabulary::{Text, Word},
    words::{and_list, budget_words, is_always, labels, pick, when_words},
};

pub(super) fn diff(old: &Commitment, new: &Commitment, changes: &mut Changes) {
    for after in &new.promises {
        if let Some(before) = old.promise(after.id.as_str()) {
            compare((old, before), (new, after), changes);
        } else {
            let Text { zh, en } = both(|language| exact_sentence(after, new, language));
            changes.add(ForCustomer::Better, say!("新增承诺：{zh}", "new promise: {en}"));
        }
    }
    for before in old.promises.iter().filter(|before| new.promise(before.id.as_str()).is_none()) {
        let Text { zh, en } = both(|language| exact_sentence(before, old, language));
        changes.add(ForCustomer::Worse, say!("取消承诺：{zh}", "promise gone: {en}"));
    }
}

fn compare(
    (old, before): (&Commitment, &Promise),
    (new, after): (&Commitment, &Promise),
    changes: &mut Changes,
) {
    let Text { zh: title_zh, en: title_en } = &after.title;
    let calendars = (old.calendar(&before.on), new.calendar(&after.on));
    if before.within != after.within || is_always(calendars.0) != is_always(calendars.1) {
        let was = both(|language| budget_words(before.within, calendars.0, language));
        let is = both(|language| budget_words(after.within, calendars.1, language));
        let (Text { zh: was_zh, en: was_en }, Text { zh: is_zh, en: is_en }) = (was, is);
        changes.add(
            budget_verdict((before.within, calendars.0), (after.within, calendars.1)),
            say!("{title_zh}：时限由{was_zh}改为{is_zh}", "{title_en}: the time was {was_en} and is {is_en}"),
        );
    }
    if before.when != after.when {
        let (was, is) = (both(|l| when_words(&before.when, l)), both(|l| when_words(&after.when, l)));
        let verdict = match (holds(&after.when, &before.when), holds(&before.when, &after.when)) {
            (true, false) => ForCustomer::Better,
            (false, true) => ForCustomer::Worse,
            _ => ForCustomer::Neutral,
        };
        let (Text { zh: was_zh, en: was_en }, Text { zh: is_zh, en: is_en }) = (was, is);
        changes.add(
            verdict,
            say!(
                "{title_zh}：适用范围由{was_zh}改为{is_zh}",
                "{title_en}: it covered {was_en} and covers {is_en}"
            ),
        );
    }
    if before.from != after.from || before.until != after.until {
        let words = |promise: &Promise| {
            both(|language| {
                let ends: Vec<&str> = promise.until.iter().map(|mark| mark.label(language)).collect();
                format!("{} → {}", promise.from.label(language), ends.join(" / "))
            })
        };
        let (Text { zh: was_zh, en: was_en }, Text { zh: is_zh, en: is_en }) = (words(before), words(after));
        changes.add(
            ForCustomer::Neutral,
            say!(
                "{title_zh}：计时由“{was_zh}”改为“{is_zh}”",
                "{title_en}: the clock ran “{was_en}” and runs “{is_en}”"
            ),
        );
    }
    conditions(before, after, changes);
}

/// Everything that makes a promise stricter or laxer without touching its time.
fn conditions(before: &Promise, after: &Promise, changes: &mut Changes) {
    let grounds = |promise: &Promise| promise.except.keys().copied().collect::<Vec<_>>();
    list(after, &before.pause, &after.pause, false, ("暂停计时的理由", "reason to stand still"), changes);
    list(after, &grounds(before), &grounds(after), false, ("除外情形", "exception"), changes);
    list(
        after,
        &before.requires,
        &after.requires,
        true,
        ("回应须包含的内容", "content that the reply states"),
        changes,
    );
    for (ground, needs) in &after.except {
        if let Some(earlier) = before.except.get(ground) {
            list(after, earlier, needs, true, ("除外须具备的条件", "condition of the exception"), changes);
        }
    }
    let told = |promise: &Promise| promise.tells.into_iter().collect::<Vec<_>>();
    list(after, &told(before), &told(after), true, ("须告知的预计时间", "time that is told"), changes);
    let Text { zh: title_zh, en: title_en } = &after.title;
    if before.automatic != after.automatic {
        let (verdict, zh, en) = if after.automatic {
            (ForCustomer::Worse, "自动回复也算数", "an automatic answer now counts")
        } else {
            (ForCustomer::Better, "自动回复不再算数", "an automatic answer no longer counts")
        };
        changes.add(verdict, say!("{title_zh}：{zh}", "{title_en}: {en}"));
    }
    if before.grade != after.grade {
        let words = |promise: &Promise| {
            both(|language| {
                promise.grade.map_or_else(
                    || pick(language, "不分级", "no grade"),
                    |grade| grade.label(language).to_owned(),
                )
            })
        };
        let (Text { zh: was_zh, en: was_en }, Text { zh: is_zh, en: is_en }) = (words(before), words(after));
        changes.add(
            super::verdict(before.grade, after.grade, false),
            say!(
                "{title_zh}：违约等级由{was_zh}改为{is_zh}",
                "{title_en}: a miss was {was_en} and is {is_en}"
            ),
        );
    }
}

/// Words that were added to or dropped from a list of a promise.
fn list<W: Word>(
    promise: &Promise,
    before: &[W],
    after: &[W],
    more_is_good: bool,
    (what_zh, what_en): (&str, &str),
    changes: &mut Changes,
) {
    let Text { zh: title_zh, en: title_en } = &promise.title;
    let words = |one: &[W], other: &[W]| {
        let only: Vec<W> = one.iter().filter(|word| !other.contains(word)).copied().collect();
        (!only.is_empty()).then(|| both(|language| and_list(&labels(&only, language), language)))
    };
    if let Some(Text { zh, en }) = words(after, before) {
        let verdict = if more_is_good { ForCustomer::Better } else { ForCustomer::Worse };
        changes.add(verdict, say!("{title_zh}：新增{what_zh}：{zh}", "{title_en}: new {what_en}: {en}"));
    }
    if let Some(Text { zh, en }) = words(before, after) {
        let verdict = if more_is_good { ForCustomer::Worse } else { ForCustomer::Better };
        changes
            .add(verdict, say!("{title_zh}：取消{what_zh}：{zh}", "{title_en}: no longer a {what_en}: {en}"));
    }
}

/// Whether `wide` lets in everything that `narrow` lets in.
fn holds(wide: &When, narrow: &When) -> bool {
    fn list<T: PartialEq>(wide: &[T], narrow: &[T]) -> bool {
        wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|item| wide.contains(item)))
    }
    list(&wide.kind, &narrow.kind)
        && list(&wide.channel, &narrow.channel)
        && list(&wide.urgency, &narrow.urgency)
        && list(&wide.complexity, &narrow.complexity)
        && list(&wide.severity, &narrow.severity)
        && list(&wide.site, &narrow.site)
        && (wide.technical.is_none() || wide.technical == narrow.technical)
        && list(&wide.topic, &narrow.topic)
}
