package admin

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/go-analyze/charts"

	"onedoor/intake"
)

// The size of a chart, in CSS pixels; a page shrinks it to its width. On a phone it is drawn narrower, to stay readable.
const (
	chartWidth  = 760
	narrowChart = 360
	chartHeight = 300
)

// drawnChart is a chart as a page shows it.
type drawnChart struct {
	name, Alt string
	asked     timesQuery
}

// Chart is the one of this name, with the key of what stands for it where it can't be seen.
func (p *timesPage) Chart(name, alt string) drawnChart { return drawnChart{name, p.T(alt), p.Asked} }

// Source is the address of its picture.
func (c drawnChart) Source(pairs ...string) string {
	return "/admin/times/" + c.name + ".svg?" + c.asked.With(pairs...)
}

// chartOf answers a chart of response times as a picture: its page has the same figures as a table.
func (a *Admin) chartOf(w http.ResponseWriter, r *http.Request) error {
	q, err := a.timesQuery(r)
	if err != nil {
		return err
	}
	p := &timesPage{page: a.page(r, "times"), Asked: q}
	theme := charts.GetTheme(charts.ThemeLight)
	if r.FormValue("theme") == "dark" {
		theme = charts.GetTheme(charts.ThemeDark)
	}
	width := chartWidth
	if r.FormValue("narrow") != "" {
		width = narrowChart
	}
	picture := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: width, Height: chartHeight, Theme: theme})
	switch r.PathValue("chart") {
	case "trend.svg":
		err = p.drawTrend(r, picture)
	case "spread.svg":
		err = p.drawSpread(r, picture)
	case "staffing.svg":
		err = p.drawStaffing(r, picture)
	default:
		err = intake.ErrNotFound
	}
	if err != nil {
		return err
	}
	content, err := picture.Bytes()
	if err != nil {
		return fmt.Errorf("draw a chart: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'") // the picture's own, in which nothing runs
	_, _ = w.Write(p.lettered(content))                                               // who no longer listens has left
	return nil
}

// TrendBy is the step of a trend that shows neither too few nor too many points.
func (q timesQuery) TrendBy() string {
	switch days := q.scope.To.Sub(q.scope.From).Hours() / 24; {
	case days <= 45:
		return "day"
	case days <= 300:
		return "week"
	}
	return "month"
}

// drawTrend draws the median time to the first answer and to the claim over the days, in minutes.
func (p *timesPage) drawTrend(r *http.Request, picture *charts.Painter) error {
	figures, err := p.Intake.Report(r.Context(), p.Asked.scope, p.Asked.TrendBy())
	if err != nil {
		return err
	}
	lines := make([][]float64, 2)
	var labels []string
	for _, f := range figures {
		labels = append(labels, shortDay(f.Group))
		for i, c := range []intake.Clock{f.Claim, f.Answer} {
			median := c.Median
			if p.Asked.Open() {
				median = c.OpenMedian
			}
			lines[i] = append(lines[i], minutes(median))
		}
	}
	chart := charts.NewLineChartOptionWithData(lines)
	chart.Theme = nil // the painter\'s
	chart.XAxis.Labels, chart.XAxis.LabelCount = thinned(labels, picture.Width()/shortLabel), len(labels)
	chart.Legend.SeriesNames = []string{roomy(p.T("time_to_claim")), roomy(p.T("time_to_answer"))}
	chart.YAxis = []charts.YAxisOption{scale(slices.Concat(lines...))}
	chart.YAxis[0].Title = roomy(p.T("in_minutes"))
	if len(labels) == 0 {
		return nil
	}
	if err := picture.LineChart(chart); err != nil {
		return fmt.Errorf("draw a trend: %w", err)
	}
	return nil
}

// minutes are those of a length in seconds; what isn't known leaves a gap.
func minutes(seconds *float64) float64 {
	if seconds == nil {
		return charts.GetNullValue()
	}
	return *seconds / time.Minute.Seconds()
}

// shortDay is a day, week or month as a report calls it, without the year and the century where it is a day.
func shortDay(group string) string {
	if day, err := time.Parse(time.DateOnly, group); err == nil {
		return day.Format("01-02")
	}
	return group
}

// drawSpread draws how the times to the first answer spread.
func (p *timesPage) drawSpread(r *http.Request, picture *charts.Painter) error {
	classes, err := p.Intake.Spread(r.Context(), p.Asked.scope, "answer")
	if err != nil {
		return err
	}
	var counts []float64
	var labels []string
	for _, c := range classes {
		counts, labels = append(counts, float64(c.Count)), append(labels, p.upTo(c.UpTo))
	}
	chart := charts.NewBarChartOptionWithData([][]float64{counts})
	chart.Theme = nil // the painter\'s
	chart.CategoryAxis.Labels, chart.CategoryAxis.LabelCount = thinned(labels, picture.Width()/longLabel), len(labels)
	chart.Legend.SeriesNames = []string{roomy(p.T("requests"))}
	chart.ValueAxis[0], chart.ValueFormatter = scale(counts), wholes
	if err := picture.BarChart(chart); err != nil {
		return fmt.Errorf("draw how times spread: %w", err)
	}
	return nil
}

// upTo is a class of times in a few letters.
func (p *timesPage) upTo(limit time.Duration) string {
	switch {
	case limit == 0:
		return roomy(p.T("longer"))
	case limit < time.Hour:
		return roomy(p.T("up_to_minutes", "Count", int(limit.Minutes())))
	case limit < 24*time.Hour:
		return roomy(p.T("up_to_hours", "Count", int(limit.Hours())))
	}
	return roomy(p.T("up_to_days", "Count", int(limit.Hours()/24)))
}
