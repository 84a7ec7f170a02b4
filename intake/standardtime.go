package intake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// unit is one in which people say the times of a service standard.
type unit struct {
	name    string // in the plural
	minutes int
	words   []string // by which it is known
}

// units are all there are, the largest first.
func units() []unit {
	return []unit{
		{"days", 24 * 60, []string{"d", "day", "days", "天", "日"}},
		{"hours", 60, []string{"h", "hr", "hrs", "hour", "hours", "小时", "小時", "时", "時"}},
		{"minutes", 1, []string{"min", "mins", "minute", "minutes", "分", "分钟", "分鐘"}},
	}
}

// TimeUnits are the units in which the times of a service standard are said, the smallest first.
func TimeUnits() []string { return []string{"minutes", "hours", "days"} }

// InUnit is a number of minutes in the largest unit in which it is a whole number.
func InUnit(minutes int) (n int, name string) {
	for _, u := range units() {
		if minutes >= u.minutes && minutes%u.minutes == 0 {
			return minutes / u.minutes, u.name
		}
	}
	return minutes, "minutes"
}

// WriteTime is a number of minutes as ReadTime reads it: 90 minutes, 4 hours, 1 day.
func WriteTime(minutes int) string {
	n, name := InUnit(minutes)
	if n == 1 {
		name = strings.TrimSuffix(name, "s")
	}
	return fmt.Sprintf("%d %s", n, name)
}

var spelled = regexp.MustCompile(`^([0-9]{1,6}(?:\.[0-9]{1,4})?) ?(\pL+)$`)

// ReadTime reads a number with its unit, in English or Chinese; false for what is none, or no whole number of minutes.
func ReadTime(text string) (minutes int, ok bool) {
	parts := spelled.FindStringSubmatch(strings.ToLower(strings.TrimSpace(text)))
	if parts == nil {
		return 0, false
	}
	for _, u := range units() {
		for _, word := range u.words {
			if word == parts[2] {
				return wholeMinutes(parts[1], u.minutes)
			}
		}
	}
	return 0, false
}

// wholeMinutes are a decimal number of units of n minutes; false where that is no whole number.
func wholeMinutes(number string, n int) (int, bool) {
	before, after, _ := strings.Cut(number, ".")
	scaled, err := strconv.Atoi(before + (after + "0000")[:4])
	if err != nil || scaled*n%10_000 != 0 {
		return 0, false
	}
	return scaled * n / 10_000, true
}
