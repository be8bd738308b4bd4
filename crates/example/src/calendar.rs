//! When people of the example work and sleep.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use yinuo_desk::Desk;

use crate::{draw::Draw, error::ExampleError};

/// Letter and calendar that say when the example's offices are open.
const OFFICE: (&str, &str) = ("YN-2026-001", "office");

/// The hours of the example.
#[derive(Clone)]
pub(crate) struct Hours {
    office: yinuo_calendar::Calendar,
    zone: TimeZone,
}

impl Hours {
    /// The hours that the published letter names.
    pub(crate) fn of(desk: &Desk) -> Result<Self, ExampleError> {
        let letters = desk.commitments();
        let letter = letters.iter().rev().find(|view| view.published.number == OFFICE.0);
        let office = letter.and_then(|view| view.commitment.calendar(OFFICE.1)).cloned();
        let office = office.ok_or_else(|| ExampleError::data(format!("{} has no {}", OFFICE.0, OFFICE.1)))?;
        Ok(Self { zone: office.time_zone().clone(), office })
    }

    /// The zone of the offices.
    pub(crate) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// `time` of office hours after `from`.
    pub(crate) fn office(&self, from: Timestamp, time: SignedDuration) -> Timestamp {
        let due = self.office.due(from, time, &yinuo_calendar::Pauses::none());
        due.unwrap_or_else(|_| plain(from, time))
    }

    /// Whether offices work on the day of `at`.
    pub(crate) fn is_workday(&self, at: Timestamp) -> bool {
        self.office.is_workday(at.to_zoned(self.zone.clone()).date())
    }

    /// The next instant at or after `at` at which one may ring at a customer's door or telephone: from 8 to 21 o'clock.
    pub(crate) fn humane(&self, at: Timestamp, draw: &mut Draw) -> Timestamp {
        let local = at.to_zoned(self.zone.clone());
        if (8..21).contains(&local.hour()) {
            return at;
        }
        let day = if local.hour() >= 21 { local.date().tomorrow() } else { Ok(local.date()) };
        let morning = day.and_then(|day| day.at(8, 0, 0, 0).to_zoned(self.zone.clone()));
        morning.map_or(at, |morning| plain(morning.timestamp(), draw.minutes(1, 90)))
    }

    /// `at` as people write it.
    pub(crate) fn shown(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%m-%d %H:%M").to_string()
    }
}

/// `time` after `from`, by the wall clock.
pub(crate) fn plain(from: Timestamp, time: SignedDuration) -> Timestamp {
    from.saturating_add(time).unwrap_or(from)
}
