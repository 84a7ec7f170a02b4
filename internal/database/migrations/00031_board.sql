-- +goose Up

-- unreachable: its resident's chat has shut the bot out, so that nothing that is said to them arrives. Kept beside the chat's
-- own mark, so that the board needs no look at the chats of all that is open.
ALTER TABLE requests ADD COLUMN unreachable boolean NOT NULL DEFAULT false;
UPDATE requests r SET unreachable = true FROM chats c WHERE c.bot_id = r.bot_id AND c.id = r.chat_id AND c.unreachable_at IS NOT NULL;

-- +goose StatementBegin
CREATE FUNCTION keep_unreachable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE requests SET unreachable = NEW.unreachable_at IS NOT NULL
    WHERE bot_id = NEW.bot_id AND chat_id = NEW.id AND unreachable <> (NEW.unreachable_at IS NOT NULL);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER chats_unreachable AFTER UPDATE OF unreachable_at ON chats FOR EACH ROW
    WHEN ((OLD.unreachable_at IS NULL) <> (NEW.unreachable_at IS NULL))
    EXECUTE FUNCTION keep_unreachable();

-- Who looks at which request just now. What is here is worth nothing after a crash, so nothing is written ahead.
CREATE UNLOGGED TABLE presence (
    request_id bigint NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    account    text NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    until      timestamptz NOT NULL,               -- unless the page that is open says so again
    PRIMARY KEY (request_id, account)
);

-- +goose Down

DROP TABLE presence;
DROP TRIGGER chats_unreachable ON chats;
DROP FUNCTION keep_unreachable;
ALTER TABLE requests DROP COLUMN unreachable;
