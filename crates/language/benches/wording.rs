//! How long an ordinary reply takes to be searched for personal data, masked and checked.

use divan::{Bencher, black_box};
use yinuo_commitment::Kind;
use yinuo_language::{
    personal::{Leave, find, mask},
    wording::{Facts, Step, check},
};

fn main() {
    divan::main();
}

const REPLY: &str = "王女士您好，给您带来不便，我们深表歉意。我们已经开始调查此事，工单编号TS-20261121-0007。工程师周强将于11月24日14:00前到达上海市\
    浦东新区张杨路500号1201室，到达前会拨打您登记的手机13800131234与您确认。如仍有疑问，请直接回复本消息。";

const REPLY_EN: &str = "Dear Ms Smith, we apologise for the trouble this has caused you. We have begun to investigate the matter under \
    number TS-20261121-0007. Our engineer will arrive at 12 Baker Street, London by 14:00 on 24 November and will call you on \
    +44 7700 900123 before. If anything is still open, simply reply to this message.";

fn reply(language: &str) -> &'static str {
    if language == "zh" { REPLY } else { REPLY_EN }
}

#[divan::bench(args = ["zh", "en"])]
fn find_in_a_reply(bencher: Bencher<'_, '_>, language: &str) {
    let reply = reply(language);
    bencher.bench(|| find(black_box(reply)));
}

#[divan::bench(args = ["zh", "en"])]
fn mask_a_reply(bencher: Bencher<'_, '_>, language: &str) {
    let reply = reply(language);
    bencher.bench(|| mask(black_box(reply)));
}

#[divan::bench(args = ["zh", "en"])]
fn check_a_reply(bencher: Bencher<'_, '_>, language: &str) {
    let leave = Leave::own(["400-820-1234"]);
    let facts = Facts::of(Step::Acknowledgement, Kind::Complaint, &leave);
    let reply = reply(language);
    bencher.bench(|| check(black_box(reply), &facts));
}

#[divan::bench]
fn find_in_a_megabyte_of_digits(bencher: Bencher<'_, '_>) {
    let digits = "1234567890".repeat(100_000);
    bencher.bench(|| find(black_box(&digits)));
}

#[divan::bench]
fn mask_a_megabyte_of_requests(bencher: Bencher<'_, '_>) {
    let text = REPLY.repeat(1_000_000 / REPLY.len());
    bencher.bench(|| mask(black_box(&text)));
}
