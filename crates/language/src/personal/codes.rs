//! Codes of letters and digits: number plates, passports, company codes.

use super::{
    Candidate, Certainty, Sort,
    cues::{self, Cue},
    identity,
    letters::{Letters, is_han},
};

/// What the plates of the provinces begin with.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// These begin other words as well, so that a plate needs a sign between or a cue.
const ALSO_WORDS: &str = "新贵青云黑宁吉";

/// What special plates end with.
const SPECIAL: &str = "挂学警港澳领";

pub(super) fn find(letters: &Letters, candidates: &mut Vec<Candidate>) {
    let mut index = 0;
    while index < letters.len() {
        let c = letters.at(index);
        if is_han(c) {
            if PROVINCES.contains(c)
                && let Some(plate) = plate(letters, index)
            {
                index = plate.to;
                candidates.push(plate);
                continue;
            }
            index += 1;
        } else if c.is_ascii_alphanumeric() {
            let to = letters.run(index, usize::MAX, |c| c.is_ascii_alphanumeric());
            candidates.extend(code(letters, index, to));
            index = to;
        } else {
            index += 1;
        }
    }
}

/// A plate that begins at the character of its province.
fn plate(letters: &Letters, from: usize) -> Option<Candidate> {
    // 京 A 12345: then the sign in the middle has to stand there as well.
    let apart = usize::from(letters.at(from + 1) == ' ' && !ALSO_WORDS.contains(letters.at(from)));
    let letter = letters.at(from + 1 + apart);
    if !letter.is_ascii_alphabetic() || matches!(letter.to_ascii_uppercase(), 'I') {
        return None;
    }
    let sign = matches!(letters.at(from + 2 + apart), '·' | '-' | ' ' | '.');
    if apart > 0 && !sign {
        return None;
    }
    let start = from + 2 + apart + usize::from(sign);
    let plain = |c: char| c.is_ascii_alphanumeric() && !matches!(c.to_ascii_uppercase(), 'I' | 'O');
    let mut to = letters.run(start, 8, plain);
    let mut length = to - start;
    if length == 4 && SPECIAL.contains(letters.at(to)) {
        to += 1;
        length = 5;
    }
    let digits = letters.slice(start, to).iter().filter(|c| c.is_ascii_digit()).count();
    let green = length == 6
        && (matches!(letters.at(start).to_ascii_uppercase(), 'A'..='K')
            || matches!(letters.at(to - 1).to_ascii_uppercase(), 'A'..='K'));
    let follows = letters.at(to);
    if !(length == 5 || green) || digits < 2 || follows.is_ascii_alphanumeric() || follows == '*' {
        return None;
    }
    let province = letters.at(from);
    let told = letters.ends(from, "车牌")
        || letters.ends(from, "车牌号")
        || letters.ends(from, "车牌:")
        || letters.ends(from, "车牌号:");
    let unsure = ALSO_WORDS.contains(province) && is_han(letters.before(from));
    // 全新A12345 is a new thing, 名贵B1234 a precious one.
    let told_new = province == '新' && "全最更重崭有个的款出换是".contains(letters.before(from));
    if told_new || (province == '贵' && "名珍宝昂太很".contains(letters.before(from))) {
        return None;
    }
    let small = letter.is_ascii_lowercase();
    let certainty =
        if (unsure || small) && !sign && !told { Certainty::Possible } else { Certainty::Certain };
    Some(Candidate { from, to, sort: Sort::Plate, certainty })
}

/// What a run of Latin letters and digits is, if it is a company code or, behind a cue, a passport.
fn code(letters: &Letters, from: usize, to: usize) -> Option<Candidate> {
    let run = letters.slice(from, to);
    if run.len() == 18 && identity::is_company_code(run) {
        let digits_only = run.iter().all(char::is_ascii_digit);
        let certainty = if digits_only { Certainty::Possible } else { Certainty::Certain };
        return Some(Candidate { from, to, sort: Sort::CompanyCode, certainty });
    }
    let joined = matches!(letters.at(to), '*' | '-' | '_') || matches!(letters.before(from), '*' | '-' | '_');
    if !(8..=11).contains(&run.len()) || joined || !is_passport(run) {
        return None;
    }
    (cues::before(letters, from) == Some(Cue::Passport)).then_some(Candidate {
        from,
        to,
        sort: Sort::Passport,
        certainty: Certainty::Certain,
    })
}

/// One or two letters, then seven to ten digits; or nine digits, as other countries number theirs.
fn is_passport(run: &[char]) -> bool {
    let head = run.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    let digits = run.iter().skip(head).filter(|c| c.is_ascii_digit()).count();
    let all = head + digits == run.len();
    all && (((1..=2).contains(&head) && (6..=10).contains(&digits)) || (head == 0 && digits == 9))
}
