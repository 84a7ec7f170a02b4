package admin

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/go-analyze/charts"

	"onedoor/intake"
)

// staffingPage says what one worker more or less would change at each station.
type staffingPage struct {
	timesPage
	Stations []intake.Staffing
}

func (a *Admin) staffing(w http.ResponseWriter, r *http.Request) error {
	p, err := a.staffingPage(r)
	if err != nil {
		return err
	}
	if r.FormValue("format") == "csv" {
		return writeCSV(w, "staffing.csv", p.rows())
	}
	return a.render(w, "staffing", http.StatusOK, p)
}

func (a *Admin) staffingPage(r *http.Request) (*staffingPage, error) {
	q, err := a.timesQuery(r)
	if err != nil {
		return nil, err
	}
	p := &staffingPage{timesPage: timesPage{page: a.page(r, "staffing"), Asked: q}}
	p.Stations, err = a.Intake.Staffing(r.Context(), q.scope)
	return p, err
}

// moreOrLess are the changes of staff that the table shows.
func moreOrLess() []int { return []int{-1, 0, 1, 2} }

// MoreOrLess are the columns of the table.
func (p *staffingPage) MoreOrLess() []int { return moreOrLess() }

// Signed is a number with its sign, but 0 without.
func (p *staffingPage) Signed(n int) string {
	if n == 0 {
		return p.T("as_now")
	}
	return fmt.Sprintf("%+d", n)
}

// With is the share in time with so many workers more; a dash where nobody would be left.
func (p *staffingPage) With(s intake.Staffing, more int) string {
	if s.Workers+more < 1 {
		return "–"
	}
	return p.Percent(s.Within(s.Workers+more, s.Limit))
}

// Hourly is how many requests arrive in an hour.
func (p *staffingPage) Hourly(s intake.Staffing) string {
	return strconv.FormatFloat(s.Arrivals, 'f', 2, 64)
}

// Time is a length of time in words.
func (p *staffingPage) Time(s float64) string { return p.Seconds(&s) }

// rows is the table as a spreadsheet reads it.
func (p *staffingPage) rows() [][]string {
	header := []string{"station", "name", "arrivals_per_hour", "handling_s", "standard_s", "workers"}
	for _, more := range moreOrLess() {
		header = append(header, fmt.Sprintf("within_%+d", more))
	}
	rows := [][]string{header}
	for _, s := range p.Stations {
		row := []string{s.Station, p.StationName(s.Station), p.Hourly(s), strconv.Itoa(int(s.Handling.Seconds())), strconv.Itoa(int(s.Limit.Seconds())), strconv.Itoa(s.Workers)}
		for _, more := range moreOrLess() {
			row = append(row, strconv.FormatFloat(s.Within(s.Workers+more, s.Limit), 'f', 3, 64))
		}
		rows = append(rows, row)
	}
	return rows
}

// drawStaffing draws the share in time over the number of workers, of the one station that is asked for.
func (p *timesPage) drawStaffing(r *http.Request, picture *charts.Painter) error {
	all, err := p.Intake.Staffing(r.Context(), p.Asked.scope)
	if err != nil {
		return err
	}
	if len(all) != 1 {
		return intake.ErrNotFound
	}
	var shares []float64
	var labels []string
	for n := 1; n <= max(2*all[0].Workers, minCurve); n++ {
		shares, labels = append(shares, 100*all[0].Within(n, all[0].Limit)), append(labels, strconv.Itoa(n))
	}
	chart := charts.NewLineChartOptionWithData([][]float64{shares})
	chart.Theme = nil // the painter\'s
	chart.XAxis.Labels, chart.XAxis.LabelCount = thinned(labels, picture.Width()/shortLabel), len(labels)
	chart.Legend.SeriesNames = []string{roomy(p.T("in_time_percent"))}
	chart.YAxis = []charts.YAxisOption{scale([]float64{100})}
	if err := picture.LineChart(chart); err != nil {
		return fmt.Errorf("draw what staff would change: %w", err)
	}
	return nil
}

// minCurve is up to how many workers a curve goes at least.
const minCurve = 8
