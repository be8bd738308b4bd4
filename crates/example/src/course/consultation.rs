//! Questions: answered in the call or in writing.

use jiff::Timestamp;
use yinuo_commitment::{Channel, Complexity, Mark};

use super::{Course, FIRST, Step};
use crate::calendar::{Hours, plain};

impl Course<'_> {
    pub(super) fn consultation(&mut self, now: Timestamp, hours: &Hours) -> Option<(Step, Timestamp)> {
        let answered = self.has(Mark::CallEnded) && self.has(Mark::FullAnswer);
        if self.channel == Channel::Phone && self.in_first_round() && !answered {
            return Some(self.in_the_call(now, hours));
        }
        let complex = self.ticket()?.facets().complexity == Complexity::Complex;
        if !self.has(Mark::FirstReply) {
            let step = if self.habits.answers_at_once && !complex { Step::FullAnswer } else { Step::Reply };
            return Some((step, self.aim(now, FIRST, (80, 800), hours)));
        }
        if complex && self.channel != Channel::Phone && !self.has(Mark::DetailedReply) {
            return Some((Step::DetailedReply, self.aim(now, &["online-detailed-reply"], (150, 850), hours)));
        }
        if !self.has(Mark::FullAnswer) {
            let promises = ["online-simple-answer", "online-full-answer", "phone-special-answer"];
            return Some((Step::FullAnswer, self.aim(now, &promises, (80, 850), hours)));
        }
        Some((Step::Close, self.later(now, (4, 300), hours)))
    }

    /// A common question is answered before the call ends, a special one by calling back.
    fn in_the_call(&mut self, now: Timestamp, hours: &Hours) -> (Step, Timestamp) {
        let special = self.request.facets.complexity == Complexity::Complex;
        if special && !self.has(Mark::LookupTold) && !self.has(Mark::CallEnded) {
            return (Step::TellLookup, plain(now, self.draw.seconds(40, 130)));
        }
        let call_over = self.has(Mark::CallEnded);
        if !call_over && (special || self.has(Mark::FullAnswer)) {
            return (Step::EndCall, plain(now, self.draw.seconds(12, 60)));
        }
        if special || call_over {
            return (Step::FullAnswer, self.aim(now, &["phone-special-answer"], (250, 900), hours));
        }
        (Step::FullAnswer, plain(now, self.draw.seconds(45, 260)))
    }
}
