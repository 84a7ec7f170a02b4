-- What a worker does with a request beyond answering it: how it ended, what is still to come, and who is asked first.

-- +goose Up

-- How a request ended, once for each time that it was resolved, where there is more to say than its outcome.
CREATE TABLE endings (
    request_id  bigint NOT NULL REFERENCES requests (id),
    resolved_at timestamptz NOT NULL,                                -- the resolution that it is about
    reason      text NOT NULL DEFAULT '' CHECK (reason IN ('', 'rules', 'means', 'unreached', 'declined',
                'office', 'clinic', 'police', 'organisation', 'family')),
    words       bigint REFERENCES messages (id) ON DELETE SET NULL,  -- the worker's, for the resident
    same_as     bigint REFERENCES requests (id) CHECK (same_as <> request_id), -- the request that asks for the same
    PRIMARY KEY (request_id, resolved_at)
);
CREATE INDEX endings_words ON endings (words) WHERE words IS NOT NULL;
CREATE INDEX endings_same_as ON endings (same_as) WHERE same_as IS NOT NULL;

-- What is still to come of a request: its worker wants to be reminded, meets the resident, or waits for them.
CREATE TABLE follow_ups (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id   bigint NOT NULL REFERENCES requests (id),
    kind         text NOT NULL CHECK (kind IN ('remind', 'appointment', 'wait')),
    place        text NOT NULL DEFAULT '' CHECK (place IN ('', 'home', 'station', 'phone')),
    at           timestamptz NOT NULL,                               -- the moment that it is about
    due_at       timestamptz,                                        -- when the clock acts on it next
    worker       text NOT NULL REFERENCES workers (code),            -- who made it
    created_at   timestamptz NOT NULL,
    answered     text NOT NULL DEFAULT '' CHECK (answered IN ('', 'fits', 'unfit')), -- by the resident
    reminded_at  timestamptz,
    done_at      timestamptz,
    cancelled_at timestamptz,
    CHECK ((kind = 'appointment') = (place <> '')),
    CHECK (kind = 'appointment' OR answered = ''),
    CHECK (done_at IS NULL OR cancelled_at IS NULL),
    -- Nothing is forgotten: until it is over, the clock acts on it.
    CHECK ((due_at IS NULL) = (done_at IS NOT NULL OR cancelled_at IS NOT NULL))
);
CREATE INDEX follow_ups_due ON follow_ups (due_at) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX follow_ups_one ON follow_ups (request_id, kind) WHERE due_at IS NOT NULL;
CREATE INDEX follow_ups_request ON follow_ups (request_id, id);

-- What ends a request ends what was to come of it, whoever ends it.
-- +goose StatementBegin
CREATE FUNCTION end_follow_ups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE follow_ups SET due_at = NULL, cancelled_at = coalesce(NEW.resolved_at, NEW.closed_at, now())
    WHERE request_id = NEW.id AND due_at IS NOT NULL;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER requests_end_follow_ups AFTER UPDATE OF state ON requests FOR EACH ROW
    WHEN (OLD.state IN ('open', 'claimed', 'referred') AND NEW.state NOT IN ('open', 'claimed', 'referred'))
    EXECUTE FUNCTION end_follow_ups();

-- What workers have learnt: empty where that isn't known. Fields are those of prompts/fields.yaml.
ALTER TABLE workers
    ADD COLUMN qualification text NOT NULL DEFAULT '' CHECK (qualification IN ('', 'assistant', 'social_worker', 'senior')),
    ADD COLUMN fields        text[] NOT NULL DEFAULT '{}';

ALTER TABLE chats DROP CONSTRAINT chats_mode_check, ADD CONSTRAINT chats_mode_check
    CHECK (mode IN ('', 'need', 'place', 'reply', 'note', 'comment', 'aside',
        'sentence', 'not_possible', 'referred', 'duplicate', 'remind', 'appoint', 'handover'));
ALTER TABLE troubles DROP CONSTRAINT troubles_mode_check, ADD CONSTRAINT troubles_mode_check
    CHECK (mode IN ('', 'need', 'place', 'reply', 'note', 'comment', 'aside',
        'sentence', 'not_possible', 'referred', 'duplicate', 'remind', 'appoint', 'handover')
        AND (mode NOT IN ('reply', 'note', 'comment', 'aside') OR mode_request IS NOT NULL));
ALTER TABLE chats ADD CONSTRAINT chats_desk_words_on CHECK (request_id IS NOT NULL
    OR mode NOT IN ('sentence', 'not_possible', 'referred', 'duplicate', 'remind', 'appoint'));

ALTER TABLE events DROP CONSTRAINT events_kind_check, ADD CONSTRAINT events_kind_check CHECK (kind IN (
    'drafted', 'understood', 'placed', 'submitted', 'routed', 'offered', 'claimed', 'released', 'answered',
    'said', 'noted', 'reclassified', 'transferred', 'referred', 'reminded', 'alarmed', 'undeliverable',
    'resolved', 'reopened', 'cancelled', 'closed', 'erased', 'rated', 'unnamed', 'quieted', 'taken_back', 'followed'));

-- +goose Down

-- The log is append-only: events of the new kind stay, and only new ones are refused.
ALTER TABLE events DROP CONSTRAINT events_kind_check, ADD CONSTRAINT events_kind_check CHECK (kind IN (
    'drafted', 'understood', 'placed', 'submitted', 'routed', 'offered', 'claimed', 'released', 'answered',
    'said', 'noted', 'reclassified', 'transferred', 'referred', 'reminded', 'alarmed', 'undeliverable',
    'resolved', 'reopened', 'cancelled', 'closed', 'erased', 'rated', 'unnamed', 'quieted', 'taken_back')) NOT VALID;
ALTER TABLE chats DROP CONSTRAINT chats_desk_words_on;
UPDATE troubles SET mode = '', mode_request = NULL
    WHERE mode IN ('sentence', 'not_possible', 'referred', 'duplicate', 'remind', 'appoint', 'handover');
ALTER TABLE troubles DROP CONSTRAINT troubles_mode_check, ADD CONSTRAINT troubles_mode_check
    CHECK (mode IN ('', 'need', 'place', 'reply', 'note', 'comment', 'aside') AND (mode NOT IN ('reply', 'note', 'comment', 'aside') OR mode_request IS NOT NULL));
UPDATE chats SET mode = '', request_id = NULL
    WHERE mode IN ('sentence', 'not_possible', 'referred', 'duplicate', 'remind', 'appoint', 'handover');
ALTER TABLE chats DROP CONSTRAINT chats_mode_check, ADD CONSTRAINT chats_mode_check
    CHECK (mode IN ('', 'need', 'place', 'reply', 'note', 'comment', 'aside'));
ALTER TABLE workers DROP COLUMN qualification, DROP COLUMN fields;
DROP TRIGGER requests_end_follow_ups ON requests;
DROP FUNCTION end_follow_ups;
DROP TABLE follow_ups, endings;
