package routing

import (
	"encoding/json"
	"math"
	"slices"
)

// Query asks for a station.
type Query struct {
	At        Point
	Category  string   // empty: not clear yet
	Emergency bool     // somebody must be on duty
	Exclude   []string // stations that have the request already
}

// Decision is the station chosen, and why. The chosen one is always among the reasons.
type Decision struct {
	Station    string   `json:"station"` // empty: none; null in JSON
	DistanceKM float64  `json:"distance_km"`
	Reasons    []Reason `json:"reasons"`             // the nearest first, at most 8
	Unstaffed  bool     `json:"unstaffed,omitempty"` // nobody works at the station
}

// Reason is a station that was considered, and what spoke for or against it.
type Reason struct {
	Station    string  `json:"station"`
	DistanceKM float64 `json:"distance_km"`
	Verdict    string  `json:"verdict"`
}

// The verdicts on a station. A station with another one than Nearest was chosen for want of a better.
const (
	Nearest       = "nearest" // suits in every way, and none that does is nearer
	Inactive      = "inactive"
	OtherServices = "other_services"
	Unstaffed     = "unstaffed"
	NobodyOnDuty  = "nobody_on_duty"
	Excluded      = "excluded"
)

const (
	maxReasons = 8

	// detour is how much further an emergency goes to a station that serves its category, rather than to the
	// nearest with anybody on duty.
	detour = 30.0 // km
)

// Route finds the nearest active station that serves the category and has workers. An emergency goes to the
// nearest with somebody on duty, and to one that doesn't serve its category if that is more than 30 km nearer.
// So that nobody is dropped: an emergency with nobody on duty anywhere goes to the nearest where somebody can be
// told, whatever it serves, or else where an ordinary request would; and where nobody works anywhere, the nearest
// station that serves the category has it (Unstaffed is set).
// Without any such station Station is empty.
func (r *Router) Route(q Query) Decision {
	all := r.stations.Load()
	s := search{query: q}
	all.index.nearby(q.At, func(code string, km float64) bool { return s.consider(all.byCode[code], km) })
	return s.decide()
}

// search is the state of one walk from the nearest station outwards. Of each kind it keeps the nearest; one
// without a station was not met.
type search struct {
	query     Query
	reasons   []Reason
	suits     Reason // in every way
	anyOnDuty Reason // somebody is on duty, whatever it serves
	reachable Reason // somebody can be told, whatever it serves
	staffed   Reason // would do for an ordinary request
	serving   Reason // serves the category, but nobody works there
}

// consider looks at the next nearest station; it is false when the search is over.
func (s *search) consider(station *Station, km float64) bool {
	if s.anyOnDuty.Station != "" && km > s.anyOnDuty.DistanceKM+detour {
		return false
	}
	here := Reason{station.Code, km, s.judge(station)}
	if len(s.reasons) < maxReasons {
		s.reasons = append(s.reasons, here)
	}
	switch here.Verdict {
	case Excluded, Inactive:
		return true
	case Nearest:
		s.suits = here
	case NobodyOnDuty:
		keepFirst(&s.staffed, here)
	case Unstaffed:
		keepFirst(&s.serving, here)
	}
	if s.query.Emergency && station.OnDuty > 0 {
		keepFirst(&s.anyOnDuty, here)
	}
	if s.query.Emergency && station.Reachable > 0 {
		keepFirst(&s.reachable, here)
	}
	return s.suits.Station == ""
}

func (s *search) judge(station *Station) string {
	switch {
	case slices.Contains(s.query.Exclude, station.Code):
		return Excluded
	case !station.Active:
		return Inactive
	case !station.Serves(s.query.Category):
		return OtherServices
	case station.Workers == 0:
		return Unstaffed
	case s.query.Emergency && station.OnDuty == 0:
		return NobodyOnDuty
	}
	return Nearest
}

func keepFirst(place *Reason, here Reason) {
	if place.Station == "" {
		*place = here
	}
}

// decide picks the best that the walk has met.
func (s *search) decide() Decision {
	for _, best := range []Reason{s.suits, s.anyOnDuty, s.reachable, s.staffed, s.serving} {
		if best.Station == "" {
			continue
		}
		if !slices.Contains(s.reasons, best) {
			s.reasons[len(s.reasons)-1] = best
		}
		return Decision{best.Station, best.DistanceKM, s.reasons, best.Verdict == Unstaffed}
	}
	return Decision{Reasons: s.reasons}
}

// MarshalJSON writes no station as null, no reasons as an empty list, and distances to the metre.
func (d Decision) MarshalJSON() ([]byte, error) {
	type plain Decision
	d.DistanceKM = toMetre(d.DistanceKM)
	d.Reasons = slices.Clone(d.Reasons)
	for i := range d.Reasons {
		d.Reasons[i].DistanceKM = toMetre(d.Reasons[i].DistanceKM)
	}
	station := &d.Station
	if d.Station == "" {
		station = nil
	}
	if d.Reasons == nil {
		d.Reasons = []Reason{}
	}
	return json.Marshal(struct {
		Station *string `json:"station"`
		plain
	}{station, plain(d)})
}

func toMetre(km float64) float64 { return math.Round(km*1000) / 1000 }
