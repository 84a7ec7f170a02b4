-- What a resident has erased, or was kept long enough, stays as a count that is nobody's: which service, how urgent, when,
-- which station, what became of it.

-- +goose Up

-- Erased requests are chat 0's, which is no chat of Telegram's: nobody's.
ALTER TABLE requests ADD COLUMN erased_at timestamptz;
UPDATE requests SET erased_at = coalesce(closed_at, now()) WHERE chat_id = 0; -- where this was undone, and is done again
ALTER TABLE requests
    ADD CONSTRAINT requests_nobodys CHECK ((chat_id = 0) = (erased_at IS NOT NULL)),
    ADD CONSTRAINT requests_erased CHECK (erased_at IS NULL OR state IN ('closed', 'cancelled') AND text = '' AND summary = ''
        AND groups = '{}' AND understanding = '{}' AND routing = '{}' AND lat IS NULL);
CREATE INDEX requests_to_erase ON requests (closed_at) WHERE closed_at IS NOT NULL AND erased_at IS NULL;

-- All of a chat is found by its number, whatever became of it, and all versions of a message by their first.
CREATE INDEX requests_chat ON requests (bot_id, chat_id, id);
DROP INDEX notices_message;
CREATE INDEX notices_message ON notices (bot_id, chat_id, message_id);
CREATE INDEX messages_edits ON messages (edits) WHERE edits IS NOT NULL;

ALTER TABLE events
    DROP CONSTRAINT events_kind_check,
    ADD CONSTRAINT events_kind_check CHECK (kind IN (
        'drafted', 'understood', 'placed', 'submitted', 'routed', 'offered', 'claimed', 'released', 'answered',
        'said', 'noted', 'reclassified', 'transferred', 'referred', 'reminded', 'alarmed', 'undeliverable',
        'resolved', 'reopened', 'cancelled', 'closed', 'erased')) NOT VALID; -- later kinds may be there already

-- The log of an erased request loses where that was: distances to several stations are a position. Nothing else in it
-- ever changes.
-- +goose StatementBegin
CREATE FUNCTION refuse_change_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.request_id, NEW.at, NEW.kind, NEW.actor, NEW.actor_id) = (OLD.id, OLD.request_id, OLD.at, OLD.kind, OLD.actor, OLD.actor_id)
        AND NEW.data = OLD.data - ARRAY['place', 'distance_km']
        AND EXISTS (SELECT FROM requests r WHERE r.id = OLD.request_id AND r.erased_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'events is append-only' USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
DROP TRIGGER events_append_only ON events;
CREATE TRIGGER events_append_only BEFORE UPDATE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_event();
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TRIGGER events_no_delete ON events;
DROP TRIGGER events_append_only ON events;
DROP FUNCTION refuse_change_of_event;
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE events
    DROP CONSTRAINT events_kind_check,
    ADD CONSTRAINT events_kind_check CHECK (kind IN (
        'drafted', 'understood', 'placed', 'submitted', 'routed', 'offered', 'claimed', 'released', 'answered',
        'said', 'noted', 'reclassified', 'transferred', 'referred', 'reminded', 'alarmed', 'undeliverable',
        'resolved', 'reopened', 'cancelled', 'closed')) NOT VALID; -- the log is append-only: events of the new kind stay
DROP INDEX messages_edits, requests_chat, requests_to_erase, notices_message;
CREATE INDEX notices_message ON notices (bot_id, chat_id, message_id) WHERE message_id IS NOT NULL;
ALTER TABLE requests DROP CONSTRAINT requests_erased, DROP CONSTRAINT requests_nobodys, DROP COLUMN erased_at;
