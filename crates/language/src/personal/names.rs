//! Chinese names: after cues, and before titles. A name is never more than possible unless a label says that it is one.

use std::{collections::HashSet, sync::LazyLock};

use super::{
    Candidate, Certainty, Sort,
    letters::{Letters, is_han},
    names_en,
};

/// The lists of `data/names.txt`.
#[derive(Debug, Default)]
struct Lists {
    family: HashSet<char>,
    common: HashSet<char>,
    double: HashSet<[char; 2]>,
    titles: Vec<Vec<char>>,
    words: HashSet<[char; 2]>,
    before: HashSet<[char; 2]>,
    no_name: HashSet<char>,
    follows: HashSet<[char; 2]>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| read(include_str!("../../data/names.txt")));

fn read(text: &str) -> Lists {
    let mut lists = Lists::default();
    let mut section = "";
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
            continue;
        }
        for word in line.split_whitespace() {
            let chars: Vec<char> = word.chars().collect();
            match (section, chars.as_slice()) {
                ("family", [one]) => drop(lists.family.insert(*one)),
                ("common", [one]) => drop(lists.common.insert(*one)),
                ("no-name", [one]) => drop(lists.no_name.insert(*one)),
                ("double", [one, two]) => drop(lists.double.insert([*one, *two])),
                ("word", [one, two]) => drop(lists.words.insert([*one, *two])),
                ("before", [.., one, two]) => drop(lists.before.insert([*one, *two])),
                ("follows", [one, two]) => drop(lists.follows.insert([*one, *two])),
                ("title", [_, _, ..]) => lists.titles.push(chars),
                _ => {}
            }
        }
    }
    lists
}

/// Whether these are a family name of two characters.
pub(super) fn is_double(name: &[char]) -> bool {
    matches!(name, [one, two] if LISTS.double.contains(&[*one, *two]))
}

/// Labels of a form: what follows is a name.
const LABELS: &[&str] = &[
    "客户姓名",
    "联络人",
    "联系人姓名",
    "收件人姓名",
    "姓名",
    "联系人",
    "收件人",
    "收货人",
    "寄件人",
    "户主",
    "机主",
    "报修人",
    "投诉人",
    "申请人",
    "开户名",
    "户名",
    "持卡人",
    "签收人",
    "经办人",
    "业主姓名",
    "房主",
    "法人",
    "法定代表人",
    "受理人",
    "名字",
    "取件人",
    "购买人",
    "下单人",
    "当事人",
    "负责人",
];

/// Spoken cues: what follows is probably a name.
const SPOKEN: &[&str] = &[
    "我叫",
    "名叫",
    "叫做",
    "名字叫",
    "名字是",
    "我是",
    "这里是",
    "本人",
    "联系人是",
    "联系人叫",
    "找",
    "他叫",
    "她叫",
    "我是业主",
    "我是户主",
    "我是机主",
    "师傅",
    "工程师",
];

pub(super) fn find(letters: &Letters, candidates: &mut Vec<Candidate>) {
    let lists = &*LISTS;
    let mut done = 0;
    let mut index = 0;
    while index < letters.len() {
        let c = letters.at(index);
        if is_han(c) {
            let found = behind_label(letters, lists, index)
                .or_else(|| behind_spoken(letters, lists, index))
                .or_else(|| before_title(letters, lists, index, done));
            if let Some(found) = found {
                done = found.to;
                // A label lies before the name, a title behind it: look on from where we are.
                index = index.max(found.to.saturating_sub(1));
                candidates.push(found);
            }
        }
        index += 1;
    }
}

/// A name behind a label and a colon or a blank.
fn behind_label(letters: &Letters, lists: &Lists, index: usize) -> Option<Candidate> {
    // The first character of every label, so that most places cost one comparison.
    if !"客联收姓户机报投申开持签经业房法受名取购下当负寄".contains(letters.at(index))
    {
        return None;
    }
    let label = LABELS.iter().find(|label| letters.reads(index, label))?;
    let mut from = index + label.chars().count();
    for word in ["姓名", "名字"] {
        from += if letters.reads(from, word) { 2 } else { 0 };
    }
    let mark = from;
    while matches!(letters.at(from), ':' | ' ' | '：' | '=' | '】' | ']' | '|') {
        from += 1;
    }
    let marked = from > mark;
    if !marked {
        for word in ["是", "为", "叫"] {
            if letters.reads(from, word) {
                from += 1;
                break;
            }
        }
    }
    if names_en::is_capital(letters.at(from)) && marked {
        return names_en::name_at(letters, from, 3).map(|to| Candidate {
            from,
            to,
            sort: Sort::Name,
            certainty: Certainty::Certain,
        });
    }
    if let Some(to) = minority_name(letters, from) {
        return Some(Candidate { from, to, sort: Sort::Name, certainty: Certainty::Certain });
    }
    let (to, sure) = name_at(letters, lists, from).filter(|(_, sure)| *sure || marked)?;
    let certainty = if marked && sure { Certainty::Certain } else { Certainty::Possible };
    Some(Candidate { from, to, sort: Sort::Name, certainty })
}

/// Names with a dot between their parts: 阿依古丽·买买提.
fn minority_name(letters: &Letters, from: usize) -> Option<usize> {
    let dot = letters.run(from, 8, is_han);
    if dot - from < 2 || letters.at(dot) != '·' {
        return None;
    }
    let to = letters.run(dot + 1, 8, is_han);
    (to - dot > 2 && letters.at(to) != '*').then_some(to)
}

/// A name behind something that people say before it.
fn behind_spoken(letters: &Letters, lists: &Lists, index: usize) -> Option<Candidate> {
    if !"我名叫这本联找免他她师工姓".contains(letters.at(index)) {
        return None;
    }
    let edge = !is_han(letters.before(index)) || "是我他她贵您".contains(letters.before(index));
    if letters.at(index) == '姓' && edge {
        let from = index + 1;
        let double = lists.double.contains(&[letters.at(from), letters.at(from + 1)]);
        let to = from + if double { 2 } else { 1 };
        let known = double || lists.family.contains(&letters.at(from));
        let open = letters.at(to) != '*' && (!is_han(letters.at(to)) || follows(letters, lists, to));
        let certainty = Certainty::Possible;
        return (known && open).then_some(Candidate { from, to, sort: Sort::Name, certainty });
    }
    let spoken = |cue: &&&str| letters.reads(index, cue);
    let cue = SPOKEN.iter().filter(spoken).max_by_key(|cue| cue.len())?;
    let mut from = index + cue.chars().count();
    while matches!(letters.at(from), ' ' | ':') {
        from += 1;
    }
    if let Some(to) = minority_name(letters, from) {
        return Some(Candidate { from, to, sort: Sort::Name, certainty: Certainty::Possible });
    }
    let (to, sure) = name_at(letters, lists, from)?;
    // 我是 and its like stand before many words: only a name that is surely one and ends there.
    let weak = !matches!(*cue, "我叫" | "名叫" | "名字叫" | "名字是" | "联系人是" | "联系人叫");
    let ends = !is_han(letters.at(to)) || follows(letters, lists, to) || title(letters, lists, to).is_some();
    let common = lists.common.contains(&letters.at(from))
        || lists.double.contains(&[letters.at(from), letters.at(from + 1)]);
    if !sure || (weak && !(ends && common)) {
        return None;
    }
    Some(Candidate { from, to, sort: Sort::Name, certainty: Certainty::Possible })
}

fn follows(letters: &Letters, lists: &Lists, index: usize) -> bool {
    let c = letters.at(index);
    lists.no_name.contains(&c) || "和与".contains(c) || lists.follows.contains(&[c, letters.at(index + 1)])
}

/// The title that begins at `index`: its length.
fn title(letters: &Letters, lists: &Lists, index: usize) -> Option<usize> {
    let fits = |title: &&Vec<char>| letters.slice(index, index + title.len()) == title.as_slice();
    lists.titles.iter().filter(fits).map(Vec::len).max()
}

/// The name that begins at `from`, and whether its family name is known.
fn name_at(letters: &Letters, lists: &Lists, from: usize) -> Option<(usize, bool)> {
    let first = letters.at(from);
    let double = lists.double.contains(&[first, letters.at(from + 1)]);
    let sure = double || lists.family.contains(&first);
    if !is_han(first)
        || (!sure && lists.no_name.contains(&first))
        || lists.words.contains(&[first, letters.at(from + 1)])
    {
        return None;
    }
    let given = from + if double { 2 } else { 1 };
    let is_given = |index: usize| {
        let c = letters.at(index);
        is_han(c) && !lists.no_name.contains(&c)
    };
    // A family name with a title alone: the title tells where it ends.
    if let Some(length) = title(letters, lists, given) {
        return sure.then_some((given + length, true));
    }
    if !is_given(given) {
        return None;
    }
    let second = given + 1;
    let ends_after_one = !is_given(second)
        || lists.follows.contains(&[letters.at(second), letters.at(second + 1)])
        || title(letters, lists, second).is_some();
    let to = if ends_after_one { second } else { second + 1 };
    // Without a known family name, a name has to end with the run of characters, and be no department.
    let department = "部科处组室厅局院班店站队方".contains(letters.before(to));
    let ends = !is_han(letters.at(to)) && !department;
    if letters.at(to) == '*' || (!sure && (!ends || to - from < 2)) {
        return None;
    }
    let longer =
        is_han(letters.at(to)) && !follows(letters, lists, to) && title(letters, lists, to).is_none();
    Some((to, sure && !longer))
}

/// A name before the title that begins at `index`; it does not begin before `least`.
fn before_title(letters: &Letters, lists: &Lists, index: usize, least: usize) -> Option<Candidate> {
    if !"先女小师太经老主阿大工同店客专".contains(letters.at(index)) {
        return None;
    }
    let length = title(letters, lists, index)?;
    let available = index.saturating_sub(least).min(4);
    let at = |back: usize| if back <= available { letters.at(index - back) } else { '\0' };
    let family = |c: char| lists.family.contains(&c);
    let given = |c: char| is_han(c) && !lists.no_name.contains(&c);
    let clear = |back: usize| {
        let c = at(back);
        !is_han(c) || lists.no_name.contains(&c) || "和由向派姓".contains(c)
    };
    let is_word = |back: usize| lists.words.contains(&[at(back), at(back - 1)]);
    // 和师傅 and 向师傅 speak with and to him.
    let alone = family(at(1))
        && !matches!(at(1), '和' | '向')
        && !lists.before.contains(&[at(2), at(1)])
        && (clear(2) || lists.common.contains(&at(1)));
    let double = |back: usize| lists.double.contains(&[at(back), at(back - 1)]);
    let weak_title = matches!(letters.at(index), '客' | '专' | '同' | '店');
    let named = if double(2) {
        Some((2, false))
    } else if double(3) && given(at(1)) {
        Some((3, true))
    } else if double(4) && given(at(1)) && given(at(2)) {
        Some((4, true))
    } else if family(at(3)) && given(at(2)) && given(at(1)) && !is_word(3) && !is_word(2) && clear(4) {
        Some((3, true))
    } else if family(at(2)) && given(at(1)) && !is_word(2) && clear(3) {
        Some((2, true))
    } else if alone {
        Some((1, false))
    } else if lists.common.contains(&at(3)) && given(at(2)) && given(at(1)) && !is_word(3) && !is_word(2) {
        Some((3, true))
    } else if lists.common.contains(&at(2)) && given(at(1)) && !is_word(2) {
        Some((2, true))
    } else {
        None
    };
    let (back, with_given) = named?;
    if weak_title && !with_given && !lists.common.contains(&at(back)) {
        return None;
    }
    // With a given name the title says nothing more; without one, the name is family name and title.
    let to = if with_given { index } else { index + length };
    Some(Candidate { from: index - back, to, sort: Sort::Name, certainty: Certainty::Possible })
}
