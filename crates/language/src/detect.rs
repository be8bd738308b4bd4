//! The language of a text with a probability: by its letters, and Chinese written in pinyin is told from English.

use std::{collections::HashSet, sync::LazyLock};

use yinuo_commitment::Language;

use crate::{answer::Probability, normal};

/// Words that are looked at for pinyin.
const LOOKED_AT: usize = 200;

/// With fewer words of Latin letters nothing is called pinyin: "he can sing" would be.
const WORDS_MIN: usize = 4;

/// Share of pinyin words from which on a text is Chinese.
const PINYIN_FROM: f32 = 0.85;

/// Initials and finals of pinyin; which go together is not asked, because English words that are made of both are rare
/// enough.
const INITIALS: &str = "zh ch sh b p m f d t n l g k h j q x r z c s y w";
const FINALS: &str = "iang iong uang ang eng ing ong ian iao uai uan ai ei ao ou an en in un ia ie iu ua ui uo ue er a o e i u v";

/// Words that look like pinyin and are English: of these a text may have many.
const ENGLISH: &str = "a an he she me we be the can men women man long song sang pan pen pin tan ten fun run sun son \
    den hen gun gone bang dang hang hung lang pang rang rung sung tang wang yang change machine more here nine line \
    made make same care are one out you our too no so to do go hi i o oh gone done none lie die pie tie due sue";

static ENGLISH_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| ENGLISH.split_whitespace().collect());

/// The language of subject and body, and how probable it is. A text with letters of one script only is told for certain
/// but for a short one; one without any letters counts as Chinese, as likely as not.
pub(crate) fn language(subject: &str, body: &str) -> (Language, Probability) {
    let language = normal::language_of_both(subject, body);
    let (han, words) = normal::counts(subject, body);
    if language == Language::En && is_pinyin(subject, body) {
        return (Language::Zh, Probability::of(0.8));
    }
    let (own, other) = match language {
        Language::Zh => (han, words),
        Language::En => (words, han),
    };
    (language, Probability::of(likely(own, other)))
}

/// Laplace's rule over letters that speak for a language: one more of each side than was seen.
#[expect(clippy::cast_precision_loss, reason = "a few thousand letters")]
fn likely(own: usize, other: usize) -> f32 {
    (own as f32 + 1.0) / (own as f32 + other as f32 + 2.0)
}

/// Whether nearly all words of Latin letters are pinyin.
#[expect(clippy::cast_precision_loss, reason = "a few hundred words")]
fn is_pinyin(subject: &str, body: &str) -> bool {
    let (mut words, mut pinyin) = (0_usize, 0_usize);
    for text in [subject, body] {
        let all = text.split(|char: char| !char.is_ascii_alphabetic()).filter(|word| word.len() > 1);
        for word in all.take(LOOKED_AT) {
            words += 1;
            let word = word.to_ascii_lowercase();
            let english = ENGLISH_WORDS.contains(word.as_str());
            pinyin += usize::from(!english && word.len() <= 40 && syllables(&word));
        }
    }
    words >= WORDS_MIN && pinyin as f32 >= words as f32 * PINYIN_FROM
}

/// Whether a word is made of syllables of pinyin, wherever they are parted.
fn syllables(word: &str) -> bool {
    let mut reached = vec![false; word.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for from in 0..word.len() {
        if !reached.get(from).copied().unwrap_or_default() {
            continue;
        }
        let rest = word.get(from..).unwrap_or_default();
        let after_initials = INITIALS.split(' ').filter_map(|initial| rest.strip_prefix(initial));
        for after in after_initials.chain([rest]) {
            for end in FINALS.split(' ').filter_map(|own| after.strip_prefix(own)) {
                if let Some(place) = reached.get_mut(word.len() - end.len()) {
                    *place = true;
                }
            }
        }
    }
    reached.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_tell_their_language() {
        let (zh, likely) = language("", "路由器红灯一直闪，麻烦看看");
        assert!(zh == Language::Zh && likely.share() > 0.9, "{likely}");
        let (en, likely) = language("", "The router keeps blinking red, please have a look at it this week");
        assert!(en == Language::En && likely.share() > 0.9, "{likely}");
    }

    #[test]
    fn mixed_and_empty_texts_are_doubtful() {
        let (_, likely) = language("", "my 空调 is 坏了 please 修一下 thanks");
        assert!(likely.share() < 0.75, "{likely}");
        assert_eq!(language("", ""), (Language::Zh, Probability::of(0.5)));
        assert_eq!(language("😡😡", "!!!"), (Language::Zh, Probability::of(0.5)));
    }

    #[test]
    fn pinyin_is_chinese() {
        for text in
            ["wo de kongtiao huai le, qing kuai dian lai xiu", "luyouqi lian bu shang wang, zenme ban"]
        {
            assert_eq!(language("", text).0, Language::Zh, "{text}");
        }
        for text in [
            "the machine made a long song and we can sing",
            "He can change the line here",
            "no one came to me",
            "please send a technician to repair the router",
        ] {
            assert_eq!(language("", text).0, Language::En, "{text}");
        }
    }
}
