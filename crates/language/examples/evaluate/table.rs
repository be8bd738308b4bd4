//! Figures as lines of a table.

use yinuo_language::evaluate::Measured;

/// Heading of the lines that [`line`] prints.
pub(crate) const HEADING: &str =
    "| dimension | who answers | texts | accuracy | macro-F1 | ECE |\n|---|---|---|---|---|---|";

/// One line.
pub(crate) fn line(dimension: &str, who: &str, measured: &Measured) -> String {
    format!(
        "| {dimension} | {who} | {} | {:.3} | {:.3} | {:.3} |",
        measured.texts(),
        measured.accuracy(),
        measured.macro_f1(),
        measured.calibration_error()
    )
}

/// The table of confusion: true labels as rows.
pub(crate) fn confusion(measured: &Measured) -> String {
    let mut lines = vec![format!("| true \\ told | {} |", measured.labels.join(" | "))];
    lines.push(format!("|---{}|", "|---".repeat(measured.labels.len())));
    for (label, row) in measured.labels.iter().zip(&measured.confusion) {
        let cells: Vec<String> = row.iter().map(u32::to_string).collect();
        lines.push(format!("| {label} | {} |", cells.join(" | ")));
    }
    lines.join("\n")
}

/// The table of reliability: stated probability against share of right ones, by tenth.
pub(crate) fn reliability(measured: &Measured) -> String {
    let mut lines = vec!["| stated | texts | mean stated | right |\n|---|---|---|---|".to_owned()];
    for (tenth, bin) in measured.reliability.iter().enumerate().filter(|(_, bin)| bin.texts > 0) {
        let texts = f64::from(bin.texts);
        lines.push(format!(
            "| {}-{} % | {} | {:.1} % | {:.1} % |",
            tenth * 10,
            tenth * 10 + 10,
            bin.texts,
            bin.stated / texts * 100.0,
            f64::from(bin.right) / texts * 100.0
        ));
    }
    lines.join("\n")
}
