-- What a worker's words were for when they could not be handled: tried again, they go there, and not where the chat's
-- words go by then.

-- +goose Up
ALTER TABLE troubles
    ADD COLUMN mode         text NOT NULL DEFAULT '',              -- as in chats
    ADD COLUMN mode_request bigint REFERENCES requests (id),
    ADD CONSTRAINT troubles_mode_check CHECK (mode IN ('', 'need', 'place', 'reply', 'note')
        AND (mode NOT IN ('reply', 'note') OR mode_request IS NOT NULL));

-- +goose Down
ALTER TABLE troubles DROP COLUMN mode, DROP COLUMN mode_request;
