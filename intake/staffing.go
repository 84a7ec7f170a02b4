package intake

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"onedoor/prompts"
)

// Staffing is what more or fewer workers would change at a station. Its first kind are always emergencies, if only to say how one would fare.
type Staffing struct {
	Station string
	Counter
	Workers           int      // on its record
	InFact            *float64 // the share that was claimed in time, by the reports; nil where none was due
	EmergenciesInFact *float64
}

// Emergencies is the share of them that so many workers begin with in time.
func (s Staffing) Emergencies(workers int) float64 { return s.WithinOf(0, workers) }

// EmergencyLimit is the service standard of emergencies.
func (s Staffing) EmergencyLimit() time.Duration { return s.Kinds[0].Limit }

// EnoughInTime is the share in time from which on workers are enough.
const EnoughInTime = 0.95

// leastForStaffing is from how many requests on a station's figures say something.
const leastForStaffing = 20

// leastOpen is from how many opening hours on they do: what came in a night is no rate of the first minute of a day.
const leastOpen = 1.0

// Staffing estimates, from all that came in the days and to the stations of a scope, what each station has to do in its opening hours, those first that keep the fewest in time: stations
// with few requests are left out. A request keeps its worker busy from the claim to the first answer.
func (s *Service) Staffing(ctx context.Context, scope Scope) ([]Staffing, error) {
	scope.Category, scope.Urgency, scope.Setting, scope.WorkerStation = "", "", "", "" // the same people do whatever comes
	tallies, err := s.tallies(ctx, scope, byStationUrgency)
	if err != nil {
		return nil, err
	}
	stations := map[string]bool{}
	for name := range tallies {
		_, code, _ := strings.Cut(name, " ")
		stations[code] = true
	}
	var all []Staffing
	hours := map[string]float64{} // that stations with the same timetable were open
	for _, code := range slices.Sorted(maps.Keys(stations)) {
		station, known := s.Router.Station(code)
		if !known {
			continue
		}
		key := station.Hours.Key() + station.Zone().String()
		if _, known := hours[key]; !known {
			there := scope.In(station.Zone())
			if now := s.Now(); now.Before(there.To) {
				there.To = now
			}
			hours[key] = *s.openSeconds(code, there.From, &there.To) / time.Hour.Seconds()
		}
		counter, sum := s.counter(tallies, code, hours[key])
		if hours[key] >= leastOpen && sum.requests >= leastForStaffing {
			emergencies := of(tallies, stationUrgency(code, counter.Kinds[0].Urgency)).claim
			all = append(all, Staffing{code, counter, station.Workers, share(sum.claim.within, sum.claim.due), share(emergencies.within, emergencies.due)})
		}
	}
	order := map[string][]float64{}
	for _, station := range all {
		order[station.Station] = station.wellOff()
	}
	slices.SortStableFunc(all, func(a, b Staffing) int { return slices.Compare(order[a.Station], order[b.Station]) })
	return all, nil
}

// wellOff is how well off a station is: by the whole per cent of what is reckoned of it, of all and then of emergencies, and by what was
// in fact.
func (s Staffing) wellOff() []float64 {
	percent := func(share float64) float64 { return math.Round(100 * share) }
	inFact := func(share *float64) float64 {
		if share == nil {
			return 1
		}
		return *share
	}
	return []float64{percent(s.Within(s.Workers)), percent(s.Emergencies(s.Workers)), inFact(s.InFact), inFact(s.EmergenciesInFact)}
}

// counter is a station as queueing theory sees it, and what its requests of so many hours, which say so, add up to.
func (s *Service) counter(tallies map[string]*tally, station string, hours float64) (c Counter, sum *tally) {
	sum = new(tally)
	for _, urgency := range urgenciesFirst() {
		t := of(tallies, stationUrgency(station, urgency))
		kind := Kind{Urgency: urgency, Arrivals: float64(t.requests) / hours, Limit: mean(t.limit, t.requests)}
		if t.requests == 0 {
			kind.Limit = s.Standard("", prompts.Urgency(urgency), s.Now()).Claim
		}
		c.Kinds = append(c.Kinds, kind)
		sum.merge(t)
	}
	c.Handling = mean(sum.handling, sum.handled)
	return c, sum
}

// of is the tally of a group; an empty one where nothing is in it.
func of(tallies map[string]*tally, group string) *tally {
	if t := tallies[group]; t != nil {
		return t
	}
	return new(tally)
}

// urgenciesFirst are the urgencies in the order in which a queue is served.
func urgenciesFirst() []string {
	all := urgencies()
	slices.Reverse(all)
	return all
}

// byStationUrgency groups by station and urgency together, for which no report asks.
const byStationUrgency = "station_urgency"

// stationUrgency is what such a group is called.
func stationUrgency(station, urgency string) string { return urgency + " " + station }

// mean is that of a sum of milliseconds; 0 of nothing.
func mean(millis, of int) time.Duration {
	return time.Duration(float64(millis) / float64(max(of, 1)) * float64(time.Millisecond)) // their sum may be longer than a Duration
}
