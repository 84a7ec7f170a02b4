package admin

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

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
	if sent, err := writeSheet(w, r, p.Asked.named("staffing"), p.rows); sent {
		return err
	}
	return a.render(w, "staffing", http.StatusOK, p)
}

func (a *Admin) staffingPage(r *http.Request) (*staffingPage, error) {
	q, err := a.timesQuery(r)
	if err != nil {
		return nil, err
	}
	q.Category, q.Urgency, q.Setting, q.Worker, q.Hours = "", "", "", "", ""
	p := &staffingPage{timesPage: timesPage{page: a.page(r, "staffing"), Asked: q}}
	p.Stations, err = a.Intake.Staffing(r.Context(), q.scope)
	return p, err
}

// staffRows is how many stations the page has at most, the worst off: so it weighs 100 kB at most. The sheet has all.
const staffRows = 50

// Worst are the stations that the page has.
func (p *staffingPage) Worst() []intake.Staffing { return p.Stations[:min(len(p.Stations), staffRows)] }

// Cut is how many they are, where others are left out.
func (p *staffingPage) Cut() int {
	if len(p.Stations) <= staffRows {
		return 0
	}
	return staffRows
}

// moreOrLess are the changes of staff that a sheet has; the page's table has those by one.
func moreOrLess() []int { return []int{-1, 0, 1, 2} }

// staffShare is a cell of the table.
type staffShare struct {
	Now   bool   // it is reckoned with the workers that there are
	Head  string // how many workers more or less, or that it is what was
	Label string // the same with what it is of, where the table's head isn't seen
	Share string

	Behind string // where the requests of a share that was are listed; empty: of one that is reckoned
}

// Shares are those of all requests and of emergencies, the cells of a station's row: what was, and what is reckoned.
func (p *staffingPage) Shares(s intake.Staffing) (all []staffShare) {
	for _, of := range []struct {
		name   string
		inFact *float64
		share  func(workers int) float64
		pairs  []string // what narrows the list of them
	}{{p.T("staffing_all"), s.InFact, s.Within, nil}, {p.T("staffing_emergencies"), s.EmergenciesInFact, s.Emergencies, []string{"urgency", "emergency"}}} {
		inFact := staffShare{Head: p.T("staffing_in_fact"), Label: of.name + " · " + p.T("staffing_in_fact"), Share: p.Share(of.inFact)}
		if of.inFact != nil {
			inFact.Behind = p.behind(s, "due", of.pairs...)
		}
		all = append(all, inFact)
		for _, more := range moreOrLess()[:3] {
			text := "–" // nobody would be left
			if workers := s.Workers + more; workers > 0 {
				text = estimate(of.share(workers))
			}
			all = append(all, staffShare{Now: more == 0, Head: p.Signed(more), Label: of.name + " · " + p.Signed(more), Share: text})
		}
	}
	return all
}

// BehindArrivals is where all that arrived at a station is listed.
func (p *staffingPage) BehindArrivals(s intake.Staffing) string { return p.behind(s, "all") }

// behind is where the requests of a station are listed that a part of its time to claim counts.
func (p *staffingPage) behind(s intake.Staffing, part string, pairs ...string) string {
	return p.Asked.At("/admin/times/requests", append([]string{"station", s.Station, "clock", "claim", "part", part}, pairs...)...)
}

// Heads are the heads of these cells.
func (p *staffingPage) Heads() []staffShare { return p.Shares(p.Stations[0]) }

// Half is how many of them are of all requests.
func (p *staffingPage) Half() int { return len(p.Heads()) / 2 }

// Signed is a number with its sign, but 0 without.
func (p *staffingPage) Signed(n int) string {
	switch {
	case n == 0:
		return p.T("as_now")
	case n < 0:
		return "−" + strconv.Itoa(-n)
	}
	return "+" + strconv.Itoa(n)
}

// estimate is a share that is reckoned, in per cent: such a one never says that all or that none will be.
func estimate(share float64) string {
	switch percent := fmt.Sprintf("%.0f %%", share*100); {
	case percent == "100 %":
		return "> 99 %"
	case percent == "0 %" && share > 0:
		return "< 1 %"
	default:
		return percent
	}
}

// Needed is how many workers would be enough.
func (p *staffingPage) Needed(s intake.Staffing) int { return s.Needed(intake.EnoughInTime) }

// Enough is the share in time that is.
func (p *staffingPage) Enough() string {
	return strings.ReplaceAll(p.Percent(intake.EnoughInTime), " ", "\u00a0")
}

// EmergencyLimit is the service standard of emergencies, where that is the same at all stations; else it is empty.
func (p *staffingPage) EmergencyLimit() string {
	limit := p.Stations[0].EmergencyLimit()
	for _, s := range p.Stations {
		if s.EmergencyLimit() != limit {
			return ""
		}
	}
	return p.Time(limit.Seconds())
}

// Hourly is how many requests arrive in an hour.
func (p *staffingPage) Hourly(s intake.Staffing) string {
	return strconv.FormatFloat(s.Arrivals(), 'f', 2, 64)
}

// Time is a length of time in words.
func (p *timesPage) Time(seconds float64) string { return p.Length(&seconds) }

// rows is the table as a spreadsheet reads it.
func (p *staffingPage) rows() [][]string {
	header := []string{"station", "name", "arrivals_per_hour", "handling_s", "emergency_standard_s", "workers", "workers_needed"}
	for _, of := range []string{"within", "emergency_within"} {
		header = append(header, of+"_in_fact")
		for _, more := range moreOrLess() {
			header = append(header, fmt.Sprintf("%s_%+d", of, more))
		}
	}
	rows := [][]string{header}
	for _, s := range p.Stations {
		row := []string{s.Station, p.StationName(s.Station), p.Hourly(s), strconv.Itoa(int(s.Handling.Seconds())), strconv.Itoa(int(s.EmergencyLimit().Seconds())), strconv.Itoa(s.Workers), strconv.Itoa(p.Needed(s))}
		row = append(row, sheetShares(s.InFact, s.Within, s.Workers)...)
		rows = append(rows, append(row, sheetShares(s.EmergenciesInFact, s.Emergencies, s.Workers)...))
	}
	return rows
}

// sheetShares are the share that was and those that are reckoned, around so many workers; what isn't known is empty.
func sheetShares(inFact *float64, share func(workers int) float64, workers int) []string {
	row := []string{""}
	if inFact != nil {
		row[0] = strconv.FormatFloat(*inFact, 'f', 3, 64)
	}
	for _, more := range moreOrLess() {
		row = append(row, strconv.FormatFloat(share(workers+more), 'f', 3, 64))
	}
	return row
}

// drawStaffing draws the shares in time, of all requests and of emergencies, over the number of workers of the one station that is asked for.
func (p *timesPage) drawStaffing(r *http.Request, picture *charts.Painter) error {
	all, err := p.Intake.Staffing(r.Context(), p.Asked.scope)
	if err != nil {
		return err
	}
	if len(all) != 1 {
		return intake.ErrNotFound
	}
	shares := make([][]float64, 2)
	var labels []string
	for n := 1; n <= max(2*all[0].Workers, minCurve); n++ {
		shares[0], shares[1] = append(shares[0], 100*all[0].Within(n)), append(shares[1], 100*all[0].Emergencies(n))
		labels = append(labels, strconv.Itoa(n))
	}
	chart := charts.NewLineChartOptionWithData(shares)
	chart.Theme = nil // the painter\'s
	chart.XAxis.Labels, chart.XAxis.LabelCount = thinned(labels, picture.Width()/shortLabel), len(labels)
	chart.Legend.SeriesNames = []string{roomy(p.T("staffing_all")), roomy(p.T("staffing_emergencies"))}
	chart.YAxis = []charts.YAxisOption{scale([]float64{100})}
	chart.YAxis[0].Title = "%"
	if err := picture.LineChart(chart); err != nil {
		return fmt.Errorf("draw what staff would change: %w", err)
	}
	return nil
}

// minCurve is up to how many workers a curve goes at least.
const minCurve = 8
