package intake

import (
	"context"
	"errors"
	"strings"
	"time"

	"onedoor/internal/database"
)

// The kinds of trouble.
const (
	TroubleUpdate = "update" // an update of Telegram's that could not be handled
	TroubleNotice = "notice" // a notice that could not be delivered
	TroubleJob    = "job"    // what the clock should have done to a request
)

// troubleChannel is where tries again are told: the process that receives takes up an update's.
const troubleChannel = "troubles"

// A Trouble is what failed for good and waits for a person. Nothing is thrown away before one has closed it.
type Trouble struct {
	ID      int64     `db:"id"`
	Kind    string    `db:"kind"`
	Cause   string    `db:"cause"` // unreadable, failed, or refused by Telegram
	State   string    `db:"state"` // open, or again: somebody wants it tried again
	At      time.Time `db:"at"`
	Bot     int64     `db:"bot_id"`
	BotName string    `db:"username"`
	Chat    *int64    `db:"chat_id"`
	Ref     *string   `db:"ref"` // of the request that it is about
	Raw     string    `db:"raw"` // JSON: what came, or was to be sent or done
	Error   string    `db:"error"`
	Tries   int       `db:"tries"`
	Events  []TroubleEvent
}

// A TroubleEvent is what became of a trouble, and by whose decision.
type TroubleEvent struct {
	Trouble int64     `db:"trouble_id"`
	At      time.Time `db:"at"`
	Kind    string    `db:"kind"`
	Account string    `db:"account"` // empty: the program's own doing
}

// causeOf tells what went wrong, for people.
func causeOf(err error) string {
	if errors.Is(err, ErrUnreadable) {
		return "unreadable"
	}
	return "failed"
}

// storable is text as PostgreSQL can keep it: valid UTF-8 without zero bytes.
func storable(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
}

// maxRaw is how much of a raw JSON is shown, in characters.
const maxRaw = 20_000

// Troubles are those that nobody has closed and that did not solve themselves, the newest first, at most limit.
func (s *Service) Troubles(ctx context.Context, limit int) ([]Trouble, error) {
	var all []Trouble
	err := s.DB.SelectContext(ctx, &all, `
		SELECT t.id, t.kind, t.cause, t.state, t.at, t.bot_id, b.username, coalesce(t.chat_id, n.chat_id) AS chat_id, r.ref,
			t.error, t.tries, left(CASE t.kind
				WHEN 'notice' THEN CAST(jsonb_build_object('kind', n.kind, 'args', n.args, 'edits', n.edits, 'created_at', n.created_at) AS text)
				WHEN 'job' THEN CAST(jsonb_build_object('request', r.ref, 'state', r.state, 'next_action', r.next_action) AS text)
				ELSE t.raw END, $2) AS raw
		FROM troubles t JOIN bots b ON b.id = t.bot_id LEFT JOIN notices n ON n.id = t.notice_id
			LEFT JOIN requests r ON r.id = coalesce(t.request_id, n.request_id)
		WHERE t.state <> 'closed' ORDER BY t.id DESC LIMIT $1`, limit, maxRaw)
	if err != nil {
		return nil, wrap(err, "load the troubles")
	}
	return all, s.loadTroubleEvents(ctx, all)
}

// loadTroubleEvents gives troubles, which are sorted from new to old, their events.
func (s *Service) loadTroubleEvents(ctx context.Context, all []Trouble) error {
	if len(all) == 0 {
		return nil
	}
	var events []TroubleEvent
	err := s.DB.SelectContext(ctx, &events, `
		SELECT e.trouble_id, e.at, e.kind, e.account FROM trouble_events e JOIN troubles t ON t.id = e.trouble_id
		WHERE t.state <> 'closed' AND t.id >= $1 ORDER BY e.id`, all[len(all)-1].ID)
	if err != nil {
		return wrap(err, "load what became of the troubles")
	}
	at := map[int64]*Trouble{}
	for i := range all {
		at[all[i].ID] = &all[i]
	}
	for _, e := range events {
		if t := at[e.Trouble]; t != nil {
			t.Events = append(t.Events, e)
		}
	}
	return nil
}

// TroubleCounts are how many troubles wait, by kind; kinds without any are 0.
func (s *Service) TroubleCounts(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		Kind  string `db:"kind"`
		Count int    `db:"count"`
	}
	err := s.DB.SelectContext(ctx, &rows, `SELECT kind, count(*) FROM troubles WHERE state <> 'closed' GROUP BY kind`)
	counts := map[string]int{TroubleUpdate: 0, TroubleNotice: 0, TroubleJob: 0}
	for _, row := range rows {
		counts[row.Kind] = row.Count
	}
	return counts, wrap(err, "count the troubles")
}

// TryAgain has a trouble tried once more, for an account: an update by the process that receives, a notice by
// the one that delivers, a job by the clock. One that is being tried, or closed, is ErrRefused.
func (s *Service) TryAgain(ctx context.Context, id int64, account string) error {
	err := s.transact(ctx, func(st *step) error {
		st.trouble = id
		if err := st.decide("open", "again", account); err != nil {
			return err
		}
		_, err := st.tx.ExecContext(ctx, `
			WITH t AS (SELECT kind, notice_id, request_id FROM troubles WHERE id = $1),
				notice AS (UPDATE notices n SET state = 'waiting', attempts = 0, next_try_at = $2 FROM t
					WHERE t.kind = 'notice' AND n.id = t.notice_id AND n.state = 'failed'),
				job AS (UPDATE requests r SET next_action_at = $2 FROM t
					WHERE t.kind = 'job' AND r.id = t.request_id AND r.next_action_at IS NOT NULL)
			SELECT pg_notify($3, CAST($1 AS text)) FROM t`, id, st.now, troubleChannel)
		return wrap(err, "make it due")
	})
	if err == nil {
		s.Wake()
	}
	return wrap(err, "try a trouble again")
}

// CloseTrouble is an account's decision that nothing is left to be done. ErrRefused when it is closed already.
func (s *Service) CloseTrouble(ctx context.Context, id int64, account string) error {
	err := s.transact(ctx, func(st *step) error {
		st.trouble = id
		if err := st.decide("", "closed", account); err != nil {
			return err
		}
		_, err := st.tx.ExecContext(ctx, `UPDATE notices SET state = 'failed'
			WHERE id = (SELECT notice_id FROM troubles WHERE id = $1) AND state = 'waiting'`, id)
		return wrap(err, "give the notice up")
	})
	return wrap(err, "close a trouble")
}

// decide changes a trouble's state from one (empty: from any but closed) to another, and records whose decision
// it is. An unknown trouble is ErrNotFound, one in another state ErrRefused.
func (s *step) decide(from, to, account string) error {
	var done bool
	err := s.tx.GetContext(s.ctx, &done, `
		WITH changed AS (
			UPDATE troubles SET state = $3, closed_at = CASE WHEN $3 = 'closed' THEN CAST($5 AS timestamptz) END
			WHERE id = $1 AND state <> 'closed' AND ($2 = '' OR state = $2) RETURNING id),
		told AS (INSERT INTO trouble_events (trouble_id, at, kind, account) SELECT id, $5, $3, $4 FROM changed)
		SELECT EXISTS (SELECT FROM changed) FROM troubles WHERE id = $1`, s.trouble, from, to, account, s.now)
	switch {
	case noRows(err):
		return ErrNotFound
	case err != nil:
		return wrap(err, "change the trouble")
	case !done:
		return ErrRefused
	}
	return nil
}

// solved closes the step's trouble because what was tried again works. It is ErrRefused when somebody has
// closed it meanwhile.
func (s *step) solved() error {
	closed, err := s.tx.ExecContext(s.ctx, `
		WITH closed AS (UPDATE troubles SET state = 'closed', closed_at = $2 WHERE id = $1 AND state = 'again' RETURNING id)
		INSERT INTO trouble_events (trouble_id, at, kind) SELECT id, $2, 'solved' FROM closed`, s.trouble, s.now)
	if err != nil {
		return wrap(err, "close the trouble")
	}
	if n, _ := closed.RowsAffected(); n == 0 {
		return ErrRefused
	}
	return nil
}

// NextAgain is the update's trouble of this bot that has waited longest to be tried again; ErrNotFound when none does.
func (s *Service) NextAgain(ctx context.Context, bot int64) (Trouble, error) {
	var t Trouble
	err := s.DB.GetContext(ctx, &t, `SELECT id, raw FROM troubles
		WHERE bot_id = $1 AND state = 'again' AND kind = 'update' ORDER BY id LIMIT 1`, bot)
	if noRows(err) {
		return Trouble{}, ErrNotFound
	}
	return t, wrap(err, "load what is to be tried again")
}

// Solved closes a trouble in which, tried again, there is nothing to do.
func (s *Service) Solved(ctx context.Context, id int64) error {
	return s.transact(ctx, func(st *step) error {
		st.trouble = id
		return st.solved()
	})
}

// StillTrouble records that a try again has failed, too: the trouble is open once more, with the new error.
func (s *Service) StillTrouble(ctx context.Context, id int64, why error) error {
	_, err := s.DB.ExecContext(ctx, `
		WITH failed AS (UPDATE troubles SET state = 'open', tries = tries + 1, cause = $2, error = $3
			WHERE id = $1 AND state = 'again' RETURNING id)
		INSERT INTO trouble_events (trouble_id, at, kind) SELECT id, $4, 'failed' FROM failed`,
		id, causeOf(why), storable(why.Error()), s.Now())
	return wrap(err, "record that a try again has failed")
}

// FollowTroubles calls each time that there may be something to try again, and at first, until ctx ends.
func (s *Service) FollowTroubles(ctx context.Context, each func()) error {
	return database.Listen(ctx, s.DB.URL(), troubleChannel, each, func(string) { each() })
}
