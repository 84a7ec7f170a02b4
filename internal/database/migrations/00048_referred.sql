-- +goose Up

-- What a request is about of which an organisation was asked to do a part, as its first cycle says: so that figures of referrals can be
-- parted by that without looking it up for each.
CREATE TABLE referred_requests (
    request_id bigint PRIMARY KEY REFERENCES requests (id),
    category   text NOT NULL,
    urgency    text NOT NULL,
    setting    text NOT NULL
);
INSERT INTO referred_requests SELECT c.request_id, c.category, c.urgency, c.setting FROM cycles c
    WHERE c.n = 1 AND EXISTS (SELECT FROM referrals f WHERE f.request_id = c.request_id AND f.kind = 'organisation');
CREATE TRIGGER referrals_unfold AFTER INSERT ON referrals FOR EACH ROW WHEN (NEW.kind = 'organisation') EXECUTE FUNCTION unfold();

-- +goose Down

DROP TRIGGER referrals_unfold ON referrals;
DROP TABLE referred_requests;
