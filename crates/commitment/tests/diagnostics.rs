//! Every code of the check: a sound file, one slip of the pen, and what the check says about it in both languages.

use yinuo_commitment::{Language, Level, Tables, check, diagnostic::CODES, render};

/// A sound letter without any finding: its holidays come from a table that is complete for both years.
const SOUND: &str = r#"[commitment]
number    = "YN-2026-009"
title     = { zh = "示例承诺书", en = "Example commitment" }
company   = { zh = "示例科技有限公司", en = "Example Technology Ltd." }
effective = 2026-09-01T00:00:00+08:00
signed    = { by = "陈立言", post = { zh = "总经理", en = "General manager" }, on = 2026-08-20 }
covers    = ["complaint", "consultation"]

[calendar.office]
zone     = "Asia/Shanghai"
week     = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
holidays = ["factory"]
closed   = [2026-12-31]
open     = { 2027-02-06 = "fri" }
special  = { 2026-12-24 = ["09:00-12:00"] }

[calendar.always]
always = true

[[promise]]
id     = "first-reply"
title  = { zh = "首次回应", en = "First reply" }
when   = { kind = ["complaint", "consultation"] }
from   = "received"
until  = "first-reply"
within = "15 min"
on     = "office"
ladder = "standard"
grade  = "minor"

[[promise]]
id     = "detailed-reply"
title  = { zh = "详细答复", en = "Detailed reply" }
when   = { kind = "consultation" }
from   = "received"
until  = "detailed-reply"
within = "1 h"
on     = "office"
tells  = "full-answer"
except = { force-majeure = { needs = ["evidence"] } }

[[promise]]
id     = "full-answer"
title  = { zh = "完整解答", en = "Full answer" }
when   = { kind = "consultation" }
from   = "detailed-reply"
until  = "full-answer"
within = "as told"
on     = "always"

[[promise]]
id     = "pick-up"
title  = { zh = "接听", en = "Pick-up" }
when   = { channel = "phone" }
from   = "received"
until  = "picked-up"
within = "3 rings"
on     = "always"

[[promise]]
id     = "solution"
title  = { zh = "解决方案", en = "Solution" }
when   = { kind = "complaint" }
from   = "received"
until  = "solution-proposed"
within = "7 workdays"
on     = "office"

[ladder.standard]
steps = [
  { at = "50 %", tell = ["owner"] },
  { at = "due", tell = ["supervision"], do = ["reassign"] },
  { at = "due + 30 min", tell = ["manager"] },
]

[breach.minor]
remedy-within = "3 workdays"
notice        = "written"

[[compensation]]
promise = ["first-reply"]
overrun = "2 h"
give    = { fee-reduction = "10 %" }

[capacity]
per-person-per-day = 20

[[duty]]
id    = "equipment-check"
title = { zh = "设备检查", en = "Equipment check" }
times = 3
every = "day"
owner = "technical-support"
"#;

/// Code, name of the case, edits (each text to replace stands exactly once in [`SOUND`]), and the text underlined.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

const CASES: &[Case] = &[
    ("syntax", "unclosed-string", &[("\"YN-2026-009\"", "\"YN-2026-009")], ""),
    ("syntax", "key-twice", &[("covers    =", "number    =")], "number"),
    ("bad-date", "no-such-day", &[("2026-12-31", "2026-02-30")], "2026-02-30"),
    ("bad-date", "no-such-key", &[("2027-02-06 =", "2027-13-06 =")], "2027-13-06"),
    ("unknown-key", "misspelt", &[("ladder = \"standard\"", "lader = \"standard\"")], "lader"),
    ("unknown-key", "day", &[("mon-fri =", "mon-fry =")], "mon-fry"),
    ("unknown-key", "section", &[("[capacity]", "[capasity]")], "capasity"),
    ("missing-key", "until", &[("until  = \"solution-proposed\"\n", "")], "[[promise]]"),
    (
        "missing-key",
        "calendar-of-promise",
        &[("within = \"1 h\"\non     = \"office\"\n", "within = \"1 h\"\n")],
        "[[promise]]",
    ),
    ("wrong-type", "number-for-text", &[("\"YN-2026-009\"", "9")], "9"),
    ("wrong-type", "local-time", &[("T00:00:00+08:00", "T00:00:00")], "2026-09-01T00:00:00"),
    ("wrong-type", "percent", &[("\"10 %\"", "\"ten %\"")], "\"ten %\""),
    (
        "unknown-word",
        "kind",
        &[("when   = { kind = \"complaint\" }", "when   = { kind = \"compliant\" }")],
        "\"compliant\"",
    ),
    ("unknown-word", "step", &[("\"due + 30 min\"", "\"later\"")], "\"later\""),
    ("repeated-word", "needs", &[("[\"evidence\"]", "[\"evidence\", \"evidence\"]")], "\"evidence\""),
    ("bad-duration", "days", &[("\"1 h\"", "\"2 days\"")], "\"2 days\""),
    ("bad-duration", "minutes", &[("\"15 min\"", "\"15 minutes\"")], "\"15 minutes\""),
    ("bad-duration", "chinese", &[("\"15 min\"", "\"15 分钟\"")], "\"15 分钟\""),
    ("out-of-range", "zero", &[("\"15 min\"", "\"0 min\"")], "\"0 min\""),
    ("out-of-range", "share", &[("\"50 %\"", "\"100 %\"")], "\"100 %\""),
    ("out-of-range", "times", &[("times = 3", "times = 0")], "0"),
    ("empty-text", "half-a-text", &[("en = \"Pick-up\"", "en = \" \"")], "\" \""),
    ("empty-when", "nothing", &[("{ channel = \"phone\" }", "{}")], "{}"),
    ("bad-id", "blank", &[("\"equipment-check\"", "\"Equipment Check\"")], "\"Equipment Check\""),
    (
        "bad-id",
        "calendar",
        &[
            ("[calendar.always]", "[calendar.\"全天\"]"),
            ("within = \"as told\"\non     = \"always\"", "within = \"as told\""),
            ("within = \"3 rings\"\non     = \"always\"", "within = \"3 rings\""),
        ],
        "\"全天\"",
    ),
    (
        "unused-calendar",
        "used-by-default",
        &[
            ("[calendar.always]", "[calendar.night]\nalways = true\n\n[calendar.always]"),
            ("within = \"as told\"\non     = \"always\"", "within = \"as told\""),
            ("within = \"3 rings\"\non     = \"always\"", "within = \"3 rings\""),
        ],
        "night",
    ),
    ("duplicate-id", "promise", &[("id     = \"solution\"", "id     = \"pick-up\"")], "\"pick-up\""),
    ("bad-hours", "shape", &[("\"13:30-18:00\"", "\"13.30-18.00\"")], "\"13.30-18.00\""),
    (
        "overlapping-hours",
        "week",
        &[("\"13:30-18:00\"", "\"11:30-18:00\"")],
        "{ mon-fri = [\"09:00-12:00\", \"11:30-18:00\"] }",
    ),
    (
        "never-opens",
        "no-hours",
        &[
            ("[\"09:00-12:00\", \"13:30-18:00\"]", "[]"),
            ("open     = { 2027-02-06 = \"fri\" }\n", ""),
            ("special  = { 2026-12-24 = [\"09:00-12:00\"] }\n", ""),
        ],
        "{ mon-fri = [] }",
    ),
    (
        "closed-and-open",
        "one-date",
        &[("[2026-12-31]", "[2026-12-31, 2027-02-06]")],
        "{ 2027-02-06 = \"fri\" }",
    ),
    (
        "always-with-dates",
        "week",
        &[("always = true", "always = true\nweek = { sun = [\"09:00-12:00\"] }")],
        "{ sun = [\"09:00-12:00\"] }",
    ),
    ("unknown-zone", "city", &[("\"Asia/Shanghai\"", "\"Asia/Shenzhen\"")], "\"Asia/Shenzhen\""),
    ("unknown-table", "misspelt", &[("[\"factory\"]", "[\"factori\"]")], "\"factori\""),
    ("holidays-unpublished", "china", &[("[\"factory\"]", "[\"china\"]")], "[\"china\"]"),
    (
        "unknown-calendar",
        "misspelt",
        &[("within = \"1 h\"\non     = \"office\"", "within = \"1 h\"\non     = \"ofice\"")],
        "\"ofice\"",
    ),
    ("unknown-ladder", "none-near", &[("ladder = \"standard\"", "ladder = \"rope\"")], "\"rope\""),
    (
        "unknown-promise",
        "compensation",
        &[("promise = [\"first-reply\"]", "promise = [\"frist-reply\"]")],
        "\"frist-reply\"",
    ),
    (
        "unused-calendar",
        "third",
        &[("[calendar.always]", "[calendar.night]\nalways = true\n\n[calendar.always]")],
        "night",
    ),
    ("unused-ladder", "not-climbed", &[("ladder = \"standard\"\n", "")], "standard"),
    (
        "same-clock",
        "two-budgets",
        &[("until  = \"solution-proposed\"", "until  = [\"first-reply\", \"solution-proposed\"]")],
        "\"7 workdays\"",
    ),
    (
        "precedence-circle",
        "itself",
        &[("tells  = \"full-answer\"", "tells  = \"full-answer\"\nover   = [\"detailed-reply\"]")],
        "\"detailed-reply\"",
    ),
    (
        "impossible-mark",
        "arrival-at-complaint",
        &[("until  = \"solution-proposed\"", "until  = \"arrived\"")],
        "\"arrived\"",
    ),
    (
        "impossible-mark",
        "never-starts",
        &[("from   = \"detailed-reply\"", "from   = \"solved\"")],
        "\"solved\"",
    ),
    (
        "impossible-mark",
        "stops-at-start",
        &[("until  = \"solution-proposed\"", "until  = \"received\"")],
        "\"received\"",
    ),
    (
        "unfit-budget",
        "rings-on-the-web",
        &[("{ channel = \"phone\" }", "{ channel = [\"phone\", \"web\"] }")],
        "\"3 rings\"",
    ),
    ("unfit-budget", "remedy", &[("\"3 workdays\"", "\"the call\"")], "\"the call\""),
    ("untold", "nobody", &[("tells  = \"full-answer\"\n", "")], "\"as told\""),
    (
        "untold",
        "without-rule",
        &[(
            "from   = \"received\"\nuntil  = \"solution-proposed\"\nwithin = \"7 workdays\"",
            "from   = \"solution-proposed\"\nuntil  = \"carried-out\"\nwithin = \"as told\"",
        )],
        "\"as told\"",
    ),
    ("told-in-vain", "no-promise", &[("within = \"as told\"", "within = \"2 h\"")], "\"full-answer\""),
    ("ladder-order", "due-first", &[("{ at = \"due + 30 min\", tell", "{ at = \"80 %\", tell")], "\"80 %\""),
    (
        "ladder-after-end",
        "the-call",
        &[(
            "until  = \"picked-up\"\nwithin = \"3 rings\"",
            "until  = \"call-ended\"\nwithin = \"the call\"\nladder = \"standard\"",
        )],
        "\"standard\"",
    ),
    ("breach-terms-missing", "major", &[("grade  = \"minor\"", "grade  = \"major\"")], "\"major\""),
    ("exception-unproved", "no-needs", &[("{ needs = [\"evidence\"] }", "{}")], "{}"),
    (
        "signed-late",
        "after-effective",
        &[("on = 2026-08-20", "on = 2026-10-01")],
        "{ by = \"陈立言\", post = { zh = \"总经理\", en = \"General manager\" }, on = 2026-10-01 }",
    ),
    (
        "gap",
        "praise-uncovered",
        &[("\"complaint\", \"consultation\"]\n\n", "\"complaint\", \"consultation\", \"praise\"]\n\n")],
        "\"YN-2026-009\"",
    ),
];

#[expect(clippy::expect_used, reason = "the table is sound")]
fn tables() -> Tables {
    let mut tables = Tables::shipped();
    tables
        .add("factory", "2026 official\noff 2026-10-01 国庆节\n2027 official\noff 2027-01-01 元旦\n")
        .expect("a table");
    tables
}

fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(SOUND.to_owned(), |text, (from, to)| {
        assert_eq!(SOUND.matches(from).count(), 1, "{from:?} stands once in the sound file");
        text.replacen(from, to, 1)
    })
}

#[test]
fn the_sound_file_has_no_finding() {
    let report = check(SOUND, &tables());
    assert_eq!(
        render("sound.toml", SOUND, &report.diagnostics, Language::En, false),
        "sound.toml: 0 errors, 0 warnings\n"
    );
    assert!(report.commitment.is_some());
}

/// What is wrong with the outcome of one case, if anything.
fn wrong(code: &str, edits: &[(&str, &str)], underlined: &str) -> Option<String> {
    let text = edited(edits);
    let report = check(&text, &tables());
    let codes: Vec<_> = report.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let Some(found) = report.diagnostics.iter().find(|diagnostic| diagnostic.code == code) else {
        return Some(format!("found only {codes:?}"));
    };
    let level = CODES.iter().find(|(known, _)| *known == code).map(|(_, level)| *level);
    if Some(found.level) != level || report.commitment.is_none() != report.has_errors() {
        return Some(format!("level {:?}, errors {}", found.level, report.has_errors()));
    }
    if text[found.span.clone()] != *underlined {
        return Some(format!("underlines {:?}", &text[found.span.clone()]));
    }
    found.help.is_none().then(|| "does not say what to write instead".to_owned())
}

#[test]
fn every_code_is_shown_in_both_languages() {
    let outcomes = CASES.iter().filter_map(|(code, name, edits, underlined)| {
        wrong(code, edits, underlined).map(|wrong| format!("{code}/{name}: {wrong}"))
    });
    let outcomes: Vec<String> = outcomes.collect();
    assert!(outcomes.is_empty(), "{}", outcomes.join("\n"));
    for (code, name, edits, _) in CASES {
        let text = edited(edits);
        let diagnostics = check(&text, &tables()).diagnostics;
        let zh = render("letter.toml", &text, &diagnostics, Language::Zh, false);
        let en = render("letter.toml", &text, &diagnostics, Language::En, false);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("{code}--{name}"), format!("{en}\n{zh}"));
        });
    }
}

#[test]
fn no_code_is_without_a_case() {
    for (code, _) in CODES {
        assert!(CASES.iter().any(|(known, ..)| known == code), "{code}");
    }
    for (code, ..) in CASES {
        assert!(CODES.iter().any(|(known, _)| known == code), "{code}");
    }
}

#[test]
fn one_pass_finds_everything() {
    let text = edited(&[
        ("\"15 min\"", "\"15 minutes\""),
        ("\"Asia/Shanghai\"", "\"Asia/Shenzhen\""),
        ("until  = \"solution-proposed\"", "until  = \"arrived\""),
        ("every = \"day\"", "every = \"fortnight\""),
        ("notice        = \"written\"", "notice        = \"by pigeon\""),
    ]);
    let report = check(&text, &tables());
    let found: Vec<_> = report.diagnostics.iter().map(|d| (d.code, d.line_column(&text))).collect();
    let expected = [
        ("unknown-zone", (10, 12)),
        ("bad-duration", (26, 10)),
        ("impossible-mark", (65, 10)),
        ("unknown-word", (78, 17)),
        ("unknown-word", (92, 9)),
    ];
    for finding in expected {
        assert!(found.contains(&finding), "{finding:?} in {found:?}");
    }
}

#[test]
fn columns_count_characters() {
    let text = edited(&[("zh = \"首次回应\", en", "zh = \"首次回应\", english")]);
    let report = check(&text, &tables());
    let unknown = report.diagnostics.iter().find(|d| d.code == "unknown-key").expect("the unknown key");
    assert_eq!(&text[unknown.span.clone()], "english");
    assert_eq!(unknown.line_column(&text), (22, 25));
    assert_eq!(unknown.level, Level::Error);
}

#[test]
fn colour_only_adds_escapes() {
    let text = edited(&[("\"15 min\"", "\"15 minutes\"")]);
    let report = check(&text, &tables());
    let coloured = render("letter.toml", &text, &report.diagnostics, Language::En, true);
    assert!(coloured.contains('\u{1b}'), "{coloured}");
    assert!(coloured.contains("unknown unit"), "{coloured}");
}
