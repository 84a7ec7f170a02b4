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

// During is how much of the time from one moment to another a station with these hours is open. Both must be in the
// station's time zone; it is 0 where the second isn't after the first.
func (h Hours) During(from, to time.Time) time.Duration {
	if !to.After(from) {
		return 0
	}
	if !h.given {
		return to.Sub(from)
	}
	var open time.Duration
	first := time.Date(from.Year(), from.Month(), from.Day()-1, 0, 0, 0, 0, from.Location()) // what was opened yesterday may last till today
	var until time.Time                                                                      // spans may overlap
	for date := first; date.Before(to); date = date.AddDate(0, 0, 1) {
		for _, s := range h.week[date.Weekday()] {
			begin, end := clamp(date, s.from, from, to), clamp(date, s.to, from, to)
			if begin.Before(until) {
				begin = until
			}
			if end.After(begin) {
				open, until = open+end.Sub(begin), end
			}
		}
	}
	return open
}

// clamp is the moment at so many minutes from a date's midnight, within the bounds given.
func clamp(date time.Time, minutes int, from, to time.Time) time.Time {
	at := time.Date(date.Year(), date.Month(), date.Day(), 0, minutes, 0, 0, date.Location())
	switch {
	case at.Before(from):
		return from
	case at.After(to):
		return to
	}
	return at
}
