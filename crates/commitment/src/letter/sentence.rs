//! A promise as a sentence.

use crate::{
    model::{Budget, Commitment, Promise},
    vocabulary::{Content, Ground, Language, Mark, Need, PauseReason},
    words::{and_list, doing, or_list, pick, spaced, teller, when_words, within_words},
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
            let start = if counted { format!("自{from}起") } else { format!("{from}后") };
            format!("{case}：{start}，我们在{within}{acts}")
        }
        Language::En => {
            let acts = if by_person { format!("{acts}, written by a person,") } else { acts };
            match promise.within {
                Budget::AsTold => {
                    format!("{case}: we {acts} by the time that {} told you", teller(promise.from))
                }
                Budget::TheCall => format!("{case}: we {acts} before the call ends"),
                _ => format!("{case}: we {acts} {within} after we {from}"),
            }
        }
    };
    sentence.push_str(&contents(promise, language));
    sentence.push_str(&pick(language, "。", "."));
    sentence.push_str(&conditions(promise, language));
    match language {
        Language::Zh => spaced(&sentence),
        Language::En => sentence,
    }
}

/// What the reply contains and what it tells.
fn contents(promise: &Promise, language: Language) -> String {
    let mut words = String::new();
    if !promise.requires.is_empty() {
        let list: Vec<String> =
            promise.requires.iter().map(|content| content_words(*content, language)).collect();
        let list = and_list(&list, language);
        words.push_str(&pick(language, format!("，内容包括{list}"), format!(", with {list}")));
    }
    if let Some(mark) = promise.tells {
        let label = mark.label(language);
        words.push_str(&pick(
            language,
            format!("，并告知“{label}”的预计时间"),
            format!("; it tells you when the next step follows: {}", label.to_lowercase()),
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
        let still = match language {
            Language::Zh => format!("{}暂停计时。", reasons.join("、")),
            Language::En => format!("The clock stands still {}.", or_list(&reasons, language)),
        };
        words.push_str(&blank);
        words.push_str(&still);
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

fn content_words(content: Content, language: Language) -> String {
    match content {
        Content::Apology => pick(language, "致歉", "an apology"),
        Content::InvestigationBegun => {
            pick(language, "调查已经开始的告知", "the word that the investigation has begun")
        }
        Content::Severity => pick(language, "故障的严重程度", "the severity of the fault"),
        Content::Plan => pick(language, "处理方案", "a plan"),
    }
}

fn pause_words(reason: PauseReason, language: Language) -> String {
    match reason {
        PauseReason::WaitingForCustomer => {
            pick(language, "等待您提供资料或答复期间", "while we wait for something that only you can give")
        }
        PauseReason::ForceMajeure => pick(language, "不可抗力期间", "during force majeure"),
        PauseReason::Mediation => pick(language, "第三方调解期间", "during third-party mediation"),
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
