//! What an attacker does who knows the program and has all rights on the file.

use std::collections::HashMap;

use rusqlite::{Connection, params};
use yinuo_core::id::OrgId;
use yinuo_ledger::{
    Checkpoint, Hash, Stream, Tile, chain,
    checkpoint::{KeyKind, LogKey},
    conformance::sample::ticket,
    tree::{Frontier, record_leaf},
};

use crate::support::text;

pub(super) const ORG: &str = "main";

pub(super) fn run(database: &Connection, sql: &str) {
    database.execute_batch(sql).expect(sql);
}

/// A record as the file has it: stream, sequence number, hash, body.
pub(super) fn record(database: &Connection, position: u64) -> (Vec<u8>, u32, Vec<u8>, String) {
    let sql = "SELECT stream, seq, hash, body FROM records WHERE position = ?1";
    database
        .query_row(sql, [i64::try_from(position).expect("small")], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .expect("the record")
}

pub(super) fn org() -> OrgId {
    OrgId::new(ORG).expect("a name")
}

pub(super) fn stream(bytes: &[u8]) -> Stream {
    if bytes.is_empty() {
        return Stream::Organisation;
    }
    let uuid = bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    format!("tkt_{uuid}").parse().expect("a ticket")
}

pub(super) fn last_position(database: &Connection) -> u64 {
    let sql = "SELECT max(position) FROM records";
    let last: i64 = database.query_row(sql, [], |row| row.get(0)).expect(sql);
    u64::try_from(last).expect("a position")
}

/// Makes hashes and tree anew over whatever stands in the file, as somebody would who knows the program. Gives size and
/// root.
pub(super) fn make_anew(database: &Connection) -> (u64, Hash) {
    let mut heads: HashMap<Vec<u8>, (u32, Hash)> = HashMap::new();
    let (mut frontier, mut tiles) = (Frontier::new(), Vec::<Tile>::new());
    for position in 1..=last_position(database) {
        let (bytes, _, _, body) = record(database, position);
        let first = || (0, chain::genesis(&org(), stream(&bytes)));
        let (seq, previous) = heads.get(&bytes).copied().unwrap_or_else(first);
        let hash = chain::link(previous, &body);
        heads.insert(bytes, (seq + 1, hash));
        let sql = "UPDATE records SET seq = ?2, hash = ?3 WHERE position = ?1";
        database.execute(sql, params![i64::try_from(position).expect("small"), seq + 1, hash.0]).expect(sql);
        frontier.push(record_leaf(hash), |tile| tiles.push(tile));
    }
    run(database, "DELETE FROM tiles");
    for tile in tiles {
        let sql = "INSERT INTO tiles (org, level, n, hashes) VALUES (?1, ?2, ?3, ?4)";
        let n = i64::try_from(tile.n).expect("small");
        database.execute(sql, params![ORG, tile.level, n, tile.bytes()]).expect(sql);
    }
    (frontier.size(), frontier.root())
}

/// Puts a checkpoint that somebody else has signed.
pub(super) fn sign_as_somebody_else(database: &Connection, (size, root): (u64, Hash)) {
    let origin = "yinuo.local/main".to_owned();
    let key = LogKey::new(&origin, KeyKind::Log, &[6; 32]).expect("a name");
    let note = key.sign(&Checkpoint { origin, size, root }).to_string();
    let sql = "UPDATE checkpoints SET size = ?1, root = ?2, note = ?3";
    let size = i64::try_from(size).expect("small");
    database.execute(sql, params![size, root.0, note]).expect(sql);
}

/// Makes room for a record at a position.
pub(super) fn shift_up(database: &Connection, from: u64) {
    for table in ["records", "contents"] {
        run(database, &format!("UPDATE {table} SET position = -position - 1 WHERE position >= {from}"));
        run(database, &format!("UPDATE {table} SET position = -position WHERE position < 0"));
    }
    run(database, "UPDATE organisations SET last_position = last_position + 1");
}

pub(super) fn insert(database: &Connection) {
    let (_, _, _, body) = record(database, 100);
    let of = |body: &str| {
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        text(&body["stream"]).to_owned()
    };
    let made_up = Stream::Ticket(ticket(1));
    let body = body.replace(&of(&body), &made_up.to_string());
    let hash = chain::link(chain::genesis(&org(), made_up), &body);
    shift_up(database, 120);
    let sql = "INSERT INTO records (org, position, stream, seq, hash, body) VALUES (?1, 120, ?2, 1, ?3, ?4)";
    let stream = ticket(1).uuid().as_bytes().to_vec();
    database.execute(sql, params![ORG, stream, hash.0, body]).expect(sql);
}

pub(super) fn edit(database: &Connection) {
    run(
        database,
        "UPDATE records SET body = replace(body, 'consultation', 'suggestion') WHERE position = 100",
    );
}

/// Takes the checkpoint away, so that nothing seems to be signed yet.
pub(super) fn unsign(database: &Connection) {
    run(database, "DELETE FROM checkpoints");
}
