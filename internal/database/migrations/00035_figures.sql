-- +goose Up

-- What figures need of a cycle, beside what is there: where its resident lives, how it was rated, and how long its station was
-- open until nobody was asked any more. kept: it is counted in figures_kept.
ALTER TABLE cycles
    ADD COLUMN setting   text NOT NULL DEFAULT '' CHECK (setting IN ('', 'urban', 'rural')), -- of its place; empty: not known
    ADD COLUMN score     smallint CHECK (score BETWEEN 1 AND 5),
    ADD COLUMN over_open double precision CHECK (over_open >= 0), -- seconds of the station's opening hours
    ADD COLUMN kept      boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT cycles_kept_over CHECK (NOT kept OR over_at IS NOT NULL);
CREATE INDEX cycles_unkept ON cycles (began_at) WHERE NOT kept;              -- all that is counted one by one
CREATE INDEX cycles_of_station ON cycles (station, began_at);                -- what is behind the figures of one
CREATE INDEX cycles_of_category ON cycles (category, began_at);
CREATE INDEX cycles_pressing ON cycles (began_at) WHERE urgency <> 'normal'; -- of which there are few

-- figures_kept are the figures of the cycles that are over, summed up: of each day, month and year of China's calendar; of all,
-- of each station, of each service, and of both. A column of keys is empty where its cube doesn't part by it. The figures
-- themselves (intake/tally.go) are histograms, so that those of any days and stations add up.
CREATE TABLE figures_kept (
    cube           text NOT NULL CHECK (cube IN ('all', 'station', 'category', 'both')),
    grain          text NOT NULL CHECK (grain IN ('day', 'month', 'year')),
    starts         date NOT NULL,
    category       text NOT NULL DEFAULT '',
    station        text NOT NULL DEFAULT '',
    worker_station text NOT NULL DEFAULT '',
    figures        bytea NOT NULL,
    PRIMARY KEY (cube, grain, starts, category, station, worker_station)
) WITH (toast_tuple_target = 8160); -- read whole, and by thousands
ALTER TABLE figures_kept ALTER COLUMN figures SET STORAGE EXTERNAL;
CREATE INDEX figures_kept_of_station ON figures_kept (station, cube, grain, starts) WHERE cube IN ('station', 'both');

-- figures_undone are cycles as they were counted in figures_kept, and are no more: they are subtracted until they are taken out.
CREATE TABLE figures_undone (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cycle jsonb NOT NULL
);

-- Whatever changes a cycle that is counted, the figures stay right: what was counted is subtracted, and what is now counts by itself.
-- +goose StatementBegin
CREATE FUNCTION undo_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    INSERT INTO figures_undone (cycle) VALUES (to_jsonb(OLD));
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    NEW.kept := false;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER cycles_undo_figures BEFORE UPDATE OR DELETE ON cycles FOR EACH ROW WHEN (OLD.kept) EXECUTE FUNCTION undo_figures();

-- A place that becomes known, and a rating, change figures, too.
DROP TRIGGER events_unfold ON events;
CREATE TRIGGER events_unfold AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.kind IN ('submitted', 'routed', 'reclassified', 'understood', 'claimed', 'released', 'transferred', 'answered', 'said', 'resolved', 'reopened', 'cancelled', 'closed',
        'placed', 'rated'))
    EXECUTE FUNCTION unfold();
INSERT INTO unfolded (request_id) SELECT id FROM requests WHERE submitted_at IS NOT NULL ON CONFLICT DO NOTHING;

-- +goose Down

DROP TRIGGER events_unfold ON events;
CREATE TRIGGER events_unfold AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.kind IN ('submitted', 'routed', 'reclassified', 'understood', 'claimed', 'released', 'transferred', 'answered', 'said', 'resolved', 'reopened', 'cancelled', 'closed'))
    EXECUTE FUNCTION unfold();
DROP TRIGGER cycles_undo_figures ON cycles;
DROP FUNCTION undo_figures;
DROP TABLE figures_undone, figures_kept;
DROP INDEX cycles_unkept, cycles_of_station, cycles_of_category, cycles_pressing;
ALTER TABLE cycles DROP CONSTRAINT cycles_kept_over, DROP COLUMN setting, DROP COLUMN score, DROP COLUMN over_open, DROP COLUMN kept;
