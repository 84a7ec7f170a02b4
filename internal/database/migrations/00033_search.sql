-- What requests are found by in the admin: their words, and the views that supervisors keep.

-- +goose Up

-- words are what a request can be found by: its number, what was said about it by all sides, telephone numbers, who has it and
-- where, as intake/words.go cuts them up. An erased request has none.
CREATE TABLE request_words (
    request_id bigint PRIMARY KEY REFERENCES requests (id),
    words      tsvector NOT NULL
);
-- Written by a job that nobody waits for: so it is kept in order at once, and looking something up never reads a list of what is pending.
CREATE INDEX request_words_words ON request_words USING gin (words) WITH (fastupdate = off);

-- unworded are the requests of which something was said or has changed since their words were written.
CREATE TABLE unworded (request_id bigint PRIMARY KEY);

-- +goose StatementBegin
CREATE FUNCTION unword_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO unworded (request_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION unword_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.request_id IS NOT NULL THEN
        INSERT INTO unworded (request_id) VALUES (OLD.request_id) ON CONFLICT DO NOTHING;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.request_id IS NOT NULL THEN
        INSERT INTO unworded (request_id) VALUES (NEW.request_id) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION unword_chat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO unworded (request_id) SELECT id FROM requests WHERE bot_id = NEW.bot_id AND chat_id = NEW.id AND submitted_at IS NOT NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER requests_unword_new AFTER INSERT ON requests FOR EACH ROW
    WHEN (NEW.submitted_at IS NOT NULL AND NEW.erased_at IS NULL) EXECUTE FUNCTION unword_request();
CREATE TRIGGER requests_unword AFTER UPDATE ON requests FOR EACH ROW
    WHEN (NEW.submitted_at IS NOT NULL AND (OLD.submitted_at, OLD.erased_at, OLD.text, OLD.summary, OLD.station, OLD.worker, OLD.unnamed, OLD.chat_id)
        IS DISTINCT FROM (NEW.submitted_at, NEW.erased_at, NEW.text, NEW.summary, NEW.station, NEW.worker, NEW.unnamed, NEW.chat_id))
    EXECUTE FUNCTION unword_request();
CREATE TRIGGER messages_unword AFTER INSERT OR DELETE OR UPDATE OF request_id, text, transcript ON messages FOR EACH ROW
    EXECUTE FUNCTION unword_message();
CREATE TRIGGER chats_unword AFTER UPDATE OF phone ON chats FOR EACH ROW
    WHEN (OLD.phone <> NEW.phone AND NEW.id <> 0) EXECUTE FUNCTION unword_chat();
INSERT INTO unworded (request_id) SELECT id FROM requests WHERE submitted_at IS NOT NULL AND erased_at IS NULL;

-- Lists of what is found go from the newest to the oldest, as do those of one station and of one worker. What is erased is in none.
CREATE INDEX requests_kept ON requests (submitted_at, id) WHERE erased_at IS NULL AND submitted_at IS NOT NULL;
CREATE INDEX requests_kept_at ON requests (station, submitted_at, id) WHERE erased_at IS NULL AND submitted_at IS NOT NULL;
CREATE INDEX requests_kept_by ON requests (worker, submitted_at, id) WHERE erased_at IS NULL AND submitted_at IS NOT NULL AND worker IS NOT NULL;
CREATE INDEX requests_unnamed ON requests (submitted_at, id) WHERE unnamed AND erased_at IS NULL AND submitted_at IS NOT NULL;

-- A view is what an account looks for again and again, as a URL says it. slot holds the limit of 30 of an account.
CREATE TABLE saved_views (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account text NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    slot    smallint NOT NULL CHECK (slot BETWEEN 1 AND 30),
    name    text NOT NULL CHECK (name <> '' AND length(name) <= 60),
    filters text NOT NULL CHECK (length(filters) <= 4000),
    shared  boolean NOT NULL DEFAULT false,      -- with everybody, each within what they may see
    made_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account, slot),
    UNIQUE (account, name)
);
CREATE INDEX saved_views_shared ON saved_views (name) WHERE shared;

-- +goose Down

DROP TABLE saved_views;
DROP INDEX requests_unnamed, requests_kept_by, requests_kept_at, requests_kept;
DROP TRIGGER chats_unword ON chats;
DROP TRIGGER messages_unword ON messages;
DROP TRIGGER requests_unword ON requests;
DROP TRIGGER requests_unword_new ON requests;
DROP FUNCTION unword_chat;
DROP FUNCTION unword_message;
DROP FUNCTION unword_request;
DROP TABLE unworded, request_words;
