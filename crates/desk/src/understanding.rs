//! How texts are understood here: the rules of the organisation and the model in use, loaded once and shared; and what was
//! made of a text, as it goes on record.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use yinuo_commitment::{Complexity, Kind, Language, Severity, Text, Urgency};
use yinuo_core::{
    id::OrgId,
    organisation::Understanding,
    ticket::{Assessment, Basis, Dimension, Opinion},
};
use yinuo_language::{
    Answer, Classification, Classifier, Model, Probability, RuleError, Rules, Sentiment, Source,
};
use yinuo_ledger::{Ledger, LedgerError, vault::Holder};

/// The model that classifies, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelState {
    /// The shipped model.
    Shipped,
    /// A model of this version, learned from the corrections of the organisation.
    Learned(u32),
    /// The model of this version is missing or damaged; the lists of words classify alone.
    Unusable {
        /// Version; 0 is the shipped one.
        version: u32,
        /// What is wrong with it.
        reason: Text,
    },
}

/// What is said about a model that cannot be used.
const UNUSABLE: &str = "the model cannot be used: the lists of words classify alone until another version is put to use or \
     a new one is learned";

/// Everything that reads texts, ready to use.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    pub(crate) classifier: Classifier,
    pub(crate) model: ModelState,
    /// What is wrong with the rules of the organisation, if they cannot be read; they are left aside then.
    pub(crate) rules_wrong: Vec<RuleError>,
    /// What it was made from.
    made_from: (Option<String>, u32),
}

impl Reader {
    /// With the rules and the model that `wanted` names. What `known` has loaded already is not loaded again.
    pub(crate) async fn of(
        org: &OrgId,
        ledger: &dyn Ledger,
        wanted: &Understanding,
        known: Option<&Arc<Self>>,
    ) -> Arc<Self> {
        let text = wanted.rules.as_ref().map(|rules| rules.text.clone());
        let made_from = (text, wanted.in_use);
        if let Some(known) = known.filter(|known| known.made_from == made_from) {
            return Arc::clone(known);
        }
        let (rules, rules_wrong) = match Rules::read(made_from.0.as_deref().unwrap_or_default()) {
            Ok(rules) => (rules, Vec::new()),
            Err(errors) => {
                let reason = errors.first().map(ToString::to_string).unwrap_or_default();
                tracing::error!(reason, "the rules of the organisation cannot be read and are left aside");
                (Rules::default(), errors)
            }
        };
        let (model, state) = match wanted.model_in_use() {
            None if wanted.in_use == 0 => match Classifier::shipped().model() {
                Some(model) => (Some(Arc::clone(model)), ModelState::Shipped),
                None => (
                    None,
                    unusable(0, Text::new("随产品提供的模型无法读取", "the shipped model cannot be read")),
                ),
            },
            None => (None, unusable(wanted.in_use, Text::new("没有这个版本", "there is no such version"))),
            Some(learned) => match kept_model(org, ledger, &learned.digest).await {
                Ok(model) => (Some(Arc::new(model)), ModelState::Learned(learned.version)),
                Err(reason) => (None, unusable(learned.version, reason)),
            },
        };
        let classifier = Classifier::new(rules, model);
        Arc::new(Self { classifier, model: state, rules_wrong, made_from })
    }

    /// Version of the model, as it goes on record.
    pub(crate) fn version(&self) -> String {
        match self.model {
            ModelState::Shipped => "shipped".to_owned(),
            ModelState::Learned(version) => version.to_string(),
            ModelState::Unusable { .. } => "none".to_owned(),
        }
    }
}

fn unusable(version: u32, reason: Text) -> ModelState {
    tracing::error!(version, reason = reason.en, "{UNUSABLE}");
    ModelState::Unusable { version, reason }
}

/// Under which name a model is kept: by its digest, so that two nodes that learn at the same time do not meet.
fn name_of(digest: &str) -> String {
    format!("model.{digest}")
}

/// SHA-256 of a model as a file.
pub(crate) fn digest_of(file: &[u8]) -> String {
    hex::encode(Sha256::digest(file))
}

/// Keeps a model, sealed like the secrets of the organisation: what it learned from is nobody else's.
pub(crate) async fn keep_model(org: &OrgId, ledger: &dyn Ledger, file: &[u8]) -> Result<String, LedgerError> {
    let digest = digest_of(file);
    let name = name_of(&digest);
    let wrapped = ledger.vault().wrap(org, &Holder::Secret(name.clone()), file);
    ledger.keep_secret(org, &name, wrapped).await?;
    Ok(digest)
}

/// A model as it was kept, or what is wrong with it.
pub(crate) async fn kept_model(org: &OrgId, ledger: &dyn Ledger, digest: &str) -> Result<Model, Text> {
    let name = name_of(digest);
    let unread = |error: &LedgerError| Text::new(format!("无法读取（{error}）"), error.to_string());
    let wrapped = ledger.secret(org, &name).await.map_err(|error| unread(&error))?;
    let wrapped = wrapped.ok_or_else(|| Text::new("模型没有保存", "it is not there"))?;
    let file = ledger.vault().unwrap(org, &Holder::Secret(name), &wrapped);
    let file = file.map_err(|error| Text::new(format!("无法解开（{error}）"), error.to_string()))?;
    if digest_of(&file) != digest {
        return Err(Text::new("摘要与学习时不符", "its digest is another one than when it was learned"));
    }
    Model::from_bytes(&file).map_err(|error| Text::new(error.text(Language::Zh), error.text(Language::En)))
}

/// Words with more digits are somebody's number rather than a reason.
const DIGITS_MAX: usize = 3;

/// What was made of a text, as it goes on record.
pub(crate) fn assessment(said: &Classification, model: String) -> Assessment {
    let kind = |value: &Kind| value.word().to_owned();
    let urgency = |value: &Urgency| value.word().to_owned();
    let complexity = |value: &Complexity| value.word().to_owned();
    let severity = |value: &Severity| value.word().to_owned();
    let technical = |value: &bool| if *value { "yes" } else { "no" }.to_owned();
    let topic = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let sentiment = |value: &Sentiment| value.word().to_owned();
    let told = [
        opinion(Dimension::Kind, &said.kind, kind),
        opinion(Dimension::Urgency, &said.urgency, urgency),
        opinion(Dimension::Complexity, &said.complexity, complexity),
        opinion(Dimension::Severity, &said.severity, severity),
        opinion(Dimension::Technical, &said.technical, technical),
        opinion(Dimension::Topic, &said.topic, topic),
        opinion(Dimension::Sentiment, &said.sentiment, sentiment),
    ];
    let (opinions, words): (Vec<Opinion>, Vec<Vec<String>>) = told.into_iter().unzip();
    Assessment { model, opinions, words: Assessment::joined(words.iter().map(Vec::as_slice)) }
}

fn opinion<T>(
    dimension: Dimension,
    answer: &Answer<T>,
    word: impl Fn(&T) -> String,
) -> (Opinion, Vec<String>) {
    let basis = match &answer.source {
        Source::Stated => Basis::Stated,
        Source::Rule(name) => Basis::Rule { name: name.clone() },
        Source::WordList if answer.words.is_empty() => Basis::Assumed,
        Source::WordList => Basis::WordList,
        Source::Model => Basis::Model,
    };
    // What is sure is not read otherwise, so nothing else of it need go on record.
    let others = answer.others.iter().filter(|(_, share)| !answer.sure && *share >= NEGLIGIBLE);
    let told = Opinion {
        dimension,
        value: word(&answer.value),
        probability: answer.probability.ten_thousandths().into(),
        basis,
        sure: answer.sure,
        others: others.map(|(value, share)| (word(value), share.ten_thousandths().into())).collect(),
    };
    let telling = |text: &&String| {
        text.chars().filter(|char| char.is_numeric()).count() <= DIGITS_MAX && !text.contains('@')
    };
    (told, answer.words.iter().filter(telling).cloned().collect())
}

/// What is less likely is no reading under which clocks run.
const NEGLIGIBLE: Probability = Probability::of_ten_thousandths(500);
