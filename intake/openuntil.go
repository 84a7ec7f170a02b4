package intake

import (
	"time"

	"onedoor/routing"
)

// openUntil knows how many seconds stations with the same hours are open until a moment. A clock that has run for years is asked
// for at each report, so whole days are reckoned once.
type openUntil struct {
	hours    routing.Hours
	until    time.Time // in the stations' time zone
	midnight time.Time // with which its day begins
	days     []float64 // that they are open on so many days before it
}

// since is how many seconds they are open from a moment on.
func (o *openUntil) since(at time.Time) float64 {
	at = at.In(o.until.Location())
	if !at.Before(o.midnight) {
		return o.hours.During(at, o.until).Seconds()
	}
	next := time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, at.Location())
	whole := int(o.midnight.Sub(next).Hours()/24 + 0.5) // the clock may be changed on one of them
	for len(o.days) <= whole {
		n := len(o.days)
		o.days = append(o.days, 0)
		if n > 0 {
			o.days[n] = o.days[n-1] + o.hours.During(o.midnight.AddDate(0, 0, -n), o.midnight.AddDate(0, 0, 1-n)).Seconds()
		}
	}
	return (o.hours.During(at, next) + o.hours.During(o.midnight, o.until)).Seconds() + o.days[whole]
}

// openUntilNow are the seconds of a station's opening hours from a moment until now.
func (t *tallying) openUntilNow(station string, from time.Time) float64 {
	o, known := t.opens[station]
	if !known {
		if s, ok := t.Router.Station(station); ok {
			key := s.Hours.Key() + s.Zone().String()
			if o = t.open[key]; o == nil {
				until := t.now.In(s.Zone())
				o = &openUntil{hours: s.Hours, until: until, midnight: time.Date(until.Year(), until.Month(), until.Day(), 0, 0, 0, 0, s.Zone())}
				t.open[key] = o
			}
		}
		t.opens[station] = o
	}
	if o == nil {
		return t.now.Sub(from).Seconds()
	}
	return o.since(from)
}
