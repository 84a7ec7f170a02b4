-- Whom routing counts on is within reach: when somebody shuts the bot out or lets it in again, it reads their station anew.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION tell_routing_of_chat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('routing', 'station ' || station) FROM workers WHERE bot_id = NEW.bot_id AND chat_id = NEW.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER chats_tell AFTER UPDATE OF unreachable_at ON chats FOR EACH ROW
    WHEN ((OLD.unreachable_at IS NULL) <> (NEW.unreachable_at IS NULL)) EXECUTE FUNCTION tell_routing_of_chat();

-- +goose Down
DROP TRIGGER chats_tell ON chats;
DROP FUNCTION tell_routing_of_chat;
