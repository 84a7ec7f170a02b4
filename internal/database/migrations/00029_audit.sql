-- +goose Up

-- audit is who did what in the admin, and who looked at whose record. It says nothing of what residents wrote.
CREATE TABLE audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT now(),
    account text NOT NULL CHECK (account <> ''),
    action  text NOT NULL CHECK (action <> ''),  -- the route: its method and pattern
    object  text NOT NULL DEFAULT '',            -- a request's reference, or the code or name of what it was done to
    detail  jsonb NOT NULL DEFAULT '{}'          -- what the form said, without secrets
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_account ON audit (account, id);
CREATE INDEX audit_object ON audit (object, id) WHERE object <> '';
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down

DROP TABLE audit;
