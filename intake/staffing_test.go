package intake

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// simulate lets n requests arrive and be handled, and returns the share that waits and the share begun within the limit.
func simulate(c Counter, workers, n int, limit time.Duration) (waits, within float64) {
	random := rand.New(rand.NewPCG(1, 2))
	free := make([]float64, workers) // the hour at which each worker is free again
	arrival := 0.0
	for range n {
		arrival += random.ExpFloat64() / c.Arrivals
		first := 0
		for i := range free {
			if free[i] < free[first] {
				first = i
			}
		}
		begin := max(arrival, free[first])
		free[first] = begin + random.ExpFloat64()*c.Handling.Hours()
		if begin > arrival {
			waits++
		}
		if begin-arrival <= limit.Hours() {
			within++
		}
	}
	return waits / float64(n), within / float64(n)
}

// TestStaffingIsWhatHappens compares Erlang's formula with a simulation.
func TestStaffingIsWhatHappens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		Counter
		workers int
		limit   time.Duration
	}{
		{Counter{4, 20 * time.Minute}, 2, 30 * time.Minute},
		{Counter{10, 30 * time.Minute}, 6, 10 * time.Minute},
		{Counter{1, 30 * time.Minute}, 1, time.Hour},
		{Counter{60, 10 * time.Minute}, 14, 5 * time.Minute},
	} {
		waits, within := simulate(c.Counter, c.workers, 300_000, c.limit)
		if got := c.Waits(c.workers); math.Abs(got-waits) > 0.015 {
			t.Errorf("%+v: %.3f wait, in the simulation %.3f", c, got, waits)
		}
		if got := c.Within(c.workers, c.limit); math.Abs(got-within) > 0.015 {
			t.Errorf("%+v: %.3f are in time, in the simulation %.3f", c, got, within)
		}
	}
}

// TestStaffingIsSane: shares are shares, more workers are never worse, and too few keep nobody's time.
func TestStaffingIsSane(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := Counter{rapid.Float64Range(0, 500).Draw(t, "arrivals"), time.Duration(rapid.Int64Range(0, int64(48*time.Hour)).Draw(t, "handling"))}
		limit := time.Duration(rapid.Int64Range(0, int64(100*time.Hour)).Draw(t, "limit"))
		before := -1.0
		for workers := range 40 {
			within, waits := c.Within(workers, limit), c.Waits(workers)
			if !(within >= 0 && within <= 1 && waits >= 0 && waits <= 1) {
				t.Fatalf("%d workers: %v within, %v wait", workers, within, waits)
			}
			if float64(workers) <= c.Load() && within != 0 {
				t.Fatalf("%d workers can't keep up with %v, but %v are in time", workers, c.Load(), within)
			}
			if within < before-1e-9 {
				t.Fatalf("%d workers are worse than one less: %v, %v", workers, within, before)
			}
			before = within
		}
	})
}
