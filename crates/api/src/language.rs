//! The caller's language: `?lang=zh` or `?lang=en`, else `Accept-Language`, else Chinese.

use axum::http::{HeaderMap, Uri, header};
use yinuo_commitment::Language;

/// The language that a request wants.
pub(crate) fn wanted(uri: &Uri, headers: &HeaderMap) -> Language {
    let mut pairs = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    let named = pairs.find(|(name, _)| *name == "lang").and_then(|(_, word)| Language::from_word(word));
    named.or_else(|| accepted(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?)).unwrap_or(Language::Zh)
}

/// The language of the greatest weight (RFC 9110, 12.5.4); of equals the first.
fn accepted(header: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for range in header.split(',') {
        let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
        let weight: f32 = weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse().ok()).unwrap_or(0.0);
        let tag = tag.trim().to_ascii_lowercase();
        let language = match tag.split('-').next() {
            Some("zh") => Language::Zh,
            Some("en") => Language::En,
            _ => continue,
        };
        if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins() {
        for (header, expected) in [
            ("en", Some(Language::En)),
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Language::Zh)),
            ("fr, en;q=0.5, zh;q=0.7", Some(Language::Zh)),
            ("de;q=0.9, en-GB;q=0.3", Some(Language::En)),
            ("en;q=0, zh;q=0.1", Some(Language::Zh)),
            ("fr", None),
            ("", None),
        ] {
            assert_eq!(accepted(header), expected, "{header}");
        }
    }

    #[test]
    fn the_address_beats_the_header_and_chinese_is_the_default() {
        let mut headers = HeaderMap::new();
        assert_eq!(wanted(&Uri::from_static("/a"), &headers), Language::Zh);
        headers.insert(header::ACCEPT_LANGUAGE, "en".parse().unwrap());
        assert_eq!(wanted(&Uri::from_static("/a"), &headers), Language::En);
        assert_eq!(wanted(&Uri::from_static("/a?x=1&lang=zh"), &headers), Language::Zh);
        assert_eq!(wanted(&Uri::from_static("/a?lang=fr"), &headers), Language::En);
    }
}
