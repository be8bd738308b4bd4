//! What the rules do besides counting words: stated facets hold, negated words are silent, reasons are named.

use yinuo_commitment::{Complexity, Kind, Language, Severity, Site, Urgency};
use yinuo_language::{Classification, Classifier, Given, language_of};

/// What everything that is shipped says.
fn classify(given: &Given<'_>) -> Classification {
    Classifier::shipped().classify(given)
}

fn body(body: &str) -> Given<'_> {
    Given { body, ..Given::default() }
}

#[test]
fn what_somebody_stated_holds_whatever_the_words_say() {
    let given = Given {
        subject: "投诉",
        body: "我要投诉,漏电伤人,紧急!",
        kind: Some(Kind::Consultation),
        urgency: Some(Urgency::Normal),
        complexity: Some(Complexity::Simple),
        severity: Some(Severity::General),
        site: Some(Site::Remote),
        technical: Some(false),
        topic: Some("contract"),
    };
    let facets = classify(&given).facets;
    assert_eq!(facets.kind, Kind::Consultation);
    assert_eq!(facets.urgency, Urgency::Normal);
    assert_eq!(facets.complexity, Complexity::Simple);
    assert_eq!(facets.severity, Severity::General);
    assert_eq!(facets.site, Site::Remote);
    assert!(!facets.technical);
    assert_eq!(facets.topic.as_deref(), Some("contract"));
}

#[test]
fn a_chosen_kind_does_not_hide_urgent_words() {
    let given = Given { kind: Some(Kind::Consultation), ..body("插座冒烟了,还有火花,怎么办?") };
    let said = classify(&given);
    assert_eq!(said.facets.kind, Kind::Consultation);
    assert_eq!(said.facets.urgency, Urgency::Urgent);
}

#[test]
fn negated_words_are_silent() {
    for text in [
        "不急,有空再来就行",
        "检查过了,没有漏气,也没有冒烟",
        "没发现漏电",
        "不是很紧急",
        "It is not urgent at all.",
        "There is no gas leak and no smoke.",
        "It isn't dangerous.",
    ] {
        for by in [Classifier::shipped(), Classifier::lists_alone()] {
            assert_eq!(by.classify(&body(text)).facets.urgency, Urgency::Normal, "{text}");
        }
    }
    for text in ["漏气了", "冒烟了,没有人在家", "gas leak! no one is home", "特别紧急", "没有电话,冒烟了"]
    {
        assert_eq!(classify(&body(text)).facets.urgency, Urgency::Urgent, "{text}");
    }
    assert_eq!(classify(&body("不是投诉,只是想了解一下")).facets.kind, Kind::Consultation);
    assert_eq!(
        classify(&body("This is not a complaint, I wonder how to reset it.")).facets.kind,
        Kind::Consultation
    );
}

#[test]
fn width_case_and_traditional_characters_make_no_difference() {
    let plain = classify(&body("空调漏电,报修")).facets;
    assert_eq!(classify(&body("空調漏電,報修")).facets, plain);
    let plain = classify(&body("the WI-FI is broken")).facets;
    assert_eq!(classify(&body("The Wi-Fi is BROKEN")).facets, plain);
}

#[test]
fn latin_words_are_whole_words() {
    // "till" is a cash register, "still" is not; "press" is a newspaper, "pressure" is not.
    let said = classify(&body("The pressure is still fine, I wonder about the cartridge."));
    assert_eq!(said.facets.severity, Severity::General);
    assert_ne!(said.facets.topic.as_deref(), Some("smart-device"));
}

#[test]
fn the_subject_counts_more_than_the_body() {
    let said = classify(&Given { subject: "发票", body: "热水器", ..Given::default() });
    assert_eq!(said.facets.topic.as_deref(), Some("invoice"));
}

#[test]
fn the_reasons_name_the_words_in_the_language_of_the_request() {
    let said = classify(&body("空调漏电,麻烦报修"));
    assert_eq!(said.language, Language::Zh);
    assert_eq!(
        said.why,
        "类型：报修（「报修」「漏电」）；紧急程度：紧急（「漏电」）；技术问题：是（「漏电」）；主题：空调（「空调」）"
    );
    let said = classify(&Given { topic: Some("router"), ..body("Gas smell, please send a technician") });
    assert_eq!(said.language, Language::En);
    assert_eq!(
        said.why,
        "kind: Repair (\"send a technician\", \"gas smell\"); urgency: Urgent (\"gas smell\"); topic: router (as stated)"
    );
}

#[test]
fn nothing_is_a_plain_consultation() {
    for text in ["", " \n", "....", "你好", "0"] {
        let said = classify(&body(text));
        assert_eq!(said.facets, yinuo_commitment::Facets::of(Kind::Consultation), "{text:?}");
        assert_eq!(language_of(text), said.language);
    }
}

#[test]
fn a_very_long_text_is_complex_and_takes_no_harm() {
    let text = "这件事情说来话长。".repeat(10_000);
    assert_eq!(classify(&body(&text)).facets.complexity, Complexity::Complex);
    let text = "漏电".repeat(50_000);
    assert_eq!(classify(&body(&text)).facets.urgency, Urgency::Urgent);
}
