-- Lists that show requests are on record, too, with the requests that they showed; and the record is searched by an index.

-- +goose Up

-- refs are the references of the requests that a list showed, and the numbers of the troubles; never words.
ALTER TABLE audit ADD COLUMN refs text[] NOT NULL DEFAULT '{}' CHECK (cardinality(refs) <= 100);
CREATE INDEX audit_refs ON audit USING gin (refs) WHERE refs <> '{}';
CREATE INDEX audit_object_lower ON audit (lower(object)) WHERE object <> ''; -- people type it either way

-- +goose Down

DROP INDEX audit_object_lower;
DROP INDEX audit_refs;
ALTER TABLE audit DROP COLUMN refs;
