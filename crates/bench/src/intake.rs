//! Durable intake over HTTP: each request is classified by rules, ledgered, its clocks armed, and synced to disk before
//! it is acknowledged.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use yinuo_testbed::{self as testbed, PostgresCluster};

use crate::{client::Connection, house, place::Place, process::Server, raw, stats, within::Rounds};

/// Requests as customers write them; each names its kind to the rules of classification, not to the API.
pub(crate) const TEXTS: [(&str, &str); 8] = [
    (
        "空调不制冷",
        "家里的空调昨天开始不制冷了，开机半小时出风口还是热的，滤网刚洗过，麻烦安排师傅上门看看。",
    ),
    ("发票抬头开错了", "上周下的订单发票抬头写成了个人，公司报销不了，请问怎么换开？订单已经签收。"),
    ("投诉安装师傅态度", "师傅迟到两个小时，还说爱装不装，我要投诉，请给我一个说法和处理结果。"),
    (
        "净水器漏水，厨房已经积水",
        "净水器接口突然漏水，厨房地面全是水，关了总阀还在滴，非常着急，请马上派人。",
    ),
    ("请问保修期多久", "去年双十一买的路由器，想问一下保修期是一年还是两年，需要什么凭证？"),
    (
        "Router drops the connection",
        "The router restarts by itself every evening since the update. Can somebody look at it?",
    ),
    ("建议增加夜间配送", "白天上班收不了货，建议增加晚上七点以后的配送时段，很多同事都有这个需求。"),
    ("表扬客服小王", "客服小王非常耐心，帮我远程把问题解决了，必须点个赞。"),
];

const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(5);
const RAW_ROUND: Duration = Duration::from_secs(2);

/// What was measured with one database, so many nodes and so many clients.
#[derive(Default)]
struct Figures {
    rates: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    cpu: Vec<f64>,
    raw: Vec<f64>,
}

pub(crate) async fn run(scratch: &Path) -> Result<()> {
    println!("\nintake over HTTP, {ROUNDS} rounds of {} s each, medians", ROUND.as_secs());
    println!(
        "4 KiB appended and synced, one after the other: {:.0} a second",
        raw::syncs(scratch, RAW_ROUND)?
    );
    println!(
        "database   | nodes | clients |   /s | p50 ms | p99 ms | server CPU ms each | raw group commit /s | share of raw"
    );
    for clients in [1, 8, 64] {
        let place = Place::sqlite(&scratch.join(format!("intake-{clients}")))?;
        measure(scratch, &place, 1, clients).await?;
    }
    for nodes in [1, 3] {
        for clients in [1, 8, 64] {
            // A cluster of its own each time: what the one before left to be vacuumed and written back is no part of it.
            let cluster =
                PostgresCluster::start(&testbed::Options { fsync: true, ..testbed::Options::default() });
            let place = Place::postgres(&scratch.join("intake-postgres"), &cluster)?;
            measure(scratch, &place, nodes, clients).await?;
        }
    }
    Ok(())
}

async fn measure(scratch: &Path, place: &Place, nodes: usize, clients: usize) -> Result<()> {
    let desk = house::open(place, house::BenchClock::real(), &house::LETTERS).await?;
    let mut within = Rounds::default();
    if nodes == 1 {
        Rounds::default().add(&desk, clients, Duration::from_secs(1)).await?;
        for _ in 0..ROUNDS {
            within.add(&desk, clients, ROUND).await?;
        }
    }
    drop(desk);
    let mut servers = Vec::new();
    for node in 0..nodes {
        servers.push(Server::start(place, node).await?);
    }
    let addresses: Vec<String> = servers.iter().map(|server| server.address.clone()).collect();
    let cpu_ms = || servers.iter().map(Server::cpu_ms).sum::<Result<f64>>();
    // Warm up: connections, caches, the first pages of the database.
    round(&addresses, clients, Duration::from_secs(1)).await?;
    let bytes = place.bytes_each().await?;
    let mut figures = Figures::default();
    for _ in 0..ROUNDS {
        figures.raw.push(place.raw_group_commit(scratch, clients, bytes, RAW_ROUND).await?);
        let before = cpu_ms()?;
        let (latencies, seconds) = round(&addresses, clients, ROUND).await?;
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let done = latencies.len() as f64;
        figures.cpu.push((cpu_ms()? - before) / done);
        figures.rates.push(done / seconds);
        figures.p50.push(latencies.at(50.0));
        figures.p99.push(latencies.at(99.0));
    }
    let (rate, raw) = (stats::median(figures.rates), stats::median(figures.raw));
    println!(
        "{:<10} | {nodes:>5} | {clients:>7} | {rate:>4.0} | {:>6.2} | {:>6.2} | {:>18.3} | {raw:>19.0} | {:>11.2}",
        place.name(),
        stats::median(figures.p50),
        stats::median(figures.p99),
        stats::median(figures.cpu),
        rate / raw,
    );
    let resident = servers.iter().map(Server::rss_mib).collect::<Result<Vec<f64>>>()?;
    let resident = resident.iter().map(|mib| format!("{mib:.0}")).collect::<Vec<_>>().join(", ");
    if nodes == 1 {
        let rate = within.rate();
        println!(
            "        without HTTP: {rate:.0} a second, {:.3} ms of CPU each, {:.2} of raw",
            within.cpu_ms(),
            rate / raw
        );
    }
    println!("        resident after load: {resident} MiB; bytes in the database for an intake: {bytes}");
    Ok(())
}

/// One closed-loop round: every client sends its next request when it has the answer to the last.
async fn round(addresses: &[String], clients: usize, length: Duration) -> Result<(stats::Latencies, f64)> {
    let start = Instant::now();
    let tasks = addresses
        .iter()
        .cycle()
        .take(clients)
        .enumerate()
        .map(|(client, address)| tokio::spawn(send(address.clone(), client, start, length)));
    let tasks: Vec<_> = tasks.collect();
    let mut micros = Vec::new();
    for task in tasks {
        micros.extend(task.await??);
    }
    Ok((stats::Latencies::new(micros), start.elapsed().as_secs_f64()))
}

async fn send(address: String, client: usize, start: Instant, length: Duration) -> Result<Vec<u64>> {
    let mut connection = Connection::open(&address).await?;
    let mut micros = Vec::new();
    let mut next = client;
    while start.elapsed() < length {
        let (subject, body) = TEXTS.get(next % TEXTS.len()).copied().unwrap_or_default();
        let request = format!(
            r#"{{"channel":"web","subject":"{subject}","body":"{body}","customer":{{"name":"客户{next}","phone":"138000{:05}"}}}}"#,
            next % 100_000
        );
        let sent = Instant::now();
        let answer = connection.post("/api/v1/requests", &request).await?;
        micros.push(u64::try_from(sent.elapsed().as_micros())?);
        if answer.status != 201 {
            bail!("intake was answered with {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        next += 1;
    }
    Ok(micros)
}
