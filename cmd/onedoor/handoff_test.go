package main

import (
	"strings"
	"sync"
	"testing"
)

// colleagues are a worker who has a request, and two of the same station; their shown names.
func (w *world) colleagues() (resident, worker, second, third *person, ref string) {
	w.Helper()
	second, third = w.worker(902, "w-440117-2-2"), w.worker(903, "w-440117-2-3")
	resident, worker, ref = claimed(w)
	w.exec(`UPDATE workers SET name = 'Mei' WHERE code = 'w-440117-2-2'; UPDATE workers SET name = 'Bo' WHERE code = 'w-440117-2-3';
		UPDATE workers SET name = 'Ann' WHERE code = 'w-440117-2-1'`)
	return resident, worker, second, third, ref
}

func (w *world) has(ref string) (worker string) {
	w.Helper()
	if err := w.server.db.Get(&worker, `SELECT coalesce(worker, '') FROM requests WHERE ref = $1`, ref); err != nil {
		w.Fatal(err)
	}
	return worker
}

// TestPassToAColleague: the request stays with the giver until the colleague says yes; a no is told; one is asked at a time.
func TestPassToAColleague(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, second, third, ref := w.colleagues()
	worker.choose("Pass on", "To a colleague", "🟢 Mei")
	worker.see("Mei is asked to take on " + ref)
	second.see("Ann asks: can you take on " + ref)
	if w.has(ref) != "w-440117-2-1" {
		t.Error("it has left the giver before anybody said yes")
	}
	worker.choose("Pass on", "To a colleague", "🟢 Bo")
	worker.toast("somebody is being asked already")
	second.press("I can't")
	worker.see("Mei can't take on " + ref)
	second.see("You left " + ref + " with Ann")
	worker.choose("Pass on", "To a colleague", "🟢 Bo")
	third.press("Take it on")
	worker.see("Bo has taken on " + ref)
	resident.see("Bo has taken on")
	third.press("Reply")
	third.see("your words go to the resident")
	third.send("I come instead of Ann")
	resident.see("instead of Ann")
	w.rests()
	if w.has(ref) != "w-440117-2-3" || w.count(`SELECT count(*) FROM events WHERE kind = 'transferred' AND data ->> 'taker' = 'w-440117-2-3'`) != 1 {
		t.Errorf("%s has it", w.has(ref))
	}
	second.forge("You left", "take:"+ref+":"+w.text1(`SELECT min(id) FROM handoffs`))
	second.forge("You left", "take:"+ref+":"+w.text1(`SELECT max(id) FROM handoffs`))
	if w.has(ref) != "w-440117-2-3" {
		t.Error("an old button has taken it")
	}
}

// TestColleagueUnanswered: whoever doesn't answer in time leaves it where it is, and the giver hears so.
func TestColleagueUnanswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, worker, second, _, ref := w.colleagues()
	worker.choose("Pass on", "To a colleague", "🟢 Mei")
	second.seeButton("Take it on")
	if n := w.count(`SELECT count(*) FROM handoffs WHERE next_at BETWEEN now() + interval '28 minutes' AND now() + interval '30 minutes'`); n != 1 {
		t.Error("a colleague has not half an hour to answer")
	}
	w.asideClock(false)
	worker.see("Mei has not answered")
	second.see("the time to answer is over")
	w.exec(`UPDATE requests SET urgency = 'emergency', crisis = 'fire'`)
	worker.choose("Pass on", "To a colleague", "🟢 Mei")
	second.seeButton("Take it on")
	if n := w.count(`SELECT count(*) FROM handoffs WHERE next_at < now() + interval '2 minutes'`); n != 1 {
		t.Error("in an emergency a colleague has more than two minutes to answer")
	}
	worker.press("Don't ask any more")
	second.see("nobody needs to take it on")
	if w.has(ref) != "w-440117-2-1" {
		t.Errorf("%s has it", w.has(ref))
	}
	worker.choose("Pass on", "To a colleague", "🟢 Mei")
	second.seeButton("Take it on")
	id := w.text1(`SELECT max(id) FROM handoffs`)
	worker.press("Release")
	w.eventually("the question is withdrawn", func() bool { return w.count(`SELECT count(*) FROM handoffs WHERE answer = ''`) == 0 })
	second.forge("on duty", "take:"+ref+":"+id)
	if w.has(ref) != "" || w.state(ref) != "open" {
		t.Errorf("what was released is %s, and %q has it", w.state(ref), w.has(ref))
	}
}

// TestHandoffRaces: a yes in the very moment of a release or a resolution, and one by somebody who may not.
func TestHandoffRaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, worker, second, third, ref := w.colleagues()
	stranger := w.worker(904, "w-440117-1-1")
	worker.choose("Pass on", "To a colleague", "🟢 Mei")
	take := second.seeButton("Take it on")
	id := w.text1(`SELECT max(id) FROM handoffs`)
	stranger.forge("on duty", "take:"+ref+":"+id)
	third.forge("on duty", "take:"+ref+":"+id)
	worker.forge("is asked to take on", "take:"+ref+":"+id)
	worker.forge("is asked to take on", "ask:"+ref+":w-440117-1-1") // of another station
	if w.has(ref) != "w-440117-2-1" || w.count(`SELECT count(*) FROM handoffs`) != 1 {
		t.Fatal("somebody who wasn't asked has taken it, or was asked")
	}
	card := worker.seeButton("Release")
	var group sync.WaitGroup
	group.Go(func() { worker.Press(card, "Release") })
	group.Go(func() { second.Press(take, "Take it on") })
	group.Wait()
	w.rests()
	switch state, has := w.state(ref), w.has(ref); {
	case state == "open" && has == "", state == "claimed" && has == "w-440117-2-2":
	default:
		t.Errorf("after a race it is %s with %q", state, has)
	}
	if n := w.count(`SELECT count(*) FROM handoffs WHERE answer = ''`); n != 0 {
		t.Errorf("%d questions are still open", n)
	}
	if n := w.count(`SELECT count(*) FROM troubles`); n > 0 {
		t.Errorf("%d troubles", n)
	}
}

// TestPassWithAReason: the new station reads why, in words or by a button, and so does the resident, kindly; the clock goes
// on.
func TestPassWithAReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	other := w.worker(905, "w-440117-1-1")
	resident, worker, ref := claimed(w)
	before := w.text1(`SELECT (claim_due, answer_due, resolve_due) FROM requests`)
	station := w.text1(`SELECT name_en FROM stations WHERE code = 'st-440117-1'`)
	worker.choose("Pass on", station, "Nearer to the resident")
	resident.see("They are nearer to you")
	if card := other.seeButton("Claim").Text; !strings.Contains(card, "Passed on by") || !strings.Contains(card, "Nearer to the resident") {
		t.Errorf("the card doesn't say why it comes: %s", card)
	}
	if after := w.text1(`SELECT (claim_due, answer_due, resolve_due) FROM requests`); after != before {
		t.Error("passing it on has set its clock anew")
	}
	home := w.text1(`SELECT name_en FROM stations WHERE code = 'st-440117-2'`)
	other.press("Claim")
	resident.see("has taken on")
	other.choose("Pass on", home, "Another reason: write it")
	other.see("only colleagues read it")
	other.send("his brother works with us")
	worker.see("his brother works with us")
	w.rests()
	if resident.texts("brother") > 0 {
		t.Error("what colleagues say to each other has reached the resident")
	}
	if w.text1(`SELECT station FROM requests`) != "st-440117-2" || w.state(ref) != "open" {
		t.Error("it has not come back")
	}
	if n := w.count(`SELECT count(*) FROM events WHERE kind = 'transferred' AND data ->> 'reason' IN ('nearer', 'other')`); n != 2 {
		t.Errorf("%d of two reasons are in the log", n)
	}
	if w.count(`SELECT count(*) FROM events WHERE data::text LIKE '%brother%'`) > 0 {
		t.Error("the log has words in it")
	}
}
