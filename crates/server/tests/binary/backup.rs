//! Backups beside a running server, and restores elsewhere.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc::channel,
    thread,
};

use serde_json::Value;

use crate::support::{House, PATIENCE, Server, post, question, text};

/// The command line takes texts.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A data folder elsewhere that has the master key and nothing else.
pub(crate) fn elsewhere(house: &House) -> House {
    let other = House::new();
    fs::create_dir(other.data()).expect("a folder");
    fs::copy(house.data().join("master.key"), other.data().join("master.key")).expect("the key");
    other
}

/// Makes a backup and says where it is.
fn back_up(house: &House, since: Option<&Path>) -> PathBuf {
    let folder = house.path("backups");
    fs::create_dir_all(&folder).expect("a folder");
    let before = archives(&folder);
    let (to, since) = (shown(&folder), since.map(shown));
    let mut args = vec!["backup", "--to", &to];
    args.extend(since.iter().flat_map(|since| ["--since", since.as_str()]));
    let done = house.yinuo(&args).good();
    let new: Vec<PathBuf> = archives(&folder).into_iter().filter(|file| !before.contains(file)).collect();
    let [new] = new.as_slice() else { panic!("one new archive: {new:?}\n{}", done.err) };
    assert!(done.out.starts_with(&shown(new)), "{}", done.out);
    new.clone()
}

pub(crate) fn archives(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    entries.collect()
}

fn restore(from: &[&Path], to: &House) -> crate::support::Outcome {
    let (files, target): (Vec<String>, String) =
        (from.iter().map(|file| shown(file)).collect(), shown(&to.data()));
    let mut args = vec!["restore"];
    args.extend(files.iter().map(String::as_str));
    args.extend(["--to", &target]);
    to.yinuo(&args)
}

#[track_caller]
pub(crate) fn assert_followed(server: &Server, receipt: &Value, subject: &str) {
    let followed = server.follow(text(&receipt["number"]), text(&receipt["query_code"])).expect(200).json();
    assert_eq!(text(&followed["subject"]), subject);
}

#[test]
fn a_backup_beside_intake_holds_all_that_was_acknowledged_before_it_began() {
    let house = House::new();
    let manager = house.found();
    let server = house.serve();
    let (sender, answered) = channel();
    let (address, stop) = (server.address.clone(), house.path("stop"));
    let clients: Vec<_> = (0..3)
        .map(|client| {
            let (address, sender, stop) = (address.clone(), sender.clone(), stop.clone());
            thread::spawn(move || {
                for number in (0..).take_while(|_| !stop.exists()) {
                    let subject = format!("{client}-{number}");
                    let answer = post(&address, "/api/v1/requests", &[], &question(&subject));
                    let receipt = answer.expect("the server answers").expect(201).json();
                    let _ = sender.send((subject, receipt));
                }
            })
        })
        .collect();
    drop(sender);
    let mut before: Vec<(String, Value)> = Vec::new();
    while before.len() < 300 {
        before.push(answered.recv_timeout(PATIENCE).expect("intake goes on"));
    }
    let early = house.write("early.json", server.proof(&before[7].1));
    let archive = back_up(&house, None);
    // Intake went on while the backup ran.
    let after = answered.recv_timeout(PATIENCE).expect("intake goes on");
    fs::write(&stop, "").expect("a file");
    for client in clients {
        client.join().expect("a client");
    }
    let late = server.ask("after the backup");
    let late = house.write("late.json", server.proof(&late));
    let all = before.len() + 2 + answered.iter().count();
    assert!(all > before.len());
    assert_eq!(server.tickets(&manager).len(), all);
    assert!(server.stop().success());

    let verified = house.yinuo(&["backup", "--verify", &shown(&archive)]).good();
    assert!(verified.out.contains("Sound"), "{}", verified.out);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&archive).expect("it is there").permissions().mode() & 0o777, 0o600);
    }
    // Nothing that a customer wrote can be read in it.
    let bytes = fs::read(&archive).expect("it is there");
    for planted in ["Li Na", "change the filter"] {
        assert!(!bytes.windows(planted.len()).any(|window| window == planted.as_bytes()), "{planted}");
    }

    let new = elsewhere(&house);
    let restored = restore(&[&archive], &new).good();
    assert!(restored.out.contains("sign in again"), "{}", restored.out);
    assert!(!new.data().join("yinuo.db.arriving").exists());
    assert!(new.yinuo(&["replay"]).good().out.contains("byte for byte"));
    // What was proven before the backup is proven here; what came after it is honestly gone.
    new.yinuo(&["verify", "ledger", "--receipt", &early]).good();
    let said = new.yinuo(&["verify", "ledger", "--receipt", &late]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(format!("{}{}", said.out, said.err).contains("rolled back"), "{said:?}");
    let again = new.token_of("manager", &[]);
    let server = new.serve();
    // Who was signed in there, programs too, is not signed in here.
    server.get_as("/api/v1/tickets", &[("Authorization", &manager)]).expect(401);
    for (subject, receipt) in &before {
        assert_followed(&server, receipt, subject);
    }
    let tickets = server.tickets(&again).len();
    assert!((before.len()..=all).contains(&tickets), "{tickets} of {all}");
    // What came in after the backup is not here, or it was on its way when the backup began.
    let known = server.follow(text(&after.1["number"]), text(&after.1["query_code"])).status;
    assert!(known == 200 || known == 404, "{known}");
    server.ask("goes on");
    assert!(server.stop().success());
    assert!(new.yinuo(&["replay"]).good().out.contains("The ledger is sound"));
}

/// A house with a full archive and two increments, and what was asked before each.
struct Kept {
    house: House,
    archives: [PathBuf; 3],
    receipts: Vec<(String, Value)>,
}

fn kept() -> Kept {
    let house = House::new();
    house.found();
    let server = house.serve();
    let mut receipts = Vec::new();
    let mut ask = |numbers: std::ops::Range<u32>| {
        for number in numbers {
            let subject = format!("No-{number}");
            let receipt = server.ask(&subject);
            receipts.push((subject, receipt));
        }
    };
    ask(0..300);
    let full = back_up(&house, None);
    ask(300..320);
    let first = back_up(&house, Some(&full));
    ask(320..321);
    let second = back_up(&house, Some(&first));
    assert!(server.stop().success());
    Kept { house, archives: [full, first, second], receipts }
}

#[test]
fn increments_are_restored_in_order_and_nothing_else_is() {
    let Kept { house, archives, receipts } = kept();
    let [full, first, second] = archives.each_ref().map(PathBuf::as_path);
    assert!(fs::metadata(first).expect("it is there").len() < fs::metadata(full).expect("it is there").len());
    let names = archives.each_ref().map(|file| shown(file));
    let [a, b, c] = names.each_ref().map(String::as_str);
    house.yinuo(&["backup", "--verify", a, b, c]).good();
    let alone = house.yinuo(&["backup", "--verify", b]).good();
    assert!(alone.out.contains("where it goes on from was not verified"), "{}", alone.out);

    let new = elsewhere(&house);
    for (wrong, why) in [
        (vec![full, second], "An archive is missing, or the order is wrong"),
        (vec![full, second, first], "An archive is missing, or the order is wrong"),
        (vec![first, second], "give the full archive first"),
        (vec![full, full], "can only come first"),
    ] {
        let said = restore(&wrong, &new).refused();
        assert!(said.contains(why), "{said}");
        assert!(!new.data().join("yinuo.db.arriving").exists(), "nothing was begun");
    }
    restore(&[full, first, second], &new).good();
    let said = restore(&[full], &new).refused();
    assert!(said.contains("the target is not empty"), "{said}");

    assert!(new.yinuo(&["replay"]).good().out.contains("byte for byte"));
    let manager = new.token_of("manager", &[]);
    let server = new.serve();
    for (subject, receipt) in &receipts {
        assert_followed(&server, receipt, subject);
    }
    assert_eq!(server.tickets(&manager).len(), receipts.len());
    assert!(server.stop().success());

    // The full archive alone is the day on which it was made.
    let older = elsewhere(&house);
    restore(&[full], &older).good();
    let manager = older.token_of("manager", &[]);
    let server = older.serve();
    assert_eq!(server.tickets(&manager).len(), 300);
    let (_, late) = &receipts[310];
    server.follow(text(&late["number"]), text(&late["query_code"])).expect(404);
}

#[test]
fn a_database_that_was_rolled_back_gets_no_increment() {
    let Kept { house, archives, .. } = kept();
    let [full, first, _] = &archives;
    let new = elsewhere(&house);
    restore(&[full], &new).good();
    let (to, since) = (shown(&new.path("late.archive")), shown(first));
    let said = new.yinuo(&["backup", "--to", &to, "--since", &since]).refused();
    assert!(said.contains("was rolled back"), "{said}");
    // It went on differently: the log after the archive is another one.
    let server = new.serve();
    for number in 0..30 {
        server.ask(&format!("Other-{number}"));
    }
    assert!(server.stop().success());
    let said = new.yinuo(&["backup", "--to", &to, "--since", &since]).refused();
    assert!(said.contains("the log was exchanged"), "{said}");
    assert!(!new.path("late.archive").exists() && !new.path("late.archive.partial").exists());
}

#[test]
fn a_tampered_archive_is_found_before_anything_is_written() {
    let Kept { house, archives: [full, ..], .. } = kept();
    let whole = fs::read(&full).expect("it is there");
    let changed = house.path("changed.archive");
    let new = elsewhere(&house);
    let places = [0, 14, 16, 20, 40, 200, 420, 500, whole.len() / 3, whole.len() / 2, whole.len() - 1];
    for at in places {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&changed, &bytes).expect("a file");
        let said = house.yinuo(&["backup", "--verify", &shown(&changed)]).refused();
        assert!(said.contains(&shown(&changed)), "{said}");
        let said = restore(&[&changed], &new).refused();
        assert!(said.contains("changed.archive"), "{said}");
        assert!(!new.data().join("yinuo.db.arriving").exists() && !new.database().exists());
    }
    fs::write(&changed, &whole[..whole.len() - 40]).expect("a file");
    let said = restore(&[&changed], &new).refused();
    assert!(said.contains(&format!("The file ends at byte {}", whole.len() - 40)), "{said}");
    let mut bytes = whole.clone();
    let middle = whole.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&changed, &bytes).expect("a file");
    let said = restore(&[&changed], &new).refused();
    assert!(said.contains("Chunk ") && said.contains("which begins at byte"), "{said}");
    let said =
        new.yinuo(&["--lang", "zh", "restore", &shown(&changed), "--to", &shown(&new.data())]).refused();
    assert!(said.contains("已损坏"), "{said}");
    // The format stands after the mark of the file.
    let mut bytes = whole;
    bytes[15] = 9;
    fs::write(&changed, &bytes).expect("a file");
    let said = restore(&[&changed], &new).refused();
    assert!(said.contains("written by a newer version of Yinuo (format 9"), "{said}");
    fs::write(&changed, "Dear diary").expect("a file");
    assert!(restore(&[&changed], &new).refused().contains("not an archive of Yinuo"));
}

#[test]
fn another_master_key_is_told() {
    let Kept { house, archives: [full, ..], .. } = kept();
    let stranger = House::new();
    stranger.found();
    let said = stranger.yinuo(&["backup", "--verify", &shown(&full)]).refused();
    assert!(said.contains("It was sealed under the master key "), "{said}");
    let new = elsewhere(&stranger);
    let said = restore(&[&full], &new).refused();
    assert!(said.contains("It was sealed under the master key "), "{said}");
    assert!(!new.data().join("yinuo.db.arriving").exists());
    let empty = House::new();
    assert!(restore(&[&full], &empty).refused().contains("master key"));
    assert!(house.database().exists());
}

#[test]
fn without_room_no_archive_appears_and_the_old_one_stays() {
    let Kept { house, archives: [full, ..], .. } = kept();
    let before = fs::read(&full).expect("it is there");
    let folder = full.parent().expect("a folder").to_owned();
    let there = archives(&folder).len();
    let said = house.yinuo_within(64 * 1024, &["backup", "--to", &shown(&folder)]).refused();
    assert!(said.contains(".archive"), "{said}");
    assert_eq!(archives(&folder).len(), there, "nothing new, nothing partial");
    assert_eq!(fs::read(&full).expect("it is there"), before);
    // A name that is taken is not written to.
    let said = house.yinuo(&["backup", "--to", &shown(&full)]).refused();
    assert!(said.contains("exists and was left as it is"), "{said}");
    assert_eq!(fs::read(&full).expect("it is there"), before);
    // No room at the target of a restore: it can be run again.
    let new = elsewhere(&house);
    let target = shown(&new.data());
    new.yinuo_within(100 * 1024, &["restore", &shown(&full), "--to", &target]).refused();
    assert!(!new.database().exists());
    restore(&[&full], &new).good();
}

/// Something is arriving, and nothing serves it or puts a new database beside it.
#[track_caller]
fn assert_half(house: &House) {
    assert!(house.data().join("yinuo.db.arriving").exists() && !house.database().exists());
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["replay"], &["user", "list"]] {
        let said = house.yinuo(command).refused();
        assert!(said.contains("still arriving"), "{said}");
        assert!(!house.database().exists(), "no new database beside it");
    }
}

#[test]
fn a_restore_killed_anywhere_is_never_served_and_goes_on() {
    let Kept { house, archives, .. } = kept();
    let new = elsewhere(&house);
    let files = archives.each_ref().map(|file| shown(file));
    let target = shown(&new.data());
    let [a, b, c] = files.each_ref().map(String::as_str);
    let args = ["restore", a, b, c, "--to", &target];
    for bytes in [64 * 1024, 256 * 1024, 512 * 1024] {
        new.yinuo_killed_within(bytes, &args);
        assert_half(&new);
    }
    for moment in ["(90 %)", "making lists anew"] {
        new.yinuo_killed_at(moment, &args);
        // Killed a little later than asked for, it may have got to its end; then it is whole.
        if !new.database().exists() {
            assert_half(&new);
        }
    }
    if !new.database().exists() {
        new.yinuo(&args).good();
    }
    assert!(new.yinuo(&["replay"]).good().out.contains("byte for byte"));
    let manager = new.token_of("manager", &[]);
    let server = new.serve();
    assert_eq!(server.tickets(&manager).len(), 321);
    assert!(server.stop().success());

    // Given up: the folder is as it was.
    let other = elsewhere(&house);
    let target = shown(&other.data());
    other.yinuo_killed_within(256 * 1024, &["restore", a, "--to", &target]);
    other.yinuo(&["restore", "--discard", "--to", &target]).good();
    let left: Vec<_> = archives_in(&other.data());
    assert_eq!(left, ["master.key"], "{left:?}");
}

fn archives_in(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}
