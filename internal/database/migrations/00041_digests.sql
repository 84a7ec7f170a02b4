-- +goose Up

-- digests are what was done about the morning digest of each supervisor. day: the last one of which it was seen to, so that none is
-- sent twice. off: they want none.
CREATE TABLE digests (
    worker text PRIMARY KEY REFERENCES workers (code) ON DELETE CASCADE,
    day    date,
    off    boolean NOT NULL DEFAULT false
);

-- +goose Down

DROP TABLE digests;
