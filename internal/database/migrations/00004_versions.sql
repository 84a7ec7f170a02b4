-- An album comes as several updates, an edit as one more: both belong to a message that is there already.

-- +goose Up
ALTER TABLE messages
    ADD COLUMN album text NOT NULL DEFAULT '',           -- Telegram's media_group_id
    ADD COLUMN edits bigint REFERENCES messages (id);    -- the first version of which this is a later one
CREATE INDEX messages_album ON messages (bot_id, chat_id, album) WHERE album <> '';
-- What is said once is kept once.
CREATE UNIQUE INDEX messages_update ON messages (bot_id, update_id);

-- +goose Down
DROP INDEX messages_update, messages_album;
ALTER TABLE messages DROP COLUMN album, DROP COLUMN edits;
