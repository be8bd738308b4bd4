//! Searching over HTTP: what comes back, and what is said about queries that cannot be read.

use serde_json::json;
use yinuo_core::roster::Role;
use yinuo_desk::Indexer;

use crate::house::House;

const PHONE: &str = "13800131234";

async fn house_with_tickets() -> House {
    let house = House::staffed().await;
    for (subject, body) in [
        ("空调不制冷", format!("客厅的空调开了半小时还是不制冷，请打 {PHONE} 联系我。")),
        ("发票", "请补开上个月的空调维修发票。".to_owned()),
    ] {
        let request = json!({
            "customer": {"name": "陈静静", "phone": PHONE}, "subject": subject, "body": body, "kind": "complaint",
        });
        house.nobody().post("/api/v1/requests", request).await.expect(201);
    }
    Indexer::new(&house.desk).catch_up().await.unwrap();
    house
}

/// `空调` as it stands in an address.
const AIR_CONDITIONER: &str = "%E7%A9%BA%E8%B0%83";

#[tokio::test]
async fn hits_come_with_marked_pieces_counts_and_the_next_page() {
    let house = house_with_tickets().await;
    let agent = house.signed_in(Role::Agent).await;
    let all = agent.get(&format!("/api/v1/search?q={AIR_CONDITIONER}")).await.expect(200);
    assert_eq!((&all["total"], &all["behind"]), (&json!(2), &json!(0)));
    assert_eq!(all["facets"]["kinds"], json!([{"kind": "complaint", "tickets": 2}]));
    assert_eq!(all["facets"]["states"], json!([{"state": "open", "tickets": 2}]));
    assert_eq!(all["facets"]["since"][0], json!({"from": "2026-11-23", "tickets": 2}));
    for hit in all["hits"].as_array().unwrap() {
        let pieces = hit["parts"][0]["snippets"][0]["pieces"].as_array().unwrap();
        let marked: Vec<&str> = pieces
            .iter()
            .filter(|piece| piece["hit"] == true)
            .map(|piece| piece["text"].as_str().unwrap())
            .collect();
        assert_eq!(marked, ["空调"]);
    }
    assert!(!all.to_string().contains(PHONE), "{all}");
    let first = agent.get(&format!("/api/v1/search?q={AIR_CONDITIONER}&limit=1")).await.expect(200);
    let next = first["next"].as_str().unwrap();
    let second =
        agent.get(&format!("/api/v1/search?q={AIR_CONDITIONER}&limit=1&after={next}")).await.expect(200);
    assert_ne!(first["hits"][0]["ticket"]["id"], second["hits"][0]["ticket"]["id"]);
    assert_eq!((second["hits"].as_array().unwrap().len(), &second["next"]), (1, &json!(null)));
}

#[tokio::test]
async fn what_cannot_be_read_is_told_with_its_place() {
    let house = house_with_tickets().await;
    let agent = house.signed_in(Role::Agent).await;
    for (query, code, column) in [
        (format!("{AIR_CONDITIONER}%20%22open"), "open-quote", 4),
        ("kind:complain".to_owned(), "unknown-value", 1),
        ("a%20kinds:repair".to_owned(), "unknown-facet", 3),
        ("%F0%9F%98%80".to_owned(), "nothing-to-search", 1),
        ("x".repeat(10_001), "long-query", 1),
    ] {
        let problem = agent.get(&format!("/api/v1/search?q={query}")).await.problem(422, "unreadable-query");
        assert_eq!((&problem["field"], &problem["column"]), (&json!("q"), &json!(column)), "{query}");
        assert_eq!(problem["errors"][0]["code"], code, "{query}");
    }
    agent.get("/api/v1/search?q=team:nobody").await.problem(422, "invalid");
    agent.get("/api/v1/search?q=a&after=x").await.problem(422, "bad-value");
    agent.get("/api/v1/search?q=a&limit=51").await.problem(422, "bad-value");
    agent.get("/api/v1/search?query=a").await.problem(422, "unknown-field");
    let empty = agent.get("/api/v1/search").await.expect(200);
    assert_eq!((&empty["hits"], &empty["total"]), (&json!([]), &json!(0)));
}
