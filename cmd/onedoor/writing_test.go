package main

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// reply presses Reply on a request, and waits for the line that says to whom words go.
func (p *person) reply(ref string) {
	p.w.Helper()
	p.PressData(p.Chat(p.w.bot)[0], "reply:"+ref+":")
	p.see("→ " + ref + ": your words go to the resident")
	p.w.rests()
}

// silence makes what was written last so much older.
func (w *world) silence(d time.Duration) {
	w.Helper()
	w.exec(`UPDATE chats SET mode_at = mode_at - interval '` + d.String() + `'`)
}

// TestReplyHolds: what a worker writes after Reply goes to the resident, line after line, until Done.
func TestReplyHolds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	worker.reply(ref)
	for _, line := range []string{"I come on Monday", "at nine o'clock", "please have his card ready"} {
		worker.send(line)
		resident.see(line)
		w.silence(9 * time.Minute)
	}
	if n := worker.texts("your words go to the resident"); n != 1 {
		t.Errorf("to whom the words go is said %d times, want once", n)
	}
	worker.Photo(w.bot, []byte("the form"), "the form to fill in")
	resident.see("the form to fill in")
	worker.Album(w.bot, "both sides", []byte("one"), []byte("two"))
	worker.Voice(w.bot, []byte("hello"), 2)
	worker.Document(w.bot, "form.pdf", []byte("pdf"), "")
	worker.Location(w.bot, 23.452, 113.488)
	w.eventually("all of it has come", func() bool {
		voices, files, places := 0, 0, 0
		for _, m := range resident.Chat(w.bot) {
			if m.FromBot() && m.Voice != nil {
				voices++
			}
			if m.FromBot() && m.Document != nil {
				files++
			}
			if m.FromBot() && m.Location != nil {
				places++
			}
		}
		return resident.pictures() == 3 && voices == 1 && files == 1 && places == 1
	})
	worker.press("Done")
	worker.see("your words no longer go to the resident")
	worker.send("what a day")
	worker.see("That went to nobody, and is kept")
	w.rests()
	if resident.texts("what a day") > 0 {
		t.Error("what is written after Done reaches the resident")
	}
}

// TestReplyLapses: after ten minutes of silence words go nowhere, and a tap sends them all the same.
func TestReplyLapses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	worker.reply(ref)
	w.silence(11 * time.Minute)
	worker.send("I come on Monday")
	worker.see("That went to nobody, and is kept")
	w.rests()
	if resident.texts("Monday") > 0 {
		t.Error("words go to the resident long after Reply")
	}
	worker.edit("I come on Monday", "I come on Tuesday")
	w.rests()
	question := worker.seeButton("✉ Send to " + ref)
	worker.press("✉ Send to " + ref)
	resident.see("I come on Tuesday")
	worker.see("Sent to the resident of " + ref)
	worker.PressData(question, "sendto:"+ref+":"+itoa(w.count(`SELECT min(id) FROM messages WHERE author = 'worker'`)))
	w.rests()
	if n := resident.texts("I come on"); n != 1 {
		t.Errorf("the resident reads it %d times, want once", n)
	}
	worker.edit("I come on Tuesday", "I come on Wednesday")
	resident.see("I come on Wednesday")
}

// TestStrayWordsAsANote: what went nowhere can be kept as a note, and then never reaches the resident; an album is asked
// about once and goes whole.
func TestStrayWordsAsANote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	worker.send("he sounds confused")
	worker.press("📝 Note on " + ref)
	worker.see("Noted on " + ref)
	worker.see("📝 “he sounds confused”") // on the card
	worker.Album(w.bot, "his room", []byte("one"), []byte("two"), []byte("three"))
	worker.seeButton("✉ Send to " + ref)
	w.rests()
	if n := worker.texts("Where shall it go"); n != 1 {
		t.Errorf("the worker is asked %d times about one album", n)
	}
	worker.press("✉ Send to " + ref)
	w.eventually("the album has come", func() bool { return resident.pictures() == 3 })
	message := itoa(w.count(`SELECT id FROM messages WHERE text = 'he sounds confused'`))
	for _, forged := range []string{"sendto:" + ref + ":" + message, "sendto:" + ref + ":x", "sendto:" + ref + ":", "noteto:" + ref + ":99999999999999999999", "takeback:" + ref + ":" + message} {
		worker.PressData(worker.Chat(w.bot)[0], forged)
	}
	w.rests()
	worker.edit("he sounds confused", "he sounds very confused")
	w.rests()
	if resident.texts("confused") > 0 {
		t.Error("a note reaches the resident")
	}
	if n := w.count(`SELECT count(*) FROM troubles`); n > 0 {
		t.Errorf("%d troubles", n)
	}
}

// TestTargetChangesVisibly: opening another request's Reply says so in both places, and nobody gets what is for another;
// once another resident has spoken, words without a target are asked about.
func TestTargetChangesVisibly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, residents, refs := w.twoRequests()
	worker.reply(refs[0])
	worker.send("for the first one")
	residents[0].see("for the first one")
	worker.reply(refs[1])
	worker.see("✓ " + refs[0] + ": your words no longer go")
	worker.send("for the second one")
	residents[1].see("for the second one")
	residents[0].send("when do you come?")
	worker.see("when do you come?")
	worker.send("on Monday")
	worker.see("That went to nobody, and is kept")
	w.rests()
	if residents[0].texts("second")+residents[1].texts("first")+residents[0].texts("on Monday")+residents[1].texts("on Monday") > 0 {
		t.Error("words went to the wrong resident")
	}
	worker.press("✉ Send to " + refs[0])
	residents[0].see("on Monday")
	w.rests()
	if residents[1].texts("on Monday") > 0 {
		t.Error("words went to the wrong resident")
	}
}

// TestAnswersUnderTheCard: what a resident says hangs on the request's card, ready to be answered, and what a worker writes
// in reply to a card reaches the resident.
func TestAnswersUnderTheCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, _ := claimed(w)
	card := worker.seeButton("Resolve")
	resident.send("we live in house 12")
	if said := worker.see("we live in house 12"); said.ReplyTo == nil || said.ReplyTo.ID != card.ID || said.Labels()[0] != "Reply" {
		t.Errorf("it hangs on %+v with the buttons %q", said.ReplyTo, said.Labels())
	}
	worker.Reply(card, "I come on Monday")
	resident.see("I come on Monday")
	worker.Delete(w.bot, card.ID)
	resident.send("thank you, on which bus?")
	worker.see("on which bus?")
}

// TestNoteNeverReachesTheResident: in whatever order buttons, replies and edits come, from two phones at once.
func TestNoteNeverReachesTheResident(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	other := person{w.telegram.User(worker.Profile()), "the other phone", w}
	resident.send("we live in house 12")
	said := worker.see("we live in house 12")

	worker.press("Note")
	ask := worker.see("Write your note on " + ref)
	worker.Reply(said, "NOTE in answer to the resident's words")
	kept := worker.see("Noted on " + ref)
	worker.Reply(ask, "NOTE in answer to the question for it")
	worker.Reply(kept, "NOTE in answer to a note")
	w.rests()
	worker.reply(ref)
	worker.Reply(kept, "NOTE in answer to a note after Reply")
	worker.see("That went to nobody, and is kept")
	w.rests()
	question := worker.see("Where shall it go")
	worker.Reply(question, "NOTE as a note of course")
	w.rests()
	worker.more("History")
	history := worker.see("what was said and done")
	worker.Reply(history, "NOTE on the history")
	w.rests()
	worker.reply(ref)
	worker.edit("NOTE in answer to the resident's words", "NOTE edited after Reply")
	w.rests()
	other.press("Note")
	w.rests()
	worker.send("NOTE from the first phone")
	w.rests()
	worker.send("NOTE one more, for a note is one message")
	w.rests()
	for _, ids := range [][2]string{{"takeback", "NOTE from the first phone"}, {"translate", "NOTE edited after Reply"}, {"sendto", "NOTE from the first phone"}} {
		worker.PressData(said, ids[0]+":"+ref+":"+itoa(w.count(`SELECT max(id) FROM messages WHERE text = '`+ids[1]+`'`)))
	}
	w.rests()
	worker.press("Note")
	worker.Photo(w.bot, []byte("NOTE"), "NOTE picture")
	worker.Album(w.bot, "", []byte("NOTE"), []byte("NOTE"))
	worker.press("Note")
	w.rests()
	worker.Album(w.bot, "NOTE album", []byte("NOTE"), []byte("NOTE"))
	w.rests()
	if resident.texts("NOTE")+resident.pictures() > 0 {
		t.Error("a note reaches the resident")
	}
	for _, m := range resident.Chat(w.bot) {
		if strings.Contains(m.Words(), "NOTE") {
			t.Errorf("the resident reads %q", m.Words())
		}
	}
	if n := w.count(`SELECT count(*) FROM messages WHERE author = 'worker' AND (text LIKE 'NOTE%' OR kind = 'photo' OR album <> '')`); n != 14 {
		t.Errorf("%d of what was written is kept, want all 14", n)
	}
	if n := w.count(`SELECT count(*) FROM troubles`); n > 0 {
		t.Errorf("%d troubles", n)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
