//! Whether the entries of a ticket are what people were told, and nothing else.

use yinuo_core::{
    roster::Actor,
    ticket::{Command, Entry, Event},
    words::Words,
};
use yinuo_ledger::Loaded;

use super::Known;

/// Whether an entry is what a command makes.
pub(super) fn fits(command: &Command, entry: &Entry, erased: bool) -> bool {
    // Of whoever was erased nothing is left to compare.
    let same =
        |said: &Words, on_record: &Words| if erased { on_record.is_blank() } else { said == on_record };
    let Some(first) = entry.events.first() else { return false };
    match (command, first) {
        (Command::Classify { facets: asked, .. }, Event::Classified { facets, .. }) => asked == facets,
        (Command::Assign { team, member }, Event::Assigned { team: to, member: person, .. }) => {
            (team, member) == (to, person)
        }
        (Command::Reply { answer }, Event::Replied { body, purpose, .. }) => {
            same(&answer.body, body) && answer.purpose == *purpose
        }
        (Command::PickUp { rings: heard }, Event::PickedUp { rings }) => heard == rings,
        (
            Command::ProposeSolution { body: said, carry_out_by: by, .. },
            Event::SolutionProposed { body, carry_out_by, .. },
        ) => same(said, body) && *by == Some(*carry_out_by),
        (Command::Close { outcome: how, .. }, Event::Replied { .. } | Event::Closed { .. }) => {
            entry.events.iter().any(|event| matches!(event, Event::Closed { outcome, .. } if outcome == how))
        }
        (Command::AnswerSurvey { ratings: given, .. }, Event::Surveyed { ratings, .. }) => given == ratings,
        (Command::CorrectCustomer { customer: right, .. }, Event::CustomerCorrected { customer, .. }) => {
            erased || right.address == customer.address
        }
        (Command::RecordWords { body: said }, Event::CustomerWrote { body })
        | (Command::Note { body: said }, Event::Noted { body })
        | (Command::Contact { body: said, .. }, Event::Contacted { body, .. })
        | (Command::Dispatch { body: said }, Event::Dispatched { body })
        | (Command::Solve { body: said, .. }, Event::Solved { body, .. })
        | (Command::StartInvestigation { body: said }, Event::InvestigationStarted { body })
        | (Command::Verify { findings: said }, Event::VerifiedOnSite { findings: body })
        | (Command::RejectSolution { reason: said }, Event::SolutionRejected { reason: body })
        | (Command::CarryOut { body: said }, Event::CarriedOut { body })
        | (Command::Pause { note: said, .. }, Event::Paused { note: body, .. })
        | (Command::GrantException { evidence: said, .. }, Event::ExceptionGranted { evidence: body, .. })
        | (Command::CallMediation { mediator: said }, Event::MediationCalled { mediator: body })
        | (
            Command::ConcludeMediation { outcome: said, .. },
            Event::MediationConcluded { outcome: body, .. },
        )
        | (Command::ReportLoss { body: said, .. }, Event::LossReported { body, .. })
        | (Command::FindConcealment { body: said }, Event::ConcealmentFound { body })
        | (Command::Reopen { body: said, .. }, Event::Reopened { body, .. })
        | (Command::CallBack { body: said }, Event::CalledBack { body })
        | (Command::ProposeRemedy { notice: said, .. }, Event::RemedyProposed { notice: body, .. })
        | (Command::Reveal { reason: said, .. }, Event::Revealed { reason: body, .. })
        | (Command::DeliverRemedy { note: said, .. }, Event::RemedyDelivered { note: body, .. }) => {
            same(said, body)
        }
        (Command::ApproveRemedy { grade: of }, Event::RemedyApproved { grade })
        | (Command::ConfirmRemedy { grade: of }, Event::RemedyConfirmed { grade }) => of == grade,
        (
            Command::GiveAnswer { body: said, article: from, .. },
            Event::Replied { body, automatic: true, .. },
        ) => {
            let given =
                |event: &Event| matches!(event, Event::AnswerGiven { article, .. } if article == from);
            same(said, body) && entry.events.get(1).is_some_and(given)
        }
        (Command::JudgeAnswer { helpful: found }, Event::AnswerJudged { helpful, .. }) => {
            found == helpful && !entry.events.contains(&Event::PersonAsked)
        }
        (Command::AskForPerson, _) => entry.events.contains(&Event::PersonAsked),
        (Command::Take, Event::Assigned { member, .. }) => entry.actor.member() == *member,
        _ => fits_by_name(command, first),
    }
}

/// Commands that say no more than what was done.
const fn fits_by_name(command: &Command, event: &Event) -> bool {
    matches!(
        (command, event),
        (Command::ConfirmClassification, Event::ClassificationConfirmed)
            | (Command::EndCall, Event::CallEnded)
            | (Command::TellLookup, Event::LookupTold)
            | (Command::Arrive, Event::Arrived)
            | (Command::AcceptSolution, Event::SolutionAccepted)
            | (Command::Confirm, Event::Confirmed)
            | (Command::Resume { .. }, Event::Resumed { .. })
            | (Command::LiftException { .. }, Event::ExceptionLifted { .. })
    )
}

/// Every entry was asked for, everything that was acknowledged is there, and time does not run backwards.
pub(super) fn check(known: &Known, loaded: &Loaded<Entry>, erased: bool) -> Vec<String> {
    let mut objections = Vec::new();
    let mut object = |what: String| objections.push(format!("{}: {what}", known.number));
    for (entry, version) in loaded.entries.iter().zip(1_u32..) {
        match known.deeds.get(&version) {
            _ if version == 1 => {
                if !received(known, entry, erased) {
                    object("the receipt is not what the customer sent".to_owned());
                }
            }
            Some((command, actor, at)) => {
                if entry.actor != *actor || entry.at != *at || !fits(command, entry, erased) {
                    object(format!(
                        "version {version} is not the {} that was acknowledged",
                        command.kind().word()
                    ));
                }
            }
            None => {
                let own = |event: &Event| matches!(event, Event::AlarmFired { .. } | Event::Assigned { .. });
                if entry.actor != Actor::System || !entry.events.iter().all(own) {
                    object(format!("nobody asked for version {version}"));
                }
            }
        }
    }
    if let Some((last, _)) = known.deeds.last_key_value()
        && *last > loaded.version
    {
        object(format!("version {last} was acknowledged and is not there"));
    }
    if loaded.entries.windows(2).any(|pair| pair[1].at < pair[0].at) {
        object("time runs backwards".to_owned());
    }
    objections
}

/// The words of the customer can be read as they were sent.
fn received(known: &Known, entry: &Entry, erased: bool) -> bool {
    let sent = &known.submission;
    matches!(
        entry.events.first(),
        Some(Event::Received { number, query_code, channel, customer, subject, body, .. })
            if *number == known.number
                && *channel == sent.channel
                && if erased {
                    [query_code, subject, body, &customer.name].iter().all(|words| words.text().is_none())
                        && customer.phone.as_ref().is_none_or(|phone| phone.text().is_none())
                        && customer.email.as_ref().is_none_or(|email| email.text().is_none())
                } else {
                    query_code.text() == Some(known.query_code.as_str())
                        && *customer == sent.customer
                        && *subject == sent.subject
                        && *body == sent.body
                }
    ) && entry.at == known.received_at
}
