-- +goose Up

-- county limits a supervisor to the stations of a county or a wider place, and to what has no station there. Like
-- stations.county_code it is no foreign key.
ALTER TABLE accounts
    ADD COLUMN county text,
    ADD CONSTRAINT accounts_county CHECK (county IS NULL OR (role = 'supervisor' AND station IS NULL AND county <> ''));

-- +goose Down

ALTER TABLE accounts DROP COLUMN county;
