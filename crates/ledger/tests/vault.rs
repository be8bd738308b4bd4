//! Master keys, what they wrap, and what people's keys seal.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use yinuo_core::id::{OrgId, PersonId};
use yinuo_ledger::{
    LedgerError, Vault,
    conformance::sample::{Counting, master_key, new_vault, org, other_org},
    vault::{Holder, MasterKeys, RingError, Wrapped},
};

const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn ring(keys: &[u8]) -> MasterKeys {
    let lines: Vec<String> = keys.iter().map(|n| master_key(*n).line().to_string()).collect();
    MasterKeys::parse(&lines.join("\n")).unwrap()
}

fn person() -> PersonId {
    PersonId::from_parts(1, [7; 10])
}

fn another() -> PersonId {
    PersonId::from_parts(1, [8; 10])
}

#[test]
fn a_ring_is_read_however_it_is_laid_out() {
    let text =
        format!("\u{feff}# made on Monday\r\n\r\n  {HEX}   # the first\r\n{}\n\n", *master_key(1).line());
    let keys = MasterKeys::parse(&text).unwrap();
    assert_eq!(keys.ids().len(), 2);
    assert_eq!(keys.ids()[1], master_key(1).id());
    assert_eq!(MasterKeys::parse(BASE64).unwrap().first().id(), keys.first().id(), "hex or base64, one key");
    assert_eq!(MasterKeys::parse(&HEX.to_uppercase()).unwrap().first().id(), keys.first().id());
    assert_eq!(MasterKeys::parse(&keys.first().line()).unwrap().ids(), keys.ids()[..1]);
    // SHA-256 over the prefix and the key, checked with another program.
    assert_eq!(keys.first().id().to_string(), "c6fee3973fa97ac1");
}

#[test]
fn a_ring_that_is_none_is_refused_without_repeating_it() {
    let short = &HEX[..62];
    let cases = [
        (String::new(), RingError::Empty),
        ("\n# nothing\n  \n".into(), RingError::Empty),
        (format!("# one\n{short}"), RingError::NoKey { line: 2 }),
        (format!("{HEX}\n{BASE64}"), RingError::Twice { line: 2, first: 1 }),
        (format!("{HEX}\n\n{HEX}"), RingError::Twice { line: 3, first: 1 }),
        ("00".repeat(32), RingError::Weak { line: 1 }),
        ("hunter2".into(), RingError::NoKey { line: 1 }),
        (format!("{HEX}{HEX}"), RingError::NoKey { line: 1 }),
        (BASE64.replace('=', ""), RingError::NoKey { line: 1 }),
        (format!("{}zz", &HEX[..62]), RingError::NoKey { line: 1 }),
        ("\0".repeat(64), RingError::NoKey { line: 1 }),
        ("钥匙".into(), RingError::NoKey { line: 1 }),
    ];
    for (text, expected) in cases {
        let error = MasterKeys::parse(&text).unwrap_err();
        assert_eq!(error, expected, "{text:?}");
        assert!(!error.to_string().contains(&HEX[..8]), "{error}");
    }
}

#[test]
fn a_wrapped_key_opens_for_its_holder_alone() {
    let vault = new_vault();
    let holder = Holder::Person(person());
    let wrapped = vault.wrap(&org(), &holder, b"a key of thirty-two bytes or not");
    assert_eq!(wrapped.master(), master_key(1).id());
    assert_eq!(&*vault.unwrap(&org(), &holder, &wrapped).unwrap(), b"a key of thirty-two bytes or not");
    let secret = Holder::Secret(person().to_string());
    for (org, holder) in [(other_org(), holder.clone()), (org(), Holder::Person(another())), (org(), secret)]
    {
        assert!(
            matches!(vault.unwrap(&org, &holder, &wrapped), Err(LedgerError::Corrupt { .. })),
            "{holder}"
        );
    }
    // Wrapped twice, it never looks the same.
    assert_ne!(vault.wrap(&org(), &holder, b"x"), vault.wrap(&org(), &holder, b"x"));
}

#[test]
fn any_changed_byte_of_a_wrapped_key_is_found() {
    let vault = new_vault();
    let (custody, wrapped) = vault.new_person(&org(), person());
    assert_eq!(vault.custody(&org(), person(), Some(&wrapped)).unwrap(), custody);
    for at in 0..wrapped.as_bytes().len() {
        let mut bytes = wrapped.as_bytes().to_vec();
        bytes[at] ^= 1;
        let opened =
            Wrapped::from_bytes(bytes).and_then(|changed| vault.custody(&org(), person(), Some(&changed)));
        let found = match at {
            0 => matches!(opened, Err(LedgerError::Corrupt { .. } | LedgerError::Newer { .. })),
            1..=8 => matches!(opened, Err(LedgerError::KeyMissing { .. })),
            _ => matches!(opened, Err(LedgerError::Corrupt { .. })),
        };
        assert!(found, "byte {at}: {opened:?}");
    }
    for length in [0, 1, 9, 48, wrapped.as_bytes().len() - 1] {
        let cut = Wrapped::from_bytes(wrapped.as_bytes()[..length].to_vec());
        let opened = cut.and_then(|cut| vault.custody(&org(), person(), Some(&cut)));
        assert!(matches!(opened, Err(LedgerError::Corrupt { .. })), "{length}: {opened:?}");
    }
    assert!(matches!(Wrapped::from_bytes(vec![9; 200]), Err(LedgerError::Newer { found: 9, known: 1 })));
    let short = vault.wrap(&org(), &Holder::Person(person()), b"short");
    assert!(matches!(vault.custody(&org(), person(), Some(&short)), Err(LedgerError::Corrupt { .. })));
    assert!(vault.custody(&org(), person(), None).unwrap().is_erased());
}

#[test]
fn the_first_key_wraps_and_all_unwrap() {
    let old = Vault::new(ring(&[1]), Arc::new(Counting::default()));
    let (custody, wrapped) = old.new_person(&org(), person());
    let holder = Holder::Person(person());
    let both = Vault::new(ring(&[2, 1]), Arc::new(Counting::default()));
    assert_eq!(both.keys(), [master_key(2).id(), master_key(1).id()]);
    assert_eq!(both.custody(&org(), person(), Some(&wrapped)).unwrap(), custody);
    let anew = both.rewrap(&org(), &holder, &wrapped).unwrap();
    assert_eq!(anew.master(), master_key(2).id());
    assert_eq!(both.custody(&org(), person(), Some(&anew)).unwrap(), custody, "the same key");
    match old.custody(&org(), person(), Some(&anew)) {
        Err(error @ LedgerError::KeyMissing { .. }) => {
            let said = error.to_string();
            assert!(said.contains(&master_key(2).id().to_string()), "{said}");
            assert!(said.contains(&master_key(1).id().to_string()), "{said}");
        }
        other => panic!("{other:?}"),
    }
    // The ring of a running vault is exchanged.
    old.reload(ring(&[2]));
    assert_eq!(old.custody(&org(), person(), Some(&anew)).unwrap(), custody);
    assert!(matches!(old.custody(&org(), person(), Some(&wrapped)), Err(LedgerError::KeyMissing { .. })));
}

#[test]
fn nothing_secret_is_printed() {
    let vault = new_vault();
    let (custody, wrapped) = vault.new_person(&org(), person());
    let shown = format!("{vault:?} {custody:?} {wrapped:?} {:?} {:?}", master_key(1), ring(&[1, 2]));
    assert!(shown.contains(&master_key(1).id().to_string()), "{shown}");
    for secret in [hex::encode([1; 8]), master_key(1).line()[..10].to_owned(), "1, 1, 1".to_owned()] {
        assert!(!shown.contains(&secret), "{secret} in {shown}");
    }
}

#[test]
fn organisations_are_told_apart_however_their_names_meet() {
    // Without lengths in what is bound, `a` + `bc` and `ab` + `c` would be the same place.
    let vault = new_vault();
    let wrapped = vault.wrap(&OrgId::new("a").unwrap(), &Holder::Secret("bc".into()), b"key");
    assert!(vault.unwrap(&OrgId::new("ab").unwrap(), &Holder::Secret("c".into()), &wrapped).is_err());
}
