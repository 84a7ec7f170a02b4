package main

import (
	"testing"

	"onedoor/internal/simulator"
)

// caller is somebody whose own number is known to their phone.
func (w *world) caller(id int64) *person {
	return &person{w.telegram.User(simulator.Profile{ID: id, FirstName: "May", Language: "en", Phone: "+86 138 0000 0001"}), "May", w}
}

// contacts counts those that the bot has sent to somebody.
func (p *person) contacts() (n int) {
	for _, m := range p.Chat(p.w.bot) {
		if m.FromBot() && m.Contact != nil {
			n++
		}
	}
	return n
}

// TestOwnContact: the resident's own contact is the number to call back, which the card shows. Neither it nor anybody's
// Telegram account is passed on as a contact.
func TestOwnContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	p := w.caller(10)
	p.Contact(w.bot)
	p.see("we use this number. What do you need?")
	if n := len(w.records()); n != 0 {
		t.Errorf("a number alone has made %d requests", n)
	}
	requestOf(p, "I need a wheelchair for my father")
	worker.see("Call back: +8613800000001")
	worker.press("Claim")
	p.see("has taken on")
	p.Contact(w.bot)
	p.see("can call you on this number")
	worker.see("the resident's own number: May +86 138 0000 0001")
	w.rests()
	if worker.contacts() > 0 {
		t.Error("the worker is shown whose Telegram account it is")
	}
}

// TestSomebodyElsesContact is passed on as that, and never called back.
func TestSomebodyElsesContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	p := w.caller(10)
	requestOf(p, "I need a wheelchair for my father")
	worker.press("Claim")
	p.see("has taken on")
	p.ContactOf(w.bot, "Uncle Li", "13900000002", 77)
	p.see("somebody else's number")
	worker.see("somebody else's contact: Uncle Li 13900000002")
	p.ContactOf(w.bot, "No Account", "13900000003", 0)
	worker.see("somebody else's contact: No Account 13900000003")
	w.rests()
	if worker.contacts()+worker.texts("Call back") > 0 {
		t.Error("somebody else's number is taken for the resident's, or their account is shown")
	}
}
