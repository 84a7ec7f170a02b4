-- What was said in a voice message, as far as a machine has written it down.

-- +goose Up
ALTER TABLE messages ADD COLUMN transcript text NOT NULL DEFAULT '' CHECK (transcript = '' OR kind = 'voice');

-- +goose Down
ALTER TABLE messages DROP COLUMN transcript;
