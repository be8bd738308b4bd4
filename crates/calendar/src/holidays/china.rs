//! Public holidays and make-up working days (调休) of mainland China.
//!
//! Facts from the yearly notices of the General Office of the State Council, 2020 to 2026; for 2020 with the second
//! notice, which extended the Spring Festival to 2 February. For 2027 only the statutory days.

use std::sync::LazyLock;

use super::HolidayTable;

/// The name under which plans and commitments know the table.
pub const NAME: &str = "china";

static TABLE: LazyLock<HolidayTable> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the text is part of the crate and a unit test reads it")]
    HolidayTable::parse(NAME, include_str!("../../data/china.holidays"))
        .expect("the shipped table is well-formed")
});

/// The shipped table: official for 2020 to 2026, statutory days only for 2027.
pub fn holidays() -> &'static HolidayTable {
    &TABLE
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, Weekday, date};

    use super::*;
    use crate::holidays::TableStatus;

    #[test]
    fn the_shipped_table_says_how_far_it_can_be_trusted() {
        let status: Vec<(i16, TableStatus)> =
            holidays().years().map(|(year, entries)| (year, entries.status)).collect();
        let official = (2020..=2026).map(|year| (year, TableStatus::Official));
        assert_eq!(status, official.chain([(2027, TableStatus::StatutoryOnly)]).collect::<Vec<_>>());
    }

    #[test]
    fn what_the_notices_are_bound_to_say_is_there() {
        for (year, entries) in holidays().years() {
            // The law: 1 January, 1 May, and 1 to 3 October are off every year; the legal days are eleven, since 2025
            // thirteen.
            let fixed = [date(year, 1, 1), date(year, 5, 1), date(year, 10, 1), date(year, 10, 2)];
            assert!(fixed.iter().all(|date| entries.off.contains_key(date)), "{year}");
            assert!(entries.off.len() >= if year < 2025 { 11 } else { 13 }, "{year}");
            // A make-up day is a Saturday or Sunday, and there is none without a longer holiday.
            let weekend = |date: &Date| matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
            assert!(entries.work.keys().all(weekend), "{year}");
            assert_eq!(entries.work.is_empty(), entries.status == TableStatus::StatutoryOnly, "{year}");
        }
        let year = |year| holidays().year(year).unwrap();
        // The notice for 2023 reaches back; the second notice for 2020 took a make-up day away.
        assert_eq!(year(2022).off[&date(2022, 12, 31)], "元旦");
        assert!(year(2020).off.contains_key(&date(2020, 2, 1)));
        assert_eq!(year(2026).work[&date(2026, 2, 14)], "春节");
    }
}
