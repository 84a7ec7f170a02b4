package admin

import (
	"strconv"

	"onedoor/intake"
)

// drawnClocks are the clocks of which charts can be asked for: each has a scale of its own, from minutes to weeks.
func drawnClocks() []string { return []string{"claim", "answer", "resolve"} }

// defaultDrawn is the one that is drawn when none is asked for.
const defaultDrawn = "answer"

// drawnClock is a clock of which the page's charts can be.
type drawnClock struct {
	Name, Link string
	Here       bool
}

// DrawnClocks are the clocks to choose from above the charts. All that is asked for besides stays.
func (p *timesPage) DrawnClocks() (all []drawnClock) {
	for _, clock := range drawnClocks() {
		q := p.Asked
		q.Drawn = clock
		link := q.At("/admin/times")
		if p.Shown.Page > 1 {
			link = q.At("/admin/times", "page", strconv.Itoa(p.Shown.Page))
		}
		all = append(all, drawnClock{p.drawn(clock), link + "#charts", clock == p.Asked.Drawn})
	}
	return all
}

// drawn is what a clock is called.
func (p *timesPage) drawn(clock string) string { return p.T("time_to_" + clock) }

// Drawn is what the clock of the charts is called.
func (p *timesPage) Drawn() string { return p.drawn(p.Asked.Drawn) }

// drawnTimes are the median and the 90th percentile of the clock that is drawn, in the hours that are asked for.
func (p *timesPage) drawnTimes(f intake.Figures) [2]*float64 {
	c := map[string]intake.Clock{"claim": f.Claim, "answer": f.Answer, "resolve": f.Resolve}[p.Asked.Drawn]
	if p.Asked.Open() {
		return [2]*float64{c.OpenMedian, c.OpenP90}
	}
	return [2]*float64{c.Median, c.P90}
}
