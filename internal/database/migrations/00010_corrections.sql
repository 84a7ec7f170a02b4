-- What people have corrected, for the classifiers to learn from.

-- +goose Up

-- A person's decision on which service words mean. text is without what identifies people. A row is never changed but
-- for its withdrawal; the latest decision on a request withdraws those before.
CREATE TABLE corrections (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL,
    text         text NOT NULL CHECK (text <> ''),
    category     text NOT NULL REFERENCES categories (key),
    was          text REFERENCES categories (key),   -- what it was taken for; null: unclear
    request_id   bigint REFERENCES requests (id),    -- null: learnt from a file
    actor        text NOT NULL CHECK (actor IN ('worker', 'supervisor', 'system')),
    actor_id     text NOT NULL DEFAULT '',
    withdrawn_at timestamptz,
    CHECK (actor = 'system' OR actor_id <> '' AND request_id IS NOT NULL)
);
CREATE UNIQUE INDEX corrections_of_request ON corrections (request_id) WHERE withdrawn_at IS NULL;
CREATE INDEX corrections_learnt ON corrections (id) WHERE withdrawn_at IS NULL;

-- The classifiers are trained anew when corrections change.
-- +goose StatementBegin
CREATE FUNCTION tell_corrections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('corrections', '');
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER corrections_tell AFTER INSERT OR UPDATE OR DELETE ON corrections
    FOR EACH STATEMENT EXECUTE FUNCTION tell_corrections();

-- +goose Down
DROP TABLE corrections;
DROP FUNCTION tell_corrections;
