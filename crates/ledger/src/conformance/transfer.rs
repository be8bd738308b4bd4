//! Checks of exports and imports.

use jiff::SignedDuration;
use yinuo_commitment::Kind;
use yinuo_core::{
    id::{NoticeId, OrgId},
    organisation::{OrganisationEntry, OrganisationEvent},
    roster::Actor,
};

use super::sample::{
    add, at, closed, custody, enrolment, job, master_key, member, next, noted, org, other_org, received,
    refold_of, sealed_for, ticket, vault,
};
use crate::{
    Accounts as _, Append, Checkpoint, DayNumber, Enrolment, Growth, Idempotency, KeptCheckpoint, Ledger,
    LedgerError, Log as _, MemoryLedger, Notice, Stream,
    checkpoint::{KeyKind, LogKey, Note},
    record::seal_organisation,
    transfer::{Piece, Standing, Table, carry, finish_import},
    tree::{Frontier, record_leaf},
    vault::{Contact, Holder, INDEX_KEY, LOG_KEY},
};

/// Tickets of [`fill`]: more records than fit into one piece.
const TICKETS: u32 = 300;

/// What its log is signed with.
const SEED: [u8; 32] = [6; 32];

/// An organisation with something in every table that travels.
async fn fill(ledger: &dyn Ledger, org: &OrgId) {
    let mut appends = Vec::new();
    for n in 1..=TICKETS {
        let mut append = next(org, ticket(n), &[], None, &received(n, at(n.into()), Kind::Repair));
        append.jobs = vec![job(n, &format!("job-{n}"), at(n.into()))];
        append.idempotency = Some(Idempotency { key: format!("key-{n}"), digest: [7; 32] });
        append.number = Some(DayNumber { day: "2025-11-13".parse().unwrap(), number: n });
        let contacts = vec![Contact(u128::from(n).to_be_bytes())];
        append.enrolment = Some(Enrolment { contacts, ..enrolment(org, ticket(n)) });
        appends.push(append);
    }
    for answer in ledger.append_many(appends).await {
        answer.unwrap();
    }
    // The person of the third ticket names the contact of the second one, too.
    let loaded = ledger.load_ticket(org, ticket(3)).await.unwrap().unwrap();
    let (owner, entry) = (custody(ticket(3)), noted(at(400), "漏水"));
    let named =
        Enrolment { person: owner.person(), new: None, contacts: vec![Contact(2_u128.to_be_bytes())] };
    let append = sealed_for(&owner, org, ticket(3), &loaded.entries, Some(loaded.tail()), &entry);
    ledger.append(Append { enrolment: Some(named), ..append }).await.unwrap();
    add(ledger, org, ticket(4), &closed(at(500))).await.unwrap();
    let wrapped = vault().wrap(org, &Holder::Secret(INDEX_KEY.into()), &[5; 32]);
    ledger.keep_secret(org, INDEX_KEY, wrapped).await.unwrap();
    let wrapped = vault().wrap(org, &Holder::Secret(LOG_KEY.into()), &SEED);
    ledger.keep_secret(org, LOG_KEY, wrapped).await.unwrap();
    ledger.set_password_hash(org, member(1), "$argon2id$v=19$x").await.unwrap();
    let notice = |n: u8, read_at| Notice {
        id: NoticeId::from_parts(n.into(), [n; 10]),
        member: member(1),
        ticket: (n == 1).then(|| ticket(3)),
        kind: "alarm".into(),
        payload: "{}".into(),
        at: at(n.into()),
        read_at,
    };
    ledger.put_notices(org, vec![notice(1, None), notice(2, Some(at(9)))]).await.unwrap();
    let claimed = ledger.claim(&[], 3, at(1000), SignedDuration::from_secs(60)).await.unwrap();
    assert!(ledger.job_done(&claimed[0]).await.unwrap());
    assert!(ledger.give_up_job(&claimed[1], "no such address").await.unwrap());
    grow(ledger, org).await;
}

/// Keeps tiles and a checkpoint over all records.
async fn grow(ledger: &dyn Ledger, org: &OrgId) {
    let kept = ledger.checkpoint(org).await.unwrap();
    let from_size = kept.map_or(0, |kept| kept.size);
    let (mut edge, mut tiles) = (Frontier::new(), Vec::new());
    for leaf in ledger.leaves(org, 0, 10_000).await.unwrap() {
        edge.push(record_leaf(leaf), |tile| tiles.push(tile));
    }
    let (size, root) = (edge.size(), edge.root());
    let key = LogKey::new("log.example/acme", KeyKind::Log, &SEED).unwrap();
    let note = key.sign(&Checkpoint { origin: key.verifier().name().to_owned(), size, root }).to_string();
    let checkpoint = KeptCheckpoint { size, root, at: at(7), note };
    let mut lead = ledger.lead(org).await.unwrap().unwrap();
    lead.grow(Growth { from_size, tiles, checkpoint }).await.unwrap();
    lead.step_down().await.unwrap();
}

async fn pieces(ledger: &dyn Ledger, org: &OrgId, since: u64) -> Vec<Piece> {
    let mut export = ledger.export(org, since).await.unwrap();
    let mut pieces = Vec::new();
    while let Some(piece) = export.next().await.unwrap() {
        assert!(!piece.is_empty());
        pieces.push(piece);
    }
    pieces
}

/// Moves everything and puts it in service.
async fn bring(from: &dyn Ledger, to: &dyn Ledger, org: &OrgId) {
    let arrived = to.begin_import(org).await.unwrap();
    let mut export = from.export(org, arrived).await.unwrap();
    let last = export.extent().last_position;
    carry(export.as_mut(), to, org, &mut |_| {}).await.unwrap();
    drop(export);
    finish_import(to, org, refold_of(org.clone()), last).await.unwrap();
    to.open_import(org).await.unwrap();
}

/// Everything that can be asked for is the same in both.
async fn assert_same(a: &dyn Ledger, b: &dyn Ledger, org: &OrgId) {
    // The rows themselves, but for what a store keeps about a failed job.
    let plain = |pieces: Vec<Piece>| -> Vec<Piece> {
        pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Jobs(mut jobs) => {
                    for job in &mut jobs {
                        job.reason = None;
                    }
                    Piece::Jobs(jobs)
                }
                other => other,
            })
            .collect()
    };
    let (left, right) = (plain(pieces(a, org, 0).await), plain(pieces(b, org, 0).await));
    for (left, right) in left.iter().zip(&right) {
        assert!(left == right, "rows of {} differ", left.table().name());
    }
    assert_eq!(left.len(), right.len());
    assert_eq!(a.read_all(org, 0, 10_000).await.unwrap(), b.read_all(org, 0, 10_000).await.unwrap());
    assert_eq!(a.dump_views(org).await.unwrap(), b.dump_views(org).await.unwrap());
    assert_eq!(a.verify(org).await.unwrap(), b.verify(org).await.unwrap());
    assert_eq!(a.checkpoint(org).await.unwrap(), b.checkpoint(org).await.unwrap());
    assert_eq!(a.job_counts(org).await.unwrap(), b.job_counts(org).await.unwrap());
}

pub(super) async fn moves_whole(a: &dyn Ledger, b: &dyn Ledger) {
    let org = org();
    let origin = MemoryLedger::new(vault());
    fill(&origin, &org).await;
    let tables: Vec<Table> = pieces(&origin, &org, 0).await.iter().map(Piece::table).collect();
    for table in Table::ALL.iter().filter(|table| **table != Table::Heads) {
        assert!(tables.contains(table), "nothing of {} travels", table.name());
    }
    // Into the ledger, on into another one of its kind, and back into memory.
    bring(&origin, a, &org).await;
    assert_same(&origin, a, &org).await;
    bring(a, b, &org).await;
    assert_same(a, b, &org).await;
    let home = MemoryLedger::new(vault());
    bring(b, &home, &org).await;
    assert_same(&origin, &home, &org).await;
    // It goes on where it was: numbers, idempotency, contacts, the log, the tree, the outbox.
    assert_eq!(b.next_number(&org, "2025-11-13".parse().unwrap()).await.unwrap(), TICKETS + 1);
    let used = b.find_idempotency(&org, "key-7").await.unwrap();
    assert_eq!(used, Some((Stream::Ticket(ticket(7)), 1, [7; 32])));
    let sharing = b.persons_sharing(&org, &[Contact(2_u128.to_be_bytes())]).await.unwrap();
    assert_eq!(sharing, [2, 3].map(|n| custody(ticket(n)).person()));
    let known = b.persons_by_contact(&org, &[Contact(7_u128.to_be_bytes())]).await.unwrap();
    assert_eq!(known.values().next().unwrap().person, custody(ticket(7)).person());
    assert_eq!(b.password_hash(&org, member(1)).await.unwrap().as_deref(), Some("$argon2id$v=19$x"));
    assert_eq!(b.count_unread(&org, member(1)).await.unwrap(), 1);
    let last = b.last_position(&org).await.unwrap();
    add(b, &org, ticket(3), &noted(at(600), "goes on")).await.unwrap();
    add(b, &org, ticket(TICKETS + 1), &received(TICKETS + 1, at(700), Kind::Praise)).await.unwrap();
    assert_eq!(b.last_position(&org).await.unwrap(), last + 2);
    grow(b, &org).await;
    assert!(b.verify(&org).await.is_ok());
    let free = b.claim(&[], 1000, at(5000), SignedDuration::from_secs(60)).await.unwrap();
    assert_eq!(free.len(), TICKETS as usize - 2, "one was done, one given up");
}

pub(super) async fn out_of_service_until_it_has_arrived(ledger: &dyn Ledger) {
    let org = org();
    let origin = MemoryLedger::new(vault());
    fill(&origin, &org).await;
    add(ledger, &other_org(), ticket(1), &received(1, at(1), Kind::Repair)).await.unwrap();
    assert_eq!(ledger.standing(&org).await.unwrap(), Standing::Open);
    // Not begun: nothing is taken.
    let all = pieces(&origin, &org, 0).await;
    assert!(ledger.import(&org, all[0].clone()).await.is_err());
    assert_eq!(ledger.begin_import(&org).await.unwrap(), 0);
    for piece in &all {
        ledger.import(&org, piece.clone()).await.unwrap();
        ledger.import(&org, piece.clone()).await.unwrap();
    }
    assert_eq!(ledger.standing(&org).await.unwrap(), Standing::Arriving);
    let late = next(&org, ticket(900), &[], None, &received(900, at(1), Kind::Repair));
    let answer = ledger.append(late.clone()).await;
    assert!(matches!(answer, Err(LedgerError::NotOpen { standing: Standing::Arriving })), "{answer:?}");
    // A neighbour in the same batch is taken all the same.
    let mine = next(&other_org(), ticket(2), &[], None, &received(2, at(1), Kind::Repair));
    let answers = ledger.append_many(vec![late.clone(), mine]).await;
    assert!(matches!(answers[0], Err(LedgerError::NotOpen { .. })) && answers[1].is_ok(), "{answers:?}");
    assert!(matches!(ledger.leave(&org, 302).await, Err(LedgerError::NotOpen { .. })));
    // Its jobs are nobody's yet.
    let jobs = ledger.claim(&[], 1000, at(5000), SignedDuration::from_secs(1)).await.unwrap();
    assert!(jobs.iter().all(|job| job.org != org), "jobs of an organisation that is arriving");
    // Given up: nothing is left, and the neighbour stays.
    ledger.discard_import(&org).await.unwrap();
    assert!(matches!(
        ledger.discard_import(&org).await,
        Err(LedgerError::Unfit { .. } | LedgerError::NotOpen { .. })
    ));
    assert_eq!(ledger.last_position(&org).await.unwrap(), 0);
    assert!(pieces(ledger, &org, 0).await.is_empty());
    assert_eq!(ledger.last_position(&other_org()).await.unwrap(), 2);
    // From now on the name is free.
    ledger.append(late).await.unwrap();
    assert!(matches!(ledger.begin_import(&org).await, Err(LedgerError::Occupied { records: 1 })));
}

pub(super) async fn cut_off_and_begun_again(ledger: &dyn Ledger) {
    let org = org();
    let origin = MemoryLedger::new(vault());
    fill(&origin, &org).await;
    let all = pieces(&origin, &org, 0).await;
    for cut in [1, 3, all.len() - 1] {
        let arrived = ledger.begin_import(&org).await.unwrap();
        assert!(arrived <= 302);
        for piece in &all[..cut] {
            ledger.import(&org, piece.clone()).await.unwrap();
        }
        // Half of it is never put in service by the last step.
        if cut < all.len() - 1 {
            assert!(finish_import(ledger, &org, refold_of(org.clone()), 302).await.is_err());
        }
    }
    // What changed at the source meanwhile is taken up; what has arrived is not sent again.
    add(&origin, &org, ticket(5), &noted(at(800), "meanwhile")).await.unwrap();
    origin.set_password_hash(&org, member(2), "$argon2id$v=19$y").await.unwrap();
    let arrived = ledger.begin_import(&org).await.unwrap();
    assert_eq!(arrived, 302);
    let rest = pieces(&origin, &org, arrived).await;
    let heads = rest.iter().find_map(|piece| if let Piece::Heads(rows) = piece { Some(rows) } else { None });
    assert_eq!(heads.unwrap().len(), 1, "one stream goes on");
    let records = rest.iter().filter(|piece| piece.table() == Table::Records).map(Piece::len).sum::<usize>();
    assert_eq!(records, 1);
    bring(&origin, ledger, &org).await;
    assert_same(&origin, ledger, &org).await;
}

pub(super) async fn another_log_is_not_mixed_in(ledger: &dyn Ledger) {
    let org = org();
    let (one, two) = (MemoryLedger::new(vault()), MemoryLedger::new(vault()));
    fill(&one, &org).await;
    add(&two, &org, ticket(1), &received(1, at(77), Kind::Praise)).await.unwrap();
    add(&two, &org, ticket(1), &noted(at(78), "x")).await.unwrap();
    ledger.begin_import(&org).await.unwrap();
    for piece in pieces(&one, &org, 0).await {
        ledger.import(&org, piece).await.unwrap();
    }
    for piece in pieces(&two, &org, 0).await.into_iter().filter(|piece| piece.table() == Table::Records) {
        let answer = ledger.import(&org, piece).await;
        assert!(matches!(answer, Err(LedgerError::Corrupt { position: 1, .. })), "{answer:?}");
    }
    for piece in pieces(&two, &org, 1).await.into_iter().filter(|piece| piece.table() == Table::Heads) {
        let answer = ledger.import(&org, piece).await;
        assert!(matches!(answer, Err(LedgerError::Corrupt { .. })), "{answer:?}");
    }
    // A gap.
    let mut far = pieces(&one, &org, 300).await.into_iter().find(|piece| piece.table() == Table::Records);
    if let Some(Piece::Records(rows)) = &mut far {
        for row in rows {
            row.position += 5;
        }
    }
    assert!(matches!(ledger.import(&org, far.unwrap()).await, Err(LedgerError::Corrupt { .. })));
    assert_eq!(ledger.last_position(&org).await.unwrap(), 302);
}

type Damage = fn(&mut Piece);

pub(super) async fn damage_on_the_way_is_found(make: &dyn Fn() -> std::sync::Arc<dyn Ledger>) {
    let org = org();
    let origin = MemoryLedger::new(vault());
    fill(&origin, &org).await;
    let all = pieces(&origin, &org, 0).await;
    let damages: [(Table, Damage); 8] = [
        (Table::Records, |piece| {
            if let Piece::Records(rows) = piece {
                rows[0].body.push(' ');
            }
        }),
        (Table::Contents, |piece| {
            if let Piece::Contents(rows) = piece {
                *rows[0].sealed.last_mut().unwrap() ^= 1;
            }
        }),
        (Table::Persons, |piece| {
            if let Piece::Persons(rows) = piece {
                *rows[0].wrapped.as_mut().unwrap().last_mut().unwrap() ^= 1;
            }
        }),
        (Table::Tiles, |piece| {
            if let Piece::Tiles(rows) = piece {
                rows[0].hashes[0] ^= 1;
            }
        }),
        (Table::Checkpoints, |piece| {
            if let Piece::Checkpoints(rows) = piece {
                rows[0].root[0] ^= 1;
            }
        }),
        // Signed by somebody else, over the very same tree.
        (Table::Checkpoints, |piece| {
            if let Piece::Checkpoints(rows) = piece {
                let told = Checkpoint::parse(Note::parse(&rows[0].note).unwrap().text());
                let key = LogKey::new("log.example/acme", KeyKind::Log, &[9; 32]).unwrap();
                rows[0].note = key.sign(&told.unwrap()).to_string();
            }
        }),
        // Cut off behind its text.
        (Table::Checkpoints, |piece| {
            if let Piece::Checkpoints(rows) = piece {
                let end = rows[0].note.find("\n\n").unwrap() + 2;
                rows[0].note.truncate(end);
            }
        }),
        (Table::Secrets, |piece| {
            if let Piece::Secrets(rows) = piece {
                rows.retain(|row| row.name != LOG_KEY);
            }
        }),
    ];
    for (table, damage) in damages {
        let ledger = make();
        ledger.begin_import(&org).await.unwrap();
        for piece in &all {
            let mut piece = piece.clone();
            if piece.table() == table {
                damage(&mut piece);
            }
            ledger.import(&org, piece).await.unwrap();
        }
        let answer = finish_import(&*ledger, &org, refold_of(org.clone()), 302).await;
        assert!(matches!(answer, Err(LedgerError::Corrupt { .. })), "{}: {answer:?}", table.name());
        assert_eq!(ledger.standing(&org).await.unwrap(), Standing::Arriving);
    }
}

pub(super) async fn who_left_takes_nothing(ledger: &dyn Ledger) {
    let org = org();
    fill(ledger, &org).await;
    assert!(!ledger.leave(&org, 301).await.unwrap(), "the log has gone on");
    assert_eq!(ledger.standing(&org).await.unwrap(), Standing::Open);
    assert!(ledger.leave(&org, 302).await.unwrap());
    assert!(ledger.leave(&org, 302).await.unwrap());
    assert_eq!(ledger.standing(&org).await.unwrap(), Standing::Left);
    let late = next(&org, ticket(900), &[], None, &received(900, at(1), Kind::Repair));
    let answer = ledger.append(late.clone()).await;
    assert!(matches!(answer, Err(LedgerError::NotOpen { standing: Standing::Left })), "{answer:?}");
    assert!(ledger.claim(&[], 1000, at(5000), SignedDuration::from_secs(1)).await.unwrap().is_empty());
    assert!(matches!(ledger.begin_import(&org).await, Err(LedgerError::NotOpen { .. })));
    assert!(ledger.discard_import(&org).await.is_err());
    assert_eq!(pieces(ledger, &org, 0).await.len(), pieces(ledger, &org, 0).await.len());
    ledger.come_back(&org).await.unwrap();
    ledger.append(late).await.unwrap();
}

pub(super) async fn one_snapshot(ledger: &dyn Ledger) {
    let org = org();
    fill(ledger, &org).await;
    let mut export = ledger.export(&org, 0).await.unwrap();
    assert_eq!(export.extent().last_position, 302);
    let first = export.next().await.unwrap().unwrap();
    assert_eq!(first.table(), Table::Contents);
    // Whatever comes now is not in it, in no table.
    for n in 400..420 {
        let mut append = next(&org, ticket(n), &[], None, &received(n, at(n.into()), Kind::Repair));
        append.idempotency = Some(Idempotency { key: format!("late-{n}"), digest: [1; 32] });
        ledger.append(append).await.unwrap();
    }
    ledger.set_password_hash(&org, member(3), "late").await.unwrap();
    let (mut records, mut keys, mut passwords, mut persons) = (0, 0, 0, 0);
    while let Some(piece) = export.next().await.unwrap() {
        match piece {
            Piece::Records(rows) => records += rows.len(),
            Piece::Idempotency(rows) => keys += rows.len(),
            Piece::Passwords(rows) => passwords += rows.len(),
            Piece::Persons(rows) => persons += rows.len(),
            _ => {}
        }
    }
    assert_eq!((records, keys, passwords, persons), (302, 300, 1, 300));
    // Dropped in the middle: the ledger goes on.
    let mut export = ledger.export(&org, 0).await.unwrap();
    export.next().await.unwrap();
    drop(export);
    assert_eq!(ledger.last_position(&org).await.unwrap(), 322);
}

pub(super) async fn the_erased_stay_erased(ledger: &dyn Ledger) {
    let org = org();
    let origin = MemoryLedger::new(vault());
    fill(&origin, &org).await;
    let older = pieces(&origin, &org, 0).await;
    let entry = OrganisationEntry {
        at: at(9000),
        actor: Actor::System,
        events: vec![OrganisationEvent::ExampleLoaded],
    };
    let sealed = seal_organisation(&org, None, &entry, at(9000));
    let erases = vec![custody(ticket(3)).person()];
    origin.append(Append { erases, ..Append::new(sealed) }).await.unwrap();
    // The records of an older archive, with the contents of that time; then what is newest.
    ledger.begin_import(&org).await.unwrap();
    for piece in older.into_iter().filter(|piece| piece.table().grows()) {
        ledger.import(&org, piece).await.unwrap();
    }
    for piece in pieces(&origin, &org, 302).await {
        ledger.import(&org, piece).await.unwrap();
    }
    finish_import(ledger, &org, refold_of(org.clone()), 303).await.unwrap();
    ledger.open_import(&org).await.unwrap();
    assert_same(&origin, ledger, &org).await;
    for stored in ledger.records_of(&org, Stream::Ticket(ticket(3))).await.unwrap() {
        assert!(stored.contents.is_empty());
    }
    assert!(ledger.load_ticket(&org, ticket(3)).await.unwrap().unwrap().custody().unwrap().is_erased());
    assert!(!ledger.dump_views(&org).await.unwrap().contains("第 3 台"));
    assert_eq!(
        ledger.wrapped_counts().await.unwrap().get(&master_key(1).id()),
        Some(&301),
        "two secrets among them"
    );
}
