//! What binds words to their record and records to each other.

use yinuo_core::{
    id::OrgId,
    roster::Actor,
    ticket::{Entry, Event},
    words::Words,
};
use yinuo_ledger::{
    Hash, LedgerError, Stream, Tail, chain,
    conformance::sample::{custody, org, salts, ticket},
    record::{open_ticket, seal_ticket},
};

use crate::*;

#[test]
fn words_are_bound_to_their_record() {
    let (sealed, _) = seal(&Event::Noted { body: words("退款 30 元") });
    let contents = contents(&sealed);
    assert!(!sealed.body().contains("退款"));
    let mut changed = contents.clone();
    changed[0].text = "退款 90 元".into();
    assert!(matches!(open_ticket(sealed.body(), &changed), Err(LedgerError::Corrupt { .. })));
    let mut resalted = contents.clone();
    resalted[0].salt = [0; 16];
    assert!(matches!(open_ticket(sealed.body(), &resalted), Err(LedgerError::Corrupt { .. })));
    let mut more = contents.clone();
    more.push(yinuo_ledger::Content { n: 1, ..contents[0].clone() });
    assert!(matches!(open_ticket(sealed.body(), &more), Err(LedgerError::Corrupt { .. })));
    let erased = open_ticket(sealed.body(), &[]).unwrap();
    assert_eq!(erased.entry.events, [Event::Noted { body: Words::erased() }]);
    assert_eq!(erased.erased, 1);
    assert_eq!(format!("{contents:?}"), "[Content(0, 13 bytes)]", "no words in logs");
}

#[test]
fn a_chain_names_the_first_record_that_does_not_fit() {
    let stream = Stream::Ticket(ticket(1));
    let mut tail = None;
    let mut records = Vec::new();
    for position in 1..=6_u64 {
        let entry = Entry { at: at(), actor: Actor::System, events: vec![Event::PickedUp { rings: 1 }] };
        let custody = custody(ticket(1));
        let sealed = seal_ticket(&org(), ticket(1), tail, &entry, at(), &custody, &mut salts(position));
        tail = Some(Tail { version: sealed.seq(), head: sealed.hash() });
        records.push((position * 10, sealed.body().to_owned(), sealed.hash()));
    }
    let verify = |records: &[(u64, String, Hash)], org: &OrgId, stream| {
        chain::verify_chain(
            org,
            stream,
            records.iter().map(|(position, body, hash)| (*position, body.as_str(), *hash)),
        )
    };
    let first_bad = |records: &[(u64, String, Hash)], org: &OrgId, stream| match verify(records, org, stream)
    {
        Err(LedgerError::Corrupt { position, .. }) => position,
        other => panic!("{other:?}"),
    };
    assert_eq!(verify(&records, &org(), stream).unwrap(), (tail.unwrap().head, 6));
    let mut changed = records.clone();
    changed[3].1 = changed[3].1.replace("\"rings\":1", "\"rings\":2");
    assert_eq!(first_bad(&changed, &org(), stream), 40);
    let mut relinked = changed.clone();
    relinked[3].2 = chain::link(records[2].2, &relinked[3].1);
    assert_eq!(first_bad(&relinked, &org(), stream), 50, "a forged hash is found by the next record");
    let mut swapped = records.clone();
    swapped.swap(1, 2);
    assert_eq!(first_bad(&swapped, &org(), stream), 30);
    let mut short = records.clone();
    short.remove(4);
    assert_eq!(first_bad(&short, &org(), stream), 60);
    assert_eq!(first_bad(&records, &org(), Stream::Ticket(ticket(2))), 10, "a chain belongs to its stream");
    assert_eq!(first_bad(&records, &OrgId::new("other").unwrap(), stream), 10, "and to its organisation");
}
