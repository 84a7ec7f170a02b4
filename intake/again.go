package intake

import (
	"context"
	"errors"
	"fmt"
)

// HandleAgain is Handle for an update that was set aside and is to be tried again. When it works, the trouble is
// closed with it. What was filed unread is understood and sent on now, if nobody has yet. ErrRefused when
// somebody has closed the trouble meanwhile.
func (s *Service) HandleAgain(ctx context.Context, trouble int64, u Update) (answer Answer, err error) {
	err = s.transact(ctx, func(st *step) error {
		st.update, st.trouble = u, trouble
		if err := st.solved(); err != nil {
			return err
		}
		fresh, err := st.receive()
		if err != nil || !fresh {
			return err
		}
		r, err := st.filed()
		switch {
		case err == nil:
			err = st.read(r)
		case errors.Is(err, ErrNotFound):
			err = st.applyAgain()
		}
		answer = st.answer
		return err
	})
	return answer, wrap(err, fmt.Sprintf("handle update %d again", u.ID))
}

// errNoWorker is why words of somebody who was a worker stay a trouble.
var errNoWorker = errors.New("they were a worker's, whose chat it is no longer")

// applyAgain applies the update's act. A worker's words go where they would have gone when they came, which may not be
// where the chat's words go now. What the worker writes next goes nowhere until Reply or Note is pressed again.
func (s *step) applyAgain() error {
	var then struct {
		Mode    string `db:"mode"`
		Request *int64 `db:"mode_request"`
		Arg     string `db:"mode_arg"`
	}
	err := s.tx.GetContext(s.ctx, &then, `SELECT mode, mode_request, mode_arg FROM troubles WHERE id = $1`, s.trouble)
	if err != nil {
		return wrap(err, "load what the words were for")
	}
	switch writing, helps := writes(then.Mode), s.worker != nil || s.partner != nil && then.Mode == modeAside; {
	case !helps && writing:
		return errNoWorker
	case !helps:
		return s.perform()
	}
	now, request, arg := s.chat.Mode, s.chat.Request, s.chat.ModeArg
	s.setMode(then.Mode, then.Request)
	s.chat.ModeArg = then.Arg
	if err := s.update.Act.apply(s); err != nil {
		return err
	}
	if s.chat.Mode == modeNone || writes(s.chat.Mode) {
		s.setMode(now, request)
		s.chat.ModeArg = arg
	}
	s.endWriting()
	return nil
}

// read understands a request that was filed unread, and finds its station.
func (s *step) read(r *Request) error {
	if r.State != Open || r.Triage != TriageTrouble || r.Station != nil {
		return nil // a person has seen to it
	}
	u := s.Offline.Classify(r.Text)
	r.understood(u)
	s.log(r, "understood", BySystem, "", understoodData(u))
	if r.Triage = ""; r.Category == nil {
		r.Triage = TriageUnclear
	}
	s.setDeadlines(r, *r.SubmittedAt)
	if err := s.locate(r); err != nil {
		return err
	}
	if err := s.dispatch(r); err != nil {
		return err
	}
	if s.chat.Mode == modePlace {
		return nil
	}
	return s.wantPlace(r)
}
