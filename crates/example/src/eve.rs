//! The eve: tickets that are under way when the example ends, so that every stage is there to be looked at and some
//! clocks fall due in the minutes and hours after.

use jiff::{SignedDuration, Timestamp};
use yinuo_commitment::{Channel, Complexity, Kind, Severity, Site, Urgency};

use crate::{
    calendar::plain,
    course::{Course, Step, Story},
    customs::Customs,
    play::Plan,
    texts::RequestText,
};

/// One ticket that the end finds under way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Evening {
    /// How long before the end it came in.
    minutes_ago: i64,
    kind: Kind,
    channel: Channel,
    /// Facets of the wanted request that are not the plain ones, in words.
    is: &'static [&'static str],
    /// The course stops before this step.
    stop: Option<Step>,
    /// When a told instant or a carry-out deadline lies, in minutes after the end.
    told_after_min: Option<i64>,
    story: Story,
}

const fn evening(minutes_ago: i64, kind: Kind, channel: Channel, stop: Option<Step>) -> Evening {
    Evening { minutes_ago, kind, channel, is: &[], stop, told_after_min: None, story: Story::Ordinary }
}

impl Evening {
    const fn being(self, is: &'static [&'static str]) -> Self {
        Self { is, ..self }
    }

    const fn told(self, after_min: i64) -> Self {
        Self { told_after_min: Some(after_min), ..self }
    }

    const fn story(self, story: Story) -> Self {
        Self { story, ..self }
    }
}

/// What the end finds under way. Clocks that run day and night are timed against the end, so that some fall due soon
/// after it whatever the hour.
pub(crate) const EVE: &[Evening] = {
    use Channel::{App, Chat, Email, Phone, Web};
    use Kind::{Complaint, Consultation, Praise, Repair, Suggestion};
    &[
        // Urgent repairs: contact in 30 minutes, on site in 2 or 24 hours.
        evening(8, Repair, Phone, Some(Step::Contact)).being(&["urgent"]),
        evening(23, Repair, App, Some(Step::Contact)).being(&["urgent"]),
        evening(41, Repair, Web, Some(Step::Contact)).being(&["urgent"]),
        evening(100, Repair, Phone, Some(Step::Arrive)).being(&["urgent"]),
        evening(75, Repair, Phone, Some(Step::Solve)).being(&["urgent"]),
        evening(150, Repair, App, Some(Step::Arrive)).being(&["urgent"]),
        evening(20 * 60, Repair, Phone, Some(Step::Arrive)).being(&["urgent", "remote"]),
        evening(110, Repair, Web, Some(Step::LiftException)).being(&["urgent"]).story(Story::ForceMajeure),
        // Ordinary repairs: a visit or help from afar in 48 hours.
        evening(2_790, Repair, Web, Some(Step::Dispatch)),
        evening(2_870, Repair, App, Some(Step::Dispatch)),
        evening(2_580, Repair, Chat, Some(Step::Dispatch)),
        evening(3_240, Repair, Email, Some(Step::Dispatch)),
        evening(1_900, Repair, Phone, Some(Step::CustomerAnswers)),
        evening(4_100, Repair, Web, Some(Step::Confirm)),
        evening(5_000, Repair, Chat, Some(Step::Close)),
        evening(50, Repair, Web, Some(Step::Contact)),
        // Complaints: first response, solution in 24 hours or 7 working days, carried out as told.
        evening(224, Complaint, Web, Some(Step::Acknowledge)),
        evening(52, Complaint, Phone, Some(Step::Acknowledge)).being(&["major", "complex"]),
        evening(95, Complaint, App, Some(Step::StartInvestigation)).being(&["major", "technical"]),
        evening(1_405, Complaint, Web, Some(Step::Propose)),
        evening(1_380, Complaint, Phone, Some(Step::Verify)).being(&["technical"]),
        evening(1_250, Complaint, Chat, Some(Step::Propose)),
        evening(1_130, Complaint, App, Some(Step::Propose)),
        evening(1_530, Complaint, Email, Some(Step::Propose)),
        evening(2_845, Complaint, Web, Some(Step::Progress)).being(&["complex"]),
        evening(2_700, Complaint, Chat, Some(Step::Accept)),
        evening(1_600, Complaint, App, Some(Step::Accept)),
        evening(4_300, Complaint, Web, Some(Step::CarryOut)).told(150),
        evening(5_800, Complaint, Phone, Some(Step::CarryOut)).told(-130),
        evening(4_000, Complaint, App, Some(Step::Close)).told(2_000),
        evening(7_000, Complaint, Web, Some(Step::ConcludeMediation)).story(Story::Mediation),
        evening(1_000, Complaint, Web, Some(Step::Verify)).being(&["complex"]).story(Story::WithLegal),
        evening(640, Complaint, Email, Some(Step::Verify)).story(Story::WithLegal),
        // Questions.
        evening(4, Consultation, Chat, Some(Step::Reply)),
        evening(11, Consultation, Web, Some(Step::Reply)),
        evening(1_500, Consultation, Email, Some(Step::FullAnswer)).being(&["complex"]).told(40),
        evening(1_450, Consultation, Web, Some(Step::FullAnswer)).being(&["complex"]).told(300),
        evening(1_700, Consultation, App, Some(Step::CustomerAnswers)),
        evening(3_100, Consultation, Chat, Some(Step::CustomerAnswers)),
        evening(170, Consultation, Phone, Some(Step::Close)),
        evening(35, Consultation, Phone, Some(Step::Close)).being(&["complex"]),
        // Suggestions and praise.
        evening(300, Suggestion, Web, Some(Step::FullAnswer)),
        evening(1_300, Suggestion, App, Some(Step::FullAnswer)),
        evening(400, Praise, Email, Some(Step::FullAnswer)),
        // Closed, and a low rating or a remedy still waits for somebody.
        evening(3_000, Consultation, Phone, Some(Step::CallBack)),
        evening(4_400, Repair, App, Some(Step::CallBack)),
    ]
};

impl Evening {
    /// Whether `text` is a request of this sort.
    pub(crate) fn fits(&self, text: &RequestText) -> bool {
        let facets = &text.facets;
        let is = |word: &str, so: bool| self.is.contains(&word) == so;
        facets.kind == self.kind
            && text.scope.is_none()
            && is("urgent", facets.urgency == Urgency::Urgent)
            && is("complex", facets.complexity == Complexity::Complex)
            && is("major", facets.severity == Severity::Major)
            && is("remote", facets.site == Site::Remote)
            // A fault is always technical.
            && (self.kind != Kind::Complaint || is("technical", facets.technical))
            && !text.from_afar
    }

    /// The course that the end finds under way.
    pub(crate) fn course<'a>(
        &self,
        request: &'a RequestText,
        customs: &Customs<'a>,
        plan: &Plan,
        number: usize,
    ) -> Course<'a> {
        let arrives_at = after(plan.until, -self.minutes_ago);
        let mut course = customs.course(request, self.channel, arrives_at, plan.seed, number);
        course.story = self.story;
        course.told = self.told_after_min.map(|minutes| after(plan.until, minutes));
        course.eve = true;
        course.stop = self.stop;
        let habits = &mut course.habits;
        habits.chooses_kind = true;
        habits.chooses_wrongly = false;
        habits.answers_at_once = false;
        habits.notes = false;
        habits.taken_over = false;
        habits.falls_short = false;
        habits.rejects = false;
        habits.asks_back = self.stop == Some(Step::CustomerAnswers);
        habits.confirms = self.stop == Some(Step::Confirm);
        habits.rates = self.stop == Some(Step::CallBack);
        habits.rings = 2;
        course
    }
}

fn after(end: Timestamp, minutes: i64) -> Timestamp {
    plain(end, SignedDuration::from_mins(minutes))
}
