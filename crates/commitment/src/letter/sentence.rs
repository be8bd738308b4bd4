//! A promise as a sentence.

use crate::{
    model::{Budget, Commitment, Promise},
    vocabulary::{Ground, Language, Mark, Need, PauseReason},
    words::{and_list, doing, labels, or_list, pick, when_words, within_words},
};

pub(super) fn exact(promise: &Promise, commitment: &Commitment, language: Language) -> String {
    let case = capital(&when_words(&promise.when, language));
    let within = within_words(promise.within, commitment.calendar(&promise.on), language);
    let acts: Vec<String> = promise.until.iter().map(|mark| doing(*mark, language).to_owned()).collect();
    let acts = or_list(&acts, language);
    let from = doing(promise.from, language);
    let counted = matches!(promise.within, Budget::Working(_) | Budget::Workdays(_) | Budget::Rings(_));
    let by_person = promise.until.contains(&Mark::FirstReply) && !promise.automatic;
    let mut sentence = match language {
        Language::Zh => {
            let acts = if by_person { format!("{acts}（由人工回应）") } else { acts };
            let start = if counted { format!("自{from}起，") } else { format!("{from}后，") };
            format!("{case}：{start}我们{within}{acts}")
        }
        Language::En => {
            let acts = if by_person { format!("{acts}, written by a person,") } else { acts };
            let start = if counted { format!(" after we {from}") } else { format!(", once we {from}") };
            format!("{case}: we {acts} {within}{start}")
        }
    };
    sentence.push_str(&contents(promise, language));
    sentence.push_str(&pick(language, "。", "."));
    sentence.push_str(&conditions(promise, language));
    sentence
}

/// What the reply contains and what it tells.
fn contents(promise: &Promise, language: Language) -> String {
    let mut words = String::new();
    if !promise.requires.is_empty() {
        let list = and_list(&labels(&promise.requires, language), language);
        words.push_str(&pick(language, format!("，内容包括{list}"), format!("; it states {list}")));
    }
    if let Some(mark) = promise.tells {
        let label = mark.label(language);
        words.push_str(&pick(
            language,
            format!("，并告知“{label}”的预计时间"),
            format!(", and tell you when to expect this: {label}"),
        ));
    }
    words
}

/// Pauses and exceptions.
fn conditions(promise: &Promise, language: Language) -> String {
    let mut words = String::new();
    let blank = pick(language, "", " ");
    if !promise.pause.is_empty() {
        let reasons: Vec<String> =
            promise.pause.iter().map(|reason| pause_words(*reason, language)).collect();
        let reasons = or_list(&reasons, language);
        words.push_str(&blank);
        words.push_str(&pick(
            language,
            format!("{reasons}期间暂停计时。"),
            format!("The clock stands still {reasons}."),
        ));
    }
    for (ground, needs) in &promise.except {
        let ground = match ground {
            Ground::ForceMajeure => pick(language, "不可抗力", "Force majeure"),
        };
        let needs: Vec<String> = needs.iter().map(|need| need_words(*need, language)).collect();
        let needs = and_list(&needs, language);
        words.push_str(&blank);
        words.push_str(&pick(
            language,
            format!("{ground}除外，但须{needs}，否则不算除外。"),
            format!("{ground} is excepted, but only where we {needs}."),
        ));
    }
    words
}

fn pause_words(reason: PauseReason, language: Language) -> String {
    match reason {
        PauseReason::WaitingForCustomer => {
            pick(language, "等待您提供资料或答复", "while we wait for something that only you can give")
        }
        PauseReason::ForceMajeure => pick(language, "不可抗力", "during force majeure"),
        PauseReason::Mediation => pick(language, "第三方调解", "during third-party mediation"),
    }
}

fn need_words(need: Need, language: Language) -> String {
    match need {
        Need::Evidence => pick(language, "留存证明材料", "record the evidence"),
        Need::WordToCustomer => pick(language, "及时告知您", "tell you in time"),
        Need::Alternative => pick(language, "提供替代方案", "offer you an alternative"),
    }
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
