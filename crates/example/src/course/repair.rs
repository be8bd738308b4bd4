//! Repairs: contact, then help from afar or a visit.

use jiff::Timestamp;
use yinuo_commitment::{Ground, Mark, Urgency};

use super::{Course, Step, Story};
use crate::calendar::{Hours, plain};

impl Course<'_> {
    pub(super) fn repair(&mut self, now: Timestamp, hours: &Hours) -> Option<(Step, Timestamp)> {
        let urgent = self.ticket()?.facets().urgency == Urgency::Urgent;
        if !self.has(Mark::Contacted) {
            let at = self.aim(now, &["urgent-contact", "repair-contact"], (120, 800), hours);
            // The visit is promised in 48 hours, weekend or not: somebody on duty calls before the office opens.
            let on_duty = plain(self.ticket()?.round().started_at, self.draw.minutes(5 * 60, 22 * 60));
            let on_duty = hours.humane(on_duty.max(now), &mut self.draw);
            return Some((Step::Contact, if self.eve { at } else { at.min(on_duty) }));
        }
        if self.story == Story::ForceMajeure && self.in_first_round() && !self.did(Step::LiftException) {
            return Some(self.in_the_storm(now, hours));
        }
        if !self.has(Mark::Solved) {
            return Some(if self.request.from_afar && !urgent {
                (Step::Solve, self.aim(now, &["repair-visit-or-remote"], (30, 450), hours))
            } else {
                self.visit(now, urgent, hours)
            });
        }
        if self.story == Story::Loss && self.in_first_round() && !self.did(Step::ReportLoss) {
            return Some((Step::ReportLoss, self.later(now, (20, 200), hours)));
        }
        if self.habits.confirms && !self.has(Mark::Confirmed) {
            let at = plain(now, self.draw.minutes(5, 9 * 60));
            return Some((Step::Confirm, hours.humane(at, &mut self.draw)));
        }
        Some((Step::Close, self.later(now, (10, 400), hours)))
    }

    fn visit(&mut self, now: Timestamp, urgent: bool, hours: &Hours) -> (Step, Timestamp) {
        if !self.has(Mark::Dispatched) {
            return if urgent {
                (Step::Dispatch, plain(now, self.draw.minutes(2, 9)))
            } else {
                (Step::Dispatch, self.aim(now, &["repair-visit-or-remote"], (60, 680), hours))
            };
        }
        if !self.has(Mark::Arrived) {
            return if urgent {
                let promises = ["urgent-onsite-local", "urgent-onsite-remote"];
                (Step::Arrive, self.aim(now, &promises, (350, 920), hours))
            } else {
                (Step::Arrive, plain(now, self.draw.minutes(22, 75)))
            };
        }
        (Step::Solve, plain(now, self.draw.minutes(20, 130)))
    }

    /// The customer is told in time, the exception recorded with its evidence, and lifted when the road is open.
    fn in_the_storm(&mut self, now: Timestamp, hours: &Hours) -> (Step, Timestamp) {
        if !self.did(Step::ForceMajeureWord) {
            return (Step::ForceMajeureWord, plain(now, self.draw.minutes(3, 9)));
        }
        let lasts =
            self.ticket().is_some_and(|ticket| ticket.round().open_exception(Ground::ForceMajeure).is_some());
        if lasts {
            let at = plain(now, self.draw.minutes(7 * 60, 15 * 60));
            return (Step::LiftException, hours.humane(at, &mut self.draw));
        }
        (Step::GrantException, plain(now, self.draw.minutes(2, 8)))
    }
}
