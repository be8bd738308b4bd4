//! The index finds what the scan finds: in memory, in SQLite FTS5, over one page and many.

use proptest::prelude::*;
use rusqlite::Connection;
use yinuo_language::{
    search::{Phrase, Query},
    tokens::{BORDER, TokenKey},
};

fn key() -> TokenKey {
    TokenKey::from_bytes(b"a key for tests.")
}

/// Whether the tokens of a phrase stand in a row in a page.
fn stands(page: &str, phrase: &[String]) -> bool {
    let page: Vec<&str> = page.split(' ').collect();
    page.windows(phrase.len()).any(|here| here == phrase)
}

/// Phrases as FTS5 reads them.
fn fts5(phrases: &[Phrase], between: &str) -> Option<String> {
    let quoted: Vec<String> = phrases.iter().map(|phrase| format!("\"{}\"", phrase.join(" "))).collect();
    (!quoted.is_empty()).then(|| quoted.join(between))
}

/// What an index over pages finds: each term is asked for on its own, the texts are intersected.
fn found_by_index(query: &Query, pages: &[String]) -> bool {
    query.terms().iter().all(|term| {
        let phrase = term.phrase(&key());
        pages.iter().any(|page| stands(page, &phrase)) != term.excluded
    })
}

fn quoted(term: &str, quote: bool, minus: bool) -> String {
    let minus = if minus { "-" } else { "" };
    if quote { format!("{minus}\"{term}\"") } else { format!("{minus}{term}") }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn the_index_finds_exactly_what_the_scan_finds(
        text in "[空调坏了修WwiFabc12Aé\u{2029} ，-]{0,40}",
        terms in prop::collection::vec(("[空调坏了修WwiFabc12Aé ，-]{1,6}", any::<bool>(), any::<bool>()), 1..4),
    ) {
        let typed: Vec<String> =
            terms.iter().map(|(term, quote, minus)| quoted(term, *quote, *minus)).collect();
        let Ok(query) = Query::parse(&typed.join(" ")) else { return Ok(()) };
        let pages = key().pages(&text);
        prop_assert!(pages.len() <= 1);
        prop_assert_eq!(found_by_index(&query, &pages), query.matches(&text), "{:?} in {:?}", typed, text);
    }

    #[test]
    fn a_part_of_a_text_finds_the_text(text in "[空调坏了修理wifi]{1,60}", start in 0_usize..60, len in 1_usize..20) {
        let part: String = text.chars().skip(start % text.chars().count()).take(len).collect();
        // A phrase of several runs names whole words, and words of one and two letters are whole words.
        let han = part.chars().all(|char| !char.is_ascii());
        let query = Query::parse(&format!("\"{part}\"")).unwrap();
        if han || (part.is_ascii() && part.len() > 2) {
            prop_assert!(query.matches(&text), "{} in {}", part, text);
            prop_assert!(found_by_index(&query, &key().pages(&text)));
        }
    }

    #[test]
    fn hits_lie_on_borders_of_characters_and_in_order(
        text in "[空调é\u{301}ﬁABab 修，😀１]{0,40}", typed in "[空调éfiab1 修\"-]{0,8}",
    ) {
        let Ok(query) = Query::parse(&typed) else { return Ok(()) };
        let hits = query.hits(&text);
        for hit in &hits {
            prop_assert!(!text[hit.clone()].is_empty());
        }
        prop_assert!(hits.windows(2).all(|two| two[0].end <= two[1].start));
        if query.terms().iter().any(|term| !term.excluded) && query.matches(&text) {
            prop_assert!(!hits.is_empty());
        }
        for snippet in query.snippets(&text, 12, 2) {
            prop_assert!(!text[snippet.span.clone()].is_empty());
            for hit in &snippet.hits {
                prop_assert!(snippet.span.start <= hit.start && hit.end <= snippet.span.end);
            }
        }
    }

    #[test]
    fn nothing_that_is_typed_is_a_panic(typed in "\\PC{0,60}", text in "\\PC{0,60}") {
        match Query::parse(&typed) {
            Ok(query) => {
                query.matches(&text);
                query.snippets(&text, 20, 3);
            }
            Err(error) => prop_assert!(typed.get(error.at).is_some()),
        }
    }
}

#[test]
fn a_long_text_is_found_by_every_part_of_it() {
    let mut text = String::new();
    for number in 0..6_000 {
        text.push_str(match number % 7 {
            0 => "空调不制冷",
            1 => "，的的的",
            2 => " router-x1 ",
            3 => "the fridge",
            4 => "退款",
            5 => " a ",
            _ => "还没到账。",
        });
        text.push_str(&number.to_string());
    }
    let pages = key().pages(&text);
    assert!(pages.len() > 3, "{} pages", pages.len());
    for found in [
        "的",
        "5996",
        "\"a 5auf\"",
        "\"还没到账。5878空调不制冷\"",
        "router",
        "\"router x1 4119the\"",
        "fridge2998",
    ] {
        let query = Query::parse(found).unwrap();
        assert_eq!(query.matches(&text), found_by_index(&query, &pages), "{found}");
    }
    let far_apart = Query::parse("空调不制冷0 空调不制冷5999 5992").unwrap();
    assert_eq!(far_apart.matches(&text), found_by_index(&far_apart, &pages));
}

#[test]
fn a_megabyte_is_cut_and_scanned_in_one_pass() {
    for text in ["的".repeat(350_000), "a".repeat(1_000_000), "ab ".repeat(330_000), "，".repeat(340_000)] {
        let pages = key().pages(&text);
        assert!(pages.iter().map(String::len).sum::<usize>() < 60_000_000);
        assert!(!Query::parse("空调 的了 abc").unwrap().matches(&text));
    }
}

const TEXTS: &[&str] = &[
    "客厅的空调开了半小时还是不制冷，麻烦安排师傅来看看。",
    "路由器 AX3000 红灯一直闪，wifi断线了三天",
    "花呗还款之后没到账，订单 TS-20261121-0007",
    "我要退款！退款！已经等了 2 周",
    "The air conditioner in the lobby drips; see ticket TS-20261121-0007.",
    "Wi-Fi drops every hour, the router's light is red",
    "空。调",
    "",
    "調解書寄到了嗎？空調沒修好",
    "修",
];

const QUERIES: &[&str] = &[
    "空调",
    "修",
    "退款",
    "不制冷",
    "空调不制冷",
    "wifi",
    "wifi断线",
    "ax",
    "AX3000",
    "3000",
    "款",
    "2",
    "2周",
    "TS-20261121-0007",
    "\"air conditioner\"",
    "\"the air\"",
    "conditioner lobby",
    "-空调",
    "空调 -制冷",
    "条解书",
    "调解书",
    "\"空。调\"",
    "\"灯一直闪wifi断\"",
    "router's",
    "cond",
    "on",
    "ＷＩＦＩ",
    "\"is red\" router",
    "-\"is red\" router",
];

#[test]
fn sqlite_finds_what_the_scan_finds() {
    let database = Connection::open_in_memory().unwrap();
    database
        .execute_batch("CREATE VIRTUAL TABLE found USING fts5(tokens, content='', tokenize='ascii')")
        .unwrap();
    let key = key();
    for (row, text) in (0_i64..).zip(TEXTS) {
        database
            .execute("INSERT INTO found (rowid, tokens) VALUES (?1, ?2)", (row, key.pages(text).join(" ")))
            .unwrap();
    }
    let rows = |expression: &str| -> Vec<i64> {
        let mut statement = database.prepare_cached("SELECT rowid FROM found WHERE found MATCH ?1").unwrap();
        statement.query_map([expression], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    for typed in QUERIES {
        let query = Query::parse(typed).unwrap();
        let phrases = query.phrases(&key);
        let wanted = fts5(&phrases.wanted, " AND ")
            .map_or_else(|| (0..).take(TEXTS.len()).collect(), |wanted| rows(&wanted));
        let unwanted = fts5(&phrases.unwanted, " OR ").map(|unwanted| rows(&unwanted)).unwrap_or_default();
        let found: Vec<i64> = wanted.into_iter().filter(|row| !unwanted.contains(row)).collect();
        let scanned: Vec<i64> =
            (0_i64..).zip(TEXTS).filter(|(_, text)| query.matches(text)).map(|(row, _)| row).collect();
        assert_eq!(found, scanned, "{typed}");
    }
}

#[test]
fn no_term_goes_on_across_a_border() {
    let text = format!("wifi断{BORDER}线{BORDER}空{BORDER}调 a{BORDER}b");
    let pages = key().pages(&text);
    for (typed, found) in [
        ("断线", false),
        ("空调", false),
        ("wifi断", true),
        ("\"线 空\"", false),
        ("\"a b\"", false),
        ("线 空 调 a b", true),
    ] {
        let query = Query::parse(typed).unwrap();
        assert_eq!((query.matches(&text), found_by_index(&query, &pages)), (found, found), "{typed}");
    }
}

#[test]
fn terms_mean_what_the_description_says() {
    for (typed, text, found) in [
        ("空调", "客厅空调坏了", true),
        ("空调", "空，调", false),
        ("3000", "AX3000", true),
        ("ax", "AX3000", false),
        ("ax", "ax 3000", true),
        ("wifi断线", "家里wifi断线了", true),
        ("wifi断线", "wifi 断线", true),
        ("wifi断线", "wifi老断线", false),
        ("\"the air\"", "The air is dry", true),
        ("\"the air\"", "Bathe air", false),
        ("\"the air\"", "the airport", false),
        ("\"修好 ok\"", "没修好，OK？", true),
        ("\"好 ok 谢\"", "修好ok谢谢", true),
        ("空調", "空调", true),
        ("-退款", "换货", true),
        ("-退款", "我要退款", false),
    ] {
        assert_eq!(Query::parse(typed).unwrap().matches(text), found, "{typed} in {text}");
    }
}

#[test]
fn a_snippet_shows_the_hits_in_their_place() {
    let text = format!("{}空調壞了{}Café 3{}", "前".repeat(50), "，后".repeat(50), "。".repeat(50));
    let query = Query::parse("空调 cafe").unwrap();
    let snippets = query.snippets(&text, 20, 5);
    let shown: Vec<(&str, Vec<&str>)> = snippets
        .iter()
        .map(|snippet| {
            (&text[snippet.span.clone()], snippet.hits.iter().map(|hit| &text[hit.clone()]).collect())
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("前前前前前空調壞了，后，后，后，后，后，", vec!["空調"]),
            ("后，后，后Café 3。。。。。。。。。", vec!["Café"]),
        ]
    );
    assert_eq!(query.snippets(&text, 20, 1).len(), 1);
    let without = Query::parse("冰箱").unwrap().snippets("空调坏了", 2, 3);
    assert_eq!((without.len(), without[0].span.clone(), without[0].hits.len()), (1, 0..6, 0));
}
