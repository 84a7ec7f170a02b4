package main

import (
	"strings"
	"sync"
	"testing"

	"onedoor/bot"
	"onedoor/intake"
	"onedoor/internal/texts"
)

// phrasebook says the bot's texts in a language.
type phrasebook func(key string, values ...any) string

// inEachLanguage runs a test with the bot's texts in each language, and the tag that Telegram has for it.
func inEachLanguage(t *testing.T, do func(t *testing.T, tag string, say phrasebook)) {
	catalogue, err := bot.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range intake.Languages() {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			do(t, strings.Replace(language, "zh-CN", "zh-hans", 1), phrases(catalogue, language))
		})
	}
}

// phrases are the bot's texts in a language.
func phrases(catalogue *texts.Catalogue, language string) phrasebook {
	return func(key string, values ...any) string {
		data := texts.Data{}
		for i := 0; i < len(values); i += 2 {
			data[values[i].(string)] = values[i+1]
		}
		return catalogue.Say(language, key, data)
	}
}

// ask submits a request of a resident in 太平镇 in any language, and returns its reference.
func (p *person) ask(say phrasebook, words string) string {
	p.w.Helper()
	p.send("/start 440117111")
	p.send(words)
	p.press(say("button_confirm"))
	p.w.rests()
	var ref string
	if err := p.w.server.db.Get(&ref, `SELECT ref FROM requests WHERE chat_id = $1 ORDER BY id DESC LIMIT 1`, p.ID()); err != nil {
		p.w.Fatal(err)
	}
	return ref
}

// solve claims the request that waits and resolves it.
func (p *person) solve(ref string) {
	p.w.Helper()
	p.press("Claim")
	p.w.eventually("it is claimed", func() bool { return p.w.state(ref) == "claimed" })
	p.press("Resolve")
	p.press("Solved")
	p.w.eventually("it is resolved", func() bool { return p.w.state(ref) == "resolved" })
	p.w.rests()
}

// solved is a resident in the language whose request a worker has resolved.
func (w *world) solved(tag string, say phrasebook) (resident, worker *person, ref string) {
	w.Helper()
	worker, resident = w.worker(901, "w-440117-2-1"), w.person(1, "May", tag)
	ref = resident.ask(say, "I need a wheelchair for my father")
	worker.solve(ref)
	return resident, worker, ref
}

// presses the data of a button under a message, which may not be there, and waits until that is handled.
func (p *person) forge(under, data string) {
	p.w.Helper()
	p.PressData(p.see(under), data)
	p.w.rests()
}

// fits checks that no message of the bot is longer than a small screen.
func (p *person) fits() {
	p.w.Helper()
	for _, m := range p.Chat(p.w.bot) {
		if lines := strings.Count(m.Words(), "\n") + 1; m.FromBot() && lines > 6 {
			p.w.Errorf("%s reads %d lines: %s", p.name, lines, m.Words())
		}
	}
}

func (p *person) toast(words string) {
	p.w.Helper()
	p.w.eventually("the answer to a press is "+words, func() bool {
		answers := p.Answers(p.w.bot)
		return len(answers) > 0 && strings.Contains(answers[len(answers)-1].Text, words)
	})
}

// TestRating: one tap, changeable, with words beside it; whoever resolved the request reads it.
func TestRating(t *testing.T) {
	t.Parallel()
	inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
		w := newWorld(t, nil)
		resident, worker, ref := w.solved(tag, say)
		resident.press(say("button_rate_4"))
		resident.see(say("rated", "Stars", "★★★★☆"))
		resident.seeButton(say("button_nocomment"))
		worker.see(ref + ": how well it was solved, by the resident: ★★★★☆")
		resident.seeButton(say("button_rate_4") + " ✓")
		resident.send("she came at once, very kind")
		resident.see(say("commented", "Ref", ref))
		worker.see("she came at once, very kind")
		resident.press(say("button_rate_5"))
		resident.see(say("rated", "Stars", "★★★★★"))
		worker.see("★★★★★\n“she came at once, very kind”")
		resident.press(say("button_rate_5") + " ✓") // which changes nothing
		w.rests()
		if w.count(`SELECT count(*) FROM ratings WHERE score = 5 AND comment IS NOT NULL`) != 1 || w.count(`SELECT count(*) FROM ratings`) != 1 {
			t.Error("the rating is not kept, once, with its comment")
		}
		if n := w.count(`SELECT count(*) FROM events WHERE kind = 'rated'`); n != 3 {
			t.Errorf("the log has %d events of a rating, a comment and a change", n)
		}
		if n := w.count(`SELECT count(*) FROM requests`); n != 1 {
			t.Errorf("a comment has begun a request: there are %d", n)
		}
		resident.fits()
	})
}

// TestNoComment: the button leaves the rating alone, and what is said then is a need like any other.
func TestNoComment(t *testing.T) {
	t.Parallel()
	inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
		w := newWorld(t, nil)
		resident, worker, _ := w.solved(tag, say)
		resident.press(say("button_rate_1"))
		resident.press(say("button_nocomment"))
		w.rests()
		resident.send("he never came")
		w.rests()
		if w.count(`SELECT count(*) FROM ratings WHERE comment IS NOT NULL`) > 0 || worker.texts("he never came") > 0 {
			t.Error("it is taken for a comment")
		}
		if w.count(`SELECT count(*) FROM requests WHERE state = 'draft'`) != 1 {
			t.Error("it is no need either")
		}
	})
}

// TestNotAComment: nothing that may be more than a comment is swallowed by it.
func TestNotAComment(t *testing.T) {
	t.Parallel()
	catalogue, err := bot.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	english := func(key string, _ ...any) string { return catalogue.Say("en", key, nil) }
	for name, c := range map[string]struct {
		say  func(w *world, p *person)
		more string // that there is then
	}{
		"danger":             {func(_ *world, p *person) { p.send("there is a fire in my house") }, `state = 'open' AND urgency = 'emergency'`},
		"danger in two":      {func(_ *world, p *person) { p.send("now my husband"); p.send("is beating me") }, `state = 'open' AND urgency = 'emergency'`},
		"a need":             {func(_ *world, p *person) { p.send("my boss has not paid my wages for three months") }, `state = 'draft' AND category = 'workers_rights'`},
		"a voice":            {func(w *world, p *person) { p.Voice(w.bot, []byte("mumble"), 3) }, `state = 'open' AND urgency = 'urgent'`},
		"a long story":       {func(_ *world, p *person) { p.send(strings.Repeat("he came late and then ", 60)) }, `state = 'draft'`},
		"words much later":   {func(w *world, p *person) { w.hourLater(); p.send("he never came") }, `state = 'draft'`},
		"words when closed":  {func(w *world, p *person) { w.clock(); p.send("he never came") }, `state = 'draft'`},
		"another matter":     {func(_ *world, p *person) { p.send("he never came"); p.press("This is a new matter") }, `state = 'draft' AND text = 'he never came'`},
		"what is begun then": {func(_ *world, p *person) { p.send("/new"); p.send("the lamp is so dark") }, `state = 'draft' AND text LIKE '%dark'`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			resident, _, _ := w.solved("en", english)
			resident.press("★★★ so-so")
			resident.see("in a few words")
			c.say(w, resident)
			w.eventually("there is what is more than a comment", func() bool { return w.count(`SELECT count(*) FROM requests WHERE `+c.more) == 1 })
			if name != "danger in two" && w.count(`SELECT count(*) FROM ratings WHERE comment IS NOT NULL`) > 0 {
				t.Error("it is a comment")
			}
			if w.count(`SELECT count(*) FROM ratings WHERE score = 3`) != 1 {
				t.Error("the rating is lost")
			}
		})
	}
}

// hourLater makes all that was resolved and rated an hour and more ago.
func (w *world) hourLater() {
	w.Helper()
	w.rests()
	w.exec(`UPDATE ratings SET resolved_at = resolved_at - interval '61 minutes', rated_at = rated_at - interval '61 minutes';
		UPDATE requests SET resolved_at = resolved_at - interval '61 minutes' WHERE resolved_at IS NOT NULL`)
}

// TestRatedBesideAnother: who has a request with a station says what they say to that one.
func TestRatedBesideAnother(t *testing.T) {
	t.Parallel()
	inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
		w := newWorld(t, nil)
		resident, worker, ref := w.solved(tag, say)
		resident.send("/new")
		other := resident.ask(say, "my boss has not paid my wages for three months")
		resident.press(say("button_rate_2"))
		resident.see(say("rated", "Stars", "★★☆☆☆"))
		w.rests()
		if resident.texts(say("rated_comment")) > 0 {
			t.Error("a comment is asked for, though words go to the open request")
		}
		resident.send("he never came")
		resident.see(say("added", "Ref", other))
		worker.see(ref + ": how well")
		if w.count(`SELECT count(*) FROM messages m JOIN requests r ON r.id = m.request_id WHERE m.text = 'he never came' AND r.state = 'open'`) != 1 {
			t.Error("what is said is lost to the open request")
		}
	})
}

// TestForgedRating: only the resident's own, resolved request takes a rating, of 1 to 5.
func TestForgedRating(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, resident, other := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en"), w.person(2, "Eve", "en")
	ref := requestOf(resident, "I need a wheelchair for my father")
	other.send("/help")
	resident.forge("Your request has number", "rate:"+ref+":5") // still open
	resident.toast("no longer applies")
	worker.solve(ref)
	for _, arg := range []string{"6", "0", "-1", "", "x", "5.5", "99999999999999999999", "5;--"} {
		resident.forge("How well", "rate:"+ref+":"+arg)
		resident.toast("no longer applies")
	}
	other.forge("Write or say", "rate:"+ref+":1")
	other.forge("Write or say", "nocomment:"+ref+":")
	other.toast("no longer applies")
	worker.forge("on duty", "rate:"+ref+":5")
	if n := w.count(`SELECT count(*) FROM ratings`); n > 0 {
		t.Fatalf("%d ratings are forged", n)
	}
	resident.press("★★★★★ very well")
	w.rests()
	w.clock() // a week of silence
	resident.press("★ badly")
	resident.toast("is closed")
	if w.count(`SELECT count(*) FROM ratings WHERE score = 5`) != 1 || w.count(`SELECT count(*) FROM ratings`) != 1 {
		t.Error("the rating was changed after the end")
	}
	for _, score := range []string{"0", "6"} {
		if _, err := w.server.db.ExecContext(w.ctx, `UPDATE ratings SET score = `+score); err == nil {
			t.Errorf("the database takes a rating of %s", score)
		}
	}
}

// TestRateAndReopenAtOnce: whichever comes first, both are answered and the request is open.
func TestRateAndReopenAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, resident := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
	ref := requestOf(resident, "I need a wheelchair for my father")
	for range 3 {
		worker.solve(ref)
		m := resident.seeButton("It isn't solved")
		toasts := len(resident.Answers(w.bot))
		var group sync.WaitGroup
		for _, data := range []string{"rate:" + ref + ":4", "reopen:" + ref + ":", "rate:" + ref + ":2", "reopen:" + ref + ":"} {
			group.Go(func() { resident.PressData(m, data) })
		}
		group.Wait()
		resident.waitToasts(toasts + 4)
		w.rests()
		if state := w.state(ref); state != "open" {
			t.Fatalf("the request is %s", state)
		}
		if n := w.count(`SELECT count(*) FROM chats WHERE mode = 'comment'`); n > 0 {
			t.Error("a comment is waited for on what is open again")
		}
	}
	if reopened := w.count(`SELECT count(*) FROM events WHERE kind = 'reopened'`); reopened != 3 {
		t.Errorf("it was reopened %d times", reopened)
	}
	if n := w.count(`SELECT count(*) FROM troubles`); n > 0 {
		t.Errorf("%d troubles", n)
	}
}

// cards counts the messages that offer a request, as they were sent.
func (w *world) cards(chat string) int {
	return w.count(`SELECT count(*) FROM notices WHERE kind = 'card' AND edits IS NULL AND chat_id = ` + chat)
}

// TestReopenedToTheSame: whoever had it is asked first and alone, the others when the time for that is over.
func TestReopenedToTheSame(t *testing.T) {
	t.Parallel()
	inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
		w := newWorld(t, nil)
		resident, first, ref := w.solved(tag, say)
		second := w.worker(902, "w-440117-2-2")
		resident.press(say("button_reopen"))
		resident.see(say("reopened", "Ref", ref))
		first.see("can you take it on again")
		w.rests()
		if n := w.cards("902"); n > 0 || w.state(ref) != "open" {
			t.Errorf("a colleague is asked as well: %d cards; it is %s", n, w.state(ref))
		}
		if n := w.count(`SELECT count(*) FROM requests WHERE next_action = 'call' AND next_action_at > now() AND next_action_at < claim_due - (claim_due - now()) / 2`); n != 1 {
			t.Error("nothing calls the others before the time to claim is half over")
		}
		w.clock()
		second.press("Claim")
		w.eventually("a colleague has it", func() bool { return w.state(ref) == "claimed" })
		if n := w.count(`SELECT count(*) FROM requests WHERE worker = 'w-440117-2-2'`); n != 1 {
			t.Error("another has it")
		}
	})
}

// TestReopenedToAll: who is off duty, gone or out of reach is not waited for, and nobody is in an emergency.
func TestReopenedToAll(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(w *world, first *person){
		"off duty": func(w *world, first *person) { first.send("/duty off"); first.see("You are off duty"); w.rests() },
		"gone": func(w *world, _ *person) {
			w.exec(`UPDATE workers SET active = false, on_duty = false WHERE code = 'w-440117-2-1'`)
		},
		"blocked": func(w *world, first *person) { first.Block(w.bot); w.rests() },
		"danger":  func(w *world, _ *person) { w.exec(`UPDATE requests SET urgency = 'emergency', crisis = 'fire'`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			first, resident := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
			ref := requestOf(resident, "I need a wheelchair for my father")
			first.solve(ref)
			second := w.worker(902, "w-440117-2-2")
			prepare(w, first)
			resident.press("It isn't solved")
			second.press("Claim")
			w.eventually("a colleague has it", func() bool { return w.state(ref) == "claimed" })
		})
	}
}

// TestClosedAfterAWeek: silence closes it; within thirty days it can be opened again, and what is written is a new one.
func TestClosedAfterAWeek(t *testing.T) {
	t.Parallel()
	inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
		w := newWorld(t, nil)
		resident, worker, ref := w.solved(tag, say)
		if n := w.count(`SELECT count(*) FROM requests WHERE next_action = 'close' AND next_action_at = resolved_at + interval '7 days'`); n != 1 {
			t.Error("a resolved request isn't closed after 7 days")
		}
		w.clock()
		if state := w.state(ref); state != "closed" {
			t.Fatalf("it is %s", state)
		}
		resident.press(say("button_rate_5"))
		resident.toast(say("rate_closed"))
		resident.press(say("button_reopen"))
		worker.solve(ref)
		w.clock()
		w.exec(`UPDATE requests SET resolved_at = resolved_at - interval '31 days'`)
		resident.press(say("button_reopen"))
		resident.toast(say("reopen_late"))
		if state := w.state(ref); state != "closed" {
			t.Errorf("after 31 days it is %s", state)
		}
		resident.ask(say, "my boss has not paid my wages for three months")
		if n := w.count(`SELECT count(*) FROM requests`); n != 2 {
			t.Errorf("there are %d requests, want a new one", n)
		}
	})
}
