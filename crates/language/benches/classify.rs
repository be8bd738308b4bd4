//! How long classification takes, with lists of words and every head of the model: one request is classified at every intake.

use divan::{Bencher, black_box};
use yinuo_language::{Classification, Classifier, Given, Model, classify, shipped_model};

fn main() {
    divan::main();
}

const SHORT: &str = "客厅的空调开了半小时还是不制冷，麻烦安排师傅来看看。";

/// Everything that is shipped.
fn shipped(given: &Given<'_>) -> Classification {
    Classifier::shipped().classify(given)
}

#[divan::bench]
fn a_short_request(bencher: Bencher<'_, '_>) {
    let given = Given { subject: "空调不制冷", body: SHORT, ..Given::default() };
    bencher.bench(|| shipped(black_box(&given)));
}

const ENGLISH: &str = "The air conditioner in the living room has been running for half an hour and does not cool. Could you \
                       please send a technician this week?";

#[divan::bench]
fn a_short_request_in_english(bencher: Bencher<'_, '_>) {
    let given = Given { subject: "Not cooling", body: ENGLISH, ..Given::default() };
    bencher.bench(|| shipped(black_box(&given)));
}

#[divan::bench]
fn a_short_request_by_the_lists_alone(bencher: Bencher<'_, '_>) {
    let given = Given { subject: "空调不制冷", body: SHORT, ..Given::default() };
    bencher.bench(|| classify(black_box(&given)));
}

/// What a start costs.
#[divan::bench]
fn reading_the_model(bencher: Bencher<'_, '_>) {
    let file = shipped_model().map(|model| model.to_bytes()).unwrap_or_default();
    bencher.bench(|| Model::from_bytes(black_box(&file)));
}

#[divan::bench]
fn a_request_of_a_page(bencher: Bencher<'_, '_>) {
    let body = SHORT.repeat(20);
    bencher
        .bench(|| shipped(black_box(&Given { subject: "空调不制冷", body: &body, ..Given::default() })));
}

#[divan::bench]
fn the_longest_request(bencher: Bencher<'_, '_>) {
    let body = "空调漏电冒烟，投诉你们的发票。".repeat(1_300);
    bencher.bench(|| shipped(black_box(&Given { body: &body, ..Given::default() })));
}
