//! What an article may say.

use yinuo_commitment::says_nothing;
use yinuo_core::{
    id::{ArticleId, TeamId},
    knowledge::{Article, ArticleText, Piece},
};
use yinuo_language::personal::{self, Certainty, Sort};

use crate::{error::DeskError, submit::check_topic};

/// Longest title, in characters.
const TITLE_MAX_CHARS: usize = 120;

/// Longest answer, in characters.
const BODY_MAX_CHARS: usize = 5_000;

/// Longest similar question, in characters.
pub(super) const QUESTION_MAX_CHARS: usize = 200;

/// Similar questions of an article in one language.
const QUESTIONS_MAX: usize = 200;

/// The text without blanks around its parts, empty and repeated questions; or why it cannot be an article.
pub(super) fn checked(mut text: ArticleText) -> Result<ArticleText, DeskError> {
    text.topic = text.topic.map(|topic| topic.trim().to_owned()).filter(|topic| !says_nothing(topic));
    check_topic(text.topic.as_deref())?;
    if let (Some(from), Some(until)) = (text.from, text.until)
        && until < from
    {
        return Err(DeskError::invalid(
            "until",
            "失效日期早于生效日期，请检查。",
            "The last day lies before the first one.",
        ));
    }
    text.zh = text.zh.as_ref().map(piece).transpose()?;
    text.en = text.en.as_ref().map(piece).transpose()?;
    if text.zh.is_none() && text.en.is_none() {
        return Err(DeskError::invalid(
            "zh",
            "至少要有一种语言的标题和答案。",
            "Write title and answer in at least one language.",
        ));
    }
    Ok(text)
}

fn piece(piece: &Piece) -> Result<Piece, DeskError> {
    let title = fits("title", &piece.title, TITLE_MAX_CHARS)?;
    let body = fits("body", &piece.body, BODY_MAX_CHARS)?;
    let mut questions: Vec<String> = Vec::with_capacity(piece.questions.len());
    for question in &piece.questions {
        if says_nothing(question) {
            continue;
        }
        let question = fits("questions", question, QUESTION_MAX_CHARS)?;
        if question != title && !questions.contains(&question) {
            questions.push(question);
        }
    }
    if questions.len() > QUESTIONS_MAX {
        return Err(DeskError::invalid(
            "questions",
            format!("相似问法最多 {QUESTIONS_MAX} 条，请拆成两篇。"),
            format!("At most {QUESTIONS_MAX} similar questions; make two articles of it."),
        ));
    }
    Ok(Piece { title, body, questions })
}

fn fits(field: &'static str, text: &str, chars_max: usize) -> Result<String, DeskError> {
    let text = text.trim();
    let chars = text.chars().count();
    if says_nothing(text) {
        return Err(DeskError::invalid(field, "不能为空，请填写。", "It is empty; write something."));
    }
    if chars > chars_max {
        return Err(DeskError::invalid(
            field,
            format!("内容过长，最多 {chars_max} 个字符。"),
            format!("Too long: at most {chars_max} characters."),
        ));
    }
    nobodys(field, text)?;
    Ok(text.to_owned())
}

/// Texts of the organisation are kept in the clear for ever: what belongs to somebody may not stand there. Fixed lines,
/// mailboxes and addresses are often the company's own, so that only what never is gets refused.
pub(crate) fn nobodys(field: &'static str, text: &str) -> Result<(), DeskError> {
    let somebodys = |sort| {
        matches!(sort, Sort::Mobile | Sort::IdentityNumber | Sort::BankCard | Sort::Passport | Sort::Plate)
    };
    let found = personal::find(text);
    let Some(found) =
        found.iter().find(|found| found.certainty == Certainty::Certain && somebodys(found.sort))
    else {
        return Ok(());
    };
    let zh = found.sort.label(yinuo_commitment::Language::Zh);
    let en = found.sort.label(yinuo_commitment::Language::En).to_lowercase();
    Err(DeskError::invalid(
        field,
        format!("内容中有个人信息（{zh}）。它会以明文永久保留，请先删去。"),
        format!(
            "There are personal data in it ({en}). It is kept in the clear for ever: take them out first."
        ),
    ))
}

/// Somebody else wrote a version meanwhile, or there is none.
pub(super) fn overtaken(article: &ArticleId, newest: Option<u32>) -> DeskError {
    match newest {
        Some(newest) => DeskError::invalid(
            "based_on",
            format!("「{article}」已有第 {newest} 版；请先查看，再在它的基础上修改。"),
            format!("`{article}` has version {newest} already; look at it first and change that one."),
        ),
        None => DeskError::invalid(
            "based_on",
            format!("没有名为「{article}」的条目；新建条目时请不要填写版本。"),
            format!("There is no article `{article}`; a new one is based on no version."),
        ),
    }
}

/// Nobody has ever stood up for a version: customers are not answered with it.
pub(super) fn never_approved(article: &Article, version: u32) -> DeskError {
    let id = &article.id;
    match article.current {
        Some(current) => DeskError::invalid(
            "article",
            format!(
                "「{id}」第 {version} 版从未批准，不能用来答复客户；请使用第 {current} 版，或先请人批准该版。"
            ),
            format!(
                "Version {version} of `{id}` was never approved, so customers are not answered with it: use version {current}, or have that one approved first."
            ),
        ),
        None => DeskError::invalid(
            "article",
            format!(
                "「{id}」第 {version} 版从未批准，不能用来答复客户；请先请人批准，或不引用该条目直接答复。"
            ),
            format!(
                "Version {version} of `{id}` was never approved, so customers are not answered with it: have it approved first, or answer without the article."
            ),
        ),
    }
}

pub(super) fn unknown_owner(owner: &TeamId) -> DeskError {
    DeskError::invalid(
        "owner",
        format!("没有名为「{owner}」的团队，请从名单中选择。"),
        format!("There is no team `{owner}`; choose from the list."),
    )
}

/// A ticket that nobody has answered is worth no article.
pub(super) fn no_answer_yet() -> DeskError {
    DeskError::invalid(
        "ticket",
        "该工单还没有工作人员的答复，无法做成知识条目；请先答复客户。",
        "Nobody of the company has answered this ticket, so there is nothing to make an article of; answer first.",
    )
}
