//! `yinuo explain FILE PROMISE --start INSTANT`

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use yinuo_calendar::{Explanation, Pauses, RowKind, Shut};
use yinuo_commitment::{Budget, Language, budget_words};

use super::{commitment, say};
use crate::config::Config;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Commitment file (TOML).
    file: PathBuf,
    /// Name of the promise.
    promise: String,
    /// When the clock starts, RFC 3339, such as 2026-09-30T17:50:00+08:00.
    #[arg(long)]
    start: Timestamp,
    /// A pause FROM/TO, both RFC 3339; FROM/ is a pause that lasts. May be given several times.
    #[arg(long, value_name = "FROM/TO")]
    pause: Vec<String>,
}

pub(crate) fn run(args: &Args, config: &Config, language: Language) -> Result<ExitCode> {
    let letter = commitment(&args.file, config, language)?;
    let Some(promise) = letter.promise(&args.promise) else {
        let known: Vec<&str> = letter.promises.iter().map(|promise| promise.id.as_str()).collect();
        let known = known.join(", ");
        match language {
            Language::Zh => bail!("没有承诺条款「{}」；这份承诺书有：{known}", args.promise),
            Language::En => bail!("there is no promise `{}`; the letter has: {known}", args.promise),
        }
    };
    let spans = args.pause.iter().map(|pause| span(pause, language));
    let pauses: Pauses = spans.collect::<Result<Vec<_>>>()?.into_iter().collect();
    let calendar = letter.calendar(&promise.on).context("the promise names a calendar")?;
    let explanation = match promise.within {
        Budget::Working(time) => calendar.explain(args.start, time, &pauses),
        Budget::Workdays(days) => calendar.explain_workdays(args.start, days, &pauses),
        Budget::Rings(_) | Budget::AsTold | Budget::TheCall => match language {
            Language::Zh => bail!("「{}」不按日历计时（铃声、当次通话或告知的时间）", args.promise),
            Language::En => {
                bail!("`{}` does not count on a calendar (rings, the call, or a told time)", args.promise)
            }
        },
    };
    println!("{}", promise.title.get(language));
    println!("{}", budget_words(promise.within, Some(calendar), language));
    print(&explanation, calendar.time_zone(), language);
    let due = explanation.due.ok();
    if let Some(year) = due.and_then(|due| calendar.provisional_year(args.start, due)) {
        match language {
            Language::Zh => println!("注意：{year} 年尚无官方节假日安排，此到期时刻为暂定。"),
            Language::En => {
                println!("note: {year} has no official holiday data yet, so this due instant is provisional");
            }
        }
    }
    Ok(if explanation.due.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn span(text: &str, language: Language) -> Result<(Timestamp, Option<Timestamp>)> {
    let shape = say(
        language,
        "暂停写作 起/止，均为 RFC 3339 时间，不是",
        "a pause is FROM/TO, both RFC 3339 instants, not",
    );
    let (from, to) = text.split_once('/').with_context(|| format!("{shape} `{text}`"))?;
    let instant = |part: &str| part.parse::<Timestamp>().with_context(|| format!("{shape} `{text}`"));
    let (from, to) = (instant(from)?, if to.is_empty() { None } else { Some(instant(to)?) });
    if to.is_some_and(|to| to < from) {
        bail!("{}: `{text}`", say(language, "暂停的结束不能早于开始", "a pause cannot end before it begins"));
    }
    Ok((from, to))
}

fn print(explanation: &Explanation, zone: &TimeZone, language: Language) {
    let local = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let zh = language == Language::Zh;
    println!("{}: {}", if zh { "开始" } else { "start" }, local(explanation.start));
    for row in &explanation.rows {
        let what = match &row.kind {
            RowKind::Counted if zh => {
                format!("计入 {}，累计 {}", length(row.counted, zh), length(row.total, zh))
            }
            RowKind::Counted => {
                format!("counts {}, {} so far", length(row.counted, zh), length(row.total, zh))
            }
            RowKind::Paused => (if zh { "暂停" } else { "paused" }).to_owned(),
            RowKind::Shut(shut) => shut_words(shut, zh),
        };
        println!("  {} – {}  {what}", local(row.from), local(row.to));
    }
    match &explanation.due {
        Ok(due) => println!("{}: {}", if zh { "到期" } else { "due" }, local(*due)),
        Err(reason) if zh => println!("没有到期时刻：{}", reason.zh()),
        Err(reason) => println!("no due instant: {reason}"),
    }
}

fn shut_words(shut: &Shut, zh: bool) -> String {
    let words = match shut {
        Shut::OutsideHours => ("非工作时间", "outside working hours"),
        Shut::WeekdayOff => ("休息日", "no working day"),
        Shut::ClosedDate { name: Some(name) } => return name.clone(),
        Shut::ClosedDate { name: None } => ("停业日", "closed"),
        Shut::SpecialOff => ("当日无工作时间", "special hours: none"),
    };
    (if zh { words.0 } else { words.1 }).to_owned()
}

/// Hours, minutes and seconds; parts that are zero are left out.
fn length(time: SignedDuration, zh: bool) -> String {
    let seconds = time.as_secs();
    let units = if zh { ["小时", "分钟", "秒"] } else { ["h", "min", "s"] };
    let parts = [seconds / 3_600, seconds / 60 % 60, seconds % 60];
    let shown = parts.iter().zip(units).filter(|(amount, _)| **amount != 0);
    let shown: Vec<String> = shown.map(|(amount, unit)| format!("{amount} {unit}")).collect();
    if shown.is_empty() { format!("0 {}", units[2]) } else { shown.join(" ") }
}
