//! Counters for operators, in the OpenMetrics text format.

mod process;

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, NoLabelSet, text},
    metrics::{
        MetricType,
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::Gauge,
        histogram::Histogram,
    },
    registry::Registry,
};
use yinuo_core::roster::Actor;
use yinuo_desk::{Desk, DeskError, LATENESS_BOUNDS_MS};

/// Media type of the answer.
pub(crate) const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the latency buckets, in seconds.
const LATENCY_BOUNDS_S: [f64; 12] =
    [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: &'static str,
}

/// Counters of the interface.
pub(crate) struct Metrics {
    answered: Family<Answered, Counter>,
    latency: Family<Route, Histogram, fn() -> Histogram>,
    refused: Family<Code, Counter>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        Self {
            answered: Family::default(),
            latency: Family::new_with_constructor(|| Histogram::new(LATENCY_BOUNDS_S)),
            refused: Family::default(),
        }
    }

    /// Counts a request that was answered. `route` is the template, never the address itself: ids would make the
    /// number of series grow without end.
    pub(crate) fn answered(&self, method: &'static str, route: &str, status: u16, seconds: f64) {
        self.answered.get_or_create(&Answered { method, route: route.to_owned(), status }).inc();
        self.latency.get_or_create(&Route { method, route: route.to_owned() }).observe(seconds);
    }

    /// Counts a request that was not done.
    pub(crate) fn refused(&self, code: &'static str) {
        self.refused.get_or_create(&Code { code }).inc();
    }

    /// Everything as text.
    pub(crate) async fn render(&self, desk: &Desk) -> Result<String, DeskError> {
        let open = desk.counts(Actor::System).await?;
        let jobs = desk.job_counts().await?;
        let mut registry = Registry::with_prefix("yinuo");
        registry.register("http_requests", "Requests answered", self.answered.clone());
        registry.register("http_request_seconds", "Time to answer", self.latency.clone());
        registry.register("problems", "Requests not done, by code", self.refused.clone());
        gauge(&mut registry, "open_tickets", "Open tickets", open.open);
        gauge(&mut registry, "overdue_tickets", "Open tickets with an overdue clock", open.overdue);
        gauge(&mut registry, "outbox_waiting", "Effects not yet delivered", jobs.waiting);
        let (records, signed) = desk.log_sizes().await?;
        gauge(&mut registry, "log_records", "Records in the ledger", records);
        gauge(&mut registry, "log_signed_records", "Records that the newest checkpoint covers", signed);
        gauge(
            &mut registry,
            "log_unsigned_records",
            "Records that no checkpoint covers yet",
            records.saturating_sub(signed),
        );
        gauge(&mut registry, "outbox_given_up", "Effects that will never be delivered", jobs.given_up);
        let correction: Gauge<f64, AtomicU64> = Gauge::default();
        correction.set(desk.clock_correction().as_secs_f64());
        registry.register(
            "clock_correction_seconds",
            "Database time minus that of this machine, where it is corrected",
            correction,
        );
        let lag = desk.meters().search_lag.load(Ordering::Relaxed);
        gauge(&mut registry, "search_lag_records", "Records that the search index has not taken up yet", lag);
        process::register(&mut registry);
        registry.register_collector(Box::new(DeskMeters(desk.clone())));
        let mut written = String::new();
        // Writing to a String cannot fail.
        let _ = text::encode(&mut written, &registry);
        Ok(written)
    }
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: u64) {
    let gauge: Gauge = Gauge::default();
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    registry.register(name, help, gauge);
}

/// The desk's own counters.
struct DeskMeters(Desk);

impl fmt::Debug for DeskMeters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeskMeters")
    }
}

impl Collector for DeskMeters {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let meters = self.0.meters();
        let counters = [
            ("intakes", "Requests taken in", &meters.intakes),
            ("automatic_answers", "Requests answered by the product itself", &meters.automatic_answers),
            ("commands", "Commands carried out", &meters.commands),
            ("refusals", "Commands and requests refused by a rule", &meters.refusals),
            ("conflicts", "Conflicts resolved by deciding again", &meters.conflicts),
            ("alarms", "Alarms fired", &meters.alarms),
            ("jobs_done", "Effects delivered", &meters.jobs_done),
            ("jobs_retried", "Deliveries that failed for now", &meters.jobs_retried),
            ("jobs_given_up", "Effects given up", &meters.jobs_given_up),
            ("tailed_records", "Records of other nodes taken up", &meters.tailed),
            ("log_shrunk", "Times that the log was found shorter than it was", &meters.shrunk),
            ("checkpoints", "Checkpoints signed", &meters.checkpoints),
            (
                "sign_refusals",
                "Times that the log was not signed because it does not extend what was signed",
                &meters.sign_refusals,
            ),
            ("search_failures", "Times that the search index was not filled", &meters.search_failures),
            ("witness_failures", "Witnesses that were asked and did not sign", &meters.witness_failures),
        ];
        for (name, help, counter) in counters {
            let counter = ConstCounter::new(counter.load(Ordering::Relaxed));
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            counter.encode(metric)?;
        }
        let bounds = LATENESS_BOUNDS_MS.iter().map(|bound| seconds_of_ms(*bound)).chain([f64::MAX]);
        let buckets: Vec<(f64, u64)> =
            bounds.zip(meters.lateness.iter().map(|bucket| bucket.load(Ordering::Relaxed))).collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        let sum = seconds_of_ms(meters.lateness_sum_us.load(Ordering::Relaxed) / 1_000);
        let mut metric = encoder.encode_descriptor(
            "alarm_lateness_seconds",
            "How late alarms were on record",
            None,
            MetricType::Histogram,
        )?;
        metric.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of an uptime stay far below 2^53")]
fn seconds_of_ms(ms: u64) -> f64 {
    ms as f64 / 1_000.0
}
