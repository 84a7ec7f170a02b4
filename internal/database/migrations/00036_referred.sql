-- +goose Up

-- Referrals of some days, by organisation.
CREATE INDEX referrals_offered ON referrals (offered_at) INCLUDE (organisation, worker, accepted_at, ended_at, why, outcome, kind, request_id)
    WHERE kind = 'organisation';

-- +goose Down

DROP INDEX referrals_offered;
