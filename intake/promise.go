package intake

import (
	"time"

	"onedoor/routing"
)

// catchUp is how long after opening a station has answered what fell due while it was closed.
const catchUp = 2 * time.Hour

// A Promise is what a resident is told of how soon a person answers, in the time of the station.
type Promise struct {
	By     time.Time
	Opens  time.Time // when the station opens next, where nobody is there now; else the zero time
	Nobody bool      // the station is open, and nobody is on duty there
}

// Promise is how soon a person answers a request, or would if its draft were confirmed now. It is the moment of the
// service standard by which the answer is measured. Only where the station doesn't open before that moment, or just
// before, is it later: catchUp after the station opens, for nobody is there who could keep another promise. A station
// that is open and has nobody on duty opens when it does so next.
func (s *Service) Promise(r *Request) Promise {
	now := s.Now()
	asked, due := now, now.Add(s.Standard(value(r.Category), r.Urgency, now).Answer)
	if r.SubmittedAt != nil && r.AnswerDue != nil {
		asked, due = *r.SubmittedAt, *r.AnswerDue
	}
	station, ok := s.Expected(r)
	if !ok {
		return Promise{By: due}
	}
	asked, due = asked.In(station.Zone()), due.In(station.Zone())
	p := promise(station.Hours, asked, due)
	if station.OnDuty == 0 && station.Hours.Open(now.In(station.Zone())) {
		p = promiseUnstaffed(station.Hours, asked, due)
	}
	if !p.Opens.After(now) {
		p.Opens = time.Time{}
	}
	return p
}

// promise is Promise for a station's hours; both moments are in its time zone.
func promise(hours routing.Hours, asked, due time.Time) Promise {
	opens, ok := hours.Next(asked)
	if !ok || !opens.After(asked) {
		return Promise{By: due}
	}
	return Promise{By: catchingUp(opens, asked, due), Opens: opens}
}

// promiseUnstaffed is promise where nobody is on duty though the station is open.
func promiseUnstaffed(hours routing.Hours, asked, due time.Time) Promise {
	until, ok := hours.Until(asked)
	if !ok {
		until = asked
	}
	opens, ok := hours.Next(until)
	if !ok || !opens.After(asked) {
		return Promise{By: due, Nobody: true}
	}
	return Promise{By: catchingUp(opens, asked, due), Opens: opens, Nobody: true}
}

// catchingUp is by when a station answers what was asked while nobody was there.
func catchingUp(opens, asked, due time.Time) time.Time {
	return later(due, opens.Add(min(catchUp, due.Sub(asked))))
}
