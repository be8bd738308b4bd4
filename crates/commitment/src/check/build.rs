//! From a draft without errors to the commitment.

use crate::{
    model::{BreachTerms, Budget, Commitment, Compensation, ContentHash, LowRating, Promise, Survey},
    read::{Draft, OnCalendar, PromiseDraft},
};

/// The calendar that counts where a file names none. Told times, calls and rings take any 24×7 calendar if there is
/// one, because nothing of their budget depends on working time. Remedies and call-backs (`within` is `None`) and these
/// budgets otherwise take the single calendar that is not 24×7, or the only one of the file. Other promises have to name theirs.
pub(super) fn default_calendar(draft: &Draft, within: Option<Budget>) -> Option<&str> {
    let always = |name: &&String| draft.calendars.get(*name).is_some_and(|calendar| calendar.always);
    if matches!(within, Some(Budget::Working(_) | Budget::Workdays(_))) {
        return None;
    }
    if within.is_some()
        && let Some(name) = draft.calendars.keys().find(always)
    {
        return Some(name);
    }
    let mut weekly = draft.calendars.keys().filter(|name| !always(name));
    let mut all = draft.calendars.keys();
    match (weekly.next(), weekly.next(), all.next(), all.next()) {
        (Some(single), None, ..) | (None, _, Some(single), None) => Some(single),
        _ => None,
    }
}

/// The commitment; `None` if a part is missing, which the findings then say.
pub(super) fn build(draft: Draft, hash: ContentHash) -> Option<Commitment> {
    let promises =
        draft.promises.iter().map(|promise| build_promise(&draft, promise)).collect::<Option<Vec<_>>>()?;
    let later = |on: &OnCalendar| -> Option<String> {
        on.on
            .as_ref()
            .map(|on| on.value.as_str())
            .or_else(|| default_calendar(&draft, None))
            .map(str::to_owned)
    };
    let mut breaches = std::collections::BTreeMap::new();
    for (grade, breach) in &draft.breaches {
        let remedy = breach.remedy.as_ref()?;
        let terms = BreachTerms {
            text: breach.text.clone(),
            remedy_within: remedy.within.value,
            on: later(remedy)?,
            notice: breach.notice?,
            tell: breach.tell.clone(),
        };
        breaches.insert(*grade, terms);
    }
    let survey = match &draft.survey {
        None => None,
        Some(survey) => {
            let low = match &survey.low {
                None => None,
                Some((at_most, on)) => {
                    Some(LowRating { at_most: *at_most, within: on.within.value, on: later(on)? })
                }
            };
            Some(Survey { after: survey.after?, standard: survey.standard?, ask: survey.ask.clone(), low })
        }
    };
    let compensations = draft.compensations.iter().map(|line| {
        let promise = line.promise.iter().map(|noted| noted.value.clone()).collect();
        Some(Compensation { promise, overrun: line.overrun, give: line.give.clone()? })
    });
    let compensations = compensations.collect::<Option<Vec<_>>>()?;
    let calendars = draft.calendars.iter().map(|(name, draft)| Some((name.clone(), draft.calendar.clone()?)));
    let calendars = calendars.collect::<Option<_>>()?;
    Some(Commitment {
        hash,
        number: draft.head.number?.value,
        title: draft.head.title?,
        company: draft.head.company?,
        hotline: draft.head.hotline,
        effective: draft.head.effective?.value,
        signed: draft.head.signed?.value,
        covers: draft.head.covers,
        preamble: draft.head.preamble,
        calendars,
        promises,
        ladders: draft.ladders.into_iter().map(|(name, draft)| (name, draft.ladder)).collect(),
        breaches,
        compensations,
        capacity: draft.capacity,
        survey,
        duties: draft.duties.into_iter().map(|noted| noted.value).collect(),
        rules: draft.rules.into_iter().map(|noted| noted.value).collect(),
        scope: draft.scope.into_iter().map(|noted| noted.value).collect(),
        surge: draft.surge,
    })
}

fn build_promise(draft: &Draft, promise: &PromiseDraft) -> Option<Promise> {
    let within = promise.within.as_ref()?.value;
    let on =
        promise.on.as_ref().map(|on| on.value.as_str()).or_else(|| default_calendar(draft, Some(within)));
    Some(Promise {
        id: promise.id.as_ref()?.value.clone(),
        title: promise.title.clone()?,
        text: promise.text.clone(),
        when: promise.when.as_ref()?.value.clone(),
        from: promise.from.as_ref()?.value,
        until: promise.until.as_ref()?.value.clone(),
        within,
        on: on?.to_owned(),
        pause: promise.pause.clone(),
        except: promise.except.clone(),
        requires: promise.requires.clone(),
        tells: promise.tells.as_ref().map(|tells| tells.value),
        automatic: promise.automatic,
        ladder: promise.ladder.as_ref().map(|ladder| ladder.value.clone()),
        grade: promise.grade.as_ref().map(|grade| grade.value),
        over: promise.over.iter().map(|noted| noted.value.clone()).collect(),
    })
}
