package intake

import (
	"context"
	"errors"
	"strconv"
)

// AskVolunteers offers a small task of a request that a worker has, who stays answerable, to volunteers near by, with words for
// them alone.
func (s *Service) AskVolunteers(ctx context.Context, by Supervisor, ref, task, words string) error {
	what := said{kind: KindText, text: clean(words)}
	return s.decide(ctx, by, ref, decided, nil, func(st *step, r *Request) error {
		switch {
		case !r.State.Active() || what.text == "":
			return ErrRefused
		case !r.State.InHand():
			return RefusedNobody
		}
		why, err := st.refuses(r, ToVolunteers, task)
		if why == NoticeReferredAlready {
			return RefusedTask
		}
		if err := errorOr(err, refusedFor(why)); err != nil {
			return err
		}
		return st.refer(r, ToVolunteers, task, what)
	})
}

// Recall takes back what others were asked to do for a request, whether they have accepted or not. Who was asked is told, and
// the worker who has the request.
func (s *Service) Recall(ctx context.Context, by Supervisor, ref string, referral int64) error {
	return s.helping(ctx, by, ref, referral, func(st *step, r *Request, f *Referral) error {
		if !f.Offered() && !f.Accepted() {
			return RefusedChanged
		}
		return recall(st, r, strconv.FormatInt(referral, 10))
	})
}

// WriteToHelper passes a supervisor's words on to who has accepted to help with a request. They are kept as a note.
func (s *Service) WriteToHelper(ctx context.Context, by Supervisor, ref string, referral int64, words string) error {
	what := said{kind: KindText, text: clean(words)}
	return s.helping(ctx, by, ref, referral, func(st *step, r *Request, f *Referral) error {
		switch {
		case what.text == "":
			return ErrRefused
		case !f.Accepted() || f.Partner == nil:
			return RefusedChanged
		}
		return st.writeToPartner(r, referral, what)
	})
}

// helping runs a step of a supervisor's on what others were asked to do for a request that a worker has.
func (s *Service) helping(ctx context.Context, by Supervisor, ref string, referral int64, do func(*step, *Request, *Referral) error) error {
	by.Seen = 0 // how the referral stands decides
	return s.decide(ctx, by, ref, decided, nil, func(st *step, r *Request) error {
		f, err := st.ownReferral(r, strconv.FormatInt(referral, 10))
		switch {
		case errors.Is(err, ErrNotFound):
			return ErrNotFound
		case err != nil:
			return err
		case !r.State.InHand():
			return RefusedNobody
		}
		return do(st, r, f)
	})
}
