//! The worked example: played with a clock that is set, kept in the same folder that is served with the real one.

use std::{io::IsTerminal, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use yinuo_commitment::Language;
use yinuo_core::roster::{Member, Role};
use yinuo_desk::{Clock, Desk, InboxCourier, Ports};
use yinuo_example::{Plan, SeededEntropy, Summary, play};
use yinuo_ledger::Ledger;

use crate::{
    commands::{say, told},
    config::{Config, ServerSection},
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

/// File in the data folder while the example is being played: what is there with it is half an example.
const BEING_PLAYED: &str = "example-being-played";

/// Removes an example that was broken off while it was played, so that it is played anew; without `--example` the folder
/// is refused, because half an example looks like a whole one.
pub(crate) fn clear_half_played(server: &ServerSection, example: bool, language: Language) -> Result<()> {
    let data = &server.data;
    let marker = data.join(BEING_PLAYED);
    if !marker.exists() {
        return Ok(());
    }
    if !example {
        bail!(
            "{}: {}",
            data.display(),
            say(
                language,
                "示例未能演练到底；请加 --example 重新演练，或换一个数据目录",
                "the example was not played to its end; start with --example to play it anew, or choose another folder",
            )
        );
    }
    if server.database.is_some() {
        bail!(
            "{}: {}",
            marker.display(),
            say(
                language,
                "示例未能演练到底；请重建空数据库，删除此文件，再加 --example 启动",
                "the example was not played to its end; make the database anew, remove this file, then start with --example",
            )
        );
    }
    for entry in std::fs::read_dir(data)? {
        let file = entry?.path();
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with(wire::DATABASE) {
            std::fs::remove_file(&file).with_context(|| file.display().to_string())?;
        }
    }
    std::fs::remove_file(&marker).with_context(|| marker.display().to_string())
}

/// Plays the example into an empty ledger, up to now.
pub(crate) async fn fill(config: &Config, ledger: &Arc<dyn Ledger>, language: Language) -> Result<Summary> {
    let marker = config.server.data.join(BEING_PLAYED);
    std::fs::write(&marker, "").with_context(|| marker.display().to_string())?;
    let summary = played(config, ledger, language).await?;
    std::fs::remove_file(&marker).with_context(|| marker.display().to_string())?;
    Ok(summary)
}

async fn played(config: &Config, ledger: &Arc<dyn Ledger>, language: Language) -> Result<Summary> {
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
        "示例未能演练到底；重新启动即可再次演练",
        "the example was not played to its end; start again to play it anew",
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
