//! What the signed log costs: intakes with and without the sequencer beside them, in turns; then how fast the whole
//! ledger is verified.

use std::{path::Path, process::Command, time::Duration};

use anyhow::{Context, Result, bail};
use tokio::sync::watch;
use yinuo_desk::{Desk, Sequencer, Witnesses};

use crate::{house, place::Place, process, within::Rounds};

const TASKS: usize = 64;
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
    desk.open_log("yinuo.local/main", Witnesses::none(), true).await?;
    Rounds::default().add(&desk, TASKS, ROUND).await?;
    let (mut without, mut with) = (Rounds::default(), Rounds::default());
    for _ in 0..ROUNDS {
        without.add(&desk, TASKS, ROUND).await?;
        // What was left unsigned meanwhile is signed first, outside of the measured time.
        let mut sequencer = Sequencer::new(&desk)?;
        sequencer.catch_up().await?;
        sequencer.step_down().await?;
        let (stop, stopped) = watch::channel(false);
        let sequencer = tokio::spawn(desk.clone().run_sequencer(stopped));
        let before = signed(&desk).await?;
        with.add(&desk, TASKS, ROUND).await?;
        if signed(&desk).await? == before {
            bail!("nothing was signed meanwhile: this compares nothing");
        }
        stop.send_replace(true);
        sequencer.await?;
    }
    let less = |without: f64, with: f64| 100.0 - 100.0 * with / without;
    let (without, with) = ((without.rate(), without.cpu_ms()), (with.rate(), with.cpu_ms()));
    println!("without the sequencer: {:.0} a second, {:.4} ms of CPU each", without.0, without.1);
    println!("with the sequencer:    {:.0} a second, {:.4} ms of CPU each", with.0, with.1);
    println!(
        "receipts cost {:.1} % of the rate, {:.1} % of CPU",
        less(without.0, with.0),
        -less(without.1, with.1)
    );
    drop(desk);
    println!("verifying all of it, with the command that auditors use:");
    let verify = Command::new(process::binary()).args(["verify", "ledger", "--data"]).arg(&folder).output();
    let verify = verify.context("cannot start the binary")?;
    print!("{}{}", String::from_utf8_lossy(&verify.stdout), String::from_utf8_lossy(&verify.stderr));
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// Leaves of the newest checkpoint.
async fn signed(desk: &Desk) -> Result<u64> {
    Ok(desk.checkpoint().await?.map_or(0, |kept| kept.size))
}
