-- The directory: places that are switched off, service standards that administrators set, and imports before they are done.

-- +goose Up

-- A place that is switched off is offered to nobody and found by no name; what lies there stays there.
ALTER TABLE places ADD COLUMN active boolean NOT NULL DEFAULT true;

-- Service standards in minutes where they differ from the taxonomy's, each from since on; none: the taxonomy's again. Rows stay, so
-- that what was asked before is measured by what held then.
CREATE TABLE standards (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    category text NOT NULL REFERENCES categories (key),
    urgency  text NOT NULL CHECK (urgency IN ('emergency', 'urgent', 'normal')),
    since    timestamptz NOT NULL,
    claim    integer,
    answer   integer,
    resolve  integer,
    account  text NOT NULL CHECK (account <> ''),
    CHECK (num_nulls(claim, answer, resolve) IN (0, 3)),
    CHECK (claim IS NULL OR claim >= 1 AND answer >= claim AND resolve >= answer AND resolve <= 525600)
);
CREATE TRIGGER standards_append_only BEFORE UPDATE OR DELETE ON standards
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER standards_no_truncate BEFORE TRUNCATE ON standards
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose StatementBegin
CREATE FUNCTION tell_standards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('standards', '');
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER standards_tell AFTER INSERT ON standards
    FOR EACH STATEMENT EXECUTE FUNCTION tell_standards();

-- cycle_at: since when the clocks of the service standard run. Null: deadlines of before there were others than the taxonomy's.
ALTER TABLE requests ADD COLUMN cycle_at timestamptz;

-- What a file would change, until whoever sent it confirms or an hour has passed. sheet and plan are JSON.
CREATE TABLE previews (
    id         text PRIMARY KEY CHECK (length(id) >= 20),
    account    text NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    register   text NOT NULL CHECK (register IN ('stations', 'workers', 'organisations', 'volunteers', 'places', 'replies')),
    file       text NOT NULL,
    sheet      text NOT NULL,
    plan       text NOT NULL,
    made_at    timestamptz NOT NULL,
    applied_at timestamptz CHECK (applied_at >= made_at)
);
CREATE INDEX previews_made ON previews (made_at);

-- +goose Down
DROP TABLE previews;
ALTER TABLE requests DROP COLUMN cycle_at;
DROP TABLE standards;
DROP FUNCTION tell_standards;
ALTER TABLE places DROP COLUMN active;
