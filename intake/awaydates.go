package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// What a worker can choose of when they are away, beside dates.
const (
	AwayToday    = "today"
	AwayTomorrow = "tomorrow"
	AwayWeek     = "week" // seven days, today the first
	AwayOpen     = "open" // until they say
)

// AwayChoices are all of them, in the order in which they are offered.
func AwayChoices() []string { return []string{AwayToday, AwayTomorrow, AwayWeek, AwayOpen} }

// maxAway is how far ahead an absence can begin, and how long it can last.
const maxAway = 366 // days

// datePattern is a date as people write one: 2026-12-01, 12-1, 12/1, 12月1日.
var datePattern = regexp.MustCompile(`(?:([0-9]{4})[-/.年])?([0-9]{1,2})[-/.月]([0-9]{1,2})日?`)

// isDates tells whether a text is one date or two, and nothing else.
func isDates(text string) bool {
	n := len(datePattern.FindAllString(text, -1))
	rest := strings.Trim(datePattern.ReplaceAllString(text, ""), " \t\n-–—~～,，到至")
	return (n == 1 || n == 2) && rest == ""
}

// parseAway reads a choice, or the first and the last day; one date is one day. The times are in now's time zone: today
// begins now, and a day ends at midnight. It is false for what is no date, or too far ahead.
func parseAway(text string, now time.Time) (from time.Time, to *time.Time, ok bool) {
	text = strings.ToLower(clean(text))
	today := midnight(now, 0)
	first, last := today, today
	switch {
	case text == AwayToday:
	case text == AwayTomorrow:
		first, last = midnight(now, 1), midnight(now, 1)
	case text == AwayWeek:
		last = midnight(now, 6)
	case text == AwayOpen:
		return now, nil, true
	case isDates(text):
		dates := datePattern.FindAllStringSubmatch(text, -1)
		if first, ok = dateFrom(dates[0], today); !ok {
			return from, nil, false
		}
		if last, ok = dateFrom(dates[len(dates)-1], first); !ok {
			return from, nil, false
		}
	default:
		return from, nil, false
	}
	if last.Before(first) || first.Before(today) || first.After(midnight(today, maxAway)) || last.After(midnight(first, maxAway)) {
		return from, nil, false
	}
	if first.Equal(today) {
		first = now
	}
	end := midnight(last, 1)
	return first, &end, true
}

// midnight is the one with which the day begins that is so many days after t's.
func midnight(t time.Time, days int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, 0, 0, 0, 0, t.Location())
}

// dateFrom is a written date; without a year it is the next one from a day on, within half a year: what is farther has just
// passed. It is false for one that no calendar has.
func dateFrom(m []string, from time.Time) (time.Time, bool) {
	year, _ := strconv.Atoi(m[1]) // the pattern lets digits only through
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	on := func(year int) (time.Time, bool) {
		date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, from.Location())
		return date, int(date.Month()) == month && date.Day() == day
	}
	if m[1] != "" {
		return on(year)
	}
	if date, ok := on(from.Year()); ok && !date.Before(from) {
		return date, true
	}
	date, ok := on(from.Year() + 1)
	return date, ok && date.Before(from.AddDate(0, 6, 0))
}
