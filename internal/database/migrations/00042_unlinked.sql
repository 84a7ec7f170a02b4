-- The log of what was the same as an erased request says so no more.

-- +goose Up

-- The log of an erased request loses where that was: distances to several stations are a position, and a request that asks for the
-- same near by is one, too, in both their logs. Nothing else in it ever changes.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refuse_change_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.request_id, NEW.at, NEW.kind, NEW.actor, NEW.actor_id) = (OLD.id, OLD.request_id, OLD.at, OLD.kind, OLD.actor, OLD.actor_id) THEN
        IF NEW.data IN (OLD.data - ARRAY['place', 'distance_km'], OLD.data - 'with')
            AND EXISTS (SELECT FROM requests r WHERE r.id = OLD.request_id AND r.erased_at IS NOT NULL) THEN
            RETURN NEW;
        END IF;
        IF OLD.kind = 'linked' AND NEW.data = OLD.data - 'with'
            AND EXISTS (SELECT FROM requests r WHERE r.ref = OLD.data ->> 'with' AND r.erased_at IS NOT NULL) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'events is append-only' USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refuse_change_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.request_id, NEW.at, NEW.kind, NEW.actor, NEW.actor_id) = (OLD.id, OLD.request_id, OLD.at, OLD.kind, OLD.actor, OLD.actor_id)
        AND NEW.data = OLD.data - ARRAY['place', 'distance_km']
        AND EXISTS (SELECT FROM requests r WHERE r.id = OLD.request_id AND r.erased_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'events is append-only' USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
