package main

import "testing"

// emergencies are how many requests are filed as dangers.
func (w *world) emergencies() int {
	w.Helper()
	return w.count(`SELECT count(*) FROM requests WHERE urgency = 'emergency' AND state IN ('open', 'claimed')`)
}

// TestAttackDangerInTwoMessages: people cut their sentences as they please.
func TestAttackDangerInTwoMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	for name, first := range map[string]func(*person){
		"while asked for the place":       func(*person) {},
		"while asked whether it is right": func(p *person) { p.Location(w.bot, 23.452, 113.488); p.seeButton("Confirm") },
		"after confirming":                func(p *person) { p.Location(w.bot, 23.452, 113.488); p.press("Confirm"); p.see("request has number") },
	} {
		before := w.emergencies()
		p := w.person(int64(10+len(name)), name, "en")
		p.send("My husband has just drank")
		p.see("location")
		first(p)
		p.send("half a bottle of pesticide")
		p.see("120")
		if n := w.emergencies() - before; n != 1 {
			t.Errorf("%s: %d emergencies, want one", name, n)
		}
	}
	worker.see("Emergency")
}
