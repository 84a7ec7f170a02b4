package intake

import (
	"slices"

	"onedoor/routing"
)

// showStations offers where the request can be passed on to.
func showStations(s *step, r *Request, _ string) error {
	if r.State != Open && !s.mine(r) {
		return s.redrawCards(r)
	}
	return s.redrawPressed(r, "pass")
}

// maxPassOn is how many stations a card offers to pass a request on to.
const maxPassOn = 4

// Elsewhere are the nearest stations to which a request can be passed on from its own.
func (s *Service) Elsewhere(r *Request) []string {
	p, ok := r.Point()
	if !ok {
		return nil
	}
	exclude := []string{value(r.Station)}
	var found []string
	for len(found) < maxPassOn {
		d := s.Router.Route(routing.Query{At: p, Category: value(r.Category), Exclude: exclude})
		if d.Station == "" || slices.Contains(exclude, d.Station) {
			break
		}
		found, exclude = append(found, d.Station), append(exclude, d.Station)
	}
	return found
}

// passTo hands an open or claimed request up to a supervisor, or asks why it is to go to another station.
func passTo(s *step, r *Request, to string) error {
	if r.State != Open && !s.mine(r) {
		return s.redrawCards(r)
	}
	if to == ToSupervisor {
		r.Triage = TriageHandedUp
		s.log(r, "transferred", ByWorker, s.worker.Code, Args{"to": ToSupervisor})
		return s.backInQueue(r)
	}
	if station, ok := s.Router.Station(to); !ok || !station.Active {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	return s.redrawPressed(r, MenuWhy+to)
}

// showOthers offers which other service an open request, or the worker's own, may be about.
func showOthers(s *step, r *Request, _ string) error {
	if r.State != Open && !s.mine(r) {
		return s.redrawCards(r)
	}
	return s.redrawPressed(r, "services")
}

// setMeant is a worker's decision on which service is meant.
func setMeant(s *step, r *Request, category string) error {
	if r.State != Open && !s.mine(r) {
		return s.redrawCards(r)
	}
	if _, ok := s.Taxonomy.Category(category); !ok {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	return s.reclassify(r, category, ByWorker, s.worker.Code)
}

// transfer moves a request into another station's queue. Whoever had it, and has not moved it themself, is told.
func (s *step) transfer(r *Request, station, actor, actorID string, why reason) error {
	s.log(r, "transferred", actor, actorID, why.data(Args{"from": r.Station, "to": station}))
	if r.Worker != nil && *r.Worker != actorID {
		if _, err := s.tellWorker(r, NoticeTaken, Args{"station": station}); err != nil {
			return err
		}
	}
	r.Station = &station
	if err := s.takeBackOffer(r); err != nil {
		return err
	}
	if err := s.backInQueue(r); err != nil {
		return err
	}
	s.tellResident(r, NoticeMoved, Args{"station": station, "why": why.Key})
	return s.callStation(r)
}

// backInQueue opens the request again for whoever is the first to claim it.
func (s *step) backInQueue(r *Request) error {
	if err := s.leave(r); err != nil {
		return err
	}
	r.State, r.Worker, r.ClaimedAt = Open, nil, nil
	s.goOnWaiting(r)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	return s.redrawCards(r)
}
