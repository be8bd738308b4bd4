//! The attacks, each with what finds it and what is said then.

use rusqlite::{Connection, params};
use yinuo_ledger::chain;

use super::{Given, forgery::*};

pub(super) struct Attack {
    pub(super) name: &'static str,
    pub(super) done: fn(&Connection),
    pub(super) given: &'static [Given],
    /// Where: a position, or nothing if no record can be named.
    pub(super) at: Option<u64>,
    pub(super) says: &'static str,
    pub(super) zh: &'static str,
}

pub(super) const NOTHING: &[Given] = &[Given::Nothing];

pub(super) const ATTACKS: &[Attack] = &[
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
