package intake

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"onedoor/routing"
)

func TestPromise(t *testing.T) {
	const week = "2006-01-02 15:04"
	zone := time.FixedZone("CST", 8*60*60)
	for name, c := range map[string]struct {
		hours, asked string // the 23rd of November 2026 is a Monday
		answer       time.Duration
		opens, by    string
	}{
		"always open":                         {"", "2026-11-28 20:00", 4 * time.Hour, "", "2026-11-29 00:00"},
		"open now":                            {"Mo-Fr 08:30-17:30", "2026-11-26 10:30", 48 * time.Hour, "", "2026-11-28 10:30"},
		"closed, opens long before it is due": {"Mo-Fr 08:30-17:30", "2026-11-26 20:00", 48 * time.Hour, "2026-11-27 08:30", "2026-11-28 20:00"},
		"closed when it is due":               {"Mo-Fr 08:30-17:30", "2026-11-28 20:00", 4 * time.Hour, "2026-11-30 08:30", "2026-11-30 10:30"},
		"opens just before it is due":         {"Mo-Fr 08:30-17:30", "2026-11-27 05:00", 4 * time.Hour, "2026-11-27 08:30", "2026-11-27 10:30"},
		"an hour is the standard":             {"Mo-Fr 08:30-17:30", "2026-11-27 05:00", time.Hour, "2026-11-27 08:30", "2026-11-27 09:30"},
		"the noon break":                      {"Mo-Fr 08:30-12:00,14:30-17:30", "2026-11-26 12:30", 4 * time.Hour, "2026-11-26 14:30", "2026-11-26 16:30"},
		"never open":                          {"Mo-Fr off", "2026-11-26 10:30", 4 * time.Hour, "", "2026-11-26 14:30"},
	} {
		hours, err := routing.ParseHours(c.hours)
		if err != nil {
			t.Fatal(err)
		}
		asked, err := time.ParseInLocation(week, c.asked, zone)
		if err != nil {
			t.Fatal(err)
		}
		got := promise(hours, asked, asked.Add(c.answer))
		opens := ""
		if !got.Opens.IsZero() {
			opens = got.Opens.Format(week)
		}
		if by := got.By.Format(week); by != c.by || opens != c.opens {
			t.Errorf("%s: it opens %q, and promises %s; want %q and %s", name, opens, by, c.opens, c.by)
		}
	}
}

// TestPromiseIsTheStandard: a promise is never earlier than the deadline that is measured, and later only while nobody is
// there, or hardly.
func TestPromiseIsTheStandard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hours, err := routing.ParseHours(rapid.SampledFrom([]string{"", "Mo-Fr 08:30-17:30", "Mo-Fr 08:30-12:00,14:30-17:30; Sa 09:00-12:00",
			"We 10:00-10:30", "Mo-Su 20:00-02:00"}).Draw(t, "hours"))
		if err != nil {
			t.Fatal(err)
		}
		asked := time.Date(2026, 11, 23, 0, rapid.IntRange(0, 7*24*60).Draw(t, "minute"), 0, 0, time.UTC)
		due := asked.Add(time.Duration(rapid.IntRange(1, 15*24*60).Draw(t, "answer")) * time.Minute)
		p := promise(hours, asked, due)
		if p.By.Before(due) {
			t.Fatalf("asked %v it promises %v, before the deadline %v", asked, p.By, due)
		}
		if p.By.After(due) && (hours.Open(asked) || p.Opens.Before(due.Add(-catchUp)) || p.By.After(p.Opens.Add(catchUp))) {
			t.Fatalf("asked %v it promises %v, after the deadline %v, though it opens %v", asked, p.By, due, p.Opens)
		}
	})
}
