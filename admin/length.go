package admin

import (
	"math"
	"strconv"
)

// A lengthUnit is one in which figures give a length of time.
type lengthUnit struct {
	key string  // of its name
	is  float64 // seconds
}

// unitOf is the unit in which a length in seconds is given. What would be written as 60 minutes or 48 hours is an hour and two days.
func unitOf(seconds float64) lengthUnit {
	const minute, hour, day = 60, 60 * 60, 24 * 60 * 60
	switch {
	case seconds < 59.5*minute:
		return lengthUnit{key: "in_minutes", is: minute}
	case seconds < 47.5*hour:
		return lengthUnit{key: "in_hours", is: hour}
	}
	return lengthUnit{key: "in_days", is: day}
}

// count is how many of the unit a length in seconds is: below ten with one decimal, where that isn't nought.
func (u lengthUnit) count(seconds float64) string {
	n := seconds / u.is
	if n < 10 {
		return strconv.FormatFloat(math.Round(n*10)/10, 'f', -1, 64)
	}
	return strconv.FormatFloat(n, 'f', 0, 64)
}

// Length is a length of time in seconds as all figures give it, in tables, sentences and charts: in minutes, from an hour on in hours, from
// two days on in days, and below ten of them with one decimal. What isn't known is a dash.
func (p page) Length(seconds *float64) string {
	if seconds == nil {
		return "–"
	}
	unit := unitOf(*seconds)
	return unit.count(*seconds) + " " + p.T(unit.key)
}
