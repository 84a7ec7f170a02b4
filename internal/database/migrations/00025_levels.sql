-- How far the clock of a request's service standard has got, who is shown what waits, and what the clock looks at first.

-- +goose Up

-- The level that each of the two clocks has reached, never skipping one: 1: half of the time is over, 2: all of it,
-- 3: twice as much. Only a new cycle of the service standard begins anew.
ALTER TABLE requests
    ADD COLUMN claim_level   smallint NOT NULL DEFAULT 0 CHECK (claim_level BETWEEN 0 AND 3),
    ADD COLUMN resolve_level smallint NOT NULL DEFAULT 0 CHECK (resolve_level BETWEEN 0 AND 3);

-- What was counted so far in next_action alone.
UPDATE requests SET next_action = 'ask' WHERE state = 'claimed' AND next_action = 'answer';
UPDATE requests SET claim_level = CASE WHEN next_action_at > claim_due THEN 2 ELSE 1 END
WHERE state = 'open' AND next_action = 'claim' AND urgency <> 'emergency';
UPDATE requests SET resolve_level = CASE WHEN next_action_at > resolve_due THEN 2 ELSE 1 END
WHERE state = 'claimed' AND next_action = 'resolve';

-- What is due is found by rank first: an emergency that nobody has claimed, what else nobody has claimed, all else.
DROP INDEX requests_due;
CREATE INDEX requests_due ON requests
    ((CASE WHEN state = 'open' AND urgency = 'emergency' THEN 0 WHEN state = 'open' THEN 1 ELSE 2 END), next_action_at)
    WHERE next_action_at IS NOT NULL;

-- arrived: the worker has come on duty, in whatever way, and has not been shown yet what waits.
ALTER TABLE workers ADD COLUMN arrived boolean NOT NULL DEFAULT false;
CREATE INDEX workers_arrived ON workers (code) WHERE arrived;
-- +goose StatementBegin
CREATE FUNCTION note_arrival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.arrived := NEW.on_duty;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER workers_arrive BEFORE UPDATE ON workers FOR EACH ROW
    WHEN (NEW.on_duty IS DISTINCT FROM OLD.on_duty OR NEW.station <> OLD.station OR NEW.chat_id IS DISTINCT FROM OLD.chat_id)
    EXECUTE FUNCTION note_arrival();

-- +goose Down
DROP TRIGGER workers_arrive ON workers;
DROP FUNCTION note_arrival;
ALTER TABLE workers DROP COLUMN arrived;
DROP INDEX requests_due;
CREATE INDEX requests_due ON requests (next_action_at) WHERE next_action_at IS NOT NULL;
UPDATE requests SET next_action = 'answer' WHERE next_action = 'ask';
ALTER TABLE requests DROP COLUMN claim_level, DROP COLUMN resolve_level;
