//! Pieces of an export: typed rows of each table that travels, declared once. The stores make their statements from the
//! declaration, and the archive its chunks.

use super::cell::{Cell, Cells, Column, Field};
use crate::LedgerError;

macro_rules! tables {
    ($($(#[$doc:meta])* $table:ident($row:ident) $name:literal key [$($key:literal)+] {
        $($(#[$column_doc:meta])* $column:ident: $kind:ty,)+
    })+) => {
        /// What travels.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Table {
            $($(#[$doc])* $table,)+
        }

        /// Rows of one table, in the order of its key.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Piece {
            $($(#[$doc])* $table(Vec<$row>),)+
        }

        impl Table {
            /// All of them, in the order in which they travel.
            pub const ALL: &'static [Table] = &[$(Table::$table),+];

            /// Its name, the same in every database.
            pub const fn name(self) -> &'static str {
                match self { $(Table::$table => $name,)+ }
            }

            /// Its columns without `org`, in the order of the row's fields.
            pub const fn columns(self) -> &'static [Column] {
                match self {
                    $(Table::$table => &[$(Column {
                        name: stringify!($column),
                        kind: <$kind as Field>::KIND,
                        optional: <$kind as Field>::OPTIONAL,
                    }),+],)+
                }
            }

            /// Its primary key, without `org`.
            pub const fn key(self) -> &'static [&'static str] {
                match self { $(Table::$table => &[$($key),+],)+ }
            }
        }

        impl Piece {
            /// Rows as a store or an archive read them.
            pub fn from_rows(table: Table, rows: Vec<Vec<Cell>>) -> Result<Self, LedgerError> {
                match table {
                    $(Table::$table => {
                        let mut typed = Vec::with_capacity(rows.len());
                        for row in rows {
                            let mut cells = Cells::new($name, row);
                            typed.push($row { $($column: cells.take(stringify!($column))?),+ });
                            cells.end()?;
                        }
                        Ok(Piece::$table(typed))
                    })+
                }
            }

            /// Table and rows, for a store or an archive to write.
            pub fn into_rows(self) -> (Table, Vec<Vec<Cell>>) {
                match self {
                    $(Piece::$table(rows) => (
                        Table::$table,
                        rows.into_iter().map(|row| vec![$(row.$column.cell()),+]).collect(),
                    ),)+
                }
            }

            /// The table whose rows these are.
            pub const fn table(&self) -> Table {
                match self { $(Piece::$table(_) => Table::$table,)+ }
            }

            /// How many rows.
            pub const fn len(&self) -> usize {
                match self { $(Piece::$table(rows) => rows.len(),)+ }
            }
        }

        $($(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $row {
            $($(#[$column_doc])* pub $column: $kind,)+
        }

        // Rows hold secrets and what people wrote, sealed or not: a log line never shows one.
        impl std::fmt::Debug for $row {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($row)).finish_non_exhaustive()
            }
        })+
    };
}

tables! {
    /// How far the streams had got that go on in an increment: its records are chained to these. Compared, not kept.
    Heads(HeadRow) "heads" key ["stream"] {
        /// The stream, as in a record.
        stream: Vec<u8>,
        /// Its last entry that the increment does not hold.
        seq: u32,
        /// The hash of that entry.
        hash: [u8; 32],
    }
    /// What people wrote beside the records, sealed. They travel before the records that they belong to, so that a
    /// record that has arrived has its contents.
    Contents(ContentRow) "contents" key ["position" "n"] {
        /// Position of the record.
        position: u64,
        /// Index within the record.
        n: u32,
        /// Nonce and ciphertext.
        sealed: Vec<u8>,
    }
    /// The log itself.
    Records(RecordRow) "records" key ["position"] {
        /// Position in the organisation's log, from 1, without gaps.
        position: u64,
        /// Empty for the organisation's own stream, else the ticket.
        stream: Vec<u8>,
        /// Place in the stream, from 1.
        seq: u32,
        /// Chain hash.
        hash: [u8; 32],
        /// The chained body.
        body: String,
    }
    /// Customers and the keys that their words are sealed under.
    Persons(PersonRow) "persons" key ["person"] {
        /// The person.
        person: Vec<u8>,
        /// The data key under a master key; none once erased.
        wrapped: Option<Vec<u8>>,
        /// Since when.
        created_at_us: i64,
        /// When the key was destroyed.
        erased_at_us: Option<i64>,
    }
    /// Whose ticket it is.
    Custody(CustodyRow) "custody" key ["ticket"] {
        /// The ticket.
        ticket: Vec<u8>,
        /// The person.
        person: Vec<u8>,
    }
    /// The blind index of phones and e-mail addresses.
    Contacts(ContactRow) "contacts" key ["digest"] {
        /// Keyed digest.
        digest: Vec<u8>,
        /// The person.
        person: Vec<u8>,
    }
    /// Contacts that somebody has named to whom they do not belong.
    Mentions(MentionRow) "mentions" key ["digest" "person"] {
        /// Keyed digest.
        digest: Vec<u8>,
        /// The person who named it.
        person: Vec<u8>,
    }
    /// Secrets of the organisation under a master key.
    Secrets(SecretRow) "secrets" key ["name"] {
        /// Name.
        name: String,
        /// The secret under a master key.
        wrapped: Vec<u8>,
    }
    /// What idempotency keys were used for.
    Idempotency(IdempotencyRow) "idempotency" key ["key"] {
        /// The key.
        key: String,
        /// The stream that the request wrote to.
        stream: Vec<u8>,
        /// The entry that it made.
        seq: u32,
        /// Keyed digest of the request.
        digest: [u8; 32],
    }
    /// The last ticket number of each day.
    Numbers(NumberRow) "numbers" key ["day"] {
        /// The local day, as `2026-11-21`.
        day: String,
        /// The last number in use.
        last: u32,
    }
    /// The outbox.
    Jobs(JobRow) "jobs" key ["job"] {
        /// Id.
        job: Vec<u8>,
        /// Ticket.
        ticket: Option<Vec<u8>>,
        /// What is to be done.
        kind: String,
        /// What it needs.
        payload: String,
        /// Names the effect.
        key: String,
        /// Not to be delivered before.
        not_before_at_us: i64,
        /// Not to be claimed before.
        free_at_us: i64,
        /// `waiting`, `done` or `given-up`.
        state: String,
        /// How many times it was claimed.
        attempt: u32,
        /// Why it failed last.
        reason: Option<String>,
    }
    /// Passwords of the company's people, hashed.
    Passwords(PasswordRow) "passwords" key ["member"] {
        /// The person.
        member: Vec<u8>,
        /// PHC string.
        phc: String,
    }
    /// Notices to the company's people.
    Notices(NoticeRow) "notices" key ["notice"] {
        /// Id.
        notice: Vec<u8>,
        /// To whom.
        member: Vec<u8>,
        /// Ticket.
        ticket: Option<Vec<u8>>,
        /// What kind.
        kind: String,
        /// What it says.
        payload: String,
        /// When.
        at_us: i64,
        /// When it was read.
        read_at_us: Option<i64>,
    }
    /// Full tiles of the Merkle tree.
    Tiles(TileRow) "tiles" key ["level" "n"] {
        /// Level.
        level: u32,
        /// Number in its level.
        n: u64,
        /// 256 hashes.
        hashes: Vec<u8>,
    }
    /// The latest signed checkpoint.
    Checkpoints(CheckpointRow) "checkpoints" key ["size"] {
        /// Records that it covers.
        size: u64,
        /// The root over them.
        root: [u8; 32],
        /// When it was signed.
        at_us: i64,
        /// The signed note.
        note: String,
    }
}

impl Table {
    /// Whether its rows are only ever added, each with its position: an increment holds those after the last one.
    pub const fn grows(self) -> bool {
        matches!(self, Table::Contents | Table::Records)
    }

    /// The tables that travel whole each time.
    pub fn whole() -> impl Iterator<Item = Table> {
        Table::ALL.iter().copied().filter(|table| !table.grows() && *table != Table::Heads)
    }

    /// The number that stands for it in archives. Never changed, never given to another one.
    pub(super) const fn code(self) -> u8 {
        match self {
            Table::Records => 1,
            Table::Contents => 2,
            Table::Persons => 3,
            Table::Custody => 4,
            Table::Contacts => 5,
            Table::Secrets => 6,
            Table::Idempotency => 7,
            Table::Numbers => 8,
            Table::Jobs => 9,
            Table::Passwords => 10,
            Table::Notices => 11,
            Table::Tiles => 12,
            Table::Checkpoints => 13,
            Table::Heads => 14,
            Table::Mentions => 15,
        }
    }

    pub(super) fn from_code(code: u8) -> Option<Self> {
        Table::ALL.iter().copied().find(|table| table.code() == code)
    }
}

impl Piece {
    /// Whether it has no rows.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The last position of its records; none if it holds none.
    pub fn last_position(&self) -> Option<u64> {
        if let Piece::Records(rows) = self { rows.last().map(|row| row.position) } else { None }
    }
}
