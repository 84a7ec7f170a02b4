package intake

import (
	"errors"

	"onedoor/prompts"
	"onedoor/routing"
)

// turnStation switches a station. What it has or is offered goes on to others; its workers stay, and are shown nothing new
// of it.
func (s *step) turnStation(t turning) error {
	// FOR UPDATE: who is about to give it a request, which refers to it, is waited for or waits; see leaveClosed
	if _, err := s.tx.ExecContext(s.ctx, `SELECT FROM stations WHERE code = $1 FOR UPDATE`, t.id); err != nil {
		return wrap(err, "lock a station")
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE stations SET active = $2 WHERE code = $1`, t.id, t.on); err != nil || t.on {
		return wrap(err, "switch a station")
	}
	var has, offered []int64
	if err := s.tx.SelectContext(s.ctx, &has, `SELECT id FROM requests WHERE station = $1 AND state IN ('open', 'claimed', 'referred')
		ORDER BY id`, t.id); err != nil {
		return wrap(err, "find what a station has")
	}
	if err := s.tx.SelectContext(s.ctx, &offered, `DELETE FROM offers WHERE station = $1 AND active RETURNING request_id`, t.id); err != nil {
		return wrap(err, "find what a station is offered")
	}
	for _, id := range has {
		if err := s.eachOf(id, func(r *Request) error { return s.moveOn(r, BySupervisor, t.account) }); err != nil {
			return err
		}
	}
	for _, id := range offered {
		if err := s.eachOf(id, s.redrawCards); err != nil {
			return err
		}
	}
	return nil
}

// eachOf does something to the request of an id while it still is with a station or on its way to one.
func (s *step) eachOf(id int64, do func(*Request) error) error {
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1 AND r.state IN ('open', 'claimed', 'referred')`, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return do(r)
}

// leaveClosed has a request go on that would wait at a station that is switched off: routing learns of that a moment late, and
// what was resolved there may be opened again. It is false where the station is there.
func (s *step) leaveClosed(r *Request) (bool, error) {
	var there bool
	if err := s.tx.GetContext(s.ctx, &there, `SELECT active FROM stations WHERE code = $1 FOR KEY SHARE`, r.Station); err != nil {
		return false, wrap(err, "look whether the station is there")
	}
	if there {
		return false, nil
	}
	return true, s.moveOn(r, BySystem, "")
}

// moveOn has the request of a station that is switched off go on to the next one, or to a supervisor.
func (s *step) moveOn(r *Request, actor, actorID string) error {
	var d routing.Decision
	if at, ok := r.Point(); ok {
		var closed []string
		if err := s.tx.SelectContext(s.ctx, &closed, `SELECT code FROM stations WHERE NOT active`); err != nil {
			return wrap(err, "find the stations that are switched off")
		}
		d = s.Router.Route(routing.Query{At: at, Category: value(r.Category), Emergency: r.Urgency == prompts.Emergency, Exclude: closed})
		r.Routing = toDocument(d)
	}
	if d.Station == "" {
		return s.leftOver(r, actor, actorID)
	}
	if d.Unstaffed && r.Triage == "" {
		r.Triage = TriageUnstaffed
	}
	return s.transfer(r, d.Station, actor, actorID, reason{})
}

// leftOver puts a request in front of a supervisor, for which there is no other station.
func (s *step) leftOver(r *Request, actor, actorID string) error {
	s.log(r, "transferred", actor, actorID, Args{"from": r.Station, "to": ToSupervisor})
	r.Station, r.Triage = nil, TriageNoStation
	if _, placed := r.Point(); !placed {
		r.Triage = TriageNoPlace
	}
	if err := s.backInQueue(r); err != nil {
		return err
	}
	if r.Urgency == prompts.Emergency {
		_, err := s.callAnybody(r)
		return err
	}
	return nil
}
