//! The two example letters carry every row of the requirements that a letter can carry: a table from row to the exact
//! promise or section, with its figures.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a letter that lacks something fails the test"
)]

use jiff::SignedDuration;
use yinuo_commitment::{
    Budget, Channel, Commitment, Complexity, Content, Every, Facets, Form, Give, Grade, Ground, Kind,
    Language, Level, Mark, Need, PauseReason, Promise, Rule, Severity, Site, Tables, Urgency, check,
    coverage, render,
};

const RESPONSE_TIME: &str = include_str!("../../../examples/commitments/response-time.toml");
const HOTLINE: &str = include_str!("../../../examples/commitments/hotline-complaints.toml");

fn letter(name: &str, text: &str) -> Commitment {
    let report = check(text, &Tables::shipped());
    let shown = render(name, text, &report.diagnostics, Language::En, false);
    let codes: Vec<_> =
        report.diagnostics.iter().map(|diagnostic| (diagnostic.level, diagnostic.code)).collect();
    // The notice for 2027 is not published; the letters say so, and nothing else is wrong with them.
    assert_eq!(codes, [(Level::Warning, "holidays-unpublished")], "{shown}");
    report.commitment.expect("no error")
}

fn response_time() -> Commitment {
    letter("response-time.toml", RESPONSE_TIME)
}

fn hotline() -> Commitment {
    letter("hotline-complaints.toml", HOTLINE)
}

const fn working(minutes: i64) -> Budget {
    Budget::Working(SignedDuration::from_mins(minutes))
}

/// The promise `id` runs from `from` until `until` within `within` on the calendar `on`.
#[track_caller]
fn clock<'a>(
    letter: &'a Commitment,
    id: &str,
    from: Mark,
    until: &[Mark],
    within: Budget,
    on: &str,
) -> &'a Promise {
    let promise = letter.promise(id).unwrap_or_else(|| panic!("no promise `{id}`"));
    assert_eq!((promise.from, promise.until.as_slice()), (from, until), "{id}");
    assert_eq!((promise.within, promise.on.as_str()), (within, on), "{id}");
    promise
}

/// The ids of the promises that a case runs.
fn running(letter: &Commitment, facets: &Facets, channel: Channel) -> Vec<String> {
    letter.covering(facets, channel).into_iter().map(|promise| promise.id.to_string()).collect()
}

/// Holds one row of the requirements against the response time letter and the hotline letter.
type Held = fn(&Commitment, &Commitment);

/// Every requirement row that the letters carry, in order, each with the test that holds it.
const ROWS: &[(&str, Held)] = &[
    ("T1", t1_every_request_has_a_first_reply_clock),
    ("T2", t2_online_first_reply),
    ("T3", t3_online_complex),
    ("T4", t4_three_rings),
    ("T5", t5_phone_answers),
    ("T6", t6_urgent_contact),
    ("T7", t7_urgent_on_site),
    ("T8", t8_force_majeure),
    ("T9", t9_ordinary_repair),
    ("T10", t10_complaint_first_reply),
    ("T11", t11_simple_complaint),
    ("T12", t12_complex_complaint),
    ("P4", p4_people),
    ("P6", p6_hotline),
    ("P7", p7_equipment),
    ("P8", p8_upgrades_and_budget),
    ("P10", p10_emergency),
    ("L1", l1_l2_ledger),
    ("L2", l1_l2_ledger),
    ("L3", l3_general_and_major),
    ("L4", l4_verified_on_site),
    ("L5", l5_carry_out_deadline),
    ("L6", l6_scope),
    ("L7", l7_mediation),
    ("B1", b1_minor),
    ("B2", b2_remedy),
    ("B3", b3_major),
    ("B4", b4_compensation),
    ("S2", s2_survey_after_every_service),
    ("S3", s3_satisfaction_standard),
    ("C1", c1_confidential),
    ("C2", c2_head),
];

#[test]
fn every_row_is_carried() {
    let (response_time, hotline) = (response_time(), hotline());
    for (row, holds) in ROWS {
        // Shown only if it fails: the last line is the row that is not carried.
        println!("{row}");
        holds(&response_time, &hotline);
    }
}

fn t1_every_request_has_a_first_reply_clock(response_time: &Commitment, hotline: &Commitment) {
    for letter in [response_time, hotline] {
        let table = coverage::table(&[letter]);
        assert_eq!(table.gaps().count(), 0, "{}", table.render(Language::En));
        let kinds = if letter.covers.is_empty() { Kind::ALL } else { letter.covers.as_slice() };
        for row in table.rows.iter().filter(|row| kinds.contains(&row.case.kind)) {
            let first = row.cells.iter().any(|cell| {
                cell.from == Mark::Received && cell.until.iter().any(|mark| mark.is_first_reply())
            });
            assert!(first, "{}", row.case.words(Language::En));
        }
    }
    assert!(response_time.covers.is_empty(), "the response time letter is about every kind");
    assert_eq!(hotline.covers, [Kind::Complaint]);
}

fn t2_online_first_reply(letter: &Commitment, _: &Commitment) {
    let promise =
        clock(letter, "online-first-reply", Mark::Received, &[Mark::FirstReply], working(15), "office");
    assert!(!promise.automatic, "a person replies");
    for channel in [Channel::Web, Channel::Chat, Channel::App, Channel::Email, Channel::Api] {
        assert!(promise.when.covers(&Facets::of(Kind::Consultation), channel), "{channel}");
    }
    assert!(!promise.when.covers(&Facets::of(Kind::Consultation), Channel::Phone));
    assert!(!promise.when.covers(&Facets::of(Kind::Repair), Channel::Web));
}

fn t3_online_complex(letter: &Commitment, _: &Commitment) {
    let detailed =
        clock(letter, "online-detailed-reply", Mark::Received, &[Mark::DetailedReply], working(60), "office");
    assert_eq!(detailed.when.complexity, [Complexity::Complex]);
    assert_eq!(detailed.tells, Some(Mark::FullAnswer));
    clock(letter, "online-full-answer", Mark::DetailedReply, &[Mark::FullAnswer], Budget::AsTold, "always");
}

fn t4_three_rings(letter: &Commitment, _: &Commitment) {
    let promise =
        clock(letter, "phone-pick-up", Mark::Received, &[Mark::PickedUp], Budget::Rings(3), "always");
    for kind in Kind::ALL {
        assert!(promise.when.covers(&Facets::of(*kind), Channel::Phone), "{kind}");
        assert!(!promise.when.covers(&Facets::of(*kind), Channel::Web), "{kind}");
    }
}

fn t5_phone_answers(letter: &Commitment, _: &Commitment) {
    clock(letter, "phone-common-answer", Mark::PickedUp, &[Mark::FullAnswer], Budget::TheCall, "always");
    clock(letter, "phone-special-answer", Mark::LookupTold, &[Mark::FullAnswer], working(5), "always");
    let simple = Facets::of(Kind::Consultation);
    let complex = Facets { complexity: Complexity::Complex, ..simple.clone() };
    assert_eq!(running(letter, &simple, Channel::Phone), ["phone-pick-up", "phone-common-answer"]);
    assert_eq!(running(letter, &complex, Channel::Phone), ["phone-pick-up", "phone-special-answer"]);
}

fn t6_urgent_contact(letter: &Commitment, _: &Commitment) {
    let promise = clock(letter, "urgent-contact", Mark::Received, &[Mark::Contacted], working(30), "always");
    assert_eq!(promise.requires, [Content::Severity, Content::Plan]);
    assert_eq!(
        (promise.when.kind.as_slice(), promise.when.urgency.as_slice()),
        (&[Kind::Repair][..], &[Urgency::Urgent][..])
    );
}

fn t7_urgent_on_site(letter: &Commitment, _: &Commitment) {
    let local =
        clock(letter, "urgent-onsite-local", Mark::Received, &[Mark::Arrived], working(2 * 60), "always");
    assert_eq!(local.when.site, [Site::Local]);
    let remote =
        clock(letter, "urgent-onsite-remote", Mark::Received, &[Mark::Arrived], working(24 * 60), "always");
    assert_eq!(remote.when.site, [Site::Remote]);
}

fn t8_force_majeure(letter: &Commitment, _: &Commitment) {
    for id in ["urgent-onsite-local", "urgent-onsite-remote"] {
        let promise = letter.promise(id).expect(id);
        let needs = promise.except.get(&Ground::ForceMajeure).expect("force majeure is excepted");
        assert_eq!(needs, &[Need::Evidence, Need::WordToCustomer, Need::Alternative], "{id}");
    }
}

fn t9_ordinary_repair(letter: &Commitment, _: &Commitment) {
    let contact = clock(letter, "repair-contact", Mark::Received, &[Mark::Contacted], working(60), "office");
    assert_eq!(contact.when.urgency, [Urgency::Normal]);
    let ends = [Mark::Arrived, Mark::RemoteSolution];
    clock(letter, "repair-visit-or-remote", Mark::Received, &ends, working(48 * 60), "always");
}

fn t10_complaint_first_reply(letter: &Commitment, _: &Commitment) {
    let promise = clock(
        letter,
        "complaint-acknowledged",
        Mark::Received,
        &[Mark::Acknowledged],
        working(2 * 60),
        "office",
    );
    assert_eq!(promise.requires, [Content::Apology, Content::InvestigationBegun]);
    for channel in Channel::ALL {
        assert!(promise.when.covers(&Facets::of(Kind::Complaint), *channel), "{channel}");
    }
}

fn t11_simple_complaint(letter: &Commitment, _: &Commitment) {
    let until = [Mark::SolutionProposed];
    let promise =
        clock(letter, "complaint-solution-simple", Mark::Received, &until, working(24 * 60), "always");
    assert_eq!(promise.when.complexity, [Complexity::Simple]);
}

fn t12_complex_complaint(letter: &Commitment, _: &Commitment) {
    let until = [Mark::ProgressReported];
    clock(letter, "complaint-progress-complex", Mark::Received, &until, working(48 * 60), "always");
    let until = [Mark::SolutionProposed];
    let promise =
        clock(letter, "complaint-solution-complex", Mark::Received, &until, Budget::Workdays(7), "office");
    assert_eq!(promise.when.complexity, [Complexity::Complex]);
    assert!(promise.pause.contains(&PauseReason::Mediation));
}

fn p4_people(response_time: &Commitment, hotline: &Commitment) {
    let limits =
        |letter: &Commitment| letter.capacity.map(|capacity| (capacity.per_person_per_day, capacity.at_once));
    assert_eq!(limits(response_time), Some((30, Some(8))));
    assert_eq!(limits(hotline), Some((20, Some(5))));
    duty(hotline, "complaint-training", 1, Every::Quarter, "customer-service");
    duty(hotline, "qualification-check", 2, Every::Year, "legal-compliance");
}

fn p6_hotline(_: &Commitment, letter: &Commitment) {
    clock(letter, "hotline-pick-up", Mark::Received, &[Mark::PickedUp], Budget::Rings(3), "always");
    assert_eq!(letter.hotline.as_deref(), Some("400-000-0000"));
}

#[track_caller]
fn duty(letter: &Commitment, id: &str, times: u32, every: Every, owner: &str) {
    let duty = letter.duties.iter().find(|duty| duty.id == id).unwrap_or_else(|| panic!("no duty `{id}`"));
    assert_eq!((duty.times, duty.every, duty.owner.as_str()), (times, every, owner), "{id}");
    assert!(duty.evidence.is_some(), "{id} is proved by something");
}

fn p7_equipment(_: &Commitment, letter: &Commitment) {
    duty(letter, "equipment-check", 3, Every::Day, "technical-support");
}

fn p8_upgrades_and_budget(response_time: &Commitment, hotline: &Commitment) {
    duty(response_time, "system-upgrade", 2, Every::Year, "technical-support");
    duty(hotline, "system-upgrade", 4, Every::Year, "technical-support");
    let share = |letter: &Commitment, id: &str| {
        letter.duties.iter().find(|duty| duty.id == id).and_then(|duty| duty.revenue_share_percent)
    };
    assert_eq!(share(response_time, "service-budget"), Some(2));
    assert_eq!(share(hotline, "complaint-budget"), Some(1));
}

fn p10_emergency(response_time: &Commitment, hotline: &Commitment) {
    let surge = response_time.surge.as_ref().expect("an emergency plan");
    assert_eq!((surge.arrivals_factor, surge.over), (3, SignedDuration::from_mins(10)));
    assert_eq!(surge.team, ["supervision", "customer-service", "technical-support"]);
    assert!(hotline.surge.is_some());
}

fn l1_l2_ledger(_: &Commitment, letter: &Commitment) {
    assert!(letter.states(Rule::NothingDeleted));
    assert!(letter.states(Rule::WholeCourse));
}

fn l3_general_and_major(_: &Commitment, letter: &Commitment) {
    let until = [Mark::FirstReply];
    let general =
        clock(letter, "complaint-response-general", Mark::Received, &until, working(4 * 60), "always");
    assert_eq!(general.when.severity, [Severity::General]);
    let until = [Mark::InvestigationStarted];
    let major = clock(letter, "major-investigation", Mark::Received, &until, working(2 * 60), "always");
    assert_eq!(major.when.severity, [Severity::Major]);
}

fn l4_verified_on_site(_: &Commitment, letter: &Commitment) {
    assert!(letter.states(Rule::VerifyOnSite));
    let until = [Mark::VerifiedOnSite];
    let promise = clock(letter, "technical-verified", Mark::Received, &until, Budget::Workdays(3), "office");
    assert_eq!(promise.when.technical, Some(true));
}

fn l5_carry_out_deadline(response_time: &Commitment, hotline: &Commitment) {
    assert!(response_time.states(Rule::SolutionDeadline) && hotline.states(Rule::SolutionDeadline));
    clock(
        hotline,
        "solution-carried-out",
        Mark::SolutionProposed,
        &[Mark::CarriedOut],
        Budget::AsTold,
        "always",
    );
}

fn l6_scope(response_time: &Commitment, hotline: &Commitment) {
    for letter in [response_time, hotline] {
        assert!(letter.states(Rule::RefusalNamesTerm));
        assert!(letter.scope.iter().any(|term| term.inside) && letter.scope.iter().any(|term| !term.inside));
    }
    let ids: Vec<_> = hotline.scope.iter().map(|term| (term.id.as_str(), term.inside)).collect();
    assert_eq!(ids, [("C-1", true), ("C-2", true), ("C-3", false), ("C-4", false)]);
}

fn l7_mediation(_: &Commitment, letter: &Commitment) {
    assert!(letter.states(Rule::Mediation));
    assert!(
        letter.promise("solution-proposed").expect("the solution").pause.contains(&PauseReason::Mediation)
    );
}

fn b1_minor(response_time: &Commitment, hotline: &Commitment) {
    for (letter, late_first_reply) in
        [(response_time, "complaint-acknowledged"), (hotline, "complaint-response-general")]
    {
        assert_eq!(letter.promise(late_first_reply).and_then(|promise| promise.grade), Some(Grade::Minor));
        assert!(letter.breaches[&Grade::Minor].text.is_some(), "the letter says what a minor breach is");
    }
}

fn b2_remedy(response_time: &Commitment, hotline: &Commitment) {
    let terms = |letter: &Commitment, grade| {
        let terms = &letter.breaches[&grade];
        (terms.remedy_within, terms.on.clone(), terms.notice)
    };
    let office = |days| (Budget::Workdays(days), "office".to_owned(), Form::Written);
    assert_eq!(terms(response_time, Grade::Minor), office(3));
    assert_eq!(terms(response_time, Grade::Major), office(1));
    assert_eq!(terms(hotline, Grade::Minor), office(5));
    assert_eq!(terms(hotline, Grade::Major), office(2));
}

fn b3_major(_: &Commitment, letter: &Commitment) {
    for id in ["major-investigation", "solution-carried-out"] {
        assert_eq!(letter.promise(id).and_then(|promise| promise.grade), Some(Grade::Major), "{id}");
    }
    assert!(letter.breaches[&Grade::Major].text.is_some(), "the letter says what a major breach is");
}

fn b4_compensation(response_time: &Commitment, hotline: &Commitment) {
    let table = |letter: &Commitment| -> Vec<(usize, i64, Option<u8>)> {
        let reduction = |give: &Give| match give {
            Give::FeeReduction(percent) => Some(*percent),
            Give::AddedService(_) => None,
        };
        let lines = letter.compensations.iter();
        lines.map(|line| (line.promise.len(), line.overrun.as_hours(), reduction(&line.give))).collect()
    };
    assert_eq!(table(response_time), [(3, 0, Some(10)), (2, 4, Some(30)), (1, 24, None), (2, 24, Some(5))]);
    assert_eq!(table(hotline), [(1, 0, Some(10)), (2, 24, Some(15)), (0, 2, None)]);
}

fn s2_survey_after_every_service(letter: &Commitment, _: &Commitment) {
    let survey = letter.survey.as_ref().expect("a survey");
    assert_eq!(
        (survey.after, survey.ask.as_slice()),
        (Mark::Closed, &["response-time".to_owned(), "quality".to_owned()][..])
    );
}

fn s3_satisfaction_standard(_: &Commitment, letter: &Commitment) {
    let survey = letter.survey.as_ref().expect("a survey");
    assert_eq!(survey.standard, 95);
    assert!(survey.ask.iter().any(|question| question == "solution"));
    let low = survey.low.as_ref().expect("a low rating opens something");
    assert_eq!((low.at_most, low.within, low.on.as_str()), (2, Budget::Workdays(1), "office"));
}

fn c1_confidential(response_time: &Commitment, hotline: &Commitment) {
    assert!(response_time.states(Rule::Confidential) && hotline.states(Rule::Confidential));
}

fn c2_head(response_time: &Commitment, hotline: &Commitment) {
    let effective: jiff::Timestamp = "2026-09-01T00:00:00+08:00".parse().expect("an instant");
    for (letter, number) in [(response_time, "YN-2026-001"), (hotline, "YN-2026-002")] {
        assert_eq!((letter.number.as_str(), letter.effective), (number, effective));
        assert!(letter.signed.on < effective.to_zoned(jiff::tz::TimeZone::UTC).date());
    }
}
