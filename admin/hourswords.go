package admin

import (
	"strings"

	"onedoor/routing"
)

// HoursWords are opening hours, kept as OpenStreetMap writes them, in words of the reader's language; what can't be read stays as it is.
func (p page) HoursWords(hours string) string {
	if _, err := routing.ParseHours(hours); err != nil {
		return hours
	}
	var rules []string
	for rule := range strings.SplitSeq(strings.ToLower(hours), ";") {
		if rule = strings.TrimSpace(rule); rule != "" {
			rules = append(rules, p.hoursRule(rule))
		}
	}
	if len(rules) == 0 {
		return p.T("always_open")
	}
	return strings.Join(rules, p.T("hours_and"))
}

// hoursRule is one rule of opening hours that can be read: days, and then times or that it is closed.
func (p page) hoursRule(rule string) string {
	if rule == "24/7" {
		return p.T("always_open")
	}
	days, times := routing.CutDays(rule)
	words := p.T("hours_off")
	if times != "off" && times != "closed" {
		// a time isn't broken in the middle
		words = strings.Join(strings.Split(strings.ReplaceAll(times, "-", "\u2060–\u2060"), ","), p.T("comma"))
	}
	if days == "" || days == "mo-su" {
		return p.T("hours_daily") + " " + words
	}
	var named []string
	for part := range strings.SplitSeq(days, ",") {
		from, to, isRange := strings.Cut(part, "-")
		part = p.T("hours_" + from)
		if isRange {
			part = p.T("hours_range", "From", part, "To", p.T("hours_"+to))
		}
		named = append(named, part)
	}
	return strings.Join(named, p.T("comma")) + " " + words
}
