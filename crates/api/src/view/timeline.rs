//! What happened, item by item, for the company's people.

use yinuo_core::{
    roster::Roster,
    ticket::{AssignReason, Classifier, Entry, Event, Outcome},
    words::Words,
};

use super::{
    actor,
    clock::{key, step},
    member_name,
    sheet::ratings,
};
use crate::dto::{
    Instant,
    list::Facets,
    timeline::{AssignWord, ClassifierWord, EventWord, TimelineDetails, TimelineItem},
    words::ContentWord,
};

/// The whole course of a ticket.
pub(super) fn timeline(entries: &[Entry], roster: &Roster) -> Vec<TimelineItem> {
    let numbered = entries.iter().zip(1_u32..);
    numbered
        .flat_map(|(entry, seq)| {
            entry.events.iter().map(move |event| {
                let (text, details) = details(event, roster);
                TimelineItem {
                    seq,
                    at: entry.at.into(),
                    actor: actor(entry.behind(event), roster),
                    event: word(event),
                    text: text.and_then(Words::text).filter(|text| !text.is_empty()).map(str::to_owned),
                    erased: text.is_some_and(|words| words.text().is_none()),
                    details,
                }
            })
        })
        .collect()
}

/// The word of an event.
pub(super) const fn word(event: &Event) -> EventWord {
    match event {
        Event::Received { .. } => EventWord::Received,
        Event::Classified { .. } => EventWord::Classified,
        Event::Assessed { .. } => EventWord::Assessed,
        Event::ClassificationConfirmed => EventWord::ClassificationConfirmed,
        Event::Assigned { .. } => EventWord::Assigned,
        Event::LeftUnassigned => EventWord::LeftUnassigned,
        Event::PickedUp { .. } => EventWord::PickedUp,
        Event::CallEnded => EventWord::CallEnded,
        Event::LookupTold => EventWord::LookupTold,
        Event::Replied { .. } => EventWord::Replied,
        Event::CustomerWrote { .. } => EventWord::CustomerWrote,
        Event::Noted { .. } => EventWord::Noted,
        Event::Contacted { .. } => EventWord::Contacted,
        Event::Dispatched { .. } => EventWord::Dispatched,
        Event::Arrived => EventWord::Arrived,
        Event::Solved { .. } => EventWord::Solved,
        Event::InvestigationStarted { .. } => EventWord::InvestigationStarted,
        Event::VerifiedOnSite { .. } => EventWord::VerifiedOnSite,
        Event::SolutionProposed { .. } => EventWord::SolutionProposed,
        Event::SolutionAccepted => EventWord::SolutionAccepted,
        Event::SolutionRejected { .. } => EventWord::SolutionRejected,
        Event::CarriedOut { .. } => EventWord::CarriedOut,
        Event::Confirmed => EventWord::Confirmed,
        Event::Paused { .. } => EventWord::Paused,
        Event::Resumed { .. } => EventWord::Resumed,
        Event::ExceptionGranted { .. } => EventWord::ExceptionGranted,
        Event::ExceptionLifted { .. } => EventWord::ExceptionLifted,
        Event::MediationCalled { .. } => EventWord::MediationCalled,
        Event::MediationConcluded { .. } => EventWord::MediationConcluded,
        Event::LossReported { .. } => EventWord::LossReported,
        Event::ConcealmentFound { .. } => EventWord::ConcealmentFound,
        Event::Closed { .. } => EventWord::Closed,
        Event::Reopened { .. } => EventWord::Reopened,
        Event::Surveyed { .. } => EventWord::Surveyed,
        Event::CalledBack { .. } => EventWord::CalledBack,
        Event::RemedyProposed { .. } => EventWord::RemedyProposed,
        Event::RemedyApproved { .. } => EventWord::RemedyApproved,
        Event::RemedyDelivered { .. } => EventWord::RemedyDelivered,
        Event::RemedyConfirmed { .. } => EventWord::RemedyConfirmed,
        Event::CustomerCorrected { .. } => EventWord::CustomerCorrected,
        Event::Revealed { .. } => EventWord::Revealed,
        Event::AnswerGiven { .. } => EventWord::AnswerGiven,
        Event::ArticleUsed { .. } => EventWord::ArticleUsed,
        Event::AnswerJudged { .. } => EventWord::AnswerJudged,
        Event::PersonAsked => EventWord::PersonAsked,
        Event::WordingOverridden { .. } => EventWord::WordingOverridden,
        Event::AlarmFired { .. } => EventWord::AlarmFired,
    }
}

/// The text of an event, and what else it says.
#[expect(clippy::too_many_lines, reason = "one arm per event: a table")]
fn details<'a>(event: &'a Event, roster: &Roster) -> (Option<&'a Words>, TimelineDetails) {
    let mut details = TimelineDetails::default();
    let text = match event {
        Event::Received { body, channel, .. } => {
            details.channel = Some((*channel).into());
            Some(body)
        }
        Event::Classified { facets, by, why } => {
            details.facets = Some(Facets::from(facets));
            details.classifier = Some(match by {
                Classifier::Customer => ClassifierWord::Customer,
                Classifier::Rules => ClassifierWord::Rules,
                Classifier::Person => ClassifierWord::Person,
            });
            Some(why)
        }
        Event::Assigned { team, member, reason } => {
            details.team = Some(team.into());
            details.member = member.map(|member| member_name(member, roster));
            details.assigned = Some(match reason {
                AssignReason::Routed => AssignWord::Routed,
                AssignReason::Decided => AssignWord::Decided,
                AssignReason::Escalated => AssignWord::Escalated,
            });
            None
        }
        Event::PickedUp { rings } => {
            details.rings = Some(*rings);
            None
        }
        Event::Replied { body, form, purpose, contents, told, automatic } => {
            details.form = Some((*form).into());
            details.purpose = Some((*purpose).into());
            details.contents = some(contents);
            details.told = told.map(|told| told.mark.into());
            details.told_by = told.map(|told| Instant(told.by));
            details.automatic = Some(*automatic);
            Some(body)
        }
        Event::Contacted { body, contents } => {
            details.contents = some(contents);
            Some(body)
        }
        Event::Solved { remote, body } => {
            details.remote = Some(*remote);
            Some(body)
        }
        Event::SolutionProposed { body, form, carry_out_by, meets_standard } => {
            details.form = Some((*form).into());
            details.carry_out_by = Some((*carry_out_by).into());
            details.meets_standard = Some(*meets_standard);
            Some(body)
        }
        Event::Paused { reason, note } => {
            details.pause = Some((*reason).into());
            Some(note)
        }
        Event::Resumed { reason } => {
            details.pause = Some((*reason).into());
            None
        }
        Event::ExceptionGranted { ground, evidence, word_at, alternative } => {
            details.ground = Some((*ground).into());
            details.word_at = Some((*word_at).into());
            details.alternative = alternative.text().map(str::to_owned);
            Some(evidence)
        }
        Event::ExceptionLifted { ground } => {
            details.ground = Some((*ground).into());
            None
        }
        Event::MediationConcluded { outcome, cost_fen } => {
            details.cost_fen = Some(*cost_fen);
            Some(outcome)
        }
        Event::LossReported { major, body } => {
            details.major = Some(*major);
            Some(body)
        }
        Event::Closed { outcome, note } => {
            details.outcome = Some(outcome.word().to_owned());
            match outcome {
                Outcome::OutOfScope { commitment, term } => {
                    details.commitment = Some(commitment.clone());
                    details.term = Some(term.clone());
                }
                Outcome::Duplicate { of } => details.duplicate_of = Some((*of).into()),
                Outcome::Settled | Outcome::Withdrawn | Outcome::Unresolved => {}
            }
            Some(note)
        }
        Event::Reopened { reason, body } => {
            details.reopened = Some((*reason).into());
            Some(body)
        }
        Event::Surveyed { ratings: given, low, comment } => {
            details.ratings = Some(ratings(given));
            details.low = Some(*low);
            Some(comment)
        }
        Event::RemedyProposed { grade, notice, form, gives } => {
            details.grade = Some((*grade).into());
            details.form = Some((*form).into());
            details.gives = Some(gives.iter().map(Into::into).collect());
            Some(notice)
        }
        Event::RemedyApproved { grade } | Event::RemedyConfirmed { grade } => {
            details.grade = Some((*grade).into());
            None
        }
        Event::RemedyDelivered { grade, note } => {
            details.grade = Some((*grade).into());
            Some(note)
        }
        Event::CustomerCorrected { customer, why } => {
            details.customer = Some(customer.into());
            Some(why)
        }
        Event::Revealed { fields, reason } => {
            details.fields = Some(super::looks::fields(fields));
            Some(reason)
        }
        Event::WordingOverridden { objections, reason } => {
            details.objections = Some(objections.clone());
            Some(reason)
        }
        Event::AlarmFired { clock, step: at_step, planned_at, noticed_at } => {
            let (word, percent, after_ms) = step(*at_step);
            details.clock = Some(key(clock));
            details.step = Some(word);
            details.percent = percent;
            details.after_ms = after_ms;
            details.planned_at = Some((*planned_at).into());
            details.noticed_at = Some((*noticed_at).into());
            None
        }
        Event::AnswerGiven { article, version, permille, .. } => {
            details.article = Some(article.to_string());
            details.article_version = Some(*version);
            details.permille = Some(*permille);
            None
        }
        Event::ArticleUsed { article, version, edited } => {
            details.article = Some(article.to_string());
            details.article_version = Some(*version);
            details.edited = Some(*edited);
            None
        }
        Event::AnswerJudged { article, version, helpful } => {
            details.article = Some(article.to_string());
            details.article_version = Some(*version);
            details.helpful = Some(*helpful);
            None
        }
        Event::CustomerWrote { body }
        | Event::Noted { body }
        | Event::Dispatched { body }
        | Event::InvestigationStarted { body }
        | Event::CarriedOut { body }
        | Event::ConcealmentFound { body }
        | Event::CalledBack { body }
        | Event::VerifiedOnSite { findings: body }
        | Event::SolutionRejected { reason: body }
        | Event::MediationCalled { mediator: body } => Some(body),
        Event::LeftUnassigned
        | Event::Assessed { .. }
        | Event::ClassificationConfirmed
        | Event::CallEnded
        | Event::LookupTold
        | Event::Arrived
        | Event::SolutionAccepted
        | Event::PersonAsked
        | Event::Confirmed => None,
    };
    (text, details)
}

fn some(contents: &[yinuo_commitment::Content]) -> Option<Vec<ContentWord>> {
    (!contents.is_empty()).then(|| contents.iter().copied().map(Into::into).collect())
}
