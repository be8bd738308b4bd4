-- Personal data lie sealed outside of the chain, under a key of the person whom they are about.

-- Customers as far as phone and e-mail tell. `wrapped` is the person's key under a master key: one byte of version, eight
-- of the master key's id, nonce and ciphertext; NULL once the person was erased. Rows are only added at the end and
-- overwritten in place, and no index holds a key: so no page split leaves a copy of a key behind.
CREATE TABLE persons (
    id INTEGER PRIMARY KEY,
    org TEXT NOT NULL,
    person BLOB NOT NULL,
    wrapped BLOB,
    created_at_us INTEGER NOT NULL,
    erased_at_us INTEGER,
    CHECK ((wrapped IS NULL) = (erased_at_us IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX persons_id ON persons (org, person);
CREATE INDEX persons_master ON persons (substr(wrapped, 2, 8)) WHERE wrapped IS NOT NULL;

-- Whose each ticket is.
CREATE TABLE custody (
    org TEXT NOT NULL,
    ticket BLOB NOT NULL,
    person BLOB NOT NULL,
    PRIMARY KEY (org, ticket)
) WITHOUT ROWID, STRICT;
CREATE INDEX custody_person ON custody (org, person, ticket);

-- By which phone numbers and e-mail addresses people are known: 16 bytes of a keyed digest each.
CREATE TABLE contacts (
    org TEXT NOT NULL,
    digest BLOB NOT NULL,
    person BLOB NOT NULL,
    PRIMARY KEY (org, digest)
) WITHOUT ROWID, STRICT;
CREATE INDEX contacts_person ON contacts (org, person);

-- Secrets of the organisation, wrapped like the keys of persons.
CREATE TABLE secrets (
    org TEXT NOT NULL,
    name TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    PRIMARY KEY (org, name)
) WITHOUT ROWID, STRICT;

-- What people wrote: nonce and ciphertext of salt and text.
ALTER TABLE contents RENAME TO contents_plain;
CREATE TABLE contents (
    org TEXT NOT NULL,
    position INTEGER NOT NULL,
    n INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (org, position, n)
) WITHOUT ROWID, STRICT;

-- The rows of lists, with subject and customer sealed.
DROP INDEX tickets_id;
DROP INDEX tickets_number;
DROP INDEX tickets_slack;
DROP INDEX tickets_team_slack;
DROP INDEX tickets_member_slack;
DROP INDEX tickets_alarm;
ALTER TABLE tickets RENAME TO tickets_plain;
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
    subject BLOB,
    customer BLOB,
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
INSERT INTO tickets SELECT org, ticket, version, number, channel, kind, urgency, complexity, severity, site, technical,
    topic, stage, open, outcome, NULL, NULL, team, member, received_at_us, last_at_us, closed_at_us, due_at_us,
    due_commitment, due_promise, due_round, round, breach, ratings, second_complaint, first_contact, alarm_at_us
    FROM tickets_plain;
CREATE UNIQUE INDEX tickets_id ON tickets (org, ticket);
CREATE UNIQUE INDEX tickets_number ON tickets (org, number);
CREATE INDEX tickets_slack ON tickets (org, open, due_at_us, received_at_us, ticket);
CREATE INDEX tickets_team_slack ON tickets (org, team, open, due_at_us, received_at_us, ticket);
CREATE INDEX tickets_member_slack ON tickets (org, member, open, due_at_us, received_at_us, ticket);
CREATE INDEX tickets_alarm ON tickets (org, alarm_at_us, ticket) WHERE alarm_at_us IS NOT NULL;

-- What `contents_plain` and `tickets_plain` hold is sealed by the program (`sqlite/seal.rs`), which then drops them.
