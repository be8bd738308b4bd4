//! Commands that only read files: check, explain, letter, config.

use crate::support::{House, LETTER};

/// The letters that ship, as paths from this crate.
const RESPONSE_TIME: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/commitments/response-time.toml");
const COMPLAINTS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/commitments/hotline-complaints.toml");

/// A letter with three slips of the pen: a key, a calendar, a budget.
fn slips(house: &House) -> String {
    let bad = LETTER.replacen("within = \"2 s\"", "withn = \"2 s\"", 1);
    let bad = bad.replacen("on     = \"always\"", "on     = \"allways\"", 1);
    house.write(
        "bad.toml",
        bad.replacen("\"1 h\"\non     = \"always\"", "\"1 hour or so\"\non     = \"always\"", 1),
    )
}

#[test]
fn a_sound_letter_passes() {
    let house = House::new();
    let good = house.write("good.toml", LETTER);
    let checked = house.yinuo(&["check", &good]).good();
    assert_eq!(checked.out, "1 file(s): 0 error(s), 0 warning(s)\n");
    assert!(!house.data().exists(), "a check touches no data");
}

#[test]
fn slips_are_shown_where_they_are_in_both_languages() {
    let house = House::new();
    let bad = slips(&house);
    for language in ["zh", "en"] {
        let checked = house.yinuo(&["--lang", language, "check", &bad]);
        assert_eq!(checked.code, Some(1));
        let shown = house.without_folder(&format!("{}\n{}", checked.err, checked.out));
        insta::assert_snapshot!(format!("check_slips_{language}"), shown);
    }
}

#[test]
fn a_warning_fails_a_strict_check_only() {
    let house = House::new();
    assert!(house.yinuo(&["check", RESPONSE_TIME]).good().err.contains("warning[holidays-unpublished]"));
    house.yinuo(&["check", "--strict", RESPONSE_TIME]).refused();
}

#[test]
fn both_letters_together_leave_no_gap() {
    let house = House::new();
    let table = house.yinuo(&["check", "--coverage", RESPONSE_TIME, COMPLAINTS]).good().out;
    assert!(table.contains("No gaps."), "{table}");
    let table = house.yinuo(&["--lang", "zh", "check", "--coverage", RESPONSE_TIME, COMPLAINTS]).good().out;
    assert!(table.contains("咨询") && table.contains("2 个文件"), "{table}");
}

#[test]
fn a_file_that_is_no_text_is_refused_with_the_place() {
    let house = House::new();
    let latin = house.write("latin.toml", b"title = \"caf\xe9\"");
    let said = house.yinuo(&["check", &latin]).refused();
    assert!(said.contains("is not UTF-8 at byte 12: save it as UTF-8"), "{said}");
    let said = house.yinuo(&["check", "nowhere.toml"]).refused();
    assert!(said.contains("cannot read nowhere.toml"), "{said}");
}

#[test]
fn a_due_instant_across_the_national_holidays_is_derived_step_by_step() {
    let house = House::new();
    let start = ["--start", "2026-09-30T17:50:00+08:00"];
    let run = |language, file, promise, more: &[&str]| {
        let args = [&["--lang", language, "explain", file, promise], &start[..], more].concat();
        house.yinuo(&args).good().out
    };
    insta::assert_snapshot!("explain_minutes_zh", run("zh", RESPONSE_TIME, "online-first-reply", &[]));
    insta::assert_snapshot!("explain_minutes_en", run("en", RESPONSE_TIME, "online-first-reply", &[]));
    insta::assert_snapshot!(
        "explain_workdays_en",
        run("en", RESPONSE_TIME, "complaint-solution-complex", &[])
    );
    let pause = ["--pause", "2026-10-08T09:01:00+08:00/2026-10-08T10:01:00+08:00"];
    insta::assert_snapshot!("explain_paused_zh", run("zh", RESPONSE_TIME, "online-first-reply", &pause));
}

#[test]
fn what_cannot_be_explained_is_said() {
    let house = House::new();
    let start = ["--start", "2026-09-30T17:50:00+08:00"];
    let run = |promise: &str, more: &[&str]| {
        house.yinuo(&[&["explain", RESPONSE_TIME, promise], &start[..], more].concat()).refused()
    };
    let said = run("first-rply", &[]);
    assert!(said.contains("there is no promise `first-rply`; the letter has: online-first-reply"), "{said}");
    assert!(run("phone-pick-up", &[]).contains("does not count on a calendar"));
    assert!(run("online-first-reply", &["--pause", "noon"]).contains("a pause is FROM/TO"));
    // A clock that stands still for good has no due instant.
    let args = [
        "explain",
        RESPONSE_TIME,
        "online-first-reply",
        "--start",
        start[1],
        "--pause",
        "2026-09-30T09:00:00Z/",
    ];
    let open = house.yinuo(&args);
    assert_eq!(open.code, Some(1));
    assert!(open.out.contains("no due instant"), "{}", open.out);
}

#[test]
fn a_letter_with_errors_is_neither_rendered_nor_explained() {
    let house = House::new();
    let bad = slips(&house);
    let said = house.yinuo(&["letter", &bad]).refused();
    assert!(said.contains("error[") && said.contains("has errors"), "{said}");
    let said = house.yinuo(&["explain", &bad, "first-reply", "--start", "2026-09-30T09:50:00Z"]).refused();
    assert!(said.contains("has errors"), "{said}");
}

#[test]
fn the_letter_is_rendered_in_both_languages_and_formats() {
    let house = House::new();
    let letter = |language, format| {
        house.yinuo(&["--lang", language, "letter", COMPLAINTS, "--format", format]).good().out
    };
    let zh = letter("zh", "markdown");
    assert!(zh.starts_with("# ") && zh.contains("示例科技有限公司"), "{zh}");
    let en = letter("en", "markdown");
    assert!(en.starts_with("# ") && en.contains("Example Technology Ltd."), "{en}");
    for (language, name) in [("zh", "示例科技有限公司"), ("en", "Example Technology Ltd.")] {
        let html = letter(language, "html");
        assert!(html.contains("<h1") && html.contains(name), "{html}");
        assert!(!html.contains("<script"), "{html}");
    }
}

#[test]
fn the_configuration_is_checked_and_shown_without_its_secret() {
    let house = House::new();
    let config = house
        .write("yinuo.toml", "[server]\nmetrics-token = \"0123456789abcdef\"\n[log]\nformat = \"json\"\n");
    assert_eq!(
        house.yinuo(&["--config", &config, "config", "check"]).good().out,
        "the configuration is sound\n"
    );
    let shown = house.yinuo(&["--config", &config, "config", "show"]).good().out;
    assert!(!shown.contains("0123456789abcdef"), "{shown}");
    insta::assert_snapshot!("config_show", house.without_folder(&shown));
    insta::assert_snapshot!("config_variables", house.yinuo(&["config", "variables"]).good().out);
}

#[test]
fn the_environment_wins_over_the_file_and_names_itself_when_it_is_wrong() {
    let house = House::new();
    let shown = house.yinuo_with(("YINUO_LISTEN", "127.0.0.1:9"), &["config", "show"]).good().out;
    assert!(shown.contains("listen = \"127.0.0.1:9\""), "{shown}");
    let said = house.yinuo_with(("YINUO_LISTEN", "here"), &["config", "check"]).refused();
    assert!(said.contains("in the environment variable YINUO_LISTEN"), "{said}");
    assert!(said.contains("`here` does not fit; expected IP:PORT"), "{said}");
}

#[test]
fn a_bad_configuration_is_refused_by_every_command_with_file_and_key() {
    let house = House::new();
    let refused = |text: &str, command: &[&str]| {
        let config = house.write("bad.toml", text);
        let said = house.yinuo(&[&["--config", &config], command].concat()).refused();
        assert!(said.contains("bad.toml") || said.contains('.'), "{said}");
        said
    };
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let said = refused("[server]\nport = 80\n", &serve);
    assert!(said.contains("bad.toml") && said.contains("port") && said.contains("listen"), "{said}");
    let said = refused("[server]\nlisten = \"here\"\n", &["config", "check"]);
    assert!(said.contains("bad.toml") && said.contains("listen"), "{said}");
    let said = refused("[organisation]\nzone = \"Asia/Pekin\"\n", &serve);
    assert!(said.contains("organisation.zone: `Asia/Pekin` is no IANA zone"), "{said}");
    let said = refused("[organisation]\nid = \"Bad Name\"\n", &serve);
    assert!(said.contains("organisation.id"), "{said}");
    let said = refused("[log]\nlevel = \"info,=\"\n", &serve);
    assert!(said.contains("log.level"), "{said}");
    let said = refused("[server]\nmetrics-token = \"short\"\n", &["config", "check"]);
    assert!(said.contains("server.metrics-token") && said.contains("16"), "{said}");
    let said = refused("[holidays]\nown = \"nowhere.txt\"\n", &["config", "check"]);
    assert!(said.contains("the holiday table own (nowhere.txt)"), "{said}");
    let said = house.yinuo(&["--config", "nowhere.toml", "config", "check"]).refused();
    assert!(said.contains("cannot read the configuration file nowhere.toml"), "{said}");
    assert!(!house.data().exists(), "nothing was made");
}
