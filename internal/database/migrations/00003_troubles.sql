-- Troubles that a person can work on: try again, or close; each with who did it.

-- +goose Up

-- kind: an update of Telegram's, a notice, or a job: what the clock does to a request.
-- state: open --try again--> again --works--> closed, or fails and is open once more; a person closes it from both.
ALTER TABLE troubles
    ADD COLUMN chat_id    bigint,                          -- whose it is, where that is known
    ADD COLUMN request_id bigint REFERENCES requests (id), -- a job's, or the one that has an update's words
    ADD COLUMN cause      text NOT NULL DEFAULT 'failed',
    ADD COLUMN state      text NOT NULL DEFAULT 'open',
    ADD COLUMN tries      integer NOT NULL DEFAULT 0 CHECK (tries >= 0), -- that failed, since it was set aside
    DROP CONSTRAINT troubles_kind_check;
UPDATE troubles SET cause = 'refused' WHERE kind = 'notice';
UPDATE troubles SET state = 'closed' WHERE closed_at IS NOT NULL;
ALTER TABLE troubles
    ADD CONSTRAINT troubles_kind_check CHECK (kind IN ('update', 'notice', 'job')),
    ADD CONSTRAINT troubles_cause_check CHECK (cause IN ('unreadable', 'failed', 'refused')),
    ADD CONSTRAINT troubles_state_check CHECK (state IN ('open', 'again', 'closed')),
    ADD CONSTRAINT troubles_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    ADD CONSTRAINT troubles_what CHECK ((kind = 'update') = (update_id IS NOT NULL) AND (kind = 'notice') = (notice_id IS NOT NULL)
        AND (kind <> 'job' OR request_id IS NOT NULL));
CREATE UNIQUE INDEX troubles_notice ON troubles (notice_id) WHERE notice_id IS NOT NULL;
CREATE UNIQUE INDEX troubles_job ON troubles (request_id) WHERE kind = 'job' AND state <> 'closed';
CREATE INDEX troubles_again ON troubles (bot_id, id) WHERE state = 'again';

-- What became of each trouble. No row ever changes.
CREATE TABLE trouble_events (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    trouble_id bigint NOT NULL REFERENCES troubles (id),
    at         timestamptz NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('set_aside', 'again', 'failed', 'solved', 'closed')),
    account    text NOT NULL DEFAULT '',                   -- whose decision it was
    CHECK ((kind IN ('again', 'closed')) = (account <> ''))
);
CREATE INDEX trouble_events_trouble ON trouble_events (trouble_id, id);
CREATE TRIGGER trouble_events_append_only BEFORE UPDATE OR DELETE ON trouble_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER trouble_events_no_truncate BEFORE TRUNCATE ON trouble_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE trouble_events;
DELETE FROM troubles WHERE kind = 'job';
ALTER TABLE troubles
    DROP CONSTRAINT troubles_what,
    DROP CONSTRAINT troubles_closed,
    DROP CONSTRAINT troubles_kind_check,
    DROP COLUMN chat_id, DROP COLUMN request_id, DROP COLUMN cause, DROP COLUMN state, DROP COLUMN tries,
    ADD CONSTRAINT troubles_kind_check CHECK (kind IN ('update', 'notice'));
DROP INDEX troubles_notice;
