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
	w.tooLate()
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
	press("why:" + ref + ":area:st-445381-1")
	press("passto:" + ref + ":supervisor")
	if w.count(`SELECT count(*) FROM requests WHERE station = 'st-440117-2' AND triage <> 'unclear'`) != 1 {
		t.Error("a worker of another station has taken the request away from the station that has it")
	}
	press("claim:" + ref + ":")
	press("passto:" + ref + ":st-445381-1") // asks why
	press("why:" + ref + ":area:st-445381-1")
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

// TestCalledToAnEmergency: who is called to lend a hand in an emergency that another station has can look at its card.
func TestCalledToAnEmergency(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, owner, offered, ref, press := w.offer()
	w.exec(`UPDATE requests SET urgency = 'emergency', crisis = 'fire'`)
	owner.press("Claim")
	resident.see("has taken on")
	w.rests()
	before := offered.texts(ref)
	press("open:" + ref + ":")
	if offered.texts(ref) != before+1 {
		t.Error("the card is not shown")
	}
}

// TestEditsNeedTheRight: who no longer has a request can't change what its resident read from them, and who is at
// another station now can't change its file.
func TestEditsNeedTheRight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	worker.press("Reply")
	worker.see("your words go to the resident")
	worker.send("I come on Monday")
	resident.see("I come on Monday")
	worker.press("Note")
	worker.see("Only colleagues see it")
	worker.send("he sounds confused")
	worker.see("for colleagues only")
	worker.press("Release")
	w.eventually("it is released", func() bool { return w.state(ref) == "open" })
	worker.edit("I come on Monday", "I come on Tuesday")
	worker.see("That went to nobody")
	worker.edit("he sounds confused", "he sounds well")
	w.rests()
	if n := w.count(`SELECT count(*) FROM messages WHERE request_id IS NOT NULL AND kind = 'note' AND text IN ('I come on Tuesday', 'he sounds well')`); n != 2 {
		t.Errorf("%d of two edits are in the file for the station's eyes", n)
	}
	if err := w.server.intake.SendTo(w.ctx, ref, "st-440117-1", "admin"); err != nil {
		t.Fatal(err)
	}
	w.exec(`UPDATE workers SET station = 'st-440303-1' WHERE chat_id = 901`)
	w.rests()
	worker.edit("I come on Tuesday", "Pay me 500 yuan first")
	worker.edit("he sounds well", "he sounds like a thief")
	w.rests()
	if resident.texts("500 yuan")+resident.texts("Tuesday") > 0 {
		t.Error("a worker without any right to the request has put words before its resident")
	}
	if n := w.count(`SELECT count(*) FROM messages WHERE request_id IS NULL AND text IN ('Pay me 500 yuan first', 'he sounds like a thief')`); n != 2 {
		t.Errorf("%d of two edits are kept outside of the file", n)
	}
}

// twoRequests are two residents' requests that one worker has, and their references.
func (w *world) twoRequests() (worker *person, residents [2]*person, refs [2]string) {
	w.Helper()
	worker = w.worker(901, "w-440117-2-1")
	residents = [2]*person{w.person(1, "May", "en"), w.person(2, "Lin", "en")}
	for i, p := range residents {
		refs[i] = requestOf(p, "I need a wheelchair for my father")
		worker.press("Claim")
		p.see("has taken on")
		w.rests()
	}
	return worker, residents, refs
}

// TestRepliesOfNoOne: words that answer a list of requests, or a message about another request than the one that they
// are expected for, go to no resident.
func TestRepliesOfNoOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, residents, refs := w.twoRequests()
	worker.send("/mine")
	list := worker.see("In your hands: 2")
	worker.Reply(list, "your test result is positive")
	worker.see("That went to nobody")
	residents[1].send("what is the result?")
	asked := worker.see("what is the result?")
	worker.PressData(list, "reply:"+refs[0]+":")
	worker.see("→ " + refs[0])
	worker.Reply(asked, "your test result is negative")
	w.rests()
	for i, p := range residents {
		if p.texts("your test result") > 0 {
			t.Errorf("words for nobody in particular went to resident %d", i)
		}
	}
	if n := worker.texts("That went to nobody"); n != 2 {
		t.Errorf("the worker is told so %d times, want 2", n)
	}
	worker.Reply(asked, "your test result is negative")
	residents[1].see("is negative")
}

// TestWorkersReplyDuringTheirOwnRequest: a worker who is asked something about a request of their own answers a resident
// all the same when they reply to that one's message.
func TestWorkersReplyDuringTheirOwnRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, _ := claimed(w)
	resident.send("when do you come?")
	asked := worker.see("when do you come?")
	worker.send("/new")
	worker.see("What do you need")
	worker.Reply(asked, "I come on Monday")
	resident.see("I come on Monday")
	worker.send("I need a wheelchair for my own father")
	worker.see("send your location")
	worker.Reply(asked, "at nine o'clock")
	resident.see("at nine o'clock")
	if n := w.count(`SELECT count(*) FROM requests WHERE chat_id = 901 AND text <> 'I need a wheelchair for my own father'`); n != 0 {
		t.Error("words to a resident are in the worker's own request")
	}
}

// TestResidentsReplies: what answers a worker's message goes to that worker, whatever else is going on.
func TestResidentsReplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	one, two := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2")
	p := w.person(10, "May", "en")
	requestOf(p, "I need a wheelchair for my father")
	one.press("Claim")
	one.press("Reply")
	one.see("your words go to the resident")
	one.send("what is your bank account")
	asked := p.see("bank account")
	p.send("/new")
	p.see("What do you need")
	p.send("my boss has not paid my wages for three months")
	p.seeButton("Confirm")
	p.Reply(asked, "a moment, I look for it")
	one.see("a moment")
	p.press("Confirm")
	two.press("Claim")
	p.see("has taken on")
	w.rests()
	p.Reply(asked, "it is 6222 0210")
	p.Reply(asked, "thank you")
	one.see("6222 0210")
	one.see("thank you")
	w.rests()
	if n := two.texts("6222 0210") + two.texts("thank you") + two.texts("a moment"); n > 0 {
		t.Errorf("%d answers went to somebody else, too", n)
	}
}

// TestPlaceInAReply: a place that is named in answer to the question for it is a place.
func TestPlaceInAReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	p.send("my husband is beating me")
	p.Reply(p.see("send your location"), "Taiping Town, Conghua")
	p.see("we know where it is")
}

// TestTakenAway: a worker from whom a supervisor takes a request is told, and what they were about to write goes to nobody.
func TestTakenAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	worker.press("Reply")
	worker.see("your words go to the resident")
	if err := w.server.intake.SendTo(w.ctx, ref, "st-440117-1", "admin"); err != nil {
		t.Fatal(err)
	}
	worker.see("no longer in your hands")
	worker.send("I come on Monday")
	worker.see("That went to nobody")
	w.rests()
	if resident.texts("Monday") > 0 {
		t.Error("the resident reads what the worker may not write any more")
	}
}
