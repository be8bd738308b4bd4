-- The ledger of one or more organisations. Every table and every index begins with `org`, so that organisations can be
-- spread over servers. Instants are microseconds since 1970 UTC, ids are the 16 bytes of their UUID, hashes are 32 bytes.
-- Texts that are keys sort byte by byte, whatever the language of the database.

-- How far the log of each organisation has got. Whoever appends holds the lock on its row from judging to commit.
CREATE TABLE organisations (
    org text COLLATE "C" NOT NULL PRIMARY KEY,
    last_position bigint NOT NULL
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

-- The log. `stream` is empty for the organisation's own stream, else the ticket. Never updated, never deleted from.
CREATE TABLE records (
    org text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    stream bytea NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (org, position),
    UNIQUE (org, stream, seq)
);

-- What people wrote, apart from the chained bodies: nonce and ciphertext of salt and text.
CREATE TABLE contents (
    org text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    n bigint NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (org, position, n)
);
ALTER TABLE contents ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Customers as far as phone and e-mail tell. `wrapped` is the person's key under a master key: one byte of version, eight
-- of the master key's id, nonce and ciphertext; NULL once the person was erased.
CREATE TABLE persons (
    org text COLLATE "C" NOT NULL,
    person bytea NOT NULL,
    wrapped bytea,
    created_at_us bigint NOT NULL,
    erased_at_us bigint,
    PRIMARY KEY (org, person),
    CHECK ((wrapped IS NULL) = (erased_at_us IS NOT NULL))
);
CREATE INDEX persons_master ON persons (org, substring(wrapped, 2, 8)) WHERE wrapped IS NOT NULL;

-- Whose each ticket is.
CREATE TABLE custody (
    org text COLLATE "C" NOT NULL,
    ticket bytea NOT NULL,
    person bytea NOT NULL,
    PRIMARY KEY (org, ticket)
);
CREATE INDEX custody_person ON custody (org, person, ticket);

-- By which phone numbers and e-mail addresses people are known: 16 bytes of a keyed digest each.
CREATE TABLE contacts (
    org text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,
    person bytea NOT NULL,
    PRIMARY KEY (org, digest)
);
CREATE INDEX contacts_person ON contacts (org, person);

-- Secrets of the organisation, wrapped like the keys of persons.
CREATE TABLE secrets (
    org text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    wrapped bytea NOT NULL,
    PRIMARY KEY (org, name)
);

-- What an idempotency key was used for.
CREATE TABLE idempotency (
    org text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    stream bytea NOT NULL,
    seq bigint NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (org, key)
);

-- The last ticket number in use on a local day (`2026-11-21`).
CREATE TABLE numbers (
    org text COLLATE "C" NOT NULL,
    day text COLLATE "C" NOT NULL,
    last bigint NOT NULL,
    PRIMARY KEY (org, day)
) WITH (fillfactor = 50);

-- The last ticket number handed out on a local day. Apart from `numbers`, whose rows are locked while a batch commits.
CREATE TABLE handed_out (
    org text COLLATE "C" NOT NULL,
    day text COLLATE "C" NOT NULL,
    last bigint NOT NULL,
    PRIMARY KEY (org, day)
) WITH (fillfactor = 50);

-- View rows from here to `tallies`: a cache that replaying the log makes anew.
-- Subject and customer are sealed. `due_at_us` is 9223372036854775807 for a ticket without a running clock, so that one index gives the order of lists.
CREATE TABLE tickets (
    org text COLLATE "C" NOT NULL,
    ticket bytea NOT NULL,
    version bigint NOT NULL,
    number text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    urgency text COLLATE "C" NOT NULL,
    complexity text COLLATE "C" NOT NULL,
    severity text COLLATE "C" NOT NULL,
    site text COLLATE "C" NOT NULL,
    technical boolean NOT NULL,
    topic text COLLATE "C",
    stage text COLLATE "C" NOT NULL,
    open boolean NOT NULL,
    outcome text COLLATE "C",
    subject bytea,
    customer bytea,
    team text COLLATE "C",
    member bytea,
    received_at_us bigint NOT NULL,
    last_at_us bigint NOT NULL,
    closed_at_us bigint,
    due_at_us bigint NOT NULL,
    due_commitment text COLLATE "C",
    due_promise text COLLATE "C",
    due_round bigint,
    round bigint NOT NULL,
    breach text COLLATE "C",
    ratings text NOT NULL,
    second_complaint boolean NOT NULL,
    first_contact boolean NOT NULL,
    alarm_at_us bigint,
    PRIMARY KEY (org, ticket)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX tickets_number ON tickets (org, number);
CREATE INDEX tickets_slack ON tickets (org, open, due_at_us, received_at_us, ticket);
CREATE INDEX tickets_team_slack ON tickets (org, team, open, due_at_us, received_at_us, ticket);
CREATE INDEX tickets_member_slack ON tickets (org, member, open, due_at_us, received_at_us, ticket);
CREATE INDEX tickets_alarm ON tickets (org, alarm_at_us, ticket) WHERE alarm_at_us IS NOT NULL;

-- Who works on an alarm until when. It counts only for the version of the ticket that it names. Not logged: after a
-- crash nobody works on anything.
CREATE UNLOGGED TABLE alarm_leases (
    org text COLLATE "C" NOT NULL,
    ticket bytea NOT NULL,
    version bigint NOT NULL,
    until_us bigint NOT NULL,
    PRIMARY KEY (org, ticket)
);
CREATE INDEX alarm_leases_until ON alarm_leases (org, until_us);

CREATE TABLE clocks (
    org text COLLATE "C" NOT NULL,
    ticket bytea NOT NULL,
    commitment text COLLATE "C" NOT NULL,
    promise text COLLATE "C" NOT NULL,
    round bigint NOT NULL,
    commitment_version bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    topic text COLLATE "C",
    team text COLLATE "C",
    member bytea,
    started_at_us bigint NOT NULL,
    due_at_us bigint,
    ended text COLLATE "C",
    ended_at_us bigint,
    worked_us bigint,
    budget_us bigint,
    PRIMARY KEY (org, ticket, commitment, promise, round)
) WITH (fillfactor = 80);
CREATE INDEX clocks_started ON clocks (org, started_at_us, ticket, commitment, promise, round);

-- Tickets by the id that they had in the system they were imported from; the first one holds.
CREATE TABLE externals (
    org text COLLATE "C" NOT NULL,
    external text COLLATE "C" NOT NULL,
    ticket bytea NOT NULL,
    PRIMARY KEY (org, external)
);

-- Open tickets counted by `stage`, `kind`, `team` and `member`.
CREATE TABLE tallies (
    org text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    open bigint NOT NULL,
    PRIMARY KEY (org, subject, name)
) WITH (fillfactor = 20, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

-- The outbox. `free_at_us`: not to be claimed before; begins as `not_before_at_us`, then a lease or a retry moves it.
CREATE TABLE jobs (
    org text COLLATE "C" NOT NULL,
    job bytea NOT NULL,
    ticket bytea,
    kind text COLLATE "C" NOT NULL,
    payload text NOT NULL,
    key text COLLATE "C" NOT NULL,
    not_before_at_us bigint NOT NULL,
    free_at_us bigint NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'done', 'given-up')),
    attempt bigint NOT NULL DEFAULT 0,
    reason text,
    PRIMARY KEY (org, job),
    UNIQUE (org, key)
) WITH (fillfactor = 80);
CREATE INDEX jobs_given_up ON jobs (org, job) WHERE state = 'given-up';
CREATE INDEX jobs_waiting ON jobs (org, free_at_us, job) WHERE state = 'waiting';

-- Secrets and notices of the company's people: no part of the log.
CREATE TABLE passwords (
    org text COLLATE "C" NOT NULL,
    member bytea NOT NULL,
    phc text NOT NULL,
    PRIMARY KEY (org, member)
);

CREATE TABLE sessions (
    org text COLLATE "C" NOT NULL,
    token_hash bytea NOT NULL,
    member bytea NOT NULL,
    csrf text NOT NULL,
    created_at_us bigint NOT NULL,
    seen_at_us bigint NOT NULL,
    expires_at_us bigint NOT NULL,
    PRIMARY KEY (org, token_hash)
) WITH (fillfactor = 80);
CREATE INDEX sessions_member ON sessions (org, member);

CREATE TABLE notices (
    org text COLLATE "C" NOT NULL,
    notice bytea NOT NULL,
    member bytea NOT NULL,
    ticket bytea,
    kind text COLLATE "C" NOT NULL,
    payload text NOT NULL,
    at_us bigint NOT NULL,
    read_at_us bigint,
    PRIMARY KEY (org, notice)
) WITH (fillfactor = 80);
CREATE INDEX notices_member ON notices (org, member, at_us, notice);
CREATE INDEX notices_unread ON notices (org, member, at_us, notice) WHERE read_at_us IS NULL;

-- The tree over the records of each organisation: its full tiles, and the latest signed checkpoint. Partial tiles are
-- computed from what lies below them. `hashes` are the 256 hashes of a tile one after the other. Tiles are never updated,
-- never deleted from.
CREATE TABLE tiles (
    org text COLLATE "C" NOT NULL,
    level bigint NOT NULL,
    n bigint NOT NULL,
    hashes bytea NOT NULL,
    PRIMARY KEY (org, level, n)
);
ALTER TABLE tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;

CREATE TABLE checkpoints (
    org text COLLATE "C" NOT NULL PRIMARY KEY,
    size bigint NOT NULL,
    root bytea NOT NULL,
    at_us bigint NOT NULL,
    note text NOT NULL
) WITH (fillfactor = 20, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
