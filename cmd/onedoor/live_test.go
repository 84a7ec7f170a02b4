package main

import (
	"strings"
	"testing"
)

// place is where a request is.
func (w *world) place(ref string) (lat, lon float64) {
	w.Helper()
	var at struct{ Lat, Lon float64 }
	if err := w.server.db.Get(&at, `SELECT lat, lon FROM requests WHERE ref = $1`, ref); err != nil {
		w.Fatal(err)
	}
	return at.Lat, at.Lon
}

func (p *person) move(message int, lat, lon float64) {
	p.w.Helper()
	if err := p.Move(p.w.bot, message, lat, lon); err != nil {
		p.w.Fatal(err)
	}
	p.w.rests()
}

// TestLiveLocation: the request moves along with a live location; the worker's card shows it, and nobody is told.
func TestLiveLocation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	p := w.person(1, "May", "en")
	p.send("I need a wheelchair for my father")
	p.see("send your location")
	live := p.LiveLocation(w.bot, 23.452, 113.488, 900)
	p.seeButton("Confirm")
	p.move(live, 23.453, 113.490)
	p.press("Confirm")
	p.see("Your request has number")
	ref := w.records()[0]["ref"].(string)
	if lat, lon := w.place(ref); lat != 23.453 || lon != 113.490 {
		t.Errorf("the draft was at %v, %v when it was confirmed", lat, lon)
	}
	worker.press("Claim")
	p.see("has taken on")
	w.rests()
	before, told := len(worker.Chat(w.bot)), len(p.Chat(w.bot))
	first := worker.seeButton("Resolve").Text
	for i := range 10 {
		p.move(live, 23.46+float64(i)/100, 113.49)
	}
	if lat, lon := w.place(ref); lat != 23.55 || lon != 113.49 {
		t.Errorf("after ten steps it is at %v, %v", lat, lon)
	}
	if now := worker.seeButton("Resolve").Text; now == first || !strings.Contains(now, "km from the station") {
		t.Errorf("the card still says %s", now)
	}
	if a, b := len(worker.Chat(w.bot)), len(p.Chat(w.bot)); a != before || b != told {
		t.Errorf("ten steps made %d messages to the worker and %d to the resident", a-before, b-told)
	}
	drawn := w.count(`SELECT count(*) FROM notices`)
	p.move(live, 23.5502, 113.49) // twenty metres
	p.move(live, 18.5, 115)       // the sea
	if lat, _ := w.place(ref); lat != 23.55 || w.count(`SELECT count(*) FROM notices`) != drawn {
		t.Errorf("it is at %v, and %d notices more", lat, w.count(`SELECT count(*) FROM notices`)-drawn)
	}
	if n := w.count(`SELECT count(*) FROM messages WHERE kind = 'location'`); n != 1 {
		t.Errorf("%d positions are kept as said", n)
	}
}

// TestLiveLocationAndAChoice: a place that was chosen otherwise stays; a live location whose first position was of no use
// answers the question later.
func TestLiveLocationAndAChoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(1, "May", "en")
	p.send("I need a wheelchair for my father")
	p.see("send your location")
	live := p.LiveLocation(w.bot, 18.5, 115, 900) // the sea
	p.see("in the sea")
	p.move(live, 23.452, 113.488)
	p.press("Confirm")
	p.see("Your request has number")
	ref := w.records()[0]["ref"].(string)
	if lat, _ := w.place(ref); lat != 23.452 {
		t.Errorf("it is at %v", lat)
	}
	other := w.person(2, "Lin", "en")
	other.send("I need a wheelchair for my father")
	other.see("send your location")
	live = other.LiveLocation(w.bot, 23.452, 113.488, 900)
	other.press("Change place")
	other.see("write the name")
	other.send("Liangkou, Conghua")
	other.press("Confirm")
	other.see("Your request has number")
	chosen, _ := w.place(w.records()[1]["ref"].(string))
	other.move(live, 23.6, 113.5)
	if lat, _ := w.place(w.records()[1]["ref"].(string)); lat != chosen || lat == 23.452 {
		t.Errorf("the chosen place has moved from %v to %v", chosen, lat)
	}
}
