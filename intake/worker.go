package intake

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// A Worker is a social worker of a station.
type Worker struct {
	Code    string `db:"code"`
	Name    string `db:"name"`
	Station string `db:"station"`
	Role    string `db:"role"`
	Active  bool   `db:"active"`  // not dismissed
	OnDuty  bool   `db:"on_duty"` // now
	Duty    string `db:"duty"`    // as they have chosen: see DutyChoices
	Away    bool   `db:"away"`    // see Absence
	Bot     *int64 `db:"bot_id"`
	Chat    *int64 `db:"chat_id"`

	StandsInFor pq.StringArray `db:"stands_in_for"` // colleagues who are away

	Qualification string         `db:"qualification"` // of prompts.Qualifications, or empty
	Fields        pq.StringArray `db:"fields"`        // of prompts.Fields
}

// roleSupervisor is the Role of a worker who may speak for their station.
const roleSupervisor = "supervisor"

const workerColumns = `w.code, w.name, w.station, w.role, w.active, w.on_duty, w.duty, w.bot_id, w.chat_id, w.qualification, w.fields,
	EXISTS (SELECT FROM absences a WHERE a.worker = w.code AND ` + isAway + `) AS away,
	ARRAY (SELECT a.worker FROM absences a JOIN workers h ON h.code = a.worker
		WHERE a.stand_in = w.code AND h.station = w.station AND ` + isAway + `) AS stands_in_for`

// Supervises tells whether the worker may speak for their station.
func (w *Worker) Supervises() bool { return w.Role == roleSupervisor }

// Has tells whether a request is in the worker's hands, or in those of a colleague for whom they stand in.
func (w *Worker) Has(r *Request) bool {
	return r.Worker != nil && (*r.Worker == w.Code || slices.Contains(w.StandsInFor, *r.Worker))
}

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
// same worker stop working. Who is no active worker may be a partner or an organisation; else it is ErrNotFound.
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
	if errors.Is(err, ErrNotFound) {
		return s.invitePartner(ctx, worker)
	}
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
	return s.showInHand(worker)
}

// showInHand lists what a worker has who comes with another phone.
func (s *step) showInHand(worker string) error {
	var has bool
	err := s.tx.GetContext(s.ctx, &has, `SELECT EXISTS (SELECT FROM requests WHERE worker = $1 AND state IN ('claimed', 'referred'))`, worker)
	if has {
		s.tell(NoticeMine, nil, nil)
	}
	return wrap(err, "look what the worker has")
}

// bind makes the chat this worker's and nobody else's, and puts the worker on duty if they have not chosen otherwise. Who
// had it before hands back what they have; the worker's former chat is a resident's again.
func (s *step) bind(worker string) error {
	if err := s.unbindPartner(); err != nil {
		return err
	}
	var before string
	err := s.tx.GetContext(s.ctx, &before, `
		UPDATE workers SET bot_id = NULL, chat_id = NULL, joined_at = NULL, on_duty = false
		WHERE bot_id = $1 AND chat_id = $2 AND code <> $3 RETURNING code`, s.chat.Bot, s.chat.ID, worker)
	if err != nil && !noRows(err) {
		return wrap(err, "unbind the chat")
	}
	former, err := s.member(worker)
	if err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `
		UPDATE workers SET bot_id = $1, chat_id = $2, joined_at = $4 WHERE code = $3`,
		s.chat.Bot, s.chat.ID, worker, s.now); err != nil {
		return wrap(err, "bind the chat")
	}
	if err := s.settleDuty(worker); err != nil {
		return err
	}
	if former.Chat != nil && (*former.Chat != s.chat.ID || *former.Bot != s.chat.Bot) {
		if err := s.leaveChat(former, NoticeUnbound); err != nil {
			return err
		}
	}
	if before == "" {
		return nil
	}
	if err := s.handBackAll(before); err != nil {
		return err
	}
	return s.redrawDesk(s.chat.Bot, s.chat.ID)
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

// tellWorker writes a notice to the worker who has the request, and to whoever stands in for them. It is false when neither
// can be told.
func (s *step) tellWorker(r *Request, kind string, args Args) (bool, error) {
	var all []Worker
	err := s.tx.SelectContext(s.ctx, &all, `
		SELECT `+workerColumns+` FROM workers w JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id
		WHERE w.active AND c.unreachable_at IS NULL AND (w.code = $1 OR w.code = (SELECT a.stand_in FROM absences a
			WHERE a.worker = $1 AND `+isAway+`))`, value(r.Worker))
	if err != nil {
		return false, wrap(err, "find the request's worker")
	}
	told := false
	for _, w := range all {
		if w.Has(r) {
			s.tellChat(*w.Bot, *w.Chat, kind, r, args)
			told = true
		}
	}
	return told, nil
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
	err := s.tx.SelectContext(s.ctx, &ids, `SELECT id FROM requests WHERE worker = $1 AND state IN ('claimed', 'referred') ORDER BY id`, worker)
	if err != nil {
		return wrap(err, "find what the worker has")
	}
	for _, id := range ids {
		r, err := lockRequest(s.ctx, s.tx, `r.id = $1 AND r.worker = $2 AND r.state IN ('claimed', 'referred')`, id, worker)
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
