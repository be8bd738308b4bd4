//! How long a text takes to become tokens, and a question to find its article.

use divan::{Bencher, black_box};
use yinuo_language::{
    answers::{Article, Asking, Index, starter},
    search::Query,
    tokens::TokenKey,
};

fn main() {
    divan::main();
}

const TEXT: &str = "客厅的空调开了半小时还是不制冷，麻烦安排师傅来看看。Model AX3000, bought in 2024.";

#[divan::bench]
fn tokens_of_an_ordinary_text(bencher: Bencher<'_, '_>) {
    let key = TokenKey::from_bytes(b"a key to measure");
    bencher.bench(|| key.pages(black_box(TEXT)));
}

#[divan::bench]
fn a_query_and_its_expression(bencher: Bencher<'_, '_>) {
    let key = TokenKey::from_bytes(b"a key to measure");
    bencher.bench(|| {
        Query::parse(black_box("空调 不制冷 -退款 类型:报修")).map(|query| query.phrases(&key)).ok()
    });
}

/// Articles of a knowledge base of this size: the starter's again and again, each with a word of its own.
fn articles(size: usize) -> Vec<Article> {
    let starter = starter().unwrap_or_default();
    let mut articles: Vec<Article> = starter.iter().cycle().take(size).cloned().collect();
    for (number, article) in articles.iter_mut().enumerate() {
        for piece in article.zh.iter_mut().chain(&mut article.en) {
            for question in &mut piece.questions {
                *question = format!("{question} x{number}");
            }
        }
    }
    articles
}

#[divan::bench(args = [35, 1_000])]
fn a_question(bencher: Bencher<'_, '_>, size: usize) {
    let index = Index::new(&articles(size));
    bencher.bench(|| index.ask(black_box("空调开了半天不制冷怎么办"), &Asking::default()));
}

#[divan::bench(args = [35])]
fn an_index(bencher: Bencher<'_, '_>, size: usize) {
    let articles = articles(size);
    bencher.bench(|| Index::new(black_box(&articles)));
}
