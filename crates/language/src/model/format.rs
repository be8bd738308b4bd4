//! The file of a model: version 1.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `yinuo-lm` |
//! | 2 | version of the format |
//! | 2 | way of making features |
//! | 4 | length of what follows the checksum |
//! | 8 | FNV-1a of 64 bits over what follows |
//! | … | provenance, heads, number of features, a bit per bucket, rarities, weights |
//!
//! Numbers are little-endian; a text is its length in two bytes and its UTF-8. A rarity is two bytes, in steps of 1/4096;
//! a weight is one signed byte, in steps of its label's scale. Nothing is reserved before its bytes are known to be there.

use yinuo_commitment::Language;

use super::{Buckets, Figures, Head, Model, Provenance, Words};
use crate::{
    dimension::{Dimension, allows},
    features::{BUCKETS, Fnv, METHOD},
};

const MAGIC: &[u8; 8] = b"yinuo-lm";

/// Version of the format that is written, and the newest that is read.
const VERSION: u16 = 1;

/// Steps of a rarity.
const RARITY_STEPS: f32 = 4096.0;

/// Bytes before what the checksum covers.
const HEAD_BYTES: usize = 24;

/// Why a file is no model that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelError {
    /// It begins otherwise than a model does.
    Foreign,
    /// A newer program wrote it.
    Newer {
        /// Version of its format.
        version: u16,
    },
    /// Its features are made in another way than this program makes them.
    OtherMethod {
        /// The way of the file.
        method: u16,
    },
    /// It is shorter or longer than it says.
    Length {
        /// Bytes that it should have.
        expected: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// Its checksum does not fit: some of it was changed or lost.
    Damaged,
    /// It says something that cannot be.
    Impossible {
        /// What.
        what: &'static str,
    },
}

impl ModelError {
    /// What is wrong and what to do.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Zh => self.zh(),
            Language::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::Foreign => "这不是一诺的模型：开头不是 `yinuo-lm`".to_owned(),
            Self::Newer { version } => format!(
                "模型的格式为 {version}，本程序最多读取 {VERSION}：请使用更新的程序，或重新学习一个模型"
            ),
            Self::OtherMethod { method } => {
                format!("模型按第 {method} 种特征学习，本程序使用第 {METHOD} 种：请重新学习一个模型")
            }
            Self::Length { expected, found } => {
                format!("模型应有 {expected} 字节，实际 {found} 字节：请重新取得或重新学习")
            }
            Self::Damaged => "模型的校验和不符，部分内容被改动：请重新取得或重新学习".to_owned(),
            Self::Impossible { what } => format!("模型不能使用（{what}）：请重新学习"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Foreign => "this is no model of yinuo: it does not begin with `yinuo-lm`".to_owned(),
            Self::Newer { version } => format!(
                "the model has format {version}, this program reads up to {VERSION}: use the newer program, or let this \
                 one learn a model anew"
            ),
            Self::OtherMethod { method } => format!(
                "the model was learned from features of way {method}, this program makes them in way {METHOD}: let it \
                 learn a model anew"
            ),
            Self::Length { expected, found } => format!(
                "the model should have {expected} bytes and has {found}: fetch it again, or learn it anew"
            ),
            Self::Damaged => {
                "the checksum of the model does not fit, so that part of it was changed: fetch it again, or \
                              learn it anew"
                    .to_owned()
            }
            Self::Impossible { what } => format!("the model cannot be used: {what}; learn it anew"),
        }
    }
}

impl std::fmt::Display for ModelError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Language::En))
    }
}

impl std::error::Error for ModelError {}

impl Model {
    /// The model as a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body =
            Vec::with_capacity(self.weights.len() + self.words.rarity.len() * 2 + BUCKETS / 8 + 4096);
        let provenance = &self.provenance;
        for number in [provenance.base_texts, provenance.corrections, provenance.left_out] {
            body.extend(number.to_le_bytes());
        }
        body.extend(provenance.fingerprint.to_le_bytes());
        body.extend(provenance.seed.to_le_bytes());
        put_text(&mut body, &provenance.note);
        body.push(u8::try_from(self.heads.len()).unwrap_or(u8::MAX));
        for head in &self.heads {
            put_head(&mut body, head);
        }
        body.extend(u32::try_from(self.words.rarity.len()).unwrap_or(u32::MAX).to_le_bytes());
        body.extend(self.words.buckets.bits().iter().flat_map(|word| word.to_le_bytes()));
        body.extend(self.words.rarity.iter().flat_map(|rarity| steps(*rarity).to_le_bytes()));
        body.extend(self.weights.iter().flat_map(|weight| weight.to_le_bytes()));
        let mut file = Vec::with_capacity(body.len() + HEAD_BYTES);
        file.extend(MAGIC);
        file.extend(VERSION.to_le_bytes());
        file.extend(provenance.method.to_le_bytes());
        file.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes());
        file.extend(Fnv::new().bytes(&body).finish().to_le_bytes());
        file.append(&mut body);
        file
    }

    /// Reads a model from a file's bytes.
    pub fn from_bytes(file: &[u8]) -> Result<Self, ModelError> {
        let mut input = Input(file);
        if input.take(MAGIC.len()).ok() != Some(MAGIC.as_slice()) {
            return Err(ModelError::Foreign);
        }
        let version = u16::from_le_bytes(input.array()?);
        if version > VERSION {
            return Err(ModelError::Newer { version });
        }
        let method = u16::from_le_bytes(input.array()?);
        let length = u32::from_le_bytes(input.array()?);
        let checksum = u64::from_le_bytes(input.array()?);
        if input.0.len() as u64 != u64::from(length) {
            let expected = u64::from(length) + HEAD_BYTES as u64;
            return Err(ModelError::Length { expected, found: file.len() as u64 });
        }
        if Fnv::new().bytes(input.0).finish() != checksum {
            return Err(ModelError::Damaged);
        }
        // The two numbers before the checksum are not covered by it; the checks above and here cover them.
        if version == 0 {
            return Err(ModelError::Impossible { what: "there is no format 0" });
        }
        if method != METHOD {
            return Err(ModelError::OtherMethod { method });
        }
        read(input, method)
    }
}

/// Reads what the checksum covers.
fn read(mut input: Input<'_>, method: u16) -> Result<Model, ModelError> {
    let provenance = Provenance {
        method,
        base_texts: u32::from_le_bytes(input.array()?),
        corrections: u32::from_le_bytes(input.array()?),
        left_out: u32::from_le_bytes(input.array()?),
        fingerprint: u64::from_le_bytes(input.array()?),
        seed: u64::from_le_bytes(input.array()?),
        note: input.text()?,
    };
    let [count] = input.array()?;
    let mut heads: Vec<Head> = Vec::new();
    let mut width = 0;
    for _ in 0..count {
        let head = head(&mut input, width)?;
        if heads.iter().any(|other| other.dimension == head.dimension) {
            return Err(ModelError::Impossible { what: "two heads answer the same question" });
        }
        width += head.labels.len();
        heads.push(head);
    }
    let features = u32::from_le_bytes(input.array()?) as usize;
    let bits = input.take(BUCKETS / 8)?.as_chunks().0;
    let buckets = Buckets::from_bits(bits.iter().map(|word| u64::from_le_bytes(*word)).collect());
    if buckets.len() as usize != features {
        return Err(ModelError::Impossible { what: "the number of features differs from their buckets" });
    }
    let rarity = input.take(features * 2)?.as_chunks().0;
    let rarity = rarity.iter().map(|steps| f32::from(u16::from_le_bytes(*steps)) / RARITY_STEPS).collect();
    let weights = input.take(features.saturating_mul(width))?;
    let weights = weights.iter().map(|byte| i8::from_le_bytes([*byte])).collect();
    if !input.0.is_empty() {
        return Err(ModelError::Impossible { what: "something follows the weights" });
    }
    Ok(Model { words: Words { buckets, rarity }, heads, width, weights, provenance })
}

fn put_head(body: &mut Vec<u8>, head: &Head) {
    put_text(body, head.dimension.word());
    body.push(head.rounds);
    body.extend(head.temperature.to_le_bytes());
    body.extend(head.figures.texts.to_le_bytes());
    for figure in [head.figures.accuracy, head.figures.macro_f1, head.figures.calibration_error] {
        body.extend(figure.to_le_bytes());
    }
    body.extend(u16::try_from(head.labels.len()).unwrap_or(u16::MAX).to_le_bytes());
    for (place, label) in head.labels.iter().enumerate() {
        put_text(body, label);
        for list in [&head.scale, &head.bias, &head.sure_from] {
            body.extend(list.get(place).copied().unwrap_or_default().to_le_bytes());
        }
    }
}

fn head(input: &mut Input<'_>, first: usize) -> Result<Head, ModelError> {
    let name = input.text()?;
    let what = "a head answers a question that this program does not know";
    let dimension = Dimension::from_word(&name).ok_or(ModelError::Impossible { what })?;
    let [rounds] = input.array()?;
    let temperature = input.number()?;
    if temperature <= 0.0 {
        return Err(ModelError::Impossible { what: "a temperature is not above zero" });
    }
    let figures = Figures {
        texts: u32::from_le_bytes(input.array()?),
        accuracy: input.number()?,
        macro_f1: input.number()?,
        calibration_error: input.number()?,
    };
    let labels_len = u16::from_le_bytes(input.array()?);
    let mut head = Head {
        dimension,
        labels: Vec::new(),
        sure_from: Vec::new(),
        temperature,
        rounds,
        figures,
        bias: Vec::new(),
        scale: Vec::new(),
        first,
    };
    for _ in 0..labels_len {
        let label = input.text()?;
        if !allows(dimension, &label) || head.labels.contains(&label) {
            return Err(ModelError::Impossible { what: "a label is unknown or stands twice" });
        }
        head.labels.push(label);
        head.scale.push(input.number()?);
        head.bias.push(input.number()?);
        head.sure_from.push(input.number()?);
    }
    if head.labels.len() < 2 {
        return Err(ModelError::Impossible { what: "a head has fewer than two labels" });
    }
    Ok(head)
}

fn put_text(body: &mut Vec<u8>, text: &str) {
    // A text longer than its length can say is cut between two characters.
    let mut end = text.len().min(usize::from(u16::MAX));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    body.extend(u16::try_from(text.len()).unwrap_or_default().to_le_bytes());
    body.extend(text.as_bytes());
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what two bytes hold")]
fn steps(rarity: f32) -> u16 {
    (rarity * RARITY_STEPS).round().clamp(0.0, 65_535.0) as u16
}

/// A rarity as the file keeps it, so that a model and its file answer alike.
pub(crate) fn kept_rarity(rarity: f32) -> f32 {
    f32::from(steps(rarity)) / RARITY_STEPS
}

/// What is left of the bytes.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], ModelError> {
        let what = "it ends in the middle of something";
        let (taken, rest) = self.0.split_at_checked(length).ok_or(ModelError::Impossible { what })?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let what = "it ends in the middle of a number";
        let (taken, rest) = self.0.split_first_chunk().ok_or(ModelError::Impossible { what })?;
        self.0 = rest;
        Ok(*taken)
    }

    fn number(&mut self) -> Result<f32, ModelError> {
        let number = f32::from_le_bytes(self.array()?);
        let what = "a number is not finite";
        if number.is_finite() { Ok(number) } else { Err(ModelError::Impossible { what }) }
    }

    fn text(&mut self) -> Result<String, ModelError> {
        let length = u16::from_le_bytes(self.array()?);
        let bytes = self.take(usize::from(length))?;
        let text = std::str::from_utf8(bytes);
        text.map(str::to_owned).map_err(|_| ModelError::Impossible { what: "a text is not UTF-8" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        corpus,
        train::{Settings, train},
    };

    fn small() -> Model {
        let lines: Vec<String> = (0..60)
            .map(|number| match number % 2 {
                0 => format!("repair - - - T router 0 | 路由器第{number}次断网 it is down {number}x"),
                _ => format!("praise - - - - staff + | 师傅第{number}回都很好 thank you {number}y"),
            })
            .collect();
        train(&corpus::read(&lines.join("\n")).unwrap(), &Settings::default()).unwrap()
    }

    #[test]
    fn a_model_and_its_file_are_the_same() {
        let model = small();
        assert_eq!(Model::from_bytes(&model.to_bytes()), Ok(model));
    }

    #[test]
    fn foreign_newer_and_other_files_say_what_they_are() {
        let file = small().to_bytes();
        for foreign in [&b""[..], b"yinuo", b"PK\x03\x04 something else entirely, long enough"] {
            assert_eq!(Model::from_bytes(foreign), Err(ModelError::Foreign));
        }
        let mut newer = file.clone();
        newer[8] = 2;
        assert_eq!(Model::from_bytes(&newer), Err(ModelError::Newer { version: 2 }));
        let mut other = file.clone();
        other[10] = 200;
        assert_eq!(Model::from_bytes(&other), Err(ModelError::OtherMethod { method: 200 }));
        let mut longer = file.clone();
        longer.push(0);
        assert!(matches!(Model::from_bytes(&longer), Err(ModelError::Length { .. })));
        assert!(ModelError::Newer { version: 2 }.to_string().contains("format 2"));
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_an_error() {
        let file = small().to_bytes();
        let step = 997;
        for end in (0..200).chain((200..file.len()).step_by(step)) {
            assert!(Model::from_bytes(&file[..end]).is_err(), "cut at {end}");
        }
        let mut changed = file.clone();
        for place in (0..400).chain((400..file.len()).step_by(step)) {
            changed[place] ^= 0x40;
            assert!(Model::from_bytes(&changed).is_err(), "byte {place}");
            changed[place] ^= 0x40;
        }
    }

    /// A file whose checksum fits what somebody wrote into it.
    fn sealed(mut file: Vec<u8>) -> Vec<u8> {
        let checksum = Fnv::new().bytes(&file[HEAD_BYTES..]).finish();
        file[16..24].copy_from_slice(&checksum.to_le_bytes());
        file
    }

    #[test]
    fn a_file_that_lies_with_a_fitting_checksum_neither_panics_nor_takes_memory() {
        let file = small().to_bytes();
        for place in (HEAD_BYTES..HEAD_BYTES + 300).chain((HEAD_BYTES + 300..file.len()).step_by(499)) {
            for value in [0, 1, 0x7f, 0xff] {
                let mut lying = file.clone();
                lying[place] = value;
                if let Ok(model) = Model::from_bytes(&sealed(lying)) {
                    for told in model.tell("断网", "it is down") {
                        assert!((told.shares.iter().sum::<f32>() - 1.0).abs() < 1e-3, "{told:?}");
                    }
                }
            }
        }
    }
}
