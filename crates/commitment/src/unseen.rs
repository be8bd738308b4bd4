//! Texts in which nobody can read anything.

/// Whether a text says nothing to whoever reads it: it is empty, or all of it is white space, control characters and signs
/// that nobody sees. Wherever a text has to say something, this decides.
pub fn says_nothing(text: &str) -> bool {
    text.chars().all(is_unseen)
}

/// Whether nobody sees a character: white space, control characters, soft hyphens, joiners, directions, fillers, variants of
/// the character before, tags.
pub fn is_unseen(char: char) -> bool {
    char.is_whitespace()
        || char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::says_nothing;

    #[test]
    fn what_nobody_sees_says_nothing() {
        for text in [
            "",
            " \t\r\n",
            "\u{3000}\u{a0}",
            "\u{200b}",
            "\u{200d}\u{2060}\u{feff}",
            "\0\u{1}\u{7f}\u{9f}",
            "\u{ad} \u{202e}",
            "\u{3164}\u{115f}\u{ffa0}",
            "\u{2800}",
            "\u{e0041}\u{e007f}",
            "\u{fe0f}\u{34f}\u{180e}",
        ] {
            assert!(says_nothing(text), "{text:?}");
        }
    }

    #[test]
    fn what_somebody_sees_says_something() {
        for text in
            ["a", "好", "\u{200b}好", "？", "……", "👍", "0", "-", "👩\u{200d}🔧", "\u{301}", "\u{fffc}", "กา"]
        {
            assert!(!says_nothing(text), "{text:?}");
        }
    }
}
