//! Everything besides promises: ladders, breach terms, compensation, capacity, survey, duties, rules, scope, surge.

use std::ops::Range;

use jiff::SignedDuration;

use super::{
    BreachDraft, Draft, Noted, SurveyDraft, amount, say,
    tree::{Reader, Section, Value},
};
use crate::{
    model::{Budget, Capacity, Duty, Give, Ladder, PromiseId, RuleClause, ScopeTerm, Step, StepAt, Surge},
    vocabulary::{Audience, Every, Form, Grade, LadderAct, Mark, Rule, Text},
};

/// A ladder and where it stands.
#[derive(Debug)]
pub(crate) struct LadderDraft {
    /// The name in the header.
    pub(crate) header: Range<usize>,
    pub(crate) ladder: Ladder,
    /// Where each step says when it comes.
    pub(crate) at: Vec<Range<usize>>,
}

/// A budget on a calendar that may be left out.
#[derive(Debug)]
pub(crate) struct OnCalendar {
    pub(crate) within: Noted<Budget>,
    pub(crate) on: Option<Noted<String>>,
}

/// One line of the compensation table.
#[derive(Debug)]
pub(crate) struct CompensationDraft {
    pub(crate) promise: Vec<Noted<PromiseId>>,
    pub(crate) overrun: SignedDuration,
    pub(crate) give: Option<Give>,
}

impl Reader<'_> {
    pub(super) fn terms(&mut self, root: &Section<'_>, draft: &mut Draft) {
        for (name, section) in self.named(root, "ladder", "[ladder.…]") {
            self.named_well(&name, section.span.clone());
            let ladder = self.ladder(&section);
            draft.ladders.insert(name, ladder);
        }
        self.breaches(root, draft);
        for section in self.list(root, "compensation", "[[compensation]]") {
            let line = self.compensation(&section);
            draft.compensations.push(line);
        }
        draft.capacity = root.get("capacity").and_then(|value| self.capacity(value));
        draft.survey = root.get("survey").and_then(|value| self.survey(value));
        for section in self.list(root, "duty", "[[duty]]") {
            draft.duties.extend(self.duty(&section));
        }
        for section in self.list(root, "rule", "[[rule]]") {
            self.only(&section, &["rule", "text"]);
            let rule = self.need(&section, "rule", r#"rule = "verify-on-site""#);
            let noted = rule.and_then(|value| Some((self.word::<Rule>(value, "rule")?, value.span())));
            let text = self.needed_text(&section, "text");
            draft.rules.extend(
                noted.zip(text).map(|((rule, span), text)| Noted { value: RuleClause { rule, text }, span }),
            );
        }
        for section in self.list(root, "scope", "[[scope]]") {
            draft.scope.extend(self.scope_term(&section));
        }
        draft.surge = root.get("surge").and_then(|value| self.surge(value));
    }

    fn ladder(&mut self, section: &Section<'_>) -> LadderDraft {
        const EXAMPLE: &str = r#"steps = [{ at = "80 %", tell = ["owner"] }]"#;
        self.only(section, &["steps", "quiet"]);
        let quiet = section.get("quiet").and_then(|value| {
            self.known(value, "quiet", &[("outside-working-time", true), ("never", false)])
        });
        let mut steps = Vec::new();
        let mut at = Vec::new();
        if let Some(value) = self.need(section, "steps", EXAMPLE) {
            for item in Self::one_or_many(value) {
                let Some(step) = self.table(item, "a step", "升级步骤", EXAMPLE) else { continue };
                self.only(&step, &["at", "tell", "do"]);
                let when = self.need(&step, "at", r#"at = "80 %""#);
                let read = when.and_then(|value| self.step_at(value).map(|read| (read, value.span())));
                let tell = self.optional_words::<Audience>(&step, "tell").unwrap_or_default();
                let act = self.optional_words::<LadderAct>(&step, "do").unwrap_or_default();
                if tell.is_empty() && act.is_empty() && step.get("tell").is_none() && step.get("do").is_none()
                {
                    self.need(&step, "tell", r#"tell = ["owner"]"#);
                }
                if let Some((when, span)) = read {
                    steps.push(Step { at: when, tell, act });
                    at.push(span);
                }
            }
        }
        let ladder = Ladder { steps, quiet: quiet.unwrap_or(false) };
        LadderDraft { header: section.span.clone(), ladder, at }
    }

    /// `50 %`, `due`, `due + 30 min`.
    fn step_at(&mut self, value: &Value<'_>) -> Option<StepAt> {
        let text = self.string(value, r#""80 %""#)?.trim();
        if text == "due" {
            return Some(StepAt::Due);
        }
        if text.ends_with('%') {
            return self.percent(value, 1, 99).map(StepAt::Share);
        }
        if let Some(after) = text.strip_prefix("due").and_then(|rest| rest.trim_start().strip_prefix('+')) {
            let read = amount::stretch(after);
            return self.sound(value, read).map(StepAt::After);
        }
        self.findings
            .add(
                "unknown-word",
                value.span(),
                say!("“{text}”不是升级时点", "`{text}` is no moment of a ladder"),
                say!("未知的时点", "unknown moment"),
            )
            .help(say!("写成“80 %”“due”或“due + 30 min”", "write \"80 %\", \"due\" or \"due + 30 min\""));
        None
    }

    fn breaches(&mut self, root: &Section<'_>, draft: &mut Draft) {
        if let Some(value) = root.get("breach") {
            let Some(section) = self.table(value, "[breach.…]", "[breach.…]", "[breach.minor]") else {
                return;
            };
            let words: Vec<&str> = Grade::ALL.iter().map(|grade| grade.word()).collect();
            self.only(&section, &words);
        }
        for (name, section) in self.named(root, "breach", "[breach.…]") {
            let Some(grade) = Grade::from_word(&name) else { continue };
            self.only(&section, &["text", "remedy-within", "on", "notice", "tell"]);
            let breach = BreachDraft {
                text: self.optional_text(&section, "text"),
                remedy: self.on_calendar(&section, "remedy-within", r#"remedy-within = "3 workdays""#),
                notice: self
                    .need(&section, "notice", r#"notice = "written""#)
                    .and_then(|value| self.word::<Form>(value, "notice")),
                tell: self.optional_words(&section, "tell").unwrap_or_default(),
            };
            draft.breaches.insert(grade, breach);
        }
    }

    fn on_calendar(&mut self, section: &Section<'_>, key: &str, example: &str) -> Option<OnCalendar> {
        let value = self.need(section, key, example)?;
        let on = section.get("on").and_then(|value| self.id(value));
        let within = self.budget(value)?;
        if !matches!(within.value, Budget::Working(_) | Budget::Workdays(_)) {
            self.findings
                .add(
                    "unfit-budget",
                    within.span,
                    say!("此处的时限必须是时间或工作日", "this needs an amount of time or working days"),
                    say!("此处没有可以计时的通话或铃声", "there is no call, ring or told time here"),
                )
                .help(say!("写成 {example} 的样子", "write it like {example}"));
            return None;
        }
        Some(OnCalendar { within, on })
    }

    fn compensation(&mut self, section: &Section<'_>) -> CompensationDraft {
        self.only(section, &["promise", "overrun", "give"]);
        let promise = section.get("promise").map(|value| self.ids(value)).unwrap_or_default();
        let overrun =
            section.get("overrun").and_then(|value| self.stretch(value)).unwrap_or(SignedDuration::ZERO);
        CompensationDraft {
            promise: promise
                .into_iter()
                .map(|noted| Noted { value: PromiseId::new(&noted.value), span: noted.span })
                .collect(),
            overrun,
            give: self.give(section),
        }
    }

    fn give(&mut self, section: &Section<'_>) -> Option<Give> {
        const EXAMPLE: &str = r#"give = { fee-reduction = "10 %" }"#;
        let value = self.need(section, "give", EXAMPLE)?;
        let section = self.table(value, "`give`", "“give”", EXAMPLE)?;
        self.only(&section, &["fee-reduction", "added-service"]);
        match (section.get("fee-reduction"), section.get("added-service")) {
            (Some(value), None) => self.percent(value, 1, 100).map(Give::FeeReduction),
            (None, Some(value)) => self.text(value).map(Give::AddedService),
            (Some(_), Some(second)) => {
                self.findings
                    .add(
                        "unknown-key",
                        second.span(),
                        say!("一条补偿只能给一样东西", "one line of compensation gives one thing"),
                        say!("第二样", "a second thing"),
                    )
                    .help(say!("为它另写一个 [[compensation]]", "give it a [[compensation]] of its own"));
                None
            }
            (None, None) => {
                self.need(
                    &section,
                    "fee-reduction",
                    r#"fee-reduction = "10 %" or added-service = { zh = "…", en = "…" }"#,
                );
                None
            }
        }
    }

    fn capacity(&mut self, value: &Value<'_>) -> Option<Capacity> {
        const EXAMPLE: &str = "per-person-per-day = 20";
        let section = self.table(value, "[capacity]", "[capacity]", EXAMPLE)?;
        self.only(&section, &["per-person-per-day", "at-once"]);
        let at_once = section.get("at-once").map(|value| self.count(value, 1, 1_000));
        let per_day =
            self.need(&section, "per-person-per-day", EXAMPLE).and_then(|value| self.count(value, 1, 10_000));
        Some(Capacity { per_person_per_day: per_day?, at_once: at_once.flatten() })
    }

    fn survey(&mut self, value: &Value<'_>) -> Option<SurveyDraft> {
        let section = self.table(value, "[survey]", "[survey]", r#"after = "closed""#)?;
        self.only(&section, &["after", "standard", "ask", "low"]);
        let after = self
            .need(&section, "after", r#"after = "closed""#)
            .and_then(|value| self.word::<Mark>(value, "after"));
        let standard = self
            .need(&section, "standard", r#"standard = "95 %""#)
            .and_then(|value| self.percent(value, 1, 100));
        let ask = self.need(&section, "ask", r#"ask = ["response-time", "quality"]"#);
        let ask = ask.map(|value| self.ids(value)).unwrap_or_default();
        let low = section.get("low").and_then(|value| self.low(value));
        Some(SurveyDraft { after, standard, ask: ask.into_iter().map(|noted| noted.value).collect(), low })
    }

    fn low(&mut self, value: &Value<'_>) -> Option<(u8, OnCalendar)> {
        const EXAMPLE: &str = r#"low = { at-most = 2, open = "call-back", within = "1 workday" }"#;
        let section = self.table(value, "`low`", "“low”", EXAMPLE)?;
        self.only(&section, &["at-most", "open", "within", "on"]);
        let at_most = self.need(&section, "at-most", "at-most = 2").and_then(|value| self.count(value, 1, 4));
        let open = self.need(&section, "open", r#"open = "call-back""#);
        let open = open.and_then(|value| self.known(value, "open", &[("call-back", ())]));
        let within = self.on_calendar(&section, "within", r#"within = "1 workday""#);
        open?;
        Some((u8::try_from(at_most?).ok()?, within?))
    }

    fn duty(&mut self, section: &Section<'_>) -> Option<Noted<Duty>> {
        self.only(section, &["id", "title", "times", "every", "owner", "evidence", "revenue-share"]);
        let id = self.need(section, "id", r#"id = "equipment-check""#).and_then(|value| self.id(value));
        let title = self.needed_text(section, "title");
        let times = section.get("times").map_or(Some(1), |value| self.count(value, 1, 1_000));
        let every = self
            .need(section, "every", r#"every = "day""#)
            .and_then(|value| self.word::<Every>(value, "every"));
        let owner =
            self.need(section, "owner", r#"owner = "technical-support""#).and_then(|value| self.id(value));
        let evidence = section.get("evidence").map(|value| self.id(value).map(|noted| noted.value));
        let share = section.get("revenue-share").map(|value| self.percent(value, 1, 100));
        let id = id?;
        let duty = Duty {
            id: id.value,
            title: title?,
            times: times?,
            every: every?,
            owner: owner?.value,
            evidence: evidence.flatten(),
            revenue_share_percent: share.flatten(),
        };
        Some(Noted { value: duty, span: id.span })
    }

    fn scope_term(&mut self, section: &Section<'_>) -> Option<Noted<ScopeTerm>> {
        self.only(section, &["id", "inside", "text"]);
        let value = self.need(section, "id", r#"id = "S-1""#);
        let id = value.and_then(|value| {
            Some(Noted { value: self.string(value, r#""S-1""#)?.trim().to_owned(), span: value.span() })
        });
        let inside = self.need(section, "inside", "inside = true").and_then(|value| self.flag(value));
        let text = self.needed_text(section, "text");
        let id = id?;
        Some(Noted { value: ScopeTerm { id: id.value, inside: inside?, text: text? }, span: id.span })
    }

    fn surge(&mut self, value: &Value<'_>) -> Option<Surge> {
        const EXAMPLE: &str = r#"propose = { arrivals = "3 ×", over = "10 min" }"#;
        let section = self.table(value, "[surge]", "[surge]", EXAMPLE)?;
        self.only(&section, &["team", "propose", "text"]);
        let team = self.need(&section, "team", r#"team = ["supervision"]"#).map(|value| self.ids(value));
        let text = self.optional_text(&section, "text");
        let propose = self.need(&section, "propose", EXAMPLE)?;
        let propose = self.table(propose, "`propose`", "“propose”", EXAMPLE)?;
        self.only(&propose, &["arrivals", "over"]);
        let factor =
            self.need(&propose, "arrivals", r#"arrivals = "3 ×""#).and_then(|value| self.factor(value));
        let over = self.need(&propose, "over", r#"over = "10 min""#).and_then(|value| self.stretch(value));
        Some(Surge {
            team: team?.into_iter().map(|noted| noted.value).collect(),
            arrivals_factor: factor?,
            over: over?,
            text,
        })
    }

    /// `3 ×`: a multiple of the usual arrivals, 2 to 100.
    fn factor(&mut self, value: &Value<'_>) -> Option<u32> {
        let text = self.string(value, r#""3 ×""#)?;
        let digits = text.trim().strip_suffix(['×', 'x']).map(str::trim);
        let digits = digits.filter(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
        let Some(digits) = digits else {
            self.mistyped(value, &Text::new("倍数", "a multiple"), r#""3 ×""#);
            return None;
        };
        let factor = digits.parse::<u32>().ok().filter(|factor| (2..=100).contains(factor));
        if factor.is_none() {
            self.out_of_range(value.span(), text, "2 ×", "100 ×");
        }
        factor
    }
}
