package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// plan runs a step of a supervisor's on what is to come of a request that a worker has: it is theirs to do.
func (s *Service) plan(ctx context.Context, by Supervisor, ref string, do func(*step, *Request) error) error {
	return s.decide(ctx, by, ref, `(`+decided+` OR `+planning+`)`, nil, func(st *step, r *Request) error {
		switch {
		case !r.State.Active():
			return ErrRefused
		case !r.State.InHand():
			return RefusedNobody
		}
		return do(st, r)
	})
}

// Appoint makes an appointment of the worker who has a request with its resident, in the place of an earlier one. Both are told,
// and the resident may say whether it suits.
func (s *Service) Appoint(ctx context.Context, by Supervisor, ref, place string, at time.Time) error {
	if !slices.Contains(AppointmentPlaces(), place) {
		return fmt.Errorf("make an appointment on request %s: place %q: %w", ref, place, ErrNotFound)
	}
	return s.plan(ctx, by, ref, func(st *step, r *Request) error {
		if !st.ahead(at) {
			return RefusedMoment
		}
		if err := st.appointAt(r, place, at); err != nil || st.answer.Kind == NoticeStale { // it is made already
			return err
		}
		return st.tellOfPlan(r, SupervisedAppointed, Args{"place": place, "at": at.UTC()})
	})
}

// CallOff takes an appointment back. Both who were to meet are told.
func (s *Service) CallOff(ctx context.Context, by Supervisor, ref string) error {
	return s.plan(ctx, by, ref, func(st *step, r *Request) error {
		f, err := st.toCome(r, FollowAppointment)
		if errors.Is(err, ErrNotFound) {
			return RefusedChanged
		}
		if err != nil {
			return err
		}
		if err := st.cancelAppointment(r); err != nil {
			return err
		}
		return st.tellOfPlan(r, SupervisedCalledOff, Args{"at": f.At.UTC()})
	})
}

// tellOfPlan tells the worker who has a request what a supervisor has planned for them.
func (s *step) tellOfPlan(r *Request, what string, args Args) error {
	args["what"], args["worker"] = what, s.supervisor
	return s.tellHolder(r, NoticeSupervised, args)
}

// Remind has whoever has a request at a moment reminded of it then, and not at another moment; the zero time: not at all.
func (s *Service) Remind(ctx context.Context, by Supervisor, ref string, at time.Time) error {
	return s.plan(ctx, by, ref, func(st *step, r *Request) error {
		switch {
		case at.IsZero():
			return st.stopReminding(r)
		case !st.ahead(at):
			return RefusedMoment
		}
		return st.remindAt(r, at)
	})
}

// Await has a request wait for its resident, or ends that. arg is one of await's.
func (s *Service) Await(ctx context.Context, by Supervisor, ref, arg string) error {
	if !slices.Contains([]string{"", ArgMore, ArgNudge, ArgOff}, arg) {
		return fmt.Errorf("have request %s wait: %q: %w", ref, arg, ErrNotFound)
	}
	return s.plan(ctx, by, ref, func(st *step, r *Request) error {
		if err := await(st, r, arg); err != nil {
			return err
		}
		return refuseIf(st.answer.Kind == NoticeStale, RefusedChanged)
	})
}
