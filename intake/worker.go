package intake

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
)

// A Worker is a social worker of a station.
type Worker struct {
	Code    string `db:"code"`
	Name    string `db:"name"`
	Station string `db:"station"`
	Role    string `db:"role"`
	OnDuty  bool   `db:"on_duty"`
	Bot     *int64 `db:"bot_id"`
	Chat    *int64 `db:"chat_id"`
}

const workerColumns = `w.code, w.name, w.station, w.role, w.on_duty, w.bot_id, w.chat_id`

// workerOfChat is the active worker whose chat it is, or ErrNotFound.
func workerOfChat(ctx context.Context, tx *sqlx.Tx, bot, chat int64) (*Worker, error) {
	var w Worker
	err := tx.GetContext(ctx, &w, `SELECT `+workerColumns+` FROM workers w
		WHERE w.bot_id = $1 AND w.chat_id = $2 AND w.active`, bot, chat)
	if noRows(err) {
		return nil, ErrNotFound
	}
	return &w, wrap(err, "load the worker")
}

// stationWorkers are those of a station who can be told: active, joined and within reach.
func stationWorkers(ctx context.Context, tx *sqlx.Tx, station string) ([]Worker, error) {
	var all []Worker
	err := tx.SelectContext(ctx, &all, `
		SELECT `+workerColumns+` FROM workers w JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id
		WHERE w.station = $1 AND w.active AND c.unreachable_at IS NULL ORDER BY w.code`, station)
	return all, wrap(err, "load the station's workers")
}

// inviteValid is how long a worker's one-time link can be used.
const inviteValid = 72 * time.Hour

// Invite makes a one-time code for a worker, for the link t.me/<bot>?start=<code>. Codes made before for the
// same worker stop working. An unknown or dismissed worker is ErrNotFound.
func (s *Service) Invite(ctx context.Context, worker string) (string, error) {
	code := invitePrefix + rand.Text()
	err := s.DB.Transact(ctx, func(tx *sqlx.Tx) error {
		var known bool
		if err := tx.GetContext(ctx, &known, `SELECT EXISTS (SELECT FROM workers WHERE code = $1 AND active)`, worker); err != nil {
			return err
		}
		if !known {
			return ErrNotFound
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM invites WHERE worker = $1 AND used_at IS NULL`, worker); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO invites (code_hash, worker, expires_at) VALUES ($1, $2, $3)`,
			hashCode(code), worker, s.Now().Add(inviteValid))
		return err
	})
	return code, wrap(err, "invite worker "+worker)
}

func hashCode(code string) []byte {
	sum := sha256.Sum256([]byte(code))
	return sum[:]
}

// join binds the chat to the worker whose one-time code it brings. Pressing the link again does no harm.
func (s *step) join(code string) error {
	var worker string
	err := s.tx.GetContext(s.ctx, &worker, `
		UPDATE invites i SET used_at = $2 FROM workers w
		WHERE i.code_hash = $1 AND i.used_at IS NULL AND i.expires_at > $2 AND w.code = i.worker AND w.active
		RETURNING i.worker`, hashCode(code), s.now)
	if noRows(err) {
		if s.worker != nil {
			return help(s, "")
		}
		s.tell(NoticeInviteBad, nil, nil)
		return nil
	}
	if err != nil {
		return wrap(err, "use the invitation")
	}
	if err := s.bind(worker); err != nil {
		return err
	}
	s.tell(NoticeJoined, nil, nil)
	return nil
}

// bind makes the chat this worker's and nobody else's, and puts the worker on duty. Who had it before hands back
// what they have.
func (s *step) bind(worker string) error {
	var before string
	err := s.tx.GetContext(s.ctx, &before, `
		UPDATE workers SET bot_id = NULL, chat_id = NULL, joined_at = NULL, on_duty = false
		WHERE bot_id = $1 AND chat_id = $2 AND code <> $3 RETURNING code`, s.chat.Bot, s.chat.ID, worker)
	if err != nil && !noRows(err) {
		return wrap(err, "unbind the chat")
	}
	if _, err := s.tx.ExecContext(s.ctx, `
		UPDATE workers SET bot_id = $1, chat_id = $2, joined_at = $4, on_duty = true WHERE code = $3`,
		s.chat.Bot, s.chat.ID, worker, s.now); err != nil {
		return wrap(err, "bind the chat")
	}
	if before == "" {
		return nil
	}
	return s.handBackAll(before)
}

// duty puts the worker on or off duty, and turns it round when not told which.
func duty(s *step, arg string) error {
	on := !s.worker.OnDuty
	switch arg {
	case "on":
		on = true
	case "off":
		on = false
	}
	_, err := s.tx.ExecContext(s.ctx, `UPDATE workers SET on_duty = $2 WHERE code = $1`, s.worker.Code, on)
	if err != nil {
		return wrap(err, "set duty")
	}
	s.tell(NoticeDuty, nil, Args{"on": on})
	return nil
}

// holder is the worker who has the request, or ErrNotFound when they can't be told: they were dismissed, joined nowhere
// any more, or shut the bot out.
func (s *step) holder(r *Request) (*Worker, error) {
	var w Worker
	err := s.tx.GetContext(s.ctx, &w, `
		SELECT `+workerColumns+` FROM workers w JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id
		WHERE w.code = $1 AND w.active AND c.unreachable_at IS NULL`, value(r.Worker))
	if noRows(err) {
		return nil, ErrNotFound
	}
	return &w, wrap(err, "find the request's worker")
}

// tellWorker writes a notice to the worker who has the request. It is false when they can't be told.
func (s *step) tellWorker(r *Request, kind string, args Args) (bool, error) {
	w, err := s.holder(r)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	s.tellChat(*w.Bot, *w.Chat, kind, r, args)
	return true, nil
}

// tellHolder writes a notice to the worker who has the request, for whom it must not be lost: one who can't be told has
// it no longer, and of what is resolved a supervisor hears.
func (s *step) tellHolder(r *Request, kind string, args Args) error {
	told, err := s.tellWorker(r, kind, args)
	switch {
	case told || err != nil:
		return err
	case r.State.Active():
		return s.handBack(r)
	case r.State == Resolved:
		r.Triage = TriageUndeliverable
		return r.save(s.ctx, s.tx)
	}
	return nil
}

// handBack puts a request whose worker can't be told any more back into its station's queue.
func (s *step) handBack(r *Request) error {
	s.log(r, "released", BySystem, "", Args{"worker": r.Worker})
	if err := s.backInQueue(r); err != nil {
		return err
	}
	return s.callStation(r)
}

// handBackAll hands back all that a worker has.
func (s *step) handBackAll(worker string) error {
	var ids []int64
	err := s.tx.SelectContext(s.ctx, &ids, `SELECT id FROM requests WHERE worker = $1 AND state = 'claimed' ORDER BY id`, worker)
	if err != nil {
		return wrap(err, "find what the worker has")
	}
	for _, id := range ids {
		r, err := lockRequest(s.ctx, s.tx, `r.id = $1 AND r.worker = $2 AND r.state = 'claimed'`, id, worker)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := s.handBack(r); err != nil {
			return err
		}
	}
	return nil
}

// WorkerOfChat is the active worker bound to a chat, or ErrNotFound.
func (s *Service) WorkerOfChat(ctx context.Context, bot, chat int64) (*Worker, error) {
	var w *Worker
	err := s.DB.Transact(ctx, func(tx *sqlx.Tx) (err error) {
		w, err = workerOfChat(ctx, tx, bot, chat)
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return nil, ErrNotFound
	}
	return w, err
}

// Stats counts what a worker has claimed, answered and resolved in the time past, by event.
func (s *Service) Stats(ctx context.Context, worker string, past time.Duration) (map[string]int, error) {
	var rows []struct {
		Kind  string `db:"kind"`
		Count int    `db:"count"`
	}
	err := s.DB.SelectContext(ctx, &rows, `
		SELECT kind, count(DISTINCT request_id) FROM events e
		WHERE actor = 'worker' AND actor_id = $1 AND at >= $2 AND kind IN ('claimed', 'answered', 'resolved') AND `+notUndone+` GROUP BY kind`,
		worker, s.Now().Add(-past))
	counts := map[string]int{}
	for _, row := range rows {
		counts[row.Kind] = row.Count
	}
	return counts, wrap(err, "count a worker's events")
}
