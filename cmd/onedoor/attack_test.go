package main

import (
	"fmt"
	"strings"
	"testing"
)

// emergencies are how many requests are filed as dangers.
func (w *world) emergencies() int {
	w.Helper()
	return w.count(`SELECT count(*) FROM requests WHERE urgency = 'emergency' AND state IN ('open', 'claimed')`)
}

// TestAttackDangerInTwoMessages: people cut their sentences as they please.
func TestAttackDangerInTwoMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	for name, first := range map[string]func(*person){
		"while asked for the place":       func(*person) {},
		"while asked whether it is right": func(p *person) { p.Location(w.bot, 23.452, 113.488); p.seeButton("Confirm") },
		"after confirming":                func(p *person) { p.Location(w.bot, 23.452, 113.488); p.press("Confirm"); p.see("request has number") },
	} {
		before := w.emergencies()
		p := w.person(int64(10+len(name)), name, "en")
		p.send("My husband has just drank")
		p.see("location")
		first(p)
		p.send("half a bottle of pesticide")
		p.see("120")
		if n := w.emergencies() - before; n != 1 {
			t.Errorf("%s: %d emergencies, want one", name, n)
		}
	}
	worker.see("Emergency")
}

// TestAttackWordsBehindASlash: what begins like a command is heard all the same.
func TestAttackWordsBehindASlash(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, text := range []string{"/help my husband is beating me", "/救命 我老公打我", "/start I want to kill myself", "/救命啊我老公打我",
		"/help\nmy husband is beating me", "/my husband is beating me", "/new@onedoor_test_bot my husband is beating me"} {
		w.person(int64(10+i), "May", "en").send(text)
		w.eventually(text+" is an emergency", func() bool { return w.emergencies() == i+1 })
	}
	for i, text := range []string{"/help I need a wheelchair", "/new I need a wheelchair", "/I need a wheelchair", "/start I need a wheelchair"} {
		w.person(int64(20+i), "Lin", "en").send(text)
		w.eventually(text+" is kept", func() bool {
			return w.count(`SELECT count(*) FROM requests WHERE state = 'draft' AND text LIKE '%I need a wheelchair'`) == i+1
		})
	}
	rubbish := w.person(30, "Zhu", "en")
	rubbish.send("/start utm_source-42")
	rubbish.see("What do you need")
	rubbish.send("/settings")
	rubbish.see("/status")
	if n := w.count(`SELECT count(*) FROM requests WHERE chat_id = 30`); n != 0 {
		t.Error("commands alone must not begin a request")
	}
}

// TestAttackWordsBehindOtherCommands: what is written behind a command that has its own use for it is kept too, whoever
// writes it.
func TestAttackWordsBehindOtherCommands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	p.send("/language 中文")
	p.see("您需要什么帮助")
	p.send("/language en please, I need a wheelchair for my father")
	p.see("This is OneDoor")
	p.send("/language 我想给孩子办入学，不知道找谁")
	p.see("Choose a language")
	worker := w.worker(901, "w-440117-2-1")
	worker.send("/queue and I myself need a stick")
	worker.see("nothing is waiting")
	worker.see("That went to nobody")
	worker.send("/duty off I am ill")
	worker.see("You are off duty")
	w.rests()
	for _, words := range []string{"en please, I need a wheelchair for my father", "我想给孩子办入学，不知道找谁", "and I myself need a stick", "off I am ill"} {
		if n := w.count(`SELECT count(*) FROM messages WHERE text = '` + words + `'`); n != 1 {
			t.Errorf("%q is kept %d times", words, n)
		}
	}
	if n := w.count(`SELECT count(*) FROM messages WHERE text LIKE '%中文%'`); n != 0 {
		t.Error("a language's name was taken for words")
	}
}

// TestContact: a contact is kept with the whole of its name.
func TestContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.rawMessage("message", 10, 1, `"contact":{"phone_number":"13800138000","first_name":"三","last_name":"张"}`)
	w.eventually("it is kept", func() bool { return w.count(`SELECT count(*) FROM messages WHERE text = '三 张 13800138000'`) == 1 })
}

// TestAttackDangerAtTheEnd: a message is read to its end.
func TestAttackDangerAtTheEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	p.send(strings.Repeat("It has been a long and hard story. ", 100) + "My husband is beating me")
	p.see("110")
}

// TestAttackTalkWithoutAPlace: with a worker at work, words are for the worker, though the place was never told.
func TestAttackTalkWithoutAPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	p := w.person(10, "May", "en")
	p.send("my husband is beating me")
	p.see("send your location")
	ref := w.records()[0]["ref"].(string)
	if err := w.server.intake.SendTo(w.ctx, ref, "st-440117-2", "admin"); err != nil {
		t.Fatal(err)
	}
	worker.seeButton("Claim")
	p.send("he has locked the door")
	worker.see("he has locked the door")
	worker.press("Claim")
	worker.seeButton("Reply")
	p.send("we are behind the old school")
	worker.see("we are behind the old school")
}

// TestAttackPlaceForAWorker: a position sent to where it was asked for is shown to the worker who has the request by then.
func TestAttackPlaceForAWorker(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	p := w.person(10, "May", "en")
	p.send("my husband is beating me")
	p.see("send your location")
	if err := w.server.intake.SendTo(w.ctx, w.records()[0]["ref"].(string), "st-440117-2", "admin"); err != nil {
		t.Fatal(err)
	}
	worker.press("Claim")
	p.see("in good hands")
	p.Location(w.bot, 23.452, 113.488)
	worker.see("near Taiping Town")
	p.see("we know where it is")
}

// edit changes the message of a person that has these words.
func edit(p *person, old, words string) {
	p.w.Helper()
	for _, m := range p.Chat(p.w.bot) {
		if m.Text == old {
			if _, err := p.Edit(p.w.bot, m.ID, words); err != nil {
				p.w.Fatal(err)
			}
			return
		}
	}
	p.w.Fatalf("%s has not said %q", p.name, old)
}

// TestAttackEdits: an edit is heard whatever became of what it edits.
func TestAttackEdits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	p.send("/help")
	p.see("/status")
	edit(p, "/help", "my husband is beating me")
	w.eventually("it is an emergency", func() bool { return w.emergencies() == 1 })
	p.press("It was a mistake")
	p.see("Taken back")
	edit(p, "my husband is beating me", "my husband is beating me again")
	w.eventually("it is an emergency again", func() bool { return w.emergencies() == 1 })

	worker := w.worker(901, "w-440117-2-1")
	worker.send("/help")
	worker.see("/queue")
	edit(worker, "/help", "what was it")
	p.send("/start")
	p.see("What do you need")
	if n := w.count(`SELECT count(*) FROM requests WHERE chat_id = 901`); n != 0 {
		t.Error("a worker's edit has become a request")
	}
}

// TestAttackWorkerInDanger: a social worker is a person, too.
func TestAttackWorkerInDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	worker.send("my husband is beating me")
	worker.see("110")
	if w.emergencies() != 1 {
		t.Error("it is no emergency")
	}
}

// TestAttackWorkerCriesInANote: a worker whose note or reply speaks of danger is told whom to call. It stays a note or a
// reply, and is a cry for help when the worker says so.
func TestAttackWorkerCriesInANote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	colleague := w.worker(902, "w-440117-2-2")
	resident, worker, _ := claimed(w)
	worker.press("Reply")
	worker.see("your words go to the resident")
	worker.send("your house is on fire, get out at once")
	worker.see("119")
	resident.see("get out at once")
	worker.press("Note")
	worker.see("Only colleagues see it")
	worker.send("help, my house is on fire")
	worker.see("for colleagues only")
	w.rests()
	if w.emergencies() != 0 {
		t.Error("words about a resident have raised an alarm")
	}
	worker.press("It is about me")
	worker.see("send your location")
	colleague.see("help, my house is on fire")
	if w.emergencies() != 1 {
		t.Error("the worker's own danger is no emergency")
	}
	for _, forged := range []string{"myself::", "myself::x", "myself::99999999999999999999", "myself::1"} {
		resident.PressData(resident.see("get out at once"), forged)
	}
	w.rests()
	if n := w.count(`SELECT count(*) FROM troubles`); n != 0 || w.emergencies() != 1 {
		t.Errorf("forged buttons made %d troubles and %d emergencies", n, w.emergencies()-1)
	}
}

// TestAttackWorkerOutOfReach: what a worker has who can't be told any more goes back to those who can.
func TestAttackWorkerOutOfReach(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	first, second, id := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2"), int64(10)
	for name, leave := range map[string]func(){
		"blocks the bot": func() { first.Block(w.bot) },
		"is another now": func() { w.worker(901, "w-440117-2-3") },
		"was dismissed": func() {
			w.server.db.MustExec(`UPDATE workers SET active = false, on_duty = false WHERE chat_id = 901`)
		},
	} {
		id++
		p := w.person(id, "May", "en")
		ref := requestOf(p, "I need a wheelchair for my father")
		w.eventually("the card is there", func() bool { return first.hasButton("claim", ref) })
		first.PressData(first.Chat(w.bot)[0], "claim:"+ref+":")
		p.see("has taken on")
		leave()
		p.send("he needs it for the stairs")
		w.eventually(name+": it is in the queue again", func() bool { return w.state(ref) == "open" })
		w.eventually(name+": a colleague can claim it", func() bool { return second.hasButton("claim", ref) })
		w.server.db.MustExec(`UPDATE workers SET active = true`)
		first = w.worker(901, "w-440117-2-1")
	}
}

// hasButton tells whether the chat shows a button that does action to the request.
func (p *person) hasButton(action, ref string) bool {
	for _, m := range p.Chat(p.w.bot) {
		if _, ok := m.Button(action + ":" + ref + ":"); ok {
			return true
		}
	}
	return false
}

// TestAttackForgedButton: rubbish in a button is refused at once.
func TestAttackForgedButton(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	p := w.person(10, "May", "en")
	ref := requestOf(p, "I need a wheelchair for my father")
	card := worker.seeButton("Claim")
	for _, data := range []string{"claim:\x00:", "confirm:\x00:", "anew:" + ref + ":\x00", "anew:" + ref + ":99999999999999999999",
		"passto:" + ref + ":\x00", "::", "", "claim", strings.Repeat("x", 65), "outcome:" + ref + ":\x00"} {
		worker.PressData(card, data)
		p.PressData(card, data)
	}
	for _, data := range []string{"claim", "reply", "note", "release", "passto", "outcome", "open", "pass", "why", "ask", "take", "leave", "unask", "refer", "org", "referto", "theytake", "recall", "topartner"} {
		p.PressData(card, fmt.Sprintf("%s:%s:solved", data, ref))
	}
	w.eventually("all is taken", func() bool { return w.bot.Pending() == 0 })
	if n := w.count(`SELECT count(*) FROM troubles`); n != 0 {
		t.Errorf("%d troubles, want none", n)
	}
	if state := w.state(ref); state != "open" {
		t.Errorf("the request is %s, want open", state)
	}
}

// TestAttackLongWords: what doesn't fit into one message comes in several.
func TestAttackLongWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	p := w.person(10, "May", "en")
	p.send("I need a wheelchair for my father. " + strings.Repeat("story ", 300) + "END OF NEED")
	p.see("send your location")
	p.Location(w.bot, 23.452, 113.488)
	p.press("Confirm")
	worker.press("Claim")
	worker.see("END OF NEED")
	p.see("has taken on")
	long := strings.Repeat("word ", 815) + "LAST WORDS"
	p.send(long)
	worker.see("LAST WORDS")
	p.Photo(w.bot, []byte("x"), strings.Repeat("word ", 200)+"LAST OF ALL")
	worker.see("LAST OF ALL")
}

// TestAttackDangerInNames: danger is heard in the name of a place and of a file, and in what a group's message becomes.
func TestAttackDangerInNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	venue := `"venue":{"location":{"latitude":23.452,"longitude":113.488},"title":"my husband is beating me","address":"help"},"location":{"latitude":23.452,"longitude":113.488}`
	p := w.person(1, "May", "en")
	p.send("/start")
	p.see("This is OneDoor")
	w.rawMessage("message", 1, 10011, venue)
	p.see("110")
	w.rests()
	if n := w.count(`SELECT count(*) FROM requests WHERE urgency = 'emergency' AND station = 'st-440117-2'`); n != 1 {
		t.Errorf("in the name of a place: %d emergencies there", n)
	}
	worker.see("near Taiping Town")

	begun := w.person(2, "Lin", "en")
	begun.send("I need a wheelchair for my father, Luohu District, Shenzhen")
	begun.seeButton("Confirm")
	w.rawMessage("message", 2, 10012, venue)
	begun.see("110")
	w.rests()
	if n := w.count(`SELECT count(*) FROM requests WHERE urgency = 'emergency' AND station = 'st-440117-2'`); n != 2 {
		t.Errorf("in the name of a place, with a draft: %d emergencies there, want 2", n)
	}

	lost := w.person(3, "Zhu", "en")
	lost.send("my husband is beating me")
	lost.see("send your location")
	w.rawMessage("message", 3, 10013, venue)
	lost.see("we know where it is")

	sender := w.person(4, "Hua", "en")
	sender.send("/start")
	sender.see("This is OneDoor")
	w.rawMessage("message", 4, 10014, `"document":{"file_id":"d","file_unique_id":"u","file_name":"my_husband_is_beating_me.txt"}`)
	sender.see("110")
	w.rests()
	if n := w.emergencies(); n != 4 {
		t.Errorf("%d emergencies, want 4", n)
	}
	if _, err := w.telegram.Raw(w.bot, `{"edited_message":{"message_id":1,"date":1,"edit_date":2,"from":{"id":7,"first_name":"May","language_code":"en"},"chat":{"id":-100,"type":"supergroup"},"text":"help, my house is on fire"}}`); err != nil {
		t.Fatal(err)
	}
	w.rests()
	if w.count(`SELECT count(*) FROM notices WHERE kind = 'overheard'`) != 1 {
		t.Error("in a group's edited message: unheard")
	}
}
