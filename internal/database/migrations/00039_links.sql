-- +goose Up

-- worker: whose account it is. /admin in their chat gives them a link that logs them in, and while they are dismissed it is shut.
-- by_worker: it was made so, for a supervisor, and follows their role and station until an administrator decides on it.
ALTER TABLE accounts
    ADD COLUMN worker    text UNIQUE REFERENCES workers (code),
    ADD COLUMN by_worker boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT accounts_by_worker CHECK (NOT by_worker OR (worker IS NOT NULL AND role = 'supervisor' AND station IS NOT NULL));

-- login_links are those links; only a hash of what is in them is kept. A worker has one that can still be used.
CREATE TABLE login_links (
    token_hash bytea PRIMARY KEY,
    worker     text NOT NULL REFERENCES workers (code) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE UNIQUE INDEX login_links_unused ON login_links (worker) WHERE used_at IS NULL;

-- Whoever is dismissed, has another role or another phone loses their link and what they are logged in to, by whatever way that
-- came about.
-- +goose StatementBegin
CREATE FUNCTION end_worker_logins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM login_links WHERE worker = NEW.code AND used_at IS NULL;
    UPDATE logins SET ended_at = now() WHERE ended_at IS NULL AND account IN (SELECT name FROM accounts WHERE worker = NEW.code);
    UPDATE accounts SET station = NEW.station WHERE worker = NEW.code AND by_worker AND station <> NEW.station;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER workers_logins AFTER UPDATE OF active, role, station, bot_id, chat_id ON workers FOR EACH ROW
    WHEN ((OLD.active, OLD.role, OLD.station, OLD.bot_id, OLD.chat_id) IS DISTINCT FROM (NEW.active, NEW.role, NEW.station, NEW.bot_id, NEW.chat_id))
    EXECUTE FUNCTION end_worker_logins();

-- +goose Down

DROP TRIGGER workers_logins ON workers;
DROP FUNCTION end_worker_logins;
DROP TABLE login_links;
ALTER TABLE accounts DROP CONSTRAINT accounts_by_worker, DROP COLUMN worker, DROP COLUMN by_worker;
