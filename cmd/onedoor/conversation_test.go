package main

import (
	"fmt"
	"strings"
	"testing"

	"onedoor/intake"
	"onedoor/internal/simulator"
)

// requestOf submits a request of a resident in 太平镇, and returns its reference.
func requestOf(p *person, words string) string {
	p.w.Helper()
	p.send(words)
	p.see("send your location")
	p.Location(p.w.bot, 23.452, 113.488)
	p.press("Confirm")
	text := p.see("Your request has number").Text
	ref, _, _ := strings.Cut(strings.TrimPrefix(text, "Your request has number "), ".")
	return ref
}

func (w *world) state(ref string) string {
	w.Helper()
	var state string
	if err := w.server.db.Get(&state, `SELECT state FROM requests WHERE ref = $1`, ref); err != nil {
		w.Fatal(err)
	}
	return state
}

func TestDanger(t *testing.T) {
	t.Parallel()
	for _, c := range tongues {
		t.Run(c.tag, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			worker := w.worker(901, "w-440117-2-1")
			resident := w.person(1, c.name, c.tag)

			resident.send(c.fire)
			answer := resident.see("119")
			if !strings.Contains(answer.Text, c.alarmed) {
				t.Errorf("the first answer does not say who is alarmed: %s", answer.Text)
			}
			card := worker.seeButton("Claim")
			if !strings.Contains(card.Text, "Emergency") {
				t.Errorf("the card is not an emergency's: %s", card.Text)
			}
			resident.press(c.mistake)
			resident.see(c.takenBack)
			worker.see("taken back by the resident")
			if r := w.records()[0]; r["state"] != "cancelled" || r["urgency"] != "emergency" || r["category"] != "fire_safety" {
				t.Errorf("the record is wrong: %v", r)
			}
		})
	}
}

func TestDangerWithoutAPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	resident.send("my husband is beating me")
	resident.see("110")
	resident.see("send your location")
	if r := w.records()[0]; r["state"] != "open" || r["station"] != nil {
		t.Errorf("a danger without a place must be filed at once: %v", r)
	}
	worker.seeButton("Claim") // somebody hears of it before anybody knows where it is
	resident.Location(w.bot, 23.452, 113.488)
	resident.see("we know where it is")
	worker.see("go in twos")
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	resident.send("I need a wheelchair for my father")
	resident.see("send your location")
	resident.Location(w.bot, 18.5, 115) // the sea
	resident.see("in the sea")
	resident.send("Xanadu")
	resident.seeButton("I can't say where")
	resident.send("太平镇") // seven of them
	resident.press("Taiping Town, Conghua District, Guangzhou City")
	card := resident.seeButton("Confirm")
	if !strings.Contains(card.Text, "Taiping Town Social Work Station, Conghua") {
		t.Errorf("the card is wrong: %s", card.Text)
	}

	neighbour := w.person(2, "Lin", "en")
	neighbour.send("/start 440117111")
	neighbour.see("for ")
	neighbour.send("I need a wheelchair for my father")
	neighbour.seeButton("Confirm") // not asked for the place
}

func TestChangeService(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	resident.send("/start 440117111")
	resident.send("I need a wheelchair for my father")
	resident.press("Change service")
	resident.press("Let a person decide")
	resident.see("Your request has number")
	if r := w.records()[0]; r["category"] != nil || r["state"] != "open" {
		t.Errorf("an unclear request must be open without a category: %v", r)
	}
	var triage string
	if err := w.server.db.Get(&triage, `SELECT triage FROM requests`); err != nil || triage != intake.TriageUnclear {
		t.Errorf("triage is %q (%v), want unclear", triage, err)
	}
}

// TestSeveralNeeds: a request for each service that one message needs, at a tap, once.
func TestSeveralNeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	resident.send("/start 440117111")
	resident.send("老板欠我三个月工资，我妈的低保也停了")
	resident.press("Confirm")
	resident.see("Your request has number")
	pressed := resident.seeButton("＋ Also ask for: Poverty relief")
	resident.press("＋ Also ask for: Poverty relief")
	w.eventually("there are two requests", func() bool { return len(w.records()) == 2 })
	first, second := w.records()[0], w.records()[1]
	if first["category"] != "workers_rights" || second["category"] != "poverty_relief" || second["state"] != "open" || second["station"] != first["station"] || second["text"] != first["text"] {
		t.Errorf("they are %v and %v", first, second)
	}
	resident.PressData(pressed, intake.Press{Action: intake.ActAlso, Ref: first["ref"].(string), Arg: "poverty_relief"}.String())
	resident.PressData(pressed, intake.Press{Action: intake.ActAlso, Ref: first["ref"].(string), Arg: "fire_safety"}.String())
	resident.PressData(pressed, intake.Press{Action: intake.ActAlso, Ref: second["ref"].(string), Arg: "workers_rights"}.String())
	resident.send("/status")
	resident.see("Your requests:")
	if n := len(w.records()); n != 2 {
		t.Errorf("pressed again, forged, and pressed on the further one, there are %d requests", n)
	}
}

func TestTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	first, second := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2")
	resident := w.person(1, "May", "en")
	ref := requestOf(resident, "I need a wheelchair for my father")

	first.send("/queue")
	first.see("1 waiting")
	first.press("Claim")
	resident.see("has taken on your request")
	second.see("has it")
	first.press("Note")
	first.send("he sounds confused")
	first.see("for colleagues only")
	first.send("hello?")
	first.see("That went to nobody")
	resident.send("and a stick please")
	first.Reply(first.see("and a stick please"), "we bring both")
	resident.see("we bring both")
	first.send("/mine")
	first.see("In your hands: 1")
	first.press("Release")
	second.press("Claim")
	second.seeButton("Resolve")
	second.Voice(w.bot, []byte("x"), 1) // goes nowhere, and is kept
	second.see("That went to nobody")
	second.press("Pass on")
	second.press("To a supervisor")
	w.eventually("it is in the queue again", func() bool { return w.state(ref) == "open" })
	for _, m := range resident.Chat(w.bot) {
		if strings.Contains(m.Text, "confused") || strings.Contains(m.Text, "hello?") {
			t.Errorf("the resident sees what is not for them: %s", m.Text)
		}
	}
}

func TestNotSolved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, resident := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
	ref := requestOf(resident, "I need a wheelchair for my father")
	worker.press("Claim")
	worker.press("Resolve")
	worker.press("Solved")
	resident.press("It isn't solved")
	resident.see("is open again")
	worker.press("Claim")
	w.eventually("the same request is claimed again", func() bool { return w.state(ref) == "claimed" })
	resident.press("It isn't solved") // the old button
	resident.waitToasts(1)
}

// TestForgedButtons: a button does only what its presser may do, and says so.
func TestForgedButtons(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, stranger := w.worker(901, "w-440117-2-1"), w.worker(903, "w-440303-1-1")
	resident, other := w.person(1, "May", "en"), w.person(2, "Eve", "en")
	ref := requestOf(resident, "I need a wheelchair for my father")
	card := worker.seeButton("Claim")
	mine := resident.see("Your request has number")
	other.send("/help")
	theirs := other.see("Write or say")

	for i, data := range []string{"claim:" + ref + ":", "cancel:" + ref + ":", "outcome:" + ref + ":solved", "confirm:" + ref + ":", "at:" + ref + ":440100",
		"", ":::", "claim", "anew:" + ref + ":1", strings.Repeat("x", 64), "language::xx", "claim:" + ref + ":\x00"} {
		other.PressData(theirs, data)
		other.waitToasts(i + 1)
	}
	toasts := len(resident.Answers(w.bot))
	resident.PressData(mine, "claim:"+ref+":")
	resident.waitToasts(toasts + 1)
	stranger.PressData(stranger.see("on duty"), "claim:"+ref+":")
	stranger.waitToasts(1)
	if state := w.state(ref); state != "open" {
		t.Fatalf("a forged button made the request %s", state)
	}
	worker.PressData(card, "outcome:"+ref+":solved") // not claimed yet
	worker.waitToasts(1)
	worker.press("Claim")
	worker.seeButton("Resolve")
	worker.PressData(card, "outcome:"+ref+":bribed")
	worker.waitToasts(2)
	if state := w.state(ref); state != "claimed" {
		t.Errorf("the request is %s", state)
	}
}

func (p *person) waitToasts(n int) {
	p.w.Helper()
	p.w.eventually(fmt.Sprintf("%d answers to presses", n), func() bool { return len(p.Answers(p.w.bot)) >= n })
}

// TestOddMessages: nothing that a chat can bring does harm, and everything is answered kindly.
func TestOddMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(1, "May", "en")
	p.send("   ")
	p.see("What do you need")
	for _, text := range []string{"😀😀😀", strings.Repeat("啊", 4000), "\x00\x01\u202Ehello\u200B", "<b>&amp; {{.}} %s'; DROP TABLE requests;--", "/unknown", "/start w_nonsense", "/start 💥", "/", "/status", "/language", "/privacy"} {
		p.send(text)
	}
	p.Voice(w.bot, []byte("x"), 1)
	p.Photo(w.bot, []byte("x"), "look")
	p.Edit(w.bot, 1, "edited")
	for i, body := range []string{`{"update_id":%d,"message":{"message_id":"x"}}`, `{"update_id":%d,"poll":{}}`, `{"update_id":%d,"channel_post":{"message_id":1,"date":1,"chat":{"id":-1,"type":"channel"},"text":"hi"}}`,
		`{"update_id":%d}`, `{"update_id":%d,"callback_query":{"id":"1","from":{"id":1},"data":"claim:X:"}}`} {
		w.telegram.Raw(w.bot, fmt.Sprintf(body, 200_000_000+i))
	}
	q := w.person(2, "Lin", "en")
	q.send("I need a wheelchair for my father") // whoever comes after isn't held up
	q.see("send your location")
	w.eventually("everything is confirmed", func() bool { return w.bot.Pending() == 0 })
	var troubles int
	if err := w.server.db.Get(&troubles, `SELECT count(*) FROM troubles`); err != nil || troubles != 1 {
		t.Errorf("%d troubles (%v), want the one that can't be decoded", troubles, err)
	}
}

// TestTwiceIsOnce: an update that comes again has its effects once.
func TestTwiceIsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(1, "May", "en")
	p.send("/help")
	p.see("Write or say")
	body := `{"update_id":300000000,"message":{"message_id":77,"date":1,"from":{"id":1,"first_name":"May","language_code":"en"},"chat":{"id":1,"type":"private"},"text":"I need a wheelchair"}}`
	w.telegram.Raw(w.bot, body)
	w.telegram.Raw(w.bot, body)
	p.see("send your location")
	w.eventually("both are confirmed", func() bool { return w.bot.Pending() == 0 })
	var said int
	if err := w.server.db.Get(&said, `SELECT count(*) FROM messages`); err != nil || said != 1 {
		t.Errorf("%d messages are kept (%v), want one", said, err)
	}
}

// TestBlockedResident: the worker learns that a message can't reach the resident, who gets it when they return.
func TestBlockedResident(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, resident := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
	requestOf(resident, "I need a wheelchair for my father")
	worker.press("Claim")
	resident.see("has taken on")
	resident.Block(w.bot)
	worker.press("Reply")
	worker.send("are you there?")
	worker.see("has blocked the bot")
	resident.Unblock(w.bot)
	resident.see("are you there?")
}

// TestPlaceNamedLater: a place's name counts while the card waits to be confirmed, too, and what else is said with
// it reaches the worker.
func TestPlaceNamedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	resident.send("/start 440117")
	resident.send("I need a wheelchair for my father")
	resident.seeButton("Confirm")
	resident.send("/status")
	resident.see("not confirmed yet")
	resident.send("从化太平镇")
	card := resident.see("Taiping Town Social Work Station, Conghua")
	if !strings.Contains(card.Text, "\nTaiping Town, Conghua") {
		t.Errorf("the card is wrong: %s", card.Text)
	}
	resident.press("Change place")
	resident.see("send your location")
	resident.send("从化太平镇，轮椅最好是可以折叠的那一种")
	resident.press("Confirm")
	seen := worker.seeButton("Claim").Text
	if !strings.Contains(seen, "折叠") {
		t.Errorf("the worker does not read what was said beside the place: %s", seen)
	}
	if strings.Contains(seen, "from the station") {
		t.Errorf("a town's name does not say how many metres it is from the town's station: %s", seen)
	}
}

// TestReopenedCard: who claims a request that was resolved before must know that it was.
func TestReopenedCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	resident.send("I need a wheelchair for my father")
	resident.see("send your location")
	resident.Location(w.bot, 23.452, 113.488)
	resident.seeButton("Confirm")
	resident.Photo(w.bot, []byte("a picture"), "his old one")
	resident.press("Confirm")
	worker.see("sent to you after Claim")
	worker.press("Claim")
	worker.see("sent to whoever claimed")
	worker.press("Resolve")
	worker.press("Solved")
	resident.press("It isn't solved")
	worker.see("Opened again")
}

// TestSpokenNeed: what is only spoken is in people's hands at once, whatever its speaker presses.
func TestSpokenNeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	resident.Voice(w.bot, []byte("my father can't walk"), 3)
	resident.see("Somebody listens")
	resident.see("send your location")
	if r := w.records()[0]; r["state"] != "open" || r["urgency"] != "urgent" {
		t.Errorf("what is only spoken must be filed at once, and urgent: %v", r)
	}
	resident.Location(w.bot, 23.452, 113.488)
	if card := worker.seeButton("Claim"); !strings.Contains(card.Text, "not clear yet") {
		t.Errorf("nobody has listened yet: %s", card.Text)
	}
	resident.send("I need a wheelchair for my father")
	card := worker.see("I need a wheelchair")
	if !strings.Contains(card.Text, "Care for old and disabled") || !strings.Contains(card.Text, "Urgent") {
		t.Errorf("the first written words say which service, and it stays urgent: %s", card.Text)
	}

	later := w.person(3, "Zhu", "en")
	later.send("I have something to tell you please")
	later.see("send your location")
	later.Voice(w.bot, []byte("he has a knife"), 3)
	later.see("Your request has number") // though some of it was written

	pictures := w.person(2, "Lin", "en")
	pictures.send("/start 440117111")
	pictures.Photo(w.bot, []byte("a cracked wall"), "")
	pictures.see("in a sentence what you need")
	pictures.press("Confirm")
	pictures.see("Somebody listens to what you sent")
}

// TestCallsForHelpAgain: danger in a request that somebody has is heard by all who could help.
func TestCallsForHelpAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	first, second := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2")
	resident := w.person(1, "May", "en")
	resident.send("There is a fire in Taiping Town, Conghua, hurry")
	if text := resident.see("119").Text; !strings.Contains(text, "119 (fire brigade)") {
		t.Errorf("a number without its name: %s", text)
	}
	first.press("Claim")
	resident.see("has taken on")
	resident.send("help, the fire comes nearer")
	first.see("the fire comes nearer")
	w.longAgo()
	for range 3 {
		resident.send("help, the house is on fire")
	}
	second.see("calls for help again")
	w.eventually("all is told", func() bool { return w.count(`SELECT count(*) FROM notices WHERE state = 'waiting'`) == 0 })
	if n := w.count(`SELECT count(*) FROM events WHERE kind = 'alarmed'`); n != 1 {
		t.Errorf("%d alarms for one breath", n)
	}
}

// TestWhatCantBePassedOn: a worker is told of a message that Telegram has no more.
func TestWhatCantBePassedOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	requestOf(resident, "I need a wheelchair for my father")
	worker.press("Claim")
	worker.seeButton("Reply")
	w.telegram.Fail(simulator.Fault{Method: "copyMessage", Error: &simulator.Error{Code: 400, Description: "Bad Request: message to copy not found"}})
	w.telegram.Fail(simulator.Fault{Method: "getFile", Times: -1, Error: &simulator.Error{Code: 400, Description: "Bad Request: invalid file_id"}})
	w.telegram.Fail(simulator.Fault{Method: "sendVoice", Error: &simulator.Error{Code: 400, Description: "Bad Request: wrong file identifier/HTTP URL specified"}})
	resident.Voice(w.bot, []byte("hello"), 1)
	worker.see("This can't be passed on")
	if n := w.count(`SELECT count(*) FROM troubles`); n != 0 {
		t.Errorf("%d troubles", n)
	}
}

func TestLanguageByCommand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	resident.send("/language zh")
	resident.see("您需要什么帮助")
	resident.send("/language klingon")
	resident.see("Choose a language")
	resident.send("/status please")
	resident.see("您没有正在办的求助")
	if n := w.count(`SELECT count(*) FROM requests`); n != 0 {
		t.Errorf("%d requests from commands", n)
	}
}

// TestDangerInAGroup: a group is told whom to call, once, and nothing that is said there is kept.
func TestDangerInAGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, words := range []string{"dinner at six", "help, my house is on fire", "the house is on fire!"} {
		body := fmt.Sprintf(`{"message":{"message_id":%d,"date":1,"from":{"id":7,"first_name":"May","language_code":"en"},"chat":{"id":-100,"type":"supergroup"},"text":%q}}`, i+1, words)
		if _, err := w.telegram.Raw(w.bot, body); err != nil {
			t.Fatal(err)
		}
	}
	w.eventually("all is handled", func() bool { return w.bot.Pending() == 0 })
	if n := w.count(`SELECT count(*) FROM notices WHERE kind = 'overheard' AND chat_id = -100`); n != 1 {
		t.Errorf("the group is told %d times", n)
	}
	if n := w.count(`SELECT count(*) FROM messages`) + w.count(`SELECT count(*) FROM requests`); n != 0 {
		t.Errorf("%d rows of what was not said to the bot", n)
	}
}

// TestFileInTheAdmin: a supervisor opens what a resident sent, by way of Telegram.
func TestFileInTheAdmin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	resident := w.person(1, "May", "en")
	resident.send("/start 440117111")
	resident.see("for ")
	resident.Voice(w.bot, []byte("OggS\x00my father can't walk"), 3)
	resident.see("Somebody listens")
	ref := w.records()[0]["ref"].(string)
	var id string
	if err := w.server.db.Get(&id, `SELECT id FROM messages WHERE kind = 'voice'`); err != nil {
		t.Fatal(err)
	}
	if got := mei.get("/admin/requests/" + ref + "/files/" + id); got != "OggS\x00my father can't walk" {
		t.Errorf("the voice came as %q", got)
	}
}

// TestFurtherNeedStays: a further request that still lacks a place stays what the resident chose, whatever they add to it.
func TestFurtherNeedStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	resident.send("my husband is beating me and my child can't go to school")
	resident.see("110")
	resident.press("＋ Also ask for: Basic education")
	w.eventually("there are two requests", func() bool { return w.count(`SELECT count(*) FROM requests`) == 2 })
	resident.send("he has no papers and my boss has not paid my wages")
	resident.Location(w.bot, 23.452, 113.488)
	resident.press("Confirm")
	w.eventually("it is submitted", func() bool {
		return w.count(`SELECT count(*) FROM requests WHERE state = 'open' AND category = 'education'`) == 1
	})
}
