package intake

import "math"

// z95 is how many standard deviations from the middle 95 % of a normal distribution are.
const z95 = 1.959963984540054

// An Interval is where something lies with a confidence of 95 %.
type Interval struct{ Low, High float64 }

// BeyondChance tells whether a difference that lies there is more than chance makes.
func (i Interval) BeyondChance() bool { return i.Low > 0 || i.High < 0 }

// wilson is where the share lies of which part of all is a sample (Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953).
func wilson(part, all int) Interval {
	n, p := float64(all), float64(part)/float64(all)
	middle, half := p+z95*z95/(2*n), z95*math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	whole := 1 + z95*z95/n
	return Interval{max(0, (middle-half)/whole), min(1, (middle+half)/whole)}
}

// median is the middle of so many times, and where the median of all such times lies whatever their distribution: between the
// times whose ranks a binomial distribution of one half keeps (David, Nagaraja: Order Statistics, 7.1).
func (t *times) median() (middle float64, in Interval) {
	middle = *t.percentile(0.5) // and the few are in order
	n := float64(len(t.few) + t.n)
	half := z95*math.Sqrt(n)/2 + 0.5
	low, high := math.Floor(n/2-half), math.Ceil(n/2+half)
	return middle, Interval{t.nth(int(max(0, low))), t.nth(int(min(n-1, high)))}
}

// difference is where a-b lies, of which each lies in an interval of its own: for shares Newcombe's hybrid score interval
// (1998, https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, his method 10), for all else the same after
// Zou and Donner (2008, https://doi.org/10.1002/sim.3095).
func difference(a float64, inA Interval, b float64, inB Interval) Interval {
	return Interval{a - b - math.Hypot(a-inA.Low, inB.High-b), a - b + math.Hypot(inA.High-a, b-inB.Low)}
}
