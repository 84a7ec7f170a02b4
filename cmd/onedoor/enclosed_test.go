package main

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/internal/simulator"
)

// enclose answers the resident of a request with a file, as the form of its page does.
func (s *supervisor) enclose(ref, words, name, content string) {
	s.w.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	err := form.WriteField("text", words)
	part, failed := form.CreateFormFile("file", name)
	if err != nil || failed != nil {
		s.w.Fatal(err, failed)
	}
	_, _ = io.WriteString(part, content)
	if err := form.Close(); err != nil {
		s.w.Fatal(err)
	}
	s.answer(s.Post("http://"+s.w.server.address+"/admin/requests/"+ref+"/answer", form.FormDataContentType(), &body))
}

// lastSaid is the number of what a supervisor has said last.
func (w *world) lastSaid() string {
	w.Helper()
	return itoa(w.count(`SELECT max(id) FROM messages WHERE author = 'supervisor'`))
}

// TestSupervisorSendsAFile: a resident gets a picture with its words, a voice and a document as what they are, from the station; who has
// the request sees them, too, without a second upload. Taken back, they are gone with both, and the worker reads that.
func TestSupervisorSendsAFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	resident, worker, ref := claimed(w)
	mei.enclose(ref, "Please come in by this door.", "door.txt", pngHead+"door")
	if m := resident.see("Please come in by this door."); len(m.Photo) == 0 || !strings.HasPrefix(m.Caption, "From Taiping Town Social Work Station") || strings.Contains(m.Caption, "mei") {
		t.Errorf("the resident has %+v with %q", m.Content, m.Caption)
	}
	if m := worker.see("Please come in by this door."); len(m.Photo) == 0 || !strings.HasPrefix(m.Caption, "A supervisor (mei) has written to the resident of "+ref) {
		t.Errorf("the worker has %+v with %q", m.Content, m.Caption)
	}
	w.kept(1)
	door := w.lastSaid()
	mei.enclose(ref, "", "hello.ogg", oggHead+"hello")
	w.eventually("the resident has the voice", func() bool {
		for _, m := range resident.Chat(w.bot) {
			if m.FromBot() && m.Voice != nil {
				return true
			}
		}
		return false
	})
	mei.enclose(ref, "", "..\\form\u202efdp.pdf", "%PDF-1.7 form")
	w.eventually("the resident has the form", func() bool {
		for _, m := range resident.Chat(w.bot) {
			if m.FromBot() && m.Document != nil && m.Document.FileName == "formfdp.pdf" && m.Document.FileSize == int64(len("%PDF-1.7 form")) {
				return true
			}
		}
		return false
	})
	w.kept(3)
	w.rests()
	for _, method := range []string{"sendPhoto", "sendVoice", "sendDocument"} {
		if uploaded, byID := w.uploads(method); uploaded+byID != 2 || uploaded == 0 {
			t.Errorf("%s: %d were uploaded and %d sent by their id, want two in all", method, uploaded, byID)
		}
	}
	if n := w.count(`SELECT count(*) FROM messages WHERE author = 'supervisor' AND file_id <> ''`); n != 3 {
		t.Errorf("of %d files Telegram's id is kept", n)
	}
	if err := w.server.intake.SweepFiles(w.ctx, w.bot.ID()); err != nil || w.count(`SELECT count(*) FROM uploads`) != 0 || len(w.copies()) != 3 {
		t.Errorf("%d wait to be sent, and %d copies are kept (%v)", w.count(`SELECT count(*) FROM uploads`), len(w.copies()), err)
	}
	resident.send("/export")
	resident.see("This is all that we keep of you")
	if _, content := resident.document(); !strings.Contains(string(content), "formfdp.pdf") {
		t.Errorf("the export doesn't name the file: %s", content)
	}
	mei.post("/admin/requests/"+ref+"/takeback", "message", door)
	w.eventually("it is gone with both", func() bool { return resident.pictures() == 0 && worker.pictures() == 0 })
	worker.see("took back what was sent")
}

// TestFileOutlivesItsProcess: what a process has taken, and can't send, another one sends that has no copy of it.
func TestFileOutlivesItsProcess(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	resident, _, ref := claimed(w)
	w.telegram.Fail(simulator.Fault{Method: "sendPhoto", Times: -1, Error: &simulator.Error{Code: 500, Description: "Internal Server Error"}})
	mei.enclose(ref, "the plan", "plan.png", pngHead+"plan")
	w.kept(1)
	if page := mei.get("/admin/requests/" + ref); !strings.Contains(page, "/files/"+w.lastSaid()) || resident.pictures() != 0 {
		t.Error("what waits isn't on the page, or was sent")
	}
	defer w.again()()
	w.stop()
	w.telegram.Heal()
	resident.see("the plan")
	if uploaded, byID := w.uploads("sendPhoto"); resident.pictures() != 1 || uploaded+byID > 2 { // the worker's is another message
		t.Errorf("the resident has %d pictures of %d that were sent", resident.pictures(), uploaded+byID)
	}
}

// TestFileIsSentOnce: what comes again, for its outcome was lost, comes by Telegram's id of it. What Telegram doesn't take as a picture
// comes as a file.
func TestFileIsSentOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	resident, _, ref := claimed(w)
	mei.enclose(ref, "the plan", "plan.png", pngHead+"plan")
	resident.see("the plan")
	w.rests()
	uploaded, _ := w.uploads("sendPhoto")
	w.exec(`UPDATE notices SET state = 'waiting', sent_at = NULL, message_id = NULL, next_try_at = now() WHERE kind = 'worker_said'`) // its outcome was lost
	w.eventually("it comes again", func() bool { return resident.pictures() == 2 })
	if again, byID := w.uploads("sendPhoto"); again != uploaded || byID == 0 {
		t.Errorf("sent again, it is uploaded %d times, and sent by its id %d times", again-uploaded, byID)
	}
	w.telegram.Fail(simulator.Fault{Method: "sendPhoto", Times: -1, Error: &simulator.Error{Code: 400, Description: "Bad Request: PHOTO_INVALID_DIMENSIONS"}})
	mei.enclose(ref, "a long strip", "strip.png", pngHead+"strip")
	if m := resident.see("a long strip"); m.Document == nil || m.Document.FileName != "strip.png" {
		t.Errorf("the strip comes as %+v", m.Content)
	}
}

// TestErasedEnclosed: with the request its files are gone, here and with who had it, also those that were never sent.
func TestErasedEnclosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	resident, worker, ref := claimed(w)
	mei.enclose(ref, "the plan", "plan.png", pngHead+"plan")
	resident.see("the plan")
	worker.see("the plan")
	resident.send("/forget")
	resident.seeButton("Erase everything")
	w.telegram.Fail(simulator.Fault{Method: "sendDocument", Times: -1, Error: &simulator.Error{Code: 500, Description: "Internal Server Error"}})
	mei.enclose(ref, "the form", "form.pdf", "%PDF-1")
	w.kept(2)
	resident.press("Erase everything")
	w.eventually("it is erased", func() bool { return w.count(`SELECT count(*) FROM requests WHERE erased_at IS NULL`) == 0 })
	w.telegram.Heal()
	w.eventually("the worker has it no more", func() bool { return worker.pictures() == 0 })
	if n := w.count(`SELECT count(*) FROM uploads`) + w.count(`SELECT count(*) FROM attachments`) + w.count(`SELECT count(*) FROM messages WHERE author = 'supervisor'`); n != 0 {
		t.Errorf("%d things are left", n)
	}
	long := time.Now().Add(-2 * time.Hour)
	for name := range w.copies() {
		if err := os.Chtimes(filepath.Join(w.config.DataDir, "files", name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.server.intake.SweepFiles(w.ctx, w.bot.ID()); err != nil || len(w.copies()) != 0 {
		t.Errorf("%d copies are left (%v)", len(w.copies()), err)
	}
	if response, err := mei.Get("http://" + w.server.address + "/admin/requests/" + ref + "/files/1"); err != nil || response.StatusCode != http.StatusNotFound {
		t.Errorf("an erased file answers %v, %v", response, err)
	}
}

// TestFileForWhoCantBeReached: who has shut the bot out, or asked for quiet, gets a file like words: when they let it in again.
func TestFileForWhoCantBeReached(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mei := w.supervisor()
	resident, _, ref := claimed(w)
	resident.Block(w.bot)
	w.eventually("that is known", func() bool { return w.count(`SELECT count(*) FROM chats WHERE unreachable_at IS NOT NULL`) == 1 })
	mei.enclose(ref, "the plan", "plan.png", pngHead+"plan")
	w.kept(1)
	if n := w.count(`SELECT count(*) FROM troubles`); resident.pictures() != 0 || n != 0 {
		t.Errorf("they have %d pictures, and it makes %d troubles", resident.pictures(), n)
	}
	resident.Unblock(w.bot)
	resident.send("I am back")
	resident.see("the plan")
}
