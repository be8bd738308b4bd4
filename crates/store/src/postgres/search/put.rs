//! Documents into the index, and out of it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write as _,
};

use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{Document, IndexStep, LedgerError, search::pages_digest};

use super::blocks::{self, Reached};
use crate::{
    cells::{Cells, Put, id},
    postgres::{
        columns::{Columns, Value},
        pool::Via,
    },
};

const NEW_TRAITS: &str = "INSERT INTO search_traits (text) SELECT w.t FROM unnest($1::text[]) AS w(t)
        WHERE NOT EXISTS (SELECT FROM search_traits AS s WHERE s.text = w.t) ON CONFLICT DO NOTHING";
const TRAITS: &str = "SELECT text, id FROM search_traits WHERE text = ANY($1::text[])";
const KEPT: &str = "SELECT ticket, audience, document, digest FROM search_documents
    WHERE org = $1 AND ticket = ANY($2::bytea[]) AND page = 0";
const UPDATE: &str = "UPDATE search_documents AS d SET traits = r.traits, received_at_us = r.received
    FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[])
        AS r(org, ticket, audience, traits, received)
    WHERE d.org = r.org AND d.ticket = r.ticket AND d.audience = r.audience";
const REMOVE: &str = "DELETE FROM search_documents AS d
    USING unnest($1::text[], $2::bytea[], $3::bigint[]) AS r(org, ticket, audience)
    WHERE d.org = r.org AND d.ticket = r.ticket AND d.audience = r.audience";
const ADD: &str = "INSERT INTO search_documents
        (org, ticket, audience, page, long, document, traits, received_at_us, digest, tokens)
    SELECT org, ticket, audience, page, long, document, traits, received, digest, tokens::tsvector
    FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bigint[], $5::boolean[], $6::bigint[], $7::bigint[],
        $8::bigint[], $9::bytea[], $10::text[])
        AS r(org, ticket, audience, page, long, document, traits, received, digest, tokens)";
const REMOVE_TICKETS: &str = "DELETE FROM search_documents WHERE org = $1 AND ticket = ANY($2::bytea[])
    RETURNING 1";
const UNSWEPT: &str = "UPDATE search_indexes SET unswept = true WHERE org = $1";
const CLEAR: &str = "DELETE FROM search_documents WHERE org = $1";
const CLEAR_BLOCKS: &str = "DELETE FROM search_blocks WHERE org = $1";

/// A page as PostgreSQL reads it: each token with its places, if those count, and the blocks.
fn vector(page: &str, blocks: &str) -> String {
    let (in_a_row, others) = page.split_once('|').unwrap_or((page, ""));
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, token) in in_a_row.split_whitespace().enumerate() {
        places.entry(token).or_default().push(place.saturating_add(1));
    }
    let mut vector = String::with_capacity(page.len().saturating_mul(2));
    for (token, places) in places {
        vector.push_str(token);
        for (n, place) in places.iter().enumerate() {
            // Writing to a text does not fail.
            let _ = write!(vector, "{}{place}", if n == 0 { ':' } else { ',' });
        }
        vector.push(' ');
    }
    vector.push_str(blocks);
    vector.push_str(others);
    vector
}

fn ids(tickets: impl Iterator<Item = TicketId>) -> Vec<Vec<u8>> {
    tickets.map(|ticket| ticket.uuid().as_bytes().to_vec()).collect()
}

/// By ticket and audience: the number of the document, and the digest of its pages.
type Kept = HashMap<(TicketId, i64), (i64, Vec<u8>)>;

async fn kept(via: Via<'_>, org: &OrgId, documents: &[Document]) -> Result<Kept, LedgerError> {
    let asked = ids(documents.iter().map(|document| document.ticket));
    let rows = via.query(KEPT, &[&org.as_str(), &asked]).await?;
    let read = |row: &tokio_postgres::Row| {
        let of = (id(row, 0, TicketId::from_uuid)?, row.number(1)?);
        Ok((of, (row.number(2)?, row.bytes(3)?.to_vec())))
    };
    rows.iter().map(read).collect()
}

async fn traits(via: Via<'_>, documents: &[Document]) -> Result<HashMap<String, i64>, LedgerError> {
    let texts: BTreeSet<String> = documents.iter().map(|document| document.traits.text()).collect();
    let texts: Vec<String> = texts.into_iter().collect();
    via.query(NEW_TRAITS, &[&texts]).await?;
    let rows = via.query(TRAITS, &[&texts]).await?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.number(1)?))).collect()
}

/// Takes a step. `next` is the number of the next document; gives the number of the one after them.
pub(super) async fn step(
    via: Via<'_>,
    org: &OrgId,
    step: &IndexStep,
    mut next: i64,
) -> Result<i64, LedgerError> {
    if !step.documents.is_empty() {
        put(via, org, &step.documents, &mut next).await?;
    }
    if step.gone.is_empty() {
        return Ok(next);
    }
    let gone = ids(step.gone.iter().copied());
    if !via.query(REMOVE_TICKETS, &[&org.as_str(), &gone]).await?.is_empty() {
        via.query(UNSWEPT, &[&org.as_str()]).await?;
    }
    Ok(next)
}

async fn put(via: Via<'_>, org: &OrgId, documents: &[Document], next: &mut i64) -> Result<(), LedgerError> {
    let mut before = kept(via, org, documents).await?;
    let traits = traits(via, documents).await?;
    let (mut updated, mut removed, mut added) = (Columns::default(), Columns::default(), Columns::default());
    let mut reached = Reached::default();
    for document in documents {
        let ids = traits.get(&document.traits.text());
        let traits = *ids.ok_or(LedgerError::Unfit { what: "the traits of a document were not kept" })?;
        let received = document.received_at.as_microsecond();
        for (audience, pages) in document.parts() {
            let digest = pages_digest(pages);
            let before = before.remove(&(document.ticket, audience));
            let number = before.as_ref().map_or(*next, |(number, _)| *number);
            reached.note(number, received);
            match before {
                // Most of what happens to a ticket adds no word to it.
                Some((_, known)) if known == digest => {
                    updated.row().text(org.as_str()).uuid(document.ticket.uuid()).number(audience);
                    updated.number(traits).number(received);
                    continue;
                }
                Some(_) => {
                    removed.row().text(org.as_str()).uuid(document.ticket.uuid()).number(audience);
                }
                None => *next = next.saturating_add(1),
            }
            // A text without a word is there all the same: it can be found by its traits.
            let (empty, blocks) = ([String::new()], blocks::tokens(number));
            let pages = if pages.is_empty() { &empty } else { pages };
            for (page, tokens) in (0_i64..).zip(pages) {
                added.row().text(org.as_str()).uuid(document.ticket.uuid()).number(audience).number(page);
                added.flag(pages.len() > 1).number(number).number(traits).number(received).bytes(&digest);
                added.text(&vector(tokens, &blocks));
            }
        }
    }
    for (ticket, audience) in before.into_keys() {
        removed.row().text(org.as_str()).uuid(ticket.uuid()).number(audience);
    }
    for (sql, rows) in [(UPDATE, updated), (REMOVE, removed), (ADD, added)] {
        if !rows.is_empty() {
            via.query(sql, &rows.values()).await?;
        }
    }
    reached.keep(via, org).await
}

/// Takes everything of the organisation out.
pub(super) async fn clear(via: Via<'_>, org: &OrgId) -> Result<(), LedgerError> {
    for sql in [CLEAR, CLEAR_BLOCKS] {
        via.query(sql, &[&org.as_str()]).await?;
    }
    let values: [Value<'_>; 1] = [&org.as_str()];
    via.query(UNSWEPT, &values).await.map(drop)
}
