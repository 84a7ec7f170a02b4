-- Service standards and the bot's texts are imported, too; places have boundaries.

-- +goose Up

ALTER TABLE previews DROP CONSTRAINT previews_register_check;
ALTER TABLE previews ADD CONSTRAINT previews_register_check
    CHECK (register IN ('stations', 'workers', 'organisations', 'volunteers', 'places', 'replies', 'standards', 'texts'));

-- The boundary of a place, simplified: rings is JSON, a list of closed rings, each a list of [lon, lat] in WGS-84. points is how
-- many there are in all, so that what a map has to draw stays small.
CREATE TABLE boundaries (
    place  text PRIMARY KEY REFERENCES places (code) ON UPDATE CASCADE ON DELETE CASCADE,
    rings  text NOT NULL CHECK (length(rings) <= 50000),
    points integer NOT NULL CHECK (points BETWEEN 4 AND 1000),
    west   double precision NOT NULL CHECK (west BETWEEN -180 AND 180),
    south  double precision NOT NULL CHECK (south BETWEEN -90 AND 90),
    east   double precision NOT NULL CHECK (east BETWEEN -180 AND 180),
    north  double precision NOT NULL CHECK (north BETWEEN -90 AND 90),
    CHECK (west < east AND south < north),
    CHECK (json_typeof(CAST(rings AS json)) = 'array')
);

-- +goose StatementBegin
CREATE FUNCTION tell_boundaries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('routing', 'boundaries');
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER boundaries_tell AFTER INSERT OR UPDATE OR DELETE ON boundaries
    FOR EACH STATEMENT EXECUTE FUNCTION tell_boundaries();

-- +goose Down
DROP TABLE boundaries;
DROP FUNCTION tell_boundaries;
DELETE FROM previews WHERE register IN ('standards', 'texts');
ALTER TABLE previews DROP CONSTRAINT previews_register_check;
ALTER TABLE previews ADD CONSTRAINT previews_register_check
    CHECK (register IN ('stations', 'workers', 'organisations', 'volunteers', 'places', 'replies'));
