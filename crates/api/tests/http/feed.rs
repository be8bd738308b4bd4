//! The live feed.

use axum::{body::Body, http::Method};
use serde_json::{Value, json};
use tokio_stream::StreamExt;
use yinuo_commitment::{Kind, Text};
use yinuo_core::{
    id::TeamId,
    roster::{Actor, Role},
};
use yinuo_desk::NewTeam;

use crate::house::{Caller, House};

struct Feed(axum::body::BodyDataStream, String);

impl Feed {
    async fn open(caller: &Caller<'_>) -> Self {
        let response = caller.open(Method::GET, "/api/v1/feed", None, Body::empty()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(response.into_body().into_data_stream(), String::new())
    }

    /// The next block of the stream; none at its end.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.1.find("\n\n") {
                let block = self.1[..end].to_owned();
                self.1.drain(..end + 2);
                return Some(block);
            }
            let bytes = self.0.next().await?.unwrap();
            self.1.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
}

fn data(block: &str) -> Value {
    let line = block.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    serde_json::from_str(line).unwrap()
}

#[tokio::test]
async fn changes_are_told_with_their_positions_until_the_session_ends() {
    let house = House::staffed().await;
    let agent = house.signed_in(Role::Agent).await;
    let mut feed = Feed::open(&agent).await;
    assert_eq!(feed.next().await.unwrap(), ": watching");
    house.complaint().await;
    let first = feed.next().await.unwrap();
    assert!(first.contains("event: change"), "{first}");
    let told = data(&first);
    assert!(told["ticket"].as_str().unwrap().starts_with("tkt_"));
    assert!(first.contains(&format!("id: {}", told["position"])), "{first}");
    let id = told["ticket"].as_str().unwrap();
    agent
        .post(&format!("/api/v1/tickets/{id}/commands"), json!({"command": "note", "body": "x"}))
        .await
        .expect(200);
    assert_eq!(data(&feed.next().await.unwrap())["version"], 2);
    agent.delete("/api/v1/session").await.expect(204);
    assert!(feed.next().await.unwrap().contains("event: ended"));
    assert_eq!(feed.next().await, None);
}

#[tokio::test]
async fn who_comes_back_or_lags_behind_is_told_to_load_again() {
    let house = House::staffed().await;
    let again = house.signed_in(Role::Agent).await.with("last-event-id", "3");
    let mut feed = Feed::open(&again).await;
    assert!(feed.next().await.unwrap().contains("event: lagged"));
    // Far more changes than the feed keeps for a watcher that does not read.
    for _ in 0..5_000 {
        let team = NewTeam {
            id: TeamId::new("service").unwrap(),
            name: Text::new("客户服务部", "Customer service"),
            kinds: Kind::ALL.to_vec(),
        };
        house.desk.form_team(team, Actor::System).await.unwrap();
    }
    let mut told = 0;
    while !feed.next().await.unwrap().contains("event: lagged") {
        told += 1;
    }
    assert!(told < 5_000, "{told}");
}

#[tokio::test]
async fn who_may_read_no_tickets_hears_of_none() {
    let house = House::staffed().await;
    let mut feed = Feed::open(&house.signed_in(Role::Admin).await).await;
    feed.next().await.unwrap();
    house.complaint().await;
    let manager = house.signed_in(Role::Manager).await;
    manager.post("/api/v1/commitments/YN-2026-001/withdrawal", json!({})).await.expect(200);
    let told = data(&feed.next().await.unwrap());
    assert!(told["ticket"].is_null(), "{told}");
}
