-- The tree over the records of each organisation: its full tiles, and the latest signed checkpoint. Partial tiles are
-- computed from what lies below them.

-- `hashes` are the 256 hashes of a tile one after the other. Never updated, never deleted from.
CREATE TABLE tiles (
    org TEXT NOT NULL,
    level INTEGER NOT NULL,
    n INTEGER NOT NULL,
    hashes BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX tiles_place ON tiles (org, level, n);

CREATE TABLE checkpoints (
    org TEXT NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    at_us INTEGER NOT NULL,
    note TEXT NOT NULL
) WITHOUT ROWID, STRICT;
