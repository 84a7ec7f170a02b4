package intake

import (
	"math"
	"time"
)

// A Counter is a station as queueing theory sees it (M/M/c with priorities, https://en.wikipedia.org/wiki/M/M/c_queue): requests arrive at
// random, each keeps one worker busy for a while, and whoever is free begins with the most urgent that waits, the oldest first. Nobody
// leaves a request for a more urgent one.
type Counter struct {
	Kinds    []Kind        // the most urgent first
	Handling time.Duration // that a request keeps a worker busy, on average
}

// A Kind is the requests of one urgency.
type Kind struct {
	Urgency  string
	Arrivals float64       // an hour
	Limit    time.Duration // the service standard by which they are begun, on average over their services
}

// Arrivals is how many requests arrive in an hour.
func (c Counter) Arrivals() float64 { return c.upTo(len(c.Kinds)) }

// upTo is how many of the first kinds arrive in an hour.
func (c Counter) upTo(kinds int) (arrivals float64) {
	for _, k := range c.Kinds[:kinds] {
		arrivals += k.Arrivals
	}
	return arrivals
}

// Load is how many workers the requests keep busy on average: fewer can't ever keep up.
func (c Counter) Load() float64 { return c.Arrivals() * c.Handling.Hours() }

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

// Within is the share of all requests that so many workers begin with in time, each by the standard of its own kind.
func (c Counter) Within(workers int) (share float64) {
	all := c.Arrivals()
	for nth, k := range c.Kinds {
		if k.Arrivals > 0 {
			share += k.Arrivals / all * c.WithinOf(nth, workers)
		}
	}
	return min(share, 1) // whatever rounding adds
}

// Needed is the fewest workers who keep up, and begin with such a share of all requests and of the most urgent in time; share is below 1.
func (c Counter) Needed(share float64) int {
	for workers := int(c.Load()) + 1; ; workers++ {
		if c.Within(workers) >= share && c.WithinOf(0, workers) >= share {
			return workers
		}
	}
}

// WithinOf is the share of one kind that so many workers begin with in time. Those who wait do so for an exponential time whose mean is
// Cobham's (1954, https://doi.org/10.1287/opre.2.1.70, for one length of handling): of the first kind, or of one alone, it is so
// exactly; the times of later kinds have that mean and lie somewhat further apart.
func (c Counter) WithinOf(nth, workers int) float64 {
	switch {
	case workers < 1:
		return 0
	case c.Handling <= 0:
		return 1
	}
	ends := float64(workers) / c.Handling.Hours() // how many workers who are all busy end in an hour
	spare := ends - c.upTo(nth+1)
	if spare <= 0 {
		return 0
	}
	began := spare * (ends - c.upTo(nth)) / ends
	return 1 - c.Waits(workers)*math.Exp(-began*c.Kinds[nth].Limit.Hours())
}
