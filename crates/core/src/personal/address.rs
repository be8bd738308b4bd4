//! Postal addresses, masked.

/// What ends the name of a province, city or district, longest first.
const LEVELS: [&[&str]; 3] = [
    &["特别行政区", "特別行政區", "自治区", "自治區", "省"],
    &["自治州", "地区", "地區", "盟", "市"],
    &["自治县", "自治縣", "自治旗", "区", "區", "县", "縣", "旗", "市"],
];

/// Characters of the longest name of a province, city or district, its ending included.
const NAME_MAX_CHARS: usize = 14;

/// What tells a street or a building: no name of a district goes on behind it.
const STREET: &str = "路街道巷弄号號栋棟幢楼樓村镇鎮乡鄉室单單元层層座";

/// Before these, `区` and `市` name no district: 小区, 社区, 园区, 校区, 厂区, 超市, 城市.
const NO_DISTRICT: &str = "小社园園校厂廠景街城超门門夜";

/// What is shown at most of an address that cannot be told apart.
const BEGINNING_CHARS: usize = 6;

/// Province, city and district where they can be told; else the beginning, at most half of it, without digits.
pub(super) fn mask(text: &str) -> String {
    let text: Vec<char> = super::plain(text).chars().filter(|c| !c.is_whitespace()).collect();
    let mut shown = 0;
    for level in 0..LEVELS.len() {
        let (_, here_and_below) = LEVELS.split_at(level);
        if let Some(length) = text.get(shown..).and_then(|rest| name_length(rest, here_and_below)) {
            shown += length;
        }
    }
    if shown > 0 {
        return format!("{}****", text.iter().take(shown).collect::<String>());
    }
    let beginning = text.iter().take(BEGINNING_CHARS.min(text.len() / 2));
    let hidden = |c: &char| if c.is_numeric() { '*' } else { *c };
    format!("{}****", beginning.map(hidden).collect::<String>())
}

/// How many characters at the beginning of `text` name something of the first of `levels`. What belongs to a level below
/// ends the search: nothing of a higher one comes behind it.
fn name_length(text: &[char], levels: &[&[&str]]) -> Option<usize> {
    let (endings, below) = levels.split_first()?;
    for (place, c) in text.iter().enumerate().take(NAME_MAX_CHARS) {
        // The first character may be any: 道里区, 镇江市, 路南区.
        if c.is_ascii() || (place > 0 && STREET.contains(*c)) {
            return None;
        }
        let so_far = text.get(..=place)?;
        // What comes before an ending, if anything: 市中区 does not end at its first character.
        let before = |ending: &&str| so_far.get(place.checked_sub(ending.chars().count())?).copied();
        let ended =
            |endings: &[&str]| endings.iter().find(|ending| ends_with(so_far, ending)).and_then(before);
        match ended(endings) {
            Some(before) => return (!NO_DISTRICT.contains(before)).then_some(place + 1),
            None if below.iter().any(|endings| ended(endings).is_some()) => return None,
            None => {}
        }
    }
    None
}

fn ends_with(text: &[char], ending: &str) -> bool {
    let ending: Vec<char> = ending.chars().collect();
    text.ends_with(&ending)
}
