package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"onedoor/bot"
	"onedoor/intake"
	"onedoor/internal/simulator"
	"onedoor/internal/texts"
)

// says is what the bot says in a language.
type says func(key string, values texts.Data) string

// eachResident runs a test of what residents read, whose words are the same, with one of each language.
func eachResident(t *testing.T, test func(w *world, p *person, say says)) {
	t.Parallel()
	catalogue, err := bot.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, nil)
	for i, language := range intake.Languages() {
		p := w.person(int64(1+i), "May", language)
		p.send("/start 440117111")
		p.see("/privacy")
		test(w, p, func(key string, values texts.Data) string { return catalogue.Say(language, key, values) })
	}
}

// button is a label without anything in it.
func (s says) button(name string) string { return s("button_"+name, nil) }

// withButton counts the messages that have such a button.
func (p *person) withButton(label string) (n int) {
	for _, m := range p.Chat(p.w.bot) {
		if _, ok := m.Button(label); ok {
			n++
		}
	}
	return n
}

func (p *person) last() simulator.Message {
	chat := p.Chat(p.w.bot)
	return chat[len(chat)-1]
}

// open makes a request of a resident's with a station, by SQL's own truth, and returns its reference.
func (p *person) open(say says, words string) string {
	p.w.Helper()
	p.w.rests()
	p.send("/new")
	p.w.rests()
	p.send(words)
	p.w.rests()
	p.press(say.button("confirm"))
	p.w.rests()
	var r struct{ Ref, State string }
	if err := p.w.server.db.Get(&r, `SELECT ref, state FROM requests WHERE chat_id = $1 ORDER BY id DESC LIMIT 1`, p.ID()); err != nil || r.State != "open" {
		p.w.Fatalf("%q has become %v (%v)", words, r, err)
	}
	return r.Ref
}

// text is all that was said to a request.
func (w *world) text(ref string) (text string) {
	w.Helper()
	if err := w.server.db.Get(&text, `SELECT text FROM requests WHERE ref = $1`, ref); err != nil {
		w.Fatal(err)
	}
	return text
}

// undecided makes the clock decide on words that nobody has said anything about.
func (w *world) undecided() {
	w.Helper()
	w.rests()
	w.exec(`UPDATE requests SET next_action_at = now() - interval '1 second' WHERE next_action = 'which'`)
	w.rests()
}

// TestFiveLines: who writes in short lines has one card, below the last, and one request; what they write just after
// confirming is added to it, with one receipt.
func TestFiveLines(t *testing.T) {
	eachResident(t, func(w *world, p *person, say says) {
		for _, line := range []string{"我爸", "走不动了", "想要一个轮椅", "家里没人照顾", "麻烦你们"} {
			p.send(line)
		}
		p.seeButton(say.button("confirm"))
		w.rests()
		if n := p.withButton(say.button("confirm")); n != 1 {
			t.Errorf("%d cards stand in the chat, want one", n)
		}
		if _, ok := p.last().Button(say.button("confirm")); !ok {
			t.Errorf("the last message is %q", p.last().Text)
		}
		p.press(say.button("confirm"))
		w.rests()
		ref := w.refOf(p)
		for _, line := range []string{"要折叠的", "最好轻一点", "早上来"} {
			p.send(line)
		}
		w.rests()
		if want := "我爸\n走不动了\n想要一个轮椅\n家里没人照顾\n麻烦你们\n要折叠的\n最好轻一点\n早上来"; w.text(ref) != want {
			t.Errorf("the request says %q", w.text(ref))
		}
		if n := p.withButton(say.button("anew")); n != 1 || p.last().Text != say("added", texts.Data{"Ref": ref}) {
			t.Errorf("%d receipts, and the last message is %q", n, p.last().Text)
		}
		p.press(say.button("anew"))
		w.eventually("the line above the button is a matter of its own", func() bool { return w.text(w.refOf(p)) == "早上来" })
		if text := w.text(ref); !strings.HasSuffix(text, "要折叠的\n最好轻一点") {
			t.Errorf("the request keeps %q", text)
		}
	})
}

// TestFiveLinesWithoutAPlace: the question for the place stands once, below what was written last, and so does that no
// such place is known.
func TestFiveLinesWithoutAPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(1, "May", "en")
	for _, line := range []string{"我爸走不动了", "他想要一个轮椅，最好可以折叠", "他今年八十岁了", "家里没人照顾他，很着急", "麻烦你们"} {
		p.send(line)
	}
	w.rests()
	if asked, unknown := p.texts("Where is it?"), p.texts("We can't find"); asked > 1 || unknown > 1 || asked+unknown == 0 {
		t.Errorf("asked for the place %d times, and said %d times that it is unknown", asked, unknown)
	}
	p.Location(w.bot, 23.452, 113.488)
	p.press("Confirm")
	p.see("Your request has number")
	if strings.Count(w.text(w.refOf(p)), "\n") != 4 {
		t.Errorf("the request says %q", w.text(w.refOf(p)))
	}
}

// refOf is a resident's latest request.
func (w *world) refOf(p *person) (ref string) {
	w.Helper()
	if err := w.server.db.Get(&ref, `SELECT ref FROM requests WHERE chat_id = $1 ORDER BY id DESC LIMIT 1`, p.ID()); err != nil {
		w.Fatal(err)
	}
	return ref
}

// TestFiveAtOnce: whatever comes first, it is one request with one card.
func TestFiveAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config) {
		c.Listen = freeAddress(t)
		c.WebhookSecret, c.PublicURL = "a-secret", "http://"+c.Listen
	})
	p := w.person(1, "May", "en")
	p.send("/start 440117111")
	p.see("/privacy")
	var group sync.WaitGroup
	for i := range 5 {
		group.Go(func() { p.send(fmt.Sprintf("I need a wheelchair for my father, it is urgent %d", i)) })
	}
	group.Wait()
	p.seeButton("Confirm")
	w.rests()
	if n := p.withButton("Confirm"); n != 1 {
		t.Errorf("%d cards stand in the chat, want one", n)
	}
	if n := w.count(`SELECT count(*) FROM requests`); n != 1 || strings.Count(w.text(w.refOf(p)), "wheelchair") != 5 {
		t.Errorf("%d requests, the last of which says %q", n, w.text(w.refOf(p)))
	}
}

// TestChangedInPlace: pressing a button of the card moves nothing.
func TestChangedInPlace(t *testing.T) {
	eachResident(t, func(w *world, p *person, say says) {
		p.send("我爸走不动了，想要一个轮椅")
		card := p.seeButton(say.button("confirm"))
		w.rests()
		p.press(say.button("services"))
		w.rests()
		if _, err := p.Press(p.last(), p.last().Labels()[1]); err != nil {
			t.Fatal(err)
		}
		w.rests()
		if last := p.last(); last.ID != card.ID || last.Text == card.Text {
			t.Errorf("message %d was %q; the last one is %d, %q", card.ID, card.Text, last.ID, last.Text)
		}
	})
}

const (
	wheelchair = "我爸走不动了，想要一个轮椅"
	wages      = "老板拖欠我三个月工资不给"
)

// TestWhichOfSeveral: words that may belong to several requests are kept at once, and one tap says where they go.
func TestWhichOfSeveral(t *testing.T) {
	eachResident(t, func(w *world, p *person, say says) {
		first, second := p.open(say, wheelchair), p.open(say, wages)
		w.longAgo()
		p.send("你们什么时候来？")
		p.send("我周三在家")
		p.see(say("which", nil))
		w.rests()
		question := p.last()
		if n := p.texts(say("which", nil)); n != 1 || len(question.Labels()) != 3 {
			t.Errorf("asked %d times, with the buttons %q", n, question.Labels())
		}
		if label := question.Labels()[1]; !strings.HasPrefix(label, first) || !strings.Contains(label, "我爸走不动") {
			t.Errorf("the button of the first request is %q", label)
		}
		draft := w.refOf(p)
		toasts := len(p.Answers(w.bot))
		for i, data := range []string{ // forged: nobody's, of another draft, of no draft
			"addto:ABCDEF:" + draft, "addto:" + first + ":" + second, "addto:" + first + ":", "asnew:" + first + ":"} {
			p.PressData(question, data)
			p.waitToasts(toasts + i + 1)
		}
		if state := w.state(draft); state != "draft" {
			t.Fatalf("a forged button made the draft %s", state)
		}
		for range 3 { // chosen twice, at once
			p.PressData(question, "addto:"+first+":"+draft)
			p.PressData(question, "addto:"+second+":"+draft)
		}
		w.rests()
		if w.text(first) != wheelchair+"\n你们什么时候来？\n我周三在家" || w.text(second) != wages || w.state(draft) != "cancelled" {
			t.Errorf("the requests say %q and %q, the draft is %s", w.text(first), w.text(second), w.state(draft))
		}
		p.send("下午也可以") // said on
		w.rests()
		if !strings.HasSuffix(w.text(first), "下午也可以") {
			t.Errorf("what is said on is not in %q", w.text(first))
		}
		if p.texts(say("which", nil)) > 0 {
			t.Errorf("an answered question still stands")
		}
	})
}

// TestNobodyChose: words that nobody places go to the request in which something happened last, and that is said; a
// picture like words; a request that is over can't be chosen any more; and "a new matter" is one.
func TestNobodyChose(t *testing.T) {
	eachResident(t, func(w *world, p *person, say says) {
		first, second := p.open(say, wheelchair), p.open(say, wages)
		w.longAgo()
		p.Photo(w.bot, []byte("x"), "")
		p.see(say("which", nil))
		w.undecided()
		if n := w.count(fmt.Sprintf(`SELECT count(*) FROM messages m JOIN requests r ON r.id = m.request_id WHERE r.ref = '%s' AND m.kind = 'photo'`, second)); n != 1 {
			t.Errorf("%d pictures are with the latest request, want the one", n)
		}
		if !strings.Contains(p.last().Text, second) || p.last().Text == say("added", texts.Data{"Ref": second}) {
			t.Errorf("the resident reads %q", p.last().Text)
		}

		w.longAgo()
		p.send("你们什么时候来？")
		p.see(say("which", nil))
		w.rests()
		question, draft := p.last(), w.refOf(p)
		w.exec(fmt.Sprintf(`UPDATE requests SET state = 'resolved', outcome = 'solved', resolved_at = now(), next_action = 'close' WHERE ref = '%s'`, first))
		p.PressData(question, "addto:"+first+":"+draft)
		w.rests()
		if w.state(draft) != "draft" || len(p.last().Labels()) != 2 {
			t.Errorf("the draft is %s, and the last message has %q", w.state(draft), p.last().Labels())
		}
		p.press(say.button("asnew"))
		w.rests()
		if w.state(draft) != "draft" || w.count(`SELECT count(*) FROM requests WHERE next_action = 'which'`) != 0 {
			t.Errorf("the new matter is %s, or still undecided", w.state(draft))
		}
	})
}

// TestUndecidedDanger: danger waits for no question, and words in an emergency go to it.
func TestUndecidedDanger(t *testing.T) {
	eachResident(t, func(w *world, p *person, say says) {
		p.open(say, wheelchair)
		p.open(say, wages)
		w.longAgo()
		p.send("你们什么时候来？")
		p.see(say("which", nil))
		p.send("着火了！")
		p.see("119")
		w.rests()
		w.longAgo()
		p.send("我在二楼")
		w.rests()
		if text := w.text(w.refOf(p)); text != "你们什么时候来？\n着火了！\n我在二楼" {
			t.Errorf("the emergency says %q", text)
		}
		if p.texts(say("which", nil)) > 0 {
			t.Errorf("the question still stands")
		}
	})
}

// TestOwnRequests: /status has for each open request what can be done with it.
func TestOwnRequests(t *testing.T) {
	eachResident(t, func(w *world, p *person, say says) {
		first, second := p.open(say, wheelchair), p.open(say, wages)
		of := func(name, ref string) string { return say("button_"+name, texts.Data{"Ref": ref}) }
		p.send("/status")
		p.press(of("add", first))
		p.see(say("ask_add", texts.Data{"Ref": first}))
		p.send("谢谢") // small talk, but it was asked for
		p.see(strings.TrimRight(say("added", texts.Data{"Ref": first}), ".。"))
		if w.text(first) != wheelchair+"\n谢谢" {
			t.Errorf("it says %q", w.text(first))
		}

		p.press(of("call", second))
		w.rests()
		contact := p.last().Contact
		if contact == nil || !strings.HasPrefix(contact.PhoneNumber, "+8620") || contact.FirstName == "" {
			t.Errorf("the telephone number is %+v", contact)
		}

		p.press(say.button("cancel") + " " + second)
		p.press(say.button("keep"))
		w.rests()
		if w.state(second) != "open" || p.withButton(say.button("withdraw")) > 0 {
			t.Errorf("kept, it is %s, and the question has %d buttons", w.state(second), p.withButton(say.button("withdraw")))
		}
		p.press(say.button("cancel") + " " + second)
		p.press(say.button("withdraw"))
		p.see(say("cancelled", nil))
		w.rests()
		if w.state(second) != "cancelled" || w.state(first) != "open" || p.withButton(say.button("withdraw")) > 0 {
			t.Errorf("they are %s and %s", w.state(first), w.state(second))
		}

		other := w.person(p.ID()+100, "Eve", "en") // who has none of this
		other.send("/help")
		theirs := other.see("Write or say")
		for i, data := range []string{"add:" + first + ":", "withdraw:" + first + ":", "keep:" + first + ":", "call:" + first + ":", "addto:" + first + ":" + second} {
			other.PressData(theirs, data)
			other.waitToasts(i + 1)
		}
		other.send("/status")
		other.see("no open request")
	})
}

// TestNoTelephone: where no station has a request, or none is known, somebody can be called all the same.
func TestNoTelephone(t *testing.T) {
	eachResident(t, func(w *world, p *person, say says) {
		ref := p.open(say, wheelchair)
		w.exec(`UPDATE requests SET station = NULL, triage = 'no_station' WHERE state = 'open'`)
		p.send("/status")
		p.press(say("button_call", texts.Data{"Ref": ref}))
		p.see("12345")
	})
}

// TestAskedTwice: the same need within a day is offered as an addition, and is one of its own where the resident says so.
func TestAskedTwice(t *testing.T) {
	eachResident(t, func(w *world, p *person, say says) {
		ref := p.open(say, wheelchair)
		add := say("button_addto", texts.Data{"Ref": ref})
		again := func(words string) {
			p.send("/new")
			w.rests()
			w.exec(`UPDATE messages SET said_at = said_at - interval '1 hour'`) // else all of it is one breath
			p.send(words)
			w.rests()
		}
		again("我爸走不动，要轮椅")
		if _, ok := p.last().Button(add); !ok || p.withButton(say.button("confirm")) > 0 {
			t.Fatalf("the last message is %q with %q", p.last().Text, p.last().Labels())
		}
		p.press(add)
		w.rests()
		if w.text(ref) != wheelchair+"\n我爸走不动，要轮椅" || w.state(w.refOf(p)) != "cancelled" {
			t.Errorf("the request says %q", w.text(ref))
		}

		again("我爸还是走不动，要轮椅") // nobody answers
		p.seeButton(add)
		w.undecided()
		if !strings.HasSuffix(w.text(ref), "我爸还是走不动，要轮椅") {
			t.Errorf("unanswered, the request says %q", w.text(ref))
		}

		again("给我爸再要一个轮椅，他走不动了")
		p.seeButton(add)
		p.press(say.button("asnew"))
		p.press(say.button("confirm"))
		w.rests()
		if second := w.refOf(p); second == ref || w.state(second) != "open" {
			t.Errorf("the new matter is %s", w.state(second))
		}
		again(wages)
		p.seeButton(say.button("confirm")) // another need is no repetition
	})
}

// TestSameNearBy: what many report near by is linked, and each of them is handled and answered.
func TestSameNearBy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	report := func(id int64, words string, lat, lon float64) *person {
		p := w.person(id, "May", "en")
		p.Location(w.bot, lat, lon)
		p.see("we know where you are")
		p.send(words)
		w.rests()
		if p.withButton("Confirm") > 0 {
			p.press("Confirm")
		}
		w.rests()
		return p
	}
	first := report(1, "The sewage ditch behind the market is blocked and stinks", 23.452, 113.488)
	far := report(2, "The sewage ditch behind the market is blocked and stinks", 23.475, 113.488) // in a square that is looked at, but further away
	other := report(3, "When does the sports ground open", 23.452, 113.488)
	second := report(4, "Sewage stinks behind the market, the ditch is blocked", 23.456, 113.491)
	for _, p := range []*person{first, far, other, second} {
		p.see("Your request has number")
	}
	var linked []string
	if err := w.server.db.Select(&linked, `SELECT r.ref || ' ' || f.ref FROM links l JOIN requests r ON r.id = l.request_id JOIN requests f ON f.id = l.first_id`); err != nil ||
		!slices.Equal(linked, []string{w.refOf(second) + " " + w.refOf(first)}) {
		t.Errorf("linked are %v (%v), want %s to %s", linked, err, w.refOf(second), w.refOf(first))
	}
	worker.see("Reported near by as well, 1: " + w.refOf(first))
	worker.see("Reported near by as well, 1: " + w.refOf(second)) // on the first one's card, which was there before

	report(5, "The clinic is on fire, help", 23.453, 113.489).see("119")
	report(6, "fire! fire in the clinic", 23.451, 113.487).see("119")
	if n := w.count(`SELECT count(*) FROM links l JOIN requests r ON r.id = l.request_id WHERE r.crisis = 'fire' AND r.state = 'open'`); n != 1 {
		t.Errorf("%d fires are linked to the first and open, want the second", n)
	}
}

// TestHonestWhenLate: when a deadline passes the resident is told so, once, and what is done about it.
func TestHonestWhenLate(t *testing.T) {
	eachResident(t, func(w *world, p *person, say says) {
		if w.count(`SELECT count(*) FROM workers WHERE on_duty`) == 0 {
			w.worker(901, "w-440117-2-1")
		}
		ref := p.open(say, wheelchair)
		late := say("still_waiting", texts.Data{"Ref": ref})
		w.tooLate()
		p.see(late)
		w.clock()
		if n := p.texts(late); n != 1 {
			t.Errorf("told %d times", n)
		}
		w.exec(`UPDATE requests SET state = 'claimed', worker = 'w-440117-2-1', station = 'st-440117-2', claimed_at = now(), next_action = 'answer' WHERE state = 'open'`)
		w.clock()
		p.see(say("answer_late", texts.Data{"Ref": ref}))
	})
}

// TestLinesBeforeThePlace: lines that say on what is needed are no names of places, and are understood together.
func TestLinesBeforeThePlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, lines := range [][]string{
		{"包工头欠我", "三个月工资", "一共两万多", "找不到人"},
		{"个厕所塞咗", "行唔到落楼", "想揾人帮手抹身"},
		{"my mother is 80", "she cannot walk", "she needs a wheelchair"},
	} {
		p := w.person(int64(10+i), "Chan", []string{"zh-hans", "zh-hk", "en"}[i])
		for _, line := range lines {
			p.send(line)
			w.rests()
		}
		if n := p.texts("找不到") + p.texts("搵唔到") + p.texts("can't find"); n > 0 {
			t.Errorf("of %q some are taken for a place's name", lines)
		}
	}
	if n := w.count(`SELECT count(*) FROM requests WHERE state = 'draft'`); n != 3 {
		t.Errorf("there are %d drafts", n)
	}
	if n := w.count(`SELECT count(*) FROM requests WHERE category = 'workers_rights' AND chat_id = 10 OR category = 'elderly_disabled_care' AND chat_id IN (11, 12)`); n != 3 {
		t.Errorf("%d of three are understood by all that was said", n)
	}
}

// TestMistakeTakesNoNeedWithIt: what else was asked for is asked about when an alarm is taken back.
func TestMistakeTakesNoNeedWithIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(1, "Li", "en")
	p.send("/start 440117111")
	p.see("What do you need")
	p.send("my boss has not paid my wages for three months, my neighbour's house is on fire")
	p.press("It was a mistake")
	p.see("Taken back")
	if card := p.seeButton("Confirm"); !strings.Contains(card.Text, "Workers") {
		t.Errorf("the card is %s", card.Text)
	}
	p.press("Confirm")
	w.eventually("it is open", func() bool {
		return w.count(`SELECT count(*) FROM requests WHERE state = 'open' AND category = 'workers_rights' AND urgency <> 'emergency'`) == 1
	})
	if w.emergencies() != 0 {
		t.Error("the alarm is raised anew")
	}
}

// TestTalkedAboutLately: with two requests open, what is said within ten minutes of the last words on one goes there. Its
// receipt names it, and has a button by which the words are about the other, or a new matter; nobody's silence takes them back.
func TestTalkedAboutLately(t *testing.T) {
	eachResident(t, func(w *world, p *person, say says) {
		first, second := p.open(say, wheelchair), p.open(say, wages)
		w.exec(`ALTER TABLE events DISABLE TRIGGER events_append_only;
			UPDATE events SET at = at - interval '9 minutes'; ALTER TABLE events ENABLE TRIGGER events_append_only`)
		p.send("你们什么时候来？")
		w.rests()
		if text := p.last().Text; !strings.HasSuffix(w.text(second), "你们什么时候来？") || !strings.Contains(text, second) || !w.names(text, "workers_rights") {
			t.Fatalf("the second request says %q, and the resident reads %q", w.text(second), text)
		}
		receipt := p.last()
		p.press(say.button("elsewhere"))
		p.see(say("which", nil))
		w.rests()
		if labels := p.last().Labels(); len(labels) != 2 || !strings.HasPrefix(labels[0], first) {
			t.Errorf("the other and a new matter are offered as %q", labels)
		}
		draft := w.refOf(p)
		w.undecided()
		if w.text(second) != wages || !strings.HasSuffix(w.text(first), "你们什么时候来？") || w.state(draft) != "cancelled" {
			t.Errorf("left alone, the requests say %q and %q, the draft is %s", w.text(first), w.text(second), w.state(draft))
		}
		toasts := len(p.Answers(w.bot))
		button, _ := receipt.Button(say.button("elsewhere"))
		p.PressData(receipt, button.Data) // once more: it moves nothing
		p.waitToasts(toasts + 1)
		if w.text(second) != wages {
			t.Errorf("pressed again, it says %q", w.text(second))
		}
	})
}

// names tells whether a text names a service, in whatever language.
func (w *world) names(text, key string) bool {
	c, _ := w.server.intake.Taxonomy.Category(key)
	return slices.ContainsFunc(intake.Languages(), func(language string) bool { return strings.Contains(text, c.Name[language]) })
}

// TestTurnOfTheTalk: "a new matter" takes what follows a line along, until the worker answers.
func TestTurnOfTheTalk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p, worker, ref := claimed(w)
	p.send("the school bus has not come for a week")
	p.see("Passed on")
	w.rests()
	receipt := p.last()
	p.send("the children walk six miles")
	w.rests()
	worker.Reply(worker.see("walk six miles"), "I am on my way to you")
	p.see("on my way")
	p.send("the door is open")
	w.rests()
	button, _ := receipt.Button("This is a new matter")
	p.PressData(receipt, button.Data)
	w.eventually("two lines are a matter of their own", func() bool {
		return w.text(w.refOf(p)) == "the school bus has not come for a week\nthe children walk six miles"
	})
	if text := w.text(ref); !strings.HasSuffix(text, "the door is open") || strings.Contains(text, "bus") {
		t.Errorf("the request keeps %q", text)
	}
}
