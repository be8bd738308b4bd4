//! How texts are understood: what goes on record, who has to look, rules, models learned from corrections.

use yinuo_commitment::{Channel, Facets, Kind};
use yinuo_core::{
    id::TicketId,
    organisation::{LearnedModel, LearningVerdict, OrganisationEntry, OrganisationEvent},
    roster::Actor,
    ticket::{Assessment, Basis, Command, Dimension, Event, Triage},
};
use yinuo_desk::{
    DeskError, LearningOutcome, LearningProgress, LogOptions, ModelState, Sequencer, Submission, TicketSheet,
    Witnesses,
};
use yinuo_ledger::{
    Append, Ledger, Page, TicketFilter,
    checkpoint::{KeyKind, LogKey},
    record,
};

use crate::harness::{Company, mins, request, state};

fn assessment(sheet: &TicketSheet) -> Assessment {
    let found = sheet.entries[0].events.iter().find_map(|event| match event {
        Event::Assessed { assessment } => Some(assessment.clone()),
        _ => None,
    });
    found.unwrap()
}

fn saying(text: &str) -> Submission {
    Submission::new(Channel::Web, "客户来信", text)
}

async fn wanted(company: &Company) -> Vec<TicketId> {
    let filter = TicketFilter { triage: vec![Triage::Wanted], ..TicketFilter::default() };
    let page = company.desk.list(&filter, &Page::first(100), company.actor("lead")).await.unwrap();
    page.rows.iter().map(|row| row.ticket).collect()
}

#[tokio::test]
async fn what_was_made_of_a_text_is_on_record_with_words_and_version() {
    let company = Company::open().await;
    let receipt = company.submit(saying("热水器漏电，快派人来！")).await;
    let made = assessment(&receipt.sheet);
    assert!(made.model == "shipped" && !made.nothing_read());
    let dimensions: Vec<Dimension> = made.opinions.iter().map(|opinion| opinion.dimension).collect();
    assert_eq!(dimensions, Dimension::ALL);
    assert_eq!(made.opinions[0].value, "repair");
    assert!(made.opinions[0].probability > 5_000 && !made.words_of(1).is_empty(), "{made:?}");
    // What somebody chose is stated, and sure.
    let stated = assessment(&company.submit(request(Kind::Complaint)).await.sheet);
    assert_eq!((&stated.opinions[0].basis, stated.opinions[0].sure), (&Basis::Stated, true));
    company.finish().await;
}

#[tokio::test]
async fn what_is_not_sure_waits_for_a_person_while_the_strictest_clocks_run() {
    let company = Company::open().await;
    let receipt = company.submit(Submission::new(Channel::Web, "……", "……。。")).await;
    let ticket = receipt.ticket;
    assert!(assessment(&receipt.sheet).nothing_read(), "and nobody is told how probable that is");
    let readings = &receipt.sheet.ticket.round().doubt.as_ref().unwrap().readings;
    assert!(readings.iter().any(|facets| facets.kind == Kind::Complaint), "{readings:?}");
    assert_eq!(state(&receipt.sheet, "complaint-acknowledged"), "running");
    assert_eq!(state(&receipt.sheet, "online-first-reply"), "running");
    assert_eq!(wanted(&company).await, [ticket]);
    assert_eq!(company.refused(ticket, "auditor", Command::ConfirmClassification).await, "not-allowed");
    company.clock.step(mins(1));
    let sheet = company.ok(ticket, "amy", Command::ConfirmClassification).await;
    assert_eq!(sheet.ticket.triage(), Some(Triage::Confirmed));
    assert_eq!(state(&sheet, "complaint-acknowledged"), "void");
    assert_eq!(state(&sheet, "online-first-reply"), "running");
    assert!(wanted(&company).await.is_empty());
    assert_eq!(company.refused(ticket, "amy", Command::ConfirmClassification).await, "no-doubt");
    // Replaying gives the same rows.
    assert!(!company.desk.rebuild().await.unwrap().changed);
    company.finish().await;
}

#[tokio::test]
async fn the_word_of_a_person_wins() {
    let company = Company::open().await;
    let ticket = company.submit(Submission::new(Channel::Web, "……", "……。。")).await.ticket;
    company.clock.step(mins(1));
    let facets = Facets::of(Kind::Praise);
    let sheet = company.ok(ticket, "amy", Command::Classify { facets, why: "客户来电说明".into() }).await;
    assert_eq!(sheet.ticket.facets().kind, Kind::Praise);
    assert_eq!(sheet.ticket.triage(), Some(Triage::Corrected));
    assert_eq!(state(&sheet, "complaint-acknowledged"), "void");
    company.finish().await;
}

#[tokio::test]
async fn rules_of_the_organisation_decide_and_bad_ones_are_refused_with_their_lines() {
    let company = Company::open().await;
    let manager = company.actor("manager");
    let bad = "rule \"停电\"\nwhen text has any of 停电\nthen kind = outage\nnonsense\n";
    let refused = company.desk.write_rules(bad, manager).await.unwrap_err();
    let text = refused.text(yinuo_commitment::Language::Zh);
    assert!(text.contains("第 3 行") && text.contains("第 4 行"), "{text}");
    let good = "rule \"停电\"\nwhen text has any of 停电\nthen kind = repair, urgency = urgent\n";
    assert!(matches!(
        company.desk.write_rules(good, company.actor("amy")).await,
        Err(DeskError::Forbidden { .. })
    ));
    company.desk.write_rules(good, manager).await.unwrap();
    assert!(company.desk.write_rules(good, manager).await.is_err(), "nothing changes");
    // Another node takes them up.
    for desk in [company.desk.clone(), company.another_desk().await] {
        let receipt = desk.submit(saying("建议：小区停电前发个通知"), Actor::Customer, None).await.unwrap();
        let made = assessment(&receipt.sheet);
        assert_eq!(made.opinions[0].basis, Basis::Rule { name: "停电".into() });
        assert_eq!((made.opinions[0].value.as_str(), made.words_of(0)), ("repair", vec!["停电"]));
    }
    company.desk.write_rules("", manager).await.unwrap();
    assert!(company.desk.organisation().understanding.rules.is_none());
    company.finish().await;
}

#[tokio::test]
async fn a_model_that_is_not_there_leaves_the_lists_alone_and_says_so() {
    let mut company = Company::open().await;
    let model = LearnedModel {
        version: 1,
        digest: "00".repeat(32),
        base_texts: 1,
        corrections: 1,
        fingerprint: "0".into(),
        left_out: Vec::new(),
        verdict: LearningVerdict::Adopted,
        figures: Vec::new(),
    };
    let ledger: &dyn Ledger = company.ledger.as_ref();
    let tail = ledger.load_organisation(&company.org).await.unwrap().unwrap().tail();
    let events = vec![OrganisationEvent::ModelLearned { model }];
    let entry = OrganisationEntry { at: company.clock_now(), actor: Actor::System, events };
    let sealed = record::seal_organisation(&company.org, Some(tail), &entry, entry.at);
    ledger.append(Append::new(sealed)).await.unwrap();
    company.restart().await;
    let report = company.desk.understanding(company.actor("manager")).unwrap();
    assert!(matches!(&report.model, ModelState::Unusable { version: 1, .. }), "{:?}", report.model);
    assert!(company.desk.reckon().await.unwrap().figures.is_empty());
    let receipt = company.submit(saying("热水器漏电，快派人来！")).await;
    let made = assessment(&receipt.sheet);
    assert_eq!((made.model.as_str(), made.opinions[0].value.as_str()), ("none", "repair"));
    assert!(made.opinions.iter().all(|opinion| opinion.basis != Basis::Model));
    let refused = company.desk.choose_model(1, company.actor("manager")).await;
    assert!(matches!(refused, Err(DeskError::Invalid { field: "version", .. })));
    company.desk.choose_model(0, company.actor("manager")).await.unwrap();
    assert_eq!(assessment(&company.submit(saying("发票")).await.sheet).model, "shipped");
    company.finish().await;
}

/// Words that only this company uses: `wobbleduck` is a complaint here.
async fn corrected(company: &Company, who: &str, from: u32, kind: Kind) -> Vec<TicketId> {
    let mut tickets = Vec::new();
    for number in from..from + 12 {
        let text = format!("wobbleduck 第 {number} 号，请看一下 {}", "编号".repeat(number as usize % 5));
        let ticket = company.submit(saying(&text)).await.ticket;
        let facets = Facets { kind, technical: true, ..Facets::of(kind) };
        let classify = Command::Classify { facets, why: "".into() };
        if company.desk.command(ticket, classify, company.actor(who), None).await.is_ok() {
            tickets.push(ticket);
        }
    }
    tickets
}

#[tokio::test]
async fn corrections_make_a_model_that_is_compared_kept_and_can_be_rolled_back() {
    let mut company = Company::open().await;
    let manager = company.actor("manager");
    assert!(matches!(company.desk.learn(company.actor("amy")).await, Err(DeskError::Forbidden { .. })));
    assert!(matches!(
        company.desk.learn(manager).await,
        Err(DeskError::Invalid { field: "corrections", .. })
    ));
    let tickets = corrected(&company, "amy", 0, Kind::Complaint).await;
    corrected(&company, "ben", 100, Kind::Complaint).await;
    assert!(tickets.len() >= 10, "{}", tickets.len());
    let model = company.desk.learn(manager).await.unwrap();
    assert_eq!((model.version, model.verdict), (1, LearningVerdict::Adopted), "{model:?}");
    assert!(model.corrections >= 10 && model.base_texts > 3_000);
    assert_eq!(model.figures.len(), Dimension::ALL.len());
    let said = assessment(&company.submit(saying("wobbleduck 第 77 号")).await.sheet);
    assert_eq!((said.model.as_str(), said.opinions[0].value.as_str()), ("1", "complaint"));
    // It is there after a restart, and nothing is learned twice.
    company.restart().await;
    assert_eq!(assessment(&company.submit(saying("wobbleduck 第 78 号")).await.sheet).model, "1");
    assert!(company.desk.learn(manager).await.is_err());
    // Back to the shipped one, and forth.
    company.desk.choose_model(0, manager).await.unwrap();
    assert_eq!(assessment(&company.submit(saying("wobbleduck 第 79 号")).await.sheet).model, "shipped");
    company.desk.choose_model(1, manager).await.unwrap();
    // Somebody's corrections are left out: the next model has not seen them.
    company.desk.weigh_corrections(company.member("amy"), false, manager).await.unwrap();
    let without = company.desk.learn(manager).await.unwrap();
    assert_eq!(without.left_out, [company.member("amy")]);
    assert!(without.corrections < model.corrections);
    let report = company.desk.understanding(manager).unwrap();
    assert!(report.reckoning.is_none(), "nothing is reckoned for who looks");
    assert_eq!(report.understanding.models.len(), 2);
    company.desk.reckon().await.unwrap();
    let reckoning = company.desk.understanding(manager).unwrap().reckoning.unwrap();
    assert!(reckoning.people.iter().any(|person| person.left_out && person.member == company.member("amy")));
    assert_eq!(reckoning.figures.len(), Dimension::ALL.len());
    // Figures of another model are none.
    company.desk.choose_model(0, manager).await.unwrap();
    assert!(company.desk.understanding(manager).unwrap().reckoning.is_none());
    company.finish().await;
}

#[tokio::test]
async fn whoever_begins_to_learn_waits_for_nothing_and_is_told_what_came_of_it() {
    let company = Company::open().await;
    let (desk, manager) = (&company.desk, company.actor("manager"));
    assert!(matches!(desk.begin_learning(company.actor("amy")), Err(DeskError::Forbidden { .. })));
    let progress = || desk.understanding(manager).unwrap().learning;
    let done = async || {
        while progress().running.is_some() {
            tokio::task::yield_now().await;
        }
        let (at, by, outcome) = progress().last.unwrap();
        assert_eq!((at, by), (company.clock_now(), manager));
        outcome
    };
    assert_eq!(progress(), LearningProgress::default());
    let begun = desk.begin_learning(manager).unwrap();
    assert_eq!(begun.running, Some((company.clock_now(), manager)));
    let LearningOutcome::Failed(why) = done().await else { panic!("nobody has corrected anything") };
    assert!(why.zh.contains("无可学习") && why.en.contains("nothing to learn"), "{why:?}");
    corrected(&company, "amy", 0, Kind::Complaint).await;
    corrected(&company, "ben", 100, Kind::Complaint).await;
    desk.begin_learning(manager).unwrap();
    // One at a time, whoever asks; the product itself waits, too.
    assert!(matches!(desk.begin_learning(manager), Err(DeskError::Learning { .. })));
    assert!(matches!(desk.learn(manager).await, Err(DeskError::Learning { .. })));
    assert_eq!(desk.learn_if_worth_it().await.unwrap(), None);
    let LearningOutcome::Learned(model) = done().await else { panic!("{:?}", progress()) };
    assert_eq!((model.version, model.verdict), (1, LearningVerdict::Adopted));
    assert_eq!(desk.organisation().understanding.in_use, 1);
    company.finish().await;
}

#[tokio::test]
async fn after_somebody_went_back_what_is_learned_unasked_waits() {
    let company = Company::open().await;
    let (desk, manager) = (&company.desk, company.actor("manager"));
    for (who, from) in [("amy", 0), ("ben", 100), ("amy", 200)] {
        corrected(&company, who, from, Kind::Complaint).await;
    }
    let first = desk.learn_if_worth_it().await.unwrap().unwrap();
    assert_eq!((first.version, first.verdict), (1, LearningVerdict::Adopted));
    company.clock.step(mins(1));
    desk.choose_model(0, manager).await.unwrap();
    let gone_back = || desk.organisation().understanding.gone_back();
    assert_eq!(gone_back(), Some((company.clock_now(), manager)));
    company.clock.step(mins(1));
    for (who, from) in [("amy", 300), ("ben", 400), ("amy", 500)] {
        corrected(&company, who, from, Kind::Complaint).await;
    }
    let second = desk.learn_if_worth_it().await.unwrap().unwrap();
    assert_eq!((second.version, second.verdict), (2, LearningVerdict::Waiting), "{second:?}");
    let made = assessment(&company.submit(saying("wobbleduck 第 79 号")).await.sheet);
    assert_eq!((made.model.as_str(), gone_back().is_some()), ("shipped", true), "nobody is overruled");
    // It is kept, and somebody may put it to use.
    company.clock.step(mins(1));
    desk.choose_model(2, manager).await.unwrap();
    assert_eq!(assessment(&company.submit(saying("wobbleduck 第 80 号")).await.sheet).model, "2");
    assert_eq!(gone_back(), None);
    // Whoever has one learned after going back wants it.
    desk.choose_model(1, manager).await.unwrap();
    assert!(gone_back().is_some());
    company.clock.step(mins(1));
    assert!(!corrected(&company, "ben", 600, Kind::Suggestion).await.is_empty());
    let third = desk.learn(manager).await.unwrap();
    assert!(third.verdict != LearningVerdict::Waiting && gone_back().is_none(), "{third:?}");
    company.finish().await;
}

#[tokio::test]
async fn the_product_learns_by_itself_once_it_is_worth_it_and_not_twice() {
    let company = Company::open().await;
    corrected(&company, "amy", 0, Kind::Complaint).await;
    assert_eq!(company.desk.learn_if_worth_it().await.unwrap(), None, "a dozen corrections are not worth it");
    corrected(&company, "ben", 100, Kind::Complaint).await;
    corrected(&company, "amy", 200, Kind::Complaint).await;
    // Two nodes that look at the same time: one model.
    let other = company.another_desk().await;
    let (one, two) = tokio::join!(company.desk.learn_if_worth_it(), other.learn_if_worth_it());
    let learned: Vec<LearnedModel> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
    assert_eq!(learned.len(), 1, "{learned:?}");
    assert_eq!((learned[0].version, learned[0].verdict), (1, LearningVerdict::Adopted));
    assert_eq!(company.desk.learn_if_worth_it().await.unwrap(), None, "nothing is new");
    let (_, _, by) = company.desk.organisation().understanding.models[0];
    assert_eq!(by, Actor::System);
    // Whoever is left out is forgotten by the next model without being asked.
    company.desk.weigh_corrections(company.member("ben"), false, company.actor("manager")).await.unwrap();
    let without = company.desk.learn_if_worth_it().await.unwrap().unwrap();
    assert_eq!(without.left_out, [company.member("ben")]);
    company.finish().await;
}

#[tokio::test]
async fn figures_are_reckoned_and_models_learned_beside_the_requests() {
    let company = Company::open().await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(company.desk.clone().run_learning(stopped));
    let manager = company.actor("manager");
    assert!(company.desk.understanding(manager).unwrap().reckoning.is_none());
    while company.desk.understanding(manager).unwrap().reckoning.is_none() {
        tokio::task::yield_now().await;
    }
    stop.send_replace(true);
    worker.await.unwrap();
    company.finish().await;
}

#[tokio::test]
async fn the_node_that_signs_the_log_learns_in_the_background_and_no_other() {
    let company = Company::open().await;
    for (who, from) in [("amy", 0), ("ben", 100), ("amy", 200)] {
        corrected(&company, who, from, Kind::Complaint).await;
    }
    let key = LogKey::new("yinuo.local/acme", KeyKind::Log, &[7; 32]).unwrap();
    company.desk.begin_log(LogOptions { key, witnesses: Witnesses::none() });
    let other = company.another_desk().await;
    assert_eq!(company.desk.learn_if_it_falls_to_us().await.unwrap(), None, "nobody signs yet");
    let mut sequencer = Sequencer::new(&company.desk).unwrap();
    sequencer.catch_up().await.unwrap();
    assert_eq!(other.learn_if_it_falls_to_us().await.unwrap(), None, "another node signs");
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(company.desk.clone().run_learning(stopped));
    tokio::task::yield_now().await;
    company.clock.step(mins(11));
    while company.desk.organisation().understanding.models.is_empty() {
        tokio::task::yield_now().await;
    }
    stop.send_replace(true);
    worker.await.unwrap();
    let understanding = company.desk.organisation().understanding.clone();
    assert_eq!(understanding.models.len(), 1);
    assert_eq!(understanding.models[0].2, Actor::System);
    company.finish().await;
}
