package intake

import (
	"math"
	"slices"
)

// fewTimes is up to how many times are looked at one by one: what is said of few requests is exact. Of more, all are read off
// the histogram: which of them came first makes no difference.
const fewTimes = 200

// times are the times of a clock: few of them as they are, the rest as a histogram.
type times struct {
	few []float64 // seconds
	histogram
}

func (t *times) add(seconds float64) {
	if len(t.few) < fewTimes {
		t.few = append(t.few, seconds)
		return
	}
	t.histogram.add(bucketOf(seconds), 1)
}

// spill puts all times into the histogram.
func (t *times) spill() {
	for _, seconds := range t.few {
		t.histogram.add(bucketOf(seconds), 1)
	}
	t.few = t.few[:0]
}

// merge adds what others have.
func (t *times) merge(o *times) {
	for _, seconds := range o.few {
		t.add(seconds)
	}
	t.histogram.merge(&o.histogram)
}

// percentile is the time that a share of all is no longer than, between two times in proportion as PostgreSQL's percentile_cont; nil
// where there is none. It is off by bucketError at most.
func (t *times) percentile(share float64) *float64 {
	n := len(t.few) + t.n
	if n <= 0 {
		return nil
	}
	if n > fewTimes {
		t.spill()
	}
	slices.Sort(t.few)
	at := share * float64(n-1)
	low, high := t.nth(int(math.Floor(at))), t.nth(int(math.Ceil(at)))
	value := low + (high-low)*(at-math.Floor(at))
	return &value
}

// off is by how much a time that was read off may be off.
func (t *times) off(seconds float64) float64 {
	if t.n == 0 {
		return 0
	}
	return bucketError * seconds
}

// nth is the nth shortest time, from 0; the few are in order.
func (t *times) nth(n int) float64 {
	few, before, values := t.few, 0, bucketTimes()
	for i, count := range t.counts {
		if count == 0 {
			continue
		}
		value := values[t.first+i]
		for len(few) > 0 && few[0] <= value {
			if before == n {
				return few[0]
			}
			few, before = few[1:], before+1
		}
		if before += int(count); before > n {
			return value
		}
	}
	return few[n-before]
}
