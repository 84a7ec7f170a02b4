-- What follows an answer: how well it was solved, and what must not be said where somebody else reads along.

-- +goose Up

-- How well a request was solved, by its resident's word: once for each time that it was resolved, and until it is closed
-- theirs to change. Whoever reads the words beside it finds them among the messages.
CREATE TABLE ratings (
    request_id  bigint NOT NULL REFERENCES requests (id),
    resolved_at timestamptz NOT NULL,                  -- the resolution that is rated
    score       smallint NOT NULL CHECK (score BETWEEN 1 AND 5),
    rated_at    timestamptz NOT NULL CHECK (rated_at >= resolved_at),
    comment     bigint UNIQUE REFERENCES messages (id), -- the first version of it
    PRIMARY KEY (request_id, resolved_at)
);

-- unnamed: the resident wishes to stay so: no name or number of theirs is asked for or shown.
ALTER TABLE requests ADD COLUMN unnamed boolean NOT NULL DEFAULT false;

-- quiet_at: since when the chat gets nothing, until its resident says something: somebody else may hold the phone.
ALTER TABLE chats ADD COLUMN quiet_at timestamptz;

ALTER TABLE chats DROP CONSTRAINT chats_mode_check, ADD CONSTRAINT chats_mode_check
    CHECK (mode IN ('', 'need', 'place', 'reply', 'note', 'comment'));
ALTER TABLE chats ADD CONSTRAINT chats_comment_on CHECK (mode <> 'comment' OR request_id IS NOT NULL);
ALTER TABLE troubles DROP CONSTRAINT troubles_mode_check, ADD CONSTRAINT troubles_mode_check
    CHECK (mode IN ('', 'need', 'place', 'reply', 'note', 'comment') AND (mode NOT IN ('reply', 'note', 'comment') OR mode_request IS NOT NULL));

ALTER TABLE events DROP CONSTRAINT events_kind_check, ADD CONSTRAINT events_kind_check CHECK (kind IN (
    'drafted', 'understood', 'placed', 'submitted', 'routed', 'offered', 'claimed', 'released', 'answered',
    'said', 'noted', 'reclassified', 'transferred', 'referred', 'reminded', 'alarmed', 'undeliverable',
    'resolved', 'reopened', 'cancelled', 'closed', 'erased', 'rated', 'unnamed', 'quieted'));

-- +goose Down

-- The log is append-only: events of the new kinds stay, and only new ones are refused.
ALTER TABLE events DROP CONSTRAINT events_kind_check, ADD CONSTRAINT events_kind_check CHECK (kind IN (
    'drafted', 'understood', 'placed', 'submitted', 'routed', 'offered', 'claimed', 'released', 'answered',
    'said', 'noted', 'reclassified', 'transferred', 'referred', 'reminded', 'alarmed', 'undeliverable',
    'resolved', 'reopened', 'cancelled', 'closed', 'erased')) NOT VALID;
UPDATE troubles SET mode = '', mode_request = NULL WHERE mode = 'comment';
ALTER TABLE troubles DROP CONSTRAINT troubles_mode_check, ADD CONSTRAINT troubles_mode_check
    CHECK (mode IN ('', 'need', 'place', 'reply', 'note') AND (mode NOT IN ('reply', 'note') OR mode_request IS NOT NULL));
UPDATE chats SET mode = '', request_id = NULL WHERE mode = 'comment';
ALTER TABLE chats DROP CONSTRAINT chats_comment_on;
ALTER TABLE chats DROP CONSTRAINT chats_mode_check, ADD CONSTRAINT chats_mode_check
    CHECK (mode IN ('', 'need', 'place', 'reply', 'note'));
ALTER TABLE chats DROP COLUMN quiet_at;
ALTER TABLE requests DROP COLUMN unnamed;
DROP TABLE ratings;
