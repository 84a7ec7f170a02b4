package intake

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/lib/pq"
)

// The kinds of what is still to come of a request. A request has one of each at most.
const (
	FollowRemind      = "remind"      // its worker wants to be reminded of it
	FollowAppointment = "appointment" // its worker meets the resident
	FollowWait        = "wait"        // it waits for the resident
)

// A FollowUp is something that is still to come of a request. It is the request's, not the worker's who made it: whoever has
// the request by then is told. What ends the request ends it.
type FollowUp struct {
	ID        int64      `db:"id"`
	Request   int64      `db:"request_id"`
	Kind      string     `db:"kind"`
	Place     string     `db:"place"` // of an appointment, one of AppointmentPlaces
	At        time.Time  `db:"at"`
	Due       *time.Time `db:"due_at"` // when the clock acts on it next; nil: it is over
	CreatedAt time.Time  `db:"created_at"`
	Answered  string     `db:"answered"` // by the resident: "", ActFits or ActUnfit
}

const followUpColumns = `f.id, f.request_id, f.kind, f.place, f.at, f.due_at, f.created_at, f.answered`

// FollowUps are what is still to come of requests, the next first.
func (s *Service) FollowUps(ctx context.Context, requests ...int64) ([]FollowUp, error) {
	var all []FollowUp
	err := s.DB.SelectContext(ctx, &all, `SELECT `+followUpColumns+` FROM follow_ups f
		WHERE f.request_id = ANY ($1) AND f.due_at IS NOT NULL ORDER BY f.at, f.id`, pq.Array(requests))
	return all, wrap(err, "load what is to come")
}

// Appointment is a request's last one, over or not; ErrNotFound where it never had one.
func (s *Service) Appointment(ctx context.Context, request int64) (FollowUp, error) {
	var f FollowUp
	err := s.DB.GetContext(ctx, &f, `SELECT `+followUpColumns+` FROM follow_ups f
		WHERE f.request_id = $1 AND f.kind = 'appointment' ORDER BY f.id DESC LIMIT 1`, request)
	if noRows(err) {
		return FollowUp{}, ErrNotFound
	}
	return f, wrap(err, "load the appointment")
}

// follow keeps what is to come of a request, in the place of what was to come of that kind.
func (s *step) follow(r *Request, kind, place string, at, due time.Time) error {
	if _, err := s.stopFollowing(r, kind, "cancelled_at"); err != nil {
		return err
	}
	if err := s.closeFollowing(r, kind); err != nil {
		return err
	}
	_, err := s.tx.ExecContext(s.ctx, `
		INSERT INTO follow_ups (request_id, kind, place, at, due_at, worker, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.ID, kind, place, at, due, s.answerable(r), s.now)
	s.logFollowed(r, Args{"what": kind, "at": at.UTC(), "how": "set"})
	return wrap(err, "keep what is to come")
}

// logFollowed notes in a request's log what somebody at the desk decides on what is to come of it.
func (s *step) logFollowed(r *Request, data Args) {
	actor, id := s.actor()
	s.log(r, "followed", actor, id, data)
}

// closeFollowing takes the buttons from messages about what was to come of a kind: what they say no longer holds.
func (s *step) closeFollowing(r *Request, kind string) error {
	mode := map[string]string{FollowRemind: modeRemind, FollowAppointment: modeAppoint}[kind]
	return errors.Join(s.redrawPosted(r, NoticeWhichDate, "closed", `n.args ->> 'what' = $3`, mode),
		s.redrawPosted(r, NoticeFollowSet, "closed", `n.args ->> 'what' = $3`, kind))
}

// stopFollowing ends what is to come of a kind, as of now in the column that says how. It is false where there is nothing.
func (s *step) stopFollowing(r *Request, kind, how string) (bool, error) {
	done, err := s.tx.ExecContext(s.ctx, `UPDATE follow_ups SET due_at = NULL, `+how+` = $3
		WHERE request_id = $1 AND kind = $2 AND due_at IS NOT NULL`, r.ID, kind, s.now)
	if err != nil {
		return false, wrap(err, "end what is to come")
	}
	n, err := done.RowsAffected()
	return n > 0, wrap(err, "end what is to come")
}

// toCome is what is still to come of a kind, or ErrNotFound.
func (s *step) toCome(r *Request, kind string) (FollowUp, error) {
	var f FollowUp
	err := s.tx.GetContext(s.ctx, &f, `SELECT `+followUpColumns+` FROM follow_ups f
		WHERE f.request_id = $1 AND f.kind = $2 AND f.due_at IS NOT NULL`, r.ID, kind)
	if noRows(err) {
		return FollowUp{}, ErrNotFound
	}
	return f, wrap(err, "find what is to come")
}

// MomentArg is a moment, to the minute, in the argument of a button.
func MomentArg(at time.Time) string { return strconv.FormatInt(at.Unix()/60, 36) }

// momentOf reads a MomentArg. It is false for what is none, is over, or is more than a year ahead.
func (s *step) momentOf(arg string) (time.Time, bool) {
	minutes, err := strconv.ParseInt(arg, 36, 64)
	at := time.Unix(minutes*60, 0)
	return at, err == nil && minutes < 1<<40 && s.ahead(at)
}

// ahead tells whether something can be planned for a moment.
func (s *step) ahead(at time.Time) bool { return at.After(s.now) && at.Before(s.now.AddDate(1, 0, 2)) }

// showFollow shows what a worker can have come of a request.
func showFollow(s *step, r *Request, _ string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	return s.redrawPressed(r, "follow")
}
