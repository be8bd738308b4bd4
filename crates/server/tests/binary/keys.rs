//! Master keys as operators meet them: made, kept, lost, swapped, and rotated under load.

use std::{
    fs,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use yinuo_testbed::{Options, PostgresCluster};

use crate::{
    backup::elsewhere,
    support::{House, LETTER, Server, post, question, text, until},
};

/// Writes a file that only its owner can read.
fn write_keys(path: &Path, keys: &str) {
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600).open(path).expect("a file");
    std::io::Write::write_all(&mut &file, keys.as_bytes()).expect("it can be written");
}

fn new_key(house: &House) -> String {
    house.yinuo(&["vault", "new-key"]).good().out
}

/// The id that `vault new-key` says beside the key.
fn id(key: &str) -> &str {
    key.split_once(" # ").expect("key and id").1.trim()
}

fn key_file(house: &House) -> std::path::PathBuf {
    house.data().join("master.key")
}

#[test]
fn the_first_start_makes_a_key_and_says_to_keep_a_copy() {
    let house = House::new();
    let added = house.yinuo(&["user", "add", "admin", "--name", "A", "--role", "admin", "--token"]).good();
    assert_eq!(added.out.trim().len(), 64, "the token alone: {}", added.out);
    assert!(added.err.contains("Keep a copy of it, apart from backups"), "{}", added.err);
    let mode = fs::metadata(key_file(&house)).expect("the key file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let kept = fs::read_to_string(key_file(&house)).expect("the key file");
    let again = house.yinuo(&["user", "list"]).good();
    assert_eq!(again.err, "", "only the first start makes one");
    assert_eq!(fs::read_to_string(key_file(&house)).expect("the key file"), kept);
    let status = house.yinuo(&["vault", "status"]).good().out;
    assert!(status.contains("wraps what is new"), "{status}");
    let house = House::new();
    let zh =
        house.yinuo(&["--lang", "zh", "user", "add", "admin", "--name", "A", "--role", "admin", "--token"]);
    assert!(zh.good().err.contains("请另存一份副本"));
}

#[test]
fn a_database_without_its_key_is_refused_and_left_as_it_is() {
    let house = House::new();
    house.join("admin");
    let status = house.yinuo(&["vault", "status"]).good().out;
    let wanted = status.split_whitespace().next().expect("an id").to_owned();
    let kept = fs::read_to_string(key_file(&house)).expect("the key file");
    let before = fs::read(house.database()).expect("the database");
    let untouched = |house: &House| fs::read(house.database()).expect("the database") == before;

    fs::remove_file(key_file(&house)).expect("it is there");
    let said = house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains(&wanted) && said.contains("Put the key file there that you kept"), "{said}");
    let said = house.yinuo(&["--lang", "zh", "serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains(&wanted) && said.contains("放到该处"), "{said}");
    assert!(!key_file(&house).exists(), "no other key is made for it");
    let status = house.yinuo(&["vault", "status"]);
    assert!(status.code == Some(1) && status.out.contains("missing"), "{status:?}");
    assert!(untouched(&house));

    let other = new_key(&house);
    write_keys(&key_file(&house), &other);
    let said = house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains(&wanted) && said.contains(id(&other)), "{said}");
    assert!(untouched(&house));

    write_keys(&key_file(&house), &kept);
    fs::set_permissions(key_file(&house), fs::Permissions::from_mode(0o640)).expect("it is ours");
    let said = house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains("chmod 600") && said.contains("640"), "{said}");
    let said = house.yinuo(&["--lang", "zh", "user", "list"]).refused();
    assert!(said.contains("可被他人读取") && said.contains("chmod 600"), "{said}");
    assert!(untouched(&house));
    fs::set_permissions(key_file(&house), fs::Permissions::from_mode(0o600)).expect("it is ours");
    house.yinuo(&["user", "list"]).good();
}

#[test]
fn rings_that_are_none_are_refused_without_repeating_them() {
    let house = House::new();
    house.join("admin");
    let kept = fs::read_to_string(key_file(&house)).expect("the key file");
    let key = kept.lines().last().expect("a key").to_owned();
    for (ring, complaint) in [
        (String::new(), "there is no master key in it"),
        ("# later\n".to_owned(), "there is no master key in it"),
        (format!("{}x", &key[..20]), "line 1 is no master key"),
        (format!("{key}\n{key}\n"), "lines 1 and 2 hold the same key"),
        ("00".repeat(32), "one byte repeated"),
        ("\u{0}\u{0}".to_owned(), "line 1 is no master key"),
    ] {
        write_keys(&key_file(&house), &ring);
        let said = house.yinuo(&["user", "list"]).refused();
        assert!(said.contains(complaint), "{said}");
        assert!(said.contains("master.key"), "{said}");
        assert!(!said.contains(&key[..12]), "it repeats the key: {said}");
    }
    fs::write(key_file(&house), [0xff, 0xfe, 0x00]).expect("it can be written");
    assert!(house.yinuo(&["user", "list"]).refused().contains("cannot read the file of master keys"));
}

#[test]
fn the_ring_comes_from_the_environment_or_a_command() {
    let house = House::new();
    let (first, second) = (new_key(&house), new_key(&house));
    let key = first.split(" # ").next().expect("a key");
    let list = ["user", "add", "admin", "--name", "A", "--role", "admin", "--token"];
    house.yinuo_with(("YINUO_MASTER_KEY", key), &list).good();
    assert!(!key_file(&house).exists());
    let both = format!("{},{key}", second.split(" # ").next().expect("a key"));
    house.yinuo_with(("YINUO_MASTER_KEY", &both), &["user", "list"]).good();
    let said = house.yinuo_with(("YINUO_MASTER_KEY", second.trim()), &["user", "list"]).refused();
    assert!(said.contains(id(&first)) && said.contains(id(&second)), "{said}");
    let shown = house.yinuo_with(("YINUO_MASTER_KEY", key), &["config", "show"]).good();
    assert!(!shown.out.contains(&key[..12]), "{}", shown.out);

    let ring = house.write("ring", &first);
    let by_command = |command: &str| {
        let config = house.write("command.toml", format!("[vault]\nmaster-key-command = {command}\n"));
        house.yinuo(&["--config", &config, "user", "list"])
    };
    by_command(&format!("[\"cat\", \"{ring}\"]")).good();
    let said = by_command(r#"["sh", "-c", "echo SECRET; echo the service is down >&2; exit 3"]"#).refused();
    assert!(said.contains("the service is down") && said.contains('3') && !said.contains("SECRET"), "{said}");
    let said = by_command(r#"["sh", "-c", "echo SECRETSECRET"]"#).refused();
    assert!(said.contains("line 1 is no master key") && !said.contains("SECRET"), "{said}");
    for (script, complaint) in [
        ("true", "there is no master key in it"),
        ("echo; echo '# nothing'", "there is no master key in it"),
        ("printf %060d 7", "line 1 is no master key"),
        ("printf %066d 7", "line 1 is no master key"),
        ("printf '\\377\\376'", "what it printed is no text"),
        ("exit 0; echo late", "there is no master key in it"),
        ("kill -9 $$", "signal"),
    ] {
        let script = house.write("script.sh", script);
        let said = by_command(&format!("[\"sh\", \"{script}\"]")).refused();
        assert!(said.contains(complaint) && said.contains("master-key-command"), "{complaint}: {said}");
        assert!(!said.contains("00000000"), "it repeats what was printed: {said}");
    }
    assert!(by_command(r#"["no-such-program-anywhere"]"#).refused().contains("no-such-program-anywhere"));
    assert!(by_command("[]").refused().contains("name a program"));
    let config = house.write(
        "both.toml",
        format!("[vault]\nmaster-key-file = \"{ring}\"\nmaster-key-command = [\"cat\"]\n"),
    );
    assert!(house.yinuo(&["--config", &config, "user", "list"]).refused().contains("not both"));
}

#[test]
fn a_command_that_hangs_is_stopped_and_named() {
    let house = House::new();
    let id = house.path("pid");
    // It prints something first: half a ring is no ring.
    let script = house.write(
        "hang.sh",
        format!("echo $$ > {}; echo SECRETSECRET; echo thinking >&2; exec sleep 600\n", id.display()),
    );
    let command = format!("[vault]\nmaster-key-command = [\"sh\", \"{script}\"]\n");
    let config = house.write("hang.toml", format!("{command}master-key-command-seconds = 1\n"));
    for (language, says) in [("en", "it did not end within 1 s and was stopped"), ("zh", "1 秒内没有结束")]
    {
        let said = house
            .yinuo(&["--lang", language, "--config", &config, "serve", "--listen", "127.0.0.1:0"])
            .refused();
        assert!(said.contains(says) && said.contains("master-key-command-seconds"), "{said}");
        assert!(!said.contains("SECRET"), "{said}");
        let process = format!("/proc/{}", fs::read_to_string(&id).expect("its number").trim());
        until("the program to be gone", || (!Path::new(&process).exists()).then_some(()));
    }
    assert!(!house.database().exists(), "no database was made");
    let config = house.write("never.toml", format!("{command}master-key-command-seconds = 0\n"));
    assert!(house.yinuo(&["--config", &config, "user", "list"]).refused().contains("at least 1"));
}

#[test]
fn keys_rotate_while_requests_come_in() {
    let house = House::new();
    house.found();
    let first = fs::read_to_string(key_file(&house)).expect("the key file");
    let second = new_key(&house);
    let server = house.serve();
    for number in 0..30 {
        server.ask(&format!("Before {number}"));
    }
    let (stop, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        let _stops = Stops(&stop);
        let asking = scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let subject = format!("During {}", asked.load(Ordering::Relaxed));
                let answer = post(&server.address, "/api/v1/requests", &[], &question(&subject));
                answer.expect("the server answers").expect(201);
                asked.fetch_add(1, Ordering::Relaxed);
            }
        });
        let more =
            |than: usize| until("more requests", || (asked.load(Ordering::Relaxed) > than).then_some(()));
        more(3);
        // A ring that is none: what holds goes on holding.
        write_keys(&key_file(&house), "no key\n");
        server.signal("HUP");
        until("the refusal", || server.log().contains("those that hold go on holding").then_some(()));
        // A ring without the key in use: the same.
        write_keys(&key_file(&house), &second);
        server.signal("HUP");
        until("the refusal", || server.log().contains("lacks master keys that are in use").then_some(()));
        // The new key first, the old one behind it.
        write_keys(&key_file(&house), &format!("{second}\n{first}"));
        server.signal("HUP");
        until("the end of wrapping", || server.log().contains("every key is wrapped").then_some(()));
        more(asked.load(Ordering::Relaxed) + 3);
        let status = house.yinuo(&["vault", "status"]).good().out;
        let mut rows = status.lines();
        let now = rows.next().expect("a row");
        assert!(now.starts_with(id(&second)) && now.contains("wraps what is new"), "{status}");
        assert!(
            rows.next().is_some_and(|row| row.contains(" 0 ") && row.contains("no longer needed")),
            "{status}"
        );
        // Now the old one can go.
        write_keys(&key_file(&house), &second);
        server.signal("HUP");
        until("the shorter ring", || server.log().contains("keys=1").then_some(()));
        more(asked.load(Ordering::Relaxed) + 3);
        stop.store(true, Ordering::Relaxed);
        asking.join().expect("every request was taken in");
    });
    assert!(server.stop().success());

    let server = house.serve();
    let receipt = server.ask("After");
    let followed = server.follow(text(&receipt["number"]), text(&receipt["query_code"])).expect(200).json();
    assert_eq!(text(&followed["subject"]), "After");
    assert!(server.stop().success());
    let replayed = house.yinuo(&["replay"]).good().out;
    assert!(replayed.contains("The ledger is sound"), "{replayed}");
    write_keys(&key_file(&house), &first);
    let said = house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains(id(&second)), "{said}");
}

/// Ends those who ask when the test ends, however it ends.
struct Stops<'a>(&'a AtomicBool);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The same key for a customer known by this phone number, or for somebody new.
fn ask(server: &Server, subject: &str, phone: Option<u32>) -> serde_json::Value {
    let mut question = question(subject);
    if let Some(phone) = phone {
        question["customer"]["phone"] = format!("138{phone:08}").into();
    }
    post(&server.address, "/api/v1/requests", &[], &question).expect("the server answers").expect(201).json()
}

/// Gives a node this ring of so many keys, and waits until it has it.
fn take_up(house: &House, node: &Server, ring: &str, keys: usize) {
    let taken = || node.log().matches("the master keys were read anew").count();
    let before = taken();
    write_keys(&key_file(house), ring);
    node.signal("HUP");
    until("the ring is taken up", || {
        assert!(!node.log().contains("lacks master keys"), "{}", node.log());
        (taken() > before).then_some(())
    });
    assert!(node.log().contains(&format!("keys={keys}")), "{}", node.log());
}

#[test]
fn keys_rotate_on_two_nodes_of_one_database_while_requests_come_in_on_both() {
    let cluster = PostgresCluster::start(&Options::default());
    let url = cluster.create_database("desk");
    let one = House::new();
    let add = ["--database", &url, "user", "add", "manager", "--name", "M", "--role", "manager", "--token"];
    let manager = format!("Bearer {}", one.yinuo(&add).good().out.trim());
    let two = elsewhere(&one);
    let first = fs::read_to_string(key_file(&one)).expect("the key file");
    let second = new_key(&one);
    let (houses, nodes) = ([&one, &two], [&one, &two].map(|house| house.serve_as(&["--database", &url])));
    nodes[0].publish(LETTER, &manager);
    let before: Vec<_> =
        (0..20).map(|n| ask(&nodes[n as usize % 2], &format!("Before {n}"), Some(n))).collect();
    let (stop, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let during = thread::scope(|scope| {
        let _stops = Stops(&stop);
        // On each node old customers and new ones, all of them taken in and readable on the other node at once.
        let asking = [0, 1].map(|node| {
            let (nodes, stop, asked) = (&nodes, &stop, &asked);
            scope.spawn(move || {
                let mut receipts = Vec::new();
                for n in (0_u32..).take_while(|_| !stop.load(Ordering::Relaxed)) {
                    let subject = format!("During {node} {n}");
                    let receipt = ask(&nodes[node], &subject, (n % 2 == 0).then_some(n / 2 % 20));
                    let (number, code) = (text(&receipt["number"]), text(&receipt["query_code"]));
                    let followed = nodes[1 - node].follow(number, code).expect(200).json();
                    assert_eq!(text(&followed["subject"]), subject);
                    receipts.push(receipt);
                    asked.fetch_add(1, Ordering::Relaxed);
                }
                receipts
            })
        });
        let more = || {
            let enough = asked.load(Ordering::Relaxed) + 10;
            until("more requests", || (asked.load(Ordering::Relaxed) >= enough).then_some(()));
        };
        let old = first.lines().last().expect("a key");
        // As documented: known to all, then first everywhere, then alone.
        for (ring, keys) in
            [(format!("{old}\n{second}"), 2), (format!("{second}\n{old}\n"), 2), (second.clone(), 1)]
        {
            for (house, node) in houses.iter().zip(&nodes) {
                take_up(house, node, &ring, keys);
                more();
            }
            if ring.starts_with(&second) && keys == 2 {
                // Only when nothing is wrapped under the old one any more may it go.
                until("everything is wrapped anew", || {
                    let status = one.yinuo(&["vault", "status", "--database", &url]).good().out;
                    status.lines().nth(1)?.contains("no longer needed").then_some(())
                });
            }
        }
        stop.store(true, Ordering::Relaxed);
        asking.map(|asking| asking.join().expect("every request was taken in")).concat()
    });
    for (house, node) in houses.iter().zip(&nodes) {
        assert!(!fs::read_to_string(key_file(house)).expect("the key file").contains(first.trim()));
        for receipt in before.iter().chain(&during) {
            node.follow(text(&receipt["number"]), text(&receipt["query_code"])).expect(200);
        }
    }
    assert_eq!(nodes[1].tickets(&manager).len(), before.len() + during.len());
    for node in nodes {
        assert!(node.stop().success());
    }
    let replayed = two.yinuo(&["replay", "--database", &url]).good().out;
    assert!(replayed.contains("byte for byte"), "{replayed}");
    // Whoever still has the old key alone is told.
    write_keys(&key_file(&two), &first);
    let said = two.yinuo(&["user", "list", "--database", &url]).refused();
    assert!(said.contains(id(&second)), "{said}");
}
