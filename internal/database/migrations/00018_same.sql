-- What is asked twice: by one resident, or by many near by.

-- +goose Up

-- Whether a draft repeats a request of the same resident's, as far as the resident was asked and has said.
CREATE TABLE repeats (
    request_id bigint NOT NULL REFERENCES requests (id),  -- the draft
    former_id  bigint NOT NULL REFERENCES requests (id) CHECK (former_id < request_id),
    answer     text NOT NULL DEFAULT '' CHECK (answer IN ('', 'new', 'added')), -- empty: the question is open
    at         timestamptz NOT NULL,
    PRIMARY KEY (request_id, former_id)
);

-- Reports of the same, near by: each is linked to the first of them. No foreign keys: a check of one would wait for whoever
-- works on the first one, and no emergency waits for that. Requests are never deleted.
CREATE TABLE links (
    request_id bigint PRIMARY KEY,
    first_id   bigint NOT NULL CHECK (first_id <> request_id),
    at         timestamptz NOT NULL
);
CREATE INDEX links_first ON links (first_id, request_id);

-- What is near by and not finished: squares of a fiftieth of a degree, the latest last in each.
CREATE INDEX requests_near ON requests (category, (CAST(floor(lat * 50) AS integer)), (CAST(floor(lon * 50) AS integer)), id)
    WHERE state IN ('open', 'claimed', 'referred') AND lat IS NOT NULL;

-- +goose Down
DROP INDEX requests_near;
DROP TABLE links, repeats;
