package intake

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestIntervalsAreThePublished: the eight examples of Newcombe's article (1998, table II, method 10) and the trial to which Garner puts
// the method (Constructing Confidence Intervals for the Differences of Binomial Proportions in SAS, WUSS 2016, paper 127,
// https://www.lexjansen.com/wuss/2016/127_Final_Paper_PDF.pdf, which has the first, second and seventh example, too, on page 9). All nine were
// computed apart from this code as well: the bounds of each share as roots of the score equation, found by bisection in 40 digits.
func TestIntervalsAreThePublished(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, m, b, n int
		low, high  float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339}, {9, 10, 3, 10, 0.1705, 0.8090}, {6, 7, 2, 7, 0.0582, 0.8062}, {5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775}, {0, 10, 0, 10, -0.2775, 0.2775}, {10, 10, 0, 20, 0.6791, 1}, {10, 10, 0, 10, 0.6075, 1},
		{84, 101, 89, 105, -0.1177, 0.0851},
	} {
		p, q := float64(c.a)/float64(c.m), float64(c.b)/float64(c.n)
		if got := difference(p, wilson(c.a, c.m), q, wilson(c.b, c.n)); math.Abs(got.Low-c.low) > 5e-5 || math.Abs(got.High-c.high) > 5e-5 {
			t.Errorf("%d of %d and %d of %d: %.4f, want %v to %v", c.a, c.m, c.b, c.n, got, c.low, c.high)
		}
	}
}

// TestIntervalsHoldTheTruth: of samples of two distributions, about 95 of 100 intervals hold what the difference really is.
func TestIntervalsHoldTheTruth(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	const tries = 2000
	for _, n := range [][2]int{{25, 400}, {60, 60}, {300, 2000}} {
		shares, middles := 0, 0
		for range tries {
			rural, urban := sample(random, n[0], 1, 0.8), sample(random, n[1], 0.5, 0.9)
			c := compare(rural, urban)
			shares += one(c.Within.In.Low <= 0.8-0.9 && 0.8-0.9 <= c.Within.In.High)
			truth := 3600 * (math.Exp(1) - math.Exp(0.5))
			middles += one(c.Median.In.Low <= truth && truth <= c.Median.In.High)
		}
		for what, held := range map[string]int{"share": shares, "median": middles} {
			if part := float64(held) / tries; part < 0.935 || part > 0.99 {
				t.Errorf("of %v requests %.3f of the intervals of the %s hold the truth", n, part, what)
			}
		}
	}
}

// sample is a clock of so many requests whose times have a median of exp(level) hours.
func sample(random *rand.Rand, n int, level, within float64) *clockTally {
	c := &clockTally{due: n}
	for range n {
		c.within += one(random.Float64() < within)
		c.real.add(3600 * math.Exp(level+random.NormFloat64()*1.2))
		c.open.add(60)
	}
	return c
}

// TestHistogramIsNoDifference: of very many, the same times in two neighbouring buckets are no difference, and twice the time is one.
func TestHistogramIsNoDifference(t *testing.T) {
	t.Parallel()
	every := func(seconds float64) *clockTally {
		c := &clockTally{due: 100_000, within: 100_000}
		for range c.due {
			c.real.add(seconds)
			c.open.add(seconds)
		}
		return c
	}
	end := bucketBounds()[300]
	if c := compare(every(end*1.001), every(end)); c.Median.Difference == 0 || c.Median.In.BeyondChance() {
		t.Errorf("of two buckets: %+v", c.Median)
	}
	if c := compare(every(2*end), every(end)); !c.Median.In.BeyondChance() {
		t.Errorf("of twice the time: %+v", c.Median)
	}
}

// TestChance: the same in town and country is no difference, and a plain one is.
func TestChance(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	if c := compare(sample(random, 500, 1, 0.8), sample(random, 500, 1, 0.8)); c.Within.In.BeyondChance() || c.Median.In.BeyondChance() {
		t.Errorf("of the same: %+v", c)
	}
	if c := compare(sample(random, 500, 2, 0.5), sample(random, 500, 1, 0.8)); !c.Within.In.BeyondChance() || !c.Median.In.BeyondChance() {
		t.Errorf("of what differs: %+v", c)
	}
	if c := compare(sample(random, 19, 2, 0.5), sample(random, 500, 1, 0.8)); c.Enough {
		t.Errorf("of 19: %+v", c)
	}
}
