//! What people read: letters, coverage, comparisons; and the content hash.

use yinuo_commitment::{
    Commitment,
    ForCustomer::{self, Better, Neutral, Worse},
    Language, Tables, check, check_together, coverage, diff, letter, promise_sentence,
};

const RESPONSE_TIME: &str = include_str!("../../../examples/commitments/response-time.toml");
const HOTLINE: &str = include_str!("../../../examples/commitments/hotline-complaints.toml");

fn commitment(text: &str) -> Commitment {
    let report = check(text, &Tables::shipped());
    report.commitment.unwrap_or_else(|| panic!("{:?}", report.diagnostics))
}

/// The response time letter with one text replaced that stands in it exactly once.
fn changed(from: &str, to: &str) -> Commitment {
    assert_eq!(RESPONSE_TIME.matches(from).count(), 1, "{from:?}");
    commitment(&RESPONSE_TIME.replacen(from, to, 1))
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn letters_as_markdown() {
    for (name, text) in [("response-time", RESPONSE_TIME), ("hotline-complaints", HOTLINE)] {
        let commitment = commitment(text);
        for language in [Language::Zh, Language::En] {
            snapshot(&format!("letter-{name}-{language}"), &letter::markdown(&commitment, language));
        }
    }
}

#[test]
fn letter_as_html() {
    let commitment = commitment(HOTLINE);
    snapshot("letter-hotline-complaints-zh-html", &letter::html(&commitment, Language::Zh));
}

#[test]
fn coverage_tables() {
    let (response_time, hotline) = (commitment(RESPONSE_TIME), commitment(HOTLINE));
    for language in [Language::Zh, Language::En] {
        snapshot(
            &format!("coverage-response-time-{language}"),
            &coverage::table(&[&response_time]).render(language),
        );
        snapshot(
            &format!("coverage-both-{language}"),
            &coverage::table(&[&response_time, &hotline]).render(language),
        );
    }
}

#[test]
fn a_gap_shows_in_the_table() {
    let gappy = changed(
        "when   = { kind = \"repair\", urgency = \"urgent\", site = \"remote\" }",
        "when   = { kind = \"repair\", urgency = \"urgent\", site = \"remote\", topic = [\"pump\", \"valve\"] }",
    );
    let table = coverage::table(&[&gappy]);
    let gaps: Vec<String> = table.gaps().map(|row| row.case.words(Language::En)).collect();
    assert_eq!(
        gaps,
        [
            "repair · urgent · remote · other topics · web, chat, app, e-mail or API",
            "repair · urgent · remote · other topics · phone"
        ]
    );
    snapshot("coverage-with-gaps-en", &table.render(Language::En));
}

#[test]
fn letters_differ_for_the_same_case() {
    let (response_time, hotline) = (commitment(RESPONSE_TIME), commitment(HOTLINE));
    let differences = check_together(&[&response_time, &hotline]);
    let lines: Vec<&str> =
        differences.iter().flat_map(|found| [found.text.zh.as_str(), &found.text.en]).collect();
    snapshot("together", &lines.join("\n"));
    assert!(check_together(&[&response_time]).is_empty());
    assert!(check_together(&[&response_time, &response_time]).is_empty());
}

#[test]
fn texts_cannot_become_markup() {
    let nasty = changed(
        "id     = \"S-3\"\ninside = false\ntext   = { zh = \"与产品和服务无关的商业推广。\", en = \"Advertising unrelated to our products and services.\" }",
        "id     = \"S-3<b>\"\ninside = false\ntext   = { zh = \"<script>alert(1)</script> & \\\"x\\\"\", en = \"*bold* [link](http://x) <i>\" }",
    );
    let html = letter::html(&nasty, Language::Zh);
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;"), "{html}");
    assert!(!html.contains("<script"), "{html}");
    assert!(html.contains("<li id=\"S-3&lt;b&gt;\">"), "{html}");
    let markdown = letter::markdown(&nasty, Language::En);
    assert!(markdown.contains(r"\*bold\* \[link\](http://x) \<i\>"), "{markdown}");
}

#[test]
fn own_text_and_exact_terms_stand_together() {
    let commitment = commitment(RESPONSE_TIME);
    let promise = commitment.promise("urgent-onsite-local").expect("the promise");
    assert_eq!(
        promise_sentence(promise, &commitment, Language::Zh),
        "报修（紧急，本地）：自收到您的请求起，我们在 2 小时内安排工程师到达现场。不可抗力除外，但须留存证明材料、及时告知您和提供替代方案，否则不算除外。"
    );
    assert_eq!(
        promise_sentence(promise, &commitment, Language::En),
        "Repair (urgent, local): we have an engineer on your site within 2 hours after we receive your request. Force majeure is excepted, but only where we record the evidence, tell you in time and offer you an alternative."
    );
    let promise = commitment.promise("online-first-reply").expect("the promise");
    assert_ne!(
        promise_sentence(promise, &commitment, Language::En),
        letter::exact_sentence(promise, &commitment, Language::En)
    );
}

/// A text of the letter, what it becomes, what that means for the customer, and the change in words.
type Edit = (&'static str, &'static str, ForCustomer, &'static str);

const EDITS: &[Edit] = &[
    (
        "within = \"15 min\"",
        "within = \"10 min\"",
        Better,
        "First reply to an online consultation: the time was 15 minutes of working time and is 10 minutes of working time",
    ),
    (
        "within = \"15 min\"",
        "within = \"20 min\"",
        Worse,
        "First reply to an online consultation: the time was 15 minutes of working time and is 20 minutes of working time",
    ),
    (
        "within   = \"2 h\"\non       = \"office\"",
        "within   = \"2 h\"\non       = \"always\"",
        Better,
        "First reply to a complaint: the time was 2 hours of working time and is 2 hours",
    ),
    (
        "within = \"7 workdays\"",
        "within = \"9 workdays\"",
        Worse,
        "Final solution of a complex complaint: the time was 7 working days and is 9 working days",
    ),
    (
        "within = \"7 workdays\"",
        "within = \"90 h\"",
        Neutral,
        "Final solution of a complex complaint: the time was 7 working days and is 90 hours of working time",
    ),
    (
        "requires = [\"severity\", \"plan\"]",
        "requires = [\"plan\"]",
        Worse,
        "Contact about an urgent repair: no longer a content that the reply states: severity",
    ),
    (
        "pause  = [\"waiting-for-customer\", \"mediation\"]\n",
        "",
        Better,
        "Final solution of a complex complaint: no longer a reason to stand still: waiting for the customer and third-party mediation",
    ),
    ("automatic = true\n", "", Better, "Thanks for praise: an automatic answer no longer counts"),
    ("standard = \"90 %\"", "standard = \"85 %\"", Worse, "the satisfaction standard was 90 % and is 85 %"),
    (
        "per-person-per-day = 30",
        "per-person-per-day = 25",
        Better,
        "the daily limit per person was 30 and is 25",
    ),
    (
        "remedy-within = \"3 workdays\"",
        "remedy-within = \"2 workdays\"",
        Better,
        "the remedy for a minor breach was due in 3 working days and is due in 2 working days",
    ),
    (
        "inside = true",
        "inside = false",
        Worse,
        "the term of scope S-1 is now outside: Products that we sell and services under contract with us, and every question, fault, complaint, suggestion or praise about them.",
    ),
    (
        "times    = 2\n",
        "times    = 3\n",
        Better,
        "the duty was “Maintenance and upgrade of the service system: at least 2 times a year, with the evidence on record.” and is “Maintenance and upgrade of the service system: at least 3 times a year, with the evidence on record.”",
    ),
];

/// What a new version changes, in words, and what that means for the customer.
#[test]
fn changes_in_words() {
    let old = commitment(RESPONSE_TIME);
    for (from, to, for_customer, text) in EDITS.iter().copied() {
        let changes = diff(&old, &changed(from, to));
        let found: Vec<_> =
            changes.iter().map(|change| (change.for_customer, change.text.en.as_str())).collect();
        assert_eq!(found, [(for_customer, text)], "{from} → {to}");
        assert!(changes.iter().all(|change| !change.text.zh.is_ascii()));
    }
    assert!(diff(&old, &old).is_empty());
}

#[test]
fn added_and_removed_promises() {
    let old = commitment(RESPONSE_TIME);
    let praise =
        RESPONSE_TIME.find("[[promise]]\nid        = \"praise-first-reply\"").expect("the praise promise");
    let end = praise + RESPONSE_TIME[praise..].find("# ---").expect("the end");
    let shorter = commitment(&format!("{}{}", &RESPONSE_TIME[..praise], &RESPONSE_TIME[end..]));
    let gone = diff(&old, &shorter);
    assert_eq!(gone.len(), 1);
    assert_eq!(gone[0].for_customer, ForCustomer::Worse);
    assert_eq!(gone[0].text.zh, "取消承诺：表扬：自收到您的请求起，我们在 2 个工作日内首次回应您。");
    let new = diff(&shorter, &old);
    assert_eq!((new.len(), new[0].for_customer), (1, ForCustomer::Better));
}

#[test]
fn hash_is_of_text_and_used_tables() {
    let hash = |text: &str, tables: &Tables| check(text, tables).commitment.expect("sound").hash;
    let shipped = Tables::shipped();
    let first = hash(RESPONSE_TIME, &shipped);
    assert_eq!(first, hash(RESPONSE_TIME, &shipped));
    assert_ne!(first, hash(HOTLINE, &shipped));
    assert_ne!(first, hash(&format!("{RESPONSE_TIME}\n"), &shipped), "the published bytes count");

    let mut unused = shipped.clone();
    unused.add("factory", "2026 official\n").expect("a table");
    assert_eq!(first, hash(RESPONSE_TIME, &unused), "a table that no calendar names does not count");

    let mut other = shipped.clone();
    other.add("china", "2026 official\noff 2026-10-01 国庆节\n").expect("a table");
    let second = hash(RESPONSE_TIME, &other);
    assert_ne!(first, second, "a used table counts");
    other.add("china", "# laid out otherwise\n\n2026 official\n  off 2026-10-01 国庆节\n").ok();
    assert_eq!(second, hash(RESPONSE_TIME, &other), "its layout does not");

    let text = first.to_string();
    assert_eq!(text.len(), 64);
    assert_eq!(text.parse().ok(), Some(first));
}

/// The page about the language names every key that the reader knows: a key that nobody knows makes it list them.
#[test]
fn the_page_names_every_key() {
    const PAGE: &str = include_str!("../../../examples/commitments/README.md");
    let mut lists = 0;
    for letter in [RESPONSE_TIME, HOTLINE] {
        for (at, _) in letter.match_indices("\n[") {
            let header_end = at + 1 + letter[at + 1..].find('\n').unwrap_or(0);
            let text = format!("{}\nqqqqqq = 1{}", &letter[..header_end], &letter[header_end..]);
            for finding in check(&text, &Tables::shipped()).diagnostics {
                let help = finding.help.filter(|_| finding.code == "unknown-key").map(|help| help.en);
                let Some(keys) = help.as_deref().and_then(|help| help.strip_prefix("known keys: ")) else {
                    continue;
                };
                lists += 1;
                for key in keys.split(", ").filter(|key| !["zh", "en"].contains(key)) {
                    assert!(
                        PAGE.contains(&format!("`{key}"))
                            || PAGE.contains(&format!("[{key}"))
                            || PAGE.contains(&format!(".{key}]"))
                            || PAGE.contains(&format!("{key} =")),
                        "{key}"
                    );
                }
            }
        }
    }
    assert!(lists > 50, "only {lists} sections");
}
