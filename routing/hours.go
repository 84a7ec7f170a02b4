package routing

import (
	"fmt"
	"slices"
	"time"
)

// Hours are a station's weekly opening hours; ParseHours reads them. The zero value is always open. Where they are On a
// calendar, its days off and its moved working days count too.
type Hours struct {
	week     [7][]span // by time.Weekday, the earliest first
	holiday  []span    // on days off; none: closed
	given    bool
	calendar *Calendar
}

// span is a time of day in minutes from midnight; it ends within 24 hours of its beginning, maybe after midnight.
type span struct{ from, to int }

const (
	wholeDay  = 24 * 60 // minutes
	lookAhead = 60      // days within which hours open again, if ever
)

// On are the same hours with a work calendar.
func (h Hours) On(c *Calendar) Hours {
	h.calendar = c
	return h
}

// Key is the same for hours that open at the same times on the same calendar.
func (h Hours) Key() string {
	return fmt.Sprintf("%v %v %v %p", h.week, h.holiday, h.given, h.calendar)
}

// spans are when a station with these hours opens on a date. On a day off that is what they say of public holidays (PH),
// and a weekend's day on which people work instead has the hours of the working day next to it: a Saturday Friday's, a
// Sunday Monday's.
func (h Hours) spans(date time.Time) []span {
	day := date.Weekday()
	switch h.calendar.kind(date) {
	case dayOff:
		return h.holiday
	case dayWork:
		switch day {
		case time.Saturday:
			day = time.Friday
		case time.Sunday:
			day = time.Monday
		}
	}
	return h.week[day]
}

// Open tells whether a station with these hours is open at t, which must be in the station's time zone.
func (h Hours) Open(t time.Time) bool {
	if !h.given {
		return true
	}
	minute := t.Hour()*60 + t.Minute()
	inside := func(minute int) func(span) bool {
		return func(s span) bool { return minute >= s.from && minute < s.to }
	}
	return slices.ContainsFunc(h.spans(t), inside(minute)) ||
		slices.ContainsFunc(h.spans(t.AddDate(0, 0, -1)), inside(minute+wholeDay)) // since yesterday
}

// Next is the next moment from t on at which the station is open: t itself when it is. It is false for hours
// that never are, or not within two months.
func (h Hours) Next(t time.Time) (time.Time, bool) {
	if h.Open(t) {
		return t, true
	}
	for days := range lookAhead {
		date := t.AddDate(0, 0, days)
		for _, s := range h.spans(date) {
			if at := moment(date, s.from); at.After(t) {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// Until is when a station that is open at t closes. It is false for one that is closed at t, or doesn't close within two
// months.
func (h Hours) Until(t time.Time) (time.Time, bool) {
	if !h.given || !h.Open(t) {
		return time.Time{}, false
	}
	for days := -1; days < lookAhead; days++ {
		date := t.AddDate(0, 0, days)
		for _, s := range h.spans(date) {
			if at := moment(date, s.to); at.After(t) && !h.Open(at) {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// moment is so many minutes after the midnight with which a date begins.
func moment(date time.Time, minutes int) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), 0, minutes, 0, 0, date.Location())
}

// Since is when the hours that a station is open in at t began, as they are written: a break of no minutes parts them. Of
// one that is closed, or always open, it is the beginning of the day.
func (h Hours) Since(t time.Time) time.Time {
	since := moment(t, 0)
	for days := -1; days <= 0; days++ {
		date := t.AddDate(0, 0, days)
		for _, s := range h.spans(date) {
			if from := moment(date, s.from); !from.After(t) && moment(date, s.to).After(t) {
				since = from
			}
		}
	}
	return since
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
	first := moment(from, 0).AddDate(0, 0, -1) // what was opened yesterday may last till today
	var until time.Time                        // spans may overlap
	for date := first; date.Before(to); date = date.AddDate(0, 0, 1) {
		for _, s := range h.spans(date) {
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
	at := moment(date, minutes)
	switch {
	case at.Before(from):
		return from
	case at.After(to):
		return to
	}
	return at
}
