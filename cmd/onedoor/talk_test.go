package main

import (
	"testing"
)

// TestSmallTalk: greetings and thanks are answered and start nothing; the need that follows is understood.
func TestSmallTalk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(1, "May", "en")
	for _, text := range []string{"hello", "Hi!", "?", "🙂"} {
		p.send(text)
	}
	p.see("What do you need")
	p.send("Thank you!")
	p.see("You are welcome")
	p.send("help")
	p.see("In danger call 110")
	if n := w.count(`SELECT count(*) FROM requests`); n != 0 {
		t.Errorf("small talk has begun %d requests", n)
	}
	p.send("my boss has not paid my wages for three months")
	p.see("Where is it")
	p.send("thanks")
	p.send("he also took away our identity cards and won't pay the wages")
	p.send("Taiping Town, Conghua")
	p.seeButton("Confirm")
	if p.texts("can't find") > 0 {
		t.Errorf("a need, or thanks, was taken for the name of a place")
	}
	if n := w.count(`SELECT count(*) FROM messages WHERE chat_id = 1`); n != 10 {
		t.Errorf("%d messages are kept, want all 10", n)
	}
}

// TestChosenServiceStays: what the resident chose is not understood otherwise later.
func TestChosenServiceStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(1, "May", "en")
	p.send("My boss has not paid my wages, I live in Taiping Town, Conghua")
	p.press("Change service")
	p.press("School, children, sports »")
	p.press("Basic education")
	p.see("Basic education\nTaiping Town")
	p.send("my wages, it has been three months")
	w.eventually("it is handled", func() bool { return w.bot.Pending() == 0 })
	p.press("Confirm")
	p.see("Your request has number")
	if r := w.records()[0]; r["category"] != "education" {
		t.Errorf("the service is %v, want the chosen one", r["category"])
	}
}

// TestSecondThoughts: a request can be taken back from /status, where it is asked once more, a draft in words.
func TestSecondThoughts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(1, "May", "en")
	p.send("I need a wheelchair for my father, Taiping Town, Conghua")
	p.seeButton("Confirm")
	p.send("never mind")
	p.see("Taken back")
	p.send("I need a wheelchair for my father")
	p.press("Confirm")
	p.see("Your request has number")
	ref := w.records()[1]["ref"].(string)
	p.send("cancel")
	p.press("Cancel " + ref)
	p.press("Yes, take it back")
	w.eventually("the request is cancelled", func() bool { return w.state(ref) == "cancelled" })
}
