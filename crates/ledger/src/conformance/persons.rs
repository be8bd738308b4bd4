//! Checks of persons, of what is sealed for them, of erasures and of secrets.

use yinuo_commitment::Kind;
use yinuo_core::{
    id::{OrgId, PersonId},
    organisation::{OrganisationEntry, OrganisationEvent},
    roster::Actor,
    ticket::Event,
    words::Words,
};

use super::{
    join_all,
    sample::{
        add, at, closed, custody, enrolment, master_key, next, noted, org, other_org, received, refold,
        sealed_for, ticket, vault,
    },
};
use crate::{
    Append, Custody, Enrolment, Ledger, LedgerError, Page, Stream, Tail, TicketFilter, persons,
    record::seal_organisation,
    vault::{Contact, Holder, INDEX_KEY, MasterKeys},
};

fn contact(n: u8) -> Contact {
    Contact([n; 16])
}

/// A new ticket of a new person with these contacts.
fn arrival(org: &OrgId, n: u32, contacts: &[u8]) -> Append {
    let append = next(org, ticket(n), &[], None, &received(n, at(i64::from(n)), Kind::Repair));
    let contacts = contacts.iter().copied().map(contact).collect();
    Append { enrolment: Some(Enrolment { contacts, ..enrolment(org, ticket(n)) }), ..append }
}

/// A new ticket of the person of ticket `of`.
fn another_of(org: &OrgId, of: u32, n: u32, contacts: &[u8]) -> Append {
    let owner = custody(ticket(of));
    let first = received(n, at(i64::from(n)), Kind::Repair);
    let contacts = contacts.iter().copied().map(contact).collect();
    let enrolment = Enrolment { person: owner.person(), new: None, contacts };
    Append { enrolment: Some(enrolment), ..sealed_for(&owner, org, ticket(n), &[], None, &first) }
}

fn person(n: u32) -> PersonId {
    custody(ticket(n)).person()
}

async fn known_by(ledger: &dyn Ledger, org: &OrgId, n: u8) -> Option<PersonId> {
    let found = ledger.persons_by_contact(org, &[contact(n)]).await.unwrap();
    found.get(&contact(n)).map(|kept| kept.person)
}

/// An entry of the organisation's own stream with which these persons are erased.
async fn erasure(ledger: &dyn Ledger, org: &OrgId, erases: &[PersonId]) -> Append {
    let tail = ledger.load_organisation(org).await.unwrap().map(|loaded| loaded.tail());
    let entry = OrganisationEntry {
        at: at(9_000),
        actor: Actor::System,
        events: vec![OrganisationEvent::ExampleLoaded],
    };
    Append { erases: erases.to_vec(), ..Append::new(seal_organisation(org, tail, &entry, at(9_000))) }
}

pub(super) async fn contacts_lead_to_one_person(ledger: &dyn Ledger) {
    let org = org();
    assert!(ledger.persons_by_contact(&org, &[contact(1)]).await.unwrap().is_empty());
    ledger.append(arrival(&org, 1, &[1, 2])).await.unwrap();
    ledger.append(arrival(&org, 2, &[])).await.unwrap();
    ledger.append(another_of(&org, 1, 3, &[2, 3])).await.unwrap();
    let asked = [1, 2, 3, 4].map(contact);
    let found = ledger.persons_by_contact(&org, &asked).await.unwrap();
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), &asked[..3]);
    assert!(found.values().all(|kept| kept.person == person(1)));
    let kept = &found[&contact(1)];
    assert_eq!((kept.created_at, kept.erased_at), (at(0), None));
    assert_eq!(vault().custody(&org, person(1), kept.wrapped.as_ref()).unwrap(), custody(ticket(1)));
    let by_id = ledger.persons(&org, &[person(2), person(1), person(9)]).await.unwrap();
    assert_eq!(by_id.keys().copied().collect::<Vec<_>>(), [person(1), person(2)]);
    assert_eq!(&by_id[&person(1)], kept);
    let of = ledger.persons_of(&org, &[ticket(3), ticket(2), ticket(9)]).await.unwrap();
    assert_eq!(of.into_iter().collect::<Vec<_>>(), [(ticket(2), person(2)), (ticket(3), person(1))]);
    assert_eq!(ledger.tickets_of(&org, person(1)).await.unwrap(), [ticket(1), ticket(3)]);
    assert_eq!(ledger.contacts_of(&org, person(1)).await.unwrap(), [1, 2, 3].map(contact));
    // A contact that a known person brings and that is another's stays there; a later entry may bring some, too.
    ledger.append(arrival(&org, 4, &[9])).await.unwrap();
    let loaded = ledger.load_ticket(&org, ticket(1)).await.unwrap().unwrap();
    let entry = noted(at(50), "has a new number");
    let append =
        sealed_for(loaded.custody().unwrap(), &org, ticket(1), &loaded.entries, Some(loaded.tail()), &entry);
    let enrolment = Enrolment { person: person(1), new: None, contacts: vec![contact(9), contact(7)] };
    ledger.append(Append { enrolment: Some(enrolment), ..append }).await.unwrap();
    assert_eq!(known_by(ledger, &org, 9).await, Some(person(4)));
    assert_eq!(known_by(ledger, &org, 7).await, Some(person(1)));
    // Nothing of it is known to another organisation.
    let other = other_org();
    assert!(ledger.persons_by_contact(&other, &asked).await.unwrap().is_empty());
    assert!(ledger.persons(&other, &[person(1)]).await.unwrap().is_empty());
    assert!(ledger.persons_of(&other, &[ticket(1)]).await.unwrap().is_empty());
    assert!(ledger.tickets_of(&other, person(1)).await.unwrap().is_empty());
    assert!(ledger.contacts_of(&other, person(1)).await.unwrap().is_empty());
}

pub(super) async fn one_person_per_contact(ledger: &dyn Ledger) {
    let org = org();
    // Twenty requests from one phone at the same moment, each as of somebody new.
    let answers = join_all((1..=20).map(|n| ledger.append(arrival(&org, n, &[1])))).await;
    let won: Vec<usize> = (0..20).filter(|n| answers[*n].is_ok()).collect();
    assert_eq!(won.len(), 1);
    for answer in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert!(matches!(answer, LedgerError::PersonChanged), "{answer}");
    }
    assert_eq!(ledger.last_position(&org).await.unwrap(), 1, "nothing of a refused append is kept");
    // Within one transaction, too; who looked again gets in.
    let batch = vec![arrival(&org, 31, &[3]), arrival(&org, 32, &[3]), another_of(&org, 31, 33, &[3])];
    let answers = ledger.append_many(batch).await;
    assert!(answers[0].is_ok() && answers[2].is_ok(), "{answers:?}");
    assert!(matches!(answers[1], Err(LedgerError::PersonChanged)), "{answers:?}");
    assert_eq!(ledger.tickets_of(&org, person(31)).await.unwrap(), [ticket(31), ticket(33)]);
    assert!(ledger.persons(&org, &[person(32)]).await.unwrap().is_empty());
    ledger.append(arrival(&other_org(), 32, &[3])).await.unwrap();
}

pub(super) async fn who_shares_a_contact_is_found_from_both_sides(ledger: &dyn Ledger) {
    let org = org();
    ledger.append(arrival(&org, 1, &[1])).await.unwrap();
    ledger.append(arrival(&org, 2, &[2])).await.unwrap();
    let sharing = async |contacts: &[u8]| {
        let contacts: Vec<Contact> = contacts.iter().copied().map(contact).collect();
        ledger.persons_sharing(&org, &contacts).await.unwrap()
    };
    assert!(sharing(&[]).await.is_empty() && sharing(&[9]).await.is_empty());
    assert_eq!(sharing(&[1, 1, 2, 9]).await, [person(1), person(2)]);
    // The second person names the first one's contact, twice, and one in the same batch that is nobody's yet.
    let batch = vec![
        another_of(&org, 2, 3, &[2, 1]),
        another_of(&org, 2, 4, &[1, 3]),
        another_of(&org, 1, 5, &[3]),
        arrival(&other_org(), 6, &[1]),
    ];
    assert!(ledger.append_many(batch).await.iter().all(Result::is_ok));
    assert_eq!(known_by(ledger, &org, 1).await, Some(person(1)), "it stays with whom it belongs to");
    assert_eq!(known_by(ledger, &org, 3).await, Some(person(2)), "the first one who names it has it");
    assert_eq!(ledger.contacts_of(&org, person(2)).await.unwrap(), [contact(2), contact(3)]);
    assert_eq!(sharing(&[1]).await, [person(1), person(2)]);
    assert_eq!(sharing(&[3]).await, [person(1), person(2)]);
    assert_eq!(sharing(&[2]).await, [person(2)]);
    assert_eq!(ledger.persons_sharing(&other_org(), &[contact(1)]).await.unwrap(), [person(6)]);
    // Erased, the person shares nothing any more.
    let append = erasure(ledger, &org, &[person(2)]).await;
    ledger.append(append).await.unwrap();
    assert_eq!(sharing(&[1, 2]).await, [person(1)]);
    assert_eq!(sharing(&[3]).await, [person(1)]);
}

pub(super) async fn everybody_in_order(ledger: &dyn Ledger) {
    let org = org();
    assert!(ledger.persons_after(&org, None, 10).await.unwrap().is_empty());
    for n in [3, 1, 2] {
        ledger.append(arrival(&org, n, &[])).await.unwrap();
    }
    ledger.append(arrival(&other_org(), 4, &[])).await.unwrap();
    let append = erasure(ledger, &org, &[person(2)]).await;
    ledger.append(append).await.unwrap();
    let all = ledger.persons_after(&org, None, 10).await.unwrap();
    let found: Vec<_> =
        all.iter().map(|kept| (kept.person, kept.wrapped.is_some(), kept.erased_at)).collect();
    let expected = [(person(1), true, None), (person(2), false, Some(at(9_000))), (person(3), true, None)];
    assert_eq!(found, expected);
    assert_eq!(ledger.persons_after(&org, None, 2).await.unwrap(), all[..2]);
    assert_eq!(ledger.persons_after(&org, Some(person(2)), 2).await.unwrap(), all[2..]);
    assert!(ledger.persons_after(&org, Some(person(3)), 2).await.unwrap().is_empty());
}

pub(super) async fn words_are_sealed_for_their_person(ledger: &dyn Ledger) {
    let org = org();
    ledger.append(arrival(&org, 1, &[])).await.unwrap();
    ledger.append(arrival(&org, 2, &[])).await.unwrap();
    add(ledger, &org, ticket(1), &noted(at(5), "漏水的是左边那台")).await.unwrap();
    let loaded = ledger.load_ticket(&org, ticket(1)).await.unwrap().unwrap();
    assert_eq!(loaded.custody().unwrap(), &custody(ticket(1)));
    let records = ledger.records_of(&org, Stream::Ticket(ticket(1))).await.unwrap();
    let note = &records[1];
    assert_eq!(custody(ticket(1)).open(&org, note).unwrap()[0].text.as_ref(), "漏水的是左边那台");
    let sealed = &note.contents[0].sealed;
    assert!(!sealed.windows(6).any(|part| part == "漏水".as_bytes()));
    // Another's key, another place or an erased person open nothing.
    assert!(matches!(custody(ticket(2)).open(&org, note), Err(LedgerError::Corrupt { position: 3, .. })));
    assert!(custody(ticket(1)).open(&other_org(), note).is_err());
    let mut moved = note.clone();
    moved.seq = 1;
    assert!(custody(ticket(1)).open(&org, &moved).is_err());
    assert!(Custody::erased(person(1)).open(&org, note).unwrap().is_empty());
    // Lists show the words again.
    let rows = ledger.tickets(&org, &[ticket(1)]).await.unwrap();
    assert_eq!((rows[0].subject.text(), rows[0].customer.text()), (Some("第 1 台机器停了"), Some("王丽")));
    let listed = ledger.list_tickets(&org, &TicketFilter::default(), &Page::first(9)).await.unwrap().rows;
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|row| row.customer.text() == Some("王丽")));
    assert!(ledger.dump_views(&org).await.unwrap().contains("第 2 台机器停了"));
}

/// All rows but those of tickets: clocks, alarms, tallies.
async fn figures(ledger: &dyn Ledger, org: &OrgId) -> Vec<String> {
    let dump = ledger.dump_views(org).await.unwrap();
    dump.lines().filter(|line| !line.starts_with("ticket ")).map(str::to_owned).collect()
}

pub(super) async fn erased_for_good(ledger: &dyn Ledger) {
    let org = org();
    for append in [arrival(&org, 1, &[1, 2]), arrival(&org, 2, &[3]), another_of(&org, 1, 3, &[])] {
        ledger.append(append).await.unwrap();
    }
    add(ledger, &org, ticket(1), &noted(at(5), "漏水")).await.unwrap();
    add(ledger, &org, ticket(1), &closed(at(50))).await.unwrap();
    let before = ledger.verify(&org).await.unwrap();
    let figures_before = figures(ledger, &org).await;
    let clocks = ledger.clocks_of(&org, &[ticket(1), ticket(2), ticket(3)]).await.unwrap();
    let append = erasure(ledger, &org, &[person(1), person(77)]).await;
    ledger.append(append).await.unwrap();

    assert_eq!(known_by(ledger, &org, 1).await, None);
    assert_eq!(known_by(ledger, &org, 3).await, Some(person(2)), "others are left alone");
    assert!(ledger.contacts_of(&org, person(1)).await.unwrap().is_empty());
    let kept = ledger.persons(&org, &[person(1)]).await.unwrap().remove(&person(1)).unwrap();
    assert_eq!((kept.wrapped, kept.erased_at), (None, Some(at(9_000))));
    assert_eq!(ledger.tickets_of(&org, person(1)).await.unwrap(), [ticket(1), ticket(3)]);
    let loaded = ledger.load_ticket(&org, ticket(1)).await.unwrap().unwrap();
    assert!(loaded.custody().unwrap().is_erased());
    assert_eq!(loaded.entries[1].events, [Event::Noted { body: Words::erased() }]);
    assert_eq!(loaded.version, 3);
    for stored in ledger.records_of(&org, Stream::Ticket(ticket(1))).await.unwrap() {
        assert!(stored.contents.is_empty(), "nothing sealed is left either");
    }
    let rows = ledger.tickets(&org, &[ticket(1), ticket(2)]).await.unwrap();
    assert_eq!((rows[0].subject.text(), rows[0].customer.text()), (None, None));
    assert_eq!(rows[1].customer.text(), Some("王丽"));
    assert_eq!(ledger.clocks_of(&org, &[ticket(1), ticket(2), ticket(3)]).await.unwrap(), clocks);
    // The chain is whole, what is gone counts as erased, and rows made anew are the same.
    let after = ledger.verify(&org).await.unwrap();
    assert_eq!((after.records, after.streams), (before.records + 1, before.streams + 1));
    assert_eq!((after.contents, after.erased), (6, before.contents - 6));
    let dump = ledger.dump_views(&org).await.unwrap();
    assert!(!dump.contains("第 1 台") && !dump.contains("第 3 台") && dump.contains("第 2 台"));
    assert_eq!(ledger.rebuild(&org, refold()).await.unwrap(), 3);
    assert_eq!(ledger.dump_views(&org).await.unwrap(), dump);
    assert_eq!(figures(ledger, &org).await, figures_before);
    // Erased once more: nothing happens, and the first instant stays.
    let again = erasure(ledger, &org, &[person(1)]).await;
    ledger.append(again).await.unwrap();
    let kept = ledger.persons(&org, &[person(1)]).await.unwrap().remove(&person(1)).unwrap();
    assert_eq!(kept.erased_at, Some(at(9_000)));
}

pub(super) async fn nothing_is_kept_for_the_erased(ledger: &dyn Ledger) {
    let org = org();
    ledger.append(arrival(&org, 1, &[1])).await.unwrap();
    let loaded = ledger.load_ticket(&org, ticket(1)).await.unwrap().unwrap();
    let (tail, known) = (Some(loaded.tail()), loaded.custody().unwrap().clone());
    let append = erasure(ledger, &org, &[person(1)]).await;
    ledger.append(append).await.unwrap();
    // Sealed before the erasure, arriving after it: a reply, a further ticket, a contact.
    let late = sealed_for(&known, &org, ticket(1), &loaded.entries, tail, &noted(at(9), "late"));
    let contacts = Some(Enrolment { person: person(1), new: None, contacts: vec![contact(2)] });
    let with_contact = Append { enrolment: contacts, ..late.clone() };
    for append in [late, with_contact, another_of(&org, 1, 2, &[])] {
        let answer = ledger.append(append).await;
        assert!(matches!(answer, Err(LedgerError::PersonChanged)), "{answer:?}");
    }
    assert_eq!(known_by(ledger, &org, 2).await, None);
    // Time goes on for the ticket; words that come all the same are not kept, and the seal says so.
    add(ledger, &org, ticket(1), &closed(at(60))).await.unwrap();
    let loaded = ledger.load_ticket(&org, ticket(1)).await.unwrap().unwrap();
    let custody = loaded.custody().unwrap();
    let append =
        sealed_for(custody, &org, ticket(1), &loaded.entries, Some(loaded.tail()), &noted(at(61), "x"));
    assert_eq!((append.sealed.unkept(), append.sealed.contents().len()), (1, 0));
    ledger.append(append).await.unwrap();
    assert_eq!(ledger.verify(&org).await.unwrap().contents, 0);
    // The same phone calls again: somebody new.
    ledger.append(arrival(&org, 3, &[1])).await.unwrap();
    assert_eq!(known_by(ledger, &org, 1).await, Some(person(3)));
}

pub(super) async fn erased_together_with_the_record(ledger: &dyn Ledger) {
    let org = org();
    ledger.append(arrival(&org, 1, &[1])).await.unwrap();
    let append = erasure(ledger, &org, &[]).await;
    ledger.append(append).await.unwrap();
    // Decided on an older state of the organisation: refused as a whole.
    let entry =
        OrganisationEntry { at: at(9), actor: Actor::System, events: vec![OrganisationEvent::ExampleLoaded] };
    let stale =
        Append { erases: vec![person(1)], ..Append::new(seal_organisation(&org, None, &entry, at(9))) };
    assert!(matches!(ledger.append(stale).await, Err(LedgerError::Conflict { actual: 1 })));
    assert_eq!(known_by(ledger, &org, 1).await, Some(person(1)));
    assert_eq!(ledger.verify(&org).await.unwrap().erased, 0);
    // A batch in which a ticket comes in, is erased, and the next one of the same person is refused.
    let loaded = ledger.load_organisation(&org).await.unwrap().unwrap();
    let tail = Tail { version: loaded.version, head: loaded.head };
    let sealed = seal_organisation(&org, Some(tail), &entry, at(9));
    let erase = Append { erases: vec![person(2)], ..Append::new(sealed) };
    let answers = ledger.append_many(vec![arrival(&org, 2, &[2]), erase, another_of(&org, 2, 3, &[2])]).await;
    assert!(answers[0].is_ok() && answers[1].is_ok(), "{answers:?}");
    assert!(matches!(answers[2], Err(LedgerError::PersonChanged)), "{answers:?}");
    assert_eq!(known_by(ledger, &org, 2).await, None);
    assert_eq!(ledger.tickets(&org, &[ticket(2)]).await.unwrap()[0].subject, Words::erased());
    assert_eq!(ledger.verify(&org).await.unwrap().erased, 6);
}

pub(super) async fn erased_as_of_what_was_seen(ledger: &dyn Ledger) {
    let org = org();
    ledger.append(arrival(&org, 1, &[1])).await.unwrap();
    ledger.append(arrival(&org, 2, &[2])).await.unwrap();
    let seen = ledger.last_position(&org).await.unwrap();
    // Something happens to a ticket of the person, or another one comes in: whoever looked before has to look again.
    add(ledger, &org, ticket(1), &noted(at(5), "还有一句")).await.unwrap();
    let erase = |as_of, append: Append| Append { erases_as_of: Some(as_of), ..append };
    let append = erase(seen, erasure(ledger, &org, &[person(1)]).await);
    assert!(matches!(ledger.append(append).await, Err(LedgerError::PersonChanged)));
    ledger.append(another_of(&org, 1, 3, &[1])).await.unwrap();
    let append = erase(seen + 1, erasure(ledger, &org, &[person(2), person(1)]).await);
    assert!(matches!(ledger.append(append).await, Err(LedgerError::PersonChanged)));
    assert_eq!(ledger.verify(&org).await.unwrap().erased, 0, "nothing of it was done");
    // In the same batch, too.
    let batch =
        vec![another_of(&org, 1, 4, &[1]), erase(seen + 2, erasure(ledger, &org, &[person(1)]).await)];
    let answers = ledger.append_many(batch).await;
    assert!(answers[0].is_ok() && matches!(answers[1], Err(LedgerError::PersonChanged)), "{answers:?}");
    // What happens to somebody else, or to the same ticket in another organisation, is no reason.
    ledger.append(arrival(&org, 5, &[5])).await.unwrap();
    ledger.append(arrival(&other_org(), 1, &[1])).await.unwrap();
    let append = erase(seen + 3, erasure(ledger, &org, &[person(1), person(9)]).await);
    ledger.append(append).await.unwrap();
    assert_eq!((known_by(ledger, &org, 1).await, known_by(ledger, &org, 2).await), (None, Some(person(2))));
}

pub(super) async fn secrets_are_kept_once(ledger: &dyn Ledger) {
    let (org, vault) = (org(), vault());
    assert_eq!(ledger.secret(&org, INDEX_KEY).await.unwrap(), None);
    let made = join_all((0..5).map(|_| persons::secret_or_new(ledger, &org, INDEX_KEY, 32))).await;
    let first = made[0].as_ref().unwrap();
    assert_eq!(first.len(), 32);
    assert!(made.iter().all(|one| one.as_ref().unwrap() == first), "everybody agrees on one");
    let kept = ledger.secret(&org, INDEX_KEY).await.unwrap().unwrap();
    assert_eq!(&vault.unwrap(&org, &Holder::Secret(INDEX_KEY.into()), &kept).unwrap(), first);
    let other = persons::secret_or_new(ledger, &other_org(), INDEX_KEY, 32).await.unwrap();
    assert_ne!(&other, first, "each organisation has its own");
    // Bound to organisation and name.
    assert!(vault.unwrap(&other_org(), &Holder::Secret(INDEX_KEY.into()), &kept).is_err());
    assert!(vault.unwrap(&org, &Holder::Secret("log-key".into()), &kept).is_err());
    assert_ne!(&persons::secret_or_new(ledger, &org, "log-key", 32).await.unwrap(), first);
}

pub(super) async fn wrapped_anew(ledger: &dyn Ledger) {
    let (org, vault) = (org(), vault());
    let (old, new) = (master_key(1).id(), master_key(2).id());
    for n in 1..=7 {
        ledger.append(arrival(&org, n, &[])).await.unwrap();
    }
    ledger.append(arrival(&other_org(), 8, &[])).await.unwrap();
    let index_key = persons::secret_or_new(ledger, &org, INDEX_KEY, 32).await.unwrap();
    let append = erasure(ledger, &org, &[person(7)]).await;
    ledger.append(append).await.unwrap();
    assert_eq!(ledger.wrapped_counts().await.unwrap().into_iter().collect::<Vec<_>>(), [(old, 8)]);
    assert!(ledger.wrapped_elsewhere(old, 100).await.unwrap().is_empty());
    assert_eq!(ledger.wrapped_elsewhere(new, 3).await.unwrap().len(), 3);

    // What is read under the old key is kept under the new one, in small batches.
    let ring = MasterKeys::parse(&format!("{}\n{}", *master_key(2).line(), *master_key(1).line())).unwrap();
    let rotated = crate::Vault::new(ring, std::sync::Arc::new(super::sample::Counting::default()));
    let found = ledger.wrapped_elsewhere(new, 3).await.unwrap();
    let anew = |before: &crate::Wrapping| crate::Rewrapping {
        wrapped: rotated.rewrap(&before.org, &before.holder, &before.wrapped).unwrap(),
        before: before.clone(),
    };
    let first: Vec<_> = found.iter().map(anew).collect();
    assert_eq!(ledger.rewrap(first.clone()).await.unwrap(), 3);
    assert_eq!(ledger.rewrap(first).await.unwrap(), 0, "somebody else was faster");
    let counts = ledger.wrapped_counts().await.unwrap();
    assert_eq!((counts.get(&old), counts.get(&new)), (Some(&5), Some(&3)));
    // A key that was erased between reading and keeping stays erased.
    let rest = ledger.wrapped_elsewhere(new, 100).await.unwrap();
    let of_two = ledger.persons(&org, &[person(2)]).await.unwrap().remove(&person(2)).unwrap();
    let append = erasure(ledger, &org, &[person(2)]).await;
    ledger.append(append).await.unwrap();
    let before = crate::Wrapping {
        org: org.clone(),
        holder: Holder::Person(person(2)),
        wrapped: of_two.wrapped.unwrap(),
    };
    let too_late = crate::Rewrapping { wrapped: before.wrapped.clone(), before };
    assert_eq!(ledger.rewrap(vec![too_late]).await.unwrap(), 0);
    assert!(ledger.persons(&org, &[person(2)]).await.unwrap()[&person(2)].wrapped.is_none());
    ledger.rewrap(rest.iter().map(anew).collect()).await.unwrap();
    assert!(ledger.wrapped_elsewhere(new, 100).await.unwrap().is_empty());
    assert_eq!(ledger.wrapped_counts().await.unwrap().into_keys().collect::<Vec<_>>(), [new]);

    // A process without the new key says which one it lacks; with it, everything reads as before.
    match ledger.load_ticket(&org, ticket(1)).await {
        Err(LedgerError::KeyMissing { wanted, given }) => assert_eq!((wanted, given), (new, vec![old])),
        other => panic!("{other:?}"),
    }
    let kept = ledger.secret(&org, INDEX_KEY).await.unwrap().unwrap();
    assert!(matches!(
        vault.unwrap(&org, &Holder::Secret(INDEX_KEY.into()), &kept),
        Err(LedgerError::KeyMissing { .. })
    ));
    assert_eq!(rotated.unwrap(&org, &Holder::Secret(INDEX_KEY.into()), &kept).unwrap(), index_key);
    let one = ledger.persons(&org, &[person(1)]).await.unwrap().remove(&person(1)).unwrap();
    assert_eq!(rotated.custody(&org, person(1), one.wrapped.as_ref()).unwrap(), custody(ticket(1)));
}
