//! Complaints: apology, investigation, verification, solution, and the customer's word on it.

use jiff::Timestamp;
use yinuo_commitment::{Complexity, Mark};

use super::{Course, FIRST, Step, Story};
use crate::calendar::{Hours, plain};

/// Promises that a proposed solution keeps.
const SOLUTION: &[&str] = &["complaint-solution-simple", "complaint-solution-complex", "solution-proposed"];

/// Promises that the specialists' verification keeps or makes possible.
const VERIFICATION: &[&str] = &["technical-verified", "complaint-solution-simple"];

impl Course<'_> {
    pub(super) fn complaint(&mut self, now: Timestamp, hours: &Hours) -> Option<(Step, Timestamp)> {
        if !self.has(Mark::Acknowledged) {
            return Some((Step::Acknowledge, self.aim(now, FIRST, (100, 800), hours)));
        }
        if !self.has(Mark::InvestigationStarted) {
            let promises = ["major-investigation"];
            let at = if self.waits_for(&promises) {
                self.aim(now, &promises, (100, 800), hours)
            } else {
                plain(now, self.draw.minutes(5, 45))
            };
            return Some((Step::StartInvestigation, at));
        }
        if self.story == Story::Concealment && !self.did(Step::FindConcealment) {
            return Some((Step::FindConcealment, self.later(now, (60, 300), hours)));
        }
        if self.story == Story::MajorAfterAll && !self.did(Step::TurnMajor) {
            return Some((Step::TurnMajor, self.later(now, (30, 200), hours)));
        }
        let facets = self.ticket()?.facets();
        let verifies = facets.technical && !self.has(Mark::VerifiedOnSite);
        let verifies = verifies.then(|| (Step::Verify, self.aim(now, VERIFICATION, (120, 650), hours)));
        let reports = facets.complexity == Complexity::Complex && !self.has(Mark::ProgressReported);
        let reports = reports
            .then(|| (Step::Progress, self.aim(now, &["complaint-progress-complex"], (200, 900), hours)));
        // Whichever comes first; the other is planned again afterwards.
        if let Some(next) = verifies.into_iter().chain(reports).min_by_key(|(_, at)| *at) {
            return Some(next);
        }
        self.solution(now, hours)
    }

    fn waits_for(&self, promises: &[&str]) -> bool {
        self.pressing_clock(promises).is_some()
    }

    /// From the proposal to the end.
    fn solution(&mut self, now: Timestamp, hours: &Hours) -> Option<(Step, Timestamp)> {
        let solutions = &self.ticket()?.round().solutions;
        let (proposed, last) = (solutions.len(), solutions.last().cloned());
        let verdict = last.as_ref().map(|solution| solution.verdict);
        match verdict {
            None => Some((Step::Propose, self.aim(now, SOLUTION, (250, 900), hours))),
            Some(None) => {
                let disputed = matches!(self.story, Story::Mediation | Story::Unresolved);
                let rejects = (self.habits.rejects || disputed) && proposed == 1 && self.in_first_round();
                let at = plain(now, self.draw.minutes(25, 20 * 60));
                let at = hours.humane(at, &mut self.draw);
                Some((if rejects { Step::Reject } else { Step::Accept }, at))
            }
            Some(Some((_, false))) => Some(self.after_rejection(now, hours)),
            Some(Some((_, true))) => Some(self.after_acceptance(now, hours)),
        }
    }

    fn after_rejection(&mut self, now: Timestamp, hours: &Hours) -> (Step, Timestamp) {
        let mediation = self.ticket().and_then(|ticket| ticket.round().mediation);
        match (self.story, mediation) {
            (Story::Unresolved, _) => (Step::Close, self.later(now, (500, 1_000), hours)),
            (Story::Mediation, None) => (Step::CallMediation, self.later(now, (90, 480), hours)),
            (Story::Mediation, Some(mediation)) if mediation.concluded.is_none() => {
                (Step::ConcludeMediation, self.later(now, (800, 2_000), hours))
            }
            _ => (Step::Propose, self.later(now, (60, 500), hours)),
        }
    }

    fn after_acceptance(&mut self, now: Timestamp, hours: &Hours) -> (Step, Timestamp) {
        if !self.has(Mark::CarriedOut) {
            return (Step::CarryOut, self.aim(now, &["solution-carried-out"], (250, 930), hours));
        }
        if self.habits.confirms && !self.has(Mark::Confirmed) {
            let at = plain(now, self.draw.minutes(15, 20 * 60));
            return (Step::Confirm, hours.humane(at, &mut self.draw));
        }
        (Step::Close, self.later(now, (20, 500), hours))
    }
}
