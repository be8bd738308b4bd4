//! Commands as people give them: mostly fitting, sometimes not.

use jiff::{SignedDuration, Timestamp};
use yinuo_commitment::{Content, Form, Give, Grade, Ground, Kind, Mark, PauseReason};
use yinuo_core::{
    id::{ArticleId, MemberId},
    personal::PersonalField,
    roster::Roster,
    ticket::{Answer, Command, CommandKind, Outcome, Purpose, ReopenReason, Told},
    words::Words,
};
use yinuo_desk::{TicketSheet, rehearsal::Dice};

/// Somebody who thinks of a command.
pub(crate) struct Thinking<'a> {
    pub(crate) dice: &'a mut Dice,
    pub(crate) sheet: &'a TicketSheet,
    pub(crate) roster: &'a Roster,
    pub(crate) now: Timestamp,
    /// What is said, different each time.
    pub(crate) says: String,
}

impl Thinking<'_> {
    fn words(&mut self) -> Words {
        // Once in a while somebody forgets to write anything.
        if self.dice.once_in(40) { Words::new(" ") } else { Words::new(&self.says) }
    }

    /// What the customer is told: it has every part that a letter or a step may want of it.
    fn message(&mut self) -> Words {
        let words = self.words();
        // Once in a while what is said cannot be sent: something is still to be filled in.
        if words.is_blank() || self.dice.once_in(30) {
            return if words.is_blank() { words } else { Words::new(&format!("{}：{{编号}}", self.says)) };
        }
        let parts = "深表歉意，已开始调查；故障不严重，方案是更换，2026-12-31 前完成";
        Words::new(&format!("{}：{parts}。", self.says))
    }

    fn grade(&mut self) -> Grade {
        let both = [Grade::Minor, Grade::Major];
        // Mostly the one for which there is a remedy already.
        let open = both.into_iter().find(|grade| {
            self.sheet.ticket.remedy(*grade).is_some_and(|remedy| remedy.confirmed_at.is_none())
        });
        match open {
            Some(grade) if !self.dice.once_in(3) => grade,
            _ => *self.dice.pick(&both),
        }
    }

    fn later(&mut self) -> Timestamp {
        // Now and then a deadline that has passed, or one that is nobody's business.
        let minutes = if self.dice.once_in(20) { -5 } else { self.dice.between(10, 60 * 24 * 4) };
        self.now
            + SignedDuration::from_mins(minutes)
            + SignedDuration::from_micros(self.dice.between(0, 1_000_000))
    }

    fn classified(&mut self) -> Command {
        let mut facets = self.sheet.ticket.facets();
        let kinds = [Kind::Consultation, Kind::Repair, Kind::Complaint, Kind::Suggestion, Kind::Praise];
        if self.dice.once_in(2) {
            facets.kind = *self.dice.pick(&kinds);
        }
        facets.technical = self.dice.once_in(3);
        Command::Classify { facets, why: Words::new(&self.says) }
    }

    /// A command of this kind.
    pub(crate) fn command(&mut self, kind: CommandKind) -> Command {
        use CommandKind as K;
        match kind {
            K::Classify => self.classified(),
            K::Assign => self.assign(),
            K::ConfirmClassification => Command::ConfirmClassification,
            K::Take => Command::Take,
            K::PickUp => Command::PickUp { rings: u32::try_from(self.dice.below(6)).unwrap_or(0) },
            K::EndCall => Command::EndCall,
            K::TellLookup => Command::TellLookup,
            K::Reply => Command::Reply { answer: self.answer() },
            K::RecordWords => Command::RecordWords { body: self.words() },
            K::Note => Command::Note { body: self.words() },
            K::Contact => {
                Command::Contact { body: self.message(), contents: vec![Content::Severity, Content::Plan] }
            }
            K::Dispatch => Command::Dispatch { body: self.message() },
            K::Arrive => Command::Arrive,
            K::Solve => Command::Solve { remote: self.dice.once_in(2), body: self.message() },
            K::StartInvestigation => Command::StartInvestigation { body: self.words() },
            K::Verify => Command::Verify { findings: self.words() },
            K::ProposeSolution => self.solution(),
            K::AcceptSolution => Command::AcceptSolution,
            K::RejectSolution => Command::RejectSolution { reason: self.words() },
            K::CarryOut => Command::CarryOut { body: self.message() },
            K::Confirm => Command::Confirm,
            K::Pause => Command::Pause { reason: self.pause(), note: self.words() },
            K::Resume => Command::Resume { reason: self.pause() },
            K::GrantException => self.exception(),
            K::LiftException => Command::LiftException { ground: Ground::ForceMajeure },
            K::CallMediation => Command::CallMediation { mediator: self.words() },
            K::ConcludeMediation => {
                Command::ConcludeMediation { outcome: self.words(), cost_fen: self.dice.below(100_000) }
            }
            K::ReportLoss => Command::ReportLoss { major: self.dice.once_in(3), body: self.words() },
            K::FindConcealment => Command::FindConcealment { body: self.words() },
            K::Close => Command::Close { outcome: self.outcome(), note: self.message() },
            K::Reopen => Command::Reopen { reason: *self.dice.pick(ReopenReason::ALL), body: self.words() },
            K::AnswerSurvey => self.survey(),
            K::CallBack => Command::CallBack { body: self.words() },
            K::ProposeRemedy => Command::ProposeRemedy {
                grade: self.grade(),
                notice: self.message(),
                form: if self.dice.once_in(10) { Form::Oral } else { Form::Written },
                gives: vec![Give::FeeReduction(10)],
            },
            K::ApproveRemedy => Command::ApproveRemedy { grade: self.grade() },
            K::DeliverRemedy => Command::DeliverRemedy { grade: self.grade(), note: self.words() },
            K::ConfirmRemedy => Command::ConfirmRemedy { grade: self.grade() },
            K::CorrectCustomer => {
                let mut customer = self.sheet.ticket.customer.clone();
                customer.address = Some(Words::new(&format!("{}路", self.says)));
                Command::CorrectCustomer { customer, why: self.words() }
            }
            K::Reveal => {
                let fields = if self.dice.once_in(3) { PersonalField::ALL } else { &[PersonalField::Phone] };
                Command::Reveal { fields: fields.to_vec(), reason: self.words() }
            }
            K::GiveAnswer => self.given_answer(),
            K::JudgeAnswer => Command::JudgeAnswer { helpful: self.dice.once_in(2) },
            K::AskForPerson => Command::AskForPerson,
            K::Tick => Command::Tick,
        }
    }

    fn given_answer(&mut self) -> Command {
        let article = ArticleId::new("opening-hours").expect("a short name");
        Command::GiveAnswer { body: self.words(), article, version: 1, permille: 990, method: 1 }
    }

    fn assign(&mut self) -> Command {
        let members: Vec<MemberId> = self
            .roster
            .members
            .values()
            .filter(|member| member.team.is_some())
            .map(|member| member.id)
            .collect();
        let member = *self.dice.pick(&members);
        let team = self.roster.members[&member].team.clone().expect("only those with a team");
        Command::Assign { team, member: (!self.dice.once_in(5)).then_some(member) }
    }

    fn answer(&mut self) -> Answer {
        let purpose = *self.dice.pick(Purpose::ALL);
        let told = self.dice.once_in(3).then(|| Told { mark: Mark::FullAnswer, by: self.later() });
        let contents = match purpose {
            Purpose::Acknowledgement if self.dice.once_in(10) => vec![Content::Apology],
            Purpose::Acknowledgement => vec![Content::Apology, Content::InvestigationBegun],
            _ => vec![],
        };
        Answer { body: self.message(), form: Form::Written, purpose, contents, told, article: None }
    }

    fn solution(&mut self) -> Command {
        let carry_out_by = if self.dice.once_in(20) { None } else { Some(self.later()) };
        Command::ProposeSolution {
            body: self.message(),
            form: Form::Written,
            carry_out_by,
            meets_standard: self.dice.once_in(2),
        }
    }

    fn pause(&mut self) -> PauseReason {
        if self.dice.once_in(15) { PauseReason::Mediation } else { PauseReason::WaitingForCustomer }
    }

    fn exception(&mut self) -> Command {
        let messages = &self.sheet.ticket.messages;
        let word = if messages.is_empty() { Some(1) } else { Some(self.dice.pick(messages).version) };
        Command::GrantException {
            ground: Ground::ForceMajeure,
            evidence: self.words(),
            word,
            alternative: Words::new(&self.says),
        }
    }

    fn outcome(&mut self) -> Outcome {
        match self.dice.below(8) {
            0 | 1 => Outcome::Withdrawn,
            2 => Outcome::Unresolved,
            3 => Outcome::OutOfScope {
                commitment: "SIM-1".to_owned(),
                term: if self.dice.once_in(5) { "S-1" } else { "S-2" }.to_owned(),
            },
            4 => Outcome::Duplicate { of: self.sheet.ticket.id },
            _ => Outcome::Settled,
        }
    }

    fn survey(&mut self) -> Command {
        let rating = u8::try_from(self.dice.below(6)).unwrap_or(1);
        let question = if self.dice.once_in(2) { "quality" } else { "speed" };
        Command::AnswerSurvey {
            ratings: vec![(question.to_owned(), rating)],
            comment: Words::new(&self.says),
        }
    }
}
