-- +goose Up

-- code_secret: what the one-time codes of an account (RFC 6238) are made from, in base32. code_since: since when it is used;
-- null: it was shown, and nobody has proved yet to have it. code_last: the last code's number, for each is taken once.
ALTER TABLE accounts
    ADD COLUMN code_required boolean NOT NULL DEFAULT false,
    ADD COLUMN code_secret   text,
    ADD COLUMN code_since    timestamptz,
    ADD COLUMN code_last     bigint NOT NULL DEFAULT 0,
    ADD COLUMN active        boolean NOT NULL DEFAULT true,
    ADD CONSTRAINT accounts_code CHECK (code_since IS NULL OR code_secret IS NOT NULL);

-- logins are the sessions as their owners see them.
CREATE TABLE logins (
    id       text PRIMARY KEY,
    account  text NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    begun_at timestamptz NOT NULL,
    seen_at  timestamptz NOT NULL CHECK (seen_at >= begun_at),
    address  text NOT NULL,
    agent    text NOT NULL CHECK (length(agent) <= 200),  -- what the browser calls itself
    ended_at timestamptz
);
CREATE INDEX logins_account ON logins (account, seen_at) WHERE ended_at IS NULL;

-- +goose Down

DROP TABLE logins;
ALTER TABLE accounts DROP COLUMN code_required, DROP COLUMN code_secret, DROP COLUMN code_since, DROP COLUMN code_last, DROP COLUMN active;
