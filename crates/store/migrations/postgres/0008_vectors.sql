-- What an embedding model made of the texts of the knowledge base: derived, and made anew where it is missing.
CREATE TABLE vectors (
    org text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,
    numbers bytea NOT NULL,
    PRIMARY KEY (org, model, digest)
);
