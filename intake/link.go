package intake

import (
	"context"
	"errors"
)

// Link is a supervisor's decision that a request asks for the same as another that they see: it, and what is linked to it, joins
// those. Each is handled and answered all the same.
func (s *Service) Link(ctx context.Context, by Supervisor, ref, other string) error {
	return s.decide(ctx, by, ref, decided, oneLinks, func(st *step, r *Request) error {
		o, err := st.otherInSight(r, other, by.Sight)
		if err != nil {
			return err
		}
		here, err := st.firstOf(r)
		if err != nil {
			return err
		}
		there, err := st.firstOf(o)
		if err := errorOr(err, refuseIf(here == there, RefusedLinked)); err != nil {
			return err
		}
		if _, err := st.tx.ExecContext(ctx, `
			WITH moved AS (UPDATE links SET first_id = $2 WHERE first_id = $1)
			INSERT INTO links (request_id, first_id, at) VALUES ($1, $2, $3)`, here, there, st.now); err != nil {
			return wrap(err, "link two requests")
		}
		st.log(r, "linked", BySupervisor, by.Name, Args{"with": o.Ref, "on": true})
		st.log(o, "linked", BySupervisor, by.Name, Args{"with": r.Ref, "on": true})
		if err := st.redrawCards(o); err != nil {
			return err
		}
		return st.redrawCards(r)
	})
}

// Unlink takes a request from those that it was linked to, which stay linked to each other. ErrRefused where there are none.
func (s *Service) Unlink(ctx context.Context, by Supervisor, ref string) error {
	return s.decide(ctx, by, ref, decided, oneLinks, func(st *step, r *Request) error {
		done, err := st.tx.ExecContext(ctx, `DELETE FROM links WHERE request_id = $1`, r.ID)
		if err != nil {
			return wrap(err, "unlink a request")
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 { // it may be the first of others
			if err := errorOr(err, st.unlinkFirst(r)); err != nil {
				return err
			}
		}
		st.log(r, "linked", BySupervisor, by.Name, Args{"on": false})
		return st.redrawCards(r)
	})
}

// unlinkFirst has the next of those that are linked to a request be the first of them.
func (s *step) unlinkFirst(r *Request) error {
	var next int64
	err := s.tx.GetContext(s.ctx, &next, `DELETE FROM links WHERE request_id = (SELECT min(request_id) FROM links WHERE first_id = $1) RETURNING request_id`, r.ID)
	if noRows(err) {
		return ErrRefused
	}
	if err != nil {
		return wrap(err, "unlink the first of several")
	}
	_, err = s.tx.ExecContext(s.ctx, `UPDATE links SET first_id = $2 WHERE first_id = $1`, r.ID, next)
	return wrap(err, "unlink the first of several")
}

// firstOf is the request to which those that ask for the same as this one are linked.
func (s *step) firstOf(r *Request) (first int64, err error) {
	err = s.tx.GetContext(s.ctx, &first, `SELECT coalesce((SELECT first_id FROM links WHERE request_id = $1), $1)`, r.ID)
	return first, wrap(err, "find what a request is linked to")
}

// oneLinks lets one step at a time link and unlink: so no chains come of it.
func oneLinks(s *step, _ int64) error {
	_, err := s.tx.ExecContext(s.ctx, `SELECT pg_advisory_xact_lock(hashtext('links'))`)
	return wrap(err, "wait for others who link")
}

func noSuch(err error) bool { return errors.Is(err, ErrNotFound) }
