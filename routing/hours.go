package routing

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Hours are a station's weekly opening hours, written as OpenStreetMap's opening_hours. Understood is the part
// of it that offices need: rules separated by ";", each with weekdays (Mo-Fr, Sa,Su) and times
// (08:30-12:00,14:30-17:30) or "off", and "24/7". A later rule replaces an earlier one on its days. Rules for
// public holidays (PH) are accepted and without effect. The zero value is always open.
type Hours struct {
	week   [7][]span // by time.Weekday
	always bool
	given  bool
}

// span is a time of day in minutes from midnight, up to 24 h beyond it.
type span struct{ from, to int }

var weekdays = map[string]time.Weekday{"su": time.Sunday, "mo": time.Monday, "tu": time.Tuesday, "we": time.Wednesday,
	"th": time.Thursday, "fr": time.Friday, "sa": time.Saturday}

// ParseHours reads opening hours; empty text means always open. An error says what isn't understood.
func ParseHours(text string) (Hours, error) {
	var h Hours
	for rule := range strings.SplitSeq(text, ";") {
		rule = strings.TrimSpace(rule)
		switch {
		case rule == "":
			continue
		case rule == "24/7":
			h.always = true
		default:
			if err := h.add(rule); err != nil {
				return Hours{}, fmt.Errorf("hours %q: %w", text, err)
			}
		}
		h.given = true
	}
	return h, nil
}

// add reads one rule: days, which may be left out, and times.
func (h *Hours) add(rule string) error {
	days, times, found := strings.Cut(rule, " ")
	if !found {
		if days == "" || days[0] < '0' || days[0] > '9' {
			return fmt.Errorf("%q has no times", rule)
		}
		days, times = "Mo-Su", days
	}
	on, err := parseDays(days)
	if err != nil {
		return err
	}
	spans, err := parseSpans(strings.ReplaceAll(times, " ", ""))
	if err != nil {
		return err
	}
	for _, day := range on {
		h.week[day] = spans
	}
	return nil
}

// parseDays reads "Mo-Fr,Su"; PH names no day of the week.
func parseDays(text string) ([]time.Weekday, error) {
	var on []time.Weekday
	for part := range strings.SplitSeq(strings.ToLower(text), ",") {
		if part == "ph" {
			continue
		}
		first, last, isRange := strings.Cut(part, "-")
		from, okFrom := weekdays[first]
		to, okTo := weekdays[last]
		if !isRange {
			to, okTo = from, true
		}
		if !okFrom || !okTo {
			return nil, fmt.Errorf("%q is not a day or days such as Mo or Mo-Fr", part)
		}
		for day := from; ; day = (day + 1) % 7 {
			on = append(on, day)
			if day == to {
				break
			}
		}
	}
	return on, nil
}

// parseSpans reads "08:30-12:00,14:30-17:30", or "off" as none.
func parseSpans(text string) ([]span, error) {
	if text == "off" || text == "closed" {
		return nil, nil
	}
	var spans []span
	for part := range strings.SplitSeq(text, ",") {
		first, last, found := strings.Cut(part, "-")
		from, errFrom := parseClock(first)
		to, errTo := parseClock(last)
		if !found || errFrom != nil || errTo != nil {
			return nil, fmt.Errorf("%q is not a time such as 08:30-17:30", part)
		}
		if to <= from {
			to += 24 * 60 // past midnight
		}
		spans = append(spans, span{from, to})
	}
	return spans, nil
}

// parseClock reads "08:30" as minutes from midnight, up to "24:00".
func parseClock(text string) (int, error) {
	hour, minute, found := strings.Cut(text, ":")
	h, errHour := strconv.Atoi(hour)
	m, errMinute := strconv.Atoi(minute)
	if !found || errHour != nil || errMinute != nil || h < 0 || m < 0 || m > 59 || h*60+m > 24*60 {
		return 0, fmt.Errorf("%q is not a time of day", text)
	}
	return h*60 + m, nil
}

// Open tells whether a station with these hours is open at t, whose location must be the station's.
func (h Hours) Open(t time.Time) bool {
	if h.always || !h.given {
		return true
	}
	minute := t.Hour()*60 + t.Minute()
	for _, s := range h.week[t.Weekday()] {
		if minute >= s.from && minute < s.to {
			return true
		}
	}
	for _, s := range h.week[(t.Weekday()+6)%7] { // yesterday's, past midnight
		if minute+24*60 < s.to {
			return true
		}
	}
	return false
}

// Next is the next moment from t on at which the station is open: t itself when it is. It is false for hours
// that never are.
func (h Hours) Next(t time.Time) (time.Time, bool) {
	if h.Open(t) {
		return t, true
	}
	for day := range 8 {
		date := t.AddDate(0, 0, day)
		for _, s := range h.week[date.Weekday()] {
			at := time.Date(date.Year(), date.Month(), date.Day(), s.from/60, s.from%60, 0, 0, t.Location())
			if at.After(t) {
				return at, true
			}
		}
	}
	return time.Time{}, false
}
