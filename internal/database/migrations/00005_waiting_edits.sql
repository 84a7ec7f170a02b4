-- A later edit of a message takes the place of one that still waits.

-- +goose Up
CREATE INDEX notices_waiting_edits ON notices (edits) WHERE state = 'waiting' AND edits IS NOT NULL;

-- +goose Down
DROP INDEX notices_waiting_edits;
