//! Commitments: checked, published, withdrawn, explained, replayed.

use std::sync::Arc;

use jiff::Timestamp;
use yinuo_calendar::{Explanation, Pauses};
use yinuo_commitment::{Budget, Commitment, Diagnostic, check, coverage, tables};
use yinuo_core::{
    access::Operation,
    figures::{Figures, Report},
    organisation::{OrganisationEvent, Published},
    roster::Actor,
    ticket::{self, Facts, Pin},
    view,
};
use yinuo_ledger::Page;

use crate::{desk::Desk, error::DeskError, figures::FiguresQuery};

/// Longest commitment file, in bytes.
const COMMITMENT_MAX_BYTES: usize = 512 * 1024;

/// What a check of a draft came to.
#[derive(Debug, Clone)]
pub struct CheckOutcome {
    /// The commitment, unless it has errors.
    pub commitment: Option<Arc<Commitment>>,
    /// What was found, with spans into the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Which combinations of facets have which clocks.
    pub coverage: Option<coverage::Coverage>,
}

/// A published version, ready to be shown.
#[derive(Debug, Clone)]
pub struct PublishedView {
    /// What was published.
    pub published: Published,
    /// The same as data.
    pub commitment: Arc<Commitment>,
    /// Whether requests that come in now are judged by it.
    pub in_force: bool,
}

impl Desk {
    /// Checks a draft against the holiday tables of the organisation.
    pub fn check(&self, text: &str) -> CheckOutcome {
        let report = check(text, &self.0.settings.tables);
        let commitment = report.commitment.map(Arc::new);
        let coverage = commitment.as_ref().map(|commitment| coverage::table(&[commitment]));
        CheckOutcome { commitment, diagnostics: report.diagnostics, coverage }
    }

    /// Publishes a file: it gets a version and is immutable from then on. Publishing the version in force again is
    /// refused, so that a button pressed twice does no harm.
    pub async fn publish(&self, text: &str, actor: Actor) -> Result<Published, DeskError> {
        Self::allow(actor, Operation::PublishCommitment)?;
        if text.len() > COMMITMENT_MAX_BYTES {
            return Err(DeskError::invalid(
                "text",
                "承诺书文件过大，最多 512 KiB。",
                "The commitment file is too large: at most 512 KiB.",
            ));
        }
        let outcome = self.check(text);
        let Some(commitment) = outcome.commitment else {
            return Err(DeskError::Commitment { diagnostics: outcome.diagnostics });
        };
        let tables = &self.0.settings.tables;
        let pinned = tables
            .names()
            .filter_map(|name| Some((name.to_owned(), tables::canonical_text(tables.get(name)?))));
        let pinned: Vec<(String, String)> = pinned.collect();
        let number = commitment.number.clone();
        let version = self
            .organise(actor, |organisation| {
                let last = organisation.published.iter().rev().find(|published| published.number == number);
                let withdrawn = organisation.withdrawn.iter().any(|(withdrawn, _)| *withdrawn == number);
                if !withdrawn && last.is_some_and(|published| published.hash == commitment.hash) {
                    return Err(DeskError::invalid(
                        "text",
                        "这一版本已经发布，内容没有变化。",
                        "This very version is already published; nothing has changed in it.",
                    ));
                }
                let version = organisation.next_version(&number);
                let published = OrganisationEvent::CommitmentPublished {
                    number: number.clone(),
                    version,
                    hash: commitment.hash,
                    text: text.to_owned(),
                    tables: pinned.clone(),
                };
                Ok((vec![published], version))
            })
            .await?;
        let organisation = self.organisation();
        let this = |published: &&Published| published.number == number && published.version == version;
        organisation.published.iter().find(this).cloned().ok_or(DeskError::NotFound { what: "commitment" })
    }

    /// Withdraws a letter: requests that come in from now on are no longer judged by it.
    pub async fn withdraw(&self, number: &str, actor: Actor) -> Result<(), DeskError> {
        Self::allow(actor, Operation::PublishCommitment)?;
        let from = self.now();
        self.organise(actor, |organisation| {
            let published = organisation.published.iter().any(|published| published.number == number);
            let withdrawn = organisation.withdrawn.iter().any(|(withdrawn, _)| withdrawn == number);
            if !published || withdrawn {
                return Err(DeskError::NotFound { what: "commitment" });
            }
            Ok((vec![OrganisationEvent::CommitmentWithdrawn { number: number.to_owned(), from }], ()))
        })
        .await
    }

    /// Every published version, the newest last.
    pub fn commitments(&self) -> Vec<PublishedView> {
        let house = self.house();
        let in_force = house.in_force(self.now());
        let views = house.organisation.published.iter().filter_map(|published| {
            let commitment = Arc::clone(house.commitments.get(&published.hash)?);
            let pinned =
                |(pin, _): &(Pin, _)| pin.number == published.number && pin.version == published.version;
            Some(PublishedView {
                published: published.clone(),
                in_force: in_force.iter().any(pinned),
                commitment,
            })
        });
        views.collect()
    }

    /// How the due instant of a promise in force (or published last) comes about for a start and pauses.
    pub fn explain(
        &self,
        number: &str,
        promise: &str,
        start: Timestamp,
        pauses: &Pauses,
    ) -> Result<Explanation, DeskError> {
        let house = self.house();
        let in_force = house.in_force(self.now()).into_iter().find(|(pin, _)| pin.number == number);
        // What is not yet or no longer in force can be asked about all the same.
        let newest =
            || house.organisation.published.iter().rev().find(|published| published.number == number);
        let commitment = in_force
            .map(|(_, commitment)| commitment)
            .or_else(|| house.commitments.get(&newest()?.hash).cloned())
            .ok_or(DeskError::NotFound { what: "commitment" })?;
        explain(&commitment, promise, start, pauses)
    }

    /// What the record of past tickets would have been under a draft, before anyone signs it: the tickets of the query
    /// are judged by the draft instead of the version of its number that they pin.
    pub async fn replay_draft(
        &self,
        draft: Arc<Commitment>,
        query: &FiguresQuery,
        actor: Actor,
    ) -> Result<Report, DeskError> {
        Self::allow(actor, Operation::ReadFigures)?;
        let house = self.house();
        let mut figures = Figures::new(yinuo_core::figures::Basis {
            as_of: self.now(),
            zone: self.zone().clone(),
            by: query.by,
            cases_max: 50,
            survey_standard: draft.survey.as_ref().map(|survey| survey.standard),
        });
        let filter = query.tickets();
        let mut page = Page::first(REPLAY_PAGE);
        let commitments = [Arc::clone(&draft)];
        let no_load = std::collections::BTreeMap::new();
        let facts = Facts { commitments: &commitments, roster: &house.organisation.roster, load: &no_load };
        loop {
            let found = self.0.ledger.list_tickets(&self.0.org, &filter, &page).await?;
            let asked = found.rows.iter().filter(|row| query.topic.is_none() || query.topic == row.topic);
            let ids: Vec<_> = asked.map(|row| row.ticket).collect();
            for (id, loaded) in self.0.ledger.load_tickets(&self.0.org, &ids).await? {
                let Some(mut ticket) = ticket::fold(id, &loaded.entries) else { continue };
                ticket.pins = vec![Pin { number: draft.number.clone(), version: 0, hash: draft.hash }];
                let views = view::views(&ticket, &facts);
                views.clocks.iter().for_each(|row| figures.add(row));
                figures.add_ticket(&views.ticket);
            }
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(figures.report()),
            }
        }
    }
}

/// Tickets replayed at a time.
const REPLAY_PAGE: u32 = 500;

/// How the due instant of a promise comes about.
pub(crate) fn explain(
    commitment: &Commitment,
    promise: &str,
    start: Timestamp,
    pauses: &Pauses,
) -> Result<Explanation, DeskError> {
    let promise = commitment.promise(promise).ok_or(DeskError::NotFound { what: "promise" })?;
    let calendar = commitment.calendar(&promise.on).ok_or(DeskError::NotFound { what: "calendar" })?;
    match promise.within {
        Budget::Working(time) => Ok(calendar.explain(start, time, pauses)),
        Budget::Workdays(days) => Ok(calendar.explain_workdays(start, days, pauses)),
        Budget::Rings(_) | Budget::AsTold | Budget::TheCall => Err(DeskError::invalid(
            "promise",
            "该条款不按日历计时（振铃、通话内或告知时间），无须推算。",
            "This promise does not count on a calendar (rings, the call, or a told time), so there is nothing to derive.",
        )),
    }
}
