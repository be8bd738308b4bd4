//! Databases that must not be served: damaged, foreign, newer, edited.

use std::fs;

use crate::support::House;

/// A database with content, closed cleanly.
fn kept() -> House {
    let house = House::new();
    house.found();
    let server = house.serve();
    for number in 0..20 {
        server.ask(&format!("PLANTED-{number:02}"));
    }
    assert!(server.stop().success());
    house
}

/// Starts a server that has to refuse; tells what it said. The database stays as it is.
#[track_caller]
fn refused(house: &House, language: &str) -> String {
    let before = fs::read(house.database()).expect("the database");
    let said = house.yinuo(&["--lang", language, "serve", "--listen", "127.0.0.1:0"]).refused();
    assert_eq!(fs::read(house.database()).expect("the database"), before, "the file was touched");
    assert!(said.contains(&house.database().display().to_string()), "it does not say where: {said}");
    said
}

fn overwrite(house: &House, at: usize, with: &[u8]) {
    let mut bytes = fs::read(house.database()).expect("the database");
    bytes[at..at + with.len()].copy_from_slice(with);
    fs::write(house.database(), bytes).expect("it can be written");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let house = kept();
    // The format of the content stands at byte 60 of an SQLite file.
    overwrite(&house, 60, &99_u32.to_be_bytes());
    let said = refused(&house, "en");
    assert!(said.contains("was written by a newer version of Yinuo (format 99"), "{said}");
    assert!(said.contains("Install the newer version"), "{said}");
    let said = refused(&house, "zh");
    assert!(said.contains("由更新版本的一诺写入（格式 99"), "{said}");
}

#[test]
fn a_file_of_another_program_is_left_alone() {
    let house = kept();
    // The mark of the program that a file belongs to stands at byte 68.
    overwrite(&house, 68, &7_u32.to_be_bytes());
    let said = refused(&house, "en");
    assert!(said.contains("is not a database of Yinuo; it was left as it is"), "{said}");
    assert!(said.contains("Choose another data directory"), "{said}");

    let house = House::new();
    fs::create_dir(house.data()).expect("a folder");
    fs::write(house.database(), "Dear diary,\n".repeat(400)).expect("a file");
    assert!(refused(&house, "en").contains("is not a database of Yinuo"));
    assert!(refused(&house, "zh").contains("不是一诺的数据库"));
}

#[test]
fn a_damaged_header_is_refused() {
    let house = kept();
    overwrite(&house, 0, &[0xA5; 100]);
    let said = refused(&house, "en");
    assert!(said.contains("is not a database of Yinuo; it was left as it is"), "{said}");
}

#[test]
fn damaged_pages_are_refused() {
    let house = kept();
    overwrite(&house, 4 * 4_096, &vec![0xA5; 6 * 4_096]);
    let said = refused(&house, "en");
    assert!(said.contains("is damaged"), "{said}");
    assert!(said.contains("Keep a copy of the whole data directory, then restore the last backup"), "{said}");
    assert!(refused(&house, "zh").contains("已损坏"));
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    let house = kept();
    let bytes = fs::read(house.database()).expect("the database");
    fs::write(house.database(), &bytes[..bytes.len() / 2]).expect("it can be written");
    let said = refused(&house, "en");
    assert!(said.contains("is damaged"), "{said}");
}

#[test]
fn a_record_edited_in_the_file_is_found_by_the_chain() {
    let house = kept();
    assert!(house.yinuo(&["replay"]).good().out.contains("The ledger is sound"));
    let mut bytes = fs::read(house.database()).expect("the database");
    let at = |bytes: &[u8], text: &[u8]| (0..bytes.len()).rev().find(|at| bytes[*at..].starts_with(text));
    assert_eq!(at(&bytes, b"PLANTED-07"), None, "words of customers do not lie in the file for all to read");
    // The file stays a perfect database; only the way in which one request came is another.
    let (from, to) = (br#""channel":"web""#, br#""channel":"app""#);
    let place = at(&bytes, from).expect("the records are readable");
    bytes[place..place + to.len()].copy_from_slice(to);
    fs::write(house.database(), bytes).expect("it can be written");
    let said = house.yinuo(&["replay"]).refused();
    assert!(said.contains("does not fit its own chain at position"), "{said}");
    assert!(said.contains("restore the last backup"), "{said}");
    let said = refused(&house, "zh");
    assert!(said.contains("它的内容或摘要被改动") && said.contains("备份"), "{said}");
}

/// Changes what a customer wrote, behind the back of everybody.
pub(crate) fn change_contents(database: &rusqlite::Connection, position: u64) {
    let sql = "UPDATE contents SET sealed = zeroblob(length(sealed)) WHERE position = ?1 AND n = (SELECT max(n) FROM contents WHERE position = ?1)";
    let changed =
        database.execute(sql, [i64::try_from(position).expect("small")]).expect("it can be changed");
    assert_eq!(changed, 1);
}
