-- +goose Up

-- When the person last said where they are, and how: what they said in this talk is where a danger is, what they said long ago may not be.
ALTER TABLE chats ADD COLUMN told_at timestamptz, ADD COLUMN told_as text NOT NULL DEFAULT '';

-- +goose Down

ALTER TABLE chats DROP COLUMN told_at, DROP COLUMN told_as;
