//! Whether somebody asks for a person instead of an answer.

use crate::normal::fold;

/// Whole messages that ask for one.
const WHOLE: &[&str] = &["人工", "真人", "客服", "转接", "human", "agent", "operator", "representative"];

/// Parts of messages that ask for one.
const PARTS: &[&str] = &[
    "转人工",
    "人工客服",
    "找人工",
    "要人工",
    "人工服务",
    "真人客服",
    "接人工",
    "不要机器人",
    "别用机器人",
    "不想和机器人",
    "不想跟机器人",
    "不要机器回",
    "不要机器答",
    "不要自动回复",
    "不要自动答复",
    "别自动回复",
    "转接人工",
    "转真人",
    "找真人",
    "zhuanrengong",
    "zhuan ren gong",
    "zhuan rengong",
    "real person",
    "human agent",
    "live agent",
    "real human",
    "to a human",
    "to a person",
    "to an agent",
    "to someone real",
    "a human being",
    "not a bot",
    "no bots",
];

/// What is looked at of a message, in characters: a longer one is answered by nobody but a person.
const CHARS_MAX: usize = 1_000;

/// Whether a message asks for a person: then nothing answers in a person's place.
pub fn asks_for_a_person(text: &str) -> bool {
    let mut folded = String::new();
    text.chars().take(CHARS_MAX).for_each(|char| fold(char, |char| folded.push(char)));
    let words: String = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = words.trim_matches(|char: char| !char.is_alphanumeric());
    // 转 人 工
    let close: String = words.chars().filter(|char| !char.is_whitespace()).collect();
    let said = |part: &&str| words.contains(*part) || (!part.is_ascii() && close.contains(*part));
    WHOLE.contains(&bare) || PARTS.iter().any(said)
}

#[cfg(test)]
mod tests {
    use super::asks_for_a_person;

    #[test]
    fn whoever_asks_for_a_person_is_heard() {
        for text in [
            "转人工",
            "人工！",
            "轉人工客服",
            "我要人工服务，谢谢",
            "转 人 工",
            "zhuan rengong",
            "我不要机器回复",
            "I'd like to talk  to a human",
            "HUMAN please? real person!",
            "agent",
        ] {
            assert!(asks_for_a_person(text), "{text}");
        }
        assert!(
            asks_for_a_person(&format!("{}转人工", "空调不制冷，".repeat(50))),
            "at the end of a longer text"
        );
        for text in [
            "人工智能空调怎么用",
            "安装是人工费另算吗",
            "how do I become an agent of yours",
            "",
            "客服几点下班",
        ] {
            assert!(!asks_for_a_person(text), "{text}");
        }
    }
}
