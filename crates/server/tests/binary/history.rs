//! `yinuo import` and `yinuo replay`.

use crate::support::{House, LETTER, text};

/// Four requests of another system: answered in time, late, never; and a complaint, which the letter does not cover.
const ROWS: &str = r#"{"id":"A-1","received_at":"2026-10-12T09:20:00+08:00","channel":"web","kind":"consultation","text":"How often do I change the filter?","name":"Li Na","replied_at":"2026-10-12T09:20:01+08:00","reply":"Every six months.","closed_at":"2026-10-12T10:00:00+08:00"}
{"id":"A-2","received_at":"2026-10-12T09:30:00+08:00","kind":"consultation","question":"May I pay by card?","replied_at":"2026-10-12T10:00:00+08:00","answer":"Yes, at any counter."}
{"id":"A-3","received_at":"2026-10-13T09:30:00+08:00","kind":"consultation","text":"滤芯多久换一次？","lang":"zh"}
{"id":"A-4","received_at":"2026-10-13T09:40:00+08:00","kind":"complaint","text":"Nobody came."}
"#;

/// Rows that cannot be taken, with what is said about each.
const BAD_ROWS: [(&str, &str); 5] = [
    ("{\"text\":\"x\",\"txt\":\"y\"}", "unknown field `txt`"),
    ("{\"text\":", "EOF while parsing"),
    ("{\"text\":\"x\",\"received_at\":\"2026-02-30T09:00:00Z\"}", "2026-02-30T09:00:00Z"),
    ("{\"text\":\"x\",\"received_at\":\"2999-01-01T00:00:00Z\"}", "lies in the future"),
    ("{\"text\":\"x\",\"kind\":\"praize\"}", "`praize` is not one of"),
];

#[test]
fn history_is_imported_once_and_judged_as_of_then() {
    let house = House::new();
    let manager = house.found();
    let file = house.write("rows.jsonl", ROWS);
    let report = house.yinuo(&["import", &file]).good().out;
    assert!(report.starts_with("4 imported, 0 known already, 0 refused;"), "{report}");
    let report = house.yinuo(&["--lang", "zh", "import", &file]).good().out;
    assert!(report.starts_with("已导入 0，此前已有 4，拒绝 0"), "{report}");

    let server = house.serve();
    let tickets = server.tickets(&manager);
    assert_eq!(tickets.len(), 4);
    let figures = server
        .get_as("/api/v1/figures?from=2026-10-01T00:00:00Z", &[("Authorization", &manager)])
        .expect(200)
        .json();
    let of = |promise: &str| {
        let mut promises = figures["promises"].as_array().expect("promises").iter();
        let found = promises.find(|figure| figure["promise"] == promise);
        found.unwrap_or_else(|| panic!("no figures of {promise}: {figures}"))["counts"].clone()
    };
    let first_reply = of("first-reply");
    assert_eq!((&first_reply["met"], &first_reply["late"]), (&1.into(), &1.into()), "{first_reply}");
    assert_eq!(first_reply["overdue"], 1, "{first_reply}");
    let numbers: Vec<&str> = tickets.iter().map(|ticket| text(&ticket["number"])).collect();
    assert!(numbers.iter().any(|number| number.starts_with("TS-20261013-")), "{numbers:?}");
    assert!(server.stop().success());
}

#[test]
fn bad_rows_are_told_by_line_and_the_others_are_imported() {
    let house = House::new();
    let elsewhere = house.write("elsewhere.jsonl", ROWS);
    assert!(house.yinuo(&["import", &elsewhere]).refused().contains("there is no database"));
    assert!(!house.data().exists(), "a folder that was misspelt is not made");
    house.join("manager");
    let bad: Vec<&str> = BAD_ROWS.iter().map(|(row, _)| *row).collect();
    let file = house.write("rows.jsonl", format!("{ROWS}{}\n", bad.join("\n")));
    let dry = house.yinuo(&["import", "--dry-run", &file]);
    assert_eq!(dry.code, Some(1));
    assert_eq!(dry.out, "9 row(s), 5 that would be refused\n");
    let imported = house.yinuo(&["import", &file]);
    assert_eq!(imported.code, Some(1));
    assert!(
        imported.out.starts_with("4 imported, 0 known already, 5 refused; 4 without a commitment"),
        "{}",
        imported.out
    );
    for ((_, said), line) in BAD_ROWS.iter().zip(5..) {
        let told = imported.err.lines().find(|told| told.starts_with(&format!("line {line}: ")));
        assert!(told.is_some_and(|told| told.contains(said)), "line {line}: {}", imported.err);
    }
}

#[test]
fn csv_is_read_with_quotes_and_a_byte_order_mark() {
    let house = House::new();
    let agent = house.join("manager");
    let csv = "\u{feff}id,received_at,kind,text,name\nB-1,2026-10-12T09:20:00+08:00,repair,\"The \"\"new\"\" one,\nit leaks\",王芳\n\
               B-2,2026-10-12T09:21:00+08:00,repair,It drips,Li\nB-3,yesterday,repair,It hums,Li\n";
    let file = house.write("rows.csv", csv);
    let report = house.yinuo(&["import", &file]);
    assert!(report.out.starts_with("2 imported, 0 known already, 1 refused"), "{}", report.out);
    assert!(report.err.contains("line 5: ") && report.err.contains("yesterday"), "{}", report.err);
    let server = house.serve();
    let tickets = server.tickets(&agent);
    let customers: Vec<&str> = tickets.iter().map(|ticket| text(&ticket["customer"])).collect();
    assert!(customers.contains(&"王芳"), "{customers:?}");
    assert!(server.stop().success());

    let unknown = house.write("rows.txt", csv);
    assert!(house.yinuo(&["import", &unknown]).refused().contains("add --format jsonl or --format csv"));
    let again = house.yinuo(&["import", &unknown, "--format", "csv"]);
    assert!(again.out.starts_with("0 imported, 2 known already, 1 refused"), "{}", again.out);
}

#[test]
fn a_draft_judges_the_past_and_changes_nothing() {
    let house = House::new();
    house.found();
    let rows = house.write("rows.jsonl", ROWS);
    house.yinuo(&["import", &rows]).good();
    // Under a promise of an hour the late answer would have been in time.
    let draft = house.write("draft.toml", LETTER.replacen("\"2 s\"", "\"1 h\"", 1));
    let before = house.yinuo(&["replay"]).good().out;
    assert!(before.contains("The ledger is sound") && before.contains("byte for byte"), "{before}");
    let judged = house.yinuo(&["replay", "--draft", &draft]).good().out;
    let row = judged.lines().find(|line| line.starts_with("first-reply")).expect("a row of the promise");
    let counts: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(counts[1..4], ["2", "0", "1"], "{judged}");
    let later = house.yinuo(&["replay", "--draft", &draft, "--from", "2026-10-13T00:00:00+08:00"]).good().out;
    let row = later.lines().find(|line| line.starts_with("first-reply")).expect("a row of the promise");
    assert_eq!(row.split_whitespace().collect::<Vec<_>>()[1..4], ["0", "0", "1"], "{later}");
    assert!(house.yinuo(&["--lang", "zh", "replay", "--draft", &draft]).good().out.contains("总计"));
    assert_eq!(house.yinuo(&["replay"]).good().out, before);
    let bad = house.write("bad.toml", LETTER.replacen("within", "withn", 1));
    assert!(house.yinuo(&["replay", "--draft", &bad]).refused().contains("has errors"));
    assert!(house.yinuo(&["--lang", "zh", "replay"]).good().out.contains("台账完好"));
}
