//! Rules of an organisation: what they mean, and what is said about wrong ones.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use yinuo_commitment::{Kind, Language, Urgency};
use yinuo_language::{Classifier, Given, Rules, Sentiment, Source};

const RULES: &str = r#"
# What our customers mean.
rule "停电"
when text has any of 停电, 断电, "power cut"
unless text has any of 演练, drill*
then kind = repair, urgency = urgent, topic = electricity
example "小区又停电了"
example "There is a power cut in our street"
counterexample "停电演练几点开始？"
counterexample "power cut drills at nine"

rule 会员日
when subject has any of 会员日
and text has all of 积分, 兑换
then kind = consultation, technical = no, topic = none, sentiment = neutral
"#;

fn classify(subject: &str, body: &str) -> yinuo_language::Classification {
    let classifier = Classifier::new(Rules::read(RULES).unwrap(), Classifier::shipped().model().cloned());
    classifier.classify(&Given { subject, body, ..Given::default() })
}

#[test]
fn a_rule_stands_above_lists_and_model_and_says_so() {
    let said = classify("", "我要投诉，停電三次了");
    assert_eq!(said.facets.kind, Kind::Repair);
    assert_eq!(said.facets.urgency, Urgency::Urgent);
    assert_eq!(said.facets.topic.as_deref(), Some("electricity"));
    assert_eq!(said.kind.source, Source::Rule("停电".to_owned()));
    assert_eq!(said.kind.words, ["停电"]);
    assert!(said.kind.sure);
    assert!(said.why.starts_with("类型：报修（规则「停电」）"), "{}", said.why);
    // What it does not speak about is answered by the other layers.
    assert_ne!(said.severity.source, Source::Rule("停电".to_owned()));
}

#[test]
fn what_is_stated_stands_above_a_rule() {
    let classifier = Classifier::new(Rules::read(RULES).unwrap(), None);
    let given = Given { body: "停电了", kind: Some(Kind::Consultation), ..Given::default() };
    let said = classifier.classify(&given);
    assert_eq!(said.facets.kind, Kind::Consultation);
    assert_eq!(said.facets.urgency, Urgency::Urgent);
}

#[test]
fn conditions_look_where_they_say() {
    let said = classify("会员日活动", "积分怎么兑换不了，你们骗人");
    assert_eq!(said.facets.kind, Kind::Consultation);
    assert_eq!(said.facets.topic, None);
    assert_eq!(said.sentiment.value, Sentiment::Neutral);
    let rules = Rules::read(RULES).unwrap();
    assert_eq!(rules.len(), 2);
    assert_eq!(rules.fitting("", "会员日 积分 兑换"), Vec::<&str>::new(), "the subject does not say it");
    assert_eq!(rules.fitting("会员日", "积分"), Vec::<&str>::new(), "all of them have to stand there");
    assert_eq!(rules.fitting("", "停电演练"), Vec::<&str>::new());
    assert_eq!(rules.fitting("", "a power cutter"), Vec::<&str>::new(), "Latin words are whole words");
}

#[test]
fn the_first_rule_that_fits_decides() {
    let rules = "rule a\nwhen text has any of 停电\nthen kind = complaint\nrule b\nwhen text has any of 停\nthen kind = \
                 praise, urgency = urgent";
    let classifier = Classifier::new(Rules::read(rules).unwrap(), None);
    let said = classifier.classify(&Given { body: "停电", ..Given::default() });
    assert_eq!((said.facets.kind, said.facets.urgency), (Kind::Complaint, Urgency::Urgent));
}

/// What is wrong in rules, as people read it.
fn wrong(rules: &str) -> String {
    let errors = Rules::read(rules).unwrap_err();
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn wrong_rules_are_told_with_place_and_remedy() {
    let rule = |line: &str| wrong(&format!("rule a\nwhen text has any of 停电\n{line}\nthen kind = repair"));
    for (found, expected) in [
        (
            wrong("when text has any of 停电"),
            "line 1, column 1: `when` stands before any rule; begin with `rule",
        ),
        (wrong("rule"), "line 1, column 5: the rule has no name"),
        (rule("wen text has any of x"), "line 3, column 1: `wen` is not expected here; write `rule`, `when`"),
        (rule("and text contains x"), "line 3, column 10: `contains` is not expected here; write `has`"),
        (
            rule("and text has some of x"),
            "line 3, column 14: `some` is not expected here; write `any`, `all`",
        ),
        (rule("and text has any of 甲,,乙"), "line 3, column 23: a word is missing"),
        (rule("and text has any of \"甲"), "line 3, column 21: the quotation does not end"),
        (rule("  then kind = wish"), "line 3, column 15: `wish` is no kind; write `consultation`, `repair`"),
        (rule("then urgency urgent"), "line 3, column 14: `=` is missing; write `urgency = …`"),
        (rule("then mood = bad"), "line 3, column 6: `mood` is not expected here; write `kind`"),
        (rule("then kind = praise"), "line 4, column 6: the rule already says a kind; say it once"),
        (rule("example 停电"), "line 3, column 9: a quotation mark is missing"),
        (wrong("rule a\nthen kind = repair"), "line 1, column 1: rule `a` does not say when it fits"),
        (wrong("rule a\nunless text has any of x\nthen kind = repair"), "does not say when it fits"),
        (wrong("rule a\nwhen text has any of x"), "rule `a` does not say what follows"),
        (
            wrong("rule a\nwhen text has any of x\nthen kind = repair\nrule a"),
            "line 4, column 6: there is already a rule `a`",
        ),
    ] {
        assert!(found.contains(expected), "{found}\n  instead of\n{expected}");
    }
}

#[test]
fn what_is_wrong_is_told_in_chinese_too() {
    let errors =
        Rules::read("rule 停电\nwhen text has any of 停电\nand text has\nthen kind = wish").unwrap_err();
    let told: Vec<String> = errors.iter().map(|error| error.text(Language::Zh)).collect();
    assert_eq!(
        told,
        [
            "第 3 行第 13 列：这一行没有写完；请写 `any`, `all`",
            "第 4 行第 13 列：`wish` 不是 kind 的取值；请写 `consultation`, `repair`, `complaint`, `suggestion`, `praise`",
            "第 1 行第 1 列：规则 `停电` 没有写明结果；请写 `then kind = …`",
        ]
    );
}

#[test]
fn an_example_that_does_not_hold_is_an_error() {
    let rules = |end: &str| format!("rule a\nwhen text has any of 停电\nthen kind = repair\n{end}");
    assert!(Rules::read(&rules("example \"停电了\"")).is_ok());
    let found = wrong(&rules("example \"没有水\""));
    assert!(found.contains("line 4, column 1: rule `a` does not fit its example"), "{found}");
    let found = wrong(&rules("counterexample \"停电了\""));
    assert!(found.contains("rule `a` fits its counterexample; add `unless …`"), "{found}");
    let found = wrong(
        "rule a\nwhen text has any of 停\nthen kind = praise\nrule b\nwhen text has any of 停电\nthen kind = repair\n\
         example \"停电了\"",
    );
    assert!(found.contains("rule `a` stands before and says something else about this example"), "{found}");
}

#[test]
fn all_errors_are_told_at_once_and_bad_input_does_no_harm() {
    let errors = Rules::read("rule a\nwhen\nthen kind = x\n???").unwrap_err();
    assert!(errors.len() >= 4, "{errors:#?}");
    assert!(Rules::read("").unwrap().is_empty());
    assert!(Rules::read(&"x".repeat(2 << 20)).unwrap_err()[0].wrong.zh.contains("1 MB"));
    for junk in
        ["rule 规", "then", "rule \"", "rule a\nwhen text has any of \u{0}", "rule a\nwhen text has any of *"]
    {
        assert!(Rules::read(junk).is_err(), "{junk:?}");
    }
}
