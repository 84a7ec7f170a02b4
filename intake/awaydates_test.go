package intake

import (
	"testing"
	"time"
)

// TestParseAway: what a worker presses or writes of when they are away, on Thursday, the 26th of November 2026.
func TestParseAway(t *testing.T) {
	const form = "2006-01-02 15:04"
	zone := time.FixedZone("CST", 8*60*60)
	now := time.Date(2026, 11, 26, 15, 30, 0, 0, zone)
	for text, want := range map[string][2]string{
		"today":                 {"2026-11-26 15:30", "2026-11-27 00:00"},
		" Tomorrow ":            {"2026-11-27 00:00", "2026-11-28 00:00"},
		"week":                  {"2026-11-26 15:30", "2026-12-03 00:00"},
		"open":                  {"2026-11-26 15:30", ""},
		"2026-12-01 2026-12-07": {"2026-12-01 00:00", "2026-12-08 00:00"},
		"12-1 - 12-7":           {"2026-12-01 00:00", "2026-12-08 00:00"},
		"11/26":                 {"2026-11-26 15:30", "2026-11-27 00:00"},
		"12月30日至1月2日":           {"2026-12-30 00:00", "2027-01-03 00:00"},
		"2-28":                  {"2027-02-28 00:00", "2027-03-01 00:00"},
		"2027年1月4日":             {"2027-01-04 00:00", "2027-01-05 00:00"},
	} {
		from, to, ok := parseAway(text, now)
		got := [2]string{from.Format(form), ""}
		if to != nil {
			got[1] = to.Format(form)
		}
		if !ok || got != want {
			t.Errorf("%q is %v, %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "soon", "11-25", "2026-11-01", "12-07 12-01", "2-30", "13-01", "12-01 12-02 12-03", "12-01 for my wedding",
		"2029-01-01", "2026-12-01 2028-12-01", "-", "99999999-1-1"} {
		if from, to, ok := parseAway(text, now); ok {
			t.Errorf("%q is %v to %v, want it refused", text, from, to)
		}
	}
}
