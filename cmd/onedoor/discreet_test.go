package main

import (
	"slices"
	"strings"
	"testing"

	"onedoor/intake"
	"onedoor/internal/simulator"
	"onedoor/prompts"
)

// fromBot are the words that the bot has said in somebody's chat, and those on its buttons.
func (p *person) fromBot() string {
	var words []string
	for _, m := range p.Chat(p.w.bot) {
		if m.FromBot() {
			words = append(append(words, m.Words()), m.Labels()...)
		}
	}
	return strings.Join(words, "\n")
}

// givesAway are what nothing says that a victim of violence reads: services, stations, names, and what it is about.
func (w *world) givesAway() []string {
	w.Helper()
	words := []string{"w-440117-2-1", "violence", "abuse", "beat", "women", "young people", "police", "victim", "暴力", "虐待", "施暴", "报警", "報警", "妇女", "婦女", "青少年"}
	for _, c := range w.server.intake.Taxonomy.Categories() {
		for _, name := range c.Name {
			words = append(words, name)
		}
	}
	var names []string
	if err := w.server.db.Select(&names, `SELECT name FROM stations UNION SELECT name_en FROM stations WHERE name_en <> '' UNION SELECT name FROM workers`); err != nil {
		w.Fatal(err)
	}
	return append(words, names...)
}

// TestDiscreet: who is in danger of somebody near reads nothing, from the first answer to the last, that tells what it is
// about or who helps.
func TestDiscreet(t *testing.T) {
	t.Parallel()
	inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
		w := newWorld(t, nil)
		worker, resident := w.worker(901, "w-440117-2-1"), w.person(1, "May", tag)
		resident.send("/start 440117111")
		w.rests()
		seen := len(resident.Chat(w.bot))
		resident.send("my husband is beating me")
		for _, number := range []string{"110", "12338"} {
			resident.see(number)
		}
		ref := w.records()[0]["ref"].(string)
		resident.see(say("discreet_crisis_station", "Ref", ref))
		resident.seeButton(say("button_mistake"))
		resident.seeButton(say("button_quiet"))
		if card := worker.seeButton("Claim"); !strings.Contains(card.Text, "go in twos") || !strings.Contains(card.Text, "Others may read the phone") {
			t.Errorf("the card doesn't say what to heed: %s", card.Text)
		}
		worker.press("Claim")
		resident.see(say("discreet_claimed_by", "Ref", ref))
		worker.press("Reply")
		worker.see("write nothing that gives the resident away")
		worker.send("We are here for you")
		resident.see("We are here for you")
		worker.edit("We are here for you", "We are near you")
		resident.see("We are near you")
		worker.press("Reply")
		w.rests()
		worker.Photo(w.bot, []byte("a map"), "")
		resident.see(say("discreet_worker_sent"))
		resident.send("please come")
		resident.see(say("added", "Ref", ref))
		resident.send("/status")
		resident.see(ref + " · " + say("discreet_state_claimed"))
		resident.send("he is beating me again")
		w.rests()
		if err := w.server.intake.SendTo(w.ctx, ref, "st-440117-1", "admin"); err != nil {
			t.Fatal(err)
		}
		resident.see(say("discreet_moved", "Ref", ref))
		if err := w.server.intake.SendTo(w.ctx, ref, "st-440117-2", "admin"); err != nil {
			t.Fatal(err)
		}
		w.rests()
		w.clock() // the alarm
		worker.solve(ref)
		resident.see(say("discreet_resolved", "Ref", ref))
		resident.send("/status")
		resident.see(ref + " · " + say("discreet_state_resolved"))
		resident.press(say("button_rate_2"))
		resident.press(say("button_reopen"))
		resident.see(say("reopened", "Ref", ref))
		resident.press(say("button_mistake"))
		w.rests()
		all := resident.Chat(w.bot)[seen:]
		if len(all) < 20 {
			t.Errorf("the story has only %d messages", len(all))
		}
		for _, m := range all {
			for _, word := range w.givesAway() {
				if said := m.Words() + strings.Join(m.Labels(), " "); m.FromBot() && strings.Contains(strings.ToLower(said), strings.ToLower(word)) {
					t.Errorf("%q gives away %q", said, word)
				}
			}
		}
		resident.fits()
	})
}

// TestDiscreetForAChild is the same for the first answer to abuse.
func TestDiscreetForAChild(t *testing.T) {
	t.Parallel()
	inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
		w := newWorld(t, nil)
		resident := w.person(1, "May", tag)
		resident.send("/start 440117111")
		w.rests()
		before := resident.fromBot()
		resident.send("my stepfather touches me at night")
		resident.see("12355")
		resident.seeButton(say("button_quiet"))
		w.rests()
		if crisis := w.count(`SELECT count(*) FROM requests WHERE crisis = 'child_abuse'`); crisis != 1 {
			t.Fatal("it is not understood")
		}
		said := strings.ToLower(strings.TrimPrefix(resident.fromBot(), before))
		for _, word := range append(w.givesAway(), "child", "孩子", "细路") {
			if strings.Contains(said, strings.ToLower(word)) {
				t.Errorf("%q gives away %q", said, word)
			}
		}
	})
}

// TestQuietUntilWritten: nothing comes until the resident writes; then all that waited does, in order. Help goes on meanwhile.
func TestQuietUntilWritten(t *testing.T) {
	t.Parallel()
	inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
		w := newWorld(t, nil)
		worker, resident := w.worker(901, "w-440117-2-1"), w.person(1, "May", tag)
		resident.send("/start 440117111")
		resident.send("my husband is beating me")
		first := resident.seeButton(say("button_quiet"))
		ref := w.records()[0]["ref"].(string)
		w.rests()
		resident.press(say("button_quiet"))
		resident.toast(say("quiet_now"))
		before := resident.fromBot()
		worker.see("reads nothing until they write again")
		w.longAgo()
		w.clock()
		worker.see("is still waiting. Who can take it?") // the alarm goes on
		worker.press("Claim")
		w.eventually("it is claimed", func() bool { return w.state(ref) == "claimed" })
		for _, words := range []string{"I am on my way", "I am at the gate"} {
			worker.press("Reply")
			worker.see("🔕")
			w.rests()
			worker.send(words)
			worker.see("Kept for the resident of " + ref)
			w.rests()
		}
		if w.count(`SELECT count(*) FROM notices WHERE kind = 'reply_sent'`) > 0 {
			t.Error("the worker reads that it was sent")
		}
		resident.PressData(first, "quiet:"+ref+":") // again
		resident.toast(say("quiet_now"))
		resident.PressData(first, "unnamed:"+ref+":") // what it answers waits as well
		resident.toast(say("quiet_still"))
		w.rests()
		if now := resident.fromBot(); now != before {
			t.Errorf("in the quiet comes %q", strings.TrimPrefix(now, before))
		}
		resident.send("ok")
		resident.see("I am at the gate")
		w.rests()
		came := strings.TrimPrefix(resident.fromBot(), before)
		order := []int{}
		for _, words := range []string{say("discreet_claimed_by", "Ref", ref), "I am on my way", "I am at the gate", say("added", "Ref", ref)} {
			order = append(order, strings.Index(came, words))
		}
		if order[0] < 0 || !slices.IsSorted(order) {
			t.Errorf("it comes as %v in %q", order, came)
		}
		if w.count(`SELECT count(*) FROM events WHERE kind = 'quieted' AND actor = 'resident'`) != 2 {
			t.Error("the log doesn't say when it was quiet")
		}
	})
}

// TestQuietByCommand: it says nothing itself, with words behind it or without; danger is answered all the same, and
// each kind of message ends it.
func TestQuietByCommand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, resident := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
	ref := requestOf(resident, "I need a wheelchair for my father")
	quiet := func(command string) string {
		t.Helper()
		w.rests()
		before := resident.fromBot()
		resident.send(command)
		w.eventually("it is quiet", func() bool { return w.count(`SELECT count(*) FROM chats WHERE quiet_at IS NOT NULL`) == 1 })
		w.rests()
		if now := resident.fromBot(); now != before {
			t.Errorf("after %q comes %q", command, strings.TrimPrefix(now, before))
		}
		return before
	}
	for name, say := range map[string]func(){
		"words":      func() { resident.send("he sits in a chair all day") },
		"a command":  func() { resident.send("/status") },
		"a picture":  func() { resident.Photo(w.bot, []byte("a picture"), "") },
		"a position": func() { resident.Location(w.bot, 23.452, 113.488) },
		"an edit":    func() { resident.edit("I need a wheelchair for my father", "I need a wheelchair for my old father") },
		"danger":     func() { resident.send("the house is on fire") },
	} {
		quiet("/quiet")
		say()
		w.eventually(name+" ends the quiet", func() bool { return w.count(`SELECT count(*) FROM chats WHERE quiet_at IS NOT NULL`) == 0 })
	}
	resident.see("119")
	before := quiet("/quiet please, he is here and reads it all")
	if n := w.count(`SELECT count(*) FROM messages WHERE text LIKE 'please, he is here%'`); n != 1 {
		t.Error("the words behind it are lost")
	}
	resident.send("/quiet the house is on fire again")
	w.eventually("danger is answered", func() bool { return strings.Contains(strings.TrimPrefix(resident.fromBot(), before), "119") })
	worker.send("/quiet")
	worker.see("To ask for help yourself")
	if w.count(`SELECT count(*) FROM chats WHERE id = 901 AND quiet_at IS NOT NULL`) > 0 {
		t.Error("a worker would hear of no danger")
	}
	if w.state(ref) != "open" {
		t.Errorf("%s is %s", ref, w.state(ref))
	}
}

// TestQuietIsOnesOwn: nobody silences another's chat.
func TestQuietIsOnesOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, other := w.person(1, "May", "en"), w.person(2, "Eve", "en")
	ref := requestOf(resident, "I need a wheelchair for my father")
	other.send("/help")
	other.forge("Write or say", "quiet:"+ref+":")
	other.forge("Write or say", "unnamed:"+ref+":")
	other.toast("no longer applies")
	if w.count(`SELECT count(*) FROM chats WHERE quiet_at IS NOT NULL`) > 0 || w.count(`SELECT count(*) FROM requests WHERE unnamed`) > 0 {
		t.Error("a stranger's button works")
	}
}

// withNumber is a person whose telephone has a number.
func (w *world) withNumber(id int64, tag string) *person {
	return &person{w.telegram.User(simulator.Profile{ID: id, FirstName: "May", Language: tag, Phone: "+86 138 0000 0001"}), "May", w}
}

// TestUnnamed: a button, what it means is said, and no worker sees a name or a number.
func TestUnnamed(t *testing.T) {
	t.Parallel()
	inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
		w := newWorld(t, nil)
		worker, resident := w.worker(901, "w-440117-2-1"), w.withNumber(1, tag)
		resident.send("/start 440117111")
		resident.send("I need a wheelchair for my father")
		resident.seeButton(say("button_confirm"))
		resident.Contact(w.bot)
		w.rests()
		resident.press(say("button_unnamed"))
		resident.see(say("unnamed"))
		resident.press(say("button_named"))
		resident.press(say("button_unnamed"))
		w.rests()
		resident.press(say("button_confirm"))
		w.rests()
		ref := w.records()[0]["ref"].(string)
		if card := worker.seeButton("Claim"); !strings.Contains(card.Text, "stays unnamed") || !strings.Contains(card.Text, "wheelchair") {
			t.Errorf("the card doesn't say so: %s", card.Text)
		}
		worker.press("Claim")
		w.rests()
		resident.Contact(w.bot)
		worker.see("sent a contact, and stays unnamed")
		resident.send("his name is Wang") // which is taken for a cry for help: the other request is unnamed, too
		worker.see("his name is Wang")
		worker.press("Reply")
		worker.see("until Done or 10 minutes of silence.\n👤")
		w.rests()
		var phone string
		if err := w.server.db.Get(&phone, `SELECT phone FROM chats WHERE id = 1`); err != nil || phone == "" {
			t.Fatalf("the number is not kept: %q, %v", phone, err)
		}
		for _, m := range worker.Chat(w.bot) {
			if m.Contact != nil || strings.Contains(m.Words(), phone) || strings.Contains(m.Words(), "May") {
				t.Errorf("the worker sees %q %v", m.Words(), m.Contact)
			}
		}
		if strings.Contains(w.records()[0]["text"].(string), "May") {
			t.Errorf("the name stands in the request: %v", w.records()[0])
		}
		resident.forge(ref, "unnamed:"+ref+":off")
		if w.count(`SELECT count(*) FROM requests WHERE NOT unnamed`) > 0 {
			t.Error("a name comes back after somebody relied on its absence")
		}
		resident.fits()
	})
}

// TestUnnamedLater: also a request that a worker has can be made so, and an emergency.
func TestUnnamedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	resident.press("Stay unnamed")
	resident.see("You stay unnamed")
	worker.see("The resident of " + ref + " stays unnamed")
	w.rests()
	if resident.hasButton("unnamed", ref) {
		t.Error("the button is still there")
	}
	other := w.person(2, "Ling", "en")
	other.send("/start 440117111")
	other.send("my husband is beating me")
	other.press("Stay unnamed")
	other.see("You stay unnamed")
	worker.see("stays unnamed: please don't ask")
}

// TestDiscreetIsForTheTwo: of any other danger everything is said.
func TestDiscreetIsForTheTwo(t *testing.T) {
	t.Parallel()
	for _, crisis := range prompts.Crises() {
		if want := crisis == prompts.Violence || crisis == prompts.ChildAbuse; intake.Discreet(crisis) != want {
			t.Errorf("%s: %v", crisis, !want)
		}
	}
}

// TestUnnamedAfterAll: who has told their number, and then stays unnamed, has it taken out of all that the worker's chat shows of the
// request: what was passed on, its history, and each card, however old.
func TestUnnamedAfterAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, resident := w.worker(901, "w-440117-2-1"), w.withNumber(1, "en")
	ref := requestOf(resident, "I need a wheelchair for my father")
	worker.press("Claim")
	worker.seeButton("Resolve")
	resident.Contact(w.bot)
	worker.see("138")
	for range 4 {
		worker.forge(ref, "open:"+ref+":")
		w.rests()
	}
	worker.forge(ref, "history:"+ref+":")
	w.rests()
	shown := func() (n int) {
		for _, m := range worker.Chat(w.bot) {
			if strings.Contains(strings.ReplaceAll(m.Words(), " ", ""), "13800000001") {
				n++
			}
		}
		return n
	}
	if n := shown(); n < 6 {
		t.Fatalf("%d messages show the number", n)
	}
	resident.press("Stay unnamed")
	resident.see("You stay unnamed")
	w.rests()
	if n := shown(); n > 0 {
		t.Errorf("%d messages still show the number", n)
	}
	worker.see("sent a contact, and stays unnamed")
}
