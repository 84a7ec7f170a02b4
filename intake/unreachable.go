package intake

import (
	"context"
	"errors"
)

// Unreachable marks a chat whose person has shut the bot out. Whoever works on their requests is told.
func (s *Service) Unreachable(ctx context.Context, bot, id int64) error {
	err := s.transact(ctx, func(st *step) error { return st.shutOut(bot, id) })
	return wrap(err, "mark a chat as unreachable")
}

// shutOut marks the chat, once, and says so in each request of it that a station has. What a worker has whose chat it
// is goes back to those who can be told.
func (s *step) shutOut(bot, id int64) error {
	if id < 0 {
		return s.loseGroup(bot, id)
	}
	var ids []int64
	err := s.tx.SelectContext(s.ctx, &ids, `
		WITH marked AS (
			UPDATE chats SET unreachable_at = $3 WHERE bot_id = $1 AND id = $2 AND unreachable_at IS NULL RETURNING bot_id, id)
		SELECT r.id FROM requests r JOIN marked m ON m.bot_id = r.bot_id AND m.id = r.chat_id
		WHERE r.state IN ('open', 'claimed', 'referred')`, bot, id, s.now)
	if err != nil {
		return wrap(err, "mark the chat")
	}
	for _, request := range ids {
		if err := s.undeliverable(request); err != nil {
			return err
		}
	}
	if err := s.partnerGone(bot, id); err != nil {
		return err
	}
	w, err := workerOfChat(s.ctx, s.tx, bot, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.handBackAll(w.Code); err != nil {
		return err
	}
	return s.hasten(w.Station)
}

// hasten has the clock act at once on the emergencies that a station was told of and nobody has claimed: those told
// may have been this worker alone.
func (s *step) hasten(station string) error {
	_, err := s.tx.ExecContext(s.ctx, `
		UPDATE requests r SET next_action_at = $2 WHERE r.state = 'open' AND r.urgency = 'emergency' AND (r.station = $1
			OR EXISTS (SELECT FROM offers o WHERE o.request_id = r.id AND o.station = $1))`, station, s.now)
	return wrap(err, "hasten the station's emergencies")
}

func (s *step) undeliverable(request int64) error {
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1`, request)
	if err != nil {
		return err
	}
	s.log(r, "undeliverable", BySystem, "", nil)
	if r.Worker != nil {
		return s.tellUnreachable(r)
	}
	if r.Triage == "" {
		r.Triage = TriageUndeliverable
	}
	return r.save(s.ctx, s.tx)
}
