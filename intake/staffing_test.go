package intake

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// simulation is what became of the requests of each kind.
type simulation struct{ requests, waited, inTime []float64 }

// simulate lets n requests arrive, each of the kinds as often as it does, wait in the order of their kinds, and be handled.
func simulate(c Counter, workers, n int) simulation {
	random := rand.New(rand.NewPCG(1, 2))
	free := make([]float64, workers)          // the hour at which each worker is free again
	queues := make([][]float64, len(c.Kinds)) // the hours at which those arrived that wait
	s := simulation{make([]float64, len(queues)), make([]float64, len(queues)), make([]float64, len(queues))}
	begin := func(kind, worker int, arrived, at float64) {
		free[worker] = at + random.ExpFloat64()*c.Handling.Hours()
		s.requests[kind]++
		if at > arrived {
			s.waited[kind]++
		}
		if at-arrived <= c.Kinds[kind].Limit.Hours() {
			s.inTime[kind]++
		}
	}
	for at := 0.0; n > 0; n-- {
		at += random.ExpFloat64() / c.Arrivals()
		for { // whoever became free meanwhile took what waited
			worker := slices.Index(free, slices.Min(free))
			kind := slices.IndexFunc(queues, func(q []float64) bool { return len(q) > 0 })
			if kind < 0 || free[worker] > at {
				break
			}
			begin(kind, worker, queues[kind][0], free[worker])
			queues[kind] = queues[kind][1:]
		}
		kind, which := 0, random.Float64()*c.Arrivals()
		for ; kind < len(c.Kinds)-1 && which >= c.upTo(kind+1); kind++ {
		}
		if worker := slices.Index(free, slices.Min(free)); free[worker] <= at {
			begin(kind, worker, at, at)
		} else {
			queues[kind] = append(queues[kind], at)
		}
	}
	for kind, q := range queues { // those are never begun
		s.requests[kind] += float64(len(q))
		s.waited[kind] += float64(len(q))
	}
	return s
}

// share is a part of the requests of all kinds.
func (s simulation) share(of []float64) float64 {
	part, all := 0.0, 0.0
	for kind, n := range of {
		part, all = part+n, all+s.requests[kind]
	}
	return part / all
}

// oneKind is a counter with requests of one kind.
func oneKind(arrivals float64, handling, limit time.Duration) Counter {
	return Counter{[]Kind{{"normal", arrivals, limit}}, handling}
}

// mixed is a counter with so many emergencies, urgent and normal requests an hour, under the standards of the taxonomy or tighter.
func mixed(emergency, urgent, normal float64, handling, toUrgent, toNormal time.Duration) Counter {
	return Counter{[]Kind{{"emergency", emergency, 5 * time.Minute}, {"urgent", urgent, toUrgent}, {"normal", normal, toNormal}}, handling}
}

// TestStaffingIsWhatHappens compares the formulas with a simulation: of one kind, of emergencies before others, and of all kinds together.
func TestStaffingIsWhatHappens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		Counter
		workers int
	}{
		{oneKind(4, 20*time.Minute, 30*time.Minute), 2},
		{oneKind(10, 30*time.Minute, 10*time.Minute), 6},
		{oneKind(1, 30*time.Minute, time.Hour), 1},
		{oneKind(60, 10*time.Minute, 5*time.Minute), 14},
		{mixed(0.3, 1, 2, 15*time.Minute, 2*time.Hour, 24*time.Hour), 1},
		{mixed(0.3, 1, 2, 15*time.Minute, 30*time.Minute, time.Hour), 1},
		{mixed(0.2, 1.5, 5, 40*time.Minute, 20*time.Minute, 2*time.Hour), 5},
		{mixed(2, 3, 4, 30*time.Minute, 15*time.Minute, 30*time.Minute), 6},
		{mixed(0.5, 3, 8, 20*time.Minute, 10*time.Minute, 4*time.Hour), 3}, // who can't keep up
	} {
		s := simulate(c.Counter, c.workers, 300_000)
		if got, happens := c.Waits(c.workers), s.share(s.waited); math.Abs(got-happens) > 0.015 {
			t.Errorf("%+v: %.3f wait, in the simulation %.3f", c, got, happens)
		}
		if got, happens := c.Within(c.workers), s.share(s.inTime); math.Abs(got-happens) > 0.015 {
			t.Errorf("%+v: %.3f are in time, in the simulation %.3f", c, got, happens)
		}
		for nth, k := range c.Kinds {
			exactly := 0.015
			if nth > 0 {
				exactly = 0.03 // of whom the formula knows the mean alone
			}
			if got, happens := c.WithinOf(nth, c.workers), s.inTime[nth]/s.requests[nth]; math.Abs(got-happens) > exactly {
				t.Errorf("%+v: %.3f of %s are in time, in the simulation %.3f", c, got, k.Urgency, happens)
			}
		}
	}
}

// TestOneWorkerMoreShows: under the taxonomy's standards a station that is as good as always in time on average shows, by its
// emergencies, what one worker more or less would change.
func TestOneWorkerMoreShows(t *testing.T) {
	t.Parallel()
	c := mixed(0.02, 0.3, 1, 20*time.Minute, 2*time.Hour, 24*time.Hour)
	for workers, want := range map[int][2]float64{1: {0.97, 0.66}, 2: {0.999, 0.95}, 3: {0.9999, 0.99}} {
		if all, emergencies := c.Within(workers), c.WithinOf(0, workers); all < want[0] || math.Abs(emergencies-want[1]) > 0.02 {
			t.Errorf("with %d workers %.4f of all are in time, and %.3f of emergencies", workers, all, emergencies)
		}
	}
}

// TestStaffingIsSane: shares are shares, more workers are never worse, too few keep nobody's time, and the more urgent fare no worse under
// the same standard.
func TestStaffingIsSane(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rate, length := rapid.Float64Range(0, 200), rapid.Int64Range(0, int64(48*time.Hour))
		limit := time.Duration(length.Draw(t, "limit"))
		c := mixed(rate.Draw(t, "emergencies"), rate.Draw(t, "urgent"), rate.Draw(t, "normal"), time.Duration(length.Draw(t, "handling")), limit, limit)
		before := []float64{-1, -1, -1, -1}
		for workers := range 40 {
			waits := c.Waits(workers)
			shares := []float64{c.Within(workers), c.WithinOf(0, workers), c.WithinOf(1, workers), c.WithinOf(2, workers)}
			for i, share := range shares {
				if !(share >= 0 && share <= 1 && waits >= 0 && waits <= 1) {
					t.Fatalf("%d workers: %v within, %v wait", workers, shares, waits)
				}
				if share < before[i]-1e-9 {
					t.Fatalf("%d workers are worse than one less: %v, %v", workers, shares, before)
				}
			}
			if shares[3] > shares[2]+1e-9 {
				t.Fatalf("%d workers: the least urgent fare best: %v", workers, shares)
			}
			if float64(workers) <= c.Load() && shares[3] != 0 {
				t.Fatalf("%d workers can't keep up with %v, but %v are in time", workers, c.Load(), shares)
			}
			before = shares
		}
	})
}
