package admin

import (
	"fmt"
	"testing"
	"time"
)

// TestGatheredIsDue: what open boards were sent goes on record when it is much, or old, or when the last of a session's boards has been
// closed for longer than a page is that is only opened anew.
func TestGatheredIsDue(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	g := &gathering{sessions: map[string]*boardSeen{}}
	g.come("one", "mei")
	g.come("one", "mei")
	g.come("two", "li")
	check := func(what string, at time.Duration, want bool) {
		t.Helper()
		if due := g.sessions["one"].due(began.Add(at)); due != want {
			t.Errorf("%s: due %t, want %t", what, due, want)
		}
	}
	check("nothing", time.Hour, false)
	g.sends("one", began, "A", "B")
	g.sends("one", began.Add(14*time.Minute), "A", "C")
	check("little and new", 14*time.Minute, false)
	check("a quarter of an hour after the first", 15*time.Minute, true)
	g.leave("one", began.Add(time.Minute))
	check("one of two boards is closed", 2*time.Minute, false)
	g.leave("one", began.Add(2*time.Minute))
	check("just closed", 2*time.Minute+time.Second, false)
	check("closed", 2*time.Minute+5*time.Second, true)
	g.come("one", "mei")
	check("open again", 3*time.Minute, false)
	for i := range 47 {
		check("not yet much", 4*time.Minute, false)
		g.sends("one", began.Add(4*time.Minute), fmt.Sprint(i))
	}
	check("much", 4*time.Minute, true)
	if looks := g.take(); len(looks) != 1 || len(looks[0].Refs) != 50 || looks[0].Account != "mei" || looks[0].Detail["since"] != "2026-03-02T09:00:00Z" {
		t.Errorf("it takes %v", looks)
	}
	if g.waits() || len(g.take()) != 0 {
		t.Error("something is taken twice")
	}
	g.leave("one", began)
	g.leave("two", began)
	if len(g.sessions) != 0 {
		t.Errorf("it keeps %v", g.sessions)
	}
}
