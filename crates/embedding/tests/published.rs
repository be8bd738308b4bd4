//! The published model, when `YINUO_EMBEDDING` names its file: the vectors of its own engine, and what they are for.
#![expect(clippy::unwrap_used, reason = "a case that cannot be set up must fail")]
#![expect(clippy::print_stdout, reason = "nothing is skipped silently")]

use std::{path::PathBuf, sync::OnceLock};

use yinuo_embedding::{Model, Role};

/// Role, tokens, text, vector: made with the engine of the package.
const REFERENCE: &str = include_str!("reference.txt");

fn model() -> Option<&'static Model> {
    static MODEL: OnceLock<Option<Model>> = OnceLock::new();
    let open = || {
        let Some(path) = std::env::var_os("YINUO_EMBEDDING").map(PathBuf::from) else {
            println!("skipped: YINUO_EMBEDDING names no file of an embedding model");
            return None;
        };
        Some(Model::open(&path).unwrap())
    };
    MODEL.get_or_init(open).as_ref()
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    let dot = |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f32>();
    dot(one, other) / (dot(one, one) * dot(other, other)).sqrt()
}

#[test]
fn vectors_are_those_of_the_published_engine() {
    let Some(model) = model() else { return };
    let mut compared = 0;
    for line in REFERENCE.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap();
        let role = if cell() == "query" { Role::Query } else { Role::Passage };
        let tokens: usize = cell().parse().unwrap();
        let text = cell().trim_matches('"').replace("\\t", "\t").replace("\\n", "\n");
        let bytes = hex::decode(cell()).unwrap();
        let expected: Vec<f32> = bytes.iter().map(|byte| f32::from(byte.cast_signed())).collect();
        let vector = model.embed(&text, role);
        assert_eq!(vector.len(), expected.len());
        let cosine = cosine(&vector, &expected);
        println!("{cosine:.5} {} {text}", model.tokens(&text, role).len());
        assert_eq!(model.tokens(&text, role).len(), tokens, "{text}");
        assert!(cosine >= 0.999, "{cosine} {text}");
        compared += 1;
    }
    assert!(compared >= 20);
}

#[test]
fn the_same_in_other_words_is_nearer_than_something_else() {
    let Some(model) = model() else { return };
    let embed = |text: &str| model.embed(text, Role::Query);
    for (text, same, other) in [
        ("空调不制冷", "屋里开着空调还是热得像蒸笼", "发票什么时候能开"),
        ("忘记了无线网络密码", "家里的wifi密码想不起来了", "洗衣机漏水"),
        ("how long until my refund arrives", "when do I get my money back", "the fridge makes a loud noise"),
        ("what does the warranty cover", "is this repair free under guarantee", "change my appointment"),
        ("空调不制冷", "my air conditioner does not cool", "I want an invoice"),
        ("怎么申请退款", "how can I get a refund", "路由器亮红灯"),
        ("净水器多久换滤芯", "how often should I replace the water filter", "我要投诉安装师傅"),
    ] {
        let (text_vector, same_vector, other_vector) = (embed(text), embed(same), embed(other));
        let (near, far) = (cosine(&text_vector, &same_vector), cosine(&text_vector, &other_vector));
        assert!(near > far + 0.02, "{text}: {near} to {same}, {far} to {other}");
    }
}

#[test]
fn a_page_is_cut_and_still_a_vector() {
    let Some(model) = model() else { return };
    let page = "空调不制冷，请派师傅来看看。".repeat(2_000);
    assert_eq!(model.tokens(&page, Role::Query).len(), model.window());
    let vector = model.embed(&page, Role::Query);
    let length: f32 = vector.iter().map(|number| number * number).sum();
    assert!((length - 1.0).abs() < 1e-4);
    assert!(cosine(&vector, &model.embed("空调不制冷，请派师傅来看看。", Role::Query)) > 0.9);
}

#[test]
fn the_real_file_cut_short_is_refused() {
    if model().is_none() {
        return;
    }
    let bytes = std::fs::read(std::env::var_os("YINUO_EMBEDDING").unwrap()).unwrap();
    for length in [3, 40, 4_000, 2_000_000, 5_000_000, 60_000_000, bytes.len() - 1] {
        let said = Model::read(bytes[..length].to_vec()).unwrap_err().to_string();
        assert!(said.contains("fetch the file again") || length < 4, "{said}");
    }
}
