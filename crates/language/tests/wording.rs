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

fn value(variable: Variable, language: Language) -> &'static str {
    let (zh, en) = match variable {
        Variable::Number => ("TS-20261121-0007", "TS-20261121-0007"),
        Variable::Code => ("K7QW22PM", "K7QW22PM"),
        Variable::Due | Variable::Arrival => ("11月24日18:00", "24 November, 18:00"),
        Variable::Agent => ("小周", "Zhou"),
        Variable::Customer => ("客户", "customer"),
        Variable::Company => ("一诺家电", "Yinuo Home"),
        Variable::Engineer => ("周强", "Zhou Qiang"),
        Variable::Hotline => ("400-820-1234", "400-820-1234"),
        Variable::Product => ("空调", "air conditioner"),
        Variable::Answer => ("滤网每三个月清洗一次。", "clean the filter every three months."),
        Variable::Cause => ("台风", "a typhoon."),
        Variable::Finding => ("室外机电容损坏。", "the capacitor of the outdoor unit is broken."),
        Variable::Measure => ("已更换电容并检测制冷。", "the capacitor is replaced and the cooling tested."),
        Variable::Plan => ("更换电容。", "we replace the capacitor."),
        Variable::Severity => ("严重", "severe"),
        Variable::Progress => ("已完成现场核实。", "the check on site is done."),
        Variable::Amount => ("120", "120"),
        Variable::Term => ("3.2", "3.2"),
        Variable::Alternative => ("电话指导临时恢复供电。", "the manufacturer's own desk"),
    };
    if language == Language::Zh { zh } else { en }
}

#[test]
fn standard_phrases_pass_the_check() {
    let shipped = phrases::shipped();
    assert!(shipped.len() >= 40, "{}", shipped.len());
    let leave = own();
    let mut wrong = String::new();
    for phrase in shipped {
        let kinds = if phrase.kinds.is_empty() { Kind::ALL } else { &phrase.kinds };
        for (kind, language) in kinds.iter().flat_map(|kind| [(*kind, Language::Zh), (*kind, Language::En)]) {
            let values: Vec<(Variable, &str)> =
                Variable::ALL.iter().map(|variable| (*variable, value(*variable, language))).collect();
            let text = phrases::render(phrase, language, &values).unwrap();
            let mut facts = Facts::of(phrase.step, kind, &leave);
            facts.urgent = phrase.id.starts_with("urgent");
            facts.staff = &["周强", "小周", "Zhou Qiang"];
            for remark in check(&text, &facts) {
                let _ = writeln!(
                    wrong,
                    "  [{}] {} {:?}: {text}",
                    phrase.id,
                    remark.code.word(),
                    &text[remark.span.clone()]
                );
            }
            assert_eq!(yinuo_language::language_of(&text), language, "{text}");
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
