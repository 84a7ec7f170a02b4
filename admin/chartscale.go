package admin

import (
	"math"
	"strconv"

	"github.com/go-analyze/charts"
)

// maxSteps is how many an axis of values has at most.
const maxSteps = 5

// scale is an axis from nothing to a round number that none of the values is above, in round steps.
func scale(values []float64) charts.ValueAxisOption {
	most := 1.0
	for _, v := range values {
		if v != charts.GetNullValue() {
			most = max(most, v)
		}
	}
	step := roundStep(most)
	steps := math.Ceil(most / step)
	return charts.ValueAxisOption{Min: charts.Ptr(0.0), Max: charts.Ptr(steps * step), LabelCount: int(steps) + 1, ValueFormatter: wholes}
}

// roundStep is the smallest of 1, 2 and 5, with noughts, of which no more than maxSteps reach a number.
func roundStep(most float64) float64 {
	for nought := 1.0; ; nought *= 10 {
		for _, step := range []float64{1, 2, 5} {
			if maxSteps*step*nought >= most {
				return step * nought
			}
		}
	}
}

// wholes label an axis of what can be counted.
func wholes(value float64) string {
	if value != math.Trunc(value) {
		return ""
	}
	return strconv.Itoa(int(value))
}

// How much of a picture's width a label takes, with room beside it: a day, and a length of time.
const (
	shortLabel = 75
	longLabel  = 110
)

// thinned are labels of which so many are left that none runs into another; in between there are none.
func thinned(labels []string, most int) []string {
	every := (len(labels) + most - 1) / max(most, 1)
	kept := make([]string, len(labels))
	for i := 0; i < len(labels); i += max(every, 1) {
		kept[i] = labels[i]
	}
	return kept
}
