//! Every rule finds what it is for, at its line, and leaves alone what is fine.

use std::{fs, path::Path};

use xtask::{
    mask::Masked,
    tidy::{self, Finding, crates::Package},
    tree::Tree,
};

/// Runs one rule on a made-up tree and shows its findings as `path:line what`.
fn found(rule: fn(&Tree) -> Vec<Finding>, files: &[(&str, &str)]) -> Vec<String> {
    let mut found: Vec<String> = rule(&Tree::of(files))
        .into_iter()
        .map(|finding| format!("{}:{} {}", finding.path, finding.line, finding.what))
        .collect();
    found.sort();
    found
}

/// `count` lines of `row`.
fn lines(count: usize, row: &str) -> String {
    format!("{row}\n").repeat(count)
}

#[test]
fn masks_hide_everything_but_code() {
    let source = r##"fn a() { // fn hidden() {
    let s = "fn in_string() { \" }"; let c = '"'; let l: &'static str = r#"a " b"#;
    /* nested /* { */ fn no() { */
    let b = b'\''; let e = '\\'; let u = '\u{7b}';
}
fn after<'a>(x: &'a str) -> [u8; { 2 }] {
    [0; 2]
}
trait T { fn declared(&self); fn given(&self) -> fn(u8) -> u8 { todo } }
"##;
    let functions = Masked::new(source).functions();
    let shown: Vec<(&str, usize, usize)> =
        functions.iter().map(|function| (function.name.as_str(), function.line, function.lines)).collect();
    assert_eq!(shown, [("a", 1, 2), ("after", 6, 1), ("given", 9, 1)]);
}

#[test]
fn test_modules_are_told_from_code() {
    let source = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn t() {}\n}\nfn b() {}\n#[cfg(test)]\nmod laws;\nfn c() {}\n";
    let tests = Masked::new(source).test_lines();
    assert_eq!(tests, [false, true, true, true, true, false, false, false, false]);
}

#[test]
fn long_files_and_functions_are_found() {
    let long = lines(501, "// x");
    let fine = format!("{}#[cfg(test)]\nmod tests {{\n{}}}\n", lines(400, "// x"), lines(200, "    // t"));
    let deep = format!("fn deep() {{\n{}}}\n", lines(71, "    x();"));
    let table = format!("#[expect(clippy::too_many_lines, reason = \"a table\")]\npub {deep}");
    let tests = lines(801, "// t");
    let files = [
        ("crates/a/src/long.rs", long.as_str()),
        ("crates/a/src/fine.rs", &fine),
        ("crates/a/src/deep.rs", &deep),
        ("crates/a/src/table.rs", &table),
        ("crates/a/tests/all.rs", &tests),
        ("web/src/api/schema.ts", &lines(2000, "x")),
    ];
    let expected = [
        "crates/a/src/deep.rs:1 function crates/a/src/deep.rs::deep has 71 lines, 70 are allowed",
        "crates/a/src/long.rs:1 file crates/a/src/long.rs has 501 lines, 500 are allowed",
        "crates/a/tests/all.rs:1 801 lines; no file may have more than 800",
    ];
    assert_eq!(found(tidy::size::check, &files), expected);
}

#[test]
fn the_ratchet_allows_and_only_shrinks() {
    let long = lines(600, "// x");
    let file = ("crates/a/src/long.rs", long.as_str());
    let ratchet = |text: &str| found(tidy::size::check, &[file, ("xtask/tidy-ratchet.txt", text)]);
    assert!(ratchet("# why\n600 file crates/a/src/long.rs\n").is_empty());
    assert_eq!(
        ratchet("650 file crates/a/src/long.rs\n"),
        [
            "xtask/tidy-ratchet.txt:1 file crates/a/src/long.rs has 600 lines by now, the ratchet still allows 650"
        ]
    );
    assert_eq!(
        ratchet("599 file crates/a/src/long.rs\n"),
        ["crates/a/src/long.rs:1 file crates/a/src/long.rs has 600 lines, 599 are allowed"]
    );
    assert_eq!(
        ratchet("600 file crates/a/src/long.rs\n9 file crates/a/src/gone.rs\nnonsense\n"),
        [
            "xtask/tidy-ratchet.txt:2 file crates/a/src/gone.rs has 0 lines by now, the ratchet still allows 9",
            "xtask/tidy-ratchet.txt:3 `nonsense` is no entry",
        ]
    );
}

#[test]
fn shrinking_lowers_the_ratchet_to_what_is_there() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shrink");
    for dir in ["crates/a/src", "xtask"] {
        fs::create_dir_all(root.join(dir)).unwrap();
    }
    fs::write(root.join("crates/a/src/long.rs"), lines(600, "// x")).unwrap();
    fs::write(root.join("crates/a/src/fine.rs"), lines(20, "// x")).unwrap();
    let ratchet = root.join("xtask/tidy-ratchet.txt");
    fs::write(&ratchet, "# why\n650 file crates/a/src/long.rs\n600 file crates/a/src/fine.rs\n").unwrap();
    assert_eq!(tidy::ratchet::shrink(&root).unwrap(), 2);
    assert_eq!(fs::read_to_string(&ratchet).unwrap(), "# why\n600 file crates/a/src/long.rs\n");
    assert_eq!(tidy::ratchet::shrink(&root).unwrap(), 0);
}

#[test]
fn empty_names_and_unfinished_work_are_found() {
    let open = format!("fn a() {{}} // {}: later\n", concat!("TO", "DO"));
    let files = [
        ("crates/a/src/utils.rs", "fn a() {}\n"),
        ("crates/a/src/common/x.rs", "fn a() {}\n"),
        (
            "crates/a/src/role.rs",
            "enum Role { Manager }\nstruct TicketManager;\n// struct OtherManager;\nmod helper;\n",
        ),
        ("crates/a/src/open.rs", &open),
        ("crates/a/src/part/mod.rs", ""),
        ("crates/a/tests/part/mod.rs", ""),
    ];
    let expected = [
        "crates/a/src/common:1 `common` says nothing".to_owned(),
        format!("crates/a/src/open.rs:1 `{}` leaves work to nobody", concat!("TO", "DO")),
        "crates/a/src/part/mod.rs:1 ten files called `mod.rs` are hard to tell apart".to_owned(),
        "crates/a/src/role.rs:2 `TicketManager` says nothing".to_owned(),
        "crates/a/src/role.rs:4 `helper` says nothing".to_owned(),
        "crates/a/src/utils.rs:1 `utils` says nothing".to_owned(),
    ];
    assert_eq!(found(tidy::names::check, &files), expected);
}

#[test]
fn places_outside_of_the_project_are_found() {
    let home = format!("see {}/someone/notes.md\n", concat!("/", "home"));
    let outside = format!("let path = \"{}/data\";\n", concat!("..", "/shared"));
    let files = [
        ("docs/a.md", home.as_str()),
        ("docs/fine.md", "docs/srv/x, https://example.com/media/x, $HOME/srv/x, ~/media/y\n"),
        ("crates/a/tests/b.rs", &outside),
        ("web/package-lock.json", "{\n  \"resolved\": \"https://packages.example/x.tgz\"\n}\n"),
        ("crates/store/src/a.rs", "// uses now() never\nlet sql = \"select now()\";\n"),
        ("crates/store/migrations/1.sql", "create table t (at integer default current_timestamp);\n"),
    ];
    let expected = [
        "crates/a/tests/b.rs:1 a reference to something outside of the project".to_owned(),
        "crates/store/migrations/1.sql:1 `current_timestamp` lets the database read a clock or draw a number"
            .to_owned(),
        "crates/store/src/a.rs:2 `now()` lets the database read a clock or draw a number".to_owned(),
        format!("docs/a.md:1 `{}/someone/notes.md` exists on one machine only", concat!("/", "home")),
        "web/package-lock.json:2 the build is bound to one package registry".to_owned(),
    ];
    assert_eq!(found(tidy::places::check, &files), expected);
}

#[test]
fn tests_that_sleep_or_do_not_run_are_found() {
    let rust = format!(
        "{}]\nfn a() {{ tokio::time::{}(x).await; clock.sleep_until(x); }}\n",
        concat!("#[", "ignore"),
        "sleep"
    );
    let files = [
        ("crates/a/tests/a.rs", rust.as_str()),
        ("crates/a/src/b.rs", "fn wait() { sleep(x) }\n#[cfg(test)]\nmod tests { fn t() { sleep(x) } }\n"),
        ("web/e2e/c.mjs", "test.only('x', f)\npage.waitForTimeout(5)\n"),
    ];
    let expected = [
        "crates/a/src/b.rs:3 a test that sleeps is slow when it passes and lies when it fails",
        "crates/a/tests/a.rs:1 a test that does not run",
        "crates/a/tests/a.rs:2 a test that sleeps is slow when it passes and lies when it fails",
        "web/e2e/c.mjs:1 a test that does not run, or keeps the others from running",
        "web/e2e/c.mjs:2 a journey that sleeps is slow when it passes and lies when it fails",
    ];
    assert_eq!(found(tidy::tests::check, &files), expected);
}

#[test]
fn crates_open_with_what_they_are() {
    let good =
        "//! A thing.\n//! **Not here:** rules.\n//! **Invariants:** none.\n//! **Start reading** at `x`.\n";
    let files = [("crates/a/src/lib.rs", good), ("crates/b/src/lib.rs", "//! A thing that never fails.\n")];
    let expected =
        ["crates/b/src/lib.rs:1 the crate's opening does not say its invariants, where to start reading"];
    assert_eq!(found(tidy::opening::check, &files), expected);
}

#[test]
fn links_that_lead_nowhere_are_found() {
    let page = "[a](../README.md) [b](b.md#the-life-of-a-ticket) [c](b.md#none) [d](gone.md)\n\
                `[e](code.md)` [f](https://example.com/x) [g](../../x.md) [h](#top-工单)\n# Top 工单\n\
                ```\n[i](fenced.md)\n```\n![p](pictures/p.png)\n";
    let files = [
        ("README.md", ""),
        ("docs/a.md", page),
        ("docs/b.md", "## The life of a ticket\n"),
        ("docs/pictures/p.png", ""),
    ];
    let expected = [
        "docs/a.md:1 `gone.md` does not exist",
        "docs/a.md:1 docs/b.md has no heading #none",
        "docs/a.md:2 `../../x.md` leads out of the project",
    ];
    assert_eq!(found(tidy::links::check, &files), expected);
}

#[test]
fn decision_records_are_numbered_and_listed() {
    let files = [
        ("docs/decisions/README.md", "[1](0001-a.md) [3](0003-c.md)\n"),
        ("docs/decisions/0001-a.md", "# A\n"),
        ("docs/decisions/0003-c.md", "C\n"),
        ("docs/decisions/0004-d.md", "# D\n"),
    ];
    let expected = [
        "docs/decisions/0003-c.md:1 the record before it makes this number 0002",
        "docs/decisions/0003-c.md:1 the record has no title",
        "docs/decisions/0004-d.md:1 docs/decisions/README.md does not list it",
    ];
    assert_eq!(found(tidy::decisions::check, &files), expected);
}

#[test]
fn words_missing_from_the_glossary_are_found() {
    let words = "    Kind {\n        /// A question.\n        Consultation = \"consultation\", \"咨询\", \"Consultation\";\n        \
                 Repair = \"repair\", \"报修\", \"Repair\";\n        Praise = \"praise\", \"表扬\", \"Praise\";\n    }\n";
    let commands = "    Take = \"take\";\n    Reply {\n        body: Words,\n    } = \"reply\";\n";
    let glossary =
        "| `consultation` | 咨询 | A question. |\n| `repair` | 维修 | Broken. |\n| `take` | 认领 | x |\n";
    let files = [
        ("docs/glossary.md", glossary),
        ("crates/commitment/src/vocabulary.rs", words),
        ("crates/core/src/ticket/command.rs", commands),
    ];
    let expected = [
        "crates/commitment/src/vocabulary.rs:4 docs/glossary.md has another Chinese label for `repair`",
        "crates/commitment/src/vocabulary.rs:5 docs/glossary.md does not have `praise`",
        "crates/core/src/ticket/command.rs:4 docs/glossary.md does not have `reply`",
    ];
    assert_eq!(found(tidy::glossary::check, &files), expected);
}

#[test]
fn readmes_tell_the_same_commands() {
    let english = "Run:\n```sh\n# start\ncargo x\n# => ok\n```\n```sh\na\n```\n";
    let same = "运行：\n```sh\n# 启动\ncargo x\n# => ok\n```\n```sh\na\n```\n";
    let other = "运行：\n```sh\ncargo y\n# => ok\n```\n";
    assert!(found(tidy::readmes::check, &[("README.md", english), ("README.zh.md", same)]).is_empty());
    let expected = [
        "README.zh.md:1 README.md has 2 blocks of commands, README.zh.md 1",
        "README.zh.md:3 other commands than in README.md line 3",
    ];
    assert_eq!(found(tidy::readmes::check, &[("README.md", english), ("README.zh.md", other)]), expected);
}

#[test]
fn crate_edges_follow_the_map() {
    let map = "| crate | what | may use | never |\n|---|---|---|---|\n\
               | `calendar` | hours | `jiff` | `tokio` |\n| `core` | rules | `calendar` | `serde` |\n\
               | `server` | all | everything | |\n| `gone` | x | | |\n";
    let package = |name: &str, uses: &[&str]| Package {
        name: name.to_owned(),
        uses: uses.iter().map(|used| (*used).to_owned()).collect(),
    };
    let packages = [
        package("yinuo-calendar", &["jiff", "tokio", "yinuo-core"]),
        package("yinuo-core", &["yinuo-calendar", "thiserror"]),
        package("yinuo-server", &["yinuo-core", "anyhow"]),
        package("yinuo-new", &[]),
    ];
    let mut found: Vec<String> = tidy::crates::check(&Tree::of(&[("ARCHITECTURE.md", map)]), &packages)
        .into_iter()
        .map(|finding| format!("{}:{} {}", finding.path, finding.line, finding.what))
        .collect();
    found.sort();
    let expected = [
        "ARCHITECTURE.md:6 there is no crate `gone`",
        "crates/calendar/Cargo.toml:1 `calendar` uses `tokio`, which its row in ARCHITECTURE.md line 3 forbids",
        "crates/calendar/Cargo.toml:1 `calendar` uses `yinuo-core`, which its row in ARCHITECTURE.md line 3 does not list",
        "crates/new/Cargo.toml:1 the table of ARCHITECTURE.md does not know `new`",
    ];
    assert_eq!(found, expected);
}
