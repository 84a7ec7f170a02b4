package main

import "testing"

// TestNearerIsCalledToo: an emergency that goes far because nobody is on duty nearer is heard of by who is at home near it, too, and
// can claim it.
func TestNearerIsCalledToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker(901, "w-440117-2-1")
	near := w.worker(902, "w-440303-1-1")
	near.send("/duty off")
	near.see("off duty")
	w.eventually("nobody is on duty there", func() bool { return !w.onDuty("w-440303-1-1") })
	p := w.person(1, "May", "en")
	p.send("my house in Luohu District, Shenzhen is on fire, hurry")
	w.rests()
	e := p.emergency()
	if e.Station != "st-440117-2" {
		t.Fatalf("it is with %s", e.Station)
	}
	card := near.seenIn(e.Ref, "Emergency", "Offered to you too")
	if n := w.count(`SELECT count(*) FROM offers WHERE active AND station = 'st-440303-1'`); n != 1 {
		t.Errorf("it is offered %d times", n)
	}
	near.PressData(card, "claim:"+e.Ref+":")
	p.see("has taken on")
}
