//! What is remarked on drafts, as a table; and the standard phrases, which pass the check themselves.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write as _;

use proptest::prelude::*;
use yinuo_commitment::{Content, Kind, Language};
use yinuo_language::{
    personal::{Known, Leave, Sort},
    wording::{
        self, Facts, Severity, Step, check,
        phrases::{self, Variable},
    },
};

fn own() -> Leave {
    Leave::own(["010-65001234", "service@yinuo.example"])
}

const CUSTOMER: &[Known<'static>] = &[
    Known { sort: Sort::Name, value: "王丽" },
    Known { sort: Sort::Mobile, value: "13800131234" },
    Known { sort: Sort::Address, value: "上海市浦东新区张杨路500号1201室" },
    Known { sort: Sort::Name, value: "John Smith" },
];

/// `step kind flags | draft => codes`; flags: U urgent, F first reply, - none.
fn row(line: &str) -> (String, Vec<String>, Vec<String>) {
    let (head, rest) = line.split_once(" | ").unwrap_or_else(|| panic!("step kind flags | draft: {line}"));
    let (draft, wanted) = rest.rsplit_once(" =>").unwrap_or_else(|| panic!("no => in {line}"));
    let head: Vec<&str> = head.split_whitespace().collect();
    let [step, kind, flags] = *head else { panic!("three words: {line}") };
    let leave = own();
    let mut facts = Facts::of(
        Step::from_word(step).unwrap_or_else(|| panic!("{step}")),
        Kind::from_word(kind).unwrap(),
        &leave,
    );
    facts.urgent = flags.contains('U');
    facts.first = flags.contains('F');
    facts.customer = CUSTOMER;
    facts.staff = &["周强"];
    let draft = draft.replace("\\n", "\n");
    let remarks = check(&draft, &facts);
    for remark in &remarks {
        assert!(draft.get(remark.span.clone()).is_some(), "{remark:?}");
        assert!(!remark.explanation.zh.is_empty() && !remark.explanation.en.is_empty(), "{remark:?}");
        assert!(!remark.explanation.en.contains("{word}"), "{remark:?}");
    }
    let block = |severity: Severity| if severity == Severity::Required { "!" } else { "" };
    let mut got: Vec<String> =
        remarks.iter().map(|remark| format!("{}{}", remark.code.word(), block(remark.severity))).collect();
    got.dedup();
    (draft, wanted.split_whitespace().map(str::to_owned).collect(), got)
}

#[test]
fn drafts_get_the_remarks_of_the_table() {
    let lines: Vec<&str> = include_str!("wording.txt")
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .collect();
    assert!(lines.len() >= 150, "{} drafts", lines.len());
    let mut wrong = String::new();
    for line in lines {
        let (draft, wanted, got) = row(line);
        if wanted != got {
            let _ = writeln!(wrong, "  {draft}\n    want {wanted:?}\n    got  {got:?}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn remarks_say_where_why_and_what_instead() {
    let leave = own();
    let draft = "您好，我们会尽快处理。";
    let remarks = check(draft, &Facts::of(Step::ProposeSolution, Kind::Complaint, &leave));
    assert_eq!(remarks.len(), 2, "{remarks:?}");
    assert_eq!(&draft[remarks[0].span.clone()], "尽快");
    assert_eq!((remarks[0].severity, remarks[0].code.word()), (Severity::Style, "vague"));
    assert!(remarks[0].explanation.zh.contains("尽快") && remarks[0].suggestion.is_some());
    assert_eq!(
        (remarks[1].span.clone(), remarks[1].severity),
        (draft.len()..draft.len(), Severity::Required)
    );
    assert!(wording::blocks(&remarks) && !wording::blocks(&remarks[..1]));
}

#[test]
fn what_a_letter_requires_is_asked_for_besides() {
    let leave = own();
    let mut facts = Facts::of(Step::Reply, Kind::Consultation, &leave);
    let words = |facts: &Facts<'_>| -> Vec<&str> {
        check("您好，请查收附件。", facts).iter().map(|remark| remark.code.word()).collect()
    };
    assert!(words(&facts).is_empty());
    facts.requires = &[Content::Apology, Content::Plan];
    facts.tells_time = true;
    assert_eq!(words(&facts), ["apology", "plan", "answer-time"]);
}

#[test]
fn what_the_customer_wrote_may_be_repeated() {
    let leave = own();
    let mut facts = Facts::of(Step::Reply, Kind::Repair, &leave);
    let draft = "已记下备用电话15912345678。";
    assert!(wording::blocks(&check(draft, &facts)));
    facts.written = &["我另一个号 159-1234-5678"];
    assert!(check(draft, &facts).is_empty());
}

#[test]
fn what_only_warns_hides_nothing_that_blocks() {
    let leave = own();
    let mut facts = Facts::of(Step::Reply, Kind::Repair, &leave);
    facts.customer = CUSTOMER;
    for (before, last, code) in [
        ("您的13800131234。", "他的15912345678。", "others-data"),
        ("王小明先生。", "他的15912345678。", "others-data"),
        ("也许。", "你是白痴。", "abuse"),
        ("也许！！！！", "{姓名}", "placeholder"),
    ] {
        let remarks = check(&format!("{}{last}", before.repeat(400)), &facts);
        let blocking = remarks.iter().find(|remark| remark.severity == Severity::Required);
        assert_eq!(blocking.map(|remark| remark.code.word()), Some(code), "{before}");
        assert!(remarks.len() <= 500, "{before}: {}", remarks.len());
    }
    assert!(check(&"{a}".repeat(6_000), &facts).len() <= 200, "each remark costs its reader time");
}

#[test]
fn standard_phrases_pass_the_check() {
    let shipped = phrases::shipped();
    assert!(shipped.len() >= 40, "{}", shipped.len());
    let leave = own();
    let mut wrong = String::new();
    for phrase in shipped {
        for flaw in phrase.flaws(&leave) {
            let codes: Vec<&str> = flaw.remarks.iter().map(|remark| remark.code.word()).collect();
            let _ = writeln!(wrong, "  [{}] {codes:?}: {}", phrase.id, flaw.rendered);
        }
        for language in [Language::Zh, Language::En] {
            let samples: Vec<(Variable, &str)> =
                Variable::ALL.iter().map(|variable| (*variable, variable.sample(language))).collect();
            let text = phrases::render(phrase, language, &samples).unwrap();
            assert_eq!(yinuo_language::language_of(&text), language, "{text}");
            // Urgent cases need more; the phrases for them have it.
            let mut facts = Facts::of(phrase.step, Kind::Repair, &leave);
            facts.urgent = phrase.id.starts_with("urgent");
            assert!(!wording::blocks(&check(&text, &facts)), "{text}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    for step in Step::ALL {
        let suited = Kind::ALL.iter().any(|kind| !phrases::suited(shipped, *kind, *step).is_empty());
        assert!(suited, "no phrase for {}", step.word());
    }
}

#[test]
fn a_phrase_says_what_it_still_needs() {
    let phrase = phrases::shipped().iter().find(|phrase| phrase.id == "received").unwrap();
    let missing =
        phrases::render(phrase, Language::Zh, &[(Variable::Number, "1"), (Variable::Code, " ")]).unwrap_err();
    assert_eq!(missing.variables, [Variable::Code]);
    assert_eq!(missing.text().en, "Still to be filled in: query code.");
    let values = [(Variable::Number, "{code}"), (Variable::Code, "K7")];
    let text = phrases::render(phrase, Language::Zh, &values).unwrap();
    assert!(text.contains("工单编号{code}") && text.contains("查询码K7"), "{text}");
}

#[test]
fn bad_phrases_say_where_they_are_wrong() {
    let wrong = |text: &str| phrases::read(text).unwrap_err().to_string();
    let head = "[one]\nkind: any\nstep: reply\ntitle: 一 | One\n";
    assert_eq!(wrong("zh: 你好"), "line 1: a phrase begins with its [name]");
    assert_eq!(wrong("[One]"), "line 1: the name `One` may have small letters, digits and hyphens only");
    assert_eq!(
        wrong("[one]\nkind: wish"),
        "line 2: there is no kind `wish`: write one of the glossary, or `any`"
    );
    assert!(wrong("[one]\nstep: sing").starts_with("line 2: there is no step `sing`: write one of reply, "));
    assert!(
        wrong(&format!("{head}zh: {{nam}}"))
            .starts_with("line 5: there is no variable `nam`: write one of number, ")
    );
    assert_eq!(wrong(&format!("{head}zh: {{due")), "line 5: a brace is not closed, or closes nothing");
    assert_eq!(
        wrong(&format!("{head}zh: {{due}}\nen: soon")),
        "line 1: the two versions of `one` have different variables"
    );
    assert_eq!(wrong(head), "line 1: the phrase `one` lacks `zh`");
    assert_eq!(
        wrong(&format!("{head}zh: 一\nen: one\n[one]")),
        "line 7: the name `one` stands twice: give it another"
    );
    assert_eq!(
        wrong("[one]\ncolour: red"),
        "line 2: there is no key `colour`: write kind, step, title, zh or en"
    );
    assert_eq!(phrases::read(&format!("{head}zh: 一\nen: one")).unwrap().len(), 1);
}

#[test]
fn every_word_comes_back() {
    for step in Step::ALL {
        assert_eq!(Step::from_word(step.word()), Some(*step));
        assert_ne!(step.label(Language::Zh), step.label(Language::En));
    }
    for part in wording::Part::ALL {
        assert_eq!(wording::Part::from_word(part.word()), Some(*part));
    }
    for variable in Variable::ALL {
        assert_eq!(Variable::from_word(variable.word()), Some(*variable));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn any_draft_can_be_checked(draft in prop_oneof![any::<String>(), "(尽快|[A-Z]{2,5} |\\{|姓名|\\}|X|!|？|保证|永不|13812345678|。|明天|18:00){0,12}"]) {
        let leave = own();
        for step in Step::ALL {
            for remark in check(&draft, &Facts::of(*step, Kind::Complaint, &leave)) {
                prop_assert!(draft.get(remark.span).is_some());
            }
        }
    }
}

#[test]
fn a_long_draft_is_checked_in_one_pass() {
    let leave = own();
    let facts = Facts::of(Step::Reply, Kind::Repair, &leave);
    for unit in ["尽快。", "A B ", "{", "X", "保证", "!?", "soon. ", "尽快", "13812345678 ", "保证"]
    {
        let draft = unit.repeat(100_000 / unit.len());
        check(&draft, &facts);
    }
}

#[test]
fn a_phrase_of_ones_own_is_fit_or_says_why_not() {
    let both = |zh: &str, en: &str| yinuo_commitment::Text::new(zh, en);
    let made = |id: &str, step, zh: &str, en: &str| {
        phrases::Phrase::compose(id, vec![], step, &both("一", "One"), &both(zh, en))
    };
    for (id, zh, en, field) in [
        ("", "好。", "Good.", "id"),
        ("Refund", "好。", "Good.", "id"),
        ("a b", "好。", "Good.", "id"),
        ("a", " ", "Good.", "text"),
        ("a", "{due}前好。", "Good.", "text"),
        ("a", "{when}前好。", "Good by {when}.", "text"),
        ("a", "{due 前好。", "Good by {due.", "text"),
    ] {
        let unfit = made(id, Step::Reply, zh, en).unwrap_err();
        assert_eq!(unfit.field, field, "{id} {zh} {en}");
        assert!(!unfit.text.zh.is_empty() && !unfit.text.en.is_empty());
    }
    assert_eq!(made("a", Step::Reply, &"长".repeat(2_001), "x").unwrap_err().field, "text");
    let leave = own();
    let codes = |phrase: &phrases::Phrase| -> Vec<(Language, &'static str, Severity)> {
        let flaws = phrase.flaws(&leave);
        let each = flaws.iter().flat_map(|flaw| flaw.remarks.iter().map(move |one| (flaw.language, one)));
        each.map(|(language, one)| (language, one.code.word(), one.severity)).collect()
    };
    let fine =
        made("a", Step::ProposeSolution, "我们将在{due}前更换。", "We will replace it by {due}.").unwrap();
    assert_eq!(codes(&fine), []);
    let undated = made("a", Step::ProposeSolution, "我们将更换。", "We will replace it.").unwrap();
    let deadline = |language| (language, "deadline", Severity::Required);
    assert_eq!(codes(&undated), [deadline(Language::Zh), deadline(Language::En)]);
    let named = made("a", Step::Reply, "请找李先生。", "Ask for the foreman.").unwrap();
    assert_eq!(
        codes(&named),
        [(Language::Zh, "others-data", Severity::Required)],
        "a phrase is for everybody"
    );
    let vague = made(
        "a",
        Step::Reply,
        "我们会尽快回复。",
        "We will answer by {due}.".replace("{due}", "6 pm").as_str(),
    );
    assert_eq!(codes(&vague.unwrap()), [(Language::Zh, "vague", Severity::Style)]);
}

#[test]
fn what_is_still_to_be_filled_in_is_held_back() {
    let phrase = phrases::shipped().iter().find(|phrase| phrase.id == "received").unwrap();
    let leave = own();
    for (language, label) in [(Language::Zh, "{查询码}"), (Language::En, "{query code}")] {
        let (text, missing) = phrases::filled(phrase, language, &[(Variable::Number, "TS-1")]);
        assert!(text.contains("TS-1") && text.contains(label), "{text}");
        assert_eq!(missing, [Variable::Code]);
        let remarks = check(&text, &Facts::of(Step::Reply, Kind::Repair, &leave));
        assert_eq!(remarks.iter().map(|remark| remark.code.word()).collect::<Vec<_>>(), ["placeholder"]);
    }
}
