package main

import (
	"strings"
	"testing"
)

// claimed is a request that a worker has, and its reference.
func claimed(w *world) (resident, worker *person, ref string) {
	worker = w.worker(901, "w-440117-2-1")
	resident = w.person(1, "May", "en")
	ref = requestOf(resident, "I need a wheelchair for my father")
	worker.press("Claim")
	worker.seeButton("Resolve")
	return resident, worker, ref
}

// texts counts the messages of the bot in somebody's chat that have these words.
func (p *person) texts(words string) (n int) {
	for _, m := range p.Chat(p.w.bot) {
		if m.FromBot() && strings.Contains(m.Words(), words) {
			n++
		}
	}
	return n
}

// lastOf is the number of the last message that somebody wrote.
func (p *person) lastOf(words string) int {
	p.w.Helper()
	for _, m := range p.Chat(p.w.bot) {
		if !m.FromBot() && m.Text == words {
			return m.ID
		}
	}
	p.w.Fatalf("%s wrote no %q", p.name, words)
	return 0
}

func (p *person) edit(from, to string) {
	p.w.Helper()
	if _, err := p.Edit(p.w.bot, p.lastOf(from), to); err != nil {
		p.w.Fatal(err)
	}
}

// TestEdits: an edit is a new version of a message, not a new message, and is shown in the place of the old one.
func TestEdits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	resident.send("We live in house 12")
	worker.see("house 12")
	resident.edit("We live in house 12", "We live in house 21")
	worker.see("house 21")
	if worker.texts("house 12") > 0 || worker.texts("house 21") != 1 {
		t.Errorf("the worker sees the old words %d times, the new ones %d times; want 0 and 1", worker.texts("house 12"), worker.texts("house 21"))
	}
	worker.press("Reply")
	worker.see("Your next message goes to them")
	worker.send("I come on Monday")
	resident.see("I come on Monday")
	worker.edit("I come on Monday", "I come on Tuesday")
	resident.see("I come on Tuesday")
	if resident.texts("Monday") > 0 {
		t.Errorf("the resident still reads of Monday")
	}
	if n := w.count(`SELECT count(*) FROM messages WHERE edits IS NOT NULL`); n != 2 {
		t.Errorf("%d later versions are kept, want 2", n)
	}
	if w.state(ref) != "claimed" {
		t.Errorf("the request is %s", w.state(ref))
	}
}

// TestEditedDraft: what was mended before anybody saw it counts in its new form alone.
func TestEditedDraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	resident.send("My boss has not paid my wages, I live in Taiping Town, Conghua")
	resident.seeButton("Confirm")
	resident.edit("My boss has not paid my wages, I live in Taiping Town, Conghua", "I need a wheelchair for my father, Taiping Town, Conghua")
	resident.see("Care for old and disabled")
	resident.press("Confirm")
	resident.see("Your request has number")
	r := w.records()[0]
	if r["category"] != "elderly_disabled_care" || strings.Contains(r["text"].(string), "wages") {
		t.Errorf("the request is %v", r)
	}
}

// TestEditTellsOfDanger: danger is danger in an edit too.
func TestEditTellsOfDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, _, _ := claimed(w)
	resident.send("It is warm here")
	resident.see("Passed on")
	resident.edit("It is warm here", "The house is on fire, help")
	resident.see("119")
}

// TestEditOfTheNeed: who has a request reads the new words of what they read on its card, too, at work and after it.
func TestEditOfTheNeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, _ := claimed(w)
	resident.edit("I need a wheelchair for my father", "I need a wheelchair for my father, house 21, he has fallen")
	worker.see("house 21, he has fallen\n✏️ changed")
	resident.edit("I need a wheelchair for my father, house 21, he has fallen", "I need a wheelchair, house 22")
	worker.see("house 22\n✏️ changed")
	if n := worker.texts("✏️ changed"); n != 1 {
		t.Errorf("two versions of one message are %d messages", n)
	}
	worker.press("Resolve")
	worker.press("Solved")
	resident.see("has been closed")
	resident.edit("I need a wheelchair, house 22", "I need a wheelchair, house 23")
	worker.see("house 23")
}

// TestEditForTheNextWorker: an edit reaches who has the request now, though it was passed on to somebody else before.
func TestEditForTheNextWorker(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	second := w.worker(902, "w-440117-2-2")
	resident, first, ref := claimed(w)
	resident.send("We live in house 12")
	first.see("house 12")
	first.press("Release")
	w.eventually("it is released", func() bool { return w.state(ref) == "open" })
	w.rests()
	second.press("Claim")
	second.seeButton("Resolve")
	resident.edit("We live in house 12", "We live in house 21")
	second.see("We live in house 21\n✏️ changed")
}

// TestEditInDanger: the new words of a danger that somebody has on their hands come to them as a message of their own,
// and when it was told long ago, to all who could help.
func TestEditInDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, colleague, p := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2"), w.person(10, "May", "en")
	p.send(onFire)
	p.see("119")
	worker.press("Claim")
	p.see("has taken on")
	w.longAgo()
	p.edit(onFire, onFire+", my children are on the roof of house 21")
	worker.see("the resident: " + onFire + ", my children are on the roof of house 21")
	colleague.see("calls for help again")
}

// TestAlbum: an album is one message to people, whoever sends it.
func TestAlbum(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, _ := claimed(w)
	resident.Album(w.bot, "my father's room", []byte("one"), []byte("two"), []byte("three"))
	pictures := func(p *person) (n int) {
		for _, m := range p.Chat(w.bot) {
			if m.FromBot() && len(m.Photo) > 0 {
				n++
			}
		}
		return n
	}
	w.eventually("the worker has three pictures", func() bool { return pictures(worker) == 3 })
	w.eventually("all is done", func() bool {
		return w.bot.Pending() == 0 && w.count(`SELECT count(*) FROM notices WHERE state = 'waiting'`) == 0
	})
	if n := worker.texts("my father's room"); n != 1 {
		t.Errorf("the worker reads the caption %d times, want once", n)
	}
	if n := w.count(`SELECT count(*) FROM notices WHERE kind = 'added'`); n != 1 {
		t.Errorf("the resident is told %d times that it was passed on, want once", n)
	}
	if n := w.count(`SELECT count(*) FROM events WHERE kind = 'said'`); n != 1 {
		t.Errorf("the log has %d entries for one album", n)
	}
	if n := w.count(`SELECT count(DISTINCT request_id) FROM messages WHERE kind = 'photo' AND request_id IS NOT NULL`); n != 1 {
		t.Errorf("the pictures are in %d requests", n)
	}
}
