package main

import (
	"strings"
	"testing"
)

// TestPlaceThatNobodyCanTell: words that say so do what the button does, and are kept; a question about a place doesn't.
func TestPlaceThatNobodyCanTell(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	unplaced := func() int {
		return w.count(`SELECT count(*) FROM requests WHERE state = 'open' AND triage = 'no_place'`)
	}
	for i, words := range []string{"I don't know where I am", "我不知道我在哪里", "说不清", "唔知喺邊度", "I can't say where, I can't see well"} {
		p := w.person(int64(10+i), "May", "en")
		p.send("I need a wheelchair for my father")
		p.see("send your location")
		p.send(words)
		p.see("Your request has number")
		w.eventually("the request is filed without a place", func() bool { return unplaced() == i+1 })
		var n int
		if err := w.server.db.Get(&n, `SELECT count(*) FROM requests r JOIN messages m ON m.request_id = r.id WHERE r.chat_id = $1 AND m.text = $2
			AND position($2 IN r.text) > 0 AND r.category = 'elderly_disabled_care'`, 10+i, words); err != nil || n != 1 {
			t.Errorf("%s is not kept with the request", words)
		}
	}
	p := w.person(30, "May", "en")
	p.send("I need a wheelchair for my father")
	p.see("send your location")
	p.send("我不知道医保在哪里办")
	w.rests()
	if got := w.count(`SELECT count(*) FROM requests WHERE chat_id = 30 AND state = 'draft'`); got != 1 {
		t.Error("a question about a place is taken for not knowing where one is")
	}
}

// TestPlaceThatNobodyCanTellInAVoice: it may be spoken, too.
func TestPlaceThatNobodyCanTellInAVoice(t *testing.T) {
	t.Parallel()
	url, _ := hearing(t)
	w := newWorld(t, withEars(url))
	p := w.person(10, "May", "en")
	p.send("I need a wheelchair for my father")
	p.see("send your location")
	p.Voice(w.bot, []byte("唉我也不知道这里是哪里啊"), 3)
	p.see("Your request has number")
	if r := w.records()[0]; r["state"] != "open" || r["station"] != nil || r["category"] != "elderly_disabled_care" || !strings.Contains(r["text"].(string), "🎤 唉") {
		t.Errorf("it is %v", r)
	}
}

// TestDangerThatNobodyCanPlace: danger in such words is seen, and in danger a place named later still counts.
func TestDangerThatNobodyCanPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	p.send("I need a wheelchair for my father")
	p.see("send your location")
	p.send("I don't know where I am, my husband is beating me")
	p.see("110")
	w.eventually("there is an emergency", func() bool { return w.emergencies() == 1 })
	p.send("I don't know where I am")
	w.rests()
	p.send("Taiping Town, Conghua")
	w.eventually("its place is known", func() bool {
		return w.count(`SELECT count(*) FROM requests WHERE urgency = 'emergency' AND station = 'st-440117-2'`) == 1
	})
}
