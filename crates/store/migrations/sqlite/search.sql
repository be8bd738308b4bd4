-- The search index, in a file of its own beside the database: made anew when its form changes, never migrated.

-- How far the index of each organisation has come, what its tokens were made with, and who works on it.
CREATE TABLE indexes (
    org TEXT NOT NULL PRIMARY KEY,
    position INTEGER,
    anchor BLOB,
    form INTEGER,
    salt BLOB,
    holder BLOB,
    until_us INTEGER
) STRICT, WITHOUT ROWID;

-- Whether documents were removed whose tokens still lie in the file: 0 none, 1 to be merged away, 2 being merged away.
CREATE TABLE sweeping (state INTEGER NOT NULL) STRICT;
INSERT INTO sweeping VALUES (0);

-- What tickets are, each combination once.
CREATE TABLE traits (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

-- One row for each ticket and text that is searched. `audience` is a set of bits: 1 the customer, 2 staff.
CREATE TABLE documents (
    doc INTEGER PRIMARY KEY,
    org TEXT NOT NULL,
    ticket BLOB NOT NULL,
    audience INTEGER NOT NULL,
    traits INTEGER NOT NULL,
    received_at_us INTEGER NOT NULL,
    digest BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX documents_of ON documents (org, ticket, audience);

-- When the tickets of a block of 1,024 rows were received, the latest instant: where a search that wants the newest may end.
CREATE TABLE reach (
    block INTEGER PRIMARY KEY,
    newest_us INTEGER NOT NULL
) STRICT;

-- The tokens of each document and their order; never what they stand for.
CREATE VIRTUAL TABLE words USING fts5(tokens, content = '', contentless_delete = 1, tokenize = 'ascii');
