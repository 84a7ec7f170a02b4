package intake

import (
	"context"
	"fmt"
)

// Reclassify is SetService by an account that sees everything.
func (s *Service) Reclassify(ctx context.Context, ref, category, account string) error {
	return s.SetService(ctx, Supervisor{Name: account, Sight: Sight{All: true}}, ref, category)
}

// SetService is a supervisor's decision on which service is meant. It sets the service standard anew, counted
// from when it was asked for; a request without a station, or whose station does not serve it, is routed again.
// What cannot be changed any more is ErrRefused.
func (s *Service) SetService(ctx context.Context, by Supervisor, ref, category string) error {
	if _, ok := s.Taxonomy.Category(category); !ok {
		return fmt.Errorf("reclassify request %s: category %q: %w", ref, category, ErrNotFound)
	}
	return s.decide(ctx, by, ref, decided, nil, func(st *step, r *Request) error {
		if !r.State.Active() {
			return ErrRefused
		}
		return st.reclassify(r, category, BySupervisor, by.Name)
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

// SendTo is Send by an account that sees everything.
func (s *Service) SendTo(ctx context.Context, ref, station, account string) error {
	return s.Send(ctx, Supervisor{Name: account, Sight: Sight{All: true}}, ref, station)
}

// Send is a supervisor's decision on which station has the request. The clock goes on.
// A request that is finished is ErrRefused, an unknown or inactive station ErrNotFound.
func (s *Service) Send(ctx context.Context, by Supervisor, ref, station string) error {
	if to, ok := s.Router.Station(station); !ok || !to.Active {
		return fmt.Errorf("send request %s on: station %q: %w", ref, station, ErrNotFound)
	}
	return s.decide(ctx, by, ref, decided, nil, func(st *step, r *Request) error {
		switch {
		case !r.State.Active():
			return ErrRefused
		case value(r.Station) == station && r.State == Open:
			return nil
		}
		r.Triage = ""
		return st.transfer(r, station, BySupervisor, by.Name, reason{})
	})
}
