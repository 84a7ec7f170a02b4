package main

import (
	"strings"
	"testing"
)

// TestEscalation: what nobody claims is heard of by ever more: those on duty, then the next station and the supervisor, then
// the county's supervisors, and by them every morning. Each step is in the log, and whoever hears of it last can take it.
func TestEscalation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, supervisor := w.worker(902, "w-440117-2-2"), w.worker(901, "w-440117-2-1")
	next, county := w.worker(904, "w-440117-1-2"), w.worker(903, "w-440117-1-1")
	elsewhere := w.worker(905, "w-440303-1-1")
	for _, p := range []*person{supervisor, county, elsewhere} {
		p.send("/duty off")
		p.see("You are off duty")
	}
	resident := w.person(1, "May", "en")
	ref := requestOf(resident, "I need a wheelchair for my father")
	if n := w.count(`SELECT count(*) FROM requests WHERE claim_level = 0 AND next_action_at = claim_due - (claim_due - submitted_at) / 2`); n != 1 {
		t.Error("the clock doesn't act when half of the time is over")
	}

	w.clock()
	worker.see("still waits for somebody")
	if n := supervisor.texts("still waits") + next.texts(ref) + resident.texts("in time"); n > 0 {
		t.Errorf("%d others hear of it when half of the time is over", n)
	}
	w.clock()
	next.see("wheelchair")
	supervisor.see("nobody has taken it in time")
	resident.see("has been asked as well")
	if county.texts(ref) > 0 || w.count(`SELECT count(*) FROM requests WHERE triage = 'unclaimed'`) != 1 {
		t.Error("the county hears of it too early, or the admin's board has it not")
	}
	w.clock()
	county.see("in twice its time")
	supervisor.see("in twice its time")
	w.clock() // the morning after
	w.eventually("it is repeated", func() bool { return county.texts("in twice its time") == 2 })
	if n := elsewhere.texts(ref); n > 0 {
		t.Errorf("another county hears of it %d times", n)
	}
	var log string
	if err := w.server.db.Get(&log, `SELECT string_agg(kind || coalesce(' ' || (data ->> 'who'), ''), ', ' ORDER BY id) FROM events
		WHERE kind IN ('reminded', 'offered')`); err != nil {
		t.Fatal(err)
	}
	if want := "reminded called, offered, reminded supervisors, reminded county, reminded county"; log != want {
		t.Errorf("the log says %s", log)
	}
	county.press("Claim")
	w.eventually("it is claimed", func() bool { return w.state(ref) == "claimed" })
	county.press("Reply")
	county.see("your words go to the resident")
}

// TestLateAsks: who has claimed and is silent is asked, and loses the request at the end, without blame;
// everybody of the station is called again, and the resident reads so.
func TestLateAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	second := w.worker(902, "w-440117-2-2")
	resident, first, ref := claimed(w)
	if n := w.count(`SELECT count(*) FROM requests WHERE abs(extract(epoch FROM next_action_at - claimed_at - (answer_due - claimed_at) / 2)) < 0.001`); n != 1 { // half of a microsecond is rounded
		t.Error("the worker isn't asked when half of the time for the answer is over")
	}
	before := w.cards("902")
	w.clock()
	asks := first.see("Are you on it?")
	if got := strings.Join(asks.Labels(), ","); got != "Reply,Release" {
		t.Errorf("the question has the buttons %s", got)
	}
	if n := w.count(`SELECT count(*) FROM requests WHERE next_action = 'answer' AND next_action_at = answer_due`); n != 1 {
		t.Error("the worker doesn't have the time until the answer is due")
	}
	w.clock()
	first.see("is in the queue again")
	resident.see("should have been answered by now")
	w.eventually("it waits again", func() bool { return w.state(ref) == "open" })
	w.eventually("the station is called again", func() bool { return w.cards("902") == before+1 })
	second.press("Claim")
	w.eventually("a colleague has it", func() bool { return w.state(ref) == "claimed" })
}

// TestLateTexts: all that the clock says to workers and supervisors has its words in each language, and fits.
func TestLateTexts(t *testing.T) {
	t.Parallel()
	inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
		for _, key := range []string{"late_ask", "late_half", "late_resolve", "returned", "unclaimed", "escalated_claim", "escalated_resolve", "county_claim", "county_resolve"} {
			got := say(key, "Ref", "K7P3QX", "Sign", "🔵", "Service", "X", "State", "Y", "Station", "Z", "Phone", "020-1")
			if got == key || strings.Count(got, "\n") > 5 || !strings.Contains(got, "K7P3QX") || strings.HasPrefix(key, "county") && !strings.Contains(got, "020-1") {
				t.Errorf("%s says %q for %s", tag, got, key)
			}
		}
	})
}

// TestAnsweredAndLeft: a request that is answered and not resolved is reminded of at half of its time, at its end, when the
// supervisor is told, and daily; at twice its time the county's supervisor is told.
func TestAnsweredAndLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	supervisor, county := w.worker(902, "w-440117-2-2"), w.worker(903, "w-440117-1-1")
	w.exec(`UPDATE workers SET role = CASE code WHEN 'w-440117-2-2' THEN 'supervisor' WHEN 'w-440117-2-1' THEN 'worker' ELSE role END`)
	_, worker, ref := claimed(w)
	worker.press("Reply")
	worker.see("your words go to the resident")
	worker.send("we come on Monday")
	w.rests()
	if n := w.count(`SELECT count(*) FROM requests WHERE next_action = 'resolve' AND next_action_at = resolve_due - (resolve_due - submitted_at) / 2`); n != 1 {
		t.Error("the worker isn't reminded when half of the time to resolve is over")
	}
	w.clock()
	worker.see("Half of the time")
	w.clock()
	worker.see("is past its time")
	supervisor.see("not resolved in time")
	w.clock()
	w.eventually("it is repeated daily", func() bool { return worker.texts("is past its time") == 2 })
	if supervisor.texts("not resolved in time") != 1 || county.texts(ref) > 0 {
		t.Error("supervisors hear of it daily, or the county too early")
	}
	w.exec(`UPDATE requests SET resolve_due = now() - interval '400 hours'`)
	w.clock()
	county.see("not resolved in twice its time")
	if w.state(ref) != "claimed" {
		t.Error("it is " + w.state(ref))
	}
}

// TestAlarmNeverEnds: an emergency that nobody claims is told to ever more, to supervisors and to the county's, and when all
// have it to all of them again.
func TestAlarmNeverEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, supervisor := w.worker(902, "w-440117-2-2"), w.worker(901, "w-440117-2-1")
	next, county := w.worker(904, "w-440117-1-2"), w.worker(903, "w-440117-1-1")
	for _, p := range []*person{supervisor, county} {
		p.send("/duty off")
		p.see("You are off duty")
	}
	w.person(10, "May", "en").send(onFire)
	worker.see("Emergency")
	w.clock()
	next.see("Emergency")
	if n := supervisor.texts("Emergency") + county.texts("Emergency"); n > 0 {
		t.Errorf("%d who are off duty hear of it at once", n)
	}
	w.exec(`UPDATE requests SET claim_due = now() - interval '1 hour'`)
	for range 3 { // a level with each
		w.clock()
	}
	supervisor.see("nobody has taken it in time")
	county.see("in twice its time")
	alarms, told := worker.texts("still waiting"), county.texts("in twice its time")
	for range 3 {
		w.clock()
	}
	if a, c := worker.texts("still waiting"), county.texts("in twice its time"); a != alarms+3 || c != told+3 {
		t.Errorf("of three alarms more the worker hears %d, the county's supervisor %d", a-alarms, c-told)
	}
	if n := w.count(`SELECT count(*) FROM requests WHERE state = 'open' AND next_action_at BETWEEN now() + interval '1 minute' AND now() + interval '2 minutes'`); n != 1 {
		t.Error("the next alarm isn't within two minutes")
	}
}

// TestNobodyOnDutyAnywhere: all who can be told of the station hear of it, a supervisor has it on the board, and whoever
// comes on duty there, in whatever way, is shown what waits.
func TestNobodyOnDutyAnywhere(t *testing.T) {
	t.Parallel()
	for name, comes := range map[string]func(w *world) *person{
		"by the command": func(w *world) *person {
			p := w.person(902, "w-440117-2-2", "en")
			p.send("/duty on")
			return p
		},
		"by joining": func(w *world) *person {
			w.exec(`UPDATE workers SET chat_id = NULL, bot_id = NULL, joined_at = NULL WHERE chat_id = 902`)
			return w.worker(906, "w-440117-2-3")
		},
		"by a timetable": func(w *world) *person {
			w.exec(`UPDATE workers SET on_duty = true, duty = 'on' WHERE chat_id = 902`)
			return w.person(902, "w-440117-2-2", "en")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			asleep, later := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2")
			for _, p := range []*person{asleep, later} {
				p.send("/duty off")
				p.see("You are off duty")
			}
			w.exec(`UPDATE chats SET unreachable_at = now() WHERE id = 902`)
			ref := requestOf(w.person(1, "May", "en"), "I need a wheelchair for my father")
			asleep.see("wheelchair")
			if n := w.count(`SELECT count(*) FROM requests WHERE triage = 'unstaffed' AND state = 'open'`); n != 1 {
				t.Error("no supervisor hears that nobody is on duty anywhere")
			}
			w.exec(`UPDATE chats SET unreachable_at = NULL`)
			comes(w).press("Claim")
			w.eventually("it is claimed", func() bool { return w.state(ref) == "claimed" })
			if n := w.count(`SELECT count(*) FROM requests WHERE triage <> ''`); n > 0 {
				t.Error("a supervisor goes on looking for somebody")
			}
		})
	}
}

// TestNobodyJoinedNearBy: where nobody of the station can be told and nobody is on duty anywhere, the nearest who can be are.
func TestNobodyJoinedNearBy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	far := w.worker(903, "w-440117-1-1")
	far.send("/duty off")
	far.see("You are off duty")
	requestOf(w.person(1, "May", "en"), "I need a wheelchair for my father")
	far.see("wheelchair")
	if n := w.count(`SELECT count(*) FROM requests WHERE triage = 'unstaffed' AND station = 'st-440117-2'`); n != 1 {
		t.Error("no supervisor hears that nobody is on duty anywhere")
	}
}

// TestArrivalsOnce: who goes off and on again isn't shown the same cards twice.
func TestArrivalsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	requestOf(w.person(1, "May", "en"), "I need a wheelchair for my father")
	worker.seeButton("Claim")
	for _, duty := range []string{"off", "on"} {
		worker.send("/duty " + duty)
		worker.see("You are " + map[string]string{"off": "off", "on": "on"}[duty] + " duty")
	}
	w.eventually("the arrival is noticed", func() bool { return w.count(`SELECT count(*) FROM workers WHERE arrived`) == 0 })
	w.rests()
	if n := w.cards("901"); n != 1 {
		t.Errorf("there are %d cards", n)
	}
}
