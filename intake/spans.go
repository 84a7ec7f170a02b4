package intake

import (
	"slices"
	"time"
)

// A period is a day, month or year of figures that are kept.
type period struct {
	grain  string
	starts time.Time
}

// end is when the next one begins.
func (p period) end() time.Time {
	switch p.grain {
	case grainDay:
		return p.starts.AddDate(0, 0, 1)
	case grainMonth:
		return p.starts.AddDate(0, 1, 0)
	}
	return p.starts.AddDate(1, 0, 0)
}

// begins tells whether a day is the first of such a period.
func begins(grain string, day time.Time) bool {
	return grain == grainDay || day.Day() == 1 && (grain == grainMonth || day.Month() == time.January)
}

// spans are the fewest periods of the grains given, the longest first, that lie in [from, to) without a gap, from the first to the last
// that there is room for. It is empty where there is none.
func spans(from, to time.Time, grains []string) (all []period) {
	if len(grains) == 0 {
		return nil
	}
	at := from.In(China)
	if midnight := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, China); midnight.Before(at) {
		at = midnight.AddDate(0, 0, 1)
	} else {
		at = midnight
	}
	shortest := grains[len(grains)-1]
	for !begins(shortest, at) {
		at = at.AddDate(0, 0, 1)
	}
	for {
		i := slices.IndexFunc(grains, func(grain string) bool { return begins(grain, at) && !(period{grain, at}).end().After(to) })
		if i < 0 {
			return all
		}
		all = append(all, period{grains[i], at})
		at = all[len(all)-1].end()
	}
}
