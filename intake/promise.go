package intake

import (
	"time"

	"onedoor/routing"
)

// catchUp is how long after opening a station has answered what fell due while it was closed.
const catchUp = 2 * time.Hour

// A Promise is what a resident is told of how soon a person answers, in the time of the station.
type Promise struct {
	By    time.Time
	Opens time.Time // when the station opens, where it is closed now; else the zero time
}

// Promise is how soon a person answers a request, or would if its draft were confirmed now. It is the moment of the
// service standard by which the answer is measured. Only where the station doesn't open before that moment, or just
// before, is it later: catchUp after the station opens, for nobody is there who could keep another promise.
func (s *Service) Promise(r *Request) Promise {
	now := s.Now()
	asked, due := now, now.Add(s.Taxonomy.Standard(value(r.Category), r.Urgency).Answer)
	if r.SubmittedAt != nil && r.AnswerDue != nil {
		asked, due = *r.SubmittedAt, *r.AnswerDue
	}
	station, ok := s.Expected(r)
	if !ok {
		return Promise{By: due}
	}
	p := promise(station.Hours, asked.In(station.Zone()), due.In(station.Zone()))
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
	return Promise{By: later(due, opens.Add(min(catchUp, due.Sub(asked)))), Opens: opens}
}
