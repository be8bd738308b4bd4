//! The first start, the example, and what a server tells about itself.

use serde_json::json;

use crate::support::{House, text};

/// The code that the greeting tells.
fn setup_code(greeting: &str) -> &str {
    greeting.lines().find_map(|line| line.split_once("with this code: ")).expect("a code").1
}

#[test]
fn an_empty_folder_is_set_up_with_the_code_that_the_terminal_shows() {
    let house = House::new();
    let server = house.serve();
    assert!(
        server.greeting.contains(&format!("listens on http://{}", server.address)),
        "{}",
        server.greeting
    );
    assert!(server.greeting.contains("Nobody can sign in yet"), "{}", server.greeting);
    let code = setup_code(&server.greeting);
    assert_eq!(code.len(), 16);
    assert!(!server.log().contains(code), "the code is for the terminal alone");
    let portal = server.get("/api/v1/portal").expect(200).json();
    assert_eq!(portal["setup_needed"], true);
    assert_eq!(portal["example"], false);

    let admin = |code: &str| json!({ "setup_code": code, "account": "admin", "name": "Admin", "password": "correct horse" });
    let refused = server.post("/api/v1/setup", &[], &admin("0000000000000000")).expect(403);
    assert_eq!(text(&refused.json()["code"]), "setup-code");
    server.post("/api/v1/setup", &[], &admin(code)).expect(201);
    server.post("/api/v1/setup", &[], &admin(code)).expect(404);
    assert!(server.stop().success());

    let server = house.serve();
    assert!(!server.greeting.contains("code"), "{}", server.greeting);
    let wrong = json!({ "account": "admin", "password": "wrong horse" });
    server.post("/api/v1/session", &[], &wrong).expect(401);
    let right = json!({ "account": "admin", "password": "correct horse" });
    let session = server.post("/api/v1/session", &[], &right).expect(200);
    let cookie = session.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("HttpOnly") && !cookie.contains("Secure"), "{cookie}");
    let cookie = cookie.split(';').next().expect("its value");
    let shown = server.get_as("/api/v1/session", &[("Cookie", cookie)]).expect(200).json();
    assert_eq!(shown["member"]["account"], "admin");
}

#[test]
fn cookies_demand_https_where_the_configuration_says_so() {
    let house = House::new();
    let config = house.write("own.toml", "[server]\nsecure-cookies = true\n");
    let server = house.serve_as(&["--config", &config]);
    let code = setup_code(&server.greeting);
    let admin =
        json!({ "setup_code": code, "account": "admin", "name": "Admin", "password": "correct horse" });
    let session = server.post("/api/v1/setup", &[], &admin).expect(201);
    assert!(session.header("set-cookie").expect("a cookie").contains("; Secure"));
}

#[test]
fn the_greeting_speaks_chinese() {
    let house = House::new();
    let server = house.serve_as(&["--lang", "zh"]);
    assert!(server.greeting.contains("还没有人可以登录"), "{}", server.greeting);
    assert!(server.greeting.contains("设置码"), "{}", server.greeting);
}

#[test]
fn the_example_says_that_it_is_one_and_lets_every_role_in() {
    let house = House::new();
    // What an example leaves that was killed while it was played: refused as it is, played anew with the flag.
    std::fs::create_dir_all(house.data()).unwrap();
    std::fs::write(house.data().join("yinuo.db"), "half an example").unwrap();
    std::fs::write(house.data().join("example-being-played"), "").unwrap();
    let refused = house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(refused.contains("was not played to its end"), "{refused}");
    let server = house.serve_as(&["--example"]);
    assert!(!house.data().join("example-being-played").exists());
    assert!(server.greeting.contains("This is the worked example"), "{}", server.greeting);
    let portal = server.get("/api/v1/portal").expect(200).json();
    assert_eq!(portal["example"], true);
    let told = server
        .greeting
        .lines()
        .find_map(|line| line.split_once("each with the password "))
        .expect("a password");
    let password = told.1.trim_end_matches(':');
    let shown = server.greeting.lines().filter(|line| line.starts_with("    "));
    let accounts: Vec<&str> = shown.filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(accounts.len(), 7, "one for each role: {}", server.greeting);
    for account in accounts {
        let sign_in = json!({ "account": account, "password": password });
        let session = server.post("/api/v1/session", &[], &sign_in).expect(200);
        let cookie =
            session.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie");
        let counts = server.get_as("/api/v1/tickets/counts", &[("Cookie", cookie)]);
        let may_read = matches!(counts.status, 200 | 403);
        assert!(may_read, "{account}: {counts:?}");
        if counts.status == 200 {
            let counts = counts.json();
            assert!(counts["open"].as_u64().is_some_and(|open| open > 10), "{counts}");
        }
    }
    assert!(server.stop().success());

    // A second start serves what is there and plays nothing.
    let server = house.serve_as(&["--example"]);
    assert!(!server.greeting.contains("Playing"), "{}", server.greeting);
    assert!(server.greeting.contains("This is the worked example"), "{}", server.greeting);
    assert!(server.stop().success());
    let replay = house.yinuo(&["replay"]).good().out;
    assert!(replay.contains("The ledger is sound") && replay.contains("byte for byte"), "{replay}");
}

#[test]
fn the_example_is_not_played_over_real_data() {
    let house = House::new();
    house.join("admin");
    let refused = house.yinuo(&["serve", "--listen", "127.0.0.1:0", "--example"]).refused();
    assert!(refused.contains("holds real data"), "{refused}");
    assert!(refused.contains("choose one with --data"), "{refused}");
    let refused = house.yinuo(&["--lang", "zh", "serve", "--listen", "127.0.0.1:0", "--example"]).refused();
    assert!(refused.contains("有真实数据"), "{refused}");
}
