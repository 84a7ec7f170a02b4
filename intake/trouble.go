package intake

import (
	"context"
	"errors"
	"time"
)

// SetAside keeps an update that could not be handled, as it came, for a person to look at. Where its chat is
// known, the person is told so, and what they have begun goes to triage. An update that was set aside or handled
// before is left as it is.
func (s *Service) SetAside(ctx context.Context, bot, update, chat int64, raw string, why error) error {
	err := s.transact(ctx, func(st *step) error {
		kept, err := st.tx.ExecContext(ctx, `
			INSERT INTO troubles (bot_id, at, kind, update_id, raw, error) VALUES ($1, $2, 'update', $3, $4, $5)
			ON CONFLICT (bot_id, update_id) WHERE update_id IS NOT NULL DO NOTHING`,
			bot, st.now, update, storable(raw), storable(why.Error()))
		if err != nil {
			return wrap(err, "keep the update")
		}
		if n, _ := kept.RowsAffected(); n == 0 || chat == 0 {
			return nil
		}
		return st.apologise(bot, chat)
	})
	return wrap(err, "set an update aside")
}

// apologise tells the person, and puts what they were about to ask in front of a supervisor.
func (s *step) apologise(bot, id int64) error {
	s.chat = &chat{}
	err := s.tx.GetContext(s.ctx, s.chat, `
		INSERT INTO chats AS c (bot_id, id, language, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (bot_id, id) DO UPDATE SET language = c.language RETURNING `+chatColumns, bot, id, Language(""), s.now)
	if err != nil {
		return wrap(err, "load the chat")
	}
	s.tell(NoticeSorry, nil, nil)
	r, err := s.active()
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	r.Triage = TriageTrouble
	return r.save(s.ctx, s.tx)
}

// storable is text as PostgreSQL can keep it: valid UTF-8 without zero bytes.
func storable(text string) string { return clean(text) }

// Unreachable marks a chat whose person has shut the bot out. Whoever works on their requests is told.
func (s *Service) Unreachable(ctx context.Context, bot, id int64) error {
	err := s.transact(ctx, func(st *step) error { return st.shutOut(bot, id) })
	return wrap(err, "mark a chat as unreachable")
}

// shutOut marks the chat, once, and says so in each request of it that a station has. What a worker has whose chat it
// is goes back to those who can be told.
func (s *step) shutOut(bot, id int64) error {
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
	w, err := workerOfChat(s.ctx, s.tx, bot, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.handBackAll(w.Code)
}

func (s *step) undeliverable(request int64) error {
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1`, request)
	if err != nil {
		return err
	}
	s.log(r, "undeliverable", BySystem, "", nil)
	if r.Worker != nil {
		_, err := s.tellWorker(r, NoticeUnreachable, nil)
		return err
	}
	if r.Triage == "" {
		r.Triage = TriageUndeliverable
	}
	return r.save(s.ctx, s.tx)
}

// Stats counts what a worker has claimed, answered and resolved in the time past, by event.
func (s *Service) Stats(ctx context.Context, worker string, past time.Duration) (map[string]int, error) {
	var rows []struct {
		Kind  string `db:"kind"`
		Count int    `db:"count"`
	}
	err := s.DB.SelectContext(ctx, &rows, `
		SELECT kind, count(DISTINCT request_id) FROM events
		WHERE actor = 'worker' AND actor_id = $1 AND at >= $2 AND kind IN ('claimed', 'answered', 'resolved') GROUP BY kind`,
		worker, s.Now().Add(-past))
	counts := map[string]int{}
	for _, row := range rows {
		counts[row.Kind] = row.Count
	}
	return counts, wrap(err, "count a worker's events")
}
