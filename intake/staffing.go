package intake

import (
	"context"
	"maps"
	"math"
	"slices"
	"time"
)

// A Counter is a station as queueing theory sees it (M/M/c, https://en.wikipedia.org/wiki/M/M/c_queue): requests arrive
// at random, and each keeps one worker busy for a while.
type Counter struct {
	Arrivals float64       // an hour
	Handling time.Duration // that a request keeps a worker busy, on average
}

// Load is how many workers the requests keep busy on average: fewer can't ever keep up.
func (c Counter) Load() float64 { return c.Arrivals * c.Handling.Hours() }

// Waits is the share of requests for which so many workers are all busy, by Erlang's formula C; 1 where they can't keep up.
func (c Counter) Waits(workers int) float64 {
	load := c.Load()
	if float64(workers) <= load {
		return 1
	}
	blocked := 1.0 // Erlang B, by its recursion, which no factorial makes overflow
	for n := 1; n <= workers; n++ {
		blocked = load * blocked / (float64(n) + load*blocked)
	}
	busy := load / float64(workers)
	return blocked / (1 - busy*(1-blocked))
}

// Within is the share of requests that so many workers begin with in a time.
func (c Counter) Within(workers int, limit time.Duration) float64 {
	if float64(workers) <= c.Load() {
		return 0
	}
	if c.Handling <= 0 {
		return 1
	}
	spare := (float64(workers) - c.Load()) / c.Handling.Hours() // requests an hour
	return 1 - c.Waits(workers)*math.Exp(-spare*limit.Hours())
}

// Staffing is what more or fewer workers would change at a station.
type Staffing struct {
	Station string
	Counter
	Workers int           // on its record
	Limit   time.Duration // the service standard by which a request is claimed, on average over its requests
}

// leastForStaffing is from how many requests on a station's figures say something.
const leastForStaffing = 20

// Staffing estimates, from a scope, what each station has to do in its opening hours: stations with few requests are left out.
// A request keeps its worker busy from the claim to the first answer.
func (s *Service) Staffing(ctx context.Context, scope Scope) ([]Staffing, error) {
	tallies, err := s.tallies(ctx, scope, "station")
	if err != nil {
		return nil, err
	}
	to := scope.To
	if now := s.Now(); now.Before(to) {
		to = now
	}
	var all []Staffing
	hours := map[string]float64{} // that stations with the same timetable were open
	for _, code := range slices.Sorted(maps.Keys(tallies)) {
		t := tallies[code]
		station, known := s.Router.Station(code)
		if !known || t.requests < leastForStaffing {
			continue
		}
		key := station.Hours.Key() + station.Zone().String()
		if _, known := hours[key]; !known {
			hours[key] = *s.openSeconds(code, scope.From, &to) / time.Hour.Seconds()
		}
		if open := hours[key]; open > 0 {
			all = append(all, Staffing{code, Counter{float64(t.requests) / open, mean(t.handling, t.handled)}, station.Workers, mean(t.limit, t.requests)})
		}
	}
	slices.SortStableFunc(all, func(a, b Staffing) int {
		switch x, y := a.Within(a.Workers, a.Limit), b.Within(b.Workers, b.Limit); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return all, nil
}

// mean is that of a sum of milliseconds; 0 of nothing.
func mean(millis, of int) time.Duration {
	return time.Duration(millis) * time.Millisecond / time.Duration(max(of, 1))
}
