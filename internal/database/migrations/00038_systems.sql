-- +goose Up

-- systems are others' that file requests and follow them (package open311), each by a key of its own of which only the hash is
-- kept. county limits what one files and sees to a county or a wider place; like stations.county_code it is no foreign key.
CREATE TABLE systems (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name      text NOT NULL UNIQUE CHECK (name <> '' AND length(name) <= 60),
    key_hash  bytea NOT NULL UNIQUE CHECK (length(key_hash) = 32),  -- SHA-256
    county    text CHECK (county <> ''),
    sees_more boolean NOT NULL DEFAULT false,  -- beside what it filed, what others have asked for there: no words, no persons
    active    boolean NOT NULL DEFAULT true,
    made_at   timestamptz NOT NULL,
    made_by   text NOT NULL CHECK (made_by <> ''),                  -- an account
    used_at   timestamptz
);

-- filings are the requests that came by a system. Each has a chat of its own, of the bot -1, which nothing is sent to.
-- account, device and repeat_key are the system's own words for who asked and for this filing; digest is that of all it said.
CREATE TABLE filings (
    request_id bigint PRIMARY KEY REFERENCES requests (id),
    system_id  bigint NOT NULL REFERENCES systems (id),
    filed_at   timestamptz NOT NULL,
    account    text NOT NULL DEFAULT '' CHECK (length(account) <= 200),
    device     text NOT NULL DEFAULT '' CHECK (length(device) <= 200),
    repeat_key text NOT NULL DEFAULT '' CHECK (length(repeat_key) <= 200),
    digest     bytea NOT NULL DEFAULT ''
);
CREATE INDEX filings_system ON filings (system_id, filed_at);
-- What a system files under one key of its own is one request.
CREATE UNIQUE INDEX filings_once ON filings (system_id, repeat_key) WHERE repeat_key <> '';

CREATE SEQUENCE filed_chats;

-- Nothing is ever sent where nobody reads it.
ALTER TABLE notices ADD CONSTRAINT notices_reach CHECK (bot_id >= 0);

-- +goose Down

ALTER TABLE notices DROP CONSTRAINT notices_reach;
DROP SEQUENCE filed_chats;
DROP TABLE filings, systems;
