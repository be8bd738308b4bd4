//! Personal data of customers (C1): which they are, and what is shown to people who have no reason to see them in full.
//!
//! Who sees what is one matrix: [`access::sees`](crate::access::sees). Masks are for eyes only; they are never put on
//! record.

mod address;
mod contact;
mod name;

use yinuo_commitment::{Language, Text};

use crate::{ticket::Customer, words::Words};

/// A piece of personal data that is masked for those who have not said why they need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PersonalField {
    /// Name.
    Name,
    /// Phone number.
    Phone,
    /// E-mail address.
    Email,
    /// Postal address.
    Address,
    /// Personal data that stand in free texts of the ticket, of whomever: numbers, addresses, names.
    Texts,
}

impl PersonalField {
    /// Every field, in the order in which they are recorded and shown.
    pub const ALL: &'static [PersonalField] = &[
        PersonalField::Name,
        PersonalField::Phone,
        PersonalField::Email,
        PersonalField::Address,
        PersonalField::Texts,
    ];

    /// The word in APIs and records.
    pub const fn word(self) -> &'static str {
        match self {
            PersonalField::Name => "name",
            PersonalField::Phone => "phone",
            PersonalField::Email => "email",
            PersonalField::Address => "address",
            PersonalField::Texts => "texts",
        }
    }

    /// The field that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.word() == word)
    }

    /// The name for people.
    pub fn label(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            PersonalField::Name => ("姓名", "name"),
            PersonalField::Phone => ("电话", "phone number"),
            PersonalField::Email => ("电子邮箱", "e-mail address"),
            PersonalField::Address => ("地址", "postal address"),
            PersonalField::Texts => ("文字内容中的个人信息", "personal data in texts"),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// Its value among the contact data, if one was given. It may have been erased since. Texts are no contact data.
    pub const fn of(self, customer: &Customer) -> Option<&Words> {
        match self {
            PersonalField::Name => Some(&customer.name),
            PersonalField::Phone => customer.phone.as_ref(),
            PersonalField::Email => customer.email.as_ref(),
            PersonalField::Address => customer.address.as_ref(),
            PersonalField::Texts => None,
        }
    }

    /// Whether a value is on record: given, not blank, not erased. Every ticket has texts.
    pub fn is_on_record(self, customer: &Customer) -> bool {
        matches!(self, PersonalField::Texts) || self.of(customer).is_some_and(|words| !words.is_blank())
    }
}

/// Why the data of a person were erased, as PIPL article 47 has it. A closed list on purpose: the record of an erasure
/// stays for ever, and free text could name whom it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErasureReason {
    /// The person withdrew the consent, or asked for the erasure.
    ConsentWithdrawn,
    /// What they were kept for is done, or cannot be done any more.
    PurposeFulfilled,
    /// The time for which they may be kept is over, or the service has ended.
    RetentionEnded,
    /// They should not have been taken in.
    Unlawful,
}

impl ErasureReason {
    /// Every reason.
    pub const ALL: &'static [ErasureReason] = &[
        ErasureReason::ConsentWithdrawn,
        ErasureReason::PurposeFulfilled,
        ErasureReason::RetentionEnded,
        ErasureReason::Unlawful,
    ];

    /// The word in APIs and records.
    pub const fn word(self) -> &'static str {
        match self {
            ErasureReason::ConsentWithdrawn => "consent-withdrawn",
            ErasureReason::PurposeFulfilled => "purpose-fulfilled",
            ErasureReason::RetentionEnded => "retention-ended",
            ErasureReason::Unlawful => "unlawful",
        }
    }

    /// The reason that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.word() == word)
    }

    /// The reason for people.
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            ErasureReason::ConsentWithdrawn => {
                ("个人撤回同意或要求删除", "consent withdrawn, or erasure asked for")
            }
            ErasureReason::PurposeFulfilled => {
                ("处理目的已实现或无法实现", "the purpose is fulfilled or cannot be")
            }
            ErasureReason::RetentionEnded => {
                ("保存期限届满或停止服务", "the time of keeping or the service has ended")
            }
            ErasureReason::Unlawful => ("收集不当", "the data should not have been taken in"),
        };
        Text::new(zh, en)
    }
}

/// What is shown of `text` instead of it: enough to recognise it by, not enough to use it. Blank text stays blank; of
/// any other text a part is missing.
///
/// | field | shown |
/// |---|---|
/// | name | `王**`, `欧阳**`, `J*** S***` |
/// | phone | `138****1234`, `010-****5678`, `010-****5678-***` |
/// | e-mail | `a***@example.com` |
/// | address | province, city and district where they can be told, else the beginning: `广东省深圳市南山区****` |
pub fn masked(field: PersonalField, text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    match field {
        PersonalField::Name => name::mask(text),
        PersonalField::Phone => contact::mask_phone(text),
        PersonalField::Email => contact::mask_email(text),
        PersonalField::Address => address::mask(text),
        // What is personal in a text is found elsewhere; whoever asks here gets nothing of it.
        PersonalField::Texts => "****".to_owned(),
    }
}

/// Words masked; what was erased stays erased.
fn masked_words(field: PersonalField, words: &Words) -> Words {
    words.text().map_or_else(Words::erased, |text| Words::from(masked(field, text)))
}

impl Customer {
    /// The customer as somebody sees it to whom only the fields for which `clear` holds are shown in full.
    #[must_use]
    pub fn masked_but(&self, clear: impl Fn(PersonalField) -> bool) -> Customer {
        let one = |field: PersonalField, words: &Words| {
            if clear(field) { words.clone() } else { masked_words(field, words) }
        };
        let optional = |field, words: &Option<Words>| words.as_ref().map(|words| one(field, words));
        Customer {
            name: one(PersonalField::Name, &self.name),
            phone: optional(PersonalField::Phone, &self.phone),
            email: optional(PersonalField::Email, &self.email),
            address: optional(PersonalField::Address, &self.address),
        }
    }
}

/// Full-width digits, letters and signs as plain ones: `１３８` is `138`, `＠` is `@`.
fn plain(text: &str) -> String {
    let one = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    text.chars().map(one).collect()
}
