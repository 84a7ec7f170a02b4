package intake

import "context"

// leastCompared is from how many times on, in the country and in town, a comparison says anything.
const leastCompared = 20

// A Comparison sets the country beside the town by one number, a share or seconds.
type Comparison struct {
	Rural, Urban float64
	Difference   float64 // rural less urban
	In           Interval
}

// A ClockEquity is one response time in the country and in town, under the same service standard.
type ClockEquity struct {
	Clock        string // claim, answer or resolve
	Rural, Urban int    // clocks that count for times and shares
	Enough       bool   // to compare them; else the rest is empty
	Within       Comparison
	Median       Comparison // seconds
	OpenMedian   Comparison // seconds of opening hours
}

// Equity is how the country fares beside the town.
type Equity struct {
	Rural, Urban, Unknown int // requests
	Clocks                []ClockEquity
}

// Equity compares the requests of a scope from the country with those from town.
func (s *Service) Equity(ctx context.Context, scope Scope) (Equity, error) {
	scope.Setting = ""
	tallies, err := s.tallies(ctx, scope, "setting")
	if err != nil {
		return Equity{}, err
	}
	rural, urban := of(tallies, "rural"), of(tallies, "urban")
	e := Equity{Rural: rural.requests, Urban: urban.requests, Unknown: of(tallies, "").requests}
	town := urban.clocks()
	for i, country := range rural.clocks() {
		c := compare(country, town[i])
		c.Clock = []string{"claim", "answer", "resolve"}[i]
		e.Clocks = append(e.Clocks, c)
	}
	return e, nil
}

func compare(rural, urban *clockTally) ClockEquity {
	c := ClockEquity{Rural: rural.due, Urban: urban.due, Enough: rural.due >= leastCompared && urban.due >= leastCompared}
	if !c.Enough {
		return c
	}
	c.Within = beside(*share(rural.within, rural.due), wilson(rural.within, rural.due), *share(urban.within, urban.due), wilson(urban.within, urban.due))
	c.Median, c.OpenMedian = medians(&rural.real, &urban.real), medians(&rural.open, &urban.open)
	return c
}

// medians compares the middles of times. By how much histograms may be off is no chance that evens out: of very many requests a bucket
// more would else be a difference.
func medians(rural, urban *times) Comparison {
	a, inA := rural.median()
	b, inB := urban.median()
	c := beside(a, inA, b, inB)
	off := rural.off(a) + urban.off(b)
	c.In.Low, c.In.High = c.In.Low-off, c.In.High+off
	return c
}

func beside(a float64, inA Interval, b float64, inB Interval) Comparison {
	return Comparison{a, b, a - b, difference(a, inA, b, inB)}
}
