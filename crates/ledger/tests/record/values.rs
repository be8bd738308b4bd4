//! Every value comes back, and what was never written is not read.

use jiff::SignedDuration;
use yinuo_commitment::{Content, Facets, Form, Kind, Mark};
use yinuo_core::{
    clock::StepAt,
    id::TeamId,
    roster::{Actor, Role},
    ticket::{AssignReason, Classifier, Entry, Event, Outcome, Purpose, Told},
    words::Words,
};
use yinuo_ledger::{
    LedgerError,
    conformance::sample::{custody, member, org, salts, ticket},
    record::{VERSION, open_organisation, open_ticket, seal_ticket},
};

use crate::*;

#[test]
fn every_value_comes_back() {
    let facets = |topic: Option<&str>| Facets { topic: topic.map(Into::into), ..Facets::of(Kind::Praise) };
    let mut events = Vec::new();
    for by in [Classifier::Customer, Classifier::Rules, Classifier::Person] {
        events.push(Event::Classified { facets: facets(None), by, why: Words::default() });
    }
    for reason in [AssignReason::Routed, AssignReason::Decided, AssignReason::Escalated] {
        events.push(Event::Assigned { team: TeamId::new("a").unwrap(), member: None, reason });
    }
    let outcomes = [
        Outcome::Settled,
        Outcome::Withdrawn,
        Outcome::Unresolved,
        Outcome::Duplicate { of: ticket(4) },
        Outcome::OutOfScope { commitment: "A".into(), term: "1".into() },
    ];
    events.extend(outcomes.map(|outcome| Event::Closed { outcome, note: words("") }));
    for step in [StepAt::Share(50), StepAt::Due, StepAt::After(SignedDuration::from_micros(1))] {
        events.push(Event::AlarmFired { clock: key(), step, planned_at: at(), noticed_at: at() });
    }
    for purpose in Purpose::ALL {
        let (body, contents) = (words("x"), Vec::new());
        events.push(Event::Replied {
            body,
            form: Form::Oral,
            purpose: *purpose,
            contents,
            told: None,
            automatic: true,
        });
    }
    for mark in Mark::ALL {
        let told = Some(Told { mark: *mark, by: at() });
        let (body, purpose) = (words("x"), Purpose::Reply);
        events.push(Event::Replied {
            body,
            form: Form::Oral,
            purpose,
            contents: Content::ALL.into(),
            told,
            automatic: true,
        });
    }
    for actor in [Actor::Customer, Actor::System]
        .into_iter()
        .chain(Role::ALL.iter().map(|role| Actor::Member { id: member(1), role: *role }))
    {
        let entry = Entry { at: at(), actor, events: events.clone() };
        let sealed = seal_ticket(&org(), ticket(1), None, &entry, at(), &custody(ticket(1)), &mut salts(2));
        assert_eq!(open_ticket(sealed.body(), &contents(&sealed)).unwrap().entry, entry);
    }
}

fn corrupt(body: &str) -> String {
    match open_ticket(body, &[]) {
        Err(LedgerError::Corrupt { what, .. }) => what,
        other => panic!("{body}: {other:?}"),
    }
}

#[test]
fn what_was_never_written_is_not_read() {
    let (sealed, _) = seal(&Event::Confirmed);
    let body = sealed.body();
    assert!(open_ticket(body, &[]).is_ok());
    for (from, to) in [
        ("\"confirmed\"", "\"rejoiced\""),
        ("\"confirmed\"", "{\"confirmed\":{\"by\":1}}"),
        ("\"events\":[\"confirmed\"]", "\"events\":[]"),
        ("\"seq\":1", "\"seq\":1,\"note\":2"),
        ("\"seq\":1", "\"seq\":-1"),
        ("\"v\":4", "\"v\":0"),
        ("\"org\":\"acme\"", "\"org\":\"Acme!\""),
        ("\"stream\":\"tkt_", "\"stream\":\"mem_"),
        ("team-lead", "king"),
        ("at_us\":17", "at_us\":9917"),
    ] {
        let changed = body.replacen(from, to, 1);
        assert_ne!(changed, body, "{from}");
        corrupt(&changed);
    }
    let opinion = r#"["kind","repair",6200,"model",false,[]]"#;
    let named = r#"{"dimension":"kind","value":"repair","probability":6200,"basis":"model","sure":false,"others":[]}"#;
    let assessed = |opinion: &str| {
        let words = r#"{"n":0,"digest":"2f3521d91cc1140605e02a36f917f53023a400b8fad56c56badca4ef35d9c05a"}"#;
        let event = format!(
            r#"{{"assessed":{{"assessment":{{"model":"shipped","opinions":[{opinion}],"words":{words}}}}}}}"#
        );
        body.replacen("\"confirmed\"", &event, 1)
    };
    for (whole, from, to) in [
        (opinion, ",[]]", "]"),
        (opinion, ",[]]", ",[],1]"),
        (opinion, "6200", "-1"),
        (opinion, "6200", "0.5"),
        (opinion, "\"model\"", "\"oracle\""),
        (opinion, "\"kind\"", "\"mood\""),
        (named, "\"sure\":false,", ""),
        (named, "\"sure\":false,", "\"sure\":false,\"why\":1,"),
    ] {
        assert!(open_ticket(&assessed(whole), &[]).is_ok());
        corrupt(&assessed(&whole.replacen(from, to, 1)));
    }
    corrupt("");
    corrupt("{}");
    corrupt(&body[..body.len() - 1]);
    let newer = body.replacen("\"v\":4", "\"v\":5,\"new\":{}", 1);
    assert!(matches!(open_ticket(&newer, &[]), Err(LedgerError::Newer { found: 5, known: VERSION })));
    assert!(matches!(open_organisation(body), Err(LedgerError::Corrupt { .. })));
}
