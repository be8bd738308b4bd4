//! How long the rules of classification take: one request is classified at every intake.

use divan::{Bencher, black_box};
use yinuo_language::{Given, classify};

fn main() {
    divan::main();
}

const SHORT: &str = "客厅的空调开了半小时还是不制冷，麻烦安排师傅来看看。";

#[divan::bench]
fn a_short_request(bencher: Bencher<'_, '_>) {
    let given = Given { subject: "空调不制冷", body: SHORT, ..Given::default() };
    bencher.bench(|| classify(black_box(&given)));
}

#[divan::bench]
fn a_request_of_a_page(bencher: Bencher<'_, '_>) {
    let body = SHORT.repeat(20);
    bencher.bench(|| {
        classify(black_box(&Given { subject: "空调不制冷", body: &body, ..Given::default() }))
    });
}

#[divan::bench]
fn the_longest_request(bencher: Bencher<'_, '_>) {
    let body = "空调漏电冒烟，投诉你们的发票。".repeat(1_300);
    bencher.bench(|| classify(black_box(&Given { body: &body, ..Given::default() })));
}
