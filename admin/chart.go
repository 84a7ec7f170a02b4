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
func (p *timesPage) Chart(name, alt string) drawnChart {
	return drawnChart{name, p.T(alt, "Clock", p.Drawn()), p.Asked}
}

// Source is the address of its picture.
func (c drawnChart) Source(pairs ...string) string {
	return "/admin/times/" + c.name + ".svg?" + c.asked.With(pairs...)
}

// chartTheme has the colours of a light page and no ground of its own: static/admin.css turns them where a dark one is on the screen. So
// a page is printed with the picture that it has, in light colours. Its lines are told apart whatever colours somebody sees.
func chartTheme() charts.ColorPalette {
	return charts.GetTheme(charts.ThemeLight).WithBackgroundColor(charts.ColorTransparent).WithAxisSplitLineColor(charts.Color{R: 0xc4, G: 0xcb, B: 0xc7, A: 0xff}).
		WithSeriesColors([]charts.Color{{R: 0x1f, G: 0x5f, B: 0xa8, A: 0xff}, {R: 0xa1, G: 0x5c, A: 0xff}})
}

// chartOf answers a chart of response times as a picture: its page has the same figures as a table.
func (a *Admin) chartOf(w http.ResponseWriter, r *http.Request) error {
	q, err := a.timesQuery(r)
	if err != nil {
		return err
	}
	p := &timesPage{page: a.page(r, "times"), Asked: q}
	width := chartWidth
	if r.FormValue("narrow") != "" {
		width = narrowChart
	}
	picture := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: width, Height: chartHeight, Theme: chartTheme()})
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

// drawTrend draws the median and the 90th percentile of a clock over the days, in the unit of the longest.
func (p *timesPage) drawTrend(r *http.Request, picture *charts.Painter) error {
	figures, err := p.Intake.Report(r.Context(), p.Asked.scope, p.Asked.TrendBy())
	if err != nil {
		return err
	}
	lines, most := make([][]*float64, 2), 0.0
	var labels []string
	for _, f := range figures {
		labels = append(labels, shortDay(f.Group))
		for i, length := range p.drawnTimes(f) {
			lines[i] = append(lines[i], length)
			if length != nil {
				most = max(most, *length)
			}
		}
	}
	unit := unitOf(most)
	counts := [][]float64{unit.all(lines[0]), unit.all(lines[1])}
	chart := charts.NewLineChartOptionWithData(counts)
	chart.Theme = nil // the painter\'s
	chart.XAxis.Labels, chart.XAxis.LabelCount = thinned(labels, picture.Width()/shortLabel), len(labels)
	chart.Legend.SeriesNames = []string{roomy(p.T("median")), roomy(p.T("p90"))}
	chart.YAxis = []charts.YAxisOption{scale(slices.Concat(counts...))}
	chart.YAxis[0].Title = roomy(p.T(unit.key))
	if len(labels) == 0 {
		return nil
	}
	if err := picture.LineChart(chart); err != nil {
		return fmt.Errorf("draw a trend: %w", err)
	}
	return nil
}

// all are lengths in seconds in the unit; what isn't known leaves a gap.
func (u lengthUnit) all(seconds []*float64) []float64 {
	counts := make([]float64, len(seconds))
	for i, length := range seconds {
		if counts[i] = charts.GetNullValue(); length != nil {
			counts[i] = *length / u.is
		}
	}
	return counts
}

// shortDay is a day, week or month as a report calls it, without the year and the century where it is a day.
func shortDay(group string) string {
	if day, err := time.Parse(time.DateOnly, group); err == nil {
		return day.Format("01-02")
	}
	return group
}

// drawSpread draws how the times of a clock spread, as residents wait.
func (p *timesPage) drawSpread(r *http.Request, picture *charts.Painter) error {
	classes, err := p.Intake.Spread(r.Context(), p.Asked.scope, p.Asked.Drawn)
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
	if limit == 0 {
		return roomy(p.T("longer"))
	}
	seconds := limit.Seconds()
	return roomy("≤ " + p.Length(&seconds))
}
