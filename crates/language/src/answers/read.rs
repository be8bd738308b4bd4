//! A knowledge base as a text that people can read and write.
//!
//! ```text
//! # a comment
//! = router-red-light
//! owner: network
//! topic: router
//! approved: Zhou Mingyuan 2026-08-22
//! [zh] 路由器亮红灯怎么办
//! 先看光纤是否插紧，再重启。
//! ? 光信号灯是红色的
//! [en] The router shows a red light
//! Check the fibre cable first, then restart.
//! ? red LED on my router
//! ```
//! Also `version: 2`, `from: 2026-09-01`, `until: 2026-12-31`.

use std::{collections::BTreeSet, fmt};

use jiff::civil::Date;
use yinuo_commitment::Language;

use super::{Approval, Article, Piece};

/// A line that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// Line, from 1.
    pub line: u32,
    /// What is wrong, and what to write instead, in Chinese.
    zh: String,
    /// The same in English.
    en: String,
}

impl ReadError {
    fn new(line: u32, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { line, zh: zh.into(), en: en.into() }
    }

    /// What is wrong and what to write instead.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Zh => format!("第 {} 行：{}", self.line, self.zh),
            Language::En => format!("line {}: {}", self.line, self.en),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::En))
    }
}

impl std::error::Error for ReadError {}

/// Reads articles. The first line that cannot be read is an error; nothing is left out silently.
pub fn read(text: &str) -> Result<Vec<Article>, ReadError> {
    let mut reader = Reader::default();
    for (number, line) in (1_u32..).zip(text.lines()) {
        reader.line(number, line.trim())?;
    }
    reader.finish()?;
    Ok(reader.articles)
}

#[derive(Default)]
struct Reader {
    articles: Vec<Article>,
    ids: BTreeSet<String>,
    /// Line on which the article began.
    began: u32,
    language: Option<Language>,
}

impl Reader {
    fn line(&mut self, number: u32, line: &str) -> Result<(), ReadError> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if let Some(id) = line.strip_prefix('=') {
            return self.begin(number, id.trim());
        }
        let Some(article) = self.articles.last_mut() else {
            return Err(ReadError::new(
                number,
                "文章之前不能有内容，请先写“= 文章名”",
                "nothing can stand before an article; begin with `= name-of-the-article`",
            ));
        };
        for (mark, language) in [("[zh]", Language::Zh), ("[en]", Language::En)] {
            if let Some(title) = line.strip_prefix(mark) {
                let piece = match language {
                    Language::Zh => &mut article.zh,
                    Language::En => &mut article.en,
                };
                if title.trim().is_empty() || piece.is_some() {
                    return Err(ReadError::new(
                        number,
                        format!("{mark} 后面要有标题，每种语言一次"),
                        format!("{mark} needs a title behind it, once per article"),
                    ));
                }
                *piece = Some(Piece { title: title.trim().to_owned(), ..Piece::default() });
                self.language = Some(language);
                return Ok(());
            }
        }
        let piece = match self.language {
            None => return field(article, number, line),
            Some(Language::Zh) => article.zh.as_mut(),
            Some(Language::En) => article.en.as_mut(),
        };
        let Some(piece) = piece else { return Ok(()) };
        match line.strip_prefix(['?', '？']).map(str::trim) {
            Some("") => {
                Err(ReadError::new(number, "问号后面缺少问法", "a question is missing behind the `?`"))
            }
            Some(question) => {
                piece.questions.push(question.to_owned());
                Ok(())
            }
            None if !piece.questions.is_empty() => Err(ReadError::new(
                number,
                "答案要写在各种问法之前",
                "the answer stands before the questions; write `?` before a question",
            )),
            None => {
                if !piece.body.is_empty() {
                    piece.body.push('\n');
                }
                piece.body.push_str(line);
                Ok(())
            }
        }
    }

    fn begin(&mut self, number: u32, id: &str) -> Result<(), ReadError> {
        self.finish()?;
        let kebab = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
        if id.is_empty() || !id.chars().all(kebab) {
            return Err(ReadError::new(
                number,
                format!("文章名“{id}”只能用小写字母、数字和连字符"),
                format!("`{id}` is no name of an article: lower-case letters, digits and hyphens"),
            ));
        }
        if !self.ids.insert(id.to_owned()) {
            return Err(ReadError::new(
                number,
                format!("已有名为“{id}”的文章，请换一个名字"),
                format!("there is an article called `{id}` already; choose another name"),
            ));
        }
        self.began = number;
        self.language = None;
        self.articles.push(Article {
            id: id.to_owned(),
            version: 1,
            owner: String::new(),
            topic: None,
            from: None,
            until: None,
            approved: None,
            zh: None,
            en: None,
        });
        Ok(())
    }

    /// What an article has to have.
    fn finish(&self) -> Result<(), ReadError> {
        let Some(article) = self.articles.last() else { return Ok(()) };
        let pieces = [&article.zh, &article.en];
        let missing = if article.owner.is_empty() {
            Some(("负责人（owner:）", "its owner (`owner:`)"))
        } else if pieces.iter().all(|piece| piece.is_none()) {
            Some(("正文（[zh] 或 [en]）", "a text (`[zh]` or `[en]`)"))
        } else if pieces.iter().any(|piece| piece.as_ref().is_some_and(|piece| piece.body.is_empty())) {
            Some(("标题下面的答案", "the answer below its title"))
        } else if matches!((article.from, article.until), (Some(from), Some(until)) if from > until) {
            Some(("先于 until 的 from", "a `from` before its `until`"))
        } else {
            None
        };
        match missing {
            None => Ok(()),
            Some((zh, en)) => Err(ReadError::new(
                self.began,
                format!("文章“{}”缺少{zh}", article.id),
                format!("the article `{}` lacks {en}", article.id),
            )),
        }
    }
}

/// One line of what is said about an article.
fn field(article: &mut Article, number: u32, line: &str) -> Result<(), ReadError> {
    let wrong = |zh: &str, en: &str| Err(ReadError::new(number, zh, en));
    let Some((name, value)) = line.split_once(':').map(|(name, value)| (name.trim(), value.trim())) else {
        return wrong(
            "这里应写“名称: 值”，或以 [zh]、[en] 开始正文",
            "here stands `name: value`, or a text begins with [zh] or [en]",
        );
    };
    let day = |value: &str| {
        value.parse::<Date>().map_err(|_| {
            ReadError::new(
                number,
                format!("“{value}”不是日期，请写成 2026-09-01"),
                format!("`{value}` is no date; write 2026-09-01"),
            )
        })
    };
    match name {
        "owner" if !value.is_empty() => value.clone_into(&mut article.owner),
        "topic" if !value.is_empty() => article.topic = Some(value.to_owned()),
        "from" => article.from = Some(day(value)?),
        "until" => article.until = Some(day(value)?),
        "version" => match value.parse() {
            Ok(version) if version > 0 => article.version = version,
            _ => return wrong("版本是从 1 起的整数", "a version is a whole number from 1"),
        },
        "approved" => match value.rsplit_once(' ') {
            Some((by, on)) => article.approved = Some(Approval { by: by.trim().to_owned(), on: day(on)? }),
            None => return wrong("请写成“approved: 姓名 日期”", "write `approved: name date`"),
        },
        _ => {
            return wrong(
                "这里可以写 owner、topic、version、from、until、approved，且不能为空",
                "this can be owner, topic, version, from, until or approved, with a value",
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
# made up
= red-light
owner: network team
topic: router
version: 2
from: 2026-09-01
until: 2026-12-31
approved: Zhou Mingyuan 2026-08-22
[zh] 红灯
先看线。
再重启。
? 亮红灯
？ 红色的灯
[en] Red light
Restart it.
? red LED
";

    #[test]
    fn an_article_is_read_whole() {
        let articles = read(GOOD).unwrap();
        let [article] = articles.as_slice() else { panic!("{articles:?}") };
        assert_eq!(
            (article.id.as_str(), article.version, article.owner.as_str()),
            ("red-light", 2, "network team")
        );
        let zh = article.zh.as_ref().unwrap();
        assert_eq!(zh.body, "先看线。\n再重启。");
        assert_eq!(zh.asked().collect::<Vec<_>>(), ["红灯", "亮红灯", "红色的灯"]);
        assert_eq!(article.en.as_ref().unwrap().questions, ["red LED"]);
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert!(article.in_force(day("2026-09-01")) && article.in_force(day("2026-12-31")));
        assert!(!article.in_force(day("2026-08-31")) && !article.in_force(day("2027-01-01")));
        let draft = Article { approved: None, ..article.clone() };
        assert!(!draft.in_force(day("2026-10-01")));
        assert_eq!(article.in_language(Language::En).unwrap().0, Language::En);
        assert_eq!(
            Article { en: None, ..article.clone() }.in_language(Language::En).unwrap().0,
            Language::Zh
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        for (text, line, says) in [
            ("owner: x", 1, "begin with `= "),
            ("= Red", 1, "lower-case"),
            (&GOOD.replace("= red-light", "= a\nowner: x\n[zh] t\nb\n= a"), 6, "already"),
            (&GOOD.replace("2026-09-01", "soon"), 6, "no date"),
            (&GOOD.replace("version: 2", "version: 0"), 5, "whole number"),
            (&GOOD.replace("topic: router", "colour: red"), 4, "can be owner"),
            (&GOOD.replace("topic: router", "router"), 4, "`name: value`"),
            (&GOOD.replace("Zhou Mingyuan 2026-08-22", "x"), 8, "name date"),
            (&GOOD.replace("owner: network team\n", ""), 2, "lacks its owner"),
            (&GOOD.replace("2026-12-31", "2026-01-31"), 2, "before its `until`"),
            (&GOOD.replace("? red LED", "?"), 16, "missing behind"),
            (&GOOD.replace("Restart it.\n", ""), 2, "lacks the answer"),
            (&GOOD.replace("[en] Red light", "[en]"), 14, "needs a title"),
            (&GOOD.replace("[en] Red light", "[zh] Red light"), 14, "once per article"),
            (&format!("{GOOD}more text"), 17, "before the questions"),
            ("= a\nowner: x", 1, "lacks a text"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.to_string().contains(says), "{error} for {says}");
            assert_eq!(error.line, line, "{error}");
            assert!(error.text(Language::Zh).starts_with("第 "));
        }
    }
}
