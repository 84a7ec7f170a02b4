package intake

import (
	"context"
	"errors"
	"time"

	"onedoor/internal/database"
)

// asideAgain is when the clock tries again what failed.
const asideAgain = 5 * time.Minute

// dueAside acts on what others were asked to do and the clock must look at: the handoff, or else the referral, that has
// waited longest past its moment. It tells whether there was one. Any number of processes may call it.
func (s *Service) dueAside(ctx context.Context) (bool, error) {
	for _, kind := range []struct {
		table string
		act   func(*step, *Request, int64) error
	}{{"handoffs", (*step).handoffDue}, {"referrals", (*step).referralDue}} {
		if acted, err := s.dueIn(ctx, kind.table, kind.act); acted || err != nil {
			return acted, err
		}
	}
	return false, nil
}

// dueIn acts on the row of a table that has waited longest. What fails is tried again later: it keeps no other waiting.
func (s *Service) dueIn(ctx context.Context, table string, act func(*step, *Request, int64) error) (bool, error) {
	var id int64
	err := s.transact(ctx, func(st *step) (err error) {
		defer caught(&err)
		r, due, err := st.lockDueAside(table)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		id = due
		return act(st, r, due)
	})
	if err != nil && id != 0 && ctx.Err() == nil && !database.Unavailable(err) {
		s.Log.Error("acting on what others were asked to do fails", "table", table, "id", id, "error", err)
		_, err = s.DB.ExecContext(ctx, `UPDATE `+table+` SET next_at = $2 WHERE id = $1 AND next_at IS NOT NULL`, id, s.Now().Add(asideAgain))
	}
	return id != 0, wrap(err, "act on what others were asked to do")
}

// lockDueAside locks the request of the most overdue row of a table; its chat first, as everywhere.
func (s *step) lockDueAside(table string) (*Request, int64, error) {
	var due struct {
		ID      int64 `db:"id"`
		Request int64 `db:"request_id"`
	}
	err := s.tx.GetContext(s.ctx, &due, `
		SELECT d.id, d.request_id FROM `+table+` d JOIN requests r ON r.id = d.request_id
			JOIN chats c ON c.bot_id = r.bot_id AND c.id = r.chat_id
		WHERE d.next_at <= $1 ORDER BY d.next_at LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED`, s.now)
	if noRows(err) {
		return nil, 0, ErrNotFound
	}
	if err != nil {
		return nil, 0, wrap(err, "find what others were asked to do")
	}
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1`, due.Request)
	return r, due.ID, err
}

// handoffDue tells the giver that a colleague has not answered: the request has stayed with them.
func (s *step) handoffDue(r *Request, id int64) error {
	h, err := s.endedHandoff(handoffUnanswered, `h.id = $3 AND h.next_at <= $2`, id)
	if errors.Is(err, ErrNotFound) {
		return nil // answered meanwhile
	}
	if err != nil {
		return err
	}
	s.log(r, "referred", BySystem, "", Args{"step": handoffUnanswered, "taker": h.Taker, "handoff": h.ID})
	if err := s.redrawHandoff(r, h); err != nil {
		return err
	}
	return s.tellGiver(r, h)
}

// referralDue asks more volunteers and, when the time is over or nobody is left to be asked, tells the worker.
func (s *step) referralDue(r *Request, id int64) error {
	f, err := loadReferral(s.ctx, s.tx, id, "FOR UPDATE OF f")
	if err != nil || !f.Offered() || f.NextAt.After(s.now) {
		return err // answered meanwhile
	}
	switch {
	case !r.State.Active(), f.Kind == ToVolunteers && !r.ForVolunteers():
		return s.endReferral(r, f, whyOver)
	case !s.now.Before(f.ExpiresAt):
		return s.endReferral(r, f, whyUnanswered)
	}
	asked, err := s.ask(r, f)
	if err != nil || asked > 0 {
		return err
	}
	return s.nobodyLeft(r, f)
}

// nobodyLeft tells the worker when all who can be asked have declined; while some still think, it waits for them.
func (s *step) nobodyLeft(r *Request, f *Referral) error {
	var thinking bool
	err := s.tx.GetContext(s.ctx, &thinking, `SELECT EXISTS (SELECT FROM referral_offers
		WHERE referral_id = $1 AND declined_at IS NULL)`, f.ID)
	if err != nil || thinking {
		return wrap(err, "look who may still accept")
	}
	return s.endReferral(r, f, whyDeclined)
}
