//! The small parts of an address: numbers and what they count.

use crate::personal::{groups::numeral, letters::Letters};

/// What a number of an address counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// A number of a street or lane: 号, 弄.
    Street,
    /// A building: 号楼, 栋, 幢, 座.
    Building,
    /// An entrance: 单元.
    Entrance,
    /// A floor: 层, 楼.
    Floor,
    /// A flat: 室, 号房, 户.
    Flat,
    /// A group of a village: 组, 队.
    Hamlet,
    /// A phase or part of an estate: 期, 区.
    Part,
}

/// Words behind a number, the longer first.
const UNITS: &[(&str, Unit)] = &[
    ("号院", Unit::Street),
    ("号楼", Unit::Building),
    ("号房间", Unit::Flat),
    ("号房", Unit::Flat),
    ("号铺", Unit::Flat),
    ("号商铺", Unit::Flat),
    ("号室", Unit::Flat),
    ("单元", Unit::Entrance),
    ("门栋", Unit::Building),
    ("号", Unit::Street),
    ("弄", Unit::Street),
    ("支弄", Unit::Street),
    ("栋", Unit::Building),
    ("棟", Unit::Building),
    ("幢", Unit::Building),
    ("座", Unit::Building),
    ("楼", Unit::Floor),
    ("层", Unit::Floor),
    ("室", Unit::Flat),
    ("房", Unit::Flat),
    ("组", Unit::Hamlet),
    ("队", Unit::Hamlet),
    ("社", Unit::Hamlet),
    ("期", Unit::Part),
    ("区", Unit::Part),
    ("门", Unit::Entrance),
    ("#", Unit::Building),
];

/// What follows a unit and makes it something else: 3号线, 1号键, 12号上午, 5号机.
const NOT_AFTER_HAO: &str = "线键机门口端台位床桌店码色电油车上下早晚中前后之以到至洗滤芯管阀槽板柜故灯键螺接插货员技客代的就来去开关送工模球选手";

/// Digits of a number in an address.
const NUMBER_MAX: usize = 5;

pub(super) fn may_begin_a_number(c: char) -> bool {
    c.is_ascii_alphanumeric() || numeral(c).is_some() || matches!(c, '十' | '百' | '甲' | '乙' | '丙')
}

/// One past the number that begins at `from`: digits, perhaps with a letter or a second number (`3-2`, `12A`, 甲3), or
/// Chinese numerals, or a letter alone. `from` itself if there is none.
pub(super) fn number_end(letters: &Letters, from: usize) -> usize {
    let first = letters.at(from);
    let mut place = from + usize::from(matches!(first, '甲' | '乙' | '丙'));
    if letters.at(place).is_ascii_alphabetic() {
        place += 1;
        if letters.at(place) == '-' && letters.at(place + 1).is_ascii_digit() {
            place += 1;
        }
    }
    let digits = letters.run(place, NUMBER_MAX + 1, |c| c.is_ascii_digit());
    if digits - place > NUMBER_MAX {
        return letters.run(digits, usize::MAX, |c| c.is_ascii_digit());
    }
    if digits > place {
        let mut end = digits;
        if letters.at(end).is_ascii_alphabetic() && !letters.at(end + 1).is_ascii_alphanumeric() {
            end += 1;
        } else if matches!(letters.at(end), '-' | '之' | '/') && letters.at(end + 1).is_ascii_digit() {
            let second = letters.run(end + 1, NUMBER_MAX, |c| c.is_ascii_digit());
            // Only if a unit follows: 3-501 is two numbers otherwise.
            if unit(letters, second).is_some_and(|(_, unit)| unit == Unit::Street || unit == Unit::Flat) {
                end = second;
            }
        }
        return end;
    }
    if place > from {
        return place;
    }
    letters.run(from, NUMBER_MAX, |c| numeral(c).is_some() || matches!(c, '十' | '百'))
}

/// Whether the number of letters `from` to `to` is long enough to be a whole word, and short enough for an address.
pub(super) fn is_number(letters: &Letters, from: usize, to: usize) -> bool {
    let digits = letters.slice(from, to).iter().filter(|c| c.is_ascii_digit()).count();
    to > from && digits <= NUMBER_MAX * 2 && !letters.at(to).is_ascii_digit()
}

/// The unit that stands at `index`, and its length.
pub(super) fn unit(letters: &Letters, index: usize) -> Option<(usize, Unit)> {
    let (word, unit) = UNITS.iter().find(|(word, _)| letters.reads(index, word))?;
    let length = word.chars().count();
    let next = letters.at(index + length);
    let other = match *word {
        "号" => NOT_AFTER_HAO.contains(next),
        "室" => {
            numeral(next).is_some() && "厅卫".contains(letters.at(index + 2)) || next == '外' || next == '内'
        }
        "门" => "口店锁禁铃窗板".contains(next),
        "楼" | "层" => "梯盘道下上面的滤".contains(next),
        "房" => "间产租东子价款".contains(next),
        "区" | "期" => "域别间货款限中内待望".contains(next),
        "组" | "队" | "社" => "件合长员装区会团".contains(next),
        "座" => "位机椅".contains(next),
        _ => false,
    };
    (!other).then_some((length, *unit))
}
