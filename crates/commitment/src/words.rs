//! The data of a commitment in words, for the letter, the tables and the comparisons alike.

use jiff::{SignedDuration, civil::Weekday};
use yinuo_calendar::{Calendar, Hours, Interval, TableStatus, Week};

use crate::{
    model::{Budget, When},
    vocabulary::{Channel, Complexity, Language, Mark, Severity, Site, Text, Urgency, Word},
};

/// Chinese or English, whichever is asked for.
pub(crate) fn pick(language: Language, zh: impl Into<String>, en: impl Into<String>) -> String {
    match language {
        Language::Zh => zh.into(),
        Language::En => en.into(),
    }
}

/// `a、b和c` or `a, b and c`.
pub(crate) fn and_list(items: &[String], language: Language) -> String {
    listed(items, language, "和", " and ")
}

/// `a、b或c` or `a, b or c`.
pub(crate) fn or_list(items: &[String], language: Language) -> String {
    listed(items, language, "或", " or ")
}

fn listed(items: &[String], language: Language, zh_last: &str, en_last: &str) -> String {
    let (separator, last) = match language {
        Language::Zh => ("、", zh_last),
        Language::En => (", ", en_last),
    };
    match items.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((final_item, before)) => format!("{}{last}{final_item}", before.join(separator)),
    }
}

/// Chinese text with one blank between Han characters and Latin letters or digits, and none between Han characters:
/// fragments of sentences meet without knowing each other.
pub(crate) fn spaced(text: &str) -> String {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let latin = |c: char| c.is_ascii_alphanumeric() || c == '%';
    let chars: Vec<char> = text.chars().collect();
    let mut spaced = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied().unwrap_or('\n');
        let after = chars.get(at + 1).copied().unwrap_or('\n');
        if *c == ' ' && han(before) && han(after) {
            continue;
        }
        if (han(before) && c.is_ascii_alphanumeric()) || (latin(before) && han(*c)) {
            spaced.push(' ');
        }
        spaced.push(*c);
    }
    spaced
}

/// A text whose Chinese version is [`spaced`].
pub(crate) fn spaced_zh(text: Text) -> Text {
    Text { zh: spaced(&text.zh), en: text.en }
}

/// A finished sentence in `language`; Chinese ones are [`spaced`].
pub(crate) fn sentence(language: Language, zh: &str, en: &str) -> String {
    match language {
        Language::Zh => spaced(zh),
        Language::En => en.to_owned(),
    }
}

/// The labels of words, English ones in lower case for use within a sentence; an abbreviation such as API stays.
pub(crate) fn labels<W: Word>(words: &[W], language: Language) -> Vec<String> {
    words.iter().map(|word| inside(word.name(language))).collect()
}

fn inside(label: &str) -> String {
    if label.chars().all(|c| c.is_ascii_uppercase()) { label.to_owned() } else { label.to_lowercase() }
}

fn count(number: i64, zh: &str, en: &str, language: Language) -> String {
    let plural = if number == 1 { "" } else { "s" };
    pick(language, format!("{number} {zh}"), format!("{number} {en}{plural}"))
}

/// `1 小时 30 分钟`, `1 hour 30 minutes`. Days are never used: a day is ambiguous.
pub(crate) fn duration_words(duration: SignedDuration, language: Language) -> String {
    let seconds = duration.as_secs();
    let parts = [
        (seconds / 3600, "小时", "hour"),
        (seconds / 60 % 60, "分钟", "minute"),
        (seconds % 60, "秒", "second"),
    ];
    let parts = parts.into_iter().filter(|(number, ..)| *number != 0);
    let words: Vec<String> = parts.map(|(number, zh, en)| count(number, zh, en, language)).collect();
    if words.is_empty() { count(0, "秒", "second", language) } else { words.join(" ") }
}

/// Whether time on this calendar is simply time.
pub(crate) fn is_always(calendar: Option<&Calendar>) -> bool {
    calendar.is_some_and(|calendar| calendar.plan().hours == Hours::Always)
}

/// A budget as a noun: `工作时间 15 分钟`, `15 minutes of working time`.
pub(crate) fn budget_words(budget: Budget, calendar: Option<&Calendar>, language: Language) -> String {
    match budget {
        Budget::Working(duration) => {
            let words = duration_words(duration, language);
            if calendar.is_none() || is_always(calendar) {
                return words;
            }
            pick(language, format!("工作时间 {words}"), format!("{words} of working time"))
        }
        Budget::Workdays(days) => count(i64::from(days), "个工作日", "working day", language),
        Budget::Rings(rings) => count(i64::from(rings), "声铃响", "ring", language),
        Budget::AsTold => pick(language, "所告知的时间", "the time told"),
        Budget::TheCall => pick(language, "本次通话", "the call"),
    }
}

/// A budget as part of a sentence: `工作时间 15 分钟内`, `within 15 minutes of working time`.
pub(crate) fn within_words(budget: Budget, calendar: Option<&Calendar>, language: Language) -> String {
    let noun = budget_words(budget, calendar, language);
    match budget {
        Budget::Working(_) | Budget::Workdays(_) | Budget::Rings(_) => {
            pick(language, format!("{noun}内"), format!("within {noun}"))
        }
        Budget::AsTold => pick(language, "所告知的时间之前", "by the time that you were told"),
        Budget::TheCall => pick(language, "通话中", "during the call"),
    }
}

/// What lets a ticket in, in words: `复杂的咨询（网站、在线聊天）`.
pub(crate) fn when_words(when: &When, language: Language) -> String {
    let kinds = if when.kind.is_empty() {
        pick(language, "各类请求", "requests of every kind")
    } else {
        or_list(&labels(&when.kind, language), language)
    };
    let mut marks = Vec::new();
    let mut add = |words: Vec<String>| {
        if !words.is_empty() {
            marks.push(or_list(&words, language));
        }
    };
    add(when.urgency.iter().map(|urgency| urgency_words(*urgency, language)).collect());
    add(when.complexity.iter().map(|complexity| complexity_words(*complexity, language)).collect());
    add(when.severity.iter().map(|severity| severity_words(*severity, language)).collect());
    add(when.site.iter().map(|site| site_words(*site, language)).collect());
    add(when.technical.map(|technical| technical_words(technical, language)).into_iter().collect());
    add(when.topic.clone());
    if !when.channel.is_empty() {
        let channels = or_list(&labels(&when.channel, language), language);
        marks.push(pick(language, format!("经{channels}"), format!("by {channels}")));
    }
    if marks.is_empty() {
        return kinds;
    }
    pick(language, format!("{kinds}（{}）", marks.join("，")), format!("{kinds} ({})", marks.join(", ")))
}

pub(crate) fn urgency_words(urgency: Urgency, language: Language) -> String {
    match urgency {
        Urgency::Normal => pick(language, "不紧急", "not urgent"),
        Urgency::Urgent => pick(language, "紧急", "urgent"),
    }
}

pub(crate) fn complexity_words(complexity: Complexity, language: Language) -> String {
    complexity.label(language).to_lowercase()
}

pub(crate) fn severity_words(severity: Severity, language: Language) -> String {
    match severity {
        Severity::General => pick(language, "一般", "general"),
        Severity::Major => pick(language, "重大", "major"),
    }
}

pub(crate) fn site_words(site: Site, language: Language) -> String {
    site.label(language).to_lowercase()
}

pub(crate) fn technical_words(technical: bool, language: Language) -> String {
    if technical {
        pick(language, "技术问题", "technical")
    } else {
        pick(language, "非技术问题", "not technical")
    }
}

pub(crate) fn channel_words(channel: Channel, language: Language) -> String {
    inside(channel.label(language))
}

/// What ends a clock, as something that the company does: `首次回应您`, `give you a first reply`.
pub(crate) fn doing(mark: Mark, language: Language) -> &'static str {
    let (zh, en) = match mark {
        Mark::Received => ("收到您的请求", "receive your request"),
        Mark::PickedUp => ("接听您的来电", "pick up your call"),
        Mark::CallEnded => ("结束通话", "end the call"),
        Mark::LookupTold => ("告知您需要查询", "tell you that we have to look it up"),
        Mark::FirstReply => ("首次回应您", "give you a first reply"),
        Mark::Acknowledged => ("正式回应您的投诉", "acknowledge your complaint"),
        Mark::DetailedReply => ("给您详细答复", "give you a detailed reply"),
        Mark::FullAnswer => ("给您完整解答", "give you the full answer"),
        Mark::Contacted => ("与您取得联系", "contact you"),
        Mark::Dispatched => ("派出工程师", "send an engineer"),
        Mark::Arrived => ("安排工程师到达现场", "have an engineer on your site"),
        Mark::RemoteSolution => ("给出远程解决方案", "give you a remote solution"),
        Mark::Solved => ("完成修复", "complete the repair"),
        Mark::Confirmed => ("得到您的确认", "have your confirmation"),
        Mark::InvestigationStarted => ("启动调查", "start the investigation"),
        Mark::VerifiedOnSite => ("由专业人员完成现场核实", "have specialists verify the matter on site"),
        Mark::ProgressReported => ("告知您处理进展", "tell you about the progress"),
        Mark::SolutionProposed => ("给出解决方案", "propose a solution"),
        Mark::SolutionAccepted => ("得到您对方案的认可", "have your consent to the solution"),
        Mark::SolutionRejected => ("得知您不接受方案", "learn that you reject the solution"),
        Mark::CarriedOut => ("将解决方案执行完毕", "have the solution carried out"),
        Mark::Closed => ("办结您的请求", "close your request"),
        Mark::RatedLow => ("收到您的低评价", "receive your low rating"),
        Mark::CalledBack => ("给您回访", "call you back"),
    };
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

/// What told the customer a time, as the subject of a sentence: `the detailed reply`.
pub(crate) fn teller(mark: Mark) -> &'static str {
    match mark {
        Mark::LookupTold => "the word that we have to look it up",
        Mark::FirstReply => "the first reply",
        Mark::Acknowledged => "the acknowledgement",
        Mark::DetailedReply => "the detailed reply",
        Mark::Contacted => "the first contact",
        Mark::ProgressReported => "the progress report",
        Mark::SolutionProposed => "the solution",
        _ => "our earlier word",
    }
}

const DAYS: [(Weekday, &str, &str); 7] = [
    (Weekday::Monday, "周一", "Monday"),
    (Weekday::Tuesday, "周二", "Tuesday"),
    (Weekday::Wednesday, "周三", "Wednesday"),
    (Weekday::Thursday, "周四", "Thursday"),
    (Weekday::Friday, "周五", "Friday"),
    (Weekday::Saturday, "周六", "Saturday"),
    (Weekday::Sunday, "周日", "Sunday"),
];

pub(crate) fn weekday_words(day: Weekday, language: Language) -> &'static str {
    DAYS.iter().find(|(known, ..)| *known == day).map_or("", |(_, zh, en)| match language {
        Language::Zh => zh,
        Language::En => en,
    })
}

/// `09:00–12:00、13:30–18:00`.
pub(crate) fn intervals_words(intervals: &[Interval], language: Language) -> String {
    let each: Vec<String> = intervals.iter().map(|interval| interval.to_string().replace('-', "–")).collect();
    each.join(&pick(language, "、", ", "))
}

/// Days with the same hours are joined: `周一至周五 09:00–12:00、13:30–18:00`.
fn week_words(week: &Week, language: Language) -> String {
    let mut runs: Vec<(Weekday, Weekday, &[Interval])> = Vec::new();
    for (day, ..) in DAYS {
        let hours = week.on(day);
        match runs.last_mut() {
            Some((_, last, same)) if *same == hours => *last = day,
            _ => runs.push((day, day, hours)),
        }
    }
    let open = runs.into_iter().filter(|(_, _, hours)| !hours.is_empty());
    let words = open.map(|(first, last, hours)| {
        let (one, other) = (weekday_words(first, language), weekday_words(last, language));
        let days = if first == last {
            one.to_owned()
        } else {
            pick(language, format!("{one}至{other}"), format!("{one} to {other}"))
        };
        format!("{days} {}", intervals_words(hours, language))
    });
    words.collect::<Vec<_>>().join(&pick(language, "；", "; "))
}

/// A calendar in words: hours, zone, holidays. Dates of the company's own are listed by the letter.
pub(crate) fn calendar_words(calendar: &Calendar, language: Language) -> String {
    let plan = calendar.plan();
    let zone = &plan.zone;
    let Hours::Weekly(week) = &plan.hours else {
        return pick(language, "全天 24 小时，全年无休", "24 hours a day, every day of the year");
    };
    let hours = week_words(week, language);
    let mut words = if zone == "Asia/Shanghai" {
        pick(language, format!("{hours}（北京时间）"), format!("{hours} (China time)"))
    } else {
        pick(language, format!("{hours}（{zone} 时间）"), format!("{hours} ({zone} time)"))
    };
    if let Some(last) = plan.official_until() {
        let provisional =
            plan.tables.iter().any(|entry| entry.year > last && entry.status != TableStatus::Official);
        words.push_str(&pick(
            language,
            format!("；法定节假日休息，调休上班日照常（已按国家公布的安排计至 {last} 年）"),
            format!(
                "; closed on public holidays, open on official make-up workdays (official dates up to {last})"
            ),
        ));
        if provisional {
            words.push_str(&pick(
                language,
                "，之后年份待公布，期限暂定",
                "; later years are not published yet, and dates in them are provisional",
            ));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::spaced;

    #[test]
    fn spaces_chinese_sentences() {
        let cases = [
            ("我们在48 小时内到达", "我们在 48 小时内到达"),
            ("超时 24 小时 以上", "超时 24 小时以上"),
            ("减免 10 %的费用", "减免 10 % 的费用"),
            ("经API提交", "经 API 提交"),
            ("投诉（一般）", "投诉（一般）"),
        ];
        for (text, expected) in cases {
            assert_eq!(spaced(text), expected);
        }
    }
}
