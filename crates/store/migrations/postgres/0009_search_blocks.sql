-- Documents get numbers in the order in which they came, and blocks of neighbours get tokens, so that a search for what
-- stands everywhere ends after the newest blocks. The index is a cache: it is made anew.
DROP TABLE search_documents;
UPDATE search_indexes SET position = NULL;
-- Number of the next document.
ALTER TABLE search_indexes ADD COLUMN documents bigint NOT NULL DEFAULT 0;

-- One row for each ticket and text that is searched; several pages of a text that is too long for one. `audience` is a set
-- of bits: 1 the customer, 2 staff. Room is left on each page of the table: most changes are of traits, and stay there
-- without touching an index.
CREATE TABLE search_documents (
    org text COLLATE "C" NOT NULL,
    ticket bytea NOT NULL,
    audience bigint NOT NULL,
    page bigint NOT NULL,
    long boolean NOT NULL,
    document bigint NOT NULL,
    traits bigint NOT NULL,
    received_at_us bigint NOT NULL,
    digest bytea NOT NULL,
    tokens tsvector NOT NULL,
    PRIMARY KEY (org, ticket, audience, page)
) WITH (toast_tuple_target = 128, fillfactor = 85);

-- Apart from the rows: most queries look at many rows and at no tokens.
ALTER TABLE search_documents ALTER COLUMN tokens SET STORAGE EXTERNAL;
-- How frequent tokens are is not to be guessed from a sample: whatever has words is looked up by them.
ALTER TABLE search_documents ALTER COLUMN tokens SET STATISTICS 0;

CREATE INDEX search_numbers ON search_documents (org, document);
-- Whoever looks for long texts must not go through all others.
CREATE INDEX search_long ON search_documents (org, ticket) WHERE long;
CREATE INDEX search_words ON search_documents USING gin (tokens) WHERE NOT long;
CREATE INDEX search_long_words ON search_documents USING gin (tokens) WHERE long;

-- When the tickets of each block were received: where a search that wants the newest may end.
CREATE TABLE search_blocks (
    org text COLLATE "C" NOT NULL,
    block bigint NOT NULL,
    oldest_us bigint NOT NULL,
    newest_us bigint NOT NULL,
    PRIMARY KEY (org, block)
);
