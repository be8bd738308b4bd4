//! Digits in groups, as people write numbers: `138 0013 8000`, `(010) 6512-3456`, 一三八 零零一三 八零零零.

use super::{
    cues::{self, Cue},
    letters::Letters,
};

/// More signs than this between two groups, and they are two numbers.
const GAP_MAX: usize = 3;

/// More digits than this are no number that anybody looks for.
pub(super) const DIGITS_MAX: usize = 24;

/// What lies between a group and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Something else, or nothing is before it.
    Start,
    /// Blanks.
    Blank,
    /// A dash.
    Dash,
    /// A dot.
    Dot,
    /// A bracket.
    Bracket,
    /// Some other sign, or a line break: of a mobile number in its usual groups, and of nothing else.
    Other(char),
}

/// What stands between the groups of a number only where somebody is careless, or hides it.
const BETWEEN: &str = "/\\_,、。:;~+*=|…'\"\n";

/// Digits without anything between them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) gap: Gap,
}

impl Group {
    pub(super) fn len(&self) -> usize {
        self.to - self.from
    }
}

/// How digits are written in one pass over the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// ASCII digits.
    Digits,
    /// Chinese numerals, perhaps with digits among them.
    Numerals,
}

/// All groups of a text.
pub(super) struct Groups<'a> {
    pub(super) letters: &'a Letters,
    pub(super) written: Written,
    all: Vec<Group>,
}

/// The value of a Chinese numeral that is read digit by digit.
pub(super) const fn numeral(c: char) -> Option<u8> {
    Some(match c {
        '〇' | '零' | '洞' => 0,
        '一' | '幺' | '壹' => 1,
        '二' | '贰' | '两' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' | '拐' => 7,
        '八' | '捌' => 8,
        '九' | '玖' | '勾' => 9,
        _ => return None,
    })
}

impl Written {
    fn value(self, c: char) -> Option<u8> {
        let digit = c.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
        match self {
            Written::Digits => digit,
            Written::Numerals => digit.or_else(|| numeral(c)),
        }
    }
}

impl<'a> Groups<'a> {
    pub(super) fn of(letters: &'a Letters, written: Written) -> Self {
        let mut all: Vec<Group> = Vec::new();
        let mut index = 0;
        while index < letters.len() {
            if written.value(letters.at(index)).is_none() {
                index += 1;
                continue;
            }
            let to = letters.run(index, usize::MAX, |c| written.value(c).is_some());
            let gap = match all.last() {
                Some(last) => gap(letters, last.to, index, written),
                None => Gap::Start,
            };
            all.push(Group { from: index, to, gap });
            index = to;
        }
        Self { letters, written, all }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<Group> {
        self.all.get(index).copied()
    }

    /// How many groups from `first` on have exactly these lengths, `skip` digits of the first left out and all of one
    /// number: how many of them the shape takes, if it fits.
    pub(super) fn fits(&self, first: usize, skip: usize, shape: &[usize]) -> bool {
        let usual = (1..shape.len()).all(|place| self.hangs_together(first + place));
        usual && self.fits_however(first, skip, shape)
    }

    /// As [`Groups::fits`], whatever sign stands between the groups if it is the same each time.
    pub(super) fn fits_however(&self, first: usize, skip: usize, shape: &[usize]) -> bool {
        let mut gaps: Option<Gap> = None;
        for (place, length) in shape.iter().enumerate() {
            let Some(group) = self.get(first + place) else { return false };
            let own = if place == 0 { group.len().saturating_sub(skip) } else { group.len() };
            if own != *length || (place > 0 && group.gap == Gap::Start) {
                return false;
            }
            // A dot and something else never stand in one number, nor do two odd signs.
            if place > 0 {
                let odd = |gap: Gap| matches!(gap, Gap::Dot | Gap::Other(_));
                let mixed = gaps.is_some_and(|gap| (odd(gap) || odd(group.gap)) && gap != group.gap);
                if mixed {
                    return false;
                }
                gaps = Some(group.gap);
            }
        }
        true
    }

    /// The digits of `count` groups from `first` on, without the first `skip`; nothing if they are too many.
    pub(super) fn digits(&self, first: usize, count: usize, skip: usize) -> Vec<u8> {
        let mut digits = Vec::with_capacity(DIGITS_MAX);
        for group in self.all.iter().skip(first).take(count) {
            if group.len() > DIGITS_MAX || digits.len() + group.len() > DIGITS_MAX + skip {
                return Vec::new();
            }
            let values = self.letters.slice(group.from, group.to);
            digits.extend(values.iter().filter_map(|c| self.written.value(*c)));
        }
        digits.drain(..skip.min(digits.len()));
        digits
    }

    /// Whether the group at `index` and the one before it may be parts of one number.
    pub(super) fn hangs_together(&self, index: usize) -> bool {
        self.get(index).is_some_and(|group| !matches!(group.gap, Gap::Start | Gap::Other(_)))
    }

    /// Whether another group stands close behind the one at `index`, whatever lies between.
    pub(super) fn stands_alone(&self, index: usize) -> bool {
        self.get(index + 1).is_none_or(|next| next.gap == Gap::Start)
    }

    /// Whether what stands right before the group makes it part of a code, an amount or something else than a number by
    /// itself.
    pub(super) fn is_part_of_a_code(&self, index: usize) -> bool {
        let Some(group) = self.get(index) else { return true };
        let letters = self.letters;
        let mut place = group.from;
        if letters.before(place) == '+' {
            place -= 1;
        }
        match letters.before(place) {
            c if c.is_ascii_alphabetic() => !cues::latin_word_is_cue(letters, place),
            '_' | '#' | '/' | '-' | '.' | ':' | '=' | '@' => {
                let c = letters.before(place);
                let further = letters.before(place - 1);
                match c {
                    '=' | ':' => false,
                    '#' | '@' | '_' => true,
                    _ => further.is_ascii_alphabetic() && !cues::latin_word_is_cue(letters, place - 1),
                }
            }
            '$' | '¥' | '￥' | '€' | '£' => true,
            '*' => group.len() < 7,
            _ => false,
        }
    }

    /// Whether what follows the group at `index` makes it an amount or a part of a code.
    pub(super) fn goes_on_after(&self, to: usize) -> bool {
        let letters = self.letters;
        let next = letters.at(to);
        if next.is_ascii_alphabetic() || matches!(next, '_' | '%' | '@') {
            return true;
        }
        let unit = letters.at(letters.skip_blanks(to));
        matches!(unit, '元' | '块' | '万' | '亿' | '件' | '台' | '℃' | '°')
    }

    /// The nearest cue before the group.
    pub(super) fn cue(&self, index: usize) -> Option<Cue> {
        self.get(index).and_then(|group| cues::before(self.letters, group.from))
    }
}

/// What lies between two groups.
fn gap(letters: &Letters, from: usize, to: usize, written: Written) -> Gap {
    if to - from > GAP_MAX {
        return Gap::Start;
    }
    let mut gap = Gap::Blank;
    for c in letters.slice(from, to) {
        gap = match (*c, gap) {
            (' ', gap) => gap,
            ('(' | ')', _) | ('-', Gap::Bracket) => Gap::Bracket,
            ('-', Gap::Blank | Gap::Dash) => Gap::Dash,
            ('.' | '·', Gap::Blank) => Gap::Dot,
            (',' | '、', Gap::Blank) if written == Written::Numerals => Gap::Dash,
            (sign, Gap::Blank) if BETWEEN.contains(sign) => Gap::Other(sign),
            ('\n', Gap::Other('\n')) => Gap::Other('\n'),
            _ => return Gap::Start,
        };
    }
    gap
}
