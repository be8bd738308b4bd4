//! The worked example: played with a clock that is set, kept in the same folder that is served with the real one.

use std::{io::IsTerminal, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use yinuo_commitment::Language;
use yinuo_core::roster::{Member, Role};
use yinuo_desk::{Clock, Desk, InboxCourier, Ports};
use yinuo_example::{Plan, SeededEntropy, Summary, play};
use yinuo_ledger::Ledger;

use crate::{
    commands::{say, told},
    config::Config,
    ports::SystemClock,
    wire,
};

/// Password of everybody in the example. It is printed at every start: an example keeps nothing secret.
pub(crate) const PASSWORD: &str = "yinuo-example";

/// The same seed plays the same weeks.
const SEED: u64 = 20_261_121;

/// Weeks that are played.
const WEEKS: u32 = 6;

/// How often the person at the terminal is told that it goes on.
const TOLD_EVERY: Duration = Duration::from_millis(500);

/// Plays the example into an empty ledger, up to now.
pub(crate) async fn fill(config: &Config, ledger: &Arc<dyn Ledger>, language: Language) -> Result<Summary> {
    let plan = Plan { seed: SEED, until: SystemClock.now(), weeks: WEEKS };
    let clock = Arc::new(plan.clock());
    let ports = Ports {
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        entropy: Arc::new(SeededEntropy::new(SEED)),
        courier: Arc::new(InboxCourier::new(Arc::clone(ledger))),
    };
    let settings = wire::settings(config, language)?;
    let desk =
        Desk::open(config.org()?, Arc::clone(ledger), ports, settings).await.map_err(told(language))?;
    let phc = yinuo_api::hash_password(&desk, PASSWORD.to_owned()).await.map_err(told(language))?;
    println!(
        "{}",
        say(
            language,
            "正在演练示例：虚构公司最近六周的工单……",
            "Playing the example: the last six weeks of a fictional company …"
        )
    );
    let summary = with_progress(&desk, language, play(&desk, &clock, &plan, &phc)).await;
    summary.context(say(
        language,
        "示例未能演练到底；请清空数据目录后重新启动",
        "the example was not played to its end; empty the data folder and start again",
    ))
}

/// Lets `work` happen and counts requests at the terminal meanwhile.
async fn with_progress<T>(desk: &Desk, language: Language, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    let shown = std::io::stderr().is_terminal();
    loop {
        tokio::select! {
            done = &mut work => {
                if shown {
                    eprint!("\r\u{1b}[K");
                }
                return done;
            }
            () = tokio::time::sleep(TOLD_EVERY), if shown => {
                let intakes = desk.meters().intakes.load(std::sync::atomic::Ordering::Relaxed);
                eprint!("\r  {intakes} {}", say(language, "件工单", "requests"));
            }
        }
    }
}

/// One person of each role who may sign in.
pub(crate) fn accounts(desk: &Desk) -> Vec<Member> {
    let organisation = desk.organisation();
    let first = |role: &Role| {
        let mut members = organisation.roster.members.values();
        members.find(|member| member.active && member.role == *role).cloned()
    };
    Role::ALL.iter().filter_map(first).collect()
}
