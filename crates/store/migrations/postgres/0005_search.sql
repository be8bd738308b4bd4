-- The search index: which tickets have which words, as tokens under a key that is not here. A cache of the log.

-- How far the index of each organisation has come, what its tokens were made with, and who works on it.
CREATE TABLE search_indexes (
    org text COLLATE "C" NOT NULL PRIMARY KEY,
    position bigint,
    anchor bytea,
    form bigint,
    salt bytea,
    holder bytea,
    until_us bigint,
    -- Whether documents were removed whose tokens still lie in the files.
    unswept boolean NOT NULL DEFAULT false
);

-- What tickets are, each combination once.
CREATE TABLE search_traits (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text text COLLATE "C" NOT NULL UNIQUE
);

-- One row for each ticket and text that is searched; several pages of a text that is too long for one. `audience` is a set
-- of bits: 1 the customer, 2 staff.
CREATE TABLE search_documents (
    org text COLLATE "C" NOT NULL,
    ticket bytea NOT NULL,
    audience bigint NOT NULL,
    page bigint NOT NULL,
    long boolean NOT NULL,
    traits bigint NOT NULL,
    received_at_us bigint NOT NULL,
    digest bytea NOT NULL,
    tokens tsvector NOT NULL,
    PRIMARY KEY (org, ticket, audience, page)
) WITH (toast_tuple_target = 128);

-- Apart from the rows: most queries look at many rows and at no tokens.
ALTER TABLE search_documents ALTER COLUMN tokens SET STORAGE EXTERNAL;

-- Whoever looks for long texts must not go through all others.
CREATE INDEX search_long ON search_documents (org, ticket) WHERE long;
CREATE INDEX search_words ON search_documents USING gin (tokens) WITH (gin_pending_list_limit = 512) WHERE NOT long;
CREATE INDEX search_long_words ON search_documents USING gin (tokens) WITH (gin_pending_list_limit = 512) WHERE long;
