//! Hours of a day and of a week.

use std::fmt;

use jiff::civil::Weekday;

/// Minutes in a full day of 24 hours.
pub(crate) const DAY_MINUTES: u16 = 24 * 60;

/// Working hours within a date, half-open, in whole minutes of the wall clock: `09:00-12:00`.
///
/// A close of `24:00` is the end of the date. A close that is not after its open crosses midnight: `22:00-06:00`
/// runs into the next date and still belongs to the date on which it opens; `09:00-09:00` is 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Interval {
    open_minute: u16,
    close_minute: u16,
}

/// Why a text or a pair of minutes is no [`Interval`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntervalError {
    /// The text is not of the form `HH:MM-HH:MM`.
    #[error("`{text}` is not an interval of the form 09:00-12:00")]
    Form {
        /// The text as given.
        text: String,
    },
    /// The opening is not a time of day from 00:00 to 23:59.
    #[error("`{text}` opens outside the day: the opening must lie from 00:00 to 23:59")]
    Open {
        /// The interval as given.
        text: String,
    },
    /// The closing is not a time of day from 00:00 to 24:00.
    #[error("`{text}` closes outside the day: the closing must lie from 00:00 to 24:00")]
    Close {
        /// The interval as given.
        text: String,
    },
}

impl IntervalError {
    /// The same reason in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Form { text } => format!("“{text}”不是形如 09:00-12:00 的时段"),
            Self::Open { text } => format!("“{text}”的开始时间不在 00:00 至 23:59 之间"),
            Self::Close { text } => format!("“{text}”的结束时间不在 00:00 至 24:00 之间"),
        }
    }
}

impl Interval {
    /// The whole date, `00:00-24:00`.
    pub const DAY: Self = Self { open_minute: 0, close_minute: DAY_MINUTES };

    /// An interval from minutes of the day: `open_minute` in 0..=1439, `close_minute` in 0..=1440.
    pub fn new(open_minute: u16, close_minute: u16) -> Result<Self, IntervalError> {
        let interval = Self { open_minute, close_minute };
        if open_minute >= DAY_MINUTES {
            return Err(IntervalError::Open { text: interval.to_string() });
        }
        if close_minute > DAY_MINUTES {
            return Err(IntervalError::Close { text: interval.to_string() });
        }
        Ok(interval)
    }

    /// Reads `09:00-12:00`; blanks around the two times are allowed, nothing else is.
    pub fn parse(text: &str) -> Result<Self, IntervalError> {
        let form = || IntervalError::Form { text: text.to_owned() };
        let (open, close) = text.split_once('-').ok_or_else(form)?;
        let (open_hour, open_minute) = digit_pairs(open.trim()).ok_or_else(form)?;
        let (close_hour, close_minute) = digit_pairs(close.trim()).ok_or_else(form)?;
        let (open, close) = (open_hour * 60 + open_minute, close_hour * 60 + close_minute);
        if open_minute > 59 || open >= DAY_MINUTES {
            return Err(IntervalError::Open { text: text.to_owned() });
        }
        if close_minute > 59 || close > DAY_MINUTES {
            return Err(IntervalError::Close { text: text.to_owned() });
        }
        Ok(Self { open_minute: open, close_minute: close })
    }

    /// Minute of the day at which it opens, 0..=1439.
    pub fn open_minute(self) -> u16 {
        self.open_minute
    }

    /// Minute of the day at which it closes, 0..=1440; on the next date if [`Self::crosses_midnight`].
    pub fn close_minute(self) -> u16 {
        self.close_minute
    }

    /// Whether it runs into the next date.
    pub fn crosses_midnight(self) -> bool {
        self.close_minute <= self.open_minute
    }

    /// Its length on a day without a change of the clock, 1..=1440 minutes.
    pub fn length_minutes(self) -> u16 {
        self.close_minute_from_open_date() - self.open_minute
    }

    /// Minute at which it closes, counted from the midnight of the date on which it opens: 1..=2879.
    pub(crate) fn close_minute_from_open_date(self) -> u16 {
        if self.crosses_midnight() { self.close_minute + DAY_MINUTES } else { self.close_minute }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, close) = (self.open_minute, self.close_minute);
        write!(f, "{:02}:{:02}-{:02}:{:02}", open / 60, open % 60, close / 60, close % 60)
    }
}

impl std::str::FromStr for Interval {
    type Err = IntervalError;

    fn from_str(text: &str) -> Result<Self, IntervalError> {
        Self::parse(text)
    }
}

/// The two numbers of `HH:MM`, in range or not; `None`: not of that form.
fn digit_pairs(text: &str) -> Option<(u16, u16)> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !two_digits(hours) || !two_digits(minutes) {
        return None;
    }
    Some((hours.parse().ok()?, minutes.parse().ok()?))
}

/// The hours of each weekday, Monday first. Intervals may come in any order, touch or overlap; what is covered twice
/// counts once. A weekday without intervals has no hours.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Week(pub [Vec<Interval>; 7]);

impl Week {
    /// A week with the same hours on Monday to Friday and none at the weekend.
    pub fn monday_to_friday(hours: &[Interval]) -> Self {
        let day = || hours.to_vec();
        Self([day(), day(), day(), day(), day(), Vec::new(), Vec::new()])
    }

    /// A week with the same hours on all seven days.
    pub fn every_day(hours: &[Interval]) -> Self {
        Self(std::array::from_fn(|_| hours.to_vec()))
    }

    /// The intervals that open on this weekday.
    pub fn on(&self, weekday: Weekday) -> &[Interval] {
        self.0.get(monday_index(weekday)).map_or(&[], Vec::as_slice)
    }

    /// Replaces the hours of one weekday.
    pub fn set(&mut self, weekday: Weekday, hours: Vec<Interval>) {
        if let Some(day) = self.0.get_mut(monday_index(weekday)) {
            *day = hours;
        }
    }

    /// Whether no weekday has hours.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// The first two intervals that cover the same minute of the week, with the weekdays on which they open; touching
    /// is no overlap. The engine counts such a minute once; a writer of a commitment probably did not mean it.
    pub fn first_overlap(&self) -> Option<((Weekday, Interval), (Weekday, Interval))> {
        let minutes_in_week = u32::from(DAY_MINUTES) * 7;
        let mut spans = Vec::new();
        for weekday in Weekday::Monday.cycle_forward().take(7) {
            for interval in self.on(weekday) {
                let midnight = u32::from(DAY_MINUTES) * u32::from(monday_index_u8(weekday));
                let open = midnight + u32::from(interval.open_minute);
                spans.push((open, open + u32::from(interval.length_minutes()), (weekday, *interval)));
            }
        }
        spans.sort_by_key(|(open, close, _)| (*open, *close));
        let in_order = spans.iter().zip(spans.iter().skip(1)).find(|(one, next)| next.0 < one.1);
        // The week is a ring: the last night may run into Monday.
        let around = spans.first().and_then(|first| {
            let wraps = |span: &&(u32, u32, _)| span.1 > first.0 + minutes_in_week;
            spans.iter().skip(1).find(wraps).map(|span| (span, first))
        });
        in_order.or(around).map(|(one, next)| (one.2, next.2))
    }
}

/// When a calendar works.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Hours {
    /// 24×7: every instant is working.
    Always,
    /// By the weekday.
    Weekly(Week),
}

fn monday_index(weekday: Weekday) -> usize {
    usize::from(monday_index_u8(weekday))
}

fn monday_index_u8(weekday: Weekday) -> u8 {
    weekday.to_monday_zero_offset().unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_read_and_written() {
        for (text, open, close, length) in [
            ("09:00-12:00", 540, 720, 180),
            ("00:00-24:00", 0, 1_440, 1_440),
            ("22:00-06:00", 1_320, 360, 480),
            ("18:00-00:00", 1_080, 0, 360),
            ("09:00-09:00", 540, 540, 1_440),
            ("23:59-23:58", 1_439, 1_438, 1_439),
        ] {
            let interval = Interval::parse(text).unwrap();
            assert_eq!((interval.open_minute(), interval.close_minute()), (open, close), "{text}");
            assert_eq!(interval.length_minutes(), length, "{text}");
            assert_eq!(interval.to_string(), text);
            assert_eq!(Interval::new(open, close), Ok(interval));
        }
        assert_eq!(Interval::parse(" 09:00 - 12:00 ").unwrap().to_string(), "09:00-12:00");
    }

    #[test]
    fn what_is_no_interval_is_refused() {
        let form = |text: &str| Err(IntervalError::Form { text: text.to_owned() });
        for text in
            ["", "09:00", "9:00-12:00", "09:00-12:0x", "09.00-12.00", "09:00-12:00-13:00", "-", "+9:00-12:00"]
        {
            assert_eq!(Interval::parse(text), form(text), "{text}");
        }
        let open = |text: &str| Err(IntervalError::Open { text: text.to_owned() });
        for text in ["24:00-12:00", "25:00-26:00", "09:60-12:00"] {
            assert_eq!(Interval::parse(text), open(text), "{text}");
        }
        let close = |text: &str| Err(IntervalError::Close { text: text.to_owned() });
        for text in ["09:00-24:01", "09:00-11:60", "09:00-99:99"] {
            assert_eq!(Interval::parse(text), close(text), "{text}");
        }
        assert_eq!(Interval::new(1_440, 60), open("24:00-01:00"));
        assert_eq!(Interval::new(0, 1_441), close("00:00-24:01"));
    }

    #[test]
    fn overlaps_are_found_around_the_week() {
        let hours =
            |text: &str| text.split(' ').map(|part| Interval::parse(part).unwrap()).collect::<Vec<_>>();
        let overlap = |days: &[(Weekday, &str)]| {
            let mut week = Week::default();
            for (weekday, text) in days {
                week.set(*weekday, hours(text));
            }
            let found = week.first_overlap();
            found.map(|((one, a), (two, b))| format!("{one:?} {a}, {two:?} {b}"))
        };
        assert_eq!(overlap(&[(Weekday::Monday, "13:00-18:00 09:00-13:00")]), None);
        assert_eq!(
            overlap(&[(Weekday::Monday, "12:59-18:00 09:00-13:00")]).as_deref(),
            Some("Monday 09:00-13:00, Monday 12:59-18:00")
        );
        let night = [(Weekday::Monday, "22:00-06:00"), (Weekday::Tuesday, "06:00-09:00")];
        assert_eq!(overlap(&night), None);
        let night = [(Weekday::Monday, "22:00-06:00"), (Weekday::Tuesday, "05:00-09:00")];
        assert_eq!(overlap(&night).as_deref(), Some("Monday 22:00-06:00, Tuesday 05:00-09:00"));
        let around = [(Weekday::Sunday, "22:00-06:00"), (Weekday::Monday, "05:00-09:00")];
        assert_eq!(overlap(&around).as_deref(), Some("Sunday 22:00-06:00, Monday 05:00-09:00"));
        assert_eq!(Week::every_day(&hours("09:00-09:00")).first_overlap(), None);
        // One long interval over two short ones.
        let over = [(Weekday::Monday, "09:00-18:00 10:00-11:00 17:00-19:00")];
        assert_eq!(overlap(&over).as_deref(), Some("Monday 09:00-18:00, Monday 10:00-11:00"));
    }
}
