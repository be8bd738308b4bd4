//! Surroundings in which a server must not start.

use std::{fs, net::TcpListener};

use crate::support::House;

#[test]
fn a_port_in_use_is_refused() {
    let house = House::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("it is bound").to_string();
    let said = house.yinuo(&["serve", "--listen", &address]).refused();
    assert!(said.contains(&format!("cannot listen on {address}")), "{said}");
    assert!(said.contains("Choose another one with --listen"), "{said}");
    assert!(!house.data().exists(), "nothing was made");
    let said = house.yinuo(&["--lang", "zh", "serve", "--listen", &address]).refused();
    assert!(said.contains("请用 --listen 换一个地址"), "{said}");
}

#[test]
fn a_folder_belongs_to_one_process() {
    let house = House::new();
    let server = house.serve();
    let commands: [&[&str]; 4] = [
        &["serve", "--listen", "127.0.0.1:0"],
        &["replay"],
        &["user", "list"],
        &["import", "/dev/null", "--format", "csv"],
    ];
    for command in commands {
        let said = house.yinuo(command).refused();
        assert!(said.contains("is in use by another process. Stop that one first"), "{said}");
        assert!(said.contains(&house.database().display().to_string()), "{said}");
    }
    server.get("/readyz").expect(200);
    server.kill();
    // A killed process leaves no lock behind.
    assert!(house.serve().stop().success());
}

#[test]
fn a_folder_that_cannot_be_made_is_refused() {
    let house = House::new();
    fs::write(house.data(), "a file where the folder should be").expect("a file");
    let said = house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains(&format!("cannot make the data folder {}", house.data().display())), "{said}");
    assert!(said.contains("choose another one with --data"), "{said}");
    let said = house.yinuo(&["--lang", "zh", "serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains("无法创建数据目录"), "{said}");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_refused() {
    let house = House::new();
    fs::create_dir(house.data()).expect("a folder");
    // A folder in the lock's place stands for missing rights: those would not hold back an administrator's account.
    fs::create_dir(house.data().join("yinuo.db.lock")).expect("a folder");
    let said = house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains(&house.database().display().to_string()), "{said}");
    assert!(said.contains("cannot be opened"), "{said}");
    assert!(said.contains("Check that its directory exists and can be written to"), "{said}");
}

#[test]
fn commands_that_need_data_do_not_make_a_folder_by_a_slip() {
    let house = House::new();
    let commands: [&[&str]; 5] = [
        &["replay"],
        &["user", "list"],
        &["user", "remove", "nobody"],
        &["user", "password", "nobody"],
        &["user", "token", "nobody"],
    ];
    for command in commands {
        let said = house.yinuo(command).refused();
        assert!(said.contains("there is no database") && said.contains("--data"), "{said}");
    }
    assert!(!house.data().exists());
}
