package intake

import (
	"context"
	"fmt"

	"onedoor/routing"
)

// Astray tells whether the position that a request has, or the last one that its resident has sent where it has none, is in
// the sea, abroad or far from all that we know: it may be wrong.
func (s *Service) Astray(ctx context.Context, v *View) (bool, error) {
	if at, ok := v.Point(); ok {
		return !s.Router.Knows(at, farAway), nil
	}
	var text string
	err := s.DB.GetContext(ctx, &text, `SELECT text FROM messages WHERE request_id = $1 AND kind = 'location'
		AND author = 'resident' ORDER BY id DESC LIMIT 1`, v.ID)
	if noRows(err) {
		return false, nil
	}
	if err != nil {
		return false, wrap(err, "find the position sent")
	}
	var at routing.Point
	if _, err := fmt.Sscanf(text, "%f, %f", &at.Lat, &at.Lon); err != nil {
		return false, nil // not of our writing: nothing can be said of it
	}
	return !s.Router.Knows(at, farAway), nil
}
