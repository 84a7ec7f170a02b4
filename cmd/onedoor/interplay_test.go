package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/intake"
)

// TestLiveStepEndsQuiet: a live location's own steps end no quiet.
func TestLiveStepEndsQuiet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, p := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
	p.send("my husband is beating me")
	p.see("110")
	w.rests()
	live := p.LiveLocation(w.bot, 23.452, 113.488, 900)
	worker.seeButton("Claim")
	w.rests()
	p.send("/quiet")
	w.eventually("it is quiet", func() bool { return w.count(`SELECT count(*) FROM chats WHERE id = 1 AND quiet_at IS NOT NULL`) == 1 })
	w.rests()
	before := p.fromBot()
	worker.press("Claim")
	w.rests()
	p.move(live, 23.46, 113.49) // by the telephone itself
	w.rests()
	if w.count(`SELECT count(*) FROM chats WHERE id = 1 AND quiet_at IS NOT NULL`) != 1 {
		t.Error("a step of the live location, which nobody made, has ended the quiet")
	}
	if now := p.fromBot(); now != before {
		t.Errorf("in the quiet comes %q", strings.TrimPrefix(now, before))
	}
}

// TestQuietBesideDanger: whoever asks for quiet with the very words of their danger is told whom to call, and has it.
func TestQuietBesideDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, p := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
	p.send("/start 440117111")
	w.rests()
	p.send("/quiet my husband is beating me")
	p.see("110")
	worker.seeButton("Claim")
	w.rests()
	before := p.fromBot()
	worker.press("Claim")
	w.rests()
	if now := p.fromBot(); now != before {
		t.Errorf("after /quiet comes %q", strings.TrimPrefix(now, before))
	}
}

// TestWorkersQuiet: a worker, whose chat is never quiet, is not told that it is.
func TestWorkersQuiet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker(902, "w-440117-2-2")
	worker := w.worker(901, "w-440117-2-1")
	worker.send("my husband is beating me")
	worker.see("110")
	w.rests()
	worker.press("No more messages, please")
	w.rests()
	quiet := w.count(`SELECT count(*) FROM chats WHERE id = 901 AND quiet_at IS NOT NULL`) == 1
	for _, a := range worker.Answers(w.bot) {
		if !quiet && strings.Contains(a.Text, "Nothing more") {
			t.Errorf("it is not quiet, and the answer is %q", a.Text)
		}
	}
}

// TestBlockedQuietWords: what a blocked account in danger says behind /quiet reaches those who help.
func TestBlockedQuietWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei, worker := w.supervisor(), w.worker(901, "w-440117-2-1")
	p := w.person(1, "May", "en")
	ref := requestOf(p, "I need a wheelchair for my father")
	mei.block(ref)
	p.send("my husband is beating me")
	w.eventually("an emergency", func() bool { return w.emergencies() == 1 })
	w.rests()
	worker.press("Claim")
	w.rests()
	p.send("/quiet he has a knife, I hide in the old mill")
	w.rests()
	if n := w.count(`SELECT count(*) FROM messages m JOIN requests r ON r.id = m.request_id WHERE m.text LIKE '%old mill%' AND r.urgency = 'emergency'`); n != 1 {
		t.Errorf("the words are with %d emergencies, want 1", n)
	}
}

// TestBlockedVoice: danger that a blocked account speaks of in a voice message is heard.
func TestBlockedVoice(t *testing.T) {
	t.Parallel()
	url, asked := hearing(t)
	w := newWorld(t, withEars(url))
	mei := w.supervisor()
	w.worker(901, "w-440117-2-1")
	p := w.person(1, "May", "en")
	ref := requestOf(p, "I need a wheelchair for my father")
	mei.block(ref)
	p.Voice(w.bot, []byte("help, my house is on fire"), 3)
	w.rests()
	deadline := time.Now().Add(5 * time.Second)
	for w.emergencies() == 0 && time.Now().Before(deadline) {
		time.Sleep(50 * time.Millisecond)
	}
	w.rests() // what is told follows what is recorded
	if w.emergencies() != 1 || p.texts("119 (fire") == 0 {
		t.Errorf("%d emergencies; heard: %q", w.emergencies(), asked.String())
	}
}

// TestBlockedForEver: a block ends with the last of its account's requests, from which it could be lifted.
func TestBlockedForEver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, keepingDays(30))
	mei, worker := w.supervisor(), w.worker(901, "w-440117-2-1")
	p := w.person(1, "May", "en")
	ref := requestOf(p, "I need a wheelchair for my father")
	mei.block(ref)
	worker.solve(ref)
	w.clock()
	w.ago(40)
	w.retain()
	if w.state(ref) != "closed" {
		t.Fatal(w.state(ref))
	}
	if w.count(`SELECT count(*) FROM chats WHERE blocked_at IS NOT NULL`) != 0 {
		t.Error("the block can't be lifted")
	}
	p.send("I need a doctor for my mother")
	w.rests()
	if w.count(`SELECT count(*) FROM requests WHERE chat_id = 1`) != 1 {
		t.Error("nobody can ever lift the block: no request of the account is left")
	}
}

// TestGreetingMended: a greeting that is mended into a need is one.
func TestGreetingMended(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(1, "May", "en")
	p.send("/start 440117111")
	p.send("hello")
	p.see("What do you need")
	w.rests()
	p.edit("hello", "hello, I need a wheelchair for my father")
	w.rests()
	if w.count(`SELECT count(*) FROM requests`) != 1 {
		t.Error("the need is with no request, and nobody is told so")
	}
}

// TestAlbumAnew: "This is a new matter" under an album moves all of it.
func TestAlbumAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(1, "May", "en")
	requestOf(p, "I need a wheelchair for my father")
	w.rests()
	p.Album(w.bot, "", []byte("one"), []byte("two"), []byte("three"))
	p.seeButton("This is a new matter")
	w.rests()
	p.press("This is a new matter")
	w.rests()
	if n := w.count(`SELECT count(DISTINCT request_id) FROM messages WHERE kind = 'photo'`); n != 1 {
		t.Errorf("the pictures of one album are with %d requests: %d with the new one", n,
			w.count(`SELECT count(*) FROM messages WHERE kind = 'photo' AND request_id = (SELECT max(id) FROM requests)`))
	}
}

// TestVoiceAnew: a voice that is a new matter is listened to at once.
func TestVoiceAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(1, "May", "en")
	p.send("/start 440117111")
	p.send("I need a wheelchair for my father")
	p.press("Confirm")
	p.see("Your request has number")
	w.rests()
	p.Voice(w.bot, []byte("a voice"), 3)
	p.seeButton("This is a new matter")
	w.rests()
	p.press("This is a new matter")
	w.rests()
	if n := w.count(`SELECT count(*) FROM requests WHERE state = 'open' AND urgency = 'urgent'`); n != 1 {
		t.Errorf("a voice that nobody has heard is put off: %d drafts, the last words of the bot %q",
			w.count(`SELECT count(*) FROM requests WHERE state = 'draft'`), p.last().Text)
	}
}

// TestHastyContact: a number to call back that is shared in haste stands on the card.
func TestHastyContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	p := w.caller(1)
	ref := requestOf(p, "I need a wheelchair for my father")
	worker.press("Claim")
	w.eventually("claimed", func() bool { return w.state(ref) == "claimed" })
	p.flood(22, "it should be light, number %d")
	p.Contact(w.bot)
	w.rests()
	if w.count(`SELECT count(*) FROM chats WHERE id = 1 AND phone <> ''`) != 1 {
		t.Error("the number to call back is not kept")
	}
	if worker.card(ref); worker.texts("Call back") == 0 {
		t.Error("the card does not show it")
	}
}

// TestCallBackInDanger: a number to call back goes to an emergency first.
func TestCallBackInDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	p := w.caller(1)
	p.send("/start 440117111")
	p.send("the house is on fire")
	p.see("119")
	w.rests()
	worker.press("Claim")
	w.rests()
	p.send("/new")
	w.rests()
	p.send("I need a wheelchair for my father")
	p.press("Confirm")
	p.see("Your request has number")
	w.rests()
	p.Contact(w.bot)
	w.rests()
	if n := w.count(`SELECT count(*) FROM messages m JOIN requests r ON r.id = m.request_id WHERE m.own AND r.urgency = 'emergency'`); n != 1 {
		t.Error("the number is not with the emergency")
	}
	if worker.texts("the resident's own number") == 0 {
		t.Error("who helps in the emergency is not told the number")
	}
}

// TestDangerInVoiceBesideDanger: danger in a voice that is added to a further need beside a danger is heard.
func TestDangerInVoiceBesideDanger(t *testing.T) {
	t.Parallel()
	url, asked := hearing(t)
	w := newWorld(t, withEars(url))
	w.worker(901, "w-440117-2-1")
	p := w.person(1, "May", "en")
	p.send("my husband is beating me and my child can't go to school")
	p.see("110")
	p.press("＋ Also ask for: Basic education")
	w.eventually("there are two requests", func() bool { return w.count(`SELECT count(*) FROM requests`) == 2 })
	w.rests()
	worker := w.worker(903, "w-440117-2-2")
	w.rests()
	p.Voice(w.bot, []byte("the house is on fire, my child does not breathe"), 3)
	asked.wait(t, "does not breathe")
	w.eventually("it is written down", func() bool { return w.count(`SELECT count(*) FROM messages WHERE transcript <> ''`) == 1 })
	w.rests()
	if p.texts("119") == 0 && p.texts("120") == 0 {
		t.Errorf("nobody says whom to call; with the emergency: %d; workers read of it %d times",
			w.count(`SELECT count(*) FROM requests WHERE urgency = 'emergency' AND text LIKE '%does not breathe%'`), worker.texts("does not breathe"))
	}
}

// TestUnnamedMerge: who stays unnamed in a draft does so where its words go.
func TestUnnamedMerge(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, p := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
	p.send("/start 440117111")
	p.send("I need a wheelchair for my father")
	p.press("Confirm")
	p.see("Your request has number")
	w.rests()
	worker.press("Claim")
	w.rests()
	p.send("/new")
	w.rests()
	p.send("my boss has not paid my wages for three months")
	p.seeButton("Stay unnamed")
	w.rests()
	p.press("Stay unnamed")
	p.see("You stay unnamed")
	w.rests()
	p.ContactOf(w.bot, "Uncle Li", "13900000002", 77)
	w.rests()
	p.edit("my boss has not paid my wages for three months", "I need a wheelchair for my father")
	w.rests()
	w.undecided() // nobody answers: the clock decides
	w.rests()
	if worker.texts("13900000002") > 0 {
		t.Error("the worker reads the contact of who was promised to stay unnamed")
	}
	if w.count(`SELECT count(*) FROM requests WHERE state = 'claimed'`) != 1 || w.count(`SELECT count(*) FROM messages m JOIN requests r ON r.id = m.request_id WHERE m.kind = 'contact' AND r.state = 'claimed'`) != 1 {
		t.Log("the draft was not merged")
	}
}

// TestLinksOfErased: nothing links what is erased to what was reported near by, whose position is known.
func TestLinksOfErased(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	report := func(id int64, lat, lon float64) *person {
		p := w.person(id, "May", "en")
		p.Location(w.bot, lat, lon)
		p.see("we know where you are")
		p.send("The sewage ditch behind the market is blocked and stinks")
		p.press("Confirm")
		p.see("Your request has number")
		w.rests()
		return p
	}
	report(1, 23.452, 113.488)
	second := report(2, 23.456, 113.491)
	if w.count(`SELECT count(*) FROM links`) != 1 {
		t.Fatal("no link")
	}
	ref := w.refOf(second)
	worker.PressData(worker.see("500 m from the station"), "claim:"+ref+":")
	w.eventually("claimed", func() bool { return w.state(ref) == "claimed" })
	w.rests()
	worker.press("Resolve")
	worker.press("Solved")
	w.eventually("resolved", func() bool { return w.state(ref) == "resolved" })
	w.rests()
	second.send("/forget")
	w.rests()
	second.press("Erase everything")
	w.rests()
	if w.count(`SELECT count(*) FROM requests WHERE erased_at IS NOT NULL`) != 1 {
		t.Fatal("not erased")
	}
	if n := w.count(`SELECT count(*) FROM links l JOIN requests e ON e.id = l.request_id JOIN requests f ON f.id = l.first_id WHERE e.erased_at IS NOT NULL AND f.lat IS NOT NULL`); n > 0 {
		t.Error("within two kilometres and six hours of a known position: that remains of what is erased")
	}
}

// TestEditSplitDanger: an edit that makes a cry of what two messages say together is heard.
func TestEditSplitDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker(901, "w-440117-2-1")
	p := w.person(1, "May", "en")
	requestOf(p, "I need a wheelchair for my father")
	w.rests()
	p.send("She took")
	p.send("good morning")
	w.rests()
	if w.emergencies() != 0 {
		t.Fatal("too early")
	}
	p.edit("good morning", "all of the pills")
	w.rests()
	if p.texts("120") == 0 || w.emergencies() == 0 {
		t.Errorf("%d emergencies", w.emergencies())
	}
}

// TestBlockedEditSilences: so is a blocked account's, and the next cry for help.
func TestBlockedEditSilences(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	w.worker(901, "w-440117-2-1")
	p := w.person(1, "May", "en")
	ref := requestOf(p, "I need a wheelchair for my father")
	mei.block(ref)
	p.send("my soup")
	p.send("She took")
	w.rests()
	p.edit("my soup", "all of the pills")
	w.rests()
	first := w.emergencies()
	t.Logf("after the edit: %d emergencies, heard %d", first, w.count(`SELECT count(*) FROM chats WHERE heard_at IS NOT NULL`))
	p.send("help, my house is on fire")
	w.rests()
	if w.emergencies() != 1 {
		t.Errorf("%d emergencies after the edit, %d after the fire", first, w.emergencies())
	}
}

// TestSplitAfterMistake: after an alarm that was taken back, danger in two messages is heard.
func TestSplitAfterMistake(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker(901, "w-440117-2-1")
	control := w.person(2, "Lin", "en")
	requestOf(control, "I need a wheelchair for my father")
	control.send("She swallowed")
	w.rests()
	control.send("all of the pills")
	control.see("120")
	w.exec(`UPDATE requests SET urgency = 'normal' WHERE chat_id = 2`)
	p := w.person(1, "May", "en")
	requestOf(p, "I need a wheelchair for my father")
	w.rests()
	p.send("my house is on fire")
	p.see("119")
	w.rests()
	p.press("It was a mistake")
	p.see("Taken back")
	w.rests()
	p.send("She took")
	w.rests()
	p.send("all of the pills")
	w.rests()
	if p.texts("120") == 0 || w.emergencies() == 0 {
		t.Errorf("%d emergencies", w.emergencies())
	}
}

// TestSetAsideCommand: danger behind a command, or in the name of a position, is heard though its update is set aside.
func TestSetAsideCommand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker(901, "w-440117-2-1")
	for i, act := range []intake.Act{
		intake.Command{Name: "help", Arg: "my husband is beating me", Text: "/help my husband is beating me"},
		intake.Located{Lat: 23.452, Lon: 113.488, Name: "the house is on fire, help"},
		intake.Said{Text: "my husband is beating me"},
	} {
		chat := int64(10 + i)
		w.person(chat, "May", "en").send("/help")
		w.rests()
		err := w.server.intake.SetAside(w.ctx, intake.Update{Bot: 4242, ID: 900000 + int64(i), Chat: chat, MessageID: 777, Act: act, Language: "en"},
			"{}", errors.New("poison"))
		if err != nil {
			t.Fatal(err)
		}
		w.rests()
		if n := w.count(fmt.Sprintf(`SELECT count(*) FROM requests WHERE chat_id = %d AND urgency = 'emergency'`, chat)); n != 1 {
			t.Errorf("%T: %d emergencies, %d messages kept", act, n, w.count(fmt.Sprintf(`SELECT count(*) FROM messages WHERE chat_id = %d AND message_id = 777`, chat)))
		}
	}
}

// TestBlockLosesUndecided: words that may belong to several open requests reach one when their account is blocked.
func TestBlockLosesUndecided(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	w.worker(901, "w-440117-2-1")
	p := w.person(1, "May", "en")
	first := requestOf(p, "I need a wheelchair for my father")
	w.rests()
	p.send("/new")
	w.rests()
	p.send("my boss has not paid my wages for three months")
	p.press("Confirm")
	w.eventually("two", func() bool { return w.count(`SELECT count(*) FROM requests WHERE state = 'open'`) == 2 })
	w.longAgo()
	p.send("please come only after five o'clock")
	w.rests()
	if w.count(`SELECT count(*) FROM requests WHERE next_action = 'which'`) != 1 {
		t.Fatal("it isn't asked about")
	}
	mei.block(first)
	w.clock()
	if n := w.count(`SELECT count(*) FROM messages m JOIN requests r ON r.id = m.request_id WHERE m.text LIKE '%five o''clock%' AND r.state = 'open'`); n != 1 {
		t.Error("what was said to a request before the block is with nobody")
	}
}

// TestCommentShowsDanger: the words of a danger are not shown as the comment on what was resolved before.
func TestCommentShowsDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, p := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
	ref := requestOf(p, "I need a wheelchair for my father")
	worker.solve(ref)
	p.press("★★★★★ very well")
	w.rests()
	p.send("it was all fine")
	w.rests()
	p.Location(w.bot, 23.56, 113.58)
	w.rests()
	p.edit("it was all fine", "my husband is beating me, I hide in the mill")
	w.eventually("an emergency", func() bool { return w.emergencies() == 1 })
	w.rests()
	var id int64
	if err := w.server.db.Get(&id, `SELECT id FROM requests WHERE ref = $1`, ref); err != nil {
		t.Fatal(err)
	}
	all, err := w.server.intake.Ratings(w.ctx, id)
	if err != nil || len(all) != 1 {
		t.Fatal(err, all)
	}
	if strings.Contains(all[0].Comment, "mill") {
		t.Errorf("the page of %s shows %q", ref, all[0].Comment)
	}
}

// TestFurtherGivesAway: a further request made from a cry about violence is as discreet.
func TestFurtherGivesAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, p := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
	p.send("/start 440117111")
	w.rests()
	p.send("my husband is beating me and my child can't go to school")
	p.see("110")
	w.rests()
	worker.solve(w.refOf(p))
	w.rests()
	p.press("＋ Also ask for: Basic education")
	w.eventually("a further one", func() bool { return w.count(`SELECT count(*) FROM requests WHERE state = 'open'`) == 1 })
	w.rests()
	if card := worker.seeButton("Claim"); !strings.Contains(card.Text, "Others may read the phone") && strings.Contains(card.Text, "beating") {
		t.Errorf("the worker isn't cautioned: %s", card.Text)
	}
	p.send("/new")
	w.rests()
	p.send("I need a wheelchair for my father")
	p.press("Confirm")
	w.rests()
	w.longAgo()
	p.send("please come only after five o'clock")
	w.rests()
	for _, label := range p.last().Labels() {
		if strings.Contains(label, "my husband") {
			t.Errorf("a button on the phone says %q", label)
		}
	}
}

// TestBlockedLongEmergency: what a blocked account says about an emergency that somebody works on reaches them, however old
// it is.
func TestBlockedLongEmergency(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(w *world, mei *supervisor, worker, p *person){
		"raised before": func(w *world, mei *supervisor, worker, p *person) {
			p.send("my house is on fire")
			p.see("119")
			w.rests()
			worker.press("Claim")
			w.rests()
			mei.block(w.refOf(p))
		},
		"an hour later": func(w *world, mei *supervisor, worker, p *person) {
			p.send("I need a wheelchair for my father")
			p.press("Confirm")
			p.see("Your request has number")
			w.rests()
			mei.block(w.refOf(p))
			p.send("my house is on fire")
			p.see("119")
			w.rests()
			worker.PressData(worker.see("Emergency"), "claim:"+w.refOf(p)+":")
			w.eventually("claimed", func() bool { return w.state(w.refOf(p)) == "claimed" })
			w.exec(`UPDATE chats SET heard_at = heard_at - interval '61 minutes' WHERE blocked_at IS NOT NULL`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			mei, worker, p := w.supervisor(), w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
			p.send("/start 440117111")
			begin(w, mei, worker, p)
			w.rests()
			w.longAgo()
			p.send("we wait at the school gate")
			w.rests()
			if worker.texts("school gate") == 0 {
				t.Errorf("who helps isn't told; the resident reads %q", p.last().Text)
			}
		})
	}
}

// TestFurtherNamed: who stayed unnamed does so in a further request, too.
func TestFurtherNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, p := w.worker(901, "w-440117-2-1"), w.caller(1)
	p.send("/start 440117111")
	p.Contact(w.bot)
	w.rests()
	p.send("老板欠我三个月工资，我妈的低保也停了")
	p.press("Stay unnamed")
	p.see("You stay unnamed")
	w.rests()
	p.press("Confirm")
	p.see("Your request has number")
	w.rests()
	worker.solve(w.refOf(p))
	w.rests()
	p.press("＋ Also ask for: Poverty relief")
	w.eventually("a further one", func() bool { return w.count(`SELECT count(*) FROM requests WHERE state = 'open'`) == 1 })
	w.rests()
	if worker.texts("Call back") > 0 {
		t.Error("the worker reads the number of who was promised to stay unnamed")
	}
}

// TestLiveAfterForget: a live location's step after all is erased makes no chat of the person again.
func TestLiveAfterForget(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker(901, "w-440117-2-1")
	p := w.person(1, "May", "en")
	p.send("I need a wheelchair for my father")
	p.see("send your location")
	live := p.LiveLocation(w.bot, 23.452, 113.488, 900)
	p.press("Confirm")
	p.see("Your request has number")
	w.rests()
	p.send("/forget")
	w.rests()
	p.press("Erase everything")
	w.eventually("all is erased", func() bool { return w.count(`SELECT count(*) FROM chats WHERE id = 1`) == 0 })
	p.move(live, 23.46, 113.49)
	w.rests()
	if w.count(`SELECT count(*) FROM chats WHERE id = 1`) != 0 {
		t.Error("the account is kept again, though its person has done nothing")
	}
}

// section is one half of a migration.
func section(t *testing.T, name string, up bool) string {
	b, err := os.ReadFile("../../internal/database/migrations/" + name)
	if err != nil {
		t.Fatal(err)
	}
	u, d, _ := strings.Cut(string(b), "-- +goose Down")
	if up {
		return u
	}
	return d
}

// TestMigrationsBackAndForth: back over the later migrations and forward again, where somebody has been erased and
// has rated.
func TestMigrationsBackAndForth(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(w *world){
		"rated": func(w *world) {
			w.exec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'rated', 'resident' FROM requests`)
		},
		"erased": func(w *world) {
			w.exec(`INSERT INTO chats (bot_id, id, language, created_at) VALUES (4242, 0, 'en', now());
				UPDATE requests SET chat_id = 0, text = '', summary = '', groups = '{}', understanding = '{}', routing = '{}', lat = NULL, lon = NULL,
				place_source = '', state = 'cancelled', closed_at = now(), next_action = NULL, next_action_at = NULL, erased_at = now()`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			requestOf(w.person(1, "May", "en"), "I need a wheelchair for my father")
			w.rests()
			prepare(w)
			tx, err := w.server.db.Begin()
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback()
			files, err := filepath.Glob("../../internal/database/migrations/*.sql")
			if err != nil {
				t.Fatal(err)
			}
			var all []string // from the one on that knows of people who were erased
			for _, file := range files {
				if name := filepath.Base(file); name >= "00014" {
					all = append(all, name)
				}
			}
			for i := len(all) - 1; i >= 0; i-- {
				if _, err := tx.Exec(section(t, all[i], false)); err != nil {
					t.Fatalf("down %s: %v", all[i], err)
				}
			}
			for _, m := range all {
				if _, err := tx.Exec(section(t, m, true)); err != nil {
					t.Fatalf("up %s: %v", m, err)
				}
			}
		})
	}
}
