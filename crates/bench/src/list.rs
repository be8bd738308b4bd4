//! The list page of least slack, start-up time and memory, at a hundred thousand and a million tickets.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use jiff::{SignedDuration, Timestamp};
use yinuo_commitment::{Channel, Form, Kind};
use yinuo_core::{
    roster::{Actor, Role},
    ticket::{Answer, Command, Outcome, Purpose},
};
use yinuo_desk::{Desk, Submission};

use crate::{client::Connection, house, place::Place, process::Server, stats::Latencies};

/// Tickets submitted at the same time while filling, so that commits are shared.
const AT_ONCE: u64 = 512;

pub(crate) async fn run(scratch: &Path) -> Result<()> {
    println!("\nlist of least slack (50 rows), one client, open tickets a tenth of all");
    println!(
        "  tickets | filled /s | start s | RSS MiB at start | after the backlog | list p50 ms | p99 ms | mine p99 ms | 8 clients p99 ms"
    );
    for tickets in [100_000, 1_000_000] {
        let data = scratch.join(format!("list-{tickets}"));
        let place = Place::sqlite(&data)?;
        let clock = house::BenchClock::real();
        let desk = house::open(&place, clock.clone(), &house::LETTERS).await?;
        let token = house::token(&desk).await?;
        let start = Instant::now();
        fill(&desk, &clock, tickets).await?;
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let filled = tickets as f64 / start.elapsed().as_secs_f64();
        drop(desk);
        let server = Server::start(&place, 0).await?;
        let rss_at_start = server.rss_mib()?;
        // What came due while the database was filled is put on record first: a backlog that no running desk has.
        settle(&server).await?;
        let rss = server.rss_mib()?;
        let all = pages(&server.address, &token, "/api/v1/tickets?limit=50", 1).await?;
        let mine =
            pages(&server.address, &token, "/api/v1/tickets?limit=50&team=complaints&kind=complaint", 1)
                .await?;
        let eight = pages(&server.address, &token, "/api/v1/tickets?limit=50", 8).await?;
        println!(
            "{tickets:>9} | {filled:>9.0} | {:>7.2} | {rss_at_start:>16.0} | {rss:>17.0} | {:>11.2} | {:>6.2} | {:>11.2} | {:>16.2}",
            server.ready_after.as_secs_f64(),
            all.at(50.0),
            all.at(99.0),
            mine.at(99.0),
            eight.at(99.0),
        );
        drop(server);
        let _ = std::fs::remove_dir_all(&data);
    }
    Ok(())
}

/// Waits until the server has nothing to do.
async fn settle(server: &Server) -> Result<()> {
    let mut idle = 0;
    while idle < 5 {
        let before = server.cpu_ms()?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        idle = if server.cpu_ms()? - before < 30.0 { idle + 1 } else { 0 };
    }
    Ok(())
}

/// Nine of ten tickets are answered and closed; the tenth is open.
async fn fill(desk: &Desk, clock: &house::BenchClock, tickets: u64) -> Result<()> {
    let now = Timestamp::now();
    let mut done = 0;
    while done < tickets {
        // Open tickets are from the last hours; the closed ones from the months before.
        let share = done.saturating_mul(1_000) / tickets;
        let back = SignedDuration::from_mins(i64::try_from(1_000 - share)? * 60);
        clock.set(now - back);
        let many = AT_ONCE.min(tickets - done);
        let tasks: Vec<_> =
            (done..done + many).map(|number| tokio::spawn(one(desk.clone(), number))).collect();
        for task in tasks {
            task.await??;
        }
        done += many;
    }
    clock.set_real();
    Ok(())
}

async fn one(desk: Desk, number: u64) -> Result<()> {
    let kinds = [Kind::Consultation, Kind::Repair, Kind::Complaint, Kind::Suggestion];
    let kind = kinds.get(usize::try_from(number % 4)?).copied().unwrap_or(Kind::Consultation);
    let mut submission = Submission::new(Channel::Web, "工单", "一张用来测量列表的工单，内容不长也不短。");
    let open = number.is_multiple_of(10);
    submission.kind = Some(if open { kind } else { Kind::Suggestion });
    let receipt = desk.submit(submission, Actor::System, None).await?;
    if open {
        return Ok(());
    }
    let owner = receipt.sheet.ticket.assignment.as_ref().and_then(|owned| owned.member);
    let Some(id) = owner else { bail!("nobody owns the ticket") };
    let agent = Actor::Member { id, role: Role::Agent };
    let answer = Answer {
        body: "谢谢您的建议。".into(),
        form: Form::Written,
        purpose: Purpose::Reply,
        contents: Vec::new(),
        told: None,
        article: None,
    };
    desk.command(receipt.ticket, Command::Reply { answer }, agent, None).await?;
    desk.command(
        receipt.ticket,
        Command::Close { outcome: Outcome::Settled, note: "完".into() },
        agent,
        None,
    )
    .await?;
    Ok(())
}

async fn pages(address: &str, token: &str, path: &str, clients: usize) -> Result<Latencies> {
    let tasks: Vec<_> = (0..clients)
        .map(|_| tokio::spawn(read(address.to_owned(), token.to_owned(), path.to_owned())))
        .collect();
    let mut micros = Vec::new();
    for task in tasks {
        micros.extend(task.await??);
    }
    Ok(Latencies::new(micros))
}

async fn read(address: String, token: String, path: String) -> Result<Vec<u64>> {
    let mut connection = Connection::open(&address).await?;
    let headers = format!("Authorization: Bearer {token}\r\n");
    let mut micros = Vec::new();
    for _ in 0..500 {
        let sent = Instant::now();
        let answer = connection.get(&path, &headers).await?;
        micros.push(u64::try_from(sent.elapsed().as_micros())?);
        if answer.status != 200 {
            bail!("the list was answered with {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
    }
    Ok(micros)
}
