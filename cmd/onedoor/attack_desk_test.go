package main

import (
	"strings"
	"testing"
)

// TestAttackAnswersWhileAsked: what answers a resident's message, in Telegram's sense, goes to that resident or to nobody,
// whatever the worker was asked for just before: never to an organisation, a colleague or into how it ended.
func TestAttackAnswersWhileAsked(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(*person){
		"an organisation": func(p *person) {
			p.choose("More…", "Refer", "Organisations near by", "1 Taiping Elderly Association", "Ask them here")
			p.see("they read only this")
		},
		"volunteers": func(p *person) {
			p.choose("More…", "Refer", "Volunteers near by", "Shopping")
			p.see("they read only this")
		},
		"a colleague": func(p *person) {
			p.send("/handover")
			p.press("Hand over 1 »")
			p.press("🟢 Mei")
			p.see("A note for Mei?")
		},
		"how it ended": func(p *person) {
			p.choose("Resolve", "Not possible")
			p.see("Why")
		},
		"a reminder": func(p *person) {
			p.choose("More…", "Follow up", "⏰ On a date")
			p.see("When shall we")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.alwaysOpen()
			association, volunteer := w.partner(801, "org-440117111-1"), w.partner(811, "v-440117-1")
			resident, worker, colleague, _, ref := w.colleagues()
			ask(worker)
			w.rests()
			resident.send("what did the doctor say about my blood?")
			asked := worker.see("what did the doctor say")
			w.rests() // it is on record what the message is about
			worker.Reply(asked, "the test is positive, I come on Monday")
			resident.see("the test is positive")
			w.rests()
			for _, other := range []*person{association, volunteer, colleague} {
				if other.texts("positive") > 0 {
					t.Errorf("%s reads what was for the resident", other.name)
				}
			}
			if w.state(ref) != "claimed" || w.has(ref) != "w-440117-2-1" {
				t.Errorf("the request is %s, in the hands of %s", w.state(ref), w.has(ref))
			}
		})
	}
}

// TestAttackUndoWhileAColleagueIsAsked: who is asked to take on what isn't claimed any more is asked no longer.
func TestAttackUndoWhileAColleagueIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config) { c.noUndo = false })
	_, worker, second, third, ref := w.colleagues()
	worker.choose("Pass on", "To a colleague", "🟢 Mei")
	asked := second.seeButton("Take it on")
	worker.PressData(worker.last(), "unclaim:"+ref+":")
	w.eventually("it waits", func() bool { return w.state(ref) == "open" })
	w.rests()
	if n := w.count(`SELECT count(*) FROM handoffs WHERE answer = ''`); n != 0 {
		t.Error("a colleague is asked to take on what nobody has")
	}
	third.PressData(third.last(), "claim:"+ref+":")
	w.eventually("another has it", func() bool { return w.has(ref) == "w-440117-2-3" })
	second.PressData(asked, "take:"+ref+":"+w.text1(`SELECT max(id) FROM handoffs`))
	w.eventually("the press is handled", func() bool { return w.bot.Pending() == 0 })
	if n := w.count(`SELECT count(*) FROM troubles`); n != 0 || w.has(ref) != "w-440117-2-3" {
		t.Errorf("%d troubles, and %s has it", n, w.has(ref))
	}
}

// TestAttackUndoOfAHandover: whoever was handed a request has not claimed it by a slip of the thumb: there is nothing to undo.
func TestAttackUndoOfAHandover(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config) { c.noUndo = false })
	resident, worker, second, _, ref := w.colleagues()
	worker.press("Reply")
	worker.see("your words go to the resident")
	worker.send("I look after it")
	resident.see("I look after it")
	w.exec(`UPDATE requests SET claimed_at = claimed_at - interval '1 hour', answered_at = answered_at - interval '59 minutes'`)
	worker.send("/handover")
	worker.press("Hand over 1 »")
	worker.press("🟢 Mei")
	worker.press("Without a note")
	second.seeButton("Resolve")
	w.rests()
	was := w.waits(ref)
	second.PressData(second.last(), "unclaim:"+ref+":")
	w.rests()
	if got := w.waits(ref); got != was {
		t.Errorf("it was %s and is %s", was, got)
	}
	if w.count(`SELECT count(*) FROM requests WHERE claimed_at < now() - interval '59 minutes'`) != 1 {
		t.Error("a hand-over changes when it was claimed")
	}
}

// TestAttackForgottenNumber: nobody keeps the number or the words of somebody who has had them erased.
func TestAttackForgottenNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	second := w.worker(902, "w-440117-2-2")
	w.exec(`UPDATE workers SET name = 'Mei' WHERE code = 'w-440117-2-2'`)
	worker, s := w.worker(901, "w-440117-2-1"), w.secretive("en")
	s.ask()
	s.Contact(w.bot)
	worker.press("Claim")
	worker.seeButton("Resolve")
	w.rests()
	s.Block(w.bot)
	worker.press("Reply")
	worker.see("your words go to the resident")
	worker.send("is anybody there?")
	worker.see("Please call")
	worker.press("Done")
	worker.send("/handover")
	worker.press("Hand over 1 »")
	worker.press("🟢 Mei")
	w.rests()
	worker.send("her name is " + s.name + ", she likes " + secretWord)
	second.see(secretWord)
	s.Unblock(w.bot)
	second.press("Resolve")
	second.press("Solved")
	w.rests()
	s.press(s.say("button_rate_1"))
	s.send("a week late, " + secretWord)
	second.see("a week late")
	s.forget()
	w.rests()
	for _, p := range []*person{worker, second} {
		for _, word := range []string{secretPhone, secretWord, s.name} {
			if p.texts(word) > 0 {
				t.Errorf("%s still reads %q", p.name, word)
			}
		}
	}
}

// TestAttackDismissedEdits: what a worker who is out wrote as a worker becomes no request of theirs by an edit.
func TestAttackDismissedEdits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, worker, _ := claimed(w)
	worker.press("Note")
	worker.see("Only colleagues see it")
	worker.send("he needs a wheelchair and is alone")
	worker.see("for colleagues only")
	w.rests()
	if err := w.server.intake.Dismiss(w.ctx, "w-440117-2-1"); err != nil {
		t.Fatal(err)
	}
	w.rests()
	worker.edit("he needs a wheelchair and is alone", "he needs a wheelchair and is all alone")
	w.rests()
	if n := w.count(`SELECT count(*) FROM requests WHERE chat_id = 901`); n != 0 {
		t.Error("a note about a resident has become the worker's own request")
	}
}

// TestAttackAnswersToATask: what a volunteer answers to a task that they don't have begins no request of their own.
func TestAttackAnswersToATask(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	one, two := w.partner(811, "v-440117-1"), w.partner(812, "v-440117-2")
	_, worker, _ := claimed(w)
	worker.offersTask("Shopping", "Rice and oil for an old couple")
	offer := two.see("Rice and oil")
	w.rests()
	two.Reply(offer, "I need to know which rice, the wheelchair shop is far")
	two.see("Nobody reads what you wrote")
	one.press("I'll do it")
	w.rests()
	two.Reply(offer, "I need help with the rice")
	w.rests()
	if n := w.count(`SELECT count(*) FROM requests WHERE chat_id = 812`); n != 0 {
		t.Error("words about a task have become a request of the volunteer's own")
	}
	if !strings.Contains(two.last().Text, "Nobody reads what you wrote") || worker.texts("which rice") > 0 {
		t.Errorf("the volunteer last reads: %s", two.last().Text)
	}
}

// TestAttackHandoverOfReferred: all that is handed over can be seen and left out.
func TestAttackHandoverOfReferred(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.alwaysOpen()
	association := w.partner(801, "org-440117111-1")
	resident, worker, _, _, ref := w.colleagues()
	worker.choose("More…", "Refer", "Organisations near by", "1 Taiping Elderly Association", "Ask them here")
	worker.see("they read only this")
	worker.send("An old man needs a wheelchair on loan")
	association.press("I'll do it")
	resident.see("helps")
	w.rests()
	worker.send("/handover")
	worker.seeButton("Hand over 1 »")
	worker.press("handover:" + ref + ":")
	w.rests()
	worker.forge("What do you hand over", "handover::to.w-440117-2-2")
	if w.has(ref) != "w-440117-2-1" {
		t.Error("what was left out is handed over")
	}
}

// TestAttackGivenAwayMeanwhile: whose request a stand-in has given to a colleague hears of it.
func TestAttackGivenAwayMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, worker, second, third, ref := w.colleagues()
	w.exec(`INSERT INTO absences (worker, starts_at, began_at, stand_in) VALUES ('w-440117-2-1', now(), now(), 'w-440117-2-2')`)
	second.send("/mine")
	second.see("In your hands: 1")
	w.rests()
	second.PressData(second.last(), "ask:"+ref+":w-440117-2-3")
	second.see("Bo is asked to take on " + ref)
	w.exec(`UPDATE absences SET ended_at = now()`)
	third.press("Take it on")
	second.see("Bo has taken on " + ref)
	worker.see("Bo has taken on " + ref)
}

// TestAttackDismissedReads: nothing of a resident's stands in the chat of a worker who is out, in whatever kind of message.
func TestAttackDismissedReads(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, s := w.worker(901, "w-440117-2-1"), w.secretive("en")
	w.worker(902, "w-440117-2-2")
	s.ask()
	s.Contact(w.bot)
	worker.press("Claim")
	worker.seeButton("Resolve")
	s.send(secretWord + " on Tuesdays")
	worker.see(secretWord + " on Tuesdays")
	s.Photo(w.bot, []byte("x"), secretWord+" in a picture")
	worker.see(secretWord + " in a picture")
	worker.more("History")
	worker.see("what was said and done")
	w.rests()
	if err := w.server.intake.Dismiss(w.ctx, "w-440117-2-1"); err != nil {
		t.Fatal(err)
	}
	w.rests()
	for _, word := range []string{secretPhone, secretWord, s.name} {
		if n := worker.texts(word); n > 0 {
			t.Errorf("%d messages still say %q", n, word)
		}
	}
	if n := w.count(`SELECT count(*) FROM troubles`); n != 0 {
		t.Errorf("%d troubles", n)
	}
}
