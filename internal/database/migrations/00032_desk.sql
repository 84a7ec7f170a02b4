-- What supervisors do to a request from the web. They say things as workers do, from no chat and by no update: a message of
-- theirs stands in the chat of the request's resident, with the account's name.

-- +goose Up
ALTER TABLE messages DROP CONSTRAINT messages_author_check, ADD CONSTRAINT messages_author_check
    CHECK (author IN ('resident', 'worker', 'partner', 'supervisor'));
ALTER TABLE messages
    ADD COLUMN account text,
    ALTER COLUMN update_id DROP NOT NULL,
    DROP CONSTRAINT messages_check1,
    ADD CONSTRAINT messages_notes CHECK (kind <> 'note' OR author IN ('worker', 'supervisor')),
    ADD CONSTRAINT messages_of_supervisor CHECK ((author = 'supervisor') = (account IS NOT NULL) AND (author = 'supervisor') = (update_id IS NULL));

-- prioritised: another urgency. linked: to what asks for the same, or no longer.
ALTER TABLE events DROP CONSTRAINT events_kind_check, ADD CONSTRAINT events_kind_check CHECK (kind IN (
    'drafted', 'understood', 'placed', 'submitted', 'routed', 'offered', 'claimed', 'released', 'answered',
    'said', 'noted', 'reclassified', 'transferred', 'referred', 'reminded', 'alarmed', 'undeliverable',
    'resolved', 'reopened', 'cancelled', 'closed', 'erased', 'rated', 'unnamed', 'quieted', 'taken_back', 'followed',
    'prioritised', 'linked'));

-- +goose Down

-- The log is append-only: events of the new kinds stay, and only new ones are refused.
ALTER TABLE events DROP CONSTRAINT events_kind_check, ADD CONSTRAINT events_kind_check CHECK (kind IN (
    'drafted', 'understood', 'placed', 'submitted', 'routed', 'offered', 'claimed', 'released', 'answered',
    'said', 'noted', 'reclassified', 'transferred', 'referred', 'reminded', 'alarmed', 'undeliverable',
    'resolved', 'reopened', 'cancelled', 'closed', 'erased', 'rated', 'unnamed', 'quieted', 'taken_back', 'followed')) NOT VALID;
DELETE FROM messages WHERE author = 'supervisor';
ALTER TABLE messages DROP CONSTRAINT messages_of_supervisor, DROP CONSTRAINT messages_notes, DROP COLUMN account,
    ALTER COLUMN update_id SET NOT NULL,
    ADD CONSTRAINT messages_check1 CHECK (kind <> 'note' OR author = 'worker');
ALTER TABLE messages DROP CONSTRAINT messages_author_check, ADD CONSTRAINT messages_author_check
    CHECK (author IN ('resident', 'worker', 'partner'));
