package main

import (
	"slices"
	"strings"
	"testing"

	"onedoor/internal/simulator"
)

// offer is a request that nobody of its station has claimed in time, so that the next station is offered it, and the
// message there with the button that claims it.
func (w *world) offer() (resident, owner, offered *person, ref string, button func(data string)) {
	w.Helper()
	owner, offered = w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-1-1")
	resident = w.person(10, "May", "en")
	ref = requestOf(resident, "I need a wheelchair for my father")
	w.clock()
	card := offered.seeButton("Claim")
	return resident, owner, offered, ref, func(data string) {
		offered.PressData(card, data)
		w.rests()
	}
}

// TestOfferedIsNotOwned: a station that is offered a request can claim it, and can't send it elsewhere.
func TestOfferedIsNotOwned(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, _, offered, ref, press := w.offer()
	if offered.hasButton("pass", ref) {
		t.Error("the card offers to pass on what isn't the station's")
	}
	press("passto:" + ref + ":st-445381-1")
	press("passto:" + ref + ":supervisor")
	if w.count(`SELECT count(*) FROM requests WHERE station = 'st-440117-2' AND triage <> 'unclear'`) != 1 {
		t.Error("a worker of another station has taken the request away from the station that has it")
	}
	press("claim:" + ref + ":")
	press("passto:" + ref + ":st-445381-1")
	if w.count(`SELECT count(*) FROM requests WHERE station = 'st-445381-1'`) != 1 {
		t.Error("who has claimed it can't pass it on")
	}
}

// TestOfferEndsWithTheWait: what was offered, and another has, is no more to the station than any other request; whoever
// claims it too late is told so.
func TestOfferEndsWithTheWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, owner, offered, ref, press := w.offer()
	press("open:" + ref + ":")
	owner.press("Claim")
	resident.see("has taken on")
	w.rests()
	press("claim:" + ref + ":")
	w.eventually("who was too late is told so", func() bool {
		return slices.ContainsFunc(offered.Answers(w.bot), func(a simulator.Answer) bool { return strings.Contains(a.Text, "was quicker") })
	})
	owner.press("Resolve")
	owner.press("Solved")
	resident.see("has been closed")
	w.rests()
	before := len(offered.Chat(w.bot))
	for _, action := range []string{"open", "undo", "note", "pass", "reply", "release"} {
		press(action + ":" + ref + ":")
	}
	if n := len(offered.Chat(w.bot)) - before; n > 0 {
		t.Errorf("%d messages tell a stranger of a request that is done", n)
	}
	offered.send("I was here")
	w.rests()
	if w.count(`SELECT count(*) FROM messages WHERE kind = 'note' AND request_id IS NOT NULL`) > 0 {
		t.Error("a stranger writes into the file of a request that is another station's and done")
	}
}
