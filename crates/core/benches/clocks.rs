//! What a decision costs: intake with its rows, the clocks of a fresh ticket, a tick; and what figures cost. Run with
//! `cargo bench -p yinuo-core --bench clocks`.

#![expect(clippy::expect_used, reason = "bench data is fixed")]

#[path = "../tests/company/mod.rs"]
mod company;

use company::{Company, shanghai, ticket_id};
use divan::{Bencher, black_box};
use jiff::{SignedDuration, Timestamp};
use yinuo_commitment::{Channel, Facets, Kind, Language};
use yinuo_core::{
    clock,
    figures::{Basis, Dimension, Figures},
    roster::Actor,
    ticket::{self, Classifier, Command, Customer, Entry, Request, Ticket},
    view,
};

const KINDS: [Kind; 3] = [Kind::Consultation, Kind::Repair, Kind::Complaint];

fn main() {
    divan::main();
}

fn request(company: &Company, kind: Kind) -> Request {
    Request {
        number: "TS-20260901-0001".into(),
        query_code: "482913".into(),
        channel: Channel::Web,
        customer: Customer { name: "王女士".into(), ..Customer::default() },
        subject: "求助".into(),
        body: "请尽快处理".into(),
        language: Language::Zh,
        facets: Facets::of(kind),
        classifier: Classifier::Rules,
        why: "".into(),
        assessment: None,
        pins: company.pins(),
        tzdb: "bench".into(),
        external: None,
    }
}

fn received(company: &Company, request: Request, now: Timestamp) -> Ticket {
    let events = ticket::receive(request, &company.facts(), now).expect("a plain request is taken");
    let entry = Entry { at: now, actor: Actor::Customer, events };
    ticket::begin(ticket_id(1), &entry).expect("it begins with its receipt")
}

#[divan::bench(args = KINDS)]
fn receive_fold_views(bencher: Bencher<'_, '_>, kind: Kind) {
    let (company, now) = (Company::both(), shanghai("2026-09-01 10:00"));
    bencher.with_inputs(|| request(&company, kind)).bench_values(|request| {
        let ticket = received(&company, request, now);
        view::views(&ticket, &company.facts())
    });
}

#[divan::bench(args = KINDS)]
fn clocks_of_a_fresh_ticket(bencher: Bencher<'_, '_>, kind: Kind) {
    let (company, now) = (Company::both(), shanghai("2026-09-01 10:00"));
    let ticket = received(&company, request(&company, kind), now);
    bencher.bench(|| clock::clocks(black_box(&ticket), &company.facts(), now));
}

/// Figures of a hundred thousand clocks by team, to the last percentile.
#[divan::bench(sample_count = 10)]
fn figures_of_100k_clocks(bencher: Bencher<'_, '_>) {
    let (company, now) = (Company::both(), shanghai("2026-09-01 10:00"));
    let rows: Vec<view::ClockRow> = KINDS
        .iter()
        .flat_map(|kind| {
            view::views(&received(&company, request(&company, *kind), now), &company.facts()).clocks
        })
        .cycle()
        .take(100_000)
        .enumerate()
        .map(|(place, mut row)| {
            let after = SignedDuration::from_millis(i64::try_from(place % 9973).unwrap_or(0) * 1000);
            row.end = Some((clock::ClockEnd::Met, now + after));
            row.worked_us = i64::try_from(after.as_micros()).ok();
            row
        })
        .collect();
    let basis = Basis {
        as_of: shanghai("2026-10-01 10:00"),
        zone: company::zone(),
        by: Some(Dimension::Team),
        cases_max: 100,
        survey_standard: None,
    };
    bencher.bench(|| {
        let mut figures = Figures::new(basis.clone());
        for row in &rows {
            figures.add(black_box(row));
        }
        figures.report()
    });
}

/// A tick at the due instant of the first reply, with the rows after it.
#[divan::bench]
fn tick_fold_views(bencher: Bencher<'_, '_>) {
    let (company, now) = (Company::both(), shanghai("2026-09-01 10:00"));
    let ticket = received(&company, request(&company, Kind::Consultation), now);
    let due = shanghai("2026-09-01 10:15");
    bencher.with_inputs(|| ticket.clone()).bench_values(|ticket| {
        let events = ticket::decide(&ticket, Command::Tick, Actor::System, &company.facts(), due);
        let entry = Entry { at: due, actor: Actor::System, events: events.expect("a step is due") };
        let ticket = ticket::apply(ticket, &entry);
        view::views(&ticket, &company.facts())
    });
}
