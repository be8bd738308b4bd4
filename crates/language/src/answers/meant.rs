//! What a question is about: its terms without the words with which one asks. 怎么开发票 and 怎么修改密码 share nothing.

use super::terms::{Sort, hash, of_word};
use crate::tokens::{Class, Folded, Run};

/// Characters of a question that are looked at.
const LOOKED_AT_CHARS: usize = 200;

/// What one Chinese character alone counts beside a pair: it has many meanings.
const ALONE: f32 = 0.4;

/// How one asks in Chinese; longer ones first where one begins with another. Where one of them is part of a word, it is
/// missing from the word whoever asks.
const ASKING_ZH: &[&str] = &[
    "为什么",
    "怎么样",
    "怎么办",
    "有没有",
    "能不能",
    "可不可以",
    "会不会",
    "要不要",
    "是不是",
    "行不行",
    "好不好",
    "什么时候",
    "什么地方",
    "多长时间",
    "想问一下",
    "问一下",
    "请问",
    "怎么",
    "怎样",
    "如何",
    "什么",
    "哪里",
    "哪儿",
    "哪些",
    "哪个",
    "哪家",
    "多少",
    "多久",
    "几点",
    "可以",
    "能否",
    "是否",
    "需要",
    "想要",
    "我想",
    "想问",
    "咨询",
    "一下",
    "你们",
    "我们",
    "他们",
    "这个",
    "那个",
    "你好",
    "您好",
    "谢谢",
    "麻烦",
    "现在",
    "时候",
    "吗",
    "呢",
    "吧",
    "啊",
    "呀",
    "嘛",
    "么",
    "的",
    "了",
    "我",
    "你",
    "您",
    "他",
    "她",
    "它",
    "请",
    "谁",
    "哪",
    "这",
    "那",
    "有",
    "是",
    "要",
    "就",
    "都",
    "也",
    "还",
    "和",
    "与",
    "在",
];

/// How one asks in English, and the verbs that go with anything.
const ASKING_EN: &[&str] = &[
    "a", "about", "all", "am", "an", "and", "any", "anyone", "are", "as", "at", "be", "been", "but", "by",
    "can", "change", "could", "did", "do", "does", "doing", "done", "find", "for", "from", "get", "give",
    "go", "going", "got", "had", "has", "have", "hello", "help", "here", "hey", "hi", "how", "i", "if", "in",
    "into", "is", "it", "its", "just", "know", "like", "long", "made", "make", "many", "may", "me", "much",
    "must", "my", "need", "no", "not", "of", "on", "one", "or", "our", "out", "please", "put", "set",
    "shall", "should", "so", "some", "take", "tell", "than", "thank", "thanks", "that", "the", "their",
    "them", "then", "there", "these", "they", "this", "those", "to", "up", "us", "use", "want", "was", "we",
    "were", "what", "when", "where", "which", "who", "whose", "why", "will", "with", "work", "would", "you",
    "your", "yours",
];

/// The terms that carry the meaning of a question, by their hashes, each with how much it stands for; sorted, without
/// repetition. Empty for a question that asks about nothing.
pub(super) fn meant(text: &str) -> Vec<(u64, f32)> {
    let end = text.char_indices().nth(LOOKED_AT_CHARS).map_or(text.len(), |(at, _)| at);
    let folded = Folded::of(text.get(..end).unwrap_or_default());
    let mut found: Vec<(u64, f32)> = Vec::new();
    let mut before: Option<&str> = None;
    for run in &folded.runs {
        match run.class {
            Class::Han => {
                before = None;
                for part in without_asking(folded.str(run)) {
                    han(part, &mut found);
                }
            }
            Class::Word => before = word(&folded, run, before, &mut found),
        }
    }
    found.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    found.dedup_by_key(|(term, _)| *term);
    found
}

/// The parts of a run of Chinese characters between the words of asking.
fn without_asking(run: &str) -> Vec<&str> {
    let (mut parts, mut from, mut at) = (Vec::new(), 0, 0);
    while let Some(rest) = run.get(at..).filter(|rest| !rest.is_empty()) {
        let asking = ASKING_ZH.iter().find(|asking| rest.starts_with(**asking));
        let Some(asking) = asking else {
            at = at.saturating_add(rest.chars().next().map_or(1, char::len_utf8));
            continue;
        };
        parts.extend(run.get(from..at));
        at = at.saturating_add(asking.len());
        from = at;
    }
    parts.extend(run.get(from..));
    parts.retain(|part| !part.is_empty());
    parts
}

/// Pairs of characters; one that stands alone is better than nothing.
fn han(part: &str, found: &mut Vec<(u64, f32)>) {
    let mut last: Option<usize> = None;
    let mut pairs = false;
    for (at, char) in part.char_indices() {
        if let Some(pair) = last.and_then(|before| part.get(before..at.saturating_add(char.len_utf8()))) {
            found.push((hash(Sort::Pair, pair), 1.0));
            pairs = true;
        }
        last = Some(at);
    }
    if !pairs {
        found.push((hash(Sort::Char, part), ALONE));
    }
}

/// A word with its parts, and the pair with the word before if that means something, too. Gives the word if it does.
fn word<'a>(
    folded: &'a Folded,
    run: &Run,
    before: Option<&str>,
    found: &mut Vec<(u64, f32)>,
) -> Option<&'a str> {
    let text = folded.str(run);
    // How much or which number is not what it is about.
    if text.bytes().all(|byte| byte.is_ascii_digit()) || ASKING_EN.binary_search(&text).is_ok() {
        return None;
    }
    of_word(text, run.chars, before, found);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_asking_are_found() {
        assert!(ASKING_EN.is_sorted(), "they are searched by halves");
        for (at, asking) in ASKING_ZH.iter().enumerate() {
            let hidden = ASKING_ZH[..at].iter().find(|before| asking.starts_with(**before));
            assert_eq!(hidden, None, "{asking} is never reached");
        }
        assert_eq!(without_asking("请问怎么开发票呢"), ["开发票"]);
        assert_eq!(without_asking("空调"), ["空调"]);
        assert!(meant("怎么办").is_empty() && meant("How do I?").is_empty() && meant("可以吗").is_empty());
    }

    #[test]
    fn what_is_asked_in_another_way_means_the_same() {
        assert_eq!(meant("请问怎么开发票呢？"), meant("开发票"));
        assert_eq!(meant("How do I get a gift card?"), meant("gift card"));
        assert_ne!(meant("gift card"), meant("fax number"));
    }
}
