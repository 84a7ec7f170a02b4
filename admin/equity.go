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
	if r.FormValue("format") == "csv" {
		return writeCSV(w, "town-and-country.csv", p.rows())
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

// Points are hundredths of a share, with the sign of a difference.
func (p *equityPage) Points(share float64) string { return p.T("points", "Points", signed(share*100)) }

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
	size := math.Abs(seconds)
	if size < 1 {
		return "0"
	}
	if seconds < 0 {
		return "−" + p.Seconds(&size)
	}
	return "+" + p.Seconds(&size)
}

// Time is a length of time in words.
func (p *equityPage) Time(seconds float64) string { return p.Seconds(&seconds) }

// Verdict says in a sentence whether the country fares otherwise than the town, by the share in time.
func (p *equityPage) Verdict(c intake.ClockEquity) string {
	in := []any{"Low", signed(c.Within.In.Low * 100), "High", signed(c.Within.In.High * 100), "Points", strconv.FormatFloat(math.Abs(c.Within.Difference*100), 'f', 1, 64)}
	switch {
	case !c.Enough:
		return p.T("equity_few", "Rural", c.Rural, "Urban", c.Urban)
	case !c.Within.In.BeyondChance():
		return p.T("equity_chance", in...)
	case c.Within.Difference < 0:
		return p.T("equity_worse", in...)
	}
	return p.T("equity_better", in...)
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
