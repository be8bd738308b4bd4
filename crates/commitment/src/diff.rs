//! What changed for customers between two versions of a letter, in words.

mod promise;

use yinuo_calendar::Calendar;

use crate::{
    model::{Budget, Commitment, Give},
    read::say,
    vocabulary::{Grade, Language, Text},
    words::{budget_words, calendar_words, is_always, spaced_zh},
};

/// What a change means for the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ForCustomer {
    /// The company promises more, or sooner.
    Better,
    /// The company promises less, or later.
    Worse,
    /// Neither, or not decidable from the figures alone.
    Neutral,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The change in words.
    pub text: Text,
    /// What it means for the customer.
    pub for_customer: ForCustomer,
}

/// What changed from `old` to `new`, in the order of the letter. Wordings of titles and prose are not compared: they
/// decide no verdict; the sentences of scope terms are, because refusals rest on them. Escalation ladders and the
/// emergency plan are the company's own business and are left out.
pub fn diff(old: &Commitment, new: &Commitment) -> Vec<Change> {
    let mut changes = Changes(Vec::new());
    head(old, new, &mut changes);
    promise::diff(old, new, &mut changes);
    calendars(old, new, &mut changes);
    breaches(old, new, &mut changes);
    compensations(old, new, &mut changes);
    survey(old, new, &mut changes);
    duties(old, new, &mut changes);
    rules(old, new, &mut changes);
    changes.0
}

struct Changes(Vec<Change>);

impl Changes {
    fn add(&mut self, for_customer: ForCustomer, text: Text) {
        self.0.push(Change { text: spaced_zh(text), for_customer });
    }
}

/// Both versions of a label that depends on the language.
fn both(words: impl Fn(Language) -> String) -> Text {
    Text::new(words(Language::Zh), words(Language::En))
}

/// Whether a number that customers like small or large got better for them.
fn verdict<T: PartialOrd + Copy>(old: T, new: T, small_is_good: bool) -> ForCustomer {
    if old == new {
        ForCustomer::Neutral
    } else if (new < old) == small_is_good {
        ForCustomer::Better
    } else {
        ForCustomer::Worse
    }
}

/// How a budget changed. Budgets of different sorts cannot be compared without a case at hand.
fn budget_verdict(old: (Budget, Option<&Calendar>), new: (Budget, Option<&Calendar>)) -> ForCustomer {
    let same_plan = old.1.map(Calendar::plan) == new.1.map(Calendar::plan);
    match (old.0, new.0) {
        (Budget::Working(one), Budget::Working(other)) if same_plan => verdict(one, other, true),
        // The same or a shorter time that now runs around the clock ends sooner; and the other way round.
        (Budget::Working(one), Budget::Working(other)) if is_always(new.1) && other <= one => {
            ForCustomer::Better
        }
        (Budget::Working(one), Budget::Working(other)) if is_always(old.1) && other >= one => {
            ForCustomer::Worse
        }
        (Budget::Workdays(one), Budget::Workdays(other)) if same_plan => verdict(one, other, true),
        (Budget::Rings(one), Budget::Rings(other)) => verdict(one, other, true),
        _ => ForCustomer::Neutral,
    }
}

fn head(old: &Commitment, new: &Commitment, changes: &mut Changes) {
    if old.number != new.number {
        let (before, after) = (&old.number, &new.number);
        changes.add(
            ForCustomer::Neutral,
            say!(
                "编号由 {before} 改为 {after}：这是两份不同的承诺书",
                "the number was {before} and is {after}: these are two letters, not two versions of one"
            ),
        );
    }
    if old.hotline != new.hotline {
        let none = both(|language| crate::words::pick(language, "无", "none"));
        let of = |hotline: &Option<String>, none: &str| hotline.clone().unwrap_or_else(|| none.to_owned());
        let (before_zh, after_zh) = (of(&old.hotline, &none.zh), of(&new.hotline, &none.zh));
        let (before_en, after_en) = (of(&old.hotline, &none.en), of(&new.hotline, &none.en));
        changes.add(
            if new.hotline.is_none() { ForCustomer::Worse } else { ForCustomer::Neutral },
            say!("服务热线由 {before_zh} 改为 {after_zh}", "the hotline was {before_en} and is {after_en}"),
        );
    }
    if old.covers != new.covers {
        let words = |letter: &Commitment| {
            let when = crate::model::When { kind: letter.covers.clone(), ..Default::default() };
            both(|language| crate::words::when_words(&when, language))
        };
        let (before, after) = (words(old), words(new));
        let (Text { zh: before_zh, en: before_en }, Text { zh, en }) = (before, after);
        changes.add(
            ForCustomer::Neutral,
            say!(
                "承诺书所管的类型由{before_zh}改为{zh}",
                "the letter was about {before_en} and is about {en}"
            ),
        );
    }
}

fn calendars(old: &Commitment, new: &Commitment, changes: &mut Changes) {
    for (name, after) in &new.calendars {
        let Some(before) = old.calendar(name) else { continue };
        if before.plan().hours != after.plan().hours || before.plan().zone != after.plan().zone {
            let (was, is) = (
                both(|language| calendar_words(before, language)),
                both(|language| calendar_words(after, language)),
            );
            let (Text { zh: was_zh, en: was_en }, Text { zh, en }) = (was, is);
            let verdict = match (is_always(Some(before)), is_always(Some(after))) {
                (false, true) => ForCustomer::Better,
                (true, false) => ForCustomer::Worse,
                _ => ForCustomer::Neutral,
            };
            changes.add(
                verdict,
                say!(
                    "日历“{name}”由“{was_zh}”改为“{zh}”",
                    "the calendar `{name}` was “{was_en}” and is “{en}”"
                ),
            );
        } else if before.plan() != after.plan() {
            changes.add(
                ForCustomer::Neutral,
                say!(
                    "日历“{name}”的休息日、补班日或特殊时段有变",
                    "the calendar `{name}` has other closed dates, make-up days or special hours"
                ),
            );
        }
    }
}

fn breaches(old: &Commitment, new: &Commitment, changes: &mut Changes) {
    for grade in Grade::ALL {
        let (zh, en) = (grade.label(Language::Zh), grade.label(Language::En));
        match (old.breaches.get(grade), new.breaches.get(grade)) {
            (None, Some(_)) => {
                changes.add(ForCustomer::Better, say!("新增：{zh}须补救", "new: a {en} is remedied"));
            }
            (Some(_), None) => {
                changes.add(
                    ForCustomer::Worse,
                    say!("取消：{zh}不再补救", "gone: a {en} is no longer remedied"),
                );
            }
            (Some(before), Some(after))
                if (before.remedy_within, &before.on) != (after.remedy_within, &after.on) =>
            {
                let calendars = (old.calendar(&before.on), new.calendar(&after.on));
                let was = both(|language| budget_words(before.remedy_within, calendars.0, language));
                let is = both(|language| budget_words(after.remedy_within, calendars.1, language));
                let verdict =
                    budget_verdict((before.remedy_within, calendars.0), (after.remedy_within, calendars.1));
                let (Text { zh: was_zh, en: was_en }, Text { zh: is_zh, en: is_en }) = (was, is);
                changes.add(
                    verdict,
                    say!(
                        "{zh}的补救期限由{was_zh}改为{is_zh}",
                        "the remedy for a {en} was due in {was_en} and is due in {is_en}"
                    ),
                );
            }
            _ => {}
        }
    }
}

fn compensations(old: &Commitment, new: &Commitment, changes: &mut Changes) {
    let words = |letter: &Commitment| -> Vec<Text> {
        letter
            .compensations
            .iter()
            .map(|line| both(|language| crate::letter::compensation_words(line, letter, language)))
            .collect()
    };
    // Lines that only moved are no change; a fee reduction that grew shows as one line gone and one new.
    let (before, after) = (words(old), words(new));
    for Text { zh, en } in after.iter().filter(|line| !before.contains(line)) {
        changes.add(ForCustomer::Better, say!("新增补偿：{zh}", "new compensation: {en}"));
    }
    for Text { zh, en } in before.iter().filter(|line| !after.contains(line)) {
        changes.add(ForCustomer::Worse, say!("取消补偿：{zh}", "compensation gone: {en}"));
    }
    let most = |letter: &Commitment| {
        letter
            .compensations
            .iter()
            .filter_map(|line| match line.give {
                Give::FeeReduction(percent) => Some(percent),
                Give::AddedService(_) => None,
            })
            .max()
    };
    if let (Some(was), Some(is)) = (most(old), most(new))
        && was != is
    {
        changes.add(
            verdict(was, is, false),
            say!("最高减免由 {was} % 改为 {is} %", "the largest reduction was {was} % and is {is} %"),
        );
    }
}

fn survey(old: &Commitment, new: &Commitment, changes: &mut Changes) {
    match (&old.survey, &new.survey) {
        (None, Some(_)) => changes.add(
            ForCustomer::Better,
            say!("新增满意度调查", "new: customers are asked how satisfied they are"),
        ),
        (Some(_), None) => changes.add(
            ForCustomer::Worse,
            say!("取消满意度调查", "gone: customers are no longer asked how satisfied they are"),
        ),
        (Some(before), Some(after)) if before.standard != after.standard => {
            let (was, is) = (before.standard, after.standard);
            changes.add(
                verdict(was, is, false),
                say!(
                    "满意度标准由 {was} % 改为 {is} %",
                    "the satisfaction standard was {was} % and is {is} %"
                ),
            );
        }
        _ => {}
    }
    if let (Some(before), Some(after)) = (old.capacity, new.capacity)
        && before.per_person_per_day != after.per_person_per_day
    {
        let (was, is) = (before.per_person_per_day, after.per_person_per_day);
        changes.add(
            verdict(was, is, true),
            say!(
                "每人每日处理量上限由 {was} 件改为 {is} 件",
                "the daily limit per person was {was} and is {is}"
            ),
        );
    }
}

fn duties(old: &Commitment, new: &Commitment, changes: &mut Changes) {
    for after in &new.duties {
        let words = both(|language| crate::letter::duty_sentence(after, language));
        let Text { zh, en } = words;
        match old.duties.iter().find(|duty| duty.id == after.id) {
            None => changes.add(ForCustomer::Better, say!("新增定期义务：{zh}", "new duty: {en}")),
            Some(before)
                if (before.times, before.every, before.revenue_share_percent)
                    != (after.times, after.every, after.revenue_share_percent) =>
            {
                let Text { zh: was_zh, en: was_en } =
                    both(|language| crate::letter::duty_sentence(before, language));
                let verdict = if before.every == after.every
                    && before.revenue_share_percent == after.revenue_share_percent
                {
                    verdict(before.times, after.times, false)
                } else if before.every == after.every && before.times == after.times {
                    verdict(before.revenue_share_percent, after.revenue_share_percent, false)
                } else {
                    ForCustomer::Neutral
                };
                changes.add(
                    verdict,
                    say!("定期义务由“{was_zh}”改为“{zh}”", "the duty was “{was_en}” and is “{en}”"),
                );
            }
            Some(_) => {}
        }
    }
    for before in old.duties.iter().filter(|duty| !new.duties.iter().any(|after| after.id == duty.id)) {
        let Text { zh, en } = both(|language| crate::letter::duty_sentence(before, language));
        changes.add(ForCustomer::Worse, say!("取消定期义务：{zh}", "duty gone: {en}"));
    }
}

fn rules(old: &Commitment, new: &Commitment, changes: &mut Changes) {
    for clause in new.rules.iter().filter(|clause| !old.states(clause.rule)) {
        let Text { zh, en } = &clause.text;
        changes.add(ForCustomer::Better, say!("新增规则：{zh}", "new rule: {en}"));
    }
    for clause in old.rules.iter().filter(|clause| !new.states(clause.rule)) {
        let Text { zh, en } = &clause.text;
        changes.add(ForCustomer::Worse, say!("取消规则：{zh}", "rule gone: {en}"));
    }
    for after in &new.scope {
        let Text { zh, en } = &after.text;
        let id = &after.id;
        match old.scope.iter().find(|term| term.id == after.id) {
            None => {
                let verdict = if after.inside { ForCustomer::Better } else { ForCustomer::Worse };
                changes.add(verdict, say!("新增范围条款 {id}：{zh}", "new term of scope {id}: {en}"));
            }
            Some(before) if before.inside != after.inside => {
                let verdict = if after.inside { ForCustomer::Better } else { ForCustomer::Worse };
                let (is_zh, is_en) =
                    if after.inside { ("范围内", "inside") } else { ("范围外", "outside") };
                changes.add(
                    verdict,
                    say!("范围条款 {id} 改为{is_zh}：{zh}", "the term of scope {id} is now {is_en}: {en}"),
                );
            }
            Some(before) if before.text != after.text => {
                changes.add(
                    ForCustomer::Neutral,
                    say!("范围条款 {id} 改为：{zh}", "the term of scope {id} now reads: {en}"),
                );
            }
            Some(_) => {}
        }
    }
    for before in old.scope.iter().filter(|term| !new.scope.iter().any(|after| after.id == term.id)) {
        let Text { zh, en } = &before.text;
        let id = &before.id;
        let verdict = if before.inside { ForCustomer::Worse } else { ForCustomer::Better };
        changes.add(verdict, say!("取消范围条款 {id}：{zh}", "term of scope {id} gone: {en}"));
    }
}
