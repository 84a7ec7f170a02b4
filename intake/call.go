package intake

import (
	"slices"

	"onedoor/prompts"
	"onedoor/routing"
)

// callStation shows the request to its station's workers, first to those who are at home in what it calls for. When none of
// them can be told, the nearest station where somebody can is told as well; when there is none either, a supervisor sees it.
// So it is where those who are told are all off duty because nobody is on duty anywhere; whoever comes on duty is shown it
// then (see arrivals). Where the station is switched off, the request goes on to another.
func (s *step) callStation(r *Request) error {
	if gone, err := s.leaveClosed(r); gone || err != nil {
		return err
	}
	if first, err := s.callFitting(r); first || err != nil {
		return err
	}
	return s.callEverybody(r)
}

// callEverybody is callStation for all at once.
func (s *step) callEverybody(r *Request) error {
	workers, err := s.tellWorkers(r, *r.Station, NoticeCard)
	if err != nil || len(workers) > 0 && workers[0].OnDuty {
		return err
	}
	told := len(workers) > 0
	if !told {
		if told, err = s.callOthers(r); err != nil {
			return err
		}
	}
	staffed, err := s.anyOnDuty()
	if err != nil || told && staffed {
		return err
	}
	if r.Triage == "" {
		r.Triage = TriageUnstaffed
	}
	return r.save(s.ctx, s.tx)
}

// anyOnDuty tells whether anybody is on duty at any station, and can be told.
func (s *step) anyOnDuty() (bool, error) {
	var any bool
	err := s.tx.GetContext(s.ctx, &any, `SELECT EXISTS (SELECT FROM workers w JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id
		JOIN stations t ON t.code = w.station AND t.active WHERE w.on_duty AND c.unreachable_at IS NULL)`)
	return any, wrap(err, "look whether anybody is on duty")
}

// callOthers has the next nearest station told beside those that were. An emergency for which routing knows of none, or
// not where it is, goes to anybody: routing learns of who comes a moment late. It is false where nobody is told.
func (s *step) callOthers(r *Request) (bool, error) {
	station, err := s.offerOn(r)
	if station != "" || err != nil || r.Urgency != prompts.Emergency {
		return station != "", err
	}
	return s.callAnybody(r)
}

// offerOn lets the next nearest station have the request too, at which somebody is told: somebody on duty, and for an
// emergency, or where nobody is on duty anywhere, anybody. It returns the station, or "" when there is no further one.
func (s *step) offerOn(r *Request) (string, error) {
	p, ok := r.Point()
	if !ok {
		return "", nil
	}
	var exclude []string
	if err := s.tx.SelectContext(s.ctx, &exclude, `SELECT station FROM offers WHERE request_id = $1`, r.ID); err != nil {
		return "", wrap(err, "load the offers")
	}
	if r.Station != nil {
		exclude = append(exclude, *r.Station)
	}
	staffed, err := s.anyOnDuty()
	if err != nil {
		return "", err
	}
	for {
		d := s.Router.Route(routing.Query{At: p, Category: value(r.Category), Emergency: true, Exclude: exclude})
		next, ok := s.Router.Station(d.Station)
		if !ok || next.OnDuty == 0 && (next.Reachable == 0 || staffed && r.Urgency != prompts.Emergency) {
			return "", nil
		}
		told, err := s.offer(r, d)
		if told > 0 || err != nil {
			return d.Station, err
		}
		exclude = append(exclude, d.Station) // routing learns of who goes a moment late, too
	}
}

// muchNearer is by how many kilometres a station must be nearer to an emergency than the one that has it to be called though nobody
// is on duty there.
const muchNearer = 30.0

// callNearer has the nearest station hear of an emergency that goes far, only because nobody is on duty nearer: whoever is at home
// there may be the first to come, and its supervisors see it.
func (s *step) callNearer(r *Request) error {
	p, ok := r.Point()
	if !ok || r.Station == nil { // the station was switched off, and nobody has it
		return nil
	}
	d := s.Router.Route(routing.Query{At: p, Category: value(r.Category), Emergency: true})
	i := slices.IndexFunc(d.Reasons, func(at routing.Reason) bool { return at.Verdict == routing.NobodyOnDuty })
	if d.Station != *r.Station || i < 0 || d.DistanceKM-d.Reasons[i].DistanceKM < muchNearer {
		return nil
	}
	nearer := routing.Decision{Station: d.Reasons[i].Station, DistanceKM: d.Reasons[i].DistanceKM}
	var offered bool
	err := s.tx.GetContext(s.ctx, &offered, `SELECT EXISTS (SELECT FROM offers WHERE request_id = $1 AND station = $2)`, r.ID, nearer.Station)
	if err != nil || offered {
		return wrap(err, "look whether a nearer station is asked")
	}
	_, err = s.offer(r, nearer)
	return err
}

// offer lets the station decided on have the request too, and returns how many of its workers are told.
func (s *step) offer(r *Request, d routing.Decision) (int, error) {
	if _, err := s.tx.ExecContext(s.ctx, `INSERT INTO offers (request_id, station, offered_at) VALUES ($1, $2, $3)`,
		r.ID, d.Station, s.now); err != nil {
		return 0, wrap(err, "offer the request")
	}
	s.log(r, "offered", BySystem, "", Args{"station": d.Station, "distance_km": d.DistanceKM})
	return s.tellStation(r, d.Station, NoticeCard)
}

// takeBackOffer makes the station that has a request none of those that are offered it, too.
func (s *step) takeBackOffer(r *Request) error {
	_, err := s.tx.ExecContext(s.ctx, `DELETE FROM offers WHERE request_id = $1 AND station = $2`, r.ID, r.Station)
	return wrap(err, "take back the offer")
}

// callAnybody offers an emergency of which nobody knows where it is to a few stations more, supervisors' first: whoever
// takes it can ask. They have somebody on duty; where none is left that does, somebody who can be told. It is false
// where there is nobody at all.
func (s *step) callAnybody(r *Request) (bool, error) {
	var stations []string
	err := s.tx.SelectContext(s.ctx, &stations, `
		WITH free AS (
			SELECT w.station, w.role, w.on_duty FROM workers w JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id
				JOIN stations t ON t.code = w.station AND t.active
			WHERE w.active AND c.unreachable_at IS NULL AND w.station IS DISTINCT FROM $4
			  AND NOT EXISTS (SELECT FROM offers o WHERE o.request_id = $1 AND o.station = w.station))
		INSERT INTO offers (request_id, station, offered_at)
		SELECT $1, station, $2 FROM free WHERE on_duty = (SELECT bool_or(on_duty) FROM free)
		GROUP BY station ORDER BY bool_or(role = 'supervisor') DESC, count(*) DESC, station LIMIT $3
		RETURNING station`, r.ID, s.now, anybody, r.Station)
	if err != nil {
		return false, wrap(err, "offer an emergency to anybody")
	}
	for _, station := range stations {
		s.log(r, "offered", BySystem, "", Args{"station": station})
		if _, err := s.tellStation(r, station, NoticeCard); err != nil {
			return false, err
		}
	}
	return len(stations) > 0, nil
}

// tellStation writes a notice to the station's workers on duty or, when none is, to all who have joined, but those who are
// away only where all are; the one who has the request is told by themselves. Where the station has a group it is told, and of
// what is no emergency it alone: unless nobody has joined who could act there. It returns how many workers hear of it.
func (s *step) tellStation(r *Request, station, kind string) (int, error) {
	workers, err := s.tellWorkers(r, station, kind)
	return len(workers), err
}

// tellWorkers is tellStation, and returns who hears of it: all on duty, or nobody is.
func (s *step) tellWorkers(r *Request, station, kind string) ([]Worker, error) {
	workers, err := s.calledAt(r, station)
	if err != nil {
		return nil, err
	}
	inGroup, err := s.tellGroup(r, station, kind)
	if err != nil || inGroup && r.Urgency != prompts.Emergency {
		return workers, err
	}
	for _, w := range workers {
		s.tellChat(*w.Bot, *w.Chat, kind, r, nil)
	}
	return workers, nil
}

// calledAt are the workers whom tellStation tells.
func (s *step) calledAt(r *Request, station string) ([]Worker, error) {
	workers, err := stationWorkers(s.ctx, s.tx, station)
	if err != nil {
		return nil, err
	}
	workers = slices.DeleteFunc(workers, func(w Worker) bool { return w.Code == value(r.Worker) })
	for _, there := range []func(Worker) bool{func(w Worker) bool { return w.OnDuty }, func(w Worker) bool { return !w.Away }} {
		if slices.ContainsFunc(workers, there) {
			return slices.DeleteFunc(workers, func(w Worker) bool { return !there(w) }), nil
		}
	}
	return workers, nil
}
