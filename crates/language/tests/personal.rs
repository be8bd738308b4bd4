//! Personal data found in labelled texts: precision and recall per sort. What was reached must not be lost.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that measures"
)]

use std::{collections::BTreeMap, fmt::Write as _, ops::Range};

use proptest::prelude::*;
use yinuo_language::personal::{
    Finding, Known, Leave, Sort, find, find_but, find_known, mask, mask_but, mask_known, with_masks,
};

struct Labelled {
    text: String,
    labels: Vec<(Sort, Range<usize>)>,
}

/// A line with `[[sort|…]]` around what is to be found.
fn labelled(line: &str) -> Labelled {
    let mut text = String::new();
    let mut labels = Vec::new();
    let mut rest = line;
    while let Some((before, from)) = rest.split_once("[[") {
        text.push_str(before);
        let (inside, after) = from.split_once("]]").unwrap_or_else(|| panic!("unclosed: {line}"));
        let (sort, value) = inside.split_once('|').unwrap_or_else(|| panic!("sort|text: {line}"));
        let start = text.len();
        text.push_str(value);
        labels.push((Sort::from_word(sort).unwrap_or_else(|| panic!("{sort}: {line}")), start..text.len()));
        rest = after;
    }
    text.push_str(rest);
    Labelled { text, labels }
}

fn set(lines: &str) -> Vec<Labelled> {
    let lines = lines.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(labelled).collect()
}

/// Numbers have to be found exactly; of names and addresses most of it, and little more.
fn same(sort: Sort, label: &Range<usize>, found: &Range<usize>) -> bool {
    if !matches!(sort, Sort::Name | Sort::Address) {
        return label == found;
    }
    let common = label.end.min(found.end).saturating_sub(label.start.max(found.start));
    let together = label.end.max(found.end) - label.start.min(found.start);
    common * 10 >= together * 7
}

#[derive(Default, Clone, Copy)]
struct Score {
    labelled: usize,
    found: usize,
    right: usize,
}

fn share(part: usize, whole: usize) -> usize {
    (part * 1000).checked_div(whole).unwrap_or(1000)
}

fn measure(sets: &[&str]) -> (BTreeMap<Sort, Score>, String) {
    let mut scores: BTreeMap<Sort, Score> = Sort::ALL.iter().map(|sort| (*sort, Score::default())).collect();
    let mut wrong = String::new();
    for one in sets.iter().flat_map(|lines| set(lines)) {
        let found = find(&one.text);
        for (sort, label) in &one.labels {
            let right =
                found.iter().any(|finding| finding.sort == *sort && same(*sort, label, &finding.span));
            let score = scores.get_mut(sort).unwrap();
            score.labelled += 1;
            score.right += usize::from(right);
            if !right {
                let _ = writeln!(
                    wrong,
                    "  missed {} {:?} in {}",
                    sort.word(),
                    &one.text[label.clone()],
                    one.text
                );
            }
        }
        for finding in &found {
            scores.get_mut(&finding.sort).unwrap().found += 1;
            let right = one
                .labels
                .iter()
                .any(|(sort, label)| *sort == finding.sort && same(*sort, label, &finding.span));
            if !right {
                let what = &one.text[finding.span.clone()];
                let _ = writeln!(wrong, "  false {} {what:?} in {}", finding.sort.word(), one.text);
            }
        }
    }
    (scores, wrong)
}

fn table(scores: &BTreeMap<Sort, Score>) -> String {
    let mut table = String::new();
    for (sort, score) in scores {
        let (precision, recall) = (share(score.right, score.found), share(score.right, score.labelled));
        let _ = writeln!(
            table,
            "{:<16} labelled {:>3}  precision {precision:>4}  recall {recall:>4}",
            sort.word(),
            score.labelled
        );
    }
    table
}

/// What had been reached per sort: precision and recall in 1,000.
fn at_least(floors: &[(Sort, usize, usize)], sets: &[&str]) {
    let (scores, wrong) = measure(sets);
    println!("{}{wrong}", table(&scores));
    for (sort, precision, recall) in floors {
        let score = scores[sort];
        assert!(score.labelled > 0, "nothing to find of {sort:?}");
        let reached = (share(score.right, score.found), share(score.right, score.labelled));
        assert!(
            reached.0 >= *precision && reached.1 >= *recall,
            "{}: {reached:?} where ({precision}, {recall}) had been reached\n{wrong}",
            sort.word()
        );
    }
}

const DEVELOPMENT: &[&str] = &[include_str!("personal/zh.txt"), include_str!("personal/en.txt")];
const HELD_BACK: &[&str] = &[include_str!("personal/held-back.txt")];

#[test]
fn there_are_enough_texts_and_many_that_only_look_alike() {
    let all: Vec<Labelled> = DEVELOPMENT.iter().chain(HELD_BACK).flat_map(|lines| set(lines)).collect();
    let clean = all.iter().filter(|one| one.labels.is_empty()).count();
    assert!(all.len() >= 400 && clean >= 185, "{} texts, {clean} without personal data", all.len());
}

#[test]
fn development_set() {
    let every = |sort: &Sort| (*sort, 950, 950);
    at_least(&Sort::ALL.iter().map(every).collect::<Vec<_>>(), DEVELOPMENT);
}

#[test]
fn held_back_set() {
    let exact =
        [Sort::Mobile, Sort::IdentityNumber, Sort::BankCard, Sort::Email, Sort::PhoneAbroad, Sort::Plate];
    at_least(&exact.map(|sort| (sort, 1000, 1000)), HELD_BACK);
    at_least(&[(Sort::Landline, 900, 1000), (Sort::Name, 900, 900), (Sort::Address, 880, 880)], HELD_BACK);
}

/// With `YINUO_TEXTS=<folder of JSON lines>`: what is found in real texts, so that false findings are seen.
#[test]
fn real_texts_if_there_are_any() {
    let Ok(folder) = std::env::var("YINUO_TEXTS") else { return };
    for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder}: {error}")) {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        let lines = std::fs::read_to_string(&path).unwrap();
        let mut counts: BTreeMap<Sort, (usize, Vec<String>)> = BTreeMap::new();
        for line in lines.lines() {
            for finding in find(line) {
                let (count, samples) = counts.entry(finding.sort).or_default();
                *count += 1;
                if samples.len() < 12 {
                    samples.push(line[finding.span].to_owned());
                }
            }
        }
        println!("{} ({} lines)", path.display(), lines.lines().count());
        for (sort, (count, samples)) in counts {
            println!("  {:<16} {count:>5}  {samples:?}", sort.word());
        }
    }
}

fn spans_hold(text: &str, findings: &[Finding]) {
    let mut done = 0;
    for finding in findings {
        assert!(finding.span.start >= done && finding.span.end > finding.span.start, "{finding:?}");
        assert!(text.get(finding.span.clone()).is_some(), "{finding:?} splits a character of {text:?}");
        done = finding.span.end;
    }
}

fn holds(text: &str) {
    let findings = find(text);
    spans_hold(text, &findings);
    let masked = mask(text);
    let left: Vec<Finding> = find(&masked).into_iter().filter(|finding| finding.sort.is_personal()).collect();
    assert!(left.is_empty(), "{left:?} in {masked:?} of {text:?}");
    assert_eq!(mask(&masked), masked);
}

#[test]
fn masked_texts_of_the_sets_hold_nothing() {
    for one in DEVELOPMENT.iter().chain(HELD_BACK).flat_map(|lines| set(lines)) {
        holds(&one.text);
    }
}

/// Texts made of the pieces that the finder looks for, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,12}",
        "1[3-9][0-9]{9}",
        "[ \\-.()+*:：，。@/\n]{1,2}",
        prop::sample::select(vec![
            "电话",
            "姓名：",
            "我叫",
            "王",
            "小明",
            "先生",
            "师傅",
            "上海市",
            "浦东新区",
            "张杨路",
            "500号",
            "3栋",
            "2单元",
            "501",
            "身份证",
            "110105198703123453",
            "卡号",
            "微信",
            "qq",
            "京A12345",
            "my name is ",
            "John Smith",
            "Mr ",
            "12 Baker Street",
            "a.b@example.com",
            "@",
            "转801",
            "+86",
            "010-",
            "一三八",
            "零",
            "4111111111111111",
            "护照",
            "E12345678",
            "號",
            "Ｂ座",
            "\u{200b}",
            "🚨",
            "室",
            "路",
            "Flat 3, ",
            "London",
            "IP ",
            "8.8.8.8",
            "91310000MA1K3YT56H",
            "400-820-1234",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn masking_leaves_nothing_and_changes_nothing_twice(text in pieces()) {
        holds(&text);
    }

    #[test]
    fn any_text_can_be_read(text in any::<String>()) {
        holds(&text);
        spans_hold(&text, &find_known(&text, &[Known { sort: Sort::Name, value: "王小明" }]));
    }

    #[test]
    fn known_values_are_gone(before in pieces(), digits in "1[3-9][0-9]{9}") {
        let text = format!("{before} {digits}。王晓明");
        let known = [Known { sort: Sort::Mobile, value: &digits }, Known { sort: Sort::Name, value: "王晓明" }];
        let masked = mask_known(&text, &known);
        prop_assert!(!masked.contains("王晓明"), "{}", masked);
        prop_assert!(!masked.ends_with(&format!(" {digits}。王**")), "{}", masked);
    }
}

#[test]
fn odd_spellings_hide_nothing() {
    let between = |sign: &str| format!("请打 138{sign}0013{sign}8000 找他");
    let signs =
        ["/", "_", ",", "，", "、", ":", "；", "~", "～", "+", "*", "…", "。", "|", "\n", "\r\n", " / "];
    let unseen = [
        "\0",
        "\u{7}",
        "\u{7f}",
        "\u{85}",
        "\u{336}",
        "\u{34f}",
        "\u{61c}",
        "\u{115f}",
        "\u{180e}",
        "\u{20e3}",
        "\u{2063}",
        "\u{2066}",
        "\u{2069}",
        "\u{206a}",
        "\u{3164}",
        "\u{ffa0}",
        "\u{fff9}",
        "\u{e0020}",
    ];
    for text in signs.iter().chain(&unseen).map(|sign| between(sign)).chain([
        "请打 ๑๓๘๐๐๑๓๘๐๐๐ 找他".to_owned(),
        "请打 १३८००१३८००० 找他".to_owned(),
        "请打 1\u{336}3\u{336}8\u{336}0\u{336}0\u{336}1\u{336}3\u{336}8\u{336}0\u{336}0\u{336}0\u{336} 找他"
            .to_owned(),
        "请打 \u{202d}138\u{2066}0013\u{2069}8000\u{202c} 找他".to_owned(),
    ]) {
        assert_eq!(mask(&text).replace(['\u{202d}', '\u{202c}'], ""), "请打 138****8000 找他", "{text:?}");
    }
    assert_eq!(mask("写信给 zhang.san @ example.com 吧"), "写信给 z***@example.com 吧");
    assert_eq!(mask("车是京 A 12345"), "车是京A***45");
    for text in [
        "订单 138,0013/8000 分三批",
        "金额 1,380,013,800 元",
        "138/001/3800 三个型号",
        "2026/1122/8000",
        "三项：138；0013，8000",
        "云 A 座 12345",
        "see you @ the desk",
    ] {
        assert_eq!(mask(text), text);
    }
}

#[test]
fn long_texts_of_one_sort_are_read_in_one_pass() {
    // Anything but linear time would not come back.
    let digits = "1234567890".repeat(100_000);
    assert!(find(&digits).is_empty());
    for unit in [
        "1 2 3 ",
        "138 0013 8000 ",
        "138/0013/",
        "a @ b.cn ",
        "1号",
        "a.a@",
        "3栋",
        "路1号",
        "Mr ",
        "一三八零",
        "王先生",
        "@",
        "+",
        "12 a b c ",
        "省市区",
    ] {
        let text = unit.repeat(150_000 / unit.len());
        spans_hold(&text, &find(&text));
    }
}

#[test]
fn hotlines_and_the_numbers_of_the_organisation_are_left_out() {
    let text = "打400-820-1234、010-65123456或service@yinuo.example，别打13812345678";
    let words = |leave: &Leave| -> Vec<&str> {
        find_but(text, leave).into_iter().map(|one| &text[one.span]).collect()
    };
    assert_eq!(words(&Leave::default()), ["010-65123456", "service@yinuo.example", "13812345678"]);
    let own = Leave::own(["+86 10 6512 3456", "Service@Yinuo.example"]);
    assert_eq!(words(&own), ["13812345678"]);
    assert_eq!(words(&own.clone().and_report_hotlines()), ["400-820-1234", "13812345678"]);
    assert_eq!(mask_but(text, &own), "打400-820-1234、010-65123456或service@yinuo.example，别打138****5678");
    let address = Leave::own(["上海市浦东新区张杨路500号"]);
    assert!(find_but("门店在张杨路500号", &address).is_empty());
}

#[test]
fn known_values_are_found_however_they_are_written() {
    let known = [
        Known { sort: Sort::Name, value: "张伟" },
        Known { sort: Sort::Mobile, value: "+86 138-1234-5678" },
        Known { sort: Sort::Address, value: "上海市浦东新区张杨路500号1201室" },
        Known { sort: Sort::Email, value: "Zhang@Example.com" },
    ];
    let table = [
        ("張偉说他在家", "張偉说他在家"),
        ("张伟说他在家", "张**说他在家"),
        ("打１３８ 1234 5678", "打138****5678"),
        ("打8613812345678", "打86138****5678"),
        ("号码113812345678不是", "号码113812345678不是"),
        ("上海市浦东新区 张杨路500号 1201室", "上海市浦东新区****"),
        ("张杨路500号1201室漏水", "张杨路*******漏水"),
        ("ZHANG@example.com", "Z***@example.com"),
        ("张三不是他", "张三不是他"),
    ];
    for (text, wanted) in table {
        assert_eq!(mask_known(text, &known), wanted, "{text}");
    }
    assert_eq!(mask_known("张伟", &[Known { sort: Sort::Name, value: " " }]), "张伟");
    let code = with_masks("91310000MA1K3YT56H", &find("91310000MA1K3YT56H"));
    assert_eq!(code, "91310000MA1K3YT56H", "the code of a company is no personal data");
}
