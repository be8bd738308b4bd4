-- Contacts that a person has named and that lead to somebody else: whoever is to be erased leads on to them, too.
CREATE TABLE mentions (
    org text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,
    person bytea NOT NULL,
    PRIMARY KEY (org, digest, person)
);
CREATE INDEX mentions_person ON mentions (org, person);
