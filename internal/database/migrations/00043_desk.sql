-- Supervisors read and send what a machine translates, too: on a page that says when it could not.

-- +goose Up
ALTER TABLE translations ADD COLUMN failed_at timestamptz,
    ADD CONSTRAINT translations_failed CHECK (failed_at IS NULL OR text = '');

-- translated: what somebody asked for on a request's page has come, or could not be had.
ALTER TABLE events DROP CONSTRAINT events_kind_check, ADD CONSTRAINT events_kind_check CHECK (kind IN (
    'drafted', 'understood', 'placed', 'submitted', 'routed', 'offered', 'claimed', 'released', 'answered',
    'said', 'noted', 'reclassified', 'transferred', 'referred', 'reminded', 'alarmed', 'undeliverable',
    'resolved', 'reopened', 'cancelled', 'closed', 'erased', 'rated', 'unnamed', 'quieted', 'taken_back', 'followed',
    'prioritised', 'linked', 'translated'));

-- +goose Down

-- The log is append-only: events of the new kind stay, and only new ones are refused.
ALTER TABLE events DROP CONSTRAINT events_kind_check, ADD CONSTRAINT events_kind_check CHECK (kind IN (
    'drafted', 'understood', 'placed', 'submitted', 'routed', 'offered', 'claimed', 'released', 'answered',
    'said', 'noted', 'reclassified', 'transferred', 'referred', 'reminded', 'alarmed', 'undeliverable',
    'resolved', 'reopened', 'cancelled', 'closed', 'erased', 'rated', 'unnamed', 'quieted', 'taken_back', 'followed',
    'prioritised', 'linked')) NOT VALID;
DELETE FROM translations WHERE text = '';
ALTER TABLE translations DROP COLUMN failed_at;
