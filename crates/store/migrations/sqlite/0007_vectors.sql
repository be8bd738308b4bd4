-- What an embedding model made of the texts of the knowledge base: derived, and made anew where it is missing.
CREATE TABLE vectors (
    org TEXT NOT NULL,
    model TEXT NOT NULL,
    digest BLOB NOT NULL,
    numbers BLOB NOT NULL,
    PRIMARY KEY (org, model, digest)
) WITHOUT ROWID, STRICT;
