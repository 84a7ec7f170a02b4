-- Where a station's workers are told together: a group chat. What is posted there everybody in the group reads.

-- +goose Up

-- One group a station, one station a group. Its chat is a row of chats like any other, with a negative number; nobody in it is
-- a resident or a worker as its member, but by their own chat.
CREATE TABLE station_groups (
    station  text PRIMARY KEY REFERENCES stations (code),
    bot_id   bigint NOT NULL,
    chat_id  bigint NOT NULL CHECK (chat_id < 0),
    forum    boolean NOT NULL DEFAULT false,              -- each request has a topic of its own there
    bound_by text NOT NULL REFERENCES workers (code),     -- the supervisor who asked for it
    bound_at timestamptz NOT NULL,
    UNIQUE (bot_id, chat_id),
    FOREIGN KEY (bot_id, chat_id) REFERENCES chats (bot_id, id)
);

-- A request's topic in a group that is a forum.
CREATE TABLE topics (
    bot_id     bigint NOT NULL,
    chat_id    bigint NOT NULL CHECK (chat_id < 0),
    request_id bigint NOT NULL REFERENCES requests (id),
    thread_id  bigint NOT NULL,                           -- Telegram's number of it
    closed     boolean NOT NULL DEFAULT false,
    PRIMARY KEY (bot_id, chat_id, request_id),
    UNIQUE (bot_id, chat_id, thread_id),
    FOREIGN KEY (bot_id, chat_id) REFERENCES chats (bot_id, id)
);

-- A worker's chat is a person's, never a group.
ALTER TABLE workers ADD CONSTRAINT workers_private CHECK (chat_id > 0);
-- Nor is a group anybody's who asks for help.
ALTER TABLE requests ADD CONSTRAINT requests_private CHECK (chat_id >= 0);

-- +goose Down
ALTER TABLE requests DROP CONSTRAINT requests_private;
ALTER TABLE workers DROP CONSTRAINT workers_private;
DROP TABLE topics, station_groups;
