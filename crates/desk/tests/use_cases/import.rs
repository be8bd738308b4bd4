//! History comes in with its dates, and is judged as if it had happened here.

use yinuo_commitment::Kind;
use yinuo_core::{
    roster::Actor,
    ticket::{Event, Stage},
};
use yinuo_desk::{Format, ImportReport, LineOutcome, read_rows};
use yinuo_ledger::{Page, TicketFilter};

use crate::harness::*;

impl Company {
    async fn import(&self, text: &str, format: Format) -> ImportReport {
        self.desk.import(read_rows(text, format), self.actor("manager")).await.unwrap()
    }

    async fn rows(&self) -> Vec<yinuo_core::view::TicketRow> {
        let page = Page::first(1_000);
        let mut rows = self.desk.list(&TicketFilter::default(), &page, self.actor("amy")).await.unwrap().rows;
        rows.sort_by_key(|row| row.received_at);
        rows
    }
}

#[tokio::test]
async fn history_runs_against_the_clock_as_it_was() {
    let company = Company::open().await;
    let report = company
        .import(
            concat!(
                "\u{feff}{\"id\":\"a\",\"received_at\":\"2026-11-02T09:00:00+08:00\",\"channel\":\"web\",",
                "\"kind\":\"consultation\",\"text\":\"保修多久？\",\"replied_at\":\"2026-11-02T09:14:59+08:00\",",
                "\"reply\":\"两年。\",\"closed_at\":\"2026-11-02T10:00:00+08:00\"}\r\n",
                "\n",
                "{\"id\":\"b\",\"received_at\":\"2026-11-02T17:50:00+08:00\",\"channel\":\"web\",",
                "\"kind\":\"consultation\",\"text\":\"发票呢？\",\"replied_at\":\"2026-11-03T09:05:01+08:00\",",
                "\"answer\":\"已寄出。\"}\n",
                "{\"id\":\"c\",\"received_at\":\"2026-11-04T09:00:00+08:00\",\"kind\":\"consultation\",",
                "\"question\":\"还在吗？\"}\n",
            ),
            Format::JsonLines,
        )
        .await;
    assert_eq!((report.imported, report.known, report.refused.len()), (3, 0, 0), "{report:?}");
    let rows = company.rows().await;
    let mut first_replies = Vec::new();
    for row in &rows {
        let sheet = company.sheet(row.ticket).await;
        assert!(sheet.entries.windows(2).all(|pair| pair[0].at <= pair[1].at), "in order of time");
        let alarms = sheet.entries.iter().flat_map(|entry| &entry.events);
        let noticed = alarms.filter_map(|event| match event {
            Event::AlarmFired { noticed_at, .. } => Some(*noticed_at),
            _ => None,
        });
        assert!(noticed.into_iter().all(|at| at == company.desk.now()), "noticed now, whatever was planned");
        first_replies.push((row.number.clone(), state(&sheet, "online-first-reply"), row.stage));
    }
    let expected = [
        ("ZX-20261102-0001".to_owned(), "met", Stage::Closed),
        ("ZX-20261102-0002".to_owned(), "missed", Stage::Settled),
        ("ZX-20261104-0001".to_owned(), "missed", Stage::Waiting),
    ];
    assert_eq!(first_replies, expected);
    assert!(report.alarms > 0);
    assert_eq!(company.desk.tick_due().await.unwrap().ticked, 0, "nothing of the past is left to fire");
    assert_eq!(company.jobs().waiting, 0, "nobody is told what happened long ago");
    assert!(!company.desk.rebuild().await.unwrap().changed);

    let again = company.import("{\"id\":\"b\",\"text\":\"x\"}", Format::JsonLines).await;
    assert_eq!((again.imported, again.known), (0, 1));
}

#[tokio::test]
async fn bad_lines_are_named_and_nothing_is_half_imported() {
    let company = Company::open().await;
    let lines = [
        r#"{"text":"好的"}"#,
        r#"{"text":"x","colour":"red"}"#,
        "not json",
        r#"{"id":"no-text"}"#,
        r#"{"text":"x","channel":"pigeon"}"#,
        r#"{"text":"x","kind":"joke"}"#,
        r#"{"text":"x","received_at":"yesterday"}"#,
        r#"{"text":"x","received_at":"2026-02-30T09:00:00+08:00"}"#,
        r#"{"text":"x","received_at":"2027-01-01T09:00:00+08:00"}"#,
        r#"{"text":"x","received_at":"1066-10-14T09:00:00Z"}"#,
        r#"{"text":"x","received_at":"2026-11-02T09:00:00+08:00","replied_at":"2026-11-02T08:00:00+08:00","reply":"y"}"#,
        r#"{"text":"x","replied_at":"2026-11-02T08:00:00+08:00","reply":"y"}"#,
        r#"{"text":"x","received_at":"2026-11-02T09:00:00+08:00","closed_at":"2026-11-02T08:00:00+08:00"}"#,
        r#"{"text":"x","received_at":"2026-11-02T09:00:00+08:00","replied_at":"2026-11-02T10:00:00+08:00"}"#,
        r#"{"text":"  "}"#,
        r#"{"text":"\u200b\u2060\u0000"}"#,
        r#"{"text":"x","received_at":"2026-11-02T09:00:00+08:00","replied_at":"2026-11-02T10:00:00+08:00","reply":"\ufeff"}"#,
        &format!(
            r#"{{"text":"x","received_at":"2026-11-02T09:00:00+08:00","replied_at":"2026-11-02T10:00:00+08:00","reply":"{}"}}"#,
            "长".repeat(20_001)
        ),
        r#"{"text":"最后一行"}"#,
    ];
    let report = company.import(&lines.join("\n"), Format::JsonLines).await;
    assert_eq!(report.imported, 2);
    let refused: Vec<u64> = report.refused.iter().map(|(line, _)| *line).collect();
    assert_eq!(refused, (2..=18).collect::<Vec<_>>());
    let codes: Vec<&str> = report
        .lines
        .iter()
        .filter_map(|(_, outcome)| match outcome {
            LineOutcome::Refused { code, text } => {
                assert!(!text.zh.is_empty() && !text.en.is_empty());
                Some(*code)
            }
            _ => None,
        })
        .collect();
    assert_eq!(codes[..3], ["unreadable"; 3]);
    assert!(codes[3..13].iter().all(|code| *code == "invalid"), "{codes:?}");
    assert_eq!(codes[13..], ["blank", "blank", "invalid", "too-long"]);
    let rows = company.rows().await;
    assert_eq!(rows.len(), 2, "what was refused left no ticket");
    let mut numbers: Vec<&str> = rows.iter().filter_map(|row| row.number.rsplit('-').next()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, ["0001", "0002"], "and no gap");
}

#[tokio::test]
async fn csv_of_spreadsheets_is_read() {
    let company = Company::open().await;
    let text = "\u{feff}id,received_at,channel,kind,text,name\r\n\
        1,2026-11-02T09:00:00+08:00,phone,repair,\"漏水，\n急！\",张三\r\n\
        2,,, ,只有文字,\r\n\
        3,2026-11-02T09:00:00+08:00,phone\r\n\
        1,2026-11-02T09:00:00+08:00,phone,repair,又一次,张三\r\n";
    let report = company.import(text, Format::Csv).await;
    assert_eq!((report.imported, report.known), (2, 1), "{report:?}");
    assert_eq!(report.refused.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [5]);
    let rows = company.rows().await;
    assert_eq!(rows[0].kind, Kind::Repair);
    assert_eq!(rows[0].customer.text(), Some("张三"));
    let unknown = company.import("id,text,colour\n9,x,red\n", Format::Csv).await;
    assert_eq!((unknown.imported, unknown.refused.len()), (0, 1));
    assert!(unknown.refused[0].1.contains("colour"), "{:?}", unknown.refused);
    assert_eq!(company.import("", Format::Csv).await, ImportReport::default());
    assert_eq!(company.import("text\n", Format::Csv).await, ImportReport::default());
}

#[tokio::test]
async fn what_no_letter_covered_runs_no_clock() {
    let company = Company::open().await;
    let line = r#"{"received_at":"2026-08-31T23:59:59+08:00","text":"太早"}"#;
    let report = company.import(line, Format::JsonLines).await;
    assert_eq!((report.imported, report.without_commitment), (1, 1));
    assert_eq!(company.sheet(company.rows().await[0].ticket).await.clocks.len(), 0);
    let forbidden = company.desk.import(Vec::new(), company.actor("amy")).await;
    assert_eq!(forbidden.unwrap_err().code(), "forbidden");
}

#[tokio::test]
async fn a_reply_in_history_is_a_persons_also_where_nobody_handles_the_kind() {
    let company = Company::empty(5).await;
    company.desk.publish(RESPONSE_TIME, Actor::System).await.unwrap();
    let line =
        r#"{"received_at":"2026-11-02T09:00:00+08:00","channel":"web","kind":"consultation","text":"x",
        "replied_at":"2026-11-02T09:01:00+08:00","reply":"y"}"#
            .replace('\n', " ");
    let report = company.desk.import(read_rows(&line, Format::JsonLines), Actor::System).await.unwrap();
    let [(1, LineOutcome::Imported { ticket, .. })] = report.lines[..] else { panic!("{report:?}") };
    let sheet = company.desk.ticket(ticket, Actor::System).await.unwrap();
    assert_eq!(state(&sheet, "online-first-reply"), "met");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_ticker_at_work_does_not_get_between_the_entries_of_a_row() {
    let company = Company::open().await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let ticker = tokio::spawn(company.desk.clone().run_ticker(stopped));
    let lines: Vec<String> = (0..200)
        .map(|id| {
            format!(
                "{{\"id\":\"{id}\",\"received_at\":\"2026-11-02T09:00:00+08:00\",\"channel\":\"web\",\"kind\":\"consultation\",\
                 \"text\":\"x\",\"replied_at\":\"2026-11-02T09:10:00+08:00\",\"reply\":\"y\"}}"
            )
        })
        .collect();
    let lines = lines.join("\n");
    let desk = company.another_desk().await;
    let manager = company.actor("manager");
    let (one, two) = tokio::join!(
        company.desk.import(read_rows(&lines, Format::JsonLines), manager),
        desk.import(read_rows(&lines, Format::JsonLines), manager),
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((one.imported + two.imported, one.known + two.known), (200, 200), "each id once");
    for row in company.rows().await {
        assert_eq!(state(&company.sheet(row.ticket).await, "online-first-reply"), "met");
    }
    stop.send_replace(true);
    ticker.await.unwrap();
    company.finish().await;
}
