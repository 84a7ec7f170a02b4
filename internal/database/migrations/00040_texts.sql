-- +goose Up

-- texts are what the bot says, worded anew by people. What is not in it is said as the program brings it.
CREATE TABLE texts (
    language   text NOT NULL,
    key        text NOT NULL,
    text       text NOT NULL CHECK (text <> ''),
    account    text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (language, key)
);

-- +goose StatementBegin
CREATE FUNCTION note_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('texts', '');
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER texts_note AFTER INSERT OR UPDATE OR DELETE ON texts FOR EACH STATEMENT EXECUTE FUNCTION note_texts();

-- +goose Down

DROP TABLE texts;
DROP FUNCTION note_texts;
