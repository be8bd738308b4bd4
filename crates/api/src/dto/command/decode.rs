//! From requests to commands of the domain.

use yinuo_core::ticket::{Answer, Command, Outcome, Told, UsedArticle};
use yinuo_desk::DeskError;

use super::{ArticleUsed, CloseRequest, CommandRequest, OutcomeWord, ReplyRequest};
use crate::dto::words::ContentWord;

fn contents(contents: Vec<ContentWord>) -> Vec<yinuo_commitment::Content> {
    contents.into_iter().map(|content| content.0).collect()
}

fn answer(r: ReplyRequest) -> Answer {
    // Whether the article was changed is the desk's to see.
    let used = |used: ArticleUsed| UsedArticle { article: used.id.0, version: used.version, edited: false };
    Answer {
        body: r.body.into(),
        form: r.form.0,
        purpose: r.purpose.0,
        contents: contents(r.contents),
        told: r.told.map(|told| Told { mark: told.mark.0, by: told.by.0 }),
        article: r.article.map(used),
    }
}

impl TryFrom<CommandRequest> for Command {
    type Error = DeskError;

    fn try_from(request: CommandRequest) -> Result<Self, DeskError> {
        use CommandRequest as R;
        Ok(match request {
            R::Classify(r) => Command::Classify { facets: r.facets.into(), why: r.why.into() },
            R::ConfirmClassification(_) => Command::ConfirmClassification,
            R::Assign(r) => Command::Assign { team: r.team.0, member: r.member.map(|member| member.0) },
            R::Take(_) => Command::Take,
            R::PickUp(r) => Command::PickUp { rings: r.rings },
            R::EndCall(_) => Command::EndCall,
            R::TellLookup(_) => Command::TellLookup,
            R::Reply(r) => Command::Reply { answer: answer(r) },
            R::RecordWords(r) => Command::RecordWords { body: r.body.into() },
            R::Note(r) => Command::Note { body: r.body.into() },
            R::Contact(r) => Command::Contact { body: r.body.into(), contents: contents(r.contents) },
            R::Dispatch(r) => Command::Dispatch { body: r.body.into() },
            R::Arrive(_) => Command::Arrive,
            R::Solve(r) => Command::Solve { remote: r.remote, body: r.body.into() },
            R::StartInvestigation(r) => Command::StartInvestigation { body: r.body.into() },
            R::Verify(r) => Command::Verify { findings: r.findings.into() },
            R::ProposeSolution(r) => Command::ProposeSolution {
                body: r.body.into(),
                form: r.form.0,
                carry_out_by: r.carry_out_by.map(|by| by.0),
                meets_standard: r.meets_standard,
            },
            R::AcceptSolution(_) => Command::AcceptSolution,
            R::RejectSolution(r) => Command::RejectSolution { reason: r.reason.into() },
            R::CarryOut(r) => Command::CarryOut { body: r.body.into() },
            R::Confirm(_) => Command::Confirm,
            R::Pause(r) => Command::Pause { reason: r.reason.0, note: r.note.into() },
            R::Resume(r) => Command::Resume { reason: r.reason.0 },
            R::GrantException(r) => Command::GrantException {
                ground: r.ground.0,
                evidence: r.evidence.into(),
                word: r.word,
                alternative: r.alternative.into(),
            },
            R::LiftException(r) => Command::LiftException { ground: r.ground.0 },
            R::CallMediation(r) => Command::CallMediation { mediator: r.mediator.into() },
            R::ConcludeMediation(r) => {
                Command::ConcludeMediation { outcome: r.outcome.into(), cost_fen: r.cost_fen }
            }
            R::ReportLoss(r) => Command::ReportLoss { major: r.major, body: r.body.into() },
            R::FindConcealment(r) => Command::FindConcealment { body: r.body.into() },
            R::Close(r) => Command::Close { note: r.note.as_str().into(), outcome: r.outcome()? },
            R::Reopen(r) => Command::Reopen { reason: r.reason.0, body: r.body.into() },
            R::AnswerSurvey(r) => Command::AnswerSurvey {
                ratings: r.ratings.into_iter().map(|rating| (rating.question, rating.rating)).collect(),
                comment: r.comment.into(),
            },
            R::CallBack(r) => Command::CallBack { body: r.body.into() },
            R::ProposeRemedy(r) => Command::ProposeRemedy {
                grade: r.grade.0,
                notice: r.notice.into(),
                form: r.form.0,
                gives: r.gives.into_iter().map(Into::into).collect(),
            },
            R::ApproveRemedy(r) => Command::ApproveRemedy { grade: r.grade.0 },
            R::DeliverRemedy(r) => Command::DeliverRemedy { grade: r.grade.0, note: r.note.into() },
            R::ConfirmRemedy(r) => Command::ConfirmRemedy { grade: r.grade.0 },
            R::JudgeAnswer(r) => Command::JudgeAnswer { helpful: r.helpful },
            R::AskForPerson(_) => Command::AskForPerson,
            R::CorrectCustomer(r) => {
                Command::CorrectCustomer { customer: r.customer.into(), why: r.why.into() }
            }
        })
    }
}

impl CloseRequest {
    /// How the ticket ends. A missing term is left to the rule that refuses it by name.
    fn outcome(self) -> Result<Outcome, DeskError> {
        Ok(match self.outcome {
            OutcomeWord::Settled => Outcome::Settled,
            OutcomeWord::Withdrawn => Outcome::Withdrawn,
            OutcomeWord::Unresolved => Outcome::Unresolved,
            OutcomeWord::OutOfScope => Outcome::OutOfScope {
                commitment: self.commitment.unwrap_or_default(),
                term: self.term.unwrap_or_default(),
            },
            OutcomeWord::Duplicate => {
                let of = self.of.ok_or_else(|| {
                    DeskError::invalid(
                        "of",
                        "请填写继续处理的那张工单的编号（of）。",
                        "Name the ticket that goes on in `of`.",
                    )
                })?;
                Outcome::Duplicate { of: of.0 }
            }
        })
    }
}
