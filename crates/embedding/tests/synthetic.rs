//! A tiny model written here, against a slow computation of the same by hand, and every way to damage its file.
#![expect(clippy::unwrap_used, reason = "a case that cannot be set up must fail")]
#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "small numbers")]
#![expect(clippy::indexing_slicing, reason = "the slow way is written plainly")]

use std::collections::BTreeMap;

use yinuo_embedding::{Fault, Model, Role};

const HIDDEN: usize = 64;
const LAYERS: usize = 2;
const HEADS: usize = 4;
const FORWARD: usize = 96;
const POSITIONS: usize = 24;
const EPSILON: f32 = 1e-6;

/// Pieces with their scores; the first four stand in no text.
const PIECES: &[(&str, f32)] = &[
    ("<s>", 0.0),
    ("<pad>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    ("▁", -2.0),
    ("▁query", -3.0),
    ("▁passage", -3.1),
    (":", -1.5),
    ("q", -6.0),
    ("u", -6.1),
    ("e", -5.0),
    ("a", -4.0),
    ("b", -4.1),
    ("ab", -5.0),
    ("ba", -9.5),
    ("aba", -7.0),
    ("空", -4.0),
    ("空调", -5.5),
    ("调", -4.2),
    ("▁空", -7.0),
    ("▁a", -5.0),
];

/// What is read otherwise: tab as a blank, a full-width letter, one that vanishes, one that becomes two.
const NORMAL: &[(char, &str)] = &[('\t', " "), ('\u{ad}', ""), ('½', "ab"), ('ａ', "a")];

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// Between -1 and 1.
    fn number(&mut self) -> f32 {
        (self.next() % 2_001) as f32 / 1_000.0 - 1.0
    }
}

/// A tensor as it is written and as it counts.
struct Tensor {
    name: String,
    is_blocks: bool,
    bytes: Vec<u8>,
    numbers: Vec<f64>,
}

fn plain(name: &str, numbers: Vec<f32>) -> Tensor {
    let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    Tensor {
        name: name.to_owned(),
        is_blocks: false,
        bytes,
        numbers: numbers.into_iter().map(f64::from).collect(),
    }
}

fn packed(name: &str, count: usize, chance: &mut Chance) -> Tensor {
    let (mut bytes, mut numbers) = (Vec::new(), Vec::new());
    for _ in 0..count / 32 {
        // 1/16 to 1/64, each exact in half precision.
        let power = 4 + chance.next() % 3;
        let bits = ((15 - power as u16) << 10).to_le_bytes();
        let scale = 0.5_f64.powi(power as i32);
        let block: Vec<u8> = (0..32).map(|_| (chance.next() % 16) as u8).collect();
        bytes.extend(bits);
        bytes.extend((0..16).map(|place| block[place] | (block[place + 16] << 4)));
        numbers.extend(block.iter().map(|number| scale * (f64::from(*number) - 8.0)));
    }
    Tensor { name: name.to_owned(), is_blocks: true, bytes, numbers }
}

fn tensors() -> Vec<Tensor> {
    let mut chance = Chance(7);
    let mut all = Vec::new();
    let mut row = |chance: &mut Chance, name: &str, count: usize, middle: f32| {
        all.push(plain(name, (0..count).map(|_| middle + 0.3 * chance.number()).collect()));
    };
    row(&mut chance, "emb.pos", POSITIONS * HIDDEN, 0.0);
    row(&mut chance, "emb.type", 2 * HIDDEN, 0.0);
    row(&mut chance, "emb.ln.w", HIDDEN, 1.0);
    row(&mut chance, "emb.ln.b", HIDDEN, 0.0);
    for layer in 0..LAYERS {
        for (part, count) in
            [("q", HIDDEN), ("k", HIDDEN), ("v", HIDDEN), ("ao", HIDDEN), ("fi", FORWARD), ("fo", HIDDEN)]
        {
            row(&mut chance, &format!("l{layer}.{part}.b"), count, 0.0);
        }
        for norm in ["aln", "oln"] {
            row(&mut chance, &format!("l{layer}.{norm}.w"), HIDDEN, 1.0);
            row(&mut chance, &format!("l{layer}.{norm}.b"), HIDDEN, 0.0);
        }
    }
    all.push(packed("emb.word", PIECES.len() * HIDDEN, &mut chance));
    for layer in 0..LAYERS {
        for part in ["q", "k", "v", "ao"] {
            all.push(packed(&format!("l{layer}.{part}.w"), HIDDEN * HIDDEN, &mut chance));
        }
        for part in ["fi", "fo"] {
            all.push(packed(&format!("l{layer}.{part}.w"), HIDDEN * FORWARD, &mut chance));
        }
    }
    all
}

fn put(bytes: &mut Vec<u8>, number: usize) {
    bytes.extend(u32::try_from(number).unwrap().to_le_bytes());
}

/// The file, with room to change a part before it is written.
struct Draft {
    header: Vec<usize>,
    epsilon: f32,
    block: usize,
    special: [usize; 4],
    pieces: Vec<(Vec<u8>, f32)>,
    normal: Vec<(u32, Vec<u32>)>,
    tensors: Vec<Tensor>,
}

fn draft() -> Draft {
    Draft {
        header: vec![HIDDEN, LAYERS, HEADS, FORWARD, PIECES.len(), POSITIONS, 2],
        epsilon: EPSILON,
        block: 32,
        special: [0, 2, 1, 3],
        pieces: PIECES.iter().map(|(piece, score)| (piece.as_bytes().to_vec(), *score)).collect(),
        normal: NORMAL
            .iter()
            .map(|(of, read_as)| (u32::from(*of), read_as.chars().map(u32::from).collect()))
            .collect(),
        tensors: tensors(),
    }
}

impl Draft {
    fn write(&self) -> Vec<u8> {
        let mut bytes = b"E5S1\x01\0\0\0".to_vec();
        self.header.iter().for_each(|size| put(&mut bytes, *size));
        bytes.extend(self.epsilon.to_le_bytes());
        put(&mut bytes, self.block);
        put(&mut bytes, self.pieces.len());
        self.special.iter().for_each(|id| put(&mut bytes, *id));
        let length: usize = self.pieces.iter().map(|(piece, _)| piece.len()).sum();
        bytes.extend(u64::try_from(length).unwrap().to_le_bytes());
        let mut offset = 0;
        put(&mut bytes, 0);
        for (piece, _) in &self.pieces {
            offset += piece.len();
            put(&mut bytes, offset);
        }
        self.pieces.iter().for_each(|(_, score)| bytes.extend(score.to_le_bytes()));
        self.pieces.iter().for_each(|(piece, _)| bytes.extend(piece));
        let mut normal = Vec::new();
        for (of, read_as) in &self.normal {
            normal.extend(of.to_le_bytes());
            normal.push(u8::try_from(read_as.len()).unwrap());
            for other in read_as {
                normal.extend(other.to_le_bytes());
            }
        }
        put(&mut bytes, self.normal.len());
        put(&mut bytes, normal.len());
        bytes.extend(normal);
        put(&mut bytes, self.tensors.len());
        let directory: usize = self.tensors.iter().map(|tensor| 2 + tensor.name.len() + 21).sum();
        let mut at = bytes.len() + directory;
        for tensor in &self.tensors {
            bytes.extend(u16::try_from(tensor.name.len()).unwrap().to_le_bytes());
            bytes.extend(tensor.name.bytes());
            bytes.push(u8::from(tensor.is_blocks));
            put(&mut bytes, tensor.numbers.len());
            bytes.extend(u64::try_from(at).unwrap().to_le_bytes());
            bytes.extend(u64::try_from(tensor.bytes.len()).unwrap().to_le_bytes());
            at += tensor.bytes.len();
        }
        self.tensors.iter().for_each(|tensor| bytes.extend(&tensor.bytes));
        bytes
    }
}

/// Every way to cut, the best of them: what a unigram vocabulary means, without any cleverness.
fn cut(text: &[char]) -> (f32, Vec<usize>) {
    let Some(first) = text.first() else { return (0.0, Vec::new()) };
    let least = PIECES.iter().map(|(_, score)| *score).fold(0.0, f32::min);
    let mut ways: Vec<(f32, usize, usize)> = PIECES
        .iter()
        .enumerate()
        .skip(4)
        .filter(|(_, (piece, _))| text.starts_with(&piece.chars().collect::<Vec<_>>()))
        .map(|(id, (piece, score))| (*score, id, piece.chars().count()))
        .collect();
    let _ = first;
    ways.push((least - 10.0, 3, 1));
    let ways = ways.into_iter().map(|(score, id, length)| {
        let (sum, mut rest) = cut(&text[length..]);
        rest.insert(0, id);
        (score + sum, rest)
    });
    ways.max_by(|one, other| one.0.total_cmp(&other.0)).unwrap()
}

/// The same as the model does, one number after another, in double precision.
fn by_hand(tokens: &[usize]) -> Vec<f64> {
    let all: BTreeMap<String, Vec<f64>> =
        tensors().into_iter().map(|tensor| (tensor.name, tensor.numbers)).collect();
    let norm = |row: &[f64], name: &str| -> Vec<f64> {
        let mean = row.iter().sum::<f64>() / HIDDEN as f64;
        let deviation =
            (row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / HIDDEN as f64 + f64::from(EPSILON)).sqrt();
        let (scale, shift) = (&all[&format!("{name}.w")], &all[&format!("{name}.b")]);
        (0..HIDDEN).map(|i| (row[i] - mean) / deviation * scale[i] + shift[i]).collect()
    };
    let linear = |row: &[f64], name: &str, to: usize| -> Vec<f64> {
        let (weights, bias) = (&all[&format!("{name}.w")], &all[&format!("{name}.b")]);
        (0..to)
            .map(|o| bias[o] + (0..row.len()).map(|i| row[i] * weights[o * row.len() + i]).sum::<f64>())
            .collect()
    };
    let plus =
        |one: &[f64], other: &[f64]| -> Vec<f64> { one.iter().zip(other).map(|(a, b)| a + b).collect() };
    let mut rows: Vec<Vec<f64>> = tokens
        .iter()
        .enumerate()
        .map(|(position, token)| {
            let sum = |i: usize| {
                all["emb.word"][token * HIDDEN + i]
                    + all["emb.pos"][position * HIDDEN + i]
                    + all["emb.type"][i]
            };
            norm(&(0..HIDDEN).map(sum).collect::<Vec<_>>(), "emb.ln")
        })
        .collect();
    let width = HIDDEN / HEADS;
    for layer in 0..LAYERS {
        let name = |part: &str| format!("l{layer}.{part}");
        let each = |part: &str| rows.iter().map(|row| linear(row, &name(part), HIDDEN)).collect::<Vec<_>>();
        let (queries, keys, values) = (each("q"), each("k"), each("v"));
        let mut next = Vec::new();
        for (query, row) in queries.iter().zip(&rows) {
            let mut taken = vec![0.0; HIDDEN];
            for head in 0..HEADS {
                let span = head * width..(head + 1) * width;
                let agree = keys.iter().map(|key| {
                    let dot: f64 = span.clone().map(|i| query[i] * key[i]).sum();
                    (dot / (width as f64).sqrt()).exp()
                });
                let agree: Vec<f64> = agree.collect();
                let sum: f64 = agree.iter().sum();
                for (share, value) in agree.iter().zip(&values) {
                    span.clone().for_each(|i| taken[i] += share / sum * value[i]);
                }
            }
            let row = norm(&plus(row, &linear(&taken, &name("ao"), HIDDEN)), &name("aln"));
            let wide = linear(&row, &name("fi"), FORWARD);
            let wide: Vec<f64> =
                wide.into_iter().map(|x| 0.5 * x * (1.0 + erf(x / 2.0_f64.sqrt()))).collect();
            next.push(norm(&plus(&row, &linear(&wide, &name("fo"), HIDDEN)), &name("oln")));
        }
        rows = next;
    }
    let mean: Vec<f64> =
        (0..HIDDEN).map(|i| rows.iter().map(|row| row[i]).sum::<f64>() / rows.len() as f64).collect();
    let length = mean.iter().map(|x| x * x).sum::<f64>().sqrt();
    mean.into_iter().map(|x| x / length).collect()
}

/// The error function by its series, which is exact where it is used here; beyond 6 it is 1.
fn erf(x: f64) -> f64 {
    if x.abs() > 6.0 {
        return x.signum();
    }
    let (mut sum, mut term) = (x, x);
    for n in 1..200 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    (sum * 2.0 / std::f64::consts::PI.sqrt()).clamp(-1.0, 1.0)
}

#[test]
fn a_vector_is_what_the_slow_way_gives() {
    let model = Model::read(draft().write()).unwrap();
    assert_eq!((model.dimensions(), model.window()), (HIDDEN, POSITIONS));
    for (text, role) in [
        ("aba", Role::Query),
        ("空调", Role::Passage),
        ("", Role::Query),
        ("ab 空调ba?", Role::Query),
        ("bababababababababa", Role::Passage),
    ] {
        let vector = model.embed(text, role);
        let slow = by_hand(&model.tokens(text, role));
        assert_eq!(vector.len(), HIDDEN);
        for (fast, slow) in vector.iter().zip(&slow) {
            assert!((f64::from(*fast) - slow).abs() < 1e-5, "{text}: {fast} {slow}");
        }
        assert_eq!(vector, model.embed(text, role));
    }
}

#[test]
fn a_text_is_cut_as_all_ways_to_cut_it_say() {
    let model = Model::read(draft().write()).unwrap();
    for (text, prepared) in [
        ("aba", "▁query:▁aba"),
        ("abab", "▁query:▁abab"),
        ("空调", "▁query:▁空调"),
        ("a\t\t  b", "▁query:▁a▁b"),
        ("ａ½\u{ad}z", "▁query:▁aabz"),
        ("", "▁query:▁"),
        ("调空空调", "▁query:▁调空空调"),
        ("</s>", "▁query:▁</s>"),
    ] {
        let chars: Vec<char> = prepared.chars().collect();
        let mut expected = vec![0];
        expected.extend(cut(&chars).1);
        expected.push(2);
        assert_eq!(model.tokens(text, Role::Query), expected, "{text}");
    }
}

#[test]
fn a_text_beyond_the_window_is_cut() {
    let model = Model::read(draft().write()).unwrap();
    let long = "空b".repeat(500_000);
    let tokens = model.tokens(&long, Role::Query);
    assert_eq!(tokens.len(), POSITIONS);
    assert_eq!((tokens.first(), tokens.last()), (Some(&0), Some(&2)));
    assert_eq!(tokens, model.tokens(&"空b".repeat(50), Role::Query));
    let length: f32 = model.embed(&long, Role::Query).iter().map(|number| number * number).sum();
    assert!((length - 1.0).abs() < 1e-5);
}

#[test]
fn another_file_has_another_fingerprint() {
    let bytes = draft().write();
    let one = Model::read(bytes.clone()).unwrap();
    assert_eq!(one.fingerprint(), Model::read(bytes.clone()).unwrap().fingerprint());
    let mut other = bytes;
    *other.last_mut().unwrap() ^= 1;
    let other = Model::read(other).unwrap();
    assert_ne!(one.fingerprint(), other.fingerprint());
    assert_eq!(one.fingerprint().len(), 32);
}

#[test]
fn a_file_that_ends_anywhere_else_is_refused() {
    let whole = draft().write();
    for length in (0..whole.len()).rev() {
        let fault = Model::read(whole[..length].to_vec()).unwrap_err();
        assert!(!matches!(fault, Fault::Unreadable { .. }), "{fault}");
        assert!(fault.to_string().contains("fetch the file again") || length < 4, "{length}: {fault}");
    }
    let mut longer = whole;
    longer.push(0);
    assert!(Model::read(longer).unwrap_err().to_string().contains("1 bytes too many"));
}

#[test]
fn a_changed_byte_never_panics() {
    let whole = draft().write();
    // Everything before the tensors, each byte in three ways.
    let head = whole.len() - draft().tensors.iter().map(|tensor| tensor.bytes.len()).sum::<usize>();
    for place in 0..head {
        for change in [0xFF, 0x80, 0x01] {
            let mut damaged = whole.clone();
            damaged[place] ^= change;
            if let Ok(model) = Model::read(damaged) {
                assert!(!model.tokens("ab空调", Role::Query).is_empty());
            }
        }
    }
}

#[test]
fn impossible_sizes_are_named() {
    let says = |change: fn(&mut Draft)| {
        let mut draft = draft();
        change(&mut draft);
        let fault = Model::read(draft.write()).unwrap_err();
        assert!(fault.in_chinese().contains("请"), "{}", fault.in_chinese());
        fault.to_string()
    };
    for (expected, change) in [
        ("hidden size: 0", (|draft| draft.header[0] = 0) as fn(&mut Draft)),
        ("hidden size: 4294967295", |draft| draft.header[0] = 4_294_967_295),
        ("number of layers: 65", |draft| draft.header[1] = 65),
        ("l2.q.w: it is missing", |draft| draft.header[1] = 3),
        ("do not fit", |draft| draft.header[2] = 5),
        ("l0.fi.w: 6144 of Q4_0 instead of 8192", |draft| draft.header[3] = 128),
        ("number of pieces: 21 is not between", |draft| draft.header[4] = 20),
        ("emb.pos: 1536 of f32 instead of", |draft| draft.header[5] = 25),
        ("epsilon", |draft| draft.epsilon = f32::NAN),
        ("do not fit", |draft| draft.block = 16),
        ("id of unknown: 21", |draft| draft.special[3] = 21),
        ("no text", |draft| draft.pieces[5].0 = vec![0xFF, 0xFE]),
        ("one after another", |draft| draft.pieces[5].0 = Vec::new()),
        ("scores of the pieces: place 5", |draft| draft.pieces[5].1 = f32::INFINITY),
        ("0xd800 is no character", |draft| draft.normal[1].1 = vec![0xD800]),
        ("out of order", |draft| draft.normal.swap(0, 1)),
        ("emb.type: it is missing", |draft| draft.tensors[1].name = "emb.typo".to_owned()),
        ("it stands there twice", |draft| draft.tensors[1].name = "emb.pos".to_owned()),
        ("emb.ln.w: 64 of Q4_0 instead of 64 of f32", |draft| {
            draft.tensors[2] = packed("emb.ln.w", 64, &mut Chance(1));
        }),
        ("emb.ln.b: place 3 holds no number", |draft| {
            draft.tensors[3].bytes[12..16].copy_from_slice(&f32::NAN.to_le_bytes());
        }),
        ("emb.word: a scale that is no number", |draft| {
            let words = draft.tensors.iter_mut().find(|tensor| tensor.name == "emb.word").unwrap();
            words.bytes[1] = 0x7C;
        }),
        ("256 bytes for 63 numbers", |draft| {
            draft.tensors[3].numbers.pop();
        }),
    ] {
        let found = says(change);
        assert!(found.contains(expected), "{found} instead of {expected}");
    }
}

#[test]
fn what_is_no_model_is_told_apart() {
    let read = |bytes: &[u8]| Model::read(bytes.to_vec()).unwrap_err();
    assert!(matches!(read(b"GGUF\x03\0\0\0"), Fault::Foreign { .. }));
    assert!(matches!(read(b"E5S1\x02\0\0\0"), Fault::Version { found: 2 }));
    assert!(matches!(read(b""), Fault::Short { at: 0, needed: 4, length: 0, .. }));
    let nowhere = Model::open(std::path::Path::new("there/is/no/such.bin")).unwrap_err();
    assert!(matches!(nowhere, Fault::Unreadable { .. }));
    assert!(nowhere.to_string().contains("such.bin") && nowhere.in_chinese().contains("such.bin"));
}
