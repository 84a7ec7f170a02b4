package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"onedoor/internal/simulator"
)

// TestTakeBack: what a worker has sent is deleted at the resident's, once; the record keeps it for supervisors, and it
// isn't in what the resident is sent of their own.
func TestTakeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	resident, worker, ref := claimed(w)
	worker.reply(ref)
	worker.send("your test result is positive")
	resident.see("is positive")
	confirmed := worker.seeButton("Take back")
	if confirmed.ReplyTo == nil || confirmed.ReplyTo.Text != "your test result is positive" {
		t.Errorf("the confirmation hangs on %+v", confirmed.ReplyTo)
	}
	worker.press("Take back")
	worker.see("Taken back from the resident of " + ref)
	w.eventually("it is gone", func() bool { return resident.texts("is positive") == 0 })
	worker.PressData(confirmed, "takeback:"+ref+":"+itoa(w.count(`SELECT min(id) FROM messages WHERE author = 'worker'`)))
	worker.toast("can't be taken back any more")
	worker.edit("your test result is positive", "your test result is negative")
	w.rests()
	if n := resident.texts("test result"); n > 0 {
		t.Error("an edit of what was taken back reaches the resident")
	}
	if page := mei.get("/admin/requests/" + ref); !strings.Contains(page, "your test result is positive") || !strings.Contains(page, "Words taken back") {
		t.Error("the record doesn't say what was taken back")
	}
	worker.more("History")
	if story := worker.see("what was said and done"); strings.Contains(story.Text, "is positive") || !strings.Contains(story.Text, "(taken back)") {
		t.Errorf("the history is %s", story.Text)
	}
	resident.send("/export")
	if _, content := resident.document(); strings.Contains(string(content), "positive") {
		t.Error("the resident is sent what was taken back")
	}
	worker.reply(ref)
	worker.Album(w.bot, "the wrong pictures", []byte("one"), []byte("two"))
	w.eventually("the album has come", func() bool { return resident.pictures() == 2 })
	worker.press("Take back")
	w.eventually("the album is gone", func() bool { return resident.pictures() == 0 })
}

// TestSupervisorTakesBack: what a supervisor has said to a resident and takes back is gone at the resident's; whoever has the request
// reads, in the place of the words, that it was taken back.
func TestSupervisorTakesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	resident, worker, ref := claimed(w)
	for i, c := range []struct{ code, line string }{{"en", "took back what was sent"}, {"zh-CN", "撤回发出的话"}, {"zh-HK", "收返傳咗嘅嘢"}} {
		worker.send("/language " + c.code)
		w.rests()
		words := fmt.Sprintf("your test result is positive %d", i)
		mei.post("/admin/requests/"+ref+"/answer", "text", words)
		resident.see(words)
		told := worker.see(words)
		mei.post("/admin/requests/"+ref+"/takeback", "message", itoa(w.count(`SELECT max(id) FROM messages WHERE author = 'supervisor'`)))
		w.eventually("it is gone", func() bool { return resident.texts(words) == 0 && worker.texts(words) == 0 })
		w.rests()
		for _, m := range worker.Chat(w.bot) {
			if m.ID == told.ID && !strings.HasSuffix(m.Text, "\n↩ "+c.line) {
				t.Errorf("the worker reads %q", m.Text)
			}
		}
		if n := worker.texts("↩ " + c.line); n != 1 {
			t.Errorf("the worker reads %d times that it is taken back", n)
		}
	}
}

// TestTakeBackInTime: what waits to be sent is never sent; what Telegram no longer deletes, and what is another worker's,
// stays.
func TestTakeBackInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	colleague := w.worker(902, "w-440117-2-2")
	resident, worker, ref := claimed(w)
	worker.reply(ref)
	worker.send("old words")
	resident.see("old words")
	w.rests()
	old := "takeback:" + ref + ":" + itoa(w.count(`SELECT max(id) FROM messages WHERE text = 'old words'`))
	colleague.PressData(colleague.Chat(w.bot)[0], old)
	colleague.toast("can't be taken back")
	resident.PressData(resident.Chat(w.bot)[0], old)
	w.exec(`UPDATE notices SET sent_at = sent_at - interval '48 hours' WHERE kind = 'worker_said'`)
	worker.PressData(worker.Chat(w.bot)[0], old)
	worker.toast("can't be taken back")
	resident.Block(w.bot)
	worker.see("has blocked the bot")
	worker.send("words too soon")
	worker.see("Not delivered: the resident of " + ref)
	w.rests()
	worker.PressData(worker.Chat(w.bot)[0], "takeback:"+ref+":"+itoa(w.count(`SELECT max(id) FROM messages WHERE text = 'words too soon'`)))
	w.rests()
	resident.Unblock(w.bot)
	w.rests()
	if resident.texts("words too soon") > 0 || resident.texts("old words") != 1 {
		t.Errorf("the resident reads what was taken back before it was sent, or lost what is old")
	}
}

// TestCaptionEdits: another caption takes the place of the old one, on both sides.
func TestCaptionEdits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	worker.reply(ref)
	worker.Photo(w.bot, []byte("map"), "come by the north gate")
	resident.see("north gate")
	w.recaption(901, "come by the south gate")
	resident.see("come by the south gate\n✏️ changed")
	resident.Photo(w.bot, []byte("chair"), "his old chair")
	worker.see("his old chair")
	w.recaption(1, "his new chair")
	worker.see("his new chair\n✏️ changed")
	w.rests()
	if resident.texts("north gate")+worker.texts("his old chair") > 0 || resident.pictures() != 1 || worker.pictures() != 1 {
		t.Errorf("the resident has %d pictures, the worker %d", resident.pictures(), worker.pictures())
	}
}

// recaption has somebody change what stands beside their last picture.
func (w *world) recaption(chat int, caption string) {
	w.Helper()
	id := w.count(fmt.Sprintf(`SELECT max(message_id) FROM messages WHERE kind = 'photo' AND chat_id = %d`, chat))
	var file string
	if err := w.server.db.Get(&file, `SELECT file_id FROM messages WHERE kind = 'photo' AND chat_id = $1 ORDER BY id DESC LIMIT 1`, chat); err != nil {
		w.Fatal(err)
	}
	w.rawMessage("edited_message", chat, id, fmt.Sprintf(`"edit_date":2,"caption":%q,"photo":[{"file_id":%q,"file_unique_id":"u","width":1,"height":1}]`, caption, file))
	w.rests()
}

// TestCorrectionOfDeletedWords: where the reader has deleted what is corrected, the correction comes as a message.
func TestCorrectionOfDeletedWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	worker.reply(ref)
	worker.send("I come on Monday")
	resident.Delete(w.bot, resident.see("I come on Monday").ID)
	worker.edit("I come on Monday", "I come on Tuesday")
	resident.see("I come on Tuesday\n✏️ changed")
	worker.edit("I come on Tuesday", "I come on Friday")
	resident.see("I come on Friday")
	w.rests()
	if n := resident.texts("I come on"); n != 1 {
		t.Errorf("%d versions stand there", n)
	}
}

// TestLateRefusal: a worker hears that a message of theirs was refused when it was to be delivered, whom to call, and can
// say it once more.
func TestLateRefusal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, resident := w.worker(901, "w-440117-2-1"), w.caller(1)
	ref := requestOf(resident, "I need a wheelchair for my father")
	resident.Contact(w.bot)
	worker.press("Claim")
	worker.seeButton("Resolve")
	w.rests()
	w.telegram.Fail(simulator.Fault{Method: "sendMessage", Chat: 1, Times: 1, Error: &simulator.Error{Code: http.StatusBadRequest, Description: "Bad Request: something is wrong"}})
	worker.reply(ref)
	worker.send("I come on Monday")
	lost := worker.see("Not delivered: Telegram refuses")
	if lost.ReplyTo == nil || lost.ReplyTo.Text != "I come on Monday" || !strings.Contains(lost.Text, "or call ") {
		t.Errorf("it says %q under %+v", lost.Text, lost.ReplyTo)
	}
	w.rests()
	if n := worker.texts("Not delivered"); n != 1 || w.count(`SELECT count(*) FROM events WHERE kind = 'undeliverable'`) != 1 || w.count(`SELECT count(*) FROM troubles`) != 1 {
		t.Errorf("the worker is told %d times", n)
	}
	w.shutsOut(1)
	worker.send("I come on Tuesday")
	gone := worker.see("has blocked the bot")
	if gone.ReplyTo == nil || gone.ReplyTo.Text != "I come on Tuesday" || !strings.Contains(gone.Text, "Please call ") {
		t.Errorf("it says %q under %+v", gone.Text, gone.ReplyTo)
	}
}

// TestLateRefusalUnnamed: of a resident who stays unnamed nobody reads a number.
func TestLateRefusalUnnamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, resident := w.worker(901, "w-440117-2-1"), w.caller(1)
	ref := requestOf(resident, "I need a wheelchair for my father")
	resident.Contact(w.bot)
	w.rests()
	w.exec(`UPDATE requests SET unnamed = true`)
	worker.press("Claim")
	worker.seeButton("Resolve")
	w.rests()
	w.shutsOut(1)
	worker.reply(ref)
	worker.send("I come on Monday")
	if gone := worker.see("has blocked the bot"); !strings.Contains(gone.Text, "Please visit") {
		t.Errorf("it says %q", gone.Text)
	}
}
