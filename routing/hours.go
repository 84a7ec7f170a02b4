package routing

import (
	"slices"
	"time"
)

// Hours are a station's weekly opening hours; ParseHours reads them. The zero value is always open.
type Hours struct {
	week  [7][]span // by time.Weekday, the earliest first
	given bool
}

// span is a time of day in minutes from midnight; it ends within 24 hours of its beginning, maybe after midnight.
type span struct{ from, to int }

const wholeDay = 24 * 60 // minutes

// Open tells whether a station with these hours is open at t, which must be in the station's time zone.
func (h Hours) Open(t time.Time) bool {
	if !h.given {
		return true
	}
	minute, today := t.Hour()*60+t.Minute(), t.Weekday()
	inside := func(minute int) func(span) bool {
		return func(s span) bool { return minute >= s.from && minute < s.to }
	}
	return slices.ContainsFunc(h.week[today], inside(minute)) ||
		slices.ContainsFunc(h.week[(today+6)%7], inside(minute+wholeDay)) // since yesterday
}

// Next is the next moment from t on at which the station is open: t itself when it is. It is false for hours
// that never are.
func (h Hours) Next(t time.Time) (time.Time, bool) {
	if h.Open(t) {
		return t, true
	}
	for days := range 8 {
		date := t.AddDate(0, 0, days)
		for _, s := range h.week[date.Weekday()] {
			at := time.Date(date.Year(), date.Month(), date.Day(), 0, s.from, 0, 0, t.Location())
			if at.After(t) {
				return at, true
			}
		}
	}
	return time.Time{}, false
}
