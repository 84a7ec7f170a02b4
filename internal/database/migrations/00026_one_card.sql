-- A draft whose service isn't clear is shown by the same card as any other: what still shows one, or is about to, is drawn as that.

-- +goose Up
UPDATE notices SET kind = 'understood' WHERE kind = 'ask_service';

-- +goose Down
SELECT 1; -- the card says the same as what was asked before
