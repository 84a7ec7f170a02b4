-- So that no danger waits for whoever can't be told or doesn't answer.

-- +goose Up

-- Routing counts on those within reach: when somebody shuts the bot out or lets it in again, it reads their station anew.
-- +goose StatementBegin
CREATE FUNCTION tell_routing_of_chat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('routing', 'station ' || station) FROM workers WHERE bot_id = NEW.bot_id AND chat_id = NEW.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER chats_tell AFTER UPDATE OF unreachable_at ON chats FOR EACH ROW
    WHEN ((OLD.unreachable_at IS NULL) <> (NEW.unreachable_at IS NULL)) EXECUTE FUNCTION tell_routing_of_chat();

-- Whoever claimed an emergency may be silent.
ALTER TABLE requests
    DROP CONSTRAINT requests_triage_check,
    ADD CONSTRAINT requests_triage_check CHECK (triage IN ('', 'unclear', 'no_place', 'no_station', 'unstaffed', 'unconfirmed',
        'unclaimed', 'unanswered', 'undeliverable', 'trouble'));

-- +goose Down
UPDATE requests SET triage = 'unclaimed' WHERE triage = 'unanswered';
ALTER TABLE requests
    DROP CONSTRAINT requests_triage_check,
    ADD CONSTRAINT requests_triage_check CHECK (triage IN ('', 'unclear', 'no_place', 'no_station', 'unstaffed', 'unconfirmed',
        'unclaimed', 'undeliverable', 'trouble'));
DROP TRIGGER chats_tell ON chats;
DROP FUNCTION tell_routing_of_chat;
