-- +goose Up

-- A step that adds to the log of a request whose log is to be folded already holds that until it is done: else what is folded meanwhile
-- lacks what the step adds, and nothing says so any more.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION unfold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO unfolded (request_id) VALUES (NEW.request_id) ON CONFLICT (request_id) DO UPDATE SET request_id = EXCLUDED.request_id;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose Down

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION unfold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO unfolded (request_id) VALUES (NEW.request_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
-- +goose StatementEnd
