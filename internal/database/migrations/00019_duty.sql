-- Who is there: by their own word or by their station's hours, with China's work calendar, and who is away.

-- +goose Up

-- Days on which everybody is off, and days at a weekend on which everybody works instead.
CREATE TABLE calendar_days (
    date date PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('off', 'work')),
    name text NOT NULL DEFAULT ''
);

-- Stations' hours are kept in memory with it.
-- +goose StatementBegin
CREATE FUNCTION tell_calendar() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('routing', 'calendar');
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER calendar_days_tell AFTER INSERT OR UPDATE OR DELETE ON calendar_days
    FOR EACH STATEMENT EXECUTE FUNCTION tell_calendar();

-- duty is what the worker has chosen: on, off, or while their station is open. on_duty is what follows from it now.
ALTER TABLE workers ADD COLUMN duty text NOT NULL DEFAULT 'on' CHECK (duty IN ('on', 'off', 'timetable'));
UPDATE workers SET duty = 'off' WHERE chat_id IS NOT NULL AND NOT on_duty;
ALTER TABLE workers ADD CONSTRAINT workers_off CHECK (NOT on_duty OR duty <> 'off');
CREATE INDEX workers_timetable ON workers (code) WHERE duty = 'timetable';

-- Times at which a worker isn't there, one planned or under way at most: it begins at starts_at, and ends at ends_at, or
-- when its worker is back. Whoever stands in works on the requests that they have.
CREATE TABLE absences (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    worker    text NOT NULL REFERENCES workers (code),
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz CHECK (ends_at > starts_at), -- null: until they say
    stand_in  text REFERENCES workers (code) CHECK (stand_in <> worker),
    began_at  timestamptz,                             -- while these two say so, the worker is away
    ended_at  timestamptz CHECK (ended_at >= began_at)
);
CREATE UNIQUE INDEX absences_one ON absences (worker) WHERE ended_at IS NULL;
CREATE INDEX absences_stand_in ON absences (stand_in) WHERE ended_at IS NULL;

-- +goose Down
DROP TABLE absences;
ALTER TABLE workers DROP COLUMN duty;
DROP TABLE calendar_days;
DROP FUNCTION tell_calendar;
