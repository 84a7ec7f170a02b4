package main

import (
	"strings"
	"testing"
)

// TestHandover: at the end of a shift a worker chooses what a colleague takes over, with a note that only colleagues see.
func TestHandover(t *testing.T) {
	atDesk(t, "I need a wheelchair for my father", func(d *desk) {
		colleague := d.w.worker(902, "w-440117-2-2")
		second := d.w.person(2, "Lin", "en")
		kept := second.ask(englishBook(d.T), "I need a wheelchair for my husband")
		d.claims(d.worker)
		d.worker.send("/handover")
		d.worker.press("handover:" + kept + ":") // which is kept
		d.worker.press(d.say("button_handover_who", "Count", 1))
		d.worker.press(d.say("button_on_duty", "Worker", d.w.nameOf("w-440117-2-2")))
		d.sees("handover_note", "Worker", d.w.nameOf("w-440117-2-2"))
		d.w.rests()
		d.worker.send("He is hard of hearing, ring twice")
		d.sees("handover_done", "Worker", d.w.nameOf("w-440117-2-2"), "Count", 1)
		d.worker.see(d.say("handover_closed"))
		colleague.see(d.w.nameOf("w-440117-2-1") + " hands " + d.ref + " over to you.\n🔒 He is hard of hearing, ring twice")
		colleague.seeButton("Resolve")
		d.resident.see(d.say("claimed_by", "Ref", d.ref, "Worker", d.w.nameOf("w-440117-2-2")))
		d.w.rests()
		for ref, worker := range map[string]string{d.ref: "w-440117-2-2", kept: "w-440117-2-1"} {
			if n := d.w.count(`SELECT count(*) FROM requests WHERE ref = '` + ref + `' AND state = 'claimed' AND worker = '` + worker + `'`); n != 1 {
				d.Errorf("%s isn't in the hands of %s", ref, worker)
			}
		}
		if d.resident.texts("hard of hearing") > 0 {
			d.Error("the resident reads the note")
		}
		if n := d.w.count(`SELECT count(*) FROM messages WHERE kind = 'note' AND request_id = (SELECT id FROM requests WHERE ref = '` + d.ref + `')`); n != 1 {
			d.Errorf("%d notes are in the file", n)
		}
		if n := d.w.count(`SELECT count(*) FROM events WHERE kind = 'transferred' AND data ->> 'giver' = 'w-440117-2-1' AND data ->> 'taker' = 'w-440117-2-2'`); n != 1 {
			d.Errorf("the log has it %d times", n)
		}
		d.worker.send("and good night")
		d.w.rests()
		if d.resident.texts("good night")+second.texts("good night") > 0 || d.w.count(`SELECT count(*) FROM messages WHERE text LIKE '%good night' AND request_id IS NOT NULL`) > 0 {
			d.Error("what is written after the note goes somewhere, too")
		}
	})
}

// TestHandoverElse: with nothing, to nobody, of what moved on, and by forged buttons nothing is handed over.
func TestHandoverElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	worker.send("/handover")
	worker.press("Hand over 1 »")
	worker.see("No colleague at your station can be reached")
	colleague, stranger := w.worker(902, "w-440117-2-2"), w.worker(903, "w-440303-1-1")
	colleague.send("/handover")
	colleague.see("You hold no request")
	for _, data := range []string{"handover::to.w-440303-1-1", "handover::to.w-440117-2-1", "handover::to.nobody", "handover::send", "handover::", "handover:XXXXXX:"} {
		worker.forge("No colleague", data)
		worker.toast("no longer applies")
	}
	for _, p := range []*person{colleague, stranger, resident} {
		under := "on duty"
		if p == resident {
			under = "Your request has number"
		}
		p.forge(under, "handover:"+ref+":")
		p.forge(under, "handover::to.w-440117-2-2")
		p.forge(under, "handover::send")
	}
	if n := w.count(`SELECT count(*) FROM requests WHERE worker = 'w-440117-2-1'`); n != 1 {
		t.Fatal("a forged button has handed it over")
	}
	worker.send("/handover")
	worker.press("Hand over 1 »")
	worker.press("🟢 " + w.nameOf("w-440117-2-2"))
	worker.see("A note for")
	w.rests()
	if err := w.server.intake.SendTo(w.ctx, ref, "st-440117-1", "admin"); err != nil {
		t.Fatal(err)
	}
	worker.press("Without a note")
	worker.see("Handed over to " + w.nameOf("w-440117-2-2") + ": 0.")
	w.rests()
	if n := w.count(`SELECT count(*) FROM requests WHERE state = 'open' AND station = 'st-440117-1'`); n != 1 {
		t.Error("what a supervisor had sent elsewhere was handed over")
	}
	if n := w.count(`SELECT count(*) FROM troubles`); n > 0 {
		t.Errorf("%d troubles", n)
	}
}

// TestAskedFirst: of what can wait those hear first who are at home in it, and the others when they don't take it; the queue
// hides it from nobody, an emergency waits for nobody, and where nobody is at home in it all hear at once.
func TestAskedFirst(t *testing.T) {
	t.Parallel()
	setUp := func(t *testing.T, first string) (w *world, fits, other, resident *person) {
		w = newWorld(t, nil)
		fits, other, resident = w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2"), w.person(1, "May", "en")
		w.exec(`UPDATE workers SET ` + first + ` WHERE code = 'w-440117-2-1'`)
		return w, fits, other, resident
	}
	const disability = `fields = '{disability}', qualification = 'senior'`
	t.Run("can wait", func(t *testing.T) {
		t.Parallel()
		w, fits, other, resident := setUp(t, disability)
		ref := requestOf(resident, "I need a wheelchair for my father")
		fits.seeButton("Claim")
		w.rests()
		if n := w.cards("902"); n > 0 {
			t.Error("all are asked at once")
		}
		if n := w.count(`SELECT count(*) FROM requests WHERE next_action = 'callrest' AND next_action_at < submitted_at + (claim_due - submitted_at) / 7`); n != 1 {
			t.Error("the others are not asked soon")
		}
		other.send("/queue")
		other.see(ref)
		w.clock()
		other.seeButton("Claim")
		if n := w.cards("902"); n != 1 {
			t.Errorf("who was not asked first has %d cards", n)
		}
		if n := w.cards("901"); n != 1 {
			t.Errorf("who was asked first has %d cards", n)
		}
		if n := w.count(`SELECT count(*) FROM requests WHERE next_action = 'claim' AND next_action_at = claim_due - (claim_due - submitted_at) / 2`); n != 1 {
			t.Error("the clock for the claim doesn't go on")
		}
	})
	for name, c := range map[string]struct{ first, words string }{
		"nobody is at home in it": {`fields = '{mediation}'`, "I need a wheelchair for my father"},
		"not qualified enough":    {`fields = '{children}', qualification = 'assistant'`, "my son needs a place in school"},
		"an emergency":            {`fields = '{mental_health}'`, "I want to kill myself"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, fits, other, resident := setUp(t, c.first)
			resident.send("/start 440117111")
			resident.send(c.words)
			if name != "an emergency" {
				resident.press("Confirm")
			}
			fits.seeButton("Claim")
			other.seeButton("Claim")
			w.rests()
		})
	}
	t.Run("off duty", func(t *testing.T) {
		t.Parallel()
		w, fits, other, resident := setUp(t, disability)
		fits.send("/duty off")
		fits.see("You are off duty")
		w.rests()
		requestOf(resident, "I need a wheelchair for my father")
		other.seeButton("Claim")
	})
}

// TestImportQualifications: the columns are optional, what a file doesn't name stays, and what isn't known is refused.
func TestImportQualifications(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	workers := func(header, row string) []string {
		return []string{"import", "workers", write(t, "workers.csv", header+"\n"+row+"\n"), "--database-url", w.config.DatabaseURL}
	}
	const header, row = "code,name,station,role,phone,specialties", "w-new,王芳,st-440117-2,worker,,health"
	w.run(workers(header+",qualification,fields", row+",senior,children;mediation")[:3]...)
	is := func(want string) {
		t.Helper()
		if n := w.count(`SELECT count(*) FROM workers WHERE code = 'w-new' AND ` + want); n != 1 {
			t.Errorf("not so: %s", want)
		}
	}
	is(`qualification = 'senior' AND fields = '{children,mediation}' AND specialties = '{health}'`)
	w.run(workers(header, row)[:3]...)
	is(`qualification = 'senior' AND fields = '{children,mediation}'`)
	w.run(workers(header+",fields", row+",")[:3]...)
	is(`qualification = 'senior' AND fields = '{}'`)
	code, _, errs := try(t, "", workers(header+",qualification,fields", row+",king,magic")...)
	if code != exitFailed || !strings.Contains(errs, `line 2: qualification "king"`) || !strings.Contains(errs, `line 2: field "magic"`) {
		t.Errorf("exit code %d: %s", code, errs)
	}
}
