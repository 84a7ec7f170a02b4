package main

import (
	"strings"
	"sync"
	"testing"

	"onedoor/internal/simulator"
)

// partner is somebody of an organisation, or a volunteer, who has joined by their link.
func (w *world) partner(id int64, code string) *person {
	w.Helper()
	_, start, found := strings.Cut(strings.TrimSpace(w.run("invite", code)), "?start=")
	if !found {
		w.Fatalf("invite printed no link for %s", code)
	}
	p := w.person(id, code, "en")
	p.send("/start " + start)
	p.see("Welcome")
	return p
}

// alwaysOpen makes the order of organisations not depend on when a test runs.
func (w *world) alwaysOpen() { w.exec(`UPDATE organisations SET hours = ''`) }

// choose presses a button and the ones that it leads to.
func (p *person) choose(labels ...string) {
	p.w.Helper()
	for _, label := range labels {
		p.press(label)
	}
}

// offersTask has a worker offer their request as a small task, with these words.
func (p *person) offersTask(task, words string) {
	p.w.Helper()
	p.choose("Refer", "Volunteers near by", task)
	p.see("they read only this")
	p.send(words)
}

// TestReferToAnOrganisation: it is asked with the worker's words alone, accepts, writes and is written to, and reports;
// the worker stays answerable.
func TestReferToAnOrganisation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.alwaysOpen()
	association := w.partner(801, "org-440117111-1")
	resident, worker, ref := claimed(w)
	worker.choose("Refer", "Organisations near by")
	list := worker.see("near by:").Text
	if !strings.Contains(list, "1 · ") || !strings.Contains(list, "open") || strings.Count(list, "\n") > 5 {
		t.Errorf("the directory says: %s", list)
	}
	worker.press("1 Taiping Elderly Association")
	if detail := worker.see("☎").Text; !strings.Contains(detail, "温伯 020-00000301") {
		t.Errorf("the organisation is shown as: %s", detail)
	}
	worker.press("Ask them here")
	worker.see("they read only this")
	worker.send("An old man needs a wheelchair on loan for a month")
	worker.see("Taiping Elderly Association asked")
	task := association.see("a wheelchair on loan").Text
	if strings.Contains(task, ref) || strings.Contains(task, "father") || !strings.Contains(task, "Taiping Town") {
		t.Errorf("the organisation reads more or less than it needs: %s", task)
	}
	association.press("I'll do it")
	resident.see("of Taiping Elderly Association helps")
	worker.see("Taiping Elderly Association helps")
	if w.state(ref) != "referred" {
		t.Errorf("the request is %s", w.state(ref))
	}
	resident.send("/status")
	resident.see("Taiping Elderly Association has it")
	worker.send("/mine")
	if mine := worker.see("In your hands: 1").Text; !strings.Contains(mine, ref) {
		t.Errorf("the worker doesn't have it any more: %s", mine)
	}

	association.press("Write to worker")
	association.see("Your next message goes there")
	association.send("Is Tuesday all right?")
	asked := worker.see("Is Tuesday all right?")
	worker.Reply(asked, "Tuesday at nine")
	association.see("Tuesday at nine")
	worker.press("Write to them")
	worker.see("not to the resident")
	worker.send("the house behind the school")
	association.see("behind the school")
	w.rests()
	if resident.texts("Tuesday")+resident.texts("behind the school") > 0 {
		t.Error("what the worker writes to an organisation has reached the resident")
	}
	association.choose("Done", "All done")
	worker.see("reports")
	association.send("He has it, and knows how to brake")
	worker.see("knows how to brake")
	w.rests()
	if w.state(ref) != "claimed" || w.count(`SELECT count(*) FROM referrals WHERE state = 'done' AND outcome = 'done' AND report IS NOT NULL`) != 1 {
		t.Errorf("after the report the request is %s", w.state(ref))
	}
	worker.press("Resolve")
	worker.press("Solved")
	resident.see("has been closed")
	if n := w.count(`SELECT count(*) FROM events WHERE kind = 'referred' AND data ->> 'step' IN ('offered', 'accepted', 'done')`); n != 3 {
		t.Errorf("%d of three steps are in the log", n)
	}
}

// TestVolunteersRace: two who accept at once are one who has it and one who is told so, and nobody else can.
func TestVolunteersRace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	volunteers := []*person{w.partner(811, "v-440117-1"), w.partner(812, "v-440117-2"), w.partner(813, "v-440117-3")}
	resident, worker, ref := claimed(w)
	worker.offersTask("Shopping", "Rice and oil for an old couple, twice a week")
	var group sync.WaitGroup
	for _, p := range volunteers {
		p.seeButton("I'll do it")
		group.Go(func() { p.press("I'll do it") })
	}
	group.Wait()
	resident.see("helps with your request " + ref)
	w.rests()
	if n := w.count(`SELECT count(*) FROM referrals WHERE state = 'accepted'`); n != 1 || w.state(ref) != "claimed" {
		t.Errorf("%d volunteers have it, and the request is %s", n, w.state(ref))
	}
	has, taken := 0, 0
	for _, p := range volunteers {
		has += p.texts("You do it")
		taken += p.texts("somebody else does it")
	}
	if has != 1 || taken != 2 {
		t.Errorf("%d have it and %d read that it is taken, want 1 and 2", has, taken)
	}
	for _, p := range volunteers {
		if p.texts("somebody else") > 0 && p.texts("Rice and oil") > 0 {
			t.Error("who doesn't have it still reads what it was")
		}
	}
	if worker.texts("(Shopping)") == 0 {
		t.Error("the worker isn't told who helps")
	}
}

// TestNotForVolunteers: where there is danger or violence, no button offers it, and a forged one does nothing.
func TestNotForVolunteers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	volunteer := w.partner(811, "v-440117-1")
	_, worker, ref := claimed(w)
	for name, change := range map[string]string{"an emergency": `UPDATE requests SET urgency = 'emergency', crisis = 'fire'`,
		"violence": `UPDATE requests SET urgency = 'normal', crisis = 'violence'`} {
		w.exec(change)
		worker.press("Refer")
		w.rests()
		if worker.last().Words() == "" || worker.withButton("Volunteers near by") > 0 {
			t.Errorf("%s is offered to volunteers", name)
		}
		worker.PressData(worker.last(), "referto:"+ref+":volunteer:shopping")
		w.rests()
		worker.send("rice and oil")
		w.rests()
	}
	if volunteer.texts("rice") > 0 || w.count(`SELECT count(*) FROM referrals`) > 0 {
		t.Error("a forged button has offered danger to volunteers")
	}
}

// TestDangerFromAVolunteer: what somebody who helps says of danger is an emergency, and the worker hears it, too.
func TestDangerFromAVolunteer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	volunteer := w.partner(811, "v-440117-1")
	_, worker, _ := claimed(w)
	worker.offersTask("A visit", "See how he is, please")
	volunteer.press("I'll do it")
	volunteer.see("You do it")
	volunteer.press("Write to worker")
	volunteer.see("Your next message goes there")
	volunteer.send("help, the house is on fire!")
	volunteer.see("119")
	worker.see("the house is on fire")
	if w.emergencies() != 1 {
		t.Errorf("%d emergencies, want one", w.emergencies())
	}
}

// TestReferralsEnd: taking back the request ends what others do for it, and they read so; a change of worker doesn't.
func TestReferralsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	volunteer, second := w.partner(811, "v-440117-1"), w.worker(902, "w-440117-2-2")
	resident, worker, ref := claimed(w)
	worker.offersTask("Shopping", "Rice and oil, please")
	volunteer.press("I'll do it")
	worker.see("helps (Shopping)")
	worker.press("Release")
	second.press("Claim")
	resident.see("w-440117") // nothing: the name is shown
	_ = ref
}

var _ = simulator.Message{}
