-- Supervisors do from the web what workers do in chat. They read and send what a machine translates, on a page that says when it
-- could not, and take back what they have said.

-- +goose Up
ALTER TABLE translations ADD COLUMN failed_at timestamptz,
    ADD CONSTRAINT translations_failed CHECK (failed_at IS NULL OR text = '');

ALTER TABLE messages DROP CONSTRAINT messages_check5,
    ADD CONSTRAINT messages_taken_back CHECK (taken_back_at IS NULL OR author IN ('worker', 'supervisor'));

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
UPDATE messages SET taken_back_at = NULL WHERE author = 'supervisor' AND taken_back_at IS NOT NULL;
ALTER TABLE messages DROP CONSTRAINT messages_taken_back, ADD CONSTRAINT messages_check5 CHECK (taken_back_at IS NULL OR author = 'worker');
DELETE FROM translations WHERE text = '';
ALTER TABLE translations DROP COLUMN failed_at;
