//! `[calendar.NAME]`: weekly hours, holidays, own dates, or 24×7.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use toml::Spanned;
use yinuo_calendar::{Calendar, CalendarError, CalendarPlan, Interval, MakeUp, Week};

use super::{
    CalendarDraft, say,
    tree::{Reader, Section, Value},
};
use crate::{
    nearest::nearest,
    vocabulary::{
        Language::{En, Zh},
        Text,
    },
    words::weekday_words,
};

const KEYS: &[&str] = &["always", "zone", "week", "holidays", "make-up", "closed", "open", "special"];
const DAYS: &[(&str, Weekday)] = &[
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];
/// Zone of a 24×7 calendar that names none: it only cuts the days of "N workdays".
const DEFAULT_ZONE: &str = "Asia/Shanghai";
const WEEK_EXAMPLE: &str = r#"week = { mon-fri = ["09:00-12:00", "13:30-18:00"] }"#;

impl Reader<'_> {
    pub(super) fn calendars(&mut self, root: &Section<'_>) -> BTreeMap<String, CalendarDraft> {
        let mut calendars = BTreeMap::new();
        for (name, section) in self.named(root, "calendar", "[calendar.…]") {
            self.named_well(&name, section.span.clone());
            let draft = self.calendar(&section);
            calendars.insert(name, draft);
        }
        calendars
    }

    fn calendar(&mut self, section: &Section<'_>) -> CalendarDraft {
        self.only(section, KEYS);
        let always = section.get("always").and_then(|value| self.flag(value)).unwrap_or(false);
        let (plan, tables) =
            if always { (self.around_the_clock(section), Vec::new()) } else { self.weekly(section) };
        let calendar = plan.and_then(|plan| self.compiled(section, &plan));
        let holidays = section.get("holidays").map(Spanned::span);
        CalendarDraft { header: section.span.clone(), always, calendar, holidays, tables }
    }

    fn around_the_clock(&mut self, section: &Section<'_>) -> Option<CalendarPlan> {
        let zone = section
            .get("zone")
            .map_or(Some(DEFAULT_ZONE), |value| self.string(value, r#""Asia/Shanghai""#))?;
        let mut sound = true;
        for key in ["week", "holidays", "make-up", "closed", "open", "special"] {
            let Some(value) = section.get(key) else { continue };
            sound = false;
            self.findings
                .add(
                    "always-with-dates",
                    value.span(),
                    say!("7×24 小时的日历不能再写“{key}”", "a 24×7 calendar has no `{key}`"),
                    say!("与 always = true 矛盾", "contradicts `always = true`"),
                )
                .help(say!(
                    "删去“{key}”，或删去 always 并写出每周时段",
                    "remove `{key}`, or remove `always` and give a week"
                ));
        }
        sound.then(|| CalendarPlan::always(zone))
    }

    fn weekly(&mut self, section: &Section<'_>) -> (Option<CalendarPlan>, Vec<String>) {
        let zone = self
            .need(section, "zone", r#"zone = "Asia/Shanghai""#)
            .and_then(|value| self.string(value, r#""Asia/Shanghai""#));
        let week = self.need(section, "week", WEEK_EXAMPLE).and_then(|value| self.week(value));
        let closed = self.closed(section);
        let open = self.open(section);
        let special = self.special(section);
        let make_up = section.get("make-up").map_or(Some(MakeUp::default()), |value| self.make_up(value));
        self.contradictions(section, &closed, &open, &special);
        let tables = section.get("holidays").map(|value| self.holiday_tables(value)).unwrap_or_default();
        let plan = zone.zip(week).zip(make_up).map(|((zone, week), make_up)| {
            let mut plan = CalendarPlan::weekly(zone, week);
            plan.closed = closed;
            plan.open = open;
            plan.special = special;
            for table in tables.iter().filter_map(|name| self.tables.get(name)) {
                plan.add_holidays(table, make_up);
            }
            plan
        });
        (plan, tables)
    }

    /// `{ mon-fri = […], sat = […] }`.
    fn week(&mut self, value: &Value<'_>) -> Option<Week> {
        let section = self.table(value, "`week`", "“week”", WEEK_EXAMPLE)?;
        let mut hours: [Vec<Interval>; 7] = Default::default();
        let mut sound = true;
        for (key, value) in section.entries() {
            let Some(days) = days_of(key.get_ref()) else {
                self.unknown_days(key.get_ref(), key.span());
                sound = false;
                continue;
            };
            let Some(intervals) = self.intervals(value) else {
                sound = false;
                continue;
            };
            for day in days {
                if let Some(hours) = hours.get_mut(usize::from(day)) {
                    hours.extend(&intervals);
                }
            }
        }
        let week = Week(hours);
        if !sound {
            return None;
        }
        if let Some(((one_day, one), (next_day, next))) = week.first_overlap() {
            self.findings
                .add(
                    "overlapping-hours",
                    section.span,
                    Text::new(
                        format!(
                            "{}的 {one} 与{}的 {next} 重叠",
                            weekday_words(one_day, Zh),
                            weekday_words(next_day, Zh)
                        ),
                        format!(
                            "{one} on {} overlaps {next} on {}",
                            weekday_words(one_day, En),
                            weekday_words(next_day, En)
                        ),
                    ),
                    say!("时段重叠", "two intervals cover the same minutes"),
                )
                .help(say!(
                    "改成首尾相接，或合并为一个时段",
                    "let one end where the next begins, or join them"
                ));
            return None;
        }
        Some(week)
    }

    fn unknown_days(&mut self, word: &str, span: std::ops::Range<usize>) {
        let near = nearest(word, DAYS.iter().map(|(day, _)| *day).chain(["mon-fri", "sat-sun", "mon-sun"]));
        let label = near.map_or_else(
            || say!("不是星期", "no day of the week"),
            |near| say!("是否想写“{near}”？", "did you mean `{near}`?"),
        );
        self.findings
            .add("unknown-key", span, say!("“week”中没有“{word}”这个键", "`week` has no key `{word}`"), label)
            .help(say!(
                "可用 mon、tue、wed、thu、fri、sat、sun，或 mon-fri 这样的范围",
                "known days: mon, tue, wed, thu, fri, sat, sun, and ranges such as mon-fri"
            ));
    }

    /// A list of intervals; all of them sound, or nothing.
    fn intervals(&mut self, value: &Value<'_>) -> Option<Vec<Interval>> {
        let mut intervals = Vec::new();
        let mut sound = true;
        for item in Self::one_or_many(value) {
            let read = self.string(item, r#""09:00-12:00""#).map(Interval::parse);
            match read {
                Some(Ok(interval)) => intervals.push(interval),
                Some(Err(error)) => {
                    sound = false;
                    self.findings
                        .add(
                            "bad-hours",
                            item.span(),
                            Text::new(error.zh(), error.to_string()),
                            say!("不是时段", "no interval"),
                        )
                        .help(say!("写成“09:00-12:00”的样子", "write it like \"09:00-12:00\""));
                }
                None => sound = false,
            }
        }
        sound.then_some(intervals)
    }

    fn closed(&mut self, section: &Section<'_>) -> BTreeSet<Date> {
        let Some(value) = section.get("closed") else { return BTreeSet::new() };
        Self::one_or_many(value).into_iter().filter_map(|item| self.date(item)).collect()
    }

    fn open(&mut self, section: &Section<'_>) -> BTreeMap<Date, Weekday> {
        const EXAMPLE: &str = r#"open = { 2027-02-06 = "fri" }"#;
        let mut dates = BTreeMap::new();
        let Some(value) = section.get("open") else { return dates };
        let Some(section) = self.table(value, "`open`", "“open”", EXAMPLE) else { return dates };
        for (key, value) in section.entries() {
            let date = self.date_key(key);
            if let Some((date, like)) = date.zip(self.known(value, "open", DAYS)) {
                dates.insert(date, like);
            }
        }
        dates
    }

    fn special(&mut self, section: &Section<'_>) -> BTreeMap<Date, Vec<Interval>> {
        const EXAMPLE: &str = r#"special = { 2026-12-24 = ["09:00-12:00"] }"#;
        let mut dates = BTreeMap::new();
        let Some(value) = section.get("special") else { return dates };
        let Some(section) = self.table(value, "`special`", "“special”", EXAMPLE) else { return dates };
        for (key, value) in section.entries() {
            let date = self.date_key(key);
            let Some((date, hours)) = date.zip(self.intervals(value)) else { continue };
            let mut week = Week::default();
            week.set(Weekday::Monday, hours.clone());
            if let Some(((_, one), (_, next))) = week.first_overlap() {
                self.findings
                    .add(
                        "overlapping-hours",
                        value.span(),
                        say!("{date} 的 {one} 与 {next} 重叠", "{one} overlaps {next} on {date}"),
                        say!("时段重叠", "two intervals cover the same minutes"),
                    )
                    .help(say!(
                        "改成首尾相接，或合并为一个时段",
                        "let one end where the next begins, or join them"
                    ));
            }
            dates.insert(date, hours);
        }
        dates
    }

    fn make_up(&mut self, value: &Value<'_>) -> Option<MakeUp> {
        let known: Vec<(&str, MakeUp)> = DAYS
            .iter()
            .map(|(word, day)| (*word, MakeUp::Like(*day)))
            .chain([("not-worked", MakeUp::Ignored)])
            .collect();
        self.known(value, "make-up", &known)
    }

    /// A date is closed, or open, or has hours of its own: one of the three.
    fn contradictions(
        &mut self,
        section: &Section<'_>,
        closed: &BTreeSet<Date>,
        open: &BTreeMap<Date, Weekday>,
        special: &BTreeMap<Date, Vec<Interval>>,
    ) {
        let twice =
            open.keys().map(|date| ("open", date)).chain(special.keys().map(|date| ("special", date)));
        for (key, date) in twice {
            let first = if closed.contains(date) {
                "closed"
            } else if key == "special" && open.contains_key(date) {
                "open"
            } else {
                continue;
            };
            let span = section.get(key).map_or_else(|| section.span.clone(), Spanned::span);
            let related = section.get(first).map(Spanned::span);
            let finding = self.findings.add(
                "closed-and-open",
                span,
                say!("{date} 同时写在“{first}”和“{key}”中", "{date} stands in `{first}` and in `{key}`"),
                say!("此处又写了 {date}", "{date} again"),
            );
            finding.help(say!("两处只留一处", "keep it in one of the two"));
            if let Some(related) = related {
                finding.relate(related, say!("此处已有 {date}", "{date} stands here already"));
            }
        }
    }

    fn holiday_tables(&mut self, value: &Value<'_>) -> Vec<String> {
        let mut names = Vec::new();
        for item in Self::one_or_many(value) {
            let Some(name) = self.string(item, r#"["china"]"#) else { continue };
            if self.tables.get(name).is_some() {
                names.push(name.to_owned());
                continue;
            }
            let known = self.tables.names().collect::<Vec<_>>();
            let list = known.join(", ");
            let near = nearest(name, known.iter().copied());
            let label = near.map_or_else(
                || say!("没有这个表", "no such table"),
                |near| say!("是否想写“{near}”？", "did you mean `{near}`?"),
            );
            self.findings
                .add(
                    "unknown-table",
                    item.span(),
                    say!("没有名为“{name}”的节假日表", "there is no holiday table `{name}`"),
                    label,
                )
                .help(say!(
                    "现有的表：{list}；自有的表须先按名称加入",
                    "known tables: {list}; a table of your own has to be added by name"
                ));
        }
        names
    }

    fn compiled(&mut self, section: &Section<'_>, plan: &CalendarPlan) -> Option<Calendar> {
        match plan.compile() {
            Ok(calendar) if calendar.never_opens() => {
                let span = section.get("week").map_or_else(|| section.span.clone(), Spanned::span);
                self.findings
                    .add(
                        "never-opens",
                        span,
                        say!(
                            "这个日历永远不开门，时钟永远不会走",
                            "this calendar never opens: no clock on it would ever run"
                        ),
                        say!("没有任何工作时段", "no working hours at all"),
                    )
                    .help(say!("写出工作时段，例如 {WEEK_EXAMPLE}", "give it hours, such as {WEEK_EXAMPLE}"));
                None
            }
            Ok(calendar) => Some(calendar),
            Err(error) => {
                let (code, key) = match &error {
                    CalendarError::UnknownZone { .. } => ("unknown-zone", "zone"),
                    CalendarError::AlwaysWithDates { .. } => ("always-with-dates", "always"),
                };
                let span = section.get(key).map_or_else(|| section.span.clone(), Spanned::span);
                self.findings
                    .add(
                        code,
                        span,
                        Text::new(error.zh(), error.to_string()),
                        say!("日历不成立", "no calendar comes of this"),
                    )
                    .help(say!(
                        "时区用 IANA 名称，例如 \"Asia/Shanghai\"、\"Europe/Berlin\"",
                        "zones have IANA names, such as \"Asia/Shanghai\" or \"Europe/Berlin\""
                    ));
                None
            }
        }
    }
}

/// The days that `fri` or `mon-fri` names, Monday 0; a range may run over Sunday.
fn days_of(word: &str) -> Option<Vec<u8>> {
    let index =
        |word: &str| DAYS.iter().position(|(day, _)| *day == word).and_then(|at| u8::try_from(at).ok());
    let Some((first, last)) = word.split_once('-') else { return Some(vec![index(word)?]) };
    let (first, last) = (index(first)?, index(last)?);
    let days = (last + 7 - first) % 7;
    Some((0..=days).map(|step| (first + step) % 7).collect())
}
