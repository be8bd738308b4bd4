//! The recorded form: what was ever written can be read, and comes out as it went in.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, fs, path::PathBuf};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use yinuo_commitment::{
    Channel, Complexity, Content, ContentHash, Facets, Form, Give, Grade, Ground, Kind, Language, Mark,
    PauseReason, PromiseId, Severity, Site, Text, Urgency,
};
use yinuo_core::{
    clock::{ClockKey, StepAt},
    id::{ArticleId, MemberId, OrgId, PersonId, TeamId, TicketId},
    knowledge::{ArticleText, Piece},
    organisation::{LearnedModel, LearningVerdict, ModelFigures, OrganisationEntry, OrganisationEvent},
    personal::{ErasureReason, PersonalField},
    roster::{Actor, Role},
    ticket::{
        Assessment, AssignReason, Basis, Classifier, Customer, Dimension, Entry, Event, Opinion, Outcome,
        Pin, Purpose, ReopenReason, Told,
    },
    words::Words,
};
use yinuo_ledger::{
    Hash, LedgerError, Sealed, Stream, Tail, chain,
    conformance::sample::{custody, member, org, salts, ticket},
    record::{VERSION, open_organisation, open_ticket, seal_organisation, seal_ticket},
};

fn at() -> Timestamp {
    "2026-11-21T06:00:00.123456Z".parse().unwrap()
}

fn words(text: &str) -> Words {
    Words::new(text)
}

fn key() -> ClockKey {
    ClockKey { commitment: "RT-1".into(), promise: PromiseId::new("online.first"), round: 2 }
}

fn customer() -> Customer {
    Customer {
        name: words("王丽"),
        phone: Some(words("13800000000")),
        email: None,
        address: Some(words(" ")),
    }
}

fn pin() -> Pin {
    Pin { number: "RT-1".into(), version: 3, hash: ContentHash([0xab; 32]) }
}

/// The name of an event in records. A new event does not compile until it has one, and then needs a fixture.
fn name(event: &Event) -> &'static str {
    match event {
        Event::Received { .. } => "received",
        Event::Classified { .. } => "classified",
        Event::Assessed { .. } => "assessed",
        Event::ClassificationConfirmed => "classification-confirmed",
        Event::Assigned { .. } => "assigned",
        Event::LeftUnassigned => "left-unassigned",
        Event::PickedUp { .. } => "picked-up",
        Event::CallEnded => "call-ended",
        Event::LookupTold => "lookup-told",
        Event::Replied { .. } => "replied",
        Event::CustomerWrote { .. } => "customer-wrote",
        Event::Noted { .. } => "noted",
        Event::Contacted { .. } => "contacted",
        Event::Dispatched { .. } => "dispatched",
        Event::Arrived => "arrived",
        Event::Solved { .. } => "solved",
        Event::InvestigationStarted { .. } => "investigation-started",
        Event::VerifiedOnSite { .. } => "verified-on-site",
        Event::SolutionProposed { .. } => "solution-proposed",
        Event::SolutionAccepted => "solution-accepted",
        Event::SolutionRejected { .. } => "solution-rejected",
        Event::CarriedOut { .. } => "carried-out",
        Event::Confirmed => "confirmed",
        Event::Paused { .. } => "paused",
        Event::Resumed { .. } => "resumed",
        Event::ExceptionGranted { .. } => "exception-granted",
        Event::ExceptionLifted { .. } => "exception-lifted",
        Event::MediationCalled { .. } => "mediation-called",
        Event::MediationConcluded { .. } => "mediation-concluded",
        Event::LossReported { .. } => "loss-reported",
        Event::ConcealmentFound { .. } => "concealment-found",
        Event::Closed { .. } => "closed",
        Event::Reopened { .. } => "reopened",
        Event::Surveyed { .. } => "surveyed",
        Event::CalledBack { .. } => "called-back",
        Event::RemedyProposed { .. } => "remedy-proposed",
        Event::RemedyApproved { .. } => "remedy-approved",
        Event::RemedyDelivered { .. } => "remedy-delivered",
        Event::RemedyConfirmed { .. } => "remedy-confirmed",
        Event::CustomerCorrected { .. } => "customer-corrected",
        Event::Revealed { .. } => "revealed",
        Event::AnswerGiven { .. } => "answer-given",
        Event::ArticleUsed { .. } => "article-used",
        Event::AnswerJudged { .. } => "answer-judged",
        Event::PersonAsked => "person-asked",
        Event::WordingOverridden { .. } => "wording-overridden",
        Event::AlarmFired { .. } => "alarm-fired",
    }
}

const EVENTS: usize = 47;

fn organisation_name(event: &OrganisationEvent) -> &'static str {
    match event {
        OrganisationEvent::CommitmentPublished { .. } => "commitment-published",
        OrganisationEvent::CommitmentWithdrawn { .. } => "commitment-withdrawn",
        OrganisationEvent::TeamFormed { .. } => "team-formed",
        OrganisationEvent::MemberJoined { .. } => "member-joined",
        OrganisationEvent::MemberLeft { .. } => "member-left",
        OrganisationEvent::PersonErased { .. } => "person-erased",
        OrganisationEvent::RulesWritten { .. } => "rules-written",
        OrganisationEvent::ModelLearned { .. } => "model-learned",
        OrganisationEvent::ModelChosen { .. } => "model-chosen",
        OrganisationEvent::CorrectionsWeighed { .. } => "corrections-weighed",
        OrganisationEvent::PhraseSaved { .. } => "phrase-saved",
        OrganisationEvent::PhraseWithdrawn { .. } => "phrase-withdrawn",
        OrganisationEvent::ExampleLoaded => "example-loaded",
        OrganisationEvent::ArticleDrafted { .. } => "article-drafted",
        OrganisationEvent::ArticleApproved { .. } => "article-approved",
        OrganisationEvent::ArticleWithdrawn { .. } => "article-withdrawn",
    }
}

const ORGANISATION_EVENTS: usize = 16;

fn article() -> ArticleId {
    ArticleId::new("router-red-light").unwrap()
}

fn assessment() -> Assessment {
    let opinion = |dimension, value: &str, basis, sure| Opinion {
        dimension,
        value: value.into(),
        probability: 6_200,
        basis,
        sure,
        others: vec![("complaint".into(), 2_100)],
    };
    Assessment {
        model: "shipped".into(),
        opinions: vec![
            opinion(Dimension::Kind, "repair", Basis::Model, false),
            opinion(Dimension::Urgency, "urgent", Basis::Rule { name: "停电".into() }, true),
        ],
        words: words("电梯\t停运\n被困"),
    }
}

fn learned_model() -> LearnedModel {
    LearnedModel {
        version: 2,
        digest: "ab".repeat(32),
        base_texts: 3_346,
        corrections: 120,
        fingerprint: "00112233445566ff".into(),
        left_out: vec![member(3)],
        verdict: LearningVerdict::Adopted,
        figures: vec![ModelFigures {
            dimension: Dimension::Kind,
            texts: 870,
            accuracy_before: 7_520,
            accuracy: 7_610,
            macro_f1_before: 7_480,
            macro_f1: 7_590,
            noise: 150,
            worse: false,
        }],
    }
}

fn course() -> Vec<Event> {
    let team = TeamId::new("customer-service").unwrap();
    vec![
        Event::Received {
            number: "TS-20261121-0007".into(),
            query_code: words("k7m2-9q"),
            channel: Channel::Phone,
            customer: customer(),
            subject: words("电梯停运"),
            body: words("老人被困\n请立即处理 🚨"),
            language: Language::Zh,
            pins: vec![pin()],
            tzdb: "2025b".into(),
            external: Some("old-17".into()),
        },
        Event::Classified {
            facets: Facets {
                kind: Kind::Repair,
                urgency: Urgency::Urgent,
                complexity: Complexity::Complex,
                severity: Severity::Major,
                site: Site::Remote,
                technical: true,
                topic: Some("lift".into()),
            },
            by: Classifier::Rules,
            why: words("命中：被困"),
        },
        Event::Assigned { team, member: Some(member(3)), reason: AssignReason::Escalated },
        Event::LeftUnassigned,
        Event::PickedUp { rings: 2 },
        Event::CallEnded,
        Event::LookupTold,
        Event::Replied {
            body: words("非常抱歉，我们已开始调查。"),
            form: Form::Written,
            purpose: Purpose::Acknowledgement,
            contents: vec![Content::Apology, Content::InvestigationBegun],
            told: Some(Told { mark: Mark::FullAnswer, by: at() }),
            automatic: false,
        },
        Event::CustomerWrote { body: words("还要等多久？") },
        Event::Noted { body: words("内部备注") },
        Event::Contacted { body: words("控制柜故障"), contents: vec![Content::Severity, Content::Plan] },
        Event::Dispatched { body: words("李工两小时内到") },
        Event::Arrived,
        Event::Solved { remote: false, body: words("更换主板") },
        Event::InvestigationStarted { body: words("由质检组调查") },
        Event::VerifiedOnSite { findings: words("接线松动") },
        Event::SolutionProposed {
            body: words("免费更换"),
            form: Form::Written,
            carry_out_by: at(),
            meets_standard: true,
        },
        Event::SolutionAccepted,
        Event::SolutionRejected { reason: words("时间太长") },
        Event::CarriedOut { body: words("已更换") },
        Event::Confirmed,
        Event::Paused { reason: PauseReason::WaitingForCustomer, note: words("等客户发照片") },
        Event::Resumed { reason: PauseReason::WaitingForCustomer },
    ]
}

fn later_course() -> Vec<Event> {
    vec![
        Event::ExceptionGranted {
            ground: Ground::ForceMajeure,
            evidence: words("台风红色预警"),
            word_at: at(),
            alternative: words("临时备用梯"),
        },
        Event::ExceptionLifted { ground: Ground::ForceMajeure },
        Event::MediationCalled { mediator: words("市消协") },
        Event::MediationConcluded { outcome: words("双方和解"), cost_fen: 50_000 },
        Event::LossReported { major: true, body: words("误工一天") },
        Event::ConcealmentFound { body: words("通话记录缺失") },
        Event::Closed {
            outcome: Outcome::OutOfScope { commitment: "RT-1".into(), term: "S-2".into() },
            note: words("不在范围内"),
        },
        Event::Reopened { reason: ReopenReason::SecondComplaint, body: words("问题依旧") },
        Event::Surveyed {
            ratings: vec![("response-time".into(), 2), ("quality".into(), 5)],
            low: true,
            comment: words("太慢"),
        },
        Event::CalledBack { body: words("已致歉") },
        Event::RemedyProposed {
            grade: Grade::Minor,
            notice: words("减免服务费"),
            form: Form::Written,
            gives: vec![
                Give::FeeReduction(10),
                Give::AddedService(Text::new("加一次保养", "One more check")),
            ],
        },
        Event::RemedyApproved { grade: Grade::Minor },
        Event::RemedyDelivered { grade: Grade::Major, note: words("已退款") },
        Event::RemedyConfirmed { grade: Grade::Major },
        Event::CustomerCorrected { customer: customer(), why: words("号码写错") },
        Event::Revealed {
            fields: vec![PersonalField::Name, PersonalField::Phone],
            reason: words("客户要求回电"),
        },
        Event::AnswerGiven { article: article(), version: 2, permille: 973, method: 1 },
        Event::ArticleUsed { article: article(), version: 2, edited: true },
        Event::AnswerJudged { article: article(), version: 2, helpful: false },
        Event::PersonAsked,
        Event::Assessed { assessment: assessment() },
        Event::ClassificationConfirmed,
        Event::WordingOverridden {
            objections: vec!["others-data".into(), "deadline".into()],
            reason: words("邻居已同意转告"),
        },
        Event::AlarmFired {
            clock: key(),
            step: StepAt::After(SignedDuration::from_mins(30)),
            planned_at: at(),
            noticed_at: at(),
        },
    ]
}

fn organisation_course() -> Vec<OrganisationEvent> {
    let team = TeamId::new("repair").unwrap();
    vec![
        OrganisationEvent::CommitmentPublished {
            number: "RT-1".into(),
            version: 1,
            hash: ContentHash([1; 32]),
            text: "number = \"RT-1\"\n".into(),
            tables: vec![("china".into(), "2026-01-01 元旦\n".into())],
        },
        OrganisationEvent::CommitmentWithdrawn { number: "RT-1".into(), from: at() },
        OrganisationEvent::TeamFormed {
            team: team.clone(),
            name: Text::new("维修组", "Repair"),
            kinds: vec![Kind::Repair, Kind::Complaint],
        },
        OrganisationEvent::MemberJoined {
            member: member(3),
            account: "li".into(),
            name: "李工".into(),
            role: Role::Specialist,
            team: Some(team),
        },
        OrganisationEvent::MemberLeft { member: member(3) },
        OrganisationEvent::PersonErased {
            person: PersonId::from_parts(1, [7; 10]),
            tickets: vec![ticket(1), ticket(2)],
            reason: ErasureReason::ConsentWithdrawn,
        },
        OrganisationEvent::RulesWritten { text: "rule \"停电\"\n".into() },
        OrganisationEvent::ModelLearned { model: learned_model() },
        OrganisationEvent::ModelChosen { version: 0 },
        OrganisationEvent::CorrectionsWeighed { member: member(3), counted: false },
        OrganisationEvent::PhraseSaved {
            id: "refund-sent".into(),
            kinds: vec![Kind::Complaint],
            step: "carry-out".into(),
            title: Text::new("退款已办", "Refund sent"),
            text: Text::new("退款{amount}元已退回。", "Your refund of {amount} yuan is on its way."),
        },
        OrganisationEvent::PhraseWithdrawn { id: "greeting".into() },
        OrganisationEvent::ExampleLoaded,
        OrganisationEvent::ArticleDrafted {
            article: article(),
            version: 2,
            text: ArticleText {
                owner: Some(TeamId::new("repair").unwrap()),
                topic: Some("router".into()),
                from: Some("2026-11-22".parse().unwrap()),
                until: None,
                zh: Some(Piece {
                    title: "路由器亮红灯怎么办".into(),
                    body: "先看光纤是否插紧，再重启。".into(),
                    questions: vec!["光信号灯是红色的".into()],
                }),
                en: None,
            },
            source: Some(ticket(1)),
        },
        OrganisationEvent::ArticleApproved { article: article(), version: 2 },
        OrganisationEvent::ArticleWithdrawn { article: article() },
    ]
}

fn actor() -> Actor {
    Actor::Member { id: member(9), role: Role::TeamLead }
}

fn seal(event: &Event) -> (Sealed, Entry) {
    let entry = Entry { at: at(), actor: actor(), events: vec![event.clone()] };
    (seal_ticket(&org(), ticket(1), None, &entry, at(), &custody(ticket(1)), &mut salts(1)), entry)
}

/// Events that records of the first version could hold.
const FIRST_VERSION: usize = 39 + 6;

fn fixture(version: u32, name: &str) -> PathBuf {
    let history = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/history");
    history.join(format!("v{version}")).join(format!("{name}.json"))
}

/// The contents of a sealed record of ticket 1, opened.
fn contents(sealed: &Sealed) -> Vec<yinuo_ledger::Content> {
    let place = (sealed.org(), sealed.stream(), sealed.seq());
    custody(ticket(1)).open_contents(place, sealed.contents()).unwrap()
}

/// A fixture: body and contents, the hash of the body after the genesis.
fn history(sealed: &Sealed) -> String {
    let contents: Vec<_> = contents(sealed)
        .iter()
        .map(|content| serde_json::json!({ "n": content.n, "salt": hex::encode(content.salt), "text": &*content.text }))
        .collect();
    let value =
        serde_json::json!({ "body": sealed.body(), "hash": sealed.hash().to_string(), "contents": contents });
    format!("{}\n", serde_json::to_string_pretty(&value).unwrap())
}

/// Compares with the fixture. A fixture that does not exist is written, once, by `YINUO_WRITE_HISTORY=1`; one that
/// exists is never written again.
fn compare(name: &str, sealed: &Sealed) {
    let path = fixture(VERSION, name);
    if !path.exists() && std::env::var_os("YINUO_WRITE_HISTORY").is_some() {
        fs::write(&path, history(sealed)).unwrap();
    }
    let kept =
        fs::read_to_string(&path).unwrap_or_else(|_| panic!("{name} has no fixture in {}", path.display()));
    assert_eq!(
        history(sealed),
        kept,
        "the recorded form of `{name}` has changed: records of customers would not"
    );
}

/// What a fixture of each version that has one holds.
fn every_kept(name: &str) -> Vec<(String, Hash, Vec<yinuo_ledger::Content>)> {
    (1..=VERSION)
        .filter(|version| fixture(*version, name).exists())
        .map(|version| kept(version, name))
        .collect()
}

fn kept(version: u32, name: &str) -> (String, Hash, Vec<yinuo_ledger::Content>) {
    let text = fs::read_to_string(fixture(version, name)).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let contents = value["contents"].as_array().unwrap();
    let contents = contents.iter().map(|content| {
        let mut salt = [0; 16];
        hex::decode_to_slice(content["salt"].as_str().unwrap(), &mut salt).unwrap();
        let n = u32::try_from(content["n"].as_u64().unwrap()).unwrap();
        yinuo_ledger::Content { n, salt, text: content["text"].as_str().unwrap().into() }
    });
    let mut hash = [0; 32];
    hex::decode_to_slice(value["hash"].as_str().unwrap(), &mut hash).unwrap();
    (value["body"].as_str().unwrap().into(), Hash(hash), contents.collect())
}

#[test]
fn every_event_of_a_ticket_has_its_history() {
    let events: Vec<Event> = course().into_iter().chain(later_course()).collect();
    let names: BTreeSet<&str> = events.iter().map(name).collect();
    assert_eq!(names.len(), EVENTS, "an event is missing from the course of this test");
    for event in events {
        let name = name(&event);
        let (sealed, entry) = seal(&event);
        assert!(sealed.body().contains(&format!("\"{name}\"")), "{}", sealed.body());
        compare(name, &sealed);
        for (body, hash, contents) in every_kept(name) {
            let opened = open_ticket(&body, &contents).unwrap();
            assert_eq!(opened.entry, entry, "{name}");
            assert_eq!((opened.org, opened.stream, opened.seq), (org(), Stream::Ticket(ticket(1)), 1));
            let genesis = chain::genesis(&org(), Stream::Ticket(ticket(1)));
            assert_eq!(chain::verify_link(genesis, 1, &body, hash).unwrap(), hash);
        }
    }
}

#[test]
fn what_the_first_version_wrote_is_kept_and_read() {
    let events: Vec<Event> = course().into_iter().chain(later_course()).collect();
    let names = events
        .iter()
        .map(name)
        .chain(organisation_course().iter().map(organisation_name))
        .collect::<Vec<_>>();
    let kept: Vec<&&str> = names.iter().filter(|name| fixture(1, name).exists()).collect();
    assert_eq!(kept.len(), FIRST_VERSION, "a fixture of the first version is gone");
    let younger: Vec<&&str> = names.iter().filter(|name| !fixture(1, name).exists()).collect();
    let second = [&"revealed", &"person-erased"];
    let third: Vec<&&str> = younger.iter().filter(|name| !fixture(2, name).exists()).copied().collect();
    assert_eq!(younger.len(), second.len() + third.len());
    assert!(second.iter().all(|name| younger.contains(name) && !third.contains(name)));
    assert_eq!(third.len(), names.len() - FIRST_VERSION - second.len());
    // No version ever wrote what a later one added.
    for event in later_course() {
        let (sealed, _) = seal(&event);
        for older in 1..VERSION {
            let body = sealed.body().replacen(&format!("\"v\":{VERSION}"), &format!("\"v\":{older}"), 1);
            let known = (1..=older).any(|version| fixture(version, name(&event)).exists());
            let opened = open_ticket(&body, &contents(&sealed));
            assert_eq!(opened.is_ok(), known, "{} in version {older}", name(&event));
            assert!(known || matches!(opened, Err(LedgerError::Corrupt { .. })));
        }
    }
    // Nor be it but a word of a value.
    let looked = |fields| Event::Revealed { fields, reason: words("回电") };
    let second = |event: &Event| {
        let (sealed, _) = seal(event);
        let older = sealed.body().replacen(&format!("\"v\":{VERSION}"), "\"v\":2", 1);
        open_ticket(&older, &contents(&sealed))
    };
    assert!(second(&looked(vec![PersonalField::Phone])).is_ok());
    assert!(matches!(second(&looked(vec![PersonalField::Texts])), Err(LedgerError::Corrupt { .. })));
}

#[test]
fn every_event_of_the_organisation_has_its_history() {
    let events = organisation_course();
    let names: BTreeSet<&str> = events.iter().map(organisation_name).collect();
    assert_eq!(names.len(), ORGANISATION_EVENTS);
    for event in events {
        let name = organisation_name(&event);
        let entry = OrganisationEntry { at: at(), actor: Actor::System, events: vec![event] };
        compare(name, &seal_organisation(&org(), None, &entry, at()));
        for (body, ..) in every_kept(name) {
            assert_eq!(open_organisation(&body).unwrap().entry, entry, "{name}");
        }
    }
}

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
        ("\"v\":3", "\"v\":0"),
        ("\"org\":\"acme\"", "\"org\":\"Acme!\""),
        ("\"stream\":\"tkt_", "\"stream\":\"mem_"),
        ("team-lead", "king"),
        ("at_us\":17", "at_us\":9917"),
    ] {
        let changed = body.replacen(from, to, 1);
        assert_ne!(changed, body, "{from}");
        corrupt(&changed);
    }
    corrupt("");
    corrupt("{}");
    corrupt(&body[..body.len() - 1]);
    let newer = body.replacen("\"v\":3", "\"v\":4,\"new\":{}", 1);
    assert!(matches!(open_ticket(&newer, &[]), Err(LedgerError::Newer { found: 4, known: VERSION })));
    assert!(matches!(open_organisation(body), Err(LedgerError::Corrupt { .. })));
}

#[test]
fn words_are_bound_to_their_record() {
    let (sealed, _) = seal(&Event::Noted { body: words("退款 30 元") });
    let contents = contents(&sealed);
    assert!(!sealed.body().contains("退款"));
    let mut changed = contents.clone();
    changed[0].text = "退款 90 元".into();
    assert!(matches!(open_ticket(sealed.body(), &changed), Err(LedgerError::Corrupt { .. })));
    let mut resalted = contents.clone();
    resalted[0].salt = [0; 16];
    assert!(matches!(open_ticket(sealed.body(), &resalted), Err(LedgerError::Corrupt { .. })));
    let mut more = contents.clone();
    more.push(yinuo_ledger::Content { n: 1, ..contents[0].clone() });
    assert!(matches!(open_ticket(sealed.body(), &more), Err(LedgerError::Corrupt { .. })));
    let erased = open_ticket(sealed.body(), &[]).unwrap();
    assert_eq!(erased.entry.events, [Event::Noted { body: Words::erased() }]);
    assert_eq!(erased.erased, 1);
    assert_eq!(format!("{contents:?}"), "[Content(0, 13 bytes)]", "no words in logs");
}

#[test]
fn a_chain_names_the_first_record_that_does_not_fit() {
    let stream = Stream::Ticket(ticket(1));
    let mut tail = None;
    let mut records = Vec::new();
    for position in 1..=6_u64 {
        let entry = Entry { at: at(), actor: Actor::System, events: vec![Event::PickedUp { rings: 1 }] };
        let custody = custody(ticket(1));
        let sealed = seal_ticket(&org(), ticket(1), tail, &entry, at(), &custody, &mut salts(position));
        tail = Some(Tail { version: sealed.seq(), head: sealed.hash() });
        records.push((position * 10, sealed.body().to_owned(), sealed.hash()));
    }
    let verify = |records: &[(u64, String, Hash)], org: &OrgId, stream| {
        chain::verify_chain(
            org,
            stream,
            records.iter().map(|(position, body, hash)| (*position, body.as_str(), *hash)),
        )
    };
    let first_bad = |records: &[(u64, String, Hash)], org: &OrgId, stream| match verify(records, org, stream)
    {
        Err(LedgerError::Corrupt { position, .. }) => position,
        other => panic!("{other:?}"),
    };
    assert_eq!(verify(&records, &org(), stream).unwrap(), (tail.unwrap().head, 6));
    let mut changed = records.clone();
    changed[3].1 = changed[3].1.replace("\"rings\":1", "\"rings\":2");
    assert_eq!(first_bad(&changed, &org(), stream), 40);
    let mut relinked = changed.clone();
    relinked[3].2 = chain::link(records[2].2, &relinked[3].1);
    assert_eq!(first_bad(&relinked, &org(), stream), 50, "a forged hash is found by the next record");
    let mut swapped = records.clone();
    swapped.swap(1, 2);
    assert_eq!(first_bad(&swapped, &org(), stream), 30);
    let mut short = records.clone();
    short.remove(4);
    assert_eq!(first_bad(&short, &org(), stream), 60);
    assert_eq!(first_bad(&records, &org(), Stream::Ticket(ticket(2))), 10, "a chain belongs to its stream");
    assert_eq!(first_bad(&records, &OrgId::new("other").unwrap(), stream), 10, "and to its organisation");
}

prop_compose! {
    fn any_words()(text in prop_oneof![any::<String>(), Just(String::new()), Just("  \n".to_owned())], erased in prop::bool::weighted(0.1)) -> Words {
        if erased { Words::erased() } else { Words::new(&text) }
    }
}

prop_compose! {
    fn any_instant()(micros in -377_705_023_200_000_000_i64..=253_402_207_200_000_000) -> Timestamp {
        Timestamp::from_microsecond(micros).unwrap()
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    let customer = (
        any_words(),
        prop::option::of(any_words()),
        prop::option::of(any_words()),
        prop::option::of(any_words()),
    )
        .prop_map(|(name, phone, email, address)| Customer { name, phone, email, address });
    let received =
        (any::<String>(), any_words(), customer, any_words(), any_words(), prop::option::of(any::<String>()))
            .prop_map(|(number, query_code, customer, subject, body, external)| Event::Received {
                number,
                query_code,
                channel: Channel::Api,
                customer,
                subject,
                body,
                language: Language::En,
                pins: vec![pin(), pin()],
                tzdb: String::new(),
                external,
            });
    prop_oneof![
        received,
        (any_words(), any_instant(), any::<bool>()).prop_map(|(body, carry_out_by, meets_standard)| {
            Event::SolutionProposed { body, form: Form::Oral, carry_out_by, meets_standard }
        }),
        (any_words(), any_instant(), any_words()).prop_map(|(evidence, word_at, alternative)| {
            Event::ExceptionGranted { ground: Ground::ForceMajeure, evidence, word_at, alternative }
        }),
        (any_words(), any::<u64>())
            .prop_map(|(outcome, cost_fen)| Event::MediationConcluded { outcome, cost_fen }),
        (prop::collection::vec((any::<String>(), any::<u8>()), 0..4), any::<bool>(), any_words())
            .prop_map(|(ratings, low, comment)| Event::Surveyed { ratings, low, comment }),
        (any_instant(), any_instant(), 0_i64..=i64::MAX).prop_map(|(planned_at, noticed_at, micros)| {
            Event::AlarmFired {
                clock: key(),
                step: StepAt::After(SignedDuration::from_micros(micros)),
                planned_at,
                noticed_at,
            }
        }),
        any_words().prop_map(|body| Event::Noted { body }),
        Just(Event::Confirmed),
    ]
}

proptest! {
    #[test]
    fn any_entry_comes_back_and_any_change_is_found(
        events in prop::collection::vec(any_event(), 1..5),
        at in any_instant(),
        millis in 0_u64..1 << 48,
        version in 0_u32..u32::MAX - 1,
        at_byte in any::<prop::sample::Index>(),
    ) {
        let id = TicketId::from_parts(millis, [3; 10]);
        let entry = Entry { at, actor: Actor::Member { id: MemberId::from_parts(millis, [4; 10]), role: Role::Agent }, events };
        let tail = Tail { version, head: Hash([5; 32]) };
        let custody = custody(ticket(1));
        let sealed = seal_ticket(&org(), id, Some(tail), &entry, at, &custody, &mut salts(millis));
        let opened = open_ticket(sealed.body(), &contents(&sealed)).unwrap();
        prop_assert_eq!(&opened.entry, &entry);
        prop_assert_eq!((opened.seq, opened.stream, opened.recorded_at), (version + 1, Stream::Ticket(id), at));
        let again = seal_ticket(&org(), id, Some(tail), &opened.entry, at, &custody, &mut salts(millis));
        prop_assert_eq!(again.body(), sealed.body());
        let mut bytes = sealed.body().as_bytes().to_vec();
        let byte = at_byte.index(bytes.len());
        bytes[byte] = bytes[byte].wrapping_add(1) & 0x7f;
        if let Ok(changed) = String::from_utf8(bytes) {
            prop_assert!(chain::verify_link(tail.head, 1, &changed, sealed.hash()).is_err());
        }
    }
}
