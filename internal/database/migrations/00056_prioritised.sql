-- +goose Up

-- What a supervisor makes more or less urgent counts as that, and by its new deadlines, at once.
DROP TRIGGER events_unfold ON events;
CREATE TRIGGER events_unfold AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.kind IN ('submitted', 'routed', 'reclassified', 'understood', 'claimed', 'released', 'transferred', 'answered', 'said', 'resolved', 'reopened', 'cancelled', 'closed',
        'placed', 'rated', 'prioritised'))
    EXECUTE FUNCTION unfold();
INSERT INTO unfolded (request_id) SELECT id FROM requests WHERE state IN ('open', 'claimed', 'referred') ON CONFLICT DO NOTHING;

-- +goose Down

DROP TRIGGER events_unfold ON events;
CREATE TRIGGER events_unfold AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.kind IN ('submitted', 'routed', 'reclassified', 'understood', 'claimed', 'released', 'transferred', 'answered', 'said', 'resolved', 'reopened', 'cancelled', 'closed',
        'placed', 'rated'))
    EXECUTE FUNCTION unfold();
