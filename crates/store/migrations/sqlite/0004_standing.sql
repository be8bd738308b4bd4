-- Whether each organisation is in service: `arriving` while a move or a restore into this file has not ended, `left` once
-- it was moved elsewhere. Nothing is appended to one that is not open.
ALTER TABLE organisations ADD COLUMN standing TEXT NOT NULL DEFAULT 'open'
    CHECK (standing IN ('open', 'arriving', 'left'));
