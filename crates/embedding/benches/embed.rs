//! How long a vector takes: `YINUO_EMBEDDING=<file> cargo bench -p yinuo-embedding`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "figures for a person at the terminal")]

use std::{path::PathBuf, sync::LazyLock};

use yinuo_embedding::{Model, Role};

static MODEL: LazyLock<Model> =
    LazyLock::new(|| Model::open(&PathBuf::from(std::env::var_os("YINUO_EMBEDDING").unwrap())).unwrap());

const TEXTS: [&str; 3] = [
    "空调不制冷怎么办",
    "洗衣机脱水的时候声音特别大，像直升机一样，能派人来看看吗，我周末都在家",
    "Since yesterday evening the router shows a red light and nothing in the house is online; I restarted it twice. Can somebody come?",
];

fn main() {
    if std::env::var_os("YINUO_EMBEDDING").is_none() {
        println!("YINUO_EMBEDDING names no file of an embedding model: nothing was measured");
        return;
    }
    for text in TEXTS {
        println!("{} tokens: {text}", MODEL.tokens(text, Role::Query).len());
    }
    divan::main();
}

#[divan::bench(args = TEXTS)]
fn embed(text: &str) -> Vec<f32> {
    MODEL.embed(text, Role::Query)
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn open() -> Model {
    Model::open(&PathBuf::from(std::env::var_os("YINUO_EMBEDDING").unwrap())).unwrap()
}
