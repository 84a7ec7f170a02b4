package intake

import (
	"testing"
	"time"
)

// TestNextReminder: both sides are reminded the evening before and an hour before, as far as that is still to come.
func TestNextReminder(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("CST", 8*60*60)
	at := time.Date(2026, 12, 3, 10, 0, 0, 0, zone)
	for now, want := range map[time.Time]time.Time{
		at.Add(-96 * time.Hour):   time.Date(2026, 12, 2, 18, 0, 0, 0, zone),
		at.Add(-16 * time.Hour):   at.Add(-time.Hour), // 18:00 the evening before
		at.Add(-61 * time.Minute): at.Add(-time.Hour),
		at.Add(-time.Hour):        at,
		at.Add(-time.Minute):      at,
	} {
		if got := nextReminder(at, now); !got.Equal(want) {
			t.Errorf("at %v the next is %v, want %v", now, got, want)
		}
	}
	early := time.Date(2026, 12, 1, 0, 30, 0, 0, zone) // its hour before is the same evening
	if got := nextReminder(early, early.Add(-48*time.Hour)); got.Format("01-02 15:04") != "11-30 18:00" {
		t.Errorf("of the first of a month it is %v", got)
	}
}
