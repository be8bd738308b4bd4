//! How queries are read, and what is said about those that cannot be.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::civil::date;
use yinuo_commitment::{Channel, Kind, Language, Urgency};
use yinuo_language::search::{Query, TERMS_MAX};

fn terms(typed: &str) -> Vec<(String, bool)> {
    let query = Query::parse(typed).unwrap();
    query.terms().iter().map(|term| (term.typed.clone(), term.excluded)).collect()
}

#[test]
fn words_phrases_and_exclusions_are_told_apart() {
    for (typed, read) in [
        ("空调 漏水", vec![("空调", false), ("漏水", false)]),
        ("  空调　漏水 ", vec![("空调", false), ("漏水", false)]),
        ("\"air conditioner\" -noisy", vec![("air conditioner", false), ("noisy", true)]),
        ("“不 制冷”－退款", vec![("不 制冷", false), ("退款", true)]),
        ("「水 电」-『a b』", vec![("水 电", false), ("a b", true)]),
        ("e-mail a - b", vec![("e-mail", false), ("a", false), ("b", false)]),
        ("https://a.example 12:30", vec![("https://a.example", false), ("12:30", false)]),
        ("note: fridge!", vec![("note:", false), ("fridge!", false)]),
        ("空调 😀 ！", vec![("空调", false)]),
        ("", vec![]),
    ] {
        let read: Vec<(String, bool)> =
            read.into_iter().map(|(term, excluded)| (term.to_owned(), excluded)).collect();
        assert_eq!(terms(typed), read, "{typed}");
    }
}

#[test]
fn facets_are_read_in_both_languages() {
    let query = Query::parse(
        "类型：投诉，报修 -渠道:phone urgency:紧急 Team:\"hot line\" topic:router from:2026-11-01 至:2026-11 空调",
    )
    .unwrap();
    let filter = &query.filter;
    assert_eq!(filter.kind.any, [Kind::Complaint, Kind::Repair]);
    assert_eq!(filter.channel.none, [Channel::Phone]);
    assert_eq!(filter.urgency.any, [Urgency::Urgent]);
    assert_eq!(filter.team.any, ["hot line"]);
    assert_eq!(filter.topic.any, ["router"]);
    assert_eq!((filter.from, filter.to), (Some(date(2026, 11, 1)), Some(date(2026, 11, 30))));
    assert_eq!(query.terms().len(), 1);
    assert!(filter.kind.admits(&Kind::Repair) && !filter.kind.admits(&Kind::Praise));
    assert!(filter.channel.admits(&Channel::Web) && !filter.channel.admits(&Channel::Phone));
    let narrowed = Query::parse("from:2026-01 from:2026-03 to:2026-12 to:2026-05").unwrap().filter;
    assert_eq!((narrowed.from, narrowed.to), (Some(date(2026, 3, 1)), Some(date(2026, 5, 31))));
}

#[test]
fn a_query_that_cannot_be_read_says_where_and_what_instead() {
    let thousand = (0..1_000).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ");
    for (typed, code, place, instead) in [
        ("空调 kinds:repair", "unknown-facet", "kinds:repair", "kind:"),
        ("-chanel:web", "unknown-facet", "-chanel:web", "channel:"),
        ("类形:投诉", "unknown-facet", "类形:投诉", "类型:"),
        ("kind:complain", "unknown-value", "kind:complain", "`complaint`"),
        ("渠道:电画", "unknown-value", "渠道:电画", "`电话`"),
        ("kind:,", "no-value", "kind:,", "kind:"),
        ("from:soon", "not-a-day", "from:soon", "2026-11-21"),
        ("to:2026-02-30", "not-a-day", "to:2026-02-30", "2026-11-21"),
        ("-from:2026-01", "excluded-day", "-from:2026-01", "from:"),
        ("a \"open", "open-quote", "\"open", "close"),
        ("“没有另一半", "open-quote", "“没有另一半", "close"),
        ("！？😀", "nothing-to-search", "！？😀", "letters"),
        (&thousand, "many-terms", "w64", "At most 64"),
        (&"空".repeat(65), "long-term", &"空".repeat(65), "64"),
    ] {
        let error = Query::parse(typed).unwrap_err();
        assert_eq!(error.code(), code, "{typed}");
        assert_eq!(&typed[error.at.clone()], place, "{typed}");
        let column = typed[..error.at.start].chars().count() as u64 + 1;
        assert_eq!(error.column(), column, "{typed}");
        assert!(error.to_string().contains(instead), "{error}");
        assert!(!error.text(Language::Zh).is_empty());
    }
    let backwards = Query::parse("from:2026-05 to:2026-04").unwrap_err();
    assert_eq!(backwards.code(), "backwards");
    assert_eq!(Query::parse(&"空".repeat(10_001)).unwrap_err().code(), "long-query");
    let most = (0..TERMS_MAX).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ");
    assert_eq!(Query::parse(&most).unwrap().terms().len(), TERMS_MAX);
}

#[test]
fn an_empty_field_asks_for_nothing() {
    assert!(Query::parse("").unwrap().is_empty());
    assert!(Query::parse(" \u{3000}\n").unwrap().is_empty());
    assert!(!Query::parse("kind:repair").unwrap().is_empty());
}
