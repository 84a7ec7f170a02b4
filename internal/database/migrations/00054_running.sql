-- +goose Up

-- running is what figures need of a cycle that isn't over, of a fixed length, so that those of thousands are read as one value
-- (intake/running.go): the seconds until its claim, until that was due, and of opening hours; the same of its answer; the seconds
-- until its resolution is due; and when it began, in microseconds since 2000. What hasn't come is no number.
ALTER TABLE cycles ADD COLUMN running bytea GENERATED ALWAYS AS (CASE WHEN over_at IS NULL THEN
       float8send(coalesce(date_part('epoch', claimed_at - began_at), 'NaN')) || float8send(date_part('epoch', claim_due - began_at))
    || float8send(coalesce(claim_open, 'NaN'))
    || float8send(coalesce(date_part('epoch', answered_at - began_at), 'NaN')) || float8send(date_part('epoch', answer_due - began_at))
    || float8send(coalesce(answer_open, 'NaN'))
    || float8send(date_part('epoch', resolve_due - began_at)) || timestamptz_send(began_at)
END) STORED, ADD CONSTRAINT cycles_resolved_over CHECK (resolved_at IS NULL OR over_at IS NOT NULL);
DROP INDEX cycles_unkept;
CREATE INDEX cycles_unkept ON cycles (began_at) WHERE NOT kept AND over_at IS NOT NULL; -- what is counted one by one

-- +goose Down

DROP INDEX cycles_unkept;
CREATE INDEX cycles_unkept ON cycles (began_at) WHERE NOT kept;
ALTER TABLE cycles DROP CONSTRAINT cycles_resolved_over, DROP COLUMN running;
