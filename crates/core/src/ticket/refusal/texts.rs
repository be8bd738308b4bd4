//! Texts of refusals in both languages: a table.

use yinuo_commitment::Language;

use super::{Refusal, joined};
use crate::ticket::CommandKind;

#[expect(clippy::too_many_lines, reason = "one arm per refusal: a table of texts")]
pub(super) fn zh(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotAllowed { .. } => "您的角色不能执行这一操作，请联系有权限的同事。".to_owned(),
        Refusal::Closed { .. } => "工单已关闭；如需继续处理，请先重新打开。".to_owned(),
        Refusal::NotClosed => "工单尚未关闭，此操作只适用于已关闭的工单。".to_owned(),
        Refusal::NotForKind { kind, only, .. } => format!(
            "「{}」工单没有这一步；它只适用于：{}。如类型有误，请先重新分类。",
            kind.label(Language::Zh),
            joined(only, |kind| kind.label(Language::Zh), "、")
        ),
        Refusal::NotByPhone => "该工单不是电话来访，没有接听与通话环节。".to_owned(),
        Refusal::Needs { mark, .. } => format!("须先完成：{}。", mark.label(Language::Zh)),
        Refusal::Already { mark, .. } => format!("已经完成：{}。", mark.label(Language::Zh)),
        Refusal::Blank { field, .. } => format!("「{field}」不能为空，请填写内容。"),
        Refusal::TooLong { field, max_chars, .. } => {
            format!("「{field}」过长，最多 {max_chars} 个字符；长内容请拆分。")
        }
        Refusal::VerifyFirst { commitment, .. } => format!(
            "承诺书 {commitment} 规定：技术类投诉须由专业团队现场核实后才能提出解决方案。请先记录现场核实结果。"
        ),
        Refusal::SpecialistsOnly => "现场核实须由技术专员（或其组长）记录。".to_owned(),
        Refusal::SolutionDeadlineMissing => {
            "解决方案必须写明执行时限，请填写执行完成的日期和时间。".to_owned()
        }
        Refusal::NotInFuture { field, .. } => format!("「{field}」必须晚于现在，请填写将来的时间。"),
        Refusal::TooFar { field, days_max } => format!("「{field}」太远，最多可在 {days_max} 天之内。"),
        Refusal::TellWhen { promise, mark, .. } => format!(
            "承诺条款「{promise}」要求：此答复须告知「{}」的预计时间。请填写告知客户的时间。",
            mark.label(Language::Zh)
        ),
        Refusal::Contents { missing, .. } => format!(
            "消息缺少必须包含的内容：{}。请补充后再发送。",
            joined(missing, |content| content.label(Language::Zh), "、")
        ),
        Refusal::ScopeTermUnknown { commitment, term, known, .. } => format!(
            "不予受理必须指明承诺书中已公布的除外条款；「{commitment} {term}」不是这样的条款。可用条款：{}。",
            if known.is_empty() { "无".to_owned() } else { known.join("、") }
        ),
        Refusal::ExceptionNeeds { missing, .. } => format!(
            "除外情形缺少：{}；缺少任何一项都不予认定。",
            joined(missing, |need| need.label(Language::Zh), "、")
        ),
        Refusal::WordTooLate { promise, .. } => {
            format!("告知客户的时间晚于条款「{promise}」的到期时间，除外不予认定。")
        }
        Refusal::NothingToExcept => "该工单没有可按此理由除外的、仍在计时的承诺条款。".to_owned(),
        Refusal::AlreadyPaused { reason, .. } => format!("已因「{}」暂停计时。", reason.label(Language::Zh)),
        Refusal::NotPaused { reason, .. } => format!("没有因「{}」的暂停。", reason.label(Language::Zh)),
        Refusal::PauseByException => {
            "不可抗力只能通过登记除外情形（含证明、告知、替代方案）来暂停计时。".to_owned()
        }
        Refusal::NoSolutionOpen => "没有等待客户答复的解决方案，请先提出方案。".to_owned(),
        Refusal::NoSolutionAccepted => "没有客户已接受、等待执行的解决方案。".to_owned(),
        Refusal::NoSuchOwner => "该团队或人员不存在，或该人员不在该团队任职。请从名单中选择。".to_owned(),
        Refusal::AlreadyOwner => "该工单已由此人负责。".to_owned(),
        Refusal::NoBreach { grade, .. } => format!("该工单没有「{}」，无须补救。", grade.label(Language::Zh)),
        Refusal::RemedyStep { needs, .. } => {
            format!("补救流程须先完成上一步：{}。", step(*needs, Language::Zh))
        }
        Refusal::RemedyProposed { .. } => "补救措施已经提出。".to_owned(),
        Refusal::WrittenNotice { .. } => "承诺书要求以书面形式通知客户，请选择书面。".to_owned(),
        Refusal::NoSurvey => "该工单适用的承诺书没有满意度调查。".to_owned(),
        Refusal::SurveyAnswered { .. } => "该调查已经答复，谢谢。".to_owned(),
        Refusal::Rating { question, asked, .. } => {
            format!("评分「{question}」无效：每题 1 至 5 分，题目为：{}。", asked.join("、"))
        }
        Refusal::NoLowRating => "没有需要回访的低分评价。".to_owned(),
        Refusal::MediationStep { needs, .. } => format!("调解须先完成：{}。", step(*needs, Language::Zh)),
        Refusal::DuplicateOfItself => "工单不能与自身重复，请填写另一张工单。".to_owned(),
        Refusal::NoSuchMessage { version, .. } => {
            format!("工单上没有编号为 {version} 的对客消息，请选择一条已发送的消息。")
        }
        Refusal::NothingChanges => "没有任何变化，无须提交。".to_owned(),
        Refusal::NoDoubt => "分类已确定或已由人员确认，无须再确认；如有误，请重新分类。".to_owned(),
        Refusal::NotOnRecord { fields } => {
            format!("工单上没有客户的{}，无可查看。", joined(fields, |field| field.label(Language::Zh), "、"))
        }
        Refusal::Masked { field } => format!(
            "「{}」含有星号，是隐去部分内容的显示值，不能作为新值保存；请填写完整内容，或保留原显示值不作修改。",
            field.label(Language::Zh)
        ),
        Refusal::Erased => {
            "客户的个人信息已被删除，此工单不再接受新的内容；客户如有新需求，请另建工单。".to_owned()
        }
        Refusal::PeopleOnly => "投诉和紧急需求只由工作人员答复，不自动答复。".to_owned(),
        Refusal::NoAutomaticAnswer => {
            "本轮没有等待评价的自动答复，或工作人员已经答复；如需补充，请直接留言。".to_owned()
        }
    }
}

pub(super) fn en(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotAllowed { .. } => "Your role may not do this; ask a colleague who may.".to_owned(),
        Refusal::Closed { .. } => "The ticket is closed; reopen it first.".to_owned(),
        Refusal::NotClosed => "The ticket is not closed; this is for closed tickets only.".to_owned(),
        Refusal::NotForKind { kind, only, .. } => format!("A {} has no such step; it belongs to: {}. If the kind is wrong, classify the ticket anew first.", kind.label(Language::En).to_lowercase(), joined(only, |kind| kind.label(Language::En), ", ")),
        Refusal::NotByPhone => "The ticket did not come by phone, so there is no call.".to_owned(),
        Refusal::Needs { mark, .. } => format!("This has to happen first: {}.", mark.label(Language::En)),
        Refusal::Already { mark, .. } => format!("This has already happened: {}.", mark.label(Language::En)),
        Refusal::Blank { field, .. } => format!("`{field}` is empty; write something."),
        Refusal::TooLong { field, max_chars, .. } => format!("`{field}` is too long: at most {max_chars} characters; split it."),
        Refusal::VerifyFirst { commitment, .. } => format!("Letter {commitment} says that specialists verify a technical complaint on site before a solution is offered. Record the on-site verification first."),
        Refusal::SpecialistsOnly => "Only a specialist or a team lead records the on-site verification.".to_owned(),
        Refusal::SolutionDeadlineMissing => "A solution must name the deadline for carrying it out; fill in date and time.".to_owned(),
        Refusal::NotInFuture { field, .. } => format!("`{field}` has to lie in the future."),
        Refusal::TooFar { field, days_max } => format!("`{field}` lies too far ahead: at most {days_max} days."),
        Refusal::TellWhen { promise, mark, .. } => format!("Promise `{promise}` demands that this reply tells by when this will follow: {}. Fill in the time that you tell the customer.", mark.label(Language::En)),
        Refusal::Contents { missing, .. } => format!("The message lacks what it has to contain: {}. Add it, then send.", joined(missing, |content| content.label(Language::En), ", ")),
        Refusal::ScopeTermUnknown { commitment, term, known, .. } => format!("A refusal as out of scope names a published term that excludes the case; `{commitment} {term}` is none. Terms to choose from: {}.", if known.is_empty() { "none".to_owned() } else { known.join(", ") }),
        Refusal::ExceptionNeeds { missing, .. } => format!("The exception lacks: {}. Without it, it does not count.", joined(missing, |need| need.label(Language::En), ", ")),
        Refusal::WordTooLate { promise, .. } => format!("The customer was told after promise `{promise}` was due, so the exception does not count."),
        Refusal::NothingToExcept => "No running promise of this ticket can be excepted on this ground.".to_owned(),
        Refusal::AlreadyPaused { reason, .. } => format!("The clocks already stand still: {}.", reason.label(Language::En)),
        Refusal::NotPaused { reason, .. } => format!("There is no such pause: {}.", reason.label(Language::En)),
        Refusal::PauseByException => "Force majeure pauses clocks only through a recorded exception with evidence, word and alternative.".to_owned(),
        Refusal::NoSolutionOpen => "No solution awaits the customer's word; propose one first.".to_owned(),
        Refusal::NoSolutionAccepted => "No accepted solution awaits being carried out.".to_owned(),
        Refusal::NoSuchOwner => "There is no such team or person, or the person is not active in that team. Choose from the roster.".to_owned(),
        Refusal::AlreadyOwner => "That person already owns the ticket.".to_owned(),
        Refusal::NoBreach { grade, .. } => format!("The ticket has no {}, so there is nothing to remedy.", grade.label(Language::En)),
        Refusal::RemedyStep { needs, .. } => format!("The remedy needs its step before first: {}.", step(*needs, Language::En)),
        Refusal::RemedyProposed { .. } => "The remedy has already been proposed.".to_owned(),
        Refusal::WrittenNotice { .. } => "The letter demands a written notice; choose written.".to_owned(),
        Refusal::NoSurvey => "No letter of this ticket has a survey.".to_owned(),
        Refusal::SurveyAnswered { .. } => "The survey has already been answered, thank you.".to_owned(),
        Refusal::Rating { question, asked, .. } => format!("The rating `{question}` does not fit: 1 to 5 for each of: {}.", asked.join(", ")),
        Refusal::NoLowRating => "No low rating awaits a call-back.".to_owned(),
        Refusal::MediationStep { needs, .. } => format!("The mediation needs this first: {}.", step(*needs, Language::En)),
        Refusal::DuplicateOfItself => "A ticket cannot be the duplicate of itself; name the other one.".to_owned(),
        Refusal::NoSuchMessage { version, .. } => format!("There is no message number {version} to the customer on this ticket; choose one that was sent."),
        Refusal::NothingChanges => "Nothing would change.".to_owned(),
        Refusal::NoDoubt => "The classification is sure or a person has looked at it already; if it is wrong, classify the ticket anew.".to_owned(),
        Refusal::NotOnRecord { fields } => format!("There is nothing to look at: the ticket has no {} of the customer.", joined(fields, |field| field.label(Language::En), ", ")),
        Refusal::Masked { field } => format!("The {} contains a star: it is a mask, not the value. Write it in full, or leave it as it was shown to keep it.", field.label(Language::En)),
        Refusal::Erased => "The personal data of the customer were erased and the ticket takes nothing new; enter a new request if there is a new need.".to_owned(),
        Refusal::PeopleOnly => "Complaints and urgent requests are answered by people only.".to_owned(),
        Refusal::NoAutomaticAnswer => "There is no automatic answer to judge in this round, or a person has answered since; write a message instead.".to_owned(),
    }
}

/// A step of a remedy or mediation in words.
fn step(command: CommandKind, language: Language) -> &'static str {
    let (zh, en) = match command {
        CommandKind::ProposeRemedy => ("提出补救", "propose a remedy"),
        CommandKind::ApproveRemedy => ("批准补救", "approve the remedy"),
        CommandKind::DeliverRemedy => ("交付补救", "deliver the remedy"),
        CommandKind::CallMediation => ("引入第三方调解", "call in a mediator"),
        CommandKind::ConcludeMediation => ("登记调解结果", "record the end of the mediation"),
        other => (other.word(), other.word()),
    };
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}
