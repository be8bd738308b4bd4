//! E-mail addresses, accounts of WeChat and QQ, public IP addresses.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{
    Candidate, Certainty, Sort,
    cues::{self, Cue},
    letters::Letters,
};

/// Longest name of a mailbox, and longest domain that is looked at.
const MAILBOX_MAX: usize = 64;
const DOMAIN_MAX: usize = 100;

pub(super) fn find(letters: &Letters, candidates: &mut Vec<Candidate>) {
    let mut done = 0;
    for index in 0..letters.len() {
        let c = letters.at(index);
        if index < done {
            continue;
        }
        let found = match c {
            '@' => email(letters, index, done),
            'q' | 'Q' | 'w' | 'W' | 'v' | 'V' | '微' | '扣' | '企' | 't' | 'T' => account(letters, index),
            '0'..='9' | 'a'..='f' | 'A'..='F' => address(letters, index),
            _ => None,
        };
        if let Some(found) = found {
            done = found.to;
            candidates.push(found);
        }
    }
}

/// The address around the at sign at `at`; its mailbox does not begin before `least`.
fn email(letters: &Letters, at: usize, least: usize) -> Option<Candidate> {
    let mailbox = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    // zhang.san @ example.com
    let apart = letters.before(at) == ' ' && letters.at(at + 1) == ' ';
    let mut from = at - usize::from(apart);
    let mailbox_end = from;
    while from > least && at - from < MAILBOX_MAX && mailbox(letters.before(from)) {
        from -= 1;
    }
    // Punctuation before a mailbox belongs to the sentence.
    while from < mailbox_end && matches!(letters.at(from), '.' | '-' | '+' | '%') {
        from += 1;
    }
    let domain = at + 1 + usize::from(apart);
    let (mut to, mut end) = (domain, None);
    loop {
        let label_end = letters.run(to, DOMAIN_MAX, |c| c.is_ascii_alphanumeric() || c == '-');
        if label_end == to {
            break;
        }
        let label = letters.slice(to, label_end);
        let top = label.len() >= 2 && label.iter().all(char::is_ascii_alphabetic) && to > domain;
        if top {
            end = Some(label_end);
        }
        let dot =
            letters.at(label_end) == '.' || (letters.at(label_end) == '。' && is_top(letters, label_end + 1));
        if !dot || label_end - at > DOMAIN_MAX {
            break;
        }
        to = label_end + 1;
    }
    let to = end?;
    // A label that is no domain goes on: `a@b.c1` is none.
    let cut = letters.at(to).is_ascii_digit()
        || letters.at(to) == '-' && letters.at(to + 1).is_ascii_alphanumeric();
    let certainty = if apart { Certainty::Possible } else { Certainty::Certain };
    (from < mailbox_end && !cut).then_some(Candidate { from, to, sort: Sort::Email, certainty })
}

/// Whether a usual top-level domain stands here: a full stop of Chinese before it is a slip of the keyboard.
fn is_top(letters: &Letters, index: usize) -> bool {
    ["com", "cn", "net", "org"].iter().any(|top| letters.reads(index, top))
}

/// What announces an account, the longest first.
const ACCOUNTS: &[&str] = &[
    "weixin",
    "wechat",
    "telegram",
    "微信号",
    "微信",
    "qq号码",
    "qq号",
    "qq",
    "扣扣号",
    "扣扣",
    "企鹅号",
    "v信",
    "vx",
    "wx",
];

/// An account behind the cue at `index`.
fn account(letters: &Letters, index: usize) -> Option<Candidate> {
    let cue = ACCOUNTS.iter().find(|cue| letters.reads(index, cue))?;
    if cue.is_ascii() && letters.before(index).is_ascii_alphanumeric() {
        return None;
    }
    let mut from = index + cue.chars().count();
    let glued = from;
    let said =
        ["id", "account", "number", "账号", "帐号", "号", "是", "为", "is", "加", ":", " ", "=", "(", "@"];
    let mut told = cue.ends_with('号') || cue.ends_with('码');
    // At most so many words between: an account stands close by.
    for _ in 0..4 {
        let Some(word) = said.iter().find(|word| letters.reads(from, word)) else { break };
        told |= *word != " " && *word != "(";
        from += word.chars().count();
    }
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let to = letters.run(from, 21, part);
    let id = letters.slice(from, to);
    let (first, length) = (*id.first()?, id.len());
    if matches!(letters.at(to), '*' | '@')
        || (from == glued && !told && cue.is_ascii() && first.is_ascii_alphabetic())
    {
        return None;
    }
    let digits = id.iter().all(char::is_ascii_digit);
    let number = digits && (5..=11).contains(&length) && first != '0' && !cue.starts_with("tele");
    let word = first.is_ascii_alphabetic()
        && (6..=20).contains(&length)
        && (told || id.iter().any(|c| c.is_ascii_digit() || matches!(c, '_' | '-')));
    let names_a_product =
        ["pay", "app", "mini", "group", "official"].iter().any(|word| letters.reads(from, word));
    if (!number && !word) || names_a_product || (cue.starts_with("tele") && !told) {
        return None;
    }
    let certainty = if told { Certainty::Certain } else { Certainty::Possible };
    Some(Candidate { from, to, sort: Sort::Account, certainty })
}

/// A public IP address behind a cue: addresses of a home network say nothing about a person, and versions look alike.
fn address(letters: &Letters, index: usize) -> Option<Candidate> {
    let part = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':');
    let before = letters.before(index);
    if part(before) && before != ':' || before.is_ascii_alphanumeric() {
        return None;
    }
    let mut to = letters.run(index, 46, part);
    while to > index && matches!(letters.before(to), '.' | ':') {
        to -= 1;
    }
    let dots = letters.slice(index, to).iter().filter(|c| matches!(c, '.' | ':')).count();
    if dots < 3 || letters.at(to).is_ascii_alphanumeric() {
        return None;
    }
    let text: String = letters.slice(index, to).iter().collect();
    let is_public = match (text.parse::<Ipv4Addr>(), text.parse::<Ipv6Addr>()) {
        (Ok(four), _) => {
            let [first, second, ..] = four.octets();
            let shared = first == 100 && (64..128).contains(&second);
            let home = four.is_private() || four.is_loopback() || four.is_link_local();
            !(home
                || shared
                || four.is_unspecified()
                || four.is_broadcast()
                || four.is_multicast()
                || is_mask(four))
        }
        (_, Ok(six)) => six.segments().first().is_some_and(|first| (0x2000..0x4000).contains(first)),
        _ => false,
    };
    (is_public && cues::before(letters, index) == Some(Cue::Ip)).then_some(Candidate {
        from: index,
        to,
        sort: Sort::Ip,
        certainty: Certainty::Possible,
    })
}

/// A mask of a network, such as 255.255.255.0.
fn is_mask(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    bits.leading_ones() >= 8 && bits.leading_ones() + bits.trailing_zeros() == 32
}
