//! Verifying a receipt with nothing but a public key.

use jiff::Timestamp;
use serde_json::Value;
use yinuo_core::{
    id::OrgId,
    ticket::{Entry, Event},
};

use super::{Part, Receipt, ReceiptError};
use crate::{
    Checkpoint, Content, Hash, Stream, chain,
    checkpoint::{self, VerifierKey},
    record::{Opened, open_ticket},
    tree::{proof::verify_inclusion, record_leaf},
};

/// What a verified receipt says.
#[derive(Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// Number of the ticket.
    pub number: String,
    /// When the request came in.
    pub received_at: Timestamp,
    /// The organisation whose log it is.
    pub org: OrgId,
    /// The stream of the record.
    pub stream: Stream,
    /// Position of the record in the log, from 1.
    pub position: u64,
    /// Its hash.
    pub hash: Hash,
    /// The checkpoint that covers it.
    pub checkpoint: Checkpoint,
    /// Subject of the request, if the receipt holds it.
    pub subject: Option<String>,
    /// Text of the request, if the receipt holds it.
    pub body: Option<String>,
    /// Whether the key came from elsewhere. If not, the receipt only fits itself: somebody else may have made it whole.
    pub key_known: bool,
}

impl std::fmt::Debug for Confirmed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Confirmed({} at {} of {:?})", self.number, self.position, self.checkpoint)
    }
}

impl Receipt {
    /// Verifies all of it. Without a key that is known from elsewhere, its own one is taken.
    pub fn verify(&self, known: Option<&VerifierKey>) -> Result<Confirmed, ReceiptError> {
        let own: VerifierKey = self.key.parse().map_err(ReceiptError::Key)?;
        let key = known.unwrap_or(&own);
        let checkpoint = Checkpoint::verified(&self.checkpoint, key)?;
        if self.origin != checkpoint.origin {
            return Err(ReceiptError::Changed(Part::Origin));
        }
        let hash = self.hash_in(&checkpoint)?;
        let opened = self.opened()?;
        let first = chain::genesis(&opened.org, opened.stream);
        if opened.seq != self.record.seq {
            return Err(ReceiptError::Changed(Part::Seq));
        }
        if opened.seq != 1 {
            return Err(ReceiptError::NoIntake);
        }
        if hex_hash(&self.record.previous, "record.previous")? != first {
            return Err(ReceiptError::Changed(Part::Previous));
        }
        let received = opened.entry.events.iter().find_map(|event| match event {
            Event::Received { number, subject, body, .. } => Some((number, subject, body)),
            _ => None,
        });
        let (number, subject, body) = received.ok_or(ReceiptError::NoIntake)?;
        if *number != self.number {
            return Err(ReceiptError::Changed(Part::Number));
        }
        let received_at: Timestamp =
            self.received_at.parse().map_err(|_| ReceiptError::Value { field: "received_at" })?;
        if received_at != opened.entry.at {
            return Err(ReceiptError::Changed(Part::ReceivedAt));
        }
        Ok(Confirmed {
            number: number.clone(),
            received_at,
            org: opened.org,
            stream: opened.stream,
            position: self.record.position,
            hash,
            checkpoint,
            subject: subject.text().map(str::to_owned),
            body: body.text().map(str::to_owned),
            key_known: known.is_some(),
        })
    }

    /// The hash of the record, which has to follow from its body and to be in the signed tree. Says which of them was
    /// changed where that can be told.
    fn hash_in(&self, checkpoint: &Checkpoint) -> Result<Hash, ReceiptError> {
        let previous = hex_hash(&self.record.previous, "record.previous")?;
        let stated = hex_hash(&self.record.hash, "record.hash")?;
        let proof: Option<Vec<Hash>> = self.proof.iter().map(|hash| checkpoint::hash(hash)).collect();
        let proof = proof.ok_or(ReceiptError::Value { field: "proof" })?;
        let index = self.record.position.checked_sub(1).ok_or(ReceiptError::Changed(Part::Proof))?;
        let is_in = |hash: Hash| {
            verify_inclusion(record_leaf(hash), index, checkpoint.size, &proof, checkpoint.root).is_ok()
        };
        let computed = chain::link(previous, &self.record.body);
        match (computed == stated, is_in(stated)) {
            (true, true) => Ok(stated),
            (true, false) => Err(ReceiptError::Changed(Part::Proof)),
            (false, true) => {
                // What was signed is the stated hash, so body or previous hash was changed. The chain begins with a
                // hash that follows from the body's own words: if that one gives the signed hash, it was the latter.
                let first = Self::place(&self.record.body).map(|(org, stream)| chain::genesis(&org, stream));
                let part = match first {
                    Some(first) if chain::link(first, &self.record.body) == stated => Part::Previous,
                    _ => Part::Body,
                };
                Err(ReceiptError::Changed(part))
            }
            (false, false) if is_in(computed) => Err(ReceiptError::Changed(Part::Hash)),
            (false, false) => Err(ReceiptError::Changed(Part::Record)),
        }
    }

    /// Organisation and stream as a body names them.
    fn place(body: &str) -> Option<(OrgId, Stream)> {
        let body: Value = serde_json::from_str(body).ok()?;
        let text = |field: &str| body.get(field).and_then(Value::as_str);
        Some((OrgId::new(text("org")?).ok()?, text("stream")?.parse().ok()?))
    }

    /// The record with the contents of the receipt, each compared with its digest in the body.
    fn opened(&self) -> Result<Opened<Entry>, ReceiptError> {
        let mut digests = Vec::new();
        if let Ok(body) = serde_json::from_str(&self.record.body) {
            collect(&body, &mut digests);
        }
        let mut contents: Vec<Content> = Vec::new();
        for content in &self.contents {
            let mut salt = [0; 16];
            hex::decode_to_slice(&content.salt, &mut salt)
                .map_err(|_| ReceiptError::Value { field: "contents.salt" })?;
            let opened = Content { n: content.n, salt, text: content.text.as_str().into() };
            let digest = hex::encode(opened.digest());
            let once = contents.iter().all(|other| other.n != opened.n);
            if !once || !digests.contains(&(opened.n, digest)) {
                return Err(ReceiptError::Changed(Part::Content(opened.n)));
            }
            contents.push(opened);
        }
        open_ticket(&self.record.body, &contents).map_err(|_| ReceiptError::NoIntake)
    }
}

fn hex_hash(text: &str, field: &'static str) -> Result<Hash, ReceiptError> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).map_err(|_| ReceiptError::Value { field })?;
    Ok(Hash(hash))
}

/// Index and digest of every text that a body mentions.
fn collect(value: &Value, digests: &mut Vec<(u32, String)>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, digests)),
        Value::Object(fields) => match reference(value) {
            Some(reference) => digests.push(reference),
            None => fields.values().for_each(|value| collect(value, digests)),
        },
        _ => {}
    }
}

/// A text as a body mentions it: `{"n":0,"digest":"…"}`.
fn reference(value: &Value) -> Option<(u32, String)> {
    let n = u32::try_from(value.get("n")?.as_u64()?).ok()?;
    Some((n, value.get("digest")?.as_str()?.to_owned()))
}

/// Indexes of the texts that the customer filed: subject and body of the request.
pub(super) fn filed(body: &str) -> Vec<u32> {
    let Ok(body) = serde_json::from_str::<Value>(body) else { return Vec::new() };
    let events = body.get("events").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let received = events.iter().filter_map(|event| event.get("received"));
    let texts = received.flat_map(|received| [received.get("subject"), received.get("body")]);
    texts.flatten().filter_map(reference).map(|(n, _)| n).collect()
}
