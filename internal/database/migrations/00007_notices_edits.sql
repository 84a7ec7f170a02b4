-- A later edit of a message takes the place of one that still waits. Whether it waits is left out of the index: where
-- nothing waited when the table was last analysed, the planner would rather read all that waits now.

-- +goose Up
DROP INDEX notices_waiting_edits;
CREATE INDEX notices_edits ON notices (edits) WHERE edits IS NOT NULL;

-- +goose Down
DROP INDEX notices_edits;
CREATE INDEX notices_waiting_edits ON notices (edits) WHERE state = 'waiting' AND edits IS NOT NULL;
