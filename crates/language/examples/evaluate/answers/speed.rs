//! How long it takes to tokenise a text and to answer a question.

use std::{hint::black_box, time::Instant};

use yinuo_language::{
    answers::{Article, Asking, Index},
    search::Query,
    tokens::TokenKey,
};

const TEXT: &str = "客厅的空调开了半小时还是不制冷，麻烦安排师傅来看看。Model AX3000, bought in 2024.";

pub(crate) fn print(starter: &[Article]) {
    let articles = many(starter);
    let begun = now();
    let index = Index::new(&articles);
    println!("\n### Time\n\n| what | time |\n| --- | --- |");
    println!("| make an index of {} articles | {:.2} s |", articles.len(), begun.elapsed().as_secs_f64());
    for question in ["空调开了半天不制冷怎么办", "how long does it take until my refund arrives"]
    {
        time(&format!("ask it: {question}"), 300, || {
            black_box(index.ask(black_box(question), &Asking::default()));
        });
    }
    let small = Index::new(starter);
    time(&format!("ask {} articles", starter.len()), 2_000, || {
        black_box(small.ask(black_box("空调开了半天不制冷怎么办"), &Asking::default()));
    });
    let key = TokenKey::from_bytes(b"a key to measure");
    time("tokenise a text of 60 characters", 5_000, || {
        black_box(key.pages(black_box(TEXT)));
    });
    let page = TEXT.repeat(20);
    time("tokenise a text of 1,200 characters", 500, || {
        black_box(key.pages(black_box(&page)));
    });
    time("read a query and cut it into tokens", 5_000, || {
        black_box(
            Query::parse(black_box("空调 不制冷 -退款 类型:报修")).map(|query| query.phrases(&key)).ok(),
        );
    });
}

/// A thousand articles: the starter's, each with a word of its own in every question.
fn many(starter: &[Article]) -> Vec<Article> {
    let mut articles = Vec::new();
    for number in 0..1_000_u32 {
        let Some(article) = starter.iter().cycle().nth(usize::try_from(number).unwrap_or_default()) else {
            break;
        };
        let mut article = article.clone();
        article.id = format!("{}-{number}", article.id);
        for piece in article.zh.iter_mut().chain(&mut article.en) {
            for question in &mut piece.questions {
                *question = format!("{question} x{number}");
            }
        }
        articles.push(article);
    }
    articles
}

fn time(name: &str, times: u32, mut what: impl FnMut()) {
    let begun = now();
    for _ in 0..times {
        what();
    }
    println!("| {name} | {:.1} µs |", begun.elapsed().as_secs_f64() * 1e6 / f64::from(times));
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
fn now() -> Instant {
    Instant::now()
}
