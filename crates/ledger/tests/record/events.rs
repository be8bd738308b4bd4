//! One of each event, and its name.

use jiff::SignedDuration;
use yinuo_commitment::{
    Channel, Complexity, Content, ContentHash, Facets, Form, Give, Grade, Ground, Kind, Language, Mark,
    PauseReason, Severity, Site, Text, Urgency,
};
use yinuo_core::{
    clock::StepAt,
    id::{ArticleId, PersonId, TeamId},
    knowledge::{ArticleText, Piece},
    organisation::{LearnedModel, LearningVerdict, ModelFigures, OrganisationEvent},
    personal::{ErasureReason, PersonalField},
    roster::Role,
    ticket::{
        Assessment, AssignReason, Basis, Classifier, Dimension, Event, Opinion, Outcome, Purpose,
        ReopenReason, Told,
    },
    words::Words,
};
use yinuo_ledger::conformance::sample::{member, ticket};

use crate::*;

/// The name of an event in records. A new event does not compile until it has one, and then needs a fixture.
pub(crate) fn name(event: &Event) -> &'static str {
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

pub(crate) const EVENTS: usize = 47;

pub(crate) fn organisation_name(event: &OrganisationEvent) -> &'static str {
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

pub(crate) const ORGANISATION_EVENTS: usize = 16;

pub(crate) fn article() -> ArticleId {
    ArticleId::new("router-red-light").unwrap()
}

pub(crate) fn assessment() -> Assessment {
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

pub(crate) fn learned_model() -> LearnedModel {
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

pub(crate) fn course() -> Vec<Event> {
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

pub(crate) fn later_course() -> Vec<Event> {
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

pub(crate) fn organisation_course() -> Vec<OrganisationEvent> {
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

/// Words in an event, as `Debug` shows that there are some.
fn words_in(of: &impl std::fmt::Debug) -> usize {
    format!("{of:?}").matches("Words(").count()
}

#[test]
fn every_text_of_an_event_is_gone_through() {
    for mut event in course().into_iter().chain(later_course()) {
        // Contact data and the query code have masks of their own.
        let apart = match &event {
            Event::Received { customer, query_code, .. } => words_in(customer) + words_in(query_code),
            Event::CustomerCorrected { customer, .. } => words_in(customer),
            _ => 0,
        };
        let (mut read, mut changed) = (0, 0);
        event.each_said(|_, _| read += 1);
        assert_eq!(read + apart, words_in(&event), "{}", name(&event));
        event.each_said_mut(|_, words| {
            changed += 1;
            *words = Words::erased();
        });
        event.each_said(|_, words| assert!(words.text().is_none()));
        assert_eq!(changed, read, "{}", name(&event));
    }
}
