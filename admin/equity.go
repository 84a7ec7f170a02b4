package admin

import (
	"math"
	"net/http"
	"strconv"

	"onedoor/intake"
)

// equityPage sets the country beside the town under the same service standards.
type equityPage struct {
	timesPage
	Equity intake.Equity
}

func (a *Admin) equity(w http.ResponseWriter, r *http.Request) error {
	q, err := a.timesQuery(r)
	if err != nil {
		return err
	}
	q.Setting = ""
	p := &equityPage{timesPage: timesPage{page: a.page(r, "equity"), Asked: q}}
	if p.Equity, err = a.Intake.Equity(r.Context(), q.scope); err != nil {
		return err
	}
	if sent, err := writeSheet(w, r, q.named("town-and-country"), p.rows); sent {
		return err
	}
	return a.render(w, "equity", http.StatusOK, p)
}

// Median is that of the hours which are asked for.
func (p *equityPage) Median(c intake.ClockEquity) intake.Comparison {
	if p.Asked.Open() {
		return c.OpenMedian
	}
	return c.Median
}

// BehindSide is where the requests of one side (a setting) are listed that count for a clock.
func (p *equityPage) BehindSide(clock, setting string) string {
	return p.Asked.At("/admin/times/requests", "setting", setting, "clock", clock, "part", "due")
}

// Part is a share in per cent.
func (p *equityPage) Part(share float64) string { return p.Share(&share) }

// Points are hundredths of a share, with the sign of a difference.
func (p *equityPage) Points(share float64) string { return p.T("points", "Points", p.Signed(share)) }

// Signed are they without the word.
func (p *equityPage) Signed(share float64) string { return signed(share * 100) }

// signed is a number of one decimal with its sign.
func signed(n float64) string {
	if n = math.Round(n*10) / 10; n == 0 {
		return "0"
	}
	sign := "+"
	if n < 0 {
		sign = "−"
	}
	return sign + strconv.FormatFloat(math.Abs(n), 'f', 1, 64)
}

// More is a difference of times with its sign.
func (p *equityPage) More(seconds float64) string {
	size := p.Time(math.Abs(seconds))
	switch {
	case size == p.Time(0):
		return "0"
	case seconds < 0:
		return "−" + size
	}
	return "+" + size
}

// Verdict says in a sentence whether it is sure that the country fares otherwise than the town, by the share in time as well as by the
// median: who is in time with all and three hours later than the neighbour doesn't fare the same.
func (p *equityPage) Verdict(c intake.ClockEquity) string {
	within, median := c.Within, p.Median(c)
	worse := within.In.High < 0 || median.In.Low > 0
	better := within.In.Low > 0 || median.In.High < 0
	switch {
	case !c.Enough:
		return p.T("equity_few", "Rural", c.Rural, "Urban", c.Urban)
	case worse && better:
		return p.T("equity_both")
	case worse:
		return p.T("equity_worse")
	case better:
		return p.T("equity_better")
	}
	return p.T("equity_chance")
}

// InTime sets the shares in time side by side, and says what is sure of them.
func (p *equityPage) InTime(c intake.ClockEquity) string {
	w := c.Within
	size := p.T("points", "Points", strconv.FormatFloat(math.Abs(w.Difference*100), 'f', 1, 64))
	return p.T("equity_in_time", "Rural", p.Part(w.Rural), "Urban", p.Part(w.Urban),
		"Sure", p.sure("equity_points_", w.In, size, p.Signed(w.In.Low), p.Points(w.In.High)))
}

// Half sets the medians side by side, and says what is sure of them.
func (p *equityPage) Half(c intake.ClockEquity) string {
	m := p.Median(c)
	return p.T("equity_half_"+c.Clock, "Rural", p.Time(m.Rural), "Urban", p.Time(m.Urban), "Open", p.Asked.Open(),
		"Sure", p.sure("equity_time_", m.In, p.Time(math.Abs(m.Difference)), p.More(m.In.Low), p.More(m.In.High)))
}

// sure says whether a difference of such a size is more than chance, in which direction, and where it lies.
func (p *equityPage) sure(what string, in intake.Interval, size, low, high string) string {
	switch {
	case !in.BeyondChance():
		return p.T("equity_unsure", "Low", low, "High", high)
	case in.High < 0:
		what += "less"
	default:
		what += "more"
	}
	return p.T(what, "Size", size, "Low", low, "High", high)
}

// rows are the comparisons as a table with a header.
func (p *equityPage) rows() [][]string {
	rows := [][]string{{"clock", "figure", "rural_count", "urban_count", "rural", "urban", "difference", "low", "high"}}
	for _, c := range p.Equity.Clocks {
		for _, f := range []struct {
			name     string
			of       intake.Comparison
			decimals int
		}{{"within", c.Within, 4}, {"median_s", c.Median, 0}, {"open_median_s", c.OpenMedian, 0}} {
			row := []string{c.Clock, f.name, strconv.Itoa(c.Rural), strconv.Itoa(c.Urban)}
			for _, n := range []float64{f.of.Rural, f.of.Urban, f.of.Difference, f.of.In.Low, f.of.In.High} {
				if text := strconv.FormatFloat(n, 'f', f.decimals, 64); c.Enough {
					row = append(row, text)
				} else {
					row = append(row, "")
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}
