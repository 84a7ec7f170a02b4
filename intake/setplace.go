package intake

import (
	"context"
	"fmt"

	"onedoor/routing"
)

// bySupervisor is the source of a place that a supervisor has set.
const bySupervisor = "supervisor"

// PlaceAt is a supervisor's decision that a request is at a place of the gazetteer, which must say well enough where that is:
// else it is ErrNotFound. The station stays, as when a resident says it better; what had none looks for one now.
func (s *Service) PlaceAt(ctx context.Context, by Supervisor, ref, code string) error {
	there, ok := s.At(Request{}, code)
	if !ok {
		return fmt.Errorf("place request %s: place %q: %w", ref, code, ErrNotFound)
	}
	return s.placeBy(ctx, by, ref, there.Place, routing.Point{Lat: *there.Lat, Lon: *there.Lon})
}

// PlacePoint is PlaceAt for a position, in degrees (WGS-84). One far from all that we know is RefusedFar.
func (s *Service) PlacePoint(ctx context.Context, by Supervisor, ref string, at routing.Point) error {
	if !s.Router.Knows(at, farAway) {
		return wrap(RefusedFar, "place request "+ref)
	}
	var code *string
	if near, _, ok := s.Router.Gazetteer().Near(at); ok {
		code = &near.Code
	}
	return s.placeBy(ctx, by, ref, code, at)
}

func (s *Service) placeBy(ctx context.Context, by Supervisor, ref string, code *string, at routing.Point) error {
	return s.decide(ctx, by, ref, decided, residentChat, func(st *step, r *Request) error {
		if !r.State.Active() {
			return ErrRefused
		}
		st.endPlaceQuestion(r)
		st.putAt(r, code, &at.Lat, &at.Lon, bySupervisor, BySupervisor, by.Name)
		return st.goOnPlaced(r)
	})
}

// putAt gives a request a place.
func (s *step) putAt(r *Request, code *string, lat, lon *float64, source, actor, actorID string) {
	r.Place, r.Lat, r.Lon, r.PlaceSource = code, lat, lon, source
	s.log(r, "placed", actor, actorID, Args{"place": r.Place, "source": r.PlaceSource})
	if r.Triage == TriageNoPlace {
		r.Triage = ""
	}
}
