package intake

import (
	"context"
	"fmt"
)

// Reclassify is a supervisor's decision on which service is meant. It sets the service standard anew, counted
// from when it was asked for; a request without a station, or whose station does not serve it, is routed again.
// What cannot be changed any more is ErrRefused.
func (s *Service) Reclassify(ctx context.Context, ref, category, account string) error {
	if _, ok := s.Taxonomy.Category(category); !ok {
		return fmt.Errorf("reclassify request %s: category %q: %w", ref, category, ErrNotFound)
	}
	return s.supervise(ctx, ref, func(st *step, r *Request) error {
		return st.reclassify(r, category, BySupervisor, account)
	})
}

// reclassify is a person's decision on which service a request is about, from which the classifiers learn.
func (s *step) reclassify(r *Request, category, actor, actorID string) error {
	if err := s.correct(r, category, actor, actorID); err != nil {
		return err
	}
	s.log(r, "reclassified", actor, actorID, Args{"from": r.Category, "to": category})
	asked := s.began(r)
	r.Category = &category
	if r.Triage == TriageUnclear || r.Triage == TriageHandedUp {
		r.Triage = ""
	}
	s.setDeadlines(r, asked)
	if station, ok := s.Router.Station(value(r.Station)); r.State == Open && (!ok || !station.Serves(category)) {
		r.Worker = nil
		return s.dispatch(r)
	}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	return s.redrawCards(r)
}

// SendTo is a supervisor's decision on which station has the request. The clock goes on.
// A request that is finished is ErrRefused, an unknown or inactive station ErrNotFound.
func (s *Service) SendTo(ctx context.Context, ref, station, account string) error {
	if to, ok := s.Router.Station(station); !ok || !to.Active {
		return fmt.Errorf("send request %s on: station %q: %w", ref, station, ErrNotFound)
	}
	return s.supervise(ctx, ref, func(st *step, r *Request) error {
		if value(r.Station) == station && r.State == Open {
			return nil
		}
		r.Triage = ""
		return st.transfer(r, station, BySupervisor, account, reason{})
	})
}

// supervise runs one step on a request that a station has or should have.
func (s *Service) supervise(ctx context.Context, ref string, do func(*step, *Request) error) error {
	err := s.transact(ctx, func(st *step) error {
		r, err := lockRequest(ctx, st.tx, `r.ref = $1`, NormalRef(ref))
		if err != nil {
			return err
		}
		if !r.State.Active() {
			return ErrRefused
		}
		return do(st, r)
	})
	return wrap(err, "change request "+ref)
}
