//! What the signed log costs: intakes with and without the sequencer beside them, in turns; then how fast the whole
//! ledger is verified.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tokio::sync::watch;
use yinuo_commitment::{Channel, Kind};
use yinuo_core::roster::Actor;
use yinuo_desk::{Desk, Submission};

use crate::{house, place::Place, process, stats};

const TASKS: u32 = 64;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(4);

pub(crate) async fn run(scratch: &Path) -> Result<()> {
    println!(
        "\nintakes in this process, {TASKS} tasks, {ROUNDS} rounds of {} s in turns, medians",
        ROUND.as_secs()
    );
    let folder = scratch.join("receipts");
    let place = Place::sqlite(&folder)?;
    let desk = house::open(&place, house::BenchClock::real(), &house::LETTERS).await?;
    round(&desk).await?;
    let (mut without, mut with) = (vec![], vec![]);
    for _ in 0..ROUNDS {
        without.push(round(&desk).await?);
        // What was left unsigned meanwhile is signed first, outside of the measured time.
        let (stop, stopped) = watch::channel(false);
        let sequencer = tokio::spawn(desk.clone().run_sequencer(stopped));
        tokio::time::sleep(Duration::from_secs(2)).await;
        with.push(round(&desk).await?);
        stop.send_replace(true);
        sequencer.await?;
    }
    let (without, with) = (stats::median(without), stats::median(with));
    println!(
        "without the sequencer {without:.0} a second, with it {with:.0}: {:.1} % less",
        100.0 - 100.0 * with / without
    );
    drop(desk);
    println!("verifying all of it, with the command that auditors use:");
    let verify = Command::new(process::binary()).args(["verify", "ledger", "--data"]).arg(&folder).output();
    let verify = verify.context("cannot start the binary")?;
    print!("{}{}", String::from_utf8_lossy(&verify.stdout), String::from_utf8_lossy(&verify.stderr));
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// Durable intakes a second.
async fn round(desk: &Desk) -> Result<f64> {
    let start = Instant::now();
    let tasks: Vec<_> = (0..TASKS).map(|task| tokio::spawn(submit(desk.clone(), task, start))).collect();
    let mut done = 0;
    for task in tasks {
        done += task.await??;
    }
    Ok(f64::from(done) / start.elapsed().as_secs_f64())
}

async fn submit(desk: Desk, task: u32, start: Instant) -> Result<u32> {
    let mut done = 0;
    while start.elapsed() < ROUND {
        let mut submission =
            Submission::new(Channel::Web, "空调不制冷", "家里的空调昨天开始不制冷了，麻烦安排师傅上门看看。");
        submission.kind = Some(Kind::Repair);
        submission.customer.phone = Some(format!("1380{task:03}{:04}", done % 10_000).as_str().into());
        desk.submit(submission, Actor::Customer, None).await?;
        done += 1;
    }
    Ok(done)
}
