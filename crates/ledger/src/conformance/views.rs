//! Checks of view rows and alarms.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use yinuo_commitment::{Channel, Kind, PromiseId};
use yinuo_core::{
    clock::ClockEnd,
    id::{OrgId, TicketId},
    roster::Actor,
    ticket::{Entry, Event, Stage, Triage},
    words::Words,
};

use super::{
    join_all,
    sample::{
        add, assessed, assigned, at, closed, looked_at, member, next, noted, number, org, other_org,
        received, refold, renamed, rows, team, ticket,
    },
};
use crate::{Alarm, ClockFilter, ClockPage, Cursor, Ledger, LedgerError, Page, Refold, TicketFilter};

const KINDS: [Kind; 4] = [Kind::Consultation, Kind::Repair, Kind::Complaint, Kind::Praise];

/// Forty tickets: four kinds, two teams and none, three persons and nobody, every fourth closed, ties in every instant.
async fn fill(ledger: &dyn Ledger, org: &OrgId) {
    for n in 1..=40_u32 {
        let kind = KINDS[(n % 4) as usize];
        add(ledger, org, ticket(n), &received(n, at(i64::from(n % 7) * 100), kind)).await.unwrap();
        match n % 3 {
            0 => {}
            1 => add(ledger, org, ticket(n), &assigned(at(1000), "repair", None)).await.unwrap(),
            _ => add(ledger, org, ticket(n), &assigned(at(1000), "care", Some(member(n % 5)))).await.unwrap(),
        }
        if n % 10 == 3 {
            add(ledger, org, ticket(n), &assessed(at(1100))).await.unwrap();
        }
        if n == 13 {
            add(ledger, org, ticket(n), &looked_at(at(1200))).await.unwrap();
        }
        if n.is_multiple_of(6) {
            add(ledger, org, ticket(n), &closed(at(i64::from(n) * 200))).await.unwrap();
        }
    }
}

async fn walk(ledger: &dyn Ledger, org: &OrgId, filter: &TicketFilter, limit: u32) -> Vec<TicketId> {
    let (mut page, mut found) = (Page::first(limit), Vec::new());
    loop {
        let part = ledger.list_tickets(org, filter, &page).await.unwrap();
        assert!(part.rows.len() <= limit as usize);
        assert!(part.next.is_none() || part.rows.len() == limit as usize);
        found.extend(part.rows.iter().map(|row| row.ticket));
        let Some(next) = part.next else { return found };
        assert_eq!(next.to_string().parse(), Ok(next), "a cursor prints and parses");
        page.after = Some(next);
    }
}

pub(super) async fn order_and_pages(ledger: &dyn Ledger) {
    let org = org();
    fill(ledger, &org).await;
    fill(ledger, &other_org()).await;
    let all = TicketFilter::default();
    let whole = ledger.list_tickets(&org, &all, &Page::first(1000)).await.unwrap();
    assert_eq!((whole.rows.len(), whole.next), (40, None));
    let dues: Vec<Option<Timestamp>> = whole.rows.iter().map(|row| row.next_due_at).collect();
    let running = dues.iter().take_while(|due| due.is_some()).count();
    assert!(running > 10 && dues[running..].iter().all(Option::is_none), "tickets without a clock come last");
    assert!(dues[..running].is_sorted());
    assert!(whole.rows.is_sorted_by_key(Cursor::of));
    assert!(whole.rows[running..].is_sorted_by_key(|row| (row.received_at, row.ticket)));
    let expected: Vec<TicketId> = whole.rows.iter().map(|row| row.ticket).collect();
    for limit in [1, 2, 7, 39, 40, 41] {
        assert_eq!(walk(ledger, &org, &all, limit).await, expected, "{limit} rows a page");
    }
}

pub(super) async fn filters(ledger: &dyn Ledger) {
    let org = org();
    fill(ledger, &org).await;
    let any = TicketFilter::default;
    let filters = [
        TicketFilter { open: Some(true), ..any() },
        TicketFilter { open: Some(false), ..any() },
        TicketFilter { kinds: vec![Kind::Repair, Kind::Praise], ..any() },
        TicketFilter { channels: vec![Channel::Phone], ..any() },
        TicketFilter { stages: vec![Stage::Waiting, Stage::Closed], ..any() },
        TicketFilter { team: Some(team("care")), open: Some(true), ..any() },
        TicketFilter { team: Some(team("care")), ..any() },
        TicketFilter { team: Some(team("nobody")), ..any() },
        TicketFilter { member: Some(member(2)), ..any() },
        TicketFilter { unassigned: true, open: Some(true), ..any() },
        TicketFilter { unassigned: true, team: Some(team("repair")), ..any() },
        TicketFilter { triage: vec![Triage::Wanted], ..any() },
        TicketFilter { triage: vec![Triage::Wanted, Triage::Confirmed], open: Some(true), ..any() },
        TicketFilter { overdue_as_of: Some(at(3600 + 300)), ..any() },
        TicketFilter { received_from: Some(at(200)), received_to: Some(at(400)), ..any() },
        TicketFilter { number_prefix: Some("TS-20251113-001".into()), ..any() },
        TicketFilter { number_prefix: Some("TS-%".into()), ..any() },
    ];
    let page = Page::first(100);
    let rows = ledger.list_tickets(&org, &any(), &page).await.unwrap().rows;
    let mut sizes = Vec::new();
    for filter in &filters {
        let expected: Vec<TicketId> =
            rows.iter().filter(|row| filter.shows(row)).map(|row| row.ticket).collect();
        let found: Vec<TicketId> = ledger
            .list_tickets(&org, filter, &page)
            .await
            .unwrap()
            .rows
            .iter()
            .map(|row| row.ticket)
            .collect();
        assert_eq!(found, expected, "{filter:?}");
        assert_eq!(walk(ledger, &org, filter, 3).await, expected, "{filter:?}");
        sizes.push(found.len());
    }
    // By hand, so that a filter that shows everything or nothing everywhere does not pass.
    assert_eq!(sizes, [34, 6, 20, 20, 19, 13, 13, 0, 3, 21, 14, 3, 4, 11, 12, 10, 0]);
}

pub(super) async fn lookups(ledger: &dyn Ledger) {
    let org = org();
    fill(ledger, &org).await;
    let found = ledger.tickets(&org, &[ticket(9), ticket(99), ticket(3)]).await.unwrap();
    assert_eq!(found.iter().map(|row| row.ticket).collect::<Vec<_>>(), [ticket(9), ticket(3)]);
    let entries = ledger.load_ticket(&org, ticket(9)).await.unwrap().unwrap().entries;
    assert_eq!(found[0], rows(ticket(9), &entries).ticket, "every column comes back");
    let six = ledger.ticket_by_number(&org, &number(6)).await.unwrap().unwrap();
    let entries = ledger.load_ticket(&org, ticket(6)).await.unwrap().unwrap().entries;
    assert_eq!(six, rows(ticket(6), &entries).ticket);
    assert_eq!((six.open, six.outcome), (false, Some("settled")));
    assert_eq!(ledger.ticket_by_number(&org, "TS-20251113-0099").await.unwrap(), None);
    assert_eq!(
        ledger.ticket_by_external(&org, "old-1").await.unwrap(),
        Some(ticket(10)),
        "the first one holds"
    );
    assert_eq!(ledger.ticket_by_external(&org, "old-9").await.unwrap(), None);
    let clocks = ledger.clocks_of(&org, &[ticket(6), ticket(5), ticket(5), ticket(99)]).await.unwrap();
    assert_eq!(clocks.iter().map(|row| row.ticket).collect::<Vec<_>>(), [ticket(5), ticket(6)]);
    assert_eq!(clocks[1].end, Some((ClockEnd::Met, at(1200))));
}

pub(super) async fn tallies_follow(ledger: &dyn Ledger) {
    let org = org();
    assert_eq!(ledger.counts(&org, at(0)).await.unwrap(), crate::Counts::default());
    fill(ledger, &org).await;
    add(ledger, &org, ticket(3), &assigned(at(5000), "care", Some(member(2)))).await.unwrap();
    add(ledger, &org, ticket(2), &assigned(at(5000), "repair", Some(member(4)))).await.unwrap();
    add(ledger, &org, ticket(5), &closed(at(9000))).await.unwrap();
    let rows = ledger.list_tickets(&org, &TicketFilter::default(), &Page::first(100)).await.unwrap().rows;
    let open: Vec<_> = rows.iter().filter(|row| row.open).collect();
    let now = at(3600 + 250);
    let counts = ledger.counts(&org, now).await.unwrap();
    assert_eq!(counts.open, 33);
    assert_eq!(
        counts.overdue,
        open.iter().filter(|row| row.next_due_at.is_some_and(|due| due < now)).count() as u64
    );
    assert!(counts.overdue > 0 && counts.overdue < 33);
    for kind in KINDS {
        let expected = open.iter().filter(|row| row.kind == kind).count() as u64;
        assert_eq!(counts.by_kind.get(&kind).copied().unwrap_or_default(), expected, "{kind}");
    }
    for stage in Stage::ALL {
        let expected = open.iter().filter(|row| row.stage == *stage).count() as u64;
        assert_eq!(counts.by_stage.get(stage).copied().unwrap_or_default(), expected, "{stage:?}");
    }
    assert_eq!(counts.by_team.len(), 2);
    let by_member = ledger.open_by_member(&org).await.unwrap();
    for n in 0..5 {
        let expected = open.iter().filter(|row| row.member == Some(member(n))).count() as u64;
        assert_eq!(by_member.get(&member(n)).copied().unwrap_or_default(), expected, "person {n}");
    }
    // A person whose last ticket is closed is left out.
    for row in open.iter().filter(|row| row.member == Some(member(4))) {
        add(ledger, &org, row.ticket, &closed(at(9999))).await.unwrap();
    }
    assert!(!ledger.open_by_member(&org).await.unwrap().contains_key(&member(4)));
}

pub(super) async fn clocks_replace(ledger: &dyn Ledger) {
    let org = org();
    add(ledger, &org, ticket(1), &received(1, at(0), Kind::Repair)).await.unwrap();
    assert_eq!(ledger.clocks_of(&org, &[ticket(1)]).await.unwrap().len(), 1);
    // Another kind: the clock of the first one is gone, a new one is there.
    let mut again = noted(at(10), "reclassified");
    let facets = yinuo_commitment::Facets::of(Kind::Complaint);
    let why = Words::new("客户要求赔偿");
    again.events.push(Event::Classified { facets, by: yinuo_core::ticket::Classifier::Person, why });
    add(ledger, &org, ticket(1), &again).await.unwrap();
    let clocks = ledger.clocks_of(&org, &[ticket(1)]).await.unwrap();
    assert_eq!(clocks.len(), 1);
    assert_eq!(clocks[0].clock.promise.as_str(), "complaint.first");
    add(ledger, &org, ticket(1), &closed(at(20))).await.unwrap();
    let clocks = ledger.clocks_of(&org, &[ticket(1)]).await.unwrap();
    assert_eq!(clocks[0].end, Some((ClockEnd::Met, at(20))), "a clock that changed is replaced");
    add(ledger, &org, ticket(1), &noted(at(30), "no clock")).await.unwrap();
    assert!(ledger.clocks_of(&org, &[ticket(1)]).await.unwrap().is_empty());
    let page = ledger.clocks(&org, &ClockFilter::default(), None, 10).await.unwrap();
    assert_eq!(page, ClockPage::default());
}

pub(super) async fn clock_filters(ledger: &dyn Ledger) {
    let org = org();
    fill(ledger, &org).await;
    fill(ledger, &other_org()).await;
    let any = ClockFilter::default;
    let filters = [
        any(),
        ClockFilter { started_from: Some(at(100)), started_to: Some(at(300)), ..any() },
        ClockFilter { received_from: Some(at(100)), received_to: Some(at(200)), ..any() },
        ClockFilter { promise: Some(PromiseId::new("repair.first")), ..any() },
        ClockFilter { commitment: Some("RT-2".into()), ..any() },
        ClockFilter { kinds: vec![Kind::Complaint], channels: vec![Channel::Web], ..any() },
        ClockFilter { team: Some(team("care")), ..any() },
        ClockFilter { member: Some(member(1)), topic: Some("发票".into()), ..any() },
        ClockFilter { topic: Some("其他".into()), ..any() },
    ];
    let whole = ledger.clocks(&org, &any(), None, 1000).await.unwrap();
    assert_eq!((whole.rows.len(), whole.next.clone()), (30, None), "praise runs no clock");
    assert!(whole.rows.is_sorted_by_key(|row| (row.started_at, row.ticket)));
    let mut sizes = Vec::new();
    for filter in &filters {
        // The made-up clocks start when their ticket is received.
        let expected: Vec<_> =
            whole.rows.iter().filter(|row| filter.shows(row, row.started_at)).cloned().collect();
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = ledger.clocks(&org, filter, after.as_ref(), 4).await.unwrap();
            found.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, expected, "{filter:?}");
        sizes.push(found.len());
    }
    assert_eq!(sizes, [30, 10, 5, 10, 0, 10, 10, 1, 0]);
}

pub(super) async fn alarms_in_order(ledger: &dyn Ledger) {
    let org = org();
    assert_eq!(ledger.next_alarm_at().await.unwrap(), None);
    for (n, seconds) in [(3, 50), (1, 20), (2, 20), (4, 10)] {
        add(ledger, &org, ticket(n), &received(n, at(seconds), Kind::Repair)).await.unwrap();
    }
    add(ledger, &other_org(), ticket(9), &received(9, at(5), Kind::Repair)).await.unwrap();
    let hour = 3600;
    assert_eq!(ledger.next_alarm_at().await.unwrap(), Some(at(hour + 5)));
    let due = |alarms: Vec<Alarm>| alarms.into_iter().map(|alarm| alarm.ticket).collect::<Vec<_>>();
    let until = ledger.alarms_until(None, at(hour + 20), 10).await.unwrap();
    assert_eq!(until[0], Alarm { org: other_org(), ticket: ticket(9), at: at(hour + 5) });
    assert_eq!(due(until), [ticket(9), ticket(4), ticket(1), ticket(2)], "the instant itself is included");
    assert_eq!(due(ledger.alarms_until(Some(&org), at(hour + 20), 2).await.unwrap()), [ticket(4), ticket(1)]);
    assert!(ledger.alarms_until(Some(&org), at(hour), 10).await.unwrap().is_empty());
    // The append that ticks a ticket moves or removes its alarm.
    add(ledger, &org, ticket(4), &noted(at(hour + 10), "silence")).await.unwrap();
    add(ledger, &other_org(), ticket(9), &closed(at(hour))).await.unwrap();
    assert_eq!(
        due(ledger.alarms_until(None, at(hour + 60), 10).await.unwrap()),
        [ticket(1), ticket(2), ticket(3)]
    );
    assert_eq!(ledger.next_alarm_at().await.unwrap(), Some(at(hour + 20)));
}

pub(super) async fn alarms_are_claimed_once(ledger: &dyn Ledger) {
    let org = org();
    let (hour, lease) = (3600, SignedDuration::from_secs(10));
    for n in 1..=30 {
        add(ledger, &org, ticket(n), &received(n, at(i64::from(n)), Kind::Repair)).await.unwrap();
    }
    add(ledger, &other_org(), ticket(40), &received(40, at(0), Kind::Repair)).await.unwrap();
    let now = at(hour + 20);
    let tickets = |alarms: &[Alarm]| alarms.iter().map(|alarm| alarm.ticket).collect::<Vec<_>>();
    let first = ledger.claim_alarms(&org, now, 3, now, lease).await.unwrap();
    assert_eq!(tickets(&first), [1, 2, 3].map(ticket), "earliest first");
    assert_eq!(first[0], Alarm { org: org.clone(), ticket: ticket(1), at: at(hour + 1) });

    // Tickers that claim at the same time share the rest without overlap, and nothing that is not yet due.
    let claims = join_all((0..5).map(|_| ledger.claim_alarms(&org, now, 4, now, lease))).await;
    let mut shared: Vec<TicketId> =
        claims.iter().flat_map(|claim| tickets(claim.as_ref().unwrap())).collect();
    shared.sort();
    let rest = ledger.claim_alarms(&org, now, 100, now, lease).await.unwrap();
    shared.extend(tickets(&rest));
    shared.sort();
    assert_eq!(shared, (4..=20).map(ticket).collect::<Vec<_>>());
    assert!(ledger.claim_alarms(&org, now, 100, now, lease).await.unwrap().is_empty());
    assert_eq!(
        ledger.alarms_until(Some(&org), now, 100).await.unwrap().len(),
        20,
        "claimed ones stay alarms"
    );

    // Given back, or appended to: free again, at whatever instant the alarm stands by then.
    ledger.release_alarms(&first[1..]).await.unwrap();
    add(ledger, &org, ticket(1), &noted(at(hour + 5), "nothing to do with the alarm")).await.unwrap();
    let again = ledger.claim_alarms(&org, at(hour * 2), 3, now, lease).await.unwrap();
    assert!(tickets(&again).contains(&ticket(2)) && tickets(&again).contains(&ticket(3)), "{again:?}");
    // A ticker that died: its lease runs out.
    let later = now + lease;
    let before =
        ledger.claim_alarms(&org, now, 100, later - SignedDuration::from_micros(1), lease).await.unwrap();
    assert!(before.is_empty(), "{before:?}");
    let after = ledger.claim_alarms(&org, now, 100, later, lease).await.unwrap();
    let still: Vec<TicketId> =
        ledger.alarms_until(Some(&org), now, 100).await.unwrap().iter().map(|alarm| alarm.ticket).collect();
    assert_eq!(tickets(&after), still);
}

pub(super) async fn rebuild_gives_the_same(ledger: &dyn Ledger) {
    let org = org();
    fill(ledger, &org).await;
    fill(ledger, &other_org()).await;
    let survey =
        Event::Surveyed { ratings: vec![("quality".into(), 4)], low: false, comment: Words::new("还行") };
    let entry = Entry { at: at(9000), actor: Actor::Customer, events: vec![survey] };
    add(ledger, &org, ticket(6), &entry).await.unwrap();
    add(ledger, &org, ticket(9), &noted(at(9000), "no clock")).await.unwrap();
    for name in ["李娜", "王\u{1f}芳"] {
        add(ledger, &org, ticket(11), &renamed(at(9000), name)).await.unwrap();
    }
    let row = ledger.tickets(&org, &[ticket(11)]).await.unwrap().remove(0);
    let before: Vec<Option<&str>> = row.names_before.iter().map(Words::text).collect();
    assert_eq!((row.customer.text(), before), (Some("王 芳"), vec![Some("王丽"), Some("李娜")]));
    let (before, other) =
        (ledger.dump_views(&org).await.unwrap(), ledger.dump_views(&other_org()).await.unwrap());
    assert!(before.lines().count() > 80, "{before}");
    assert_ne!(before, other);
    // Rows that the log does not say are put right.
    let loaded = ledger.load_ticket(&org, ticket(8)).await.unwrap().unwrap();
    let mut wrong = next(&org, ticket(8), &loaded.entries, Some(loaded.tail()), &noted(at(9001), "x"));
    if let Some(views) = &mut wrong.views {
        views.rows.ticket.open = false;
        views.rows.ticket.member = Some(member(77));
        views.rows.clocks.clear();
        views.rows.alarm_at = Some(at(1));
    }
    ledger.append(wrong).await.unwrap();
    let damaged = ledger.dump_views(&org).await.unwrap();
    assert_eq!(ledger.rebuild(&org, refold()).await.unwrap(), 40);
    let after = ledger.dump_views(&org).await.unwrap();
    assert_ne!(after, damaged);
    let failing: Refold = Arc::new(|_, _| Err(LedgerError::Unfit { what: "no facts" }));
    assert!(matches!(ledger.rebuild(&org, failing).await, Err(LedgerError::Unfit { .. })));
    assert_eq!(
        ledger.dump_views(&org).await.unwrap(),
        after,
        "a rebuild that fails leaves the rows as they were"
    );
    assert_eq!(ledger.rebuild(&org, refold()).await.unwrap(), 40);
    assert_eq!(ledger.dump_views(&org).await.unwrap(), after);
    let but_eight = |dump: &str| {
        let eight = ticket(8).to_string();
        dump.lines().filter(|line| !line.contains(&eight)).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(but_eight(&after), but_eight(&before));
    assert_eq!(ledger.dump_views(&other_org()).await.unwrap(), other);
    let found: Result<_, LedgerError> = ledger.ticket_by_external(&org, "old-0").await;
    assert_eq!(found.unwrap(), Some(ticket(5)));
}
