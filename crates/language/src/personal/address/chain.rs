//! The fine part of an address, read forwards, and the name before it.

use super::parts::{self, Unit};
use crate::personal::letters::{Letters, is_han};

/// Letters of a fine part; nobody lives in a longer one.
const FINE_MAX: usize = 60;

/// Letters of the name of an estate or tower between two numbers.
const ESTATE_MAX: usize = 12;

/// What the names of roads end with.
const ROADS: &[&str] = &["大道", "大街", "胡同", "公路", "路", "街", "道", "巷", "弄", "段", "线"];

/// What the names of estates and towers end with.
const ESTATES: &[&str] = &[
    "小区",
    "花园",
    "花苑",
    "家园",
    "公寓",
    "大厦",
    "大楼",
    "广场",
    "中心",
    "国际",
    "新村",
    "新城",
    "工业园",
    "产业园",
    "科技园",
    "宿舍",
    "社区",
    "商城",
    "别墅",
    "山庄",
    "家属院",
    "公馆",
    "名都",
    "名城",
    "华庭",
    "豪庭",
    "苑",
    "府",
    "园",
    "城",
    "庭",
    "湾",
    "郡",
    "庄",
    "里",
    "村",
    "墅",
    "坊",
    "邸",
    "轩",
    "阁",
    "居",
    "院",
    "台",
    "座",
    "期",
    "区",
];

/// What the names of villages and towns end with, before a number of a house.
const VILLAGES: &[&str] = &[
    "街道",
    "新村",
    "村",
    "屯",
    "庄",
    "镇",
    "乡",
    "寨",
    "社区",
    "小区",
    "园区",
    "工业区",
    "开发区",
    "园",
    "市场",
    "营",
    "湾",
    "里",
];

/// Words that end like the name of a road or an estate and are none.
const NO_NAMES: &[&str] = &[
    "电路",
    "线路",
    "网路",
    "回路",
    "水路",
    "气路",
    "油路",
    "短路",
    "铁路",
    "道路",
    "马路",
    "一路",
    "半路",
    "思路",
    "管路",
    "支路",
    "通道",
    "频道",
    "渠道",
    "管道",
    "轨道",
    "车道",
    "过道",
    "地道",
    "水道",
    "知道",
    "报道",
    "味道",
    "公里",
    "那里",
    "这里",
    "家里",
    "哪里",
    "屋里",
    "心里",
    "店里",
    "手里",
    "柜里",
    "商城",
    "电城",
    "阶段",
    "时段",
    "路段",
    "手段",
    "片段",
    "热线",
    "电线",
    "网线",
    "专线",
    "无线",
    "有线",
    "光线",
    "直线",
    "断线",
    "在线",
    "离线",
    "接线",
    "布线",
    "上线",
    "下线",
    "平台",
    "两台",
    "一台",
    "三台",
    "几台",
    "后台",
    "前台",
    "阳台",
    "中心",
    "国际",
    "社区",
    "地区",
    "园区",
    "城区",
    "小区",
    "专区",
    "医院",
    "法院",
    "学院",
    "影院",
    "两居",
    "三居",
    "一居",
    "定居",
    "邻居",
    "周期",
    "日期",
    "延期",
    "分期",
    "到期",
    "星期",
    "一期",
    "二期",
    "三期",
    "学期",
    "长期",
    "短期",
    "政府",
    "乐园",
    "公园",
    "校园",
    "农村",
    "客服中心",
    "讲座",
    "插座",
    "底座",
    "一座",
    "市区",
    "误区",
    "县城",
    "县区",
    "京东商城",
    "售后中心",
    "乡村",
    "城镇",
];

/// A fine part.
#[derive(Debug)]
pub(super) struct Fine {
    /// One past its last letter.
    pub(super) to: usize,
    /// Whether it says where somebody lives even if no name is before it.
    pub(super) stands_alone: bool,
}

/// The fine part that begins at `index`, which does not lie before `least`.
pub(super) fn fine(letters: &Letters, index: usize, least: usize) -> Option<Fine> {
    if index < least || letters.before(index).is_ascii_alphanumeric() {
        return None;
    }
    let mut units: Vec<Unit> = Vec::new();
    let (mut place, mut to) = (index, index);
    while place - index < FINE_MAX {
        let number_to = parts::number_end(letters, place);
        if !parts::is_number(letters, place, number_to) {
            break;
        }
        let Some((length, unit)) = parts::unit(letters, letters.skip_blanks(number_to)) else {
            // The number of a flat often has no word of its own: 3栋2单元501, 5号楼-1203.
            if is_bare_flat(letters, place, number_to, &units) {
                units.push(Unit::Flat);
                to = number_to;
            }
            break;
        };
        units.push(unit);
        to = letters.skip_blanks(number_to) + length;
        place = next_number(letters, to);
    }
    let first = *units.first()?;
    let lives = |unit: &Unit| matches!(unit, Unit::Building | Unit::Entrance | Unit::Flat);
    let homes = units.iter().filter(|unit| lives(unit)).count();
    let stands_alone = homes >= 2 && units.iter().any(|unit| matches!(unit, Unit::Building | Unit::Entrance));
    // A number of a floor, a flat or a group alone needs more before it than a number.
    let tower = ["大厦", "大楼", "广场", "公寓", "中心"].iter().any(|word| letters.ends(index, word));
    let weak = units.len() == 1
        && (matches!(first, Unit::Part | Unit::Entrance) || (first == Unit::Floor && !tower));
    (!weak).then_some(Fine { to, stands_alone })
}

fn is_bare_flat(letters: &Letters, from: usize, to: usize, units: &[Unit]) -> bool {
    let digits = letters.slice(from, to).iter().filter(|c| c.is_ascii_digit()).count();
    let last = units.last();
    let inside = matches!(last, Some(Unit::Building | Unit::Entrance | Unit::Floor | Unit::Part))
        || (matches!(last, Some(Unit::Street)) && letters.before(from) == '-');
    let next = letters.at(to);
    let amount = "元块台件个次年月日天点分米楼层".contains(next) || next.is_ascii_alphanumeric();
    inside && (2..=4).contains(&digits) && !amount
}

/// Where the next number of the same address begins, behind a sign or the name of an estate or tower.
fn next_number(letters: &Letters, to: usize) -> usize {
    let sign = matches!(letters.at(to), ' ' | '-' | ',' | '、' | '/');
    let place = to + usize::from(sign);
    if parts::may_begin_a_number(letters.at(place)) && parts::number_end(letters, place) > place {
        return place;
    }
    // 88号万达广场B座, 500弄阳光花园3号楼
    let run = letters.run(place, ESTATE_MAX, |c| is_han(c) || c.is_ascii_alphabetic());
    let ends = (place + 2..=run).find(|end| {
        let number_to = parts::number_end(letters, *end);
        let building = || matches!(parts::unit(letters, number_to), Some((_, Unit::Building)));
        let digits = letters.at(*end).is_ascii_digit();
        parts::is_number(letters, *end, number_to)
            && (ends_like(letters, place, *end, ESTATES) || (digits && building()))
    });
    ends.unwrap_or(to)
}

fn ends_like(letters: &Letters, from: usize, to: usize, endings: &[&str]) -> bool {
    let fits = |ending: &&str| letters.ends(to, ending) && to.saturating_sub(ending.chars().count()) > from;
    endings.iter().any(fits)
        && !NO_NAMES.iter().any(|word| letters.ends(to, word) && to - from <= word.chars().count() + 1)
}

/// Whether letters `from` to `to` end with the name of a road, an estate, a village or a town, so that a number behind it
/// belongs to it.
pub(super) fn ends_with_a_name(letters: &Letters, from: usize, to: usize) -> bool {
    let mut end = to;
    while end > from && matches!(letters.before(end), ' ' | '-' | ',') {
        end -= 1;
    }
    let number_to = parts::number_end(letters, letters.skip_blanks(to));
    let unit = parts::unit(letters, letters.skip_blanks(number_to)).map(|(_, unit)| unit);
    let road = ends_like(letters, from, end, ROADS);
    let village = ends_like(letters, from, end, VILLAGES);
    let estate = ends_like(letters, from, end, ESTATES);
    match unit {
        Some(Unit::Street | Unit::Hamlet) => road || village,
        Some(Unit::Part) => estate,
        Some(_) => estate || road || village,
        None => false,
    }
}
