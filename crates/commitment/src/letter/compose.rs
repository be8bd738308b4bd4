//! The letter as blocks, before it becomes Markdown or HTML.

use yinuo_calendar::{Calendar, CalendarPlan, TableStatus};

use super::{exact_sentence, promise_sentence, sentence::capital};
use crate::{
    model::{BreachTerms, Commitment, Compensation, Duty, Give, Surge, Survey},
    vocabulary::{Every, Form, Grade, Language, Mark},
    words::{
        and_list, calendar_words, duration_words, intervals_words, is_always, labels, or_list, pick,
        sentence, spaced, weekday_words, within_words,
    },
};

/// One part of the letter.
pub(super) enum Block {
    Title(String),
    Heading(String),
    Paragraph(String),
    /// Names and values.
    Facts(Vec<(String, String)>),
    /// A numbered list.
    Items(Vec<Item>),
}

/// One entry of a numbered list.
#[derive(Default)]
pub(super) struct Item {
    /// Where a link can point: the id of a promise.
    pub(super) id: Option<String>,
    /// In bold before the text.
    pub(super) lead: Option<String>,
    pub(super) text: String,
    /// Under the text: what the clock measures, where the promise has words of its own.
    pub(super) note: Option<String>,
}

pub(super) fn compose(commitment: &Commitment, language: Language) -> Vec<Block> {
    let mut blocks =
        vec![Block::Title(commitment.title.get(language).to_owned()), head(commitment, language)];
    blocks.extend(commitment.preamble.iter().map(|text| Block::Paragraph(text.get(language).to_owned())));
    let mut section = |zh: &str, en: &str, content: Vec<Block>| {
        if !content.is_empty() {
            blocks.push(Block::Heading(pick(language, zh, en)));
            blocks.extend(content);
        }
    };
    section("我们的承诺", "What we promise", promises(commitment, language));
    section("时间怎样计算", "How time is counted", calendars(commitment, language));
    section("处理规则", "How we work", rules(commitment, language));
    section("适用范围", "What this letter covers", scope(commitment, language));
    section("违约与补偿", "If we break our word", breaches(commitment, language));
    section("满意度调查", "Asking you how we did", survey(commitment.survey.as_ref(), commitment, language));
    section("人员与处理量", "People and workload", capacity(commitment, language));
    section("定期义务", "What we do regularly", duties(&commitment.duties, language));
    section("应急预案", "In an emergency", surge(commitment.surge.as_ref(), language));
    section("签署", "Signed", signature(commitment, language));
    blocks
}

fn fact(language: Language, zh: &str, en: &str, value: impl Into<String>) -> (String, String) {
    (pick(language, zh, en), value.into())
}

fn items(texts: Vec<String>) -> Vec<Block> {
    if texts.is_empty() {
        return Vec::new();
    }
    vec![Block::Items(texts.into_iter().map(|text| Item { text, ..Item::default() }).collect())]
}

/// The effective instant as people of the letter's zone write it.
fn effective(commitment: &Commitment, language: Language) -> String {
    let zone =
        commitment.calendars.values().next().map_or(jiff::tz::TimeZone::UTC, |c| c.time_zone().clone());
    let local = commitment.effective.to_zoned(zone);
    let (date, time) = (local.date(), local.time());
    if time == jiff::civil::Time::midnight() {
        return pick(language, format!("{date} 零时起"), format!("from {date}"));
    }
    let clock = format!("{:02}:{:02}", time.hour(), time.minute());
    pick(language, format!("{date} {clock} 起"), format!("from {date} {clock}"))
}

fn head(commitment: &Commitment, language: Language) -> Block {
    let mut facts = vec![
        fact(language, "编号", "Number", &commitment.number),
        fact(language, "承诺人", "Company", commitment.company.get(language)),
        fact(language, "生效", "Effective", effective(commitment, language)),
    ];
    if !commitment.covers.is_empty() {
        let kinds = and_list(&labels(&commitment.covers, language), language);
        facts.push(fact(language, "适用于", "About", kinds));
    }
    facts.extend(commitment.hotline.iter().map(|hotline| fact(language, "服务热线", "Hotline", hotline)));
    Block::Facts(facts)
}

fn promises(commitment: &Commitment, language: Language) -> Vec<Block> {
    let each = commitment.promises.iter().map(|promise| {
        let note = promise.text.as_ref().map(|_| {
            let exact = exact_sentence(promise, commitment, language);
            pick(language, format!("计时口径：{exact}"), format!("By the clock: {exact}"))
        });
        Item {
            id: Some(promise.id.as_str().to_owned()),
            lead: Some(format!("{}{}", promise.title.get(language), pick(language, "：", "."))),
            text: promise_sentence(promise, commitment, language),
            note,
        }
    });
    vec![Block::Items(each.collect())]
}

fn calendars(commitment: &Commitment, language: Language) -> Vec<Block> {
    let used = |name: &str| {
        let titles = commitment.promises.iter().filter(|promise| promise.on == name);
        titles.map(|promise| promise.title.get(language).to_owned()).collect::<Vec<_>>()
    };
    let each = commitment.calendars.iter().map(|(name, calendar)| {
        let titles = used(name);
        let separator = pick(language, "、", ", ");
        let note = pick(
            language,
            format!("用于：{}", titles.join(&separator)),
            format!("It counts for: {}", titles.join(&separator)),
        );
        Item {
            id: None,
            lead: Some(calendar_lead(name, calendar, commitment, language)),
            text: format!("{}{}", calendar_words(calendar, language), own_dates(calendar, language)),
            note: (!titles.is_empty()).then_some(note),
        }
    });
    let mut blocks = vec![Block::Items(each.collect())];
    blocks.push(Block::Paragraph(pick(
        language,
        "非工作时间收到的请求，从下一个工作时段开始计时；恰在到期一刻完成仍算按时，过后即为超时。N 个工作日自次日起算，到第 N 个工作日的工作时间结束为止。",
        "A request that arrives outside working time counts from the next opening. What happens at the due instant is \
         still in time; anything later is late. N working days count from the day after, until the end of working \
         time on the Nth.",
    )));
    blocks
}

/// What customers call a calendar; its own name only where there are several of its sort.
fn calendar_lead(name: &str, calendar: &Calendar, commitment: &Commitment, language: Language) -> String {
    let always = is_always(Some(calendar));
    let sort = if always {
        pick(language, "全天候", "Around the clock")
    } else {
        pick(language, "工作时间", "Working time")
    };
    let alike = commitment.calendars.values().filter(|other| is_always(Some(other)) == always).count();
    match (alike, language) {
        (1, Language::Zh) => format!("{sort}："),
        (1, Language::En) => format!("{sort}:"),
        (_, Language::Zh) => format!("{sort}（{name}）："),
        (_, Language::En) => format!("{sort} ({name}):"),
    }
}

/// Dates that the file itself sets, not those of a holiday table.
fn own_dates(calendar: &Calendar, language: Language) -> String {
    let plan: &CalendarPlan = calendar.plan();
    let named = |date| plan.names.contains_key(date);
    let closed: Vec<String> =
        plan.closed.iter().filter(|date| !named(date)).map(ToString::to_string).collect();
    let open: Vec<String> = plan
        .open
        .iter()
        .filter(|(date, _)| !named(date))
        .map(|(date, like)| {
            let like = weekday_words(*like, language);
            pick(language, format!("{date}（同{like}）"), format!("{date} (like a {like})"))
        })
        .collect();
    let special: Vec<String> = plan
        .special
        .iter()
        .map(|(date, hours)| {
            if hours.is_empty() {
                return pick(language, format!("{date} 休息"), format!("{date} closed"));
            }
            format!("{date} {}", intervals_words(hours, language))
        })
        .collect();
    let separator = pick(language, "、", ", ");
    let mut words = String::new();
    for (zh, en, dates) in [
        ("另休息", "also closed on", closed),
        ("另上班", "also open on", open),
        ("特殊时段", "other hours on", special),
    ] {
        if !dates.is_empty() {
            let dates = dates.join(&separator);
            words.push_str(&pick(language, format!("；{zh}：{dates}"), format!("; {en} {dates}")));
        }
    }
    let provisional =
        plan.tables.iter().filter(|entry| entry.status != TableStatus::Official).map(|entry| entry.year);
    if plan.official_until().is_none() && provisional.count() > 0 {
        words.push_str(&pick(language, "；节假日安排尚未公布", "; holidays are not published yet"));
    }
    words
}

fn rules(commitment: &Commitment, language: Language) -> Vec<Block> {
    items(commitment.rules.iter().map(|clause| clause.text.get(language).to_owned()).collect())
}

fn scope(commitment: &Commitment, language: Language) -> Vec<Block> {
    let each: Vec<Item> = commitment
        .scope
        .iter()
        .map(|term| {
            let (zh, en) = if term.inside { ("范围内", "inside") } else { ("范围外", "outside") };
            let id = &term.id;
            let lead = pick(language, format!("{id}（{zh}）："), format!("{id} ({en}):"));
            Item {
                id: Some(id.clone()),
                lead: Some(lead),
                text: term.text.get(language).to_owned(),
                note: None,
            }
        })
        .collect();
    if each.is_empty() { Vec::new() } else { vec![Block::Items(each)] }
}

fn breaches(commitment: &Commitment, language: Language) -> Vec<Block> {
    let mut each: Vec<Item> = commitment
        .breaches
        .iter()
        .map(|(grade, terms)| Item {
            id: None,
            lead: Some(format!("{}{}", capital(grade.label(language)), pick(language, "：", ":"))),
            text: breach(*grade, terms, commitment, language),
            note: None,
        })
        .collect();
    each.extend(commitment.compensations.iter().map(|line| Item {
        id: None,
        lead: Some(pick(language, "补偿：", "Compensation:")),
        text: compensation(line, commitment, language),
        note: None,
    }));
    if each.is_empty() { Vec::new() } else { vec![Block::Items(each)] }
}

fn breach(grade: Grade, terms: &BreachTerms, commitment: &Commitment, language: Language) -> String {
    let meaning = terms.text.as_ref().map(|text| text.get(language).to_owned());
    let meaning = meaning.unwrap_or_else(|| {
        let titles: Vec<String> = commitment
            .promises
            .iter()
            .filter(|promise| promise.grade == Some(grade))
            .map(|promise| promise.title.get(language).to_owned())
            .collect();
        let titles = or_list(&titles, language);
        pick(language, format!("未做到：{titles}。"), format!("We missed this: {titles}."))
    });
    let within = within_words(terms.remedy_within, commitment.calendar(&terms.on), language);
    let form = match terms.notice {
        Form::Written => pick(language, "书面", "in writing"),
        Form::Oral => pick(language, "口头", "by word of mouth"),
    };
    let remedy = sentence(
        language,
        &format!("我们将在违约发生后{within}提出补救措施，并以{form}形式通知您。"),
        &format!(" We propose a remedy {within} after the breach and tell you {form}."),
    );
    meaning + &remedy
}

/// A line of the compensation table in words.
pub(super) fn compensation(line: &Compensation, commitment: &Commitment, language: Language) -> String {
    let titles: Vec<String> = line
        .promise
        .iter()
        .filter_map(|id| commitment.promise(id.as_str()))
        .map(|promise| promise.title.get(language).to_owned())
        .collect();
    let late = duration_words(line.overrun, language);
    let give = match &line.give {
        Give::FeeReduction(percent) => {
            pick(language, format!("减免 {percent} % 的服务费"), format!("{percent} % off the service fee"))
        }
        Give::AddedService(text) => {
            let text = text.get(language);
            pick(language, format!("增值服务：{text}"), format!("a service on top: {text}"))
        }
    };
    match language {
        Language::Zh => {
            let what = if titles.is_empty() {
                "任何一项承诺".to_owned()
            } else {
                format!("“{}”", or_list(&titles, language))
            };
            let by =
                if line.overrun.is_zero() { "超时".to_owned() } else { format!("超时 {late} 以上") };
            spaced(&format!("{what}{by}的，{give}。"))
        }
        Language::En => {
            let what = if titles.is_empty() {
                "any promise".to_owned()
            } else {
                format!("“{}”", or_list(&titles, language))
            };
            let by =
                if line.overrun.is_zero() { "missed".to_owned() } else { format!("late by {late} or more") };
            format!("For {what} {by}: {give}.")
        }
    }
}

fn survey(survey: Option<&Survey>, commitment: &Commitment, language: Language) -> Vec<Block> {
    let Some(survey) = survey else { return Vec::new() };
    let after = match survey.after {
        Mark::Closed => pick(language, "每次服务结束后", "After every service"),
        other => {
            let label = other.label(language);
            pick(
                language,
                format!("每次服务到“{label}”之后"),
                format!("In every service, after this step ({label}),"),
            )
        }
    };
    let questions: Vec<String> =
        survey.ask.iter().map(|question| question_words(question, language)).collect();
    let questions = questions.join(&pick(language, "、", ", "));
    let standard = survey.standard;
    let mut texts = vec![pick(
        language,
        format!("{after}，我们请您评价：{questions}（1 至 5 分）。满意度标准不低于 {standard} %。"),
        format!(
            "{after} we ask you to rate, from 1 to 5: {questions}. Satisfaction shall be at \
             least {standard} %."
        ),
    )];
    if let Some(low) = &survey.low {
        let within = within_words(low.within, commitment.calendar(&low.on), language);
        let most = low.at_most;
        texts.push(sentence(
            language,
            &format!("任一项评分不高于 {most} 分的，我们{within}给您回访。"),
            &format!("If any rating is {most} or lower, we call you back {within}."),
        ));
    }
    texts.into_iter().map(Block::Paragraph).collect()
}

fn question_words(question: &str, language: Language) -> String {
    match question {
        "response-time" => pick(language, "响应时间", "response time"),
        "quality" => pick(language, "整体服务质量", "overall quality"),
        "solution" => pick(language, "对解决方案的满意程度", "the solution"),
        own => own.to_owned(),
    }
}

fn capacity(commitment: &Commitment, language: Language) -> Vec<Block> {
    let Some(capacity) = commitment.capacity else { return Vec::new() };
    let per_day = capacity.per_person_per_day;
    let mut words = pick(
        language,
        format!("每人每日分配的请求不超过 {per_day} 件"),
        format!("Nobody is given more than {per_day} requests a day"),
    );
    if let Some(at_once) = capacity.at_once {
        words.push_str(&pick(
            language,
            format!("，同时处理的不超过 {at_once} 件"),
            format!(", nor more than {at_once} open ones at the same time"),
        ));
    }
    words.push_str(&pick(language, "。", "."));
    vec![Block::Paragraph(words)]
}

fn duties(duties: &[Duty], language: Language) -> Vec<Block> {
    items(duties.iter().map(|duty| duty_words(duty, language)).collect())
}

/// A duty in words.
pub(super) fn duty_words(duty: &Duty, language: Language) -> String {
    let title = duty.title.get(language);
    let times = duty.times;
    let every = duty.every.label(language);
    let mut words = match (duty.every, language) {
        (_, Language::Zh) => format!("{title}：{every}不少于 {times} 次"),
        (Every::Day, Language::En) if times == 1 => format!("{title}: at least once a day"),
        (_, Language::En) if times == 1 => format!("{title}: at least once a {every}"),
        (_, Language::En) => format!("{title}: at least {times} times a {every}"),
    };
    if let Some(percent) = duty.revenue_share_percent {
        words.push_str(&pick(
            language,
            format!("，金额不低于年营业收入的 {percent} %"),
            format!(", at least {percent} % of yearly revenue"),
        ));
    }
    if duty.evidence.is_some() {
        words.push_str(&pick(language, "，留存记录备查", ", with the evidence on record"));
    }
    words.push_str(&pick(language, "。", "."));
    words
}

fn surge(surge: Option<&Surge>, language: Language) -> Vec<Block> {
    let Some(surge) = surge else { return Vec::new() };
    let factor = surge.arrivals_factor;
    let over = duration_words(surge.over, language);
    let mut blocks: Vec<Block> =
        surge.text.iter().map(|text| Block::Paragraph(text.get(language).to_owned())).collect();
    blocks.push(Block::Paragraph(pick(
        language,
        format!("当 {over}内收到的请求达到平时的 {factor} 倍时，系统提请启动应急状态。"),
        format!("When {factor} times the usual requests arrive within {over}, the system proposes a state of emergency."),
    )));
    blocks
}

fn signature(commitment: &Commitment, language: Language) -> Vec<Block> {
    let signed = &commitment.signed;
    let (name, post) = (&signed.by, signed.post.get(language));
    let by = pick(language, format!("{name}（{post}）"), format!("{name} ({post})"));
    vec![Block::Facts(vec![
        fact(language, "承诺人", "Company", commitment.company.get(language)),
        fact(language, "签署人", "Signed by", by),
        fact(language, "签署日期", "Signed on", signed.on.to_string()),
    ])]
}
