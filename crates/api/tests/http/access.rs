//! Who may use which endpoint: role by endpoint, against a stored table. `UPDATE_SNAPSHOTS=1` rewrites it.

use std::{fmt::Write, path::Path};

use axum::{body::Body, http::Method};
use serde_json::{Value, json};
use yinuo_core::roster::Role;

use crate::house::{COMPLAINTS, Caller, House};

/// One use of every endpoint of the company's people.
#[expect(clippy::too_many_lines, reason = "one row per endpoint: a table")]
fn uses(ticket: &str, other: &str) -> Vec<(&'static str, Method, String, Option<Value>)> {
    let ticket = format!("/api/v1/tickets/{ticket}");
    let letter = json!({"text": COMPLAINTS});
    let entered = json!({"customer": {"name": "赵"}, "subject": "问", "body": "问一件事"});
    let explained = json!({"number": "YN-2026-001", "promise": "none", "start": "2026-11-23T01:00:00Z"});
    let person = json!({"account": "new.one", "name": "新", "role": "agent", "password": "short"});
    let team = json!({"id": "second", "name": {"zh": "二", "en": "Two"}, "kinds": []});
    let phrase = json!({
        "step": "reply", "title": {"zh": "谢", "en": "Thanks"}, "text": {"zh": "感谢您的来信。", "en": "Thank you for writing."},
    });
    let erased = json!({"reason": "unlawful", "confirm": "", "expected_tickets": 0});
    let v1 = |path: &str| format!("/api/v1{path}");
    vec![
        ("GET    /session", Method::GET, v1("/session"), None),
        ("GET    /tickets", Method::GET, v1("/tickets"), None),
        ("GET    /tickets/counts", Method::GET, v1("/tickets/counts"), None),
        ("GET    /search", Method::GET, v1("/search?q=%E7%A9%BA%E8%B0%83"), None),
        ("POST   /tickets", Method::POST, v1("/tickets"), Some(entered)),
        ("GET    /tickets/{id}", Method::GET, ticket.clone(), None),
        ("GET    /tickets/{id}/records", Method::GET, format!("{ticket}/records"), None),
        (
            "POST   /tickets/{id}/reveal",
            Method::POST,
            format!("{ticket}/reveal"),
            Some(json!({"fields": ["phone"], "reason": "回电"})),
        ),
        (
            "POST   /tickets/{id}/wording",
            Method::POST,
            format!("{ticket}/wording"),
            Some(json!({"step": "reply", "text": "您好"})),
        ),
        ("GET    /tickets/{id}/looks", Method::GET, format!("{ticket}/looks"), None),
        ("GET    /tickets/{id}/receipt", Method::GET, format!("{ticket}/receipt"), None),
        ("POST   /tickets/find", Method::POST, v1("/tickets/find"), Some(json!({"phone": "13800000001"}))),
        ("GET    /tickets/{id}/erasure", Method::GET, format!("{ticket}/erasure"), None),
        ("POST   /tickets/{id}/erasure", Method::POST, format!("{ticket}/erasure"), Some(erased)),
        ("GET    …/derivation", Method::GET, format!("{ticket}/clocks/x/1/y/derivation"), None),
        ("GET    /commitments", Method::GET, v1("/commitments"), None),
        (
            "GET    /commitments/{n}/versions/{v}",
            Method::GET,
            v1("/commitments/YN-2026-001/versions/1"),
            None,
        ),
        ("POST   /commitments/check", Method::POST, v1("/commitments/check"), Some(letter.clone())),
        ("GET    /commitments/coverage", Method::GET, v1("/commitments/coverage"), None),
        ("POST   /commitments/explain", Method::POST, v1("/commitments/explain"), Some(explained)),
        (
            "POST   /commitments/diff",
            Method::POST,
            v1("/commitments/diff"),
            Some(json!({"number": "YN-2026-001"})),
        ),
        ("POST   /commitments", Method::POST, v1("/commitments"), Some(letter)),
        ("POST   /commitments/{n}/withdrawal", Method::POST, v1("/commitments/NONE/withdrawal"), None),
        ("GET    /phrases", Method::GET, v1("/phrases"), None),
        ("PUT    /phrases/{id}", Method::PUT, v1("/phrases/thanks"), Some(phrase)),
        ("DELETE /phrases/{id}", Method::DELETE, v1("/phrases/none"), None),
        ("GET    /tickets/{id}/phrases", Method::GET, format!("{ticket}/phrases?step=reply"), None),
        ("GET    /figures", Method::GET, v1("/figures"), None),
        ("GET    /figures/overdue", Method::GET, v1("/figures/overdue"), None),
        ("GET    /people", Method::GET, v1("/people"), None),
        ("POST   /people", Method::POST, v1("/people"), Some(person)),
        ("DELETE /people/{id}", Method::DELETE, v1("/people/mem_00000000000070008000000000000000"), None),
        (
            "PUT    /people/{id}/password",
            Method::PUT,
            format!("/api/v1/people/{other}/password"),
            Some(json!({"password": "short"})),
        ),
        ("GET    /teams", Method::GET, v1("/teams"), None),
        ("POST   /teams", Method::POST, v1("/teams"), Some(team)),
        ("GET    /notices", Method::GET, v1("/notices"), None),
        (
            "POST   /notices/{id}/read",
            Method::POST,
            v1("/notices/ntc_00000000000070008000000000000000/read"),
            None,
        ),
        ("POST   /import", Method::POST, v1("/import"), Some(json!({}))),
    ]
}

/// One use of every endpoint of the knowledge base.
fn uses_of_knowledge(ticket: &str) -> Vec<(&'static str, Method, String, Option<Value>)> {
    let ticket = format!("/api/v1/tickets/{ticket}");
    let v1 = |path: &str| format!("/api/v1{path}");
    vec![
        ("GET    /tickets/{id}/suggestions", Method::GET, format!("{ticket}/suggestions"), None),
        ("GET    /tickets/{id}/article", Method::GET, format!("{ticket}/article"), None),
        ("GET    /articles", Method::GET, v1("/articles"), None),
        (
            "POST   /articles",
            Method::POST,
            v1("/articles"),
            Some(json!({"id": "none", "text": {"zh": {"title": "", "body": ""}}})),
        ),
        ("GET    /articles/{id}", Method::GET, v1("/articles/none"), None),
        (
            "POST   /articles/{id}/approval",
            Method::POST,
            v1("/articles/none/approval"),
            Some(json!({"version": 1})),
        ),
        ("POST   /articles/{id}/withdrawal", Method::POST, v1("/articles/none/withdrawal"), None),
        ("GET    /knowledge/unanswered", Method::GET, v1("/knowledge/unanswered"), None),
        (
            "POST   /knowledge/trials",
            Method::POST,
            v1("/knowledge/trials"),
            Some(json!({"question": "在哪里"})),
        ),
    ]
}

/// What an endpoint says to a caller: `yes` if it looks at the request at all.
async fn says(caller: &Caller<'_>, method: &Method, path: &str, body: Option<&Value>) -> &'static str {
    let media_type = body.map(|_| "application/json");
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    match caller.send(method.clone(), path, media_type, body).await.status.as_u16() {
        401 => "sign in",
        403 => "-",
        500.. => "broken",
        _ => "yes",
    }
}

#[tokio::test]
async fn the_stored_table_is_what_endpoints_say() {
    let mut lines = vec![format!("{:<40}", "")];
    for who in std::iter::once(None).chain(Role::ALL.iter().copied().map(Some)) {
        // A house of its own for each: what one role does must not change what the next one finds.
        let house = House::staffed().await;
        house.complaint().await;
        let ticket = house.only_ticket(&house.signed_in(Role::Agent).await).await;
        let other = if who == Some(Role::Auditor) { Role::Agent } else { Role::Auditor };
        let caller = match who {
            Some(role) => house.signed_in(role).await,
            None => house.nobody(),
        };
        let _ = write!(lines[0], "{:<12}", who.map_or("nobody", Role::word));
        let mut uses = uses(&ticket, &house.member(other).id.to_string());
        uses.extend(uses_of_knowledge(&ticket));
        for (place, (name, method, path, body)) in uses.iter().enumerate() {
            if lines.len() == place + 1 {
                lines.push(format!("{name:<40}"));
            }
            let _ = write!(lines[place + 1], "{:<12}", says(&caller, method, path, body.as_ref()).await);
        }
    }
    let table = lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/access.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == table, "the access of endpoints has changed:\n{table}");
}
