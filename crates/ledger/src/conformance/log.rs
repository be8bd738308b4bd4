//! Checks of the log.

use std::pin::Pin;

use jiff::civil::date;
use yinuo_commitment::{ContentHash, Kind, Text};
use yinuo_core::{
    organisation::{OrganisationEntry, OrganisationEvent},
    roster::{Actor, Role},
    words::Words,
};

use super::{
    join_all,
    sample::{add, assigned, at, custody, member, next, noted, number, org, received, salts, team, ticket},
};
use crate::{
    Append, DayNumber, Idempotency, Ledger, LedgerError, Stream, Tail, chain,
    record::{open_ticket, seal_organisation, seal_ticket},
};

pub(super) async fn append_and_load(ledger: &dyn Ledger) {
    let org = org();
    assert!(ledger.load_ticket(&org, ticket(1)).await.unwrap().is_none());
    assert_eq!(ledger.last_position(&org).await.unwrap(), 0);
    let first = received(1, at(0), Kind::Repair);
    let append = next(&org, ticket(1), &[], None, &first);
    let hash = append.sealed.hash();
    let appended = ledger.append(append).await.unwrap();
    assert_eq!((appended.position, appended.seq, appended.hash), (1, 1, hash));
    let second = assigned(at(1), "repair", Some(member(1)));
    add(ledger, &org, ticket(1), &second).await.unwrap();
    add(ledger, &org, ticket(2), &received(2, at(2), Kind::Complaint)).await.unwrap();

    let loaded = ledger.load_ticket(&org, ticket(1)).await.unwrap().unwrap();
    assert_eq!(loaded.entries, [first, second]);
    assert_eq!(loaded.version, 2);
    let many = ledger.load_tickets(&org, &[ticket(2), ticket(9), ticket(1), ticket(2)]).await.unwrap();
    assert_eq!(many.keys().copied().collect::<Vec<_>>(), [ticket(1), ticket(2)]);
    assert_eq!(many[&ticket(1)], loaded);
    assert_eq!(ledger.organisations().await.unwrap(), std::slice::from_ref(&org));

    let all = ledger.read_all(&org, 0, 10).await.unwrap();
    for stored in &all {
        let of_stream: Vec<_> = all.iter().filter(|other| other.stream == stored.stream).cloned().collect();
        assert_eq!(ledger.records_of(&org, stored.stream).await.unwrap(), of_stream);
    }
    let heads = ledger.read_heads(&org, 0, 10).await.unwrap();
    let places: Vec<_> = heads.iter().map(|head| (head.position, head.stream, head.seq, head.at)).collect();
    let of = |id| Stream::Ticket(ticket(id));
    assert_eq!(places, [(1, of(1), 1, at(0)), (2, of(1), 2, at(1)), (3, of(2), 1, at(2))]);
    assert_eq!(ledger.read_heads(&org, 1, 1).await.unwrap(), [heads[1]]);
    assert_eq!(ledger.read_heads(&org, 3, 10).await.unwrap(), []);
    assert!(ledger.records_of(&org, Stream::Ticket(ticket(4_000))).await.unwrap().is_empty());
    let places: Vec<_> =
        all.iter().map(|stored| (stored.position, stored.stream.ticket().unwrap(), stored.seq)).collect();
    assert_eq!(places, [(1, ticket(1), 1), (2, ticket(1), 2), (3, ticket(2), 1)]);
    let chain = all.iter().take(2).map(|stored| (stored.position, stored.body.as_str(), stored.hash));
    let (head, length) = chain::verify_chain(&org, Stream::Ticket(ticket(1)), chain).unwrap();
    assert_eq!((head, length), (loaded.head, 2));
    let verified = ledger.verify(&org).await.unwrap();
    assert_eq!((verified.streams, verified.records, verified.erased), (2, 3, 0));
    assert_eq!(verified.contents, 12, "six words a receipt, none in the assignment");
}

pub(super) async fn organisation_stream(ledger: &dyn Ledger) {
    let org = org();
    assert!(ledger.load_organisation(&org).await.unwrap().is_none());
    let actor = Actor::Member { id: member(1), role: Role::Admin };
    let formed = OrganisationEvent::TeamFormed {
        team: team("repair"),
        name: Text::new("维修组", "Repair"),
        kinds: vec![Kind::Repair],
    };
    let published = OrganisationEvent::CommitmentPublished {
        number: "RT-1".into(),
        version: 1,
        hash: ContentHash([7; 32]),
        text: "# 承诺书 \u{1F91D}\n\"quoted\" \\ \t".into(),
        tables: vec![("china".into(), "2026-01-01 元旦".into())],
    };
    let entries = [
        OrganisationEntry { at: at(0), actor, events: vec![formed, OrganisationEvent::ExampleLoaded] },
        OrganisationEntry { at: at(1), actor: Actor::System, events: vec![published] },
    ];
    let mut tail = None;
    for entry in &entries {
        let sealed = seal_organisation(&org, tail, entry, at(5));
        tail = Some(Tail { version: sealed.seq(), head: sealed.hash() });
        ledger.append(Append::new(sealed)).await.unwrap();
    }
    let loaded = ledger.load_organisation(&org).await.unwrap().unwrap();
    assert_eq!(loaded.entries, entries);
    assert_eq!(Some(loaded.tail()), tail);
    assert_eq!(ledger.verify(&org).await.unwrap().records, 2);
}

pub(super) async fn contents_come_back(ledger: &dyn Ledger) {
    let org = org();
    let texts = [
        "𠮷野家 🦀👩‍👩‍👧",
        "\"\\\n\r\t\u{1}\u{7f}",
        "nul \0 inside",
        "\u{2028}\u{feff}",
        "' ; DROP TABLE records --",
        " ",
        "",
    ];
    add(ledger, &org, ticket(1), &received(1, at(0), Kind::Repair)).await.unwrap();
    for (index, text) in (1..).zip(texts) {
        add(ledger, &org, ticket(1), &noted(at(index), text)).await.unwrap();
    }
    let long = "承诺".repeat(40_000);
    add(ledger, &org, ticket(1), &noted(at(60), &long)).await.unwrap();
    let loaded = ledger.load_ticket(&org, ticket(1)).await.unwrap().unwrap();
    let noted: Vec<_> = loaded.entries.iter().skip(1).map(|entry| entry.events.clone()).collect();
    for (events, text) in noted.iter().zip(texts.iter().copied().chain([long.as_str()])) {
        let body = Words::new(text);
        assert_eq!(*events, [yinuo_core::ticket::Event::Noted { body }], "{text:?}");
    }
    assert_eq!(noted.len(), texts.len() + 1);
    let all = ledger.read_all(&org, 0, 100).await.unwrap();
    for (stored, text) in all.iter().skip(1).zip(texts) {
        let kept = !text.trim().is_empty();
        assert_eq!(stored.contents.len(), usize::from(kept), "blank words stay in the record");
        assert!(!kept || !stored.body.contains(text), "words of people lie outside the record");
        let erased = open_ticket(&stored.body, &[]).unwrap();
        assert_eq!(erased.erased, u64::from(kept), "a missing content is an erased one");
    }
}

pub(super) async fn one_of_many_wins(ledger: &dyn Ledger) {
    let org = org();
    add(ledger, &org, ticket(1), &received(1, at(0), Kind::Repair)).await.unwrap();
    for round in 0..5 {
        let loaded = ledger.load_ticket(&org, ticket(1)).await.unwrap().unwrap();
        let entries: Vec<_> =
            (0..20).map(|n| noted(at(10 + n), &format!("round {round} racer {n}"))).collect();
        let racers = entries
            .iter()
            .map(|entry| ledger.append(next(&org, ticket(1), &loaded.entries, Some(loaded.tail()), entry)));
        let answers = join_all(racers).await;
        let won: Vec<usize> = (0..20).filter(|n| answers[*n].is_ok()).collect();
        assert_eq!(won.len(), 1, "exactly one of those that saw the same version gets in");
        for answer in answers.iter().filter_map(|answer| answer.as_ref().err()) {
            let expected = loaded.version + 1;
            assert!(matches!(answer, LedgerError::Conflict { actual } if *actual == expected), "{answer}");
        }
        let after = ledger.load_ticket(&org, ticket(1)).await.unwrap().unwrap();
        assert_eq!(after.entries.last(), Some(&entries[won[0]]));
    }
    // A first entry where the ticket exists already.
    let again = ledger.append(next(&org, ticket(1), &[], None, &received(1, at(0), Kind::Repair))).await;
    assert!(matches!(again, Err(LedgerError::Conflict { actual: 6 })), "{again:?}");
    // An entry after some that do not exist.
    let loaded = ledger.load_ticket(&org, ticket(1)).await.unwrap().unwrap();
    let tail = Tail { version: 9, ..loaded.tail() };
    let sealed = seal_ticket(
        &org,
        ticket(1),
        Some(tail),
        &noted(at(50), "ahead"),
        at(50),
        &custody(ticket(1)),
        &mut salts(1),
    );
    let ahead = ledger.append(Append::new(sealed)).await;
    assert!(matches!(ahead, Err(LedgerError::Conflict { actual: 6 })), "{ahead:?}");
}

pub(super) async fn idempotency(ledger: &dyn Ledger) {
    let org = org();
    let key = |digest| Some(Idempotency { key: "客户-1".into(), digest: [digest; 32] });
    let with = |n, digest| Append {
        idempotency: key(digest),
        ..next(&org, ticket(n), &[], None, &received(n, at(0), Kind::Repair))
    };
    assert_eq!(ledger.find_idempotency(&org, "客户-1").await.unwrap(), None);
    // Twenty at once, each making a ticket of its own, as a client does that lost its patience.
    let answers = join_all((1..=20).map(|n| ledger.append(with(n, 1)))).await;
    let won: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    assert_eq!(won.len(), 1);
    let (stream, seq, digest) = ledger.find_idempotency(&org, "客户-1").await.unwrap().unwrap();
    assert_eq!((seq, digest), (1, [1; 32]));
    for answer in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        let fits = matches!(answer, LedgerError::Duplicate { stream: of, seq: 1, same_request: true } if *of == stream);
        assert!(fits, "{answer}");
    }
    let differs = ledger.append(with(30, 2)).await;
    assert!(matches!(differs, Err(LedgerError::Duplicate { same_request: false, .. })), "{differs:?}");
    // A repeated command on a ticket that has moved on is a duplicate, not a conflict.
    let stale =
        Append { idempotency: key(1), ..next(&org, ticket(1), &[], None, &received(1, at(0), Kind::Repair)) };
    assert!(matches!(ledger.append(stale).await, Err(LedgerError::Duplicate { same_request: true, .. })));
    assert_eq!(ledger.last_position(&org).await.unwrap(), 1);
    // What is refused keeps no key.
    let loaded = ledger.load_ticket(&org, stream.ticket().unwrap()).await.unwrap().unwrap();
    let conflicting = Append {
        idempotency: Some(Idempotency { key: "other".into(), digest: [3; 32] }),
        ..next(&org, stream.ticket().unwrap(), &[], None, &loaded.entries[0])
    };
    assert!(matches!(ledger.append(conflicting).await, Err(LedgerError::Conflict { actual: 1 })));
    assert_eq!(ledger.find_idempotency(&org, "other").await.unwrap(), None);
}

pub(super) async fn many_judged_one_by_one(ledger: &dyn Ledger) {
    let org = org();
    let first = received(1, at(0), Kind::Repair);
    let one = next(&org, ticket(1), &[], None, &first);
    let tail = Tail { version: 1, head: one.sealed.hash() };
    let second = assigned(at(1), "repair", None);
    let stale = next(&org, ticket(1), &[], None, &first);
    let two = next(&org, ticket(1), std::slice::from_ref(&first), Some(tail), &second);
    let other = next(&org, ticket(2), &[], None, &received(2, at(0), Kind::Praise));
    let mut taken = next(&org, ticket(3), &[], None, &received(3, at(0), Kind::Praise));
    taken.views.as_mut().unwrap().rows.ticket.number = number(2);
    let answers = ledger.append_many(vec![one, stale, two, other, taken]).await;
    assert_eq!(answers.len(), 5);
    assert_eq!(answers[0].as_ref().unwrap().position, 1);
    assert!(matches!(answers[1], Err(LedgerError::Conflict { actual: 1 })));
    assert_eq!(answers[2].as_ref().unwrap().position, 2);
    assert_eq!(answers[3].as_ref().unwrap().position, 3, "what is refused takes no position");
    assert!(matches!(&answers[4], Err(LedgerError::NumberTaken { number: taken }) if *taken == number(2)));
    assert_eq!(ledger.load_ticket(&org, ticket(1)).await.unwrap().unwrap().entries, [first, second]);
    assert_eq!(ledger.tickets(&org, &[ticket(1)]).await.unwrap()[0].version, 2);
    assert!(ledger.append_many(Vec::new()).await.is_empty());
    assert_eq!(ledger.verify(&org).await.unwrap().records, 3);
}

pub(super) async fn a_misfit_is_refused(ledger: &dyn Ledger) {
    let org = org();
    let good = next(&org, ticket(1), &[], None, &received(1, at(0), Kind::Repair));
    let mut foreign = good.clone();
    foreign.views.as_mut().unwrap().rows.ticket.ticket = ticket(2);
    let mut stale = good.clone();
    stale.views.as_mut().unwrap().rows.ticket.version = 7;
    let entry = received(1, at(0), Kind::Repair);
    let tail = Tail { version: 0, head: crate::Hash([9; 32]) };
    let unchained =
        seal_ticket(&org, ticket(1), Some(tail), &entry, at(0), &custody(ticket(1)), &mut salts(1));
    let unchained = Append { sealed: unchained, ..good.clone() };
    let ownerless = Append { enrolment: None, ..good.clone() };
    let mut another = good.clone();
    another.enrolment.as_mut().unwrap().person = custody(ticket(2)).person();
    let mut unknown = good.clone();
    unknown.enrolment.as_mut().unwrap().new = None;
    for misfit in [foreign, stale, unchained, ownerless, another, unknown] {
        let answer = ledger.append(misfit).await;
        assert!(matches!(answer, Err(LedgerError::Unfit { .. })), "{answer:?}");
    }
    assert_eq!(ledger.last_position(&org).await.unwrap(), 0);
    ledger.append(good).await.unwrap();
}

pub(super) async fn numbers_of_days(ledger: &dyn Ledger) {
    let org = org();
    let (monday, tuesday) = (date(2026, 11, 23), date(2026, 11, 24));
    let mut given = join_all((0..50).map(|_| ledger.next_number(&org, monday))).await;
    given.sort_by_key(|number| *number.as_ref().unwrap());
    let given: Vec<u32> = given.into_iter().map(Result::unwrap).collect();
    assert_eq!(given, (1..=50).collect::<Vec<_>>());
    assert_eq!(ledger.next_number(&org, tuesday).await.unwrap(), 1);
    assert_eq!(ledger.next_number(&super::sample::other_org(), monday).await.unwrap(), 1);
    let append = next(&org, ticket(1), &[], None, &received(1, at(0), Kind::Repair));
    ledger.append(Append { number: Some(DayNumber { day: tuesday, number: 40 }), ..append }).await.unwrap();
    assert_eq!(ledger.next_number(&org, tuesday).await.unwrap(), 41, "a number in use is never given");
}

pub(super) async fn readers_skip_nothing(ledger: &dyn Ledger) {
    let org = org();
    let writes = join_all((1..=100).map(|n| {
        let append = next(&org, ticket(n), &[], None, &received(n, at(i64::from(n)), Kind::Repair));
        ledger.append(append)
    }));
    let read = async {
        let (mut after, mut seen) = (0, Vec::new());
        while seen.len() < 100 {
            let some = ledger.read_all(&org, after, 7).await.unwrap();
            assert!(some.len() <= 7);
            if let Some(last) = some.last() {
                after = last.position;
            }
            seen.extend(some.into_iter().map(|stored| stored.position));
        }
        seen
    };
    let write =
        async { writes.await.into_iter().map(|answer| answer.unwrap().position).collect::<Vec<u64>>() };
    let sides: [Pin<Box<dyn Future<Output = Vec<u64>> + Send + '_>>; 2] = [Box::pin(write), Box::pin(read)];
    let [written, seen] = join_all(sides).await.try_into().unwrap();
    assert_eq!(written.len(), 100);
    assert_eq!(seen, (1..=100).collect::<Vec<u64>>(), "every position once, in order");
    assert!(ledger.read_all(&org, 100, 10).await.unwrap().is_empty());
}

pub(super) async fn appends_wake(ledger: &dyn Ledger) {
    let mut appended = ledger.appended();
    appended.mark_unchanged();
    add(ledger, &org(), ticket(1), &received(1, at(0), Kind::Repair)).await.unwrap();
    appended.changed().await.unwrap();
    let mut late = ledger.appended();
    late.mark_unchanged();
    add(ledger, &org(), ticket(2), &received(2, at(0), Kind::Repair)).await.unwrap();
    late.changed().await.unwrap();
    appended.changed().await.unwrap();
    assert_eq!(ledger.read_all(&org(), 0, 10).await.unwrap().len(), 2);
    let told = ledger.database_now().await.unwrap();
    assert!(told.is_none_or(|told| told > at(0)), "the clock of a database goes: {told:?}");
}
