-- So that what a worker looks at is read by index, however much lies behind.

-- +goose Up

-- active: somebody acts on the request, or could. Offers of what is over are kept, and read no more.
ALTER TABLE offers ADD COLUMN active boolean NOT NULL DEFAULT true;
UPDATE offers o SET active = false FROM requests r WHERE r.id = o.request_id AND r.state NOT IN ('open', 'claimed', 'referred');
DROP INDEX offers_station;
CREATE INDEX offers_of_station ON offers (station, request_id) WHERE active;

-- +goose StatementBegin
CREATE FUNCTION keep_offers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE offers SET active = NEW.state IN ('open', 'claimed', 'referred') WHERE request_id = NEW.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER requests_offers AFTER UPDATE OF state ON requests FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND (OLD.state IN ('open', 'claimed', 'referred')) <> (NEW.state IN ('open', 'claimed', 'referred')))
    EXECUTE FUNCTION keep_offers();

-- What a station has ever had, for whoever looks for something there.
CREATE INDEX requests_of_station ON requests (station, id) WHERE station IS NOT NULL AND erased_at IS NULL;

-- +goose Down
DROP INDEX requests_of_station;
DROP TRIGGER requests_offers ON requests;
DROP FUNCTION keep_offers;
DROP INDEX offers_of_station;
CREATE INDEX offers_station ON offers (station, request_id);
ALTER TABLE offers DROP COLUMN active;
