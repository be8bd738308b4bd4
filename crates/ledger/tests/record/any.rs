//! Any entry comes back, and any change is found.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use yinuo_commitment::{Channel, Form, Ground, Language};
use yinuo_core::{
    clock::StepAt,
    id::{MemberId, TicketId},
    roster::{Actor, Role},
    ticket::{Customer, Entry, Event},
    words::Words,
};
use yinuo_ledger::{
    Hash, Stream, Tail, chain,
    conformance::sample::{custody, org, salts, ticket},
    record::{open_ticket, seal_ticket},
};

use crate::*;

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
