-- +goose Up

-- cycles are what figures are computed from: a request's way through the service standard, from its submission, or from
-- being opened again, to its end. They are folded from the event log (intake/cycle.go), and can be folded anew.
CREATE TABLE cycles (
    request_id     bigint NOT NULL REFERENCES requests (id),
    n              smallint NOT NULL CHECK (n > 0),
    began_at       timestamptz NOT NULL,
    day            date NOT NULL,                  -- on which it began, where the station is
    station        text NOT NULL DEFAULT '',       -- that has it, or had it at last; empty: none
    worker_station text NOT NULL DEFAULT '',       -- of the worker who claimed it first; empty: none yet
    category       text NOT NULL DEFAULT '',       -- empty: unclear
    urgency        text NOT NULL CHECK (urgency IN ('emergency', 'urgent', 'normal')),
    claim_due      timestamptz NOT NULL,
    answer_due     timestamptz NOT NULL,
    resolve_due    timestamptz NOT NULL,
    claimed_at     timestamptz CHECK (claimed_at >= began_at),
    answered_at    timestamptz CHECK (answered_at >= began_at),  -- by a person
    resolved_at    timestamptz CHECK (resolved_at >= began_at),
    over_at        timestamptz CHECK (over_at >= began_at),      -- since when nobody is asked any more
    claim_open     double precision CHECK (claim_open >= 0),     -- seconds of the station's opening hours; null: not yet
    answer_open    double precision CHECK (answer_open >= 0),
    resolve_open   double precision CHECK (resolve_open >= 0),
    outcome        text,
    PRIMARY KEY (request_id, n),
    CHECK ((claimed_at IS NULL) = (claim_open IS NULL)),
    CHECK ((answered_at IS NULL) = (answer_open IS NULL)),
    CHECK ((resolved_at IS NULL) = (resolve_open IS NULL)),
    CHECK ((resolved_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX cycles_began ON cycles (began_at, station);
CREATE INDEX cycles_running ON cycles (began_at) WHERE over_at IS NULL;

-- unfolded are the requests whose log says more than their cycles.
CREATE TABLE unfolded (request_id bigint PRIMARY KEY REFERENCES requests (id));

-- +goose StatementBegin
CREATE FUNCTION unfold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO unfolded (request_id) VALUES (NEW.request_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER events_unfold AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.kind IN ('submitted', 'routed', 'reclassified', 'understood', 'claimed', 'released', 'transferred', 'answered', 'said', 'resolved', 'reopened', 'cancelled', 'closed'))
    EXECUTE FUNCTION unfold();
INSERT INTO unfolded (request_id) SELECT id FROM requests WHERE submitted_at IS NOT NULL;

-- +goose Down

DROP TRIGGER events_unfold ON events;
DROP FUNCTION unfold;
DROP TABLE unfolded, cycles;
