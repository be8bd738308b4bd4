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
