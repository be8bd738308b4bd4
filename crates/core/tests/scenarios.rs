//! Scenarios that read like the letters: a dated script, and what every clock shows over time.
//!
//! Each file of `scenarios/` is one course of a ticket; `scenarios/README.md` tells how a script reads. To see what the
//! product shows instead of what a script says, run with `SCENARIO_SHOWN=1`: the failure then prints the whole script
//! with every reading as it is.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests may panic")]

mod company;
#[path = "scenarios/desk.rs"]
mod desk;
#[path = "scenarios/script.rs"]
mod script;

use std::path::Path;

fn check(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let path = folder.join(format!("{name}.txt"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let played = script::play(&text);
    let whole = std::env::var_os("SCENARIO_SHOWN").is_some();
    assert!(
        played.wrong.is_empty(),
        "{name}.txt\n{}",
        if whole { played.shown } else { played.wrong.join("\n") }
    );
}

/// One test for each script, and one that no script is forgotten.
macro_rules! scenarios {
    ($($name:ident,)+) => {
        $(#[test] fn $name() { check(&stringify!($name).replace('_', "-")); })+

        #[test]
        fn every_script_is_played() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
            let mut found: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .filter_map(|file| file.unwrap().file_name().into_string().unwrap().strip_suffix(".txt").map(str::to_owned))
                .collect();
            found.sort();
            let mut played = vec![$(stringify!($name).replace('_', "-"),)+];
            played.sort();
            assert_eq!(found, played);
        }
    };
}

scenarios! {
    an_automatic_answer_helps_or_not,
    answered_by_the_product,
    b1_late_first_reply,
    b1_short_solution_accepted,
    b2_remedy_in_time,
    b2_remedy_outlives_its_round,
    b3_concealment,
    b3_short_and_rejected,
    b4_compensation,
    c1_who_looks_says_why,
    l1_nothing_is_edited_away,
    l2_whole_course,
    l3_general_and_major,
    l4_not_technical,
    l4_verify_on_site_first,
    l5_carry_out_deadline,
    l5_rejected_and_proposed_anew,
    l6_refusal_names_the_term,
    l7_mediation,
    ladder_finds_nobody_else,
    late_tick_after_a_night_down,
    p1_closed_without_triage,
    p1_corrected_after_triage,
    p1_lead_steps_in,
    p1_nobody_there,
    p1_reopened_goes_to_who_knows_it,
    p1_routing,
    p1_strictest_reading_until_somebody_looks,
    pause_ends_with_the_customers_word,
    pause_over_a_weekend,
    praise_answered_by_the_product,
    precedence_of_the_narrower_promise,
    reclassified_into_the_past,
    reopened_and_complained_again,
    s2_survey,
    s2_survey_after_the_answer,
    s3_low_rating_is_called_back,
    stopped_late_while_down,
    suggestion_and_praise,
    t10_complaint_acknowledged,
    t11_simple_complaint,
    t12_complex_complaint,
    t12_solution_is_progress,
    t1_measured_for_every_request,
    t2_one_microsecond_late,
    t2_online_first_reply,
    t3_detail_or_answer,
    t3_detailed_reply_tells_when,
    t3_full_answer_at_once,
    t3_told_after_being_called_complex,
    t4_fourth_ring,
    t4_phone_three_rings,
    t4_reopened_without_a_call,
    t5_common_question,
    t5_hung_up_without_answer,
    t5_special_question,
    t6_urgent_contact,
    t7_local_on_site_too_late,
    t7_remote_on_site,
    t8_exception_needs_three_things,
    t8_force_majeure_pauses,
    t8_nothing_to_except,
    t8_word_after_the_due_instant,
    t8_word_of_an_earlier_round,
    t8_word_too_late_for_another_promise,
    t9_ordinary_repair,
    thresholds_fire_once,
    told_time_moves_with_a_pause,
    withdrawn_clocks_fall_away,
}
