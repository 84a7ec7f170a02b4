-- +goose Up

-- 'area' is the place of what another system filed without a word of where it is: the area of that system, and nobody knows where in it.
ALTER TABLE requests DROP CONSTRAINT requests_place_source_check, ADD CONSTRAINT requests_place_source_check
    CHECK (place_source IN ('', 'location', 'link', 'text', 'choice', 'last', 'supervisor', 'area'));

-- +goose Down

UPDATE requests SET place_source = 'text' WHERE place_source = 'area';
ALTER TABLE requests DROP CONSTRAINT requests_place_source_check, ADD CONSTRAINT requests_place_source_check
    CHECK (place_source IN ('', 'location', 'link', 'text', 'choice', 'last', 'supervisor'));
