package routing

import "encoding/json"

// Query asks for a station.
type Query struct {
	At        Point
	Category  string   // empty: not clear yet
	Emergency bool     // somebody must be on duty
	Exclude   []string // stations that have the request already
}

// Decision is the station chosen, and why.
type Decision struct {
	Station    string   `json:"station"` // empty: none; null in JSON
	DistanceKM float64  `json:"distance_km"`
	Reasons    []Reason `json:"reasons"`
	Unstaffed  bool     `json:"unstaffed,omitempty"` // nobody works at the station
}

// Reason is a station that was considered, and what spoke for or against it.
type Reason struct {
	Station    string  `json:"station"`
	DistanceKM float64 `json:"distance_km"`
	Verdict    string  `json:"verdict"`
}

// The verdicts on a station.
const (
	Nearest       = "nearest" // chosen: no suitable one is nearer
	Inactive      = "inactive"
	OtherServices = "other_services"
	Unstaffed     = "unstaffed"
	NobodyOnDuty  = "nobody_on_duty"
	Excluded      = "excluded"
)

const (
	maxReasons = 8 // stations named in a decision, the chosen one included

	// detour is how much further an emergency goes to a station that serves its category, rather than to the
	// nearest with anybody on duty.
	detour = 30.0 // km
)

// Route finds the nearest active station that serves the category and has workers. An emergency goes to the
// nearest with somebody on duty, and to one that doesn't serve its category if that is more than 30 km nearer.
// So that nobody is dropped: an emergency with nobody on duty anywhere goes where an ordinary request would,
// and where nobody works anywhere, the nearest station that serves the category has it (Unstaffed is set).
// Without any such station Station is empty.
func (r *Router) Route(q Query) Decision {
	all := r.stations.Load()
	s := search{query: q}
	all.index.nearby(q.At, s.consider)
	return s.decide()
}

// search is the state of one walk from the nearest station outwards.
type search struct {
	query     Query
	reasons   []Reason
	chosen    *found // suits in every way
	anyOnDuty *found // has somebody on duty, whatever it serves
	staffed   *found // would do for an ordinary request
	serving   *found // serves the category, but nobody works there
}

type found struct {
	station *Station
	km      float64
}

// consider looks at the next nearest station; it is false when the search is over.
func (s *search) consider(station *Station, km float64) bool {
	if s.anyOnDuty != nil && km > s.anyOnDuty.km+detour {
		return false
	}
	verdict := s.judge(station, km)
	if len(s.reasons) < maxReasons || verdict == Nearest {
		s.reasons = append(s.reasons[:min(len(s.reasons), maxReasons-1)], Reason{station.Code, km, verdict})
	}
	return s.chosen == nil
}

func (s *search) judge(station *Station, km float64) string {
	here := &found{station, km}
	switch {
	case contains(s.query.Exclude, station.Code):
		return Excluded
	case !station.Active:
		return Inactive
	}
	if s.query.Emergency && station.OnDuty > 0 && s.anyOnDuty == nil {
		s.anyOnDuty = here
	}
	switch {
	case !station.Serves(s.query.Category):
		return OtherServices
	case station.Workers == 0:
		keepFirst(&s.serving, here)
		return Unstaffed
	case s.query.Emergency && station.OnDuty == 0:
		keepFirst(&s.staffed, here)
		return NobodyOnDuty
	}
	s.chosen = here
	return Nearest
}

func keepFirst(place **found, here *found) {
	if *place == nil {
		*place = here
	}
}

func contains(codes []string, code string) bool {
	for _, c := range codes {
		if c == code {
			return true
		}
	}
	return false
}

// decide picks the best that the walk has found.
func (s *search) decide() Decision {
	for _, best := range []*found{s.chosen, s.anyOnDuty, s.staffed, s.serving} {
		if best == nil {
			continue
		}
		d := Decision{Station: best.station.Code, DistanceKM: best.km, Reasons: s.reasons, Unstaffed: best.station.Workers == 0}
		return d
	}
	return Decision{Reasons: s.reasons}
}

// MarshalJSON writes no station as null and no reasons as an empty list.
func (d Decision) MarshalJSON() ([]byte, error) {
	station, reasons := &d.Station, d.Reasons
	if d.Station == "" {
		station = nil
	}
	if reasons == nil {
		reasons = []Reason{}
	}
	return json.Marshal(struct {
		Station *string `json:"station"`
		plainRest
	}{station, plainRest{d.DistanceKM, reasons, d.Unstaffed}})
}

type plainRest struct {
	DistanceKM float64  `json:"distance_km"`
	Reasons    []Reason `json:"reasons"`
	Unstaffed  bool     `json:"unstaffed,omitempty"`
}
