//! Exports and imports.

use std::collections::VecDeque;

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;
use yinuo_core::id::{JobId, MemberId, NoticeId, OrgId, PersonId, TicketId};

use super::{
    MemoryLedger,
    books::{Books, JobState, KeptJob},
};
use crate::{
    Hash, Job, KeptCheckpoint, KeptPerson, LedgerError, Notice, Stored, Stream, chain,
    transfer::{
        CheckpointRow, ContactRow, ContentRow, CustodyRow, Export, Extent, HeadRow, IdempotencyRow, JobRow,
        MentionRow, NoticeRow, NumberRow, PIECE_ROWS, PasswordRow, PersonRow, Piece, RecordRow, SecretRow,
        Standing, TileRow, Transfer, new_records, other_log,
    },
    tree::{Frontier, Tile, bytes_of, record_leaf},
    vault::{Contact, SealedContent, Wrapped},
};

fn bytes(uuid: Uuid) -> Vec<u8> {
    uuid.as_bytes().to_vec()
}

fn stream_bytes(stream: Stream) -> Vec<u8> {
    stream.ticket().map_or_else(Vec::new, |ticket| bytes(ticket.uuid()))
}

fn damaged(what: &str) -> LedgerError {
    LedgerError::corrupt(format!("what arrives cannot be read: {what}"))
}

fn uuid(bytes: &[u8]) -> Result<Uuid, LedgerError> {
    Uuid::from_slice(bytes).map_err(|_| damaged("an id is not 16 bytes long"))
}

fn stream(bytes: &[u8]) -> Result<Stream, LedgerError> {
    if bytes.is_empty() { Ok(Stream::Organisation) } else { ticket(bytes).map(Stream::Ticket) }
}

fn ticket(bytes: &[u8]) -> Result<TicketId, LedgerError> {
    uuid(bytes).map(TicketId::from_uuid)
}

fn instant(at_us: i64) -> Result<Timestamp, LedgerError> {
    Timestamp::from_microsecond(at_us).map_err(|_| damaged("an instant is out of range"))
}

const STATES: [(JobState, &str); 3] =
    [(JobState::Waiting, "waiting"), (JobState::Done, "done"), (JobState::GivenUp, "given-up")];

fn state_word(state: JobState) -> String {
    STATES.iter().find(|(known, _)| *known == state).map_or("", |(_, word)| word).into()
}

/// Pieces that are there already.
struct Snapshot {
    extent: Extent,
    pieces: VecDeque<Piece>,
}

#[async_trait]
impl Export for Snapshot {
    fn extent(&self) -> &Extent {
        &self.extent
    }

    async fn next(&mut self) -> Result<Option<Piece>, LedgerError> {
        Ok(self.pieces.pop_front())
    }
}

impl Snapshot {
    fn put<T>(&mut self, rows: impl IntoIterator<Item = T>, piece: fn(Vec<T>) -> Piece) {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            self.pieces.push_back(piece(rows.by_ref().take(usize::from(PIECE_ROWS)).collect()));
        }
    }

    fn of(books: &Books, since: u64) -> Self {
        let last_position = books.records.len() as u64;
        let since = since.min(last_position);
        let from = usize::try_from(since).unwrap_or(usize::MAX);
        let mut edge = Frontier::new();
        for stored in books.records.iter().take(from) {
            edge.push(record_leaf(stored.hash), |_| {});
        }
        let root = edge.root();
        let checkpoint = books.checkpoint.as_ref().map(|kept| CheckpointRow {
            size: kept.size,
            root: kept.root.0,
            at_us: kept.at.as_microsecond(),
            note: kept.note.clone(),
        });
        let mut snapshot = Self {
            extent: Extent { since, root, last_position, checkpoint: checkpoint.clone() },
            pieces: VecDeque::new(),
        };
        snapshot.log(books, from);
        snapshot.people(books);
        snapshot.desk(books);
        let tiles = books.tiles.iter().map(|((level, n), hashes)| TileRow {
            level: u32::from(*level),
            n: *n,
            hashes: bytes_of(hashes),
        });
        snapshot.put(tiles, Piece::Tiles);
        snapshot.put(checkpoint, Piece::Checkpoints);
        snapshot
    }

    fn log(&mut self, books: &Books, from: usize) {
        let new = books.records.get(from..).unwrap_or_default();
        let mut goes_on: Vec<HeadRow> = Vec::new();
        for stored in new.iter().filter(|stored| stored.seq > 1) {
            let stream = books.streams.get(&stored.stream);
            let before = stream.and_then(|stream| stream.get(stored.seq as usize - 2));
            if let Some(head) =
                before.filter(|index| **index < from).and_then(|index| books.records.get(*index))
            {
                goes_on.push(HeadRow { stream: stream_bytes(head.stream), seq: head.seq, hash: head.hash.0 });
            }
        }
        goes_on.sort_by(|a, b| a.stream.cmp(&b.stream));
        self.put(goes_on, Piece::Heads);
        for chunk in new.chunks(usize::from(PIECE_ROWS)) {
            let contents = chunk.iter().flat_map(|stored| {
                stored.contents.iter().map(|content| ContentRow {
                    position: stored.position,
                    n: content.n,
                    sealed: content.sealed.to_vec(),
                })
            });
            self.put(contents, Piece::Contents);
            let records = chunk.iter().map(|stored| RecordRow {
                position: stored.position,
                stream: stream_bytes(stored.stream),
                seq: stored.seq,
                hash: stored.hash.0,
                body: stored.body.clone(),
            });
            self.put(records, Piece::Records);
        }
    }

    fn people(&mut self, books: &Books) {
        let persons = books.persons.values().map(|kept| PersonRow {
            person: bytes(kept.person.uuid()),
            wrapped: kept.wrapped.as_ref().map(|wrapped| wrapped.as_bytes().to_vec()),
            created_at_us: kept.created_at.as_microsecond(),
            erased_at_us: kept.erased_at.map(Timestamp::as_microsecond),
        });
        self.put(persons, Piece::Persons);
        let custody = books.custody.iter().map(|(ticket, person)| CustodyRow {
            ticket: bytes(ticket.uuid()),
            person: bytes(person.uuid()),
        });
        self.put(custody, Piece::Custody);
        let contacts = books
            .contacts
            .iter()
            .map(|(contact, person)| ContactRow { digest: contact.0.to_vec(), person: bytes(person.uuid()) });
        self.put(contacts, Piece::Contacts);
        let mentions = books
            .mentions
            .iter()
            .map(|(contact, by)| MentionRow { digest: contact.0.to_vec(), person: bytes(by.uuid()) });
        self.put(mentions, Piece::Mentions);
        let secrets = books
            .secrets
            .iter()
            .map(|(name, wrapped)| SecretRow { name: name.clone(), wrapped: wrapped.as_bytes().to_vec() });
        self.put(secrets, Piece::Secrets);
    }

    fn desk(&mut self, books: &Books) {
        let idempotency = books.idempotency.iter().map(|(key, (stream, seq, digest))| IdempotencyRow {
            key: key.clone(),
            stream: stream_bytes(*stream),
            seq: *seq,
            digest: *digest,
        });
        self.put(idempotency, Piece::Idempotency);
        let numbers = books.days.iter().map(|(day, last)| NumberRow { day: day.to_string(), last: *last });
        self.put(numbers, Piece::Numbers);
        let mut jobs: Vec<&KeptJob> = books.jobs.iter().collect();
        jobs.sort_by_key(|kept| kept.job.id);
        let jobs = jobs.into_iter().map(|kept| JobRow {
            job: bytes(kept.job.id.uuid()),
            ticket: kept.job.ticket.map(|ticket| bytes(ticket.uuid())),
            kind: kept.job.kind.clone(),
            payload: kept.job.payload.clone(),
            key: kept.job.key.clone(),
            not_before_at_us: kept.job.not_before.as_microsecond(),
            free_at_us: kept.free_at.as_microsecond(),
            state: state_word(kept.state),
            attempt: kept.job.attempt,
            reason: None,
        });
        self.put(jobs, Piece::Jobs);
        let passwords = books
            .passwords
            .iter()
            .map(|(member, phc)| PasswordRow { member: bytes(member.uuid()), phc: phc.clone() });
        self.put(passwords, Piece::Passwords);
        let notices = books.notices.values().map(|notice| NoticeRow {
            notice: bytes(notice.id.uuid()),
            member: bytes(notice.member.uuid()),
            ticket: notice.ticket.map(|ticket| bytes(ticket.uuid())),
            kind: notice.kind.clone(),
            payload: notice.payload.clone(),
            at_us: notice.at.as_microsecond(),
            read_at_us: notice.read_at.map(Timestamp::as_microsecond),
        });
        self.put(notices, Piece::Notices);
    }
}

impl Books {
    fn must_arrive(&self) -> Result<(), LedgerError> {
        let standing = self.standing;
        if standing == Standing::Arriving { Ok(()) } else { Err(LedgerError::NotOpen { standing }) }
    }

    /// Everything but records and contents is gone.
    fn begin_import(&mut self) -> Result<u64, LedgerError> {
        let records = self.records.len() as u64;
        match self.standing {
            standing @ Standing::Left => return Err(LedgerError::NotOpen { standing }),
            Standing::Open if records > 0 => return Err(LedgerError::Occupied { records }),
            _ => {}
        }
        let before = std::mem::take(self);
        self.records = before.records;
        self.streams = before.streams;
        self.early = before.early;
        self.standing = Standing::Arriving;
        Ok(records)
    }

    fn import(&mut self, org: &OrgId, piece: Piece) -> Result<(), LedgerError> {
        self.must_arrive()?;
        match piece {
            Piece::Heads(rows) => rows.iter().try_for_each(|row| self.same_head(org, row)),
            Piece::Contents(rows) => {
                self.import_contents(rows);
                Ok(())
            }
            Piece::Records(rows) => self.import_records(rows),
            Piece::Persons(rows) => rows.into_iter().try_for_each(|row| self.import_person(row)),
            Piece::Custody(rows) => rows.into_iter().try_for_each(|row| {
                self.custody.insert(ticket(&row.ticket)?, uuid(&row.person).map(PersonId::from_uuid)?);
                Ok(())
            }),
            Piece::Contacts(rows) => rows.into_iter().try_for_each(|row| {
                self.contacts.insert(contact(row.digest)?, uuid(&row.person).map(PersonId::from_uuid)?);
                Ok(())
            }),
            Piece::Mentions(rows) => rows.into_iter().try_for_each(|row| {
                self.mentions.insert((contact(row.digest)?, uuid(&row.person).map(PersonId::from_uuid)?));
                Ok(())
            }),
            Piece::Secrets(rows) => rows.into_iter().try_for_each(|row| {
                self.secrets.insert(row.name, Wrapped::from_bytes(row.wrapped)?);
                Ok(())
            }),
            other => self.import_desk(org, other),
        }
    }

    fn same_head(&self, org: &OrgId, row: &HeadRow) -> Result<(), LedgerError> {
        let stream = stream(&row.stream)?;
        let index =
            self.streams.get(&stream).and_then(|stream| stream.get((row.seq as usize).checked_sub(1)?));
        let kept = index.and_then(|index| self.records.get(*index)).map(|stored| stored.hash);
        let kept = kept.unwrap_or_else(|| chain::genesis(org, stream));
        if kept == Hash(row.hash) { Ok(()) } else { Err(other_log()) }
    }

    fn import_contents(&mut self, rows: Vec<ContentRow>) {
        for ContentRow { position, n, sealed } in rows {
            let content = SealedContent { n, sealed: sealed.into() };
            let index = usize::try_from(position).ok().and_then(|position| position.checked_sub(1));
            let contents = match index.and_then(|index| self.records.get_mut(index)) {
                Some(stored) => &mut stored.contents,
                None => self.early.entry(position).or_default(),
            };
            if !contents.iter().any(|kept| kept.n == n) {
                contents.push(content);
                contents.sort_by_key(|kept| kept.n);
            }
        }
    }

    fn import_records(&mut self, rows: Vec<RecordRow>) -> Result<(), LedgerError> {
        let new = new_records(rows, self.records.len() as u64, |position| {
            let index = usize::try_from(position).ok().and_then(|position| position.checked_sub(1));
            Ok(index.and_then(|index| self.records.get(index)).map(|stored| stored.hash.0.to_vec()))
        })?;
        for RecordRow { position, stream: of, seq, hash, body } in new {
            let stream = stream(&of)?;
            let contents = self.early.remove(&position).unwrap_or_default();
            self.streams.entry(stream).or_default().push(self.records.len());
            self.records.push(Stored { position, stream, seq, hash: Hash(hash), body, contents });
        }
        Ok(())
    }

    fn import_person(&mut self, row: PersonRow) -> Result<(), LedgerError> {
        let person = uuid(&row.person).map(PersonId::from_uuid)?;
        let kept = KeptPerson {
            person,
            wrapped: row.wrapped.map(Wrapped::from_bytes).transpose()?,
            created_at: instant(row.created_at_us)?,
            erased_at: row.erased_at_us.map(instant).transpose()?,
        };
        self.persons.insert(person, kept);
        Ok(())
    }

    fn import_desk(&mut self, org: &OrgId, piece: Piece) -> Result<(), LedgerError> {
        match piece {
            Piece::Idempotency(rows) => rows.into_iter().try_for_each(|row| {
                self.idempotency.insert(row.key, (stream(&row.stream)?, row.seq, row.digest));
                Ok(())
            }),
            Piece::Numbers(rows) => rows.into_iter().try_for_each(|row| {
                let day: Date = row.day.parse().map_err(|_| damaged("a day"))?;
                self.days.insert(day, row.last);
                Ok(())
            }),
            Piece::Jobs(rows) => rows.into_iter().try_for_each(|row| self.import_job(org, row)),
            Piece::Passwords(rows) => rows.into_iter().try_for_each(|row| {
                self.passwords.insert(uuid(&row.member).map(MemberId::from_uuid)?, row.phc);
                Ok(())
            }),
            Piece::Notices(rows) => rows.into_iter().try_for_each(|row| self.import_notice(row)),
            Piece::Tiles(rows) => rows.into_iter().try_for_each(|row| {
                let level = u8::try_from(row.level).map_err(|_| damaged("a tile"))?;
                let tile = Tile::from_bytes(level, row.n, &row.hashes).ok_or_else(|| damaged("a tile"))?;
                self.tiles.insert((level, row.n), tile.hashes);
                Ok(())
            }),
            Piece::Checkpoints(rows) => rows.into_iter().try_for_each(|row| {
                let (size, root, at) = (row.size, Hash(row.root), instant(row.at_us)?);
                self.checkpoint = Some(KeptCheckpoint { size, root, at, note: row.note });
                Ok(())
            }),
            _ => Ok(()),
        }
    }

    fn import_job(&mut self, org: &OrgId, row: JobRow) -> Result<(), LedgerError> {
        let state = STATES.iter().find(|(_, word)| *word == row.state);
        let state = state.map(|(state, _)| *state).ok_or_else(|| damaged("the state of a job"))?;
        if !self.job_keys.insert(row.key.clone()) {
            return Ok(());
        }
        let job = Job {
            id: uuid(&row.job).map(JobId::from_uuid)?,
            org: org.clone(),
            ticket: row.ticket.map(|bytes| ticket(&bytes)).transpose()?,
            kind: row.kind,
            payload: row.payload,
            key: row.key,
            not_before: instant(row.not_before_at_us)?,
            attempt: row.attempt,
        };
        self.jobs.push(KeptJob { job, state, free_at: instant(row.free_at_us)? });
        Ok(())
    }

    fn import_notice(&mut self, row: NoticeRow) -> Result<(), LedgerError> {
        let id = uuid(&row.notice).map(NoticeId::from_uuid)?;
        let notice = Notice {
            id,
            member: uuid(&row.member).map(MemberId::from_uuid)?,
            ticket: row.ticket.map(|bytes| ticket(&bytes)).transpose()?,
            kind: row.kind,
            payload: row.payload,
            at: instant(row.at_us)?,
            read_at: row.read_at_us.map(instant).transpose()?,
        };
        self.notices.insert(id, notice);
        Ok(())
    }

    fn drop_erased(&mut self) -> Result<u64, LedgerError> {
        self.must_arrive()?;
        let mut dropped = 0;
        for stored in &mut self.records {
            let person = stored.stream.ticket().and_then(|ticket| self.custody.get(&ticket));
            let person = person.and_then(|person| self.persons.get(person));
            if person.is_some_and(|kept| kept.wrapped.is_none()) {
                dropped += std::mem::take(&mut stored.contents).len() as u64;
            }
        }
        Ok(dropped)
    }
}

#[async_trait]
impl Transfer for MemoryLedger {
    async fn standing(&self, org: &OrgId) -> Result<Standing, LedgerError> {
        Ok(self.read(org, |books| books.standing))
    }

    async fn export(&self, org: &OrgId, since: u64) -> Result<Box<dyn Export>, LedgerError> {
        Ok(Box::new(self.read(org, |books| Snapshot::of(books, since))))
    }

    async fn begin_import(&self, org: &OrgId) -> Result<u64, LedgerError> {
        self.write(org, Books::begin_import)
    }

    async fn import(&self, org: &OrgId, piece: Piece) -> Result<(), LedgerError> {
        self.write(org, |books| books.import(org, piece))
    }

    async fn drop_erased(&self, org: &OrgId) -> Result<u64, LedgerError> {
        self.write(org, Books::drop_erased)
    }

    async fn open_import(&self, org: &OrgId) -> Result<(), LedgerError> {
        self.write(org, |books| {
            books.must_arrive()?;
            books.standing = Standing::Open;
            Ok(())
        })
    }

    async fn discard_import(&self, org: &OrgId) -> Result<(), LedgerError> {
        self.write(org, |books| {
            books.must_arrive()?;
            *books = Books::default();
            Ok(())
        })
    }

    async fn leave(&self, org: &OrgId, last_position: u64) -> Result<bool, LedgerError> {
        self.write(org, |books| match books.standing {
            standing @ Standing::Arriving => Err(LedgerError::NotOpen { standing }),
            Standing::Left => Ok(true),
            Standing::Open if books.records.len() as u64 == last_position => {
                books.standing = Standing::Left;
                Ok(true)
            }
            Standing::Open => Ok(false),
        })
    }

    async fn come_back(&self, org: &OrgId) -> Result<(), LedgerError> {
        self.write(org, |books| {
            if books.standing == Standing::Left {
                books.standing = Standing::Open;
            }
        });
        Ok(())
    }
}

fn contact(digest: Vec<u8>) -> Result<Contact, LedgerError> {
    digest.try_into().map(Contact).map_err(|_| damaged("a contact is not 16 bytes long"))
}
