//! What the organisation knows, as data.

use jiff::civil::Date;
use yinuo_commitment::Language;

/// One question that the organisation has an answer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Name: kebab-case, unique in the knowledge base, the same in every version.
    pub id: String,
    /// Version, from 1.
    pub version: u32,
    /// Who answers for it: a team or a person.
    pub owner: String,
    /// What it is about, in the organisation's list of topics.
    pub topic: Option<String>,
    /// First day on which it holds.
    pub from: Option<Date>,
    /// Last day on which it holds.
    pub until: Option<Date>,
    /// Who approved this version, and when; without it nobody is answered with it.
    pub approved: Option<Approval>,
    /// In Chinese.
    pub zh: Option<Piece>,
    /// In English.
    pub en: Option<Piece>,
}

/// That somebody approved a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub by: String,
    /// When.
    pub on: Date,
}

/// An article in one language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Piece {
    /// The question in its shortest form.
    pub title: String,
    /// The answer.
    pub body: String,
    /// The same question in other words: ten and more of these are what makes it found.
    pub questions: Vec<String>,
}

impl Article {
    /// Whether customers may be answered with it on `day`.
    pub fn in_force(&self, day: Date) -> bool {
        self.approved.is_some()
            && self.from.is_none_or(|from| from <= day)
            && self.until.is_none_or(|until| day <= until)
    }

    /// The piece in `language`.
    pub fn piece(&self, language: Language) -> Option<&Piece> {
        match language {
            Language::Zh => self.zh.as_ref(),
            Language::En => self.en.as_ref(),
        }
    }

    /// The pieces that there are, with the piece in `language` first.
    pub fn in_language(&self, language: Language) -> Option<(Language, &Piece)> {
        let other = match language {
            Language::Zh => Language::En,
            Language::En => Language::Zh,
        };
        [language, other].into_iter().find_map(|language| Some((language, self.piece(language)?)))
    }
}

impl Piece {
    /// Everything that asks for the article: the title, then the similar questions.
    pub fn asked(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.title.as_str()).chain(self.questions.iter().map(String::as_str))
    }
}
