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
	p.more("Refer")
	p.choose("Volunteers near by", task)
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
	worker.more("Refer")
	worker.press("Organisations near by")
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
	w.rests() // it is on record what the message is about
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
	if worker.texts("reports") != 1 || worker.texts("see below") != 2 {
		t.Error("what is told of the referral stands more than once")
	}
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
	offers := make([]simulator.Message, len(volunteers))
	for i, p := range volunteers {
		offers[i] = p.seeButton("I'll do it")
	}
	var group sync.WaitGroup
	for i, p := range volunteers {
		group.Go(func() { p.Press(offers[i], "I'll do it") })
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
	if n := w.count(`SELECT count(*) FROM events WHERE data ->> 'step' = 'accepted'`); n != 1 || resident.texts("helps with") != 1 {
		t.Errorf("it was accepted %d times, and the resident reads so %d times", n, resident.texts("helps with"))
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
		worker.more("Refer")
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

// TestReferralsEnd: a change of worker ends nothing that others do, whoever claims next is answerable; taking back the
// request ends it, and who helps reads so.
func TestReferralsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	volunteer, association, second := w.partner(811, "v-440117-1"), w.partner(801, "org-440117111-1"), w.worker(902, "w-440117-2-2")
	resident, worker, ref := claimed(w)
	worker.offersTask("Shopping", "Rice and oil, please")
	volunteer.press("I'll do it")
	worker.see("helps (Shopping)")
	worker.PressData(worker.seeButton("Resolve"), "referto:"+ref+":organisation:org-440117111-1")
	worker.see("they read only this")
	worker.send("A wheelchair on loan, please")
	association.press("I'll do it")
	w.eventually("the organisation has it", func() bool { return w.state(ref) == "referred" })
	worker.press("Release")
	w.eventually("it is released", func() bool { return w.state(ref) == "open" })
	volunteer.press("Write to worker")
	volunteer.see("Your next message goes there")
	volunteer.send("They need salt as well")
	second.see("They need salt as well")
	second.press("Claim")
	w.eventually("the organisation still has it", func() bool { return w.state(ref) == "referred" })
	resident.PressData(resident.see("Your request has number"), "cancel:"+ref+":")
	resident.see("Taken back")
	volunteer.see("no longer needed")
	association.see("no longer needed")
	w.rests()
	if n := w.count(`SELECT count(*) FROM referrals WHERE state = 'ended' AND why = 'over'`); n != 2 {
		t.Errorf("%d of two referrals are ended", n)
	}
	if volunteer.texts("Rice and oil")+association.texts("A wheelchair") > 0 {
		t.Error("who helped still reads what it was about")
	}
}

// TestRecall: the worker takes back at any time what others were asked to do or do.
func TestRecall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	volunteer := w.partner(811, "v-440117-1")
	_, worker, _ := claimed(w)
	worker.offersTask("Shopping", "Rice and oil, please")
	volunteer.seeButton("I'll do it")
	worker.press("Take it back")
	volunteer.see("no longer needed")
	worker.offersTask("Shopping", "Rice, please")
	volunteer.press("I'll do it")
	worker.see("helps (Shopping)")
	worker.press("Take it back")
	w.eventually("it is taken back twice", func() bool {
		return w.count(`SELECT count(*) FROM referrals WHERE why = 'recalled'`) == 2
	})
	volunteer.see("no longer needed")
	volunteer.forge("no longer needed", "accept::"+w.text1(`SELECT max(id) FROM referrals`))
	w.rests()
	if w.count(`SELECT count(*) FROM referrals WHERE state = 'accepted'`) != 0 {
		t.Error("an old button has accepted what was taken back")
	}
}

// text1 is the one value that a query finds, as text.
func (w *world) text1(query string) (value string) {
	w.Helper()
	if err := w.server.db.Get(&value, `SELECT CAST((`+query+`) AS text)`); err != nil {
		w.Fatal(err)
	}
	return value
}

// TestPartnersSeeTheirOwn: buttons for what was not offered to their presser do nothing, nor do a worker's.
func TestPartnersSeeTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	volunteer, driver := w.partner(811, "v-440117-1"), w.partner(814, "v-440117-4") // who doesn't shop
	resident, worker, ref := claimed(w)
	worker.offersTask("Shopping", "Rice and oil, please")
	volunteer.seeButton("I'll do it")
	id := w.text1(`SELECT id FROM referrals`)
	for _, action := range []string{"accept", "decline", "toworker", "reported", "report"} {
		driver.forge("Welcome", action+"::"+id)
		driver.forge("Welcome", action+"::"+id+":done")
		resident.forge("has taken on", action+"::"+id)
		worker.forge("asked", action+"::"+id)
	}
	for _, action := range []string{"open", "reply", "note", "release", "claim", "refer", "recall", "topartner", "colleagues", "take"} {
		volunteer.forge("Welcome", action+":"+ref+":"+id)
	}
	volunteer.send("/queue")
	driver.send("/mine")
	driver.see("nothing to do")
	w.rests()
	if driver.texts("Rice")+driver.texts(ref)+volunteer.texts(ref)+volunteer.texts("waiting, the most pressing") > 0 {
		t.Error("a partner sees more than what was offered to them")
	}
	if w.count(`SELECT count(*) FROM referrals WHERE state = 'offered'`) != 1 || w.count(`SELECT count(*) FROM referral_offers`) != 1 || w.state(ref) != "claimed" {
		t.Error("a forged button had an effect")
	}
	if n := w.count(`SELECT count(*) FROM troubles`); n > 0 {
		t.Errorf("%d troubles", n)
	}
	driver.send("I need a wheelchair for my own mother") // they can ask for help like anybody
	driver.see("send your location")
}

// asideClock makes due now what others were asked to do; in the end, for good.
func (w *world) asideClock(forGood bool) {
	w.Helper()
	w.rests()
	if forGood { // first: what is due is acted on at once
		w.exec(`UPDATE referrals SET expires_at = now() - interval '1 second'`)
	}
	w.exec(`UPDATE handoffs SET next_at = now() - interval '1 second' WHERE next_at IS NOT NULL`)
	w.exec(`UPDATE referrals SET next_at = now() - interval '1 second' WHERE next_at IS NOT NULL`)
	w.eventually("the clock has acted", func() bool {
		return w.count(`SELECT (SELECT count(*) FROM referrals WHERE next_at <= now()) + (SELECT count(*) FROM handoffs WHERE next_at <= now())`) == 0
	})
	w.rests()
}

// TestVolunteersAskedInTurn: the nearest five first, five more half an hour later, and the worker hears when it is no use.
func TestVolunteersAskedInTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	rows := "code,name,phone,place_code,lat,lon,datum,tasks,reach_km\n"
	for _, n := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		rows += "n-" + n + ",N" + n + ",,,23.45" + n + ",113.488,,repairs,5\n"
	}
	w.run("import", "volunteers", write(t, "volunteers.csv", rows))
	var all []*person
	for i, n := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		all = append(all, w.partner(int64(820+i), "n-"+n))
	}
	_, worker, _ := claimed(w)
	worker.offersTask("Small repairs", "A tap drips")
	asked := func() (n int) {
		w.rests()
		for _, p := range all {
			if p.texts("A tap drips") > 0 {
				n++
			}
		}
		return n
	}
	if n := asked(); n != 5 || all[6].texts("A tap drips") > 0 {
		t.Errorf("%d are asked at first, want the nearest five", n)
	}
	w.asideClock(false)
	if n := asked(); n != 7 {
		t.Errorf("%d are asked half an hour later, want all seven", n)
	}
	all[0].press("I can't")
	all[0].see("thank you for saying so")
	w.asideClock(false)
	if w.count(`SELECT count(*) FROM referrals WHERE state = 'offered'`) != 1 {
		t.Error("it ends while some still think")
	}
	w.asideClock(true)
	worker.see("no answer from volunteers near by")
	if n := asked(); n > 0 {
		t.Errorf("%d still read what nobody needs to do", n)
	}
	worker.offersTask("Small repairs", "The tap drips again")
	for _, p := range all[:5] {
		p.press("I can't")
	}
	all[5].press("I can't") // asked at once when the first five have declined
	all[6].press("I can't")
	worker.see("volunteers near by can't help")
}

// TestNobodyToRefer: the worker is told at once where nobody can be asked, and of an organisation that only has a phone.
func TestNobodyToRefer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.alwaysOpen()
	resident, worker, ref := claimed(w)
	worker.offersTask("A lift", "To the clinic and back")
	worker.see("nobody can be asked")
	worker.choose("Refer", "Organisations near by", "1 Taiping Elderly Association")
	worker.see("please phone them")
	worker.press("☎ They said yes")
	worker.see("has it, by phone")
	resident.see("Taiping Elderly Association helps")
	if w.state(ref) != "referred" {
		t.Errorf("the request is %s", w.state(ref))
	}
	worker.forge("has it, by phone", "theytake:"+ref+":org-440117111-2")
	w.rests()
	if n := w.count(`SELECT count(*) FROM referrals`); n != 1 {
		t.Errorf("%d organisations have one request", n)
	}
}

// TestCapacity: an organisation with room for one accepts one.
func TestCapacity(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.exec(`UPDATE organisations SET hours = '', capacity = 1 WHERE code = 'org-440117111-1'`)
	association := w.partner(801, "org-440117111-1")
	worker, _, refs := w.twoRequests()
	for _, ref := range refs {
		worker.PressData(worker.seeButton("Resolve"), "referto:"+ref+":organisation:org-440117111-1")
		worker.see("must know about " + ref)
		worker.send("a wheelchair for " + ref)
		association.see("a wheelchair for " + ref)
	}
	for _, ref := range refs {
		card := association.see("a wheelchair for " + ref)
		association.Press(card, "I'll do it")
	}
	association.toast("no room")
	w.rests()
	if n := w.count(`SELECT count(*) FROM referrals WHERE state = 'accepted'`); n != 1 {
		t.Errorf("an organisation with room for one has %d", n)
	}
}

// TestForgottenReferral: what is erased is gone from who helped, too.
func TestForgottenReferral(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	volunteer := w.partner(811, "v-440117-1")
	resident, worker, _ := claimed(w)
	worker.offersTask("Shopping", "Old Chen at the red gate needs rice")
	volunteer.press("I'll do it")
	volunteer.see("You do it")
	volunteer.choose("Write to worker")
	volunteer.see("Your next message goes there")
	volunteer.send("I was at the red gate")
	worker.see("I was at the red gate")
	resident.send("/forget")
	resident.press("Erase everything")
	resident.see("Everything is erased")
	w.rests()
	if found := w.traces("red gate"); len(found) > 0 {
		t.Errorf("it is still kept in %v", found)
	}
	if volunteer.texts("red gate") > 0 || worker.texts("🤝 梁阿姨") > 0 {
		t.Error("it is still read")
	}
}

// TestOnePersonAChat: a worker's chat becomes nobody else's, and a partner's becomes a worker's.
func TestOnePersonAChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	_, start, _ := strings.Cut(strings.TrimSpace(w.run("invite", "v-440117-1")), "?start=")
	worker.send("/start " + start)
	worker.see("is a social worker's")
	volunteer := w.person(811, "v", "en")
	volunteer.send("/start " + start) // not used up
	volunteer.see("Welcome")
	volunteer.send("/start " + start)
	w.rests()
	_, start, _ = strings.Cut(strings.TrimSpace(w.run("invite", "w-440117-2-2")), "?start=")
	volunteer.send("/start " + start)
	volunteer.see("on duty")
	if w.count(`SELECT count(*) FROM partners WHERE chat_id IS NOT NULL`) != 0 {
		t.Error("one chat is two people's")
	}
}
