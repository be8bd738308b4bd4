//! What somebody with all rights on the machine can do to the database file, and how it is found.
//!
//! Every row of [`ATTACKS`] works on a copy of the same honest ledger: it was signed yesterday, went on, and was signed
//! today. What the attacker does not have is what left the machine: a receipt, a checkpoint, the public key.

use std::{collections::HashMap, fs, path::PathBuf, sync::OnceLock};

use rusqlite::{Connection, params};
use serde_json::json;
use yinuo_core::id::OrgId;
use yinuo_ledger::{
    Checkpoint, Hash, Stream, Tile, chain,
    checkpoint::{KeyKind, LogKey},
    conformance::sample::ticket,
    tree::{Frontier, record_leaf},
};

use crate::support::{House, Server, text, until};

/// The honest ledger and what left the machine.
struct Honest {
    house: House,
    /// The file as it was yesterday.
    yesterday: Vec<u8>,
    receipt: String,
    checkpoint: String,
    key: String,
    /// Position of the record of today's receipt.
    position: u64,
    records: u64,
}

/// Waits until everything is signed, and gives the checkpoint.
fn signed(server: &Server) -> String {
    let counter = |name: &str| {
        let metrics = server.get("/metrics").expect(200).body;
        let line = metrics.lines().find(|line| line.starts_with(name)).expect("the counter").to_owned();
        line.rsplit(' ').next().and_then(|value| value.parse::<u64>().ok()).expect("a number")
    };
    until("everything is signed", || {
        let covered = counter("yinuo_log_records ") > 0 && counter("yinuo_log_unsigned_records ") == 0;
        covered.then_some(())
    });
    server.get("/log/checkpoint").expect(200).body
}

/// Requests of another system: as many records.
fn rows(count: usize, name: &str) -> String {
    let row = |n| {
        let id = format!("{name}-{n}");
        json!({ "id": id, "received_at": "2026-10-12T09:20:00+08:00", "kind": "consultation", "text": "How often?" })
    };
    let rows: Vec<String> = (0..count).map(|n| row(n).to_string()).collect();
    rows.join("\n")
}

fn receipt(server: &Server, asked: &serde_json::Value) -> serde_json::Value {
    let path = text(&asked["receipt"]);
    server.get_as(path, &[("Query-Code", text(&asked["query_code"]))]).expect(200).json()
}

fn honest() -> &'static Honest {
    static HONEST: OnceLock<Honest> = OnceLock::new();
    HONEST.get_or_init(|| {
        let house = House::new();
        house.found();
        let server = house.serve();
        server.ask("yesterday");
        signed(&server);
        assert!(server.stop().success());
        let yesterday = fs::read(house.database()).expect("the database");

        let file = house.write("rows.jsonl", rows(300, "A"));
        house.yinuo(&["import", &file]).good();
        let server = house.serve();
        let asked = server.ask("today");
        let receipt = receipt(&server, &asked);
        let position = receipt["record"]["position"].as_u64().expect("a position");
        server.ask("the last one");
        let key = server.get("/log/key").expect(200).body.trim().to_owned();
        assert!(server.stop().success());
        // Alarms of what was imported may fire after the checkpoint; what is attacked below is signed to its end.
        let (checkpoint, records) = until("the file holds what is signed and no more", || {
            let server = house.serve();
            let checkpoint = signed(&server);
            assert!(server.stop().success());
            let size: u64 = checkpoint.lines().nth(1).and_then(|size| size.parse().ok()).expect("a size");
            let database = Connection::open(house.database()).expect("the database");
            (last_position(&database) == size).then_some((checkpoint, size))
        });
        let said = house.yinuo(&["verify", "ledger", "--key", &key]).good().out;
        assert!(said.contains("The ledger is sound"), "{said}");
        Honest { house, yesterday, receipt: receipt.to_string(), checkpoint, key, position, records }
    })
}

/// Which evidence a verification is given.
#[derive(Clone, Copy, PartialEq)]
enum Given {
    Nothing,
    Key,
    Receipt,
    Checkpoint,
}

struct Attack {
    name: &'static str,
    done: fn(&Connection),
    given: &'static [Given],
    /// Where: a position, or nothing if no record can be named.
    at: Option<u64>,
    says: &'static str,
    zh: &'static str,
}

const ORG: &str = "main";

fn run(database: &Connection, sql: &str) {
    database.execute_batch(sql).expect(sql);
}

/// A record as the file has it: stream, sequence number, hash, body.
fn record(database: &Connection, position: u64) -> (Vec<u8>, u32, Vec<u8>, String) {
    let sql = "SELECT stream, seq, hash, body FROM records WHERE position = ?1";
    database
        .query_row(sql, [i64::try_from(position).expect("small")], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .expect("the record")
}

fn org() -> OrgId {
    OrgId::new(ORG).expect("a name")
}

fn stream(bytes: &[u8]) -> Stream {
    if bytes.is_empty() {
        return Stream::Organisation;
    }
    let uuid = bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    format!("tkt_{uuid}").parse().expect("a ticket")
}

fn last_position(database: &Connection) -> u64 {
    let sql = "SELECT max(position) FROM records";
    let last: i64 = database.query_row(sql, [], |row| row.get(0)).expect(sql);
    u64::try_from(last).expect("a position")
}

/// Makes hashes and tree anew over whatever stands in the file, as somebody would who knows the program. Gives size and
/// root.
fn make_anew(database: &Connection) -> (u64, Hash) {
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
fn sign_as_somebody_else(database: &Connection, (size, root): (u64, Hash)) {
    let origin = "yinuo.local/main".to_owned();
    let key = LogKey::new(&origin, KeyKind::Log, &[6; 32]).expect("a name");
    let note = key.sign(&Checkpoint { origin, size, root }).to_string();
    let sql = "UPDATE checkpoints SET size = ?1, root = ?2, note = ?3";
    let size = i64::try_from(size).expect("small");
    database.execute(sql, params![size, root.0, note]).expect(sql);
}

/// Makes room for a record at a position.
fn shift_up(database: &Connection, from: u64) {
    for table in ["records", "contents"] {
        run(database, &format!("UPDATE {table} SET position = -position - 1 WHERE position >= {from}"));
        run(database, &format!("UPDATE {table} SET position = -position WHERE position < 0"));
    }
    run(database, "UPDATE organisations SET last_position = last_position + 1");
}

fn insert(database: &Connection) {
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

fn edit(database: &Connection) {
    run(
        database,
        "UPDATE records SET body = replace(body, 'consultation', 'suggestion') WHERE position = 100",
    );
}

const NOTHING: &[Given] = &[Given::Nothing];

const ATTACKS: &[Attack] = &[
    Attack {
        name: "a body is edited",
        done: edit,
        given: NOTHING,
        at: Some(100),
        says: "its body or its hash was changed",
        zh: "它的内容或摘要被改动",
    },
    Attack {
        name: "a body is edited and its hash made to fit",
        done: |database| {
            edit(database);
            let (bytes, _, _, body) = record(database, 100);
            let hash = chain::link(chain::genesis(&org(), stream(&bytes)), &body);
            database
                .execute("UPDATE records SET hash = ?1 WHERE position = 100", params![hash.0])
                .expect("it");
        },
        given: NOTHING,
        at: Some(100),
        says: "is not the one that was signed here",
        zh: "不是此处曾签名的那一条",
    },
    Attack {
        name: "a hash is edited",
        done: |database| run(database, "UPDATE records SET hash = zeroblob(32) WHERE position = 101"),
        given: NOTHING,
        at: Some(101),
        says: "its body or its hash was changed",
        zh: "它的内容或摘要被改动",
    },
    Attack {
        name: "two records of different tickets are swapped",
        done: |database| {
            run(
                database,
                "UPDATE records SET position = -1 WHERE position = 110; UPDATE records SET position = 110 WHERE position = 210;
                 UPDATE records SET position = 210 WHERE position = -1; UPDATE contents SET position = -1 WHERE position = 110;
                 UPDATE contents SET position = 110 WHERE position = 210; UPDATE contents SET position = 210 WHERE position = -1",
            );
        },
        given: NOTHING,
        at: Some(110),
        says: "is not the one that was signed here",
        zh: "不是此处曾签名的那一条",
    },
    Attack {
        name: "two records of one stream are swapped",
        done: |database| {
            run(
                database,
                "UPDATE records SET seq = 1000 WHERE position = 1; UPDATE records SET seq = 1 WHERE position = 2;
                 UPDATE records SET seq = 2 WHERE seq = 1000; UPDATE records SET position = -1 WHERE position = 1;
                 UPDATE records SET position = 1 WHERE position = 2; UPDATE records SET position = 2 WHERE position = -1",
            );
        },
        given: NOTHING,
        at: Some(1),
        says: "fit its own chain",
        zh: "摘要链不符",
    },
    Attack {
        name: "a record in the middle is deleted",
        done: |database| run(database, "DELETE FROM records WHERE position = 150"),
        given: NOTHING,
        at: Some(150),
        says: "there is no record: it was deleted",
        zh: "此处没有记录：它被删除了",
    },
    Attack {
        name: "a record in the middle is deleted and the gap closed",
        done: |database| {
            run(
                database,
                "DELETE FROM records WHERE position = 150; DELETE FROM contents WHERE position = 150;
                 UPDATE records SET position = 1 - position WHERE position > 150; UPDATE records SET position = -position WHERE position < 0;
                 UPDATE contents SET position = 1 - position WHERE position > 150; UPDATE contents SET position = -position WHERE position < 0;
                 UPDATE organisations SET last_position = last_position - 1",
            );
        },
        given: NOTHING,
        at: Some(150),
        says: "(record ",
        zh: "位置 150（",
    },
    Attack {
        name: "a record is inserted, with a chain that fits",
        done: insert,
        given: NOTHING,
        at: Some(120),
        says: "is not the one that was signed here",
        zh: "不是此处曾签名的那一条",
    },
    Attack {
        name: "a tile is changed",
        done: |database| {
            run(database, "UPDATE tiles SET hashes = zeroblob(8192) WHERE level = 0 AND n = 0");
        },
        given: NOTHING,
        at: None,
        says: "tile 0 of level 0 of the tree was changed or deleted; the records are as they were signed",
        zh: "哈希树第 0 层第 0 个分块被改动或删除",
    },
    Attack {
        name: "a tile is deleted",
        done: |database| run(database, "DELETE FROM tiles WHERE level = 0 AND n = 0"),
        given: NOTHING,
        at: None,
        says: "tile 0 of level 0 of the tree was changed or deleted",
        zh: "哈希树第 0 层第 0 个分块被改动或删除",
    },
    Attack {
        name: "the checkpoint is changed",
        done: |database| {
            run(
                database,
                "UPDATE checkpoints SET note = replace(note, char(10) || size, char(10) || (size - 1))",
            );
        },
        given: NOTHING,
        at: None,
        says: "the checkpoint of the ledger does not hold: it was changed",
        zh: "台账中的检查点无效：已被改动",
    },
    Attack {
        name: "size and root beside the checkpoint are changed",
        done: |database| run(database, "UPDATE checkpoints SET size = size - 1"),
        given: NOTHING,
        at: None,
        says: "the checkpoint of the ledger does not hold: it was changed",
        zh: "台账中的检查点无效：已被改动",
    },
    Attack {
        name: "a row of a list is changed",
        done: |database| {
            let (stream, ..) = record(database, 100);
            let sql = "UPDATE tickets SET received_at_us = received_at_us - 1 WHERE ticket = ?1";
            database.execute(sql, [stream]).expect(sql);
        },
        given: NOTHING,
        at: None,
        says: "): the lists (the row of the ticket) do not show what it says",
        zh: "与该记录不符；台账本身完好",
    },
    Attack {
        name: "all is made anew after an edit, under the old checkpoint",
        done: |database| {
            edit(database);
            make_anew(database);
        },
        given: &[Given::Nothing, Given::Key, Given::Receipt, Given::Checkpoint],
        at: None,
        says: "records do not give the root that was signed",
        zh: "条记录得不出所签名的根",
    },
    Attack {
        name: "all is made anew and signed with another key",
        done: |database| {
            edit(database);
            let tree = make_anew(database);
            sign_as_somebody_else(database, tree);
        },
        given: &[Given::Nothing, Given::Key, Given::Receipt, Given::Checkpoint],
        at: None,
        says: "signed by another server",
        zh: "由另一台服务器签名",
    },
    Attack {
        name: "all is made anew after an edit, and the checkpoint deleted",
        done: |database| {
            edit(database);
            make_anew(database);
            unsign(database);
        },
        given: &[Given::Nothing, Given::Key],
        at: None,
        says: "the ledger has no checkpoint: it was deleted",
        zh: "台账没有检查点：它被删除",
    },
    Attack {
        name: "the same, and the tiles deleted",
        done: |database| {
            edit(database);
            make_anew(database);
            unsign(database);
            run(database, "DELETE FROM tiles");
        },
        given: &[Given::Nothing, Given::Key],
        at: None,
        says: "the ledger has no checkpoint: it was deleted",
        zh: "台账没有检查点：它被删除",
    },
    Attack {
        name: "all is made anew and signed with another key, and the log's own deleted",
        done: |database| {
            edit(database);
            let tree = make_anew(database);
            sign_as_somebody_else(database, tree);
            run(database, "DELETE FROM secrets WHERE name = 'log-key'");
        },
        given: NOTHING,
        at: None,
        says: "the key that signed it is gone",
        zh: "签名所用的密钥不在",
    },
];

/// Takes the checkpoint away, so that nothing seems to be signed yet.
fn unsign(database: &Connection) {
    run(database, "DELETE FROM checkpoints");
}

/// A folder with a copy of the honest ledger.
fn copied(database: &[u8]) -> House {
    let honest = honest();
    let house = House::new();
    fs::create_dir(house.data()).expect("a folder");
    for entry in fs::read_dir(honest.house.data()).expect("the folder") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, house.data().join(path.file_name().expect("a name"))).expect("it can be copied");
    }
    fs::write(house.database(), database).expect("it can be written");
    house
}

/// What `yinuo verify ledger` says, which has to be that the ledger is not sound.
#[track_caller]
fn found(house: &House, given: Given, language: &str) -> String {
    let honest = honest();
    let mut args = vec!["--lang".to_owned(), language.to_owned(), "verify".to_owned(), "ledger".to_owned()];
    let file = |name: &str, text: &str| house.write(name, text);
    match given {
        Given::Nothing => {}
        Given::Key => args.extend(["--key".to_owned(), honest.key.clone()]),
        Given::Receipt => args.extend(["--receipt".to_owned(), file("receipt.json", &honest.receipt)]),
        Given::Checkpoint => {
            args.extend(["--checkpoint".to_owned(), file("checkpoint", &honest.checkpoint)]);
        }
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    house.yinuo(&args).refused()
}

#[test]
fn every_attack_on_the_file_is_found() {
    let honest = honest();
    let database = fs::read(honest.house.database()).expect("the database");
    for Attack { name, done, given, at, says, zh } in ATTACKS {
        let house = copied(&database);
        let connection = Connection::open(house.database()).expect("the database");
        done(&connection);
        drop(connection);
        for given in *given {
            let said = found(&house, *given, "en");
            assert!(said.contains(says), "{name}: {said}");
            if let Some(at) = at {
                assert!(
                    said.contains(&format!("position {at} ")) || said.contains(&format!("position {at}:")),
                    "{name}: {said}"
                );
            }
        }
        let said = found(&house, Given::Nothing, "zh");
        assert!(said.contains(zh), "{name}: {said}");
    }
}

#[test]
fn words_that_are_changed_are_found() {
    let honest = honest();
    let database = fs::read(honest.house.database()).expect("the database");
    let house = copied(&database);
    let connection = Connection::open(house.database()).expect("the database");
    crate::damage::change_contents(&connection, 100);
    drop(connection);
    let said = found(&house, Given::Nothing, "en");
    assert!(said.contains("position 100 (record 1 of tkt_"), "{said}");
    assert!(said.contains("its words are not those that were recorded"), "{said}");
    assert!(found(&house, Given::Nothing, "zh").contains("文字与所记录的不符"));
}

#[test]
fn a_record_that_is_cut_off_the_end_is_found() {
    let honest = honest();
    let database = fs::read(honest.house.database()).expect("the database");
    let last = honest.records;
    for hidden in [false, true] {
        let house = copied(&database);
        let connection = Connection::open(house.database()).expect("the database");
        run(&connection, &format!("DELETE FROM records WHERE position = {last}"));
        if hidden {
            run(&connection, "UPDATE organisations SET last_position = last_position - 1");
        }
        drop(connection);
        let said = found(&house, Given::Nothing, "en");
        assert!(said.contains(&format!("position {last}")), "{said}");
        let says =
            if hidden { "the end was deleted, or the ledger was rolled back" } else { "it was deleted" };
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn a_rolled_back_ledger_is_found_by_what_left_the_machine() {
    let house = copied(&honest().yesterday);
    // By itself it is perfect: it is what it was.
    assert!(house.yinuo(&["verify", "ledger"]).good().out.contains("The ledger is sound"));
    for given in [Given::Receipt, Given::Checkpoint] {
        assert!(found(&house, given, "en").contains("the ledger was rolled back"));
        assert!(found(&house, given, "zh").contains("台账被回滚"));
    }
    let receipt = house.write("receipt.json", &honest().receipt);
    let data = house.data().display().to_string();
    let args = ["verify", "receipt", &receipt, "--key", &honest().key, "--against", &data];
    let said = house.yinuo(&args).refused();
    assert!(said.contains("the ledger was rolled back"), "{said}");
}

#[test]
fn a_forked_ledger_is_found_by_what_left_the_machine() {
    let house = copied(&honest().yesterday);
    let file = house.write("rows.jsonl", rows(400, "B"));
    house.yinuo(&["import", &file]).good();
    let server = house.serve();
    signed(&server);
    // A server that forked cannot prove that its log extends the receipt's.
    let receipt = house.write("receipt.json", &honest().receipt);
    let url = format!("http://{}", server.address);
    let args = ["verify", "receipt", &receipt, "--key", &honest().key, "--against", &url];
    assert!(house.yinuo(&args).refused().contains("was forked or rewritten"));
    assert!(server.stop().success());
    assert!(house.yinuo(&["verify", "ledger", "--key", &honest().key]).good().out.contains("is sound"));
    for given in [Given::Receipt, Given::Checkpoint] {
        let said = found(&house, given, "en");
        assert!(said.contains("the ledger was forked or rewritten"), "{said}");
        assert!(found(&house, given, "zh").contains("台账被分叉或改写"));
    }
    let said = found(&house, Given::Receipt, "en");
    assert!(said.contains(&format!("position {}", honest().position)), "{said}");
}

#[test]
fn a_log_whose_checkpoint_was_taken_away_is_not_signed_anew() {
    let database = fs::read(honest().house.database()).expect("the database");
    let house = copied(&database);
    let connection = Connection::open(house.database()).expect("the database");
    edit(&connection);
    make_anew(&connection);
    unsign(&connection);
    drop(connection);
    let said = house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains("the ledger has no checkpoint"), "{said}");
}

#[test]
fn of_a_large_ledger_the_end_and_the_signed_root_are_verified_at_every_start() {
    let database = fs::read(honest().house.database()).expect("the database");
    let attacked = |done: fn(&Connection)| {
        let house = copied(&database);
        let connection = Connection::open(house.database()).expect("the database");
        done(&connection);
        drop(connection);
        let config = house.write("small.toml", "[ledger]\nverify-at-start = 20\n");
        (house, config)
    };
    let refused = |done: fn(&Connection)| {
        let (house, config) = attacked(done);
        house.yinuo(&["--config", &config, "serve", "--listen", "127.0.0.1:0"]).refused()
    };
    // Changed at the end: found. Changed before, with the tree made anew: the signed root does not fit.
    let said = refused(|database| {
        run(
            database,
            "UPDATE records SET body = body || ' ' WHERE position = (SELECT max(position) FROM records)",
        );
    });
    assert!(said.contains("its body or its hash was changed"), "{said}");
    let said = refused(|database| {
        edit(database);
        make_anew(database);
    });
    assert!(said.contains("do not give the root that was signed"), "{said}");
    // Changed before and nothing made anew: a start does not look there and says how far it did; `verify ledger` does.
    let (house, config) = attacked(edit);
    let server = house.serve_as(&["--config", &config]);
    let (log, all) = (server.log(), format!("records={} ", honest().records));
    assert!(log.contains("the ledger was verified") && !log.contains(&all), "{log}");
    assert!(server.stop().success());
    assert!(found(&house, Given::Nothing, "en").contains("position 100 "));
    // Within the limit, a start finds it.
    assert!(house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused().contains("position 100 "));
}

#[test]
fn the_server_refuses_to_serve_what_it_did_not_sign() {
    let database = fs::read(honest().house.database()).expect("the database");
    let house = copied(&database);
    let connection = Connection::open(house.database()).expect("the database");
    edit(&connection);
    make_anew(&connection);
    drop(connection);
    let said = house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains("do not give the root that was signed"), "{said}");
    let path: PathBuf = house.database();
    assert!(said.contains(&path.display().to_string()), "{said}");
}
