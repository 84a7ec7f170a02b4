-- +goose Up

-- The content of a file that a supervisor sends a resident, from the page that took it until Telegram has it and a copy of it is kept: any
-- process, on any machine, may be the one that sends it.
CREATE TABLE uploads (
    message_id bigint PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    content    bytea NOT NULL CHECK (octet_length(content) BETWEEN 1 AND 20971520)
);

-- +goose Down

DROP TABLE uploads;
