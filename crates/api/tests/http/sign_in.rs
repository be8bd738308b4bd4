//! Signing in and out, the first admin, cross-site requests.

use jiff::SignedDuration;
use serde_json::{Value, json};
use yinuo_api::ApiOptions;
use yinuo_core::roster::Role;

use crate::house::{Answer, Caller, House};

const PASSWORD: &str = "a long enough passphrase";

async fn house_with_admin() -> House {
    let options = ApiOptions { setup_code: Some("7Q2M-K9".to_owned()), ..ApiOptions::default() };
    let house = House::empty_with(options).await;
    house.nobody().post("/api/v1/setup", set_up("7Q2M-K9")).await.expect(201);
    house
}

fn set_up(code: &str) -> Value {
    json!({"setup_code": code, "account": "root", "name": "管理员", "password": PASSWORD})
}

fn credentials(account: &str, password: &str) -> Value {
    json!({"account": account, "password": password})
}

/// The cookie that an answer sets, without its attributes.
fn cookie(answer: &Answer) -> String {
    answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

async fn sign_in<'a>(house: &'a House, account: &str, password: &str) -> (Caller<'a>, Value) {
    let answer = house.nobody().post("/api/v1/session", credentials(account, password)).await;
    let cookie = cookie(&answer);
    let session = answer.expect(200);
    let csrf = session["csrf_token"].as_str().unwrap().to_owned();
    (house.nobody().with("cookie", cookie).with("x-csrf-token", csrf), session)
}

#[tokio::test]
async fn the_first_admin_is_set_up_once_with_the_code() {
    let options = ApiOptions { setup_code: Some("7Q2M-K9".to_owned()), ..ApiOptions::default() };
    let house = House::empty_with(options).await;
    assert_eq!(house.nobody().get("/api/v1/portal").await.expect(200)["setup_needed"], true);
    house.nobody().post("/api/v1/setup", set_up("wrong")).await.problem(403, "setup-code");
    let mut short = set_up("7Q2M-K9");
    short["password"] = json!("short");
    assert_eq!(
        house.nobody().post("/api/v1/setup", short).await.problem(422, "invalid")["field"],
        "password"
    );
    let answer = house.nobody().post("/api/v1/setup", set_up("7Q2M-K9")).await;
    let set = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure"] {
        assert!(set.contains(attribute), "{set}");
    }
    assert_eq!(answer.expect(201)["member"]["role"], "admin");
    house.nobody().post("/api/v1/setup", set_up("7Q2M-K9")).await.problem(404, "setup-closed");
    assert_eq!(house.nobody().get("/api/v1/portal").await.expect(200)["setup_needed"], false);
}

#[tokio::test]
async fn without_a_code_nobody_can_be_set_up() {
    let house = House::empty().await;
    house.nobody().post("/api/v1/setup", set_up("")).await.problem(404, "setup-closed");
}

#[tokio::test]
async fn a_session_begins_serves_and_ends() {
    let house = house_with_admin().await;
    let (admin, session) = sign_in(&house, "ROOT ", PASSWORD).await;
    assert_eq!(session["member"]["account"], "root");
    assert!(session["operations"].as_array().unwrap().contains(&json!("manage-people")));
    assert_eq!(admin.get("/api/v1/session").await.expect(200)["csrf_token"], session["csrf_token"]);
    let answer = admin.delete("/api/v1/session").await;
    assert!(answer.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    answer.expect(204);
    admin.get("/api/v1/session").await.problem(401, "not-signed-in");
}

#[tokio::test]
async fn sessions_end_when_unused_and_live_on_when_used() {
    let house = house_with_admin().await;
    let (admin, _) = sign_in(&house, "root", PASSWORD).await;
    house.step(SignedDuration::from_hours(11));
    admin.get("/api/v1/session").await.expect(200);
    house.step(SignedDuration::from_hours(11));
    admin.get("/api/v1/session").await.expect(200);
    house.step(SignedDuration::from_hours(12));
    admin.get("/api/v1/session").await.problem(401, "not-signed-in");
}

#[tokio::test]
async fn wrong_passwords_and_unknown_accounts_look_the_same_and_slow_down() {
    let house = house_with_admin().await;
    let wrong = house.nobody().post("/api/v1/session", credentials("root", "not the password")).await;
    let unknown = house.nobody().post("/api/v1/session", credentials("ghost", "not the password")).await;
    assert_eq!(wrong.text, unknown.text);
    wrong.problem(401, "sign-in-failed");
    for _ in 0..4 {
        let again = house.nobody().post("/api/v1/session", credentials("root", "x")).await;
        again.problem(401, "sign-in-failed");
    }
    let slowed = house.nobody().post("/api/v1/session", credentials("root", PASSWORD)).await;
    assert!(slowed.headers.contains_key("retry-after"));
    slowed.problem(429, "too-often");
    house.step(SignedDuration::from_secs(61));
    sign_in(&house, "root", PASSWORD).await;
}

#[tokio::test]
async fn changing_requests_need_the_token_of_the_session_and_this_site() {
    let house = House::staffed().await;
    house.complaint().await;
    let agent = house.signed_in(Role::Agent).await;
    let commands = format!("/api/v1/tickets/{}/commands", house.only_ticket(&agent).await);
    let take = json!({"command": "note", "body": "x"});
    let without = house.signed_in(Role::Agent).await.without("x-csrf-token");
    without.post(&commands, take.clone()).await.problem(403, "csrf-token");
    without.get("/api/v1/tickets").await.expect(200);
    let other = house.signed_in(Role::Agent).await.with("x-csrf-token", "csrf-manager");
    other.post(&commands, take.clone()).await.problem(403, "csrf-token");
    let foreign = house.signed_in(Role::Agent).await.with("origin", "https://evil.example");
    foreign.post(&commands, take.clone()).await.problem(403, "foreign-origin");
    let opaque = house.signed_in(Role::Agent).await.with("origin", "null");
    opaque.post(&commands, take.clone()).await.problem(403, "foreign-origin");
    let own = house.signed_in(Role::Agent).await.with("origin", "https://desk.example");
    own.post(&commands, take).await.expect(200);
    let sign_in = house.nobody().with("origin", "https://evil.example");
    sign_in.post("/api/v1/session", credentials("agent", "x")).await.problem(403, "foreign-origin");
}

#[tokio::test]
async fn programs_show_a_bearer_token_and_need_no_csrf_token() {
    let house = House::staffed().await;
    house.complaint().await;
    let agent = house.signed_in(Role::Agent).await;
    let id = house.only_ticket(&agent).await;
    let (_, cookie) = agent.headers.iter().find(|(name, _)| *name == "cookie").unwrap();
    let token = cookie.split_once('=').unwrap().1;
    let program = house.nobody().with("authorization", format!("Bearer {token}"));
    program
        .post(&format!("/api/v1/tickets/{id}/commands"), json!({"command": "note", "body": "x"}))
        .await
        .expect(200);
    house
        .nobody()
        .with("authorization", "Bearer nonsense")
        .get("/api/v1/tickets")
        .await
        .problem(401, "not-signed-in");
    house
        .nobody()
        .with("authorization", "Basic eDp5")
        .get("/api/v1/tickets")
        .await
        .problem(401, "not-signed-in");
}

#[tokio::test]
async fn people_join_change_their_password_and_leave() {
    let house = house_with_admin().await;
    let (admin, _) = sign_in(&house, "root", PASSWORD).await;
    let team = json!({"id": "service", "name": {"zh": "客服部", "en": "Service"}, "kinds": ["complaint"]});
    admin.post("/api/v1/teams", team.clone()).await.expect(201);
    assert_eq!(admin.get("/api/v1/teams").await.expect(200)["teams"][0], team);
    let li =
        json!({"account": "li.na", "name": "李娜", "role": "agent", "team": "service", "password": PASSWORD});
    let person = admin.post("/api/v1/people", li.clone()).await.expect(201);
    assert_eq!(admin.post("/api/v1/people", li).await.problem(422, "invalid")["field"], "account");
    let nobody =
        json!({"account": "x.y", "name": "某人", "role": "agent", "team": "nowhere", "password": PASSWORD});
    assert_eq!(admin.post("/api/v1/people", nobody).await.problem(422, "invalid")["field"], "team");

    let (agent, _) = sign_in(&house, "li.na", PASSWORD).await;
    let new = "another long passphrase";
    let wrong = json!({"password": new, "current": "wrong"});
    assert_eq!(
        agent.put("/api/v1/people/me/password", wrong).await.problem(422, "bad-value")["field"],
        "current"
    );
    let right = json!({"password": new, "current": PASSWORD});
    agent.put("/api/v1/people/me/password", right).await.expect(204);
    agent.get("/api/v1/session").await.problem(401, "not-signed-in");
    let (agent, _) = sign_in(&house, "li.na", new).await;

    let id = person["id"].as_str().unwrap();
    admin.delete(&format!("/api/v1/people/{id}")).await.expect(204);
    agent.get("/api/v1/session").await.problem(401, "not-signed-in");
    house.nobody().post("/api/v1/session", credentials("li.na", new)).await.problem(401, "sign-in-failed");
    let people = admin.get("/api/v1/people").await.expect(200);
    assert_eq!(people["people"][1]["active"], false);
}
