//! Alarm lateness: a hundred thousand armed clocks, ten thousand of which fall due within one second.

use std::{collections::HashMap, path::Path, time::Duration};

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{broadcast::error::RecvError, watch};
use yinuo_commitment::{Channel, Kind};
use yinuo_core::{id::TicketId, roster::Actor};
use yinuo_desk::{Desk, Submission};

use crate::{house, place::Place, stats::Latencies};

const ARMED: u64 = 100_000;
const DUE: u64 = 10_000;

/// One promise, ten hours of wall-clock time, no ladder: the due instant is the only alarm.
const LETTER: &str = r#"
[commitment]
number = "BENCH-1"
title = { zh = "测量用承诺书", en = "Letter for measuring" }
company = { zh = "示例科技有限公司", en = "Example Technology Ltd." }
effective = 2020-01-01T00:00:00Z
signed = { by = "Bench", post = { zh = "经理", en = "Manager" }, on = 2020-01-01 }
covers = ["suggestion"]

[calendar.always]
always = true

[[promise]]
id = "first-reply"
title = { zh = "首次回应", en = "First reply" }
when = { kind = "suggestion" }
from = "received"
until = "first-reply"
within = "10 h"
on = "always"
"#;

pub(crate) async fn run(scratch: &Path) -> Result<()> {
    let data = scratch.join("alarms");
    let place = Place::sqlite(&data)?;
    let clock = house::BenchClock::real();
    let desk = house::open(&place, clock.clone(), &[LETTER]).await?;
    let budget = SignedDuration::from_hours(10);
    // Ninety thousand clocks far from due.
    clock.set(Timestamp::now());
    submit(&desk, &clock, ARMED - DUE, |_| Timestamp::now()).await?;
    // Ten thousand that fall due evenly within one second, soon after they are all armed.
    let first_due = Timestamp::now() + SignedDuration::from_secs(25);
    let step = SignedDuration::from_micros(1_000_000 / i64::try_from(DUE)?);
    let due_at = |number: u64| first_due + step * i32::try_from(number).unwrap_or(0);
    let tickets = submit(&desk, &clock, DUE, |number| due_at(number) - budget).await?;
    clock.set_real();
    let due: HashMap<TicketId, Timestamp> =
        tickets.into_iter().map(|(ticket, number)| (ticket, due_at(number))).collect();
    let lead = first_due.duration_since(Timestamp::now());
    let (stop, stopped) = watch::channel(false);
    let mut feed = desk.feed();
    let ticker = tokio::spawn(desk.clone().run_ticker(stopped));
    let watching = async {
        let mut micros = Vec::new();
        while micros.len() < due.len() {
            match feed.recv().await {
                Ok(change) => {
                    if let Some(due) = change.ticket.and_then(|ticket| due.get(&ticket)) {
                        let late = Timestamp::now().as_microsecond() - due.as_microsecond();
                        micros.push(u64::try_from(late).unwrap_or(0));
                    }
                }
                Err(RecvError::Lagged(missed)) => eprintln!("the watcher missed {missed} changes"),
                Err(RecvError::Closed) => break,
            }
        }
        Latencies::new(micros)
    };
    let late =
        tokio::time::timeout(Duration::from_secs(90), watching).await.context("not every alarm fired")?;
    stop.send_replace(true);
    ticker.await?;
    println!(
        "\nalarm lateness, from the due instant to the record on disk: {ARMED} armed clocks, {DUE} due within one second"
    );
    println!(
        "armed {:.0} s ahead; fired {} | p50 {:.1} ms | p90 {:.1} ms | p99 {:.1} ms | worst {:.1} ms",
        lead.as_secs_f64(),
        late.len(),
        late.at(50.0),
        late.at(90.0),
        late.at(99.0),
        late.at(100.0)
    );
    drop(desk);
    let _ = std::fs::remove_dir_all(&data);
    Ok(())
}

/// Submits tickets, `at` telling when each comes in.
async fn submit(
    desk: &Desk,
    clock: &house::BenchClock,
    many: u64,
    at: impl Fn(u64) -> Timestamp,
) -> Result<Vec<(TicketId, u64)>> {
    let mut tickets = Vec::new();
    let mut next = 0;
    while next < many {
        let end = many.min(next + 512);
        let mut tasks = Vec::new();
        for number in next..end {
            let mut submission = Submission::new(Channel::Web, "建议", "一条用来测量闹钟的建议。");
            submission.kind = Some(Kind::Suggestion);
            // The clock is read when the request is first polled, so each is started at its own instant.
            clock.set(at(number));
            let mut submitting = Box::pin({
                let desk = desk.clone();
                async move { desk.submit(submission, Actor::System, None).await }
            });
            let started = std::future::poll_fn(|context| {
                let polled = submitting.as_mut().poll(context);
                std::task::Poll::Ready(match polled {
                    std::task::Poll::Ready(done) => Some(done),
                    std::task::Poll::Pending => None,
                })
            })
            .await;
            tasks.push((
                number,
                match started {
                    Some(done) => tokio::spawn(async move { done }),
                    None => tokio::spawn(submitting),
                },
            ));
        }
        for (number, task) in tasks {
            tickets.push((task.await??.ticket, number));
        }
        next = end;
    }
    Ok(tickets)
}
