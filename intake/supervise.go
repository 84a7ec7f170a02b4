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
	decided := r.Triage == TriageUnclear || r.Triage == TriageHandedUp
	if decided {
		r.Triage = ""
	}
	s.setDeadlines(r, asked)
	if station, ok := s.Router.Station(value(r.Station)); r.State == Open && (!ok || !station.Serves(category)) {
		r.Worker = nil
		return s.dispatch(r)
	}
	if decided && r.State == Open {
		if err := s.seekTold(r); err != nil {
			return err
		}
	}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	return s.redrawCards(r)
}

// seekTold keeps a request in triage that waits where nobody was told of it, or only who is off duty as everybody is anywhere
// (see callStation): until now another reason for it stood there.
func (s *step) seekTold(r *Request) error {
	var told bool
	err := s.tx.GetContext(s.ctx, &told, `SELECT EXISTS (SELECT FROM notices n WHERE n.request_id = $1 AND n.edits IS NULL
		AND n.kind IN ('card', 'alarm', 'group_card') AND n.state IN ('waiting', 'sent'))`, r.ID)
	if err != nil {
		return wrap(err, "look whether anybody was told")
	}
	staffed, err := s.anyOnDuty()
	if err == nil && (!told || !staffed) {
		r.Triage = TriageUnstaffed
	}
	return err
}

// SendTo is Send by an account that sees everything.
func (s *Service) SendTo(ctx context.Context, ref, station, account string) error {
	return s.Send(ctx, Supervisor{Name: account, Sight: Sight{All: true}}, ref, station)
}

// Send is a supervisor's decision on which station has the request. The clock goes on.
// A request that is finished is ErrRefused, an unknown or inactive station ErrNotFound; what is only offered to stations in sight
// can be sent to those in sight.
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
		case !by.Sight.Sees(r) && !by.Sight.SeesStation(station):
			return RefusedOffered
		}
		r.Triage = ""
		return st.transfer(r, station, BySupervisor, by.Name, reason{})
	})
}
