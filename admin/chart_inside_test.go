package admin

import (
	"slices"
	"testing"

	"github.com/go-analyze/charts"
)

// TestScaleIsRound: an axis ends at a round number, a little above what is there, and has few and round steps.
func TestScaleIsRound(t *testing.T) {
	t.Parallel()
	for most, want := range map[float64][2]float64{0: {1, 2}, 0.3: {1, 2}, 3: {3, 4}, 5: {5, 6}, 6: {6, 4}, 100: {100, 6}, 172: {200, 5}, 1009: {1500, 4}, 5001: {6000, 4}} {
		axis := scale([]float64{charts.GetNullValue(), 0, most})
		if *axis.Min != 0 || *axis.Max != want[0] || axis.LabelCount != int(want[1]) {
			t.Errorf("of %v the axis ends at %v with %d labels, want %v", most, *axis.Max, axis.LabelCount, want)
		}
	}
}

// TestLabelsAreThinned: no more than have room are left, evenly, from the first on.
func TestLabelsAreThinned(t *testing.T) {
	t.Parallel()
	all := []string{"a", "b", "c", "d", "e", "f", "g"}
	for most, want := range map[int][]string{9: all, 7: all, 4: {"a", "", "c", "", "e", "", "g"}, 3: {"a", "", "", "d", "", "", "g"}, 1: {"a", "", "", "", "", "", ""}} {
		if got := thinned(all, most); !slices.Equal(got, want) {
			t.Errorf("of seven with room for %d are left %q", most, got)
		}
	}
}

// TestChineseHasRoom: a picture keeps as much room for Chinese characters as they take, so that what follows isn't drawn over them.
func TestChineseHasRoom(t *testing.T) {
	t.Parallel()
	picture := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: 100, Height: 100})
	const size = 100
	for text, chinese := range map[string]int{"首次回复用时": 6, "更久": 2, "min": 0} {
		room := picture.MeasureText(roomy(text), 0, charts.FontStyle{FontSize: size}).Width()
		em := picture.MeasureText("—", 0, charts.FontStyle{FontSize: size}).Height()
		if room < chinese*em || room > (chinese+2)*em {
			t.Errorf("%q has room of %d, of characters that are %d wide", text, room, em)
		}
	}
}
