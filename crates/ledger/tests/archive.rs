//! Archives: what was written comes back, and nothing else does.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::Cursor;

use proptest::prelude::*;
use yinuo_core::id::OrgId;
use yinuo_ledger::{
    Hash, LedgerError, Stream,
    archive::{ArchiveError, ArchiveId, Check, Header, Part, Preamble, Reader, Writer},
    chain,
    transfer::{Cell, CheckpointRow, ContentRow, HeadRow, NoticeRow, PersonRow, Piece, RecordRow, Table},
    tree::{Frontier, record_leaf},
    vault::KeyId,
};

const KEY: [u8; 32] = [7; 32];

fn org() -> OrgId {
    OrgId::new("acme").unwrap()
}

/// Records of the organisation's stream and of `tickets` tickets in turns, as a ledger would keep them.
#[derive(Default)]
struct Log {
    heads: std::collections::BTreeMap<Vec<u8>, (u32, Hash)>,
    edge: Frontier,
}

impl Log {
    fn record(&mut self, ticket: u8) -> RecordRow {
        let stream = if ticket == 0 { Vec::new() } else { vec![ticket; 16] };
        let genesis = || {
            let uuid = uuid::Uuid::from_slice(&stream).ok();
            let of =
                uuid.map(yinuo_core::id::TicketId::from_uuid).map_or(Stream::Organisation, Stream::Ticket);
            (0, chain::genesis(&org(), of))
        };
        let (seq, head) = self.heads.get(&stream).copied().unwrap_or_else(genesis);
        let position = self.edge.size() + 1;
        let body = format!("{{\"at\":{position},\"text\":\"一诺\"}}");
        let hash = chain::link(head, &body);
        self.heads.insert(stream.clone(), (seq + 1, hash));
        self.edge.push(record_leaf(hash), |_| {});
        RecordRow { position, stream, seq: seq + 1, hash: hash.0, body }
    }

    fn records(&mut self, tickets: &[u8]) -> Vec<RecordRow> {
        tickets.iter().map(|ticket| self.record(*ticket)).collect()
    }

    fn checkpoint(&self) -> CheckpointRow {
        CheckpointRow { size: self.edge.size(), root: self.edge.root().0, at_us: 9, note: "signed\n".into() }
    }
}

fn header(id: u8, parent: Option<&Header>, log: &Log) -> Header {
    Header {
        id: ArchiveId([id; 16]),
        parent: parent.map(|parent| parent.id),
        parents: parent.map_or(0, |parent| parent.parents + 1),
        org: org(),
        origin: "yinuo.local/acme".into(),
        made_at: "2026-11-21T08:00:00Z".parse().unwrap(),
        since: parent.map_or(0, |parent| parent.last_position),
        last_position: log.edge.size(),
        checkpoint: Some((log.edge.size(), log.edge.root())),
        master: KeyId([3; 8]),
        salt: [id; 32],
    }
}

fn write(header: &Header, edge: Frontier, pieces: Vec<Piece>) -> Vec<u8> {
    let mut writer = Writer::begin(Vec::new(), header, &KEY, edge).unwrap();
    for piece in pieces {
        writer.piece(piece).unwrap();
    }
    let (bytes, length, _) = writer.finish().unwrap();
    assert_eq!(bytes.len() as u64, length);
    bytes
}

fn open(bytes: &[u8], key: &[u8; 32]) -> Result<(Header, Vec<Part>), ArchiveError> {
    let mut input = Cursor::new(bytes);
    let preamble = Preamble::read(&mut input)?;
    let header = preamble.header.clone();
    let mut reader = Reader::after(preamble, input, key);
    let mut parts = Vec::new();
    while let Some(part) = reader.next_part()? {
        parts.push(part);
    }
    assert_eq!(reader.offset(), bytes.len() as u64);
    Ok((header, parts))
}

fn check(archives: &[&[u8]]) -> Result<yinuo_ledger::archive::Checked, ArchiveError> {
    let mut check = Check::new();
    for bytes in archives {
        let (header, parts) = open(bytes, &KEY)?;
        check.begin(&header)?;
        for part in &parts {
            check.part(part)?;
        }
    }
    check.finish()
}

struct Series {
    full: Vec<u8>,
    first: Vec<u8>,
    second: Vec<u8>,
}

/// A full archive and two increments.
fn series() -> Series {
    let mut log = Log::default();
    let contents = vec![ContentRow { position: 2, n: 0, sealed: vec![1, 2, 3] }];
    let records = log.records(&[0, 1, 2, 1, 0, 3]);
    let persons = vec![PersonRow {
        person: vec![5; 16],
        wrapped: None,
        created_at_us: -4,
        erased_at_us: Some(i64::MAX),
    }];
    let full_header = header(1, None, &log);
    let edge = log.edge.clone();
    let full = write(
        &full_header,
        Frontier::new(),
        vec![
            Piece::Contents(contents),
            Piece::Records(records),
            Piece::Persons(persons),
            Piece::Checkpoints(vec![log.checkpoint()]),
        ],
    );
    let (seq, hash) = log.heads[&vec![1; 16]];
    let heads = vec![HeadRow { stream: vec![1; 16], seq, hash: hash.0 }];
    let records = log.records(&[1, 4]);
    let first_header = header(2, Some(&full_header), &log);
    let first_edge = log.edge.clone();
    let first = write(
        &first_header,
        edge,
        vec![Piece::Heads(heads), Piece::Records(records), Piece::Checkpoints(vec![log.checkpoint()])],
    );
    let second_header = header(3, Some(&first_header), &log);
    let second = write(&second_header, first_edge, vec![Piece::Checkpoints(vec![log.checkpoint()])]);
    Series { full, first, second }
}

#[test]
fn what_was_written_comes_back_and_fits_the_chain() {
    let Series { full, first, second } = series();
    let (header, parts) = open(&full, &KEY).unwrap();
    assert!(header.is_full());
    assert_eq!(parts.len(), 6);
    let Part::Piece(Piece::Persons(persons)) = &parts[3] else { panic!("{:?}", parts[3]) };
    assert_eq!((persons[0].wrapped.clone(), persons[0].erased_at_us), (None, Some(i64::MAX)));
    let checked = check(&[&full, &first, &second]).unwrap();
    assert_eq!((checked.records, checked.contents), (8, 1));
    // An increment by itself is verified from where its parent ends.
    assert_eq!(check(&[&first, &second]).unwrap().records, 2);

    let mut input = Cursor::new(&full);
    let preamble = Preamble::read(&mut input).unwrap();
    let end = Reader::after(preamble, input, &KEY).into_end().unwrap();
    let Part::Begin(begin) = &open(&first, &KEY).unwrap().1[0] else { panic!() };
    assert_eq!(end, *begin);
}

#[test]
fn any_changed_byte_is_found() {
    let full = series().full;
    for at in 0..full.len() {
        for flip in [1, 0x80] {
            let mut changed = full.clone();
            changed[at] ^= flip;
            assert!(open(&changed, &KEY).is_err(), "byte {at} of {} may be changed", full.len());
        }
    }
}

#[test]
fn a_changed_chunk_is_named() {
    let full = series().full;
    let mut input = Cursor::new(&full);
    let preamble = Preamble::read(&mut input).unwrap();
    let begin = input.position();
    let mut reader = Reader::after(preamble, input, &KEY);
    reader.next_part().unwrap();
    let second = reader.offset();
    assert!(second > begin);
    let mut changed = full.clone();
    changed[usize::try_from(second).unwrap() + 9] ^= 1;
    match open(&changed, &KEY) {
        Err(ArchiveError::Damaged { chunk: 1, offset, .. }) => assert_eq!(offset, second),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cut_or_longer_file_is_found() {
    let full = series().full;
    for length in 0..full.len() {
        let error = open(&full[..length], &KEY).unwrap_err();
        let told = matches!(
            error,
            ArchiveError::Foreign | ArchiveError::Header { .. } | ArchiveError::Truncated { .. }
        );
        assert!(told, "{length}: {error:?}");
        if let ArchiveError::Truncated { offset, .. } = error {
            assert_eq!(offset, length as u64);
        }
    }
    let longer = [full.as_slice(), b"x"].concat();
    assert!(matches!(open(&longer, &KEY), Err(ArchiveError::Trailing { .. })));
}

/// Header and chunks of an archive.
fn cut(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut input = Cursor::new(bytes);
    Preamble::read(&mut input).unwrap();
    let mut at = usize::try_from(input.position()).unwrap();
    let mut cut = vec![bytes[..at].to_vec()];
    while at < bytes.len() {
        let length = u32::from_be_bytes(bytes[at + 1..at + 5].try_into().unwrap()) as usize;
        cut.push(bytes[at..at + 5 + length].to_vec());
        at += 5 + length;
    }
    cut
}

#[test]
fn chunks_swapped_left_out_or_taken_from_elsewhere_are_found() {
    let Series { full, first, .. } = series();
    let parts = cut(&full);
    assert_eq!(parts.concat(), full);
    let mut swapped = parts.clone();
    swapped.swap(2, 3);
    assert!(matches!(open(&swapped.concat(), &KEY), Err(ArchiveError::Damaged { chunk: 1, .. })));
    let mut without = parts.clone();
    without.remove(3);
    assert!(matches!(open(&without.concat(), &KEY), Err(ArchiveError::Damaged { chunk: 2, .. })));
    let mut twice = parts.clone();
    twice.insert(3, parts[3].clone());
    assert!(matches!(open(&twice.concat(), &KEY), Err(ArchiveError::Damaged { chunk: 3, .. })));
    // The end of another archive sealed under the very same key: the header is bound to every chunk.
    let mut mixed = parts.clone();
    *mixed.last_mut().unwrap() = cut(&first).pop().unwrap();
    assert!(matches!(open(&mixed.concat(), &KEY), Err(ArchiveError::Damaged { .. })));
    // Left out at the end, and the one before marked as the last.
    let mut short = parts;
    short.pop();
    short.last_mut().unwrap()[0] = 1;
    assert!(matches!(open(&short.concat(), &KEY), Err(ArchiveError::Damaged { .. })));
}

#[test]
fn another_key_another_file_and_a_newer_format_are_told_apart() {
    let full = series().full;
    assert!(matches!(open(&full, &[8; 32]), Err(ArchiveError::Damaged { chunk: 0, .. })));
    assert!(matches!(open(b"SQLite format 3\0 and so on", &KEY), Err(ArchiveError::Foreign)));
    assert!(matches!(open(b"", &KEY), Err(ArchiveError::Foreign)));
    let mut newer = full;
    newer[15] = 2;
    assert!(matches!(open(&newer, &KEY), Err(ArchiveError::Newer { found: 2, known: 1 })));
}

#[test]
fn missing_or_misplaced_increments_are_refused() {
    let Series { full, first, second } = series();
    for wrong in [
        [&full, &second].as_slice(),
        &[&first, &full],
        &[&full, &full],
        &[&full, &first, &first],
        &[&second, &first],
    ] {
        let wrong: Vec<&[u8]> = wrong.iter().map(|bytes| bytes.as_slice()).collect();
        assert!(matches!(check(&wrong), Err(ArchiveError::Follows { .. })), "{:?}", check(&wrong));
    }
}

/// Like `open`, but for what an honest writer would never write.
fn forged(
    header: &Header,
    edge: Frontier,
    pieces: Vec<Piece>,
) -> Result<yinuo_ledger::archive::Checked, ArchiveError> {
    check(&[&write(header, edge, pieces)])
}

#[test]
fn records_that_do_not_fit_chain_or_tree_are_refused() {
    let corrupt_at = |result: Result<_, ArchiveError>| match result {
        Err(ArchiveError::Log(LedgerError::Corrupt { position, .. })) => position,
        other => panic!("{other:?}"),
    };
    // A changed body with the old hash.
    let mut log = Log::default();
    let mut records = log.records(&[0, 1, 1]);
    records[1].body.push(' ');
    let told = header(1, None, &log);
    let last = Piece::Checkpoints(vec![log.checkpoint()]);
    assert_eq!(corrupt_at(forged(&told, Frontier::new(), vec![Piece::Records(records), last])), 2);
    // Re-chained, with the old checkpoint: the root differs.
    let mut log = Log::default();
    let records = log.records(&[0, 1, 1]);
    let mut told = header(1, None, &log);
    told.checkpoint = Some((3, Hash([9; 32])));
    let row = CheckpointRow { root: [9; 32], ..log.checkpoint() };
    let pieces = vec![Piece::Records(records.clone()), Piece::Checkpoints(vec![row])];
    assert_eq!(corrupt_at(forged(&told, Frontier::new(), pieces)), 0);
    // A checkpoint other than the header's.
    let told = header(1, None, &log);
    let row = CheckpointRow { size: 2, ..log.checkpoint() };
    let pieces = vec![Piece::Records(records.clone()), Piece::Checkpoints(vec![row])];
    assert_eq!(corrupt_at(forged(&told, Frontier::new(), pieces)), 0);
    // The checkpoint is not there at all.
    assert_eq!(corrupt_at(forged(&told, Frontier::new(), vec![Piece::Records(records)])), 0);
    // A gap: not even written.
    let mut log = Log::default();
    let mut records = log.records(&[0, 1, 1]);
    let told = header(1, None, &log);
    records.remove(1);
    let mut writer = Writer::begin(Vec::new(), &told, &KEY, Frontier::new()).unwrap();
    assert_eq!(corrupt_at(writer.piece(Piece::Records(records)).map(|()| unreachable!())), 3);
}

#[test]
fn an_archive_without_all_its_records_is_not_finished() {
    let mut log = Log::default();
    let mut records = log.records(&[0, 1, 1]);
    let told = header(1, None, &log);
    records.pop();
    let mut writer = Writer::begin(Vec::new(), &told, &KEY, Frontier::new()).unwrap();
    writer.piece(Piece::Records(records)).unwrap();
    assert!(matches!(writer.finish().map(drop), Err(ArchiveError::Log(_))));
}

fn cells(table: Table) -> impl Strategy<Value = Vec<Cell>> {
    let columns: Vec<_> = table
        .columns()
        .iter()
        .map(|column| {
            use yinuo_ledger::transfer::CellKind;
            let filled = match column.kind {
                CellKind::Integer => any::<i64>().prop_map(Cell::Integer).boxed(),
                CellKind::Text => ".{0,40}".prop_map(Cell::Text).boxed(),
                CellKind::Bytes => {
                    proptest::collection::vec(any::<u8>(), 0..40).prop_map(Cell::Bytes).boxed()
                }
            };
            if column.optional { prop_oneof![Just(Cell::Null), filled].boxed() } else { filled }
        })
        .collect();
    columns
}

proptest! {
    #[test]
    fn pieces_come_back_from_bytes(rows in proptest::collection::vec(cells(Table::Notices), 0..5)) {
        // Ids of the table are bytes of any length as far as the coding is concerned.
        let piece = Piece::from_rows(Table::Notices, rows).unwrap();
        prop_assert_eq!(Piece::decode(&piece.clone().encode()).unwrap(), piece);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(piece) = Piece::decode(&bytes) {
            prop_assert_eq!(Piece::decode(&piece.clone().encode()).unwrap(), piece);
        }
        prop_assert!(open(&bytes, &KEY).is_err());
    }

    #[test]
    fn a_cut_piece_is_refused(payload in ".{0,60}", cut in 1_usize..30) {
        let row = NoticeRow {
            notice: vec![1; 16], member: vec![2; 16], ticket: None, kind: "alarm".into(), payload, at_us: -1,
            read_at_us: None,
        };
        let bytes = Piece::Notices(vec![row]).encode();
        prop_assert!(Piece::decode(&bytes[..bytes.len() - cut]).is_err());
    }
}

#[test]
fn every_table_has_a_code_of_its_own() {
    let codes: std::collections::BTreeSet<u8> =
        Table::ALL.iter().map(|table| Piece::from_rows(*table, Vec::new()).unwrap().encode()[0]).collect();
    assert_eq!(codes.len(), Table::ALL.len());
    assert_eq!(Table::whole().count(), Table::ALL.len() - 3);
}
