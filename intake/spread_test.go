package intake_test

import (
	"testing"
	"time"

	"onedoor/intake"
)

// TestSpreadIsWhatIsCounted: the classes of each clock's times are what counting gives, kept or not: exactly up to a week, and beyond it of a
// bound that is off by a hundredth at most.
func TestSpreadIsWhatIsCounted(t *testing.T) {
	t.Parallel()
	w := many(t, 1500)
	scope := intake.Scope{To: w.now.AddDate(1, 0, 0)}
	for range 2 {
		for clock, stop := range map[string]string{"claim": "claimed_at", "answer": "answered_at", "resolve": "resolved_at"} {
			upTo := func(seconds float64) int {
				var n int
				w.must(w.db.Get(&n, `SELECT count(*) FROM cycles WHERE extract(epoch FROM `+stop+` - began_at) <= $1`, seconds))
				return n
			}
			classes, err := w.Spread(t.Context(), scope, clock)
			w.must(err)
			got := 0
			for _, c := range classes {
				got += c.Count
				bound := c.UpTo.Seconds()
				low, high := bound, bound
				switch {
				case c.UpTo == 0:
					low, high = 1e10, 1e10
				case c.UpTo > 7*24*time.Hour:
					low, high = 0.99*bound, 1.01*bound
				}
				if least, most := upTo(low), upTo(high); got < least || got > most || most == 0 {
					t.Errorf("to %s %d take %v at most, want %d to %d", clock, got, c.UpTo, least, most)
				}
			}
			if last := classes[len(classes)-2].UpTo; (clock == "resolve") != (last == 30*24*time.Hour) {
				t.Errorf("the classes of %s end with %v", clock, last)
			}
		}
		w.must(w.KeepFigures(t.Context()))
	}
	if _, err := w.Spread(t.Context(), scope, "x"); err == nil {
		t.Error("there is no such clock")
	}
}
