-- A worker may ask a supervisor to decide: that is a reason of its own to be on the triage list.

-- +goose Up
ALTER TABLE requests DROP CONSTRAINT requests_triage_check, ADD CONSTRAINT requests_triage_check
    CHECK (triage IN ('', 'unclear', 'no_place', 'no_station', 'unstaffed', 'unconfirmed', 'unclaimed', 'unanswered', 'undeliverable', 'trouble', 'handed_up'));

-- +goose Down
UPDATE requests SET triage = 'unclear' WHERE triage = 'handed_up';
ALTER TABLE requests DROP CONSTRAINT requests_triage_check, ADD CONSTRAINT requests_triage_check
    CHECK (triage IN ('', 'unclear', 'no_place', 'no_station', 'unstaffed', 'unconfirmed', 'unclaimed', 'unanswered', 'undeliverable', 'trouble'));
