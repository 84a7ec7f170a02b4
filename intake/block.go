package intake

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"onedoor/prompts"
	"onedoor/routing"
)

const (
	// blockedEvery is how often a blocked account is told that it is, at most.
	blockedEvery = 24 * time.Hour
	// hearEvery is how often danger that a blocked account speaks of raises an alarm, at most.
	hearEvery = time.Hour
)

// A Block is a decision of a supervisor's on an account: that it can file no more requests, or can again.
type Block struct {
	At      time.Time `db:"at"`
	Kind    string    `db:"kind"` // blocked, unblocked
	Account string    `db:"account"`
	Reason  string    `db:"reason"`
	Ref     string    `db:"ref"` // of the request on which it was decided
}

// Blocks are all decisions on the account that has made a request, oldest first.
func (s *Service) Blocks(ctx context.Context, request int64) ([]Block, error) {
	var all []Block
	err := s.DB.SelectContext(ctx, &all, `
		SELECT b.at, b.kind, b.account, b.reason, d.ref FROM requests r
			JOIN requests d ON d.bot_id = r.bot_id AND d.chat_id = r.chat_id JOIN blocks b ON b.request_id = d.id
		WHERE r.id = $1 AND r.chat_id <> $2 ORDER BY b.id`, request, nobody)
	return all, wrap(err, "load the decisions on the account")
}

// Block keeps the account that has made a request from filing more, for a reason. What it says is kept, and nobody is
// told; danger is heard all the same. A draft of its is taken back. ErrRefused when it is blocked already,
// a worker's, or nobody's any more, or a system has filed the request.
func (s *Service) Block(ctx context.Context, ref, account, reason string) error {
	if reason = clean(reason); reason == "" {
		return ErrRefused
	}
	err := s.transact(ctx, func(st *step) error {
		if err := st.decideOn(ref, Block{Kind: "blocked", Account: account, Reason: reason}); err != nil {
			return err
		}
		d, err := st.draft()
		if err == nil && d.Undecided() {
			return st.assume(d) // what was said to a request that a station has
		}
		if err == nil {
			d.finish(Cancelled, st.now)
			st.log(d, "cancelled", BySupervisor, account, Args{"from": Draft})
			err = d.save(ctx, st.tx)
		}
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	})
	return wrap(err, "block the account of request "+ref)
}

// Unblock lets the account that has made a request file others again, and tells it so. ErrRefused when it isn't blocked.
func (s *Service) Unblock(ctx context.Context, ref, account string) error {
	err := s.transact(ctx, func(st *step) error {
		if err := st.decideOn(ref, Block{Kind: "unblocked", Account: account}); err != nil {
			return err
		}
		st.tell(NoticeUnblocked, nil, nil)
		return nil
	})
	return wrap(err, "unblock the account of request "+ref)
}

// decideOn blocks or unblocks the account of a request, records it, and has the cards of its requests say so.
func (s *step) decideOn(ref string, b Block) error {
	s.chat = &chat{}
	var blockedAt *time.Time
	if b.Kind == "blocked" {
		blockedAt = &s.now
	}
	err := s.tx.GetContext(s.ctx, s.chat, `
		UPDATE chats c SET blocked_at = CAST($2 AS timestamptz), warned_at = NULL, heard_at = NULL, mode = '', request_id = NULL
		FROM requests r WHERE r.ref = $1 AND c.bot_id = r.bot_id AND c.id = r.chat_id AND c.id <> 0 AND c.bot_id <> $3
		  AND (c.blocked_at IS NULL) = (CAST($2 AS timestamptz) IS NOT NULL)
		  AND NOT EXISTS (SELECT FROM workers w WHERE w.bot_id = c.bot_id AND w.chat_id = c.id AND w.active AND CAST($2 AS timestamptz) IS NOT NULL)
		RETURNING `+chatColumns, NormalRef(ref), blockedAt, nobodysBot)
	if noRows(err) {
		return ErrRefused
	}
	if err != nil {
		return wrap(err, "mark the account")
	}
	if _, err := s.tx.ExecContext(s.ctx, `
		INSERT INTO blocks (at, kind, account, reason, request_id)
		SELECT $2, $3, $4, $5, id FROM requests WHERE ref = $1`,
		NormalRef(ref), s.now, b.Kind, b.Account, b.Reason); err != nil {
		return wrap(err, "record the decision")
	}
	return s.redrawAll()
}

// redrawAll shows all requests of this chat that a station has as they are now.
func (s *step) redrawAll() error {
	var all []Request
	err := sqlx.SelectContext(s.ctx, s.tx, &all, `SELECT `+requestColumns+` FROM requests r
		WHERE r.bot_id = $1 AND r.chat_id = $2 AND r.state IN ('open', 'claimed', 'referred') ORDER BY r.id`, s.chat.Bot, s.chat.ID)
	if err != nil {
		return wrap(err, "find the requests of the account")
	}
	for i := range all {
		if err := s.redrawCards(&all[i]); err != nil {
			return err
		}
	}
	return nil
}

// performBlocked keeps what a blocked account says and tells nobody. Danger raises an alarm like any other's, once an
// hour at most; for as long as that goes on, what is said belongs to it. Whom to call is said each time.
func (s *step) performBlocked() error {
	what, ok := s.words()
	crisis, err := s.danger(what)
	if err != nil {
		return err
	}
	if crisis != "" && !s.heardLately() {
		return s.hearBlocked()
	}
	helped, err := s.inDanger()
	if err != nil {
		return err
	}
	if c, command := s.update.Act.(Command); command && c.Name == "quiet" { // somebody else may read the phone
		return s.blockedQuiet(what, ok, helped)
	}
	if step, ok := s.update.Act.(Located); ok && step.Edit && !helped {
		return nil // nobody follows it
	}
	switch {
	case crisis != "" && helped && !s.hasty, s.mayStill(helped):
		return s.update.Act.apply(s)
	case crisis != "":
		s.tell(NoticeNumbers, nil, Args{"crisis": crisis})
	}
	if _, pressed := s.update.Act.(Pressed); pressed {
		s.answer = Answer{Kind: "blocked_press"}
	}
	if helped && ok {
		return s.hold(what)
	}
	return s.keepBlocked(what, ok, crisis)
}

// blockedQuiet is quiet for a blocked account. What stands behind the command belongs to a danger that goes on.
func (s *step) blockedQuiet(what said, ok, helped bool) (err error) {
	switch {
	case ok && helped:
		err = s.hold(what)
	case ok:
		_, err = s.keep(nil, ByResident, what)
	}
	if err != nil {
		return err
	}
	return s.beQuiet(s.afterThis())
}

// heardLately tells whether danger that this blocked account spoke of has raised an alarm within the hour.
func (s *step) heardLately() bool {
	return s.chat.HeardAt != nil && s.now.Sub(*s.chat.HeardAt) < hearEvery
}

// hearBlocked hears danger as if the account were not blocked.
func (s *step) hearBlocked() error {
	if err := s.update.Act.apply(s); err != nil {
		return err
	}
	return s.markHeard()
}

// markHeard keeps when danger of a blocked account was heard, if help is under way.
func (s *step) markHeard() error {
	helped, err := s.inDanger()
	if err != nil || !helped {
		return err
	}
	_, err = s.tx.ExecContext(s.ctx, `UPDATE chats SET heard_at = $3 WHERE bot_id = $1 AND id = $2`, s.chat.Bot, s.chat.ID, s.now)
	return wrap(err, "keep when danger was heard")
}

// mayStill tells whether a blocked account may do this: what concerns its own person and takes back what it has asked for
// (but erasing it, which would lift the block) and, while it is helped out of a danger, what is said of that. All but the first in no haste.
func (s *step) mayStill(helped bool) bool {
	switch act := s.update.Act.(type) {
	case Blocked, Overheard:
		return true
	case Command:
		return !s.hasty && !act.isWords() && act.Name != "new" && act.Name != "start" && act.Name != "forget"
	case Pressed:
		own := []string{ActLanguage, ActCancel, ActMistake, ActWithdraw, ActKeep, ActCall}
		if helped {
			own = append(own, ActAt, ActWalk, ActSkipPlace)
		}
		return act.Action == ActQuiet || !s.hasty && slices.Contains(own, act.Action)
	}
	return helped && !s.hasty
}

// keepBlocked keeps what a blocked account says, with the request that a station has where there is one, and tells it
// once a day that nobody reads this, and whom to phone. crisis has been answered.
func (s *step) keepBlocked(what said, ok bool, crisis prompts.Crisis) error {
	if ok && what.text+what.fileID != "" {
		if err := s.endQuiet(); err != nil {
			return err
		}
		r, err := s.active()
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		id, err := s.keep(r, ByResident, what)
		if err != nil {
			return err
		}
		if what.spoken() { // danger is heard all the same
			if _, err := s.transcribe(id); err != nil {
				return err
			}
		}
	}
	if crisis != "" {
		return nil
	}
	return s.warn(NoticeBlocked, blockedEvery, Args{"station": s.stationNear()})
}

// stationNear is the station that serves the chat's last place, or "".
func (s *step) stationNear() string {
	at := s.lastPoint()
	if at == nil {
		return ""
	}
	return s.Router.Route(routing.Query{At: *at}).Station
}
