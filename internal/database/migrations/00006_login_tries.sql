-- Failed logins count for an account and an address together, so that whoever tries somebody else's name elsewhere
-- does not lock them out.

-- +goose Up
CREATE TABLE login_tries (
    account      text NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    address      text NOT NULL,                    -- an IPv4 address, or the first 64 bits of an IPv6 one
    failed       integer NOT NULL CHECK (failed > 0),
    last_at      timestamptz NOT NULL,
    locked_until timestamptz,
    PRIMARY KEY (account, address)
);
ALTER TABLE accounts DROP COLUMN failed, DROP COLUMN locked_until;

-- +goose Down
ALTER TABLE accounts ADD COLUMN failed integer NOT NULL DEFAULT 0, ADD COLUMN locked_until timestamptz;
DROP TABLE login_tries;
