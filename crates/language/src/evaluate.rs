//! How well labels are told: confusion, accuracy, macro-F1, and whether the stated probabilities are true.

mod compare;

pub use self::compare::{Change, Compared, MAY_FALL, TEXTS_MIN, Verdict, compare, compare_labels};

/// Bins of the table of reliability: tenths of the stated probability.
pub const BINS: usize = 10;

/// Texts whose stated probability lies in one tenth.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bin {
    /// How many.
    pub texts: u32,
    /// How many of them were told rightly.
    pub right: u32,
    /// Sum of the stated probabilities.
    pub stated: f64,
}

/// What was measured on labelled texts, as data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measured {
    /// The labels, in the order of rows and columns.
    pub labels: Vec<String>,
    /// Texts by true label (row) and told label (column).
    pub confusion: Vec<Vec<u32>>,
    /// Stated probabilities against what was right.
    pub reliability: [Bin; BINS],
}

impl Measured {
    /// Nothing measured yet.
    pub fn new(labels: Vec<String>) -> Self {
        let confusion = vec![vec![0; labels.len()]; labels.len()];
        Self { labels, confusion, reliability: Default::default() }
    }

    /// Takes in one text. A label that is not among [`Self::labels`] is added to them.
    pub fn add(&mut self, truth: &str, told: &str, probability: f64) {
        let (row, column) = (self.place(truth), self.place(told));
        if let Some(cell) = self.confusion.get_mut(row).and_then(|row| row.get_mut(column)) {
            *cell += 1;
        }
        // Which tenth: 1.0 belongs to the last.
        let tenth = (1..BINS).take_while(|tenth| probability * 10.0 >= tens(*tenth)).count();
        if let Some(bin) = self.reliability.get_mut(tenth) {
            bin.texts += 1;
            bin.right += u32::from(row == column);
            bin.stated += probability;
        }
    }

    fn place(&mut self, label: &str) -> usize {
        if let Some(place) = self.labels.iter().position(|own| own == label) {
            return place;
        }
        self.labels.push(label.to_owned());
        for row in &mut self.confusion {
            row.push(0);
        }
        self.confusion.push(vec![0; self.labels.len()]);
        self.labels.len() - 1
    }

    /// Texts measured.
    pub fn texts(&self) -> u32 {
        self.confusion.iter().flatten().sum()
    }

    /// Share of texts told rightly, 0 to 1; 0 if there are none.
    pub fn accuracy(&self) -> f64 {
        let right: u32 = (0..self.labels.len()).map(|place| self.cell(place, place)).sum();
        share(right, self.texts())
    }

    fn cell(&self, row: usize, column: usize) -> u32 {
        self.confusion.get(row).and_then(|row| row.get(column)).copied().unwrap_or_default()
    }

    /// Precision, recall and number of texts of each label, in their order.
    pub fn by_label(&self) -> Vec<(f64, f64, u32)> {
        let all = 0..self.labels.len();
        let one = |place: usize| {
            let right = self.cell(place, place);
            let told: u32 = all.clone().map(|row| self.cell(row, place)).sum();
            let true_ones: u32 = all.clone().map(|column| self.cell(place, column)).sum();
            (share(right, told), share(right, true_ones), true_ones)
        };
        all.clone().map(one).collect()
    }

    /// Mean of the F1 of all labels that occur, as truth or as told.
    pub fn macro_f1(&self) -> f64 {
        let all = 0..self.labels.len();
        let (mut sum, mut labels) = (0.0, 0_u32);
        for place in all.clone() {
            let right = self.cell(place, place);
            let told: u32 = all.clone().map(|row| self.cell(row, place)).sum();
            let true_ones: u32 = all.clone().map(|column| self.cell(place, column)).sum();
            if told + true_ones > 0 {
                sum += share(2 * right, told + true_ones);
                labels += 1;
            }
        }
        if labels == 0 { 0.0 } else { sum / f64::from(labels) }
    }

    /// Expected calibration error: how far stated probability and share of right ones lie apart, on average over texts.
    pub fn calibration_error(&self) -> f64 {
        let gap = |bin: &Bin| (bin.stated - f64::from(bin.right)).abs();
        let texts = self.texts();
        if texts == 0 { 0.0 } else { self.reliability.iter().map(gap).sum::<f64>() / f64::from(texts) }
    }
}

fn tens(tenth: usize) -> f64 {
    u32::try_from(tenth).map(f64::from).unwrap_or_default()
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

/// Lower end of Wilson's interval for a share: with 95 % sureness the true share lies above it.
pub fn wilson_lower(right: u32, all: u32) -> f64 {
    wilson(f64::from(right), f64::from(all))
}

/// The same where texts count in part.
fn wilson(right: f64, all: f64) -> f64 {
    const Z: f64 = 1.644_853_627;
    if all <= 0.0 {
        return 0.0;
    }
    let share = right / all;
    let middle = share + Z * Z / (2.0 * all);
    let spread = Z * (share * (1.0 - share) / all + Z * Z / (4.0 * all * all)).sqrt();
    ((middle - spread) / (1.0 + Z * Z / all)).max(0.0)
}

/// The smallest stated probability from which on the share of right ones is at least `target`, with Wilson's bound.
/// `told` holds stated probability, whether it was right, and how much the text counts. None if no threshold reaches the
/// target.
pub fn threshold(told: &mut [(f32, bool, f32)], target: f64) -> Option<f32> {
    told.sort_unstable_by(|one, other| other.0.total_cmp(&one.0));
    let (mut right, mut all, mut reached) = (0.0, 0.0, None);
    let mut rest = told.iter().peekable();
    while let Some((probability, was_right, weight)) = rest.next() {
        all += f64::from(*weight);
        right += if *was_right { f64::from(*weight) } else { 0.0 };
        // A threshold lies between two probabilities, never inside equal ones.
        let ends = rest.peek().is_none_or(|next| next.0 < *probability);
        if ends && wilson(right, all) >= target {
            reached = Some(*probability);
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-9, "{one} and {other}");
    }

    #[test]
    fn figures_are_those_reckoned_by_hand() {
        let mut measured = Measured::new(vec!["a".into(), "b".into()]);
        for (truth, told, probability) in
            [("a", "a", 0.95), ("a", "a", 0.85), ("a", "b", 0.65), ("b", "b", 1.0), ("b", "a", 0.55)]
        {
            measured.add(truth, told, probability);
        }
        assert_eq!(measured.confusion, [[2, 1], [1, 1]]);
        near(measured.accuracy(), 0.6);
        near(measured.macro_f1(), f64::midpoint(4.0 / 6.0, 2.0 / 4.0));
        // Tenths: .5 one wrong, .6 one wrong, .8 one right, .9 two right.
        near(measured.calibration_error(), (0.55 + 0.65 + 0.15 + 0.05) / 5.0);
        assert_eq!(measured.reliability[9].texts, 2);
        let (precision, recall, texts) = measured.by_label()[0];
        near(precision, 2.0 / 3.0);
        near(recall, 2.0 / 3.0);
        assert_eq!(texts, 3);
    }

    #[test]
    fn a_label_nobody_announced_gets_its_own_row() {
        let mut measured = Measured::new(vec!["a".into()]);
        measured.add("new", "a", 0.3);
        assert_eq!(measured.confusion, [[0, 0], [1, 0]]);
        near(measured.accuracy(), 0.0);
    }

    #[test]
    fn nothing_measured_is_no_division_by_zero() {
        let nothing = Measured::new(Vec::new());
        near(nothing.accuracy() + nothing.macro_f1() + nothing.calibration_error(), 0.0);
        near(wilson_lower(0, 0), 0.0);
    }

    #[test]
    fn wilson_bound_is_that_of_the_tables() {
        assert!((wilson_lower(90, 100) - 0.839_6).abs() < 1e-3, "{}", wilson_lower(90, 100));
        assert!(wilson_lower(10, 10) < 0.80);
        assert!(wilson_lower(1_000, 1_000) > 0.99);
    }

    #[test]
    fn a_threshold_reaches_its_target_or_there_is_none() {
        let mut told: Vec<(f32, bool, f32)> =
            (0_u8..100).map(|n| (f32::from(n) / 100.0, n >= 40, 1.0)).collect();
        let reached = threshold(&mut told, 0.9).unwrap();
        assert!((0.34..0.42).contains(&reached), "{reached}");
        let mut equal = vec![(0.5, true, 1.0); 60];
        equal.extend(vec![(0.5, false, 1.0); 60]);
        assert_eq!(threshold(&mut equal, 0.9), None);
        assert_eq!(threshold(&mut [], 0.9), None);
    }
}
