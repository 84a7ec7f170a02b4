-- The talk between workers and residents: Reply holds for a while, what was sent can be taken back, replies are at hand,
-- and a machine may translate.

-- +goose Up

-- mode_at: when the mode was last used; Reply ends some minutes after.
ALTER TABLE chats ADD COLUMN mode_at timestamptz;

-- taken_back_at: when a worker took words back that a resident may have read. They stay in the record.
ALTER TABLE messages ADD COLUMN taken_back_at timestamptz CHECK (taken_back_at IS NULL OR author = 'worker');

-- What workers say often, as {ref}, {worker}, {station} and {phone} complete it; of a station and for a category, or of
-- all and for all.
CREATE TABLE canned_replies (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    station  text REFERENCES stations (code),
    category text REFERENCES categories (key),
    language text NOT NULL CHECK (language IN ('zh-CN', 'zh-HK', 'en')),
    title    text NOT NULL CHECK (title <> '' AND length(title) <= 40),
    text     text NOT NULL CHECK (text <> '' AND length(text) <= 1000),
    active   boolean NOT NULL DEFAULT true
);
CREATE UNIQUE INDEX canned_replies_title ON canned_replies (coalesce(station, ''), coalesce(category, ''), language, title);

-- What a machine makes of a message in another language; empty while it is asked.
CREATE TABLE translations (
    message_id bigint NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    language   text NOT NULL CHECK (language IN ('zh-CN', 'zh-HK', 'en')),
    text       text NOT NULL DEFAULT '',
    asked_at   timestamptz NOT NULL,
    PRIMARY KEY (message_id, language)
);

ALTER TABLE events DROP CONSTRAINT events_kind_check, ADD CONSTRAINT events_kind_check CHECK (kind IN (
    'drafted', 'understood', 'placed', 'submitted', 'routed', 'offered', 'claimed', 'released', 'answered',
    'said', 'noted', 'reclassified', 'transferred', 'referred', 'reminded', 'alarmed', 'undeliverable',
    'resolved', 'reopened', 'cancelled', 'closed', 'erased', 'rated', 'unnamed', 'quieted', 'taken_back'));

-- +goose Down

-- The log is append-only: events of the new kind stay, and only new ones are refused.
ALTER TABLE events DROP CONSTRAINT events_kind_check, ADD CONSTRAINT events_kind_check CHECK (kind IN (
    'drafted', 'understood', 'placed', 'submitted', 'routed', 'offered', 'claimed', 'released', 'answered',
    'said', 'noted', 'reclassified', 'transferred', 'referred', 'reminded', 'alarmed', 'undeliverable',
    'resolved', 'reopened', 'cancelled', 'closed', 'erased', 'rated', 'unnamed', 'quieted')) NOT VALID;
DROP TABLE translations, canned_replies;
ALTER TABLE messages DROP COLUMN taken_back_at;
ALTER TABLE chats DROP COLUMN mode_at;
