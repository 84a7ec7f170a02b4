-- What people send beside words: a copy of each file, where a live location is by now, a number to call back.

-- +goose Up

-- The copy of a message's file: waiting --fetched--> kept, or Telegram doesn't give it: too_big (more than 20 MB), gone;
-- failed after all tries. file is its name in the data directory; the file itself is no part of the database.
CREATE TABLE attachments (
    message_id   bigint PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'kept', 'too_big', 'gone', 'failed')),
    name         text NOT NULL DEFAULT '' CHECK (length(name) <= 120), -- as its sender calls it, cleaned
    content_type text NOT NULL DEFAULT '',                             -- by its content, whatever its sender says
    size         bigint CHECK (size BETWEEN 0 AND 20971520),
    sha256       bytea CHECK (octet_length(sha256) = 32),
    file         text NOT NULL DEFAULT '',
    added_at     timestamptz NOT NULL,
    CHECK ((state = 'kept') = (sha256 IS NOT NULL)),
    CHECK ((state = 'kept') = (size IS NOT NULL)),
    CHECK ((state = 'kept') = (file <> '')),
    CHECK ((state = 'kept') = (content_type <> ''))
);
CREATE INDEX attachments_waiting ON attachments (added_at) WHERE state = 'waiting';

-- Where a live location is by now. What took its place from there moves along.
CREATE TABLE live_locations (
    message_id bigint PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    lat        double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon        double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    moved_at   timestamptz NOT NULL
);

-- own: a contact that is its sender's own. phone: what its person shared as their own, to be called back.
ALTER TABLE messages ADD COLUMN own boolean NOT NULL DEFAULT false CHECK (NOT own OR kind = 'contact');
ALTER TABLE chats ADD COLUMN phone text NOT NULL DEFAULT '' CHECK (phone = '' OR phone ~ '^[+]?[0-9]{3,20}$');

-- A message from which its file is taken away keeps no copy of it either.
-- +goose StatementBegin
CREATE FUNCTION drop_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM attachments WHERE message_id = NEW.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER messages_drop_attachment AFTER UPDATE OF file_id ON messages FOR EACH ROW
    WHEN (OLD.file_id <> '' AND NEW.file_id = '') EXECUTE FUNCTION drop_attachment();

-- +goose Down
DROP TRIGGER messages_drop_attachment ON messages;
DROP FUNCTION drop_attachment;
DROP TABLE attachments, live_locations;
ALTER TABLE messages DROP COLUMN own;
ALTER TABLE chats DROP COLUMN phone;
