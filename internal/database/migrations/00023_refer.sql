-- Bringing in others: a colleague who takes a request on, an organisation, a volunteer for a small task.

-- +goose Up

-- The directory. No reach: 30 km. No capacity: as many at once as come. hours as a station's.
ALTER TABLE organisations
    ADD COLUMN name_en  text NOT NULL DEFAULT '',
    ADD COLUMN contact  text NOT NULL DEFAULT '',
    ADD COLUMN hours    text NOT NULL DEFAULT '',
    ADD COLUMN capacity integer CHECK (capacity > 0),
    ADD COLUMN reach_km double precision CHECK (reach_km > 0);

-- Who helps and answers in chat beside the workers: volunteers, and for each organisation whoever answers for it, under
-- the organisation's code.
CREATE TABLE partners (
    code         text PRIMARY KEY CHECK (code ~ '^[0-9A-Za-z_-]{1,32}$'),
    kind         text NOT NULL CHECK (kind IN ('organisation', 'volunteer')),
    name         text NOT NULL CHECK (name <> ''),
    organisation text UNIQUE REFERENCES organisations (code) CHECK (organisation = code),
    phone        text NOT NULL DEFAULT '',
    place_code   text NOT NULL DEFAULT '',
    lat          double precision CHECK (lat BETWEEN -90 AND 90),
    lon          double precision CHECK (lon BETWEEN -180 AND 180),
    reach_km     double precision CHECK (reach_km > 0),  -- none: 10 km
    tasks        text[] NOT NULL DEFAULT '{}'
                 CHECK (tasks <@ ARRAY['shopping', 'visit', 'lift', 'repairs', 'doctor']),
    active       boolean NOT NULL DEFAULT true,
    bot_id       bigint,
    chat_id      bigint,
    joined_at    timestamptz,
    UNIQUE (bot_id, chat_id),                            -- one chat is one partner's
    FOREIGN KEY (bot_id, chat_id) REFERENCES chats (bot_id, id),
    CHECK ((kind = 'organisation') = (organisation IS NOT NULL)),
    CHECK ((kind = 'volunteer') = (tasks <> '{}')),
    CHECK ((lat IS NULL) = (lon IS NULL)),
    CHECK ((chat_id IS NULL) = (bot_id IS NULL)),
    CHECK ((chat_id IS NULL) = (joined_at IS NULL))
);

-- One chat is one person's: a worker's or a partner's. Whoever binds a chat has locked its row.
-- +goose StatementBegin
CREATE FUNCTION refuse_two_in_a_chat() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    taken boolean;
BEGIN
    IF TG_TABLE_NAME = 'workers' THEN
        SELECT EXISTS (SELECT FROM partners WHERE bot_id = NEW.bot_id AND chat_id = NEW.chat_id) INTO taken;
    ELSE
        SELECT EXISTS (SELECT FROM workers WHERE bot_id = NEW.bot_id AND chat_id = NEW.chat_id) INTO taken;
    END IF;
    IF taken THEN
        RAISE EXCEPTION 'the chat is somebody else''s' USING ERRCODE = 'unique_violation', CONSTRAINT = 'one_person_a_chat';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER workers_one_person_a_chat BEFORE INSERT OR UPDATE OF bot_id, chat_id ON workers
    FOR EACH ROW WHEN (NEW.chat_id IS NOT NULL) EXECUTE FUNCTION refuse_two_in_a_chat();
CREATE TRIGGER partners_one_person_a_chat BEFORE INSERT OR UPDATE OF bot_id, chat_id ON partners
    FOR EACH ROW WHEN (NEW.chat_id IS NOT NULL) EXECUTE FUNCTION refuse_two_in_a_chat();

ALTER TABLE invites
    ALTER COLUMN worker DROP NOT NULL,
    ADD COLUMN partner text REFERENCES partners (code) ON DELETE CASCADE,
    ADD CONSTRAINT invites_of_one CHECK ((worker IS NULL) <> (partner IS NULL));

-- A part of a request that others are asked to do. The worker who has the request stays answerable for it.
--
--   offered --accept--> accepted --report--> done
--      |  \--decline, nobody in time--> ended    \--taken back, or the request is over--> ended
CREATE TABLE referrals (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id   bigint NOT NULL REFERENCES requests (id),
    kind         text NOT NULL CHECK (kind IN ('organisation', 'volunteer')),
    organisation text REFERENCES organisations (code),
    task         text CHECK (task IN ('shopping', 'visit', 'lift', 'repairs', 'doctor')),
    words        text NOT NULL DEFAULT '',               -- all that they are told, by the worker
    worker       text NOT NULL REFERENCES workers (code), -- who asked
    state        text NOT NULL DEFAULT 'offered' CHECK (state IN ('offered', 'accepted', 'done', 'ended')),
    partner      text REFERENCES partners (code),        -- who has it; none where an organisation has said so by phone
    why          text NOT NULL DEFAULT '' CHECK (why IN ('', 'declined', 'unanswered', 'recalled', 'over', 'gone')),
    outcome      text CHECK (outcome IN ('done', 'partly', 'not_possible')),
    report       bigint REFERENCES messages (id) ON DELETE SET NULL, -- the partner's words on it
    offered_at   timestamptz NOT NULL,
    accepted_at  timestamptz,
    ended_at     timestamptz,
    expires_at   timestamptz NOT NULL,                   -- when the worker is told that nobody has accepted
    next_at      timestamptz,                            -- when the clock looks at it next
    CHECK ((kind = 'organisation') = (organisation IS NOT NULL)),
    CHECK ((kind = 'volunteer') = (task IS NOT NULL)),
    CHECK ((state = 'offered') = (next_at IS NOT NULL)), -- nobody waits in limbo
    CHECK ((state IN ('done', 'ended')) = (ended_at IS NOT NULL)),
    CHECK ((state = 'ended') = (why <> '')),
    CHECK ((state = 'done') = (outcome IS NOT NULL)),
    CHECK (state NOT IN ('accepted', 'done') OR accepted_at IS NOT NULL),
    CHECK (state <> 'offered' OR accepted_at IS NULL AND partner IS NULL),
    CHECK (partner IS NOT NULL OR kind = 'organisation' OR accepted_at IS NULL)
);
-- One organisation a request, and each task once at a time.
CREATE UNIQUE INDEX referrals_one_organisation ON referrals (request_id) WHERE kind = 'organisation' AND state IN ('offered', 'accepted');
CREATE UNIQUE INDEX referrals_task_once ON referrals (request_id, task) WHERE kind = 'volunteer' AND state IN ('offered', 'accepted');
CREATE INDEX referrals_request ON referrals (request_id, id);
CREATE INDEX referrals_due ON referrals (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX referrals_report ON referrals (report) WHERE report IS NOT NULL; -- when messages are erased
CREATE INDEX referrals_of_partner ON referrals (partner) WHERE state = 'accepted';
CREATE INDEX referrals_of_organisation ON referrals (organisation) WHERE state = 'accepted';

-- Whom a referral was offered to.
CREATE TABLE referral_offers (
    referral_id bigint NOT NULL REFERENCES referrals (id),
    partner     text NOT NULL REFERENCES partners (code),
    offered_at  timestamptz NOT NULL,
    declined_at timestamptz,
    PRIMARY KEY (referral_id, partner)
);
CREATE INDEX referral_offers_partner ON referral_offers (partner, referral_id);

-- A colleague is asked to take a request on; it stays with the giver until they do.
CREATE TABLE handoffs (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id  bigint NOT NULL REFERENCES requests (id),
    giver       text NOT NULL REFERENCES workers (code), -- who asks
    holder      text NOT NULL REFERENCES workers (code), -- who has it then: the giver, or whom they stand in for
    taker       text NOT NULL REFERENCES workers (code) CHECK (taker <> giver),
    note        bigint REFERENCES messages (id) ON DELETE SET NULL, -- for the colleague
    offered_at  timestamptz NOT NULL,
    next_at     timestamptz,                             -- when the giver is told that nothing was answered
    answer      text NOT NULL DEFAULT '' CHECK (answer IN ('', 'accepted', 'declined', 'unanswered', 'withdrawn')),
    answered_at timestamptz,
    CHECK ((answer = '') = (answered_at IS NULL)),
    CHECK ((answer = '') = (next_at IS NOT NULL))
);
CREATE UNIQUE INDEX handoffs_pending ON handoffs (request_id) WHERE answer = '';
CREATE INDEX handoffs_due ON handoffs (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX handoffs_note ON handoffs (note) WHERE note IS NOT NULL; -- when messages are erased
CREATE INDEX handoffs_request ON handoffs (request_id);

-- Whom a request is referred to doesn't release its worker.
ALTER TABLE requests ADD CONSTRAINT requests_referred
    CHECK (state <> 'referred' OR (worker IS NOT NULL AND station IS NOT NULL AND claimed_at IS NOT NULL));

-- What a partner says is kept; what a worker writes to one is a note: it never reaches the resident.
ALTER TABLE messages DROP CONSTRAINT messages_author_check, ADD CONSTRAINT messages_author_check
    CHECK (author IN ('resident', 'worker', 'partner'));
ALTER TABLE messages
    ADD COLUMN partner text REFERENCES partners (code),
    ADD CONSTRAINT messages_of_partner CHECK ((author = 'partner') = (partner IS NOT NULL));
ALTER TABLE events DROP CONSTRAINT events_actor_check, ADD CONSTRAINT events_actor_check
    CHECK (actor IN ('resident', 'worker', 'supervisor', 'partner', 'system'));

-- 'aside': words that go to neither the resident nor the file by themselves; mode_arg says what for.
ALTER TABLE chats DROP CONSTRAINT chats_mode_check, ADD CONSTRAINT chats_mode_check
    CHECK (mode IN ('', 'need', 'place', 'reply', 'note', 'comment', 'aside'));
ALTER TABLE chats
    ADD COLUMN mode_arg text NOT NULL DEFAULT '',
    ADD CONSTRAINT chats_aside CHECK (mode <> 'aside' OR request_id IS NOT NULL AND mode_arg <> '');
ALTER TABLE troubles DROP CONSTRAINT troubles_mode_check, ADD CONSTRAINT troubles_mode_check
    CHECK (mode IN ('', 'need', 'place', 'reply', 'note', 'comment', 'aside')
        AND (mode NOT IN ('reply', 'note', 'comment', 'aside') OR mode_request IS NOT NULL));
ALTER TABLE troubles ADD COLUMN mode_arg text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE troubles DROP COLUMN mode_arg;
UPDATE troubles SET mode = '', mode_request = NULL WHERE mode = 'aside';
ALTER TABLE troubles DROP CONSTRAINT troubles_mode_check, ADD CONSTRAINT troubles_mode_check
    CHECK (mode IN ('', 'need', 'place', 'reply', 'note', 'comment') AND (mode NOT IN ('reply', 'note', 'comment') OR mode_request IS NOT NULL));
UPDATE chats SET mode = '', request_id = NULL WHERE mode = 'aside';
ALTER TABLE chats DROP CONSTRAINT chats_aside, DROP COLUMN mode_arg;
ALTER TABLE chats DROP CONSTRAINT chats_mode_check, ADD CONSTRAINT chats_mode_check
    CHECK (mode IN ('', 'need', 'place', 'reply', 'note', 'comment'));
-- The log is append-only: events of partners stay, and only new ones are refused.
ALTER TABLE events DROP CONSTRAINT events_actor_check, ADD CONSTRAINT events_actor_check
    CHECK (actor IN ('resident', 'worker', 'supervisor', 'system')) NOT VALID;
ALTER TABLE requests DROP CONSTRAINT requests_referred;
UPDATE requests SET state = 'claimed' WHERE state = 'referred';
DROP TABLE handoffs, referral_offers, referrals;
UPDATE messages SET edits = NULL WHERE edits IN (SELECT id FROM messages WHERE author = 'partner');
DELETE FROM messages WHERE author = 'partner';
ALTER TABLE messages DROP CONSTRAINT messages_of_partner, DROP COLUMN partner;
ALTER TABLE messages DROP CONSTRAINT messages_author_check, ADD CONSTRAINT messages_author_check CHECK (author IN ('resident', 'worker'));
ALTER TABLE invites DROP CONSTRAINT invites_of_one, DROP COLUMN partner; -- and the partners' with it, below
DELETE FROM invites WHERE worker IS NULL;
ALTER TABLE invites ALTER COLUMN worker SET NOT NULL;
DROP TRIGGER workers_one_person_a_chat ON workers;
DROP TABLE partners;
DROP FUNCTION refuse_two_in_a_chat;
ALTER TABLE organisations DROP COLUMN name_en, DROP COLUMN contact, DROP COLUMN hours, DROP COLUMN capacity, DROP COLUMN reach_km;
