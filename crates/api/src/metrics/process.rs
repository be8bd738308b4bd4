//! What the process itself uses, where the kernel tells it (Linux).

use prometheus_client::{metrics::gauge::Gauge, registry::Registry};

/// Bytes of a page and ticks of a second as Linux has told user programs for decades on every common machine.
const PAGE_BYTES: u64 = 4096;
const TICKS_PER_SECOND: u64 = 100;

/// Adds memory and CPU time, if the kernel tells them.
pub(super) fn register(registry: &mut Registry) {
    if let Some(pages) =
        std::fs::read_to_string("/proc/self/statm").ok().and_then(|statm| resident_pages(&statm))
    {
        super::gauge(registry, "process_resident_bytes", "Memory in use", pages.saturating_mul(PAGE_BYTES));
    }
    if let Some(ticks) = std::fs::read_to_string("/proc/self/stat").ok().and_then(|stat| cpu_ticks(&stat)) {
        let gauge: Gauge = Gauge::default();
        let ms = ticks.saturating_mul(1_000) / TICKS_PER_SECOND;
        gauge.set(i64::try_from(ms).unwrap_or(i64::MAX));
        registry.register("process_cpu_milliseconds", "CPU time used since the start", gauge);
    }
}

fn resident_pages(statm: &str) -> Option<u64> {
    statm.split_whitespace().nth(1)?.parse().ok()
}

/// User and system time: fields 14 and 15, counted after the name in parentheses, which may hold blanks.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let (_, after) = stat.rsplit_once(')')?;
    let mut fields = after.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user.saturating_add(system))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_counted_after_the_name() {
        let stat = "42 (yi (n) uo) S 1 42 42 0 -1 4194560 900 0 0 0 17 5 0 0 20 0 4 0 100 1000 200";
        assert_eq!(cpu_ticks(stat), Some(22));
        assert_eq!(resident_pages("5000 1234 300 1 0 400 0"), Some(1234));
        assert_eq!(cpu_ticks("nonsense"), None);
    }
}
