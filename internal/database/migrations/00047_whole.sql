-- +goose Up

-- whole is the sum of a row's figures, where they are of several urgencies and settings, which few ask for. What was summed up before
-- has none until it is written again.
ALTER TABLE figures_kept ADD COLUMN whole bytea;
ALTER TABLE figures_kept ALTER COLUMN whole SET STORAGE EXTERNAL;

-- +goose Down

ALTER TABLE figures_kept DROP COLUMN whole;
