//! Every contract of the ledger, passed on through the weather. A method that a contract gains is one line here.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp, civil::Date};
use tokio::sync::watch;
use yinuo_core::{
    id::{MemberId, NoticeId, OrgId, PersonId, TicketId},
    organisation::OrganisationEntry,
    ticket::Entry,
    view::{ClockRow, TicketRow},
};
use yinuo_ledger::{
    Accounts, Admits, Alarm, Alarms, Append, Appended, Chained, ClockCursor, ClockFilter, ClockPage, Counts,
    Export, Found, Growth, Hash, Head, IndexHolder, IndexStep, Indexed, Job, JobCounts, KeptCheckpoint,
    KeptPerson, KeptVector, Lead, Ledger, LedgerError, Loaded, Log, Notice, Notices, Outbox, Page, Persons,
    Piece, Refold, Replay, Rewrapping, Search, Session, Standing, Stored, Stream, TicketFilter, TicketPage,
    Tile, Transfer, Tree, Vault, Vectors, Verified, Views, Wanted, Wrapping,
    vault::{Contact, KeyId, Wrapped},
};

use super::{Call, NodeLedger};

/// One line a method: what it is for the weather, its name, what it takes, what it gives.
macro_rules! pass_on {
    ($contract:ident { $($call:ident $name:ident($($arg:ident: $type:ty),*) -> $gives:ty;)* } $($own:item)*) => {
        #[async_trait]
        impl $contract for NodeLedger {
            $(async fn $name(&self, $($arg: $type),*) -> Result<$gives, LedgerError> {
                self.around(Call::$call, |ledger: Arc<dyn Ledger>| async move {
                    ledger.$name($($arg),*).await
                })
                .await
            })*
            $($own)*
        }
    };
}

type Used = Option<(Stream, u32, [u8; 32])>;

#[async_trait]
impl Log for NodeLedger {
    async fn append(&self, append: Append) -> Result<Appended, LedgerError> {
        let mut answers = self.append_through_weather(vec![append]).await;
        answers.pop().expect("one answer for one append")
    }

    async fn append_many(&self, appends: Vec<Append>) -> Vec<Result<Appended, LedgerError>> {
        self.append_through_weather(appends).await
    }

    async fn load_ticket(&self, org: &OrgId, ticket: TicketId) -> Result<Option<Loaded<Entry>>, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.load_ticket(org, ticket).await }).await
    }

    async fn load_tickets(
        &self,
        org: &OrgId,
        tickets: &[TicketId],
    ) -> Result<BTreeMap<TicketId, Loaded<Entry>>, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.load_tickets(org, tickets).await }).await
    }

    async fn load_organisation(&self, org: &OrgId) -> Result<Option<Loaded<OrganisationEntry>>, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.load_organisation(org).await }).await
    }

    async fn records_of(&self, org: &OrgId, stream: Stream) -> Result<Vec<Stored>, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.records_of(org, stream).await }).await
    }

    async fn read_all(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Stored>, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.read_all(org, after, limit).await }).await
    }

    async fn read_heads(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Head>, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.read_heads(org, after, limit).await }).await
    }

    async fn last_position(&self, org: &OrgId) -> Result<u64, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.last_position(org).await }).await
    }

    async fn organisations(&self) -> Result<Vec<OrgId>, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.organisations().await }).await
    }

    async fn verify(&self, org: &OrgId) -> Result<Verified, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.verify(org).await }).await
    }

    async fn find_idempotency(&self, org: &OrgId, key: &str) -> Result<Used, LedgerError> {
        let found =
            self.around(Call::Read, |ledger| async move { ledger.find_idempotency(org, key).await }).await;
        super::lock(&self.shared.mischief).find_idempotency(key, found)
    }

    async fn next_number(&self, org: &OrgId, day: Date) -> Result<u32, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.next_number(org, day).await }).await
    }

    fn appended(&self) -> watch::Receiver<u64> {
        self.shared.appended.subscribe()
    }
}

pass_on! {
    Views {
        Read list_tickets(org: &OrgId, filter: &TicketFilter, page: &Page) -> TicketPage;
        Read tickets(org: &OrgId, tickets: &[TicketId]) -> Vec<TicketRow>;
        Read ticket_by_number(org: &OrgId, number: &str) -> Option<TicketRow>;
        Read ticket_by_external(org: &OrgId, external: &str) -> Option<TicketId>;
        Read counts(org: &OrgId, as_of: Timestamp) -> Counts;
        Read open_by_member(org: &OrgId) -> BTreeMap<MemberId, u64>;
        Read clocks(org: &OrgId, filter: &ClockFilter, after: Option<&ClockCursor>, limit: u32) -> ClockPage;
        Read clocks_of(org: &OrgId, tickets: &[TicketId]) -> Vec<ClockRow>;
    }
}

pass_on! {
    Alarms {
        Read alarms_until(org: Option<&OrgId>, until: Timestamp, limit: u32) -> Vec<Alarm>;
        Read next_alarm_at() -> Option<Timestamp>;
        Write claim_alarms(org: &OrgId, until: Timestamp, limit: u32, now: Timestamp, lease: SignedDuration) -> Vec<Alarm>;
        Write release_alarms(alarms: &[Alarm]) -> ();
    }
}

pass_on! {
    Outbox {
        Write claim(kinds: &[String], limit: u32, now: Timestamp, lease: SignedDuration) -> Vec<Job>;
        Write job_done(job: &Job) -> bool;
        Write retry_job(job: &Job, at: Timestamp, reason: &str) -> bool;
        Write give_up_job(job: &Job, reason: &str) -> bool;
        Read job_counts(org: &OrgId) -> JobCounts;
        Read next_job_at() -> Option<Timestamp>;
    }
}

pass_on! {
    Accounts {
        Write set_password_hash(org: &OrgId, member: MemberId, phc: &str) -> ();
        Read password_hash(org: &OrgId, member: MemberId) -> Option<String>;
        Write create_session(org: &OrgId, session: Session) -> ();
        Read find_session(org: &OrgId, token_hash: &[u8; 32], now: Timestamp) -> Option<Session>;
        Write touch_session(org: &OrgId, token_hash: &[u8; 32], seen_at: Timestamp, expires_at: Timestamp) -> ();
        Write revoke_session(org: &OrgId, token_hash: &[u8; 32]) -> ();
        Write revoke_sessions_of(org: &OrgId, member: MemberId) -> u64;
        Write drop_expired_sessions(org: &OrgId, now: Timestamp) -> u64;
    }
}

#[async_trait]
impl Notices for NodeLedger {
    async fn put_notices(&self, org: &OrgId, notices: Vec<Notice>) -> Result<(), LedgerError> {
        let notices = super::lock(&self.shared.mischief).put_notices(notices);
        self.around(Call::Write, |ledger| async move { ledger.put_notices(org, notices).await }).await
    }

    async fn list_notices(
        &self,
        org: &OrgId,
        member: MemberId,
        unread_only: bool,
        limit: u32,
    ) -> Result<Vec<Notice>, LedgerError> {
        self.around(
            Call::Read,
            |ledger| async move { ledger.list_notices(org, member, unread_only, limit).await },
        )
        .await
    }

    async fn count_unread(&self, org: &OrgId, member: MemberId) -> Result<u64, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.count_unread(org, member).await }).await
    }

    async fn mark_read(
        &self,
        org: &OrgId,
        member: MemberId,
        notices: &[NoticeId],
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.around(Call::Write, |ledger| async move { ledger.mark_read(org, member, notices, at).await })
            .await
    }
}

pass_on! {
    Persons {
        Read persons_by_contact(org: &OrgId, contacts: &[Contact]) -> BTreeMap<Contact, KeptPerson>;
        Read persons_after(org: &OrgId, after: Option<PersonId>, limit: u32) -> Vec<KeptPerson>;
        Read persons_sharing(org: &OrgId, contacts: &[Contact]) -> Vec<PersonId>;
        Read contacts_of(org: &OrgId, person: PersonId) -> Vec<Contact>;
        Read persons(org: &OrgId, persons: &[PersonId]) -> BTreeMap<PersonId, KeptPerson>;
        Read persons_of(org: &OrgId, tickets: &[TicketId]) -> BTreeMap<TicketId, PersonId>;
        Read tickets_of(org: &OrgId, person: PersonId) -> Vec<TicketId>;
        Read secret(org: &OrgId, name: &str) -> Option<Wrapped>;
        Write keep_secret(org: &OrgId, name: &str, wrapped: Wrapped) -> Wrapped;
        Read wrapped_counts() -> BTreeMap<KeyId, u64>;
        Read wrapped_elsewhere(first: KeyId, limit: u32) -> Vec<Wrapping>;
        Write rewrap(rewrappings: Vec<Rewrapping>) -> u64;
    }
    fn vault(&self) -> &Arc<Vault> {
        &self.shared.vault
    }
}

pass_on! {
    Replay {
        Write rebuild(org: &OrgId, refold: Refold) -> u64;
        Read dump_views(org: &OrgId) -> String;
    }
}

#[async_trait]
impl Tree for NodeLedger {
    async fn leaves(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Hash>, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.leaves(org, after, limit).await }).await
    }

    async fn chained(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Chained>, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.chained(org, after, limit).await }).await
    }

    async fn tiles(&self, org: &OrgId, level: u8, first: u64, count: u32) -> Result<Vec<Tile>, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.tiles(org, level, first, count).await }).await
    }

    async fn checkpoint(&self, org: &OrgId) -> Result<Option<KeptCheckpoint>, LedgerError> {
        self.around(Call::Read, |ledger| async move { ledger.checkpoint(org).await }).await
    }

    async fn lead(&self, org: &OrgId) -> Result<Option<Box<dyn Lead>>, LedgerError> {
        let led = self.around(Call::Read, |ledger| async move { ledger.lead(org).await }).await?;
        let node =
            NodeLedger { shared: Arc::clone(&self.shared), alive: Arc::clone(&self.alive), cuts: self.cuts };
        Ok(led.map(|lead| Box::new(NodeLead { node, lead }) as Box<dyn Lead>))
    }
}

/// The role of the sequencer as one node holds it.
struct NodeLead {
    node: NodeLedger,
    lead: Box<dyn Lead>,
}

#[async_trait]
impl Lead for NodeLead {
    async fn grow(&mut self, growth: Growth) -> Result<(), LedgerError> {
        let lead = &mut self.lead;
        self.node.around(Call::Write, |_| lead.grow(growth)).await
    }

    async fn step_down(self: Box<Self>) -> Result<(), LedgerError> {
        let NodeLead { node, lead } = *self;
        node.around(Call::Write, |_| lead.step_down()).await
    }
}

pass_on! {
    Search {
        Read indexed(org: &OrgId) -> Option<Indexed>;
        Write claim_index(org: &OrgId, holder: IndexHolder, now: Timestamp, lease: SignedDuration) -> bool;
        Write release_index(org: &OrgId, holder: IndexHolder) -> ();
        Write begin_index(org: &OrgId, holder: IndexHolder, fresh: Indexed) -> bool;
        Write put_documents(org: &OrgId, holder: IndexHolder, step: IndexStep) -> bool;
        Write sweep_index(org: &OrgId) -> bool;
        Read search(org: &OrgId, wanted: &Wanted, admits: Admits) -> Found;
    }
}

pass_on! {
    Transfer {
        Read standing(org: &OrgId) -> Standing;
        Read export(org: &OrgId, since: u64) -> Box<dyn Export>;
        Write begin_import(org: &OrgId) -> u64;
        Write import(org: &OrgId, piece: Piece) -> ();
        Write open_import(org: &OrgId) -> ();
        Write drop_erased(org: &OrgId) -> u64;
        Write discard_import(org: &OrgId) -> ();
        Write leave(org: &OrgId, last_position: u64) -> bool;
        Write come_back(org: &OrgId) -> ();
    }
}

pass_on! {
    Vectors {
        Read vectors(org: &OrgId, model: &str) -> Vec<KeptVector>;
        Write put_vectors(org: &OrgId, model: &str, vectors: Vec<KeptVector>) -> ();
        Write keep_only_vectors(org: &OrgId, model: &str, digests: &[[u8; 32]]) -> ();
    }
}
