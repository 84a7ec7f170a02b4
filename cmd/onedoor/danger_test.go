package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	inDanger = "my husband is beating me"                        // wherever that is
	onFire   = "There is a fire in Taiping Town, Conghua, hurry" // 440117-2's
)

// TestDangerAtNightWithoutAPlace: with nobody on duty anywhere, somebody who can be told hears of a danger at once.
func TestDangerAtNightWithoutAPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	worker.send("/duty off")
	worker.see("off duty")
	p := w.person(10, "May", "en")
	p.send(inDanger)
	p.see("Somebody is being told")
	worker.see("Emergency")
}

// TestDangerWithoutAPlaceCirclesWider: whoever can be told only later hears of it by the next alarm.
func TestDangerWithoutAPlaceCirclesWider(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	p.send(inDanger)
	p.see("Nobody can be reached")
	worker := w.worker(901, "w-440117-2-1")
	w.clock()
	worker.see("Emergency")
}

// TestDangerAtNight: where nobody of the nearest station has joined, the next one has a danger though nobody is on duty
// there, and the resident reads who is alarmed indeed.
func TestDangerAtNight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-1-1") // 15 km away
	worker.send("/duty off")
	worker.see("off duty")
	p := w.person(10, "May", "en")
	p.send(onFire)
	p.see("Conghua District Social Work Station is alarmed")
	worker.see("Emergency")
}

// TestDangerPassesBlockedWorkers: whoever has shut the bot out doesn't count as told.
func TestDangerPassesBlockedWorkers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	first, second, third := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-1-1"), w.worker(903, "w-440118-3-1")
	first.Block(w.bot)
	second.Block(w.bot)
	w.rests()
	w.person(10, "May", "en").send(onFire)
	third.see("Emergency")
}

// TestDangerPassesWhoIsFoundBlocked: that the only worker told can't be reached is acted upon when it is known, not at
// the next alarm.
func TestDangerPassesWhoIsFoundBlocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker(901, "w-440117-2-1")
	next := w.worker(902, "w-440117-1-1")
	w.rests()
	w.shutsOut(901)
	w.person(10, "May", "en").send(onFire)
	next.see("Emergency")
}

// TestWordsForTheAlarmed: what is said in answer to the question for the place is read by those who were alarmed.
func TestWordsForTheAlarmed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, p := w.worker(901, "w-440117-2-1"), w.person(10, "May", "en")
	p.send(inDanger)
	p.see("send your location")
	worker.seeButton("Claim")
	p.send("we are behind the old school")
	worker.see("behind the old school")
	p.send("太平镇") // seven of them
	worker.see("太平镇")
	if n := w.count(`SELECT count(*) FROM events WHERE kind = 'said'`); n != 2 {
		t.Errorf("the log has %d of the two", n)
	}
}

// TestClaimedAndForgotten: an emergency whose worker is silent is made known to the colleagues, though none is on duty,
// and to supervisors, and then waits for whoever takes it.
func TestClaimedAndForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	first, second := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2")
	second.send("/duty off")
	second.see("off duty")
	p := w.person(10, "May", "en")
	p.send(onFire)
	p.see("119")
	first.press("Claim")
	p.see("has taken on")
	w.clock()
	first.see("Are you on it?")
	second.see("has no answer yet")
	ref := w.records()[0]["ref"].(string)
	if n := w.count(`SELECT count(*) FROM requests WHERE triage = 'unanswered' AND next_action_at < now() + interval '11 minutes'`); n != 1 {
		t.Error("no supervisor hears of it, or the worker may be silent for hours")
	}
	w.clock()
	w.eventually("it is in the queue again", func() bool { return w.state(ref) == "open" })
}

// TestAnsweredIsNotForgotten: an answer that comes late ends the alarm about it.
func TestAnsweredIsNotForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, p := w.worker(901, "w-440117-2-1"), w.person(10, "May", "en")
	p.send(onFire)
	p.see("119")
	worker.press("Claim")
	p.see("has taken on")
	w.clock()
	worker.Reply(worker.see("Are you on it?"), "we are coming")
	p.see("we are coming")
	if n := w.count(`SELECT count(*) FROM requests WHERE state = 'claimed' AND triage = ''`); n != 1 {
		t.Error("a supervisor goes on looking for an answer")
	}
	w.clock()
	worker.see("Half of the time")
	w.clock()
	worker.see("is past its time")
}

// TestWorkersOwnEmergency: what a worker says of a request of their own goes there, and danger in two messages is heard
// from a worker, too.
func TestWorkersOwnEmergency(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	other, p := w.worker(902, "w-440117-2-2"), w.worker(901, "w-440117-2-1")
	p.send(onFire)
	p.see("119")
	other.press("Claim")
	p.see("has taken on")
	p.send("we are in the cellar of house 21")
	other.see("cellar of house 21")

	other.send("My husband has just drank")
	other.see("That went to nobody")
	other.send("half a bottle of pesticide")
	other.see("120")
}

// TestWorkersOwnMatter: a worker who asks for help themselves still answers residents by replying to what they said.
func TestWorkersOwnMatter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, _ := claimed(w)
	resident.send("when do you come?")
	asked := worker.see("when do you come?")
	worker.send("/new")
	worker.see("What do you need?")
	worker.send("my roof leaks and the landlord does nothing")
	worker.see("send your location")
	worker.Reply(asked, "on Monday")
	resident.see("on Monday")
	worker.Reply(worker.see("send your location"), "Taiping Town, Conghua")
	worker.seeButton("Confirm")
}

// modelHearsDanger is a model that takes words with "purple umbrella" for violence, once it is let to answer.
func modelHearsDanger(t *testing.T, answer <-chan struct{}) func(*config) {
	url := endpoint(t, func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		content := goodAnswer
		if strings.Contains(string(body), "purple umbrella") {
			<-answer
			content = strings.NewReplacer(`"crisis":""`, `"crisis":"violence"`, `"urgency":"normal"`, `"urgency":"emergency"`).Replace(goodAnswer)
		}
		saying(content)(rw, r)
	})
	return func(c *config) {
		withModel(url)(c)
		c.OpenAILimit = 10 * time.Second
	}
}

// TestDangerTheModelHearsLate: danger that only the model hears counts though the request was filed, claimed or added to
// meanwhile.
func TestDangerTheModelHearsLate(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(resident, worker *person){
		"confirmed": func(resident, _ *person) {},
		"added to":  func(resident, _ *person) { resident.send("please hurry"); resident.see("Added") },
		"claimed":   func(resident, worker *person) { worker.press("Claim"); resident.see("has taken on") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := make(chan struct{})
			w := newWorld(t, modelHearsDanger(t, answer))
			worker, p := w.worker(901, "w-440117-2-1"), w.person(10, "May", "en")
			p.send("I need a wheelchair for my father, Taiping Town, Conghua")
			card := p.seeButton("Confirm")
			w.rests()
			p.send("he stands at the door with the purple umbrella again")
			w.eventually("the model is asked", func() bool { return w.count(`SELECT count(*) FROM requests WHERE next_action = 'understand'`) == 1 })
			button, _ := card.Button("Confirm")
			p.PressData(card, button.Data)
			p.see("Your request has number")
			meanwhile(p, worker)
			close(answer)
			p.see("110")
			worker.see("Emergency")
		})
	}
}

// TestMistake: an alarm is taken back where it was raised, not where it was heard once more, and those called hear of it.
func TestMistake(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, resident := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
	resident.send("/start 440117111")
	resident.send(onFire)
	raised := resident.seeButton("It was a mistake")
	worker.seeButton("Claim")
	resident.send("my father does not breathe")
	again := resident.see("120")
	if len(again.Labels()) != 0 {
		t.Errorf("a further cry has the buttons %v", again.Labels())
	}
	worker.see("is still waiting") // of another danger they hear at once
	if _, err := resident.Press(raised, "It was a mistake"); err != nil {
		t.Fatal(err)
	}
	worker.see("somebody else may hold the phone")
}
