package intake

import (
	"context"
	"time"
)

// jobAgain is when the clock tries again what failed: twice as long after each failure in a row, at most an hour.
func jobAgain(failures int) time.Duration {
	return min(time.Hour, time.Minute<<min(failures, 10))
}

// setJobAside keeps that the clock's action on a request fails, for a person to look at, and puts it off. A
// draft that can't be filed like any other is handed to a supervisor as it is.
func (s *Service) setJobAside(ctx context.Context, request int64, why error) error {
	s.Log.Error("acting on a request that is due fails", "request", request, "error", why)
	err := s.transact(ctx, func(st *step) error {
		if err := st.lockChatOf(request); err != nil {
			return err
		}
		r, err := lockRequest(ctx, st.tx, `r.id = $1`, request)
		if err != nil {
			return err
		}
		if r.State.Finished() || r.NextActionAt.After(st.now) {
			return nil // somebody has acted meanwhile
		}
		failures, err := st.keepJob(r, why)
		if err != nil {
			return err
		}
		if r.State == Draft && (*r.NextAction == actFile || r.Undecided()) {
			update, err := st.lastUpdate(r)
			if err != nil {
				return err
			}
			if err := st.hand(r, update); err != nil {
				return err
			}
		} else {
			r.next(*r.NextAction, st.now.Add(jobAgain(failures)))
		}
		return r.save(ctx, st.tx)
	})
	return wrap(err, "set a job aside")
}

// keepJob keeps the job's trouble, one for a request, and counts its failures after the first.
func (s *step) keepJob(r *Request, why error) (failures int, err error) {
	err = s.tx.GetContext(s.ctx, &failures, `
		WITH kept AS (
			INSERT INTO troubles AS t (bot_id, chat_id, at, kind, request_id, error) VALUES ($1, $2, $3, 'job', $4, $5)
			ON CONFLICT (request_id) WHERE kind = 'job' AND state <> 'closed'
			DO UPDATE SET state = 'open', tries = t.tries + 1, error = EXCLUDED.error RETURNING id, tries),
		told AS (INSERT INTO trouble_events (trouble_id, at, kind)
			SELECT id, $3, CASE WHEN tries = 0 THEN 'set_aside' ELSE 'failed' END FROM kept)
		SELECT tries FROM kept`, r.Bot, r.Chat, s.now, r.ID, storable(why.Error()))
	return failures, wrap(err, "keep the job")
}

// jobWorks closes the trouble that the clock had with a request.
func (s *step) jobWorks(r *Request) error {
	_, err := s.tx.ExecContext(s.ctx, `
		WITH closed AS (UPDATE troubles SET state = 'closed', closed_at = $2
			WHERE kind = 'job' AND request_id = $1 AND state <> 'closed' RETURNING id)
		INSERT INTO trouble_events (trouble_id, at, kind) SELECT id, $2, 'solved' FROM closed`, r.ID, s.now)
	return wrap(err, "close the job's trouble")
}
