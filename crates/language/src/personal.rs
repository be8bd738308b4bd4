//! Personal data in free text (C1): what customers and agents write into subject, body and replies, found and masked.
//!
//! [`find`] reads a text once per sort of data and never guesses across a line; everything is checked by hand at its
//! borders, so that an order number, an amount, a model or a ticket number stays what it is. Spans are bytes of the text
//! as it was given, always at the borders of characters, whatever its width, script and invisible signs.
//!
//! | sort | is found by |
//! |---|---|
//! | mobile, landline, phone-abroad | number plan, groups as people write them, country codes, Chinese numerals |
//! | identity-number | 身份证: region, date and check digit; the old form of 15 digits |
//! | bank-card | Luhn and a known beginning, or a cue nearby |
//! | company-code | 统一社会信用代码 (mod 31): told apart from identity numbers; no personal data, so never masked |
//! | email, account, ip | form; WeChat and QQ after a cue; public IP addresses after a cue |
//! | plate, passport | form; passports after a cue |
//! | name | cues (姓名, 我叫, surname with 先生; "my name is", Mr) |
//! | address | chains of 省市区县镇路号栋室; English street addresses |
//!
//! A company's own hotline is no personal data: 400, 800 and short numbers are left out, and what [`Leave`] lists.

mod address;
mod address_en;
mod codes;
mod cues;
mod groups;
mod identity;
mod known;
mod letters;
mod masks;
mod names;
mod names_en;
mod numbers;
mod online;
mod phone;

use std::ops::Range;

use yinuo_commitment::Language;

pub use self::known::{Known, find_known, mask_known};
pub(crate) use self::letters::Letters;

/// What a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sort {
    /// Mobile number of mainland China.
    Mobile,
    /// Fixed line, with or without area code and extension.
    Landline,
    /// Number of another country or region.
    PhoneAbroad,
    /// 身份证号.
    IdentityNumber,
    /// Bank card.
    BankCard,
    /// 统一社会信用代码: of a company, no personal data.
    CompanyCode,
    /// E-mail address.
    Email,
    /// WeChat or QQ.
    Account,
    /// Public IP address.
    Ip,
    /// Number plate of a vehicle.
    Plate,
    /// Passport or travel permit.
    Passport,
    /// Name of a person.
    Name,
    /// Postal address, finer than a district.
    Address,
}

impl Sort {
    /// Every sort.
    pub const ALL: &'static [Sort] = &[
        Sort::Mobile,
        Sort::Landline,
        Sort::PhoneAbroad,
        Sort::IdentityNumber,
        Sort::BankCard,
        Sort::CompanyCode,
        Sort::Email,
        Sort::Account,
        Sort::Ip,
        Sort::Plate,
        Sort::Passport,
        Sort::Name,
        Sort::Address,
    ];

    /// The word in interfaces and tables.
    pub const fn word(self) -> &'static str {
        match self {
            Sort::Mobile => "mobile",
            Sort::Landline => "landline",
            Sort::PhoneAbroad => "phone-abroad",
            Sort::IdentityNumber => "identity-number",
            Sort::BankCard => "bank-card",
            Sort::CompanyCode => "company-code",
            Sort::Email => "email",
            Sort::Account => "account",
            Sort::Ip => "ip",
            Sort::Plate => "plate",
            Sort::Passport => "passport",
            Sort::Name => "name",
            Sort::Address => "address",
        }
    }

    /// The sort that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|sort| sort.word() == word)
    }

    /// The name for people.
    pub fn label(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Sort::Mobile => ("手机号", "mobile number"),
            Sort::Landline => ("固定电话", "phone number"),
            Sort::PhoneAbroad => ("境外电话", "phone number abroad"),
            Sort::IdentityNumber => ("身份证号", "identity number"),
            Sort::BankCard => ("银行卡号", "bank card number"),
            Sort::CompanyCode => ("统一社会信用代码", "company code"),
            Sort::Email => ("电子邮箱", "e-mail address"),
            Sort::Account => ("微信或 QQ 号", "WeChat or QQ account"),
            Sort::Ip => ("IP 地址", "IP address"),
            Sort::Plate => ("车牌号", "number plate"),
            Sort::Passport => ("护照号", "passport number"),
            Sort::Name => ("姓名", "name"),
            Sort::Address => ("地址", "postal address"),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// Whether it says something about a person; the code of a company does not.
    pub const fn is_personal(self) -> bool {
        !matches!(self, Sort::CompanyCode)
    }

    /// Which of two findings at one place is the better reading; the lower wins.
    const fn rank(self) -> u8 {
        match self {
            Sort::Email => 0,
            Sort::IdentityNumber | Sort::CompanyCode => 1,
            Sort::BankCard => 2,
            Sort::Mobile => 3,
            Sort::PhoneAbroad => 4,
            Sort::Landline => 5,
            Sort::Plate | Sort::Passport | Sort::Ip => 6,
            Sort::Account => 7,
            Sort::Address => 8,
            Sort::Name => 9,
        }
    }
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Certainty {
    /// It has the form, but so have other things; names and many addresses are never more than possible.
    Possible,
    /// Form, check digits or a cue leave no reasonable doubt.
    Certain,
}

/// Personal data at one place of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where, in bytes of the text as given.
    pub span: Range<usize>,
    /// What.
    pub sort: Sort,
    /// How sure.
    pub certainty: Certainty,
}

/// What is no personal data although it looks so: what the organisation itself publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leave {
    hotlines: bool,
    own: Vec<String>,
}

impl Default for Leave {
    fn default() -> Self {
        Self { hotlines: true, own: Vec::new() }
    }
}

impl Leave {
    /// Leaves hotlines (400, 800, 95xxx) and the organisation's own numbers, mailboxes and addresses alone. Width,
    /// separators and country code do not matter.
    pub fn own<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let own = values.into_iter().map(bare).filter(|value| value.chars().count() >= 3).collect();
        Self { hotlines: true, own }
    }

    /// Reports 400 and 800 numbers as landlines too.
    #[must_use]
    pub fn and_report_hotlines(mut self) -> Self {
        self.hotlines = false;
        self
    }

    fn has(&self, sort: Sort, written: &str) -> bool {
        if self.own.is_empty() {
            return false;
        }
        let bare = bare(written);
        let whole_only = !matches!(sort, Sort::Address);
        self.own.iter().any(|own| *own == bare || (!whole_only && own.contains(&bare)))
    }
}

/// Letters and digits alone, in comparable form and without the country code of a number: what two spellings share.
pub(crate) fn bare(written: &str) -> String {
    let letters = Letters::of(written);
    let bare: String =
        letters.all().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    let digits = bare.bytes().all(|byte| byte.is_ascii_digit());
    match bare.strip_prefix("0086").or_else(|| bare.strip_prefix("86")) {
        Some(rest) if digits && rest.len() >= 9 => rest.trim_start_matches('0').to_owned(),
        _ if digits && bare.len() >= 9 => bare.trim_start_matches('0').to_owned(),
        _ => bare,
    }
}

/// A reading of some letters, before overlaps are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Candidate {
    from: usize,
    to: usize,
    sort: Sort,
    certainty: Certainty,
}

impl Candidate {
    /// Whether it is the better reading where both cannot be.
    fn beats(&self, other: &Candidate) -> bool {
        let key = |one: &Candidate| {
            (std::cmp::Reverse(one.certainty), one.sort.rank(), std::cmp::Reverse(one.to - one.from))
        };
        key(self) < key(other)
    }
}

/// The personal data in `text`, in order, never overlapping. Hotlines are left out; see [`find_but`].
pub fn find(text: &str) -> Vec<Finding> {
    find_but(text, &Leave::default())
}

/// The personal data in `text` but what `leave` lists.
pub fn find_but(text: &str, leave: &Leave) -> Vec<Finding> {
    find_in(&Letters::of(text), text, leave)
}

/// As [`find_but`], on letters that were made already.
pub(crate) fn find_in(letters: &Letters, text: &str, leave: &Leave) -> Vec<Finding> {
    let mut candidates = Vec::new();
    let whole = letters.len();
    if whole == 0 {
        return Vec::new();
    }
    numbers::find(letters, leave.hotlines, &mut candidates);
    online::find(letters, &mut candidates);
    codes::find(letters, &mut candidates);
    names::find(letters, &mut candidates);
    names_en::find(letters, &mut candidates);
    address::find(letters, &mut candidates);
    address_en::find(letters, &mut candidates);
    let settled = settle(candidates);
    let finding = |one: Candidate| {
        let span = letters.span(one.from, one.to);
        let written = text.get(span.clone())?;
        (!leave.has(one.sort, written)).then_some(Finding { span, sort: one.sort, certainty: one.certainty })
    };
    settled.into_iter().filter_map(finding).collect()
}

/// Of readings that overlap, the best.
fn settle(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.retain(|one| one.from < one.to);
    candidates.sort_by_key(|one| (one.from, one.to));
    let mut kept: Vec<Candidate> = Vec::with_capacity(candidates.len());
    for one in candidates {
        match kept.last_mut() {
            Some(last) if one.from < last.to => {
                if one.beats(last) {
                    *last = one;
                }
            }
            _ => kept.push(one),
        }
    }
    kept
}

/// `text` with its personal data masked, as contact data are masked elsewhere: `138****1234`, `a***@example.com`, `王**`.
/// Masking what is masked changes nothing.
pub fn mask(text: &str) -> String {
    mask_but(text, &Leave::default())
}

/// As [`mask`], but what `leave` lists stays.
pub fn mask_but(text: &str, leave: &Leave) -> String {
    mask_where(text, leave, |_| true)
}

/// As [`mask_but`], but only sorts for which `hidden` holds: those who deal with customers may see what they are called.
pub fn mask_where(text: &str, leave: &Leave, hidden: impl Fn(Sort) -> bool) -> String {
    let found = |text: &str| -> Vec<Finding> {
        let of_persons = |one: &Finding| one.sort.is_personal() && hidden(one.sort);
        find_but(text, leave).into_iter().filter(of_persons).collect()
    };
    let mut masked = with_masks(text, &found(text));
    // A mask may lay bare a weaker reading beside it; twice is enough for all that was ever seen, the rest is stars.
    for _ in 0..4 {
        let left = found(&masked);
        if left.is_empty() {
            return masked;
        }
        masked = with_masks(&masked, &left);
    }
    for finding in found(&masked).into_iter().rev() {
        masked.replace_range(finding.span, "****");
    }
    masked
}

/// `text` with `findings` masked; those must lie in it, in order, without overlap, as [`find`] gives them. What is no
/// personal data stays.
pub fn with_masks(text: &str, findings: &[Finding]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for finding in findings.iter().filter(|finding| finding.sort.is_personal()) {
        let (Some(before), Some(found)) =
            (text.get(done..finding.span.start), text.get(finding.span.clone()))
        else {
            continue;
        };
        masked.push_str(before);
        masked.push_str(&masks::shown(finding.sort, found));
        done = finding.span.end;
    }
    masked.push_str(text.get(done..).unwrap_or_default());
    masked
}
