//! Checks of the outbox, accounts and notices, and that organisations do not meet.

use jiff::SignedDuration;
use yinuo_commitment::Kind;
use yinuo_core::id::{JobId, NoticeId, OrgId};

use super::{
    join_all,
    sample::{add, at, job, job_id, member, next, number, org, other_org, received, ticket},
};
use crate::{
    Append, ClockFilter, Counts, Idempotency, Job, JobCounts, Ledger, LedgerError, NewJob, Notice, Page,
    Session, TicketFilter,
};

const LEASE: SignedDuration = SignedDuration::from_secs(60);

async fn put(ledger: &dyn Ledger, org: &OrgId, n: u32, jobs: Vec<NewJob>) {
    let append = next(org, ticket(n), &[], None, &received(n, at(0), Kind::Repair));
    ledger.append(Append { jobs, ..append }).await.unwrap();
}

fn ids(jobs: &[Job]) -> Vec<JobId> {
    jobs.iter().map(|job| job.id).collect()
}

pub(super) async fn outbox_with_two_workers(ledger: &dyn Ledger) {
    let org = org();
    let jobs = (1..=40).map(|n| job(n, &format!("key-{n}"), at(i64::from(n)))).collect();
    put(ledger, &org, 1, jobs).await;
    assert_eq!(ledger.next_job_at().await.unwrap(), Some(at(1)));
    assert!(ledger.claim(&[], 10, at(0), LEASE).await.unwrap().is_empty(), "nothing is free yet");
    let first = ledger.claim(&["mail".into()], 2, at(10), LEASE).await.unwrap();
    assert_eq!(ids(&first), [job_id(2), job_id(4)], "of this kind, oldest first");
    assert_eq!(first[0].payload, r#"{"to":"客户 2"}"#);
    assert_eq!((first[0].key.as_str(), first[0].attempt, first[0].not_before), ("key-2", 1, at(2)));
    assert_eq!((&first[0].org, first[0].ticket), (&org, Some(ticket(1))));

    // Workers that claim at the same time share the rest without overlap.
    let claims = join_all((0..10).map(|_| ledger.claim(&[], 5, at(50), LEASE))).await;
    let mut all: Vec<JobId> = claims.iter().flat_map(|claim| ids(claim.as_ref().unwrap())).collect();
    all.sort();
    assert_eq!(all, (1..=40).filter(|n| ![2, 4].contains(n)).map(job_id).collect::<Vec<_>>());

    // The lease of the first claim runs out at 70: another worker takes over, and the first one no longer decides.
    assert_eq!(ledger.next_job_at().await.unwrap(), Some(at(70)));
    assert!(ledger.claim(&[], 50, at(69), LEASE).await.unwrap().is_empty());
    let second = ledger.claim(&[], 50, at(70), LEASE).await.unwrap();
    assert_eq!(ids(&second), [job_id(2), job_id(4)]);
    assert_eq!(second[0].attempt, 2);
    assert!(!ledger.retry_job(&first[0], at(1), "late").await.unwrap());
    assert!(!ledger.give_up_job(&first[0], "late").await.unwrap());
    assert!(ledger.job_done(&first[1]).await.unwrap(), "delivered is delivered, whoever says so");
    assert!(!ledger.job_done(&second[1]).await.unwrap());

    assert!(ledger.retry_job(&second[0], at(500), "mailbox is full").await.unwrap());
    assert_eq!(
        ledger.claim(&[], 50, at(499), LEASE).await.unwrap().len(),
        38,
        "the leases at 50 are over by now"
    );
    let third = ledger.claim(&[], 50, at(500), LEASE).await.unwrap();
    assert_eq!((ids(&third), third[0].attempt), (vec![job_id(2)], 3));
    assert!(ledger.job_done(&third[0]).await.unwrap());
    assert!(!ledger.job_done(&third[0]).await.unwrap(), "done is done");
    assert!(!ledger.retry_job(&third[0], at(600), "no").await.unwrap());
    assert_eq!(ledger.job_counts(&org).await.unwrap(), JobCounts { waiting: 38, done: 2, given_up: 0 });

    let rest = ledger.claim(&[], 50, at(2000), LEASE).await.unwrap();
    assert_eq!(rest.len(), 38);
    assert!(ledger.give_up_job(&rest[0], "unknown address").await.unwrap());
    for job in &rest[1..] {
        assert!(ledger.job_done(job).await.unwrap());
    }
    assert_eq!(ledger.job_counts(&org).await.unwrap(), JobCounts { waiting: 0, done: 39, given_up: 1 });
    assert_eq!(ledger.next_job_at().await.unwrap(), None);
}

pub(super) async fn jobs_come_with_their_append(ledger: &dyn Ledger) {
    let org = org();
    put(ledger, &org, 1, vec![job(1, "a", at(0)), job(2, "b", at(0))]).await;
    // A refused append leaves no job behind.
    let refused = next(&org, ticket(1), &[], None, &received(1, at(0), Kind::Repair));
    let refused = Append { jobs: vec![job(3, "c", at(0))], ..refused };
    assert!(matches!(ledger.append(refused).await, Err(LedgerError::Conflict { actual: 1 })));
    // A key that was used names an effect that is under way or done.
    put(ledger, &org, 2, vec![job(4, "a", at(0)), job(5, "d", at(0))]).await;
    put(ledger, &other_org(), 1, vec![job(6, "a", at(0))]).await;
    let claimed = ledger.claim(&[], 10, at(0), LEASE).await.unwrap();
    assert_eq!(ids(&claimed), [1, 2, 5, 6].map(job_id));
    for job in &claimed {
        assert!(ledger.job_done(job).await.unwrap());
    }
    put(ledger, &org, 3, vec![job(7, "b", at(0))]).await;
    assert!(ledger.claim(&[], 10, at(0), LEASE).await.unwrap().is_empty(), "also after it is done");
}

fn session(n: u8, of: u32, expires: i64) -> Session {
    Session {
        token_hash: [n; 32],
        member: member(of),
        csrf: format!("csrf-{n}"),
        created_at: at(0),
        seen_at: at(0),
        expires_at: at(expires),
    }
}

pub(super) async fn passwords_and_sessions(ledger: &dyn Ledger) {
    let org = org();
    assert_eq!(ledger.password_hash(&org, member(1)).await.unwrap(), None);
    ledger.set_password_hash(&org, member(1), "$argon2id$1").await.unwrap();
    ledger.set_password_hash(&org, member(1), "$argon2id$2").await.unwrap();
    assert_eq!(ledger.password_hash(&org, member(1)).await.unwrap().as_deref(), Some("$argon2id$2"));
    assert_eq!(ledger.password_hash(&other_org(), member(1)).await.unwrap(), None);

    for session in [session(1, 1, 100), session(2, 1, 200), session(3, 2, 100)] {
        ledger.create_session(&org, session).await.unwrap();
    }
    assert_eq!(ledger.find_session(&org, &[1; 32], at(99)).await.unwrap(), Some(session(1, 1, 100)));
    assert_eq!(ledger.find_session(&org, &[1; 32], at(100)).await.unwrap(), None, "over at its end");
    assert_eq!(ledger.find_session(&org, &[9; 32], at(0)).await.unwrap(), None);
    assert_eq!(ledger.find_session(&other_org(), &[1; 32], at(0)).await.unwrap(), None);
    ledger.touch_session(&org, &[1; 32], at(90), at(190)).await.unwrap();
    let touched = ledger.find_session(&org, &[1; 32], at(150)).await.unwrap().unwrap();
    assert_eq!((touched.seen_at, touched.expires_at, touched.created_at), (at(90), at(190), at(0)));
    ledger.touch_session(&org, &[9; 32], at(90), at(190)).await.unwrap();
    assert_eq!(ledger.find_session(&org, &[9; 32], at(0)).await.unwrap(), None, "touching makes no session");
    ledger.revoke_session(&org, &[1; 32]).await.unwrap();
    assert_eq!(ledger.find_session(&org, &[1; 32], at(0)).await.unwrap(), None);
    assert_eq!(ledger.revoke_sessions_of(&other_org(), member(1)).await.unwrap(), 0);
    assert_eq!(ledger.revoke_sessions_of(&org, member(1)).await.unwrap(), 1);
    assert_eq!(ledger.find_session(&org, &[2; 32], at(0)).await.unwrap(), None);
    assert_eq!(ledger.drop_expired_sessions(&org, at(99)).await.unwrap(), 0);
    assert_eq!(ledger.drop_expired_sessions(&org, at(100)).await.unwrap(), 1);
}

pub(super) async fn notices(ledger: &dyn Ledger) {
    let org = org();
    let id = |n: u8| NoticeId::from_parts(1_763_000_000_000, [n; 10]);
    let notice = |n: u8, to: u32, seconds: i64| Notice {
        id: id(n),
        member: member(to),
        ticket: if n == 1 { None } else { Some(ticket(1)) },
        kind: "due-soon".into(),
        payload: format!(r#"{{"n":{n},"客户":"王"}}"#),
        at: at(seconds),
        read_at: None,
    };
    ledger.put_notices(&org, Vec::new()).await.unwrap();
    ledger
        .put_notices(&org, vec![notice(1, 1, 10), notice(2, 1, 30), notice(3, 1, 30), notice(4, 2, 5)])
        .await
        .unwrap();
    let list = |unread, limit| ledger.list_notices(&org, member(1), unread, limit);
    assert_eq!(
        list(false, 10).await.unwrap(),
        [notice(3, 1, 30), notice(2, 1, 30), notice(1, 1, 10)],
        "newest first"
    );
    assert_eq!(list(false, 1).await.unwrap().len(), 1);
    ledger.mark_read(&org, member(1), &[id(2), id(4), id(9)], at(40)).await.unwrap();
    assert_eq!(ledger.count_unread(&org, member(1)).await.unwrap(), 2);
    assert_eq!(ledger.count_unread(&org, member(2)).await.unwrap(), 1, "only one's own");
    assert_eq!(list(true, 10).await.unwrap(), [notice(3, 1, 30), notice(1, 1, 10)]);
    // Delivered twice: it stays read.
    ledger.put_notices(&org, vec![notice(2, 1, 30)]).await.unwrap();
    ledger.mark_read(&org, member(1), &[id(2)], at(50)).await.unwrap();
    assert_eq!(list(false, 10).await.unwrap()[1].read_at, Some(at(40)));
    assert!(ledger.list_notices(&other_org(), member(1), false, 10).await.unwrap().is_empty());
}

pub(super) async fn organisations_do_not_meet(ledger: &dyn Ledger) {
    let (org, other) = (org(), other_org());
    let append = next(&org, ticket(5), &[], None, &received(5, at(0), Kind::Repair));
    let key = Idempotency { key: "k".into(), digest: [1; 32] };
    let jobs = vec![job(1, "a", at(0))];
    ledger.append(Append { jobs, idempotency: Some(key.clone()), ..append }).await.unwrap();

    assert!(ledger.load_ticket(&other, ticket(5)).await.unwrap().is_none());
    assert!(ledger.load_tickets(&other, &[ticket(5)]).await.unwrap().is_empty());
    assert!(ledger.read_all(&other, 0, 10).await.unwrap().is_empty());
    assert_eq!(ledger.last_position(&other).await.unwrap(), 0);
    assert_eq!(ledger.verify(&other).await.unwrap(), crate::Verified::default());
    assert_eq!(ledger.find_idempotency(&other, "k").await.unwrap(), None);
    assert!(
        ledger.list_tickets(&other, &TicketFilter::default(), &Page::first(9)).await.unwrap().rows.is_empty()
    );
    assert!(ledger.tickets(&other, &[ticket(5)]).await.unwrap().is_empty());
    assert_eq!(ledger.ticket_by_number(&other, &number(5)).await.unwrap(), None);
    assert_eq!(ledger.ticket_by_external(&other, "old-0").await.unwrap(), None);
    assert_eq!(ledger.counts(&other, at(99_999)).await.unwrap(), Counts::default());
    assert!(ledger.open_by_member(&other).await.unwrap().is_empty());
    assert!(ledger.clocks(&other, &ClockFilter::default(), None, 9).await.unwrap().rows.is_empty());
    assert!(ledger.clocks_of(&other, &[ticket(5)]).await.unwrap().is_empty());
    assert!(ledger.alarms_until(Some(&other), at(99_999), 9).await.unwrap().is_empty());
    assert_eq!(ledger.job_counts(&other).await.unwrap(), JobCounts::default());

    // The same ticket, number, key and external id in another organisation are other things; its log begins at 1.
    let append = next(&other, ticket(5), &[], None, &received(5, at(7), Kind::Praise));
    let appended = ledger.append(Append { idempotency: Some(key), ..append }).await.unwrap();
    assert_eq!((appended.position, appended.seq), (1, 1));
    let ours = ledger.ticket_by_number(&org, &number(5)).await.unwrap().unwrap();
    let theirs = ledger.ticket_by_number(&other, &number(5)).await.unwrap().unwrap();
    assert_eq!((ours.kind, theirs.kind), (Kind::Repair, Kind::Praise));
    assert_eq!(ledger.organisations().await.unwrap(), [org.clone(), other.clone()]);
    // A record of one organisation does not fit into another.
    let foreign = next(&other, ticket(6), &[], None, &received(6, at(8), Kind::Praise));
    add(ledger, &org, ticket(6), &received(6, at(8), Kind::Repair)).await.unwrap();
    let ours = ledger.load_ticket(&org, ticket(6)).await.unwrap().unwrap();
    assert_ne!(foreign.sealed.prev(), next(&org, ticket(6), &[], None, &ours.entries[0]).sealed.prev());
}
