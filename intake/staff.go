package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"

	"onedoor/internal/database"
)

// A Member is a worker as those see them who run the station, dismissed ones too.
type Member struct {
	Worker
	Phone       string         `db:"phone"`
	Specialties pq.StringArray `db:"specialties"`
	JoinedAt    *time.Time     `db:"joined_at"`
	Unreachable bool           `db:"unreachable"` // they have shut the bot out
	InHand      int            `db:"in_hand"`     // requests that they have
	Invited     bool           `db:"invited"`     // there is a link that nobody has used yet
}

const memberSelect = `SELECT ` + workerColumns + `, w.phone, w.specialties, w.joined_at,
	EXISTS (SELECT FROM chats c WHERE c.bot_id = w.bot_id AND c.id = w.chat_id AND c.unreachable_at IS NOT NULL) AS unreachable,
	(SELECT count(*) FROM requests r WHERE r.worker = w.code AND r.state IN ('claimed', 'referred')) AS in_hand,
	EXISTS (SELECT FROM invites i WHERE i.worker = w.code AND i.used_at IS NULL AND i.expires_at > $1) AS invited FROM workers w `

// Members are the workers in sight of a station, or of all where it is empty, whose name or code has the words in it: by
// station, those who are dismissed last, at most limit of them, those after the one with the code after where that isn't empty.
func (s *Service) Members(ctx context.Context, sight Sight, station, words, after string, limit int) ([]Member, error) {
	var all []Member
	err := s.DB.SelectContext(ctx, &all, memberSelect+`WHERE ($2 = '' OR w.station = $2) AND ($5 OR w.station = ANY (CAST($6 AS text[])))
		AND (strpos(lower(w.name), lower($3)) > 0 OR strpos(lower(w.code), lower($3)) > 0)
		AND ($7 = '' OR (w.station, NOT w.active, w.code) > (SELECT a.station, NOT a.active, a.code FROM workers a WHERE a.code = $7))
		ORDER BY w.station, NOT w.active, w.code LIMIT $4`, s.Now(), station, words, limit, sight.All, pq.Array(sight.Stations), after)
	return all, wrap(err, "load the workers")
}

// Member is the worker of that code, or ErrNotFound.
func (s *Service) Member(ctx context.Context, code string) (Member, error) {
	var m Member
	err := s.DB.GetContext(ctx, &m, memberSelect+`WHERE w.code = $2`, s.Now(), code)
	if noRows(err) {
		return m, ErrNotFound
	}
	return m, wrap(err, "load a worker")
}

// member is the worker of that code, dismissed or not.
func (s *step) member(code string) (*Worker, error) {
	var w Worker
	err := s.tx.GetContext(s.ctx, &w, `SELECT `+workerColumns+` FROM workers w WHERE w.code = $1`, code)
	if noRows(err) {
		return nil, ErrNotFound
	}
	return &w, wrap(err, "load a worker")
}

// A NewWorker is somebody who begins to work at a station.
type NewWorker struct {
	Code        string // empty: one is made
	Name        string
	Station     string
	Role        string // worker or supervisor
	Phone       string
	Specialties []string
}

// AddWorker keeps a new worker and returns their code. ErrRefused when the code is taken, ErrNotFound when the station isn't
// known.
func (s *Service) AddWorker(ctx context.Context, w NewWorker) (string, error) {
	if w.Code == "" {
		w.Code = "w-" + strings.ToLower(newRef())
	}
	if w.Specialties == nil {
		w.Specialties = []string{}
	}
	_, err := s.DB.ExecContext(ctx, `INSERT INTO workers (code, name, station, role, phone, specialties)
		VALUES ($1, $2, $3, $4, $5, $6)`, w.Code, clean(w.Name), w.Station, w.Role, w.Phone, pq.Array(w.Specialties))
	switch database.ConstraintOf(err) {
	case "workers_pkey":
		return "", fmt.Errorf("add the worker %s: %w", w.Code, ErrRefused)
	case "workers_station_fkey":
		return "", fmt.Errorf("add a worker to station %q: %w", w.Station, ErrNotFound)
	}
	return w.Code, wrap(err, "add a worker")
}

// Dismiss puts a worker out at once: their chat is a resident's, their link stops working, and what they have goes back into
// the queue. A repeat is ErrRefused.
func (s *Service) Dismiss(ctx context.Context, worker string) error {
	err := s.transact(ctx, func(st *step) error {
		w, err := st.lockMember(worker)
		if err != nil {
			return err
		}
		if !w.Active {
			return ErrRefused
		}
		if _, err := st.tx.ExecContext(ctx, `
			WITH uninvited AS (DELETE FROM invites WHERE worker = $1 AND used_at IS NULL)
			UPDATE workers SET active = false, on_duty = false, duty = 'on' WHERE code = $1`, worker); err != nil {
			return err
		}
		return st.dismissed(w)
	})
	return wrap(err, "dismiss worker "+worker)
}

// dismissed hands on what a dismissed worker had and did.
func (s *step) dismissed(w *Worker) error {
	if _, err := s.endAbsences(`worker = $2`, w.Code); err != nil {
		return err
	}
	if _, err := s.dropStandIn(`TRUE`, w.Code); err != nil {
		return err
	}
	if err := s.handBackAll(w.Code); err != nil {
		return err
	}
	if err := s.hasten(w.Station); err != nil {
		return err
	}
	if w.Chat == nil {
		return nil
	}
	return s.leaveChat(w, NoticeDismissed)
}

// TakeBack takes back a worker's dismissal: whose chat it was before has it again. A repeat is ErrRefused.
func (s *Service) TakeBack(ctx context.Context, worker string) error {
	err := s.transact(ctx, func(st *step) error {
		w, err := st.lockMember(worker)
		if err != nil {
			return err
		}
		if w.Active {
			return ErrRefused
		}
		if _, err := st.tx.ExecContext(ctx, `UPDATE workers SET active = true WHERE code = $1`, worker); err != nil {
			return err
		}
		if err := st.settleDuty(worker); err != nil {
			return err
		}
		return st.tellCode(worker, NoticeJoined, nil)
	})
	return wrap(err, "take back the dismissal of worker "+worker)
}

// lockMember keeps a worker from doing anything in their chat, and others from changing what they are.
func (s *step) lockMember(code string) (*Worker, error) {
	if _, err := s.tx.ExecContext(s.ctx, `SELECT FROM chats c JOIN workers w ON w.bot_id = c.bot_id AND w.chat_id = c.id
		WHERE w.code = $1 FOR NO KEY UPDATE OF c`, code); err != nil {
		return nil, wrap(err, "lock the worker's chat")
	}
	if _, err := s.tx.ExecContext(s.ctx, `SELECT FROM workers WHERE code = $1 FOR NO KEY UPDATE`, code); err != nil {
		return nil, wrap(err, "lock the worker")
	}
	return s.member(code)
}

// leaveChat makes the chat that was a worker's a resident's, and tells it so. Cards that stand there lose their words.
func (s *step) leaveChat(w *Worker, kind string) error {
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE chats SET mode = '', request_id = NULL, mode_arg = ''
		WHERE bot_id = $1 AND id = $2 AND mode NOT IN ('', 'need', 'place', 'comment')`, w.Bot, w.Chat); err != nil {
		return wrap(err, "end what was being written")
	}
	s.tellChat(*w.Bot, *w.Chat, kind, nil, nil)
	return s.redrawDesk(*w.Bot, *w.Chat)
}

// maxDesk is how many cards of a chat are drawn anew when it is no worker's any more: what is older has ended long ago.
const maxDesk = 200

// redrawDesk draws the cards in a chat anew, and all else there that shows words of a resident, for whoever may read them now,
// of all requests that go on.
func (s *step) redrawDesk(bot, chat int64) error {
	var cards []struct {
		posted
		Request int64    `db:"request_id"`
		Args    document `db:"args"`
	}
	err := s.tx.SelectContext(s.ctx, &cards, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind, n.request_id, CASE WHEN n.kind IN ('card', 'alarm') THEN '{}'
			ELSE coalesce((SELECT e.args FROM notices e WHERE e.edits = n.id ORDER BY e.id DESC LIMIT 1), n.args) END AS args
		FROM notices n JOIN requests r ON r.id = n.request_id
		WHERE n.bot_id = $1 AND n.chat_id = $2 AND (`+onDesk+` OR n.kind = 'alarm') AND n.edits IS NULL AND n.state = 'sent'
		  AND NOT `+atHome+` AND NOT `+isGone+` AND r.state NOT IN ('closed', 'cancelled')
		ORDER BY n.kind <> 'card', n.id DESC LIMIT $3`, bot, chat, maxDesk)
	if err != nil {
		return wrap(err, "find the cards of a chat")
	}
	for i := range cards {
		c := &cards[i]
		if !slices.ContainsFunc(s.notices, func(n notice) bool { return n.Edits != nil && *n.Edits == c.ID }) {
			var args Args
			if err := json.Unmarshal(c.Args, &args); err != nil {
				return wrap(err, "read what a chat shows")
			}
			s.notices = append(s.notices, notice{Bot: bot, Chat: chat, Priority: 1, Kind: c.Kind, Args: args, Request: &c.Request, Edits: &c.ID, At: s.now})
		}
	}
	return nil
}

// SetAway is an absence that somebody else enters for a worker, with who stands in; nobody where that is empty. ErrNotFound
// when that colleague can't, ErrRefused when it would end before it begins, or is over.
func (s *Service) SetAway(ctx context.Context, worker string, from time.Time, to *time.Time, standIn string) error {
	err := s.transact(ctx, func(st *step) error {
		w, err := st.lockMember(worker)
		if err != nil {
			return err
		}
		if !w.Active || to != nil && (!to.After(from) || !to.After(st.now)) {
			return ErrRefused
		}
		if err := st.setAway(worker, from, to); err != nil {
			return err
		}
		a, err := absence(ctx, st.tx, `a.worker = $1 AND a.ended_at IS NULL`, worker)
		if err != nil {
			return err
		}
		if err := st.setStandIn(a, standIn); err != nil {
			return err
		}
		return st.tellCode(worker, NoticeAway, menuArgs("closed"))
	})
	return wrap(err, "set when worker "+worker+" is away")
}

// EndAway ends a worker's absence. ErrRefused when there is none.
func (s *Service) EndAway(ctx context.Context, worker string) error {
	err := s.transact(ctx, func(st *step) error {
		if _, err := st.lockMember(worker); err != nil {
			return err
		}
		ended, err := st.endAbsences(`worker = $2`, worker)
		if err == nil && len(ended) == 0 {
			return ErrRefused
		}
		return err
	})
	return wrap(err, "end the absence of worker "+worker)
}
