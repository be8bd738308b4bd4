-- Contacts that a person has named and that lead to somebody else: whoever is to be erased leads on to them, too.
CREATE TABLE mentions (
    org TEXT NOT NULL,
    digest BLOB NOT NULL,
    person BLOB NOT NULL,
    PRIMARY KEY (org, digest, person)
) WITHOUT ROWID, STRICT;
CREATE INDEX mentions_person ON mentions (org, person);
