//! Signed notes, keys and checkpoints.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use yinuo_ledger::{
    Checkpoint, Hash,
    checkpoint::{KeyKind, LogKey, NOTE_MAX_BYTES, NoKey, Note, NoteError, VerifierKey},
};

/// The example that the Go project documents for its signed notes.
const KNOWN_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const KNOWN_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn log_key() -> LogKey {
    LogKey::new("yinuo.local/main", KeyKind::Log, &[7; 32]).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: "yinuo.local/main".into(), size: 20_852_163, root: Hash([0xab; 32]) }
}

#[test]
fn a_published_note_is_verified() {
    let key: VerifierKey = KNOWN_KEY.parse().unwrap();
    assert_eq!(key.to_string(), KNOWN_KEY);
    assert_eq!((key.name(), key.kind()), ("PeterNeumann", KeyKind::Log));
    let note = Note::parse(KNOWN_NOTE).unwrap();
    note.verify(&key).unwrap();
    assert_eq!(note.to_string(), KNOWN_NOTE);
    let changed = KNOWN_NOTE.replacen("answer", "question", 1);
    let changed = Note::parse(&changed).unwrap().verify(&key);
    assert_eq!(changed, Err(NoteError::Changed { key: "PeterNeumann".into() }));
    assert_eq!(Checkpoint::parse(note.text()), Err(NoteError::NoCheckpoint));
}

#[test]
fn a_checkpoint_is_signed_and_verified() {
    let key = log_key();
    let note = key.sign(&checkpoint()).to_string();
    let mut lines = note.lines();
    assert_eq!(lines.next(), Some("yinuo.local/main"));
    assert_eq!(lines.next(), Some("20852163"));
    assert_eq!(lines.next(), Some("q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s="));
    assert_eq!(Checkpoint::verified(&note, key.verifier()), Ok(checkpoint()));
    // The key goes through its text.
    let told: VerifierKey = key.verifier().to_string().parse().unwrap();
    assert_eq!(&told, key.verifier());

    let other = LogKey::new("yinuo.local/main", KeyKind::Log, &[8; 32]).unwrap();
    let error = Checkpoint::verified(&note, other.verifier()).unwrap_err();
    assert!(error.to_string().contains("signed by another server"), "{error}");
    let elsewhere = LogKey::new("yinuo.local/branch", KeyKind::Log, &[7; 32]).unwrap();
    let error = Checkpoint::verified(&note, elsewhere.verifier()).unwrap_err();
    assert!(matches!(error, NoteError::OtherLog { .. }), "{error}");
    for (from, to) in [("20852163", "20852164"), ("q6ur", "r6ur")] {
        let changed = note.replacen(from, to, 1);
        assert!(matches!(Checkpoint::verified(&changed, key.verifier()), Err(NoteError::Changed { .. })));
    }
}

#[test]
fn witnesses_cosign() {
    let key = log_key();
    let witness = LogKey::new("witness.example/w1", KeyKind::Witness, &[9; 32]).unwrap();
    let mut note = key.sign(&checkpoint());
    assert!(matches!(note.verify(witness.verifier()), Err(NoteError::NotSigned { .. })));
    note.add(witness.cosign(&note, 1_679_315_147));
    note.add(witness.cosign(&note, 1_679_315_148));
    assert_eq!(note.signatures().len(), 2, "the newer takes the place of the older");
    let note = Note::parse(&note.to_string()).unwrap();
    assert_eq!(note.verify(witness.verifier()), Ok(Some(1_679_315_148)));
    assert_eq!(note.verify(key.verifier()), Ok(None));
    let later = key.sign(&Checkpoint { size: 20_852_164, ..checkpoint() });
    let mut moved = later.clone();
    note.signatures().iter().skip(1).cloned().for_each(|signature| moved.add(signature));
    assert!(matches!(moved.verify(witness.verifier()), Err(NoteError::Changed { .. })));
    // A key of the same name that signs notes is another key than one that cosigns them.
    let as_log = LogKey::new("witness.example/w1", KeyKind::Log, &[9; 32]).unwrap();
    assert!(matches!(note.verify(as_log.verifier()), Err(NoteError::NotSigned { .. })));
}

#[test]
fn what_is_no_note_is_refused() {
    let good = log_key().sign(&checkpoint()).to_string();
    let line = good.lines().last().unwrap();
    let text = "yinuo.local/main\n1\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n";
    for bad in [
        String::new(),
        "\n\n".into(),
        text.into(),
        format!("{text}\n"),
        format!("{text}\n{line}"),
        format!("{text}\nsigned\n"),
        format!("{text}\n\u{2014} two names {line}\n"),
        format!("{text}\n\u{2014} name AAAA\n"),
        format!("{text}\n\u{2014} name not-base64\n"),
        format!("{text}\r\n{line}\r\n"),
        format!("{}\n{line}\n", "x\n".repeat(NOTE_MAX_BYTES)),
    ] {
        assert!(matches!(Note::parse(&bad), Err(NoteError::Form { .. })), "{bad:?}");
    }
    for bad in [
        "",
        "o\n1\n",
        "\n1\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n",
        "o\n01\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n",
        "o\n-1\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n",
        "o\n18446744073709551616\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n",
        "o\n1\nq6ur\n",
        "o\n1\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=",
        "o\n1\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n\n",
    ] {
        assert_eq!(Checkpoint::parse(bad), Err(NoteError::NoCheckpoint), "{bad:?}");
    }
    assert_eq!(Checkpoint::parse(&format!("{text}extension\n")).unwrap().size, 1);
}

#[test]
fn what_is_no_key_is_refused() {
    for (bad, why) in [
        ("", NoKey::Form),
        ("-----BEGIN PUBLIC KEY-----", NoKey::Form),
        ("name+c74f20a3", NoKey::Form),
        ("name+c74f20+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", NoKey::Form),
        ("name+c74f20a3+???", NoKey::Form),
        ("name+c74f20a3+", NoKey::Form),
        ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", NoKey::Name),
        ("a b+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", NoKey::Name),
        ("PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", NoKey::Kind),
        ("PeterNeumann+c74f20a3+ARpc2Qc=", NoKey::Point),
        ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", NoKey::Id),
        ("PeterNewmann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", NoKey::Id),
    ] {
        assert_eq!(bad.parse::<VerifierKey>(), Err(why), "{bad}");
    }
    assert_eq!(LogKey::new("a b", KeyKind::Log, &[1; 32]).err(), Some(NoKey::Name));
    assert!(!format!("{:?}", log_key()).contains("0707"), "no secret is printed");
}

proptest! {
    #[test]
    fn no_text_breaks_the_parsers(text in "(?s).{0,200}", line in "\u{2014} [a-z+ ]{0,9} [A-Za-z0-9+/=]{0,40}") {
        let _ = Note::parse(&text);
        let _ = Note::parse(&format!("{text}\n\n{line}\n"));
        let _ = Checkpoint::parse(&text);
        let _ = text.parse::<VerifierKey>();
    }
}
