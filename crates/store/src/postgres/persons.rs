//! Persons, contacts and secrets.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use deadpool_postgres::ClientWrapper;
use tokio_postgres::Row;
use yinuo_core::id::{OrgId, PersonId, TicketId};
use yinuo_ledger::{
    KeptPerson, LedgerError, Persons, Rewrapping, Vault, Wrapping,
    vault::{Contact, Holder, KeyId, Wrapped},
};

use super::{
    PostgresLedger,
    columns::Value,
    errors::failed,
    log::{execute, owners},
    pool::Via,
    target::Purpose,
};
use crate::{
    cells::{Cells, damaged, id, org, unsigned},
    custody::{PERSON, kept_person},
};

const COUNTS: &str = "SELECT k.id, sum(k.keys)::bigint FROM (
        SELECT substring(wrapped, 2, 8) AS id, count(*) AS keys FROM persons WHERE wrapped IS NOT NULL GROUP BY 1
        UNION ALL SELECT substring(wrapped, 2, 8), count(*) FROM secrets GROUP BY 1) AS k
    GROUP BY k.id";

/// Each step goes to the next id in the index of an organisation, so this costs as little with a million persons as with
/// one.
const KEYS: &str = "WITH RECURSIVE m(org, id) AS (
        SELECT o.org, (SELECT substring(x.wrapped, 2, 8) FROM persons AS x
                WHERE x.org = o.org AND x.wrapped IS NOT NULL ORDER BY x.org, substring(x.wrapped, 2, 8) LIMIT 1)
            FROM organisations AS o
        UNION ALL SELECT m.org, (SELECT substring(x.wrapped, 2, 8) FROM persons AS x
                WHERE x.org = m.org AND x.wrapped IS NOT NULL AND substring(x.wrapped, 2, 8) > m.id
                ORDER BY x.org, substring(x.wrapped, 2, 8) LIMIT 1)
            FROM m WHERE m.id IS NOT NULL)
    SELECT id FROM m WHERE id IS NOT NULL UNION SELECT substring(wrapped, 2, 8) FROM secrets";

/// Two walks along the index of master keys: those before the first key and those after it.
const PERSONS_ELSEWHERE: &str = "SELECT p.org, p.person, p.wrapped FROM organisations AS o CROSS JOIN LATERAL (
        (SELECT * FROM persons AS x WHERE x.org = o.org AND x.wrapped IS NOT NULL AND substring(x.wrapped, 2, 8) < $1
            LIMIT $2)
        UNION ALL (SELECT * FROM persons AS x WHERE x.org = o.org AND x.wrapped IS NOT NULL
            AND substring(x.wrapped, 2, 8) > $1 LIMIT $2)) AS p LIMIT $2";
const SECRETS_ELSEWHERE: &str =
    "SELECT org, name, wrapped FROM secrets WHERE substring(wrapped, 2, 8) <> $1 LIMIT $2";

const REWRAP_PERSON: &str = "UPDATE persons SET wrapped = $4 WHERE org = $1 AND person = $2 AND wrapped = $3";
const REWRAP_SECRET: &str = "UPDATE secrets SET wrapped = $4 WHERE org = $1 AND name = $2 AND wrapped = $3";

const SECRET: &str = "SELECT wrapped FROM secrets WHERE org = $1 AND name = $2";

fn contact(row: &Row, index: usize) -> Result<Contact, LedgerError> {
    let bytes = row.bytes(index)?.try_into();
    bytes.map(Contact).map_err(|_| damaged("a contact is not 16 bytes long"))
}

pub(super) fn key_id(row: &Row, index: usize) -> Result<KeyId, LedgerError> {
    let bytes = row.bytes(index)?.try_into();
    bytes.map(KeyId).map_err(|_| damaged("the id of a master key is not 8 bytes long"))
}

/// The master keys under which something is sealed.
pub(super) async fn keys_in(client: &ClientWrapper) -> Result<Vec<KeyId>, LedgerError> {
    Via::One(client).query(KEYS, &[]).await?.iter().map(|row| key_id(row, 0)).collect()
}

/// How many keys of persons and secrets are wrapped under which master key.
pub(super) async fn wrapped_counts(via: Via<'_>) -> Result<BTreeMap<KeyId, u64>, LedgerError> {
    via.query(COUNTS, &[]).await?.iter().map(|row| Ok((key_id(row, 0)?, unsigned(row, 1)?))).collect()
}

#[async_trait]
impl Persons for PostgresLedger {
    fn vault(&self) -> &Arc<Vault> {
        &self.vault
    }

    async fn persons_by_contact(
        &self,
        org: &OrgId,
        contacts: &[Contact],
    ) -> Result<BTreeMap<Contact, KeptPerson>, LedgerError> {
        if contacts.is_empty() {
            return Ok(BTreeMap::new());
        }
        let asked: Vec<Vec<u8>> = contacts.iter().map(|contact| contact.0.to_vec()).collect();
        let sql = format!(
            "SELECT c.digest, {PERSON} FROM unnest($2::bytea[]) AS w(wanted)
             CROSS JOIN LATERAL (SELECT * FROM contacts WHERE org = $1 AND digest = w.wanted LIMIT 1) AS c
             CROSS JOIN LATERAL (SELECT * FROM persons WHERE org = $1 AND person = c.person LIMIT 1) AS p"
        );
        let rows = self.readers.query(&sql, &[&org.as_str(), &asked]).await?;
        rows.iter().map(|row| Ok((contact(row, 0)?, kept_person(row, 1)?))).collect()
    }

    async fn contacts_of(&self, org: &OrgId, person: PersonId) -> Result<Vec<Contact>, LedgerError> {
        let sql = "SELECT digest FROM contacts WHERE org = $1 AND person = $2 ORDER BY digest";
        let person = person.uuid();
        let rows = self.readers.query(sql, &[&org.as_str(), &person.as_bytes().as_slice()]).await?;
        rows.iter().map(|row| contact(row, 0)).collect()
    }

    async fn persons(
        &self,
        org: &OrgId,
        persons: &[PersonId],
    ) -> Result<BTreeMap<PersonId, KeptPerson>, LedgerError> {
        let asked: Vec<Vec<u8>> = persons.iter().map(|person| person.uuid().as_bytes().to_vec()).collect();
        let sql = format!(
            "SELECT {PERSON} FROM unnest($2::bytea[]) AS w(wanted)
             CROSS JOIN LATERAL (SELECT * FROM persons WHERE org = $1 AND person = w.wanted LIMIT 1) AS p"
        );
        let mut found = BTreeMap::new();
        for row in self.readers.query(&sql, &[&org.as_str(), &asked]).await? {
            let kept = kept_person(&row, 0)?;
            found.insert(kept.person, kept);
        }
        Ok(found)
    }

    async fn persons_after(
        &self,
        org: &OrgId,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<KeptPerson>, LedgerError> {
        let sql = format!(
            "SELECT {PERSON} FROM persons AS p WHERE p.org = $1 AND p.person > $2 ORDER BY p.person LIMIT $3"
        );
        let after = after.map(|after| after.uuid().as_bytes().to_vec()).unwrap_or_default();
        let rows = self.readers.query(&sql, &[&org.as_str(), &after, &i64::from(limit)]).await?;
        rows.iter().map(|row| kept_person(row, 0)).collect()
    }

    async fn persons_sharing(&self, org: &OrgId, contacts: &[Contact]) -> Result<Vec<PersonId>, LedgerError> {
        let asked: Vec<Vec<u8>> = contacts.iter().map(|contact| contact.0.to_vec()).collect();
        let sql = "SELECT l.person FROM unnest($2::bytea[]) AS w(wanted) CROSS JOIN LATERAL (
                SELECT c.person FROM contacts AS c WHERE c.org = $1 AND c.digest = w.wanted
                UNION SELECT m.person FROM mentions AS m WHERE m.org = $1 AND m.digest = w.wanted) AS l
            GROUP BY l.person ORDER BY l.person";
        let rows = self.readers.query(sql, &[&org.as_str(), &asked]).await?;
        rows.iter().map(|row| id(row, 0, PersonId::from_uuid)).collect()
    }

    async fn persons_of(
        &self,
        org: &OrgId,
        tickets: &[TicketId],
    ) -> Result<BTreeMap<TicketId, PersonId>, LedgerError> {
        let owners = owners(Via::Any(&self.readers), org, tickets).await?;
        Ok(owners.into_iter().map(|(ticket, (person, _))| (ticket, person)).collect())
    }

    async fn tickets_of(&self, org: &OrgId, person: PersonId) -> Result<Vec<TicketId>, LedgerError> {
        let sql = "SELECT ticket FROM custody WHERE org = $1 AND person = $2 ORDER BY ticket";
        let person = person.uuid();
        let rows = self.readers.query(sql, &[&org.as_str(), &person.as_bytes().as_slice()]).await?;
        rows.iter().map(|row| id(row, 0, TicketId::from_uuid)).collect()
    }

    async fn secret(&self, org: &OrgId, name: &str) -> Result<Option<Wrapped>, LedgerError> {
        let rows = self.readers.query(SECRET, &[&org.as_str(), &name]).await?;
        rows.first().map(|row| Wrapped::from_bytes(row.bytes(0)?)).transpose()
    }

    async fn keep_secret(&self, org: &OrgId, name: &str, wrapped: Wrapped) -> Result<Wrapped, LedgerError> {
        let sql = "INSERT INTO secrets (org, name, wrapped) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        self.readers.execute(sql, &[&org.as_str(), &name, &wrapped.as_bytes()]).await?;
        Ok(self.secret(org, name).await?.unwrap_or(wrapped))
    }

    async fn wrapped_counts(&self) -> Result<BTreeMap<KeyId, u64>, LedgerError> {
        wrapped_counts(Via::Any(&self.readers)).await
    }

    async fn wrapped_elsewhere(&self, first: KeyId, limit: u32) -> Result<Vec<Wrapping>, LedgerError> {
        let mut found = Vec::new();
        let values: [Value<'_>; 2] = [&first.0.as_slice(), &i64::from(limit)];
        for row in self.readers.query(SECRETS_ELSEWHERE, &values).await? {
            let wrapped = Wrapped::from_bytes(row.bytes(2)?)?;
            found.push(Wrapping {
                org: org(&row, 0)?,
                holder: Holder::Secret(row.text(1)?.to_owned()),
                wrapped,
            });
        }
        let limit = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
        let values: [Value<'_>; 2] = [&first.0.as_slice(), &i64::from(limit)];
        for row in self.readers.query(PERSONS_ELSEWHERE, &values).await? {
            let holder = Holder::Person(id(&row, 1, PersonId::from_uuid)?);
            found.push(Wrapping { org: org(&row, 0)?, holder, wrapped: Wrapped::from_bytes(row.bytes(2)?)? });
        }
        Ok(found)
    }

    async fn rewrap(&self, rewrappings: Vec<Rewrapping>) -> Result<u64, LedgerError> {
        // Dropping the session undoes what was not committed.
        let client = self.session(Purpose::Read).await?;
        client.batch_execute("BEGIN").await.map_err(|error| failed(&error))?;
        let mut done = 0;
        for Rewrapping { before, wrapped } in &rewrappings {
            let (org, new, old) = (before.org.as_str(), wrapped.as_bytes(), before.wrapped.as_bytes());
            done += match &before.holder {
                Holder::Person(of) => {
                    let of = of.uuid();
                    execute(&client, REWRAP_PERSON, &[&org, &of.as_bytes().as_slice(), &old, &new]).await?
                }
                Holder::Secret(name) => execute(&client, REWRAP_SECRET, &[&org, name, &old, &new]).await?,
            };
        }
        client.batch_execute("COMMIT").await.map_err(|error| failed(&error))?;
        Ok(done)
    }
}
