//! What nobody promised, and what the calendars do not know yet.

use std::ops::Range;

use crate::{
    coverage::{self, Gap},
    diagnostic::Findings,
    model::Commitment,
    read::{Draft, say},
    vocabulary::Language,
};

/// This many cases are named in one finding; the coverage table has them all.
const SHOWN: usize = 3;

/// One warning for each sort of gap, naming the first cases.
pub(super) fn check(commitment: &Commitment, span: Range<usize>, findings: &mut Findings) {
    let table = coverage::table(&[commitment]);
    for gap in Gap::ALL {
        let rows: Vec<_> = table.rows.iter().filter(|row| row.gaps.contains(gap)).collect();
        if rows.is_empty() {
            continue;
        }
        let list = |language| {
            let shown = rows.iter().take(SHOWN).map(|row| row.case.words(language)).collect::<Vec<_>>();
            shown.join(match language {
                Language::Zh => "；",
                Language::En => "; ",
            })
        };
        let (zh, en) = (list(Language::Zh), list(Language::En));
        let (gap_zh, gap_en) = (gap.label(Language::Zh), gap.label(Language::En));
        let more = rows.len().saturating_sub(SHOWN);
        let (more_zh, more_en) = if more == 0 {
            (String::new(), String::new())
        } else {
            (format!("，另有 {more} 种"), format!(", and {more} more"))
        };
        findings
            .add(
                "gap",
                span.clone(),
                say!("承诺有空白：{gap_zh}（{zh}{more_zh}）", "a gap in the letter, {gap_en}: {en}{more_en}"),
                say!("在这份承诺书中", "in this letter"),
            )
            .help(say!(
                "为这些请求补上条款，或用 covers = […] 说明本承诺书只管哪些类型；覆盖表列出全部空白",
                "promise something for these requests, or limit the letter with covers = […]; the coverage table lists every gap"
            ));
    }
}

/// Official holiday data missing for the year in which the letter takes effect or the next one.
pub(super) fn holidays(draft: &Draft, findings: &mut Findings) {
    let Some(effective) = &draft.head.effective else { return };
    for (name, draft) in &draft.calendars {
        let (Some(calendar), Some(span)) = (&draft.calendar, &draft.holidays) else { continue };
        let first = effective.value.to_zoned(calendar.time_zone().clone()).year();
        let Some(year) =
            (first..=first.saturating_add(1)).find(|year| !calendar.plan().is_official_in(*year))
        else {
            continue;
        };
        findings
            .add(
                "holidays-unpublished",
                span.clone(),
                say!(
                    "日历“{name}”没有 {year} 年的正式节假日安排，跨入 {year} 年的期限都只是暂定",
                    "the calendar `{name}` has no official holidays for {year}: every due instant that reaches {year} is provisional"
                ),
                say!("{year} 年尚未公布", "{year} is not published yet"),
            )
            .help(say!(
                "通知公布后更新节假日表；在此之前可用 closed 和 open 写明本公司的安排",
                "update the table when the notice is out; until then `closed` and `open` can state the company's own dates"
            ));
    }
}
