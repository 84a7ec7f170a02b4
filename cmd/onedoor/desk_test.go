package main

import (
	"strings"
	"testing"

	"onedoor/bot"
)

// desk is a worker of 太平镇 with a resident's request in their hands, both in one of the bot's languages.
type desk struct {
	*testing.T
	w                *world
	say              phrasebook
	worker, resident *person
	ref              string
}

// atDesk runs a test at a desk in each language. The resident says what they need in English: what is understood of it is
// not what is tested.
func atDesk(t *testing.T, words string, do func(d *desk)) {
	t.Parallel()
	inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
		w := newWorld(t, nil)
		d := &desk{T: t, w: w, say: say, worker: w.worker(901, "w-440117-2-1"), resident: w.person(1, "May", tag)}
		d.worker.speaks(say)
		d.ref = d.resident.ask(say, words)
		d.claims(d.worker)
		do(d)
	})
}

// speaks has a worker read the bot in a test's language.
func (p *person) speaks(say phrasebook) {
	p.w.Helper()
	p.send("/language")
	p.press(say("language_name"))
	p.see(say("worker_help"))
}

// claims has a worker claim the request.
func (d *desk) claims(p *person) {
	d.Helper()
	p.press(d.say("button_claim"))
	p.seeButton(d.say("button_more"))
	d.w.rests()
}

// press presses a button of the bot's in the desk's language.
func (d *desk) press(key string, values ...any) {
	d.Helper()
	d.worker.press(d.say(key, values...))
}

// more presses a button of what the worker does more rarely, opening that where it isn't open.
func (d *desk) more(key string) {
	d.Helper()
	if d.worker.withButton(d.say(key)) == 0 {
		d.press("button_more")
	}
	d.press(key)
}

// sees waits for the worker to read a text.
func (d *desk) sees(key string, values ...any) {
	d.Helper()
	d.worker.see(d.say(key, append(values, "Ref", d.ref)...))
}

// becomes waits until the request is in a state.
func (d *desk) becomes(state string) {
	d.Helper()
	d.w.eventually("it is "+state, func() bool { return d.w.state(d.ref) == state })
	d.w.rests()
}

// resolves resolves the request as solved.
func (d *desk) resolves() {
	d.Helper()
	d.press("button_resolve")
	d.press("outcome_solved")
	d.becomes("resolved")
}

// comes has the clock act now on all that is to come, and waits until it has.
func (w *world) comes() {
	w.Helper()
	w.rests()
	w.exec(`UPDATE follow_ups SET due_at = now() - interval '1 second' WHERE due_at IS NOT NULL`)
	w.eventually("nothing is due", func() bool { return w.count(`SELECT count(*) FROM follow_ups WHERE due_at <= now()`) == 0 })
	w.rests()
}

// TestSentence: the resident reads how it ended with the worker's words on it, once, and rates that.
func TestSentence(t *testing.T) {
	atDesk(t, "I need a wheelchair for my father", func(d *desk) {
		d.resolves()
		d.sees("resolved_as", "Outcome", d.say("outcome_solved"))
		d.worker.send("The wheelchair stands at your door")
		d.sees("reply_sent")
		d.resident.see(d.say("resolved", "Ref", d.ref, "Outcome", d.say("outcome_solved"), "Words", "The wheelchair stands at your door"))
		d.w.rests()
		if n := d.resident.texts(d.say("outcome_solved")); n != 1 {
			d.Errorf("%d messages ask how well it was solved", n)
		}
		d.resident.press(d.say("button_rate_5"))
		d.resident.see("★★★★★")
		d.worker.send("And one more thing")
		d.worker.see(d.say("press_first"))
		d.w.rests()
		if d.resident.texts("one more thing") > 0 {
			d.Error("a second message went to the resident as well")
		}
		d.resident.fits()
	})
}

// TestSentenceAfterRating: who has rated already reads the words by themselves.
func TestSentenceAfterRating(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	worker.press("Resolve")
	worker.press("Solved")
	resident.press("★★★★ well")
	worker.see(ref + ": how well")
	worker.send("The wheelchair stands at your door")
	resident.see("The wheelchair stands at your door")
	w.rests()
	if n := resident.texts("How well was it solved"); n != 1 {
		t.Errorf("it is asked %d times how well it was solved", n)
	}
}

// TestNoSentence: nothing that is written later, after another button or by somebody else, goes to the resident.
func TestNoSentence(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(w *world, worker *person){
		"without words":  func(_ *world, worker *person) { worker.press("Without words") },
		"another button": func(_ *world, worker *person) { worker.send("/mine"); worker.see("You hold no request") },
		"much later": func(w *world, _ *person) {
			w.exec(`UPDATE requests SET resolved_at = resolved_at - interval '16 minutes'`)
		},
		"reopened": func(w *world, _ *person) {
			w.person(1, "May", "en").press("It isn't solved")
			w.eventually("it is open", func() bool { return w.count(`SELECT count(*) FROM requests WHERE state = 'open'`) == 1 })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			resident, worker, _ := claimed(w)
			worker.press("Resolve")
			worker.press("Solved")
			worker.seeButton("Without words")
			resident.seeButton("It isn't solved")
			w.rests()
			before(w, worker)
			w.rests()
			worker.send("what a day")
			worker.see("That went to nobody")
			w.rests()
			if resident.texts("what a day") > 0 {
				t.Error("it went to the resident")
			}
		})
	}
}

// TestReasons: what says nothing without its reason isn't done before there is one, from a button or written.
func TestReasons(t *testing.T) {
	atDesk(t, "I need a wheelchair for my father", func(d *desk) {
		d.press("button_resolve")
		d.press("outcome_not_possible")
		d.sees("ask_reason_not_possible")
		if state := d.w.state(d.ref); state != "claimed" {
			d.Errorf("without a reason it is %s", state)
		}
		d.press("reason_means")
		d.becomes("resolved")
		because := d.say("outcome_because", "Outcome", d.say("outcome_not_possible"), "Reason", d.say("reason_means"))
		d.resident.see(d.say("resolved", "Ref", d.ref, "Outcome", because))
		d.press("button_takeup")
		d.becomes("claimed")
		d.resident.see(d.say("taken_up", "Ref", d.ref, "Worker", d.w.nameOf("w-440117-2-1")))
		d.press("button_resolve")
		d.press("outcome_referred")
		d.sees("ask_reason_referred")
		d.worker.send("The Red Cross brings one on Friday")
		d.becomes("resolved")
		d.resident.see(d.say("resolved", "Ref", d.ref, "Outcome", d.say("outcome_referred"), "Words", "The Red Cross brings one on Friday"))
		if n := d.w.count(`SELECT count(*) FROM endings`); n != 2 {
			d.Errorf("%d endings are kept of two", n)
		}
		if n := d.w.count(`SELECT count(*) FROM events WHERE data::text LIKE '%Red Cross%'`); n > 0 {
			d.Error("the log has the worker's words")
		}
		d.press("button_takeup")
		d.becomes("claimed")
		d.press("button_resolve")
		d.press("outcome_not_possible")
		d.press("reason_unreached")
		d.resident.see(d.say("resolved", "Ref", d.ref, "Outcome", d.say("outcome_because", "Outcome", d.say("outcome_not_possible"), "Reason", d.say("reason_you_unreached"))))
		d.worker.see(d.say("outcome_because", "Outcome", d.say("outcome_not_possible"), "Reason", d.say("reason_unreached")))
		d.w.rests() // until the card says so, too
		d.worker.fits()
		d.resident.fits()
	})
}

// TestDuplicate names the other request, which must be one that the worker may see.
func TestDuplicate(t *testing.T) {
	atDesk(t, "I need a wheelchair for my father", func(d *desk) {
		other := d.w.person(2, "Lin", "en")
		twin := other.ask(englishBook(d.T), "I need a wheelchair for my husband")
		d.press("button_resolve")
		d.press("outcome_duplicate")
		d.sees("ask_reason_duplicate")
		for _, wrong := range []string{"XXXXXX", d.ref, "the other one"} {
			d.worker.send(wrong)
			d.w.rests()
			if state := d.w.state(d.ref); state != "claimed" {
				d.Fatalf("a duplicate of %q is %s", wrong, state)
			}
		}
		d.worker.see(d.say("no_such_ref"))
		d.w.exec(`UPDATE requests SET station = 'st-440303-1' WHERE ref = '` + twin + `'`)
		d.worker.send(twin)
		d.w.rests()
		if state := d.w.state(d.ref); state != "claimed" {
			d.Fatalf("a duplicate of another station's is %s", state)
		}
		d.w.exec(`UPDATE requests SET station = 'st-440117-2' WHERE ref = '` + twin + `'`)
		d.worker.send(strings.ToLower(twin[:3] + " " + twin[3:]))
		d.becomes("resolved")
		d.worker.see(d.say("card_same_as", "Ref", twin))
		if n := d.w.count(`SELECT count(*) FROM endings e JOIN requests r ON r.id = e.same_as WHERE r.ref = '` + twin + `'`); n != 1 {
			d.Error("they are not linked")
		}
		if d.resident.texts(twin) > 0 {
			d.Error("the resident reads the number of somebody else's request")
		}
	})
}

// englishBook are the bot's texts in English.
func englishBook(t *testing.T) phrasebook {
	t.Helper()
	catalogue, err := bot.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	return phrases(catalogue, "en")
}

// TestTakeUp: a worker opens a resolved request again under its number, with a new cycle, within thirty days and their rights.
func TestTakeUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	stranger := w.worker(903, "w-440303-1-1")
	colleague := w.worker(902, "w-440117-2-2")
	worker.press("Resolve")
	worker.press("Solved")
	w.eventually("it is resolved", func() bool { return w.state(ref) == "resolved" })
	w.exec(`UPDATE requests SET resolve_due = resolve_due - interval '30 days'`)
	stranger.forge("on duty", "takeup:"+ref+":")
	resident.forge("How well", "takeup:"+ref+":")
	if state := w.state(ref); state != "resolved" {
		t.Fatalf("without any right it became %s", state)
	}
	colleague.forge("on duty", "takeup:"+ref+":")
	if n := w.count(`SELECT count(*) FROM requests WHERE state = 'claimed' AND worker = 'w-440117-2-2' AND outcome IS NULL AND resolve_due > now()`); n != 1 {
		t.Errorf("a colleague could not take it up: it is %s", w.state(ref))
	}
	resident.see("has opened your request " + ref + " again")
	worker.see("has it")
	if w.count(`SELECT count(*) FROM events WHERE kind = 'reopened' AND actor = 'worker'`) != 1 || worker.texts("the resident says that it isn't solved") > 0 {
		t.Error("the log or the card says that the resident did it")
	}
	colleague.press("Resolve")
	colleague.press("Solved")
	w.eventually("it is resolved", func() bool { return w.state(ref) == "resolved" })
	w.exec(`UPDATE requests SET resolved_at = resolved_at - interval '31 days'`)
	colleague.press("Reopen")
	colleague.toast("more than 30 days ago")
	if state := w.state(ref); state != "resolved" {
		t.Errorf("after 31 days it became %s", state)
	}
}

// TestUnsolvedInWords: who writes that it isn't solved is asked whether that request shall be opened again, with what they
// wrote; where they say nothing the clock does it.
func TestUnsolvedInWords(t *testing.T) {
	words := map[string]string{"en": "It is still not solved, the wheels are broken", "zh-hans": "轮子坏了，还没解决", "zh-hk": "個轆壞咗，仲未解決"}
	for _, silent := range []bool{false, true} {
		t.Run(map[bool]string{false: "pressed", true: "silent"}[silent], func(t *testing.T) {
			t.Parallel()
			inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
				w := newWorld(t, nil)
				resident, worker, ref := w.solved(tag, say)
				if tag != "zh-hans" {
					tag = strings.ToLower(tag)
				}
				resident.send(words[tag])
				resident.see(say("unsolved", "Ref", ref))
				if state := w.state(ref); state != "resolved" {
					t.Errorf("before anything is pressed it is %s", state)
				}
				if silent {
					w.exec(`UPDATE requests SET next_action_at = now() - interval '1 second' WHERE next_action = 'which'`)
				} else {
					m := resident.see(say("unsolved", "Ref", ref))
					resident.PressData(m, "addto:"+ref+":"+w.draftRef())
				}
				w.eventually("it is open", func() bool { return w.state(ref) == "open" })
				worker.see(words[tag])
				worker.see("can you take it on again")
				w.rests()
				if n := w.count(`SELECT count(*) FROM requests WHERE state <> 'cancelled'`); n != 1 {
					t.Errorf("there are %d requests", n)
				}
				resident.fits()
			})
		})
	}
}

// draftRef is the reference of the draft that there is.
func (w *world) draftRef() (ref string) {
	w.Helper()
	if err := w.server.db.Get(&ref, `SELECT ref FROM requests WHERE state = 'draft'`); err != nil {
		w.Fatal(err)
	}
	return ref
}

// TestUnsolvedElse: words that say so are a new matter where the resident wants that, or nothing was resolved lately; and what
// is under way has them where there is anything.
func TestUnsolvedElse(t *testing.T) {
	t.Parallel()
	t.Run("a new matter", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, nil)
		resident, _, ref := w.solved("en", englishBook(t))
		resident.send("my quarrel with the neighbour is not solved")
		resident.see("Is it " + ref)
		resident.press("It is a new matter")
		w.eventually("a draft of its own", func() bool {
			return w.count(`SELECT count(*) FROM requests WHERE state = 'draft' AND next_action <> 'which'`) == 1
		})
		if state := w.state(ref); state != "resolved" {
			t.Errorf("the other is %s", state)
		}
	})
	t.Run("long ago", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, nil)
		resident, _, _ := w.solved("en", englishBook(t))
		w.exec(`UPDATE requests SET resolved_at = resolved_at - interval '31 days'`)
		resident.send("my quarrel with the neighbour is not solved")
		w.eventually("a draft", func() bool {
			return w.count(`SELECT count(*) FROM requests WHERE state = 'draft' AND next_action <> 'which'`) == 1
		})
	})
	t.Run("another under way", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, nil)
		say := englishBook(t)
		resident, _, ref := w.solved("en", say)
		other := resident.ask(say, "my boss has not paid my wages for three months")
		resident.send("it is not solved")
		resident.see("Added to your request " + other)
		if state := w.state(ref); state != "resolved" {
			t.Errorf("the resolved one is %s", state)
		}
	})
}

// TestCare: after what stays with one there is a kind line, and none after anything else.
func TestCare(t *testing.T) {
	t.Parallel()
	inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
		for _, c := range []struct {
			words, outcome string
			want           int
		}{
			{"I want to kill myself", "outcome_solved", 1}, {"I want to kill myself", "outcome_false_alarm", 0}, {"my house is on fire", "outcome_solved", 0},
		} {
			w := newWorld(t, nil)
			worker, resident := w.worker(901, "w-440117-2-1"), w.person(1, "May", tag)
			worker.speaks(say)
			resident.send("/start 440117111")
			resident.send(c.words)
			worker.press(say("button_claim"))
			worker.press(say("button_resolve"))
			worker.press(say(c.outcome))
			worker.seeButton(say("button_nowords"))
			w.rests()
			if n := worker.texts(say("care")); n != c.want {
				t.Errorf("after %q and %s there are %d kind lines, want %d", c.words, c.outcome, n, c.want)
			}
			if resident.texts(say("care")) > 0 {
				t.Error("the resident reads it, too")
			}
		}
	})
}

// TestOwnStats: a worker reads their own numbers of 7 and 30 days, and nobody else's.
func TestOwnStats(t *testing.T) {
	atDesk(t, "I need a wheelchair for my father", func(d *desk) {
		colleague := d.w.worker(902, "w-440117-2-2")
		d.press("button_reply")
		d.sees("ask_reply")
		d.worker.send("I come tomorrow")
		d.resident.see("I come tomorrow")
		d.resolves()
		d.resident.press(d.say("button_rate_4"))
		d.resident.see("★★★★☆")
		d.w.rests()
		d.w.exec(`ALTER TABLE events DISABLE TRIGGER events_append_only;
			UPDATE events SET at = (SELECT max(e.at) FROM events e WHERE e.kind = 'answered') - interval '10 minutes' WHERE kind = 'claimed';
			ALTER TABLE events ENABLE TRIGGER events_append_only`)
		d.worker.send("/stats")
		days := d.say("stats_days", "Count", 7, "Claimed", 1, "Answered", 1, "Resolved", 1)
		text := d.worker.see(days).Text
		for _, want := range []string{d.say("stats_days", "Count", 30, "Claimed", 1, "Answered", 1, "Resolved", 1),
			d.say("stats_rated", "Count", 1, "Score", "4.0"), "10 "} {
			if !strings.Contains(text, want) {
				d.Errorf("the numbers lack %q: %s", want, text)
			}
		}
		colleague.send("/stats")
		if text := colleague.see("which only you see").Text; !strings.Contains(text, "7 days: 0 taken on") || strings.Contains(text, "of 5") {
			d.Errorf("a colleague reads %s", text)
		}
		d.w.exec(`ALTER TABLE events DISABLE TRIGGER events_append_only;
			UPDATE events SET at = at - interval '8 days'; ALTER TABLE events ENABLE TRIGGER events_append_only`)
		d.worker.send("/stats")
		d.worker.see(d.say("stats_days", "Count", 7, "Claimed", 0, "Answered", 0, "Resolved", 0))
		d.worker.fits()
	})
}
