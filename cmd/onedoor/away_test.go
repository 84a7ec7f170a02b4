package main

import (
	"slices"
	"strings"
	"testing"

	"onedoor/internal/simulator"
)

// nameOf is a worker's shown name.
func (w *world) nameOf(code string) (name string) {
	w.Helper()
	if err := w.server.db.Get(&name, `SELECT name FROM workers WHERE code = $1`, code); err != nil {
		w.Fatal(err)
	}
	return name
}

// TestAwayWithAStandIn: who is away isn't on duty; what residents write reaches the stand-in too, who works on it; and when
// the worker is back, the stand-in may no more.
func TestAwayWithAStandIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	standIn := w.worker(902, "w-440117-2-2")
	stranger := w.worker(903, "w-440117-1-1")
	worker.send("/away")
	worker.see("When are you away?")
	worker.press("Today")
	asked := worker.see("Who stands in for you?")
	if w.onDuty("w-440117-2-1") {
		t.Error("who is away is on duty")
	}
	if slices.ContainsFunc(asked.ReplyMarkup.Rows, func(row []simulator.Button) bool { return row[0].Text == w.nameOf("w-440117-1-1") }) {
		t.Error("somebody of another station is offered as a stand-in")
	}
	worker.PressData(asked, "standin::w-440117-1-1") // forged
	worker.PressData(asked, "standin::w-440117-2-1") // oneself
	worker.PressData(asked, "standin::w-440117-2-3") // who has not joined
	w.rests()
	if w.count(`SELECT count(*) FROM absences WHERE stand_in IS NOT NULL`) > 0 {
		t.Error("somebody stands in who can't")
	}
	worker.press(w.nameOf("w-440117-2-2"))
	worker.see(w.nameOf("w-440117-2-2") + " stands in for you")
	told := standIn.see("and you stand in")
	if !strings.Contains(told.Text, w.nameOf("w-440117-2-1")+" is away (today)") {
		t.Errorf("the stand-in is told %q", told.Text)
	}
	standIn.press(ref + " Care for old and disabled")
	standIn.seeButton("Resolve")
	resident.send("when do you come?")
	worker.see("when do you come?")
	asks := standIn.see("when do you come?")
	standIn.Reply(asks, "I come on Monday instead")
	resident.see(w.nameOf("w-440117-2-2") + ": I come on Monday instead")
	standIn.send("/mine")
	standIn.see("In your hands: 1")
	other := requestOf(w.person(2, "Lin", "en"), "I need a wheelchair for my mother")
	standIn.see(other)
	w.rests()
	if worker.hasButton("claim", other) {
		t.Error("who is away is told of a new request")
	}
	stranger.PressData(told, "reply:"+ref+":")
	w.rests()
	if stranger.texts("your words go to the resident") > 0 {
		t.Error("a stranger answers the resident")
	}

	worker.send("/back")
	worker.see("Welcome back")
	standIn.see("You no longer stand in for " + w.nameOf("w-440117-2-1"))
	if !w.onDuty("w-440117-2-1") {
		t.Error("who is back is not on duty, as they have chosen")
	}
	standIn.PressData(asks, "reply:"+ref+":")
	standIn.PressData(asks, "resolve:"+ref+":")
	standIn.Reply(asks, "and on Tuesday")
	w.rests()
	if resident.texts("Tuesday") > 0 || w.state(ref) != "claimed" {
		t.Error("who stood in still does")
	}
	before := standIn.texts("thank you")
	resident.send("thank you for the date, it suits me")
	worker.see("it suits me")
	w.rests()
	if standIn.texts("it suits me") > 0 || standIn.texts("thank you") > before {
		t.Error("who stood in still reads along")
	}
}

// TestStandInDeclines: the worker hears of it and may ask another; a button of before changes nothing, nor does anybody else's.
func TestStandInDeclines(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, first, second := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2"), w.worker(903, "w-440117-2-3")
	resident := w.person(1, "May", "en")
	worker.send("/away 2099-01-01")
	worker.see("can't be read, or have passed")
	worker.press("Until I say")
	worker.press(w.nameOf("w-440117-2-2"))
	told := first.seeButton("I can't stand in")
	decline := told.ReplyMarkup.Rows[len(told.ReplyMarkup.Rows)-1][0].Data
	second.PressData(told, decline)
	resident.send("/help")
	resident.see("Write or say")
	resident.PressData(told, decline)
	resident.PressData(told, "away::open")
	first.PressData(told, "decline::x")
	w.rests()
	if w.count(`SELECT count(*) FROM absences WHERE stand_in = 'w-440117-2-2'`) != 1 || w.count(`SELECT count(*) FROM absences`) != 1 {
		t.Error("somebody else has declined, or is away")
	}
	first.press("I can't stand in")
	worker.see(w.nameOf("w-440117-2-2") + " can't stand in for you")
	first.see("You no longer stand in for")
	worker.press(w.nameOf("w-440117-2-3"))
	second.see("and you stand in")
	first.PressData(told, decline)
	w.rests()
	if w.count(`SELECT count(*) FROM absences WHERE stand_in = 'w-440117-2-3'`) != 1 {
		t.Error("a button of before has declined for another")
	}
	if err := w.server.intake.Dismiss(w.ctx, "w-440117-2-3"); err != nil {
		t.Fatal(err)
	}
	worker.see(w.nameOf("w-440117-2-3") + " can't stand in for you")
}

// TestAwayByDates: an absence begins and ends by itself, whatever the worker has chosen of duty meanwhile.
func TestAwayByDates(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, colleague := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2")
	worker.send("/away tomorrow")
	worker.see("You are away: tomorrow")
	worker.press(w.nameOf("w-440117-2-2"))
	colleague.see("is away (tomorrow), and you stand in")
	if !w.onDuty("w-440117-2-1") {
		t.Error("off duty a day too early")
	}
	w.exec(`UPDATE absences SET starts_at = now() - interval '1 minute'`)
	w.minute()
	if w.onDuty("w-440117-2-1") {
		t.Error("on duty though away")
	}
	worker.send("/duty on")
	worker.see("You are off duty")
	worker.see("Write /back")
	w.exec(`UPDATE absences SET ends_at = now()`)
	w.minute()
	worker.see("Welcome back")
	colleague.see("You no longer stand in")
	if !w.onDuty("w-440117-2-1") {
		t.Error("off duty after the absence")
	}
	w.minute()
	if n := worker.texts("Welcome back"); n != 1 {
		t.Errorf("welcomed %d times, want once", n)
	}
	worker.send("/away 12-24 12-31 for my wedding, and somebody stole my bike")
	worker.see("can't be read")
	if w.count(`SELECT count(*) FROM absences WHERE ended_at IS NULL`) > 0 {
		t.Error("words are taken for dates")
	}
	w.exec(`UPDATE absences SET began_at = began_at - interval '2 years', ended_at = ended_at - interval '2 years'`)
	if err := w.server.intake.Retain(w.ctx); err != nil {
		t.Fatal(err)
	}
	if n := w.count(`SELECT count(*) FROM absences`); n > 0 {
		t.Errorf("%d absences are kept for ever", n)
	}
}
