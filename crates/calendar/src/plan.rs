//! What a calendar is made of, as plain data.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};

use crate::calendar::Calendar;
use crate::holidays::{HolidayTable, TableStatus};
use crate::week::{Hours, Interval, Week};

/// The source of a [`Calendar`]. The hours of a date are, in this order of precedence: those in `special`; those of
/// the weekday that `open` names; none if the date is in `closed`; else those of its weekday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarPlan {
    /// IANA name of the time zone whose wall clock rules, such as `Asia/Shanghai`.
    pub zone: String,
    /// The ordinary week, or 24×7.
    pub hours: Hours,
    /// Dates without hours: holidays and the company's own closed dates.
    pub closed: BTreeSet<Date>,
    /// Make-up days (调休): dates that work like the given weekday.
    pub open: BTreeMap<Date, Weekday>,
    /// Other hours on single dates; an empty list closes the date.
    pub special: BTreeMap<Date, Vec<Interval>>,
    /// Names of dates, such as 春节, as far as known; they only explain, they never rule.
    pub names: BTreeMap<Date, String>,
    /// The years of the holiday tables that went into this plan, each with its status. Empty: no table is used.
    pub tables: Vec<TableYear>,
}

/// One year of one holiday table that went into a plan.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TableYear {
    /// Name of the table, such as `china`.
    pub table: String,
    /// Calendar year.
    pub year: i16,
    /// How far the table can be trusted for that year.
    pub status: TableStatus,
}

/// Which hours a make-up day of a holiday table takes. The official notices leave this to each company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MakeUp {
    /// Like the first weekday, from Monday on, that has hours in the plan: on an ordinary week, like a Monday.
    #[default]
    FirstWeekdayWithHours,
    /// Like this weekday.
    Like(Weekday),
    /// Make-up days are not worked: they stay what their weekday is.
    Ignored,
}

/// Why a plan is no calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The bundled time-zone database does not know the zone.
    #[error("the time zone `{zone}` is unknown; use an IANA name such as Asia/Shanghai")]
    UnknownZone {
        /// The name as given.
        zone: String,
    },
    /// 24×7 means every instant; dates of its own would contradict it.
    #[error(
        "a 24x7 calendar cannot have closed, open or special dates ({date} is one); give it a week instead"
    )]
    AlwaysWithDates {
        /// The first such date.
        date: Date,
    },
}

impl CalendarError {
    /// The same reason in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::UnknownZone { zone } => format!("未知时区“{zone}”，请使用 Asia/Shanghai 这样的 IANA 名称"),
            Self::AlwaysWithDates { date } => {
                format!("7×24 小时日历不能另设休息日、补班日或特殊日期（如 {date}），请改用每周时段")
            }
        }
    }
}

impl CalendarPlan {
    /// 24×7 in `zone`. The zone still matters: it cuts the days of "N working days".
    pub fn always(zone: impl Into<String>) -> Self {
        Self::new(zone, Hours::Always)
    }

    /// An ordinary week in `zone`, without holidays.
    pub fn weekly(zone: impl Into<String>, week: Week) -> Self {
        Self::new(zone, Hours::Weekly(week))
    }

    fn new(zone: impl Into<String>, hours: Hours) -> Self {
        Self {
            zone: zone.into(),
            hours,
            closed: BTreeSet::new(),
            open: BTreeMap::new(),
            special: BTreeMap::new(),
            names: BTreeMap::new(),
            tables: Vec::new(),
        }
    }

    /// Puts a holiday table into the plan: its days off into `closed`, its make-up days into `open`, their names into
    /// `names`, its years into `tables`. What the plan already says about a date stands, so the company's own dates
    /// go in first and beat the table's.
    pub fn add_holidays(&mut self, table: &HolidayTable, make_up: MakeUp) {
        let like = match (make_up, &self.hours) {
            (MakeUp::Like(weekday), _) => Some(weekday),
            (MakeUp::Ignored, _) | (_, Hours::Always) => None,
            (MakeUp::FirstWeekdayWithHours, Hours::Weekly(week)) => {
                Weekday::Monday.cycle_forward().take(7).find(|weekday| !week.on(*weekday).is_empty())
            }
        };
        for (year, entries) in table.years() {
            self.tables.push(TableYear { table: table.name().to_owned(), year, status: entries.status });
            for (date, name) in &entries.off {
                if !self.is_named(*date) {
                    self.closed.insert(*date);
                }
                self.names.entry(*date).or_insert_with(|| name.clone());
            }
            for (date, name) in &entries.work {
                if let Some(weekday) = like.filter(|_| !self.is_named(*date)) {
                    self.open.insert(*date, weekday);
                }
                self.names.entry(*date).or_insert_with(|| name.clone());
            }
        }
    }

    fn is_named(&self, date: Date) -> bool {
        self.closed.contains(&date) || self.open.contains_key(&date) || self.special.contains_key(&date)
    }

    /// Whether every holiday table in this plan has official data for `year`; true if no table is used.
    pub fn is_official_in(&self, year: i16) -> bool {
        let official = |table: &str| {
            self.tables.iter().any(|entry| {
                entry.table == table && entry.year == year && entry.status == TableStatus::Official
            })
        };
        self.tables.iter().all(|entry| official(&entry.table))
    }

    /// The last year for which every holiday table in this plan has official data. `None`: no table is used, or there
    /// is no such year.
    pub fn official_until(&self) -> Option<i16> {
        let mut years: Vec<i16> = self.tables.iter().map(|entry| entry.year).collect();
        years.sort_unstable();
        years.into_iter().rev().find(|year| self.is_official_in(*year))
    }

    /// The intervals that open on `date`; `None` if the plan is 24×7.
    pub fn hours_of(&self, date: Date) -> Option<&[Interval]> {
        let Hours::Weekly(week) = &self.hours else { return None };
        Some(if let Some(hours) = self.special.get(&date) {
            hours
        } else if let Some(weekday) = self.open.get(&date) {
            week.on(*weekday)
        } else if self.closed.contains(&date) {
            &[]
        } else {
            week.on(date.weekday())
        })
    }

    /// Compiles the plan: looks the zone up in the bundled database and lays all hours of the horizon out as instants.
    /// Takes a few milliseconds; compile once, clone the calendar freely.
    pub fn compile(&self) -> Result<Calendar, CalendarError> {
        Calendar::compile(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::china;

    fn hours(text: &str) -> Vec<Interval> {
        vec![Interval::parse(text).unwrap()]
    }

    #[test]
    fn an_unknown_zone_is_refused() {
        let error = CalendarPlan::always("Asia/Peking").compile().unwrap_err();
        assert_eq!(error, CalendarError::UnknownZone { zone: "Asia/Peking".to_owned() });
        assert!(error.zh().contains("Asia/Peking"));
    }

    #[test]
    fn a_24x7_plan_has_no_dates_of_its_own() {
        let mut plan = CalendarPlan::always("Asia/Shanghai");
        plan.add_holidays(china::holidays(), MakeUp::default());
        let first = "2020-01-01".parse().unwrap();
        assert_eq!(plan.compile().unwrap_err(), CalendarError::AlwaysWithDates { date: first });
    }

    #[test]
    fn make_up_days_are_like_the_first_weekday_with_hours() {
        let mut week = Week::default();
        week.set(Weekday::Wednesday, hours("09:00-12:00"));
        week.set(Weekday::Saturday, hours("10:00-16:00"));
        let mut plan = CalendarPlan::weekly("Asia/Shanghai", week);
        plan.add_holidays(china::holidays(), MakeUp::default());
        let make_up: Date = "2026-02-14".parse().unwrap();
        assert_eq!(plan.open.get(&make_up), Some(&Weekday::Wednesday));
        assert_eq!(plan.hours_of(make_up), Some(hours("09:00-12:00").as_slice()));
        let mut empty = CalendarPlan::weekly("Asia/Shanghai", Week::default());
        empty.add_holidays(china::holidays(), MakeUp::default());
        assert!(empty.open.is_empty(), "no weekday to be like");
    }

    #[test]
    fn a_year_is_official_if_all_tables_say_so() {
        let own = HolidayTable::parse("own", "2025 official\n2026 statutory-only\n2027 official").unwrap();
        let mut plan = CalendarPlan::weekly("Asia/Shanghai", Week::monday_to_friday(&hours("09:00-18:00")));
        plan.add_holidays(china::holidays(), MakeUp::default());
        assert_eq!(plan.official_until(), Some(2026));
        plan.add_holidays(&own, MakeUp::default());
        assert_eq!(plan.official_until(), Some(2025));
        assert!(plan.is_official_in(2025) && !plan.is_official_in(2024) && !plan.is_official_in(2027));
    }
}
