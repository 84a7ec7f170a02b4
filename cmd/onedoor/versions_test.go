package main

import (
	"fmt"
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
	worker.see("your words go to the resident")
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

// pictures counts those that the bot has sent to somebody.
func (p *person) pictures() (n int) {
	for _, m := range p.Chat(p.w.bot) {
		if m.FromBot() && len(m.Photo) > 0 {
			n++
		}
	}
	return n
}

// rawMessage brings a message of a private chat as Telegram would.
func (w *world) rawMessage(kind string, chat, id int, rest string) {
	w.Helper()
	body := fmt.Sprintf(`{"%s":{"message_id":%d,"date":1,"from":{"id":%d,"first_name":"May","language_code":"en"},"chat":{"id":%d,"type":"private"},%s}}`, kind, id, chat, chat, rest)
	if _, err := w.telegram.Raw(w.bot, body); err != nil {
		w.Fatal(err)
	}
}

// replacePicture has somebody put another picture in the place of the only one that is kept.
func (w *world) replacePicture(chat int, file, caption string) {
	w.Helper()
	id := w.count(`SELECT DISTINCT message_id FROM messages WHERE kind = 'photo'`)
	w.rawMessage("edited_message", chat, id, fmt.Sprintf(`"edit_date":2,"caption":%q,"photo":[{"file_id":%q,"file_unique_id":"u","width":1,"height":1}]`, caption, file))
	w.rests()
}

// TestReplacedPicture: another picture in the place of one is passed on like the first; what has not changed is not.
func TestReplacedPicture(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, _ := claimed(w)
	resident.Photo(w.bot, []byte("the wrong picture"), "his old chair")
	resident.see("Passed on")
	w.replacePicture(1, "the-right-one", "his old chair")
	w.replacePicture(1, "the-right-one", "his old chair")
	if n := w.count(`SELECT count(*) FROM messages WHERE file_id = 'the-right-one' AND kind = 'photo'`); n != 1 {
		t.Errorf("the right picture is kept %d times, want once", n)
	}
	if worker.pictures() != 2 || worker.texts("changed") != 1 {
		t.Errorf("the worker has %d pictures, %d of them changed; want 2 and 1", worker.pictures(), worker.texts("changed"))
	}
	w.replacePicture(1, "the-right-one", "")
	if n := w.count(`SELECT count(*) FROM messages WHERE kind = 'photo' AND text = ''`); n != 1 {
		t.Error("that the caption is gone is not kept")
	}
}

// TestReplacedPictureBeforeTheClaim: who claims a request gets each picture of it once.
func TestReplacedPictureBeforeTheClaim(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, resident := w.worker(901, "w-440117-2-1"), w.person(1, "May", "en")
	requestOf(resident, "I need a wheelchair for my father")
	resident.Photo(w.bot, []byte("the wrong picture"), "his old chair")
	resident.see("Added")
	w.replacePicture(1, "the-right-one", "")
	card := worker.see("Voice or pictures: 1")
	if !strings.Contains(card.Text, "his old chair") {
		t.Errorf("a caption that was taken away has taken words from the card: %s", card.Text)
	}
	worker.press("Claim")
	resident.see("has taken on")
	w.rests()
	if n := worker.pictures(); n != 1 {
		t.Errorf("the worker is sent %d pictures, want one", n)
	}
}

// TestLongEdits: what is too long for the message that it changes comes in new ones, and later changes are shown there.
func TestLongEdits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, _ := claimed(w)
	resident.send("It began like this")
	worker.see("It began like this")
	w.rests()
	long := strings.Repeat("word ", 815) + "LAST WORDS"
	resident.edit("It began like this", long)
	worker.see("LAST WORDS")
	w.rests()
	resident.edit(long, "It was nothing")
	worker.see("It was nothing")
	w.rests()
	if last := worker.Chat(w.bot)[len(worker.Chat(w.bot))-1]; !strings.Contains(last.Text, "It was nothing") {
		t.Errorf("the last that the worker reads is %q", last.Text)
	}
}

// TestNewMatterOfAnEdit: "This is a new matter" takes a message as it reads now out of the request, and leaves what was
// said before and after it.
func TestNewMatterOfAnEdit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker(901, "w-440117-2-1")
	p := w.person(10, "May", "en")
	ref := requestOf(p, "I need a wheelchair for my father")
	p.send("my boss has not paid my wages for three months")
	added := p.see("Added")
	w.rests()
	w.exec(`UPDATE notices SET created_at = created_at - interval '6 minutes'; UPDATE messages SET said_at = said_at - interval '6 minutes'`) // what follows is another turn
	p.edit("my boss has not paid my wages for three months", "my boss Mr Wang has not paid my wages for nine months")
	w.rests()
	p.send("and a stick for him")
	w.rests()
	if _, err := p.Press(added, "This is a new matter"); err != nil {
		t.Fatal(err)
	}
	w.eventually("there is a new matter", func() bool { return w.count(`SELECT count(*) FROM requests WHERE state = 'draft'`) == 1 })
	for _, r := range w.records() {
		want := "my boss Mr Wang has not paid my wages for nine months"
		if r["ref"] == ref {
			want = "I need a wheelchair for my father\nand a stick for him"
		}
		if r["text"] != want {
			t.Errorf("request %v says %q, want %q", r["ref"], r["text"], want)
		}
	}
	if n := w.count(`SELECT count(*) FROM messages m JOIN requests r ON r.id = m.request_id WHERE r.state = 'draft'`); n != 2 {
		t.Errorf("%d versions have moved, want both", n)
	}
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
	w.eventually("the worker has three pictures", func() bool { return worker.pictures() == 3 })
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
