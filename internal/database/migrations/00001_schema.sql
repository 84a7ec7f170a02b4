-- The whole of OneDoor's memory. Read it with docs/architecture.md beside it.
--
-- Times are timestamptz, positions WGS-84 degrees. Words of residents stand in
-- messages and requests only, never in events or notices' arguments.

-- +goose Up

-- Categories are the nineteen keys of the taxonomy (prompts/taxonomy.yaml; a test compares the two).
CREATE TABLE categories (key text PRIMARY KEY);
INSERT INTO categories (key) VALUES
    ('education'), ('employment'), ('social_security'), ('elderly_disabled_care'), ('legal_rights'),
    ('health'), ('culture_sports'), ('rural_economy'), ('workers_rights'), ('environment'),
    ('ecology'), ('food_safety'), ('public_security'), ('conflict_resolution'), ('poverty_relief'),
    ('child_protection'), ('fire_safety'), ('dangerous_homes'), ('national_defense');

-- Where things are ------------------------------------------------------------------------------

-- A place without a position takes its nearest ancestor's.
CREATE TABLE places (
    code    text PRIMARY KEY CHECK (code ~ '^[0-9A-Za-z_-]{1,32}$'),
    name    text NOT NULL CHECK (name <> ''),
    name_en text NOT NULL DEFAULT '',
    level   text NOT NULL CHECK (level IN ('country', 'province', 'city', 'county', 'township', 'village')),
    parent  text REFERENCES places (code) CHECK (parent <> code),
    lat     double precision CHECK (lat BETWEEN -90 AND 90),
    lon     double precision CHECK (lon BETWEEN -180 AND 180),
    CHECK ((lat IS NULL) = (lon IS NULL))
);
CREATE INDEX places_parent ON places (parent);

-- county_code is no foreign key: stations may be imported before the gazetteer is.
-- No categories means all of them; no hours means always open.
CREATE TABLE stations (
    code        text PRIMARY KEY CHECK (code ~ '^[0-9A-Za-z_-]{1,32}$'),
    name        text NOT NULL CHECK (name <> ''),
    name_en     text NOT NULL DEFAULT '',
    county_code text NOT NULL DEFAULT '',
    lat         double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon         double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    phone       text NOT NULL DEFAULT '',
    categories  text[] NOT NULL DEFAULT '{}',
    hours       text NOT NULL DEFAULT '',
    time_zone   text NOT NULL DEFAULT 'Asia/Shanghai',
    active      boolean NOT NULL DEFAULT true
);

-- Community organisations, to which a worker may refer.
CREATE TABLE organisations (
    code       text PRIMARY KEY CHECK (code ~ '^[0-9A-Za-z_-]{1,32}$'),
    name       text NOT NULL CHECK (name <> ''),
    place_code text NOT NULL DEFAULT '',
    lat        double precision CHECK (lat BETWEEN -90 AND 90),
    lon        double precision CHECK (lon BETWEEN -180 AND 180),
    phone      text NOT NULL DEFAULT '',
    categories text[] NOT NULL DEFAULT '{}',
    active     boolean NOT NULL DEFAULT true,
    CHECK ((lat IS NULL) = (lon IS NULL))
);

-- Whom we talk with -----------------------------------------------------------------------------

-- A bot of Telegram's: one sends about 30 messages a second, so a country needs several.
CREATE TABLE bots (
    id       bigint PRIMARY KEY,
    username text NOT NULL DEFAULT ''
);

-- One row a chat. Its row lock is what keeps two updates of one chat from running at the same time.
-- mode says what the next words in this chat are for.
CREATE TABLE chats (
    bot_id         bigint NOT NULL REFERENCES bots (id),
    id             bigint NOT NULL,
    language       text NOT NULL CHECK (language IN ('zh-CN', 'zh-HK', 'en')),
    language_set   boolean NOT NULL DEFAULT false, -- chosen by the person, so no longer Telegram's to say
    mode           text NOT NULL DEFAULT '' CHECK (mode IN ('', 'need', 'place', 'reply', 'note')),
    request_id     bigint,                         -- the request that the mode is about
    place_code     text REFERENCES places (code),  -- the last place, taken for the next request too
    lat            double precision CHECK (lat BETWEEN -90 AND 90),
    lon            double precision CHECK (lon BETWEEN -180 AND 180),
    place_source   text NOT NULL DEFAULT '' CHECK (place_source IN ('', 'location', 'link', 'text', 'choice', 'last')),
    unreachable_at timestamptz,                    -- the person blocked the bot
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (bot_id, id),
    CHECK ((lat IS NULL) = (lon IS NULL)),
    CHECK ((lat IS NULL) = (place_source = '')),
    CHECK (mode NOT IN ('reply', 'note') OR request_id IS NOT NULL)
);

CREATE TABLE workers (
    code        text PRIMARY KEY CHECK (code ~ '^[0-9A-Za-z_-]{1,32}$'),
    name        text NOT NULL CHECK (name <> ''),
    station     text NOT NULL REFERENCES stations (code),
    role        text NOT NULL DEFAULT 'worker' CHECK (role IN ('worker', 'supervisor')),
    phone       text NOT NULL DEFAULT '',
    specialties text[] NOT NULL DEFAULT '{}',
    active      boolean NOT NULL DEFAULT true,
    on_duty     boolean NOT NULL DEFAULT false,
    bot_id      bigint,
    chat_id     bigint,
    joined_at   timestamptz,
    UNIQUE (bot_id, chat_id),                      -- one chat is one worker's
    FOREIGN KEY (bot_id, chat_id) REFERENCES chats (bot_id, id),
    CHECK ((chat_id IS NULL) = (bot_id IS NULL)),
    CHECK ((chat_id IS NULL) = (joined_at IS NULL)),
    CHECK (NOT on_duty OR (active AND chat_id IS NOT NULL))
);
CREATE INDEX workers_station ON workers (station);

-- One-time links for workers; only a hash of the code is kept.
CREATE TABLE invites (
    code_hash  bytea PRIMARY KEY,
    worker     text NOT NULL REFERENCES workers (code) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);

-- Accounts of the web admin. station limits a supervisor to one station's records.
CREATE TABLE accounts (
    name          text PRIMARY KEY CHECK (name ~ '^[0-9A-Za-z._@-]{1,64}$'),
    role          text NOT NULL CHECK (role IN ('administrator', 'supervisor', 'auditor')),
    station       text REFERENCES stations (code),
    password_hash text NOT NULL,
    one_time      boolean NOT NULL DEFAULT true,   -- the password must be changed at the next login
    failed        integer NOT NULL DEFAULT 0,
    locked_until  timestamptz,
    created_at    timestamptz NOT NULL,
    CHECK (role = 'supervisor' OR station IS NULL)
);

-- Sessions of the web admin, in the form that scs/postgresstore reads.
CREATE TABLE sessions (
    token  text PRIMARY KEY,
    data   bytea NOT NULL,
    expiry timestamptz NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expiry);

-- What is asked for ------------------------------------------------------------------------------

-- A request for help.
--
--   draft --confirm--> open --claim--> claimed --resolve--> resolved --7 days--> closed
--                       ^  <--release--   |                    |
--                       |                 +--refer--> referred |
--                       +----------------reopen----------------+
--   cancelled: by the resident, from draft, open, claimed or referred.
CREATE TABLE requests (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref            text NOT NULL UNIQUE,
    bot_id         bigint NOT NULL,
    chat_id        bigint NOT NULL,
    state          text NOT NULL DEFAULT 'draft'
                   CHECK (state IN ('draft', 'open', 'claimed', 'referred', 'resolved', 'closed', 'cancelled')),
    text           text NOT NULL,                  -- the resident's words, gathered
    summary        text NOT NULL DEFAULT '',
    category       text REFERENCES categories (key), -- null: unclear
    urgency        text NOT NULL DEFAULT 'normal' CHECK (urgency IN ('emergency', 'urgent', 'normal')),
    crisis         text NOT NULL DEFAULT ''
                   CHECK (crisis IN ('', 'suicide', 'violence', 'child_abuse', 'fire', 'medical', 'missing', 'disaster')),
    groups         text[] NOT NULL DEFAULT '{}',
    understanding  jsonb NOT NULL DEFAULT '{}',    -- what the classifiers answered and why
    place_code     text REFERENCES places (code),
    lat            double precision CHECK (lat BETWEEN -90 AND 90),
    lon            double precision CHECK (lon BETWEEN -180 AND 180),
    place_source   text NOT NULL DEFAULT ''
                   CHECK (place_source IN ('', 'location', 'link', 'text', 'choice', 'last', 'supervisor')),
    routing        jsonb NOT NULL DEFAULT '{}',    -- the decision with its reasons
    station        text REFERENCES stations (code),
    worker         text REFERENCES workers (code),
    outcome        text CHECK (outcome IN ('solved', 'partly', 'referred', 'not_possible', 'withdrawn', 'duplicate', 'false_alarm')),
    triage         text NOT NULL DEFAULT ''        -- why a supervisor must look; empty: needs none
                   CHECK (triage IN ('', 'unclear', 'no_place', 'no_station', 'unstaffed', 'unconfirmed', 'unclaimed', 'undeliverable', 'trouble')),
    update_id      bigint,                         -- the update that submitted it
    created_at     timestamptz NOT NULL,
    submitted_at   timestamptz,
    claimed_at     timestamptz,
    answered_at    timestamptz,                    -- the first human answer
    resolved_at    timestamptz,
    closed_at      timestamptz,
    claim_due      timestamptz,                    -- the service standard's three moments
    answer_due     timestamptz,
    resolve_due    timestamptz,
    next_action    text,
    next_action_at timestamptz,
    FOREIGN KEY (bot_id, chat_id) REFERENCES chats (bot_id, id),
    CHECK ((lat IS NULL) = (lon IS NULL)),
    CHECK ((lat IS NULL) = (place_source = '')),
    CHECK (state <> 'draft' OR submitted_at IS NULL),
    CHECK (state IN ('draft', 'cancelled') OR (submitted_at IS NOT NULL AND claim_due IS NOT NULL
           AND answer_due IS NOT NULL AND resolve_due IS NOT NULL)),
    CHECK (state <> 'open' OR worker IS NULL),
    CHECK (state <> 'claimed' OR (worker IS NOT NULL AND station IS NOT NULL AND claimed_at IS NOT NULL)),
    CHECK ((state IN ('resolved', 'closed')) = (resolved_at IS NOT NULL)),
    CHECK (state NOT IN ('resolved', 'closed') OR outcome IS NOT NULL),
    CHECK ((state IN ('closed', 'cancelled')) = (closed_at IS NOT NULL)),
    -- Nobody waits in limbo: until it is finished, somebody or something always acts next …
    CHECK ((state IN ('closed', 'cancelled')) = (next_action_at IS NULL)),
    CHECK ((next_action IS NULL) = (next_action_at IS NULL)),
    -- … and what is in no station's queue is in front of a supervisor.
    CHECK (state <> 'open' OR station IS NOT NULL OR triage <> '')
);
CREATE UNIQUE INDEX requests_one_draft ON requests (bot_id, chat_id) WHERE state = 'draft';
CREATE INDEX requests_of_chat ON requests (bot_id, chat_id, id) WHERE state NOT IN ('closed', 'cancelled');
CREATE INDEX requests_queue ON requests (station, claim_due) WHERE state IN ('open', 'claimed', 'referred');
CREATE INDEX requests_of_worker ON requests (worker, resolve_due) WHERE state IN ('claimed', 'referred');
CREATE INDEX requests_triage ON requests (submitted_at) WHERE triage <> '' AND state NOT IN ('closed', 'cancelled');
CREATE INDEX requests_due ON requests (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX requests_submitted ON requests (submitted_at);

ALTER TABLE chats ADD FOREIGN KEY (request_id) REFERENCES requests (id);

-- The stations beside its own to which a request is offered, because nobody claimed it in time.
CREATE TABLE offers (
    request_id bigint NOT NULL REFERENCES requests (id),
    station    text NOT NULL REFERENCES stations (code),
    offered_at timestamptz NOT NULL,
    PRIMARY KEY (request_id, station)
);
CREATE INDEX offers_station ON offers (station, request_id);

-- The request's log: every change is one row, and no row ever changes. Times and reports come from it.
CREATE TABLE events (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id bigint NOT NULL REFERENCES requests (id),
    at         timestamptz NOT NULL,
    kind       text NOT NULL CHECK (kind IN (
        'drafted', 'understood', 'placed', 'submitted', 'routed', 'offered', 'claimed', 'released', 'answered',
        'said', 'noted', 'reclassified', 'transferred', 'referred', 'reminded', 'alarmed', 'undeliverable',
        'resolved', 'reopened', 'cancelled', 'closed')),
    actor      text NOT NULL CHECK (actor IN ('resident', 'worker', 'supervisor', 'system')),
    actor_id   text NOT NULL DEFAULT '',           -- a worker's code or an account's name
    data       jsonb NOT NULL DEFAULT '{}',
    CHECK (actor NOT IN ('worker', 'supervisor') OR actor_id <> '')
);
CREATE INDEX events_request ON events (request_id, id);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What comes in, what goes out -------------------------------------------------------------------

-- Every update that was taken: seen before means done before. Kept for three days; Telegram repeats for one.
CREATE TABLE updates (
    bot_id      bigint NOT NULL REFERENCES bots (id),
    id          bigint NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, id)
);
CREATE INDEX updates_received ON updates (received_at);

-- What people said, whole, whether or not it has found its request yet.
CREATE TABLE messages (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bot_id      bigint NOT NULL,
    chat_id     bigint NOT NULL,
    message_id  bigint NOT NULL,                   -- Telegram's number of it in its chat
    update_id   bigint NOT NULL,
    request_id  bigint REFERENCES requests (id),
    author      text NOT NULL CHECK (author IN ('resident', 'worker')),
    worker      text REFERENCES workers (code),
    kind        text NOT NULL CHECK (kind IN ('text', 'location', 'voice', 'photo', 'document', 'contact', 'other', 'note')),
    text        text NOT NULL DEFAULT '',
    file_id     text NOT NULL DEFAULT '',
    said_at     timestamptz NOT NULL,
    FOREIGN KEY (bot_id, chat_id) REFERENCES chats (bot_id, id),
    CHECK ((author = 'worker') = (worker IS NOT NULL)),
    CHECK (kind <> 'note' OR author = 'worker')
);
CREATE INDEX messages_request ON messages (request_id, id);
CREATE INDEX messages_chat ON messages (bot_id, chat_id, message_id);

-- What OneDoor has to tell somebody. Written in the transaction that caused it; bot delivers it.
-- Within a chat they go by (priority, id). edits names the notice whose message this one replaces.
CREATE TABLE notices (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bot_id      bigint NOT NULL,
    chat_id     bigint NOT NULL,
    priority    smallint NOT NULL DEFAULT 1 CHECK (priority IN (0, 1, 2)), -- 0: an emergency's
    kind        text NOT NULL,
    args        jsonb NOT NULL DEFAULT '{}',
    request_id  bigint REFERENCES requests (id),
    edits       bigint REFERENCES notices (id),
    created_at  timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dropped', 'failed')),
    attempts    integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL,
    sent_at     timestamptz,
    message_id  bigint,
    error       text NOT NULL DEFAULT '',
    FOREIGN KEY (bot_id, chat_id) REFERENCES chats (bot_id, id),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK (state <> 'failed' OR error <> '')
);
CREATE INDEX notices_waiting ON notices (bot_id, chat_id, priority, id) WHERE state = 'waiting';
CREATE INDEX notices_of_request ON notices (request_id, chat_id) WHERE request_id IS NOT NULL;
CREATE INDEX notices_message ON notices (bot_id, chat_id, message_id) WHERE message_id IS NOT NULL;

-- What could not be handled or delivered, for a person to look at: nothing is thrown away.
CREATE TABLE troubles (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bot_id     bigint NOT NULL REFERENCES bots (id),
    at         timestamptz NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('update', 'notice')),
    update_id  bigint,
    notice_id  bigint REFERENCES notices (id),
    raw        text NOT NULL DEFAULT '',
    error      text NOT NULL,
    closed_at  timestamptz
);
CREATE UNIQUE INDEX troubles_update ON troubles (bot_id, update_id) WHERE update_id IS NOT NULL;
CREATE INDEX troubles_open ON troubles (at) WHERE closed_at IS NULL;

-- What routing reads is kept in memory; a change names the row to read again.
-- +goose StatementBegin
CREATE FUNCTION tell_routing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'places' THEN
        PERFORM pg_notify('routing', 'places');
    ELSIF TG_TABLE_NAME = 'workers' THEN
        IF TG_OP <> 'INSERT' THEN PERFORM pg_notify('routing', 'station ' || OLD.station); END IF;
        IF TG_OP <> 'DELETE' THEN PERFORM pg_notify('routing', 'station ' || NEW.station); END IF;
    ELSE
        IF TG_OP <> 'INSERT' THEN PERFORM pg_notify('routing', 'station ' || OLD.code); END IF;
        IF TG_OP <> 'DELETE' THEN PERFORM pg_notify('routing', 'station ' || NEW.code); END IF;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER places_tell AFTER INSERT OR UPDATE OR DELETE ON places
    FOR EACH ROW EXECUTE FUNCTION tell_routing();
CREATE TRIGGER stations_tell AFTER INSERT OR UPDATE OR DELETE ON stations
    FOR EACH ROW EXECUTE FUNCTION tell_routing();
CREATE TRIGGER workers_tell AFTER INSERT OR UPDATE OR DELETE ON workers
    FOR EACH ROW EXECUTE FUNCTION tell_routing();

-- +goose Down
DROP TABLE troubles, notices, messages, updates, offers, sessions, accounts, invites CASCADE;
DROP TABLE events CASCADE;
DROP TABLE requests, workers, chats, bots, organisations, stations, places, categories CASCADE;
DROP FUNCTION refuse_change;
DROP FUNCTION tell_routing;
