package bot

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/go-analyze/charts"

	"onedoor/intake"
)

// The size of a picture in pixels: what a phone shows without scrolling, sharp enough there.
const (
	pictureWidth  = 960
	pictureHeight = 480
	letterSize    = 22
)

// The colours of a digest's picture. Its text names the first with a square, for the picture itself has no words: there
// is no font for Chinese in the program.
var (
	colourInTime = charts.ColorFromHex("#2e9e5b")
	colourOthers = charts.ColorFromHex("#b9c2cc")
)

// drawDays is a PNG of days one after the other: a bar of the requests of each, of which those answered in time stand below in their
// colour. A panic is an error.
func drawDays(days []intake.DigestDay) (png []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("draw days: panic: %v", p)
		}
	}()
	if len(days) == 0 {
		return nil, errors.New("draw days: there are none")
	}
	bars := make([][]float64, 2)
	var labels []string
	most := 0
	for _, d := range days {
		bars[0], bars[1] = append(bars[0], float64(d.InTime)), append(bars[1], float64(d.Requests-d.InTime))
		labels, most = append(labels, d.Day.Format("2")), max(most, d.Requests)
	}
	theme := charts.GetTheme(charts.ThemeLight).WithSeriesColors([]charts.Color{colourInTime, colourOthers})
	letters := charts.FontStyle{FontSize: letterSize}
	chart := charts.NewBarChartOptionWithData(bars)
	chart.Theme, chart.StackSeries = theme, charts.Ptr(true)
	chart.CategoryAxis.Labels, chart.CategoryAxis.LabelFontStyle, chart.CategoryAxis.LabelCount = labels, letters, len(labels)
	chart.ValueAxis[0] = charts.ValueAxisOption{LabelFontStyle: letters, LabelCount: steps + 1, Min: charts.Ptr(0.0), Max: charts.Ptr(float64(steps * stepTo(most)))}
	chart.ValueFormatter = func(value float64) string { return strconv.FormatFloat(value, 'f', 0, 64) }
	picture := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: pictureWidth, Height: pictureHeight, Theme: theme})
	if err := picture.BarChart(chart); err != nil {
		return nil, fmt.Errorf("draw days: %w", err)
	}
	png, err = picture.Bytes()
	if err != nil {
		return nil, fmt.Errorf("draw days: %w", err)
	}
	return png, nil
}

// steps is how many an axis of what can be counted has.
const steps = 4

// stepTo is the smallest round step with which an axis reaches a number: 1, 2 or 5, with noughts.
func stepTo(most int) int {
	for nought := 1; ; nought *= 10 {
		for _, step := range []int{1, 2, 5} {
			if step*nought*steps >= most {
				return step * nought
			}
		}
	}
}
