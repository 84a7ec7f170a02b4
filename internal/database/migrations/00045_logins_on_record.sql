-- Logins are on record, too, and looks at a request by the session that looked.

-- +goose Up

ALTER TABLE audit ADD COLUMN session text NOT NULL DEFAULT ''; -- as logins lists it; empty: none, or from before

-- origins are where logins on record came from, and the tries that failed. They are apart from the record, which nobody changes:
-- addresses are kept for a time only.
CREATE TABLE origins (
    record  bigint PRIMARY KEY REFERENCES audit (id),
    at      timestamptz NOT NULL DEFAULT now(),
    address text NOT NULL CHECK (address <> ''),
    failed  boolean NOT NULL
);
CREATE INDEX origins_old ON origins (failed, at); -- to forget them

-- +goose Down

DROP TABLE origins;
ALTER TABLE audit DROP COLUMN session;
