//! `yinuo user`.

use serde_json::json;

use crate::support::House;

#[test]
fn people_are_added_listed_given_passwords_and_tokens_and_removed() {
    let house = House::new();
    let add = |input, args: &[&str]| house.yinuo_reading(input, &[&["user", "add"], args].concat());
    let said = add("too short\n", &["li", "--name", "Li", "--role", "admin"]).refused();
    assert!(said.contains("at least 10 characters"), "{said}");
    let said = house
        .yinuo_reading("x\n", &["--lang", "zh", "user", "add", "li", "--name", "Li", "--role", "admin"])
        .refused();
    assert!(said.contains("密码至少 10 个字符"), "{said}");
    let added = add("correct horse\n", &["li", "--name", "Li", "--role", "admin"]).good();
    assert!(added.out.starts_with("mem_") && added.out.contains(" li (admin)"), "{}", added.out);
    let said = add("correct horse\n", &["li", "--name", "Li", "--role", "agent"]).refused();
    assert!(said.contains("taken"), "{said}");
    let said =
        add("correct horse\n", &["wu", "--name", "Wu", "--role", "agent", "--team", "nowhere"]).refused();
    assert!(said.contains("nowhere"), "{said}");
    let token = add("", &["bot", "--name", "Bot", "--role", "auditor", "--token"]).good().out;
    let again = house.yinuo(&["user", "token", "bot", "--days", "1"]).good().out;
    assert_ne!(token, again);
    assert_eq!(token.trim().len(), 64);
    house.yinuo_reading("battery staple\n", &["user", "password", "li"]).good();
    insta::assert_snapshot!("user_list", house.yinuo(&["user", "list"]).good().out);

    let server = house.serve();
    let sign_in =
        |password| server.post("/api/v1/session", &[], &json!({ "account": "li", "password": password }));
    sign_in("correct horse").expect(401);
    sign_in("battery staple").expect(200);
    for token in [&token, &again] {
        let bearer = format!("Bearer {}", token.trim());
        let session = server.get_as("/api/v1/session", &[("Authorization", &bearer)]).expect(200).json();
        assert_eq!(session["member"]["account"], "bot");
    }
    assert!(server.stop().success());

    house.yinuo(&["user", "remove", "bot"]).good();
    let said = house.yinuo(&["user", "token", "bot"]).refused();
    assert!(said.contains("nobody signs in as `bot`"), "{said}");
    let said = house.yinuo(&["user", "remove", "li"]).refused();
    assert!(said.contains("last administrator"), "{said}");
    assert!(house.yinuo(&["--lang", "zh", "user", "list"]).good().out.contains("（已离开）"));
    let server = house.serve();
    let bearer = format!("Bearer {}", token.trim());
    server.get_as("/api/v1/session", &[("Authorization", &bearer)]).expect(401);
}

#[test]
fn an_unknown_role_is_refused_with_the_known_ones() {
    let house = House::new();
    let refused = house.yinuo(&["user", "add", "li", "--name", "Li", "--role", "boss"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("agent, specialist, team-lead"), "{}", refused.err);
}
