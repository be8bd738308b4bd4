//! Intakes in this process, without HTTP: what the raw limits, whose clients are tasks too, are fairly compared with.

use std::time::{Duration, Instant};

use anyhow::Result;
use yinuo_commitment::Channel;
use yinuo_core::roster::Actor;
use yinuo_desk::{Desk, Submission};

use crate::{intake::TEXTS, process, stats};

/// What some rounds of one kind came to.
#[derive(Default)]
pub(crate) struct Rounds {
    rates: Vec<f64>,
    cpu_ms: Vec<f64>,
}

impl Rounds {
    /// Lets `tasks` tasks submit requests for `length`, each the next when it has the answer to the last.
    pub(crate) async fn add(&mut self, desk: &Desk, tasks: usize, length: Duration) -> Result<()> {
        let cpu_before = process::own_cpu_ms()?;
        let start = Instant::now();
        let tasks: Vec<_> =
            (0..tasks).map(|task| tokio::spawn(submit(desk.clone(), task, start, length))).collect();
        let mut done = 0;
        for task in tasks {
            done += task.await??;
        }
        self.rates.push(f64::from(done) / start.elapsed().as_secs_f64());
        self.cpu_ms.push((process::own_cpu_ms()? - cpu_before) / f64::from(done));
        Ok(())
    }

    /// Durable intakes a second.
    pub(crate) fn rate(&self) -> f64 {
        stats::median(self.rates.clone())
    }

    /// CPU time of one in milliseconds, that of the tasks too.
    pub(crate) fn cpu_ms(&self) -> f64 {
        stats::median(self.cpu_ms.clone())
    }
}

async fn submit(desk: Desk, task: usize, start: Instant, length: Duration) -> Result<u32> {
    let mut done = 0;
    let mut next = task;
    while start.elapsed() < length {
        let (subject, body) = TEXTS.get(next % TEXTS.len()).copied().unwrap_or_default();
        let mut submission = Submission::new(Channel::Web, subject, body);
        submission.customer.name = format!("客户{next}").as_str().into();
        submission.customer.phone = Some(format!("138000{:05}", next % 100_000).as_str().into());
        desk.submit(submission, Actor::Customer, None).await?;
        next += 1;
        done += 1;
    }
    Ok(done)
}
