//! Health, counters, pages, headers.

use std::{borrow::Cow, net::SocketAddr, sync::Arc};

use axum::{body::Body, extract::ConnectInfo, http::Request};
use tower::ServiceExt;
use yinuo_api::{ApiOptions, Assets};
use yinuo_core::roster::Role;

use crate::house::{House, complaint};

#[tokio::test]
async fn the_process_says_that_it_lives_and_is_ready() {
    let house = House::empty().await;
    assert_eq!(house.nobody().get("/healthz").await.text, "alive\n");
    assert_eq!(house.nobody().get("/readyz").await.text, "ready\n");
    let served = house.nobody().get("/api/v1/openapi.json").await.expect(200);
    assert_eq!(served, serde_json::to_value(yinuo_api::document()).unwrap());
}

#[tokio::test]
async fn counters_are_for_operators() {
    let token = Some("operators-only".to_owned());
    let house = House::staffed_with(ApiOptions { metrics_token: token, ..ApiOptions::default() }).await;
    house.complaint().await;
    house.nobody().post("/api/v1/requests", serde_json::json!({})).await.problem(422, "missing-field");
    let agent = house.signed_in(Role::Agent).await;
    agent.get(&format!("/api/v1/tickets/{}", house.only_ticket(&agent).await)).await.expect(200);
    house.nobody().get("/metrics").await.problem(403, "operators-only");
    house.nobody().with("authorization", "Bearer wrong").get("/metrics").await.problem(403, "operators-only");
    let answer = house.nobody().with("authorization", "Bearer operators-only").get("/metrics").await;
    assert_eq!(answer.status, 200);
    for line in [
        "yinuo_http_requests_total{method=\"GET\",route=\"/api/v1/tickets/{id}\",status=\"200\"} 1",
        "yinuo_http_requests_total{method=\"POST\",route=\"/api/v1/requests\",status=\"201\"} 1",
        "yinuo_problems_total{code=\"missing-field\"} 1",
        "yinuo_intakes_total 1",
        "yinuo_open_tickets 1",
        "yinuo_alarm_lateness_seconds_count 0",
        "# EOF",
    ] {
        assert!(answer.text.lines().any(|found| found == line), "`{line}` is missing in\n{}", answer.text);
    }
    assert!(!answer.text.contains("tkt_"), "ids are no labels");
}

#[tokio::test]
async fn without_a_token_counters_answer_the_machine_itself_only() {
    let house = House::empty().await;
    for (peer, status) in [("127.0.0.1:5000", 200), ("[::1]:5000", 200), ("192.0.2.7:5000", 403)] {
        let mut request = Request::get("/metrics").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
        assert_eq!(house.router.clone().oneshot(request).await.unwrap().status(), status, "{peer}");
    }
}

struct Pages;

impl Assets for Pages {
    fn get(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        let page: &'static [u8] = match path {
            "index.html" => b"portal",
            "desk.html" => b"desk",
            "assets/main-1a2b.js" => b"code",
            _ => return None,
        };
        Some(page.into())
    }
}

#[tokio::test]
async fn pages_are_served_with_the_entry_of_their_part() {
    let house =
        House::empty_with(ApiOptions { assets: Some(Arc::new(Pages)), ..ApiOptions::default() }).await;
    for (path, page) in [
        ("/", "portal"),
        ("/follow/TS-1", "portal"),
        ("/desk", "desk"),
        ("/desk/tickets/7", "desk"),
        ("/desktop", "portal"),
        ("/assets/main-1a2b.js", "code"),
    ] {
        assert_eq!(house.nobody().get(path).await.text, page, "{path}");
    }
    let code = house.nobody().get("/assets/main-1a2b.js").await;
    assert_eq!(code.headers["content-type"], "text/javascript; charset=utf-8");
    assert!(code.headers["cache-control"].to_str().unwrap().contains("immutable"));
    house.nobody().get("/assets/../secret.js").await.problem(404, "no-route");
    let bare = House::empty().await;
    assert!(bare.nobody().get("/").await.text.contains("openapi.json"));
}

#[tokio::test]
async fn every_answer_tells_browsers_what_a_page_may_do() {
    let house = House::staffed().await;
    for answer in [
        house.nobody().get("/").await,
        house.nobody().get("/api/v1/portal").await,
        house.nobody().get("/api/v1/nothing").await,
        house.nobody().post("/api/v1/requests", complaint()).await,
    ] {
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer");
    }
    assert_eq!(house.nobody().get("/api/v1/portal").await.headers["cache-control"], "no-store");
}
