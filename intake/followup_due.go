package intake

import (
	"context"
	"errors"
	"time"

	"onedoor/internal/database"
)

// dueFollowUp acts on what is to come and longest past its moment, as Due does on requests, and tells whether there was
// something. Any number of processes may call it at the same time.
func (s *Service) dueFollowUp(ctx context.Context) (bool, error) {
	var due *FollowUp
	err := s.actOnFollowUp(ctx, &due)
	if err != nil && due != nil && ctx.Err() == nil && !database.Unavailable(err) {
		err = s.setFollowUpAside(ctx, due, err)
	}
	return due != nil, wrap(err, "act on what was to come")
}

// actOnFollowUp does what is due, which it names. A panic is an error.
func (s *Service) actOnFollowUp(ctx context.Context, due **FollowUp) (err error) {
	defer caught(&err)
	return s.transact(ctx, func(st *step) error {
		f, r, err := st.lockDueFollowUp()
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		*due = f
		if err := st.hasCome(r, f); err != nil {
			return err
		}
		return st.jobWorks(r)
	})
}

// lockDueFollowUp locks what is most overdue and whose chat nobody is busy with: its chat first, then its request, as
// everywhere.
func (s *step) lockDueFollowUp() (*FollowUp, *Request, error) {
	s.chat = &chat{}
	var id, request int64
	row := s.tx.QueryRowxContext(s.ctx, `
		SELECT f.id, r.id, r.bot_id, r.chat_id FROM follow_ups f JOIN requests r ON r.id = f.request_id
			JOIN chats c ON c.bot_id = r.bot_id AND c.id = r.chat_id
		WHERE f.due_at <= $1 ORDER BY f.due_at LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED`, s.now)
	if err := row.Scan(&id, &request, &s.chat.Bot, &s.chat.ID); noRows(err) {
		return nil, nil, ErrNotFound
	} else if err != nil {
		return nil, nil, wrap(err, "find what is to come and due")
	}
	if err := s.tx.GetContext(s.ctx, s.chat, `SELECT `+chatColumns+` FROM chats c WHERE c.bot_id = $1 AND c.id = $2`,
		s.chat.Bot, s.chat.ID); err != nil {
		return nil, nil, wrap(err, "load the chat")
	}
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1`, request)
	if err != nil {
		return nil, nil, err
	}
	var f FollowUp
	err = s.tx.GetContext(s.ctx, &f, `SELECT `+followUpColumns+` FROM follow_ups f WHERE f.id = $1 AND f.due_at <= $2 FOR UPDATE`, id, s.now)
	if noRows(err) {
		return nil, nil, ErrNotFound
	}
	return &f, r, wrap(err, "load what is due")
}

// hasCome reminds whom something concerns.
func (s *step) hasCome(r *Request, f *FollowUp) error {
	var next *time.Time
	switch {
	case f.Kind == FollowWait:
		next = after(s.now, waitFor)
	case f.Kind == FollowAppointment && f.At.After(s.now):
		due := nextReminder(f.At.In(s.zone(r)), s.now)
		next = &due
		s.tellResident(r, NoticeAppointmentSoon, nil)
	case f.Kind == FollowAppointment: // it is over
		_, err := s.stopFollowing(r, f.Kind, "done_at")
		return errors.Join(err, s.redrawCards(r))
	}
	if _, err := s.tx.ExecContext(s.ctx, `
		UPDATE follow_ups SET reminded_at = CAST($2 AS timestamptz), due_at = CAST($3 AS timestamptz),
			done_at = CASE WHEN CAST($3 AS timestamptz) IS NULL THEN CAST($2 AS timestamptz) END WHERE id = $1`,
		f.ID, s.now, next); err != nil {
		return wrap(err, "keep that somebody was reminded")
	}
	s.log(r, "followed", BySystem, "", Args{"what": f.Kind, "how": "reminded"})
	if err := s.tellFollower(r, NoticeFollowDue, Args{"what": f.Kind, "place": f.Place, "at": f.At.UTC()}); err != nil {
		return err
	}
	return s.redrawCards(r)
}

// setFollowUpAside keeps that what is due can't be acted on, for a person to look at, and puts it off.
func (s *Service) setFollowUpAside(ctx context.Context, f *FollowUp, why error) error {
	s.Log.Error("acting on what was to come fails", "request", f.Request, "error", why)
	err := s.transact(ctx, func(st *step) error {
		if err := st.lockChatOf(f.Request); err != nil {
			return err
		}
		r, err := lockRequest(ctx, st.tx, `r.id = $1`, f.Request)
		if err != nil {
			return err
		}
		failures, err := st.keepJob(r, why)
		if err != nil {
			return err
		}
		_, err = st.tx.ExecContext(ctx, `UPDATE follow_ups SET due_at = $2 WHERE id = $1 AND due_at IS NOT NULL`,
			f.ID, st.now.Add(jobAgain(failures)))
		return err
	})
	return wrap(err, "set aside what was to come")
}
