//! What every ledger has to do, in code. A store runs all of it on a fresh ledger per check:
//!
//! ```text
//! yinuo_ledger::conformance::all(|| Arc::new(MemoryLedger::new(sample::vault()))).await;
//! ```
//! The ledger has to open with [`sample::vault`]. The checks use only the contracts, and time and randomness of their own, so every run is the same. They panic with
//! what was expected.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a suite of checks: a panic is how it says that a store does not conform"
)]

mod desk;
mod log;
mod persons;
pub mod sample;
mod search;
mod together;
mod transfer;
mod tree;
mod vectors;
mod views;

use std::sync::Arc;

pub use together::join_all;

use crate::Ledger;

/// Runs every check, each on a ledger that `make` makes fresh.
pub async fn all(make: impl Fn() -> Arc<dyn Ledger>) {
    log::append_and_load(&*make()).await;
    log::organisation_stream(&*make()).await;
    log::contents_come_back(&*make()).await;
    log::one_of_many_wins(&*make()).await;
    log::idempotency(&*make()).await;
    log::many_judged_one_by_one(&*make()).await;
    log::a_misfit_is_refused(&*make()).await;
    log::numbers_of_days(&*make()).await;
    log::readers_skip_nothing(&*make()).await;
    log::appends_wake(&*make()).await;
    views::order_and_pages(&*make()).await;
    views::filters(&*make()).await;
    views::lookups(&*make()).await;
    views::tallies_follow(&*make()).await;
    views::clocks_replace(&*make()).await;
    views::clock_filters(&*make()).await;
    views::alarms_in_order(&*make()).await;
    views::alarms_are_claimed_once(&*make()).await;
    views::rebuild_gives_the_same(&*make()).await;
    desk::outbox_with_two_workers(&*make()).await;
    desk::jobs_come_with_their_append(&*make()).await;
    desk::passwords_and_sessions(&*make()).await;
    desk::notices(&*make()).await;
    desk::organisations_do_not_meet(&*make()).await;
    vectors::vectors_are_kept_by_model(&*make()).await;
    tree::leaves_in_order(&*make()).await;
    tree::the_tree_grows(&*make()).await;
    tree::the_tree_is_compared_and_set(&*make()).await;
    tree::one_leads(&*make()).await;
    persons::contacts_lead_to_one_person(&*make()).await;
    persons::one_person_per_contact(&*make()).await;
    persons::who_shares_a_contact_is_found_from_both_sides(&*make()).await;
    persons::everybody_in_order(&*make()).await;
    persons::words_are_sealed_for_their_person(&*make()).await;
    persons::erased_for_good(&*make()).await;
    persons::nothing_is_kept_for_the_erased(&*make()).await;
    persons::erased_together_with_the_record(&*make()).await;
    persons::erased_as_of_what_was_seen(&*make()).await;
    persons::secrets_are_kept_once(&*make()).await;
    persons::wrapped_anew(&*make()).await;
    search::phrases_are_found(&*make()).await;
    search::pages_of_a_text(&*make()).await;
    search::traits_and_turning_pages(&*make()).await;
    search::one_indexer_at_a_time(&*make()).await;
    search::indexes_do_not_meet(&*make()).await;
    search::the_index_finds_what_a_scan_finds(&*make()).await;
    transfer::moves_whole(&*make(), &*make()).await;
    transfer::out_of_service_until_it_has_arrived(&*make()).await;
    transfer::cut_off_and_begun_again(&*make()).await;
    transfer::another_log_is_not_mixed_in(&*make()).await;
    transfer::damage_on_the_way_is_found(&make).await;
    transfer::who_left_takes_nothing(&*make()).await;
    transfer::one_snapshot(&*make()).await;
    transfer::the_erased_stay_erased(&*make()).await;
}
