//! Names, masked.

/// Family names of two characters.
const COMPOUND: &[&str] = &[
    "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "司徒", "东方", "東方", "皇甫", "尉迟", "尉遲",
    "公孙", "公孫", "慕容", "令狐", "宇文", "长孙", "長孫", "司空", "夏侯", "端木", "轩辕", "軒轅", "独孤",
    "獨孤", "南宫", "南宮", "西门", "西門", "百里", "呼延", "申屠", "钟离", "鍾離", "闻人", "聞人", "淳于",
    "单于", "單于", "太史", "公冶", "宗政", "濮阳", "濮陽", "赫连", "赫連", "澹台", "澹臺", "拓跋", "完颜",
    "完顏", "东郭", "東郭", "南门", "南門", "羊舌", "梁丘", "左丘", "第五", "鲜于", "鮮于", "闾丘", "閭丘",
    "司寇", "仲孙", "仲孫", "万俟", "萬俟", "公羊", "公西", "东里", "東里", "漆雕",
];

/// The family name of a Chinese name, else the first letters of the first and the last word.
pub(super) fn mask(text: &str) -> String {
    let text = super::plain(text);
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let Some(first) = letters.chars().next() else { return "**".to_owned() };
    if is_east_asian(first) {
        return format!("{}**", family_name(&letters, first));
    }
    let words: Vec<&str> =
        text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).collect();
    match words.as_slice() {
        [] => "***".to_owned(),
        [only] => initial(only),
        [first, .., last] => format!("{} {}", initial(first), initial(last)),
    }
}

/// Never all of the name: a name of one character shows nothing.
fn family_name(letters: &str, first: char) -> String {
    let count = letters.chars().count();
    let compound = COMPOUND.iter().find(|compound| count > 2 && letters.starts_with(**compound));
    match compound {
        Some(compound) => (*compound).to_owned(),
        None if count > 1 => first.to_string(),
        None => String::new(),
    }
}

/// The first letter of a word, unless it is all of the word.
fn initial(word: &str) -> String {
    let mut letters = word.chars().filter(|c| c.is_alphanumeric());
    match (letters.next(), letters.next()) {
        (Some(first), Some(_)) => format!("{first}***"),
        _ => "***".to_owned(),
    }
}

/// Scripts in which names are written without spaces between their parts.
const fn is_east_asian(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}' | '〇' | '々')
}
