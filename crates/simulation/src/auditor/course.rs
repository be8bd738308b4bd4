//! The course of one ticket as the auditor pieces it together from commands that were acknowledged.

use jiff::Timestamp;
use yinuo_commitment::{Grade, Kind, Mark, PauseReason};
use yinuo_core::ticket::{Command, Outcome, Purpose};

/// From the receipt or a reopening to the closing.
#[derive(Debug, Clone)]
pub(crate) struct Round {
    pub(crate) started_at: Timestamp,
    pub(crate) marks: Vec<(Mark, Timestamp)>,
    pub(crate) rings: Option<u32>,
    pub(crate) kinds: Vec<(Timestamp, Kind)>,
    /// What it may be besides, as long as nobody has looked.
    pub(crate) feared: Vec<Kind>,
    /// When somebody said what it is.
    pub(crate) settled_at: Option<Timestamp>,
    pub(crate) pauses: Vec<(PauseReason, Timestamp, Option<Timestamp>)>,
    /// When each exception was granted, and when the customer had been told.
    pub(crate) exceptions: Vec<(Timestamp, Timestamp)>,
    pub(crate) offers: Vec<Offer>,
    pub(crate) major_loss: bool,
    pub(crate) concealed_at: Option<Timestamp>,
    pub(crate) remedies: Vec<(Grade, Timestamp)>,
    pub(crate) rated_low_at: Option<Timestamp>,
    pub(crate) called_back_at: Option<Timestamp>,
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) second_complaint: bool,
    /// When the product itself answered.
    pub(crate) answered_at: Option<Timestamp>,
}

/// A solution that was proposed.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) carry_out_by: Timestamp,
    pub(crate) short: bool,
    pub(crate) verdict: Option<(Timestamp, bool)>,
}

/// Rounds, the current one last.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    pub(crate) rounds: Vec<Round>,
    /// When the message of a version went out.
    messages: Vec<(u32, Timestamp)>,
}

impl Round {
    fn new(at: Timestamp, kind: Kind) -> Self {
        Self {
            started_at: at,
            marks: vec![(Mark::Received, at)],
            rings: None,
            kinds: vec![(at, kind)],
            feared: Vec::new(),
            settled_at: None,
            pauses: Vec::new(),
            exceptions: Vec::new(),
            offers: Vec::new(),
            major_loss: false,
            concealed_at: None,
            remedies: Vec::new(),
            rated_low_at: None,
            called_back_at: None,
            closed_at: None,
            second_complaint: false,
            answered_at: None,
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kinds.last().map_or(Kind::Consultation, |(_, kind)| *kind)
    }

    pub(crate) fn first(&self, mark: Mark) -> Option<Timestamp> {
        self.marks.iter().find(|(marked, _)| *marked == mark).map(|(_, at)| *at)
    }

    fn stand_still(&mut self, reason: PauseReason, at: Timestamp) {
        if !self.pauses.iter().any(|(why, _, to)| *why == reason && to.is_none()) {
            self.pauses.push((reason, at, None));
        }
    }

    fn go_on(&mut self, reason: PauseReason, at: Timestamp) {
        for (_, _, to) in self.pauses.iter_mut().filter(|(why, ..)| *why == reason) {
            to.get_or_insert(at);
        }
    }

    fn close(&mut self, at: Timestamp) {
        for (_, _, to) in &mut self.pauses {
            to.get_or_insert(at);
        }
        self.settled_at.get_or_insert(at);
        self.closed_at = Some(at);
    }

    fn verdict(&mut self, at: Timestamp, accepted: bool) {
        if let Some(offer) = self.offers.last_mut() {
            offer.verdict = Some((at, accepted));
        }
        self.go_on(PauseReason::WaitingForCustomer, at);
    }
}

impl Course {
    pub(crate) fn new(at: Timestamp, kind: Kind, feared: Vec<Kind>) -> Self {
        let first = Round { feared, ..Round::new(at, kind) };
        Self { rounds: vec![first], messages: Vec::new() }
    }

    pub(crate) fn last(&self) -> &Round {
        self.rounds.last().expect("a course has a round")
    }

    /// A command that was carried out at `at`, which made `version`.
    pub(crate) fn happened(&mut self, command: &Command, at: Timestamp, version: u32) {
        if let Command::Reopen { reason, .. } = command {
            let mut round = Round::new(at, self.last().kind());
            round.second_complaint = *reason == yinuo_core::ticket::ReopenReason::SecondComplaint;
            self.rounds.push(round);
            return;
        }
        // Whoever was helped and was not helped after all: the request is open again.
        if matches!(command, Command::AskForPerson) && self.last().closed_at.is_some() {
            self.rounds.push(Round::new(at, self.last().kind()));
            return;
        }
        if matches!(
            command,
            Command::Reply { .. }
                | Command::GiveAnswer { .. }
                | Command::Close { outcome: Outcome::OutOfScope { .. }, .. }
        ) {
            self.messages.push((version, at));
        }
        let word_at = |wanted: u32| self.messages.iter().find(|(sent, _)| *sent == wanted).map(|(_, at)| *at);
        let told = match command {
            Command::GrantException { word: Some(word), .. } => word_at(*word),
            _ => None,
        };
        let round = self.rounds.last_mut().expect("a course has a round");
        for mark in marks(command) {
            round.marks.push((mark, at));
        }
        course_of(round, command, at, told);
    }
}

/// The marks that a command sets.
fn marks(command: &Command) -> Vec<Mark> {
    match command {
        Command::Reply { answer } => {
            let own = match answer.purpose {
                Purpose::Reply => vec![],
                Purpose::Acknowledgement => vec![Mark::Acknowledged],
                Purpose::DetailedReply => vec![Mark::DetailedReply],
                Purpose::FullAnswer => vec![Mark::DetailedReply, Mark::FullAnswer],
                Purpose::Progress => vec![Mark::ProgressReported],
            };
            [vec![Mark::FirstReply], own].concat()
        }
        Command::Contact { .. } => vec![Mark::Contacted, Mark::FirstReply],
        Command::ProposeSolution { .. } => {
            vec![Mark::SolutionProposed, Mark::FirstReply, Mark::ProgressReported]
        }
        Command::Close { outcome: Outcome::OutOfScope { .. }, .. } => vec![Mark::FirstReply],
        Command::PickUp { .. } => vec![Mark::PickedUp],
        Command::Solve { .. } => vec![Mark::Solved],
        Command::CarryOut { .. } => vec![Mark::CarriedOut],
        _ => vec![],
    }
}

/// Everything else that a command changes.
fn course_of(round: &mut Round, command: &Command, at: Timestamp, told: Option<Timestamp>) {
    let customer = PauseReason::WaitingForCustomer;
    match command {
        Command::Classify { facets, .. } => {
            round.kinds.push((at, facets.kind));
            round.settled_at.get_or_insert(at);
        }
        Command::ConfirmClassification => {
            round.settled_at.get_or_insert(at);
        }
        Command::PickUp { rings } => round.rings = Some(*rings),
        Command::Pause { reason, .. } => round.stand_still(*reason, at),
        Command::Resume { reason } => round.go_on(*reason, at),
        Command::RecordWords { .. } | Command::Confirm => round.go_on(customer, at),
        Command::AcceptSolution => round.verdict(at, true),
        Command::RejectSolution { .. } => round.verdict(at, false),
        Command::ProposeSolution { carry_out_by: Some(by), meets_standard, .. } => {
            round.offers.push(Offer { carry_out_by: *by, short: !meets_standard, verdict: None });
        }
        Command::GrantException { .. } => {
            round.exceptions.push((at, told.unwrap_or(at)));
            round.stand_still(PauseReason::ForceMajeure, at);
        }
        Command::LiftException { .. } => round.go_on(PauseReason::ForceMajeure, at),
        Command::CallMediation { .. } => round.stand_still(PauseReason::Mediation, at),
        Command::ConcludeMediation { .. } => round.go_on(PauseReason::Mediation, at),
        Command::ReportLoss { major, .. } => round.major_loss |= major,
        Command::FindConcealment { .. } => {
            round.concealed_at.get_or_insert(at);
        }
        Command::ProposeRemedy { grade, .. } => round.remedies.push((*grade, at)),
        Command::AnswerSurvey { ratings, .. } if ratings.iter().any(|(_, rating)| *rating <= 2) => {
            round.rated_low_at.get_or_insert(at);
        }
        Command::CallBack { .. } => {
            round.called_back_at.get_or_insert(at);
        }
        Command::GiveAnswer { .. } => round.answered_at = Some(at),
        Command::JudgeAnswer { helpful: true } if round.kind() == Kind::Consultation => round.close(at),
        Command::Close { .. } => round.close(at),
        _ => {}
    }
}
