package routing

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var weekdays = map[string]time.Weekday{"su": time.Sunday, "mo": time.Monday, "tu": time.Tuesday, "we": time.Wednesday,
	"th": time.Thursday, "fr": time.Friday, "sa": time.Saturday}

// ParseHours reads opening hours as OpenStreetMap writes them, the part of it that offices need: rules parted
// by ";", each "24/7" or weekdays (Mo-Fr,Su; left out: all) and then times (08:30-12:00,14:30-17:30, past
// midnight too) or "off". A later rule replaces an earlier one on its days. PH are the work calendar's days off:
// without a rule for them they are closed, but "24/7" and empty text are always open. An error names what isn't
// understood.
func ParseHours(text string) (Hours, error) {
	var h Hours
	for rule := range strings.SplitSeq(text, ";") {
		if rule = strings.ToLower(strings.TrimSpace(rule)); rule == "" {
			continue
		}
		if err := h.add(rule); err != nil {
			return Hours{}, fmt.Errorf("hours %q: %w", text, err)
		}
		h.given = true
	}
	return h, nil
}

// add reads one rule.
func (h *Hours) add(rule string) error {
	if rule == "24/7" {
		rule = "mo-su,ph 00:00-24:00"
	}
	days, times := CutDays(rule)
	on, holidays, err := parseDays(days)
	if err != nil {
		return err
	}
	spans, err := parseSpans(times)
	if err != nil {
		return err
	}
	for _, day := range on {
		h.week[day] = spans
	}
	if holidays {
		h.holiday = spans
	}
	return nil
}

// CutDays parts a rule in lower case before its times, and takes the space out of both halves.
func CutDays(rule string) (days, times string) {
	i := strings.IndexAny(rule, "0123456789")
	if i < 0 {
		i = len(rule)
	}
	for _, none := range []string{"off", "closed"} {
		if at := strings.LastIndex(rule[:i], none); at >= 0 {
			i = at
		}
	}
	return strings.Join(strings.Fields(rule[:i]), ""), strings.Join(strings.Fields(rule[i:]), "")
}

// parseDays reads "mo-fr,su"; none are all, and "ph", which is no day of the week, is told apart.
func parseDays(text string) (on []time.Weekday, holidays bool, err error) {
	if text == "" {
		text = "mo-su"
	}
	for part := range strings.SplitSeq(text, ",") {
		if part == "ph" {
			holidays = true
			continue
		}
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		from, okFrom := weekdays[first]
		to, okTo := weekdays[last]
		if !okFrom || !okTo {
			return nil, false, fmt.Errorf("%q is not a day or days such as Mo or Mo-Fr", part)
		}
		for day := from; ; day = (day + 1) % 7 {
			on = append(on, day)
			if day == to {
				break
			}
		}
	}
	return on, holidays, nil
}

var spanPattern = regexp.MustCompile(`^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$`)

// parseSpans reads "08:30-12:00,14:30-17:30", or "off" as none.
func parseSpans(text string) ([]span, error) {
	if text == "off" || text == "closed" {
		return nil, nil
	}
	var spans []span
	for part := range strings.SplitSeq(text, ",") {
		m := spanPattern.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Errorf("%q is not a time such as 08:30-17:30", part)
		}
		from, okFrom := minutes(m[1], m[2])
		to, okTo := minutes(m[3], m[4])
		if !okFrom || !okTo || from == wholeDay {
			return nil, fmt.Errorf("%q is not within 00:00 to 24:00", part)
		}
		if to <= from {
			to += wholeDay
		}
		spans = append(spans, span{from, to})
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return spans, nil
}

// minutes is a time of day in minutes from midnight; false for one that no clock shows.
func minutes(hour, minute string) (int, bool) {
	h, _ := strconv.Atoi(hour) // the pattern lets digits only through
	m, _ := strconv.Atoi(minute)
	return h*60 + m, m < 60 && h*60+m <= wholeDay
}
