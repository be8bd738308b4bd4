//! Shares and how sure they are.

/// A share of a whole, with the interval in which the true share lies with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// How many.
    pub part: u64,
    /// Of how many; at least 1.
    pub whole: u64,
    /// `part / whole`, 0 to 1.
    pub value: f64,
    /// Lower end of the interval, 0 to 1.
    pub low: f64,
    /// Upper end of the interval, 0 to 1.
    pub high: f64,
}

/// The 97.5 % quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

impl Share {
    /// The share `part` of `whole`; none of nothing. The interval is Wilson's score interval (E. B. Wilson, 1927), which
    /// stays inside 0 to 1 and keeps its promise for small numbers, too.
    pub fn of(part: u64, whole: u64) -> Option<Self> {
        if whole == 0 {
            return None;
        }
        let (n, value) = (float(whole), float(part) / float(whole));
        let z_squared = Z * Z;
        let centre = value + z_squared / (2.0 * n);
        let reach = Z * (value * (1.0 - value) / n + z_squared / (4.0 * n * n)).sqrt();
        let scale = 1.0 + z_squared / n;
        // At the ends of the scale rounding may leave a trace; there the interval begins or ends exactly.
        let low = if part == 0 { 0.0 } else { ((centre - reach) / scale).max(0.0) };
        let high = if part >= whole { 1.0 } else { ((centre + reach) / scale).min(1.0) };
        Some(Self { part, whole, value, low, high })
    }
}

/// A count as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "counts of rows stay far below 2^53")]
pub(super) const fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(part: u64, whole: u64, low: f64, high: f64) {
        let share = Share::of(part, whole).unwrap();
        assert!((share.low - low).abs() < 5e-5, "low {}", share.low);
        assert!((share.high - high).abs() < 5e-5, "high {}", share.high);
    }

    #[test]
    fn intervals_are_those_of_the_published_tables() {
        // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        check(81, 263, 0.2553, 0.3662);
        check(15, 148, 0.0624, 0.1605);
        check(0, 20, 0.0, 0.1611);
        check(1, 29, 0.0061, 0.1718);
        check(20, 20, 0.8389, 1.0);
        assert_eq!(Share::of(0, 0), None);
    }
}
