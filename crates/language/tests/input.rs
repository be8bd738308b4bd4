//! Texts as bad as they come: every one gets an answer, and a long one takes no longer than its beginning.

use yinuo_commitment::{Kind, Language};
use yinuo_language::{Classification, Classifier, Dimension, Given, Model, Source, shipped_model};

/// What everything that is shipped says.
fn classify(given: &Given<'_>) -> Classification {
    Classifier::shipped().classify(given)
}

fn body(body: &str) -> Given<'_> {
    Given { body, ..Given::default() }
}

#[test]
fn texts_that_say_nothing_are_questions_for_a_person() {
    for text in ["", "   ", "。。。", "!!!???", "😡😡😡", "\u{0}\u{1}", "\u{202e}", "-", "----", "9"]
    {
        let said = classify(&body(text));
        assert_eq!(said.facets.kind, Kind::Consultation, "{text:?}");
        assert!(said.needs_triage, "{text:?}");
    }
}

#[test]
fn a_megabyte_takes_no_longer_than_its_beginning() {
    let line = "空调漏电 the router is broken，投诉！";
    let long = line.repeat(1_000_000 / line.len());
    let start: String = long.chars().take(4_000).collect();
    let (whole, beginning) = (classify(&body(&long)), classify(&body(&start)));
    assert_eq!(whole.facets, beginning.facets, "only the beginning is looked at");
    for text in ["a".repeat(1_000_000), "急".repeat(300_000), "1".repeat(1_000_000), "a ".repeat(500_000)] {
        let said = classify(&Given { subject: &text, body: &text, ..Given::default() });
        assert!(said.why.len() < 200_000);
    }
}

#[test]
fn traditional_and_mixed_writing_get_the_same_answers() {
    let plain = classify(&body("空调漏电，师傅一直不来，我要投诉你们"));
    for text in ["空調漏電，師傅一直不來，我要投訴你們", "空調漏电，师傅一直不來，我要投诉你們"]
    {
        let said = classify(&body(text));
        assert_eq!(said.facets, plain.facets, "{text}");
        assert_eq!(said.kind.probability, plain.kind.probability, "{text}");
    }
}

#[test]
fn pinyin_is_chinese_and_gets_an_answer() {
    let said = classify(&body("wo de kongtiao huai le, qing kuai dian lai xiu"));
    assert_eq!(said.language, Language::Zh);
    assert!(!said.why.is_empty());
}

#[test]
fn every_answer_carries_a_probability_a_source_and_what_else_it_could_be() {
    for text in
        ["师傅来了三次都没修好，你们到底管不管", "Thanks a lot, your engineer was brilliant", "嗯嗯嗯嗯嗯"]
    {
        let said = classify(&body(text));
        let mut sum = said.kind.probability.share();
        sum += said.kind.others.iter().map(|(_, probability)| probability.share()).sum::<f32>();
        assert!((0.99..1.01).contains(&sum), "{text}: {sum}");
        assert_eq!(said.kind.probability_of(&said.kind.value), said.kind.probability);
        assert!(said.language_probability.share() > 0.5, "{text}");
    }
}

#[test]
fn the_model_names_words_of_the_text() {
    let said = classify(&body("the engineer walked off and left a puddle on my parquet, who pays for this"));
    assert_eq!(said.kind.source, Source::Model, "{said:?}");
    assert!(!said.kind.words.is_empty());
    for word in &said.kind.words {
        assert!(
            "the engineer walked off and left a puddle on my parquet, who pays for this"
                .contains(word.as_str())
        );
    }
}

#[test]
fn without_a_model_the_lists_answer_and_say_so() {
    let lists = Classifier::lists_alone();
    assert!(lists.model().is_none());
    let said = lists.classify(&body("空调漏电,麻烦报修"));
    assert_eq!(said.facets.kind, Kind::Repair);
    assert_eq!(said.kind.source, Source::WordList);
    assert!(said.kind.probability.share() > 0.3 && said.kind.probability.share() < 1.0);
}

#[test]
fn the_shipped_model_answers_every_question_and_knows_where_it_comes_from() {
    let model = shipped_model().unwrap();
    let answered: Vec<Dimension> = model.heads().iter().map(|head| head.dimension).collect();
    assert_eq!(answered, Dimension::ALL);
    assert!(model.provenance().base_texts > 2_000);
    assert!(model.memory_bytes() < 4_000_000, "{}", model.memory_bytes());
    assert_eq!(Model::from_bytes(&model.to_bytes()), Ok(model));
}

#[test]
fn a_text_that_says_nothing_is_told_so_without_words() {
    for (text, told) in [("。。。", "读不出内容"), ("", "读不出内容"), ("\u{200b}", "读不出内容")]
    {
        let said = classify(&body(text));
        assert!(said.why.contains(told) && !said.why.contains('「'), "{text:?}: {}", said.why);
    }
    let stated = classify(&Given { kind: Some(Kind::Complaint), ..body("。") });
    assert!(stated.why.contains("投诉（已指明）") && stated.why.contains("读不出内容"), "{}", stated.why);
    assert!(!classify(&body("发票怎么开")).why.contains("读不出"));
}

#[test]
fn topics_are_named_as_pages_name_them() {
    for (text, name) in [
        ("空调不制冷了，滤网也洗过", "主题：空调"),
        ("发票什么时候能开出来？", "主题：发票"),
        ("My washing machine does not spin any more.", "topic: washing machine"),
    ] {
        let said = classify(&body(text));
        assert!(said.why.contains(name), "{}", said.why);
    }
    let own = classify(&Given { topic: Some("电力"), ..body("停电了") });
    assert!(own.why.contains("主题：电力"), "{}", own.why);
}
