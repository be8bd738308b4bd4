//! Chinese addresses: chains of 省市区县镇路号栋单元室.
//!
//! An address is found by its fine part (a number of a street, a building, a flat) and followed back to where it begins:
//! to a province or city that is known, to a word that addresses stand behind, or to the edge of its name. Province, city
//! and district alone are too coarse to be personal data.

mod chain;
mod parts;

use std::{collections::HashSet, sync::LazyLock};

use super::{
    Candidate, Certainty, Sort,
    letters::{Letters, is_han},
};

/// Letters back from its fine part in which the beginning of an address is looked for.
const BACK_MAX: usize = 40;

/// Letters of the name of a road, a place or a district.
const NAME_MAX: usize = 9;

/// Known provinces and cities by their characters; none has more than [`PLACE_MAX`].
static PLACES: LazyLock<HashSet<Vec<char>>> = LazyLock::new(|| {
    let lines = include_str!("../../data/places.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(|place| place.chars().collect()).collect()
});

const PLACE_MAX: usize = 4;

/// Words behind which an address begins, the longest first.
const BEGINS_BEHIND: &[&str] = &[
    "安装在",
    "配送到",
    "上门到",
    "住址",
    "地址",
    "住在",
    "家住",
    "位于",
    "送到",
    "送至",
    "寄到",
    "寄往",
    "寄至",
    "发到",
    "搬到",
    "搬至",
    "搬去",
    "改到",
    "改成",
    "改为",
    "换到",
    "来到",
    "过来",
    "我家",
    "我们",
    "我司",
    "你们",
    "麻烦",
    "公司",
    "上门",
    "师傅",
    "先生",
    "女士",
    "安装",
    "维修",
    "报修",
    "家里",
    "小姐",
    "这里",
    "那里",
    "时候",
    "经过",
    "路过",
    "空调",
    "单位",
    "收件",
    "人员",
    "今天",
    "明天",
    "现在",
];

/// Single characters that no name of a place has.
const NO_PLACE: &str = "在到往是去住的了请给把我你您从这那吗吧也还就被让叫派找很没不要说您他她它就跟就";

pub(super) fn find(letters: &Letters, candidates: &mut Vec<Candidate>) {
    let mut index = 0;
    let mut least = 0;
    while index < letters.len() {
        if !parts::may_begin_a_number(letters.at(index)) {
            index += 1;
            continue;
        }
        let Some(fine) = chain::fine(letters, index, least) else {
            index = parts::number_end(letters, index).max(index + 1);
            continue;
        };
        if let Some(found) = around(letters, index, &fine, least) {
            least = found.to;
            index = found.to;
            candidates.push(found);
        } else {
            index = parts::number_end(letters, index).max(index + 1);
        }
    }
}

/// The address whose fine part begins at `index`.
fn around(letters: &Letters, index: usize, fine: &chain::Fine, least: usize) -> Option<Candidate> {
    let from = beginning(letters, index, least);
    let name = letters.slice(from, index);
    let named = chain::ends_with_a_name(letters, from, index);
    let levels = name.iter().filter(|c| "省市区县镇乡村旗州盟".contains(**c)).count();
    let placed = is_place_at(letters, from).is_some();
    // A number of a street says where only behind its street; a building and a flat together say it alone.
    if !named && !fine.stands_alone {
        return None;
    }
    // What stands before a building and a flat is the name of the estate, whatever it ends with.
    let estate = (2..=8).contains(&name.len()) && name.iter().all(|c| is_han(*c));
    let from = if named || estate { from } else { index };
    let certainty = if named && (placed || levels > 0) { Certainty::Certain } else { Certainty::Possible };
    (letters.at(fine.to) != '*').then_some(Candidate { from, to: fine.to, sort: Sort::Address, certainty })
}

/// Where the names before the fine part at `index` begin.
fn beginning(letters: &Letters, index: usize, least: usize) -> usize {
    let mut from = index;
    let mut left = NAME_MAX;
    let mut known = None;
    while from > least && index - from < BACK_MAX && left > 0 {
        let c = letters.before(from);
        let join = matches!(c, ' ' | ',' | '-' | '/' | '、') && joins(letters, from - 1);
        if !(is_han(c) || c.is_ascii_alphanumeric() || join)
            || NO_PLACE.contains(c)
            || begins_here(letters, from)
        {
            break;
        }
        from -= 1;
        left -= 1;
        if "省市区县镇乡村旗州盟路街道园苑".contains(c) || join {
            left = NAME_MAX;
        }
        if let Some(length) = is_place_at(letters, from)
            && from + length <= index
        {
            known = Some(from);
            left = NAME_MAX.max(left);
        }
    }
    // Nothing stands before a province or city; and what is no Han character begins no name.
    let mut from = known.unwrap_or(from);
    while from < index && !is_han(letters.at(from)) && known.is_none() {
        from += 1;
    }
    from
}

/// Whether the sign at `index` stands between two levels of an address.
fn joins(letters: &Letters, index: usize) -> bool {
    let before = letters.before(index);
    let level = "省市区县镇乡村旗州盟路街道".contains(before) && is_han(before);
    let place = (2..=PLACE_MAX).any(|length| {
        let from = index.checked_sub(length);
        from.is_some_and(|from| PLACES.contains(letters.slice(from, index)))
    });
    let next = letters.at(index + 1);
    (level || place) && (is_han(next) || next.is_ascii_digit())
}

/// Whether a word behind which addresses begin ends right before `index`.
fn begins_here(letters: &Letters, index: usize) -> bool {
    BEGINS_BEHIND.iter().any(|word| letters.ends(index, word))
}

/// The length of the known place that begins at `index`.
fn is_place_at(letters: &Letters, index: usize) -> Option<usize> {
    (2..=PLACE_MAX).rev().find(|length| {
        let name = letters.slice(index, index + length);
        name.len() == *length && PLACES.contains(name)
    })
}
