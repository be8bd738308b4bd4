-- The ledger of one or more organisations. Every table and every index begins with `org`.
-- Instants are integer microseconds since 1970 UTC, ids are the 16 bytes of their UUID, hashes are 32 bytes.

-- How far the log of each organisation has got.
CREATE TABLE organisations (
    org TEXT NOT NULL PRIMARY KEY,
    last_position INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- The log. `stream` is empty for the organisation's own stream, else the ticket. Never updated, never deleted from.
-- A table with rowid: bodies of a kilobyte or two stay on one page each.
CREATE TABLE records (
    org TEXT NOT NULL,
    position INTEGER NOT NULL,
    stream BLOB NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX records_position ON records (org, position);
CREATE UNIQUE INDEX records_stream ON records (org, stream, seq);

-- What people wrote, apart from the chained bodies.
CREATE TABLE contents (
    org TEXT NOT NULL,
    position INTEGER NOT NULL,
    n INTEGER NOT NULL,
    salt BLOB NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (org, position, n)
) WITHOUT ROWID, STRICT;

-- What an idempotency key was used for.
CREATE TABLE idempotency (
    org TEXT NOT NULL,
    key TEXT NOT NULL,
    stream BLOB NOT NULL,
    seq INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (org, key)
) WITHOUT ROWID, STRICT;

-- The last ticket number in use on a local day (`2026-11-21`).
CREATE TABLE numbers (
    org TEXT NOT NULL,
    day TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (org, day)
) WITHOUT ROWID, STRICT;

-- View rows from here to `tallies`: a cache that replaying the log makes anew.
-- `due_at_us` is 9223372036854775807 for a ticket without a running clock, so that one index gives the order of lists.
CREATE TABLE tickets (
    org TEXT NOT NULL,
    ticket BLOB NOT NULL,
    version INTEGER NOT NULL,
    number TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    urgency TEXT NOT NULL,
    complexity TEXT NOT NULL,
    severity TEXT NOT NULL,
    site TEXT NOT NULL,
    technical INTEGER NOT NULL,
    topic TEXT,
    stage TEXT NOT NULL,
    open INTEGER NOT NULL,
    outcome TEXT,
    subject TEXT,
    customer TEXT,
    team TEXT,
    member BLOB,
    received_at_us INTEGER NOT NULL,
    last_at_us INTEGER NOT NULL,
    closed_at_us INTEGER,
    due_at_us INTEGER NOT NULL,
    due_commitment TEXT,
    due_promise TEXT,
    due_round INTEGER,
    round INTEGER NOT NULL,
    breach TEXT,
    ratings TEXT NOT NULL,
    second_complaint INTEGER NOT NULL,
    first_contact INTEGER NOT NULL,
    alarm_at_us INTEGER
) STRICT;
CREATE UNIQUE INDEX tickets_id ON tickets (org, ticket);
CREATE UNIQUE INDEX tickets_number ON tickets (org, number);
CREATE INDEX tickets_slack ON tickets (org, open, due_at_us, received_at_us, ticket);
CREATE INDEX tickets_team_slack ON tickets (org, team, open, due_at_us, received_at_us, ticket);
CREATE INDEX tickets_member_slack ON tickets (org, member, open, due_at_us, received_at_us, ticket);
CREATE INDEX tickets_alarm ON tickets (org, alarm_at_us, ticket) WHERE alarm_at_us IS NOT NULL;

CREATE TABLE clocks (
    org TEXT NOT NULL,
    ticket BLOB NOT NULL,
    commitment TEXT NOT NULL,
    promise TEXT NOT NULL,
    round INTEGER NOT NULL,
    commitment_version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    topic TEXT,
    team TEXT,
    member BLOB,
    started_at_us INTEGER NOT NULL,
    due_at_us INTEGER,
    ended TEXT,
    ended_at_us INTEGER,
    worked_us INTEGER,
    budget_us INTEGER,
    PRIMARY KEY (org, ticket, commitment, promise, round)
) WITHOUT ROWID, STRICT;
CREATE INDEX clocks_started ON clocks (org, started_at_us, ticket, commitment, promise, round);

-- Tickets by the id that they had in the system they were imported from; the first one holds.
CREATE TABLE externals (
    org TEXT NOT NULL,
    external TEXT NOT NULL,
    ticket BLOB NOT NULL,
    PRIMARY KEY (org, external)
) WITHOUT ROWID, STRICT;

-- Open tickets counted by `stage`, `kind`, `team` and `member`.
CREATE TABLE tallies (
    org TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    open INTEGER NOT NULL,
    PRIMARY KEY (org, subject, name)
) WITHOUT ROWID, STRICT;

-- The outbox. `free_at_us`: not to be claimed before; begins as `not_before_at_us`, then a lease or a retry moves it.
CREATE TABLE jobs (
    org TEXT NOT NULL,
    job BLOB NOT NULL,
    ticket BLOB,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    key TEXT NOT NULL,
    not_before_at_us INTEGER NOT NULL,
    free_at_us INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'given-up')),
    attempt INTEGER NOT NULL DEFAULT 0,
    reason TEXT
) STRICT;
CREATE UNIQUE INDEX jobs_id ON jobs (org, job);
CREATE UNIQUE INDEX jobs_key ON jobs (org, key);
CREATE INDEX jobs_given_up ON jobs (org, job) WHERE state = 'given-up';
CREATE INDEX jobs_waiting ON jobs (org, free_at_us, job) WHERE state = 'waiting';

-- Secrets and notices of the company's people: no part of the log.
CREATE TABLE passwords (
    org TEXT NOT NULL,
    member BLOB NOT NULL,
    phc TEXT NOT NULL,
    PRIMARY KEY (org, member)
) WITHOUT ROWID, STRICT;

CREATE TABLE sessions (
    org TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    member BLOB NOT NULL,
    csrf TEXT NOT NULL,
    created_at_us INTEGER NOT NULL,
    seen_at_us INTEGER NOT NULL,
    expires_at_us INTEGER NOT NULL,
    PRIMARY KEY (org, token_hash)
) WITHOUT ROWID, STRICT;
CREATE INDEX sessions_member ON sessions (org, member);

CREATE TABLE notices (
    org TEXT NOT NULL,
    notice BLOB NOT NULL,
    member BLOB NOT NULL,
    ticket BLOB,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    read_at_us INTEGER,
    PRIMARY KEY (org, notice)
) WITHOUT ROWID, STRICT;
CREATE INDEX notices_member ON notices (org, member, at_us, notice);
CREATE INDEX notices_unread ON notices (org, member, at_us, notice) WHERE read_at_us IS NULL;
