-- Whoever writes more than anybody can follow is slowed; an account that a supervisor blocks files no more requests.

-- +goose Up
ALTER TABLE chats
    ADD COLUMN recent     timestamptz[] NOT NULL DEFAULT '{}', -- when the last things were done here, the newest first, one more than there may be in a minute; an album is one
    ADD COLUMN warned_at  timestamptz,                         -- when the person was last told that they are slowed or blocked
    ADD COLUMN blocked_at timestamptz,                         -- by a supervisor; unreachable_at is the person's own doing
    ADD COLUMN heard_at   timestamptz,                         -- when danger was last heard from here though it is blocked
    ADD CONSTRAINT chats_heard CHECK (heard_at IS NULL OR blocked_at IS NOT NULL);

-- What was kept but not passed on to the worker who has the request, because too much came at once. They can have it shown.
ALTER TABLE messages ADD COLUMN held boolean NOT NULL DEFAULT false CHECK (NOT held OR author = 'resident');
CREATE INDEX messages_held ON messages (request_id) WHERE held;

-- A day's requests of one account are counted, whatever became of them.
CREATE INDEX requests_of_day ON requests (bot_id, chat_id, submitted_at) WHERE submitted_at IS NOT NULL;

-- Who has blocked an account and why, and who has lifted it. The account is that of the request on which it was decided, and
-- nobody's once that is erased. No row ever changes.
CREATE TABLE blocks (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('blocked', 'unblocked')),
    account    text NOT NULL CHECK (account <> ''),              -- whose decision it was
    reason     text NOT NULL DEFAULT '',
    request_id bigint NOT NULL REFERENCES requests (id),
    CHECK (kind <> 'blocked' OR reason <> '')
);
CREATE INDEX blocks_request ON blocks (request_id, id);
CREATE TRIGGER blocks_append_only BEFORE UPDATE OR DELETE ON blocks
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER blocks_no_truncate BEFORE TRUNCATE ON blocks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE blocks;
DROP INDEX requests_of_day, messages_held;
ALTER TABLE messages DROP COLUMN held;
ALTER TABLE chats DROP COLUMN recent, DROP COLUMN warned_at, DROP COLUMN blocked_at, DROP COLUMN heard_at;
