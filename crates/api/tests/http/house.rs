//! A company to test with: a desk on the ledger in memory, its people, and callers.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use tower::ServiceExt;
use yinuo_api::{ApiOptions, router};
use yinuo_commitment::{Kind, Tables, Text};
use yinuo_core::{
    id::{OrgId, TeamId},
    roster::{Actor, Member, Role},
};
use yinuo_desk::{Clock, Courier, DeliveryError, Desk, Entropy, Job, NewMember, NewTeam, Ports, Settings};
use yinuo_ledger::MemoryLedger;

pub(crate) const RESPONSE_TIME: &str = include_str!("../../../../examples/commitments/response-time.toml");
pub(crate) const COMPLAINTS: &str = include_str!("../../../../examples/commitments/hotline-complaints.toml");

/// A clock that stands until somebody steps it.
pub(crate) struct StepClock(watch::Sender<i64>);

#[async_trait]
impl Clock for StepClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(*self.0.borrow()).unwrap()
    }

    async fn sleep_until(&self, at: Timestamp) {
        let mut now_us = self.0.subscribe();
        let _ = now_us.wait_for(|now_us| *now_us >= at.as_microsecond()).await;
    }
}

/// The same bytes in every run.
struct Seeded(Mutex<u64>);

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap();
        for byte in bytes {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = u8::try_from(*state >> 56).unwrap();
        }
    }
}

struct Silent;

#[async_trait]
impl Courier for Silent {
    async fn deliver(&self, _: &Job) -> Result<(), DeliveryError> {
        Ok(())
    }
}

pub(crate) struct House {
    pub(crate) desk: Desk,
    pub(crate) clock: Arc<StepClock>,
    pub(crate) router: Router,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The answer, which has to have this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// The problem, which has to have this status and code.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{}", self.text);
        assert_eq!(problem["status"], status);
        problem
    }
}

impl House {
    /// An empty company on Monday, 23 November 2026, at nine in the morning in Shanghai.
    pub(crate) async fn empty_with(options: ApiOptions) -> Self {
        let start: Timestamp = "2026-11-23T09:00:00+08:00".parse().unwrap();
        let clock = Arc::new(StepClock(watch::Sender::new(start.as_microsecond())));
        let ports = Ports {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::new(Seeded(Mutex::new(42))),
            courier: Arc::new(Silent),
        };
        let settings = Settings { zone: TimeZone::get("Asia/Shanghai").unwrap(), tables: Tables::default() };
        let org = OrgId::new("acme").unwrap();
        let desk = Desk::open(
            org,
            Arc::new(MemoryLedger::new(yinuo_ledger::conformance::sample::new_vault())),
            ports,
            settings,
        )
        .await
        .unwrap();
        let router = router(desk.clone(), options);
        Self { desk, clock, router }
    }

    pub(crate) async fn empty() -> Self {
        Self::empty_with(ApiOptions::default()).await
    }

    /// A company with both letters in force and somebody in every role; account and role word are the same.
    pub(crate) async fn staffed_with(options: ApiOptions) -> Self {
        let house = Self::empty_with(options).await;
        let team = NewTeam {
            id: TeamId::new("service").unwrap(),
            name: Text::new("客户服务部", "Customer service"),
            kinds: Kind::ALL.to_vec(),
        };
        house.desk.form_team(team, Actor::System).await.unwrap();
        for role in Role::ALL {
            let handles = matches!(role, Role::Agent | Role::Specialist | Role::TeamLead);
            let new = NewMember {
                account: role.word().to_owned(),
                name: format!("王{}", role.word()),
                role: *role,
                team: handles.then(|| TeamId::new("service").unwrap()),
            };
            house.desk.join(new, None, Actor::System).await.unwrap();
        }
        for letter in [RESPONSE_TIME, COMPLAINTS] {
            house.desk.publish(letter, Actor::System).await.unwrap();
        }
        house
    }

    pub(crate) async fn staffed() -> Self {
        Self::staffed_with(ApiOptions::default()).await
    }

    pub(crate) fn step(&self, time: SignedDuration) {
        let time_us = i64::try_from(time.as_micros()).unwrap();
        self.clock.0.send_modify(|now_us| *now_us += time_us);
    }

    pub(crate) fn member(&self, role: Role) -> Member {
        let organisation = self.desk.organisation();
        organisation.roster.by_account(role.word()).unwrap().clone()
    }

    /// Somebody in `role`, signed in.
    pub(crate) async fn signed_in(&self, role: Role) -> Caller<'_> {
        let member = self.member(role);
        let token =
            format!("{:064x}", u128::from(self.desk.now().as_microsecond().unsigned_abs()) + role as u128);
        let hash = Sha256::digest(token.as_bytes()).into();
        let csrf = format!("csrf-{}", role.word());
        self.desk.begin_session(member.id, hash, csrf.clone(), SignedDuration::from_hours(12)).await.unwrap();
        Caller {
            house: self,
            headers: vec![("cookie", format!("yinuo_session={token}")), ("x-csrf-token", csrf)],
        }
    }

    /// The bytes of a tile of the log, and how long caches may keep them.
    pub(crate) async fn tile(&self, path: &str) -> (Vec<u8>, String) {
        let answer = self.nobody().open(Method::GET, path, None, Body::empty()).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/octet-stream");
        let kept = answer.headers()[header::CACHE_CONTROL].to_str().unwrap().to_owned();
        (axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap().into(), kept)
    }

    /// What a caller on the machine itself reads.
    pub(crate) async fn read_on_machine(&self, path: &str) -> String {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo("127.0.0.1:5000".parse::<SocketAddr>().unwrap()));
        let body = self.router.clone().oneshot(request).await.unwrap().into_body();
        String::from_utf8(axum::body::to_bytes(body, usize::MAX).await.unwrap().into()).unwrap()
    }

    /// Somebody who shows nothing.
    pub(crate) fn nobody(&self) -> Caller<'_> {
        Caller { house: self, headers: Vec::new() }
    }

    /// A customer's complaint: number and query code.
    pub(crate) async fn complaint(&self) -> (String, String) {
        let receipt = self.nobody().post("/api/v1/requests", complaint()).await.expect(201);
        let text = |field: &str| receipt[field].as_str().unwrap().to_owned();
        (text("number"), text("query_code"))
    }

    /// The id of the only open ticket.
    pub(crate) async fn only_ticket(&self, caller: &Caller<'_>) -> String {
        let list = caller.get("/api/v1/tickets").await.expect(200);
        assert_eq!(list["tickets"].as_array().unwrap().len(), 1);
        list["tickets"][0]["id"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn complaint() -> Value {
    json!({
        "customer": {"name": "陈静", "phone": "13800000001"},
        "subject": "账单多收了两个月的服务费",
        "body": "我在九月就已经退订，十月和十一月仍被扣费，打电话也没有结果，要求退款并说明原因。",
        "kind": "complaint",
    })
}

/// Somebody who sends requests.
pub(crate) struct Caller<'a> {
    house: &'a House,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Caller<'_> {
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn without(mut self, name: &'static str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Body::empty()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some("application/json"), Body::from(body.to_string())).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some("application/json"), Body::from(body.to_string())).await
    }

    pub(crate) async fn raw(&self, path: &str, media_type: &'static str, body: impl Into<Body>) -> Answer {
        self.send(Method::POST, path, Some(media_type), body.into()).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        media_type: Option<&str>,
        body: Body,
    ) -> Answer {
        let response = self.open(method, path, media_type, body).await;
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.into()).unwrap(),
        }
    }

    /// The answer with its body still open.
    pub(crate) async fn open(
        &self,
        method: Method,
        path: &str,
        media_type: Option<&str>,
        body: Body,
    ) -> axum::response::Response {
        let mut request = Request::builder().method(method).uri(path).header("host", "desk.example");
        if !self.headers.iter().any(|(name, _)| *name == "accept-language") {
            request = request.header("accept-language", "en");
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(media_type) = media_type {
            request = request.header("content-type", media_type);
        }
        self.house.router.clone().oneshot(request.body(body).unwrap()).await.unwrap()
    }
}
