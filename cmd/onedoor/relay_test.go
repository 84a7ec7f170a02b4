package main

import (
	"testing"
)

// TestDismissedWorkerReadsNoMore: who was dismissed is shown nothing that the resident says from then on.
func TestDismissedWorkerReadsNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	colleague := w.worker(902, "w-440117-2-2")
	p := w.person(10, "May", "en")
	requestOf(p, "I need a wheelchair for my father")
	worker.seeButton("Claim")
	w.exec(`UPDATE workers SET active = false, on_duty = false WHERE chat_id = 901`)
	p.send("my telephone number is 13800138000")
	colleague.see("13800138000")
	worker.see("no longer with your station")
	w.rests()
	if worker.texts("13800138000")+worker.texts("wheelchair") > 0 {
		t.Error("a dismissed worker is shown what the resident says")
	}
}

// TestFormerStationReadsNoMore: the station from which a request was taken is shown neither its words nor its buttons.
func TestFormerStationReadsNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	former, now := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-1-1")
	p := w.person(10, "May", "en")
	ref := requestOf(p, "I need a wheelchair for my father")
	former.press("Claim")
	p.see("has taken on")
	p.send("we are at house 21")
	former.see("house 21")
	if err := w.server.intake.SendTo(w.ctx, ref, "st-440117-1", "admin"); err != nil {
		t.Fatal(err)
	}
	now.seeButton("Claim")
	p.send("my telephone number is 13800138000")
	now.see("13800138000")
	p.edit("we are at house 21", "we are at house 22")
	w.rests()
	if former.texts("13800138000")+former.texts("house 22") > 0 {
		t.Error("the former station is shown what the resident says now")
	}
	if former.hasButton("claim", ref) {
		t.Error("the former station's card has a Claim button that is refused")
	}
}

// TestOfferedStationReadsNoMore: who was only offered a request that another station has claimed reads that it is
// claimed, and no more of it.
func TestOfferedStationReadsNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	owner, offered := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-1-1")
	p := w.person(10, "May", "en")
	requestOf(p, "I need a wheelchair for my father")
	w.tooLate()
	offered.see("wheelchair")
	owner.press("Claim")
	offered.see("has it")
	w.rests()
	if offered.texts("wheelchair") > 0 {
		t.Error("another station goes on reading what is claimed")
	}
}

// TestNextWorkerReadsWhatWasSaid: what a resident said to one worker is there for the next, however it got to them.
func TestNextWorkerReadsWhatWasSaid(t *testing.T) {
	t.Parallel()
	for name, handOver := range map[string]func(resident, worker *person){
		"released":   func(_, worker *person) { worker.press("Release") },
		"passed on":  func(_, worker *person) { worker.press("Pass on"); worker.press("To a supervisor") },
		"not solved": func(p, worker *person) { worker.press("Resolve"); worker.press("Solved"); p.press("It isn't solved") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			second := w.worker(902, "w-440117-2-2")
			resident, first, ref := claimed(w)
			resident.send("he sits in the back room, we are at house 21")
			first.see("house 21")
			handOver(resident, first)
			w.eventually("it waits again", func() bool { return w.state(ref) == "open" })
			w.rests()
			second.press("Claim")
			second.see("house 21")
		})
	}
}

// TestNextWorkerReadsWhatNobodyRead: so it is where the worker before had shut the bot out and never read it.
func TestNextWorkerReadsWhatNobodyRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	second := w.worker(902, "w-440117-2-2")
	resident, _, ref := claimed(w)
	w.rests()
	w.shutsOut(901)
	resident.send("he sits in the back room, the door is open, we are at house 21")
	w.eventually("it is in the queue again", func() bool { return w.state(ref) == "open" })
	second.press("Claim")
	second.see("house 21")
}
